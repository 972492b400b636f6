"""The one artifact: built beside the published file, checked, swapped in by one rename, never edited in place.

A file imports only those above it:

guard      what keeps the file as it was built
reference  what a warehouse is told from outside its deliveries
staging    files as rows of one typed table
fold       one cut-off's rows into case states and ledger
reading    the warehouse as it is now
plan       what a run has to do
copies     working copies
swap       a working copy becomes the warehouse
"""

"""An engine in, figures out. What a number means stands in sql/.

A file imports only those above it:

verdicts    what was judged when the warehouse was built
counts      counts in a window, from the ledger
causes      what a figure is made of, and what changed it
asked       the tables that a profile asks for
quarantine  what is open in the quarantine
section     all figures of a week or a range
inspection  what the page of the checks shows
dictionary  the data dictionary
"""

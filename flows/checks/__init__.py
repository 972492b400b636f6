"""Frames in, verdicts out: the two gates, and what somebody lets through.

A file imports only those above it:

expectations        a rule over a frame, and its sentences
row_suites          what is expected of rows, files and tables
whole_suites        what is expected of the whole, and of the figures
suites              what each gate expects of its frames
great_expectations  the library, imported beside other work
judge               the two gates
waivers             decisions meet verdicts
"""

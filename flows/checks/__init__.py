"""Frames in, verdicts out: the two gates, and what somebody lets through.

A file imports only those above it:

suites              what each gate expects of its frames
great_expectations  the library, imported beside other work
judge               the two gates
waivers             decisions meet verdicts
"""

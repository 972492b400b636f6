"""Runs the SELECTs of sql/ and does all the writing.

A file imports only those above it:

query   the files of sql/ and their headers
schema  the statements that make an empty warehouse
duckdb  the engine of today
"""

"""Runs the SELECTs of sql/ and does all the writing.

Two protocols say what an engine can do and where a warehouse lies; duckdb/ is one of each.

A file imports only those above it:

query      the files of sql/, and what becomes of each
protocols  Engine and Storage: ten verbs
calendar   the working calendar that a warehouse holds
recipe     steps in their order
schema     the statements that make an empty warehouse
duckdb     the engine of one machine
opening    which engine a root has
"""

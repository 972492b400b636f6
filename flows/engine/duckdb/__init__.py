"""DuckDB: the engine that a warehouse of one machine runs on. The only importer of duckdb.

A file imports only those above it:

transcoder  GB18030 into UTF-8, as a process of its own
reading     texts that the engine cannot read as they lie, through pipes
connection  one connection
shortcuts   quicker ways of single steps
storage     opening a warehouse, a working copy, an engine in memory
"""

"""The engine runs the SELECTs of sql/ and does all the writing; nothing else in the project imports duckdb."""

from flows.engine.duck import Engine
from flows.engine.opening import digest_headers, open_engine, open_warehouse
from flows.engine.queries import Query, list_queries, load_query

__all__ = ["Engine", "Query", "digest_headers", "list_queries", "load_query", "open_engine", "open_warehouse"]

"""The engine runs the SELECTs of sql/ and does all the writing; nothing else in the project imports duckdb."""

from flows.engine.duck import Engine, is_database, open_engine
from flows.engine.queries import Query, load_query

__all__ = ["Engine", "Query", "is_database", "load_query", "open_engine"]

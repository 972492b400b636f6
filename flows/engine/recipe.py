"""A recipe: SELECTs in their order, each saying itself what becomes of it."""

from typing import Any

from flows.engine.protocols import Engine
from flows.engine.query import load_query


class Recipe(tuple[str, ...]):
    """The names of its steps, in the order in which they are run."""

    def run(self, engine: Engine, **parameters: Any) -> None:
        """Run each step with those of the parameters that it names."""
        for step in self:
            named = load_query(step).parameters
            engine.run(step, **{name: value for name, value in parameters.items() if name in named})

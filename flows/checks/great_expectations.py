"""Great Expectations: imported beside other work, silent, without a network; what it finds becomes verdicts."""

import gc
import importlib
import importlib.util
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from flows.checks.expectations import SAID_PLACES, Expectation, Found
from flows.domain.verdicts import Place, Verdict

if TYPE_CHECKING:
    import pandas as pd


_SHOWN_PLACES = 10
# Half of the import is what no suite of ours ever uses: charts and distributions, which expectations of others ask for, and where
# others keep their data. The library allows for databases that are not installed.
_UNUSED = ("altair", "scipy.stats")
_DATABASES = "sqlalchemy"
_SOURCES = "great_expectations.datasource.fluent"
_OWN_SOURCES = ("pandas_datasource", "invalid_datasource")


@dataclass(frozen=True)
class Judgement:
    """A check, and the cut-offs of all places where it is broken."""

    verdict: Verdict
    cut_offs: frozenset[date]


class _PutOff(ModuleType):
    """A library that is imported when an attribute of it is asked for. (importlib's LazyLoader imports when it is named twice.)"""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # the import system looks, and asks for nothing
            raise AttributeError(attribute)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), attribute)


class _Placeholder(ModuleType):
    """A module that has a class of whatever name is asked for, of no use to anyone."""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return type(attribute, (), {})


def preload() -> threading.Thread:
    """Begin to import Great Expectations (seconds) beside other work.

    The thread is no daemon: an interpreter that ends in the middle of an import may crash.
    """
    thread = threading.Thread(target=_import_undisturbed)
    thread.start()
    return thread


@contextmanager
def preloading() -> Iterator[Callable[[], None]]:
    """What begins the import when it turns out to be needed; it ends before the caller does, whatever happens."""
    threads: list[threading.Thread] = []

    def begin() -> None:
        if not threads:
            threads.append(preload())

    try:
        yield begin
    finally:
        for thread in threads:
            thread.join()


def validate(frames: Sequence[tuple[str, "pd.DataFrame", list[Expectation]]]) -> list[Judgement]:
    """The verdicts on named frames, in the order of their suites. Each frame has `cut_off` and `place`.

    Raises:
        RuntimeError: an expectation could not be computed; that is a bug, never a failed check.
    """
    source = _open_context().data_sources.add_pandas("gates")
    definition = source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("frame")
    return [verdict for name, frame, suite in frames for verdict in _validate(definition, name, frame, suite)]


def _import_undisturbed() -> None:
    """Hundreds of thousands of objects come and stay: looking for garbage among them takes a quarter of the time."""
    if "great_expectations" in sys.modules:
        return
    gc.disable()
    try:
        _import_library()
        gc.freeze()
    finally:
        gc.enable()


def _import_library() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    for name in _UNUSED:
        if name not in sys.modules:
            sys.modules[name] = _PutOff(name)
    with warnings.catch_warnings(), _without_sources():
        warnings.simplefilter("ignore")  # its own use of deprecated calls says nothing to our users
        return importlib.import_module("great_expectations")


@contextmanager
def _without_sources() -> Iterator[None]:
    """Hide where others keep their data, unless it is there already, or other libraries of this process may ask for it meanwhile."""
    spec = importlib.util.find_spec("great_expectations")
    if not spec or {"great_expectations", "prefect", _DATABASES} & set(sys.modules):
        yield
        return
    folder = Path(spec.origin or "").parent.joinpath(*_SOURCES.split(".")[1:])
    hidden: dict[str, ModuleType | None] = {
        name: _Placeholder(name)
        for name in (
            f"{_SOURCES}.{path.stem}" for path in folder.glob("*_datasource.py") if path.stem not in _OWN_SOURCES
        )
    }
    hidden[_DATABASES] = None  # how Python is told that there is no such module
    modules: dict[str, Any] = sys.modules
    modules.update(hidden)
    try:
        yield
    finally:
        for name in hidden:
            del modules[name]


def _open_context() -> Any:
    library = _import_library()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    for name in (
        "great_expectations",
        "great_expectations.data_context.types.base",
    ):  # the latter has a level of its own
        logging.getLogger(name).setLevel(logging.ERROR)
    context = library.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _validate(definition: Any, name: str, frame: "pd.DataFrame", suite: list[Expectation]) -> list[Judgement]:
    numbered = frame.assign(number=range(len(frame)))
    batch = definition.get_batch({"dataframe": numbered})
    # first whether, then where: places are asked for only of what is broken, since they cost twice as much as the verdict
    found = _compute(batch, name, suite, {"result_format": "BOOLEAN_ONLY"})
    broken = [e for e in suite if not found[e.name].success]
    if broken:
        found |= _compute(
            batch, name, broken, {"result_format": "COMPLETE", "unexpected_index_column_names": ["number"]}
        )
    return [_read_verdict(e, found[e.name], numbered) for e in suite]


def _compute(batch: Any, name: str, suite: list[Expectation], form: dict[str, Any]) -> dict[str, Any]:
    """The results of a suite, by the names of its expectations."""
    library = _import_library()
    expectations = [
        getattr(library.expectations, e.kind)(**e.arguments, severity=e.severity.value, meta={"name": e.name})
        for e in suite
    ]
    results = batch.validate(library.ExpectationSuite(name=name, expectations=expectations), result_format=form).results
    by_name = {result.expectation_config.meta["name"]: result for result in results}
    for each, result in by_name.items():
        if _has_raised(result.exception_info):
            raise RuntimeError(f"the expectation {each} could not be computed: {result.exception_info}")
    return by_name


def _read_verdict(expectation: Expectation, result: Any, frame: "pd.DataFrame") -> Judgement:
    passed = Verdict(
        expectation.name,
        expectation.severity,
        True,
        "0" if expectation.most is None else _write_most(expectation, frame),
        expectation.text.zh,
        expectation.text.en,
        due_zh=expectation.due.zh,
        due_en=expectation.due.en,
    )
    if result.success:
        return Judgement(passed, frozenset())
    broken = frame.iloc[[entry["number"] for entry in result.result.get("unexpected_index_list") or []]]
    places = [_describe(expectation, row) for row in broken.head(_SHOWN_PLACES).to_dict("records")]
    said = expectation.say(_sum_up(expectation, broken, places))
    failed = replace(
        passed,
        is_passed=False,
        observed=_list_observed(places, len(broken)),
        broken=len(broken),
        places=tuple(places),
        is_waivable=expectation.is_waivable,
        said_zh=said.zh,
        said_en=said.en,
    )
    return Judgement(failed, frozenset(map(_day, broken.to_dict("records"))))


def _sum_up(expectation: Expectation, broken: "pd.DataFrame", places: Sequence[Place]) -> Found:
    """What the sentence of a broken rule says of all its places together."""
    values = broken[expectation.column]
    total = 0.0 if expectation.is_text else float(values.sum())
    return Found(f"{total:,.0f}", _write_most(expectation, broken), tuple(places), len(broken))


def _write_most(expectation: Expectation, frame: "pd.DataFrame") -> str:
    """The largest value; – where nothing could be judged."""
    values = frame[expectation.column].dropna()
    return "–" if expectation.is_text or values.empty else expectation.write(values.max())


def _has_raised(info: dict[str, Any]) -> bool:
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(entry.get("raised_exception") for entry in info.values())


def _describe(expectation: Expectation, row: Mapping[Hashable, Any]) -> Place:
    return Place(_day(row), str(row["place"]), expectation.write(row[expectation.column]))


def _day(row: Mapping[Hashable, Any]) -> date:
    value = row["cut_off"]
    return value if type(value) is date else value.date()


def _list_observed(places: Sequence[Place], broken: int) -> str:
    """The first places, each with what was found there."""
    said = [f"{place.name} {place.observed}".strip() for place in places[:SAID_PLACES]]
    return "；".join([*said, *([f"… ({broken})"] if broken > SAID_PLACES else [])])

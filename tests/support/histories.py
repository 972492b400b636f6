"""Random histories of deliveries – late, corrected, voided, re-typed, repeated – and what a warehouse says of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from drawing import (
    fold_in_memory,
    write_csv,
)
from hypothesis import strategies as st

from flows.domain.cases import Window
from flows.engine.protocols import Engine
from flows.figures.counts import count_in_window

CUT_OFFS = ("2022-07-01", "2022-07-08", "2022-07-15", "2022-07-22")
YEARS = (Window(date(2021, 1, 1), date(2021, 12, 31)), Window(date(2022, 1, 1), date(2022, 7, 22)))
# What tables come with: all of a case, its acceptance, its result; with and without update time.
HEADERS = (
    ("办件编号", "事项类型", "行政区划", "受理时间", "办结时间", "办结结果", "更新时间"),
    ("办件编号", "事项类型", "行政区划", "受理时间", "办结时间", "办结结果"),
    ("办件编号", "事项类型", "行政区划", "受理时间", "更新时间"),
    ("办件编号", "事项类型", "行政区划", "受理时间", "办件状态"),
    ("办件编号", "办结时间", "办结结果", "更新时间"),
    ("办件编号", "办结时间"),
)
CELLS = {
    "办件编号": ("1", "2", "2", "3", "3", ""),
    "事项类型": ("行政许可", "公共服务", "其它", "31", ""),
    "行政区划": ("510000", "510000", "510100", "省本级"),
    "受理时间": ("2021-12-31", "2022-07-01 09:00:00", "2022-07-02", "", "待定"),
    "办结时间": ("2022-01-01", "2022-07-03", "2022-07-20 10:00:00", "", "待定"),
    "办结结果": ("", "出证", "作废", "不予受理"),
    "办件状态": ("", "办结", "删除"),
    "更新时间": ("", "2022-07-01 00:00:00", "2022-07-07 12:00:00", "2022-07-14 12:00:00", "2023-01-01", "昨天"),
}


@dataclass(frozen=True)
class Delivered:
    """One file of a history: where it lies below data/raw and what it says."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        return write_csv(self.header, self.rows)

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]


History = tuple[Delivered, ...]


@st.composite
def delivered_files(draw_one: st.DrawFn) -> Delivered:
    header = draw_one(st.sampled_from(HEADERS))
    row = st.tuples(*(st.sampled_from(CELLS[column]) for column in header)).filter(lambda cells: any(cells[:2]))
    rows = draw_one(st.lists(row, min_size=1, max_size=5))
    repeated = draw_one(st.lists(st.sampled_from(rows), max_size=2))
    folder = draw_one(st.sampled_from(CUT_OFFS)) + draw_one(st.sampled_from(["", "", "/更正"]))
    name = draw_one(st.sampled_from("abcdefghijklmnop"))
    return Delivered(f"{folder}/{name}.csv", header, (*rows, *repeated))


def histories(min_files: int = 1) -> st.SearchStrategy[History]:
    """Up to four files, each of another name and content."""
    files = st.lists(
        delivered_files(),
        min_size=min_files,
        max_size=4,
        unique_by=(lambda file: file.name, lambda file: file.text),
    )
    return files.map(tuple)


def lay_out(history: Iterable[Delivered]) -> dict[str, str]:
    """A history as files; 更正 is a folder of corrections."""
    files = {}
    for file in history:
        files[file.name] = file.text
        if file.folder.endswith("/更正"):
            files[f"{file.folder}/delivery.toml"] = "corrects = true\n"
    return files


def describe_at_once(history: Iterable[Delivered]) -> dict[str, object]:
    with fold_in_memory(lay_out(history)) as engine:
        return describe(engine)


def describe(engine: Engine) -> dict[str, object]:
    """What must not depend on how the deliveries came: cases, figures as of each cut-off, rows."""
    return {
        "cases": engine.read("look/content_hash").dicts(),
        "figures": [count_in_window(engine, year, date.fromisoformat(as_of)) for as_of in CUT_OFFS for year in YEARS],
        "rows": engine.read("figures/reconciliation", as_of=date.max).dicts(),
    }

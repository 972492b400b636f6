"""The benchmark cannot rot: it runs whole, at a size that says nothing about speed, with the peers that need nothing else installed."""

from pathlib import Path
from xml.etree import ElementTree

import compare
import pytest
import report


def test_all_contestants_give_the_figures_the_deliveries_were_made_with(tmp_path: Path) -> None:
    compare.main(
        ["3000", "--rounds", "1", "--encodings", "gb18030", "--without", "polars", "chdb", "--out", str(tmp_path)]
    )
    (run,) = report.read_runs(tmp_path)
    for contestant in ("command", "core", "pandas", "duckdb", "ctas"):
        done = tuple(each.work for each in run.measured if each.contestant == contestant)
        assert done == (compare.LOADS if contestant == "ctas" else (*compare.LOADS, *compare.QUESTIONS))
    table = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert table.count("| pandas |") == table.count("| DuckDB |") == 4
    ElementTree.parse(tmp_path / "results.svg")


def test_other_figures_end_a_comparison_with_a_sentence(tmp_path: Path) -> None:
    asked = compare.Asked("duckdb", "load_week", "utf-8", tmp_path)
    with pytest.raises(SystemExit, match=r"^duckdb gives other figures .*\(load_week, utf-8\)"):
        compare.refuse_other_figures(asked, {"licence": [5, 4]}, {"licence": [5, 5]})


def test_a_contestant_that_fails_ends_a_comparison_with_its_last_words(tmp_path: Path) -> None:
    asked = compare.Asked("duckdb", "load_first", "utf-8", tmp_path)
    asked.csv.write_text("办件编号\n1\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"(?s)^duckdb, load_first, utf-8: it ended with exit code 1\..*事项类型"):
        compare.do(asked, {}, is_cold=False)


class Greedy(compare.Asked):
    """A contestant that the system ends."""

    @property
    def words(self) -> list[str | Path]:
        return ["sh", "-c", "kill -9 $$"]


def test_a_contestant_that_is_killed_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    asked = Greedy("pandas", "year_to_date", "utf-8", tmp_path)
    assert compare.do(asked, {}, is_cold=False) is None
    done = [report.Measured(name, "year_to_date", "utf-8", 2, 1, 2, 2**30) for name in ("command", "core", "duckdb")]
    run = report.Run(3000, 428, 1, False, report.describe_machine(), [("pandas", "year_to_date", "utf-8")], done)
    report.write_report(tmp_path, [run])
    assert report.read_runs(tmp_path) == [run]
    table = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| pandas | killed: out of memory |" in table
    assert "| DuckDB | 1 (1 … 1) | 1 (1 … 1) | 1 (1 … 1) | 1.00 \\| 1.00 GiB |" in table


def test_a_ratio_is_taken_round_by_round() -> None:
    ratio = report.divide([2, 30, 1], [1, 10, 4])
    assert (ratio.middle, ratio.least, ratio.most) == (2, 0.25, 3)
    assert str(ratio) == "2 (0.25 … 3)"

"""A source that shares no column, type or area with the first (profile la311): nothing about Sichuan is hard-wired."""

import os
from datetime import date
from pathlib import Path

import pytest
from drawing import update_warehouse

from flows.domain.cases import Counts, Window
from flows.figures.counts import count_in_window
from flows.root.project import Project
from flows.root.settings import Settings
from flows.warehouse.reading import open_read_only

IN_2017 = """SRNumber,CreatedDate,UpdatedDate,Owner,RequestType,Status,RequestSource,ServiceDate,ClosedDate,Address
1-1,12/31/2017 11:59:58 PM,04/09/2018 09:25:28 AM,BOS,Bulky Items,Closed,Call,01/05/2018 12:00:00 AM,04/09/2018 09:18:35 AM,X
1-2,12/30/2017 12:00:01 AM,12/31/2017 01:00:00 PM,BOS,Feedback,Cancelled,App,,12/31/2017 12:59:59 PM,X
1-3,12/29/2017 12:30:00 PM,12/29/2017 12:30:00 PM,BSL,Other,Open,App,,,X
"""
IN_2020 = """srnumber,requesttype,status,createddate,updateddate,closeddate,requestsource,owner,address
1-4,Graffiti Removal,Closed,1/1/20 0:05,1/2/20 8:43,1/2/20 8:43,Call,OCB,X
1-5,Report Water Waste,Pending,1/3/20 23:59,1/3/20 23:59,,Email,DWP,X
"""


def load(root: Path, files: dict[str, bytes]) -> Project:
    for name, content in files.items():
        path = root / "data" / "raw" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    project = Project(root, Settings(profile="la311"))
    update_warehouse(project)
    return project


def count(project: Project, start: str, end: str) -> tuple[int, int, int]:
    """Accepted, completed, and completed of earlier years' acceptance."""
    with open_read_only(project) as engine:
        found = count_in_window(engine, Window(date.fromisoformat(start), date.fromisoformat(end)))
    counts = found.get("public_service", Counts())
    return counts.accepted, counts.completed, counts.carried_over


def test_a_source_writes_its_times_month_first_and_its_columns_in_its_own_order(tmp_path: Path) -> None:
    project = load(tmp_path, {"2018-12-31/a.csv": IN_2017.encode(), "2020-01-03/b.csv": IN_2020.encode()})
    assert count(project, "2017-01-01", "2017-12-31") == (3, 1, 0)
    assert count(project, "2018-01-01", "2018-12-31") == (0, 1, 1)
    assert count(project, "2020-01-01", "2020-01-03") == (2, 1, 0)


@pytest.mark.skipif(
    "LA311_EXPORTS" not in os.environ, reason="the city's files are public but not part of this project"
)
def test_the_citys_own_files_give_the_figures_that_were_counted_independently(tmp_path: Path) -> None:
    exports = Path(os.environ["LA311_EXPORTS"])
    files = {
        "2018-12-31/a.csv": (exports / "requests_2017.csv").read_bytes(),
        "2020-12-31/b.csv": (exports / "requests_2020.csv").read_bytes(),
    }
    project = load(tmp_path, files)
    assert count(project, "2017-01-01", "2017-12-31") == (9_999, 3_470, 0)
    assert count(project, "2018-01-01", "2018-12-31") == (0, 6_524, 6_524)
    assert count(project, "2020-01-01", "2020-12-31")[:2] == (10_000, 9_951)
    with open_read_only(project) as engine:
        assert (
            len(
                engine.ask(
                    "select case_no from cases where completed_at < accepted_at and accepted_at < '2018-01-01'"
                ).dicts()
            )
            == 12
        )

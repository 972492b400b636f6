"""The page of questions: saved ones and a SELECT of one's own, answered by a process that can do nothing else."""

import asyncio
import io
from pathlib import Path
from urllib.parse import urlencode

import httpx
import lxml.html
import openpyxl
import pytest
from a_root import write_raw
from callers import Caller
from drawing import draw, update_warehouse

from flows.root.project import open_project
from flows.service.asking import Asked, answer
from flows.service.gate import Gate
from flows.service.pages import Pages
from flows.service.sessions import SIGN_IN

SECRET, PAGE = "bulletin:invented", "http://127.0.0.1:4200"
CASES = """
case | type     | accepted   | completed  | department
1    | 行政许可 | 2022-07-18 | 2022-07-19 | 甲局
2    | 行政许可 | 2022-07-19 |            | 甲局
3    | 公共服务 | 2022-07-20 | 2022-07-21 | 乙局
4    | 公共服务 | 2022-07-20 | 2022-07-21 | =<b>丙局
"""
DEPARTMENTS = {"question": "questions/3_departments", "week": "2022-07-22"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_raw(tmp_path_factory.mktemp("office"), {"2022-07-22/办件.csv": draw(CASES)})
    (made / "bulletin.toml").write_text('language = "en"\nquery_seconds = 1\n', encoding="utf-8")
    (made / "data/service").mkdir()
    update_warehouse(open_project(made))
    return made


@pytest.fixture(scope="module")
def caller(root: Path) -> Caller:
    return meet(root)


def meet(root: Path) -> Caller:
    """Somebody who has not signed in yet."""

    async def serve(*_: object) -> None:
        raise AssertionError("this is none of the pages")

    return Caller(Gate(Pages(serve, open_project(root), SECRET), "127.0.0.1", forms={SIGN_IN}), PAGE)


def ask(caller: Caller, place: str = "/query", **given: str) -> httpx.Response:
    caller.post(SIGN_IN, {"secret": SECRET}, {"Origin": PAGE})
    return caller.get(f"{place}?{urlencode(given)}")


def read_table(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, read_problem(answer)
    rows = lxml.html.fromstring(answer.text).xpath("//table[@class = 'answer']//tr")
    return [[str(cell.text_content()) for cell in row] for row in rows]


def read_problem(answer: httpx.Response) -> str:
    return " ".join(lxml.html.fromstring(answer.text).xpath("string(//*[@class = 'problem'])").split())


@pytest.mark.parametrize("place", ["/query", "/query.csv", "/query.xlsx"])
def test_without_the_secret_nothing_is_asked(root: Path, place: str) -> None:
    answer = meet(root).get(f"{place}?sql=select+1+as+taken")
    assert (answer.status_code, answer.text) == (401, "Unauthorized\n")
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert meet(root).get(f"{place}?sql=select+1+as+taken", headers).status_code == 403


def test_a_saved_question_is_answered_with_its_parameters_as_a_table_and_a_chart(caller: Caller) -> None:
    answer = ask(caller, **DEPARTMENTS)
    assert read_table(answer) == [
        ["单位", "受理", "办结"],
        ["甲局", "2", "1"],
        ["=<b>丙局", "1", "1"],
        ["乙局", "1", "1"],
    ]
    page = lxml.html.fromstring(answer.text)
    assert page.xpath("//*[@class = 'bars']//text()[normalize-space()]") == [
        *("甲局", "甲局", "2", "=<b>丙局", "=<b>丙局", "1", "乙局", "乙局", "1"),
    ]
    assert page.xpath("//b") == []  # what a department is called is text
    assert page.xpath("//datalist[@id = 'departments']/option/@value") == ["=<b>丙局", "乙局", "甲局"]
    of_one = ask(caller, **DEPARTMENTS, group="licence", department="甲局", y="2")
    assert read_table(of_one)[1:] == [["甲局", "2", "1"]]
    drawn = lxml.html.fromstring(of_one.text).xpath("//*[@class = 'bars']//text()[normalize-space()]")
    assert drawn == ["甲局", "甲局", "1"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("select * from read_text('/etc/hostname')", "This query cannot be answered: Permission Error"),
        ("select 1; drop table cases", "Only questions: one SELECT statement, not SELECT, DROP."),
        ("select count(*) from range(10000000000) a, range(1000) b", "stopped after 1 s."),
        ("--" + "x" * 6000, "The SELECT is longer than 6000 characters."),
    ],
)
def test_a_select_reads_this_warehouse_alone_within_its_limits(caller: Caller, statement: str, said: str) -> None:
    answer = ask(caller, "/query.csv", sql=statement)
    assert (answer.status_code, read_problem(answer)[: len(said)]) == (422, said)


def test_of_many_rows_the_first_are_shown_and_it_is_said_that_there_are_more(caller: Caller) -> None:
    shown = {}
    for rows in (1000, 1001):
        answer = ask(caller, sql=f"select range as n from range({rows})")
        page = lxml.html.fromstring(answer.text)
        shown[rows] = len(read_table(answer)) - 1, page.xpath("string(//p[contains(@class, 'note')]/span)")
    assert shown == {
        1000: (1000, "rows: 1000"),
        1001: (1000, "only the first 1000 rows; the files have all of them"),
    }


def test_the_files_have_the_whole_answer_and_nothing_of_them_stays(root: Path, caller: Caller) -> None:
    csv = ask(caller, "/query.csv", **DEPARTMENTS)
    assert csv.content.decode("utf-8-sig").splitlines() == ["单位,受理,办结", "甲局,2,1", "'=<b>丙局,1,1", "乙局,1,1"]
    assert csv.headers["content-disposition"] == 'attachment; filename="answer.csv"'
    many = ask(caller, "/query.xlsx", sql="select range as n from range(2000)")
    sheet = openpyxl.load_workbook(io.BytesIO(many.content)).active
    assert sheet
    assert [sheet.max_row, sheet["A2001"].value] == [2001, 1999]
    assert list((root / "data/service").iterdir()) == []


def test_a_question_ends_when_nobody_waits_for_its_answer(root: Path) -> None:
    async def leave() -> float:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        asked = Asked(str(root), "en", "select count(*) from range(10000000000) a, range(1000) b", {})
        await answer(asked, 600, asyncio.sleep(0.3))
        return loop.time() - begun

    assert asyncio.run(leave()) < 2

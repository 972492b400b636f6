"""Drawn deliveries of one week in many forms: what stands in CLEAN, changed here and there, and how the program ends with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from damage import Ended, Example, Roots, compare, run_example
from damage_forms import Form, Line, Sheet, write_lines
from damage_scene import Base, Fact, count

# N is the number of the form, so that all forms can come in one delivery. N101 is known from the week before, still open.
CLEAN = """
办件编号 | 事项名称 | 事项类型 | 实施主体 | 行政区划 | 受理时间 | 办结时间 | 办结结果
N101 | 开办药店 | 行政许可 | 示例厅 | 510000 | 2022-07-14 09:30:00 | 2022-07-19 10:00:00 | 出证
N102 | 税务登记 | 行政许可 | 示例厅 | 510000 | 2022-07-18 10:00:00 | |
N103 | 档案查询 | 公共服务 | 示例局 | 510000 | 2022-07-19 08:00:00 | 2022-07-19 08:05:00 | 出证
N104 | 档案查询 | 公共服务 | 示例局 | 510000 | 2022-07-20 11:00:00 | |
N105 | 证照补发 | 行政确认 | 样本厅 | 510000 | 2022-07-20 14:00:00 | 2022-07-21 16:00:00 | 出证
N106 | 证照补发 | 行政确认 | 样本厅 | 510000 | 2022-07-21 17:59:59 | 2022-07-22 09:00:00 | 出证
"""
WEEK_BEFORE = """
办件编号 | 事项名称 | 事项类型 | 实施主体 | 行政区划 | 受理时间 | 办结时间 | 办结结果
N001 | 开办药店 | 行政许可 | 示例厅 | 510000 | 2022-07-01 09:00:00 | 2022-07-05 09:00:00 | 出证
N002 | 档案查询 | 公共服务 | 示例局 | 510000 | 2022-07-01 09:10:00 | 2022-07-01 09:20:00 | 出证
N003 | 证照补发 | 行政确认 | 样本厅 | 510000 | 2022-07-01 09:20:00 | |
N101 | 开办药店 | 行政许可 | 示例厅 | 510000 | 2022-07-14 09:30:00 | |
"""
FIGURES = {"licence": (3, 2), "public_service": (3, 2), "other_power": (3, 2)}  # of one form: both weeks together
GROUPS = {"行政许可": "licence", "公共服务": "public_service", "行政确认": "other_power"}
HEADER = CLEAN.strip().splitlines()[0]
TIMES = ("2022-07-14 09:30:00", "2022-07-19 10:00:00", "2022-07-18 10:00:00", "2022-07-19 08:00:00", "2022-07-19 08:05:00",
    "2022-07-20 11:00:00", "2022-07-20 14:00:00", "2022-07-21 16:00:00", "2022-07-21 17:59:59", "2022-07-22 09:00:00")  # fmt: skip
Edits = Sequence[tuple[str, str]]
Files = Mapping[str, tuple[str, bytes]]  # form → name and bytes of its file
MOST_FORMS = 16


def number_of(place: int, drawn: str) -> str:
    """N101 of the third form is 20220702101."""
    return f"202207{place:02}{drawn[1:]}"


def edit(drawn: str, edits: Edits) -> str:
    for old, new in edits:
        assert old in drawn, old
        drawn = drawn.replace(old, new)
    return drawn


def fill_in(text: str, place: int) -> str:
    """The drawn numbers as those of a form; what stands within one stays there."""
    for drawn in ("N001", "N002", "N003", "N101", "N102", "N103", "N104", "N105", "N106"):
        text = text.replace(drawn, number_of(place, drawn))
    return text.replace("N1\u206003", number_of(place, "N103")[:-2] + "\u2060" + "03")


def draw_sheets(drawn: str, place: int, *, is_wrapped: bool = False) -> list[Sheet]:
    """Sheets of a drawing; `is_wrapped` puts each cell between =" and "."""
    sheets = [Sheet("第1页", [])]
    for row in drawn.strip("\n").splitlines():
        if row.strip() == "----":
            sheets.append(Sheet(f"第{len(sheets) + 1}页", []))
            continue
        cells = [cell.strip(" ") for cell in row.split("|")]
        line = _draw_line(sheets[-1], cells)
        line.cells = [_draw_cell(cell, place) for cell in cells]
        if is_wrapped:
            line.cells, line.marks = [f'="{cell}"' for cell in line.cells], {}
        sheets[-1].lines.append(line)
    return sheets


def _draw_line(sheet: Sheet, cells: list[str]) -> Line:
    line = Line(cells, ())
    for j, cell in enumerate(cells):
        if cell == "^^":
            top = next(above for above in reversed(sheet.lines) if above.cells[j])
            sheet.merges = [merge for merge in sheet.merges if merge[:2] != (top, j)]
            sheet.merges.append((top, j, line, j))
        elif cell == "<<":
            left = max(i for i in range(j) if cells[i] and cells[i] not in ("<<", "^^"))
            sheet.merges = [merge for merge in sheet.merges if merge[:2] != (line, left)]
            sheet.merges.append((line, left, line, j))
        elif cell.startswith("!#"):
            line.marks[j] = "error"
        elif cell == "=?":
            line.marks[j] = "formula"
        elif cell.startswith("[["):
            line.marks[j] = "nested"
        elif cell in TIMES:
            line.marks[j] = "time"
    return line


def _draw_cell(cell: str, place: int) -> str:
    is_nothing = cell in ("^^", "<<", "=?")
    return "" if is_nothing else fill_in(cell.removeprefix("[[").removesuffix("]]").removeprefix("!"), place)


@dataclass(frozen=True)
class DrawnBase(Base):
    """The week before of all forms."""

    def write(self) -> bytes:
        header, *rows = WEEK_BEFORE.strip().splitlines()
        drawn = [fill_in(row, place) for place in range(MOST_FORMS) for row in rows]
        lines = [Line([cell.strip() for cell in row.split("|")], ()) for row in (header, *drawn)]
        return "".join(record + "\n" for record in write_lines(lines, Form())).encode()


BASE = DrawnBase("drawn", "digits", False, (), ())


def list_truth(place: int) -> dict[str, Fact]:
    """Of one form, by day: both weeks together."""
    drawn = (*WEEK_BEFORE.strip().splitlines()[1:4], *CLEAN.strip().splitlines()[1:])
    rows = [[cell.strip() for cell in row.split("|")] for row in drawn]
    return {
        (number := number_of(place, no)): Fact(number, GROUPS[kind], department, area, _day(accepted), _day(completed))
        for no, _, kind, department, area, accepted, completed, _ in rows
    }


def _day(text: str) -> datetime | None:
    return datetime.fromisoformat(text[:10]) if text else None


def find_ends(
    files: Files,
    places: Mapping[str, int],
    roots: Roots,
    folder: Path,
    beside: Mapping[str, bytes] | None = None,
) -> dict[str, str]:
    """How each form ends, all delivered together; where that is refused, one by one. In the words of the tables:

    `ok` is right and clean, `no` a refusal with the file's name, `2 4` rows that are named, with all other cases right. `beside` are
    further files of each delivery.
    """
    truth = {number: fact for form in files for number, fact in list_truth(places[form]).items()}
    example = Example("drawn", BASE, Form(), (), {**(beside or {}), **dict(files.values())}, truth, {})
    ended = run_example(example, roots.copy(BASE, folder / f"{len(list(folder.iterdir()))}"))
    if ended.exit_code and len(files) > 1:
        return {form: find_ends({form: file}, places, roots, folder, beside)[form] for form, file in files.items()}
    return {form: _say_end(places[form], ended, name) for form, (name, _) in files.items()}


def _say_end(place: int, ended: Ended, file: str) -> str:
    if ended.exit_code:
        is_refusal = ended.exit_code in (3, 4) and file in ended.said
        return "no" if is_refusal else f"exit {ended.exit_code}: {ended.said}"
    own = {number: _by_day(fact) for number, fact in ended.cases.items() if number.startswith(number_of(place, "N"))}
    differences = compare(list_truth(place), own)
    told_of = ended.named_places if differences else ended.quarantined  # what was read right may be told of, too
    rows = sorted({row for named, _, row in told_of if named.endswith(f"/{file}")})
    if not differences and not rows:
        return "ok" if count(own) == FIGURES else f"figures {count(own)}"
    told = " ".join(map(str, rows))
    return told if len(differences) <= len(rows) else f"{told}: {'; '.join(differences.values())}"


def _by_day(fact: Fact) -> Fact:
    def cut(time: datetime | None) -> datetime | None:
        return time.replace(hour=0, minute=0, second=0) if time else None

    return replace(fact, accepted=cut(fact.accepted), completed=cut(fact.completed))


def read_table(table: str) -> dict[str, dict[str, str]]:
    """Kind → form → cell."""
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    return {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows}

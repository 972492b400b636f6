"""receipts.jsonl: the lines on disk, and what they mean."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from days_off import announce

from flows.domain.calendar import SHANGHAI
from flows.domain.holidays import Announcement, read_library
from flows.domain.text import BadInput
from flows.domain.verdicts import Waiver
from flows.root.project import Project
from flows.root.receipts import (
    Announced,
    ClassificationChange,
    Loaded,
    Receipt,
    Received,
    Waived,
    append_receipts,
    find_calendar,
    find_withdrawn,
    list_classifications,
    list_waivers,
    read_receipts,
    select_known,
    split_by_load,
)

# As an earlier version of the program wrote them: one line of each action, and a waiver with its person.
LINES = (
    '{"action":"received","at":"2022-07-25T09:00:00.123456+08:00","sha256":"aa","file":"2022-07-22/许可.csv","delivery_id":"","reason":""}\n'
    '{"action":"rules","at":"2022-07-25T09:01:00+08:00","sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",'
    '"file":"sichuan","delivery_id":"0001-01-01","reason":"{}"}\n'
    '{"action":"loaded","at":"2022-07-25T09:01:00+08:00","sha256":"aa","file":"2022-07-22/许可.csv","delivery_id":"2022-07-22-2","reason":""}\n'
    '{"action":"accepted","at":"2022-07-25T09:01:30+08:00","sha256":"","file":"days_covered","delivery_id":"2022-07-22","reason":"停机"}\n'
    '{"action":"accepted","at":"2022-07-25T09:01:30+08:00","sha256":"","file":"days_covered","delivery_id":"2022-07-22","reason":"停机","by":"张三"}\n'
    '{"action":"calendar","at":"2022-07-25T09:01:00+08:00","sha256":"4be5c596d71cab460d60f4c6e33f1b60bdabb138d245eedeb1a834b5a5e69fee",'
    '"file":"holidays.toml","delivery_id":"","reason":"[{\\"announced\\":\\"2022-08-01\\",\\"source\\":\\"停工通知\\",\\"years\\":[],'
    '\\"off\\":[\\"2022-07-11\\"],\\"working\\":[]}]"}\n'
    '{"action":"withdrawn","at":"2022-07-26T10:00:00+08:00","sha256":"aa","file":"2022-07-22/许可.csv","delivery_id":"2022-07-22-2","reason":"错发"}\n'
)


def write(root: Path, lines: str) -> Project:
    project = Project(root)
    project.raw.mkdir(parents=True)
    project.receipts.write_text(lines, encoding="utf-8")
    return project


def test_lines_that_are_read_and_written_again_are_the_same_bytes(tmp_path: Path) -> None:
    receipts = read_receipts(write(tmp_path / "a", LINES))
    other = write(tmp_path / "b", "")
    append_receipts(other, receipts)
    assert other.receipts.read_text(encoding="utf-8") == LINES


def test_each_action_has_its_own_fields(tmp_path: Path) -> None:
    receipts = read_receipts(write(tmp_path, LINES))
    assert [type(receipt).__name__ for receipt in receipts] == [
        "Received", "Classified", "Loaded", "Waived", "Waived", "Announced", "Withdrawn",
    ]  # fmt: skip
    assert isinstance(receipts[0], Received)
    assert receipts[0].file == "2022-07-22/许可.csv"
    assert isinstance(receipts[2], Loaded)
    assert receipts[2].cut_off == date(2022, 7, 22)
    assert list_classifications(receipts) == [ClassificationChange(date.min, "{}")]
    assert list_waivers(receipts)[1] == Waiver(
        "days_covered", date(2022, 7, 22), "停机", "张三", date(2022, 7, 25), "command line"
    )


@pytest.mark.parametrize(
    "line",
    [
        LINES.splitlines()[0].replace('"reason"', '"why"'),
        LINES.splitlines()[0].replace('"received"', '"renamed"'),
        LINES.splitlines()[0].replace('"sha256":"aa",', ""),
        LINES.splitlines()[0].replace("2022-07-25T09", "25/07/2022 9"),
        LINES.splitlines()[3].replace("2022-07-22", "the last one"),
        "[]",
        "lost",
    ],
)
def test_a_line_that_is_not_a_receipt_is_refused_by_its_number(line: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"receipts\.jsonl line 2 is not a receipt"):
        read_receipts(write(tmp_path, LINES.splitlines()[0] + "\n" + line + "\n"))


def test_a_delivery_is_withdrawn_as_a_whole_though_the_line_of_one_of_its_files_is_lost(tmp_path: Path) -> None:
    lines = "".join(
        f'{{"action":"{action}","at":"2022-07-26T10:00:00+08:00","sha256":"{sha256}","file":"{sha256}","delivery_id":"{name}","reason":""}}\n'
        for action, sha256, name in (
            *(("loaded", "aa", "2022-07-22"), ("loaded", "bb", "2022-07-22"), ("loaded", "cc", "2022-07-22-2")),
            *(("withdrawn", "aa", "2022-07-22"), ("received", "aa", "")),
        )
    )
    assert find_withdrawn(read_receipts(write(tmp_path, lines))) == {"bb"}


DAYS = [datetime(2022, 7, day, 9, tzinfo=SHANGHAI) for day in range(1, 32)]


@pytest.mark.parametrize(("days", "known"), [([4, 9, 2, 12], 0), ([4, 9, 2, 12], 1), ([4, 9, 2, 12], 3), ([9, 2], 0)])
def test_a_receipt_is_as_late_as_those_before_it_where_the_clock_was_set_back(days: list[int], known: int) -> None:
    """Each moment is asked for from the times that the receipts say; what is known is always the beginning of the log."""
    log = [Received(DAYS[day], str(number), "") for number, day in enumerate(days)]
    effective = [max(days[: number + 1]) for number in range(len(days))]
    asked = effective[known]
    assert select_known(log, DAYS[asked]) == [each for each, day in zip(log, effective, strict=True) if day <= asked]


def test_what_a_run_loaded_first_is_found_by_its_place_in_the_log_whatever_the_clock_said() -> None:
    before, late = Loaded(DAYS[20], "a", "", "2022-07-08"), Loaded(DAYS[3], "d", "", "2022-07-08-2")
    run: list[Receipt] = [Waived(DAYS[5], "rule", date(2022, 7, 15), "", ""), Loaded(DAYS[5], "b", "", "2022-07-15")]
    again = Loaded(DAYS[1], "c", "", "2022-07-22")
    assert split_by_load([before, *run, late, again], date(2022, 7, 8)) == ([before], run, [late, again])
    assert split_by_load([before], date(2022, 7, 8)) is None


STORM = Announcement(date(2022, 8, 1), "虚构的停工通知", (), (date(2022, 7, 11),), ())


@pytest.mark.parametrize(
    ("recorded", "at", "is_off"),
    [
        ([(25, []), (33, [STORM])], 34, True),
        ([(25, []), (33, [STORM])], 32, False),  # announced, but not on record yet
        ([(25, []), (33, [STORM])], 20, False),  # before the record begins: as it begins
        ([(33, [STORM])], 32, True),
        ([(33, [STORM])], 31, False),  # before the record begins, and not announced yet
        ([(33, [STORM]), (40, [])], 41, False),  # taken back
        ([], 34, True),  # no record: as it is today
        ([], 31, False),
    ],
)
def test_the_calendar_of_a_moment_is_what_was_on_record_and_announced(
    tmp_path: Path, recorded: list[tuple[int, list[Announcement]]], at: int, is_off: bool
) -> None:
    """Days since 30 June 2022; today the storm is in holidays.toml."""
    start, library = datetime(2022, 6, 30, 12, tzinfo=SHANGHAI), read_library()
    project = write(tmp_path, "")
    announce(tmp_path, '[[announcements]]\nannounced = 2022-08-01\nsource = "虚构的停工通知"\noff = ["2022-07-11"]\n')
    append_receipts(project, [Announced(start + timedelta(days=day), (library, *known)) for day, known in recorded])
    moment = start + timedelta(days=at)
    calendar = find_calendar(project, select_known(read_receipts(project), moment), moment.date())
    assert calendar.is_working_day(date(2022, 7, 11)) != is_off
    assert calendar.count_working_days(date(2022, 7, 9), date(2022, 7, 12)) == 2 - is_off

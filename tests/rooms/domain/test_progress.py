"""What somebody who waits is told: files and bytes done of all, the time it took, what is left; each part by its name."""

from pathlib import Path

from a_root import GOOD_ROW, write_raw, write_table

from flows.domain.progress import Counted, Reading, Share, say_time
from flows.domain.text import Text
from flows.root.project import open_project
from flows.warehouse.copies import build_aside, load_deliveries
from flows.warehouse.plan import plan_run


class Listener:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Text] = []

    def step(self, text: Text) -> None:
        self.told.append(text)

    def detail(self, text: Text) -> None:
        self.told.append(text)


def test_each_file_says_how_many_of_how_many_bytes_percent_time_taken_and_time_left() -> None:
    listener, seconds = Listener(), iter([0.0, 0.0, 30.0, 40.0])
    counted = Counted(listener, [30_000_000, 10_000_000], lambda: next(seconds))
    counted.detail(Reading("甲.csv", 30_000_000))
    counted.detail(Reading("乙.csv", 10_000_000))
    counted.detail(Text("folding {cut_off}", cut_off="2022-07-22"))
    assert [text.en for text in listener.told] == [
        "reading 甲.csv · file 1 of 2 · 0.0 of 40.0 MB · 0 % · 0:00 elapsed",
        "reading 乙.csv · file 2 of 2 · 30.0 of 40.0 MB · 75 % · 0:30 elapsed, about 0:10 left",
        "folding 2022-07-22 · file 2 of 2 · 40.0 of 40.0 MB · 100 % · 0:40 elapsed",
    ]
    assert listener.told[1].zh == ("读取 乙.csv · 第 2 个文件，共 2 个 · 30.0/40.0 MB · 75% · 已用 0:30，约剩 0:10")


def test_where_there_is_nothing_to_read_all_is_done() -> None:
    assert Share(Text("folding {cut_off}", cut_off=""), 0, 0, 0, 0, 0).per_cent == 100


def test_minutes_have_seconds_and_hours_minutes() -> None:
    assert [say_time(seconds) for seconds in (0, 7.4, 59.6, 600, 3723)] == ["0:00", "0:07", "1:00", "10:00", "1:02:03"]


def test_a_load_counts_the_files_of_all_its_deliveries_together(tmp_path: Path) -> None:
    content = {day: write_table(GOOD_ROW.replace("000001", day[-2:] + "0001")) for day in ("2022-07-15", "2022-07-22")}
    project = open_project(write_raw(tmp_path, {f"{day}/许可.csv": text for day, text in content.items()}))
    listener = Listener()
    plan = plan_run(project, listener)
    with build_aside(project, plan) as build:
        load_deliveries(build, listener)
    shares = [text for text in listener.told if isinstance(text, Share)]
    assert [text.en.partition(" MB")[0].partition(" · ")[::2] for text in shares] == [
        ("reading 2022-07-15/许可.csv", "file 1 of 2 · 0.0 of 0.0"),
        ("folding 2022-07-15", "file 1 of 2 · 0.0 of 0.0"),
        ("reading 2022-07-22/许可.csv", "file 2 of 2 · 0.0 of 0.0"),
        ("folding 2022-07-22", "file 2 of 2 · 0.0 of 0.0"),
    ]
    assert [text.per_cent for text in shares] == [0, 50, 50, 100]

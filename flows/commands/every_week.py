"""每周: handing in, and the weekly run."""

import argparse
from pathlib import Path

from flows.commands.common import (
    EVERY_WEEK,
    Arguments,
    Command,
    Say,
    add_decisions,
    add_memory,
    add_notify,
    add_wait,
    open_root,
    parse_day,
    read_decisions,
    refuse_memory,
    run_recorded,
)
from flows.project import Project, server_address
from flows.vocabulary import Text


def _weekly_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "--week-ending",
        type=parse_day,
        metavar="D",
        help=say(
            "周末日，如 2022-07-22（默认：今天之前最近一个完整的通报周）",
            "last day of the week, e.g. 2022-07-22 (default: the last complete bulletin week)",
        ),
    )
    own.add_argument(
        "--json", action="store_true", help=say("输出 statistics.json 的内容", "print what statistics.json says")
    )
    own.add_argument(
        "--dry-run",
        action="store_true",
        help=say("只看结果和检查，什么也不写", "show figures and checks, write nothing"),
    )
    add_decisions(own, say)
    add_notify(own, say)
    add_memory(own, say)
    add_wait(own, say)


def _weekly(arguments: Arguments, language: str) -> int:
    from flows import console, pipeline, summaries

    project, language = open_root(arguments, language)
    accepting = read_decisions(arguments)
    if arguments.dry_run:
        return _preview(project, arguments, language)
    if address := server_address():
        refuse_memory(arguments)
        run = run_recorded(
            "weekly",
            project,
            address,
            arguments.quiet,
            week_end=arguments.week_ending,
            accept=dict(arguments.accept),
            by=arguments.by,
            wait_seconds=arguments.wait,
            notify=arguments.notify,
        )
    else:
        with console.show_progress(language, quiet=arguments.quiet) as progress:
            run = pipeline.weekly(
                project,
                arguments.week_ending,
                progress,
                accepting=accepting,
                wait_seconds=arguments.wait,
                notify=arguments.notify,
            )
    if arguments.json:
        print((run.folder / "statistics.json").read_text(encoding="utf-8"), end="")
    else:
        print(summaries.summarise_week(run, project, language))
    return 0


def _preview(project: Project, arguments: Arguments, language: str) -> int:
    from flows import bulletin, console, gates, pipeline, summaries

    with console.show_progress(language, quiet=arguments.quiet) as progress:
        shown = pipeline.preview(
            project,
            arguments.week_ending,
            progress,
            accepting=read_decisions(arguments),
            wait_seconds=arguments.wait,
        )
    if arguments.json and shown.statistics:
        print(bulletin.write_json(shown.statistics), end="")
    else:
        print(summaries.describe_preview(shown, project, language))
    gates.refuse_failures(shown.inspection.checks)
    return 0


def _receive_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help=say("导出文件（.csv .txt .tsv .xlsx）", "exported files (.csv .txt .tsv .xlsx)"),
    )
    own.add_argument(
        "--cut-off",
        type=parse_day,
        metavar="D",
        help=say(
            "数据完整到哪一天（默认：按文件名或内容推断）",
            "the day they are complete through (default: told by name or content)",
        ),
    )


def _receive(arguments: Arguments, language: str) -> int:
    from flows import summaries
    from flows.receiving import receive

    project, language = open_root(arguments, language)
    received = receive(project, arguments.files, arguments.cut_off)
    if not arguments.quiet:
        print(summaries.describe_receiving(received, project, language))
    return 0


def _publish_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    last = say("周末日，如 2022-07-22", "last day of the week, e.g. 2022-07-22")
    own.add_argument("--week-ending", type=parse_day, metavar="D", required=True, help=last)
    own.add_argument("--by", metavar="NAME", required=True, help=say("编发人", "who publishes"))
    own.add_argument(
        "--checked-by", metavar="NAME", required=True, help=say("审核人，须是另一人", "who checked: another one")
    )
    number = say("期号（默认接上一期）", "issue of the year (default: the next one)")
    own.add_argument("--issue", type=int, metavar="N", help=number)
    own.add_argument(
        "--serial", type=int, metavar="N", help=say("总期号（默认接上一期）", "serial number (default: the next)")
    )
    add_wait(own, say)


def _publish(arguments: Arguments, language: str) -> int:
    from flows import console, publication, summaries

    project, language = open_root(arguments, language)
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        published = publication.publish(
            project,
            arguments.week_ending,
            arguments.by,
            arguments.checked_by,
            progress,
            issue=arguments.issue,
            serial=arguments.serial,
            wait_seconds=arguments.wait,
        )
    print(summaries.describe_publication(published, project, language))
    return 0


def _revisions_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    week = say("只看这一期（默认：所有已刊发的）", "only of this week (default: all that are published)")
    own.add_argument("--week-ending", type=parse_day, metavar="D", help=week)
    own.add_argument("--json", action="store_true", help=say("以 JSON 输出", "print as JSON"))


def _revisions(arguments: Arguments, language: str) -> int:
    from dataclasses import asdict

    from flows import console, publication, summaries

    project, language = open_root(arguments, language)
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        revisions = publication.revise(project, arguments.week_ending, progress)
    if arguments.json:
        print(console.write_json([asdict(revision) for revision in revisions]))
    else:
        print("\n".join(summaries.describe_revision(revision, project, language) for revision in revisions))
    return 0


COMMANDS = (
    Command(
        "receive",
        EVERY_WEEK,
        Text("接收导出文件", "hand exported files in"),
        Text(
            "识别文件，推断截止日期，整份复制到 data/raw/<截止日期>/。\n复制中断不会留下半个文件；内容相同的文件只收一次。",
            "Recognises the files, proposes their cut-off and copies them whole into data/raw/<cut-off>/.\n"
            "A copy that breaks off leaves nothing; a content received before is not stored again.",
        ),
        "receive 行政许可_20220722.csv --cut-off 2022-07-22",
        _receive_arguments,
        _receive,
    ),
    Command(
        "weekly",
        EVERY_WEEK,
        Text("载入新批次，出一周的统计段落", "load what is new, write the week's section"),
        Text(
            "载入 data/raw 中尚未载入的批次（全部成功或全部不动），检查，换上新的数据仓库，\n"
            "写出 reports/<周末日>/。没有新数据时只重新写出报告。",
            "Takes in every delivery not yet loaded (all or nothing), checks, swaps the new warehouse in\n"
            "and writes reports/<week ending>/. With nothing new it only writes the report again.",
        ),
        "weekly --week-ending 2022-07-22",
        _weekly_arguments,
        _weekly,
    ),
    Command(
        "publish",
        EVERY_WEEK,
        Text("刊发一期：冻结数字和文件", "sign a week: its figures and files are frozen"),
        Text(
            "把 reports/<周末日>/ 的草稿连同数字、文件清单、口径冻结到 published/，此后不再改写；编发人和审核人须是两个人。",
            "Freezes the draft of reports/<week ending>/ with its figures, sources and definitions in published/, for good.\n"
            "Author and checker must be two people.",
        ),
        "publish --week-ending 2022-07-22 --by 甲 --checked-by 乙 --issue 24 --serial 399",
        _publish_arguments,
        _publish,
    ),
    Command(
        "revisions",
        EVERY_WEEK,
        Text("已刊发的数字有何变化，出更正说明", "what has changed since publication, as a notice"),
        Text(
            "逐组逐项比较已刊发的数字和现在的数字，按原因拆分，各项之和必等于差额；有变化的写出更正说明（.txt .md .docx）。",
            "Compares what was published with what is known today, by cause; the parts always add up.\n"
            "Where something has changed it writes 更正说明 (.txt .md .docx).",
        ),
        "revisions --week-ending 2022-07-22",
        _revisions_arguments,
        _revisions,
    ),
)

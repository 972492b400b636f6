"""The figures of the bulletin of 22 July 2022 and the paragraph that was printed of them."""

from datetime import date

from flows.domain.cases import Cause, Counts, Measure, Week, Window
from flows.domain.figures import (
    Change,
    Compared,
    DailyCounts,
    FigureParts,
    GroupFigures,
    HandlingTimes,
    KnownThrough,
    Part,
    PartCounts,
    Reconciliation,
    Source,
    Statistics,
    WeekCounts,
)
from flows.domain.verdicts import Severity, Verdict

PUBLISHED = (
    "据四川一体化政务服务平台数据统计，2022年1月1日至2022年7月22日，省本级行政许可事项受理465145件，办结461336件；"
    "公共服务事项受理18703029件，办结6476433件，其它九类行权事项受理40933件，办结41684件。"
)
STATISTICS = Statistics(
    source="四川一体化政务服务平台",
    scope="省本级",
    is_sample=False,
    week=Week(Window(date(2022, 7, 18), date(2022, 7, 22)), previous_end=date(2022, 7, 15)),
    known_through=KnownThrough(cut_off=date(2022, 7, 22), received_on=date(2022, 7, 25), deliveries=3),
    groups=(
        GroupFigures(
            "licence",
            "行政许可",
            Counts(465145, 461336, 2210),
            Counts(15012, 14870, 61),
            Counts(15020, 14871, 62),
            Counts(14000, 15000, 60),
            Compared(Counts(15012, 14870), Counts(14000, 15000)),
            Compared(Counts(465145, 461336), Counts(450000, 470000), ("示例11厅",)),
        ),
        GroupFigures(
            "public_service",
            "公共服务",
            Counts(18703029, 6476433, 10200),
            Counts(644932, 223325, 90),
            Counts(692704, 239867, 95),
        ),
        GroupFigures(
            "other_power", "其它九类行权", Counts(40933, 41684, 1904), Counts(1411, 1437, 0), Counts(1411, 1437, 0)
        ),
    ),
    unclassified=Counts(12, 7),
    unclassified_labels={"行政调解": Counts(9, 7), "a|b": Counts(3, 0)},
    out_of_scope=Counts(90233, 88120),
    quarantined_rows=27,
    quarantine_reasons={"受理时间无法识别": 20, "办件编号已损坏": 7},
    definitions={"受理": "受理时间在窗口内，且办件未作废", "办结": "办结时间在窗口内，不论何年受理"},
    daily=(
        DailyCounts(date(2022, 1, 4), "licence", Counts(3120, 2800)),
        DailyCounts(date(2022, 7, 22), "licence", Counts(2990, 3301)),
        DailyCounts(date(2022, 7, 22), "other_power", Counts(291, 302)),
    ),
    reconciliation=Reconciliation(
        files=12, read=21034567, loaded=20900012, repeated=134528, quarantined=27, personal_columns=5, other_columns=31
    ),
    verdicts=(
        Verdict("every_row_is_accounted_for", Severity.CRITICAL, True, "0", "每行或载入、或重复、或隔离", "every row"),
        Verdict(
            "no_time_runs_backwards",
            Severity.WARNING,
            False,
            "17",
            "办结不早于受理",
            "completed after accepted",
            2,
            said_zh="有 17 件办结早于受理（应为 0）：2022-07-22 12、2022-07-15 5",
            said_en="17 cases are completed before they are accepted (should be 0): 2022-07-22 12, 2022-07-15 5",
            due_zh="0",
            due_en="0",
        ),
        Verdict("no_case_is_damaged", Severity.CRITICAL, False, "1", "办件编号完好", "case numbers are whole"),
    ),
    departments=(
        *(PartCounts(f"示例{i}厅", Counts(1000 - i, 900 - i, i)) for i in range(11)),
        PartCounts("", Counts(1, 0, 0)),
    ),
    areas=(
        PartCounts("510000", Counts(19209101, 6979453, 14314), "四川省"),
        PartCounts("510100", Counts(90233, 88120, 7)),
    ),
    kinds=(PartCounts("即办件", Counts(300, 300, 0)), PartCounts("未注明", Counts(7, 0, 0))),
    weeks=(WeekCounts(date(2022, 7, 22), {"licence": Counts(15020, 14871, 62)}),),
    handling=(
        HandlingTimes("licence", 461336, 461330, 2310000, 3.5, 461000, 460990, 100, 6500, 3809, 3800, 37, 21, 40, 3),
        HandlingTimes("public_service", 10, 10, 25, 2.0, 10, 10, 0, 0, 3),
        HandlingTimes("other_power", 0, 0, 0, None, 0, 0, 0, 0, 0),
    ),
    handling_by_department=(
        HandlingTimes("示例0厅", 900, 890, 4450, 4.0, 880, 800, 0, 0, 120, 100, 20, 7, 1, 0),
        *(HandlingTimes(f"示例{i}厅", 800 - i, 0, 0, None, 0, 0, 0, 0, 10, 0, 0, 0, 1, 1) for i in range(1, 10)),
        HandlingTimes("示例10厅", 300, 200, 1000, 5.0, 200, 150, 0, 0, 9, 9, 1, 1, 1, 0),
        HandlingTimes("", 100, 100, 300, 3.0, 100, 100, 0, 0, 1, 1, 0, 1, 1, 0),
    ),
    changes=(
        Change("licence", Measure.ACCEPTED, Cause.NEW, 15020),
        Change("licence", Measure.ACCEPTED, Cause.VOIDED, -3),
        Change("licence", Measure.ACCEPTED, Cause.CORRECTED, 2),
        Change("licence", Measure.ACCEPTED, Cause.CORRECTED, -1),
        Change("other_power", Measure.COMPLETED, Cause.LATE, 4),
    ),
    sources=(Source("2022-07-22", "2022-07-22/办件.csv", "ab" * 32),),
    figure_parts=(
        FigureParts(
            "licence",
            Measure.ACCEPTED,
            (Part(("示例0厅",), 464124), *(Part((f"示例{i}厅",), 50) for i in range(1, 21)), Part(("",), 21)),
            (Part(("2022-07-22", "2022-07-22/办件.xlsx", "一季度"), 465145),),
        ),
    ),
)

"""An edited section against its figures: every number is found, recomputed or said to be nobody's."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_figures import PUBLISHED, STATISTICS

from flows.domain.cases import Counts
from flows.domain.figures import GroupFigures, Wording
from flows.report.paragraph import write_paragraph
from flows.report.proofreader import parse_paragraph, proofread

LABELS = {figures.group: figures.label for figures in STATISTICS.groups}


def counts() -> st.SearchStrategy[Counts]:
    return st.builds(Counts, st.integers(0, 10**9), st.integers(0, 10**9))


@given(st.tuples(counts(), counts(), counts()), st.booleans())
def test_a_paragraph_reads_back_as_it_was_written(three: tuple[Counts, ...], has_separators: bool) -> None:
    groups = tuple(GroupFigures(g, LABELS[g], c, Counts(), Counts()) for g, c in zip(LABELS, three, strict=True))
    written = write_paragraph(replace(STATISTICS, groups=groups, wording=Wording(has_separators=has_separators)))
    assert parse_paragraph(written, LABELS) == {
        figures.group: {"accepted": figures.year_to_date.accepted, "completed": figures.year_to_date.completed}
        for figures in groups
    }


def test_every_single_digit_fault_in_the_paragraph_is_found() -> None:
    """Each digit of it, made each other digit: the dates of the window among them."""
    faults = missed = 0
    for place, character in enumerate(PUBLISHED):
        for digit in "0123456789" if character.isdecimal() else "":
            if digit != character:
                faults += 1
                missed += not proofread(PUBLISHED[:place] + digit + PUBLISHED[place + 1 :], STATISTICS).faults
    assert (faults, missed) == (450, 0)


EDITED = [
    PUBLISHED,
    PUBLISHED.replace("其它", "其他").replace("，", ", ").replace("件", " 件"),
    PUBLISHED.replace("465145", "465,145").replace("18703029", "１８７０３０２９"),
    PUBLISHED.replace("465145件", "46.51万件").replace("6476433件", "647.6万件"),
    f"一、省级政务服务事项受理办理情况\n{PUBLISHED}\n三类事项合计受理19209107件、办结6979453件，行政许可办结率99.2%，行政许可受理同比增长3.4%、"
    "行政许可办结环比下降0.9%。",
]


@pytest.mark.parametrize("text", EDITED)
def test_an_edited_section_that_is_right_raises_no_alarm(text: str) -> None:
    reading = proofread(text, STATISTICS)
    assert (reading.faults, reading.unchecked) == ((), ())


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ("合计受理19209107件", "合计受理19209106件", "合计受理"),
        ("办结率99.2%", "办结率99.1%", "行政许可办结率"),
        ("同比增长3.4%", "同比增长3.5%", "行政许可受理同比"),
        ("环比下降0.9%", "环比增长0.9%", "行政许可办结环比"),
    ],
)
def test_a_sum_or_rate_that_does_not_recompute_is_named(right: str, wrong: str, what: str) -> None:
    assert right in EDITED[-1]
    reading = proofread(EDITED[-1].replace(right, wrong), STATISTICS)
    assert [fault.what for fault in reading.faults] == [what]


def test_a_number_that_nobody_can_check_is_said_to_be_so() -> None:
    reading = proofread(f"{PUBLISHED}大厅接待群众1234件。", STATISTICS)
    assert (reading.faults, reading.unchecked) == ((), ("大厅接待群众1234件",))

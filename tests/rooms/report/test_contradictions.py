"""A bulletin against itself: what its own numbers give is named where it differs, and nothing else is."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flows.report.contradictions import find_contradictions
from flows.report.statements import find_counts, split_sentences

MANY = st.integers(1, 10**6)


def read(text: str) -> list[tuple[str, str, str]]:
    return [(each.what.en, each.written, each.right) for each in find_contradictions(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "本月办结5160件，其中按时办结4879件，按时办结率85.25%。",
            [("按时办结率", "85.25%", "94.55%（4879件/5160件）")],
        ),
        ("评价4288件，其中好评4084件，好评率97.86%。", [("好评率", "97.86%", "95.24%（4084件/4288件）")]),
        (
            "主动评价3448件，办件数3382件，主动评价率101.95%。",
            [("a part larger than its whole", "3448件", "≤3382件")],
        ),
        ("办件数3382件，主动评价数3448件。", [("a part larger than its whole", "3448件", "≤3382件")]),
        ("办结100件，按时办结101件。", [("a part larger than its whole", "101件", "≤100件")]),
        (
            "受理1000件，其中行政许可500件、公共服务300件、其他行政权力195件。",
            [("the sum of the parts", "1000件", "500件+300件+195件=995件")],
        ),
        (
            "评价226351件，其中好评226275件，好评率99.9%；办结14717件，其中按时办结14666件，按时办结率99.7%。",
            [
                (
                    "one rate cut off, another one rounded",
                    "99.9%（226275件/226351件）、99.7%（14666件/14717件）",
                    "99.97%、99.65%",
                )
            ],
        ),
        ("评价226351件，其中好评226275件，好评率100%。", [("好评率", "100%", "99%（226275件/226351件）")]),
        (
            "办结14717件，按时办结14666件，按时办结率99.6%。",
            [("按时办结率, cut off, not rounded", "99.6%", "99.7%（14666件/14717件）")],
        ),
        ("受理比上月增加30件（上月100件，本月120件）。", [("rise or fall", "增加30件", "+20件（120件、100件）")]),
        ("受理1123件，同比增长12.4%（去年同期1000件）。", [("rise or fall", "增长12.4%", "+12.3%（1123件、1000件）")]),
        (
            "满意率较上月提高1.5个百分点（上月97.0%，本月98.1%）。",
            [("rise or fall", "提高1.5个百分点", "+1.1个百分点")],
        ),
        (
            "办件量排名前三的单位为甲局（95件）、乙局（120件）。",
            [
                ("how many are ranked", "前三", "2"),
                ("the order of ranks", "甲局（95件）、乙局（120件）", "乙局、甲局"),
            ],
        ),
    ],
)
def test_a_contradiction_is_named_with_both_sides(text: str, found: list[tuple[str, str, str]]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "2022年第24期（总第399期），共印80份。",
        "受理40933件，其中办结41684件。",
        "办结5160件，其中按时办结4879件，提前办结3000件。",
        "受理1000件，其中行政许可500件、公共服务300件。",
        "受理1.87万件，其中行政许可1.2万件、其他0.67万件。",
        "办结100件，其中按时办结90件，按时办结率90.0%，去年同期按时办结率80.0%。",
        "办结100件，其中按时办结90件，力争按时办结率达到95%以上。",
        "甲局办结10件，按时办结9件，乙局办结20件，按时办结18件，按时办结率90.0%。",
        "排名前二的单位为甲局（9件）、乙局（7件）、丙局（7件）。",
        "收到评价100件，其中非常满意90件、满意8件、基本满意2件，满意率100%。",
        "排名前三的单位为甲局（9件）、乙局、丙局。",
        "受理约500件，其中行政许可600余件。",
    ],
)
def test_what_is_not_certain_is_no_contradiction(text: str) -> None:
    assert read(text) == []


def test_full_width_digits_separators_and_lines_broken_within_a_number_are_read() -> None:
    (sentence,) = split_sentences("省本级受理１２，３\n\n４５ 件，办结 1.87 万件。")
    assert [(count.written, int(count.value)) for count in find_counts(sentence.text)] == [
        ("12,345件", 12345),
        ("1.87万件", 18700),
    ]


def test_the_paragraph_and_its_sentence_are_named() -> None:
    (found,) = find_contradictions("一、办理情况\n\n受理正常。\n办结10件，按时办结9件，按时办结率80%。")
    assert (found.paragraph, found.sentence) == (3, "办结10件,按时办结9件,按时办结率80%")


def write(parts: tuple[int, int, int], late: int, earlier: int) -> list[str]:
    """A correct bulletin; its numbers that take part in a relation stand at the odd places."""
    total = sum(parts)
    share = str((Decimal(total - late) * 100 / total).quantize(Decimal("0.1"), ROUND_HALF_UP))
    words = ["本月受理", total, "件，其中行政许可", parts[0], "件、公共服务", parts[1], "件、其他行政权力", parts[2]]
    words += ["件。办结", total, "件，其中按时办结", total - late, "件，按时办结率", share]
    change = "增加" if total >= earlier else "减少"
    words += [f"%。受理量比上月{change}", abs(total - earlier), "件（上月", earlier, "件，本月", total, "件）。"]
    ranked = sorted(parts, reverse=True)
    words += ["排名前三的单位为甲局（", ranked[0], "件）、乙局（", ranked[1], "件）、丙局（", ranked[2], "件）。"]
    return [str(word) for word in words]


@given(st.tuples(MANY, MANY, MANY), st.data(), MANY)
def test_a_correct_bulletin_gives_no_alarm(parts: tuple[int, int, int], data: st.DataObject, earlier: int) -> None:
    written = write(parts, data.draw(st.integers(0, sum(parts))), earlier)
    assume("100.0" not in written or written[9] == written[11])
    assert read("".join(written)) == []


@given(st.tuples(MANY, MANY, MANY), st.data(), MANY, st.sampled_from([1, 3, 5, 7, 13, 15, 17, 19]))
def test_one_changed_number_gives_an_alarm(
    parts: tuple[int, int, int], data: st.DataObject, earlier: int, place: int
) -> None:
    written = write(parts, data.draw(st.integers(0, sum(parts))), earlier)
    assume("100.0" not in written or written[9] == written[11])
    written[place] = str(Decimal(written[place]) + data.draw(st.integers(1, 1000)))
    assert read("".join(written))

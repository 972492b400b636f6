"""Recomputes what a text says from its own numbers. It accuses only where the relation is certain (docs/report.md)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from itertools import groupby, pairwise

from flows.domain.text import Text
from flows.report.rates import round_half_up
from flows.report.statements import (
    NUMBER,
    Count,
    Sentence,
    Share,
    count_decimals,
    find_counts,
    find_only,
    find_shares,
    read_number,
    split_sentences,
    strip_name,
)

_WHOLE = Decimal(100)
# The words of a rate's part, and those of its whole: the first that the sentence names.
_RATES = {
    "按时办结率": (("按时办结",), ("办结", "办件")),
    "提前办结率": (("提前办结",), ("办结", "办件")),
    "办结率": (("办结",), ("受理",)),
    "主动评价率": (("主动评价",), ("办件", "办结")),
    "好评率": (("好评",), ("主动评价", "评价")),
    "满意率": (("满意",), ("主动评价", "评价")),
    "网办率": (("网办", "网上办理"), ("受理", "办件", "申请")),
    "整改率": (("整改", "完成整改"), ("差评", "不满意")),
}
_OVERLAPPING = re.compile("按时|提前|办结|网|即办|承诺|满意|评价|超期|一次|在办|新增")
_GRADES = re.compile("非常满意|基本满意|比较满意")  # whether 满意率 takes them in is not said
_EXHAUSTIVE = re.compile("^(?:分别为|分别是)")
_CHANGE = re.compile(rf"(增加|减少|增长|下降|上升)(?:了)?{NUMBER}(件|%)\(([^()]*)\)")
_POINTS = re.compile(rf"(提高|上升|增加|下降|降低|减少)(?:了)?{NUMBER}个百分点\(([^()]*)\)")
_COMPARED = re.compile(",?(?:同比|环比|(?:比|较)(?:上月|上周|去年同期|上年同期|上期))")
_FALLING = {"减少", "下降", "降低"}
_RANKS = re.compile(
    r"前([一二三四五六七八九十]|\d{1,2})(?:名|位)?的[^,:。\d]{0,12}?(?:依次为|分别为|依次是|为|是|:)(.+)"
)
_RANKED = re.compile(rf"([^、,()\d]+)\({NUMBER}(万)?件\)(?:、|和|,|$)?")
_NUMERALS = {numeral: place for place, numeral in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True)
class Contradiction:
    """What is written, what the other numbers of the text give, and where: paragraph (from 1) and sentence."""

    what: Text
    written: str
    right: str
    paragraph: int
    sentence: str


@dataclass(frozen=True)
class _Rated:
    share: Share
    part: Count
    whole: Count
    sentence: Sentence

    @property
    def exact(self) -> Decimal:
        return self.part.value * 100 / self.whole.value

    @property
    def places(self) -> Decimal:
        return Decimal(1).scaleb(-count_decimals(self.share.written))

    @property
    def rounded(self) -> Decimal:
        return round_half_up(self.exact, self.places)

    @property
    def right(self) -> Decimal:
        """Half up; never 100 while a case is open."""
        is_short = self.part.value < self.whole.value and self.rounded >= _WHOLE
        return _WHOLE - self.places if is_short else self.rounded

    @property
    def is_cut(self) -> bool:
        return self.share.value != self.rounded and self.share.value == self.exact.quantize(self.places, ROUND_DOWN)


def find_contradictions(text: str) -> list[Contradiction]:
    """In the order of the text; of a number in several relations, each."""
    sentences = split_sentences(text)
    rated = [each for sentence in sentences for each in _find_rated(sentence)]
    found = [*_judge_rates(rated), *_judge_rounding(rated)]
    for sentence in sentences:
        found += [
            *_judge_pairs(sentence),
            *_judge_parts(sentence),
            *_judge_changes(sentence),
            *_judge_points(sentence),
            *_judge_ranks(sentence),
        ]
    return sorted(found, key=lambda each: each.paragraph)


def _name(what: Text, written: object, right: object, sentence: Sentence) -> Contradiction:
    return Contradiction(what, str(written), str(right), sentence.paragraph, sentence.text)


def _find_rated(sentence: Sentence) -> Iterator[_Rated]:
    counts = find_counts(sentence.text)
    for share in find_shares(sentence.text):
        if (name := strip_name(share.name)) not in _RATES or (name == "满意率" and _GRADES.search(sentence.text)):
            continue
        parts, wholes = ([find_only(counts, word, share.start) for word in words] for words in _RATES[name])
        part, whole = (next((count for count in each if count), None) for each in (parts, wholes))
        if part and whole and whole.value and not part.slack and not whole.slack:
            yield _Rated(share, part, whole, sentence)


def _judge_rates(rated: list[_Rated]) -> Iterator[Contradiction]:
    for each in rated:
        of = f"{each.part.written}/{each.whole.written}"
        if each.part.value > each.whole.value and not each.share.name.endswith("办结率"):
            yield _name(
                Text("a part larger than its whole"), each.part.written, f"≤{each.whole.written}", each.sentence
            )
        elif each.share.value != each.right:
            cut = Text("{name}, cut off, not rounded", name=each.share.name)
            what = cut if each.is_cut else Text("{name}", name=each.share.name)
            yield _name(what, f"{each.share.written}%", f"{each.right}%（{of}）", each.sentence)


def _judge_pairs(sentence: Sentence) -> Iterator[Contradiction]:
    """A part beside its whole, though no rate of them is printed: no more are rated than were handled. (其中: _judge_parts.)"""
    if "其中" in sentence.text:
        return
    counts, end = find_counts(sentence.text), len(sentence.text)
    told = {strip_name(share.name) for share in find_shares(sentence.text)}
    for rate, words in _RATES.items():
        if rate in told or rate == "办结率":
            continue
        part, whole = (next(filter(None, (find_only(counts, w, end) for w in each)), None) for each in words)
        if part and whole and part.value - part.slack > whole.value + whole.slack:
            yield _name(Text("a part larger than its whole"), part.written, f"≤{whole.written}", sentence)


def _judge_rounding(rated: list[_Rated]) -> Iterator[Contradiction]:
    """99.966 may be printed as 99.9, since 100.0 would say all; but not beside a rate that is rounded up."""
    for _, paragraph in groupby(rated, key=lambda each: each.sentence.paragraph):
        several = list(paragraph)
        cut = [each for each in several if each.is_cut]
        up = [each for each in several if each.share.value == each.rounded > each.exact]
        if cut and up:
            written = "、".join(
                f"{each.share.written}%（{each.part.written}/{each.whole.written}）" for each in (cut[0], up[0])
            )
            finer = "、".join(f"{round_half_up(each.exact, each.places / 10)}%" for each in (cut[0], up[0]))
            yield _name(Text("one rate cut off, another one rounded"), written, finer, cut[0].sentence)


def _judge_parts(sentence: Sentence) -> Iterator[Contradiction]:
    """The counts behind 其中, up to the first clause that is none, against the one before it."""
    if sentence.text.count("其中") != 1:
        return
    before, _, behind = sentence.text.partition("其中")
    totals = find_counts(before)
    if not totals or totals[-1].end != len(before.rstrip(",:(")):
        return
    total, parts = totals[-1], list(_list_parts(behind.lstrip(",:")))
    if not parts or any(part.is_earlier for part in (total, *parts)):
        return
    for part in parts:
        if part.value - part.slack > total.value + total.slack and not part.name.endswith("办结"):
            yield _name(Text("a part larger than its whole"), part.written, f"≤{total.written}", sentence)
    added, slack = sum((part.value for part in parts), Decimal(0)), total.slack + sum(part.slack for part in parts)
    if len(parts) < 2 or any(_OVERLAPPING.search(part.name) for part in parts):
        return
    is_whole = parts[-1].name.startswith(("其他", "其余")) or bool(_EXHAUSTIVE.search(behind))
    if added > total.value + slack or (is_whole and added < total.value - slack):
        what = Text("the sum of the parts")
        yield _name(
            what, total.written, f"{'+'.join(part.written for part in parts)}={added.normalize():f}件", sentence
        )


def _list_parts(text: str) -> Iterator[Count]:
    for clause in re.split(r"[,、]", re.sub(r"(?<=\d),(?=\d{3})", "", text)):
        counts = find_counts(clause)
        if len(counts) != 1 or counts[0].end != len(clause.rstrip(")")) or not counts[0].name:
            return
        yield counts[0]


def _read_pair(bracket: str, unit: str) -> tuple[Decimal | None, Decimal | None]:
    """Now and earlier, as the bracket behind a change names them; what is printed in 万 is not exact, and none."""
    earlier = re.search(rf"(?:上月|上周|去年同期|上年同期|上期)[为是]?{NUMBER}{unit}", bracket)
    now = re.search(rf"(?:本月|本周|今年|本期)[为是]?{NUMBER}{unit}", bracket)
    return now and read_number(now[1])[0], earlier and read_number(earlier[1])[0]


def _judge_changes(sentence: Sentence) -> Iterator[Contradiction]:
    for found in _CHANGE.finditer(sentence.text):
        now, earlier = _read_pair(found[4], "件")
        if now is None:
            now = _read_subject(sentence.text[: found.start()])
        if now is None or not earlier:
            continue
        written = read_number(found[2])[0] * (-1 if found[1] in _FALLING else 1)
        right = now - earlier
        if found[3] == "%":
            right = round_half_up(right * 100 / earlier, Decimal(1).scaleb(-count_decimals(found[2])))
        if written != right:
            words = f"{right:+}{found[3]}（{now}件、{earlier}件）"
            yield _name(Text("rise or fall"), f"{found[1]}{found[2]}{found[3]}", words, sentence)


def _read_subject(before: str) -> Decimal | None:
    """The count that stands directly before 同比 or 比上月."""
    counts = find_counts(before)
    if not counts or counts[-1].slack or counts[-1].is_earlier or not _COMPARED.fullmatch(before[counts[-1].end :]):
        return None
    return counts[-1].value


def _judge_points(sentence: Sentence) -> Iterator[Contradiction]:
    """Of rates that are rounded, the difference may be off by one in its last place."""
    for found in _POINTS.finditer(sentence.text):
        now, earlier = _read_pair(found[3], "%")
        if now is None or earlier is None:
            continue
        right = now - earlier
        written = read_number(found[2])[0] * (-1 if found[1] in _FALLING else 1)
        if abs(written - right) > Decimal(1).scaleb(-count_decimals(found[2])):
            yield _name(Text("rise or fall"), f"{found[1]}{found[2]}个百分点", f"{right:+}个百分点", sentence)


def _judge_ranks(sentence: Sentence) -> Iterator[Contradiction]:
    """As many names as 前三 says, or more with the last ones alike; none before a larger one."""
    for found in _RANKS.finditer(sentence.text):
        ranked = [(one[1], *read_number(one[2], one[3])) for one in _RANKED.finditer(found[2])]
        if not ranked or _RANKED.sub("", found[2]):  # names without counts, or more of the sentence behind them
            continue
        said = _NUMERALS.get(found[1]) or int(found[1])
        values = [value for _, value, _ in ranked]
        if len(ranked) < said or (len(ranked) > said and values[said - 1] != values[-1]):
            yield _name(Text("how many are ranked"), f"前{found[1]}", len(ranked), sentence)
        for (name, value, _), (other, larger, slack) in pairwise(ranked):
            if larger > value + slack:
                yield _name(
                    Text("the order of ranks"),
                    f"{name}（{value:f}件）、{other}（{larger:f}件）",
                    f"{other}、{name}",
                    sentence,
                )

"""What the text of a bulletin says: its sentences, and the counts and rates that they name."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

NUMBER = r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
COUNT = re.compile(rf"([^\d,、;:()。]*){NUMBER}(万|亿)?件(?!次)")
RATE = re.compile(rf"([一-鿿]+率)(?:为|达到|达|是)?{NUMBER}%(?!以上|以下|左右)")
PARAGRAPH_END = "\u2029"
_LONGEST_TITLE = 20  # characters
_UNITS = {None: Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_ROUGH = re.compile(r"(?:约|近|超|超过|逾|不足|至少|最多|平均|每|增加|减少|增长|下降|上升)(?:了)?$")
_EARLIER = re.compile("上月|上周|上年|上期|上季|去年|同期|昨日|前一")
_LINE_END = re.compile(r"[。!?:;]$")
_HEADING = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、](?!\d)|[#|>*-]|\(\d+月)")


@dataclass(frozen=True)
class Sentence:
    """Up to a full stop or semicolon; `paragraph` counts from 1."""

    paragraph: int
    text: str


@dataclass(frozen=True)
class Count:
    """Cases: what stands before the number, the number as it is printed, and by how much its last digit may be off (0: exact)."""

    name: str
    written: str
    value: Decimal
    slack: Decimal
    start: int
    end: int
    is_earlier: bool


@dataclass(frozen=True)
class Share:
    """A rate in per cent, as it is printed."""

    name: str
    written: str
    value: Decimal
    start: int


def split_sentences(text: str) -> list[Sentence]:
    """Where no paragraph ends with PARAGRAPH_END, lines that were broken within a sentence are joined. Rows of tables are no
    sentences, and empty paragraphs are not counted.
    """
    plain = unicodedata.normalize("NFKC", text).replace("其它", "其他")
    ends = PARAGRAPH_END in plain
    paragraphs = ["".join(each.split()) for each in plain.split(PARAGRAPH_END)] if ends else _join_lines(plain)
    return [
        Sentence(number, sentence)
        for number, paragraph in enumerate(filter(None, paragraphs), 1)
        if not paragraph.startswith("|")
        for sentence in re.split(r"[。!?;]", paragraph)
        if sentence
    ]


def _join_lines(text: str) -> list[str]:
    paragraphs: list[str] = []
    is_open = False
    for line in filter(None, ("".join(line.split()) for line in text.splitlines())):
        is_heading = bool(_HEADING.match(line))
        if is_open and not is_heading:
            paragraphs[-1] += line
        else:
            paragraphs.append(line)
        is_title = is_heading and len(line) <= _LONGEST_TITLE and "," not in line
        is_open = not _LINE_END.search(line) and not is_title and not line.startswith(("#", "|"))
    return paragraphs


def find_counts(text: str) -> list[Count]:
    """Every exact count; 约, 余 and changes are none."""
    return list(_find_counts(text))


def _find_counts(text: str) -> Iterator[Count]:
    for found in COUNT.finditer(text):
        if _ROUGH.search(found[1]):
            continue
        value, slack = read_number(found[2], found[3])
        name = found[1]
        written = f"{found[2]}{found[3] or ''}件"
        yield Count(
            name, written, value, slack, found.start(2), found.end(), bool(_EARLIER.search(_around(text, found)))
        )


def _around(text: str, found: re.Match[str]) -> str:
    """The clause before the number, back to its comma or bracket."""
    return re.split(r"[,;(、]", text[: found.end()])[-1]


def read_number(digits: str, unit: str | None = None) -> tuple[Decimal, Decimal]:
    """Its value, and what its last digit may hide: 1.87万 is anything around 18700 by less than 100."""
    plain = Decimal(digits.replace(",", ""))
    return plain * _UNITS[unit], _UNITS[unit].scaleb(-count_decimals(digits)) if unit else Decimal(0)


def count_decimals(digits: str) -> int:
    return len(digits.partition(".")[2])


def find_shares(text: str) -> list[Share]:
    return [
        Share(found[1], found[2], Decimal(found[2].replace(",", "")), found.start()) for found in RATE.finditer(text)
    ]


def find_only(counts: Sequence[Count], word: str, before: int) -> Count | None:
    """The count of this period before a place that is named by a word, such as 办结; None if there are two: whose is meant is not certain."""
    named = [
        count for count in counts if count.end <= before and not count.is_earlier and strip_name(count.name) == word
    ]
    return named[0] if len(named) == 1 else None


def strip_name(name: str) -> str:
    """按时办结 of 其中按时办结了: without the words that say neither what is counted nor how."""
    bare = re.sub(r"(?:共计|共|数量|总数|数|量|为|达到|达|了|的)+$", "", name)
    return re.sub(r"^.*?(?:其中|共计|累计|合计|总计|共|本月|本周|全省|省本级|窗口|单位|已|收到)+", "", bare)

"""One concept has one Chinese word: flows/domain/terms.toml, the glossary of docs/method.md, and no other spelling in what is written."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.domain.text import read_chinese
from flows.root.project import CHECKOUT

TERMS = tomllib.loads((CHECKOUT / "flows/domain/terms.toml").read_text(encoding="utf-8"))["terms"]
FORBIDDEN = {spelling: term["zh"] for term in TERMS for spelling in term["not"]}
# What reads foreign files holds the words of others, and the changelog tells what a word was; these write only ours.
WRITERS = ("domain", "figures", "checks", "report", "service", "cli")


def read(name: str | Path) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def list_texts() -> Iterator[tuple[str, str]]:
    """All that the project writes in Chinese: where, and the text."""
    yield "zh.toml", "\n".join(read_chinese().values())
    files = [
        path for part in WRITERS for path in (CHECKOUT / "flows" / part).rglob("*") if path.suffix in (".py", ".j2")
    ]
    files += [
        CHECKOUT / "flows/weekly.py",
        CHECKOUT / "flows/rerun.py",
        CHECKOUT / "README.md",
    ]
    files += [*(CHECKOUT / "docs").rglob("*.md"), *(CHECKOUT / "sql").rglob("*.sql")]
    for path in files:
        yield str(path.relative_to(CHECKOUT)), path.read_text(encoding="utf-8")
    for path in (CHECKOUT / "flows/domain/profiles").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        definitions = tomllib.loads(text).get("definitions", {})
        comments = re.findall(r"#.*", text)
        yield path.name, "\n".join([*definitions, *definitions.values(), *comments])


def find_spellings(texts: Iterator[tuple[str, str]]) -> list[str]:
    return [
        f"{place}: {found[0]}, not {zh}"
        for place, text in texts
        for spelling, zh in FORBIDDEN.items()
        for found in re.finditer(spelling, text)
    ]


def test_no_other_spelling_of_a_term_is_written() -> None:
    assert find_spellings(list_texts()) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("截止日期 2022-07-22", []),
        ("截止日 2022-07-22", ["截止日, not 截止日期"]),
        ("受理部门、办件所属部门", []),
        ("各部门", ["部门, not 单位"]),
        ("受理时间不是时间", ["不是时间, not 无法识别"]),
    ],
)
def test_a_spelling_is_found_where_it_stands_for_the_term_alone(text: str, found: list[str]) -> None:
    assert find_spellings(iter([("x", text)])) == [f"x: {each}" for each in found]


def test_the_glossary_has_the_terms_and_no_other_chinese_word() -> None:
    glossary = read("docs/method.md").partition("\n## Glossary\n")[2]
    in_glossary = [(en.lower(), zh) for en, zh in re.findall(r"\*\*([A-Za-z][^*]*)\*\* ([一-鿿]+)", glossary)]
    assert in_glossary == [(term["en"], term["zh"]) for term in TERMS]


def test_a_term_has_one_word_and_a_word_one_term() -> None:
    assert [len({term[key] for term in TERMS}) for key in ("zh", "en")] == [len(TERMS)] * 2

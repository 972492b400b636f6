"""Every sentence is written once in English, beside the logic, and once in Chinese, in flows/domain/zh.toml."""

import ast
import pickle
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.domain.text import ZH, BadInput, Bilingual, CheckFailed, Lines, Text, read_chinese, say, speak, speaking
from flows.root.project import CHECKOUT

FLOWS = CHECKOUT / "flows"
SPEAKERS = {
    "Text",
    "say",
    "UserError",
    "WrongUsage",
    "BadInput",
    "CheckFailed",
    "Locked",
    "NothingToDo",
    "DamagedText",
    "NoHeader",
    "TooLarge",
}
# What one language says and the other does not.
PLACES_OF_ONE_LANGUAGE = {
    " and {rest} more": {"rest", "total"},
    "{label} {measure_zh} ({measure}), {window_start} through {window_end}: {cases}": {"measure"},
}


def list_sentences(text: str) -> Iterator[tuple[int, str | None, set[str]]]:
    """The line of each sentence of a module, its template (None where it is not a literal), and the places it fills."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and is_speaker(node.func) and (node.args or node.keywords):
            first = node.args[0] if len(node.args) == 1 else None
            template = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
            yield node.lineno, template, {str(keyword.arg) for keyword in node.keywords} - {"rules"}


def is_speaker(func: ast.expr) -> bool:
    return (isinstance(func, ast.Name) and func.id in SPEAKERS) or ast.unparse(func) == "super().__init__"


def find_places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


SENTENCES = [
    (f"{path.relative_to(CHECKOUT)}:{line}", template, places)
    for path in sorted(FLOWS.rglob("*.py"))
    if path.name != "text.py" and "flows.domain.text import" in path.read_text(encoding="utf-8")
    for line, template, places in list_sentences(path.read_text(encoding="utf-8"))
]


def test_a_sentence_is_a_literal_that_can_be_looked_up() -> None:
    assert [place for place, template, _ in SENTENCES if template is None] == []


def test_each_sentence_has_its_chinese_with_the_same_places_and_no_chinese_is_left_over() -> None:
    chinese = read_chinese()
    said = {template for _, template, _ in SENTENCES if template is not None}
    assert said - chinese.keys() == set()
    assert chinese.keys() - said == set()
    differing = {en: find_places(en) ^ find_places(zh) for en, zh in chinese.items()}
    assert {en: places for en, places in differing.items() if places} == PLACES_OF_ONE_LANGUAGE


def test_each_sentence_is_given_a_value_for_each_place_and_no_other() -> None:
    for place, template, given in SENTENCES:
        assert given == find_places(str(template)) | find_places(read_chinese()[str(template)]), place


def test_the_test_sees_what_it_forbids() -> None:
    assert list(list_sentences('raise BadInput("{file} is empty", file=path)')) == [(1, "{file} is empty", {"file"})]
    assert list(list_sentences('Text(f"{file} is empty")')) == [(1, None, set())]
    assert list(list_sentences('say("is empty", "是空的")')) == [(1, None, set())]


def test_chinese_stands_in_the_order_of_its_english() -> None:
    keys = list(read_chinese())
    assert keys == sorted(keys, key=lambda en: (en.strip(string.punctuation + " ").casefold(), en))
    assert len(keys) > 300, ZH


def test_values_are_written_in_the_language_of_their_sentence() -> None:
    text = Text(": {checks}", checks=[Path("a.zip"), Text("departments"), 3])
    assert (text.en, text.zh) == (": a.zip, departments, 3", "：a.zip、实施主体、3")
    assert Lines([Text("departments"), Bilingual("天", "day")]).zh == "实施主体\n天"


def test_a_text_is_written_in_the_language_of_the_context_english_by_itself() -> None:
    assert f"{Text('departments')} {say('months')}" == "departments months"
    with speaking("zh"):
        assert f"{Text('departments')} {say('months')}" == "实施主体 月份"
        speak("en")
        assert str(Text("departments")) == "departments"
    assert str(Text("departments")) == "departments"


@pytest.mark.parametrize(
    "error",
    [
        BadInput("{path}: there is no such file. Check the path.", path=Path("{a}.csv")),
        CheckFailed("Nothing has been published yet.", rules=["volume_factor"]),
    ],
)
def test_an_error_is_the_same_after_it_was_stored(error: BadInput | CheckFailed) -> None:
    stored = pickle.loads(pickle.dumps(error))
    assert (type(stored), str(stored), stored.text.zh) == (type(error), str(error), error.text.zh)
    assert stored.__dict__.keys() == error.__dict__.keys()
    assert getattr(stored, "rules", None) == getattr(error, "rules", None)

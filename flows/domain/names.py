"""Names and reasons that people give. What stands for one in an example is none."""

import re

from flows.domain.text import WrongUsage

_CHINESE = (
    "编发人",
    "审核人",
    "放行人",
    "签名人",
    "姓名",
    "名字",
    "某某",
    "某人",
    "另一人",
    "理由",
    "原因",
    "说明",
    "填写理由",
    "待填",
)
_ENGLISH = ("name", "who", "whom", "author", "checker", "reason", "why", "your reason", "todo", "tbd")
_EXAMPLES = frozenset((*_CHINESE, *_ENGLISH))
_FILLER = re.compile(r"x{2,}|[×*?？.。…_\-—]*")


def is_example(text: str) -> bool:
    """Whether a text is nothing but a word that stands for a name or a reason in an example, or a filler such as … or xxx."""
    plain = text.strip(" <>‹›“”\"'…").casefold()
    return plain in _EXAMPLES or (bool(text.strip()) and bool(_FILLER.fullmatch(plain)))


def refuse_example(*given: str) -> None:
    """Raise WrongUsage for a word that stands for a name or a reason in an example."""
    for text in given:
        if is_example(text):
            raise WrongUsage("“{text}” is a word out of an example. Give the name, or the reason, itself.", text=text)

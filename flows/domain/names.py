"""Names and reasons that people give. What stands for one in an example is none."""

from flows.domain.text import WrongUsage

_CHINESE = ("编发人", "审核人", "放行人", "签名人", "姓名", "名字", "某某", "某人", "另一人", "理由", "原因")
_ENGLISH = ("name", "who", "whom", "author", "checker", "reason", "why")
_EXAMPLES = frozenset((*_CHINESE, *_ENGLISH))


def refuse_example(*given: str) -> None:
    """Raise WrongUsage for a word that stands for a name or a reason in an example."""
    for text in given:
        if text.strip(" <>‹›“”\"'…").casefold() in _EXAMPLES:
            raise WrongUsage("“{text}” is a word out of an example. Give the name, or the reason, itself.", text=text)

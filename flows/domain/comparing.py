"""How names are compared: as people read them."""

import re
import unicodedata


def comparable(text: str) -> str:
    """Normalise a name for comparison: half width, no white space, lower case, 其他 for 其它."""
    halved = unicodedata.normalize("NFKC", text)
    return "".join(halved.split()).lower().replace("其它", "其他").strip("\ufeff")


def comparable_header(text: str) -> str:
    """As `comparable`, for a header: also without _ and -, which systems put between its words."""
    return comparable(text).replace("_", "").replace("-", "")


def strip_brackets(name: str) -> str:
    """A normalised header without its bracketed parts; if it is all bracketed, without the brackets."""
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕", "", name) or name.strip("()[]【】〔〕")

"""How names are compared: as people read them."""

import re
import unicodedata
from functools import lru_cache

# As in sql/functions/visible.sql: characters that only format or control.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]"
)


def comparable(text: str) -> str:
    """Normalise a name for comparison: half width, no white space or character that only formats, lower case, 其他 for 其它."""
    halved = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return "".join(halved.split()).lower().replace("其它", "其他")


def comparable_header(text: str) -> str:
    """As `comparable`, for a header: also without _ and -, which systems put between its words."""
    return comparable(text).replace("_", "").replace("-", "")


@lru_cache(1 << 14)  # a column says one thing in thousands of rows, and each is looked at as if it were a header
def spell_header(header: str) -> tuple[str, str, str]:
    """The spellings by which a header may be known, the first that is known counts: whole, without decoration, and without brackets."""
    whole = comparable_header(header)
    plain = strip_decoration(whole)
    return whole, plain, strip_decoration(strip_brackets(plain))


def strip_brackets(name: str) -> str:
    """A normalised header without its bracketed parts; if it is all bracketed, without the brackets."""
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕", "", name) or name.strip("()[]【】〔〕")


def strip_decoration(name: str) -> str:
    """A normalised header without its number and without marks before and behind it; the name itself if nothing else is left."""
    bare = re.sub(r"^[^\w(\[【〔]+|[^\w)\]】〕]+$", "", name)
    bare = re.sub(
        r"^(\([0-9a-z]{1,2}\)|\([一二三四五六七八九十]{1,3}\)|([0-9]{1,2}|[a-z]|[一二三四五六七八九十]{1,3})[.、．,:)])",
        "",
        bare,
    )
    bare = re.sub(r"^[0-9]{1,2}(?=[\u4e00-\u9fff])|^[^\w(\[【〔]+", "", bare)
    return bare or name

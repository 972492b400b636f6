"""How dates, numbers and foreign text are written, and the templates that use it."""

import re
from collections.abc import Sequence
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape


def fill(template: str, **values: object) -> str:
    """The text of one of our own templates; a name it lacks is an error, never an empty place."""
    return _TEMPLATES.get_template(template).render(values)


def fill_text(template: str, **values: object) -> str:
    """As `fill`, of a template that a source profile gives."""
    return _TEMPLATES.from_string(template).render(values)


def in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def in_short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def with_separators(count: int) -> str:
    return f"{count:,}"


def for_markdown(text: str) -> str:
    """One line that Markdown shows as it is: neither a table cell, a link nor a tag can begin inside."""
    return re.sub(r"([\\`*\[\]<&|])", r"\\\1", " ".join(text.split()))


def with_counts_marked(text: str, names: Sequence[str]) -> Markup:
    """HTML with every number of cases (`465145件`) strong, and linked to the place `#name` that takes it apart; dates stay plain."""
    places = iter(names)

    def link(found: re.Match[str]) -> str:
        name = next(places, None)
        return f'<a href="#{name}"><strong>{found[0]}</strong></a>' if name else f"<strong>{found[0]}</strong>"

    return Markup(re.sub(r"[0-9][0-9,.]*(?=万?件)", link, str(escape(text))))


def _is_markup(template: str | None) -> bool:
    return template is not None and template.endswith((".html.j2", ".svg.j2"))


_TEMPLATES = Environment(
    loader=PackageLoader("flows.report"),
    autoescape=_is_markup,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


_TEMPLATES.filters |= {
    "in_words": in_words,
    "in_short": in_short,
    "number": with_separators,
    "md": for_markdown,
    "mark_counts": with_counts_marked,
}

"""The templates, and how they write dates, numbers and foreign text."""

import re
from collections.abc import Sequence
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateError
from markupsafe import Markup, escape

from flows.domain.text import BadInput


def fill(template: str, **values: object) -> str:
    """Render one of our own templates; a missing value is an error, never an empty place."""
    return _TEMPLATES.get_template(template).render(values)


def fill_text(template: str, **values: object) -> str:
    """As `fill`, for a template from a source profile.

    Raises:
        BadInput: it is no template, or asks for what there is not.
    """
    try:
        return _TEMPLATES.from_string(template).render(values)
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise BadInput(
            "The template in [paragraph] of the source profile cannot be filled ({reason}). It may use {names}.",
            reason=str(error),
            names=sorted(values),
        ) from None


def list_scripts() -> list[str]:
    """The scripts of our own pages, as they stand between their tags: none is filled in."""
    return [
        script
        for name in _TEMPLATES.list_templates(extensions=["j2"])
        for script in re.findall(r"<script>(.*?)</script>", _read_template(name), re.DOTALL)
    ]


def _read_template(name: str) -> str:
    assert _TEMPLATES.loader
    return _TEMPLATES.loader.get_source(_TEMPLATES, name)[0]


def in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def in_short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def with_separators(count: int) -> str:
    return f"{count:,}"


def for_markdown(text: object) -> str:
    """One line, escaped for Markdown: it can start no table cell, link or tag."""
    return re.sub(r"([\\`*\[\]<&|])", r"\\\1", " ".join(str(text).split()))


def with_counts_marked(text: str, names: Sequence[str]) -> Markup:
    """HTML with every number of cases (`465145件`) in bold and linked to the `#name` that explains it; dates stay plain."""
    places = iter(names)

    def link(found: re.Match[str]) -> str:
        name = next(places, None)
        return f'<a href="#{name}"><strong>{found[0]}</strong></a>' if name else f"<strong>{found[0]}</strong>"

    return Markup(re.sub(r"[0-9][0-9,.]*(?=万?件)", link, with_days_whole(text)))


def with_days_whole(text: object) -> Markup:
    """HTML in which no line ends within a date (`2022-07-22`, `2022年7月22日`)."""
    return Markup(_DAY.sub(r'<span class="day">\g<0></span>', str(escape(text))))


def _is_markup(template: str | None) -> bool:
    return template is not None and template.endswith((".html.j2", ".svg.j2"))


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")

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
    "whole_days": with_days_whole,
}

"""数据源配置: what is in force of the source profile and the tolerances, and which line of which file says it; or what was, for a
published week.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.domain.profile import CLASSIFYING, FOLDER, ORDER, Profile, load_profile
from flows.domain.profile_keys import REPEATED, complete
from flows.domain.tolerances import list_layers, merge_layers
from flows.domain.toml_form import Form, Sections, find_line
from flows.jobs.proof import CLASSIFICATION
from flows.jobs.replay import find_publication, read_receipts_of
from flows.root.project import Project
from flows.root.publications import Publication
from flows.root.receipts import list_classifications
from flows.root.signatures import PROOF

_TOLERANCES = "tolerances"
_OF_THE_FILE = ("name", "extends")  # they say which file it is, and nothing that holds
_CLASSIFYING = (*CLASSIFYING, ORDER)
_Said = tuple[str, str, Any]  # section, key, value


@dataclass(frozen=True)
class InForce:
    """One value in force. `section` is "" at the beginning of a file; the key of a [[…]] is its label.

    `usual` is what the program says by itself, None where it says nothing. `file` is None where no file says the value: it
    is what holds where nothing is said. `is_own`: a file of the root says it.
    """

    section: str
    key: str
    value: Any
    usual: Any
    file: Path | None
    line: int
    is_own: bool

    @property
    def differs(self) -> bool:
        return bool(self.value != self.usual)


def list_in_force(project: Project) -> list[InForce]:
    """Everything that profile and tolerances say; what differs from the program's first."""
    profile = project.profile
    usual = {(section, key): value for section, key, value in _list_usual(profile)}
    found = []
    for section, key, value in _list_said(complete(profile.sections), profile.tolerances):
        form, line = _find(profile, section, key)
        is_own = form is not None and not form.path.is_relative_to(FOLDER.parent)
        path = form.path if form else None
        found.append(InForce(section, key, value, usual.get((section, key)), path, line, is_own))
    return sorted(found, key=lambda each: not each.differs)


@dataclass(frozen=True)
class WasInForce:
    """One value that a published week was counted, judged or worded by; `today` is what is in force now, None where nothing is said."""

    section: str
    key: str
    value: Any
    today: Any

    @property
    def differs(self) -> bool:
        return bool(self.value != self.today)


def list_published(project: Project, week_end: date) -> tuple[Publication, list[WasInForce]]:
    """What a publication and the receipts keep of profile and tolerances: all that decides what is counted, judged and written, and
    under which names columns are known. How cells are read is not kept. What differs from today first.

    Raises:
        NothingToDo: that week is not published.
    """
    publication = find_publication(project, week_end)
    kept = _list_kept(project, publication)
    today = {name: said for name, said in _list_today(project.profile).items() if name in kept or name in _CLASSIFYING}
    then = {(section, key): value for section, key, value in _list_said(kept, _read_tolerances(publication))}
    now = {(section, key): value for section, key, value in _list_said(today, project.profile.tolerances)}
    found = [WasInForce(*place, then.get(place), now.get(place)) for place in {**then, **now}]
    return publication, sorted(found, key=lambda each: not each.differs)


def _list_today(profile: Profile) -> Sections:
    """What is in force now, in the form in which publications keep it."""
    return {
        "source": profile.source,
        "definitions": profile.definitions,
        "paragraph": asdict(profile.wording),
        "coverage": {"departments": list(profile.expected_departments)},
        "columns": {name: list(headers) for name, headers in profile.columns.items()},
        **json.loads(profile.classification),
    }


def _list_kept(project: Project, publication: Publication) -> Sections:
    """The sections of its profile, as far as they are kept: an earlier publication knows less."""
    classifications = list_classifications(read_receipts_of(project, publication))
    kept: Sections = {
        "source": publication.source,
        "definitions": publication.definitions,
        "coverage": {
            "departments": [department for department, *_ in publication.tables.get("expected_departments", ())]
        },
        **(json.loads(classifications[-1].classification) if classifications else {}),
    }
    if publication.wording is not None:
        kept["paragraph"] = publication.wording
    path = project.published_folder(publication.week_end) / PROOF / CLASSIFICATION
    content = path.read_bytes() if path.is_file() else b""
    if publication.classification == hashlib.sha256(content).hexdigest():
        kept["columns"] = json.loads(content)["columns"]
    return kept


def _read_tolerances(publication: Publication) -> dict[str, float]:
    return {name: value for name, value, *_ in publication.tables.get("tolerances", ())}


def _list_said(whole: Sections, tolerances: dict[str, float]) -> Iterator[_Said]:
    for name, said in whole.items():
        if name in REPEATED:
            yield from ((name, _name_entry(entry), entry) for entry in said)
        elif not isinstance(said, dict):
            yield from () if name in _OF_THE_FILE else (("", name, said),)
        elif name != _TOLERANCES:
            yield from ((name, key, value) for key, value in said.items())
    yield from ((_TOLERANCES, name, value) for name, value in tolerances.items())


def _name_entry(entry: Sections) -> str:
    return str(entry.get("label") or entry["type"])


def _list_usual(profile: Profile) -> Iterator[_Said]:
    """What holds by the profile of the program that is extended, or has the same name; else where nothing is said."""
    name = profile.sections.get("extends", profile.name)
    if (FOLDER / f"{name}.toml").is_file():
        known = load_profile(name)
        return _list_said(complete(known.sections), known.tolerances)
    return _list_said(complete({"name": profile.name}), merge_layers(list_layers([profile.name], None)))


def _find(profile: Profile, section: str, key: str) -> tuple[Form | None, int]:
    """The file that says a value, and the line."""
    if section == _TOLERANCES:
        layer = next(layer for layer in reversed(profile.tolerance_layers) if key in layer.values)
        return layer.form, find_line(layer.form.text, layer.section, key)
    for form in filter(None, (profile.form, profile.form.base)):
        said = form.sections.get(section or key)
        if isinstance(said, list) and section:
            return form, find_line(form.text, section, number=_count_before(said, key))
        if said is not None and (not section or key in said):
            return form, find_line(form.text, section, key)
    return None, 0


def _count_before(entries: Sequence[Sections], key: str) -> int:
    return next(number for number, entry in enumerate(entries) if _name_entry(entry) == key)

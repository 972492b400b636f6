"""Reading the warehouse as it is now: opened read-only, and refused where it cannot be trusted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from flows.domain.text import BadInput, CommandLine, Text
from flows.engine.protocols import DamagedWarehouse, Engine
from flows.root.deliveries import LoadedFile
from flows.root.project import Project
from flows.root.publications import (
    FILE,
    Publication,
    find_publications,
    parse_publication,
    put_in_order,
    read_sealed,
)
from flows.warehouse import guard
from flows.warehouse.guard import find_warehouse, has_foreign_log

SCHEMA_VERSION = "16"


class StaleWarehouse(BadInput):
    """The warehouse cannot be used as it is, and can be built anew from data/raw; `why` is half a sentence."""

    def __init__(self, why: Text) -> None:
        super().__init__("{why}. Build it anew from data/raw: {command}", why=why, command=CommandLine("rebuild"))
        self.why = why


@contextmanager
def open_read_only(project: Project, *, is_locked_down: bool = False) -> Iterator[Engine]:
    """The warehouse as it is now; a swap meanwhile does not change what this reader sees.

    Locked down it can be asked anything (Engine.ask).

    Raises:
        BadInput: the file is of a newer program.
        DamagedWarehouse: it is no warehouse, or damaged.
        StaleWarehouse: it is of an older program, or another program changed it.
        Locked: another program holds it open for writing.
    """
    if has_foreign_log(project):  # opening the file would apply it
        raise _distrust(project)
    is_as_built = guard.is_as_built(project)  # asked first: closing the file would also end a connection's lock on it
    with find_warehouse(project).open(is_locked_down=is_locked_down) as engine:
        _refuse_other_schema(project, int(_read_facts(engine)["schema_version"]))
        if not is_as_built:
            raise _distrust(project)
        yield engine


def read_loaded(project: Project) -> tuple[list[LoadedFile], int]:
    """The files in the warehouse, and under how many recorded rules it came to be; 0 where no run can go on from it."""
    if not project.warehouse.exists():
        return [], 0
    with open_read_only(project) as engine:
        facts = _read_facts(engine)
        rows = engine.read("look/loaded_files").dicts()
    is_readable = facts["reading"] == project.profile.reading
    return [LoadedFile(*row.values()) for row in rows], int(facts["classifications"]) if is_readable else 0


def read_recorded(project: Project) -> dict[str, str]:
    """Week → publication.json, as the warehouse knows it; empty where it cannot be read."""
    try:
        with open_read_only(project) as engine:
            return {row["week_ending"]: row["content"] for row in engine.read("publications").dicts()}
    except (StaleWarehouse, DamagedWarehouse):
        return {}


def read_signed(project: Project) -> list[str]:
    """The publication.json of each signed week: as it lies on the disk, or, where that is damaged, its duplicate, or what the warehouse
    knows.
    """
    intact, damaged = find_publications(project)
    recorded = read_recorded(project) if damaged and project.warehouse.exists() else {}
    for week in damaged:
        duplicate = read_sealed(project.duplicates / week / FILE)
        intact += [content for content in (duplicate, recorded.get(week)) if content][:1]
    return intact


def list_publications(project: Project) -> list[Publication]:
    """As `read_signed`, in the order of publishing."""
    return put_in_order([parse_publication(content) for content in read_signed(project)])


def read_calendar_digest(project: Project) -> str:
    """Of the calendar in the warehouse: Project.calendar_digest when it was built."""
    with open_read_only(project) as engine:
        return _read_facts(engine)["calendar"]


def find_newest_cut_off(project: Project) -> date:
    """The newest cut-off in the warehouse; the first day of all where there is none, or none that can be read."""
    return (
        max((file.cut_off for file in read_loaded(project)[0]), default=date.min) if is_readable(project) else date.min
    )


def is_readable(project: Project) -> bool:
    try:
        return project.warehouse.exists() and read_loaded(project)[1] > 0
    except (StaleWarehouse, DamagedWarehouse):
        return False


def _read_facts(engine: Engine) -> dict[str, str]:
    return {row["name"]: row["value"] for row in engine.read("warehouse_info").dicts()}


def _distrust(project: Project) -> StaleWarehouse:
    return StaleWarehouse(
        Text(
            "{warehouse} was changed by another program after it was built and is not to be trusted",
            warehouse=project.warehouse,
        )
    )


def _refuse_other_schema(project: Project, version: int) -> None:
    if version > int(SCHEMA_VERSION):
        raise BadInput(
            "{warehouse} was written by a newer program (schema {version}, this one knows {schema_version}). "
            "Upgrade the program.",
            warehouse=project.warehouse,
            version=version,
            schema_version=SCHEMA_VERSION,
        )
    if version < int(SCHEMA_VERSION):
        raise StaleWarehouse(
            Text(
                "{warehouse} was written by an older program (schema {version}, this one uses {schema_version})",
                warehouse=project.warehouse,
                version=version,
                schema_version=SCHEMA_VERSION,
            )
        )

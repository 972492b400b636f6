"""Publications: their order is that of their seals, and a damaged one is told apart from the others."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.domain.text import BadInput
from flows.root.project import Project
from flows.root.publications import (
    Publication,
    find_publications,
    put_in_order,
    read_publications,
    seal,
    write_publication,
)


def sign(week: str, at: str, previous: str = "") -> Publication:
    draft = Publication(
        week_ending=week, issue=1, serial=1, by="林晓", checked_by="周宁", published_at=f"{at}T09:00:00+08:00",
        program="bulletin", program_digest="", profile="sichuan", source="", definitions={}, figures={}, files=[], tables={},
        checks=[], forms={}, previous=previous,
    )  # fmt: skip
    return replace(draft, sha256=seal(draft))


def test_a_clock_that_was_three_days_fast_changes_no_order() -> None:
    first = sign("2022-07-15", "2022-07-21")
    second = sign("2022-07-22", "2022-07-18", first.sha256)
    third = sign("2022-07-29", "2022-07-19", second.sha256)
    assert put_in_order([third, second, first]) == [first, second, third]


def test_where_a_publication_is_gone_those_behind_it_follow_by_their_time() -> None:
    first = sign("2022-07-15", "2022-07-18")
    gone = sign("2022-07-22", "2022-07-25", first.sha256)
    third = sign("2022-07-29", "2022-08-01", gone.sha256)
    fourth = sign("2022-08-05", "2022-08-08", third.sha256)
    assert put_in_order([fourth, third, first]) == [first, third, fourth]


@pytest.mark.parametrize("content", [b"", b"\0\0\0", b"[]", b'{"week_ending":"2022-07-22"}', None])
def test_a_damaged_publication_is_named_with_the_command_that_writes_it_again(
    content: bytes | None, tmp_path: Path
) -> None:
    project = Project(tmp_path)
    for week, text in (("2022-07-15", write_publication(sign("2022-07-15", "2022-07-18"))), ("2022-07-22", content)):
        folder = tmp_path / "reports" / week / "published"
        folder.mkdir(parents=True)
        if text is not None:
            (folder / "publication.json").write_bytes(text)
    intact, damaged = find_publications(project)
    assert (len(intact), damaged) == (1, ["2022-07-22"])
    with pytest.raises(BadInput, match="bulletin verify --week-ending 2022-07-22 --restore"):
        read_publications(project)

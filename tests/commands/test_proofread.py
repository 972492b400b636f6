"""bulletin proofread: a file against itself, without a root and without a warehouse."""

import json
from pathlib import Path

import docx
import pytest
from a_root import run

WRONG = "办结5160件，其中按时办结4879件，按时办结率85.25%。"
RIGHT = "办结5160件，其中按时办结4879件，按时办结率94.55%。"


def write(path: Path, *paragraphs: str) -> Path:
    if path.suffix == ".docx":
        document = docx.Document()
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
        document.save(str(path))
    else:
        mark = "<p>{}</p>" if path.suffix == ".html" else "{}\n\n"
        path.write_text("".join(mark.format(paragraph) for paragraph in paragraphs), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", [".docx", ".html", ".txt", ".md"])
def test_each_form_is_read(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "proofread", str(write(tmp_path / f"稿{form}", "一、办理情况", WRONG)), "--json")
    (found,) = json.loads(said.out)["contradictions"]
    assert (said.exit_code, found["paragraph"], found["written"], found["right"]) == (
        4,
        2,
        "85.25%",
        "94.55%（4879件/5160件）",
    )
    assert run(capsys, "proofread", str(write(tmp_path / f"对{form}", "一、办理情况", RIGHT))).exit_code == 0


def test_a_pdf_is_refused_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "稿.pdf", WRONG)
    said = run(capsys, "proofread", str(file), "--lang", "en")
    assert said.exit_code == 3
    assert "Save it as .docx or .txt" in said.err

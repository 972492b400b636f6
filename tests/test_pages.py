"""Pages and documents as a reader sees them: in a real browser with the network off, in a real word processor.

What needs these programs runs in `make check`.
"""

import re
import subprocess
from pathlib import Path
from urllib.parse import urlparse

import lxml.html
import pytest

from flows.sample import write_sample

SAMPLE_WEEK = ("weekly", "--week-ending", "2022-07-22", "--quiet")
PHONE, DESK = (390, 844), (1280, 1600)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of the sample's week."""
    from flows.cli import main

    root = tmp_path_factory.mktemp("office")
    write_sample(root / "data" / "raw")
    assert main([*SAMPLE_WEEK, "--root", str(root)]) == 0
    return root / "reports"


def list_pages(reports: Path) -> list[Path]:
    return sorted(reports.rglob("*.html"))


def browse(page: Path, *options: str) -> str:
    """What Chromium prints, in a network of its own that leads nowhere."""
    command = ["unshare", "--net", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    done = subprocess.run([*command, *options, page.as_uri()], check=True, capture_output=True, text=True, timeout=120)
    return done.stdout


def test_no_page_names_an_address_outside_itself(reports: Path) -> None:
    """Not even one that a browser would only fetch when asked: neither link, image, style, font nor script."""
    pages = list_pages(reports)
    assert {page.name for page in pages} >= {"checks.html", "statistics.html", "dictionary.html"}
    for page in pages:
        tree = lxml.html.fromstring(page.read_bytes())
        named = [link for _, _, link, _ in tree.iterlinks()]
        named += re.findall(r"url\(([^)]*)\)|@import\s+(\S+)", page.read_text(encoding="utf-8"))
        assert [link for link in named if urlparse(str(link)).scheme or str(link).startswith("//")] == [], page
        assert tree.xpath("//script[@src] | //link | //iframe | //base") == [], page


@pytest.mark.programs
@pytest.mark.parametrize("name", ["checks.html", "statistics.html"])
def test_a_page_is_whole_without_a_network(name: str, reports: Path) -> None:
    page = reports / "2022-07-22" / name
    shown = lxml.html.fromstring(browse(page, "--dump-dom"))
    written = lxml.html.fromstring(page.read_bytes())
    assert shown.text_content().split() == written.text_content().split()
    assert "示例数据" in shown.text_content()


@pytest.mark.programs
@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", ["checks.html", "statistics.html"])
def test_a_page_fits_the_width_of_its_screen(name: str, width: tuple[int, int], reports: Path, tmp_path: Path) -> None:
    """Nothing has to be moved sideways: asked of the browser itself, by a line added to a copy of the page."""
    asked = (reports / "2022-07-22" / name).read_text(encoding="utf-8")
    asked += "<script>document.title = document.documentElement.scrollWidth + ' of ' + innerWidth</script>"
    copy = tmp_path / name
    copy.write_text(asked, encoding="utf-8")
    # the window of a headless browser is never narrower than 500 pixels: a frame of the width is looked at instead
    frame = tmp_path / "frame.html"
    frame.write_text(
        f"<iframe id=f src={name} width={width[0]} height={width[1]}></iframe>"
        "<script>f.onload = () => { document.title = 'loaded'; document.body.append(f.contentDocument.title) }</script>",
        encoding="utf-8",
    )
    shown = browse(frame, "--allow-file-access-from-files", "--virtual-time-budget=5000", "--dump-dom")
    told = re.search(r"(\d+) of (\d+)", shown)
    assert told, shown[:500]
    assert int(told[1]) <= int(told[2]) == width[0]


def run_program(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=180).stdout


@pytest.mark.programs
def test_the_document_opens_in_a_word_processor_with_the_section_on_its_first_page(
    reports: Path, tmp_path: Path
) -> None:
    week = reports / "2022-07-22"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run_program(
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(week / "statistics.docx"),
    )
    pdf = str(tmp_path / "statistics.pdf")
    assert "595" in re.findall(r"Page size: .*", run_program("pdfinfo", pdf))[0]  # A4, 595 × 842 points
    first = "".join(run_program("pdftotext", "-l", "1", pdf, "-").split())
    paragraph = "".join((week / "statistics.txt").read_text(encoding="utf-8").split())
    assert paragraph in first
    assert "附表" not in first
    assert "未纳入统计" in "".join(run_program("pdftotext", "-f", "2", pdf, "-").split())


@pytest.mark.programs
@pytest.mark.parametrize("name", ["checks.html", "statistics.html"])
def test_a_page_prints_on_a4(name: str, reports: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "page.pdf"
    browse(reports / "2022-07-22" / name, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    size = re.findall(r"Page size: +([0-9.]+) x ([0-9.]+)", run_program("pdfinfo", str(pdf)))[0]
    assert [round(float(side)) for side in size] == [595, 842]
    assert "示例数据" in run_program("pdftotext", str(pdf), "-")

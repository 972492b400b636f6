"""Pages and documents as a reader sees them: in a real browser with the network off, in a real word processor.

What needs these programs runs in `make check`.
"""

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlparse

import lxml.html
import pytest

from flows.jobs.sample import write_sample

SAMPLE_WEEK = ("weekly", "--week-ending", "2022-07-22", "--quiet")
SAMPLE_RANGE = ("rerun", "--from", "2022-07-11", "--to", "2022-07-22", "--quiet")
PAGES = ["index.html", "2022-07-22/checks.html", "2022-07-22/statistics.html", "2022-07-11_2022-07-22/range.html"]
PHONE, DESK = (390, 844), (1280, 1600)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of the sample's week, and of a range of two."""
    from flows.cli.main import main

    root = tmp_path_factory.mktemp("office")
    write_sample(root / "data" / "raw")
    for words in (SAMPLE_WEEK, SAMPLE_RANGE):
        assert main([*words, "--root", str(root)]) == 0
    return root / "reports"


def list_pages(reports: Path) -> list[Path]:
    return sorted(reports.rglob("*.html"))


def browse(page: Path, *options: str) -> str:
    """What Chromium prints, in a network of its own that leads nowhere."""
    command = ["unshare", "--net", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    done = subprocess.run([*command, *options, page.as_uri()], check=True, capture_output=True, text=True, timeout=120)
    return done.stdout


def read_text(page: str | bytes) -> list[str]:
    """All words of a page, as far as it is whole."""
    return str(lxml.html.fromstring(page).text_content()).split()


def test_no_page_names_an_address_outside_itself(reports: Path) -> None:
    """Not even one that a browser would only fetch when asked: neither link, image, style, font nor script."""
    pages = list_pages(reports)
    assert {page.name for page in pages} >= {
        "checks.html",
        "statistics.html",
        "dictionary.html",
        "index.html",
        "range.html",
    }
    for page in pages:
        tree = lxml.html.fromstring(page.read_bytes())
        named = [link for _, _, link, _ in tree.iterlinks()]
        named += re.findall(r"url\(([^)]*)\)|@import\s+(\S+)", page.read_text(encoding="utf-8"))
        assert [link for link in named if urlparse(str(link)).scheme or str(link).startswith("//")] == [], page
        assert tree.xpath("//script[@src] | //link | //iframe | //base") == [], page


def test_every_link_leads_to_a_file_or_to_a_place_in_one(reports: Path) -> None:
    for page in list_pages(reports):
        links = [str(link) for _, _, link, _ in lxml.html.fromstring(page.read_bytes()).iterlinks()]
        assert page.name != "index.html" or len(links) >= 7
        for link in links:
            path, _, place = link.partition("#")
            leads_to = page.parent / unquote(path) if path else page
            assert leads_to.is_file(), (page, link)
            assert not place or place in lxml.html.fromstring(leads_to.read_bytes()).xpath("//@id"), (page, link)


@pytest.mark.programs
def test_the_links_of_the_home_page_open_from_disk(reports: Path, tmp_path: Path) -> None:
    """As the browser itself understands them, in a copy of the page that lists them."""
    home = reports / "index.html"
    copy = tmp_path / "index.html"
    copy.write_text(
        f"<base href={home.as_uri()}>{home.read_text(encoding='utf-8')}"
        "<script>document.title = [...document.links].map(link => link.href).join(' ')</script>",
        encoding="utf-8",
    )
    links = lxml.html.fromstring(browse(copy, "--dump-dom")).findtext(".//title").split()
    opened = [Path(unquote(urlparse(link).path)) for link in links if urlparse(link).scheme == "file"]
    assert len(opened) == len(links)
    assert {"statistics.html", "checks.html", "range.html", "dictionary.html"} <= {path.name for path in opened}
    for path in opened:
        assert path.is_file()
        if path.suffix == ".html":
            assert read_text(browse(path, "--dump-dom")) == read_text(path.read_bytes())


@pytest.mark.programs
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_without_a_network(name: str, reports: Path) -> None:
    page = reports / name
    assert read_text(browse(page, "--dump-dom")) == read_text(page.read_bytes())
    assert "示例数据" in page.read_text(encoding="utf-8")


@pytest.mark.programs
@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_the_width_of_its_screen(name: str, width: tuple[int, int], reports: Path, tmp_path: Path) -> None:
    """Nothing has to be moved sideways, and every link is in sight: asked of the browser, by a line added to a copy of the page."""
    asked = (reports / name).read_text(encoding="utf-8")
    asked += (
        "<script>const rights = [...document.links].map(link => Math.ceil(link.getBoundingClientRect().right));"
        "document.title = Math.max(document.documentElement.scrollWidth, ...rights) + ' of ' + innerWidth</script>"
    )
    copy = tmp_path / Path(name).name
    copy.write_text(asked, encoding="utf-8")
    # the window of a headless browser is never narrower than 500 pixels: a frame of the width is looked at instead
    frame = tmp_path / "frame.html"
    frame.write_text(
        f"<iframe id=f src={copy.name} width={width[0]} height={width[1]}></iframe>"
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
@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_on_a4(name: str, reports: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "page.pdf"
    browse(reports / name, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    size = re.findall(r"Page size: +([0-9.]+) x ([0-9.]+)", run_program("pdfinfo", str(pdf)))[0]
    assert [round(float(side)) for side in size] == [595, 842]
    assert "示例数据" in run_program("pdftotext", str(pdf), "-")

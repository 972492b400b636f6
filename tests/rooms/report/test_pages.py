"""Pages and documents as a reader sees them: in a real browser with the network off, in a real word processor.

What needs these programs runs in `make check`.
"""

import base64
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlparse

import lxml.html
import pytest
from selenium import webdriver
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.service import Service
from visitors import FLAGS

from flows.jobs.sample import write_sample

SAMPLE_WEEK = ("weekly", "--week-ending", "2022-07-22", "--quiet")
SAMPLE_RANGE = ("rerun", "--from", "2022-07-11", "--to", "2022-07-22", "--quiet")
PAGES = [
    *("index.html", "2022-07-22/checks.html", "2022-07-22/statistics.html"),
    *("2022-07-11_2022-07-22/range.html", "dictionary.html"),
]
SCREENS = (390, 1280)


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
    assert name == "dictionary.html" or "示例数据" in page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    options = webdriver.ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    opened = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield opened
    opened.quit()


@pytest.mark.programs
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_the_width_of_its_screen(name: str, reports: Path, browser: Chrome) -> None:
    """Nothing has to be moved sideways, and every link is in sight."""
    browser.get((reports / name).as_uri())
    for width in SCREENS:
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        asked = "[...document.links].map(link => Math.ceil(link.getBoundingClientRect().right))"
        seen = browser.execute_script(
            f"return [innerWidth, Math.max(document.documentElement.scrollWidth, ...{asked})]"
        )
        assert seen[0] == width
        assert seen[1] <= width
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


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
    book = shutil.copy(week / "statistics.xlsx", tmp_path / "book.xlsx")  # another name: both become .pdf
    run_program("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(book))
    cells = run_program("pdftotext", "-layout", str(tmp_path / "book.pdf"), "-")
    assert "###" not in cells  # no column is too narrow for its numbers and days
    assert {"2022-07-22", "18,703", "92.6%"} <= set(cells.split())
    pdf = str(tmp_path / "statistics.pdf")
    assert "595" in re.findall(r"Page size: .*", run_program("pdfinfo", pdf))[0]  # A4, 595 × 842 points
    first = "".join(run_program("pdftotext", "-l", "1", pdf, "-").split())
    paragraph = "".join((week / "statistics.txt").read_text(encoding="utf-8").split())
    assert paragraph in first
    assert "附表" not in first
    assert "未纳入统计" in "".join(run_program("pdftotext", "-f", "2", pdf, "-").split())


@pytest.mark.programs
@pytest.mark.parametrize("name", PAGES)
def test_a_page_printed_on_a4_loses_nothing(name: str, reports: Path, browser: Chrome, tmp_path: Path) -> None:
    """Each number stands as often on paper as on the page, no date goes over the end of a line, no word over an edge."""
    browser.get((reports / name).as_uri())
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    pdf = tmp_path / "page.pdf"
    pdf.write_bytes(base64.b64decode(printed["data"]))
    size = re.findall(r"Page size: +([0-9.]+) x ([0-9.]+)", run_program("pdfinfo", str(pdf)))[0]
    assert [round(float(side)) for side in size] == [595, 842]
    words = re.findall(r'<word xMin="([0-9.]+)".* xMax="([0-9.]+)"', run_program("pdftotext", "-bbox", str(pdf), "-"))
    assert all(float(left) >= 0 and float(right) <= float(size[0]) for left, right in words)
    text = run_program("pdftotext", "-layout", str(pdf), "-")
    on_paper, on_page = Counter(_FIGURE.findall(text)), Counter(_FIGURE.findall(read_shown(reports / name)))
    assert on_page - on_paper == Counter()
    assert len(on_page) >= 5
    if name in PAGES[1:3]:
        assert int(re.findall(r"Pages: +([0-9]+)", run_program("pdfinfo", str(pdf)))[0]) <= 6


_FIGURE = re.compile(r"[0-9]{4}年[0-9]+月[0-9]+日|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+(?:[,.][0-9]+)*%?")


def read_shown(page: Path) -> str:
    """What a reader sees of a page, without what only a screen needs; a blank between any two pieces."""
    tree = lxml.html.fromstring(page.read_bytes())
    screen = "//*[@class = 'copy' or @class = 'parts']"
    for hidden in tree.xpath(f"//head | //script | //*[name() = 'title' or name() = 'desc'] | {screen}"):
        hidden.drop_tree()
    return " ".join(tree.xpath("//body//text()"))

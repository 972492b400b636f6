"""The page of the service as a person uses it: in a real browser, on a machine that reaches nobody but itself."""

import json
import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlparse

import pytest
from offices import PATIENCE_SECONDS, Office, serving
from roots import GOOD_ROW, write_raw, write_table
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from flows.domain.calendar import last_complete_week, now

pytestmark = pytest.mark.programs

WEEK_END = last_complete_week(now().date()).end
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1700",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One case of July 2022, and one of the last complete week."""
    recent = f"510000-00000000-000002,乙某,行政许可,510000,{WEEK_END} 10:00:00,{WEEK_END} 11:00:00,出证"
    files = {"2022-07-22/许可.csv": write_table(GOOD_ROW), f"{WEEK_END}/许可.csv": write_table(recent)}
    with serving(write_raw(tmp_path_factory.mktemp("office"), files)) as (opened, _):
        yield opened


class Visitor:
    """Somebody in front of the page: looks for what is written there, waits until it appears, clicks, types."""

    def __init__(self, browser: webdriver.Chrome, office: Office) -> None:
        self.browser, self.page = browser, office.address.removesuffix("/api")

    def find(self, path: str) -> WebElement:
        shown = WebDriverWait(self.browser, PATIENCE_SECONDS).until(
            lambda browser: [element for element in browser.find_elements(By.XPATH, path) if element.is_displayed()],
            path,
        )
        return shown[0]

    def click(self, text: str, kind: str = "*") -> None:
        path = f"//{kind}[normalize-space() = '{text}']"

        def is_clicked(_: object) -> bool:
            self.find(path).click()
            return True

        # a page is drawn again while it loads: what was found may have been replaced a moment later
        waiting = WebDriverWait(self.browser, PATIENCE_SECONDS, ignored_exceptions=[WebDriverException])
        waiting.until(is_clicked, path)

    def open_form(self, deployment: str) -> None:
        self.browser.get(self.page)
        self.click("Deployments", "a")
        self.click(deployment, "a")
        self.click("Run", "button")
        self.click("Custom run")
        self.find("//button[normalize-space() = 'Submit']")

    def read_labels(self) -> list[str]:
        labels = self.browser.find_elements(By.CLASS_NAME, "schema-form-property__label")
        return [label.text for label in labels]

    def find_days(self) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, "input[type=date]")

    def open_run(self, name: str) -> None:
        """The run, once it has ended."""
        self.click(name, "a")
        self.find("//*[contains(@class, 'state-badge')][normalize-space() = 'Completed']")


@pytest.fixture(scope="module")
def visitor(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium") or ""
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    # days are typed as the language of the browser has them
    driver = webdriver.ChromeService(shutil.which("chromedriver"), env=os.environ | {"LANGUAGE": "en"})
    with webdriver.Chrome(options, driver) as browser:
        yield Visitor(browser, office)


def test_a_rerun_is_asked_for_with_date_pickers_and_its_report_appears_on_disk(
    visitor: Visitor, office: Office
) -> None:
    visitor.open_form("rerun")
    assert visitor.read_labels()[:5] == [
        "起始日 · first day",
        "终止日 · last day",
        "只看截止不晚于 · as of (Optional)",
        "只看收到不晚于 · known on (Optional)",
        "工作目录 · root",
    ]
    first, last, as_of, known_on = visitor.find_days()
    first.send_keys("07012022")
    last.send_keys("07012022")
    last.find_element(By.XPATH, "./following-sibling::button").click()  # the calendar, a week further down
    webdriver.ActionChains(visitor.browser).pause(1).send_keys(Keys.ARROW_DOWN, Keys.ENTER).perform()
    chosen = [day.get_attribute("value") for day in (first, last, as_of, known_on)]
    assert chosen == ["2022-07-01", "2022-07-08", "", ""]
    visitor.click("Submit", "button")
    visitor.open_run("2022-07-01-to-2022-07-08")
    visitor.click("Artifacts")
    visitor.find("//*[contains(text(), 'range-figures')]")
    reports = office.root / "reports"
    written = (reports / "2022-07-01_2022-07-08/range.txt").read_text(encoding="utf-8")
    assert "2022年7月1日至2022年7月8日，省本级行政许可事项受理1件，办结1件" in written
    weeks = {path.parent.name for path in reports.glob("*/*/statistics.txt")}
    assert weeks == {"2022-07-01", "2022-07-08"}


def test_the_weekly_run_is_asked_for_without_filling_anything_in(visitor: Visitor, office: Office) -> None:
    visitor.open_form("weekly")
    visitor.click("Submit", "button")
    visitor.open_run(f"week-ending-{WEEK_END}")
    written = (office.root / f"reports/{WEEK_END}/statistics.txt").read_text(encoding="utf-8")
    assert "行政许可事项受理1件，办结1件" in written


def test_the_page_asks_nobody_outside_this_machine(visitor: Visitor) -> None:
    """Of all that was asked for since the browser was opened: here the dashboard, above the forms and the runs."""
    visitor.browser.get(visitor.page)
    visitor.find("//*[normalize-space() = 'Task Runs']")
    log = visitor.browser.get_log("performance")  # type: ignore[no-untyped-call]  # selenium leaves it without
    messages = [json.loads(entry["message"])["message"] for entry in log]
    asked = [urlparse(m["params"]["request"]["url"]) for m in messages if m["method"] == "Network.requestWillBeSent"]
    hosts = {
        (address.scheme, address.hostname) for address in asked if address.scheme in ("http", "https", "ws", "wss")
    }
    assert hosts == {("http", "127.0.0.1")}

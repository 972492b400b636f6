"""The page of the service as a person uses it: in a real browser, on a machine that reaches nobody but itself."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from a_root import GOOD_ROW, write_raw, write_table
from an_office import Office, serving
from days_off import announce_today
from selenium import webdriver
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from visitors import Visitor, visiting

from flows.domain.calendar import now
from flows.domain.holidays import PROGRAM_CALENDAR

pytestmark = pytest.mark.programs

WEEK_END = PROGRAM_CALENDAR.last_complete_week(now().date()).end


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One case of July 2022, and one of the last complete week."""
    recent = f"510000-00000000-000002,乙某,行政许可,510000,{WEEK_END} 10:00:00,{WEEK_END} 11:00:00,出证"
    files = {"2022-07-22/许可.csv": write_table(GOOD_ROW), f"{WEEK_END}/许可.csv": write_table(recent)}
    root = announce_today(write_raw(tmp_path_factory.mktemp("office"), files))
    with serving(root) as (opened, _):
        yield opened


@pytest.fixture(scope="module")
def visitor(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """Somebody who has entered the secret."""
    with visiting(office, tmp_path_factory.mktemp("browser")) as opened:
        opened.sign_in()
        yield opened


def test_without_the_secret_the_page_shows_no_run_and_a_wrong_one_is_refused(office: Office, tmp_path: Path) -> None:
    with visiting(office, tmp_path) as stranger:
        for place in ("dashboard", "runs", "deployments"):
            stranger.browser.get(f"{stranger.page}/{place}")
            asked = stranger.find("//input[@type = 'password']")
        asked.send_keys("bulletin:guessed", Keys.ENTER)
        stranger.find("//*[normalize-space() = 'Authentication failed.']")
        assert stranger.browser.find_elements(By.XPATH, "//*[normalize-space() = 'weekly']") == []


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


def test_the_page_does_all_of_this_within_what_it_may_do_and_runs_nothing_that_a_name_brings_along(
    visitor: Visitor,
) -> None:
    """Names of deliveries are shown on it."""
    said = visitor.browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium leaves it without
    assert [entry for entry in said if "Content Security Policy" in entry["message"]] == []
    name = "<img src='/missing' onerror='document.title = `taken`'>"
    visitor.browser.execute_script("document.body.insertAdjacentHTML('beforeend', arguments[0])", name)

    def find_blocked(browser: Chrome) -> list[str]:
        log = browser.get_log("browser")  # type: ignore[no-untyped-call]  # as above
        return [entry["message"] for entry in log if "inline event handler" in entry["message"]]

    blocked = WebDriverWait(visitor.browser, 20).until(find_blocked)
    assert (len(blocked), visitor.browser.title == "taken") == (1, False)


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

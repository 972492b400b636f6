"""A real browser, on a machine that reaches nobody but itself, and the person in front of it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from an_office import PATIENCE_SECONDS, Office
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

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
)


class Visitor:
    """Somebody in front of the page: looks for what is written there, waits until it appears, clicks, types."""

    def __init__(self, browser: webdriver.Chrome, office: Office) -> None:
        self.browser, self.page, self.secret = browser, office.address.removesuffix("/api"), office.secret

    def sign_in(self) -> None:
        """Enter the secret where the page asks for it; the browser keeps it."""
        self.browser.get(self.page)
        self.find("//input[@type = 'password']").send_keys(self.secret, Keys.ENTER)
        self.find("//a[normalize-space() = 'Deployments']")

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


@contextmanager
def visiting(office: Office, profile: Path, *, names: str = "") -> Iterator[Visitor]:
    """A browser that keeps in `profile` what pages have it keep; `names`: rules for names that it does resolve."""
    rules = f"{names}MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, f"--host-resolver-rules={rules}", f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium") or ""
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    # days are typed as the language of the browser has them
    driver = webdriver.ChromeService(shutil.which("chromedriver"), env=os.environ | {"LANGUAGE": "en"})
    with webdriver.Chrome(options, driver) as browser:
        yield Visitor(browser, office)

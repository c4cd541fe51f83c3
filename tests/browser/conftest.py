"""A real browser that reports whatever a person would not see: see ``trouble``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

NO_CHROMIUM = (
    "No Chromium found, so the pages were NOT tried in a browser. "
    "Install it, or put the path of one into CHROMIUM."
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]

REPORT_BREACHES = """
    document.addEventListener("securitypolicyviolation", (event) => console.error(
        `content security policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.getreports("skipped")
    if any(NO_CHROMIUM in report.longreprtext for report in skipped):
        terminalreporter.write_line(NO_CHROMIUM, red=True, bold=True)


@pytest.fixture(scope="session")
def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        # CI promises that the pages were tried; a person's machine may do without.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_CHROMIUM)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium: str
) -> dict[str, Any]:
    args = [
        # No calls home: the browser speaks to the site under test alone.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-quic",
        "--disable-gpu",
    ]
    if os.geteuid() == 0:
        # Chromium refuses to run as root otherwise.
        args.append("--no-sandbox")
    return browser_type_launch_args | {
        "executable_path": chromium,
        "args": args,
        # Back shows a page as it was left, as it does to a person.
        "ignore_default_args": ["--disable-back-forward-cache"],
    }


@pytest.fixture
def trouble() -> list[str]:
    """Errors in the console, breaches of the content security policy, requests to other hosts.

    A test whose page should fail takes out what it expects.
    """
    return []


@pytest.fixture
def refused(trouble: list[str]) -> Callable[..., None]:
    """``refused(422)``: the page was meant to be; the browser calls every such answer an error."""

    def take_out(status: int) -> None:
        trouble.remove(next(line for line in trouble if f"a status of {status}" in line))

    return take_out


@pytest.fixture
def open_context(new_context: Callable[..., BrowserContext], site: str, trouble: list[str]) -> Any:
    """Make a browser window of its own; options as Playwright's new_context."""

    def watch_console(message: Any) -> None:
        if message.type == "error":
            trouble.append(f"console: {message.text}")

    def watch_requests(request: Any) -> None:
        if not request.url.startswith((f"{site}/", "data:", "blob:", "about:")):
            trouble.append(f"request to another host: {request.url}")

    def open_one(**options: Any) -> BrowserContext:
        context = new_context(base_url=site, locale="en-GB", **options)
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_BREACHES)
        context.on("console", watch_console)
        context.on("weberror", lambda error: trouble.append(f"script: {error.error}"))
        context.on("request", watch_requests)
        return context

    yield open_one
    assert trouble == []


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    """A page of somebody who has not signed in."""
    return open_context().new_page()


@pytest.fixture(scope="session")
def _cookies() -> dict[str, Any]:
    """By role, what a browser holds once that role has signed in."""
    return {}


@pytest.fixture
def fill_sign_in() -> Callable[[Page, str], None]:
    """Sign in as a role of the sample, on the sign-in page: "lead" is lead@sample.example."""
    from wsoa.demo.loading import PASSWORD

    def fill(page: Page, role: str) -> None:
        page.get_by_label("E-mail address").fill(f"{role}@sample.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)

    return fill


@pytest.fixture
def signed_in(
    open_context: Callable[..., BrowserContext],
    fill_sign_in: Callable[[Page, str], None],
    _cookies: dict[str, Any],
) -> Callable[..., Page]:
    """``signed_in("lead", color_scheme="dark", viewport=PHONE)``: a page of that role's own.

    Each role signs in once, through the form; later windows reuse its cookies.
    """

    def sign_in(role: str, **options: Any) -> Page:
        if role not in _cookies:
            page = open_context().new_page()
            page.goto("/sign-in/")
            fill_sign_in(page, role)
            _cookies[role] = page.context.storage_state()
        return open_context(storage_state=_cookies[role], **options).new_page()

    return sign_in


@pytest.fixture
def axe() -> Callable[..., None]:
    """Fail on any breach of WCAG 2.2 AA or of good practice that axe can find.

    ``axe(page, COLOUR_RULES)`` looks at colours alone, where nothing else has changed.
    """

    def check(page: Page, rules: list[str] = RULES) -> None:
        results = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        found = [
            f"{page.url}: {violation['id']}: {node['html']}\n{node['failureSummary']}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]
        assert found == []

    return check


@pytest.fixture
def no_sideways_scroll() -> Callable[[Page], None]:
    """Fail if the page is wider than its window (a table may scroll within its own region)."""

    def check(page: Page) -> None:
        for _ in range(20):
            wide, window = page.evaluate(
                "[document.documentElement.scrollWidth, window.innerWidth]"
            )
            if wide <= window:
                return
            # On a busy machine the page may still be laid out for its window.
            page.wait_for_timeout(250)
        beyond = page.evaluate(
            """[...document.querySelectorAll("body *")]
                .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
                .slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""
        )
        pytest.fail(f"{page.url} is {wide} pixels wide in a window of {window}: {beyond}")

    return check

"""A real browser that reports whatever a person would not see: see ``trouble``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

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
# Only what is wrong comes back: what axe says of the rest of a long table is megabytes.
LOOK = """
    async ([rules, without, each]) => (await axe.run(each ? {include: oneOfEachInk()} : document, {
        runOnly: rules,
        rules: Object.fromEntries(without.map((rule) => [rule, {enabled: false}])),
        resultTypes: ["violations"],
        iframes: false,
        preload: false,
    })).violations.flatMap((breach) => breach.nodes.map(
        (node) => `${breach.id}: ${node.html}\n${node.failureSummary}`))
"""
# One element of all whose words have the same ink on the same ground: the thousandth cell of a
# table in the colours of the first has its contrast too, and takes as long to look at.
ONE_OF_EACH_INK = """
    window.oneOfEachInk = () => {
        const found = new Map();
        const look = (element, above) => {
            if (!element.checkVisibility()) return;
            const style = getComputedStyle(element);
            const ink = [
                above, element.tagName, element.className, style.color, style.opacity,
                style.backgroundColor, style.backgroundImage, style.fontSize, style.fontWeight,
                style.textShadow,
            ].join("|");
            if (!found.has(ink)) found.set(ink, [found.size, element]);
            const [mark] = found.get(ink);
            for (const part of element.children) look(part, mark);
        };
        look(document.body, "");
        return [...found.values()].map(([, element]) => element).filter((element) =>
            element.matches("input, select, textarea")
            || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    };
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

    def remove(status: int) -> None:
        trouble.remove(next(line for line in trouble if f"a status of {status}" in line))

    return remove


@contextmanager
def watched(context: BrowserContext, site: str, trouble: list[str]) -> Iterator[None]:
    """Write down what goes wrong in these windows."""

    def watch_console(message: Any) -> None:
        if message.type == "error":
            trouble.append(f"console: {message.text}")

    def watch_scripts(error: Any) -> None:
        trouble.append(f"script: {error.error}")

    def watch_requests(request: Any) -> None:
        if not request.url.startswith((f"{site}/", "data:", "blob:", "about:")):
            trouble.append(f"request to another host: {request.url}")

    # Which event brings what is known to Playwright's overloads alone.
    windows: Any = context
    watchers = {"console": watch_console, "weberror": watch_scripts, "request": watch_requests}
    for event, watch in watchers.items():
        windows.on(event, watch)
    yield
    for event, watch in watchers.items():
        windows.remove_listener(event, watch)


def prepared(context: BrowserContext) -> BrowserContext:
    context.set_default_timeout(10_000)
    context.add_init_script(REPORT_BREACHES)
    return context


@pytest.fixture
def open_context(new_context: Callable[..., BrowserContext], site: str, trouble: list[str]) -> Any:
    """Make a browser window of its own; options as Playwright's new_context."""
    with ExitStack() as watching:

        def open_one(**options: Any) -> BrowserContext:
            context = prepared(new_context(base_url=site, locale="en-GB", **options))
            watching.enter_context(watched(context, site, trouble))
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


@pytest.fixture(scope="session")
def _kept_contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """By role, windows that stay for the run: they have the site's style and scripts already."""
    contexts: dict[str, BrowserContext] = {}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def kept_window(
    browser: Browser,
    browser_context_args: dict[str, Any],
    site: str,
    trouble: list[str],
    signed_in: Callable[..., Page],
    _cookies: dict[str, Any],
    _kept_contexts: dict[str, BrowserContext],
) -> Iterator[Callable[..., Page]]:
    """``kept_window("lead")``: a new page, with what the role holds after signing in, or nobody.

    For tests that only look: the windows of a role share what the browser keeps of files.
    """
    with ExitStack() as watching:

        def open_one(role: str | None) -> Page:
            key = role or ""
            if role and role not in _cookies:
                signed_in(role).context.close()
            if key not in _kept_contexts:
                _kept_contexts[key] = prepared(
                    browser.new_context(
                        **browser_context_args | {"viewport": DESKTOP},
                        base_url=site,
                        locale="en-GB",
                    )
                )
            context = _kept_contexts[key]
            context.clear_cookies()
            if role:
                context.add_cookies(_cookies[role]["cookies"])
            watching.enter_context(watched(context, site, trouble))
            page = context.new_page()
            watching.callback(close_all, context)
            return page

        yield open_one


def close_all(context: BrowserContext) -> None:
    for page in context.pages:
        page.close()


@pytest.fixture
def axe() -> Look:
    """Fail on any breach of WCAG 2.2 AA or of good practice that axe can find.

    ``axe.colours(page)`` looks at colours alone, where nothing else has changed, once for each ink
    and ground; ``axe.layout(page)`` at all but colours, where the window alone has changed.
    """
    return Look()


class Look:
    def __call__(self, page: Page) -> None:
        self._look(page, RULES)

    def colours(self, page: Page) -> None:
        self._look(page, COLOUR_RULES, each=True)

    def layout(self, page: Page) -> None:
        self._look(page, RULES, without=COLOUR_RULES)

    def _look(
        self, page: Page, rules: list[str], *, without: list[str] | None = None, each: bool = False
    ) -> None:
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(AXE_SCRIPT)
            page.evaluate(ONE_OF_EACH_INK)
        breaches = page.evaluate(LOOK, [rules, without or [], each])
        assert [f"{page.url}: {breach}" for breach in breaches] == []


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

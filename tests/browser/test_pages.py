"""Every page of the site, seen light, dark and on a phone; see tests/browser/pages.py."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import PAGES, SAMPLE
from tests.test_access import names_of_the_site

# Views that show no page: they send somebody on, or answer a form.
WITHOUT_A_PAGE = {
    "actions:home",
    "accounts:sign_out",
    "accounts:deactivate",
    "accounts:reactivate",
}


@pytest.fixture(scope="session")
def _titles() -> dict[str, str]:
    """The address of each title met so far."""
    return {}


@pytest.mark.parametrize("visit", PAGES, ids=lambda visit: visit.name)
def test_a_page_is_whole_and_accessible_in_every_look(
    open_context, signed_in, axe, no_sideways_scroll, trouble, _titles, visit
):
    page = signed_in(visit.role) if visit.role else open_context().new_page()
    page.set_viewport_size(DESKTOP)
    statuses: list[int] = []
    page.on(
        "response",
        lambda answer: answer.request.is_navigation_request() and statuses.append(answer.status),
    )
    visit.open(page)

    assert statuses[-1] == visit.status
    if visit.status != 200:
        # The browser calls every refusal an error, though it is what the page is for.
        trouble.remove(next(line for line in trouble if f"a status of {visit.status}" in line))
    _has_title_heading_and_landmark(page, _titles)
    if SAMPLE in page.url and visit.status in (200, 422):
        expect(page.get_by_text("Sample progress.")).to_be_visible()

    axe(page)
    no_sideways_scroll(page)
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    axe(page)
    no_sideways_scroll(page)


def _has_title_heading_and_landmark(page: Page, titles: dict[str, str]) -> None:
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert page.get_by_role("heading", level=1).inner_text().strip()

    title = page.title()
    assert not title.startswith((" ", "–"))
    # The same page has one title, whoever reads it and as at whichever day.
    address = urlsplit(page.url).path
    assert titles.setdefault(title, address) == address, f"{title} is the title of both"


def test_every_view_with_a_page_is_visited():
    visited = {visit.leads_to or resolve(urlsplit(visit.address).path).view_name for visit in PAGES}

    assert set(names_of_the_site()) == visited | WITHOUT_A_PAGE

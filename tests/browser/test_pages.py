"""Every page of the site, seen light, dark and on a phone; see tests/browser/pages.py."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import PHONE
from tests.browser.pages import PAGES
from tests.test_access import names_of_the_site

# Pages of what the sample has none of, and what would change the sample for the other visits. Their
# own tests read them.
NOT_IN_THE_SAMPLE = {
    "oversight:handover",
    # With a mail server: tests/browser/test_sign_in_by_mail.py.
    "accounts:enter_code",
    "accounts:forgotten_password",
    "accounts:new_password",
    "accounts:sign_in_with_password",
    # With a second step: tests/browser/test_second_step_walk.py.
    "accounts:enter_second_code",
    "accounts:new_codes",
    "accounts:remove_second_step",
    "accounts:set_up_at_sign_in",
}
# Views that show no page: they send somebody on, or answer a form.
WITHOUT_A_PAGE = {
    "actions:commitments_file",
    "oversight:risks_file",
    "kpis:kpis_file",
    "pages:changed_file",
    "pages:findings_file",
    "pages:own_sheet",
    "pages:sheet_of",
    "pages:sheets_of_several",
    "oversight:note_handover",
    "reaching:end_hold",
    "pages:inspectors_file",
    "pages:hide_line",
    "accounts:remove_second_step_of",
    "accounts:sign_out_everywhere",
    "actions:invite_again",
    "actions:withdraw_invitation",
    "allauth:account_confirm_login_code",
    "allauth:account_login",
    "allauth:mfa_authenticate",
    "allauth:openid_connect_callback",
    "allauth:openid_connect_login",
    "reaching:calendar",
    "reaching:renew_calendar",
    "kpis:figures_template",
    "reports:history_file",
    "reports:word_template_file",
    "reports:draft_file",
    "actions:document_file",
    "reports:report_file",
    "pages:home",
    "actions:evidence_file",
    "actions:former_evidence_file",
    "actions:progress_template",
    "actions:save_draft",
    "actions:discard_draft",
    "pages:end_deputy",
    "actions:end_shared_view",
    "actions:move_part",
    "actions:restore_part",
    "accounts:robots",
    "accounts:favicon",
    "accounts:sign_out",
    "accounts:deactivate",
    "accounts:reactivate",
}


@pytest.fixture(scope="session")
def titles() -> dict[str, str]:
    """The address of each title met so far."""
    return {}


@pytest.mark.parametrize("visit", PAGES, ids=lambda visit: visit.name)
def test_a_page_is_whole_and_accessible_in_every_look(
    kept_window, axe, no_sideways_scroll, refused, titles, visit
):
    page = kept_window(visit.role)
    statuses: list[int] = []

    def keep_status(answer: Response) -> None:
        if answer.request.is_navigation_request():
            statuses.append(answer.status)

    page.on("response", keep_status)
    visit.open(page)

    assert statuses[-1] == visit.status
    if visit.status != 200:
        refused(visit.status)
    # What cannot be shown says the same at whichever address.
    is_refusal = visit.status in (400, 403, 404)
    _has_title_heading_and_landmark(page, {} if is_refusal else titles)
    if visit.shows_the_sample:
        expect(page.get_by_text("Sample progress.")).to_be_visible()

    # One page in three looks: it is loaded once, and the stylesheet follows the window.
    axe(page)
    no_sideways_scroll(page)
    page.emulate_media(color_scheme="dark")
    axe.colours(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    axe.layout(page)
    # What a phone alone shows, or in other colours, has them too.
    axe.colours(page)
    no_sideways_scroll(page)


def _has_title_heading_and_landmark(page: Page, titles: dict[str, str]) -> None:
    expect(page.get_by_role("main")).to_have_count(1)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_count(1)
    assert heading.inner_text().strip()

    title = page.title()
    assert title.split(" – ")[0].strip()
    # The same page has one title, whoever reads it and as at whichever day.
    address = urlsplit(page.url).path
    assert titles.setdefault(title, address) == address, f"two pages are called {title}"


def test_every_view_with_a_page_is_visited():
    visited = {visit.leads_to or resolve(urlsplit(visit.address).path).view_name for visit in PAGES}

    assert set(names_of_the_site()) == visited | WITHOUT_A_PAGE | NOT_IN_THE_SAMPLE

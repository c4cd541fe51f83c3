"""An officer closes a plan and begins the next from it, in a browser; a member of that reads."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from actions.models import KeyDate, Membership
from actions.plan.amendments import move_date
from actions.rules.dates import PlanDate
from tests.browser.conftest import DESKTOP
from tests.browser.test_unlike import look
from tests.browser.unlike_pages import HASHED, sign_in
from tests.factories import make_kpi, record_figure
from wsoa.accounts.models import User

pytestmark = pytest.mark.browser

TODAY = timezone.localdate()


@pytest.fixture
def told() -> SimpleNamespace:
    """The plan's address and who signs in: filled in once the site is there."""
    return SimpleNamespace()


@pytest.fixture
def site(served_scene: Any, told: SimpleNamespace) -> Iterator[str]:
    def fill(world: SimpleNamespace) -> None:
        due = KeyDate.objects.get(commitment=world.commitment)
        move_date(
            key_date=due,
            to=PlanDate.parse("2024-09"),
            reason="The tender ran twice.",
            by=world.users["officer"],
        )
        kpi = make_kpi(world.plan, "K1", commitments=(world.commitment,))
        for month, value in (("2023-01", 52), ("2023-02", 51), ("2023-03", 49)):
            record_figure(kpi, month, value)
        User.objects.update(password=HASHED)
        told.slug, told.title = world.plan.slug, world.plan.title
        told.officer = world.users["officer"].email
        told.guest = world.users["outsider"].email

    with served_scene("world", fill) as url:
        yield url


def row(page: Page, ref: str) -> Any:
    """The entry of an open commitment on the page that closes the plan."""
    return page.locator(".closing-rows > li").filter(has_text=ref)


def close(page: Page, slug: str, axe: Any, no_sideways_scroll: Any, refused: Any) -> None:
    page.goto(f"/plans/{slug}/close/")
    look(page, axe, no_sideways_scroll)
    row(page, "1.1.1b").get_by_label("No longer needed").check()
    page.get_by_label("What is not said yet becomes").select_option("Carried forward")
    page.get_by_role("button", name="Fill in").click()
    page.get_by_text("Draft saved. The plan is not closed yet.").wait_for()
    page.get_by_label("Closing day").fill(f"{TODAY:%d/%m/%Y}")
    page.get_by_label("Decided by").fill("Steering group")
    page.get_by_role("button", name="Check, then close").click()
    page.get_by_role("link", name="1.1.1b: say why it is no longer needed").click()
    reason = row(page, "1.1.1b").get_by_role("textbox")
    expect(reason).to_be_focused()
    refused(422)
    reason.fill("Now in the workforce plan")
    page.get_by_role("button", name="Check, then close").click()
    page.get_by_role("heading", name="Check before the plan is closed").wait_for()
    look(page, axe, no_sideways_scroll)
    page.get_by_role("button", name="Close the plan").click()
    page.get_by_text("The plan is closed. Everything in it stays to be read.").wait_for()


def begin(page: Page, told: SimpleNamespace, axe: Any, no_sideways_scroll: Any) -> str:
    """The next plan with what was carried forward; its slug."""
    page.goto("/plans/new/")
    page.get_by_label("Title").fill("Accelerated progress plan")
    page.get_by_label("Kind of plan").select_option("Accelerated Progress Plan")
    page.get_by_label("Starts").fill(f"{TODAY:%m/%Y}")
    page.get_by_label(told.title).check()
    page.get_by_role("button", name="Start the plan").click()
    page.get_by_role("heading", name="Bring over from the plan before").wait_for()
    look(page, axe, no_sideways_scroll)
    expect(page.get_by_role("checkbox", name="1.1.1a")).to_be_checked()
    expect(page.get_by_role("checkbox", name="1.1.1b")).not_to_be_checked()
    page.get_by_role("button", name="Bring over").click()
    page.get_by_text("Brought over: 2").wait_for()
    page.get_by_role("link", name="Agree the plan").click()
    page.get_by_label("Who agreed the plan?").fill("The board")
    page.get_by_label("On which day?").fill(f"{TODAY:%d/%m/%Y}")
    page.get_by_role("button", name="Record the agreement").click()
    page.get_by_text("The plan is agreed.").wait_for()
    return page.url.rstrip("/").rpartition("/")[2]


def let_in(page: Page, slug: str, email: str) -> None:
    page.goto(f"/plans/{slug}/edit/membership/new/")
    page.get_by_label("E-mail address they sign in with").fill(email)
    page.get_by_label("Role", exact=True).select_option(Membership.Role.MEMBER.label)
    page.get_by_role("button", name="Add the membership").click()
    page.wait_for_url("**/edit/people/")


def test_a_plan_is_closed_and_the_next_begins_from_it(
    site, open_context, axe, no_sideways_scroll, told, refused
):
    page = open_context(viewport=DESKTOP).new_page()
    sign_in(page, told.officer)
    close(page, told.slug, axe, no_sideways_scroll, refused)
    slug = begin(page, told, axe, no_sideways_scroll)
    page.goto(f"/plans/{told.slug}/")
    expect(page.get_by_role("link", name="Accelerated progress plan")).to_be_visible()
    page.goto(f"/plans/{told.slug}/commitments/1.1.1a/")
    expect(page.get_by_text("At closing: carried forward").first).to_be_visible()
    look(page, axe, no_sideways_scroll)
    let_in(page, slug, told.guest)

    guest = open_context(viewport=DESKTOP).new_page()
    sign_in(guest, told.guest)
    guest.goto(f"/plans/{slug}/commitments/1.1.1a/")
    before = guest.get_by_text(f"First agreed for December 2022 in {told.title}")
    expect(before).to_be_visible()
    expect(guest.get_by_text("Moved to September 2024")).to_be_visible()
    look(guest, axe, no_sideways_scroll)
    guest.goto(f"/plans/{slug}/kpis/K1/")
    expect(guest.get_by_role("heading", name="In the plan before")).to_be_visible()
    look(guest, axe, no_sideways_scroll)
    answer = guest.goto(f"/plans/{told.slug}/commitments/1.1.1a/")
    assert answer is not None
    assert answer.status == 404
    refused(404)

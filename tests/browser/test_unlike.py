"""Unlike plans in a browser: every main page, light, dark and on a phone; and an update."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.unlike_pages import PLANS, UnlikePlan, prepare, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(params=PLANS, ids=lambda plan: plan.name)
def plan(request: pytest.FixtureRequest) -> UnlikePlan:
    kind: UnlikePlan = request.param
    return kind


@pytest.fixture
def prepared_plan() -> SimpleNamespace:
    """Its address, who signs in, its drafts: filled in once the site is there."""
    return SimpleNamespace()


@pytest.fixture
def site(served_scene: Any, plan: UnlikePlan, prepared_plan: SimpleNamespace) -> Iterator[str]:
    def fill(scene: SimpleNamespace) -> None:
        vars(prepared_plan).update(vars(prepare(plan, scene)))

    with served_scene(plan.scene, fill) as url:
        yield url


def test_pages_of_an_unlike_plan_are_whole_and_accessible(
    site, open_context, axe, no_sideways_scroll, plan, prepared_plan
):
    page = open_context(viewport=DESKTOP).new_page()
    sign_in(page, prepared_plan.email)

    for _, address in plan.addresses(prepared_plan.slug, prepared_plan.drafts):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        look(page, axe, no_sideways_scroll)

    page.goto(f"/plans/{prepared_plan.slug}/commitments/{plan.updated}/update/")
    fill_update(page)
    look(page, axe, no_sideways_scroll)
    page.get_by_role("button", name="Send update").click()
    page.get_by_role("heading", name="Your update is recorded").wait_for()


def look(page: Any, axe: Any, no_sideways_scroll: Any) -> None:
    page.emulate_media(color_scheme="light")
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe.colours(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    no_sideways_scroll(page)
    page.set_viewport_size(DESKTOP)


def fill_update(page: Page) -> None:
    """The plan’s word for Green, by whoever records for the lead, up to the check page."""
    page.get_by_label("On behalf of").select_option(index=1)
    page.locator("input[name=brag][value=green]").check()
    page.get_by_label("What happened").fill("It goes as it was meant to.")
    page.get_by_label("Figures").check()
    late = page.locator("[name=late_reason]")
    if late.count():  # of what has a completion date, which has passed by now
        late.fill("The last part comes later.")
    page.get_by_role("button", name="Check answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()

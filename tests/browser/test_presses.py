"""What a month of nine costs a lead, and the programme team that records it for them.

One Red, two Amber, one Blue, two Green, three without a change. Presses are those of a mouse, keys
those that are typed or pressed, loads are pages that arrive: counted by the browser itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from actions import memberships
from actions.models import Membership, Person
from tests.browser.conftest import DESKTOP
from tests.browser.unlike_pages import HASHED, sign_in
from tests.factories import make_commitment, make_update, make_user

pytestmark = pytest.mark.browser

LETTERS = "jklmnopqr"
# What is said this month, as somebody in a hurry says it.
RED = "The tender failed; we start again in January."
ISSUE = "No provider bid at the price."
SUPPORT = "The steering group agrees a higher price."
AMBER = ("Two of six schools have not begun.", "The form is late by three weeks.")
RISK = ("Their heads are new.", "The supplier is short of staff.")
GREEN = ("Four of six schools have begun.", "The leaflet is printed.")
BLUE = "All six schools use it, each week."
EVIDENCE = "Minutes of all six schools"
EFFECT = "Families wait nine days in place of forty."
NONE = "No change."


@dataclass
class Cost:
    presses: int = 0
    keys: int = 0
    loads: int = 0

    def __str__(self) -> str:
        return f"{self.presses} presses, {self.keys} keys, {self.loads} loads"


@pytest.fixture
def found() -> SimpleNamespace:
    return SimpleNamespace()


@pytest.fixture
def site(served_scene: Any, found: SimpleNamespace) -> Iterator[str]:
    """A lead of nine commitments, each with an update of last month."""

    def fill(world: SimpleNamespace) -> None:
        lead = make_user("Nora Nine")
        memberships.grant(user=lead, plan=world.plan, role=Membership.Role.LEAD)
        person = Person.objects.create(
            local_area=world.plan.local_area,
            name=lead.name,
            organisation=world.council,
            user=lead,
        )
        for letter in LETTERS:
            row = make_commitment(world.action, letter, leads=(person,), due="2035-12")
            make_update(
                row,
                lead,
                progress="It went on as it was meant to.",
                effective_at=timezone.now() - timedelta(days=45),
            )
        for user in (lead, world.users["officer"]):
            user.password = HASHED
            user.save()
        found.slug, found.lead, found.person = world.plan.slug, lead.email, person.pk
        found.officer = world.users["officer"].email

    with served_scene("world", fill) as url:
        yield url


@contextmanager
def counted(page: Page) -> Iterator[Cost]:
    cost = Cost()

    def add(what: str) -> None:
        setattr(cost, what, getattr(cost, what) + 1)

    page.expose_function("countIt", add)
    page.add_init_script(
        """addEventListener("pointerdown", (e) => e.isTrusted && countIt("presses"), true);
        addEventListener("keydown", (e) => e.isTrusted && countIt("keys"), true);"""
    )
    page.on("load", lambda _: add("loads"))
    yield cost


def row_of(page: Page, letter: str) -> Locator:
    name = page.locator(".several-rows > li")
    return name.filter(has=page.get_by_text(f"1.1.1{letter}", exact=True))


def say(page: Page, place: Locator, words: str, *, by_tab: bool = False) -> None:
    """A press into the place, and keys; or the Tab key from where one is, as a quick hand does."""
    if by_tab:
        page.keyboard.press("Tab")
        expect(place).to_be_focused()
    else:
        place.click()
    page.keyboard.type(words)


def say_eight(page: Page, *, by_tab: bool = False) -> None:
    """All but the Blue, on the page of several at once."""

    def choose(letter: str, colour: str) -> Locator:
        row = row_of(page, letter)
        row.get_by_role("radio", name=colour, exact=True).click()
        return row

    red = choose("j", "Red")
    say(page, red.get_by_label("What happened"), RED, by_tab=by_tab)
    say(page, red.get_by_label("Risk or issue"), ISSUE, by_tab=by_tab)
    say(page, red.get_by_label("Support needed, and from whom"), SUPPORT, by_tab=by_tab)
    for letter, words, risk in zip("kl", AMBER, RISK, strict=True):
        row = choose(letter, "Amber")
        say(page, row.get_by_label("What happened"), words, by_tab=by_tab)
        say(page, row.get_by_label("Risk or issue"), risk, by_tab=by_tab)
    for letter, words in zip("mn", GREEN, strict=True):
        say(page, choose(letter, "Green").get_by_label("What happened"), words, by_tab=by_tab)
    for letter in "opq":
        say(page, choose(letter, "Green").get_by_label("What happened"), NONE, by_tab=by_tab)


def say_blue(page: Page) -> None:
    """The ninth, on the full form."""
    page.get_by_role("radio", name="Blue").click()
    say(page, page.get_by_label("What shows that it is completed?"), EVIDENCE)
    page.keyboard.press("Tab")
    say(page, page.get_by_label("What changed for children and families?"), EFFECT)
    say(page, page.get_by_label("What happened"), BLUE)
    page.get_by_label("Figures").click()
    page.get_by_role("button", name="Check answers").click()
    page.get_by_role("button", name="Send update").click()


@pytest.fixture
def month(open_context, found, site) -> Callable[[str, str], Page]:
    """A window of who is named, on the page that their month begins at."""

    def open_as(email: str, address: str) -> Page:
        page = open_context(viewport=DESKTOP).new_page()
        sign_in(page, email)
        page.goto(f"/plans/{found.slug}/{address}")
        return page

    return open_as


def test_a_lead_says_the_month_of_nine(month, found):
    page = month(found.lead, "my-work/")
    with counted(page) as cost:
        page.get_by_role("link", name="Record several at once").click()
        say_eight(page)
        page.get_by_role("button", name="Check what you will record").click()
        page.get_by_role("button", name="Record 8 updates").click()
        page.get_by_role("link", name="Update 1.1.1r").click()
        say_blue(page)
        page.get_by_role("heading", name="Your update is recorded").wait_for()

    assert cost.presses <= 38, cost
    assert cost.keys <= 800, cost
    assert cost.loads <= 16, cost


def test_the_programme_team_records_the_same_nine_of_what_it_was_told(month, found):
    """From the page of everybody's work, with Tab from place to place, as a quick hand does."""
    page = month(found.officer, "updates/everybody/")
    with counted(page) as cost:
        page.get_by_role("link", name=re.compile("Record for them.*Nora Nine")).click()
        page.get_by_role("radio", name="Call").click()
        say_eight(page, by_tab=True)
        page.get_by_role("button", name="Check what you will record").click()
        page.get_by_role("button", name="Record 8 updates").click()
        page.get_by_role("link", name=re.compile("Record.*1.1.1r on behalf")).click()
        page.get_by_label("On behalf of").select_option(index=1)
        cost.presses += 2  # opening the list, and choosing
        say_blue(page)
        page.get_by_role("heading", name="is recorded").wait_for()

    assert cost.presses <= 24, cost
    assert cost.loads <= 6, cost

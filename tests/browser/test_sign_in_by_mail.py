"""Signing in with mail: a code, the ways beside it, and a new password, as pages in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.unlike_pages import HASHED, PASSWORD
from tests.smtp import MailServer, mail_server
from wsoa.accounts.models import User

pytestmark = pytest.mark.browser

COUNCIL = {
    "id": "council",
    "name": "Sampleshire County Council",
    "server": "http://127.0.0.1:9",
    "client": "plan-ledger",
    "secret": "shared",
    "domains": ["council.example"],
}


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """What the served site sends: it is told of the server as in production."""
    with mail_server(SimpleNamespace()) as server:
        monkeypatch.setenv("MAIL_URL", f"smtp://127.0.0.1:{server.port}")
        monkeypatch.setenv("MAIL_FROM", "plans@example.org")
        monkeypatch.setenv("ORGANISATIONS", json.dumps([COUNCIL]))
        yield server


@pytest.fixture
def told() -> SimpleNamespace:
    """The plan's address and who signs in: filled in once the site is there."""
    return SimpleNamespace()


@pytest.fixture
def site(mails: MailServer, served_scene: Any, told: SimpleNamespace) -> Iterator[str]:
    def fill(world: SimpleNamespace) -> None:
        told.slug, told.lead = world.plan.slug, world.users["lead"].email
        told.officer = world.users["officer"].email
        told.outsider = world.users["outsider"].email
        User.objects.update(password=HASHED)

    with served_scene("world", fill) as url:
        yield url


def look(page: Any, axe: Any, no_sideways_scroll: Any) -> None:
    for scheme, size in (("dark", DESKTOP), ("light", PHONE), ("light", DESKTOP)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        axe(page)
        no_sideways_scroll(page)


def test_a_lead_signs_in_by_a_code_and_goes_on_to_the_page_of_the_mail(
    open_context, mails, told, axe, no_sideways_scroll
):
    page = open_context(viewport=DESKTOP).new_page()
    page.goto(f"/plans/{told.slug}/commitments/")
    look(page, axe, no_sideways_scroll)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Enter your e-mail address.").first).to_be_visible()
    look(page, axe, no_sideways_scroll)
    page.get_by_label("E-mail address").fill(told.lead)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Enter the code we sent you")).to_be_visible()
    look(page, axe, no_sideways_scroll)
    code = page.get_by_label("Code", exact=True)
    first = re.search(r"\d{3} \d{3}", mails.to(told.lead)["Subject"])[0]
    code.fill("12 34")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The code has six figures.").first).to_be_visible()
    look(page, axe, no_sideways_scroll)
    page.get_by_role("button", name="Send another code").click()
    second = re.search(r"\d{3} \d{3}", mails.to(told.lead, 2)["Subject"])[0]
    assert first is not None
    code.fill(second)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/plans/{told.slug}/commitments/")


def test_a_forgotten_password_is_chosen_anew(open_context, mails, told, axe, no_sideways_scroll):
    page = open_context(viewport=DESKTOP, java_script_enabled=True).new_page()
    page.goto("/sign-in/")
    page.get_by_role("link", name="Use a password").click()
    look(page, axe, no_sideways_scroll)
    page.get_by_role("link", name="Forgotten your password?").click()
    look(page, axe, no_sideways_scroll)
    page.get_by_label("E-mail address").fill(told.lead)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    look(page, axe, no_sideways_scroll)
    link = re.search(r"http://\S+", mails.to(told.lead).get_content())[0]
    page.goto(link)
    look(page, axe, no_sideways_scroll)
    page.get_by_label("New password", exact=True).fill("three words of mine")
    page.get_by_label("New password again").fill("three words of mine")
    page.get_by_role("button", name="Set password").click()
    page.get_by_label("E-mail address").fill(told.lead)
    page.get_by_label("Password").fill("three words of mine")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def test_a_lead_is_invited_and_comes_in(
    open_context, mails, told, axe, no_sideways_scroll, refused
):
    team = open_context(viewport=DESKTOP).new_page()
    team.goto(f"/sign-in/password/?next=/plans/{told.slug}/people/invite/")
    team.get_by_label("E-mail address").fill(told.officer)
    team.get_by_label("Password").fill(PASSWORD)
    team.get_by_role("button", name="Sign in").click()
    team.get_by_label("Addresses").fill(
        "Farid Rookhope <farid.rookhope@sample.example>\n"
        f"{told.outsider}; Wanda Elderfield; member\numa.pellworth@sample"
    )
    team.get_by_role("button", name="Read the list").click()
    look(team, axe, no_sideways_scroll)
    refused(422)
    team.get_by_role("button", name="Invite 1, add 1").click()
    expect(team.get_by_text("1 invited, 1 added.")).to_be_visible()
    look(team, axe, no_sideways_scroll)
    refused(422)
    link = re.search(r"http://\S+", mails.to("farid.rookhope@sample.example").get_content())[0]

    page = open_context(viewport=DESKTOP, java_script_enabled=False).new_page()
    page.goto(link)
    guest = open_context(viewport=DESKTOP).new_page()
    guest.goto(link)
    look(guest, axe, no_sideways_scroll)
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url(f"**/plans/{told.slug}/")


def test_an_organisations_people_are_sent_to_its_page_and_come_back_when_it_is_away(
    open_context, axe, no_sideways_scroll
):
    page = open_context(viewport=DESKTOP).new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill("amara@council.example")
    page.get_by_role("button", name="Continue").click()
    expect(
        page.get_by_role("heading", name="Sampleshire County Council signs you in")
    ).to_be_visible()
    look(page, axe, no_sideways_scroll)
    page.get_by_role("link", name="Continue to Sampleshire County Council").click()
    expect(page.get_by_text("did not sign you in")).to_be_visible()
    look(page, axe, no_sideways_scroll)

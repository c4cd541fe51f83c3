"""The second step in a browser: set up at sign-in, asked for, its codes made anew, removed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.unlike_pages import HASHED, PASSWORD
from wsoa.accounts.models import User

pytestmark = pytest.mark.browser


@pytest.fixture
def told() -> SimpleNamespace:
    return SimpleNamespace()


@pytest.fixture
def site(
    served_scene: Any, told: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setenv("SECOND_STEP_FOR", "programme_officer")

    def fill(world: SimpleNamespace) -> None:
        told.officer = world.users["officer"].email
        User.objects.update(password=HASHED)

    with served_scene("world", fill) as url:
        yield url


def code_of(secret: str) -> str:
    """What the app on a phone shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def give_password(page: Page, email: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_it_is_set_up_asked_for_and_removed(open_context, told, axe, no_sideways_scroll):
    page = open_context(viewport=DESKTOP).new_page()

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        for scheme, size in (("dark", DESKTOP), ("light", PHONE), ("light", DESKTOP)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            axe(page)
            no_sideways_scroll(page)

    give_password(page, told.officer)
    look("Set up your second step")
    secret = page.get_by_text("Key:").locator("code").inner_text().replace(" ", "")
    page.get_by_role("textbox").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    look("Keep your recovery codes")
    codes = page.locator(".recovery-codes li").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("button", name="I have kept them: go on").click()

    page.goto("/account/")
    page.get_by_role("link", name="New recovery codes").click()
    look("New recovery codes")
    page.goto("/account/")
    page.get_by_role("link", name="Remove").click()
    look("Remove your second step")

    page.get_by_role("button", name="Sign out").click()
    give_password(page, told.officer)
    look("One more step")
    # The app's code was used at setting up, and holds once.
    page.get_by_role("textbox").fill(codes[0])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

"""Signing in and out in a real browser, also without a mouse and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pages import SAMPLE


def test_signing_in_and_changing_a_password_by_keyboard_alone(page):
    from wsoa.demo.loading import PASSWORD

    page.goto("/sign-in/?next=/password/")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("admin@sample.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/password/")

    page.get_by_label("Current password").focus()
    for answer in ("not the password", "another good phrase", "another good phrase"):
        page.keyboard.type(answer)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("This is not your current password.").first).to_be_visible()


def test_the_pages_work_without_javascript(open_context, fill_sign_in):
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/users/")
    fill_sign_in(page, "admin")

    expect(page.get_by_role("heading", name="Users")).to_be_visible()


@pytest.mark.parametrize("width", [320, 645, 1005, 1280])
def test_the_way_to_ones_password_fits_every_window(signed_in, axe, no_sideways_scroll, width):
    """Beside a plan's name, the search and one's own."""
    page = signed_in("officer", viewport={"width": width, "height": 800})
    page.goto(f"{SAMPLE}/")
    no_sideways_scroll(page)
    axe(page)
    page.get_by_role("link", name="My account").click()
    page.get_by_role("link", name="Change password").click()
    expect(page.get_by_role("heading", name="Change your password")).to_be_visible()


def test_signing_out_ends_the_session(open_context, fill_sign_in):
    page = open_context().new_page()
    page.goto("/users/")
    fill_sign_in(page, "admin")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")

    page.goto("/users/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_what_was_typed_stands_after_going_back(signed_in):
    """Though no browser may keep the page for whoever comes next."""
    page = signed_in("chair")
    page.goto(f"{SAMPLE}/questions/new/?on=commitment:1.2.2a")
    question = page.locator("textarea").first
    question.fill("Who answers the families that wait?")
    page.get_by_role("link", name="Accessibility").click()
    page.wait_for_url("**/accessibility/")
    page.go_back()
    page.wait_for_url("**/questions/new/**")
    expect(question).to_have_value("Who answers the families that wait?")


def test_after_signing_out_going_back_shows_nothing_of_the_plan(open_context, fill_sign_in):
    page = open_context().new_page()
    page.goto(f"{SAMPLE}/")
    fill_sign_in(page, "officer")
    page.wait_for_url(f"**{SAMPLE}/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

"""A lead's update from end to end, and what the others of the plan see of it.

The tests share one site, so each that writes has commitments of its own, which no other test
and no visit of tests/browser/pages.py writes to:

- led by the sample's lead: 1.2.2a and 1.2.2b (the month by keyboard), 1.2.2c (Blue),
  1.2.1a and 1.2.3a (no change; 1.2.3b stays owed and Green for the visits),
- led by somebody she stands in for: 5.1.2c (double click), 5.1.2f (conflict),
- of the SRO's area: 1.1.2b (without JavaScript), 1.2.5g (going back), 1.2.5b (two windows),
  1.2.5f and 1.2.5d (typing), 1.2.5c (leaving, and signing in again in another tab),
  1.2.5a (the session ends),
- anybody's, by an officer: 4.2.1b (correction), 3.2.1b, 3.2.1c and 3.2.1d (files).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.actions.io.documents import OLD_WORD, PDF, PNG
from tests.browser.conftest import PHONE
from tests.browser.pages import EARLIER, SAMPLE

MY_WORK = f"{SAMPLE}/my-work/"


def commitment(ref: str) -> str:
    return f"{SAMPLE}/commitments/{ref}/"


def update_of(ref: str) -> str:
    return f"{SAMPLE}/commitments/{ref}/update/"


def line_of(page: Page, ref: str) -> Locator:
    """The line of a commitment, in whichever table of the page it stands.

    Where what is wanted stands below its reference, that of its update or its Blue.
    """
    name = re.compile(rf"^{re.escape(ref)}\s*(Update|Blue)?$")
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def history_of(page: Page) -> Locator:
    return page.locator("#history").get_by_role("listitem")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{wanted} cannot be reached with the Tab key")


def check(page: Page) -> Locator:
    return page.get_by_role("button", name="Check answers")


def send(page: Page) -> Locator:
    return page.get_by_role("button", name="Send update")


def name_lead(page: Page) -> None:
    """Whose account it is, where one records for another."""
    page.get_by_label("On behalf of").select_option(index=1)


def say_green(page: Page, words: str) -> None:
    page.get_by_role("radio", name="Green").check()
    page.get_by_label("What happened").fill(words)


def is_checked(page: Page, ref: str) -> None:
    """The answers once more; an address may keep the mark of the question last gone to."""
    page.wait_for_url(lambda url: urlsplit(url).path == f"{update_of(ref)}check/")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()


def check_and_send(page: Page, ref: str) -> None:
    check(page).click()
    is_checked(page, ref)
    send(page).click()
    is_recorded(page, ref)


def is_recorded(page: Page, ref: str) -> None:
    """The page after sending."""
    page.wait_for_url(lambda url: urlsplit(url).path == f"{update_of(ref)}done/")
    expect(page.get_by_role("heading", name="Your update is recorded")).to_be_visible()
    expect(page.get_by_text(f"Commitment {ref}", exact=True)).to_be_visible()


def is_said_once(page: Page, ref: str, words: str) -> None:
    page.goto(commitment(ref))
    expect(history_of(page).filter(has_text=words)).to_have_count(1)


def red_count(page: Page) -> int:
    page.goto(f"{SAMPLE}/")
    return int(page.locator(".counts > div").filter(has_text="Red").locator(".figure").inner_text())


# --- The month --------------------------------------------------------------------------------


def test_a_month_of_two_is_done_by_keyboard_alone_and_is_seen_in_every_summary(
    page, signed_in, refused
):
    from wsoa.demo.loading import PASSWORD

    red_before = red_count(signed_in("officer"))

    page.goto("/sign-in/")
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type("lead@sample.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{MY_WORK}")
    tab_to(page, page.get_by_role("link", name="Update 1.2.2b"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{update_of('1.2.2b')}")

    # Red, refused at first: the focus goes to the summary, and from there to each question.
    issue, help_needed = page.get_by_label("What is the issue?"), page.get_by_label("What help do")
    expect(issue).to_be_hidden()
    tab_to(page, page.get_by_role("radio", name="Blue"))
    for _ in ("Green", "Amber", "Red"):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Red")).to_be_checked()
    expect(issue).to_be_visible()
    tab_to(page, check(page))
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Three answers need putting right")).to_be_focused()
    refused(422)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Say what the issue is")).to_be_focused()
    page.keyboard.press("Enter")
    expect(issue).to_be_focused()
    page.keyboard.type("There are too few answers.")
    tab_to(page, help_needed)
    page.keyboard.type("The forum is asked to write to its members.")
    tab_to(page, page.get_by_label("What happened"))
    page.keyboard.type("The second survey drew few answers.")
    tab_to(page, check(page))
    page.keyboard.press("Enter")

    # The answers once more; one is changed.
    is_checked(page, "1.2.2b")
    tab_to(page, page.get_by_role("link", name="Change What happened"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{update_of('1.2.2b')}#id_progress")
    expect(page.get_by_label("What happened")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" No more than the first.")
    tab_to(page, check(page))
    page.keyboard.press("Enter")
    is_checked(page, "1.2.2b")
    tab_to(page, send(page))
    page.keyboard.press("Enter")
    is_recorded(page, "1.2.2b")

    # And on to the next: late too, and Green all the same.
    tab_to(page, page.get_by_role("link", name="Update 1.2.2a"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{update_of('1.2.2a')}")
    tab_to(page, page.get_by_role("radio", name="Blue"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Green")).to_be_checked()
    tab_to(page, page.get_by_label("Why Green or Amber although"))
    page.keyboard.type("The last post is filled in a fortnight.")
    tab_to(page, page.get_by_label("What happened"))
    page.keyboard.type("Four of five posts are filled.")
    tab_to(page, check(page))
    page.keyboard.press("Enter")
    is_checked(page, "1.2.2a")
    tab_to(page, send(page))
    page.keyboard.press("Enter")
    is_recorded(page, "1.2.2a")

    page.goto(commitment("1.2.2b"))
    newest = history_of(page).first
    expect(newest).to_contain_text("The second survey drew few answers. No more than the first.")
    expect(newest).to_contain_text("Red")
    for address in (MY_WORK, f"{SAMPLE}/areas/1/"):
        page.goto(address)
        expect(line_of(page, "1.2.2b").get_by_text("Red", exact=True)).to_be_visible()
        expect(line_of(page, "1.2.2a").get_by_text("Green", exact=True)).to_be_visible()
    # One became Red, and the other was.
    assert red_count(page) == red_before


def test_an_update_is_drafted_checked_and_sent_without_javascript(signed_in, refused):
    page = signed_in("sro", java_script_enabled=False)
    page.goto(update_of("1.1.2b"))

    page.get_by_label("What happened").fill("The third round of answers is late.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("status").first).to_have_text("Your draft for 1.1.2b is kept.")
    page.goto(update_of("1.1.2b"))
    expect(page.get_by_label("What happened")).to_have_value("The third round of answers is late.")

    name_lead(page)
    page.get_by_role("radio", name="Amber").check()
    check(page).click()
    expect(page.get_by_role("heading", name="One answer needs putting right")).to_be_visible()
    refused(422)
    page.get_by_label("What is the risk?").fill("Two schools have not answered.")
    check_and_send(page, "1.1.2b")

    page.goto(commitment("1.1.2b"))
    newest = history_of(page).first
    expect(newest).to_contain_text("The third round of answers is late.")
    expect(newest).to_contain_text("Amber")


def test_two_greens_are_said_again_at_once(signed_in):
    page = signed_in("lead")
    page.goto(MY_WORK)
    page.get_by_role("link", name="Record several at once").click()
    for ref, words in (("1.2.1a", "No change"), ("1.2.3a", "Six more schools have begun.")):
        row = page.locator(".several-rows > li").filter(has=page.get_by_text(ref, exact=True))
        row.get_by_role("radio", name="Green", exact=True).check()
        row.get_by_label("What happened").fill(words)
    page.get_by_role("button", name="Check what you will record").click()
    page.get_by_role("button", name="Record 2 updates").click()

    page.wait_for_url(f"**{MY_WORK}")
    expect(page.get_by_role("status")).to_have_text("Updates recorded for 2 commitments.")
    for ref, words in (("1.2.1a", "No change."), ("1.2.3a", "Six more schools have begun.")):
        page.goto(commitment(ref))
        expect(history_of(page).first).to_contain_text(words)
        expect(history_of(page).first).to_contain_text("Green")


# --- Sent twice -------------------------------------------------------------------------------


def test_a_double_click_records_one_update(signed_in):
    page = signed_in("lead")
    page.goto(update_of("5.1.2c"))
    name_lead(page)
    say_green(page, "The campaign is with the printer.")
    check(page).dblclick()
    is_checked(page, "5.1.2c")
    send(page).dblclick()
    page.wait_for_url(lambda url: not urlsplit(url).path.endswith("/check/"))

    is_said_once(page, "5.1.2c", "The campaign is with the printer.")


def test_going_back_and_sending_again_records_no_second_update(signed_in, refused):
    """Each page is fetched again, and no browser fills in what was sent."""
    page = signed_in("sro")
    page.goto(update_of("1.2.5g"))
    name_lead(page)
    say_green(page, "Six more schools have begun.")
    check_and_send(page, "1.2.5g")

    page.go_back()
    page.wait_for_url(lambda url: urlsplit(url).path == commitment("1.2.5g"))
    expect(page.get_by_role("status")).to_contain_text("it was sent already")
    page.go_back()
    page.wait_for_url(lambda url: urlsplit(url).path == update_of("1.2.5g"))
    expect(page.get_by_label("What happened")).to_have_value("")
    check(page).click()
    expect(page.get_by_role("heading", name="Three answers need putting right")).to_be_visible()
    refused(422)
    is_said_once(page, "1.2.5g", "Six more schools have begun.")


def test_the_same_answers_checked_twice_in_two_windows_are_one_update(signed_in):
    first = signed_in("sro")
    first.goto(update_of("1.2.5b"))
    name_lead(first)
    say_green(first, "The second team has moved in.")
    check(first).click()
    is_checked(first, "1.2.5b")
    second = first.context.new_page()
    second.goto(first.url)
    send(first).click()
    is_recorded(first, "1.2.5b")

    send(second).click()
    expect(second.get_by_role("status")).to_contain_text("it was sent already")
    is_said_once(second, "1.2.5b", "The second team has moved in.")


# --- Nothing that was typed is lost -----------------------------------------------------------


def test_what_is_typed_is_kept_without_a_press(signed_in):
    page = signed_in("sro")
    page.goto(update_of("1.2.5f"))
    page.get_by_role("radio", name="Red").check()
    page.get_by_label("What is the issue?").fill("There is no")
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    page.close()

    again = signed_in("sro")
    again.goto(update_of("1.2.5f"))
    expect(again.get_by_role("radio", name="Red")).to_be_checked()
    expect(again.get_by_label("What is the issue?")).to_have_value("There is no")
    expect(again.get_by_text("Draft saved at")).to_be_visible()


def test_what_is_typed_without_a_pause_is_kept_every_few_seconds(signed_in):
    page = signed_in("sro")
    page.goto(update_of("1.2.5d"))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_label("What happened").press_sequentially("On and on it goes. " * 4, delay=100)
    # Looked at before the pause that saves it anyhow.
    assert any(address.endswith("/draft/") for address in sent)
    expect(page.get_by_text("Draft saved at")).to_be_visible()


def test_what_was_typed_just_before_leaving_is_kept(signed_in):
    page = signed_in("sro")
    page.goto(update_of("1.2.5c"))
    page.get_by_label("What happened").press_sequentially("The last words of all")
    page.get_by_role("link", name="Leave without sending").click()
    page.wait_for_url(f"**{commitment('1.2.5c')}")

    # What leaving sent may still be on its way.
    for _ in range(20):
        page.goto(update_of("1.2.5c"))
        if page.get_by_label("What happened").input_value():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_label("What happened")).to_have_value("The last words of all")
    page.get_by_label("What happened").press_sequentially(", and more")
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_role("status")).to_contain_text("is thrown away")
    page.goto(update_of("1.2.5c"))
    expect(page.get_by_label("What happened")).to_have_value("")


def test_a_session_that_ends_while_somebody_types_loses_no_word(signed_in, trouble):
    from wsoa.demo.loading import PASSWORD

    page = signed_in("sro")
    page.goto(update_of("1.2.5a"))
    page.context.clear_cookies(name="sessionid")
    name_lead(page)
    say_green(page, "Written while nobody was signed in: “a & b”.\nAnd a second line.")
    # Where it is not kept, it says so.
    expect(page.get_by_text("Your words are still on this page")).to_be_visible()
    trouble.remove("console: Failed to load resource: net::ERR_FAILED")
    check(page).click()

    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    page.get_by_label("E-mail address").fill("sro@sample.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in and keep my words").click()

    page.wait_for_url(f"**{update_of('1.2.5a')}")
    expect(page.get_by_text("Your words are kept as a draft")).to_be_visible()
    expect(page.get_by_role("radio", name="Green")).to_be_checked()
    expect(page.get_by_label("What happened")).to_have_value(
        "Written while nobody was signed in: “a & b”.\nAnd a second line."
    )


def test_signing_in_again_in_another_tab_loses_no_word(
    open_context, fill_sign_in, trouble, refused, axe, no_sideways_scroll
):
    page = open_context(viewport=PHONE).new_page()
    page.goto("/sign-in/")
    fill_sign_in(page, "sro")
    page.goto(update_of("1.2.5c"))
    page.context.clear_cookies(name="sessionid")
    other = page.context.new_page()
    other.goto("/sign-in/")
    fill_sign_in(other, "sro")

    name_lead(page)
    say_green(page, "Written in the first tab: “a & b”.\nAnd a second line.")
    check(page).click()
    expect(page.get_by_role("heading", name="This was not sent yet")).to_be_visible()
    refused(403)
    # What was typed may have met the same refusal while it was being kept.
    trouble[:] = [line for line in trouble if "a status of 403" not in line]
    expect(page.get_by_text("And a second line.")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Send again").click()
    is_checked(page, "1.2.5c")
    expect(page.get_by_text("And a second line.")).to_be_visible()
    page.goto(update_of("1.2.5c"))
    page.get_by_role("button", name="Discard draft").click()


def test_of_two_who_write_at_once_neither_loses_a_word(signed_in):
    lead, officer = signed_in("lead"), signed_in("officer")
    lead.goto(update_of("5.1.2f"))
    name_lead(lead)
    lead.get_by_role("radio", name="Red").check()
    lead.get_by_label("What is the issue?").fill("The tender drew no answer.")
    lead.get_by_label("What help do").fill("A shorter tender.")
    lead.get_by_label("What happened").fill("The tender closed and nobody had answered.")

    officer.goto(update_of("5.1.2f"))
    name_lead(officer)
    officer.get_by_role("radio", name="Amber").check()
    officer.get_by_label("What is the risk?").fill("One firm asked for more time.")
    officer.get_by_label("What happened").fill("One firm asked for two more weeks.")
    check_and_send(officer, "5.1.2f")

    check(lead).click()
    send(lead).click()
    expect(lead.get_by_role("heading", name="Somebody recorded an update")).to_be_visible()
    for words in (
        "One firm asked for two more weeks.",
        "The tender closed and nobody had answered.",
        "The tender drew no answer.",
    ):
        expect(lead.get_by_text(words)).to_be_visible()
    lead.get_by_role("button", name="Record mine on top").click()
    is_recorded(lead, "5.1.2f")

    is_said_once(lead, "5.1.2f", "One firm asked for two more weeks.")
    is_said_once(lead, "5.1.2f", "The tender closed and nobody had answered.")
    expect(history_of(lead).first).to_contain_text("The tender closed")
    expect(lead.locator(".standing").get_by_text("Red", exact=True)).to_be_visible()


# --- Files given in the form ------------------------------------------------------------------


def given(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="", buffer=content)


FILES = [given("Use_by_school.pdf", PDF), given("Re feedback.msg", OLD_WORD), given("b.png", PNG)]


def has_evidence(page: Page, ref: str, *titles: str) -> None:
    page.goto(commitment(ref))
    for title in titles:
        expect(page.locator("#evidence").get_by_role("link", name=title, exact=True)).to_have_count(
            1
        )


@pytest.mark.parametrize("width", [320, 1280])
def test_files_are_kept_as_they_are_chosen_and_sent_with_the_update(signed_in, width):
    ref = "3.2.1b" if width == 1280 else "3.2.1d"
    page = signed_in("officer", viewport={"width": width, "height": 900})
    page.goto(update_of(ref))
    name_lead(page)
    page.get_by_label("What happened").fill("The survey is done.")
    page.get_by_label("Files as evidence").set_input_files(FILES)
    expect(page.get_by_label("Title of Use_by_school.pdf")).to_have_value("Use by school")
    expect(page.get_by_text("An Outlook message cannot be kept")).to_be_visible()
    expect(page.get_by_label("Title of b.png")).to_have_value("b")
    page.get_by_label("Title of b.png").fill("What parents are shown")
    expect(page.get_by_role("status").last).to_contain_text("Draft saved at")
    # Going away and coming back loses neither words nor files.
    page.goto(commitment(ref))
    page.goto(update_of(ref))
    expect(page.get_by_label("What happened")).to_have_value("The survey is done.")
    expect(page.get_by_label("Title of b.png")).to_have_value("What parents are shown")
    page.get_by_role("radio", name="Green").check()
    if page.get_by_label("although").count():
        page.get_by_label("although").fill("The tender ran twice.")
    check(page).click()
    is_checked(page, ref)
    page.get_by_label("Title of Use_by_school.pdf").fill("Use by school, autumn")
    send(page).click()
    is_recorded(page, ref)
    has_evidence(page, ref, "Use by school, autumn", "What parents are shown")


def test_files_are_given_without_javascript_and_a_refused_one_costs_nothing(signed_in, refused):
    page = signed_in("officer", java_script_enabled=False)
    page.goto(update_of("3.2.1c"))
    name_lead(page)
    page.get_by_role("radio", name="Red").check()
    page.get_by_label(re.compile("(What is the|Another) issue")).fill("Nobody answers.")
    page.get_by_label("What help do").fill("A letter from the director.")
    page.get_by_label("What happened").fill("The survey drew few answers.")
    page.get_by_label("Files as evidence").set_input_files(FILES)
    check(page).click()
    expect(page.get_by_role("heading", name="One answer needs putting right")).to_be_visible()
    refused(422)
    expect(page.get_by_text("“Re feedback.msg” is not kept.").first).to_be_visible()
    page.get_by_label("Remove this file: b.png").check()
    check_and_send(page, "3.2.1c")
    has_evidence(page, "3.2.1c", "Use by school")


# --- Blue, and what was wrong -----------------------------------------------------------------


def test_an_officer_returns_a_proposed_blue_and_its_lead_sees_why(signed_in):
    lead, sro = signed_in("lead"), signed_in("sro")
    lead.goto(update_of("1.2.2c"))
    lead.get_by_role("radio", name="Blue").check()
    lead.get_by_label("What shows that it is completed?").fill("Count of answers")
    lead.get_by_label("What changed for children and families?").fill("They are told sooner.")
    lead.get_by_label("What happened").fill("The count is published.")
    lead.get_by_label("the day it was delivered").fill(f"{EARLIER:%d/%m/%Y}")
    check_and_send(lead, "1.2.2c")
    expect(lead.get_by_text("is asked to confirm it")).to_be_visible()

    sro.goto(MY_WORK)
    sro.get_by_role("link", name="Review 1.2.2c").click()
    sro.get_by_label("No, I return it to the lead").check()
    sro.get_by_label("Why?").fill("One count is not a trend yet.")
    sro.get_by_role("button", name="Send your answer").click()
    expect(sro.get_by_role("status")).to_have_text("The Blue of 1.2.2c is returned to the lead.")
    sro.goto(MY_WORK)
    expect(line_of(sro, "1.2.2c")).to_have_count(0)

    lead.goto(MY_WORK)
    expect(line_of(lead, "1.2.2c")).to_contain_text("Blue was returned")
    lead.get_by_role("link", name="Professionals unaware").click()
    expect(lead.get_by_text("Blue returned").first).to_be_visible()
    said = history_of(lead)
    expect(said.nth(0)).to_contain_text("One count is not a trend yet.")
    # The rating stands above what came with it.
    expect(said.nth(1)).to_contain_text("The count is published.")
    expect(said.filter(has_text="Delivered on")).to_have_count(1)


def test_the_newest_update_is_corrected_and_the_first_words_stay(signed_in):
    page = signed_in("officer")
    page.goto(commitment("4.2.1b"))
    said_at_first = history_of(page).filter(has_text="Correct this").get_attribute("id")
    page.get_by_role("link", name="Correct the last update").click()

    # An officer comes from the page of who owes what, and has no work of her own.
    where = page.get_by_role("navigation", name="Where you are")
    expect(where.get_by_role("link").first).to_have_text("Updates")
    expect(page.get_by_label("Beside the record").get_by_text("since").first).to_be_visible()
    page.get_by_role("radio", name="Amber").check()
    page.get_by_label("What is the risk?").fill("One post may stay empty.")
    page.get_by_label("Why Green or Amber although").fill("The last post is filled in a fortnight.")
    page.get_by_label("What happened").fill("One of the five posts has no applicant.")
    page.get_by_label("What was wrong?").fill("The number of posts was that of last year.")
    page.get_by_role("button", name="Send correction").click()

    expect(page.get_by_role("status")).to_have_text("The update of 4.2.1b is corrected.")
    expect(page.locator(".standing").get_by_text("Amber", exact=True)).to_be_visible()
    corrected = history_of(page).filter(has_text="One of the five posts has no applicant.")
    expect(corrected).to_contain_text("The number of posts was that of last year.")
    expect(page.locator(f"#{said_at_first}")).to_contain_text("Corrected on")


# --- Reading: on a phone, on another day, on paper ----------------------------------------------


@pytest.mark.parametrize("address", [MY_WORK, f"{SAMPLE}/areas/2/"], ids=["my work", "area"])
def test_on_a_phone_each_line_shows_its_rating_without_sideways_scrolling(
    signed_in, no_sideways_scroll, address
):
    page = signed_in("lead", viewport=PHONE)
    page.goto(address)

    # What waits besides updates has no colour.
    lines = page.locator("tbody tr:has(.strip-line, .colour)")
    edges = lines.locator(".lozenge").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right])"
    )
    assert len(edges) == lines.count() > 0
    assert all(0 <= left < right <= PHONE["width"] for left, right in edges)
    no_sideways_scroll(page)


def test_on_a_phone_the_press_to_record_stands_above_the_record(signed_in):
    page = signed_in("lead", viewport=PHONE)
    page.goto(commitment("1.2.1b"))

    button = page.get_by_role("link", name="Record an update")
    expect(button).to_have_count(1)
    record = page.get_by_role("heading", name="Said and done")
    assert button.bounding_box()["y"] < record.bounding_box()["y"]


def test_a_day_chosen_on_the_dates_page_stays_until_one_goes_back_to_today(signed_in):
    page = signed_in("officer")
    page.goto(f"{SAMPLE}/areas/1/")
    page.get_by_role("link", name="Change dates").click()
    page.get_by_label("Show the plan as at").fill(f"{EARLIER:%d/%m/%Y}")
    page.get_by_role("button", name="Show").click()

    not_today = page.get_by_text("This is not today")
    page.wait_for_url(f"**{SAMPLE}/areas/1/?as_at={EARLIER}")
    expect(not_today).to_be_visible()
    for link in ("1.2.2 ", "One pathway", "The plan"):
        page.get_by_role("link", name=link).first.click()
        page.wait_for_url(f"**?as_at={EARLIER}")
        expect(not_today).to_be_visible()

    page.get_by_role("link", name="Go to today").click()
    page.wait_for_url(f"**{SAMPLE}/")
    expect(not_today).to_have_count(0)


def test_on_paper_the_record_stands_alone_in_light_colours_with_its_day(signed_in):
    page = signed_in("lead", color_scheme="dark")
    page.goto(commitment("1.2.1b"))
    page.emulate_media(media="print")

    for pressed in (
        page.get_by_role("navigation"),
        page.get_by_role("button", name="Sign out"),
        page.get_by_role("link", name="Record an update"),
        page.get_by_role("link", name="Correct"),
        page.get_by_role("contentinfo").get_by_role("link"),
    ):
        expect(pressed.locator("visible=true")).to_have_count(0)
    for kept in (page.get_by_text("Sample progress."), page.get_by_text("As at")):
        expect(kept.first).to_be_visible()
    assert _style(page.locator("body"), "backgroundColor") == "rgb(255, 255, 255)"
    assert _style(page.locator("body"), "color") == "rgb(0, 0, 0)"
    blue = page.locator(".standing .lozenge")
    assert _style(blue, "backgroundColor") == "rgb(29, 79, 145)"


def _style(of: Locator, name: str) -> str:
    return of.evaluate("(element, name) => getComputedStyle(element)[name]", name)

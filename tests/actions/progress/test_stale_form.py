"""A form that was opened before its author signed in again: refused, and no word of it lost."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from actions.models import Draft, Evidence, ProgressUpdate
from wsoa.accounts.models import User

OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
GREEN = {"brag": "green", "progress": "On track & <b>well</b>.\r\nIt is.", "late_reason": "Late."}


class Browser(Client):
    first_token = ""


@pytest.fixture
def browser(world):
    """The lead's browser, as strict about tokens as a real server, and the token of its first page.

    Since then the lead has signed in again in another tab.
    """
    browser = Browser(enforce_csrf_checks=True)
    browser.first_token = sign_in(browser, world)
    sign_in(browser, world)
    return browser


def sign_in(browser, world, name="lead"):
    email = f"{name}@example.org"
    User.objects.filter(pk=world.users[name].pk).update(email=email)
    browser.cookies.pop("sessionid", None)
    token = token_of(browser.get("/sign-in/"))
    sent = {"username": email, "password": "long-enough-word", "csrfmiddlewaretoken": token}
    assert browser.post("/sign-in/", sent).status_code == 302
    return token_of(browser.get("/plans/"))


def text(response):
    return response.content.decode()


def token_of(response):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text(response)).group(1)


def fields_of(response):
    """What the form of the page's own part would send."""
    form = re.search(r"<main.*</main>", text(response), re.DOTALL).group()
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def page_of(world, name="record_update"):
    return reverse(f"actions:{name}", args=[world.plan.slug, "1.1.1a"])


def post(browser, page, sent, headers=OURS):
    return browser.post(page, sent | {"csrfmiddlewaretoken": browser.first_token}, headers=headers)


def test_words_typed_before_signing_in_again_are_sent_with_one_press(browser, world):
    page = page_of(world)
    answer = post(browser, page, GREEN)
    assert answer.status_code == 403
    assert "On track &amp; &lt;b&gt;well&lt;/b&gt;." in text(answer)
    assert "You are signed in as <b>The lead</b>" in text(answer)
    assert not Draft.objects.exists()
    again = fields_of(answer)
    assert {name: again[name] for name in GREEN} == GREEN
    assert browser.post(page, again, headers=OURS)["Location"] == f"{page}check/"
    assert Draft.objects.get().answers["progress"] == [GREEN["progress"]]


def test_the_page_sends_to_its_own_address_alone(browser, world):
    answer = post(browser, f"{page_of(world)}?next=//elsewhere.example/", {"progress": "x y"})
    shown = re.search(r"<main.*</main>", text(answer), re.DOTALL).group()
    assert re.findall(r"<form[^>]*>", shown) == ['<form class="form" method="post">']
    assert "elsewhere" not in shown
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Referer": "http://testserver.elsewhere.example/"},
        {"Origin": "http://testserver:8000"},
        {"Origin": "http://[", "Referer": "http://testserver/"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "none"},
    ],
)
def test_what_another_site_sends_is_neither_done_nor_offered_to_be_sent(browser, world, headers):
    sent = GREEN | {"progress": "Words of another site"}
    answer = post(browser, page_of(world), sent, headers)
    assert answer.status_code == 403
    assert "Words of another site" not in text(answer)
    assert "Nothing was saved" in text(answer)
    assert fields_of(answer) == {}
    assert not Draft.objects.exists()


def test_a_page_of_ours_is_known_by_its_referer_where_there_is_no_origin(browser, world):
    answer = post(browser, page_of(world), GREEN, {"Referer": "http://testserver/plans/"})
    assert "Send again" in text(answer)


def test_no_password_is_repeated(browser):
    sent = {"old_password": "long-enough-word", "new_password1": "another-word-9"}
    answer = post(browser, "/password/", sent)
    assert "long-enough-word" not in text(answer)
    assert "another-word-9" not in text(answer)
    assert "You will be asked for yours again" in text(answer)
    assert set(fields_of(answer)) == {"csrfmiddlewaretoken"}


def test_a_file_is_chosen_again_before_anything_is_sent(browser, world):
    sent = {"title": "Minutes of May", "visibility": "members"}
    file = SimpleUploadedFile("minutes.txt", b"What was said.")
    answer = post(browser, page_of(world, "add_evidence"), sent | {"file": file})
    shown = text(answer)
    assert 'enctype="multipart/form-data"' in shown
    assert re.search(r'<input type="file" name="file"[^>]* required>', shown)
    assert "minutes.txt" in shown
    assert not Evidence.objects.exists()
    again = fields_of(answer)
    assert again["title"] == "Minutes of May"
    file = SimpleUploadedFile("minutes.txt", b"What was said.")
    browser.post(page_of(world, "add_evidence"), again | {"file": file}, headers=OURS)
    assert Evidence.objects.get().file_name == "minutes.txt"


def test_who_signed_in_as_somebody_else_is_told_as_whom_it_goes(browser, world):
    sign_in(browser, world, "other_lead")
    answer = post(browser, page_of(world), GREEN)
    assert "You are signed in as <b>The other lead</b>" in text(answer)
    assert not ProgressUpdate.objects.exists()


def test_signed_out_the_words_go_on_to_the_page_that_asks_to_sign_in(browser, world):
    browser.cookies.pop("sessionid")
    again = fields_of(post(browser, page_of(world), GREEN))
    answer = browser.post(page_of(world), again, headers=OURS)
    assert "Sign in and keep my words" in text(answer)
    assert "another tab" not in text(answer)
    assert "On track &amp; &lt;b&gt;well&lt;/b&gt;." in text(answer)


def test_whoever_has_no_password_is_told_how_the_words_are_kept(browser, world, settings):
    settings.MAIL_FROM = "plans@example.org"
    browser.cookies.pop("sessionid")
    again = fields_of(post(browser, page_of(world), GREEN))
    answer = browser.post(page_of(world), again, headers=OURS)
    assert "Sign in in another tab" in text(answer)

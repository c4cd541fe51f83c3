"""A new password by a mailed link: for whoever has an account, without telling who does."""

import logging
import re

import pytest
from django.test import Client

from tests.accounts.conftest import PASSWORD

ASK = "/password/forgotten/"
AMINA, NEW = "amina@example.org", "three words of mine"


def link_in(mail) -> str:
    return re.search(r"http://testserver(/\S+)", mail.get_content())[1]


def choose(client, link, password=NEW, again=None):
    return client.post(link, {"new_password1": password, "new_password2": again or password})


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "wsoa.security")
    return lambda: [
        one.getMessage().split()[0] for one in caplog.records if one.name == "wsoa.security"
    ]


def test_she_chooses_a_new_one_and_signs_in_with_it(client, amina, mails, log):
    elsewhere = Client()
    elsewhere.force_login(amina)
    answer = client.post(ASK, {"username": AMINA})
    assert "on its way" in answer.text
    link = link_in(mails.to(AMINA))
    # A mail scanner opens it, and nothing happens.
    assert Client().get(link).status_code == 200
    assert choose(client, link).url == "/sign-in/password/"
    assert elsewhere.get("/password/").status_code == 302
    client.post("/sign-in/password/", {"username": AMINA, "password": NEW})
    assert "_auth_user_id" in client.session
    assert "was changed" in mails.to(AMINA, 2)["Subject"]
    assert log() == ["new-password-asked", "password-reset-by-mail", "signed-in"]


def test_the_link_works_once(client, amina, mails):
    client.post(ASK, {"username": AMINA})
    link = link_in(mails.to(AMINA))
    choose(client, link)
    again = choose(client, link, "another good phrase")
    assert again.status_code == 410
    assert "works no more" in again.text


@pytest.mark.parametrize("key", ["AAAA", "!!", "MQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_link_that_nobody_was_sent_opens_nothing(client, amina, key):
    assert client.get(f"/password/new/{key}/abc-def/").status_code == 410


def test_signed_in_meanwhile_the_link_works_no_more(client, amina, mails):
    client.post(ASK, {"username": AMINA})
    link = link_in(mails.to(AMINA))
    client.post("/sign-in/password/", {"username": AMINA, "password": PASSWORD})
    assert Client().get(link).status_code == 410


def test_for_an_unknown_address_the_page_is_the_same(client, amina, mails):
    pages = [client.post(ASK, {"username": to}) for to in (AMINA, "nobody@example.org")]
    known, unknown = (re.sub(r"(amina|nobody)@example.org", "…", page.text) for page in pages)
    assert known == unknown
    mails.to(AMINA)
    assert mails.none_to("nobody@example.org")


@pytest.mark.parametrize("email", [AMINA, "nobody@example.org"])
def test_links_are_asked_for_five_times_in_ten_minutes(client, amina, mails, email):
    for _ in range(5):
        assert client.post(ASK, {"username": email}).status_code == 200
    assert client.post(ASK, {"username": email}).status_code == 429


def test_whose_role_has_no_password_is_told_so_by_mail_alone(client, amina, mails, settings):
    settings.PASSWORD_FOR = ["superuser"]
    from wsoa.accounts import roles

    asked = [*roles._asked]
    roles.register(lambda user: {"lead"})
    try:
        assert "on its way" in client.post(ASK, {"username": AMINA}).text
        assert "/sign-in/" in mails.to(AMINA).get_content()
        assert "/password/new/" not in mails.to(AMINA).get_content()
    finally:
        roles._asked[:] = asked


@pytest.mark.parametrize(
    ("password", "again", "message"),
    [
        ("short", None, "at least 12 characters"),
        ("a" * 12, None, "5 different letters"),
        ("abcabcabcabcabc", None, "5 different letters"),
        ("passwordpassword", "other password 1", "not the same"),
        ("1234567890123", None, "entirely numeric"),
        ("amina@example.org", None, "too similar to the e-mail address"),
    ],
)
def test_what_is_no_good_password_is_said_at_the_field(
    client, amina, mails, password, again, message
):
    client.post(ASK, {"username": AMINA})
    answer = choose(client, link_in(mails.to(AMINA)), password, again)
    assert answer.status_code == 200
    assert message in answer.text

"""Signing in by a code that comes by mail, which tells nobody who has an account."""

import logging
import re
import socket
import time
from contextlib import closing

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.accounts.conftest import PASSWORD
from wsoa.accounts.models import User
from wsoa.accounts.signing_in.views import ANSWERED_AFTER

SIGN_IN, CODE = "/sign-in/", "/sign-in/code/"
AMINA, NOBODY = "amina@example.org", "nobody@example.org"


def ask(client, email=AMINA, to=SIGN_IN):
    return client.post(to, {"username": email})


def code_in(mail) -> str:
    return re.search(r"Your code is (\d{3} \d{3})", mail.get_content())[1]


def wrong(code: str) -> str:
    return f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "wsoa.security")
    return lambda: [
        one.getMessage().split()[0] for one in caplog.records if one.name == "wsoa.security"
    ]


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\t", "{0[0]}{0[1]}-{0[2]} {0[4]}{0[5]}{0[6]}"])
def test_she_signs_in_by_the_code_however_she_types_it(client, amina, mails, log, typed):
    assert ask(client).url == CODE
    code = code_in(mails.to(AMINA))
    answer = client.post(CODE, {"code": typed.format(code)})
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_signed_in(client)
    assert log() == ["code-sent", "signed-in"]


def test_the_first_page_has_one_field_and_the_second_is_filled_in_by_phones(client, amina, mails):
    assert client.get(SIGN_IN).text.count("<input type=") == 2  # with the token
    ask(client)
    page = client.get(CODE).text
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_where_she_was_going_survives(client, amina, mails):
    first = ask(client, to="/sign-in/?next=/password/")
    assert first.url == f"{CODE}?next=/password/"
    code = code_in(mails.to(AMINA))
    assert client.post(first.url, {"code": code}).url == "/password/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_she_is_never_sent_to_another_site(client, amina, mails, elsewhere):
    assert ask(client, to=f"{SIGN_IN}?next={elsewhere}").url == CODE
    code = code_in(mails.to(AMINA))
    assert client.post(f"{CODE}?next={elsewhere}", {"code": code}).url == "/"


def test_an_unknown_address_is_answered_like_a_known_one(client, amina, mails):
    other = Client()
    answers = []
    for browser, email in ((client, AMINA), (other, NOBODY)):
        first = ask(browser, email)
        second = browser.get(first.url)
        third = browser.post(CODE, {"code": "000 000"})
        texts = [
            re.sub(r'value="[A-Za-z0-9]{64}"', "", page.text).replace(email, "…")
            for page in (second, third)
        ]
        answers.append(
            (first.status_code, first.url, second.status_code, third.status_code, *texts)
        )
    assert answers[0] == answers[1]
    mails.to(AMINA)
    assert mails.none_to(NOBODY)


def test_a_mail_server_that_takes_its_time_does_not_tell_who_has_an_account(
    client, amina, mails, settings
):
    # It takes the connection, and says nothing.
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 3
        began = time.monotonic()
        assert ask(client).url == CODE
        assert time.monotonic() - began < 2
        time.sleep(0.1)


def test_a_mail_server_that_is_away_is_logged_and_holds_nobody_up(
    client, amina, mails, settings, caplog
):
    with closing(socket.create_server(("127.0.0.1", 0))) as gone:
        settings.EMAIL_PORT = gone.getsockname()[1]
    assert ask(client).url == CODE
    for _ in range(200):
        if "mail-not-sent" in caplog.text:
            break
        time.sleep(0.02)
    assert "mail-not-sent because=ConnectionRefusedError" in caplog.text
    assert AMINA not in caplog.text


def test_a_code_works_only_in_the_browser_that_asked_for_it(client, amina, mails):
    ask(client)
    code = code_in(mails.to(AMINA))
    other = Client()
    ask(other, NOBODY)
    other.post(CODE, {"code": code})
    assert not is_signed_in(other)


def test_a_code_works_once(client, amina, mails):
    ask(client)
    code = code_in(mails.to(AMINA))
    client.post(CODE, {"code": code})
    client.post("/sign-out/")
    assert client.post(CODE, {"code": code}).url == SIGN_IN
    assert not is_signed_in(client)


def test_the_newest_code_counts(client, amina, mails):
    ask(client)
    old = code_in(mails.to(AMINA))
    ask(client)
    new = code_in(mails.to(AMINA, 2))
    if old != new:
        assert "not the code in our newest mail" in client.post(CODE, {"code": old}).text
    assert client.post(CODE, {"code": new}).status_code == 302


def test_after_three_wrong_ones_the_code_works_no_more(client, amina, mails, log):
    ask(client)
    code = code_in(mails.to(AMINA))
    for _ in range(2):
        assert client.post(CODE, {"code": wrong(code)}).status_code == 200
    last = client.post(CODE, {"code": wrong(code)}, follow=True)
    assert "wrong three times" in last.text
    client.post(CODE, {"code": code})
    assert not is_signed_in(client)
    assert log() == ["code-sent", *["password-wrong"] * 3]


def test_what_is_no_code_at_all_is_no_try(client, amina, mails):
    ask(client)
    code = code_in(mails.to(AMINA))
    for typed in ("", "12345", "abcdef", "１２３４５６"):
        assert client.post(CODE, {"code": typed}).status_code == 200
    assert client.post(CODE, {"code": code}).status_code == 302


def test_a_code_is_of_ten_minutes(client, amina, mails):
    ask(client)
    code = code_in(mails.to(AMINA))
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 601
    session.save()
    assert client.post(CODE, {"code": code}).url == SIGN_IN
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", [AMINA, NOBODY])
def test_codes_are_asked_for_five_times_in_ten_minutes_from_wherever(amina, mails, log, email):
    for number in range(5):
        assert ask(Client(REMOTE_ADDR=f"192.0.2.{number}"), email).status_code == 302
    refused = ask(Client(REMOTE_ADDR="192.0.2.77"), email)
    assert refused.status_code == 429
    assert "asked for too often" in refused.text
    assert log()[-1] == "asked-too-often"


def test_wrong_codes_count_with_wrong_passwords(amina, mails, log):
    for _ in range(2):
        browser = Client()
        ask(browser)
        code = code_in(mails.all_to(AMINA, 1)[-1])
        for _ in range(3):
            browser.post(CODE, {"code": wrong(code)})
    assert "password-locked" in log()
    locked = Client().post("/sign-in/password/", {"username": AMINA, "password": PASSWORD})
    assert locked.status_code == 429


def test_somebody_switched_off_gets_no_code(client, amina, mails):
    amina.is_active = False
    amina.save()
    assert ask(client).url == CODE
    assert mails.none_to(AMINA)


def test_switched_off_meanwhile_the_code_is_no_use(client, amina, mails):
    ask(client)
    code = code_in(mails.to(AMINA))
    amina.is_active = False
    amina.save()
    client.post(CODE, {"code": code})
    assert not is_signed_in(client)


def test_whose_role_wants_more_is_told_so_by_mail_alone(client, manager, mails):
    answer = ask(client, manager.email)
    assert answer.url == CODE
    mail = mails.to(manager.email)
    assert "/sign-in/password/" in mail.get_content()
    assert not re.search(r"\d{3} \d{3}", mail.get_content())


def test_by_setting_a_role_may_not_use_a_password(client, manager, settings):
    settings.PASSWORD_FOR = ["lead"]
    answer = client.post("/sign-in/", {"username": manager.email, "password": PASSWORD})
    assert "do not match an account in use" in answer.text
    assert not is_signed_in(client)


def test_beside_the_code_a_password_still_signs_in(client, amina, mails):
    answer = client.post(
        "/sign-in/password/?next=/password/", {"username": AMINA, "password": PASSWORD}
    )
    assert answer.url == "/password/"
    assert is_signed_in(client)


def test_without_mail_the_first_page_asks_for_the_password(client, amina):
    page = client.get(SIGN_IN).text
    assert 'type="password"' in page
    assert "Forgotten" not in page
    assert client.get("/password/forgotten/").url == SIGN_IN


def test_a_session_begun_before_goes_on(client, amina):
    session = client.session
    client.force_login(amina)
    assert client.session["_auth_user_backend"] == "django.contrib.auth.backends.ModelBackend"
    assert client.get("/password/").status_code == 200
    assert session is not None


@pytest.mark.django_db
def test_whoever_has_an_account_has_a_verified_address():
    person = User.objects.create_user("New@Example.org", "New")
    known = EmailAddress.objects.filter(user=person).values_list("email", "verified", "primary")
    assert list(known) == [("new@example.org", True, True)]


@pytest.mark.parametrize("email", [AMINA, NOBODY])
@pytest.mark.parametrize("page", [SIGN_IN, "/password/forgotten/"])
def test_the_time_of_an_answer_tells_nothing_either(client, amina, mails, email, page):
    began = time.monotonic()
    client.post(page, {"username": email})
    assert time.monotonic() - began >= ANSWERED_AFTER

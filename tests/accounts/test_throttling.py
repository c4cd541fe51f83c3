"""Passwords cannot be guessed without limit, and nobody is kept out for long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.db.models import F
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.accounts.conftest import PASSWORD
from wsoa.accounts import throttling
from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import SignInTry
from wsoa.accounts.password_tries import wait_text
from wsoa.accounts.throttling import ACCOUNT, ACCOUNT_FROM_ADDRESS, ADDRESS

AMINA = "amina@example.org"


def sign_in(password=PASSWORD, email=AMINA, address="192.0.2.1"):
    client = Client(REMOTE_ADDR=address)
    answer = client.post("/sign-in/", {"username": email, "password": password})
    return answer, "_auth_user_id" in client.session


def fail(times, email=AMINA, address="192.0.2.1"):
    for _ in range(times):
        answer, _ = sign_in("wrong", email, address)
    return answer


def fail_from_anywhere(times, email=AMINA):
    """As many failures as it takes, each from another address, without the time they take."""
    for number in range(times):
        SignInTry.objects.create(
            account=throttling.account_key(email),
            address=f"198.51.100.{number}",
            at=timezone.now(),
        )


def pass_by(**time):
    SignInTry.objects.update(at=F("at") - timedelta(**time))


# --- One account from one address -------------------------------------------------------------


def test_after_five_wrong_passwords_the_right_one_is_not_looked_at_for_a_while(amina):
    assert fail(5).status_code == 200
    answer, is_in = sign_in()
    assert answer.status_code == 429
    assert "Try again in 30 seconds, at " in answer.text
    assert "Error: Sign in" in answer.text
    assert not is_in
    pass_by(seconds=31)
    assert sign_in()[1]


def test_it_is_said_alike_of_an_account_that_does_not_exist(amina):
    pages = []
    for email in (AMINA, "nobody@example.org"):
        assert fail(5, email, "192.0.2.7").status_code == 200
        answer, _ = sign_in("wrong", email, "192.0.2.7")
        assert answer.status_code == 429
        pages.append(answer.context["form"].non_field_errors()[0].partition(", at ")[0])
    assert pages[0] == pages[1]


def test_an_address_is_the_same_account_however_it_is_written(amina):
    for written in ("AMINA@example.org", " amina@EXAMPLE.org", AMINA, AMINA, AMINA):
        sign_in("wrong", written)
    assert sign_in()[0].status_code == 429


def test_what_is_tried_during_the_wait_does_not_prolong_it(amina):
    fail(5)
    for _ in range(4):
        assert sign_in()[0].status_code == 429
    assert SignInTry.objects.count() == 5


def test_the_wait_doubles_up_to_a_quarter_of_an_hour():
    seconds = [ACCOUNT_FROM_ADDRESS.wait_after(n).total_seconds() for n in range(4, 12)]
    assert seconds == [0, 30, 60, 120, 240, 480, 900, 900]
    assert ACCOUNT_FROM_ADDRESS.wait_after(10**9) == timedelta(minutes=15)


def test_the_next_failure_after_a_wait_makes_a_longer_one(amina):
    fail(5)
    pass_by(seconds=31)
    fail(1)
    assert "Try again in 1 minute, at" in sign_in()[0].text


def test_a_sign_in_clears_the_count(amina):
    fail(4)
    assert sign_in()[1]
    assert not SignInTry.objects.filter(succeeded=False).exists()
    fail(4)
    assert sign_in()[1]


def test_failures_of_yesterday_count_no_more_and_are_deleted(amina):
    fail(5)
    pass_by(hours=25)
    fail(1)
    assert SignInTry.objects.count() == 1


# --- One account from many addresses ----------------------------------------------------------


def test_a_stranger_elsewhere_does_not_keep_the_owner_out(amina):
    fail(9, address="203.0.113.9")
    assert sign_in(address="192.0.2.1")[1]


def test_many_addresses_together_have_to_wait_too_but_not_for_long(amina):
    fail_from_anywhere(20)
    answer, _ = sign_in(address="192.0.2.1")
    assert answer.status_code == 429
    assert ACCOUNT.wait_after(10**9) == timedelta(minutes=1)
    pass_by(seconds=6)
    assert sign_in(address="192.0.2.1")[1]


def test_where_the_owner_has_signed_in_of_late_no_stranger_keeps_them_out(amina):
    assert sign_in(address="192.0.2.1")[1]
    fail_from_anywhere(200)
    assert sign_in(address="192.0.2.2")[0].status_code == 429
    assert sign_in(address="192.0.2.1")[1]


# --- One address over many accounts -----------------------------------------------------------


def test_one_address_does_not_try_one_password_on_every_account(amina, manager):
    for number in range(60):
        SignInTry.objects.create(
            account=throttling.account_key(f"{number}@example.org"),
            address="192.0.2.1",
            at=timezone.now(),
        )
    assert sign_in(address="192.0.2.1")[0].status_code == 429
    assert sign_in(address="192.0.2.2")[1]
    assert ADDRESS.wait_after(10**9) == timedelta(minutes=5)
    pass_by(hours=1, seconds=1)
    assert sign_in(address="192.0.2.1")[1]


# --- How it is counted ------------------------------------------------------------------------


def test_no_e_mail_address_is_kept(amina):
    sign_in("wrong", "my-password-by-mistake@example.org")
    sign_in()
    for row in SignInTry.objects.values():
        assert "@" not in str(row)
        assert "my-password" not in str(row)


@pytest.mark.django_db(transaction=True)
def test_tries_made_at_the_same_moment_are_counted_one_after_another(django_user_model):
    django_user_model.objects.create_user(AMINA, "Amina Khan", PASSWORD)

    def guess(_):
        try:
            return sign_in("wrong")[0].status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))
    assert sorted(answers) == [200] * 5 + [429] * 11


def test_it_is_counted_in_one_query(amina, django_assert_num_queries):
    now = timezone.now()
    fail(3)
    with django_assert_num_queries(1, connection=connection):
        throttling._waits_until(throttling.account_key(AMINA), "192.0.2.1", now)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "in 30 seconds, at 09:01."),
        (1, "in 1 second, at 09:01."),
        (60, "in 1 minute, at 09:01."),
        (61, "in 2 minutes, at 09:02."),
        (900, "in 15 minutes, at 09:15."),
    ],
)
def test_it_is_said_when_to_try_again(seconds, words):
    now = datetime(2026, 11, 30, 9, tzinfo=timezone.get_default_timezone())
    assert wait_text(now + timedelta(seconds=seconds), now).endswith(f"Try again {words}")


# --- Where a request comes from ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "header", "found"),
    [
        (0, "203.0.113.5", "192.0.2.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        # What stands before the entry of our own proxy is what the client wrote.
        (1, "10.0.0.1, 203.0.113.5", "203.0.113.5"),
        (2, "10.0.0.1, 203.0.113.5, 198.51.100.1", "203.0.113.5"),
        (2, "203.0.113.5", ""),
        (1, "", ""),
        (1, "someone\r\nsigned-in", ""),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(settings, trusted, header, found):
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=header)
    assert address_of(request) == found


def test_where_no_address_is_known_people_do_not_share_one_count(amina, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(70):
        SignInTry.objects.create(account=str(number), address="", at=timezone.now())
    assert sign_in()[1]


# --- The current password ---------------------------------------------------------------------


def test_the_current_password_is_not_guessed_either(as_amina, amina):
    new = {"new_password1": "another good phrase", "new_password2": "another good phrase"}
    for _ in range(5):
        assert as_amina.post("/password/", new | {"old_password": "wrong"}).status_code == 200
    answer = as_amina.post("/password/", new | {"old_password": PASSWORD})
    assert answer.status_code == 429
    assert "Try again in 30 seconds" in answer.text
    amina.refresh_from_db()
    assert amina.check_password(PASSWORD)

"""Being asked again who one is, before managing users, signing and publishing."""

import time

import pytest

from tests.accounts.conftest import PASSWORD
from wsoa.accounts.models import User
from wsoa.accounts.sessions import SHOWN_AT

CONFIRM = "/account/confirm/"


@pytest.fixture(autouse=True)
def _asked(settings):
    settings.ASK_AGAIN_MINUTES = 15


def was_shown(client, minutes_ago: float) -> None:
    session = client.session
    session[SHOWN_AT] = int(time.time() - minutes_ago * 60)
    session.save()


def test_a_while_after_signing_in_it_is_asked_and_one_goes_on(as_manager):
    assert as_manager.get("/users/new/").status_code == 200
    was_shown(as_manager, 16)
    asked = as_manager.get("/users/new/")
    assert asked.url == f"{CONFIRM}?next=/users/new/"
    wrong = as_manager.post(asked.url, {"password": "guess"})
    assert "This is not your current password" in wrong.text
    assert as_manager.get("/users/new/").status_code == 302
    assert as_manager.post(asked.url, {"password": PASSWORD}).url == "/users/new/"
    assert as_manager.get("/users/new/").status_code == 200


def test_what_was_opened_in_time_may_be_sent_a_while_later(as_manager, amina):
    was_shown(as_manager, 25)
    as_manager.post(f"/users/{amina.pk}/deactivate/")
    amina.refresh_from_db()
    assert not amina.is_active


def test_what_is_sent_much_later_is_not_done(as_manager, amina):
    was_shown(as_manager, 31)
    page = f"http://testserver/users/{amina.pk}/"
    answer = as_manager.post(f"/users/{amina.pk}/deactivate/", headers={"Referer": page})
    assert answer.url == f"{CONFIRM}?next=/users/{amina.pk}/"
    assert "Nothing has been done yet" in as_manager.get(answer.url).text
    amina.refresh_from_db()
    assert amina.is_active


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", ""])
def test_it_leads_to_no_other_site(as_manager, elsewhere):
    answer = as_manager.post(f"{CONFIRM}?next={elsewhere}", {"password": PASSWORD})
    assert answer.url == "/"


def test_whoever_has_no_password_signs_in_again(client, db):
    person = User.objects.create_user("new@example.org", "New")
    client.force_login(person)
    assert "Sign in again" in client.get(f"{CONFIRM}?next=/account/").text
    assert client.post(f"{CONFIRM}?next=/account/").url == "/sign-in/?next=/account/"
    assert "_auth_user_id" not in client.session


def test_other_pages_do_not_ask(as_amina):
    was_shown(as_amina, 500)
    assert as_amina.get("/account/").status_code == 200


def test_by_setting_it_is_never_asked(as_manager, settings):
    settings.ASK_AGAIN_MINUTES = 0
    was_shown(as_manager, 500)
    assert as_manager.get("/users/new/").status_code == 200

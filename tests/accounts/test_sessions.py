"""A session ends where nothing is done in it; signing out leaves nothing in the browser."""

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wsoa.accounts.sessions import SEEN_AT


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.IDLE_MINUTES = 30


def been_idle(client, seconds: int) -> None:
    session = client.session
    session[SEEN_AT] -= seconds
    session.save()


def test_after_half_an_hour_without_use_she_signs_in_again_and_goes_on(as_amina, caplog):
    caplog.set_level(logging.INFO, "wsoa.security")
    been_idle(as_amina, 30 * 60 + 1)
    answer = as_amina.get("/account/name/")
    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/account/name/")
    assert "_auth_user_id" not in as_amina.session
    assert "signed-out-idle" in caplog.text


def test_up_to_then_she_goes_on(as_amina):
    been_idle(as_amina, 30 * 60 - 5)
    assert as_amina.get("/account/").status_code == 200


def test_each_use_begins_the_half_hour_anew(as_amina):
    for _ in range(3):
        been_idle(as_amina, 20 * 60)
        assert as_amina.get("/account/").status_code == 200


def test_a_session_from_before_there_was_a_limit_goes_on(as_amina):
    session = as_amina.session
    del session[SEEN_AT]
    session.save()
    assert as_amina.get("/account/").status_code == 200


def test_by_setting_there_is_no_limit(as_amina, settings):
    settings.IDLE_MINUTES = 0
    been_idle(as_amina, 11 * 60 * 60)
    assert as_amina.get("/account/").status_code == 200


@pytest.mark.parametrize("address", ["/sign-out/", "/account/sign-out/"])
def test_signing_out_clears_what_the_browser_kept(as_amina, address):
    assert as_amina.post(address)["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize(("seconds", "written"), [(50, False), (70, True)])
def test_a_use_is_noted_once_a_minute(as_amina, seconds, written):
    been_idle(as_amina, seconds)
    with CaptureQueriesContext(connection) as asked:
        as_amina.get("/account/")
    assert any(one["sql"].startswith("UPDATE") for one in asked) is written

"""A second step after the password: for whose role wants it, for whoever sets it up."""

import logging
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client

from tests.accounts.conftest import PASSWORD
from wsoa.accounts.models import User

SET_UP, AT_SIGN_IN, STEP = (
    "/account/second-step/",
    "/sign-in/second-step/new/",
    "/sign-in/second-step/",
)
MANAGER = "manager@example.org"


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def secret_on(page) -> str:
    return re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", "")


def codes_on(page) -> list[str]:
    return re.findall(r"<li>(\d{4} \d{4})</li>", page.text)


def sign_in(client, email=MANAGER, to="/sign-in/"):
    return client.post(to, {"username": email, "password": PASSWORD})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def set_up(client, person) -> tuple[str, list[str]]:
    """Set up from My account: the secret and the recovery codes."""
    client.force_login(person)
    secret = secret_on(client.get(SET_UP))
    page = client.post(SET_UP, {"code": code_of(secret), "password": PASSWORD})
    client.post("/sign-out/")
    return secret, codes_on(page)


@pytest.fixture
def wanted(settings):
    settings.SECOND_STEP_FOR = ["superuser"]


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "wsoa.security")
    return lambda: [
        one.getMessage().split()[0] for one in caplog.records if one.name == "wsoa.security"
    ]


def test_whose_role_wants_it_sets_it_up_before_anything_else(client, manager, wanted, log):
    assert sign_in(client, to="/sign-in/?next=/users/new/").url == AT_SIGN_IN
    assert not is_signed_in(client)
    assert client.get("/users/").status_code == 302
    page = client.get(AT_SIGN_IN)
    assert "<svg" in page.text
    assert "data:" not in page.text
    assert "not right" in client.post(AT_SIGN_IN, {"code": "000000"}).text
    secret = secret_on(page)
    assert client.post(AT_SIGN_IN, {"code": code_of(secret)}).url == AT_SIGN_IN
    assert len(codes_on(client.get(AT_SIGN_IN))) == 10
    assert not is_signed_in(client)
    # Only now, and on to where it was going.
    assert client.post(AT_SIGN_IN).url == "/users/new/"
    assert is_signed_in(client)
    assert log() == ["second-step-set-up", "signed-in"]


def test_from_then_on_a_code_is_asked_for(client, manager, wanted, log):
    secret, _ = set_up(client, manager)
    assert sign_in(client).url == STEP
    assert not is_signed_in(client)
    assert "not right" in client.post(STEP, {"code": "000000"}).text
    assert client.post(STEP, {"code": code_of(secret)}).url == "/users/"
    assert is_signed_in(client)
    assert log()[-2:] == ["password-wrong", "signed-in"]


def test_a_code_works_once(client, manager, wanted):
    secret, _ = set_up(client, manager)
    code = code_of(secret)
    sign_in(client)
    client.post(STEP, {"code": code})
    other = Client()
    sign_in(other)
    other.post(STEP, {"code": code})
    assert not is_signed_in(other)


@pytest.mark.parametrize(("steps", "is_right"), [(-2, True), (2, True), (-4, False), (4, False)])
def test_a_phones_clock_may_be_a_minute_wrong(client, manager, wanted, steps, is_right):
    secret, _ = set_up(client, manager)
    sign_in(client)
    client.post(STEP, {"code": code_of(secret, steps)})
    assert is_signed_in(client) is is_right


def test_a_lost_phone_a_recovery_code_once(client, manager, wanted, mails, log):
    _, codes = set_up(client, manager)
    sign_in(client, to="/sign-in/password/")
    client.post(STEP, {"code": codes[3]})
    assert is_signed_in(client)
    assert "recovery-code-used" in log()
    other = Client()
    sign_in(other, to="/sign-in/password/")
    other.post(STEP, {"code": codes[3]})
    assert not is_signed_in(other)
    assert "recovery codes was used" in mails.to(MANAGER, 2)["Subject"]


def test_wrong_codes_are_counted(client, manager, wanted, log):
    secret, _ = set_up(client, manager)
    for _ in range(5):
        sign_in(client)
        client.post(STEP, {"code": "000000"})
    refused = client.post(STEP, {"code": code_of(secret)})
    assert refused.status_code == 429
    assert not is_signed_in(client)


def test_the_password_alone_opens_no_page_on_the_way(client, manager, wanted):
    set_up(client, manager)
    sign_in(client)
    for address in ("/users/", "/account/", SET_UP, "/account/second-step/remove/"):
        assert client.get(address).status_code == 302
        assert "/sign-in/" in client.get(address).url


def test_a_page_asked_for_on_the_way_is_gone_on_to(client, manager, wanted):
    secret, _ = set_up(client, manager)
    sign_in(client)
    assert client.get("/sign-in/?next=/users/new/").url == STEP
    # Without one, signing in begins anew.
    assert client.get("/sign-in/").status_code == 200
    assert client.post(STEP, {"code": code_of(secret)}).url == "/users/new/"


def test_whose_role_does_not_want_it_is_asked_only_where_they_set_it_up(client, amina, wanted):
    sign_in(client, amina.email)
    assert is_signed_in(client)
    secret, _ = set_up(client, amina)
    assert sign_in(client, amina.email).url == STEP
    client.post(STEP, {"code": code_of(secret)})
    assert is_signed_in(client)


def test_at_an_open_screen_nobody_sets_one_up_without_the_password(as_amina, amina):
    secret = secret_on(as_amina.get(SET_UP))
    answer = as_amina.post(SET_UP, {"code": code_of(secret), "password": "guess"})
    assert "This is not your current password" in answer.text
    assert not Authenticator.objects.exists()


def test_it_is_removed_with_the_password(client, amina):
    set_up(client, amina)
    client.force_login(amina)
    client.post("/account/second-step/remove/", {"password": "guess"})
    assert Authenticator.objects.count() == 2
    client.post("/account/second-step/remove/", {"password": PASSWORD})
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_end_the_old_ones(client, amina):
    _, old = set_up(client, amina)
    client.force_login(amina)
    new = codes_on(client.post("/account/second-step/codes/", {"password": PASSWORD}))
    assert len(new) == 10
    client.post("/sign-out/")
    sign_in(client, amina.email)
    client.post(STEP, {"code": old[0]})
    assert not is_signed_in(client)
    client.post(STEP, {"code": new[0]})
    assert is_signed_in(client)


def test_the_secret_is_unreadable_in_the_database(client, amina, settings):
    secret, _ = set_up(client, amina)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    # Under another key no code is right.
    settings.SECRET_KEY = "another" * 8
    assert not Authenticator.objects.get(type="totp").wrap().validate_code(code_of(secret))


def test_who_manages_users_removes_it_for_a_lost_phone(client, amina, as_manager, mails, log):
    set_up(client, amina)
    as_manager.post(f"/users/{amina.pk}/second-step/")
    assert not Authenticator.objects.filter(user=amina).exists()
    assert "lost phone" in mails.to(amina.email, 2).get_content()
    assert "second-step-removed" in log()


def test_nobody_else_removes_it(client, amina, manager):
    set_up(client, amina)
    client.force_login(amina)
    assert client.post(f"/users/{manager.pk}/second-step/").status_code == 403


def test_a_command_lets_the_last_superuser_in(client, manager, wanted, capsys):
    set_up(client, manager)
    User.objects.update(is_active=False)
    call_command("let_in_superuser", "Manager@example.org")
    password = re.search(r"with: (\S+)", capsys.readouterr().out)[1]
    client.post("/sign-in/", {"username": MANAGER, "password": password})
    assert client.get(AT_SIGN_IN).status_code == 200


def test_the_command_lets_in_nobody_else(amina):
    with pytest.raises(CommandError, match="Nobody who manages users"):
        call_command("let_in_superuser", amina.email)


def test_signing_out_everywhere_ends_every_session(as_amina, amina):
    elsewhere = Client()
    elsewhere.force_login(amina)
    assert as_amina.post("/account/sign-out/").url == "/sign-in/"
    for browser in (as_amina, elsewhere):
        assert browser.get("/account/").status_code == 302
    amina.refresh_from_db()
    elsewhere.force_login(amina)
    assert elsewhere.get("/account/").status_code == 200


def test_she_changes_her_name(as_amina, amina, log):
    assert "Enter your name." in as_amina.post("/account/name/", {"name": " "}).text
    assert as_amina.post("/account/name/", {"name": "Amina Khan-Lee"}).url == "/account/"
    amina.refresh_from_db()
    assert amina.name == "Amina Khan-Lee"
    assert "name-changed" in log()

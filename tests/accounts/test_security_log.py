"""What whoever watches over the site can read of it, and what they must not."""

import logging

import pytest

from tests.accounts.conftest import PASSWORD
from wsoa.accounts.security_log import note


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "wsoa.security")
    return lambda: [one.getMessage() for one in caplog.records if one.name == "wsoa.security"]


def sign_in(client, password=PASSWORD, email="amina@example.org"):
    return client.post("/sign-in/", {"username": email, "password": password})


def test_each_sign_in_and_each_refusal_has_its_line(client, amina, log):
    for _ in range(6):
        sign_in(client, "wrong-secret")
    sign_in(client, "right-secret", "nobody@example.org")
    *wrong, locked, unknown = log()
    assert len(wrong) == 5
    assert all(line.startswith("password-wrong account=") for line in (*wrong, unknown))
    assert locked.startswith("password-locked account=")
    assert 'address="127.0.0.1"' in locked
    assert locked.split()[1] == wrong[0].split()[1] != unknown.split()[1]


def test_a_sign_in_and_a_sign_out_name_the_user(client, amina, log):
    sign_in(client)
    client.post("/sign-out/")
    assert [line.split()[0] for line in log()] == ["signed-in", "signed-out"]
    assert all(f"user={amina.pk}" in line for line in log())


def test_what_a_manager_does_to_an_account_has_its_line(as_manager, manager, amina, log):
    for path in ("deactivate", "reactivate"):
        as_manager.post(f"/users/{amina.pk}/{path}/")
    as_manager.post(f"/users/{amina.pk}/password/", {"password": "a fresh good phrase"})
    as_manager.post("/users/new/", {"name": "Bryn", "email": "bryn@example.org", "password": ""})
    assert [line.split()[0] for line in log()] == [
        "user-deactivated",
        "user-reactivated",
        "password-reset",
        "user-added",
    ]
    assert all(f"by={manager.pk}" in line for line in log())


def test_a_changed_password_has_its_line(as_amina, amina, log):
    new = "another good phrase"
    as_amina.post(
        "/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    (line,) = log()
    assert line.startswith("password-changed ")
    assert f"user={amina.pk}" in line


def test_no_line_holds_a_password_or_an_e_mail_address(client, as_manager, amina, log):
    sign_in(client, "wrong-secret")
    sign_in(client, "x", "typed-password-here@example.org")
    sign_in(client)
    as_manager.post(f"/users/{amina.pk}/password/", {"password": "a fresh good phrase"})
    text = "\n".join(log())
    assert len(log()) == 4
    for secret in ("secret", "@", "typed-password", PASSWORD, "a fresh good phrase"):
        assert secret not in text


def test_no_value_can_begin_a_line_of_its_own(log):
    note("sign-in", address='1\r\nsigned-in user=1 "x"\u2028\x1b[2J')
    (line,) = log()
    assert line == 'sign-in address="1\\r\\nsigned-in user=1 \\"x\\"\\u2028\\u001b[2J"'

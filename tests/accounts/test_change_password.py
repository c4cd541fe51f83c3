import pytest
from django.test import Client

from tests.accounts.conftest import PASSWORD

NEW = "another good phrase"


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post(
        "/password/", {"old_password": old, "new_password1": new, "new_password2": again}
    )


def test_she_changes_her_password_and_stays_signed_in_here_only(as_amina, amina):
    elsewhere = Client()
    elsewhere.force_login(amina)

    assert change(as_amina).status_code == 302

    amina.refresh_from_db()
    assert amina.check_password(NEW)
    assert "Your password has been changed." in as_amina.get("/password/").text
    assert elsewhere.get("/password/").status_code == 302


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"old": "wrong"}, "This is not your current password."),
        ({"again": "something else"}, "The two new passwords are not the same."),
        ({"new": "short", "again": "short"}, "at least 12 characters"),
        ({"new": "123456789012", "again": "123456789012"}, "entirely numeric"),
        ({"new": "amina@example.org", "again": "amina@example.org"}, "too similar"),
        ({"old": ""}, "Enter the current password."),
        ({"new": ""}, "Enter the new password."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(as_amina, amina, answers, message):
    response = change(as_amina, **answers)

    assert response.status_code == 200
    assert message in response.text
    amina.refresh_from_db()
    assert amina.check_password(PASSWORD)


@pytest.mark.parametrize("address", ["/plans/", "/pages/help/", "/no/such/page/", "/officers/"])
def test_every_page_leads_to_it(as_amina, address):
    """Also those that say that there is nothing here for them."""
    assert 'href="/account/"' in as_amina.get(address).text
    assert '<a href="/password/">Change password</a>' in as_amina.get("/account/").text


def test_on_my_account_itself_the_link_says_so(as_amina):
    assert 'href="/account/" aria-current="page"' in as_amina.get("/account/").text


def test_signed_out_nothing_leads_to_it(client, db):
    page = client.get("/sign-in/").text
    assert "/password/" not in page
    assert "/account/" not in page

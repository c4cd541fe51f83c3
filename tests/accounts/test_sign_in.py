"""Signing in by e-mail and password, going on to where one was going, and signing out."""

import pytest
from django.http import HttpResponse

from tests.accounts.conftest import PASSWORD
from wsoa.middleware import headers

SIGN_IN = "/sign-in/"


def sign_in(client, email="amina@example.org", password=PASSWORD, to=SIGN_IN):
    return client.post(to, {"username": email, "password": password})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("email", ["amina@example.org", "Amina@Example.ORG", " amina@example.org "])
def test_she_signs_in_however_she_writes_her_address(client, amina, email):
    response = sign_in(client, email)

    assert (response.status_code, response.url) == (302, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("amina@example.org", "wrong"),
        ("amina@example.org", PASSWORD.upper()),
        ("nobody@example.org", PASSWORD),
    ],
)
def test_one_message_for_a_wrong_address_and_a_wrong_password(client, amina, email, password):
    response = sign_in(client, email, password)

    assert response.status_code == 200
    assert "do not match an account in use" in response.text
    assert "Error: Sign in" in response.text
    assert not is_signed_in(client)


def test_somebody_deactivated_gets_the_same_message(client, amina):
    amina.is_active = False
    amina.save()

    assert "do not match an account in use" in sign_in(client).text


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("", PASSWORD, "Enter your e-mail address."),
        ("amina", PASSWORD, "Enter an e-mail address like name@example.org."),
        ("amina@example.org", "", "Enter your password."),
        ("a" * 300 + "@example.org", PASSWORD, "at most 254 characters"),
        ("amina\0@example.org", PASSWORD, "Null characters are not allowed"),
        ("amina@example.org", "pass\0word", "Null characters are not allowed"),
    ],
)
def test_what_is_missing_or_malformed_is_said_at_the_field(client, amina, email, password, message):
    response = sign_in(client, email, password)

    assert response.status_code == 200
    assert message in response.text


def test_an_empty_post_is_answered(client, db):
    assert "Enter your e-mail address." in client.post(SIGN_IN).text


def test_she_goes_on_to_the_page_she_wanted(client, amina):
    first = client.get("/password/")
    assert (first.status_code, first.url) == (302, "/sign-in/?next=/password/")

    assert sign_in(client, to=first.url).url == "/password/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"],
)
def test_she_is_never_sent_to_another_site(client, amina, elsewhere):
    assert sign_in(client, to=f"{SIGN_IN}?next={elsewhere}").url == "/"


def test_who_manages_users_begins_at_the_users(client, manager):
    assert sign_in(client, "manager@example.org").url == "/users/"


def test_signed_in_already_she_goes_straight_on(as_amina):
    assert as_amina.get(SIGN_IN).url == "/"


def test_the_page_is_never_kept_by_a_browser(client, db):
    assert "no-store" in client.get(SIGN_IN)["Cache-Control"]


@pytest.mark.parametrize("address", ["/password/", "/no/such/page/", "/users/"])
def test_no_page_of_somebody_signed_in_is_kept_by_a_browser(as_amina, address):
    assert {"private", "no-store"} <= set(as_amina.get(address)["Cache-Control"].split(", "))


def test_what_says_itself_how_long_it_may_be_kept_is_left_as_it_is(rf):
    static = headers(lambda request: HttpResponse(headers={"Cache-Control": "max-age=60, public"}))
    assert static(rf.get("/static/wsoa/app.css"))["Cache-Control"] == "max-age=60, public"


def test_signing_out_needs_a_post_and_leads_to_the_sign_in_page(as_amina):
    assert as_amina.get("/sign-out/").status_code == 405
    assert is_signed_in(as_amina)

    response = as_amina.post("/sign-out/")

    assert (response.status_code, response.url) == (302, SIGN_IN)
    assert not is_signed_in(as_amina)


def test_signing_out_twice_does_no_harm(client, db):
    assert client.post("/sign-out/").url == SIGN_IN


@pytest.mark.parametrize("address", ["/users/", "/users/1/", "/password/", "/no/such/page/"])
def test_a_stranger_is_asked_to_sign_in_whether_the_page_exists_or_not(client, db, address):
    response = client.get(address)

    assert (response.status_code, response.url) == (302, f"{SIGN_IN}?next={address}")


def test_search_engines_are_told_to_keep_out(client, db):
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.text) == (200, "User-agent: *\nDisallow: /\n")


def test_the_icon_is_found_where_browsers_look_for_it(client, db):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.url) == (302, "/static/wsoa/mark.svg")


def test_an_unknown_address_is_not_found_once_signed_in(as_amina):
    assert as_amina.get("/no/such/page/").status_code == 404


def test_an_address_without_its_last_slash_is_still_found(as_amina):
    assert as_amina.get("/password").url == "/password/"


def test_deactivated_she_is_signed_out_at_the_next_page(as_amina, amina):
    amina.is_active = False
    amina.save()

    assert as_amina.get("/password/").status_code == 302


@pytest.mark.django_db
def test_every_answer_carries_the_strict_headers(client):
    response = client.get(SIGN_IN)

    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{feature}=()" in response["Permissions-Policy"].split(", ")

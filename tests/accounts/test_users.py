"""The pages of whoever manages users, and that they are nobody else's."""

import re

import pytest
from django.test import Client

from tests.accounts.conftest import PASSWORD
from wsoa.accounts import users
from wsoa.accounts.models import User

NEW_USER = {"name": "Bryn Jones", "email": "Bryn@Example.org", "password": ""}


def password_shown(response) -> str:
    found = re.search(r"<code>([^<]+)</code>", response.text)
    assert found
    return found.group(1)


def can_sign_in(email: str, password: str) -> bool:
    return Client().login(username=email, password=password)


READ = ["/users/", "/users/new/", "/users/{pk}/", "/users/{pk}/password/"]
WRITE = [
    ("/users/new/", NEW_USER),
    ("/users/{pk}/deactivate/", {}),
    ("/users/{pk}/reactivate/", {}),
    ("/users/{pk}/password/", {"password": "a fresh good phrase"}),
]


@pytest.mark.parametrize("address", READ)
def test_the_pages_are_the_managers_alone(as_manager, as_amina, amina, address):
    address = address.format(pk=amina.pk)

    assert as_manager.get(address).status_code == 200
    assert as_amina.get(address).status_code == 403


@pytest.mark.parametrize(("address", "answers"), WRITE)
def test_refused_means_nothing_written(as_amina, amina, address, answers):
    before = list(User.objects.values())

    assert as_amina.post(address.format(pk=amina.pk), answers).status_code == 403
    assert Client().post(address.format(pk=amina.pk), answers).status_code == 302

    assert list(User.objects.values()) == before


@pytest.mark.parametrize("pk", ["0", "99999", "9" * 30])
def test_a_user_who_does_not_exist_is_not_found(as_manager, pk):
    assert as_manager.get(f"/users/{pk}/").status_code == 404
    assert as_manager.get(f"/users/{pk}/password/").status_code == 404
    assert as_manager.post(f"/users/{pk}/deactivate/").status_code == 404


@pytest.mark.parametrize("verb", ["deactivate", "reactivate"])
def test_following_a_link_changes_nobody(as_manager, amina, verb):
    assert as_manager.get(f"/users/{amina.pk}/{verb}/").status_code == 405


def test_the_list_names_everybody(as_manager, amina):
    text = as_manager.get("/users/").text

    assert "Amina Khan" in text
    assert "amina@example.org" in text
    assert "Morgan Lee" in text


def test_a_new_user_signs_in_with_the_password_made_for_them(as_manager):
    response = as_manager.post("/users/new/", NEW_USER)

    assert "no-store" in response["Cache-Control"]
    assert can_sign_in("bryn@example.org", password_shown(response))


def test_a_new_user_signs_in_with_the_password_typed(as_manager):
    response = as_manager.post("/users/new/", NEW_USER | {"password": "typed by the manager"})

    assert password_shown(response) == "typed by the manager"
    assert can_sign_in("bryn@example.org", "typed by the manager")
    assert not User.objects.get(email="bryn@example.org").is_superuser


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"name": ""}, "Enter the person&#x27;s name."),
        ({"name": "N" * 201}, "at most 200 characters"),
        ({"name": "Bryn\0"}, "Null characters"),
        ({"email": ""}, "Enter the person&#x27;s e-mail address."),
        ({"email": "bryn"}, "Enter an e-mail address like"),
        ({"email": "AMINA@example.org"}, "Somebody already signs in with this e-mail address."),
        ({"password": "short"}, "at least 12 characters"),
        ({"password": "p" * 129}, "at most 128 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(as_manager, amina, answers, message):
    response = as_manager.post("/users/new/", NEW_USER | answers)

    assert response.status_code == 200
    assert message in response.text
    assert not User.objects.filter(name__startswith="Bryn").exists()


def test_sent_twice_the_second_is_told_that_the_address_is_taken(as_manager):
    as_manager.post("/users/new/", NEW_USER)

    assert "Somebody already signs in" in as_manager.post("/users/new/", NEW_USER).text
    assert User.objects.filter(email="bryn@example.org").count() == 1


def test_a_taken_address_leaves_the_transaction_usable(amina):
    with pytest.raises(users.AddressTaken):
        users.create_user(name="Another", email="amina@example.org", password=PASSWORD)

    assert User.objects.count() == 1


def test_deactivated_and_reactivated(as_manager, amina):
    page = as_manager.post(f"/users/{amina.pk}/deactivate/", follow=True)
    assert "Amina Khan can no longer sign in." in page.text
    assert not can_sign_in(amina.email, PASSWORD)

    page = as_manager.post(f"/users/{amina.pk}/reactivate/", follow=True)
    assert "Amina Khan can sign in again." in page.text
    assert can_sign_in(amina.email, PASSWORD)


def test_nobody_locks_themselves_out(as_manager, manager):
    page = as_manager.post(f"/users/{manager.pk}/deactivate/", follow=True)

    assert "You cannot stop yourself from signing in." in page.text
    manager.refresh_from_db()
    assert manager.is_active


def test_a_reset_password_works_and_ends_the_old_sessions(as_manager, as_amina, amina):
    response = as_manager.post(f"/users/{amina.pk}/password/", {"password": ""})

    assert can_sign_in(amina.email, password_shown(response))
    assert not can_sign_in(amina.email, PASSWORD)
    assert as_amina.get("/password/").status_code == 302


def test_a_weak_new_password_is_refused(as_manager, amina):
    response = as_manager.post(f"/users/{amina.pk}/password/", {"password": "password1234"})

    assert "too common" in response.text
    assert can_sign_in(amina.email, PASSWORD)


def test_passwords_made_differ_and_are_long():
    made = {users.new_password() for _ in range(100)}

    assert len(made) == 100
    assert all(re.fullmatch(r"[a-z]{4}(-[a-z]{4}){4}", password) for password in made)


def test_the_history_says_who_made_the_change(as_manager, manager, amina):
    as_manager.post(f"/users/{amina.pk}/deactivate/")

    last = amina.events.order_by("pgh_id").last()
    assert not last.is_active
    assert last.pgh_context.metadata["user"] == manager.pk

"""A user's e-mail address is unique and lower case, whichever way it arrives."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from tests.accounts.conftest import PASSWORD
from wsoa.accounts.models import User

pytestmark = pytest.mark.django_db


def test_the_manager_lowers_an_address():
    user = User.objects.create_user(" Amina.Khan@Example.ORG ", "Amina Khan")

    assert user.email == "amina.khan@example.org"
    assert user.is_active
    assert not user.is_superuser


def test_a_user_without_a_password_cannot_sign_in_by_password():
    user = User.objects.create_user("amina.khan@example.org", "Amina Khan")

    assert not user.has_usable_password()


def test_a_superuser_is_one():
    assert User.objects.create_superuser("root@example.org", "Rhys Owen", PASSWORD).is_superuser


@pytest.mark.parametrize("weak", ["short", "123456789012", "root@example.org"])
def test_a_superusers_password_is_as_good_as_any_other(monkeypatch, weak):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", weak)
    with pytest.raises(CommandError):
        call_command(
            "createsuperuser", interactive=False, email="root@example.org", name="Rhys Owen"
        )
    assert not User.objects.exists()


def test_a_good_one_is_taken_from_the_environment(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, email="root@example.org", name="Rhys Owen")
    assert User.objects.get().check_password(PASSWORD)


def test_the_database_refuses_capital_letters():
    with pytest.raises(IntegrityError, match="user_email_is_lower_case"):
        User.objects.bulk_create([User(email="Amina@example.org", name="Amina Khan")])


def test_the_database_refuses_the_same_address_twice():
    User.objects.create_user("amina@example.org", "Amina Khan")

    with pytest.raises(IntegrityError, match="email"):
        User.objects.create_user("AMINA@example.org", "Another Amina")


def test_cleaning_lowers_an_address():
    user = User(email="Amina@Example.org", name="Amina Khan", password="!")
    user.full_clean()

    assert user.email == "amina@example.org"


def test_cleaning_refuses_what_is_no_address():
    with pytest.raises(ValidationError):
        User(email="amina", name="Amina Khan", password="!").full_clean()


def test_the_moment_of_joining_is_set_by_the_database():
    assert User.objects.create_user("amina@example.org", "Amina Khan").date_joined is not None


def test_changes_are_remembered_but_never_a_password():
    user = User.objects.create_user("amina@example.org", "Amina Khan")
    user.set_password("a new password")
    user.save(update_fields=["password"])
    user.name = "Amina Shah"
    user.save(update_fields=["name"])

    events = user.events.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.name for event in events] == ["Amina Khan", "Amina Shah"]
    assert not hasattr(events[0], "password")

"""Who comes into the programme team is told to the others of it and to the chair."""

import re

import pytest
from django.test import Client

from actions.models import Membership
from tests.factories import make_user, make_world
from tests.smtp import mail_server

Role = Membership.Role


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def mails(db, settings):
    with mail_server(settings) as server:
        yield server


@pytest.fixture
def colleague(world):
    user = make_user("Colleague")
    Membership.objects.create(user=user, plan=world.plan, role=Role.PROGRAMME_OFFICER)
    return user


def by(world, name):
    browser = Client()
    browser.force_login(world.users[name])
    return browser


def test_somebody_added_by_the_officer(world, mails, colleague, django_capture_on_commit_callbacks):
    outsider = world.users["outsider"]
    sent = {"user": outsider.email, "role": Role.PROGRAMME_OFFICER}
    with django_capture_on_commit_callbacks(execute=True):
        by(world, "officer").post(f"/plans/{world.plan.slug}/edit/membership/new/", sent)
    for user in (colleague, world.users["chair"]):
        mail = mails.to(user.email)
        assert outsider.name in mail["Subject"]
        assert world.users["officer"].name in mail.get_content()
    # Neither who did it nor who it is about, and nobody else of the plan.
    for user in (world.users["officer"], outsider, world.users["lead"]):
        assert mails.none_to(user.email)


def test_another_part_is_told_to_nobody(world, mails, django_capture_on_commit_callbacks):
    sent = {"user": world.users["outsider"].email, "role": Role.MEMBER}
    with django_capture_on_commit_callbacks(execute=True):
        by(world, "officer").post(f"/plans/{world.plan.slug}/edit/membership/new/", sent)
    assert mails.none_to(world.users["chair"].email)


def test_somebody_invited_once_they_come_in(world, mails, django_capture_on_commit_callbacks):
    new = "new.officer@example.org"
    address = f"/plans/{world.plan.slug}/people/invite/"
    row = {"row": "1", "r1-take": "on", "r1-email": new, "r1-role": Role.PROGRAMME_OFFICER}
    by(world, "officer").post(address, {"step": "invite", **row})
    assert mails.none_to(world.users["chair"].email)
    link = re.search(r"http://testserver(/invitations/\S+)", mails.to(new).get_content())[1]
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(link, {"name": "New Officer", "password": "three words of mine"})
    assert "New Officer" in mails.to(world.users["chair"].email)["Subject"]


def test_the_first_officer_named_by_who_manages_users(
    world, mails, django_capture_on_commit_callbacks
):
    Membership.objects.filter(role=Role.PROGRAMME_OFFICER).delete()
    outsider = world.users["outsider"]
    with django_capture_on_commit_callbacks(execute=True):
        by(world, "superuser").post("/officers/", {"plan": world.plan.pk, "user": outsider.pk})
    mail = mails.to(world.users["chair"].email)
    assert outsider.name in mail["Subject"]
    assert world.users["superuser"].name in mail.get_content()


@pytest.mark.parametrize(
    ("act", "sent", "words"),
    [
        ("deactivate", {}, "switched off the account of The lead"),
        ("password", {"password": "a fresh good phrase"}, "set a new password of the account"),
        ("second-step", {}, "removed the second step of the account"),
    ],
)
def test_what_is_done_to_an_account_by_who_manages_users(world, mails, colleague, act, sent, words):
    lead = world.users["lead"]
    by(world, "superuser").post(f"/users/{lead.pk}/{act}/", sent)
    for user in (colleague, world.users["officer"], world.users["chair"]):
        assert words in " ".join(mails.to(user.email).get_content().split())
    assert mails.none_to(world.users["member"].email)


def test_of_somebody_without_a_plan_nobody_is_told(world, mails):
    by(world, "superuser").post(f"/users/{world.users['outsider'].pk}/deactivate/")
    assert mails.none_to(world.users["officer"].email)

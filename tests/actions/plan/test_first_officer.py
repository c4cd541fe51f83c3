"""Who manages users names the first programme officer of a plan, and never another."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse

from actions import memberships
from actions.models import Membership
from tests.factories import Role, make_plan, make_user, make_world
from wsoa.accounts.models import User


def officers(plan) -> set[str]:
    named = Membership.objects.filter(plan=plan, role=Role.PROGRAMME_OFFICER)
    return set(named.values_list("user__name", flat=True))


@pytest.fixture
def manager(client: Client, db) -> User:
    manager = User.objects.create_superuser("manager@example.org", "Morgan Lee")
    client.force_login(manager)
    return manager


def name(client, plan, user):
    return client.post(reverse("actions:first_officer"), {"plan": plan.pk, "user": user.pk})


def test_a_plan_without_an_officer_gets_one_and_a_line_in_the_log(client, manager, caplog):
    caplog.set_level(logging.INFO, "wsoa.security")
    plan, user = make_plan(), make_user("Ann Field")
    assert name(client, plan, user).status_code == 302
    assert officers(plan) == {"Ann Field"}
    lines = [one.getMessage() for one in caplog.records if one.name == "wsoa.security"]
    assert lines == [f'first-officer-named plan="{plan.slug}" user={user.pk} by={manager.pk}']


def test_a_plan_that_has_one_gets_no_other(client, manager):
    world = make_world()
    mine = make_user("An account of my own")
    answer = name(client, world.plan, mine)
    assert answer.status_code == 422
    assert "Choose a plan that has no programme officer" in answer.text
    assert officers(world.plan) == {"The officer"}
    assert str(world.plan) not in client.get(reverse("actions:first_officer")).text


def test_the_verb_refuses_it_as_well(db):
    world = make_world()
    with pytest.raises(ValidationError, match="has a programme officer already"):
        memberships.name_first_officer(plan=world.plan, user=make_user("Another"))
    assert officers(world.plan) == {"The officer"}


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_named_at_the_same_moment_one_is():
    plan = make_plan()
    users = [make_user(f"Officer {number}") for number in range(6)]

    def attempt(user):
        try:
            memberships.name_first_officer(plan=type(plan).objects.get(pk=plan.pk), user=user)
        except ValidationError:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(users)) as pool:
        assert sum(pool.map(attempt, users)) == 1
    assert len(officers(plan)) == 1

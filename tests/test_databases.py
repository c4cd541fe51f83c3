"""Each test finds the database as if it were the first, whatever others wrote or committed."""

import pytest
from django.db import connection

from tests.factories import make_user, make_world
from wsoa.accounts.models import User


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_no_other_finds(turn):
    assert User.objects.count() == 0
    User.objects.create_user("left@behind.example", "Left Behind")
    assert connection.in_atomic_block is False


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_does_to_the_world_no_other_finds(world, turn):
    assert world.plan.title != "Another title"
    world.plan.title = "Another title"
    world.plan.save()
    assert {make_user("Somebody").name, *(user.name for user in world.users.values())} == set(
        User.objects.values_list("name", flat=True)
    )


@pytest.mark.django_db
def test_where_no_world_is_asked_for_there_is_none():
    assert User.objects.count() == 0
    assert make_world().plan.slug.startswith("plan-")

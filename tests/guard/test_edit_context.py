"""Who made an edit is written once: no session can say something else of an earlier one."""

import pghistory
import pytest
from django.db import connection, transaction
from pghistory.models import Context

from tests.factories import make_plan


def users(plan):
    """Who made each edit of a plan, oldest first."""
    contexts = plan.events.order_by("pgh_id").values_list("pgh_context__metadata", flat=True)
    return [context and context["user"] for context in contexts]


def contexts(plan):
    return set(plan.events.values_list("pgh_context", flat=True))


def retitle(plan, title):
    plan.title = title
    plan.save()


@pytest.mark.django_db(transaction=True)
def test_a_session_cannot_take_an_earlier_edits_number_to_say_who_made_it():
    with pghistory.context(user=1) as first, transaction.atomic():
        plan = make_plan()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true),"
            " set_config('pghistory.context_metadata', '{\"user\": 2}', true)",
            [str(first.id)],
        )
        retitle(plan, "Retitled by somebody")
        retitle(plan, "And again")

    assert users(plan) == [1, 2, 2]
    assert Context.objects.get(pk=first.id).metadata == {"user": 1}


@pytest.mark.django_db(transaction=True)
def test_what_one_request_does_in_several_transactions_has_one_context():
    with pghistory.context(user=1):
        plan = make_plan()
        retitle(plan, "A")
        retitle(plan, "B")

    assert users(plan) == [1, 1, 1]
    assert len(contexts(plan)) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_known_only_later_in_a_transaction_completes_its_context():
    with pghistory.context(user=None), transaction.atomic():
        plan = make_plan()
        pghistory.context(user=3)
        retitle(plan, "By one who has just signed in")

    assert users(plan) == [3, 3]


@pytest.mark.django_db(transaction=True)
def test_an_edit_outside_any_request_has_no_context():
    plan = make_plan()
    retitle(plan, "By a command")

    assert users(plan) == [None, None]

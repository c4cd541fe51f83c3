"""A record that answers another: one at a time, and in the order in which they are committed."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError

from actions.records.locking import lock_record
from tests.factories import make_world
from wsoa.oversight.models import Challenge, ChallengeAnswer


@pytest.fixture
def question():
    world = make_world()
    return Challenge.objects.create(
        plan=world.plan,
        commitment=world.commitment,
        text="Why is it late?",
        answer_due_on=date(2022, 6, 30),
        by=world.users["chair"],
    )


def answer(question, text, patience="10s"):
    """An answer, written straight to its table by a connection of its own."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", [patience])
            return ChallengeAnswer.objects.create(challenge=question, text=text, by=question.by)
    finally:
        connection.close()


def is_waited_for():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
        )
        return cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_an_answer_waits_for_who_has_locked_the_question(question):
    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            lock_record(question)
            with pytest.raises(OperationalError, match="lock timeout"):
                elsewhere.submit(answer, question, "Too early.", "100ms").result()
        assert elsewhere.submit(answer, question, "In time.", "100ms").result().pk


@pytest.mark.django_db(transaction=True)
def test_answers_to_one_record_are_in_the_order_of_their_commit(question):
    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            first = ChallengeAnswer.objects.create(
                challenge=question, text="First.", by=question.by
            )
            waiting = elsewhere.submit(answer, question, "Second.")
            while not is_waited_for():
                time.sleep(0.01)
            assert not waiting.done()
        second = waiting.result()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.recorded_at < second.recorded_at


@pytest.mark.django_db(transaction=True)
def test_answers_to_two_records_do_not_wait_for_each_other(question):
    other = Challenge.objects.create(
        plan=question.plan, commitment=question.commitment, text="And then?", by=question.by
    )
    with ThreadPoolExecutor(1) as elsewhere, transaction.atomic():
        lock_record(question)
        assert elsewhere.submit(answer, other, "At once.", "100ms").result().pk


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_would_end_at_once_is_refused(question):
    with pytest.raises(TransactionManagementError, match="within a transaction"):
        lock_record(question)

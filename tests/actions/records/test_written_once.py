"""Queries written once: the rows that the same query gives written anew, whatever the values."""

from __future__ import annotations

from datetime import date
from threading import Thread

import pytest
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Lower

from actions.models import Action, Commitment, Plan
from actions.records.written_once import written_once
from tests.factories import make_commitment, make_world


@written_once
def of_action(action: int, code: str) -> QuerySet[Commitment, Commitment]:
    return Commitment.objects.filter(action=action, code=code).select_related("action__area")


@written_once
def refs_of(plan: int, *, backwards: bool) -> QuerySet[Commitment, tuple[str, int]]:
    order = F("ref").desc() if backwards else F("ref").asc()
    return Commitment.objects.filter(plan=plan).order_by(order).values_list("ref", "pk")


@written_once
def these(keys: list[int]) -> QuerySet[Commitment, str]:
    return Commitment.objects.filter(pk__any=keys).values_list("ref", flat=True)


@written_once
def either(plan: int, first: str, second: str) -> QuerySet[Commitment, tuple[str]]:
    rows = Commitment.objects.filter(plan=plan).order_by()
    return (
        rows.filter(ref=first).values_list("ref").union(rows.filter(ref=second).values_list("ref"))
    )


@pytest.fixture
def rows(db) -> tuple[Action, list[Commitment]]:
    action = make_world().commitment.action
    return action, [make_commitment(action, ref) for ref in "xyz"]


def test_each_call_gets_what_its_values_ask_for(rows):
    action, (first, second, _) = rows

    for wanted in (first, second, first):
        (found,) = of_action(action.pk, wanted.code)
        assert (found, found.action.area) == (wanted, action.area)
    assert of_action(action.pk, "none of these") == []
    assert of_action(action.pk, first.code)[0] is not of_action(action.pk, first.code)[0]


def test_related_rows_come_with_it(rows, django_assert_num_queries):
    action, (first, *_) = rows
    of_action(action.pk, first.code)

    with django_assert_num_queries(1):
        assert of_action(code=first.code, action=action.pk)[0].action.area.title


def test_each_form_is_written_for_itself(rows):
    action, made = rows
    plan = action.area.plan_id
    expected = list(Commitment.objects.filter(plan=plan).order_by("ref").values_list("ref", "pk"))

    assert refs_of(plan, backwards=False) == expected
    assert refs_of(plan, backwards=True) == expected[::-1]
    assert refs_of(plan, backwards=False) == expected
    assert len(expected) > len(made)


def test_many_keys_are_one_value(rows):
    _, (first, second, third) = rows

    assert sorted(these([third.pk, first.pk])) == ["1.1.1x", "1.1.1z"]
    assert these([second.pk]) == ["1.1.1y"]
    assert these([]) == []


def test_parts_of_a_union_take_their_own_values(rows):
    action, _ = rows
    plan = action.area.plan_id

    assert sorted(either(plan, "1.1.1z", "1.1.1x")) == [("1.1.1x",), ("1.1.1z",)]
    assert either(plan, "1.1.1y", "1.1.1y") == [("1.1.1y",)]


def test_what_is_made_of_a_value_is_refused(rows):
    @written_once
    def starting_with(text: str) -> QuerySet[Commitment, Commitment]:
        return Commitment.objects.filter(ref__startswith=text)

    @written_once
    def both_ways(text: str) -> QuerySet[Commitment, Commitment]:
        return Commitment.objects.filter(ref=text, evidence__contains=text)

    @written_once
    def joined(text: str) -> QuerySet[Commitment, Commitment]:
        return Commitment.objects.filter(ref=Lower(Concat(Value(text), Value("b")))).exclude(
            ref=f"{text}b"
        )

    for made_of_it in (starting_with, both_ways, joined):
        with pytest.raises(TypeError, match="does not reach the database as it is"):
            made_of_it("1.1.1")


def test_a_value_that_shapes_the_query_is_refused(rows):
    @written_once
    def ordered(plan: int) -> QuerySet[Plan, Plan]:
        return Plan.objects.order_by("pk")[:-plan]

    @written_once
    def unread(plan: int, day: date) -> QuerySet[Plan, Plan]:
        return Plan.objects.filter(pk=plan)

    for made in (lambda: ordered(1), lambda: unread(1, date(2026, 1, 1))):
        with pytest.raises(TypeError, match=r"depends on the values|reach the database"):
            made()


@pytest.mark.django_db(transaction=True)
def test_several_threads_ask_at_once_with_values_of_their_own():
    action = make_world().commitment.action
    made = [make_commitment(action, letter) for letter in "pqrstuvw"]
    wrong: list[str] = []

    def ask(wanted: Commitment) -> None:
        try:
            for _ in range(30):
                found = [row.ref for row in of_action(action.pk, wanted.code)]
                if found != [wanted.ref]:
                    wrong.append(f"{wanted.ref}: {found}")
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(commitment,)) for commitment in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []

"""What was made of the same rows is taken again; of others, or within a transaction, it is not."""

import pytest
from django.db import transaction

from actions.records.kept import of_same, same

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_equal_value_is_the_object_that_it_was():
    first = same(("test", 1), [("a", 1)], 1)
    assert same(("test", 1), [("a", 1)], 1) is first
    assert same(("test", 2), [("a", 1)], 1) is not first
    changed = same(("test", 1), [("a", 2)], 1)
    assert changed == [("a", 2)]
    # What was before is forgotten: the key holds one value.
    assert same(("test", 1), [("a", 1)], 1) is not first


def test_what_was_made_of_the_same_objects_is_taken_again():
    rows, terms = ["row"], ["terms"]
    made: list[int] = []

    def make():
        made.append(len(made))
        return made[-1]

    def ask(*facts):
        return of_same(("of", 1), facts, make, 1)

    assert [ask(rows, terms), ask(rows, terms)] == [0, 0]
    # Equal is not enough: who wants that asks `same` first.
    assert ask(["row"], terms) == 1
    assert ask(rows, ["terms"]) == 2
    assert ask(rows, terms) == 3


def test_nothing_is_a_result_too():
    made = []
    for _ in range(2):
        assert of_same(("none", 1), (made,), lambda: made.append(1), 1) is None
    assert made == [1]


def test_within_a_transaction_nothing_is_taken_and_nothing_is_kept():
    first = same(("within", 1), ["a"], 1)
    with transaction.atomic():
        assert same(("within", 1), ["a"], 1) is not first
        assert of_same(("within", 2), (first,), lambda: "made within", 1) == "made within"
    assert same(("within", 1), ["a"], 1) is first
    assert of_same(("within", 2), (first,), lambda: "made after", 1) == "made after"

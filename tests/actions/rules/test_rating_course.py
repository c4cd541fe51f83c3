"""Ratings of many days from one replay: worked by hand, and the same as one state a day."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.rating_course import courses_by_action, lowest, ratings_on, total
from actions.rules.state import count, state_at
from actions.rules.status import Rating
from tests.actions.rules import pure_factories as make

DAYS = [date(2022, month, 28) for month in range(1, 8)]


def counted(history, days=DAYS):
    (plan,) = history.plans
    return [
        {rating.value: number for rating, number in total(found).items() if number}
        for found in ratings_on(plan, days)
    ]


def test_each_day_has_the_ratings_that_stood_at_its_end():
    green = make.update("green", "2022-01-28")
    blue = make.update("blue", "2022-02-20")
    worked = make.commitment(
        updates=[green, blue, make.update("amber", "2022-05-02")],
        confirmations=[make.confirmed(blue, "2022-03-10")],
    )
    later = make.commitment(
        area=2,
        added_at=make.at("2022-04-01"),
        updates=[make.update("red", "2022-04-28 23:59")],
    )
    history = make.history(worked, later)
    assert counted(history) == [
        {"green": 1},
        {"green": 1},  # proposed Blue
        {"blue": 1},
        {"blue": 1, "red": 1},
        {"amber": 1, "red": 1},
        {"amber": 1, "red": 1},
        {"amber": 1, "red": 1},
    ]
    last = ratings_on(history.plans[0], DAYS)[-1]
    assert {area: dict(ratings) for area, ratings in last.items()} == {
        1: {"amber": 1},
        2: {"red": 1},
    }


def test_what_was_withdrawn_or_paused_on_a_day_is_so_on_that_day_alone():
    row = make.commitment(
        updates=[make.update("green", "2022-01-10")],
        withdrawals=[make.withdrawal("2022-02-10"), make.withdrawal("2022-03-10", False)],
        pauses=[make.pause("2022-04-10"), make.restart("2022-05-10")],
    )
    assert counted(make.history(row))[:6] == [
        {"green": 1},
        {},
        {"green": 1},
        {"paused": 1},
        {"green": 1},
        {"green": 1},
    ]


def test_a_correction_stands_from_the_day_of_what_it_corrects():
    wrong = make.update("red", "2022-02-10")
    right = make.update("green", "2022-02-10", "2022-06-01", corrects=wrong)
    assert counted(make.history(make.commitment(updates=[wrong, right])))[:2] == [
        {"not_yet_rated": 1},
        {"green": 1},
    ]


def test_a_closed_plan_is_counted_as_on_its_closing_day():
    row = make.commitment(
        updates=[make.update("green", "2022-02-01"), make.update("red", "2022-05-01")]
    )
    assert counted(make.history(row, closed_on="2022-03-31"))[-1] == {"green": 1}


def any_history(random):
    """Updates, answers, corrections, withdrawals and pauses on any day, in any order."""

    def day():
        return f"{date(2022, 1, 1) + timedelta(days=random.randrange(120))}"

    def row():
        updates = [
            make.update(random.choice(["grey", "green", "amber", "red", "blue"]), day())
            for _ in range(random.randrange(7))
        ]
        for wrong in updates[: random.randrange(2)]:
            said = wrong.effective_at.date().isoformat()
            updates.append(make.update("amber", said, "2022-06-01", corrects=wrong))
        answer = random.choice([make.confirmed, make.returned])
        return make.commitment(
            area=random.randrange(3),
            added_at=make.at(day()),
            updates=updates,
            # Also of one that is corrected, or that is said to come before what it answers.
            confirmations=[answer(one, day()) for one in updates if random.random() < 0.5],
            withdrawals=[
                make.withdrawal(day(), random.random() < 0.6) for _ in range(random.randrange(3))
            ],
            pauses=[
                random.choice([make.pause, make.restart])(day()) for _ in range(random.randrange(3))
            ],
        )

    closed_on = random.choice([None, "2022-03-15"])
    return make.history(*(row() for _ in range(6)), closed_on=closed_on)


@pytest.mark.parametrize("seed", range(60))
def test_the_counts_are_those_of_one_state_a_day(seed):
    history = any_history(Random(seed))
    (plan,) = history.plans
    days = [date(2022, 1, 1) + timedelta(days=7 * week) for week in range(20)]
    for day, found in zip(days, ratings_on(plan, days), strict=True):
        state = state_at(history, day)[plan.id]
        assert total(found) == count(state.commitments).ratings
        for area in range(3):
            assert sum(found.get(area, {}).values()) == count(state.of_area(area)).total


DAYS_OF_2022 = st.dates(date(2022, 1, 1), date(2022, 12, 31)).map(str)


@st.composite
def rated(draw):
    """A commitment with updates, corrections, answers to Blues, pauses and withdrawals."""
    updates, answers = [], []
    for _ in range(draw(st.integers(0, 4))):
        when = draw(DAYS_OF_2022)
        colour = draw(st.sampled_from(["green", "amber", "red", "grey", "blue"]))
        updates.append(make.update(colour, when, recorded=max(when, draw(DAYS_OF_2022))))
        if colour == "blue" and draw(st.booleans()):
            answers.append(make.confirmed(updates[-1], max(when, draw(DAYS_OF_2022))))
        elif draw(st.integers(0, 3)) == 0:
            updates.append(make.update("amber", when, recorded="2022-12-31", corrects=updates[-1]))
    return make.commitment(
        area=draw(st.sampled_from([1, 2])),
        added_at=make.at(draw(DAYS_OF_2022)),
        updates=updates,
        confirmations=answers,
        pauses=[make.pause(draw(DAYS_OF_2022))] if draw(st.integers(0, 3)) == 0 else [],
        withdrawals=[make.withdrawal(draw(DAYS_OF_2022))] if draw(st.integers(0, 3)) == 0 else [],
    )


@given(
    st.lists(rated(), max_size=4),
    st.lists(st.dates(date(2022, 1, 1), date(2022, 12, 31)), min_size=1, max_size=3),
    st.none() | DAYS_OF_2022.map(make.at),
    st.none() | DAYS_OF_2022,
)
def test_ratings_alone_are_those_of_each_days_state(rows, days, known_at, closed_on):
    told = make.history(*rows, closed_on=closed_on)
    alone = ratings_on(told.plans[0], sorted(days), known_at)
    for day, by_area in zip(sorted(days), alone, strict=True):
        (state,) = state_at(told, day, known_at).values()
        for area in {row.area for row in rows}:
            assert total({area: by_area.get(area, Counter())}) == count(state.of_area(area)).ratings
        assert total(by_area) == count(state.commitments).ratings


KNOWN = make.at("2022-03-01")


def known_on(row, known_at=KNOWN):
    """The rating at the end of 28 February, as known at a moment."""
    (plan,) = make.history(*row if isinstance(row, list) else [row]).plans
    (found,) = ratings_on(plan, [date(2022, 2, 28)], known_at)
    return {rating.value: number for rating, number in total(found).items() if number}


GREEN = make.update("green", "2022-01-10")
BLUE = make.update("blue", "2022-02-10")
LATER = make.at("2022-03-01 12:01")


@pytest.mark.parametrize(
    ("known", "unknown", "rows"),
    [
        ("red", "green", {"updates": make.update("red", "2022-02-20")}),
        ("blue", "green", {"confirmations": make.confirmed(BLUE, "2022-02-20")}),
        ("paused", "green", {"pauses": make.pause("2022-02-20")}),
        (None, "green", {"withdrawals": make.withdrawal("2022-02-20")}),
    ],
)
def test_what_was_recorded_after_the_moment_was_not_known_at_it(known, unknown, rows):
    ((name, row),) = rows.items()
    base = {"updates": [GREEN, BLUE]}

    def recorded(at):
        kept = replace(row, recorded_at=at)
        return make.commitment(**(base | {name: [*base.get(name, []), kept]}))

    assert known_on(recorded(KNOWN)) == ({known: 1} if known else {})
    assert known_on(recorded(LATER)) == {unknown: 1}


def test_a_row_added_after_the_moment_is_left_out_and_the_others_are_not():
    late = make.commitment(added_at=LATER)
    now = make.commitment(added_at=KNOWN, updates=[])
    green = make.commitment(updates=[GREEN])
    (plan,) = make.history(late, now, green).plans
    (found,) = ratings_on(plan, [date(2022, 3, 1)], KNOWN)
    assert {rating.value: number for rating, number in total(found).items() if number} == {
        "green": 1,
        "not_yet_rated": 1,
    }


MIDNIGHT = "2022-03-01 00:00"


@pytest.mark.parametrize(
    ("on_the_day", "the_day_after", "row"),
    [
        ({}, {"not_yet_rated": 1}, {"added_at": make.at(MIDNIGHT)}),
        ({"green": 1}, {"red": 1}, {"updates": [GREEN, make.update("red", MIDNIGHT)]}),
        ({"green": 1}, {}, {"updates": [GREEN], "withdrawals": [make.withdrawal(MIDNIGHT)]}),
        ({"green": 1}, {"paused": 1}, {"updates": [GREEN], "pauses": [make.pause(MIDNIGHT)]}),
        (
            {"green": 1},
            {"blue": 1},
            {"updates": [GREEN, BLUE], "confirmations": [make.confirmed(BLUE, MIDNIGHT)]},
        ),
        # With a correction of what is older, each day is replayed by itself.
        (
            {"amber": 1},
            {"red": 1},
            {
                "updates": [
                    GREEN,
                    make.update("amber", "2022-01-10", "2022-01-11", corrects=GREEN),
                    make.update("red", MIDNIGHT),
                ]
            },
        ),
        (
            {"amber": 1},
            {"blue": 1},
            {
                "updates": [
                    GREEN,
                    make.update("amber", "2022-01-10", "2022-01-11", corrects=GREEN),
                    BLUE,
                ],
                "confirmations": [make.confirmed(BLUE, MIDNIGHT)],
            },
        ),
    ],
)
def test_what_speaks_of_midnight_belongs_to_the_day_that_begins(on_the_day, the_day_after, row):
    days = [date(2022, 2, 28), date(2022, 3, 1)]
    assert counted(make.history(make.commitment(**row)), days) == [on_the_day, the_day_after]


# --- By action --------------------------------------------------------------------------------


def test_an_action_counts_its_own_commitments_on_each_day():
    rows = (
        make.commitment(
            action=7, updates=[make.update("green", "2022-09-01"), make.update("red", "2022-11-10")]
        ),
        make.commitment(action=7, updates=[make.update("green", "2022-09-01")]),
        make.commitment(action=8, updates=[make.update("amber", "2022-10-15")]),
    )
    days = [date(2022, 9, 30), date(2022, 10, 31), date(2022, 11, 30)]
    (plan,) = make.history(*rows).plans
    found = courses_by_action(plan, days)
    assert found[7] == [
        Counter({Rating.GREEN: 2}),
        Counter({Rating.GREEN: 2}),
        Counter({Rating.GREEN: 1, Rating.RED: 1}),
    ]
    assert found[8] == [
        Counter({Rating.NOT_YET_RATED: 1}),
        Counter({Rating.AMBER: 1}),
        Counter({Rating.AMBER: 1}),
    ]


@pytest.mark.parametrize(
    ("ratings", "found"),
    [
        ({Rating.RED: 2, Rating.AMBER: 5}, (Rating.RED, 2)),
        ({Rating.AMBER: 1, Rating.NOT_YET_RATED: 3}, (Rating.AMBER, 1)),
        ({Rating.NOT_YET_RATED: 1, Rating.GREEN: 9}, (Rating.NOT_YET_RATED, 1)),
        ({Rating.GREEN: 1, Rating.GREY: 4, Rating.BLUE: 4}, (Rating.GREEN, 1)),
        ({Rating.GREY: 4, Rating.BLUE: 1}, (Rating.GREY, 4)),
        ({Rating.PAUSED: 1, Rating.BLUE: 3}, (Rating.PAUSED, 1)),
        ({Rating.BLUE: 3}, (Rating.BLUE, 3)),
        ({}, None),
    ],
)
def test_the_lowest_rating_is_the_one_that_holds_back_most(ratings, found):
    assert lowest(Counter(ratings)) == found

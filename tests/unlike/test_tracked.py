"""Where each plan stands on three days of its year, counted by hand down the columns.

The columns are those of `tests/unlike/tracking.py`; what is expected was written from them, with
the plan's dates beside, and not from what the tracker said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace

import pytest

from actions.records.history import load_history
from actions.rules.periods import Met, owed_in
from actions.rules.state import CommitmentState, count, state_at
from actions.rules.status import Rating
from kpis.recording.history import load_kpis

pytestmark = pytest.mark.django_db


def states(tracked: SimpleNamespace, day: date) -> dict[str, CommitmentState]:
    history = load_history([tracked.plan], day)
    return {row.code: row for row in state_at(history, day)[tracked.plan.pk].commitments}


def those(rows: dict[str, CommitmentState], fact: str) -> list[str]:
    """The codes of which it is so."""
    return sorted(code for code, row in rows.items() if getattr(row, fact))


def ratings(rows: Iterable[CommitmentState]) -> dict[str, int]:
    return {rating.value: number for rating, number in count(rows).ratings.items() if number}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (
            date(2024, 12, 31),
            {"blue": 2, "green": 10, "amber": 3, "red": 2, "grey": 2, "not_yet_rated": 1},
        ),
        (date(2025, 5, 31), {"blue": 3, "green": 8, "amber": 7, "grey": 1, "not_yet_rated": 1}),
        (
            date(2025, 9, 30),
            {"blue": 5, "green": 11, "amber": 1, "red": 1, "grey": 1, "not_yet_rated": 1},
        ),
    ],
)
def test_colours_of_the_accelerated_plan(accelerated, day, expected):
    assert ratings(states(accelerated.of[0], day).values()) == expected


@pytest.mark.parametrize(
    ("day", "late", "without_update"),
    [
        # Nothing is late on the last day of the first month in which something is due. 1.6 owes
        # an update for December from 9 January on, five working days after the month.
        (date(2024, 12, 31), [], ["2.5"]),
        (date(2025, 1, 8), [], ["2.5"]),
        (date(2025, 1, 9), [], ["1.6", "2.5"]),
        # January’s 1.6 alone: what is due in May is not late on its last day, but on the next.
        (date(2025, 5, 31), ["1.6"], ["2.5"]),
        (date(2025, 6, 1), ["1.4", "1.6", "3.1"], ["2.5"]),
        # 1.4 and 3.1 of May, 1.6 of January, 2.3 of July, whose Blue nobody confirmed, 2.4 of
        # August, and 4.4, moved to August. Of 4.3 nothing has been heard since May.
        (date(2025, 9, 30), ["1.4", "1.6", "2.3", "2.4", "3.1", "4.4"], ["2.5", "4.3"]),
    ],
)
def test_what_is_late_in_the_accelerated_plan(accelerated, day, late, without_update):
    rows = states(accelerated.of[0], day)
    assert those(rows, "is_overdue") == late
    assert those(rows, "update_overdue") == without_update


def test_what_became_of_dates_and_blues_in_the_accelerated_plan(accelerated):
    rows = states(accelerated.of[0], date(2025, 9, 30))

    assert {row.on for row in rows.values()} == {date(2025, 9, 30)}
    moved = {code: row.completion for code, row in rows.items() if row.completion}
    assert {
        code: (str(dated.first), str(dated.now)) for code, dated in moved.items() if dated.is_moved
    } == {"1.3": ("March 2025", "July 2025"), "4.4": ("February 2025", "August 2025")}
    # Delivered and never Blue; half of the list was never said to be done.
    assert those(rows, "delivered_not_embedded") == ["1.2", "2.2", "3.2"]
    assert rows["2.2"].delivered_on == date(2025, 6, 10)
    assert those(rows, "missed_dates") == ["4.4"]
    # Confirmed in December and not said again by June; 4.1 was said again in April.
    assert those(rows, "is_lapsed") == ["1.1"]
    assert those(states(accelerated.of[0], date(2025, 6, 14)), "is_lapsed") == []
    assert those(states(accelerated.of[0], date(2025, 6, 15)), "is_lapsed") == ["1.1"]
    assert those(rows, "blue_waits_too_long") == ["2.3"]
    assert rows["2.3"].rating is Rating.GREEN
    assert count(rows.values()).blue_proposed == 1
    assert rows["2.5"].update_due_since == date(2024, 11, 8)
    assert rows["4.3"].update_due_since == date(2025, 7, 8)


@pytest.mark.parametrize(
    ("day", "expected", "late", "without_update"),
    [
        # Of 2-3 nothing was said in November: overdue from the day after 6 December.
        (date(2024, 12, 6), {"green": 3, "amber": 2, "grey": 1}, [], []),
        (date(2024, 12, 9), {"green": 3, "amber": 2, "grey": 1}, [], ["2-3"]),
        (date(2025, 5, 1), {"blue": 1, "green": 4, "amber": 1}, ["1-2"], []),
        # Delivered in April, and silent since: it has yet to be said to be complete.
        (date(2025, 7, 31), {"blue": 2, "green": 4}, ["1-2"], ["2-1"]),
    ],
)
def test_the_priority_action_plan(one_inspection, day, expected, late, without_update):
    rows = states(one_inspection.of[0], day)
    assert ratings(rows.values()) == expected
    assert those(rows, "is_overdue") == late
    assert those(rows, "update_overdue") == without_update


@pytest.mark.parametrize(
    ("day", "expected", "late"),
    [
        (
            date(2024, 12, 31),
            {"blue": 1, "green": 5, "amber": 1, "red": 1, "grey": 1, "not_yet_rated": 1},
            [],
        ),
        (
            date(2025, 5, 1),
            {"blue": 2, "green": 5, "amber": 1, "red": 1, "not_yet_rated": 1},
            ["1-2", "4-1"],
        ),
        (
            date(2025, 7, 31),
            {"blue": 2, "green": 5, "amber": 1, "red": 1, "not_yet_rated": 1},
            ["1-2", "4-1"],
        ),
    ],
)
def test_the_improvement_plan_of_the_same_inspection(one_inspection, day, expected, late):
    rows = states(one_inspection.of[1], day)
    assert ratings(rows.values()) == expected
    assert those(rows, "is_overdue") == late
    assert those(rows, "update_overdue") == ["5-1"]
    # The first six weeks close on Wednesday 11 September; their grace ends a week later.
    assert rows["5-1"].update_due_since == date(2024, 9, 19)


def went(tracked: SimpleNamespace, first_day: date, day: date) -> tuple[str, str, list[str]]:
    """Of the period that begins on a day: its name, what was done of how many, and the rest."""
    history = load_history([tracked.plan], day)
    (plan,) = history.plans
    period = plan.cycle.periods(history.holidays).begun_by(first_day)
    assert period.first_day == first_day
    due = owed_in(plan, period, day)
    done = sum(update.met is Met.DONE for update in due)
    rest = [f"{row.code} {row.met.value}" for row in due if row.met is not Met.DONE]
    return period.name, f"{done} of {len(due)}", rest


@pytest.mark.parametrize(
    ("first_day", "name", "done"),
    [
        # All ten are still to be rated on the first day; nobody ever says anything of 5-1.
        (date(2024, 8, 1), "1 August to 11 September 2024", "9 of 10"),
        # 3-2 is Grey until February, and asked for nothing.
        (date(2024, 9, 12), "12 September to 23 October 2024", "8 of 9"),
        (date(2024, 10, 24), "24 October to 4 December 2024", "8 of 9"),
        # 1-1 is not Blue before 14 December.
        (date(2024, 12, 5), "5 December 2024 to 15 January 2025", "8 of 9"),
        (date(2025, 1, 16), "16 January to 26 February 2025", "7 of 8"),
        # 3-2 has begun.
        (date(2025, 2, 27), "27 February to 9 April 2025", "8 of 9"),
        # What is said of April is said on its first day; 2-1 is not Blue before the 14th.
        (date(2025, 4, 10), "10 April to 21 May 2025", "8 of 9"),
        (date(2025, 5, 22), "22 May to 2 July 2025", "7 of 8"),
    ],
)
def test_what_the_improvement_plan_owed_every_six_weeks(one_inspection, first_day, name, done):
    expected = (name, done, ["5-1 overdue"])
    assert went(one_inspection.of[1], first_day, date(2025, 7, 31)) == expected


def test_what_the_improvement_plan_owes_in_the_six_weeks_that_run(one_inspection):
    # Until 13 August; 4-2 was delivered in June, and is not Blue.
    found = went(one_inspection.of[1], date(2025, 7, 3), date(2025, 7, 31))
    assert found == ("3 July to 13 August 2025", "6 of 8", ["4-2 owed", "5-1 owed"])
    due = those(states(one_inspection.of[1], date(2025, 7, 31)), "update_due_now")
    assert due == ["4-2", "5-1"]


def test_what_is_complete_is_complete_for_good(one_inspection):
    """Confirmed in January, and asked about a year and a half later."""
    rows = states(one_inspection.of[0], date(2026, 7, 31))
    assert rows["1-1"].rating is Rating.BLUE
    assert those(rows, "is_lapsed") == []
    assert not rows["1-1"].update_overdue


@pytest.mark.parametrize(
    ("day", "expected", "late", "without_update"),
    [
        (
            date(2024, 3, 31),
            {"green": 6, "amber": 2, "red": 1, "grey": 2, "paused": 1},
            [],
            [],
        ),
        # The school year is over since yesterday.
        (date(2024, 8, 31), {"green": 8, "amber": 2, "grey": 1, "paused": 1}, [], []),
        (date(2024, 9, 1), {"green": 8, "amber": 2, "grey": 1, "paused": 1}, ["r2-b"], []),
        # And now the year 2024 too, and the autumn term. r1-a was delivered in time.
        (
            date(2025, 1, 1),
            {"green": 8, "amber": 2, "grey": 1, "paused": 1},
            ["r2-b", "r3-a", "r4-b", "r5-b", "r6-a"],
            ["r4-b"],
        ),
    ],
)
def test_the_strategic_plan(strategic, day, expected, late, without_update):
    rows = states(strategic.of[0], day)
    assert ratings(rows.values()) == expected
    assert those(rows, "is_overdue") == late
    assert those(rows, "update_overdue") == without_update


@pytest.mark.parametrize(
    ("first_day", "day", "name", "done", "rest"),
    [
        # All twelve are still to be rated on New Year's Day, and all are by 10 January.
        (date(2024, 1, 1), date(2024, 12, 31), "Spring term 2024", "12 of 12", []),
        # r3-b is paused; r4-a and r5-a are Grey. Easter is on 31 March.
        (date(2024, 4, 2), date(2024, 12, 31), "Summer term 2024", "9 of 9", []),
        # r4-a has begun, and r2-a was delivered in April. Of r4-b nothing is heard after August,
        # which is no part of a term. Autumn closes on Friday 20 December; 23, 24, 27, 30 and 31
        # are its grace.
        (date(2024, 9, 1), date(2024, 12, 31), "Autumn term 2024", "8 of 9", ["r4-b owed"]),
        (date(2024, 9, 1), date(2025, 1, 1), "Autumn term 2024", "8 of 9", ["r4-b overdue"]),
    ],
)
def test_what_the_strategic_plan_owed_each_term(strategic, first_day, day, name, done, rest):
    assert went(strategic.of[0], first_day, day) == (name, done, rest)


@pytest.mark.parametrize(
    ("day", "due_now", "overdue"),
    [
        (date(2024, 1, 9), 12, []),
        # The summer term begins on Tuesday 2 April: all but three owe an update until the 10th.
        (date(2024, 4, 1), 0, []),
        (date(2024, 4, 9), 9, []),
        (date(2024, 4, 10), 0, []),
        # Between terms nothing is asked for; in September all but r2-a, r3-b and r5-a.
        (date(2024, 8, 31), 0, []),
        (date(2024, 9, 1), 9, []),
        # The last day of autumn's grace, and the day after, on which spring begins: r1-a was
        # delivered in December, and r4-b is late besides.
        (date(2024, 12, 31), 1, []),
        (date(2025, 1, 1), 9, ["r4-b"]),
    ],
)
def test_what_the_strategic_plan_owes_on_a_day(strategic, day, due_now, overdue):
    rows = states(strategic.of[0], day)
    assert len(those(rows, "update_due_now")) == due_now
    assert those(rows, "update_overdue") == overdue


def test_a_pause_begins_and_runs_out_and_a_plan_without_blue_ends_by_delivery(strategic):
    def on(day: date) -> dict[str, CommitmentState]:
        return states(strategic.of[0], day)

    assert on(date(2024, 3, 14))["r3-b"].rating is Rating.GREEN
    assert on(date(2024, 3, 15))["r3-b"].rating is Rating.PAUSED
    assert not on(date(2025, 2, 28))["r3-b"].pause_has_run_out
    assert on(date(2025, 3, 1))["r3-b"].pause_has_run_out
    rows = on(date(2024, 12, 31))
    # Delivered in April, and asked for nothing since.
    assert rows["r2-a"].delivered_on == date(2024, 4, 10)
    assert not rows["r2-a"].update_overdue
    assert those(rows, "delivered_not_embedded") == []


def positions(tracked: SimpleNamespace, day: date) -> dict[str, str]:
    kpis = load_kpis([tracked.plan], day, worded_day=None)
    return {state.code: state.position.value for state in kpis.states().values()}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # 47.5 where milestone 1 says 48, with a tolerance of a tenth of 75 less 52; 371 of at most
        # 380; 0.44 where the line to England’s 0.31 is at 0.36; 1.65 for 1.6, give or take 0.1.
        (date(2025, 1, 31), {"A1": "near", "B1": "on", "D1": "off", "D2": "at_target"}),
        # 59 of 58; 330 where the line from 380 to 240 is at 310.4, tolerance 31.2; 0.41; 1.72.
        (date(2025, 4, 30), {"A1": "on", "B1": "near", "D1": "off", "D2": "off"}),
        # 71 of 75; 188 where the line from 240 to 100 is at 193; 0.30; 1.62.
        (
            date(2025, 10, 31),
            {"A1": "target_missed", "B1": "on", "D1": "at_target", "D2": "at_target"},
        ),
    ],
)
def test_the_measures_of_the_accelerated_plan(accelerated, day, expected):
    """A line through a milestone that is worse than the baseline, and a target of others."""
    assert positions(accelerated.of[0], day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # 322 is more than 318, and 20 of 50 is less than 41 per cent.
        (date(2024, 10, 31), {"waits": "short", "tuition": "short"}),
        # 290 is fewer, and 27 of 60, 45 per cent, is more.
        (date(2025, 1, 31), {"waits": "at_target", "tuition": "at_target"}),
    ],
)
def test_measures_that_are_only_to_rise_or_fall(one_inspection, day, expected):
    assert positions(one_inspection.of[0], day) == expected


def test_measures_whose_baseline_is_awaited_or_in_words(one_inspection):
    # Nothing to be judged from: a figure is there, and no number that it began with.
    assert positions(one_inspection.of[1], date(2025, 5, 31)) == {
        "voices": "baseline_awaited",
        "letters": "no_target",
    }


def test_measures_with_a_target_in_a_year_are_judged_when_it_is_over(strategic):
    assert positions(strategic.of[0], date(2025, 1, 31)) == {"weeks": "not_due", "near": "not_due"}

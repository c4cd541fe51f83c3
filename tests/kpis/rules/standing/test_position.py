"""Where a KPI stands once a target's date comes; each expected value worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rules.standing.milestones import milestones
from kpis.rules.standing.position import Outcome, Position
from tests.actions.rules.pure_factories import at
from tests.kpis.rules.pure_factories import figure, kpi, number, state_of, target

# 80% by January 2026, from 60% in January 2024: 731 days, and a tolerance of 2 points.
BY_JANUARY = {
    "is_percentage": True,
    "baseline": 60,
    "baseline_on": "2024-01-31",
    "targets": (target(80, "2026-01"),),
}


@pytest.mark.parametrize(
    ("of", "value", "day", "position", "outcome"),
    [
        # The day itself is not past: 79 of 80 is within 2 points of the path.
        ("2026-01", 79, "2026-01-31", Position.NEAR, None),
        ("2026-01", 79, "2026-02-01", Position.MISSED, Outcome.MISSED),
        ("2026-01", 80, "2026-01-31", Position.AT_TARGET, None),
        ("2026-01", 80, "2026-02-01", Position.AT_TARGET, Outcome.MET),
        # December's figure tells nothing of January, good or bad.
        ("2025-12", 79, "2026-01-31", Position.NEAR, None),
        ("2025-12", 79, "2026-02-01", Position.PASSED, Outcome.NO_FIGURE),
        ("2025-12", 85, "2026-01-31", Position.AT_TARGET, None),
        ("2025-12", 85, "2026-02-01", Position.PASSED, Outcome.NO_FIGURE),
        # Eight months later the newest figure decides.
        ("2026-09", "75.8", "2026-10-05", Position.MISSED, Outcome.MISSED),
        ("2026-09", "80.1", "2026-10-05", Position.AT_TARGET, Outcome.MET),
    ],
)
def test_a_target_is_met_or_missed_from_the_day_after_its_date(of, value, day, position, outcome):
    state = state_of(kpi(figure(of, value), **BY_JANUARY), day)
    assert (state.position, state.outcome) == (position, outcome)


def test_what_was_met_and_lost_again_is_missed_and_what_was_missed_may_be_met_later():
    lost = kpi(figure("2026-01", 81), figure("2026-02", 78), **BY_JANUARY)
    assert state_of(lost, "2026-03-10").position is Position.MISSED
    late = kpi(figure("2026-01", 78), figure("2026-02", 81), **BY_JANUARY)
    assert state_of(late, "2026-03-10").position is Position.AT_TARGET
    # As at the day before February's figure was there.
    assert state_of(late, "2026-02-20").position is Position.MISSED


@pytest.mark.parametrize(
    ("fields", "position", "outcome"),
    [
        ({}, Position.PASSED, Outcome.NO_FIGURE),
        ({"awaits_baseline": True, "baseline": None}, Position.PASSED, Outcome.NO_FIGURE),
        ({"kind": "qualitative"}, Position.PASSED, Outcome.NO_FIGURE),
    ],
)
def test_a_target_of_a_year_ago_without_any_figure_has_passed(fields, position, outcome):
    state = state_of(kpi(**(BY_JANUARY | fields)), "2027-01-15")
    assert (state.position, state.outcome) == (position, outcome)


@pytest.mark.parametrize("status", ["projected", "missing"])
def test_a_figure_projected_or_said_to_be_missing_tells_nothing(status):
    value = None if status == "missing" else 90
    history = kpi(figure("2026-01", value, status=status), **BY_JANUARY)
    assert state_of(history, "2026-02-15").position is Position.PASSED


@pytest.mark.parametrize(
    ("by", "last_day"),
    [
        ("2026-01", "2026-01-31"),
        ("2026-01-15", "2026-01-15"),
    ],
)
def test_a_date_has_passed_when_its_last_day_has(by, last_day):
    history = kpi(figure("2025-11", 20), targets=(target(80, by),))
    day = date.fromisoformat(last_day)
    assert state_of(history, day.isoformat()).position is Position.NOT_DUE
    assert state_of(history, day.replace(day=day.day).isoformat()).outcome is None
    later = date.fromordinal(day.toordinal() + 1).isoformat()
    assert state_of(history, later).position is Position.PASSED


def test_a_figure_too_small_to_show_tells_nobody_what_became_of_the_target():
    history = kpi(
        figure("2025-12", 9),
        figure("2026-01", 3),
        counts_people=True,
        direction="lower",
        targets=(target(5, "2026-01", "at_most"),),
    )
    hidden = state_of(history, "2026-02-15")
    assert (hidden.position, hidden.outcome) == (Position.TOO_FEW, Outcome.TOO_FEW)
    seen = state_of(history, "2026-02-15", reads_small={1})
    assert (seen.position, seen.outcome) == (Position.AT_TARGET, Outcome.MET)
    # One of before the target's date is no news of it, hidden or not.
    early = kpi(
        figure("2025-12", 3), counts_people=True, targets=(target(5, "2026-01", "at_most"),)
    )
    assert state_of(early, "2026-02-15").position is Position.PASSED


def test_without_a_baseline_or_the_others_a_figure_cannot_be_judged():
    change = {"kind": "relative", "targets": (target(10, "2026-01", "decrease_by"),)}
    awaited = state_of(kpi(figure("2026-01", 90), **change), "2026-02-15")
    assert (awaited.position, awaited.outcome) == (
        Position.BASELINE_AWAITED,
        Outcome.NOTHING_BESIDE,
    )
    others = {"kind": "comparator", "targets": (target(None, "2026-01"),)}
    alone = state_of(kpi(figure("2026-01", 61), **others), "2026-02-15")
    assert (alone.position, alone.outcome) == (Position.NO_TARGET, Outcome.NOTHING_BESIDE)


@pytest.mark.parametrize(
    ("day", "value", "others", "position", "outcome"),
    [
        ("2026-01-31", 61, 62, Position.OFF, None),
        ("2026-01-31", 62, 62, Position.ON, None),
        ("2026-02-01", 61, 62, Position.MISSED, Outcome.MISSED),
        ("2026-02-01", 62, 62, Position.AT_TARGET, Outcome.MET),
    ],
)
def test_a_comparison_misses_its_date_as_any_other(day, value, others, position, outcome):
    history = kpi(
        figure("2026-01", value, compared_with=others),
        kind="comparator",
        targets=(target(None, "2026-01"),),
    )
    state = state_of(history, day)
    assert (state.position, state.outcome) == (position, outcome)


def test_what_is_judged_in_words_is_neither_met_nor_missed():
    history = kpi(
        figure("2026-01", judgement="improved"),
        kind="qualitative",
        targets=(target(None, "2026-01", "increase"),),
    )
    state = state_of(history, "2026-03-15")
    assert (state.position, state.outcome) == (Position.IN_WORDS, None)


def test_a_milestone_missed_on_the_way_leaves_it_on_its_path():
    # From 242 on 1 January 2022 to 125 by June 2023, then 13 by March 2024. On 31 July 2023 it
    # expects 125 - 112 * 31 / 275 = 112.37; 22.9 is a tenth of the whole way.
    wait = {
        "direction": "lower",
        "baseline": 242,
        "targets": (
            target(125, "2023-06", "at_most", kind="trajectory"),
            target(13, "2024-03", "at_most"),
        ),
    }
    history = kpi(figure("2023-06", 140), figure("2023-07", 130), **wait)
    state = state_of(history, "2023-08-10")
    assert (state.position, state.outcome) == (Position.NEAR, None)
    first, last = milestones(history, state)
    assert (first.level, first.figure.value, first.outcome) == (125, 140, Outcome.MISSED)
    assert (last.level, last.figure, last.outcome) == (13, None, None)
    # Better than the milestone is no more than on the path to what is to come.
    ahead = kpi(figure("2023-07", 100), **wait)
    assert state_of(ahead, "2023-08-10").position is Position.ON


def rows(history, day):
    return [
        (one.figure and one.figure.value, one.outcome)
        for one in milestones(history, state_of(history, day))
    ]


def test_each_milestone_has_the_figure_of_its_own_day():
    quarterly = kpi(
        figure("2022-01", 40, ends_on=date(2022, 3, 31)),
        figure("2022-10", 70, ends_on=date(2022, 12, 31)),
        frequency="quarterly",
        targets=(
            target(35, "2022-02"),  # in the first quarter
            target(50, "2022-06"),  # no figure until the fourth quarter, which is the next one's
            target(75, "2022-11"),  # in the fourth quarter
            target(90, "2023-06"),
        ),
    )
    assert rows(quarterly, "2023-02-01") == [
        (number(40), Outcome.MET),
        (None, Outcome.NO_FIGURE),
        (number(70), Outcome.MISSED),
        (None, None),
    ]
    # On the milestone's own day it is not due yet.
    assert rows(quarterly, "2022-02-28")[0] == (None, None)


def test_the_first_figure_after_a_milestone_tells_of_it_where_none_is_of_its_day():
    history = kpi(
        figure("2022-05", 70),
        figure("2022-06", 90),
        targets=(target(80, "2022-03"), target(95, "2022-12")),
    )
    assert rows(history, "2022-07-10") == [(number(70), Outcome.MISSED), (None, None)]


# --- Running totals ---------------------------------------------------------------------------

EXCLUDED = {"kind": "cumulative", "year": "school", "direction": "lower"}
CEILING = {**EXCLUDED, "targets": (target(60, "2023-08", "at_most"),)}


@pytest.mark.parametrize(
    ("rows", "day", "position", "outcome"),
    [
        # 31 October is day 61 of 365: 10.03 on the path, a tenth of which is near.
        ([("2022-10", 10)], "2022-11-10", Position.ON, None),
        ([("2022-10", 11)], "2022-11-10", Position.NEAR, None),
        ([("2022-10", 12)], "2022-11-10", Position.OFF, None),
        # Over the ceiling already, and still its year runs.
        ([("2023-07", 72)], "2023-08-10", Position.OFF, None),
        ([("2023-08", 72)], "2023-08-31", Position.OFF, None),
        ([("2023-08", 72)], "2023-09-01", Position.MISSED, Outcome.MISSED),
        ([("2023-08", 60)], "2023-09-01", Position.AT_TARGET, Outcome.MET),
        # July's total is not the year's.
        ([("2023-07", 55)], "2023-09-01", Position.PASSED, Outcome.NO_FIGURE),
        # A new year runs by its own path, and last year's end stands beside it.
        ([("2023-08", 72), ("2023-09", 4)], "2023-10-20", Position.ON, Outcome.MISSED),
        ([("2023-07", 55), ("2023-09", 4)], "2023-10-20", Position.ON, Outcome.NO_FIGURE),
        # Held to the same ceiling, the next year meets or misses it in its turn.
        ([("2023-08", 72), ("2024-08", 58)], "2024-09-20", Position.AT_TARGET, Outcome.MET),
    ],
)
def test_a_running_total_meets_or_misses_when_its_year_is_over(rows, day, position, outcome):
    state = state_of(kpi(*(figure(*row) for row in rows), **CEILING), day)
    assert (state.position, state.outcome) == (position, outcome)


def test_a_total_of_a_year_before_its_targets_is_held_to_none():
    history = kpi(figure("2022-08", 70), **CEILING)
    assert state_of(history, "2022-09-10").position is Position.NOT_DUE


def test_the_milestones_of_a_running_total_are_due_on_their_days_and_the_last_at_its_years_end():
    trained = {
        "kind": "cumulative",
        "year": "financial",
        "targets": (target(60, "2022-09"), target(120, "2023-02")),
    }
    history = kpi(figure("2022-09", 55), figure("2023-02", 119), figure("2023-03", 121), **trained)
    assert rows(history, "2023-03-15") == [(number(55), Outcome.MISSED), (None, None)]
    assert rows(history, "2023-04-01") == [
        (number(55), Outcome.MISSED),
        (number(121), Outcome.MET),
    ]


# --- Who has not yet said ---------------------------------------------------------------------


def test_a_figure_that_waits_for_its_second_person_does_not_take_the_place_of_the_newest():
    answered = {
        "is_confirmed": True,
        "looked_effective_at": at("2026-01-10"),
        "looked_recorded_at": at("2026-01-10"),
    }
    history = kpi(
        figure("2025-12", 74, said="2026-01-05", **answered),
        figure("2026-01", 92, said="2026-02-05"),
        needs_second_person=True,
        **BY_JANUARY,
    )
    state = state_of(history, "2026-02-15")
    assert (state.latest.value, state.position) == (74, Position.PASSED)
    assert [one.awaits_second_person for one in state.figures] == [False, True]


def test_until_a_second_person_has_answered_what_was_said_before_stands():
    first = figure("2026-01", 74, said="2026-02-03", status="provisional", id=700)
    final = figure("2026-01", 92, said="2026-02-10", corrects=700)
    history = kpi(first, final, needs_second_person=True, **BY_JANUARY)
    assert state_of(history, "2026-02-15").latest.value == Decimal(74)
    returned = kpi(
        first,
        figure(
            "2026-01",
            92,
            said="2026-02-10",
            corrects=700,
            is_confirmed=False,
            looked_effective_at=at("2026-02-11"),
            looked_recorded_at=at("2026-02-11"),
        ),
        needs_second_person=True,
        **BY_JANUARY,
    )
    assert state_of(returned, "2026-02-15").latest.value == Decimal(74)
    # Said to be missing since, nothing stands.
    missing = figure("2026-01", None, said="2026-02-10", status="missing", corrects=700)
    gone = kpi(first, missing, needs_second_person=True, **BY_JANUARY)
    assert state_of(gone, "2026-02-15").latest is None


# --- A closed plan ----------------------------------------------------------------------------


def test_in_a_closed_plan_no_target_passes_any_more():
    history = kpi(figure("2025-12", 70), closed_on=date(2026, 1, 31), **BY_JANUARY)
    assert state_of(history, "2027-01-01").position is not Position.PASSED
    assert state_of(history, "2027-01-01").outcome is None
    later = kpi(figure("2025-12", 70), closed_on=date(2026, 2, 1), **BY_JANUARY)
    assert state_of(later, "2027-01-01").position is Position.PASSED

"""How a measure stands as at a day; the arithmetic stands in the comments."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from actions.rules.dates import PlanDate
from actions.rules.state import state_at
from kpis.rules.disclosure import CutOffs
from kpis.rules.due import due_by_of, period_holding, periods_of
from kpis.rules.facts import Status
from kpis.rules.standing.position import Position
from kpis.rules.standing.targets import month_after, target_steps
from kpis.rules.state import Effect, effect_of, last_year_end
from kpis.rules.trajectory import Dated
from tests.actions.rules import pure_factories
from tests.actions.rules.pure_factories import at
from tests.kpis.rules.pure_factories import figure, kpi, rebase, state_of, target

# The longest wait of 1.1.1: 242 weeks at the start, 125 by June 2023, 13 or lower by March 2024.
WAIT = {
    "direction": "lower",
    "baseline": 242,
    "targets": (
        target(125, "2023-06", "at_most", kind="trajectory"),
        target(13, "2024-03", "at_most"),
    ),
}


def test_a_dated_trajectory_without_a_dated_baseline_starts_with_the_plan():
    # From 1 January 2022 to 30 June 2023 are 545 days and 117 weeks of waiting. 30 June 2022 is
    # day 180: 242 - 117 * 180 / 545 = 203.358. The tolerance is a tenth of 242 - 13: 22.9.
    at_200 = state_of(kpi(figure("2022-06", 200), **WAIT), "2022-07-15")
    assert round(at_200.expected, 3) == Decimal("203.358")
    assert at_200.assumes_start
    assert at_200.position is Position.ON
    assert round(at_200.gap, 3) == Decimal("3.358")
    assert state_of(kpi(figure("2022-06", 226), **WAIT), "2022-07-15").position is Position.NEAR
    assert state_of(kpi(figure("2022-06", 227), **WAIT), "2022-07-15").position is Position.OFF


def test_the_target_a_figure_is_on_its_way_to():
    state = state_of(kpi(figure("2023-07", 120), **WAIT), "2023-08-15")
    assert state.target.level == 13
    assert state.target_gap == -107
    assert state_of(kpi(figure("2023-06", 120), **WAIT), "2023-07-15").target.level == 125


def test_without_a_baseline_a_target_is_judged_from_its_date_on():
    dated = (target(80, "2023-03"),)
    early = state_of(kpi(figure("2022-05", 20), targets=dated), "2022-06-15")
    assert early.position is Position.NOT_DUE
    assert early.expected is None
    assert early.target_gap == -60
    reached = state_of(kpi(figure("2022-05", 80), targets=dated), "2022-06-15")
    assert reached.position is Position.AT_TARGET
    missed = state_of(kpi(figure("2023-03", 20), targets=dated), "2023-04-15")
    assert missed.position is Position.MISSED


def test_a_target_without_a_date_is_reached_or_not():
    undated = (target(100),)
    assert state_of(kpi(figure("2022-05", 99), targets=undated), "2022-06-15").position is (
        Position.SHORT
    )
    assert state_of(kpi(figure("2022-05", 100), targets=undated), "2022-06-15").position is (
        Position.AT_TARGET
    )


def test_ten_per_cent_fewer_is_a_share_of_the_baseline_once_there_is_one():
    fewer = {
        "kind": "relative",
        "direction": "lower",
        "targets": (target(10, "2022-12", "decrease_by"),),
    }
    awaited = state_of(kpi(figure("2022-12", 180), **fewer), "2023-01-31")
    assert awaited.position is Position.BASELINE_AWAITED
    assert awaited.target.level is None
    known = state_of(kpi(figure("2022-12", 180), baseline=200, **fewer), "2023-01-31")
    assert known.target.level == 180  # 200 less a tenth
    assert known.position is Position.AT_TARGET


def test_a_change_given_in_per_cent_is_its_own_level():
    fewer = {
        "kind": "relative",
        "is_percentage": True,
        "direction": "lower",
        "targets": (target(10, "2022-12", "decrease_by"),),
    }
    assert state_of(kpi(**fewer), "2022-12-31").position is Position.BASELINE_AWAITED
    # The day after, the target has passed, and nothing else matters any more.
    assert state_of(kpi(**fewer), "2023-01-01").position is Position.PASSED
    state = state_of(kpi(figure("2022-12", -8), **fewer), "2023-01-31")
    assert state.target.level == -10
    assert (state.gap, state.position) == (-2, Position.MISSED)
    assert state.is_no_better is False


def test_an_increase_of_another_measure_is_in_its_unit():
    state = state_of(kpi(baseline=85, targets=(target(10, operator="increase_by"),)), "2022-02-01")
    assert state.target.level == 95


@pytest.mark.parametrize(
    ("operator", "value", "of", "day", "position"),
    [
        ("increase", 51, "2022-06", "2022-07-31", Position.AT_TARGET),  # higher than 50 already
        ("increase", 50, "2022-06", "2022-07-31", Position.NOT_DUE),
        ("increase", 49, "2022-06", "2022-07-31", Position.NOT_DUE),
        ("increase", 50, "2022-11", "2022-12-31", Position.NOT_DUE),
        ("increase", 50, "2022-11", "2023-01-01", Position.PASSED),  # no figure of December
        ("increase", 50, "2022-12", "2022-12-31", Position.NOT_DUE),
        ("increase", 50, "2022-12", "2023-01-01", Position.MISSED),
        ("increase", 51, "2022-12", "2023-01-01", Position.AT_TARGET),
        ("decrease", 49, "2022-06", "2022-07-31", Position.AT_TARGET),
        ("decrease", 50, "2022-12", "2023-01-31", Position.MISSED),
        ("decrease", 51, "2022-12", "2023-01-31", Position.MISSED),
    ],
)
def test_a_direction_alone_is_met_by_what_has_moved_that_way(operator, value, of, day, position):
    history = kpi(figure(of, value), baseline=50, targets=(target(None, "2022-12", operator),))
    state = state_of(history, day)
    assert state.position is position
    assert (state.target.level, state.expected, state.target_gap) == (None, None, None)
    assert (state.points, state.reaches_on) == ((), None)


def test_a_direction_without_a_date_is_met_or_not_and_needs_a_baseline():
    wanted = (target(None, operator="increase"),)
    assert state_of(
        kpi(figure("2022-05", 50), baseline=50, targets=wanted), "2022-06-15"
    ).position is (Position.SHORT)
    assert state_of(kpi(figure("2022-05", 60), targets=wanted), "2022-06-15").position is (
        Position.NO_TARGET
    )
    awaited = kpi(figure("2022-05", 60), targets=wanted, awaits_baseline=True)
    assert state_of(awaited, "2022-06-15").position is Position.BASELINE_AWAITED
    # Of a comparison too, it is no matter of the others.
    other = kpi(
        figure("2022-05", 60, compared_with=70), kind="comparator", baseline=50, targets=wanted
    )
    assert state_of(other, "2022-06-15").position is Position.AT_TARGET


def test_the_direction_is_the_targets_own_where_neither_is_better():
    history = kpi(
        figure("2022-05", 40),
        direction="neither",
        baseline=50,
        targets=(target(None, operator="decrease"),),
    )
    assert state_of(history, "2022-06-15").position is Position.AT_TARGET


def test_a_running_total_has_moved_or_not_when_its_year_ends():
    fields = {"kind": "cumulative", "year": "financial", "baseline": 50}
    fields["targets"] = (target(None, operator="increase"),)
    assert state_of(kpi(figure("2022-09", 60), **fields), "2022-10-31").position is (
        Position.NOT_DUE
    )
    assert (
        state_of(kpi(figure("2023-03", 60), **fields), "2023-04-30").position is Position.AT_TARGET
    )


@pytest.mark.parametrize(
    ("value", "tolerance", "position", "gap"),
    [
        (95, None, Position.AT_TARGET, 0),
        (94, None, Position.NEAR, -1),
        ("85.5", None, Position.NEAR, "-9.5"),  # a tenth of 95
        ("104.5", None, Position.NEAR, "-9.5"),
        ("85.4", None, Position.OFF, "-9.6"),
        ("104.6", None, Position.OFF, "-9.6"),
        (97, 2, Position.AT_TARGET, -2),
        (93, 2, Position.AT_TARGET, -2),
        ("97.1", 2, Position.OFF, "-2.1"),
        ("92.9", 2, Position.OFF, "-2.1"),
        (95, 0, Position.AT_TARGET, 0),
        (96, 0, Position.OFF, -1),  # a tolerance of nothing is one
    ],
)
def test_a_value_to_stay_close_to_is_met_on_either_side(value, tolerance, position, gap):
    close = target(95, "2022-12", "stay_close", tolerance=tolerance)
    # Neither a baseline nor the date makes a path to it: it holds at any time.
    passed = position if position is Position.AT_TARGET else Position.MISSED
    for of, baseline, day, where in (
        ("2022-03", None, "2022-12-31", position),
        ("2022-03", 80, "2022-12-31", position),
        ("2023-03", 80, "2023-04-30", passed),
    ):
        state = state_of(kpi(figure(of, value), baseline=baseline, targets=(close,)), day)
        assert (state.position, state.target_gap) == (where, Decimal(str(gap)))
        assert (state.expected, state.points, state.gap) == (None, (), None)


def test_a_running_total_is_close_to_its_target_when_its_year_ends():
    fields = {
        "kind": "cumulative",
        "year": "financial",
        "targets": (target(95, operator="stay_close"),),
    }
    assert state_of(kpi(figure("2022-09", 40), **fields), "2022-10-31").position is (
        Position.NOT_DUE
    )
    assert state_of(kpi(figure("2023-03", 90), **fields), "2023-04-30").position is Position.MISSED
    assert state_of(kpi(figure("2023-03", 95), **fields), "2023-04-30").position is (
        Position.AT_TARGET
    )


def test_a_target_says_how_the_plan_prints_it_and_whose_it_is():
    wanted = target(
        70, label="milestone 3", borrowed_from="England 2023/24", months_after_agreement=6
    )
    (found,) = state_of(kpi(targets=(wanted,)), "2022-06-15").targets
    assert (found.label, found.borrowed_from) == ("milestone 3", "England 2023/24")
    assert found.months_after_agreement == 6
    (close,) = state_of(
        kpi(targets=(target(70, operator="stay_close", tolerance=2),)), "2022-06-15"
    ).targets
    assert close.tolerance == 2


@pytest.mark.parametrize(
    ("agreed_on", "months", "due"),
    [
        (date(2022, 3, 31), 6, "2022-09"),
        (date(2022, 9, 1), 6, "2023-03"),
        (date(2022, 3, 31), 12, "2023-03"),
        (None, 6, None),
        (date(2022, 3, 31), None, None),
    ],
)
def test_a_date_from_the_agreement_is_a_month_once_the_plan_is_agreed(agreed_on, months, due):
    found = month_after(agreed_on, months)
    assert (found and found.iso) == due


def test_figures_of_twelve_months_have_a_line_and_no_control_chart():
    months = [f"2022-{number:02}" for number in range(1, 13)]
    history = kpi(
        *(figure(month, 50) for month in months),
        kind="rolling",
        counts_people=True,
        baseline=40,
        targets=(target(60, "2022-12"),),
    )
    state = state_of(history, "2023-01-31")
    assert (state.chart, state.chart_withheld) == (None, "rolling")
    assert (state.position, state.gap) == (Position.MISSED, -10)
    assert state.in_people


def test_a_cumulative_measure_has_a_line_for_each_year():
    trained = {
        "kind": "cumulative",
        "year": "financial",
        "targets": (target(120, "2023-03"),),
    }
    # 30 September 2022 is half of the financial year: 183 of 365 days, 120 * 183 / 365 = 60.16.
    state = state_of(kpi(figure("2022-09", 60), **trained), "2022-10-31")
    assert round(state.expected, 2) == Decimal("60.16")
    assert state.position is Position.NEAR
    # The next year has no target of its own: the last one holds, and the line starts at nothing.
    # 31 May 2023 is day 61 of 366: 120 * 61 / 366 = 20.
    begun = state_of(kpi(figure("2023-05", 20), **trained), "2023-06-30")
    assert (round(begun.expected, 6), begun.position) == (20, Position.ON)
    assert begun.is_no_better is None
    assert (begun.chart, begun.chart_withheld) == (None, "cumulative")


def test_a_running_total_meets_or_misses_its_target_when_its_year_ends():
    # At most 60 in a school year, and 15 by the end of October: 61 of 365 days, 60 * 61 / 365 is
    # 10.03 on its line. A ceiling of the year is never reached in its second month.
    excluded = {
        "kind": "cumulative",
        "year": "school",
        "direction": "lower",
        "targets": (target(60, "2022-08", "at_most"), target(60, "2023-08", "at_most")),
    }
    begun = state_of(kpi(figure("2022-10", 15), **excluded), "2022-11-30")
    assert (round(begun.gap, 2), begun.target_gap) == (Decimal("-4.97"), None)
    ended = state_of(kpi(figure("2022-08", 72), **excluded), "2022-09-30")
    assert (ended.target_gap, ended.position) == (-12, Position.MISSED)
    kept = state_of(kpi(figure("2022-08", 55), **excluded), "2022-09-30")
    assert (kept.target_gap, kept.position) == (5, Position.AT_TARGET)


def test_how_the_last_year_of_a_running_total_ended_is_told_in_the_next():
    excluded = {
        "kind": "cumulative",
        "year": "school",
        "direction": "lower",
        "targets": (target(60, "2022-08", "at_most"), target(50, "2023-08", "at_most")),
    }

    def ended(*figures):
        history = kpi(*figures, **excluded)
        found = last_year_end(history, state_of(history, "2022-11-30"))
        return found and (found.figure.value, found.level, found.gap)

    assert ended(figure("2022-08", 72), figure("2022-10", 15)) == (72, 60, -12)
    assert ended(figure("2022-08", 55), figure("2022-10", 15)) == (55, 60, 5)
    # July is not the year's end, and while the year is the newest it has not been followed.
    assert ended(figure("2022-07", 72), figure("2022-10", 15)) is None
    assert ended(figure("2022-08", 72)) is None


def test_a_running_total_without_a_line_says_nothing_of_its_target_while_it_runs():
    # No year and no date: nothing says when it ends.
    endless = {
        "kind": "cumulative",
        "direction": "lower",
        "targets": (target(60, operator="at_most"),),
    }
    state = state_of(kpi(figure("2022-10", 15), **endless), "2022-11-30")
    assert (state.target_gap, state.position) == (None, Position.NOT_DUE)


def test_a_comparison_stands_on_the_value_of_the_others():
    others = {"kind": "comparator", "targets": (target(None),)}
    better = state_of(kpi(figure("2022-07", 61, compared_with=60), **others), "2022-08-31")
    worse = state_of(kpi(figure("2022-07", 59, compared_with=60), **others), "2022-08-31")
    unknown = state_of(kpi(figure("2022-07", 59), **others), "2022-08-31")
    assert [better.position, worse.position, unknown.position] == [
        Position.ON,
        Position.OFF,
        Position.NO_TARGET,
    ]


def test_a_judgement_is_in_words_and_says_whether_it_is_better():
    in_text = {"kind": "qualitative", "frequency": "quarterly"}
    better = state_of(kpi(figure("2022-03", judgement="improved"), **in_text), "2022-05-01")
    same = state_of(kpi(figure("2022-03", judgement="no_change"), **in_text), "2022-05-01")
    unknown = state_of(kpi(figure("2022-03", judgement="not_known"), **in_text), "2022-05-01")
    assert better.position is Position.IN_WORDS
    assert [better.is_no_better, same.is_no_better, unknown.is_no_better] == [False, True, None]


def test_a_baseline_alone_is_no_target():
    state = state_of(kpi(figure("2022-05", 80), baseline=85, direction="lower"), "2022-06-15")
    assert state.position is Position.NO_TARGET
    assert state.is_no_better is False


def test_of_a_measure_without_a_good_direction_the_target_says_what_is_short():
    state = state_of(
        kpi(figure("2022-05", 7), direction="neither", targets=(target(5, operator="at_most"),)),
        "2022-06-15",
    )
    assert (state.position, state.target_gap) == (Position.SHORT, -2)


# --- Figures ----------------------------------------------------------------------------------


def test_a_projected_figure_is_shown_and_counts_for_nothing():
    state = state_of(
        kpi(
            figure("2022-05", 60),
            figure("2022-06", 100, said="2022-06-01", status="projected"),
            targets=(target(100),),
        ),
        "2022-06-15",
    )
    assert [one.status for one in state.figures] == [Status.FINAL, Status.PROJECTED]
    assert state.latest.value == 60
    assert state.position is Position.SHORT


def test_missing_stays_missing():
    state = state_of(
        kpi(figure("2022-05", 60), figure("2022-06", status="missing"), due_from=None),
        "2022-07-15",
    )
    assert state.figures[-1].value is None
    assert state.latest.value == 60


def test_a_restatement_stands_and_what_was_said_stays_with_it():
    first = figure("2022-05", 60, id=901)
    again = figure("2022-05", 55, said="2022-05-31", recorded="2022-07-01", corrects=901)
    state = state_of(kpi(first, again), "2022-07-31")
    assert state.latest.value == 55
    assert state.latest.is_restated
    assert [earlier.value for earlier in state.latest.before] == [60]
    # As known in June nobody had put it right.
    assert state_of(kpi(first, again), "2022-07-31", known_at=at("2022-06-15")).latest.value == 60


def test_a_provisional_figure_made_final_is_no_restatement():
    first = figure("2022-05", 60, status="provisional", id=902)
    final = figure("2022-05", 61, said="2022-06-20", corrects=902)
    assert not state_of(kpi(first, final), "2022-07-31").latest.is_restated
    # As at a day before the final one, the provisional one stood.
    before = state_of(kpi(first, final), "2022-06-10").latest
    assert (before.value, before.status) == (60, Status.PROVISIONAL)


def test_a_final_figure_waits_for_its_second_person():
    def looked(**look):
        history = kpi(figure("2022-05", 60, **look), needs_second_person=True)
        (said,) = state_of(history, "2022-06-15").figures
        return said

    waiting = looked()
    assert (waiting.status, waiting.awaits_second_person) == (Status.PROVISIONAL, True)
    moment = at("2022-06-10")
    clocks = {"looked_effective_at": moment, "looked_recorded_at": moment}
    assert looked(is_confirmed=True, **clocks).status is Status.FINAL
    returned = looked(is_confirmed=False, **clocks)
    assert (returned.status, returned.is_returned) == (Status.PROVISIONAL, True)
    later = at("2022-06-20")
    assert looked(
        is_confirmed=True, looked_effective_at=later, looked_recorded_at=later
    ).awaits_second_person


def test_a_target_replaced_or_withdrawn_is_not_in_force():
    first, gone = target(70, "2022-12", id=501), target(10, id=503)
    state = kpi(
        targets=(
            first,
            target(65, "2022-12", said="2022-06-01", id=502, replaces=501),
            gone,
            target(10, said="2022-06-01", id=504, replaces=503, is_withdrawn=True),
        )
    )
    assert [one.level for one in state_of(state, "2022-07-01").targets] == [65]
    assert [one.level for one in state_of(state, "2022-05-31").targets] == [70, 10]


STEADY = [100, 101] * 6


def months_of(values):
    """Of the months from January 2021 on."""
    return [
        figure(f"{2021 + number // 12}-{number % 12 + 1:02}", value)
        for number, value in enumerate(values)
    ]


def forecast(values, wanted, **fields):
    """When less is better and a level is wanted, from the figures to July 2022."""
    history = kpi(
        *months_of(values),
        direction="lower",
        targets=(target(wanted, operator="at_most"),),
        **fields,
    )
    return state_of(history, "2022-08-15").reaches_on


def test_the_present_rate_is_that_of_the_last_twelve_months():
    # Seven falls running are no chance. From 31 July 2021 to 31 July 2022 it fell from 100 to 86,
    # 14 in 365 days: the 26 to 60 take 677.9 days more, to 8 June 2024.
    falling = [*STEADY, 98, 96, 94, 92, 90, 88, 86]
    assert forecast(falling, 60) == date(2024, 6, 8)


def test_no_forecast_is_made_of_what_may_be_chance():
    # 101 a year ago and 100 now: a line through the two reaches 98 two years on, and means nothing.
    assert forecast([*[101, 100] * 9, 100], 98) is None
    # Seven rises running are no chance either, and lead away.
    assert forecast([*STEADY, 102, 104, 106, 108, 110, 112, 114], 60) is None


def test_a_forecast_counts_from_where_the_limits_were_last_set():
    falling = [*STEADY, 98, 96, 94, 92, 90, 88, 86]
    rebased = {"rebases": (rebase("2022-01"),)}
    # Seven figures since January say nothing yet, where thirteen are wanted.
    assert forecast(falling, 60, **rebased) is None
    # Where seven are enough: from 31 January to 31 July 12 in 181 days, so 26 take 392.2 more.
    assert forecast(falling, 60, **rebased, enough_values=7) == date(2023, 8, 28)


# --- Small numbers ----------------------------------------------------------------------------

COUNTS = {"counts_people": True, "cut_offs": CutOffs(5, 10, 10)}


def test_a_count_of_people_under_five_is_absent_but_for_those_who_may_read_it():
    history = kpi(figure("2022-04", 12), figure("2022-05", 3), targets=(target(20),), **COUNTS)
    shown = state_of(history, "2022-06-15")
    assert shown.position is Position.TOO_FEW
    assert shown.figures[-1].is_too_few
    assert "Decimal('3')" not in repr(shown)
    assert shown.latest.value == 12
    assert (shown.chart, shown.chart_withheld) == (None, "too_few")
    full = state_of(history, "2022-06-15", reads_small={1})
    assert full.latest.value == 3
    assert full.position is Position.SHORT


@pytest.mark.parametrize(
    ("numerator", "denominator", "hidden"),
    [
        (4, 100, True),
        (5, 100, False),
        (0, 100, False),
        (96, 100, False),  # 4 are left, which says nothing about them
        (100, 100, False),
        (5, 9, True),
        (0, 9, True),
        (5, 10, False),
    ],
)
def test_a_rate_of_children_is_absent_where_a_part_of_it_is_small(numerator, denominator, hidden):
    one = figure("2022-05", 50, numerator=numerator, denominator=denominator)
    rate = kpi(one, kind="rate", **COUNTS)
    assert state_of(rate, "2022-06-15").figures[0].is_too_few is hidden
    of_schools = kpi(one, kind="rate")
    assert not state_of(of_schools, "2022-06-15").figures[0].is_too_few


def test_a_survey_under_ten_answers_is_too_few_to_report():
    survey = {"kind": "survey", "is_percentage": True, **COUNTS}
    assert (
        state_of(kpi(figure("2022-05", 50, respondents=9), **survey), "2022-06-15")
        .figures[0]
        .is_too_few
    )
    assert state_of(kpi(figure("2022-05", 50, respondents=10), **survey), "2022-06-15").latest


def test_what_was_said_before_of_a_hidden_figure_is_hidden_too():
    first = figure("2022-05", 3, id=903)
    again = figure("2022-05", 8, recorded="2022-07-01", corrects=903)
    state = state_of(kpi(first, again, **COUNTS), "2022-07-31")
    assert state.latest.value == 8
    assert [earlier.is_too_few for earlier in state.latest.before] == [True]
    assert "Decimal('3')" not in repr(state)


def test_a_running_total_hides_what_would_give_a_small_step_away():
    total = {"kind": "cumulative", "year": "financial", **COUNTS}
    # 10, then 3 more, then 6 more: 13 would give the 3 away; 19 is 9 more than the 10 shown.
    state = state_of(
        kpi(
            figure("2022-04", 10),
            figure("2022-05", 13),
            figure("2022-06", 19),
            figure("2023-04", 3),
            figure("2023-05", 9),
            **total,
        ),
        "2023-06-15",
    )
    assert [one.is_too_few for one in state.figures] == [False, True, False, True, False]


def befores(history, day="2022-07-31", **options):
    """Of each period what may be shown of the accounts before, None where nothing may."""
    return [
        [earlier.value for earlier in one.before]
        for one in state_of(history, day, **options).figures
    ]


def test_a_closed_total_is_never_printed_as_what_was_said_before():
    # 9,023 is 3 more than April's. Its nearest ten stands where it is the newest, and not after.
    total = kpi(
        figure("2022-04", 9020),
        figure("2022-05", 9023, id=903, status="provisional"),
        figure("2022-05", 9029, recorded="2022-07-01", corrects=903),
        kind="cumulative",
        year="financial",
        **COUNTS,
    )
    first = state_of(total, "2022-06-15", known_at=at("2022-06-16")).figures[-1]
    assert (first.value, first.is_too_few, first.shown) == (None, True, 9020)
    # In a year with a closed total, what is put right is judged by what it adds to April's 9,020.
    may = state_of(total, "2022-07-31").figures[-1]
    assert (may.value, may.is_too_few) == (9029, False)
    assert [(one.value, one.shown, one.is_too_few) for one in may.before] == [(None, None, True)]
    assert befores(total, reads_small={1}) == [[], [9023]]


def test_what_was_shown_before_a_late_figure_came_is_shown_after_it():
    # April 7,020 and June 7,026; May's 7,025 comes late, and is one fewer than June's.
    total = kpi(
        figure("2022-04", 7020),
        figure("2022-06", 7026),
        figure("2022-05", 7025, recorded="2022-07-20"),
        kind="cumulative",
        year="financial",
        **COUNTS,
    )
    before = state_of(total, "2022-07-10", known_at=at("2022-07-10")).figures
    assert [one.value for one in before] == [7020, 7026]
    assert [one.value for one in state_of(total, "2022-07-31").figures] == [7020, None, 7026]


def test_two_values_of_one_period_are_not_subtracted():
    history = kpi(
        figure("2022-05", 23, id=903),
        figure("2022-05", 26, recorded="2022-07-01", corrects=903),
        **COUNTS,
    )
    assert befores(history) == [[23]]


def test_who_may_see_small_numbers_sees_them_marked():
    history = kpi(figure("2022-04", 12), figure("2022-05", 3), **COUNTS)
    full = state_of(history, "2022-06-15", reads_small={1})
    assert [(one.value, one.is_marked) for one in full.figures] == [(12, False), (3, True)]
    shown = state_of(history, "2022-06-15")
    assert [one.is_marked for one in shown.figures] == [False, False]


def test_where_a_closed_figure_stands_is_said_where_all_that_it_could_be_stand_there():
    # 1, 2, 3 and 4 are all at most 4; they are not all at most 3.
    few = {"direction": "lower", **COUNTS}
    closed = figure("2022-05", 2)
    at_most_4 = state_of(kpi(closed, targets=(target(4, operator="at_most"),), **few), "2022-06-15")
    assert (at_most_4.position, at_most_4.stands_anyway) == (Position.TOO_FEW, Position.AT_TARGET)
    at_most_3 = state_of(kpi(closed, targets=(target(3, operator="at_most"),), **few), "2022-06-15")
    assert at_most_3.stands_anyway is None
    assert state_of(kpi(closed, **few), "2022-06-15").stands_anyway is None


def test_where_a_closed_rate_stands_is_said_by_the_numbers_its_numerator_could_be():
    # 1 to 4 of 200 are 0.5 to 2 per cent.
    def stands(at_most):
        rate = kpi(
            figure("2022-05", 1.5, numerator=3, denominator=200),
            kind="rate",
            is_percentage=True,
            direction="lower",
            targets=(target(at_most, operator="at_most"),),
            **COUNTS,
        )
        return state_of(rate, "2022-06-15").stands_anyway

    assert [stands(at_most) for at_most in (2, 1.5, 0.4)] == [
        Position.AT_TARGET,
        None,
        Position.SHORT,
    ]


def test_open_figures_are_rounded_for_who_may_not_see_small_numbers():
    count = figure("2022-05", 23, is_open=True, rounding=5)
    rate = figure("2022-05", 41.94, numerator=13, denominator=31, is_open=True, rounding=5)
    survey = figure("2022-05", 41.94, respondents=31, is_open=True, rounding=10)
    shown = [state_of(kpi(one), "2022-06-15").latest for one in (count, rate, survey)]
    assert [(one.value, one.numerator, one.denominator, one.respondents) for one in shown] == [
        (25, None, None, None),
        (42, 15, 30, None),
        (42, None, None, 30),
    ]
    full = state_of(kpi(count), "2022-06-15", reads_small={1}).latest
    assert full.value == 23


def test_the_people_behind_a_judgement_are_masked_and_the_judgement_is_not():
    state = state_of(
        kpi(figure("2022-03", judgement="improved", respondents=3), kind="qualitative", **COUNTS),
        "2022-05-01",
    )
    assert (state.latest.judgement, state.latest.respondents) == ("improved", None)


# --- Data due ---------------------------------------------------------------------------------


def due(history, day):
    return [
        (period.ends_on.isoformat(), period.is_overdue) for period in state_of(history, day).due
    ]


def test_a_months_figure_is_due_by_the_fifteenth_working_day_after_it():
    history = kpi(figure("2022-01", 5), due_from=PlanDate.parse("2022-01"))
    # Fifteen working days after Monday 28 February 2022 is Monday 21 March.
    assert due(history, "2022-02-27") == []
    assert due(history, "2022-03-21") == [("2022-02-28", False)]
    assert due(history, "2022-03-22") == [("2022-02-28", True)]
    assert due(history, "2022-04-01") == [("2022-02-28", True), ("2022-03-31", False)]


@pytest.mark.parametrize(
    ("days", "last"),
    [
        # Tuesday 1 March is the first of them.
        (1, "2022-03-01"),
        (10, "2022-03-14"),
        (15, "2022-03-21"),
        # Of the NHS: two weeks of March and ten days of April come to it.
        (30, "2022-04-11"),
    ],
)
def test_a_kpi_says_after_how_many_working_days_its_figures_are_due(days, last):
    history = kpi(due_from=PlanDate.parse("2022-02"), due_after_days=days)
    (first, *_) = state_of(history, "2022-05-31").due
    assert (first.ends_on.isoformat(), first.due_by.isoformat()) == ("2022-02-28", last)
    assert not any(is_late for _, is_late in due(history, last))
    # A bank holiday on the way moves it by a day.
    holiday = date.fromisoformat("2022-03-01")
    assert due_by_of(history, date(2022, 2, 28), {holiday}) > first.due_by


@pytest.mark.parametrize(
    ("year", "ended"),
    [
        # From the year that holds September 2021, ended by the end of 2022.
        ("", ["2022-03-31"]),
        ("financial", ["2022-03-31"]),
        ("school", ["2022-08-31"]),
        ("calendar", ["2021-12-31", "2022-12-31"]),
    ],
)
def test_a_yearly_figure_is_due_for_the_year_that_the_measure_names(year, ended):
    history = kpi(frequency="yearly", year=year, due_from=PlanDate.parse("2021-09"))
    assert [ends_on for ends_on, _ in due(history, "2022-12-31")] == ended


def test_a_yearly_measure_that_does_not_add_up_is_judged_against_its_trajectory():
    """From 40 in the school year 2021/22 to 60 by the end of 2023/24: 50 halfway."""
    history = kpi(
        figure("2022-09", 48, ends_on=date(2023, 8, 31)),
        frequency="yearly",
        year="school",
        baseline=40,
        baseline_on="2021-09-01 to 2022-08-31",
        targets=(target(60, "2024-08"),),
    )
    state = state_of(history, "2023-10-01")
    assert state.points == (
        Dated(date(2022, 8, 31), Decimal(40)),
        Dated(date(2024, 8, 31), Decimal(60)),
    )
    # 365 of 731 days.
    assert (state.expected, state.position) == (40 + Decimal(20) * 365 / 731, Position.NEAR)


def test_a_projected_figure_leaves_its_period_due_and_a_missing_one_does_not():
    history = kpi(
        figure("2022-01", 5, said="2022-01-05", status="projected"),
        figure("2022-02", status="missing"),
        due_from=PlanDate.parse("2022-01"),
    )
    assert due(history, "2022-03-01") == [("2022-01-31", True)]


def test_nothing_is_due_without_a_rhythm_or_after_the_plan_was_closed():
    since = PlanDate.parse("2022-01")
    assert due(kpi(frequency="", due_from=since), "2022-05-01") == []
    assert due(kpi(due_from=None), "2022-05-01") == []
    closed = kpi(due_from=since, closed_on=date(2022, 2, 10))
    assert due(closed, "2022-02-09") == [("2022-01-31", False)]
    assert due(closed, "2022-02-10") == due(closed, "2022-02-20") == due(closed, "2023-02-10") == []


def test_the_measures_of_a_closed_plan_stand_as_on_its_closing_day():
    # Without a figure a running total is on the way of the year of the day that is looked at.
    total = kpi(
        kind="cumulative",
        year="financial",
        targets=(target(120, "2022-03"),),
        closed_on=date(2022, 3, 17),
    )
    on_closing = state_of(total, "2022-03-17")
    assert on_closing.on == date(2022, 3, 17)
    assert state_of(total, "2022-03-20") == state_of(total, "2023-03-17") == on_closing


def test_quarters_are_those_of_the_financial_year_and_school_years_begin_in_september():
    assert period_holding(date(2022, 2, 14), 3) == (date(2022, 1, 1), date(2022, 3, 31))
    assert period_holding(date(2022, 2, 14), 12) == (date(2021, 4, 1), date(2022, 3, 31))
    assert period_holding(date(2022, 2, 14), 12, 9) == (date(2021, 9, 1), date(2022, 8, 31))
    assert period_holding(date(2024, 2, 29), 6) == (date(2023, 10, 1), date(2024, 3, 31))
    assert period_holding(date(2024, 2, 29), 1) == (date(2024, 2, 1), date(2024, 2, 29))


# --- Control charts ---------------------------------------------------------------------------


def months(*values, first="2021-01"):
    start = PlanDate.parse(first)
    return [figure(start.plus_months(i).iso, value) for i, value in enumerate(values)]


def test_icons_need_thirteen_values_unless_the_kpi_says_otherwise():
    twelve = kpi(*months(*range(50, 62)))
    assert state_of(twelve, "2022-06-01").chart_withheld == "short"
    thirteen = state_of(kpi(*months(*range(50, 63))), "2022-06-01")
    assert thirteen.chart_withheld == ""
    assert thirteen.chart.variation == "improvement_high"
    assert state_of(kpi(*months(50, 51, 52, 53), enough_values=4), "2022-06-01").chart_withheld == (
        ""
    )


def test_a_rebase_begins_a_phase_that_needs_values_of_its_own():
    history = kpi(*months(*[50, 52] * 7), rebases=(rebase("2022-01"),))
    state = state_of(history, "2022-06-01")
    assert [point.phase for point in state.chart.points][-3:] == [0, 1, 1]
    assert state.chart_withheld == "short"


def test_a_quarterly_measure_has_no_chart_unless_it_says_so():
    quarterly = kpi(figure("2022-03", 1), figure("2022-06", 2), frequency="quarterly")
    assert state_of(quarterly, "2022-08-01").chart_withheld == "not_monthly"


def test_targets_become_steps_each_from_the_day_after_the_one_before():
    state = state_of(kpi(**WAIT), "2022-06-01")
    assert target_steps(state.targets) == [(None, 125), (date(2023, 7, 1), 13)]
    assert state.target_course == ((date(2022, 1, 1), 125), (date(2023, 7, 1), 13))


def test_a_target_is_drawn_from_the_day_it_was_set_and_the_agreed_one_from_the_plans_start():
    agreed = target(125, "2023-06", said="2022-02-10", id=11)
    eased = target(140, "2023-06", said="2022-09-05", id=12, replaces=11)
    added = target(90, "2023-12", said="2022-11-01", id=13)
    gone = target(140, "2023-06", said="2023-02-01", replaces=12, is_withdrawn=True)
    history = kpi(targets=(agreed, eased, added, gone), agreed_on=date(2022, 2, 10))

    assert state_of(history, "2022-06-30").target_course == ((date(2022, 1, 1), 125),)
    assert state_of(history, "2023-06-01").target_course == (
        (date(2022, 1, 1), 125),
        (date(2022, 9, 5), 140),
        (date(2022, 11, 1), 140),
        # Without the target that stood before it, the last is asked for at once.
        (date(2023, 2, 1), 90),
    )


def test_no_target_is_drawn_before_there_was_one_nor_after_it_was_withdrawn():
    first = target(60, "2023-06", said="2022-05-03", id=21)
    gone = target(60, "2023-06", said="2022-09-01", replaces=21, is_withdrawn=True)
    history = kpi(targets=(first, gone), agreed_on=date(2022, 1, 20))

    assert state_of(history, "2022-12-01").target_course == (
        (date(2022, 5, 3), 60),
        (date(2022, 9, 1), None),
    )


# --- Done, and no better ----------------------------------------------------------------------


def commitment_on(day, delivered):
    """A commitment as at a day, delivered on another, or not at all."""
    completion = pure_factories.key_date("completion", "2022-06")
    marks = [pure_factories.mark(completion, "delivered", delivered)] if delivered else []
    history = pure_factories.history(pure_factories.commitment(key_dates=[completion], marks=marks))
    return state_at(history, date.fromisoformat(day))[1].commitments[0]


def test_done_for_three_months_and_no_better_than_its_baseline():
    better = kpi(figure("2022-08", 60), baseline=50)
    same = kpi(figure("2022-08", 50), baseline=50)
    silent = kpi(figure("2022-05", 60), baseline=50)

    def effect(history, day, delivered="2022-06-10"):
        return effect_of(state_of(history, day), commitment_on(day, delivered))

    assert effect(same, "2022-09-09") is None  # a day short of three months
    assert effect(same, "2022-09-10") is Effect.NO_BETTER
    assert effect(better, "2022-09-10") is None
    assert effect(silent, "2022-09-10") is Effect.NO_DATA_SINCE
    assert effect(same, "2022-09-10", delivered="") is None


# --- At the edges -----------------------------------------------------------------------------


def test_a_state_says_which_measure_it_is_and_what_it_is_about():
    history = kpi(id=7, plan=3, code="K7", areas=(1, 2), commitments=(11, 12))
    state = state_of(history, "2022-06-15")
    assert (state.id, state.plan, state.code, state.on) == (7, 3, "K7", date(2022, 6, 15))
    assert (state.areas, state.commitments) == ((1, 2), (11, 12))


def test_the_figure_before_the_latest_is_the_previous_one():
    def previous(*values):
        figures = [figure(f"2022-0{month}", value) for month, value in enumerate(values, 1)]
        found = state_of(kpi(*figures), "2022-06-15").previous
        return found and found.value

    assert previous() is None
    assert previous(5) is None
    assert previous(5, 6) == 5
    assert previous(5, 6, 7) == 6


def test_a_figure_says_when_it_was_said():
    history = kpi(figure("2022-05", 5, said="2022-05-31", recorded="2022-06-08"))
    assert state_of(history, "2022-06-15").latest.said_on == date(2022, 6, 8)


@pytest.mark.parametrize(
    ("fields", "in_people"),
    [
        ({}, True),
        ({"kind": "cumulative"}, True),
        ({"kind": "rate"}, False),
        ({"is_percentage": True}, False),
        ({"counts_people": False}, False),
    ],
)
def test_a_measure_is_in_people_where_its_figures_are_numbers_of_them(fields, in_people):
    state = state_of(kpi(**({"counts_people": True} | fields)), "2022-06-15")
    assert state.in_people is in_people


def test_what_was_recorded_by_a_moment_was_known_at_it():
    moment = at("2022-06-08")
    rows = {
        "targets": (replace(target(80), recorded_at=moment),),
        "rebases": (replace(rebase("2022-05"), recorded_at=moment),),
    }
    history = kpi(figure("2022-05", 60, recorded="2022-06-08"), **rows)
    known = state_of(history, "2022-06-30", known_at=moment)
    assert (known.latest.value, known.target.level) == (60, 80)
    assert known.rebases == (date(2022, 5, 1),)
    before = state_of(history, "2022-06-30", known_at=moment - timedelta(microseconds=1))
    assert (before.figures, before.targets, before.rebases) == ((), (), ())


def test_rows_count_from_the_day_they_speak_of():
    later = {"effective_at": at("2022-06-08")}
    history = kpi(
        targets=(replace(target(80), **later),), rebases=(replace(rebase("2022-05"), **later),)
    )
    before, after = state_of(history, "2022-06-07"), state_of(history, "2022-06-08")
    assert (before.targets, before.rebases) == ((), ())
    assert ([one.level for one in after.targets], after.rebases) == ([80], (date(2022, 5, 1),))


def test_an_answer_of_a_second_person_counts_once_it_is_known():
    moment = at("2022-06-10")
    clocks = {"looked_effective_at": moment, "looked_recorded_at": at("2022-06-12")}
    history = kpi(figure("2022-05", 60, is_confirmed=True, **clocks), needs_second_person=True)
    (known,) = state_of(history, "2022-06-30", known_at=at("2022-06-11")).figures
    assert (known.status, known.awaits_second_person) == (Status.PROVISIONAL, True)
    assert state_of(history, "2022-06-30", known_at=at("2022-06-12")).latest.status is Status.FINAL


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({"status": "final"}, True),
        ({"status": "provisional"}, False),
        ({"status": "missing", "value": None}, False),
    ],
)
def test_a_final_figure_alone_waits_for_a_second_person(fields, waits):
    history = kpi(figure("2022-05", **({"value": 60} | fields)), needs_second_person=True)
    (one,) = state_of(history, "2022-06-15").figures
    assert (one.awaits_second_person, one.is_returned) == (waits, False)
    alone = kpi(figure("2022-05", **({"value": 60} | fields)))
    assert not state_of(alone, "2022-06-15").figures[0].awaits_second_person


def test_a_return_of_what_waits_for_nobody_is_no_return():
    moment = at("2022-06-10")
    looked = {"looked_effective_at": moment, "looked_recorded_at": moment, "is_confirmed": False}
    history = kpi(figure("2022-05", 60, **looked))
    assert not state_of(history, "2022-06-15").latest.is_returned


def test_a_closed_figure_tells_none_of_its_numbers():
    rate = kpi(
        figure("2022-05", 50, numerator=2, denominator=40, respondents=40, compared_with=60),
        kind="rate",
        **COUNTS,
    )
    (one,) = state_of(rate, "2022-06-15").figures
    assert one.is_too_few
    numbers = (one.value, one.numerator, one.denominator, one.respondents, one.compared_with)
    assert numbers == (None,) * 5


def test_a_figure_that_nobody_has_decided_is_closed_where_children_are_counted():
    one = figure("2022-05", 50)
    waiting = replace(kpi(one), counts_people=True)
    assert state_of(waiting, "2022-06-15").figures[0].is_too_few
    missing = replace(kpi(figure("2022-05", status="missing")), counts_people=True)
    assert not state_of(missing, "2022-06-15").figures[0].is_too_few


def test_those_who_judged_are_told_where_they_are_enough():
    def people(respondents):
        history = kpi(
            figure("2022-03", judgement="worse", respondents=respondents),
            kind="qualitative",
            **COUNTS,
        )
        return state_of(history, "2022-05-01").latest.respondents

    assert [people(number) for number in (4, 5, 14)] == [None, 5, 14]


def test_small_steps_are_hidden_of_totals_of_people_alone():
    steps = (figure("2022-04", 10), figure("2022-05", 13))
    weeks = kpi(*steps, kind="cumulative", year="financial")
    assert not any(one.is_too_few for one in state_of(weeks, "2022-06-15").figures)
    monthly = kpi(*steps, **COUNTS)
    assert not any(one.is_too_few for one in state_of(monthly, "2022-06-15").figures)


def test_totals_of_another_year_tell_nothing_of_this_one():
    # The school year ends in August: September begins from nothing, whatever August came to.
    history = kpi(
        figure("2022-08", 20),
        figure("2022-09", 23, id=903),
        figure("2022-09", 60, recorded="2022-11-01", corrects=903),
        kind="cumulative",
        year="school",
        **COUNTS,
    )
    assert befores(history, "2022-11-15") == [[], [23]]
    # A total that never begins again goes on from August.
    endless = kpi(*history.measurements, kind="cumulative", **COUNTS)
    assert befores(endless, "2022-11-15") == [[], [None]]


def test_targets_stand_by_their_dates_and_then_those_without_one():
    rows = (
        target(5, id=504, kind="trajectory"),
        target(13, "2024-03", "at_most", id=502),
        target(125, "2023-06", "at_most", id=501, kind="trajectory"),
        target(20, "2023-06-10", "at_most", id=503),
    )
    found = state_of(kpi(targets=rows), "2022-06-15").targets
    assert [one.id for one in found] == [503, 501, 502, 504]
    assert [one.kind for one in found] == ["final", "trajectory", "final", "trajectory"]
    assert not any(one.is_share for one in found)


@pytest.mark.parametrize(
    ("kind", "operator", "is_share"),
    [
        ("relative", "increase_by", True),
        ("relative", "decrease_by", True),
        ("relative", "at_least", False),
        ("quantity", "increase_by", False),
        ("quantity", "at_least", False),
    ],
)
def test_a_target_is_a_share_where_a_relative_measure_changes_by_it(kind, operator, is_share):
    (one,) = state_of(
        kpi(kind=kind, targets=(target(10, operator=operator),)), "2022-06-15"
    ).targets
    assert one.is_share is is_share


@pytest.mark.parametrize(
    ("fields", "awaits"),
    [
        ({}, False),
        ({"awaits_baseline": True}, True),
        ({"awaits_baseline": True, "baseline": 5}, False),
        ({"targets": (target(10, operator="decrease_by"),)}, True),
        ({"targets": (target(10, operator="decrease_by"),), "baseline": 5}, False),
        ({"targets": (target(10),)}, False),
        ({"targets": (target(10, operator="increase_by", is_withdrawn=True),)}, False),
    ],
)
def test_a_baseline_is_awaited_where_it_is_needed_and_not_there(fields, awaits):
    assert state_of(kpi(**fields), "2022-06-15").awaits_baseline is awaits
    # A figure of its own tells a change in per cent what it began from, and nothing else does.
    with_figure = state_of(kpi(figure("2022-05", 7), **fields), "2022-06-15")
    assert with_figure.awaits_baseline is awaits


def test_a_change_in_per_cent_awaits_no_baseline_once_there_is_a_figure():
    fewer = {"targets": (target(10, operator="decrease_by"),), "is_percentage": True}
    rate = kpi(figure("2022-05", 7), **fewer, kind="rate")
    assert state_of(rate, "2022-06-15").awaits_baseline
    change = kpi(figure("2022-05", 7), **fewer, kind="relative")
    assert not state_of(change, "2022-06-15").awaits_baseline
    assert state_of(kpi(**fewer, kind="relative"), "2022-06-15").awaits_baseline
    share = kpi(figure("2022-05", 7), targets=fewer["targets"], kind="relative")
    assert state_of(share, "2022-06-15").awaits_baseline


def test_the_line_of_a_change_in_per_cent_starts_at_none():
    # From 0 on 31 December 2021 to 10 on 31 December 2022: 365 days, 5 of them by 1/2.
    history = kpi(
        figure("2022-06", 4),
        kind="relative",
        is_percentage=True,
        baseline_on="2021-12-31",
        targets=(target(10, "2022-12", "increase_by"),),
    )
    state = state_of(history, "2022-07-15")
    assert [(one.on, one.value) for one in state.points] == [
        (date(2021, 12, 31), 0),
        (date(2022, 12, 31), 10),
    ]
    assert not state.assumes_start
    # Of another percentage, and of a change in a unit, it starts at the baseline alone.
    for fields in ({"kind": "rate", "is_percentage": True}, {"kind": "relative"}):
        other = kpi(figure("2022-06", 4), targets=(target(10, "2022-12"),), **fields)
        assert [one.value for one in state_of(other, "2022-07-15").points] == [10]


def test_a_line_without_a_baseline_assumes_no_start():
    state = state_of(kpi(figure("2022-05", 20), targets=(target(80, "2023-03"),)), "2022-06-15")
    assert not state.assumes_start
    total = kpi(
        figure("2022-05", 20), kind="cumulative", year="financial", targets=(target(80, "2023-03"),)
    )
    assert not state_of(total, "2022-06-15").assumes_start


@pytest.mark.parametrize(
    ("baseline_on", "points"),
    [
        ("2022-11-30", [(date(2022, 11, 30), 50), (date(2022, 12, 31), 80)]),
        ("2022-12-31", [(date(2022, 12, 31), 50)]),  # on the day itself it starts no line to it
        ("2023-01", [(date(2023, 1, 31), 50)]),
    ],
)
def test_a_baseline_starts_a_line_to_what_comes_after_it(baseline_on, points):
    history = kpi(baseline=50, baseline_on=baseline_on, targets=(target(80, "2022-12"),))
    state = state_of(history, "2022-06-15")
    assert [(one.on, one.value) for one in state.points] == points
    assert not state.assumes_start


def total_points(*targets, day="2022-10-31", **fields):
    values = {"kind": "cumulative", "year": "financial", "targets": targets}
    state = state_of(kpi(figure("2022-09", 60), **(values | fields)), day)
    return [(one.on.isoformat(), one.value) for one in state.points]


@pytest.mark.parametrize(
    ("targets", "points"),
    [
        # The year runs from 1 April 2022 to 31 March 2023.
        ([target(120, "2023-03")], [("2022-03-31", 0), ("2023-03-31", 120)]),
        ([target(30, "2022-04-01")], [("2022-03-31", 0), ("2022-04-01", 30)]),
        ([target(90, "2022-03-31")], [("2022-03-31", 0), ("2023-03-31", 90)]),  # the year before
        ([target(150, "2023-04")], []),  # the year after
        # Of several before it the last, of several without a date the first.
        ([target(80, "2021-03"), target(90, "2022-03")], [("2022-03-31", 0), ("2023-03-31", 90)]),
        ([target(70), target(75)], [("2022-03-31", 0), ("2023-03-31", 70)]),
        ([target(70), target(90, "2022-03")], [("2022-03-31", 0), ("2023-03-31", 90)]),
        # Its own goes before any other.
        (
            [target(70), target(90, "2022-03"), target(60, "2022-09"), target(120, "2023-03")],
            [("2022-03-31", 0), ("2022-09-30", 60), ("2023-03-31", 120)],
        ),
        ([target(70), target(150, "2023-04")], [("2022-03-31", 0), ("2023-03-31", 70)]),
        ([], []),
    ],
)
def test_a_running_total_runs_from_nothing_to_what_its_year_is_to_come_to(targets, points):
    assert total_points(*targets) == points


def test_a_total_without_a_year_runs_from_the_plans_start_to_its_last_target():
    assert total_points(target(60, "2022-12"), target(120, "2023-06"), year="") == [
        ("2021-12-31", 0),
        ("2022-12-31", 60),
        ("2023-06-30", 120),
    ]
    assert total_points(target(60), year="") == []


def test_a_total_without_a_year_meets_its_target_from_the_last_date_on():
    def gap(month):
        history = kpi(
            figure(month, 100),
            kind="cumulative",
            targets=(target(60, "2022-06"), target(120, "2022-12")),
        )
        return state_of(history, "2023-06-30").target_gap

    assert [gap(month) for month in ("2022-06", "2022-11", "2022-12", "2023-01")] == [
        None,
        None,
        -20,
        -20,
    ]


def test_past_the_last_date_its_target_is_to_be_held_whatever_has_none():
    rows = (target(80, "2022-03"), target(90, "2022-06"), target(100))
    assert state_of(kpi(figure("2022-09", 5), targets=rows), "2022-10-31").target.level == 90
    assert state_of(kpi(figure("2022-06", 5), targets=rows), "2022-10-31").target.level == 90
    on_the_way = state_of(kpi(figure("2022-03", 5), targets=rows), "2022-04-30")
    assert on_the_way.target.level == 80
    # Once the last has passed it is the one that matters, however old the newest figure is.
    silent = state_of(kpi(figure("2022-03", 5), targets=rows), "2022-10-31")
    assert (silent.target.level, silent.position) == (90, Position.PASSED)
    undated = (target(100), target(110))
    assert state_of(kpi(figure("2022-03", 5), targets=undated), "2022-10-31").target.level == 110


@pytest.mark.parametrize(
    ("operator", "value", "gap"),
    [
        ("at_least", 7, 2),
        ("at_least", 3, -2),
        ("at_most", 7, -2),
        ("at_most", 3, 2),
        ("increase_by", 7, 1),  # 5 more than 1
        ("decrease_by", 7, -11),  # 5 fewer than 1
        ("exactly", 7, None),
    ],
)
def test_without_a_good_direction_a_target_asks_for_one(operator, value, gap):
    history = kpi(
        figure("2022-05", value),
        direction="neither",
        baseline=1,
        targets=(target(5, operator=operator),),
    )
    assert state_of(history, "2022-06-15").target_gap == gap


@pytest.mark.parametrize(
    ("value", "position"), [(5, Position.AT_TARGET), (4, Position.SHORT), (6, Position.SHORT)]
)
def test_a_target_to_be_met_exactly_is_met_exactly(value, position):
    history = kpi(
        figure("2022-05", value), direction="neither", targets=(target(5, operator="exactly"),)
    )
    assert state_of(history, "2022-06-15").position is position


def test_a_comparison_with_a_level_of_its_own_stands_on_that():
    history = kpi(figure("2022-07", 61, compared_with=90), kind="comparator", targets=(target(60),))
    assert state_of(history, "2022-08-31").position is Position.AT_TARGET
    equal = kpi(figure("2022-07", 60, compared_with=60), kind="comparator")
    assert state_of(equal, "2022-08-31").position is Position.ON


def test_a_target_without_a_number_is_no_target_of_a_measure_that_compares_nothing():
    history = kpi(figure("2022-07", 61), targets=(target(None),))
    assert state_of(history, "2022-08-31").position is Position.NO_TARGET


def test_how_a_year_ended_is_told_of_totals_with_a_direction_a_year_and_a_figure():
    base = {
        "kind": "cumulative",
        "year": "school",
        "direction": "lower",
        "targets": (target(20, "2022-04", "at_most"), target(60, "2022-08", "at_most")),
    }
    figures = (figure("2022-08", 72), figure("2022-10", 15))

    def ended(*rows, **fields):
        history = kpi(*(rows or figures), **(base | fields))
        found = last_year_end(history, state_of(history, "2022-11-30"))
        return found and (found.figure.ends_on.isoformat(), found.level, found.gap)

    assert ended() == ("2022-08-31", 60, -12)
    assert ended(direction="neither") is None
    assert ended(year="") is None
    assert ended(kind="quantity") is None
    assert ended(targets=()) is None
    assert last_year_end(kpi(**base), state_of(kpi(**base), "2022-11-30")) is None
    missing = figure("2022-08", status="missing")
    assert ended(missing, figure("2022-10", 15)) is None


def test_a_year_that_wanted_more_ended_well_above_its_level():
    history = kpi(
        figure("2022-08", 72),
        figure("2022-10", 15),
        kind="cumulative",
        year="school",
        targets=(target(60, "2022-08"),),
    )
    assert last_year_end(history, state_of(history, "2022-11-30")).gap == 12


def test_work_is_done_since_it_was_delivered_or_confirmed_blue_whichever_came_first():
    blue = pure_factories.update("blue", "2022-05-10")
    completion = pure_factories.key_date("completion", "2022-06")
    answers = [pure_factories.confirmed(blue, "2022-05-31")]
    late = [pure_factories.mark(completion, "delivered", "2022-06-10")]
    early = [pure_factories.mark(completion, "delivered", "2022-05-20")]

    def effect(day, **rows):
        plan = pure_factories.history(pure_factories.commitment(**rows))
        (found,) = state_at(plan, date.fromisoformat(day))[1].commitments
        return effect_of(state_of(kpi(figure("2022-08", 50), baseline=50), day), found)

    confirmed = {"updates": [blue], "confirmations": answers}
    dated = {"key_dates": [completion]}
    # Three months on from 31 May is 31 August, from 20 May 20 August.
    for rows in (confirmed, confirmed | dated, confirmed | dated | {"marks": late}):
        assert effect("2022-08-30", **rows) is None
        assert effect("2022-08-31", **rows) is Effect.NO_BETTER
    # August's figure comes with its last day.
    assert effect("2022-08-19", **confirmed, **dated, marks=early) is None
    assert effect("2022-08-20", **confirmed, **dated, marks=early) is Effect.NO_DATA_SINCE
    # Another colour is no end of the work, however long it has stood.
    green = [pure_factories.update("green", "2022-02-10")]
    assert effect("2022-08-31", updates=green, **dated) is None


def test_a_figure_that_ends_on_the_day_the_work_was_done_says_nothing_since():
    history = kpi(figure("2022-05", 50), baseline=50)

    def effect(delivered):
        return effect_of(state_of(history, "2022-09-30"), commitment_on("2022-09-30", delivered))

    assert effect("2022-05-31") is Effect.NO_DATA_SINCE
    assert effect("2022-05-30") is Effect.NO_BETTER


def test_periods_end_on_the_day_until_which_they_are_asked_for():
    first = PlanDate.parse("2022-02")
    found = list(periods_of(3, first, date(2022, 6, 30)))
    # Quarters of the financial year.
    assert [(one.starts_on, one.ends_on) for one in found] == [
        (date(2022, 1, 1), date(2022, 3, 31)),
        (date(2022, 4, 1), date(2022, 6, 30)),
    ]
    assert [(one.due_by, one.is_overdue) for one in found] == [
        (date(2022, 3, 31), False),
        (date(2022, 6, 30), False),
    ]
    assert len(list(periods_of(3, first, date(2022, 6, 29)))) == 1
    school = list(periods_of(12, first, date(2022, 8, 31), 9))
    assert [one.starts_on for one in school] == [date(2021, 9, 1)]


def test_no_step_follows_a_target_without_a_date_and_none_is_of_one_without_a_level():
    rows = (target(None, "2022-03"), target(10, "2022-06"), target(30), target(40))
    assert target_steps(state_of(kpi(targets=rows), "2022-06-15").targets) == [
        (None, 10),
        (date(2022, 7, 1), 30),
    ]
    assert target_steps(state_of(kpi(targets=rows[3:]), "2022-06-15").targets) == [(None, 40)]


def test_of_two_targets_of_one_day_the_second_has_no_step_and_those_after_it_have_theirs():
    rows = (target(10, "2022-06"), target(15, "2022-06-30"), target(20, "2022-12"), target(30))
    assert target_steps(state_of(kpi(targets=rows), "2022-06-15").targets) == [
        (None, 10),
        (date(2022, 7, 1), 20),
        (date(2023, 1, 1), 30),
    ]


def test_a_target_of_the_very_next_day_has_a_step_of_that_day():
    rows = (target(10, "2022-06-30"), target(20, "2022-07-01"), target(30))
    assert target_steps(state_of(kpi(targets=rows), "2022-06-15").targets) == [
        (None, 10),
        (date(2022, 7, 1), 20),
        (date(2022, 7, 2), 30),
    ]

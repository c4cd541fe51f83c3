"""How a measure stands as at a day; the arithmetic stands in the comments."""

from datetime import date
from decimal import Decimal

import pytest

from actions.rules.dates import PlanDate
from actions.rules.state import state_at
from kpis.rules.disclosure import CutOffs
from kpis.rules.state import (
    Effect,
    Position,
    Status,
    effect_of,
    last_year_end,
    period_holding,
    target_steps,
)
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
    assert state_of(kpi(figure("2022-05", 80), targets=dated), "2022-06-15").position is Position.ON
    assert (
        state_of(kpi(figure("2023-03", 20), targets=dated), "2023-04-15").position is Position.OFF
    )


def test_a_target_without_a_date_is_reached_or_not():
    undated = (target(100),)
    assert state_of(kpi(figure("2022-05", 99), targets=undated), "2022-06-15").position is (
        Position.SHORT
    )
    assert state_of(kpi(figure("2022-05", 100), targets=undated), "2022-06-15").position is (
        Position.ON
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
    assert known.position is Position.ON


def test_a_change_given_in_per_cent_is_its_own_level():
    fewer = {
        "kind": "relative",
        "is_percentage": True,
        "direction": "lower",
        "targets": (target(10, "2022-12", "decrease_by"),),
    }
    assert state_of(kpi(**fewer), "2022-12-31").position is Position.BASELINE_AWAITED
    state = state_of(kpi(figure("2022-12", -8), **fewer), "2023-01-31")
    assert state.target.level == -10
    # 2 short, and a tenth of the way from 0 to -10 is 1.
    assert (state.gap, state.position) == (-2, Position.OFF)
    assert state.is_no_better is False


def test_an_increase_of_another_measure_is_in_its_unit():
    state = state_of(kpi(baseline=85, targets=(target(10, operator="increase_by"),)), "2022-02-01")
    assert state.target.level == 95


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
    assert (ended.target_gap, ended.position) == (-12, Position.OFF)
    kept = state_of(kpi(figure("2022-08", 55), **excluded), "2022-09-30")
    assert (kept.target_gap, kept.position) == (5, Position.ON)


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
    in_words = {"kind": "qualitative", "frequency": "quarterly"}
    better = state_of(kpi(figure("2022-03", judgement="improved"), **in_words), "2022-05-01")
    same = state_of(kpi(figure("2022-03", judgement="no_change"), **in_words), "2022-05-01")
    unknown = state_of(kpi(figure("2022-03", judgement="not_known"), **in_words), "2022-05-01")
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
        return state_of(
            kpi(figure("2022-05", 60, **look), needs_second_person=True), "2022-06-15"
        ).latest

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
        (96, 100, True),  # 4 are left
        (100, 100, False),
        (5, 9, True),
        (0, 9, True),
        (5, 10, False),
    ],
)
def test_a_rate_is_absent_where_a_part_of_it_is_small(numerator, denominator, hidden):
    rate = kpi(figure("2022-05", 50, numerator=numerator, denominator=denominator), kind="rate")
    assert state_of(rate, "2022-06-15").figures[0].is_too_few is hidden


def test_a_survey_under_ten_answers_is_too_few_to_report():
    survey = {"kind": "survey", "is_percentage": True}
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


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        (9023, None),  # 3 more than April's 9,020
        (9017, None),  # 3 fewer
        (9025, None),  # 4 fewer than the 9,029 that stand there now
        (9038, None),  # 2 fewer than June's
        (9020, 9020),  # none more than April's
        (9029, 9029),  # the same, then final
        (9010, 9010),
    ],
)
def test_an_earlier_total_is_hidden_where_it_tells_a_small_step_beside_one_shown(first, shown):
    total = kpi(
        figure("2022-04", 9020),
        figure("2022-05", first, id=903, status="provisional"),
        figure("2022-05", 9029, recorded="2022-07-01", corrects=903),
        figure("2022-06", 9040),
        kind="cumulative",
        year="financial",
        **COUNTS,
    )
    assert befores(total) == [[], [shown], []]
    assert befores(total, reads_small={1}) == [[], [first], []]


def test_of_two_earlier_totals_no_small_step_can_be_told():
    total = kpi(
        figure("2022-04", 9000, id=901),
        figure("2022-04", 9020, id=902, recorded="2022-07-01", corrects=901),
        figure("2022-04", 9060, recorded="2022-07-02", corrects=902),
        figure("2022-05", 9023, id=903),
        figure("2022-05", 9080, recorded="2022-07-03", corrects=903),
        kind="cumulative",
        year="financial",
        **COUNTS,
    )
    assert befores(total) == [[9000, 9020], [None]]


@pytest.mark.parametrize(
    ("first", "again", "fields", "shown"),
    [
        ({"value": 23}, {"value": 26}, COUNTS, None),
        ({"value": 20}, {"value": 26}, COUNTS, 20),
        ({"value": 23}, {"value": 26}, {}, 23),  # weeks, not people
        (
            {"value": 50, "numerator": 20, "denominator": 40},
            {"value": 55, "numerator": 22, "denominator": 40},
            {"kind": "rate"},
            None,
        ),
        (
            {"value": 50, "numerator": 20, "denominator": 40},
            {"value": 48, "numerator": 20, "denominator": 42},
            {"kind": "rate"},
            None,
        ),
        (
            {"value": 50, "numerator": 20, "denominator": 40},
            {"value": 50, "numerator": 30, "denominator": 60},
            {"kind": "rate"},
            50,
        ),
        (
            {"value": 80, "respondents": 40},
            {"value": 81, "respondents": 43},
            {"kind": "survey"},
            None,
        ),
    ],
)
def test_an_earlier_figure_is_hidden_where_it_differs_by_a_few_people(first, again, fields, shown):
    history = kpi(
        figure("2022-05", id=903, **first),
        figure("2022-05", recorded="2022-07-01", corrects=903, **again),
        **fields,
    )
    assert befores(history) == [[shown]]


def test_the_people_behind_a_judgement_are_masked_and_the_judgement_is_not():
    state = state_of(
        kpi(figure("2022-03", judgement="improved", respondents=3), kind="qualitative"),
        "2022-05-01",
    )
    assert (state.latest.judgement, state.latest.respondents) == ("improved", None)


# --- Data due ---------------------------------------------------------------------------------


def due(history, day):
    return [
        (period.ends_on.isoformat(), period.is_overdue) for period in state_of(history, day).due
    ]


def test_a_months_figure_is_due_by_the_tenth_working_day_after_it():
    history = kpi(figure("2022-01", 5), due_from=PlanDate.parse("2022-01"))
    # Ten working days after Monday 28 February 2022 is Monday 14 March.
    assert due(history, "2022-02-27") == []
    assert due(history, "2022-03-14") == [("2022-02-28", False)]
    assert due(history, "2022-03-15") == [("2022-02-28", True)]
    assert due(history, "2022-04-01") == [("2022-02-28", True), ("2022-03-31", False)]


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

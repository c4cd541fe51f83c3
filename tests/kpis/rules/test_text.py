"""How figures, periods and gaps are said."""

from datetime import date
from decimal import Decimal

import pytest

from actions.rules.dates import PlanDate
from kpis.rules import text
from kpis.rules.state import PeriodFigure, Status
from tests.kpis.rules.pure_factories import figure, kpi, state_of, target


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "said", "short"),
    [
        ("2023-01-01", "2023-01-31", "January 2023", "Jan 2023"),
        ("2022-10-01", "2022-12-31", "October to December 2022", "Oct to Dec 2022"),
        ("2022-10-01", "2023-03-31", "October 2022 to March 2023", "Oct 2022 to Mar 2023"),
        ("2022-09-01", "2023-08-31", "2022/23 school year", "2022/23"),
        ("2099-04-01", "2100-03-31", "2099/00 financial year", "2099/00"),
        ("2022-01-01", "2022-12-31", "2022", "2022"),
        ("2022-05-03", "2022-05-09", "3 May 2022 to 9 May 2022", "May 2022"),
    ],
)
def test_a_period_is_said_as_people_say_it(starts_on, ends_on, said, short):
    period = date.fromisoformat(starts_on), date.fromisoformat(ends_on)
    assert text.period_words(*period) == said
    assert text.short_period(*period) == short


@pytest.mark.parametrize(
    ("value", "unit", "said", "apart"),
    [
        ("0.4500", "%", "0.45%", "0.45 percentage points"),
        ("0.4500", "weeks", "0.45 weeks", "0.45 weeks"),
        ("1.0000", "%", "1%", "1 percentage point"),
        ("1250.5000", "families", "1,250.5 families", "1,250.5 families"),
        ("100.0000", "%", "100%", "100 percentage points"),
    ],
)
def test_a_number_says_what_it_counts_and_a_gap_of_percentages_is_in_points(
    value, unit, said, apart
):
    assert text.amount(Decimal(value), unit) == said
    assert text.difference(Decimal(value), unit) == apart


def of_parts(value):
    day = date(2023, 1, 31)
    parts = (Decimal(1), Decimal(3))
    return PeriodFigure(1, day, day, Status.FINAL, Decimal(value), *parts, None, None, "", day)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("64.8148", "64.8%"),
        ("5.1274", "5.1%"),
        ("0.4521", "0.45%"),
        ("0.0152", "0.015%"),
        ("0.0000", "0%"),
    ],
)
def test_a_value_worked_out_of_its_parts_has_no_more_figures_than_it_can_bear(value, said):
    assert text.figure_words(of_parts(value), "%") == said


def test_a_number_worked_out_has_the_places_of_those_it_was_worked_out_of_and_at_least_one():
    assert text.computed(Decimal("85.3333"), Decimal(13), None) == Decimal("85.3")
    assert text.computed(Decimal("0.12345"), Decimal("0.45")) == Decimal("0.12")


# A line from 10 in January 2022 to 4 by January 2024: in January 2023 it expects 7.
LINE = {
    "baseline": 10,
    "baseline_on": "2022-01-31",
    "targets": (target(4, "2024-01", "at_most"),),
    "direction": "lower",
}


@pytest.mark.parametrize(
    ("value", "position", "gap"),
    [
        (9, "Off trajectory", "2 weeks above its trajectory"),
        (7, "On trajectory", "exactly on its trajectory"),
        (5, "On trajectory", "2 weeks better than its trajectory"),
    ],
)
def test_where_it_stands_is_said_with_its_gap(value, position, gap):
    # 730 days from the first point to the last, 365 of them to the figure: half of six.
    state = state_of(kpi(figure("2023-01", value), **LINE), "2023-02-01")
    assert text.position_words(state, "quantity") == position
    assert text.gap_words(state, "weeks") == gap


def test_people_are_whole():
    # From 20 on 31 January 2022 to 6 by January 2024, 14 in 730 days: on 31 March 2023 424 of them
    # have gone, and 11.9 are expected; 14 are 2.1 above.
    line = {
        "baseline": 20,
        "baseline_on": "2022-01-31",
        "targets": (target(6, "2024-01", "at_most"),),
        "direction": "lower",
    }
    figures = figure("2023-03", 14)
    of_people = state_of(kpi(figures, **line, counts_people=True), "2023-04-30")
    assert text.gap_words(of_people, "pupils") == "2 pupils above its trajectory"
    assert text.expected_words(of_people, "pupils") == "12 pupils"
    of_weeks = state_of(kpi(figures, **line), "2023-04-30")
    assert text.gap_words(of_weeks, "weeks") == "2.1 weeks above its trajectory"


def test_a_comparison_is_said_as_one():
    def said(**fields):
        history = kpi(
            figure("2023-01", 50, **fields),
            kind="comparator",
            targets=(target(None, "2023-06"),),
        )
        state = state_of(history, "2023-02-01")
        return text.position_words(state, "comparator"), text.gap_words(state, "%")

    assert said(compared_with=60) == ("Below the others", "the others: 60%")
    assert said(compared_with=50)[0] == "As good as the others, or better"
    assert said() == ("Nothing to compare with yet", "")


def test_a_comparison_that_follows_a_number_is_told_by_the_others_alone():
    # 70% was to be reached by June; from then on to be in line with the others by December.
    targets = (target(70, "2022-06"), target(None, "2022-12"))
    row = kpi(
        figure("2022-09", 61, compared_with=64), kind="comparator", baseline=40, targets=targets
    )
    state = state_of(row, "2022-10-31")
    assert text.position_words(state, "comparator") == "Not as good as the others"
    assert text.gap_words(state, "%") == "the others: 64%"
    assert state.is_off


def test_a_target_without_a_line_is_reached_or_not():
    reached = state_of(kpi(figure("2023-01", 80), targets=(target(80),)), "2023-02-01")
    short = state_of(kpi(figure("2023-01", 79), targets=(target(80),)), "2023-02-01")
    assert text.position_words(reached, "quantity") == "Target reached"
    assert text.gap_words(reached, "%") == "exactly on its target"
    assert text.position_words(short, "quantity") == "Short of its target"
    assert text.gap_words(short, "%") == "1 percentage point below its target"


def test_what_the_plan_asks_is_said_in_one_line():
    state = state_of(
        kpi(targets=(target(125, "2023-06", "at_most"), target(13, "2024-03", "at_most"))),
        "2023-02-01",
    )
    said = text.asks_words(Decimal(242), state.targets, "weeks", "")
    assert said == (
        "from 242 weeks, to 125 weeks or less by June 2023, to 13 weeks or less by March 2024"
    )
    fewer = state_of(kpi(targets=(target(10, "2022-12", "decrease_by"),)), "2023-02-01")
    assert text.asks_words(None, fewer.targets, "%", "") == "down by 10% by December 2022"
    assert text.asks_words(None, (), "%", "") == "no target given"


def test_data_that_is_due_is_named_by_its_oldest_period():
    history = kpi(due_from=PlanDate.parse("2022-11"))
    # November is due by 14 December, December by 16 January (no holidays here).
    state = state_of(history, "2023-01-05")
    assert text.due_words(state.due) == "Data overdue: November 2022"
    assert text.due_words(state_of(history, "2022-12-01").due) == "Data due: November 2022"
    later = state_of(history, "2023-01-20")
    assert text.due_words(later.due) == "Data overdue: November 2022 and 1 more"
    assert text.due_words(()) == ""

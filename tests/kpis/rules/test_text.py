"""How figures, periods and gaps are said."""

from datetime import date
from decimal import Decimal

import pytest

from actions.rules.dates import PlanDate
from kpis.rules import text
from kpis.rules.facts import Status
from kpis.rules.figures import PeriodFigure
from tests.actions.rules.pure_factories import at
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
    assert text.period_text(*period) == said
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
    assert text.figure_text(of_parts(value), "%") == said


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
    assert text.position_text(state, "quantity") == position
    assert text.gap_text(state, "weeks") == gap


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
    assert text.gap_text(of_people, "pupils") == "2 pupils above its trajectory"
    assert text.expected_text(of_people, "pupils") == "12 pupils"
    of_weeks = state_of(kpi(figures, **line), "2023-04-30")
    assert text.gap_text(of_weeks, "weeks") == "2.1 weeks above its trajectory"


def test_a_comparison_is_said_as_one():
    def said(**fields):
        history = kpi(
            figure("2023-01", 50, **fields),
            kind="comparator",
            targets=(target(None, "2023-06"),),
        )
        state = state_of(history, "2023-02-01")
        return text.position_text(state, "comparator"), text.gap_text(state, "%")

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
    assert text.position_text(state, "comparator") == "Below the others"
    assert text.gap_text(state, "%") == "the others: 64%"
    assert state.is_off


def test_a_target_without_a_line_is_reached_or_not():
    reached = state_of(kpi(figure("2023-01", 80), targets=(target(80),)), "2023-02-01")
    short = state_of(kpi(figure("2023-01", 79), targets=(target(80),)), "2023-02-01")
    assert text.position_text(reached, "quantity") == "At target"
    assert text.gap_text(reached, "%") == "exactly on its target"
    assert text.position_text(short, "quantity") == "Short of its target"
    assert text.gap_text(short, "%") == "1 percentage point below its target"


def test_what_the_plan_asks_is_said_in_one_line():
    state = state_of(
        kpi(targets=(target(125, "2023-06", "at_most"), target(13, "2024-03", "at_most"))),
        "2023-02-01",
    )
    said = text.asks_text(Decimal(242), state.targets, "weeks", "")
    assert said == (
        "from 242 weeks, to 125 weeks or less by June 2023, to 13 weeks or less by March 2024"
    )
    fewer = state_of(kpi(targets=(target(10, "2022-12", "decrease_by"),)), "2023-02-01")
    assert text.asks_text(None, fewer.targets, "%", "") == "down by 10% by December 2022"
    assert text.asks_text(None, (), "%", "") == "no target given"


def test_data_that_is_due_is_named_by_its_oldest_period():
    history = kpi(due_from=PlanDate.parse("2022-11"))
    # November is due by 21 December, December by 20 January (no holidays here).
    state = state_of(history, "2023-01-05")
    assert text.due_text(state.due) == "Data overdue: November 2022"
    assert text.due_text(state_of(history, "2022-12-01").due) == "Data due: November 2022"
    later = state_of(history, "2023-01-23")
    assert text.due_text(later.due) == "Data overdue: November 2022 and 1 more"
    assert text.due_text(()) == ""


# --- At the edges -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "said", "short"),
    [
        # One end alone is none of a month's.
        ("2022-05-03", "2022-05-31", "3 May 2022 to 31 May 2022", "May 2022"),
        ("2022-05-01", "2022-05-09", "1 May 2022 to 9 May 2022", "May 2022"),
        ("2022-05-03", "2022-07-09", "3 May 2022 to 9 July 2022", "May to Jul 2022"),
        # Twelve months from any other month are named by both.
        ("2022-02-01", "2023-01-31", "February 2022 to January 2023", "Feb 2022 to Jan 2023"),
        # From April and September less than a year is none.
        ("2022-04-01", "2022-06-30", "April to June 2022", "Apr to Jun 2022"),
        ("2022-09-01", "2023-02-28", "September 2022 to February 2023", "Sept 2022 to Feb 2023"),
        ("2022-01-01", "2022-06-30", "January to June 2022", "Jan to Jun 2022"),
        ("2022-04-01", "2023-03-31", "2022/23 financial year", "2022/23"),
    ],
)
def test_a_period_that_is_no_month_or_year_is_said_by_its_ends(starts_on, ends_on, said, short):
    period = date.fromisoformat(starts_on), date.fromisoformat(ends_on)
    assert text.period_text(*period) == said
    assert text.short_period(*period) == short


@pytest.mark.parametrize(
    ("value", "said"),
    [("10.10", "10.1"), ("100", "100"), ("0", "0"), ("0.0000", "0"), ("1000.00", "1,000")],
)
def test_a_number_keeps_no_zeros_behind_its_point_and_all_before_it(value, said):
    assert text.number(Decimal(value)) == said


@pytest.mark.parametrize(
    ("value", "given", "rounded"),
    [
        ("0.25", (), "0.3"),  # halves up, at one place
        ("0.35", (Decimal(7),), "0.4"),
        ("0.125", (Decimal("0.25"),), "0.13"),
        ("0.125", (Decimal("0.2500"), None), "0.13"),  # the zeros of a column are no places
        ("12.34", (None,), "12.3"),
        ("12.34", (Decimal(100),), "12.3"),
    ],
)
def test_what_is_worked_out_is_rounded_halves_up(value, given, rounded):
    assert str(text.computed(Decimal(value), *given)) == rounded


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1.0000", "1%"),
        ("1.0500", "1.1%"),  # halves up
        ("1.2500", "1.3%"),
        ("0.9950", "1%"),
        ("0.9940", "0.99%"),
        ("0.1000", "0.1%"),
        ("0.1250", "0.13%"),
        ("0.1040", "0.1%"),
        ("0.0996", "0.1%"),
        ("0.0994", "0.099%"),
        ("-5.1274", "-5.1%"),
        ("1.9600", "2%"),
    ],
)
def test_places_go_by_the_size_of_what_is_said(value, said):
    assert text.figure_text(of_parts(value), "%") == said


@pytest.mark.parametrize(
    ("numerator", "denominator", "said"),
    [
        (7316, 7319, "99.96%"),  # 99.9590, which one place makes 100
        (7319, 7319, "100%"),
        (9999, 10000, "99.99%"),
        (1, 100000, "0.001%"),
        (1, 1000000, "0.0001%"),  # 0.0001, which three places make none
        (0, 7319, "0%"),
        (79961, 100000, "79.96%"),  # one place would make it the target
        (79999, 100000, "79.999%"),
        (80000, 100000, "80%"),
        (80040, 100000, "80.04%"),
        (80050, 100000, "80.1%"),
    ],
)
def test_nothing_is_rounded_onto_none_all_or_its_target(numerator, denominator, said):
    value = Decimal(100 * numerator) / denominator
    history = kpi(
        figure(
            "2023-01",
            value.quantize(Decimal("0.0001")),
            numerator=numerator,
            denominator=denominator,
        ),
        targets=(target(80, "2023-06"),),
    )
    (one,) = state_of(history, "2023-02-01", reads_small={1}).figures
    assert text.figure_text(one, "%") == said


def test_a_gap_is_never_said_to_be_none():
    history = kpi(figure("2023-01", "79.97"), targets=(target(80),), is_percentage=True)
    assert text.gap_text(state_of(history, "2023-02-01"), "%") == (
        "0.03 percentage points below its target"
    )
    # 730 of 731 days have gone on 31 December 2022: 20 * 730 / 731 = 19.973, and not the target.
    line = {"baseline": 0, "baseline_on": "2020-12-31", "targets": (target(20, "2023-01-01"),)}
    nearly = state_of(kpi(figure("2022-12", 10), **line), "2023-01-01")
    assert text.expected_text(nearly, "weeks") == "19.97 weeks"


def test_part_of_a_person_is_less_than_one():
    # From 20 on 31 January 2022 to 6 by January 2024, 14 in 730 days: 424 days on, 11.87.
    line = {
        "baseline": 20,
        "baseline_on": "2022-01-31",
        "targets": (target(6, "2024-01", "at_most"),),
        "direction": "lower",
    }
    state = state_of(kpi(figure("2023-03", 12), **line, counts_people=True), "2023-04-30")
    assert text.gap_text(state, "pupil") == "less than 1 pupil above its trajectory"
    assert text.expected_text(state, "pupils") == "12 pupils"


@pytest.mark.parametrize(
    ("kept", "said"), [("224.0000", "224"), ("70.7000", "70.7"), ("-7.0000", "-7"), ("0.0000", "0")]
)
def test_a_number_has_no_zeros_that_a_column_keeps(kept, said):
    (one,) = state_of(kpi(figure("2023-01", kept)), "2023-02-01").figures
    assert str(text.shown_value(one)) == said
    assert str(text.plain(Decimal(kept))) == said


def test_a_value_that_was_given_is_said_as_it_was_given():
    state = state_of(kpi(figure("2023-01", "64.8148")), "2023-02-01")
    assert text.figure_text(state.latest, "%") == "64.8148%"
    assert text.shown_value(state.latest) == Decimal("64.8148")


def test_a_figure_is_a_number_a_judgement_or_none():
    def said(**fields):
        options = {key: fields.pop(key) for key in ("kind", "counts_people") if key in fields}
        (one,) = state_of(kpi(figure("2023-01", **fields), **options), "2023-02-01").figures
        return text.figure_text(one, "pupils")

    assert said(value=12) == "12 pupils"
    assert said(judgement="no_change", kind="qualitative") == "No change"
    assert said(status="missing") == "no figure"
    assert said(value=3, counts_people=True) == "too few to show"
    assert said(value=0, counts_people=True) == "0 pupils"


def test_the_status_of_a_figure_is_said_with_what_hangs_over_it():
    def said(*figures, **options):
        return text.status_text(state_of(kpi(*figures, **options), "2023-03-01").figures[-1])

    assert said(figure("2023-01", 5)) == "final"
    assert said(figure("2023-01", 5, status="provisional")) == "provisional"
    assert said(figure("2023-03", 5, said="2023-02-01", status="projected")) == "projected"
    assert said(figure("2023-01", status="missing")) == ""
    waits = {"needs_second_person": True}
    assert said(figure("2023-01", 5), **waits) == "provisional, waits for a second person"
    moment = at("2023-02-10")
    looked = {"looked_effective_at": moment, "looked_recorded_at": moment, "is_confirmed": False}
    assert said(figure("2023-01", 5, **looked), **waits) == (
        "provisional, returned by a second person"
    )
    again = figure("2023-01", 6, said="2023-02-05", corrects=930)
    assert said(figure("2023-01", 5, id=930), again) == "final, restated"
    assert said(figure("2023-01", 5, id=930), again, **waits) == (
        "provisional, waits for a second person"
    )


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        ("at_least", "at least 10 weeks"),
        ("at_most", "10 weeks or less"),
        ("exactly", "10 weeks"),
        ("increase_by", "up by 10 weeks"),
        ("decrease_by", "down by 10 weeks"),
    ],
)
def test_a_target_is_said_by_what_it_asks(operator, words):
    (one,) = state_of(kpi(targets=(target(10, operator=operator),)), "2023-02-01").targets
    assert text.target_text(one, "weeks", "") == words


def test_a_share_of_the_baseline_is_in_per_cent_whatever_the_unit():
    history = kpi(kind="relative", targets=(target(10, operator="decrease_by"),))
    (one,) = state_of(history, "2023-02-01").targets
    assert text.target_text(one, "weeks", "") == "down by 10%"
    assert text.asks_text(Decimal(40), (one,), "weeks", "") == "from 40 weeks, down by 10%"


def test_a_target_without_a_number_is_in_line_with_the_others():
    targets = state_of(kpi(targets=(target(None, "2023-06"),)), "2023-02-01").targets
    assert text.asks_text(None, targets, "%", "England") == (
        "in line with England, or better by June 2023"
    )
    assert text.target_text(targets[0], "%", "") == "in line with the comparison, or better"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (target(None, operator="increase"), "an increase"),
        (target(None, "2026", "decrease"), "a decrease by 2026"),
        (target(95, operator="stay_close"), "close to 95%"),
        (
            target(95, "2026-Q2", "stay_close", tolerance=2),
            "close to 95%, within 2 percentage points by April to June 2026",
        ),
        (
            target(70, months_after_agreement=6),
            "to at least 70% by month 6 after the plan is agreed",
        ),
        (
            target(70, "2026-09", label="milestone 3", months_after_agreement=6),
            "to at least 70% (milestone 3) by September 2026 (month 6 after agreement)",
        ),
        (
            target("4.2", label="milestone 1", borrowed_from="England 2023/24", operator="at_most"),
            "to 4.2% or less (milestone 1; England 2023/24)",
        ),
    ],
)
def test_a_target_is_said_as_the_plan_prints_it(wanted, words):
    targets = state_of(kpi(targets=(wanted,)), "2023-02-01").targets
    assert text.asks_text(None, targets, "%", "") == words


@pytest.mark.parametrize(
    ("operator", "value", "words", "apart"),
    [
        ("increase", 51, "Higher than the baseline, as wanted", ""),
        ("increase", 50, "No higher than the baseline", ""),
        ("decrease", 49, "Lower than the baseline, as wanted", ""),
        ("decrease", 50, "No lower than the baseline", ""),
        ("stay_close", 20, "Close to its target", "exactly on its target"),
        ("stay_close", 21, "Near its target", "1 week above its target"),
        ("stay_close", 17, "Away from its target", "3 weeks below its target"),
    ],
)
def test_a_direction_and_a_value_to_stay_close_to_are_said_in_words_of_their_own(
    operator, value, words, apart
):
    wanted = target(20 if operator == "stay_close" else None, operator=operator)
    history = kpi(figure("2023-01", value), baseline=50, targets=(wanted,))
    state = state_of(history, "2023-02-01")
    assert text.position_text(state, "quantity") == words
    assert text.gap_text(state, "weeks") == apart


@pytest.mark.parametrize(
    ("operator", "words"),
    [("increase", "No figure to rise from"), ("decrease", "No figure to fall from")],
)
def test_a_direction_from_a_baseline_in_words_has_a_target_and_no_start(operator, words):
    history = kpi(figure("2023-01", 50), targets=(target(None, operator=operator),))
    assert text.position_text(state_of(history, "2023-02-01"), "quantity") == words


def test_a_target_without_a_date_is_said_without_one():
    targets = state_of(kpi(targets=(target(70),)), "2023-02-01").targets
    assert text.asks_text(None, targets, "%", "") == "to at least 70%"


def test_a_comparison_with_a_level_of_its_own_is_said_as_any_other():
    history = kpi(figure("2023-01", 80, compared_with=60), kind="comparator", targets=(target(80),))
    state = state_of(history, "2023-02-01")
    assert text.position_text(state, "comparator") == "At target"
    none = state_of(kpi(figure("2023-01", 80)), "2023-02-01")
    assert text.position_text(none, "quantity") == "No target"
    undated = state_of(kpi(figure("2023-01", 79), targets=(target(80),)), "2023-02-01")
    assert text.position_text(undated, "comparator") == "Short of its target"


def test_a_measure_in_words_says_what_was_judged():
    judged = kpi(figure("2023-01", judgement="worse"), kind="qualitative")
    assert text.position_text(state_of(judged, "2023-02-01"), "qualitative") == "Worse"


def test_without_a_figure_there_is_no_gap_and_nothing_expected():
    for history in (
        kpi(),
        kpi(figure("2023-01", judgement="worse"), kind="qualitative"),
        kpi(figure("2023-01", 80)),
    ):
        state = state_of(history, "2023-02-01")
        assert text.gap_text(state, "%") == ""
        assert text.expected_text(state, "%") == ""
    awaited = state_of(kpi(**LINE), "2023-02-01")
    assert text.expected_text(awaited, "weeks") == ""


@pytest.mark.parametrize(
    ("value", "direction", "operator", "words"),
    [
        (78, "higher", "at_least", "2 pupils below its target"),
        ("79.5", "higher", "at_least", "0.5 pupils below its target"),
        ("80.5", "higher", "at_least", "0.5 pupils better than its target"),
        ("80.5", "lower", "at_most", "0.5 pupils above its target"),
        ("79.5", "lower", "at_most", "0.5 pupils better than its target"),
    ],
)
def test_a_gap_says_the_side_on_which_it_lies(value, direction, operator, words):
    history = kpi(
        figure("2023-01", value), direction=direction, targets=(target(80, operator=operator),)
    )
    assert text.gap_text(state_of(history, "2023-02-01"), "pupils") == words


def test_what_is_above_a_target_of_nothing_is_above_it():
    history = kpi(
        figure("2023-01", "0.5"), direction="lower", targets=(target(0, operator="at_most"),)
    )
    assert text.gap_text(state_of(history, "2023-02-01"), "days") == "0.5 days above its target"


def test_a_number_is_tidied_by_the_places_of_the_figure_the_target_and_the_baseline():
    def tidied(value="7", level="80", baseline=None, worked="1.23456", **fields):
        history = kpi(
            figure("2023-01", value), targets=(target(level),), baseline=baseline, **fields
        )
        return str(text.tidy(Decimal(worked), state_of(history, "2023-02-01")))

    assert tidied() == "1.2"
    assert tidied(value="7.25") == "1.23"
    assert tidied(level="80.125") == "1.235"
    assert tidied(baseline="0.1234") == "1.2346"
    # What is exact already stays as it is.
    assert tidied(worked="1") == "1"
    assert tidied(worked="1.25", value="7.2500") == "1.25"
    assert str(text.tidy(Decimal("1.25"), state_of(kpi(), "2023-02-01"))) == "1.3"


@pytest.mark.parametrize(
    ("worked", "said"),
    [
        ("2.1", "2"),
        ("2.5", "3"),
        ("2.45", "3"),
        ("0.5", "1"),
        ("0.4", "1"),
        ("0", "0"),
        ("1.4", "1"),
    ],
)
def test_of_people_a_number_is_whole_halves_up_and_never_none(worked, said):
    # 2.45 is 2.5 at the one place that is kept, and so 3.
    history = kpi(figure("2023-01", 20), targets=(target(80),), counts_people=True)
    assert str(text.tidy(Decimal(worked), state_of(history, "2023-02-01"))) == said


def test_of_people_with_a_part_in_their_target_a_number_keeps_its_part():
    history = kpi(figure("2023-01", 20), targets=(target("80.5"),), counts_people=True)
    assert str(text.tidy(Decimal("2.14"), state_of(history, "2023-02-01"))) == "2.1"


def test_of_several_overdue_the_oldest_is_named_and_those_only_due_are_not_counted():
    # November was due by 14 December, December by 16 January; January's figure is due in February.
    history = kpi(due_from=PlanDate.parse("2022-11"))
    assert text.due_text(state_of(history, "2023-02-01").due) == (
        "Data overdue: November 2022 and 1 more"
    )
    assert text.due_text(state_of(history, "2023-01-10").due) == "Data overdue: November 2022"


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("weeks", "week"),
        ("EHC plans", "EHC plan"),
        ("enquiries", "enquiry"),
        ("children", "child"),
        ("people", "person"),
        ("days from referral", "day from referral"),
        ("plans with a named officer", "plan with a named officer"),
        ("losses", "loss"),
        ("progress", "progress"),
        ("places in schools", "place in schools"),
        # Nobody would say "child and young person" of one.
        ("children and young people", "children and young people"),
        ("", ""),
    ],
)
def test_of_one_a_unit_is_said_in_the_singular(unit, one):
    assert text.one_of(unit) == one
    assert text.amount(Decimal(1), unit) == f"1 {one}"
    assert text.amount(Decimal("1.5"), unit) == f"1.5 {unit}"
    assert text.amount(Decimal(-1), unit) == f"-1 {one}"

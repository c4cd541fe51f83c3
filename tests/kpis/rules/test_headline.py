"""The finding of a measure: the fixed sentences, and which of them is said."""

import pytest

from kpis.rules.headline import finding
from tests.kpis.rules.pure_factories import figure, kpi, rebase, state_of, target


def found(history, unit="weeks", day="2024-01-15"):
    return finding(history, state_of(history, day), unit)


def monthly(values, first_year=2022):
    return [
        figure(f"{first_year + index // 12}-{index % 12 + 1:02}", value)
        for index, value in enumerate(values)
    ]


def test_without_a_figure_there_is_nothing_to_find():
    assert found(kpi()) == "No figure yet"
    assert found(kpi(awaits_baseline=True)) == "A baseline is awaited"
    assert found(kpi(figure("2022-01", status="missing"))) == "No figure yet"
    assert found(kpi(figure("2022-01", 5, status="projected"))) == "No figure yet"


def test_what_is_too_few_to_show_is_not_found_out_by_the_figure_before_it():
    history = kpi(figure("2022-01", 50), figure("2022-02", 3), counts_people=True)
    assert found(history) == "The newest figure is too few to show"


@pytest.mark.parametrize(
    ("judgement", "words"),
    [
        ("improved", "People say that it has improved"),
        ("no_change", "People say that nothing has changed"),
        ("worse", "People say that it has got worse"),
        ("not_known", "Nobody can say yet whether it has changed"),
    ],
)
def test_a_judgement_is_what_people_say(judgement, words):
    assert found(kpi(figure("2022-01", judgement=judgement), kind="qualitative")) == words


def test_a_chart_says_since_when_and_that_it_is_not_chance():
    # Twelve months about 50, then eight about 40: all eight lie below the mean of 46.
    values = [50, 52, 49, 51, 50, 48, 52, 50, 49, 51, 50, 52, 40, 41, 39, 40, 42, 40, 39, 41]
    history = kpi(*monthly(values), direction="lower")
    assert found(history) == "Better since January 2023, and not by chance"
    worse = kpi(*monthly(values), direction="higher")
    assert found(worse) == "Worse since January 2023, and not by chance"
    neither = kpi(*monthly(values), direction="neither")
    assert found(neither) == "Lower since January 2023, and not by chance"


def test_usual_variation_is_no_change_whatever_the_gap():
    values = [50, 52, 49, 51, 50, 48, 52, 50, 49, 51, 50, 52, 50]
    history = kpi(*monthly(values), direction="higher", targets=(target(60, "2024-06"),))
    assert found(history, "%") == "No change beyond chance; 10 percentage points below its target"


def test_without_icons_it_is_set_against_the_baseline():
    history = kpi(figure("2022-01", 52), baseline=50, direction="higher")
    assert found(history) == "2 weeks better than the baseline"
    assert found(kpi(figure("2022-01", 48), baseline=50)) == "2 weeks worse than the baseline"
    assert found(kpi(figure("2022-01", 50), baseline=50)) == "As at the baseline"
    neither = kpi(figure("2022-01", 48), baseline=50, direction="neither")
    assert found(neither) == "2 weeks lower than the baseline"


def test_both_clauses_stand_in_their_order():
    history = kpi(
        figure("2022-12", 60),
        baseline=50,
        baseline_on="2021-12-31",
        targets=(target(70, "2022-12"),),
    )
    assert found(history, "%") == (
        "10 percentage points better than the baseline; "
        "target missed, 10 percentage points below it"
    )


def test_a_change_in_per_cent_is_said_as_one():
    history = kpi(
        figure("2022-06", -7),
        kind="relative",
        direction="lower",
        is_percentage=True,
        targets=(target(10, "2022-06", "decrease_by"),),
    )
    assert (
        found(history, "%")
        == "Down 7% since the baseline; target missed, 3 percentage points above it"
    )


def test_a_running_total_is_not_set_against_its_baseline():
    history = kpi(
        figure("2022-09", 7), kind="cumulative", year="school", baseline=40, direction="lower"
    )
    assert found(history) == "The latest figure is of September 2022"


def test_a_signal_of_the_newest_month_alone_stands_in_it():
    # Twelve months about 50, and then 70, outside the limits.
    values = [50, 52, 49, 51, 50, 48, 52, 50, 49, 51, 50, 52, 70]
    assert found(kpi(*monthly(values))) == "Better in January 2023, and not by chance"
    neither = kpi(*monthly(values), direction="neither")
    assert found(neither) == "Higher in January 2023, and not by chance"


def test_a_signal_is_dated_from_the_months_figure_and_not_its_last_day_alone():
    values = [50, 52, 49, 51, 50, 48, 52, 50, 49, 51, 50, 52, 51, 70, 71]
    assert found(kpi(*monthly(values))) == "Better since February 2023, and not by chance"


def test_a_signal_goes_no_further_back_than_where_the_limits_were_last_set():
    # All of 2022 lies above its mean's upper limit at the end, and 2023 begins anew: the last
    # two of its thirteen months are high.
    first = [50, 52, 49, 51, 50, 48, 52, 50, 49, 51, 50, 90]
    second = [90, *[50, 52] * 6, 90]
    history = kpi(*monthly([*first, *second]), rebases=(rebase("2023-01"),))
    assert found(history, day="2024-03-15") == "Better in February 2024, and not by chance"


def test_too_few_months_for_a_signal_are_set_against_the_baseline():
    history = kpi(*monthly([50, 52, 49, 51, 70]), baseline=50)
    assert found(history) == "20 weeks better than the baseline"


@pytest.mark.parametrize(
    ("value", "direction", "words"),
    [
        ("50.5", "higher", "0.5 weeks better than the baseline"),
        ("49.5", "higher", "0.5 weeks worse than the baseline"),
        ("50.5", "lower", "0.5 weeks worse than the baseline"),
        ("50.5", "neither", "0.5 weeks higher than the baseline"),
        ("49.5", "neither", "0.5 weeks lower than the baseline"),
        ("50", "neither", "As at the baseline"),
    ],
)
def test_a_little_is_a_move_too(value, direction, words):
    assert found(kpi(figure("2022-01", value), baseline=50, direction=direction)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7, "Up 7% since the baseline"),
        ("0.5", "Up 0.5% since the baseline"),
        ("-0.5", "Down 0.5% since the baseline"),
        (0, "The latest figure is of June 2022"),
    ],
)
def test_a_change_in_per_cent_says_which_way_it_went(value, words):
    history = kpi(figure("2022-06", value), kind="relative", direction="lower", is_percentage=True)
    assert found(history, "%") == words


def test_a_percentage_that_is_no_change_is_set_against_its_baseline():
    history = kpi(figure("2022-06", 45), kind="rate", is_percentage=True, baseline=50)
    assert found(history, "%") == "5 percentage points worse than the baseline"
    change = kpi(figure("2022-06", 45), kind="relative", baseline=50)
    assert found(change) == "5 weeks worse than the baseline"


def test_without_baseline_and_target_the_month_alone_is_said():
    assert found(kpi(figure("2022-06", 45))) == "The latest figure is of June 2022"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("69.5", "0.5 weeks below its target"),
        (70, "At target"),
        ("70.5", "At target"),
    ],
)
def test_where_it_stands_is_its_gap_or_that_there_is_none(value, words):
    assert found(kpi(figure("2022-12", value), targets=(target(70),))) == words


def test_what_is_on_its_way_is_said_after_what_has_changed():
    history = kpi(
        figure("2022-12", 71),
        baseline=50,
        baseline_on="2021-12-31",
        targets=(target(70, "2022-12"),),
    )
    assert found(history) == "21 weeks better than the baseline; at target"


def test_the_gap_to_the_line_goes_before_that_to_the_target():
    # From 50 on 31 December 2021 to 100 on 31 December 2023, 730 days: 75 after 365 of them.
    history = kpi(
        figure("2022-12", 70),
        baseline=50,
        baseline_on="2021-12-31",
        targets=(target(100, "2023-12"),),
    )
    assert (
        found(history, day="2023-01-15")
        == "20 weeks better than the baseline; 5 weeks below its trajectory"
    )


def test_a_target_that_has_passed_without_a_figure_is_said_to_have():
    history = kpi(
        figure("2022-12", 70),
        baseline=50,
        baseline_on="2021-12-31",
        targets=(target(100, "2023-12"),),
    )
    assert found(history) == (
        "20 weeks better than the baseline; target passed, no figure since December 2022"
    )
    assert found(kpi(targets=(target(100, "2023-12"),))) == "Target passed, no figure"


def test_what_is_on_its_way_is_not_said_to_miss_a_target_to_come():
    # As above 75 are expected; 80 are on the way to the 100 of a year later.
    history = kpi(
        figure("2022-12", 80),
        baseline=50,
        baseline_on="2021-12-31",
        targets=(target(100, "2023-12"),),
    )
    assert found(history, day="2023-01-15") == ("30 weeks better than the baseline; on trajectory")


def test_a_comparison_says_that_it_is_one():
    history = kpi(
        figure("2022-12", 50, compared_with=60), kind="comparator", targets=(target(None),)
    )
    assert found(history) == "Below the others"

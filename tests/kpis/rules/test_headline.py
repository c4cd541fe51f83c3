"""The finding of a measure: the fixed sentences, and which of them is said."""

import pytest

from kpis.rules.headline import finding
from tests.kpis.rules.pure_factories import figure, kpi, state_of, target


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
        "10 percentage points better than the baseline; 10 percentage points below its trajectory"
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
        == "Down 7% since the baseline; 3 percentage points above its trajectory"
    )


def test_a_running_total_is_not_set_against_its_baseline():
    history = kpi(
        figure("2022-09", 7), kind="cumulative", year="school", baseline=40, direction="lower"
    )
    assert found(history) == "The latest figure is of September 2022"

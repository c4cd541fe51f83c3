"""Where a measure stands against its trajectory; the arithmetic stands in the comments."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rules.trajectory import (
    Dated,
    Direction,
    TrajectoryStatus,
    beside,
    expected_on,
    gap,
    reaches_on,
    tolerance,
)

LOWER, HIGHER = Direction.LOWER, Direction.HIGHER


def at(day, value):
    return Dated(date.fromisoformat(day), Decimal(str(value)))


# The longest wait of 1.1.1: 242 weeks at the start, 125 by June 2023, 13 or lower by March 2024.
WAITS = [at("2022-01-01", 242), at("2023-06-30", 125), at("2024-03-31", 13)]


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        ("2022-01-01", 242),
        ("2023-06-30", 125),
        ("2024-03-31", 13),
        # 275 days from 30 June 2023 to 31 March 2024; 110 of them are two fifths:
        # 125 - 112 * 2/5 = 80.2
        ("2023-10-18", "80.2"),
    ],
)
def test_the_line_is_straight_from_point_to_point(day, weeks):
    assert expected_on(WAITS, date.fromisoformat(day)).value == Decimal(str(weeks))


def test_before_the_first_and_after_the_last_point_it_is_flat_and_says_so():
    before = expected_on(WAITS, date(2021, 6, 1))
    after = expected_on(WAITS, date(2025, 1, 1))
    assert (before.value, before.is_before_first) == (242, True)
    assert (after.value, after.is_after_last) == (13, True)


def test_without_points_nothing_is_expected():
    assert expected_on([], date(2023, 1, 1)) is None


def test_a_gap_below_zero_falls_short_whichever_way_is_better():
    assert gap(Decimal("57.4"), Decimal(70), HIGHER) == Decimal("-12.6")
    assert gap(Decimal(171), Decimal(125), LOWER) == -46
    assert gap(Decimal(100), Decimal(125), LOWER) == 25


def test_the_tolerance_is_a_tenth_of_the_way():
    assert tolerance(WAITS) == Decimal("22.9")  # (242 - 13) / 10
    assert tolerance([at("2022-12-31", 80)]) == 8
    assert tolerance([]) == 0


@pytest.mark.parametrize(
    ("weeks", "where"),
    [
        ("125", TrajectoryStatus.ON),
        ("60", TrajectoryStatus.ON),
        ("125.1", TrajectoryStatus.NEAR),
        ("147.9", TrajectoryStatus.NEAR),  # 125 + 22.9
        ("148", TrajectoryStatus.OFF),
    ],
)
def test_on_near_and_off(weeks, where):
    assert beside(Decimal(weeks), Decimal(125), LOWER, Decimal("22.9")) is where


def test_a_target_without_a_baseline_is_compared_with_itself():
    points = [at("2022-12-31", 100)]
    for day in (date(2022, 6, 30), date(2023, 6, 30)):
        assert expected_on(points, day).value == 100
    assert tolerance(points) == 10
    for value, where in ((100, "on"), (90, "near"), ("89.9", "off")):
        assert beside(Decimal(value), Decimal(100), HIGHER, Decimal(10)) == where


def test_two_points_on_one_day_take_the_later():
    points = [at("2022-01-31", 10), at("2022-01-31", 20), at("2022-02-28", 30)]
    assert expected_on(points, date(2022, 1, 31)).value == 20


def test_at_the_present_rate_the_target_is_reached_by_a_day():
    # 242 to 222 in 100 days is a fifth of a week a day; from 222 to 125 are 97 weeks: 485 days.
    actuals = [at("2022-01-01", 242), at("2022-04-11", 222)]
    assert reaches_on(actuals, Decimal(125), LOWER) == date(2023, 8, 9)


def test_part_of_a_day_counts_as_a_whole_one():
    # 3 in 10 days; 1 more takes 3.33 days
    actuals = [at("2022-01-01", 0), at("2022-01-11", 3)]
    assert reaches_on(actuals, Decimal(4), HIGHER) == date(2022, 1, 15)


@pytest.mark.parametrize(
    "actuals",
    [
        [],
        [at("2022-01-01", 50)],
        [at("2022-01-01", 50), at("2022-06-30", 50)],  # stands still
        [at("2022-01-01", 50), at("2022-06-30", 48)],  # moves away
        [at("2022-01-01", 50), at("2022-06-30", "50.01")],  # centuries
    ],
)
def test_no_day_is_named_where_none_can_be(actuals):
    assert reaches_on(actuals, Decimal(70), HIGHER) is None


def test_what_is_reached_is_reached():
    assert reaches_on([at("2022-06-30", 70)], Decimal(70), HIGHER) == date(2022, 6, 30)


def test_a_first_and_a_last_point_are_on_the_line_and_not_beside_it():
    for day in ("2022-01-01", "2024-03-31"):
        found = expected_on(WAITS, date.fromisoformat(day))
        assert (found.is_before_first, found.is_after_last) == (False, False)
    assert not expected_on(WAITS, date(2021, 12, 31)).is_after_last
    assert not expected_on(WAITS, date(2024, 4, 1)).is_before_first


def test_two_values_a_day_apart_are_a_rate():
    # 1 a day: 3 more take 3 days.
    actuals = [at("2022-01-01", 50), at("2022-01-02", 51)]
    assert reaches_on(actuals, Decimal(54), HIGHER) == date(2022, 1, 5)


def test_a_slow_rate_is_a_rate():
    # 0.5 in 100 days; 1 more takes 200.
    actuals = [at("2022-01-01", 50), at("2022-04-11", "50.5")]
    assert reaches_on(actuals, Decimal("51.5"), HIGHER) == date(2022, 10, 28)


@pytest.mark.parametrize(
    ("target", "day"),
    [
        # 1 a day: ten years of 365 days from 2 January 2022 end on 31 December 2031.
        (51 + 3650, date(2031, 12, 31)),
        (51 + 3651, None),
    ],
)
def test_a_forecast_reaches_ten_years_and_no_further(target, day):
    actuals = [at("2022-01-01", 50), at("2022-01-02", 51)]
    assert reaches_on(actuals, Decimal(target), HIGHER) == day


def test_two_values_of_one_day_are_no_rate():
    actuals = [at("2022-01-01", 50), at("2022-01-01", 51)]
    assert reaches_on(actuals, Decimal(60), HIGHER) is None


def test_the_tolerance_of_a_line_that_ends_where_it_began_is_a_tenth_of_its_value():
    assert tolerance([at("2022-01-01", 80), at("2022-12-31", 80)]) == 8
    assert tolerance([at("2022-01-01", 80), at("2022-12-31", 0)]) == 8
    assert tolerance([at("2022-01-01", 0), at("2022-12-31", -80)]) == 8

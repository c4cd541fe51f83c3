"""Control charts against cases worked by hand; the arithmetic stands in the comments."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.dates import add_months
from kpis.rules.spc import control_chart

START = date(2022, 1, 1)


def months(values):
    return [(add_months(START, index), value) for index, value in enumerate(values)]


def chart(values, improvement="increase", **options):
    return control_chart(months(values), improvement=improvement, **options)


def labels(found):
    return [point.label for point in found.points]


# --- The worked example -----------------------------------------------------------------------

BASELINE = [62, 65, 61, 66, 63, 68, 60, 64, 67, 62, 66, 64]
# The mean is 768 / 12 = 64. The moving ranges 3 4 5 3 5 8 4 3 5 4 2 sum to 46, and 46 / 11 is
# 4.1818...; 2.66 times that is 11.12363636...
AFTER = [72, 66, 73, 76]


def test_the_worked_example_with_a_baseline():
    found = chart(
        [*BASELINE, *AFTER], baseline_length=12, targets=[(None, 55)], improvement="increase"
    )
    first, last = found.points[0], found.points[-1]
    assert first.mean == 64
    assert first.lower == pytest.approx(52.87636363636364, rel=1e-9)
    assert first.upper == pytest.approx(75.12363636363636, rel=1e-9)
    # Near limits: 64 - 7.41575... = 56.58424..., 64 + 7.41575... = 71.41575...
    assert [point.near for point in found.points[-4:]] == [True, False, True, False]
    assert labels(found)[:12] == ["common_cause"] * 12
    assert labels(found)[12:] == [
        "two_of_three_high",
        "common_cause",
        "two_of_three_high",
        "outside_high",
    ]
    assert [point.point_type for point in found.points[12:]] == [
        "improvement",
        "common_cause",
        "improvement",
        "improvement",
    ]
    assert not any(point.shift or point.trend for point in found.points)
    assert last.outside
    assert found.last_date == date(2023, 4, 1)
    assert (found.variation, found.assurance, found.target) == (
        "improvement_high",
        "inconsistent",
        55,
    )


@pytest.mark.parametrize(
    ("target", "assurance"), [(50, "pass"), (80, "fail"), (55, "inconsistent"), (None, None)]
)
def test_assurance_of_the_worked_example(target, assurance):
    found = chart([*BASELINE, *AFTER], baseline_length=12, targets=[(None, target)])
    assert found.assurance == assurance


def test_the_worked_example_without_a_baseline_has_no_signal():
    found = chart([*BASELINE, *AFTER])
    # 768 + 72 + 66 + 73 + 76 = 1055, / 16 = 65.9375; the ranges sum to 46 + 8 + 6 + 7 + 3 = 70,
    # / 15 = 4.6667, times 2.66 = 12.41333
    assert found.points[0].mean == 65.9375
    assert found.points[0].lower == pytest.approx(53.52416666666667, rel=1e-9)
    assert found.points[0].upper == pytest.approx(78.35083333333333, rel=1e-9)
    assert set(labels(found)) == {"common_cause"}
    assert found.variation == "common_cause"


# --- Limits -----------------------------------------------------------------------------------


def test_a_value_on_a_limit_is_near_and_not_outside():
    # Baseline of twelve: mean 0, every range 2 (1, -1, 1, ...), so the limits are 5.32 exactly.
    found = chart([1, -1] * 6 + [5.32, 5.33], baseline_length=12)
    on, beyond = found.points[-2:]
    assert (on.outside, on.near) == (False, True)
    assert (beyond.outside, beyond.near) == (True, False)


def test_a_value_on_a_near_limit_is_not_near():
    # Ranges of 3 give limits of 7.98 and near limits of 5.32.
    found = chart([1.5, -1.5] * 6 + [5.32, 5.33], baseline_length=12)
    assert [point.near for point in found.points[-2:]] == [False, True]


def test_a_constant_series_is_never_flagged_though_its_float_mean_is_off():
    found = chart([92.3] * 20)
    assert set(labels(found)) == {"common_cause"}
    assert {point.side for point in found.points} == {0}
    assert {point.lower for point in found.points} == {92.3}


def test_after_a_constant_baseline_any_other_value_is_outside():
    found = chart([92.3] * 12 + [92.4], baseline_length=12)
    assert found.points[-1].label == "outside_high"


def test_one_value_has_no_limits_and_no_assurance():
    found = chart([5], targets=[(None, 3)])
    assert (found.points[0].lower, found.points[0].upper) == (None, None)
    assert (found.variation, found.assurance) == ("common_cause", None)


def test_screening_leaves_great_ranges_out_once():
    values = [10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 60, 10, 11, 10, 11]
    # Ranges: ten of 1, then 50 and 50, then three of 1: 113 / 15 = 7.5333; 3.267 times that is
    # 24.61, so both 50s go and the mean of the thirteen left is 1.
    plain, screened = chart(values), chart(values, screen=True)
    assert plain.points[0].upper - plain.points[0].mean == pytest.approx(2.66 * 113 / 15)
    assert screened.points[0].upper - screened.points[0].mean == pytest.approx(2.66)
    assert screened.points[0].mean == plain.points[0].mean


@pytest.mark.parametrize(
    ("great", "mean_range"),
    [
        # Eleven steps of 8.733 and one of 35.937 sum to 132, / 12 = 11; 3.267 times 11 is 35.937:
        # a range on the limit is left out, and eleven equal ones are left.
        ("35.937", "8.733"),
        # Of 35.936 the limit is 3.267 * 131.999 / 12 = 35.9367, and all twelve stay.
        ("35.936", Fraction("131.999") / 12),
    ],
)
def test_a_moving_range_on_the_limit_of_the_screen_is_left_out(great, mean_range):
    step = Decimal("8.733")
    found = chart([0, step] * 6 + [step + Decimal(great)], screen=True)
    point = found.points[0]
    assert point.upper - point.mean == pytest.approx(2.66 * float(Fraction(mean_range)))


def test_screening_a_constant_series_leaves_its_limits_on_it():
    assert {point.upper for point in chart([5] * 13, screen=True).points} == {5}
    assert chart([5], screen=True).points[0].upper is None


def test_a_point_says_what_was_counted_of_it():
    # Mean 0, limits 5.32, near limits 3.5467; the baseline ends on -1.
    found = chart([1, -1] * 6 + [4, Decimal("-4.5"), 6], baseline_length=12)
    first, *_, high, low, out = found.points
    assert (first.date, first.value, first.phase, first.side) == (START, 1, 0, 1)
    assert (first.lower, first.upper) == (pytest.approx(-5.32), pytest.approx(5.32))
    assert (high.side, high.near, high.outside) == (1, True, False)
    assert (low.value, low.side, low.near, low.outside) == (-4.5, -1, True, False)
    assert (out.side, out.near, out.outside) == (1, False, True)
    assert (first.label, first.point_type) == ("common_cause", "common_cause")
    assert not any((first.trend, first.two_of_three, first.shift))


@pytest.mark.parametrize(("length", "short"), [(12, True), (13, False)])
def test_a_phase_of_fewer_than_thirteen_values_is_short(length, short):
    assert {point.short for point in chart([1, 2] * 6 + [1] * (length - 12)).points} == {short}


def test_a_baseline_of_twelve_is_long_enough_and_of_eleven_is_not():
    assert chart([1, -1] * 6, baseline_length=12).points
    with pytest.raises(ValueError, match=r"^a baseline needs at least 12 values$"):
        chart([1, -1] * 6, baseline_length=11)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"improvement": "up"}, "unknown direction of improvement: 'up'"),
        ({"two_of_three": "all"}, "unknown variant of two of three: 'all'"),
        ({"targets": [(None, 1), (None, 2)]}, "two targets start on the same date"),
    ],
)
def test_why_there_is_no_chart_is_said(options, words):
    with pytest.raises(ValueError, match=f"^{words}$"):
        control_chart(months([1, 2]), **{"improvement": "increase", **options})


@pytest.mark.parametrize(
    "number", [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity")]
)
def test_what_is_no_value_is_named(number):
    with pytest.raises(ValueError, match=f"^{number} is no value$"):
        control_chart([(START, number)], improvement="increase")


def test_two_observations_of_one_day_are_named():
    with pytest.raises(ValueError, match=r"^two observations for 2022-01-01$"):
        control_chart([(START, 1), (START, 2)], improvement="increase")


def test_limits_are_not_clipped_at_a_hundred():
    found = chart([95, 99, 94, 100, 95, 99, 94, 100, 95, 99, 94, 100, 96])
    assert found.points[0].upper > 100


# --- Trend, shift, two of three ---------------------------------------------------------------


def test_a_trend_of_seven_is_marked_in_full():
    found = chart([50, 40, 60, 45, 46, 47, 48, 49, 50, 51])
    assert [point.trend for point in found.points] == [False] * 3 + [True] * 7


def test_six_rising_values_are_no_trend_and_a_tie_ends_one():
    assert not any(point.trend for point in chart([1, 2, 3, 4, 5, 6]).points)
    assert not any(point.trend for point in chart([1, 2, 3, 4, 4, 5, 6, 7]).points)


@pytest.mark.parametrize(
    ("values", "marked"),
    [
        # Seven values rise in six steps; six values in five.
        ([1, 2, 3, 4, 5, 6, 7], range(7)),
        ([7, 6, 5, 4, 3, 2, 1], range(7)),
        ([1, 2, 3, 4, 5, 6], range(0)),
        ([5, 4, 5, 6, 7, 8, 9, 10, 10], range(1, 8)),
        ([10, 10, 4, 5, 6, 7, 8, 9, 10], range(2, 9)),
        # Equal values are no trend, however many.
        ([5] * 9, range(0)),
    ],
)
def test_a_trend_is_the_values_that_its_steps_join(values, marked):
    found = chart(values)
    assert [index for index, point in enumerate(found.points) if point.trend] == list(marked)


def test_the_turning_point_of_two_trends_belongs_to_the_later_one():
    # Up to 7 and down again: the peak ends the rise and begins the fall. The limits are far away.
    found = chart([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1], improvement="increase")
    assert [point.trend for point in found.points] == [True] * 13
    # The mean is 49 / 13 and each range 1: the ends and the peak lie outside 1.11 and 6.43.
    assert labels(found)[1:6] == ["trend_up"] * 5
    assert labels(found)[7:12] == ["trend_down"] * 5
    assert [point.point_type for point in found.points[1:6]] == ["improvement"] * 5
    assert [point.point_type for point in found.points[7:12]] == ["concern"] * 5
    wide = [*[0, 30] * 6, 10, 11, 12, 13, 14, 15, 16, 15, 14, 13, 12, 11, 10]
    assert chart(wide).points[18].label == "trend_down"


def test_a_falling_trend_goes_by_its_way_whatever_the_side():
    # The baseline is 0 and wide: limits 26.6 either way. The fall from 8 to 2 stays above the mean.
    base = [5, -5] * 6
    found = chart([*base, 8, 7, 6, 5, 4, 3, 2], baseline_length=12)
    last = found.points[-1]
    assert (last.side, last.outside, last.label) == (1, False, "trend_down")
    assert (last.point_type, found.variation) == ("concern", "concern_low")
    better = chart([*base, 8, 7, 6, 5, 4, 3, 2], improvement="decrease", baseline_length=12)
    assert (better.points[-1].point_type, better.variation) == ("improvement", "improvement_low")
    rise = chart([*base, -8, -7, -6, -5, -4, -3, -2], baseline_length=12)
    assert (rise.points[-1].side, rise.variation) == (-1, "improvement_high")
    neither = chart([*base, 8, 7, 6, 5, 4, 3, 2], improvement="neutral", baseline_length=12)
    assert (neither.points[-1].point_type, neither.variation) == ("neutral_low", "neutral_low")


@pytest.mark.parametrize(
    ("after", "marked"),
    [
        # The baseline ends on -1, so each run begins with the values given.
        ([1, 2, 1, 2, 1, 2], range(0)),
        ([1, 2, 1, 2, 1, 2, 1], range(12, 19)),
        ([1, 2, 1, 2, 1, 2, 1, -1], range(12, 19)),
        ([1, -1, -2, -1, -2, -1, -2, -1], range(13, 20)),
        ([0, 1, 2, 1, 2, 1, 2, 1], range(13, 20)),
        ([0] * 8, range(0)),
    ],
)
def test_a_shift_is_seven_in_a_row_on_one_side(after, marked):
    found = chart([1, -1] * 6 + after, baseline_length=12)
    assert [index for index, point in enumerate(found.points) if point.shift] == list(marked)


def test_a_shift_says_its_side_and_low_is_a_concern_where_more_is_better():
    low = chart([-1, 1] * 6 + [-1, -2, -1, -2, -1, -2, -1], baseline_length=12)
    assert (low.points[-1].label, low.points[-1].point_type) == ("shift_low", "concern")
    assert low.variation == "concern_low"
    high = chart([1, -1] * 6 + [1, 2, 1, 2, 1, 2, 1], baseline_length=12)
    assert (high.points[-1].label, high.variation) == ("shift_high", "improvement_high")


def test_the_first_signal_that_applies_is_said():
    # Seven on one side, rising, the last two near their limit (3.5467), then one outside (5.32).
    base = [1, -1] * 6
    rising = [*base, Decimal("0.1"), Decimal("0.2"), Decimal("0.3"), 1, 2, 4, 5]
    trend = chart(rising, baseline_length=12).points[-1]
    assert (trend.trend, trend.two_of_three, trend.shift) == (True, True, True)
    assert trend.label == "trend_up"
    assert chart([*rising, 6], baseline_length=12).points[-1].label == "outside_high"
    pair = chart([*base, 1, 1, 1, 1, 1, 4, 4], baseline_length=12).points[-1]
    assert (pair.trend, pair.two_of_three, pair.shift) == (False, True, True)
    assert pair.label == "two_of_three_high"
    low = chart([-1, 1] * 6 + [-4, -4, -1], baseline_length=12)
    assert low.points[-2].label == "two_of_three_low"
    assert chart([-1, 1] * 6 + [-6], baseline_length=12).points[-1].label == "outside_low"


def test_a_turning_point_takes_the_later_trend():
    found = chart([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1])
    assert [point.label for point in found.points if point.label.startswith("trend")][6] == (
        "trend_down"
    )
    assert found.points[6].label in ("trend_down", "outside_high")


def test_a_falling_trend_above_the_mean_is_a_concern():
    found = chart([10] * 14 + [40, 39, 38, 37, 36, 35, 34], baseline_length=None)
    last = found.points[-1]
    assert last.trend
    assert last.side == 1
    if not last.outside:
        assert (last.label, last.point_type) == ("trend_down", "concern")
        assert found.variation == "concern_low"


def test_a_shift_of_seven_ends_at_a_value_on_the_mean():
    # mean 0 by the baseline; six above, one on the mean, six above: no shift
    base = [1, -1] * 6
    quiet = chart([*base, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1], baseline_length=12)
    # The baseline ends on -1, so neither six is joined to it.
    assert not any(point.shift for point in quiet.points)
    found = chart([*base, 1, 1, 1, 1, 1, 1, 1], baseline_length=12)
    assert [point.shift for point in found.points[-7:]] == [True] * 7
    assert found.points[-1].label == "shift_high"


@pytest.mark.parametrize(
    ("last_three", "marked"),
    [
        ([4, 4, 1], [True, True, False]),
        ([4, 1, 4], [True, False, True]),
        ([4, 4, 4], [True, True, True]),
        ([4, 0, 4], [False, False, False]),  # one on the mean spoils it
        ([4, -1, 4], [False, False, False]),  # one on the other side spoils it
        ([4, 1, 1], [False, False, False]),
        ([6, 4, 1], [False, False, False]),  # outside is not near
    ],
)
def test_two_of_three_near_a_limit(last_three, marked):
    # Limits 5.32, near limits 3.5467; the baseline ends on -1.
    found = chart([1, -1] * 6 + last_three, baseline_length=12)
    assert [point.two_of_three for point in found.points[-3:]] == marked


def test_the_variant_counts_values_outside_too():
    found = chart([1, -1] * 6 + [6, 4, 1], baseline_length=12, two_of_three="near_or_outside")
    assert [point.two_of_three for point in found.points[-3:]] == [True, True, False]
    assert [point.label for point in found.points[-3:]] == [
        "outside_high",
        "two_of_three_high",
        "common_cause",
    ]


# --- Direction --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("improvement", "point_type", "variation", "assurance"),
    [
        ("increase", "improvement", "improvement_high", "fail"),
        ("decrease", "concern", "concern_high", "pass"),
        ("neutral", "neutral_high", "neutral_high", None),
    ],
)
def test_the_direction_decides_what_high_means(improvement, point_type, variation, assurance):
    found = chart(
        [1, -1] * 6 + [9], improvement=improvement, baseline_length=12, targets=[(None, 20)]
    )
    assert found.points[-1].point_type == point_type
    assert (found.variation, found.assurance) == (variation, assurance)


def test_variation_looks_at_the_last_value_alone():
    found = chart([1, -1] * 6 + [9, 0, None, None], baseline_length=12)
    assert found.variation == "common_cause"
    assert found.last_date == date(2023, 2, 1)


# --- Gaps, phases, targets --------------------------------------------------------------------


def test_a_gap_makes_neighbours_and_is_never_zero():
    with_gap = chart([1, None, 2, None, None, 3])
    assert [point.value for point in with_gap.points] == [1, 2, 3]
    assert with_gap.points[0].upper == pytest.approx(2 + 2.66)


def test_a_rebase_starts_a_phase_at_the_next_value():
    values = [1, -1] * 6 + [None] + [101, 99] * 7
    # January 2023 has no value, so the phase starts in February.
    found = chart(values, rebases=[date(2023, 1, 10), date(2023, 1, 1)])
    assert [point.phase for point in found.points] == [0] * 12 + [1] * 14
    assert (found.points[0].mean, found.points[-1].mean) == (0, 100)
    assert (found.points[0].short, found.points[-1].short) == (True, False)
    assert set(labels(found)) == {"common_cause"}


@pytest.mark.parametrize("day", [date(2021, 1, 1), date(2022, 1, 1), date(2030, 1, 1)])
def test_a_rebase_before_or_after_all_values_has_no_effect(day):
    assert {point.phase for point in chart([1, 2, 3, 4], rebases=[day]).points} == {0}


def test_no_run_crosses_a_rebase():
    found = chart([1, 2, 3, 4, 5, 6, 7, 8], rebases=[date(2022, 5, 1)])
    assert not any(point.trend for point in found.points)


def test_each_phase_has_its_own_baseline():
    values = [1, -1] * 6 + [9] + [11, 9] * 6 + [30]
    found = chart(values, rebases=[date(2023, 2, 1)], baseline_length=12)
    assert found.points[12].outside
    assert found.points[-1].outside
    assert found.points[-1].mean == 10


@pytest.mark.parametrize(
    ("day", "phases"),
    [
        # Values stand on the first of each month.
        (date(2022, 2, 28), [0, 0, 1, 1]),
        (date(2022, 3, 1), [0, 0, 1, 1]),
        (date(2022, 3, 2), [0, 0, 0, 1]),
    ],
)
def test_a_phase_begins_with_the_first_value_on_or_after_its_day(day, phases):
    assert [point.phase for point in chart([1, 2, 3, 4], rebases=[day]).points] == phases


def test_several_rebases_in_any_order_make_as_many_phases():
    days = [date(2022, 5, 1), date(2022, 3, 1), date(2022, 3, 1)]
    found = chart([1, 2, 3, 4, 5, 6], rebases=days)
    assert [point.phase for point in found.points] == [0, 0, 1, 1, 2, 2]
    assert [point.mean for point in found.points[::2]] == [1.5, 3.5, 5.5]


def test_the_last_phase_alone_is_set_against_the_target():
    # 0 and its limits of 5.32 would pass a target of 20 that less is better than; 100 fails it.
    values = [1, -1] * 6 + [101, 99] * 6
    found = chart(values, improvement="decrease", rebases=[date(2023, 1, 1)], targets=[(None, 20)])
    assert found.assurance == "fail"


def test_two_values_are_the_least_that_have_limits():
    # One range of 2: limits at 2 plus and minus 5.32.
    first = chart([1, 3]).points[0]
    assert (first.lower, first.upper) == (pytest.approx(-3.32), pytest.approx(7.32))


def test_a_target_begins_on_its_own_day():
    goals = [(date(2022, 3, 1), 20)]
    assert chart([1, 2], targets=goals).target is None
    assert chart([1, 2, 3], targets=goals).target == 20
    assert chart([1, 2, 3], targets=[(date(2022, 3, 1), 20), (None, 10)]).target == 20


@pytest.mark.parametrize(
    ("target", "more_is_better", "less_is_better"),
    [
        ("5.33", "fail", "pass"),
        ("5.32", "inconsistent", "inconsistent"),
        ("-5.32", "inconsistent", "inconsistent"),
        ("-5.33", "pass", "fail"),
    ],
)
def test_a_target_is_set_against_the_limits(target, more_is_better, less_is_better):
    def assurance(improvement):
        return chart(
            [1, -1] * 6, improvement=improvement, targets=[(None, Decimal(target))]
        ).assurance

    assert assurance("increase") == more_is_better
    assert assurance("decrease") == less_is_better
    assert assurance("neutral") is None


def test_the_target_in_force_is_the_latest_begun():
    goals = [(None, 10), (date(2022, 3, 1), 20), (date(2022, 6, 1), None), (date(2023, 1, 1), 5)]
    assert chart([1, 2, 3], targets=goals).target == 20
    assert chart([1, 2], targets=goals).target == 10
    assert chart([1, 2, 3, 4, 5, 6], targets=goals).target is None
    assert chart([1, 2, 3], targets=[(None, 0)]).target == 0


def test_a_target_on_a_limit_is_inconsistent():
    for target in (Decimal("5.32"), -5.32):
        found = chart([1, -1] * 6, targets=[(None, target)])
        assert found.assurance == "inconsistent"


def test_nothing_gives_nothing():
    found = control_chart([], improvement="increase")
    assert (found.points, found.last_date, found.variation) == ((), None, None)
    assert (found.target, found.assurance) == (None, None)
    assert control_chart([(START, None)], improvement="increase") == found


@pytest.mark.parametrize(
    "options",
    [
        {"observations": [(START, 1), (START, 2)]},
        {"observations": [(START, 1), (START, None)]},
        {"observations": [(START, float("nan"))]},
        {"observations": [(START, 1)], "baseline_length": 11},
        {"observations": [(START, 1)], "improvement": "up"},
        {"observations": [(START, 1)], "two_of_three": "all"},
        {"observations": [(START, 1)], "targets": [(None, 1), (None, 2)]},
    ],
)
def test_what_makes_no_chart_is_refused(options):
    with pytest.raises(ValueError, match=r"."):
        control_chart(**{"improvement": "increase", **options})


def test_numbers_of_all_kinds_mix():
    found = control_chart(
        [(START, 1), (START + timedelta(1), 1.5), (START + timedelta(2), Decimal("2.0"))],
        improvement="increase",
    )
    assert found.points[0].mean == 1.5


# --- Properties -------------------------------------------------------------------------------

_tenths = st.integers(min_value=-500, max_value=500).map(lambda tenths: Decimal(tenths) / 10)
_series = st.lists(st.one_of(_tenths, st.none()), min_size=1, max_size=40)


@given(_series, _tenths)
def test_adding_a_constant_changes_no_flag(values, shift):
    moved = [None if value is None else value + shift for value in values]
    assert labels(chart(values)) == labels(chart(moved))


@given(_series)
def test_mirroring_turns_high_into_low_and_the_direction_round(values):
    mirrored = [None if value is None else -value for value in values]
    one, other = chart(values, "increase"), chart(mirrored, "decrease")
    assert [p.point_type for p in one.points] == [p.point_type for p in other.points]
    assert [p.side for p in one.points] == [-p.side for p in other.points]


@given(_series, st.randoms())
def test_the_order_of_observations_does_not_matter(values, random):
    rows = months(values)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert control_chart(rows, improvement="increase") == control_chart(
        shuffled, improvement="increase"
    )


@given(_tenths, st.integers(min_value=1, max_value=40))
def test_a_constant_series_is_never_flagged(value, length):
    assert set(labels(chart([float(value)] * length))) == {"common_cause"}


@given(st.lists(_tenths, min_size=2, max_size=30))
def test_limits_agree_with_the_formula(values):
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    ranges = [abs(b - a) for a, b in pairwise(exact)]
    spread = Fraction("2.66") * sum(ranges) / len(ranges)
    point = chart(values).points[0]
    assert point.mean == pytest.approx(float(mean), rel=1e-9, abs=1e-9)
    assert point.upper == pytest.approx(float(mean + spread), rel=1e-9, abs=1e-9)

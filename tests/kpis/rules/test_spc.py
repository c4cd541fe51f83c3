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
    observations = options.pop("observations")
    with pytest.raises(ValueError, match=r"."):
        control_chart(observations, **{"improvement": "increase", **options})


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

"""Which figures are far from what their KPI does, by hand."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rules.jumps import is_far
from kpis.rules.spc import control_chart


@pytest.mark.parametrize(
    ("value", "before", "far"),
    [
        (20, None, False),
        (21, 20, False),
        # Five times, and just under.
        (100, 20, True),
        (99, 20, False),
        # A fifth, and just over.
        (4, 20, True),
        ("4.1", 20, False),
        # A slip of a key in both directions.
        (2170, 217, True),
        (21, 217, True),
        # Small numbers jump by themselves.
        (9, 1, False),
        (10, 1, True),
        (0, 9, False),
        (0, 10, True),
        (10, 0, True),
        (0, 0, False),
        # Of a change in per cent, how large it is counts, and not its sign.
        (-50, -10, True),
        (-12, 12, False),
    ],
)
def test_without_limits_five_times_the_figure_before_is_far(value, before, far):
    last = None if before is None else Decimal(before)
    assert is_far(Decimal(value), None, last) is far


def chart(*values):
    """The mean moving range of 10, 12, 10, 12 … is 2: the limits are 2.66 × 2 from the mean."""
    observations = [(date(2022, number, 1), value) for number, value in enumerate(values, start=1)]
    return control_chart(observations, improvement="decrease")


@pytest.mark.parametrize(
    ("value", "far"),
    [
        # The mean is 11, the limits are 5.68 and 16.32, and 10.64 apart: half of it is 5.32.
        (11, False),
        ("16.4", False),
        ("21.6", False),
        ("21.7", True),
        ("0.4", False),
        ("0.3", True),
    ],
)
def test_with_limits_half_their_distance_outside_them_is_far(value, far):
    regular = chart(*[10, 12] * 5)
    last = regular.points[-1]
    assert (round(last.lower, 2), round(last.upper, 2)) == (5.68, 16.32)
    # The figure before would say otherwise, and is not asked.
    assert is_far(Decimal(value), regular, Decimal(1)) is far


def test_where_nothing_moved_the_figure_before_is_asked():
    still = chart(*[20] * 10)
    assert is_far(Decimal(100), still, Decimal(20))
    assert not is_far(Decimal(30), still, Decimal(20))

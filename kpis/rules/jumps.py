"""A figure far from what its KPI does, about which its sender is asked once more. Pure.

1. Where there is a control chart, it is far from the limits of the last phase: outside them by more
   than half of what lies between them. A figure just outside is a signal and no slip of a key.
2. Without limits, it is five times the figure before, or a fifth of it, where the larger of the two
   is at least ten: from one to five is no jump.
3. Nothing is far where nothing was said before. Of a running total that begins its year again from
   nothing, the figure before is of another year and says nothing.

It is a question, not a refusal: a figure may be right and far.
"""

from decimal import Decimal

from kpis.rules.spc import ControlChart

TIMES = 5
LEAST = 10


def is_far(value: Decimal, chart: ControlChart | None, before: Decimal | None) -> bool:
    """Whether a new value, in the KPI's unit, is far from what was said so far."""
    limits = _limits(chart)
    if limits is not None:
        lower, upper = limits
        beyond = (upper - lower) / 2
        return value < lower - beyond or value > upper + beyond
    if before is None:
        return False
    small, large = sorted((abs(value), abs(before)))
    return large >= LEAST and large >= TIMES * small


def _limits(chart: ControlChart | None) -> tuple[Decimal, Decimal] | None:
    """Of the last phase; None where it has none, or where nothing ever moved."""
    if chart is None or not chart.points:
        return None
    last = chart.points[-1]
    if last.lower is None or last.upper is None or last.lower == last.upper:
        return None
    return Decimal(str(last.lower)), Decimal(str(last.upper))

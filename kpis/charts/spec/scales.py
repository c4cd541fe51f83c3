"""Round numbers for an axis of values. Standard library only."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil, floor, log10

# Gridlines, about.
LINES = 6
HUNDRED = Decimal(100)


def round_scale(values: Sequence[Decimal], unit: str, lines: int = LINES) -> list[Decimal]:
    """Round numbers that hold the values, with room around them, in about so many lines.

    Without a value, those from 0 to 1. There is no room below nought or above a hundred per cent
    where no value is.
    """
    low, high = (min(values), max(values)) if values else (Decimal(0), Decimal(1))
    room = (high - low) / 20 or abs(high) / 2 or Decimal(1)
    bottom = max(low - room, Decimal(0)) if low >= 0 else low - room
    top = min(high + room, HUNDRED) if unit == "%" and high <= HUNDRED else high + room
    return _round_numbers(bottom, top, lines)


def count_scale(highest: Decimal) -> list[Decimal]:
    """From nought; nobody counts half a commitment."""
    return _round_numbers(Decimal(0), max(highest, Decimal(1)), LINES, least=Decimal(1))


def _round_numbers(
    low: Decimal, high: Decimal, lines: int, least: Decimal = Decimal(0)
) -> list[Decimal]:
    power = Decimal(10) ** floor(log10((high - low) / 5))
    steps = [step for number in (1, 2, 5, 10) if (step := power * number) >= least] or [least]
    scales = [
        [step * number for number in range(floor(low / step), ceil(high / step) + 1)]
        for step in steps
    ]
    return min(scales, key=lambda scale: abs(len(scale) - lines))

"""What a plan asks of a measure, in words: where it starts and where it should be by when."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from actions.dates import PlanDate


@dataclass(frozen=True, slots=True)
class KpiWords:
    code: str
    title: str
    words: str
    note: str


def kpi_words(kpi: Any) -> KpiWords:
    """A KPI with its baseline and targets; `points` are its targets as JSON, in print order."""
    parts = []
    if kpi.baseline is not None:
        parts.append(f"from {amount(kpi.baseline, kpi.unit)}")
    parts += [_target(point, kpi) for point in kpi.points]
    return KpiWords(kpi.code, kpi.title, ", ".join(parts) or "no target given", kpi.note)


_OPERATORS = {
    "at_least": "to at least {}",
    "at_most": "to {} or less",
    "exactly": "to {}",
    "increase_by": "up by {}",
    "decrease_by": "down by {}",
}


def _target(point: dict[str, Any], kpi: Any) -> str:
    if point["value"] is None:
        words = f"in line with {kpi.comparator or 'the comparison'}, or better"
    else:
        value = amount(Decimal(str(point["value"])), kpi.unit)
        words = _OPERATORS[point["operator"]].format(value)
    if point["on"]:
        when = PlanDate(date.fromisoformat(point["on"]), point["is_day"])
        words += f" by {when}"
    return words


def amount(value: Decimal, unit: str) -> str:
    """`52.9%`, `125 weeks`: without the zeros a column keeps behind the point."""
    figure = f"{value:,f}"
    if "." in figure:
        figure = figure.rstrip("0").rstrip(".")
    return f"{figure}%" if unit == "%" else f"{figure} {unit}"

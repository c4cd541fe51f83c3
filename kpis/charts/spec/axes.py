"""Where the things of a figure stand, for everybody who draws it. Standard library only."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from actions.rules.dates import PlanDate, last_day_of_month
from kpis.charts.spec.parts import Figure, Kind, Role, Series, Tick
from kpis.charts.spec.scales import count_scale, round_scale

# Months along an axis, at most.
MOST = 13


@dataclass(frozen=True, slots=True)
class AxisLabel:
    at: float
    text: str
    year: str
    is_last: bool


def axis_labels(figure: Figure) -> list[AxisLabel]:
    """Months along the axis, no more than fit, with their years; the last period's is one."""
    if not figure.x:
        return []
    most = MOST if figure.kind is Kind.MEASURE else min(MOST, len(figure.x))
    by_month = {PlanDate.month_of(tick.on).month_number: tick for tick in figure.x}
    first, last = min(by_month), max(by_month)
    spoken = [number for number, tick in by_month.items() if _is_spoken(figure, tick)]
    anchor = max(spoken, default=last)
    steps = (1, 3, 6, 12, 24, 60)
    step = next((months for months in steps if (last - first) / months < most), 120)
    numbers = [number for number in range(first, last + 1) if (anchor - number) % step == 0]
    labels: list[AxisLabel] = []
    year_before = 0
    for number in numbers:
        year, month = divmod(number, 12)
        day = last_day_of_month(date(year, month + 1, 1))
        labels.append(
            AxisLabel(
                at=by_month[number].at if number in by_month else _at_day(figure, day),
                text=PlanDate.month_of(day).short.split()[0],
                year=str(year) if year != year_before else "",
                is_last=number == anchor,
            )
        )
        year_before = year
    return labels


def _is_spoken(figure: Figure, tick: Tick) -> bool:
    """Whether the tick is the end of what has happened, or might be."""
    actual = figure.of(Role.ACTUAL)
    if actual is None:
        return tick.is_period
    return actual.values[figure.x.index(tick)] is not None


def _at_day(figure: Figure, day: date) -> float:
    if figure.kind is Kind.MEASURE:
        return float(day.toordinal())
    first = PlanDate.month_of(figure.x[0].on)
    return float(first.months_until(PlanDate.month_of(day)))


def span(figure: Figure) -> tuple[float, float]:
    """The ends of the x axis: half a step before the first tick and after the last."""
    places = [tick.at for tick in figure.x]
    if len(places) < 2:
        middle = places[0] if places else 0.0
        return (middle - 15, middle + 15) if figure.kind is Kind.MEASURE else (-0.5, 0.5)
    if figure.kind is not Kind.MEASURE:
        return places[0] - 0.5, places[-1] + 0.5
    half = min(later - earlier for earlier, later in pairwise(places)) / 2
    return places[0] - half, places[-1] + half


# Of others a value a year is usual, beside a figure a month.
_JOINED = {Role.PROJECTED, Role.COMPARATOR}


def stretches(figure: Figure, series: Series) -> list[list[tuple[float, Decimal]]]:
    """The unbroken lines of a series, as places and values. A gap is between two of them."""
    if series.role.is_stepped:
        return _steps(figure, series)
    lines: list[list[tuple[float, Decimal]]] = [[]]
    if series.role is Role.PROJECTED:
        lines[0] += _last_actual(figure, series)
    for tick, value in zip(figure.x, series.values, strict=True):
        if value is not None:
            lines[-1].append((tick.at, value))
        elif tick.is_period and lines[-1] and series.role not in _JOINED:
            lines.append([])
    return [line for line in lines if line]


def _last_actual(figure: Figure, projected: Series) -> list[tuple[float, Decimal]]:
    """What is projected goes on from the last period that has happened."""
    actual = figure.of(Role.ACTUAL)
    if actual is None:
        return []
    first = next(index for index, value in enumerate(projected.values) if value is not None)
    earlier = [
        (tick.at, value)
        for tick, value in zip(figure.x[:first], actual.values[:first], strict=True)
        if value is not None
    ]
    return earlier[-1:]


def _steps(figure: Figure, series: Series) -> list[list[tuple[float, Decimal]]]:
    left, right = span(figure)
    places = [tick.at for tick in figure.x]
    edges = [left, *((a + b) / 2 for a, b in pairwise(places)), right]
    lines: list[list[tuple[float, Decimal]]] = []
    for index, value in enumerate(series.values):
        if value is None:
            continue
        goes_on = index and series.values[index - 1] is not None
        # A target's steps are joined; limits that are set anew are not.
        if not goes_on or (index in series.starts and series.role is not Role.TARGET):
            lines.append([])
        line = lines[-1]
        if line and line[-1][1] == value:
            line[-1] = (edges[index + 1], value)
        else:
            line += [(edges[index], value), (edges[index + 1], value)]
    return lines


def value_scale(figure: Figure) -> list[Decimal]:
    """Round numbers that hold every value of the figure. Only columns must begin at nought."""
    if figure.kind is Kind.RATINGS:
        columns = zip(*(series.values for series in figure.series), strict=True)
        return count_scale(max([sum(filter(None, parts), Decimal()) for parts in columns]))
    values = [value for series in figure.series for value in series.values if value is not None]
    return round_scale(values, figure.value_unit)


def narrowed(figure: Figure, most: int = 5) -> Figure:
    """The figure at its last tick and every third before, for a narrow screen."""
    kept = sorted(range(len(figure.x) - 1, -1, -3)[:most])
    return replace(
        figure,
        x=tuple(replace(figure.x[index], at=float(at)) for at, index in enumerate(kept)),
        series=tuple(
            replace(
                series,
                values=tuple(series.values[index] for index in kept),
                words=tuple(series.words[index] for index in kept),
            )
            for series in figure.series
        ),
    )

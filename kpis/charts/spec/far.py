"""Targets that are far from the figures, which would squeeze them into a line at the edge."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from actions.rules.dates import PlanDate
from kpis.charts.spec.parts import Far, Gap, Role, Series, Tick, short_text
from kpis.charts.spec.scales import round_scale
from kpis.rules.text import amount

# A KPI with fewer figures shows no course that a target could squeeze.
ENOUGH = 6
# Lines of the second panel, which is low.
FEW = 4
AWAY = {Role.TARGET, Role.TRAJECTORY}


def far_of(x: Sequence[Tick], series: Sequence[Series], unit: str) -> Far | None:
    """Where target and path would take over half of the axis; None where all have room."""
    by_role = {one.role: one for one in series}
    actual = by_role.get(Role.ACTUAL)
    if actual is None or len(_values([actual])) < ENOUGH:
        return None
    near = _values([one for one in series if one.role not in AWAY])
    everything = _values(series)
    reach = max(near) - min(near)
    if not reach or 2 * reach >= max(everything) - min(everything):
        return None
    scale = round_scale(near, unit)
    last = max(index for index, value in enumerate(actual.values) if value is not None)
    name, distance, is_below = _next_beyond(x, by_role, scale, last, unit)
    return Far(
        scale=tuple(scale),
        whole=tuple(round_scale(everything, unit, FEW)),
        name=name,
        distance=distance,
        is_below=is_below,
        gap=_gap(x, actual, by_role.get(Role.TRAJECTORY), last, unit),
    )


def _values(series: Sequence[Series]) -> list[Decimal]:
    return [value for one in series for value in one.values if value is not None]


def _next_beyond(
    x: Sequence[Tick],
    by_role: Mapping[Role, Series],
    scale: Sequence[Decimal],
    last: int,
    unit: str,
) -> tuple[str, tuple[str, ...], bool]:
    """The first target, from the latest figure on, that the axis does not reach."""
    target = by_role.get(Role.TARGET)
    for level in target.values[last:] if target else ():
        if level is None or scale[0] <= level <= scale[-1]:
            continue
        is_below = level < scale[0]
        edge = scale[0] if is_below else scale[-1]
        away = f"{amount(abs(edge - level), unit)} {'below' if is_below else 'above'} this edge"
        due = _due(x, by_role.get(Role.TRAJECTORY), level, last)
        name = f"Target {short_text(level, unit)} {'↓' if is_below else '↑'}"
        return name, (due, away) if due else (away,), is_below
    return "", (), False


def _due(x: Sequence[Tick], path: Series | None, level: Decimal, last: int) -> str:
    """By when the path comes to the level."""
    dated = sorted(path.starts) if path else []
    days = [
        x[index].on for index in dated if index >= last and path and path.values[index] == level
    ]
    return f"by {PlanDate.month_of(days[0])}" if days else ""


def _gap(
    x: Sequence[Tick], actual: Series, path: Series | None, last: int, unit: str
) -> Gap | None:
    value = actual.values[last]
    expected = path.values[last] if path else None
    if value is None or expected is None or value == expected:
        return None
    side = "above" if value > expected else "below"
    return Gap(
        tick=last,
        value=value,
        expected=expected,
        words=f"{amount(abs(value - expected), unit)} {side} its path",
        path_words=f"path: {short_text(expected, unit)} in {PlanDate.month_of(x[last].on).short}",
    )

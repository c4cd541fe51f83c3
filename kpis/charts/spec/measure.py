"""A measure from period to period, with where it should be and what its chart says of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise

from actions.rules.dates import PlanDate, last_day_of_month
from kpis.charts.spec.far import far_of
from kpis.charts.spec.parts import (
    NONE,
    Figure,
    Kind,
    Mark,
    Role,
    Series,
    Shape,
    Table,
    Tick,
    counted,
    listed,
    lower_first,
    short_text,
)
from kpis.rules.spc import ControlChart, Point
from kpis.rules.spc_text import point_text
from kpis.rules.text import CLOSED, amount
from kpis.rules.trajectory import Dated, expected_on

Target = tuple[date | None, Decimal | None]

TOO_FEW = "too few to show"
NO_FIGURE = "no figure"

_SHAPES = {
    "common_cause": Shape.CIRCLE,
    "improvement": Shape.DIAMOND,
    "concern": Shape.SQUARE,
    "neutral_high": Shape.UP,
    "neutral_low": Shape.DOWN,
}

_SIGNAL_WORDS = {
    Shape.DIAMOND: "better",
    Shape.SQUARE: "worse",
    Shape.UP: "high",
    Shape.DOWN: "low",
}


class Certainty(StrEnum):
    FINAL = "final"
    PROVISIONAL = "provisional"
    PROJECTED = "projected"


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """A period of a KPI, by its last day, with its value; None is a gap.

    `note` is a word or two beside the point. A suppressed value is not passed at all.
    """

    on: date
    label: str
    value: Decimal | None = None
    certainty: Certainty = Certainty.FINAL
    note: str = ""
    is_suppressed: bool = False
    # A small number that this reader may see, and nobody else.
    is_marked: bool = False

    def __post_init__(self) -> None:
        if self.is_suppressed and (self.value is not None or self.note):
            raise ValueError("a suppressed value must not reach a figure")


def measure_figure(
    *,
    title: str,
    name: str,
    unit: str,
    unit_text: str = "",
    periods: Iterable[PeriodValue],
    trajectory: Sequence[Dated] = (),
    targets: Iterable[Target] = (),
    chart: ControlChart | None = None,
    marks: Iterable[tuple[date, str]] = (),
    comparators: Iterable[tuple[str, Sequence[Dated]]] = (),
) -> Figure:
    """A KPI from period to period, with where it should be.

    `name` is what is counted ("Referrals"), `unit` what stands behind a number ("%", "weeks") and
    `unit_text` what stands beside the title ("Referrals per month"; the unit if not given).
    `trajectory` is in time order, `targets` as `control_chart` takes them. `chart` is that of the
    same periods, by the same dates. A mark stands before the period that holds its day.
    `comparators` are others by name, with their values.
    """
    periods = sorted(periods, key=lambda period: period.on)
    targets = list(targets)
    days = [period.on for period in periods]
    if len(set(days)) < len(days):
        raise ValueError("two periods end on the same day")
    # Limits could give away what is suppressed.
    is_bared = chart is not None and any(period.is_suppressed for period in periods)
    if is_bared:
        chart = None
    points = {point.date: point for point in chart.points} if chart else {}
    if not points.keys() <= set(days):
        raise ValueError("the chart has points of other days than the periods")

    others = [(other, list(values)) for other, values in comparators if values]
    of_others = [value for _, values in others for value in values]
    x = _ticks(periods, trajectory, targets, of_others)
    form = _Form(unit, _places(periods, [*trajectory, *of_others], targets))
    by_day = {period.on: period for period in periods}
    series = [
        *_actuals(name, x, by_day, points, form),
        *_trajectory(x, trajectory, form),
        *_targets(x, targets, form),
        *_limits(x, points, form),
        *(_comparator(other, x, values, form) for other, values in others),
    ]
    drawn = tuple(one for one in series if any(value is not None for value in one.values))
    by_role = {one.role: one for one in drawn}
    placed = [(_before(x, day), text) for day, text in sorted(marks)]
    uprights = [(at, text) for at, text in placed if at is not None]
    notes = _notes(periods, chart, is_bared=is_bared)
    alt = [
        *_opening(name, unit_text or unit, periods, chart, form),
        *notes,
        *_projected_alt(periods, form),
        *_trajectory_alt(x, by_role, form),
        *_target_alt(x, by_role, form),
        *_comparators_alt(x, drawn, form),
        *_chart_alt(chart, form),
        *(f"Marked: {text}." for _, text in uprights),
    ]
    far = far_of(x, drawn, unit)
    counts = unit_text or unit
    if far:
        counts += f"; scale from {form.short(far.scale[0])} to {form.short(far.scale[-1])}"
    return Figure(
        kind=Kind.MEASURE,
        title=title,
        unit=counts,
        x=x,
        alt=" ".join(alt),
        table=_table(name, x, by_day, points, by_role, form, drawn),
        series=drawn,
        marks=tuple(Mark(at, text) for at, text in uprights),
        notes=tuple(notes),
        value_unit=unit,
        far=far,
        closed=tuple(x[index].at for index, tick in enumerate(x) if _is_closed(by_day, tick)),
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """How the numbers of a measure are written: as entered, computed ones with one place more."""

    unit: str
    places: int

    def text(self, value: Decimal) -> str:
        return amount(value, self.unit).strip()

    def short(self, value: Decimal) -> str:
        return short_text(value, self.unit)

    def computed(self, value: Decimal | float) -> Decimal:
        exact = value if isinstance(value, Decimal) else Decimal(repr(value))
        return exact.quantize(Decimal(1).scaleb(-self.places - 1), ROUND_HALF_UP)


def _places(
    periods: Sequence[PeriodValue], trajectory: Sequence[Dated], targets: Sequence[Target]
) -> int:
    values = [period.value for period in periods]
    values += [dated.value for dated in trajectory]
    values += [value for _, value in targets]
    given = [value.normalize().as_tuple().exponent for value in values if value is not None]
    return max((-exponent for exponent in given if isinstance(exponent, int)), default=0)


def _ticks(
    periods: Sequence[PeriodValue],
    trajectory: Sequence[Dated],
    targets: Sequence[Target],
    of_others: Sequence[Dated],
) -> tuple[Tick, ...]:
    """The periods, the dated points of the trajectory and of others, and targets to come."""
    ticks = {period.on: Tick(period.on.toordinal(), period.on, period.label) for period in periods}
    last = max(ticks, default=date.min)
    others = [dated.on for dated in (*trajectory, *of_others)]
    others += [start for start, _ in targets if start and start > last]
    for day in others:
        if day not in ticks:
            ticks[day] = Tick(day.toordinal(), day, _day_text(day), is_period=False)
    return tuple(ticks[day] for day in sorted(ticks))


def _day_text(day: date) -> str:
    is_month = day == last_day_of_month(day)
    return str(PlanDate.month_of(day) if is_month else PlanDate.of_day(day))


def _actuals(
    name: str,
    x: Sequence[Tick],
    by_day: Mapping[date, PeriodValue],
    points: Mapping[date, Point],
    form: _Form,
) -> list[Series]:
    def series_of(series_name: str, role: Role) -> Series:
        is_projected = role is Role.PROJECTED
        values, texts, shapes, notes = [], [], [], []
        provisional, marked = set(), set()
        for index, tick in enumerate(x):
            period = by_day.get(tick.on)
            is_of = period and (period.certainty is Certainty.PROJECTED) == is_projected
            value = period.value if period and is_of else None
            point = points.get(tick.on)
            values.append(value)
            shapes.append(_SHAPES[point.point_type] if point and is_of else Shape.CIRCLE)
            notes.append(period.note if period and value is not None else "")
            texts.append(_point_says(period, point, form) if period and value is not None else "")
            if period and value is not None and period.certainty is Certainty.PROVISIONAL:
                provisional.add(index)
            if period and value is not None and period.is_marked:
                marked.add(index)
        return Series(
            name=series_name,
            role=role,
            values=tuple(values),
            words=tuple(texts),
            shapes=tuple(shapes),
            notes=tuple(notes),
            provisional=frozenset(provisional),
            marked=frozenset(marked),
        )

    return [series_of(name, Role.ACTUAL), series_of("Projected", Role.PROJECTED)]


def _point_says(period: PeriodValue, point: Point | None, form: _Form) -> str:
    assert period.value is not None
    parts = [f"{period.label}: {form.text(period.value)}"]
    if period.certainty is not Certainty.FINAL:
        parts.append(period.certainty.value)
    if point:
        parts.append(lower_first(point_text(point.label, point.point_type)))
    if period.is_marked:
        parts.append("small number, not for anybody else")
    if period.note:
        parts.append(period.note)
    return ", ".join(parts)


def _is_closed(by_day: Mapping[date, PeriodValue], tick: Tick) -> bool:
    return tick.on in by_day and by_day[tick.on].is_suppressed


def _trajectory(x: Sequence[Tick], trajectory: Sequence[Dated], form: _Form) -> list[Series]:
    if not trajectory:
        return []
    given = {dated.on: dated.value for dated in trajectory}
    values: list[Decimal | None] = []
    for tick in x:
        expected = expected_on(trajectory, tick.on)
        if expected is None or expected.is_before_first or expected.is_after_last:
            values.append(None)
        else:
            values.append(given.get(tick.on, form.computed(expected.value)))
    texts = [
        f"Trajectory, {_day_text(tick.on)}: {form.text(value)}" if value is not None else ""
        for tick, value in zip(x, values, strict=True)
    ]
    starts = frozenset(index for index, tick in enumerate(x) if tick.on in given)
    return [Series("Trajectory", Role.TRAJECTORY, tuple(values), tuple(texts), starts=starts)]


def _targets(x: Sequence[Tick], targets: Sequence[Target], form: _Form) -> list[Series]:
    values = [target_on(targets, tick.on) for tick in x]
    return [_stepped("Target", Role.TARGET, x, values, _changes(values), form)]


def target_on(targets: Iterable[Target], day: date) -> Decimal | None:
    """The target in force: that with the latest start not after the day; None is "always"."""
    begun = [(start or date.min, value) for start, value in targets if (start or date.min) <= day]
    return max(begun, key=lambda target: target[0])[1] if begun else None


def _comparator(name: str, x: Sequence[Tick], values: Sequence[Dated], form: _Form) -> Series:
    by_day = {dated.on: dated.value for dated in values}
    found = tuple(by_day.get(tick.on) for tick in x)
    texts = tuple(
        f"{name}, {tick.label}: {form.text(value)}" if value is not None else ""
        for tick, value in zip(x, found, strict=True)
    )
    shapes = (Shape.CIRCLE,) * len(x)
    return Series(name, Role.COMPARATOR, found, texts, shapes)


def _comparators_alt(x: Sequence[Tick], drawn: Sequence[Series], form: _Form) -> list[str]:
    texts = []
    for series in drawn:
        if series.role is not Role.COMPARATOR:
            continue
        known = [
            (tick.label, value)
            for tick, value in zip(x, series.values, strict=True)
            if value is not None
        ]
        (first, start), (last, end) = known[0], known[-1]
        earlier = f"{first}: {form.text(start)}; " if len(known) > 1 else ""
        texts.append(f"{series.name}, {earlier}{last}: {form.text(end)}.")
    return texts


def _limits(x: Sequence[Tick], points: Mapping[date, Point], form: _Form) -> list[Series]:
    """Mean and limits of each phase, from its first value to its last."""
    phases: dict[int, list[Point]] = {}
    for point in points.values():
        phases.setdefault(point.phase, []).append(point)
    spans = [(phase[0], phase[-1].date) for phase in phases.values()]

    def limit_series(name: str, role: Role, of: str) -> Series:
        values: list[Decimal | None] = [None] * len(x)
        starts = set()
        for first, last in spans:
            number = getattr(first, of)
            inside = [index for index, tick in enumerate(x) if first.date <= tick.on <= last]
            starts.add(inside[0])
            for index in inside:
                values[index] = None if number is None else form.computed(number)
        return _stepped(name, role, x, values, frozenset(starts), form)

    return [
        limit_series("Mean", Role.MEAN, "mean"),
        limit_series("Upper limit", Role.UPPER, "upper"),
        limit_series("Lower limit", Role.LOWER, "lower"),
    ]


def _stepped(
    name: str,
    role: Role,
    x: Sequence[Tick],
    values: Sequence[Decimal | None],
    starts: frozenset[int],
    form: _Form,
) -> Series:
    texts = [
        f"{name}, {tick.label}: {form.text(value)}" if value is not None else ""
        for tick, value in zip(x, values, strict=True)
    ]
    return Series(name, role, tuple(values), tuple(texts), starts=starts)


def _changes(values: Sequence[Decimal | None]) -> frozenset[int]:
    return frozenset(
        index for index, value in enumerate(values) if not index or value != values[index - 1]
    )


def _table(
    name: str,
    x: Sequence[Tick],
    by_day: Mapping[date, PeriodValue],
    points: Mapping[date, Point],
    by_role: Mapping[Role, Series],
    form: _Form,
    drawn: Sequence[Series],
) -> Table:
    """Newest first, as a history reads."""
    is_said = form.unit in {"", "%"} or form.unit.lower() == name.lower()
    columns = ["Period", name if is_said else f"{name}, {form.unit}"]
    columns += [
        role.value.capitalize() for role in (Role.TRAJECTORY, Role.TARGET) if role in by_role
    ]
    others = [series for series in drawn if series.role is Role.COMPARATOR]
    columns += [series.name for series in others]
    if points:
        columns += ["Mean", "Limits", "Point"]
    columns.append("State")
    rows, shapes = [], []
    for index in reversed(range(len(x))):
        period, point = by_day.get(x[index].on), points.get(x[index].on)
        row = [x[index].label, _value_text(period, form)]
        row += [
            _or_none(by_role[role].values[index], form)
            for role in (Role.TRAJECTORY, Role.TARGET)
            if role in by_role
        ]
        row += [_or_none(series.values[index], form) for series in others]
        if points:
            row.append(_or_none(by_role[Role.MEAN].values[index], form))
            lower, upper = (
                by_role[role].values[index] if role in by_role else None
                for role in (Role.LOWER, Role.UPPER)
            )
            if lower is None or upper is None:
                row.append(NONE)
            else:
                row.append(f"{form.short(lower)} to {form.short(upper)}")
            row.append(point_text(point.label, point.point_type) if point else NONE)
        has_value = period and period.value is not None
        row.append(period.certainty.value.capitalize() if period and has_value else NONE)
        rows.append(tuple(row))
        shapes.append(_SHAPES[point.point_type] if point else None)
    numbers = [column not in {"Period", "Point", "State"} for column in columns]
    return Table(
        caption=f"{name} by period",
        columns=tuple(columns),
        rows=tuple(rows),
        numeric=frozenset(index for index, is_number in enumerate(numbers) if is_number),
        shapes=tuple(shapes) if points else (),
    )


def _value_text(period: PeriodValue | None, form: _Form) -> str:
    if period is None:
        return NONE
    if period.is_suppressed:
        return TOO_FEW
    return NO_FIGURE if period.value is None else form.short(period.value)


def _or_none(value: Decimal | None, form: _Form) -> str:
    return NONE if value is None else form.short(value)


def _notes(
    periods: Sequence[PeriodValue], chart: ControlChart | None, *, is_bared: bool
) -> list[str]:
    notes = []
    suppressed = [period.label for period in periods if period.is_suppressed]
    if suppressed:
        notes.append(f"Too few to show, {CLOSED}: {listed(suppressed)}.")
    if is_bared:
        notes.append("Limits are left out: they could give away what is too few to show.")
    missing = [p.label for p in periods if p.value is None and not p.is_suppressed]
    if missing:
        notes.append(f"No figure: {listed(missing)}.")
    if chart and chart.points and chart.points[-1].short:
        last = chart.points[-1].phase
        count = sum(point.phase == last for point in chart.points)
        notes.append(f"The limits are provisional: based on {counted(count, 'value')}.")
    return notes


def _opening(
    name: str,
    unit_text: str,
    periods: Sequence[PeriodValue],
    chart: ControlChart | None,
    form: _Form,
) -> list[str]:
    if not periods:
        return [f"{name}: no periods yet."]
    what = f"{'Control chart' if chart else 'Line chart'} of {lower_first(name)}"
    is_new = unit_text and unit_text.lower() != name.lower()
    counted_in = f", {lower_first(unit_text)}" if is_new else ""
    known = [p for p in periods if p.value is not None and p.certainty is not Certainty.PROJECTED]
    return [
        f"{what}{counted_in}, {periods[0].label} to {periods[-1].label}.",
        _first_and_last(known, form) if known else "No figures yet.",
    ]


def _projected_alt(periods: Sequence[PeriodValue], form: _Form) -> list[str]:
    return [
        f"Projected, {period.label}: {form.text(period.value)}."
        for period in periods
        if period.certainty is Certainty.PROJECTED and period.value is not None
    ]


def _first_and_last(known: Sequence[PeriodValue], form: _Form) -> str:
    def says(period: PeriodValue) -> str:
        assert period.value is not None
        is_sure = period.certainty is Certainty.FINAL
        state = "" if is_sure else f", {period.certainty.value}"
        return f"{period.label}: {form.text(period.value)}{state}"

    if len(known) == 1:
        return f"One figure. {says(known[0])}."
    ordered = sorted(known, key=lambda period: period.value or 0)
    return (
        f"First, {says(known[0])}. Latest, {says(known[-1])}. "
        f"Lowest, {says(ordered[0])}. Highest, {says(ordered[-1])}."
    )


def _trajectory_alt(x: Sequence[Tick], by_role: Mapping[Role, Series], form: _Form) -> list[str]:
    trajectory = by_role.get(Role.TRAJECTORY)
    if trajectory is None:
        return []
    points = [
        f"{form.text(value)} by {_day_text(x[index].on)}"
        for index in sorted(trajectory.starts)
        if (value := trajectory.values[index]) is not None
    ]
    return [f"Trajectory: {listed(points)}."]


def _target_alt(x: Sequence[Tick], by_role: Mapping[Role, Series], form: _Form) -> list[str]:
    target = by_role.get(Role.TARGET)
    if target is None:
        return []
    steps = [
        (target.values[index], f" from {x[index].label}" if index else "")
        for index in sorted(target.starts)
    ]
    if steps[0][0] is None:
        del steps[0]
    step_texts = [("none" if value is None else form.text(value)) + when for value, when in steps]
    return [f"Target: {listed(step_texts)}."]


def _chart_alt(chart: ControlChart | None, form: _Form) -> list[str]:
    if chart is None or not chart.points:
        return []
    last = chart.points[-1]
    limits = ""
    if last.lower is not None and last.upper is not None:
        lower, upper = (form.text(form.computed(limit)) for limit in (last.lower, last.upper))
        limits = f", limits {lower} to {upper}"
    mean = f"Mean {form.text(form.computed(last.mean))}{limits}."
    return [mean, *_signals_alt(chart)]


def _signals_alt(chart: ControlChart) -> list[str]:
    kinds = Counter(_SHAPES[point.point_type] for point in chart.points)
    counts = [f"{kinds[shape]} {text}" for shape, text in _SIGNAL_WORDS.items() if kinds.get(shape)]
    last = chart.points[-1]
    latest = lower_first(point_text(last.label, last.point_type))
    signals = f"Unlikely to be chance: {listed(counts)}." if counts else "No signal of change."
    return [signals, f"Latest point: {latest}."]


def _before(x: Sequence[Tick], day: date) -> float | None:
    """Half way before the period that holds the day. None where the day is off the axis."""
    periods = [tick.at for tick in x if tick.is_period]
    place = float(day.toordinal())
    if len(periods) > 1:
        # The first period is as long as the one after it.
        begins = periods[0] - (periods[1] - periods[0])
        for earlier, later in pairwise([begins, *periods]):
            if earlier < place <= later:
                return (earlier + later) / 2
    return place if periods and periods[-1] < place <= x[-1].at else None

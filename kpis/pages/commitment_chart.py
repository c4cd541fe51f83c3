"""What a commitment's measure came to, month by month, under what was said of the commitment."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import ceil, floor, log10

from actions.pages.timeline import GridLine, Label, MonthStatement, Place, SaidKpi, SaidTarget, Span
from actions.rules.dates import PlanDate
from kpis.pages.kpi_rows import KpiRow
from kpis.recording.sparks import PeriodSlot, with_gaps
from kpis.rules.text import amount, figure_text, number, period_text

# A target that lies beyond the picture is drawn along so much of its width.
AT_THE_END = 12.0


def with_kpi(statement: MonthStatement, span: Span, kpi: KpiRow) -> MonthStatement:
    """The picture with the measure's figures on the same months; as it was where none is there."""
    slots = [
        slot
        for slot in with_gaps(
            kpi.history, [figure for figure in kpi.state.figures if figure.counts]
        )
        if 0 <= span.start_of(_month(slot)) < 100
    ]
    known = [slot for slot in slots if slot.value is not None]
    if not known:
        return statement
    texts = {str(_month(slot)): figure_text(slot.figure, kpi.unit) for slot in slots if slot.figure}
    return replace(
        statement,
        kpi=_drawn(span, kpi, slots, known),
        rows=[replace(row, figure=texts.get(row.month, "")) for row in statement.rows],
        alt=f"{statement.alt}. {_alt(kpi, known)}",
    )


def _month(slot: PeriodSlot) -> PlanDate:
    return PlanDate.month_of(slot.ends_on)


def _alt(kpi: KpiRow, known: Sequence[PeriodSlot]) -> str:
    figures = [
        f"{period_text(slot.starts_on, slot.ends_on)} {amount(slot.value, kpi.unit)}"
        for slot in known
        if slot.value is not None
    ]
    return f"What happened, {kpi.title}: {'; '.join(figures)}."


def _drawn(
    span: Span, kpi: KpiRow, slots: Sequence[PeriodSlot], known: Sequence[PeriodSlot]
) -> SaidKpi:
    level = kpi.state.target.level if kpi.state.target else None
    values = [slot.value for slot in known if slot.value is not None]
    scale = _scale([*values, *([level] if level is not None else [])])
    low, high = scale[0], scale[-1]

    def y(value: Decimal) -> str:
        return f"{100 - 100 * float((value - low) / (high - low)):.3f}"

    def x(slot: PeriodSlot) -> str:
        return f"{span.start_of(_month(slot)) + span.width / 2:.3f}"

    def label(slot: PeriodSlot) -> Label:
        assert slot.value is not None
        text = amount(slot.value, "%") if kpi.unit == "%" else number(slot.value)
        return Label(x(slot), y(slot.value), text)

    paths: list[list[str]] = [[]]
    for slot in slots:
        if slot.value is None:
            paths.append([])
        else:
            paths[-1].append(f"{x(slot)},{y(slot.value)}")
    return SaidKpi(
        name=kpi.in_short,
        unit="" if kpi.unit == "%" else kpi.unit,
        url=kpi.url,
        label=f"Every figure of KPI {kpi.code}",
        lines=[GridLine(y(value), number(value)) for value in scale],
        points=[Place(x(slot), y(slot.value)) for slot in known if slot.value is not None],
        paths=[" ".join(path) for path in paths if len(path) > 1],
        first=label(known[0]) if len(known) > 1 else None,
        last=label(known[-1]),
        target=_target(span, kpi, level, y(level)) if level is not None else None,
    )


def _target(span: Span, kpi: KpiRow, level: Decimal, y: str) -> SaidTarget:
    on = kpi.state.target.on if kpi.state.target else None
    begins = 0.0
    if on:
        begins = min(max(span.start_of(on) + span.width, 0.0), 100 - AT_THE_END)
    text = amount(level, "%") if kpi.unit == "%" else number(level)
    return SaidTarget(f"{begins:.3f}", "100", y, f"target {text}")


def _scale(values: Sequence[Decimal]) -> list[Decimal]:
    """Two to four round numbers that hold them all."""
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    power = Decimal(10) ** floor(log10((high - low) / 2))
    for step in (power * times for times in (1, 2, 5, 10)):
        first, last = floor(low / step), ceil(high / step)
        if last - first <= 3:
            break
    return [step * times for times in range(first, last + 1)]

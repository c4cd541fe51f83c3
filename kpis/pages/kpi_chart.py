"""The chart of one KPI, and the decisions about it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import PlanDate, day_of
from kpis.charts.spec import Certainty, Figure, PeriodValue, measure_figure
from kpis.models import Measurement
from kpis.pages.kpi_rows import KpiRow, PeriodSlot, with_gaps
from kpis.pages.page_chart import Chart, chart
from kpis.recording.history import hides_text
from kpis.rules.headline import finding
from kpis.rules.state import (
    target_steps,
)
from kpis.rules.text import (
    period_text,
    shown_value,
)

# A note of this length stands beside its point; a longer one below alone.
NOTE_FITS = 28


# Words of a decision beside its upright.
DECISION_FITS = 36


def finding_of(line: KpiRow) -> str:
    return finding(line.history, line.state, line.unit)


def figure_of(
    line: KpiRow, texts: dict[int, Measurement], rebases: Iterable[dict[str, Any]], starts: date
) -> Chart | None:
    """The chart of its figures; None where it is judged in words or has no number to draw."""
    marks = [(_month(one["on"]), _decision(one)) for one in in_force(rebases)]
    figure = drawn(line, marks, starts, texts)
    return chart(figure, id="figures", width=1080.0) if figure else None


def drawn(
    line: KpiRow,
    marks: Iterable[tuple[date, str]],
    starts: date,
    texts: Mapping[int, Measurement] | None = None,
) -> Figure | None:
    """The figure of a measure, and None as for `figure_of`. Without `texts` no point has a note."""
    state = line.state
    slots = with_gaps(line.history, state.figures)
    if line.history.kind == "qualitative" or not any(
        slot.figure and slot.figure.value is not None for slot in slots
    ):
        return None
    is_cumulative = line.history.kind == "cumulative"
    marks = list(marks)
    if state.chart and slots[0].starts_on < starts < slots[-1].ends_on:
        marks.append((starts, "Plan begins"))
    return measure_figure(
        title=finding_of(line),
        name=line.title,
        unit=line.unit,
        unit_text=_unit_text(line, slots),
        periods=[_period_value(line, slot, texts) for slot in slots],
        trajectory=state.points if len(state.points) > 1 else (),
        targets=() if is_cumulative else target_steps(state.targets),
        chart=state.chart,
        marks=marks,
    )


def _unit_text(line: KpiRow, slots: list[PeriodSlot]) -> str:
    words = "Per cent" if line.unit == "%" else line.unit[:1].upper() + line.unit[1:]
    if line.history.kind != "cumulative":
        return words
    first, last = slots[0].starts_on, slots[-1].ends_on
    return f"{words} since the year began, {period_text(first, last)}"


def _period_value(
    line: KpiRow, slot: PeriodSlot, texts: Mapping[int, Measurement] | None
) -> PeriodValue:
    label = period_text(slot.starts_on, slot.ends_on)
    figure = slot.figure
    if figure is None:
        return PeriodValue(slot.ends_on, label)
    if figure.is_too_few:
        return PeriodValue(slot.ends_on, label, is_suppressed=True)
    note = "" if texts is None or hides_text(figure, texts) else texts[figure.id].note
    return PeriodValue(
        slot.ends_on,
        label,
        shown_value(figure),
        Certainty(figure.status.value) if figure.value is not None else Certainty.FINAL,
        note if len(note) <= NOTE_FITS and figure.value is not None else "",
    )


def _month(text: str) -> date:
    found = parse_date(text)
    assert found is not None
    return found


def _decision(rebase: dict[str, Any]) -> str:
    reason = str(rebase["reason"])
    return f"Limits set again: {reason}" if len(reason) <= DECISION_FITS else "Limits set again"


def in_force(rebases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    rebases = list(rebases)
    replaced = {one["replaces"] for one in rebases}
    return [one for one in rebases if one["pk"] not in replaced and not one["is_withdrawn"]]


def decisions(
    page: PlanPage, line: KpiRow, rebases: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Every decision about the chart, newest first, with those that were taken back."""
    rebases = list(rebases)
    standing = {one["pk"] for one in in_force(rebases)}
    may = page.is_today and access.can_rebase(page.access)
    return [
        {
            "words": f"{'No longer set' if one['is_withdrawn'] else 'Limits set'} again from "
            f"{PlanDate.month_of(_month(one['on']))}",
            "reason": one["reason"],
            "about": _recorded(one)
            if one["is_withdrawn"]
            else f"Decided by {one['decided_by']}. {_recorded(one)}",
            "withdraw_url": page.url("kpis:withdraw_rebase", line.code, one["pk"])
            if may and one["pk"] in standing
            else "",
        }
        for one in rebases
    ]


def _recorded(one: dict[str, Any]) -> str:
    moment = parse_datetime(one["at"])
    assert moment is not None
    return f"Recorded {formatting.short_day(day_of(moment))} by {one['by'] or one['source']}"

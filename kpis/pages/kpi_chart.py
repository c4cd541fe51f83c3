"""The chart of one KPI, and the decisions about it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import PlanDate, day_of
from kpis.charts.spec import Certainty, Figure, PeriodValue, measure_figure
from kpis.models import Measurement
from kpis.pages.kpi_rows import KpiRow
from kpis.pages.lineage import FormerKpi
from kpis.pages.page_chart import Chart, chart
from kpis.recording.comparators import Comparator
from kpis.recording.history import hides_text
from kpis.recording.sparks import PeriodSlot, with_gaps
from kpis.rules.headline import finding
from kpis.rules.text import (
    period_text,
    shown_value,
)
from kpis.rules.trajectory import Dated

# A note of this length stands beside its point; a longer one below alone.
NOTE_FITS = 28


# Words of a decision beside its upright.
DECISION_FITS = 36


def finding_of(kpi_row: KpiRow) -> str:
    return finding(kpi_row.history, kpi_row.state, kpi_row.unit)


def figure_of(
    kpi_row: KpiRow,
    texts: dict[int, Measurement],
    rebases: Iterable[dict[str, Any]],
    starts: date,
    comparators: Iterable[Comparator] = (),
    explored: str = "",
    formers: Sequence[FormerKpi] = (),
) -> Chart | None:
    """The chart of its figures; None where it is judged in words or has no number to draw."""
    marks = [(_month(rebase["on"]), _decision(rebase)) for rebase in in_force(rebases)]
    figure = drawn(kpi_row, marks, starts, texts, comparators, formers)
    return chart(figure, id="figures", width=1080.0, explored=explored) if figure else None


def drawn(
    kpi_row: KpiRow,
    marks: Iterable[tuple[date, str]],
    starts: date,
    texts: Mapping[int, Measurement] | None = None,
    comparators: Iterable[Comparator] = (),
    formers: Sequence[FormerKpi] = (),
) -> Figure | None:
    """The figure of a measure, and None as for `figure_of`. Without `texts` no point has a note.

    Figures of plans before go straight on into those of this one. Where something was counted or
    defined otherwise there, they are a line of its own, named so; in another unit they have no
    place on the axis.
    """
    state = kpi_row.state
    through = [figure for former in formers if not former.break_text for figure in former.figures]
    slots = with_gaps(kpi_row.history, [*through, *state.figures])
    if kpi_row.history.kind == "qualitative" or not any(
        slot.figure and slot.figure.value is not None for slot in slots
    ):
        return None
    is_cumulative = kpi_row.history.kind == "cumulative"
    marks = list(marks)
    if (state.chart or through) and slots[0].starts_on < starts < slots[-1].ends_on:
        marks.append((starts, "Plan begins"))
    return measure_figure(
        title=finding_of(kpi_row) if state.figures else f"{finding_of(kpi_row)} in this plan",
        name=kpi_row.title,
        unit=kpi_row.unit,
        unit_text=_unit_text(kpi_row, slots),
        periods=[_period_value(kpi_row, slot, texts) for slot in slots],
        trajectory=state.points if len(state.points) > 1 else (),
        targets=() if is_cumulative else state.target_course,
        chart=state.chart,
        marks=marks,
        comparators=[
            (other.name, [Dated(value.ends_on, value.value) for value in other.values])
            for other in comparators
        ]
        + [_broken(former) for former in formers if former.break_text and former.same_unit],
    )


def _broken(former: FormerKpi) -> tuple[str, list[Dated]]:
    """The figures of a plan before that was defined otherwise: beside the line, and not of it."""
    return (
        f"{former.plan.title} ({former.break_text.lower()})",
        [
            Dated(figure.ends_on, figure.value)
            for figure in former.figures
            if figure.value is not None
        ],
    )


def _unit_text(kpi_row: KpiRow, slots: list[PeriodSlot]) -> str:
    text = "Per cent" if kpi_row.unit == "%" else kpi_row.unit[:1].upper() + kpi_row.unit[1:]
    if kpi_row.history.kind == "rolling":
        return f"{text}, of the twelve months to each date"
    if kpi_row.history.kind != "cumulative":
        return text
    first, last = slots[0].starts_on, slots[-1].ends_on
    return f"{text} since the year began, {period_text(first, last)}"


def _period_value(
    kpi_row: KpiRow, slot: PeriodSlot, texts: Mapping[int, Measurement] | None
) -> PeriodValue:
    label = period_text(slot.starts_on, slot.ends_on)
    figure = slot.figure
    if figure is None:
        return PeriodValue(slot.ends_on, label)
    if figure.is_too_few:
        return PeriodValue(slot.ends_on, label, is_suppressed=True)
    text = texts.get(figure.id) if texts else None
    note = "" if texts is None or text is None or hides_text(figure, texts) else text.note
    return PeriodValue(
        slot.ends_on,
        label,
        shown_value(figure),
        Certainty(figure.status.value) if figure.value is not None else Certainty.FINAL,
        note if len(note) <= NOTE_FITS and figure.value is not None else "",
        is_marked=figure.is_marked and figure.value is not None,
    )


def _month(text: str) -> date:
    day = parse_date(text)
    assert day is not None
    return day


def _decision(rebase: dict[str, Any]) -> str:
    reason = str(rebase["reason"])
    return f"Limits set again: {reason}" if len(reason) <= DECISION_FITS else "Limits set again"


def in_force(rebases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    rebases = list(rebases)
    replaced = {rebase["replaces"] for rebase in rebases}
    return [
        rebase for rebase in rebases if rebase["pk"] not in replaced and not rebase["is_withdrawn"]
    ]


def decisions(
    page: PlanPage, kpi_row: KpiRow, rebases: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Every decision about the chart, newest first, with those that were taken back."""
    rebases = list(rebases)
    standing = {rebase["pk"] for rebase in in_force(rebases)}
    may = page.is_today and access.can_rebase(page.access)
    return [
        {
            "words": f"{'No longer set' if rebase['is_withdrawn'] else 'Limits set'} again from "
            f"{PlanDate.month_of(_month(rebase['on']))}",
            "reason": rebase["reason"],
            "about": _recorded(rebase)
            if rebase["is_withdrawn"]
            else f"Decided by {rebase['decided_by']}. {_recorded(rebase)}",
            "withdraw_url": page.url("kpis:withdraw_rebase", kpi_row.code, rebase["pk"])
            if may and rebase["pk"] in standing
            else "",
        }
        for rebase in rebases
    ]


def _recorded(rebase: dict[str, Any]) -> str:
    moment = parse_datetime(rebase["at"])
    assert moment is not None
    return f"Recorded {formatting.short_day(day_of(moment))} by {rebase['by'] or rebase['source']}"

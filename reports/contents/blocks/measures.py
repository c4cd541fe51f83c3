"""Measures in tables and charts, without small numbers, as the material has them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from actions.pages import formatting
from kpis.pages.kpi_chart import drawn
from kpis.pages.kpi_facts import rests_on
from kpis.pages.kpi_list import passed_sentences
from kpis.pages.kpi_rows import KpiRow
from kpis.rules.figures import PeriodFigure
from kpis.rules.standing.milestones import milestones
from kpis.rules.standing.passed import MILESTONES, outcome_text
from kpis.rules.standing.position import Position
from kpis.rules.text import (
    amount,
    figure_text,
    period_text,
    plain,
    shown_value,
    status_text,
    target_text,
    tells,
)
from reports.contents.report_data import ReportData, day_text
from reports.rendering.document import Block, Bullets, Cell, Chart, Column, Paragraph, Table

# A line through fewer figures says nothing that the table does not.
ENOUGH_FOR_CHART = 3


def table(
    report_data: ReportData,
    kpis: Iterable[KpiRow],
    name: str,
    caption: str,
    empty: str = "No measures.",
) -> Table:
    """Each measure with where it began, its newest figure, its target and where it stands.

    What others came to has a column where there is any.
    """
    kpis = list(kpis)
    others = {kpi.history.id: _others(report_data, kpi) for kpi in kpis}
    has_others = any(others.values())
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(title="KPI", width=2),
            Column(title="What it measures", width=6),
            Column(title="Baseline", kind="number", width=3),
            Column(title="Newest figure", kind="number", width=3),
            *([Column(title="Comparators", width=4)] if has_others else []),
            Column(title="Target", width=4),
            Column(title="Where it stands", width=6),
        ),
        rows=tuple(
            (
                Cell(text=kpi.code),
                Cell(text=kpi.title),
                baseline_cell(kpi),
                figure_cell(kpi.newest, kpi.unit),
                *([Cell(text=others[kpi.history.id])] if has_others else []),
                Cell(text=_target(kpi)),
                Cell(text="\n".join(stands(kpi))),
            )
            for kpi in kpis
        ),
        empty=empty,
    )


def _others(report_data: ReportData, kpi: KpiRow) -> str:
    """`England: 62.7%, 2021`: the newest value of each, a line for each."""
    return "\n".join(
        f"{other.name}: {amount(newest.value, kpi.unit)}, "
        f"{period_text(newest.starts_on, newest.ends_on)}"
        for other in report_data.comparators.get(kpi.history.id, ())
        for newest in other.values[-1:]
    )


def baseline_cell(kpi: KpiRow) -> Cell:
    """Where it began: as a number, or in the plan's own words where it gives none."""
    value, said = kpi.row.baseline, kpi.row.baseline_text
    if value is None:
        return Cell(text=said or ("awaited" if kpi.state.awaits_baseline else "none"))
    text = said if tells(said, value) else amount(value, kpi.unit)
    return Cell(text=text, number=plain(value))


def figure_cell(figure: PeriodFigure | None, unit: str) -> Cell:
    """A figure in words with its number; neither where it may not be shown."""
    if figure is None:
        return Cell(text="none yet")
    return Cell(text=figure_text(figure, unit), number=_number(figure))


def _number(figure: PeriodFigure) -> Decimal | None:
    return None if figure.is_too_few else shown_value(figure)


def _target(kpi: KpiRow) -> str:
    if not kpi.target_text:
        return "none"
    return " ".join(filter(None, (kpi.target_text, kpi.target_note)))


def stands(kpi: KpiRow) -> list[str]:
    """What the newest figure is of and rests on, where it stands, and what is owed of it."""
    figure = ", ".join((kpi.latest_note, *rests_on(kpi, kpi.newest))) if kpi.newest else ""
    texts = [
        figure,
        kpi.position_text,
        kpi.gap_text,
        kpi.last_year_text,
        *(chip.text for chip in kpi.chips),
    ]
    return [text for text in texts if text]


def chart(report_data: ReportData, kpi: KpiRow) -> Chart | None:
    """Its figures over time; None where there are too few to say something."""
    if sum(_number(figure) is not None for figure in kpi.state.figures) < ENOUGH_FOR_CHART:
        return None
    marks = [(day, "Limits set again") for day in kpi.state.rebases]
    others = report_data.comparators.get(kpi.history.id, ())
    figure = drawn(kpi, marks, report_data.plan.starts_on, comparators=others)
    if figure is None:
        return None
    subject = f"{kpi.code} {kpi.title}"
    alt = f"{subject}: {figure.title}. {figure.alt}"
    return Chart(name=f"KPI {kpi.code}", figure=replace(figure, subject=subject, alt=alt))


def charts(report_data: ReportData, kpis: Iterable[KpiRow]) -> list[Chart]:
    return [kpi_chart for kpi in kpis if (kpi_chart := chart(report_data, kpi))]


def first_listed_in(report_data: ReportData, area: int) -> list[KpiRow]:
    """The measures of which this is the first area: each is drawn once in a report."""
    order = {area_part.id: place for place, area_part in enumerate(report_data.areas)}
    return [
        kpi
        for kpi in report_data.measures_of(area)
        if min((order[area_id] for area_id in kpi.history.areas if area_id in order), default=-1)
        == order[area]
    ]


def off(report_data: ReportData) -> list[KpiRow]:
    return [kpi for kpi in report_data.measures if kpi.state.is_off]


def missed(report_data: ReportData) -> list[KpiRow]:
    """Those whose target's date has passed, and whose newest figure is short of it."""
    return [kpi for kpi in report_data.measures if kpi.state.is_missed]


def missed_table(report_data: ReportData) -> Table:
    return table(
        report_data,
        missed(report_data),
        "KPI targets missed",
        f"KPI targets whose date has passed and that were missed, on {day_text(report_data.until)}",
        "No target whose date has passed was missed.",
    )


def passed_counts(report_data: ReportData) -> list[Block]:
    """How many targets whose date has passed were met or missed; nothing where none has."""
    sentences = passed_sentences(report_data.measures)
    return [Paragraph(text=" ".join(sentences))] if sentences else []


def passed(report_data: ReportData) -> list[Block]:
    """What became of the targets whose date has passed: counts, the missed, the unknown."""
    blocks = passed_counts(report_data)
    if missed(report_data):
        blocks.append(missed_table(report_data))
    silent = [
        f"{kpi.code} {kpi.in_short}"
        for kpi in report_data.measures
        if kpi.state.position is Position.PASSED
    ]
    if silent:
        blocks.append(Paragraph(text="Passed without a figure:"))
        blocks.append(Bullets(items=tuple(silent)))
    return blocks


def milestone_table(
    report_data: ReportData, kpis: Iterable[KpiRow], name: str, caption: str
) -> Table | None:
    """Baseline and dated targets with what they came to; None where no KPI has several."""
    rows = [row for kpi in kpis for row in _milestone_rows(kpi)]
    if not rows:
        return None
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(title="KPI", width=2),
            Column(title="What it measures", width=6),
            Column(title="By", kind="date", width=3),
            Column(title="Target", width=4),
            Column(title="Actual", kind="number", width=3),
            Column(title="Comparator", kind="number", width=3),
            Column(title="Outcome", width=4),
        ),
        rows=tuple(rows),
    )


def _milestone_rows(kpi: KpiRow) -> Iterator[tuple[Cell, ...]]:
    steps = milestones(kpi.history, kpi.state)
    if len(steps) < MILESTONES:
        return
    head = (Cell(text=kpi.code), Cell(text=kpi.title))
    began = kpi.state.baseline is not None or kpi.row.baseline_text
    if began:
        yield (*head, Cell(), Cell(text="Baseline"), baseline_cell(kpi), Cell(), Cell())
    for step in steps:
        figure = step.figure
        others = figure.compared_with if figure else None
        yield (
            *head,
            Cell(text=str(step.target.on)),
            Cell(text=target_text(step.target, kpi.unit, kpi.row.comparator)),
            figure_cell(figure, kpi.unit) if figure else Cell(),
            Cell(text=amount(others, kpi.unit), number=plain(others))
            if others is not None
            else Cell(),
            Cell(text=outcome_text(step)),
        )


def summary(report_data: ReportData) -> str:
    """`Of 12 measures: 3 with a target missed and 9 on trajectory. Data overdue for 4 KPIs.`"""
    kpis = report_data.measures
    if not kpis:
        return "The plan has no measures."
    counted = [
        (Position.MISSED, "with a target missed"),
        (Position.PASSED, "with a target passed and no figure"),
        (Position.OFF, "off trajectory"),
        (Position.NEAR, "near trajectory"),
        (Position.ON, "on trajectory"),
        (Position.AT_TARGET, "at target"),
        (Position.BASELINE_AWAITED, "awaiting a baseline"),
        (Position.NO_FIGURE, "without a figure yet"),
    ]
    texts = [
        f"{number} {label}"
        for position, label in counted
        if (number := sum(kpi.state.position is position for kpi in kpis))
    ]
    others = len(kpis) - sum(
        kpi.state.position in {position for position, _ in counted} for kpi in kpis
    )
    if others:
        texts.append(f"{others} not set against a trajectory")
    overdue = sum(kpi.state.is_overdue for kpi in kpis)
    sentence = f"Of {formatting.plural(len(kpis), 'measure')}: {formatting.listed(texts)}."
    if overdue:
        sentence += f" Data overdue for {formatting.plural(overdue, 'KPI')}."
    return sentence


# --- New and missing figures ------------------------------------------------------------------


def new_figures(report_data: ReportData) -> Table:
    """Figures said in the period, also of months before it; restated ones with what was said."""
    return Table(
        name="New figures",
        caption=f"Figures given from {day_text(report_data.report.starts_on)} "
        f"to {day_text(report_data.until)}",
        columns=(
            Column(title="KPI", width=2),
            Column(title="What it measures", width=6),
            Column(title="Period", kind="date", width=4),
            Column(title="Figure", kind="number", width=3),
            Column(title="Status", width=3),
            Column(title="Said before", width=3),
        ),
        rows=tuple(
            (
                Cell(text=kpi.code),
                Cell(text=kpi.title),
                Cell(text=period_text(figure.starts_on, figure.ends_on)),
                figure_cell(figure, kpi.unit),
                Cell(text=_status(kpi, figure)),
                Cell(text=_before(figure, earlier, kpi.unit)),
            )
            for kpi in report_data.measures
            for figure, earlier in _new(report_data, kpi)
        ),
        empty="No figure was given in this period.",
    )


def _status(kpi: KpiRow, figure: PeriodFigure) -> str:
    return ", ".join((status_text(figure) or "said to be missing", *rests_on(kpi, figure)))


def _before(figure: PeriodFigure, earlier: PeriodFigure | None, unit: str) -> str:
    """What was said of the period before; a closed figure is never printed as that."""
    if earlier is None or figure.is_too_few or earlier.is_too_few:
        return ""
    return ", ".join(filter(None, (figure_text(earlier, unit), status_text(earlier))))


def _new(
    report_data: ReportData, kpi: KpiRow
) -> Iterator[tuple[PeriodFigure, PeriodFigure | None]]:
    before = report_data.kpis_before.get(kpi.state.id)
    previous = {figure.ends_on: figure for figure in before.figures} if before else {}
    begins = report_data.report.starts_on
    for figure in kpi.state.figures:
        earlier = previous.get(figure.ends_on)
        if earlier is None or earlier.id != figure.id or earlier.status is not figure.status:
            yield figure, earlier
        # One put right speaks of the day of the wrong one, and so stood at the beginning as well.
        elif figure.is_restated and begins <= figure.said_on <= report_data.until:
            yield figure, figure.before[-1]


def _owner_of(kpi: KpiRow, report_data: ReportData) -> str:
    owner = kpi.row.owner
    return report_data.person(owner.pk if owner else None) or "not named yet"


def missing_figures(report_data: ReportData) -> Table:
    """Each period that is over and without a figure, the most overdue first."""
    missing = [(due, kpi) for kpi in report_data.measures for due in kpi.state.due]
    missing.sort(key=lambda pair: (pair[0].due_by, pair[1].row.position))
    return Table(
        name="Figures due",
        caption=f"Figures due and not there on {day_text(report_data.until)}",
        columns=(
            Column(title="KPI", width=2),
            Column(title="What it measures", width=6),
            Column(title="Period", kind="date", width=4),
            Column(title="Due by", kind="date", width=3),
            Column(title="State", width=2),
            Column(title="Data owner", width=4),
        ),
        rows=tuple(
            (
                Cell(text=kpi.code),
                Cell(text=kpi.title),
                Cell(text=period_text(due.starts_on, due.ends_on)),
                Cell(text=day_text(due.due_by)),
                Cell(text="overdue" if due.is_overdue else "due"),
                Cell(text=_owner_of(kpi, report_data)),
            )
            for due, kpi in missing
        ),
        empty="No figure is missing.",
    )


def awaited(report_data: ReportData) -> list[KpiRow]:
    """The measures whose baseline is still to come."""
    return [kpi for kpi in report_data.measures if kpi.state.awaits_baseline]

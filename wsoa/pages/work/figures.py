"""The figures that wait for the user: those of KPIs whose data they own, and those to confirm."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import day_of
from kpis.models import Measurement
from kpis.recording.history import KpiSet, kept_kpis
from kpis.rules.due import DuePeriod
from kpis.rules.facts import KpiHistory
from kpis.rules.figures import PeriodFigure
from kpis.rules.state import KpiState
from kpis.rules.text import figure_text, period_text, target_text
from wsoa.pages.work.candidates import Candidates
from wsoa.pages.work.items import Kind, WorkItem


@dataclass
class FigureRows:
    """What they are read from, once for all whom a page tells of."""

    page: PlanPage
    # Of the figures that may wait for a second person.
    keys: Collection[int]
    # Of everybody: the key of the holder, by the user and the person who own a KPI's data.
    key_of: Callable[[int | None, int | None], int] | None = None

    @cached_property
    def kpi_set(self) -> KpiSet:
        page, key_of = self.page, self.key_of
        read = kept_kpis(page.plan, page.access.version, page.day, worded_day=page.worded_day)
        if key_of is None:
            return read
        owners = {pk: row.owner.pk if row.owner else None for pk, row in read.rows.items()}
        histories = (
            replace(history, data_owner=key_of(history.data_owner, owners[history.id]))
            for history in read.histories
        )
        return replace(read, histories=tuple(histories))

    @cached_property
    def measurements(self) -> dict[int, Measurement]:
        return Measurement.objects.select_related("by").in_bulk(self.keys)


def figures_waiting(page: PlanPage, found: Candidates, rows: FigureRows) -> Iterator[WorkItem]:
    """No query where none waits; else four, whatever the number of KPIs."""
    if found.owns_data:
        yield from _due_of(page, rows)
    if found.figures:
        yield from _to_confirm(page, found.figures, rows)


def count_figures(page: PlanPage, found: Candidates) -> int:
    """How many wait. The programme team may confirm every one that it did not record."""
    rows = FigureRows(page, found.figures)
    due = len(list(_due_of(page, rows))) if found.owns_data else 0
    if page.access.is_officer:
        return due + len(found.figures)
    return due + (len(list(_to_confirm(page, found.figures, rows))) if found.figures else 0)


def _due_of(page: PlanPage, rows: FigureRows) -> Iterator[WorkItem]:
    user = page.access.user.pk
    for row, state in _states(page, rows, lambda history: history.data_owner == user):
        if state.due:
            yield _due(page, row, state)


def _states(
    page: PlanPage, rows: FigureRows, wanted: Callable[[KpiHistory], bool]
) -> Iterator[tuple[Any, KpiState]]:
    """Those KPIs alone, of which only a few wait: a state of each takes its time."""
    chosen = tuple(history for history in rows.kpi_set.histories if wanted(history))
    reads_small = {
        history.id
        for history in chosen
        if access.can_read_small_numbers(page.access, data_owner=history.data_owner)
    }
    states = replace(rows.kpi_set, histories=chosen).states(reads_small=reads_small)
    for history in chosen:
        yield rows.kpi_set.rows[history.id], states[history.id]


def _due(page: PlanPage, row: Any, state: KpiState) -> WorkItem:
    last = next((figure for figure in reversed(state.figures) if figure.counts), None)
    wanted = f"{_listed(state.due)}."
    if last:
        period = period_text(last.starts_on, last.ends_on)
        wanted += f" Last figure: {figure_text(last, row.unit)}, {period}"
        if state.target and state.target.on:
            target = target_text(state.target, row.unit, row.comparator)
            wanted += f"; target {target} by {state.target.on}"
        wanted += "."
    return WorkItem(
        Kind.FIGURES,
        f"KPI {state.code}",
        row.title,
        page.url("kpis:figures"),
        "Enter figures",
        wanted=wanted,
        since=state.due[0].ends_on,
        due=min(period.due_by for period in state.due),
        name_url=page.link("kpi", state.code),
        areas=tuple(state.areas),
    )


def _listed(due: tuple[DuePeriod, ...]) -> str:
    """`September 2026 and October 2026`; of many, how many and since when."""
    periods = [period_text(period.starts_on, period.ends_on) for period in due]
    if len(periods) > 3:
        return f"{formatting.plural(len(periods), 'period')} from {periods[0]} on"
    return formatting.listed(periods)


def _to_confirm(page: PlanPage, found: Collection[int], rows: FigureRows) -> Iterator[WorkItem]:
    """Final figures that wait for a second person, whom the user may be."""
    granted = page.access
    if not access.can_record_figure(granted, data_owner=granted.user.pk, areas=granted.sro_areas):
        return
    waiting = {pk: row for pk, row in rows.measurements.items() if pk in found}
    owners = {history.id: history.data_owner for history in rows.kpi_set.histories}
    of_kpis = {row.kpi_id for row in waiting.values()}
    for kpi, state in _states(page, rows, lambda history: history.id in of_kpis):
        owner = owners[state.id]
        for figure in state.figures:
            row = waiting.get(figure.id)
            if row is None or not figure.awaits_second_person:
                continue
            if access.can_check_figure(
                granted,
                data_owner=owner,
                areas=state.areas,
                author=row.by_id,
                is_hidden=figure.hides(row.respondents),
            ):
                yield _check(page, kpi, state, figure, row)


def _check(
    page: PlanPage, kpi: Any, state: KpiState, figure: PeriodFigure, row: Measurement
) -> WorkItem:
    period = period_text(figure.starts_on, figure.ends_on)
    who = row.by.name if row.by else row.source
    return WorkItem(
        Kind.FIGURE_CHECK,
        f"KPI {state.code}",
        kpi.title,
        page.url("kpis:check_figure", state.code, figure.id),
        "Confirm or return it",
        wanted=f"{figure_text(figure, kpi.unit)} for {period}, recorded by {who}.",
        since=day_of(row.effective_at),
        name_url=page.link("kpi", state.code),
        areas=tuple(state.areas),
    )

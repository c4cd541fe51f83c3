"""Every figure of a KPI as a table, with what was said of it before."""

from dataclasses import dataclass, field, replace
from datetime import date

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import day_of
from kpis.models import Measurement
from kpis.pages.kpi_facts import rests_on
from kpis.pages.kpi_rows import KpiRow
from kpis.recording.history import hides_text
from kpis.rules.facts import Status
from kpis.rules.figures import PeriodFigure
from kpis.rules.text import (
    amount,
    figure_text,
    period_text,
    status_text,
)


@dataclass(frozen=True, slots=True)
class FigureStatement:
    """One account of a period."""

    words: str
    status: str
    parts: list[str]
    said_by: str
    note: str = ""
    reason: str = ""
    # Small, and not for anybody else.
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A period with its figure, what the second person said of it, and what was said before."""

    period: str
    said: FigureStatement
    second_person: str = ""
    second_reason: str = ""
    check_url: str = ""
    before: list[FigureStatement] = field(default_factory=list)


def figure_lines(page: PlanPage, kpi_row: KpiRow, texts: dict[int, Measurement]) -> list[FigureRow]:
    """Newest first."""
    return [figure_line(page, kpi_row, figure, texts) for figure in reversed(kpi_row.state.figures)]


def figure_line(
    page: PlanPage, kpi_row: KpiRow, figure: PeriodFigure, texts: dict[int, Measurement]
) -> FigureRow:
    hidden = hides_text(figure, texts)
    row = texts[figure.id]
    second, second_reason = "", ""
    look = getattr(row, "second_look", None)
    if look and (figure.is_returned or figure.status is Status.FINAL):
        done = "Returned" if figure.is_returned else "Confirmed"
        second = f"{done} by {look.by.name if look.by else look.source}"
        second_reason = "" if hidden else look.reason
    may_check = (
        page.is_today
        and figure.awaits_second_person
        and access.can_check_figure(
            page.access,
            data_owner=kpi_row.history.data_owner,
            areas=kpi_row.history.areas,
            author=row.by_id,
            is_hidden=figure.hides(row.respondents),
        )
    )
    statement = _statement(kpi_row, figure, row, hidden)
    return FigureRow(
        period=period_text(figure.starts_on, figure.ends_on),
        said=statement,
        second_person=second,
        second_reason=second_reason,
        check_url=page.url("kpis:check_figure", kpi_row.code, figure.id) if may_check else "",
        before=[
            earlier if hidden else _beside_later(statement, earlier)
            for earlier in (
                _statement(kpi_row, earlier_figure, texts[earlier_figure.id], hidden)
                for earlier_figure in reversed(figure.before)
            )
        ],
    )


def _beside_later(later: FigureStatement, statement: FigureStatement) -> FigureStatement:
    """An earlier account; a number that was only settled is not told twice."""
    if (statement.words, statement.parts) != (later.words, later.parts):
        return statement
    return replace(statement, words="the same", parts=[])


def _statement(
    kpi_row: KpiRow, figure: PeriodFigure, row: Measurement, hidden: bool
) -> FigureStatement:
    parts = rests_on(kpi_row, figure)
    if figure.respondents is None and row.respondents is not None and figure.judgement:
        parts.append("based on too few people to say how many")
    if figure.compared_with is not None:
        others = kpi_row.row.comparator or "the others"
        parts.append(f"{others}: {amount(figure.compared_with, kpi_row.unit)}")
    if row.based_on and not hidden:
        parts.append(f"source: {row.based_on}")
    who = row.by.name if row.by else row.source
    return FigureStatement(
        words=figure_text(figure, kpi_row.unit),
        status=status_text(figure),
        parts=parts,
        said_by=f"{formatting.short_day(_statement_day(row))}, {who}",
        note="" if hidden else row.note,
        reason="" if hidden else row.reason,
        is_marked=figure.is_marked,
    )


def _statement_day(row: Measurement) -> date:
    """What restates a figure speaks of the moment of the one before, and was said later."""
    return day_of(row.recorded_at if row.reason else row.effective_at)

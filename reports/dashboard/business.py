"""Questions nobody closed and actions that are overdue: the oldest of each, and how many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actions.pages import formatting
from reports.dashboard.dashboard_data import DashboardData
from reports.dashboard.waiting.open_things import Open

MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class OpenRow:
    text: str
    url: str
    who: str
    age: str


@dataclass(frozen=True, slots=True)
class OpenList:
    lines: list[OpenRow]
    count: int
    url: str


def open_questions(data: DashboardData) -> OpenList:
    page = data.page

    def who(question: Open) -> str:
        about = _about(data, question)
        return f"{question.who}, on {about}" if about else question.who

    return OpenList(
        _rows(
            data, data.waiting.questions, who, lambda one: page.url("oversight:question", one.pk)
        ),
        len(data.waiting.questions),
        page.listed("oversight:questions", state="open"),
    )


def overdue_actions(data: DashboardData) -> OpenList:
    url = data.page.listed("oversight:decisions", state="overdue")
    actions = data.waiting.overdue_actions
    return OpenList(
        _rows(data, actions, lambda one: one.who, lambda one: f"{url}#decision-{one.pk}"),
        len(actions),
        url,
    )


def _rows(
    data: DashboardData,
    found: Sequence[Open],
    who: Callable[[Open], str],
    url: Callable[[Open], str],
) -> list[OpenRow]:
    day = data.page.still_on
    return [
        OpenRow(one.text, url(one), who(one), formatting.age_text(one.day, day))
        for one in found[:MOST_SHOWN]
    ]


def _about(data: DashboardData, question: Open) -> str:
    if question.commitment:
        return next(
            (one.ref for one in data.state.commitments if one.id == question.commitment), ""
        )
    if question.area:
        return next((area.label for area in data.areas if area.key == question.area), "")
    row = data.kpis.rows.get(question.kpi) if question.kpi else None
    return f"KPI {row.code}" if row else ""

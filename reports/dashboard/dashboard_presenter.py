"""The dashboard's blocks, as its template takes them, made of what was read: none asks more."""

from dataclasses import dataclass
from typing import Any

from actions.pages import formatting
from actions.pages.formatting import Linked
from actions.rules.comparison import Direction, direction
from actions.wording import in_words
from kpis.pages.grid.kpi_counts import kpi_counts
from reports.dashboard.agenda import agenda
from reports.dashboard.areas import area_rows
from reports.dashboard.business import open_questions, overdue_actions
from reports.dashboard.dashboard_data import DashboardData
from reports.dashboard.for_decision import (
    attention_rows,
    decision_rows,
    next_meeting,
    where_decided,
)
from reports.dashboard.headline import headline
from reports.dashboard.in_full.points_to_check import point_counts
from reports.dashboard.movement import changed_url, compared_counts, movement

# Overdue for so many months is said apart.
LONG_OVERDUE_MONTHS = 2


def dashboard_blocks(data: DashboardData) -> dict[str, Any]:
    page = data.page
    areas = area_rows(data)
    exceptions = data.exceptions
    in_full = page.url("reports:in_full")
    return {
        "title": headline(
            data.state,
            data.previous_state,
            page.day,
            {commitment: text.name for commitment, text in data.texts.items()},
        ),
        "lead": lead(data),
        "since": formatting.short_day(data.comparison_day),
        "counts": compared_counts(data),
        "not_enough": formatting.not_enough_text(data.counts),
        "areas": areas,
        "months": areas[0].strip.cells if areas else [],
        "movement": movement(data),
        "changed_url": changed_url(data),
        "decisions": decision_rows(data),
        "decision_count": len(exceptions.decision),
        "decision_url": f"{in_full}#decision",
        "meeting": where_decided(data),
        "attention": attention_rows(data),
        "attention_count": len(exceptions.attention),
        "attention_url": f"{in_full}#attention",
        "questions": open_questions(data),
        "actions": overdue_actions(data),
        "agenda": agenda(data),
        "kpis": kpi_counts(page, data.kpi_states.values()),
        "kpis_url": page.url("kpis:kpis"),
        "grid_url": page.url("kpis:grid"),
        "points": point_counts(data, in_full),
        "on_a_page_url": page.url("reports:on_a_page"),
        "timeline_url": page.url("reports:timeline"),
    }


@dataclass(frozen=True, slots=True)
class Lead:
    """What moved in a sentence, and beneath it what waits, with the way to each list."""

    moved: str
    waits: list[tuple[Linked, str]]


def lead(data: DashboardData) -> Lead:
    """`Since 3 November five ratings are better, three are worse and one commitment has begun.`"""
    ways = [direction(change) for change in data.changes]
    better, worse, begun = (
        ways.count(way) for way in (Direction.BETTER, Direction.WORSE, Direction.BEGUN)
    )
    clauses = []
    if better:
        clauses.append(f"{_some(better, 'rating')} {_is(better)} better")
    if worse:
        noun = "" if better else f" {'rating' if worse == 1 else 'ratings'}"
        clauses.append(f"{formatting.number_text(worse)}{noun} {_is(worse)} worse")
    if begun:
        noun = in_words("{commitment} has" if begun == 1 else "{commitments} have")
        clauses.append(f"{formatting.number_text(begun)} {noun} begun")
    since = formatting.short_day(data.comparison_day)
    moved = formatting.listed(clauses) if clauses else "no rating has moved"
    return Lead(f"Since {since} {moved}.", _waits(data))


def _some(number: int, noun: str) -> str:
    return f"{formatting.number_text(number)} {noun if number == 1 else f'{noun}s'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _waits(data: DashboardData) -> list[tuple[Linked, str]]:
    page = data.page
    waits = []
    if number := len(data.exceptions.decision):
        meeting = next_meeting(data.meetings, page.day)
        on = f" on {formatting.day_without_year(meeting.held_on)}" if meeting else ""
        words = f"{number} {'needs' if number == 1 else 'need'} a decision"
        waits.append((Linked(words, f"{page.url('reports:in_full')}#decision"), on))
    if number := data.counts.overdue:
        long = sum(
            state.is_overdue and state.overdue_months >= LONG_OVERDUE_MONTHS
            for state in data.state.commitments
        )
        of_them = f", {long} of them for two months or more" if long else ""
        overdue = page.listed("actions:commitments", needs="overdue")
        waits.append((Linked(f"{number} {_is(number)} overdue", overdue), of_them))
    return waits

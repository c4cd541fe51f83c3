"""What comes in the next six weeks: the closing of updates, meetings, reports; what is due."""

from dataclasses import dataclass
from datetime import date, timedelta

from actions.pages import formatting
from actions.rules.state import DUE_SOON_DAYS
from actions.rules.status import Rating
from reports.dashboard.dashboard_data import DashboardData

MOST_DUE = 5


@dataclass(frozen=True, slots=True)
class Coming:
    """A day and what is on it."""

    when: str
    words: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class DueRow:
    ref: str
    name: str
    url: str
    rating: Rating
    # As it was written, or empty for its own word.
    word: str


@dataclass(frozen=True, slots=True)
class Agenda:
    until: str
    lines: list[Coming]
    due: list[DueRow]
    due_count: int
    due_url: str


def agenda(data: DashboardData) -> Agenda:
    page = data.page
    until = page.day + timedelta(days=DUE_SOON_DAYS)
    due = [
        (state, state.completion)
        for state in data.state.commitments
        if state.is_due_soon and state.completion
    ]
    due.sort(key=lambda pair: pair[1].now.last_day)
    return Agenda(
        until=formatting.short_day(until),
        lines=[line for _, line in sorted(_coming(data, until), key=lambda one: one[0])],
        due=[
            DueRow(
                state.ref,
                data.texts[state.id].in_short,
                page.link("commitment", state.code),
                state.rating,
                state.word,
            )
            for state, _ in due[:MOST_DUE]
        ],
        due_count=len(due),
        due_url=page.listed("actions:commitments", needs="due_soon"),
    )


def _coming(data: DashboardData, until: date) -> list[tuple[date, Coming]]:
    page = data.page
    found = []
    period = page.period
    if period and page.day <= period.closes_on <= until:
        missing = sum(state.update_due_now for state in data.state.commitments)
        note = f"{missing} to come" if missing else "all are in"
        words = f"{period.update_name} closes"
        found.append((period.closes_on, Coming(_when(data, period.closes_on), words, "", note)))
    found += [
        (
            meeting.held_on,
            Coming(
                _when(data, meeting.held_on),
                str(meeting.body),
                page.link("agenda", meeting.pk),
            ),
        )
        for meeting in data.meetings
        if page.day <= meeting.held_on <= until
    ]
    found += [
        (
            due.due_on,
            Coming(_when(data, due.due_on), due.title, page.url("reports:calendar"), due.period),
        )
        for due in data.reports_due
    ]
    return found


def _when(data: DashboardData, day: date) -> str:
    if day == data.page.today:
        return "Today"
    return formatting.brief_day(day).rpartition(" ")[0]

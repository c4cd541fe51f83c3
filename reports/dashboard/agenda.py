"""What is due in the next six weeks, by month."""

from dataclasses import dataclass, field

from actions.rules.dates import PlanDate
from actions.rules.state import CommitmentState
from actions.rules.status import DateState, Rating
from reports.dashboard.dashboard_data import DashboardData
from reports.dashboard.people import leads_of


@dataclass(frozen=True, slots=True)
class AgendaRow:
    ref: str
    name: str
    url: str
    rating: Rating
    # As it was written, or empty for its own word.
    word: str
    about: str


@dataclass(frozen=True, slots=True)
class AgendaMonth:
    month: str
    lines: list[AgendaRow] = field(default_factory=list)


def agenda(data: DashboardData) -> list[AgendaMonth]:
    """Completion dates that fall in them, the earliest first."""
    due = [
        (state, state.completion)
        for state in data.state.commitments
        if state.is_due_soon and state.completion
    ]
    months: dict[PlanDate, AgendaMonth] = {}
    for state, completion in sorted(due, key=lambda pair: pair[1].now.last_day):
        month = completion.now.last_month
        months.setdefault(month, AgendaMonth(str(month))).lines.append(
            AgendaRow(
                ref=state.ref,
                name=data.texts[state.id].in_short,
                url=data.page.link("commitment", state.code),
                rating=state.rating,
                word=state.word,
                about=_about(data, state, completion),
            )
        )
    return list(months.values())


def _about(data: DashboardData, state: CommitmentState, completion: DateState) -> str:
    leads = leads_of(state, data.people)
    return f"{leads}, moved from {completion.first.in_sentence}" if completion.is_moved else leads

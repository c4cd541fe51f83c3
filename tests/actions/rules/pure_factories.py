"""Short names for history rows in tests of the pure rules. No database."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from actions.rules.cycle import Cycle, CycleRule, MeetingDay
from actions.rules.dates import LONDON, PlanDate, start_of_day
from actions.rules.state import CommitmentHistory, History, LeadFact, PlanHistory
from actions.rules.status import (
    EMBEDDED,
    BlueRule,
    ConfirmationFact,
    DateKind,
    DateMarkFact,
    EndFact,
    KeyDateFact,
    Outcome,
    PauseFact,
    QuestionFact,
    Rating,
    RequestFact,
    UpdateFact,
    WithdrawalFact,
)

_ids = count(1)
AGREED = date(2021, 12, 24)


def at(text: str) -> datetime:
    """A day, or a day and time, in London; a day alone is its noon."""
    moment = datetime.fromisoformat(text)
    return (moment if " " in text else moment + timedelta(hours=12)).replace(tzinfo=LONDON)


def _clocks(effective: str, recorded: str | None) -> tuple[int, datetime, datetime]:
    return next(_ids), at(effective), at(recorded or effective)


def update(
    rating: str,
    effective: str,
    recorded: str | None = None,
    *,
    corrects: UpdateFact | None = None,
    starts: str | None = None,
    asks_help: bool = False,
) -> UpdateFact:
    return UpdateFact(
        *_clocks(effective, recorded),
        Rating(rating),
        corrects.id if corrects else None,
        PlanDate.parse(starts) if starts else None,
        asks_help=asks_help,
    )


def confirmed(of: UpdateFact, effective: str, recorded: str | None = None) -> ConfirmationFact:
    return ConfirmationFact(*_clocks(effective, recorded), of.id, True)


def returned(of: UpdateFact, effective: str) -> ConfirmationFact:
    return ConfirmationFact(*_clocks(effective, None), of.id, False)


def key_date(
    kind: str, when: str, effective: str = "2021-12-24", replaces: KeyDateFact | None = None
) -> KeyDateFact:
    return KeyDateFact(
        *_clocks(effective, None),
        DateKind(kind),
        PlanDate.parse(when),
        replaces.id if replaces else None,
    )


def mark(of: KeyDateFact, outcome: str, on: str) -> DateMarkFact:
    return DateMarkFact(*_clocks(on, None), of.id, Outcome(outcome), date.fromisoformat(on[:10]))


def withdrawal(effective: str, is_withdrawn: bool = True) -> WithdrawalFact:
    return WithdrawalFact(*_clocks(effective, None), is_withdrawn)


def pause(effective: str, restarts: str | None = None) -> PauseFact:
    return PauseFact(
        *_clocks(effective, None), True, PlanDate.parse(restarts) if restarts else None
    )


def restart(effective: str) -> PauseFact:
    return PauseFact(*_clocks(effective, None), False)


def ask(wanted: str, effective: str) -> RequestFact:
    return RequestFact(*_clocks(effective, None), PlanDate.parse(wanted) if wanted else None)


def question(effective: str) -> QuestionFact:
    return QuestionFact(*_clocks(effective, None))


def end(of: RequestFact | QuestionFact, effective: str) -> EndFact:
    return EndFact(*_clocks(effective, None), of.id)


def commitment(**rows: Any) -> CommitmentHistory:
    """A commitment of the agreed plan; rows are lists of the facts above."""
    values: dict[str, Any] = {
        "id": next(_ids),
        "code": "1.1.1a",
        "ref": "1.1.1a",
        "area": 1,
        "theme": 1,
        "action": 1,
        "added_at": start_of_day(AGREED),
    }
    return CommitmentHistory(
        **values | {name: tuple(v) if isinstance(v, list) else v for name, v in rows.items()}
    )


def history(
    *commitments: CommitmentHistory,
    until: str = "2024-12-31",
    tracked_from: str | None = "2022-01-01",
    closed_on: str | None = None,
    agreed_on: str | None = "2021-12-24",
    blue: BlueRule = EMBEDDED,
    holidays: frozenset[date] = frozenset(),
) -> History:
    return History(
        plans=(
            PlanHistory(
                id=1,
                agreed_on=date.fromisoformat(agreed_on) if agreed_on else None,
                tracked_from=date.fromisoformat(tracked_from) if tracked_from else None,
                closed_on=date.fromisoformat(closed_on) if closed_on else None,
                commitments=commitments,
                blue=blue,
            ),
        ),
        until=date.fromisoformat(until),
        holidays=holidays,
    )


def before_papers(*papers: date) -> Cycle:
    """Months that close five working days before the steering group's papers are due."""
    return Cycle(
        rules=(CycleRule(date(2000, 1, 1), is_before_papers=True),),
        meetings=tuple(
            MeetingDay(1, "Steering group", True, day + timedelta(days=7), day) for day in papers
        ),
    )


def lead(person: int, user: int | None, starts: str | None = None, ends: str | None = None) -> Any:
    return LeadFact(
        person,
        user,
        date.fromisoformat(starts) if starts else None,
        date.fromisoformat(ends) if ends else None,
    )

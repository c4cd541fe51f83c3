"""The state of plans as at a day, worked out from their history. Standard library only.

`load_history` (actions/records/history.py) reads the rows once; `state_at` may then be asked for
any day up to the one it was loaded for, and `known_at` any moment. A row counts as at a day when
the moment it speaks of lies before the end of that day in London; as known at a moment when it had
been recorded by then. Nobody else computes a status.

*Update overdue*. Update periods are those of the plan's cycle (`cycle.py`): calendar months, where
it has none of its own. Once the days of grace after a period's closing are over, five working days
or what the cycle says, an update that has not come is overdue, until one is recorded, or until the
grace of a later period ends that asked for none. A skipped period asks nobody, and ends no silence.
Periods that were over before the plan was tracked here ask for nothing. An update is
owed by each commitment that on the period's first day was in the agreed plan, not withdrawn, not
paused, not confirmed Blue and not validly Grey, and, where the plan knows no Blue, not delivered;
one update by anybody meets it. A plan that is a draft, is not tracked, or is closed, owes nothing.

*A closed plan stands still.* From the day it was closed on it owes no update, and nothing of it
comes due; as at any later day its state is that of its closing day, so that nothing becomes late,
is missed or lapses after the end.

*What a draft said is no promise.* A commitment withdrawn from the moment it was added, and not put
back since, was never in the plan: it is not among the withdrawn ones. `actions/plan/amendments.py`
and `actions/plan/editing.py` take parts out of a draft like this.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile
from typing import TypeVar

from actions.rules import status
from actions.rules.cycle import EVERY_MONTH, Cycle, UpdatePeriod, UpdatePeriods
from actions.rules.dates import (
    PlanDate,
    day_after,
    day_of,
    end_of_day,
    last_day_of_month,
    months_back,
)
from actions.rules.status import (
    EMBEDDED,
    AtClosing,
    BlueRule,
    ClosingFact,
    ConfirmationFact,
    DateMarkFact,
    DateState,
    EndFact,
    KeyDateFact,
    PauseFact,
    QuestionFact,
    Rating,
    RatingState,
    Recorded,
    RequestFact,
    UpdateFact,
    WithdrawalFact,
    shown_ratings,
)

DUE_SOON_DAYS = 42

Row = TypeVar("Row", bound=Recorded)


# --- History: what was recorded ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LeadFact:
    person: int
    user: int | None
    starts_on: date | None
    ends_on: date | None

    def leads_on(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )


@dataclass(frozen=True, slots=True)
class Former:
    """A commitment of a plan before, from which this one goes on: its completion date at the end.

    What was rated there stays there; when it was first to be done, and how that moved, does not.
    """

    commitment: int
    plan: int
    first: PlanDate | None
    now: PlanDate | None
    moves: int = 0


@dataclass(frozen=True, slots=True)
class CommitmentHistory:
    """One commitment's rows: colours, dates and keys, no texts."""

    id: int
    code: str
    ref: str
    area: int
    # None: the action hangs on the area itself.
    theme: int | None
    action: int
    added_at: datetime
    leads: tuple[LeadFact, ...] = ()
    updates: tuple[UpdateFact, ...] = ()
    confirmations: tuple[ConfirmationFact, ...] = ()
    key_dates: tuple[KeyDateFact, ...] = ()
    marks: tuple[DateMarkFact, ...] = ()
    withdrawals: tuple[WithdrawalFact, ...] = ()
    pauses: tuple[PauseFact, ...] = ()
    requests: tuple[RequestFact, ...] = ()
    request_ends: tuple[EndFact, ...] = ()
    questions: tuple[QuestionFact, ...] = ()
    question_ends: tuple[EndFact, ...] = ()
    closings: tuple[ClosingFact, ...] = ()
    # Those it goes on from, the oldest first.
    formers: tuple[Former, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanHistory:
    id: int
    agreed_on: date | None
    tracked_from: date | None
    closed_on: date | None
    commitments: tuple[CommitmentHistory, ...]
    blue: BlueRule = EMBEDDED
    cycle: Cycle = EVERY_MONTH

    def still_on(self, day: date) -> date:
        """The day whose state is shown as at `day`: that of its closing once a plan is closed."""
        return min(day, self.closed_on) if self.closed_on else day

    def is_closed_on(self, day: date) -> bool:
        return self.closed_on is not None and self.closed_on <= day


@dataclass(frozen=True, slots=True)
class History:
    plans: tuple[PlanHistory, ...]
    until: date
    holidays: frozenset[date]


# --- State: what stood ------------------------------------------------------------------------


class Cell(StrEnum):
    """What one month of a strip says."""

    WRITTEN = "written"
    CARRIED = "carried"
    GREY = "grey"
    PAUSED = "paused"
    UNRATED = "unrated"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Month:
    month: PlanDate
    cell: Cell
    rating: Rating


@dataclass(frozen=True, slots=True)
class CommitmentState:
    id: int
    code: str
    ref: str
    plan: int
    area: int
    # None: the action hangs on the area itself.
    theme: int | None
    action: int
    on: date
    standing: RatingState
    dates: tuple[DateState, ...]
    leads: tuple[LeadFact, ...]
    is_withdrawn: bool
    pause: PauseFact | None
    newest_update: UpdateFact | None
    # The day of the first of the updates, one after another, that have asked for help up to now.
    help_asked_since: date | None
    completion: DateState | None
    # The first day after the completion date.
    overdue_since: date | None
    # The completion date asked for, the open asks of any kind, and the questions nobody closed.
    requested_date: PlanDate | None
    open_requests: tuple[RequestFact, ...]
    open_questions: tuple[QuestionFact, ...]
    is_grey_although_due: bool
    is_lapsed: bool
    blue_waits_too_long: bool
    update_due_since: date | None
    update_due_now: bool
    no_changes_running: int
    tracked: bool
    is_closed: bool
    has_blue: bool = True
    # What became of it as the plan closed, where it was open then.
    at_closing: AtClosing | None = None
    formers: tuple[Former, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Blue and confirmed; where the plan's key knows no Blue, delivered."""
        return self.standing.is_confirmed_blue or (
            not self.has_blue and self.delivered_on is not None
        )

    @property
    def rating(self) -> Rating:
        """Where it counts: under its colour, or as paused."""
        return Rating.PAUSED if self.pause else self.standing.rating

    @property
    def word(self) -> str:
        """The rating as it was written, where that is a half-step; else empty."""
        return "" if self.pause else self.standing.word

    @property
    def pause_has_run_out(self) -> bool:
        return self.tracked and status.has_run_out(self.pause, self.on)

    @property
    def is_overdue(self) -> bool:
        return self.overdue_since is not None

    @property
    def update_overdue(self) -> bool:
        return self.update_due_since is not None

    @property
    def question_open_since(self) -> date | None:
        """The day of the oldest question that is still open."""
        return day_of(self.open_questions[0].effective_at) if self.open_questions else None

    @property
    def delivered_on(self) -> date | None:
        return self.completion.delivered_on if self.completion else None

    @property
    def delivered_not_embedded(self) -> bool:
        """Where the plan knows a Blue that it is still to become."""
        return (
            self.delivered_on is not None and self.has_blue and not self.standing.is_confirmed_blue
        )

    @property
    def late_although_rated(self) -> bool:
        return self.is_overdue and self.rating in (Rating.GREEN, Rating.AMBER)

    @property
    def is_due_soon(self) -> bool:
        """The completion date comes within six weeks and is still to be met."""
        if not self.tracked or self.is_closed or self.pause:
            return False
        if self.completion is None or self.is_overdue:
            return False
        if self.delivered_on or self.standing.is_confirmed_blue:
            return False
        return (self.completion.now.last_day - self.on).days <= DUE_SOON_DAYS

    @property
    def missed_dates(self) -> tuple[DateState, ...]:
        if self.standing.is_confirmed_blue:
            return ()
        return tuple(state for state in self.dates if state.is_missed)

    @property
    def overdue_months(self) -> int:
        """From the completion month to the month of the day; 0 where a day of this month passed."""
        if self.completion is None or self.overdue_since is None:
            return 0
        return self.completion.now.months_until(PlanDate.month_of(self.on))

    @property
    def blue_author(self) -> int | None:
        """The user who recorded the Blue that waits for a second person."""
        newest = self.newest_update
        if newest is None or newest.id != self.standing.blue_proposal:
            return None
        return newest.by

    def is_led_by(self, user: int) -> bool:
        return any(lead.user == user for lead in self.leads)


@dataclass(frozen=True, slots=True)
class PlanState:
    id: int
    on: date
    tracked: bool
    commitments: tuple[CommitmentState, ...]
    is_before_first_record: bool

    def of_area(self, area: int) -> list[CommitmentState]:
        return [state for state in self.commitments if state.area == area]

    def of_action(self, action: int) -> list[CommitmentState]:
        return [state for state in self.commitments if state.action == action]


@dataclass(frozen=True, slots=True)
class Counts:
    """A summary of commitments: counts, never one colour. Withdrawn ones stand apart."""

    total: int
    ratings: Mapping[Rating, int]
    blue_proposed: int
    update_overdue: int
    overdue: int
    withdrawn: int
    # Not yet rated, or with an overdue update, or both.
    doubtful: int

    @property
    def shown(self) -> tuple[Rating, ...]:
        return shown_ratings(self.ratings)

    @property
    def has_enough_ratings(self) -> bool:
        """Not more than a tenth in doubt."""
        return self.doubtful * 10 <= self.total


@dataclass(frozen=True, slots=True)
class Terms:
    """What the state of each commitment of a plan depends on beside its own history."""

    agreed_on: date | None
    tracked_from: date | None
    closed_on: date | None
    blue: BlueRule
    cycle: Cycle
    holidays: frozenset[date]


def terms_of(plan: PlanHistory, holidays: frozenset[date]) -> Terms:
    return Terms(plan.agreed_on, plan.tracked_from, plan.closed_on, plan.blue, plan.cycle, holidays)


# Works out the state of one commitment; None while it was not in the plan.
StateOf = Callable[
    [CommitmentHistory, PlanHistory, date, datetime | None, UpdatePeriods], CommitmentState | None
]


def state_at(
    history: History,
    day: date,
    known_at: datetime | None = None,
    state_of: StateOf | None = None,
) -> dict[int, PlanState]:
    """Each plan's state by the end of `day`, by plan id.

    `known_at` narrows to what had been recorded by then. ValueError past the day the history was
    loaded for: what lies beyond it was never read. Who keeps states of commitments gives a
    `state_of` that takes what `commitment_state` would give.
    """
    if day > history.until:
        raise ValueError(f"history was loaded until {history.until}, not {day}")
    return {
        plan.id: _plan_state(plan, day, known_at, history.holidays, state_of or commitment_state)
        for plan in history.plans
    }


def count(states: Iterable[CommitmentState]) -> Counts:
    states = list(states)
    standing = [state for state in states if not state.is_withdrawn]
    ratings = Counter(state.rating for state in standing)
    return Counts(
        total=len(standing),
        ratings={rating: ratings[rating] for rating in Rating},
        blue_proposed=sum(state.standing.blue_proposed_at is not None for state in standing),
        update_overdue=sum(state.update_overdue for state in standing),
        overdue=sum(state.is_overdue for state in standing),
        withdrawn=len(states) - len(standing),
        doubtful=sum(
            state.rating is Rating.NOT_YET_RATED or state.update_overdue for state in standing
        ),
    )


def strip(
    commitment: CommitmentHistory, day: date, known_at: datetime | None = None, months: int = 12
) -> list[Month]:
    """The last months of a commitment, oldest first, each as at its end; the last as at `day`."""
    now = _as_at(commitment, day, known_at)
    written = [day_of(update.effective_at) for update in status.in_force(now.updates)]
    shown = months_back(day, months)
    last_days = [min(last_day_of_month(month.first_day), day) for month in shown]
    ends = [end_of_day(last) for last in last_days]
    cells = []
    for month, last, end, colour in zip(
        shown,
        last_days,
        ends,
        status.ratings_before(now.updates, now.confirmations, ends),
        strict=True,
    ):
        paused = now.pauses and status.pause_of(_by(end, now.pauses)) is not None
        rating = Rating.PAUSED if paused else colour
        cells.append(Month(month, _cell(rating, month, written, commitment, last), rating))
    return cells


def _cell(
    rating: Rating,
    month: PlanDate,
    written: list[date],
    commitment: CommitmentHistory,
    ends: date,
) -> Cell:
    if day_of(commitment.added_at) > ends or (written and min(written) > ends):
        return Cell.BEFORE
    if rating is Rating.NOT_YET_RATED:
        return Cell.UNRATED
    if rating is Rating.PAUSED:
        return Cell.PAUSED
    if rating is Rating.GREY:
        return Cell.GREY
    if any(month.first_day <= day <= ends for day in written):
        return Cell.WRITTEN
    return Cell.CARRIED


def changed_at(
    commitment: CommitmentHistory, day: date, known_at: datetime | None = None
) -> datetime:
    """The newest moment that anything on record of a commitment speaks of, its addition included.

    Updates, answers to a Blue, dates and their marks, withdrawals and asks; a correction speaks of
    the moment of what it corrects.
    """
    now = _as_at(commitment, day, known_at)
    kinds: tuple[Iterable[Recorded], ...] = (
        now.updates,
        now.confirmations,
        now.key_dates,
        now.marks,
        now.withdrawals,
        now.pauses,
        now.requests,
        now.request_ends,
        now.questions,
        now.question_ends,
        now.closings,
    )
    return max([now.added_at, *(row.effective_at for rows in kinds for row in rows)])


def _plan_state(
    plan: PlanHistory,
    day: date,
    known_at: datetime | None,
    holidays: Collection[date],
    state_of: StateOf,
) -> PlanState:
    day = plan.still_on(day)
    periods = plan.cycle.periods(holidays)
    present = [
        commitment
        for commitment in plan.commitments
        if commitment.added_at < end_of_day(day)
        and (known_at is None or commitment.added_at <= known_at)
    ]
    states = [state_of(commitment, plan, day, known_at, periods) for commitment in present]
    return PlanState(
        id=plan.id,
        on=day,
        tracked=_is_tracked(plan, day),
        commitments=tuple(state for state in states if state is not None),
        is_before_first_record=bool(plan.commitments) and not present,
    )


def commitment_state(
    commitment: CommitmentHistory,
    plan: PlanHistory,
    day: date,
    known_at: datetime | None,
    periods: UpdatePeriods,
) -> CommitmentState | None:
    """The state of one commitment that was added by then; None where it was never in the plan."""
    seen = _as_at(commitment, day, known_at)
    return None if _was_never_in(seen) else _state(seen, plan, day, periods)


def _is_tracked(plan: PlanHistory, day: date) -> bool:
    if plan.agreed_on is None or plan.agreed_on > day:
        return False
    return plan.tracked_from is not None and plan.tracked_from <= day


def _was_never_in(commitment: CommitmentHistory) -> bool:
    return status.is_withdrawn(commitment.withdrawals) and all(
        row.effective_at <= commitment.added_at for row in commitment.withdrawals
    )


def _as_at(
    commitment: CommitmentHistory, day: date, known_at: datetime | None
) -> CommitmentHistory:
    end = end_of_day(day)

    def seen(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(
            row
            for row in rows
            if row.effective_at < end and (known_at is None or row.recorded_at <= known_at)
        )

    return CommitmentHistory(
        id=commitment.id,
        code=commitment.code,
        ref=commitment.ref,
        area=commitment.area,
        theme=commitment.theme,
        action=commitment.action,
        added_at=commitment.added_at,
        leads=tuple(lead for lead in commitment.leads if lead.leads_on(day)),
        updates=seen(commitment.updates),
        confirmations=seen(commitment.confirmations),
        key_dates=seen(commitment.key_dates),
        marks=seen(commitment.marks),
        withdrawals=seen(commitment.withdrawals),
        pauses=seen(commitment.pauses),
        requests=seen(commitment.requests),
        request_ends=seen(commitment.request_ends),
        questions=seen(commitment.questions),
        question_ends=seen(commitment.question_ends),
        closings=seen(commitment.closings),
        formers=commitment.formers,
    )


def _state(
    commitment: CommitmentHistory, plan: PlanHistory, day: date, periods: UpdatePeriods
) -> CommitmentState:
    updates = status.in_force(commitment.updates)
    standing = status.standing(updates, commitment.confirmations)
    withdrawn = status.is_withdrawn(commitment.withdrawals)
    live = _is_tracked(plan, day) and not withdrawn
    pause = status.pause_of(commitment.pauses)
    # What a pause sets aside: nothing is late, and nothing is asked.
    running = live and pause is None
    dates = status.date_states(
        commitment.key_dates,
        commitment.marks,
        on=day,
        agreed_on=plan.agreed_on if running else None,
    )
    completion = status.completion_of(dates)
    if completion and commitment.formers:
        through = read_through(completion, commitment.formers)
        dates = tuple(through if each is completion else each for each in dates)
        completion = through
    overdue = running and status.is_overdue(completion, standing, day)
    requests = _still_open(commitment.requests, commitment.request_ends)
    is_closed = plan.is_closed_on(day)
    is_reporting = running and not is_closed
    update_due = _updates_due(commitment, plan, day, periods) if is_reporting else (None, False)
    return CommitmentState(
        id=commitment.id,
        code=commitment.code,
        ref=commitment.ref,
        plan=plan.id,
        area=commitment.area,
        theme=commitment.theme,
        action=commitment.action,
        on=day,
        standing=standing,
        dates=dates,
        leads=commitment.leads,
        is_withdrawn=withdrawn,
        pause=pause,
        newest_update=updates[-1] if updates else None,
        help_asked_since=None if pause else _help_asked_since(updates),
        completion=completion,
        overdue_since=day_after(completion.now.last_day) if completion and overdue else None,
        requested_date=_requested_date(requests, completion),
        open_requests=requests,
        open_questions=_still_open(commitment.questions, commitment.question_ends),
        is_grey_although_due=running and status.is_grey_although_due(standing, dates, day),
        is_lapsed=running and status.is_lapsed(standing, dates, day, plan.blue),
        blue_waits_too_long=running and status.waits_too_long(standing, day),
        update_due_since=update_due[0],
        update_due_now=update_due[1],
        no_changes_running=sum(1 for _ in takewhile(_is_no_change, reversed(updates))),
        tracked=live,
        is_closed=is_closed,
        has_blue=plan.blue.is_known,
        at_closing=commitment.closings[-1].outcome if commitment.closings else None,
        formers=commitment.formers,
    )


def read_through(completion: DateState, formers: Sequence[Former]) -> DateState:
    """A completion date with where it began and how often it moved in the plans before.

    That it was set otherwise as a plan went on is a move like any other.
    """
    dated = [former for former in formers if former.first and former.now]
    if not dated or dated[0].first is None:
        return completion
    first, moves = dated[0].first, completion.moves + sum(former.moves for former in dated)
    ends = [former.now for former in dated]
    begins = [*(former.first for former in dated[1:]), completion.first]
    moves += sum(end != begin for end, begin in zip(ends, begins, strict=True))
    days = (completion.now.last_day - first.last_day).days
    return replace(completion, first=first, moves=moves, moved_by_days=days)


def _is_no_change(update: UpdateFact) -> bool:
    return update.is_no_change


def _help_asked_since(updates: Sequence[UpdateFact]) -> date | None:
    """Asking again is the same ask, and no new one; an update that asks for nothing ends it."""
    run = list(takewhile(lambda update: update.asks_help, reversed(updates)))
    return day_of(run[-1].effective_at) if run else None


_Open = TypeVar("_Open", RequestFact, QuestionFact)


def _still_open(rows: Iterable[_Open], ends: Iterable[EndFact]) -> tuple[_Open, ...]:
    """Those that nothing has ended, oldest first."""
    ended = {end.of for end in ends}
    return tuple(
        sorted(
            (row for row in rows if row.id not in ended),
            key=lambda row: (row.effective_at, row.recorded_at),
        )
    )


def _requested_date(
    requests: Sequence[RequestFact], completion: DateState | None
) -> PlanDate | None:
    """The completion date somebody asked for and nobody has set since.

    A move asked for of another date, such as an interim milestone, is none of the completion date.
    """
    own = (None, completion.id if completion else None)
    of_date = [ask for ask in requests if ask.wanted and ask.key_date in own]
    if not of_date:
        return None
    newest = of_date[-1]
    if completion is not None and completion.set_at > newest.effective_at:
        return None
    return newest.wanted


# --- Update periods ---------------------------------------------------------------------------


def _updates_due(
    commitment: CommitmentHistory, plan: PlanHistory, day: date, periods: UpdatePeriods
) -> tuple[date | None, bool]:
    """The first day on which an update was overdue, if one is, and whether one is owed now."""
    written = [day_of(update.effective_at) for update in status.in_force(commitment.updates)]
    newest = max(written, default=None)

    def owed_and_missing(period: UpdatePeriod) -> bool:
        if newest is not None and newest >= period.first_day:
            return False
        return is_update_due(commitment, plan, period)

    period, first_missed = periods.last_closed(day), None
    while owed_and_missing(period):
        first_missed = period
        period = periods.previous(period)
    since = day_after(first_missed.grace_ends_on) if first_missed else None
    current = periods.current(day)
    return since, current is not None and owed_and_missing(current)


def is_update_due(commitment: CommitmentHistory, plan: PlanHistory, period: UpdatePeriod) -> bool:
    """Whether the commitment owed an update for a period, by how it stood on its first day."""
    first_day = period.first_day
    if period.is_skipped or plan.agreed_on is None or plan.agreed_on > first_day:
        return False
    if plan.tracked_from is None or period.last_day < plan.tracked_from:
        return False
    if commitment.added_at >= end_of_day(first_day):
        return False
    # Asked for every period since a plan is tracked: each kind of row only where it may decide.
    end = end_of_day(first_day)
    if status.is_withdrawn(_by(end, commitment.withdrawals)):
        return False
    if status.pause_of(_by(end, commitment.pauses)):
        return False
    standing = status.standing(_by(end, commitment.updates), _by(end, commitment.confirmations))
    if standing.is_confirmed_blue:
        return False
    if standing.rating is not Rating.GREY and plan.blue.is_known:
        return True
    dates = status.date_states(
        _by(end, commitment.key_dates),
        _by(end, commitment.marks),
        on=first_day,
        agreed_on=plan.agreed_on,
    )
    completion = status.completion_of(dates)
    if not plan.blue.is_known and completion and completion.delivered_on:
        return False
    return not status.is_validly_grey(standing, dates, first_day)


def _by(end: datetime, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.effective_at < end)

"""What the record says about one commitment on one day. Standard library only.

A BRAG is a person's judgement. Dates are facts beside it and never recolour it. Every rule takes
the rows that were known and effective, and the day; none reads a clock, and nothing is stored.

1. *Current rating*. The newest update's colour, newest by the moment it speaks of, then by when it
   was recorded. A corrected update does not count; its correction does, in its place.
   - Blue is a proposal until a second person confirms it: the last rating stands, tagged "Blue
     proposed". Returned, the last rating still stands, tagged "Blue returned"; also where an update
     of a day between the two came on record only after the return.
   - Blue said again over a confirmed Blue re-affirms it. Any other colour ends it.
   - Nobody has rated it: *not yet rated*, which is not Grey.
2. *Delivered*: the completion date in force is marked delivered. "Delivered, not yet embedded"
   until Blue is confirmed.
3. *Overdue*: the latest agreed completion date has passed (a month, a term or a year has passed on
   the day after its last), it is not delivered, and no confirmed Blue stands.
4. *Date missed*: a passed interim, baseline, follow-up, launch, evaluation or review date, not
   marked met. Marked with a day after it: *met late*. Dates from before the plan was agreed are
   never missed, and none is while a confirmed Blue stands: then it lapses. A start date only ends
   Grey.
5. *Grey* holds until the month its author gave for the start of work begins. It is *Grey although
   due* once that month, or the first dated point, has passed, or where the start given lies after
   the first dated point.
6. *Lapsed*: a confirmed Blue not said again for six months, or since one of the dates of rule 4
   that began after it has passed without being marked met. A plan may give other months. Where its
   Blue says that the work is complete, and not that it is embedded, it never lapses; and where it
   knows no Blue, a completion date marked delivered ends what is owed.

7. *Paused*: set aside by a decision, with a reason and perhaps the month in which work is to go on.
   It stays in the plan and its counts, as a bucket of its own. While it is paused its colour does
   not count, nothing of it is owed, overdue, missed or lapsed; when it ends, the last rating stands
   again. *Pause run out*: the month to go on in has passed, and nobody has ended it.

*Update overdue* concerns periods and stands in `actions/rules/state.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter

from actions.rules.dates import PlanDate, add_months, day_of

BLUE_WAITS_DAYS = 14
BLUE_LASTS_MONTHS = 6


class Rating(StrEnum):
    """The five colours of the plan, in its order, the state of having none, and that of a pause."""

    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"
    NOT_YET_RATED = "not_yet_rated"
    # Last, so that the order of the others is that of papers kept from before.
    PAUSED = "paused"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def letter(self) -> str:
        return "" if self is Rating.NOT_YET_RATED else self.label[0]

    @property
    def meaning(self) -> str:
        return MEANINGS[self]


MEANINGS = {
    Rating.BLUE: "Completed and embedded",
    Rating.GREEN: "On track, no concerns",
    Rating.AMBER: "On track, some concerns",
    Rating.RED: "No progress, major concerns",
    Rating.GREY: "Not due yet",
    Rating.NOT_YET_RATED: "Nobody has rated it yet",
    Rating.PAUSED: "Set aside for a time, by decision",
}
# What a person may give. Nobody rates a commitment paused: that is decided, with a reason.
COLOURS = (Rating.BLUE, Rating.GREEN, Rating.AMBER, Rating.RED, Rating.GREY)
# What every summary shows, also where nothing has it.
RATINGS = (*COLOURS, Rating.NOT_YET_RATED)


def shown_ratings(*counts: Mapping[Rating, int]) -> tuple[Rating, ...]:
    """The ratings that a summary of these counts shows: paused only where something is."""
    is_paused = any(count.get(Rating.PAUSED) for count in counts)
    return (*RATINGS, Rating.PAUSED) if is_paused else RATINGS


class DateKind(StrEnum):
    COMPLETION = "completion"
    INTERIM = "interim"
    BASELINE = "baseline"
    FOLLOW_UP = "follow_up"
    START = "start"
    LAUNCH = "launch"
    EVALUATION = "evaluation"
    REVIEW = "review"

    @property
    def label(self) -> str:
        return {
            DateKind.COMPLETION: "Completion",
            DateKind.INTERIM: "Interim milestone",
            DateKind.FOLLOW_UP: "Follow-up",
        }.get(self, self.value.capitalize())


class Outcome(StrEnum):
    """What a mark says of a key date."""

    MET = "met"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


MISSABLE = frozenset(
    {
        DateKind.INTERIM,
        DateKind.BASELINE,
        DateKind.FOLLOW_UP,
        DateKind.LAUNCH,
        DateKind.EVALUATION,
        DateKind.REVIEW,
    }
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The two clocks of every append-only row."""

    id: int
    effective_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class UpdateFact(Recorded):
    rating: Rating
    corrects: int | None = None
    work_starts: PlanDate | None = None
    is_no_change: bool = False
    by: int | None = None
    asks_help: bool = False
    # As it was written, where that is a half-step of the plan's key.
    word: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmationFact(Recorded):
    update: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class KeyDateFact(Recorded):
    kind: DateKind
    when: PlanDate
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class DateMarkFact(Recorded):
    key_date: int
    outcome: Outcome
    on: date


@dataclass(frozen=True, slots=True)
class WithdrawalFact(Recorded):
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class PauseFact(Recorded):
    """A commitment set aside for a time, or taken up again; `restarts` where that is planned."""

    is_paused: bool
    restarts: PlanDate | None = None


class AtClosing(StrEnum):
    """What became of an open commitment when its plan was closed."""

    DONE = "done"
    CARRIED_FORWARD = "carried_forward"
    NOT_NEEDED = "not_needed"

    @property
    def label(self) -> str:
        return _AT_CLOSING[self]


_AT_CLOSING = {
    AtClosing.DONE: "Done",
    AtClosing.CARRIED_FORWARD: "Carried forward",
    AtClosing.NOT_NEEDED: "No longer needed",
}


@dataclass(frozen=True, slots=True)
class ClosingFact(Recorded):
    """Said as the plan closes, beside the rating, which stays as it was."""

    outcome: AtClosing


@dataclass(frozen=True, slots=True)
class RequestFact(Recorded):
    """A change of what was agreed that somebody asked for; `wanted` where it is of a date."""

    wanted: PlanDate | None = None
    key_date: int | None = None


@dataclass(frozen=True, slots=True)
class EndFact(Recorded):
    """The end of an open thing: an ask refused, taken back or in effect, or a question closed."""

    of: int


@dataclass(frozen=True, slots=True)
class QuestionFact(Recorded):
    by: int | None = None


# --- Rule 1, the current rating ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RatingState:
    """The rating that stands, and what hangs over it."""

    rating: Rating = Rating.NOT_YET_RATED
    update: int | None = None
    rated_at: datetime | None = None
    since: datetime | None = None
    before: Rating = Rating.NOT_YET_RATED
    work_starts: PlanDate | None = None
    affirmed_at: datetime | None = None
    blue_proposed_at: datetime | None = None
    blue_proposal: int | None = None
    blue_returned_at: datetime | None = None
    # As the update wrote it, where that is a half-step.
    word: str = ""

    @property
    def is_confirmed_blue(self) -> bool:
        return self.rating is Rating.BLUE


_BY_MOMENT = attrgetter("effective_at", "recorded_at", "id")


def in_force(updates: Iterable[UpdateFact]) -> list[UpdateFact]:
    """Updates that no other corrects, oldest first by what they speak of."""
    updates = list(updates)
    corrected = {update.corrects for update in updates}
    return sorted((update for update in updates if update.id not in corrected), key=_BY_MOMENT)


class _Replay:
    """Rule 1 while it is replayed: what a `RatingState` holds, changed event by event."""

    __slots__ = (
        "affirmed_at",
        "before",
        "blue_proposal",
        "blue_proposed_at",
        "blue_returned_at",
        "rated_at",
        "rating",
        "since",
        "update",
        "word",
        "work_starts",
    )

    def __init__(self) -> None:
        self.rating = self.before = Rating.NOT_YET_RATED
        self.update: int | None = None
        self.rated_at: datetime | None = None
        self.since: datetime | None = None
        self.work_starts: PlanDate | None = None
        self.affirmed_at: datetime | None = None
        self.blue_proposed_at: datetime | None = None
        self.blue_proposal: int | None = None
        self.blue_returned_at: datetime | None = None
        self.word = ""

    def take(self, event: UpdateFact | ConfirmationFact, by_id: Mapping[int, UpdateFact]) -> None:
        if isinstance(event, ConfirmationFact):
            if event.is_confirmed:
                self._rate(by_id[event.update], event.effective_at)
            elif event.update == self.blue_proposal or self._was_proposed(event, by_id):
                self.blue_proposed_at = None
                self.blue_proposal = None
                self.blue_returned_at = event.effective_at
        elif event.rating is not Rating.BLUE:
            self._rate(event, event.effective_at)
        elif self.rating is Rating.BLUE:
            self.update, self.word = event.id, event.word
            self.rated_at = self.affirmed_at = event.effective_at
        else:
            self.blue_proposed_at = event.effective_at
            self.blue_proposal = event.id
            self.blue_returned_at = None

    def _was_proposed(self, answer: ConfirmationFact, by_id: Mapping[int, UpdateFact]) -> bool:
        """Whether its Blue was still the newest when it was returned, as known then."""
        if self.update is None or self.blue_proposal is not None or self.rating is Rating.BLUE:
            return False
        return by_id[self.update].recorded_at > answer.recorded_at

    def _rate(self, update: UpdateFact, affirmed_at: datetime) -> None:
        if update.rating is not self.rating:
            self.since, self.before = affirmed_at, self.rating
        self.rating, self.update, self.word = update.rating, update.id, update.word
        self.rated_at, self.work_starts = update.effective_at, update.work_starts
        self.affirmed_at = affirmed_at
        self.blue_proposed_at = self.blue_proposal = self.blue_returned_at = None

    def state(self) -> RatingState:
        return RatingState(**{name: getattr(self, name) for name in self.__slots__})


def standing(
    updates: Iterable[UpdateFact], confirmations: Iterable[ConfirmationFact]
) -> RatingState:
    """Rule 1, replayed over updates and the answers to them in the order they speak of.

    Only updates in force count, and answers to them. That an answer is given to the newest update
    alone is the business of `actions/progress/updates.py`; an older update entered later from paper
    does not undo a Blue confirmed since.
    """
    by_id, events = _events(updates, confirmations)
    now = _Replay()
    for event in events:
        now.take(event, by_id)
    return now.state()


def ratings_before(
    updates: Sequence[UpdateFact],
    confirmations: Sequence[ConfirmationFact],
    ends: Sequence[datetime],
) -> list[Rating]:
    """The rating of `standing` by what speaks of a moment before each of these, in time order.

    One replay for all of them, where nobody corrected or answered what comes later; else one each.
    """
    by_id, events = _events(updates, confirmations)
    if len(by_id) < len(updates) or any(
        answer.effective_at < by_id[answer.update].effective_at
        for answer in confirmations
        if answer.update in by_id
    ):
        return [
            standing(
                [row for row in updates if row.effective_at < end],
                [row for row in confirmations if row.effective_at < end],
            ).rating
            for end in ends
        ]
    now, place, ratings = _Replay(), 0, []
    for end in ends:
        while place < len(events) and events[place].effective_at < end:
            now.take(events[place], by_id)
            place += 1
        ratings.append(now.rating)
    return ratings


def _events(
    updates: Iterable[UpdateFact], confirmations: Iterable[ConfirmationFact]
) -> tuple[dict[int, UpdateFact], list[UpdateFact | ConfirmationFact]]:
    """Updates in force by id; and with the answers to them in the order they speak of."""
    by_id = {update.id: update for update in in_force(updates)}
    answers = [answer for answer in confirmations if answer.update in by_id]
    events: list[UpdateFact | ConfirmationFact] = [*by_id.values(), *answers]
    if answers:
        events.sort(
            key=lambda row: (row.effective_at, row.recorded_at, isinstance(row, ConfirmationFact))
        )
    return by_id, events


# --- Rules 2 to 4, dates ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DateState:
    """One key date as it stands: where it began, where it is now, and what became of it.

    `id` is that of the row in force, `chain` of the one it began with.
    """

    id: int
    chain: int
    kind: DateKind
    first: PlanDate
    now: PlanDate
    moves: int
    set_at: datetime
    met_on: date | None = None
    delivered_on: date | None = None
    is_missed: bool = False
    moved_by_days: int = 0

    @property
    def is_moved(self) -> bool:
        return self.moves > 0

    @property
    def moved_by_months(self) -> int:
        return self.first.months_until(self.now)

    @property
    def is_met_late(self) -> bool:
        return self.met_on is not None and self.met_on > self.now.last_day


def date_states(
    key_dates: Iterable[KeyDateFact],
    marks: Iterable[DateMarkFact],
    *,
    on: date,
    agreed_on: date | None,
) -> tuple[DateState, ...]:
    """Each chain of dates as one, in time order. Withdrawn ones are left out."""
    key_dates = list(key_dates)
    by_id = {key_date.id: key_date for key_date in key_dates}
    replaced = {key_date.replaces for key_date in key_dates}
    marks = sorted(marks, key=lambda mark: (mark.effective_at, mark.recorded_at, mark.id))
    states = []
    for last in key_dates:
        if last.id in replaced:
            continue
        chain = [last]
        while (earlier := by_id.get(chain[-1].replaces or 0)) is not None:
            chain.append(earlier)
        outcomes = _outcomes_of({key_date.id for key_date in chain}, marks)
        if Outcome.WITHDRAWN in outcomes:
            continue
        first, met_on = chain[-1], outcomes.get(Outcome.MET)
        states.append(
            DateState(
                id=last.id,
                chain=first.id,
                kind=last.kind,
                first=first.when,
                now=last.when,
                # A row that only changes the note replaces the date by itself.
                moves=sum(newer.when != older.when for newer, older in pairwise(chain)),
                set_at=last.effective_at,
                met_on=met_on,
                delivered_on=outcomes.get(Outcome.DELIVERED),
                is_missed=(
                    last.kind in MISSABLE
                    and last.when.passed_by(on)
                    and met_on is None
                    and agreed_on is not None
                    and last.when.last_day >= agreed_on
                ),
                moved_by_days=(last.when.last_day - first.when.last_day).days,
            )
        )
    return tuple(sorted(states, key=lambda state: (state.now.last_day, state.id)))


def _outcomes_of(chain: set[int], marks: Iterable[DateMarkFact]) -> dict[Outcome, date]:
    """What the marks of one chain come to; a reopening takes back what was said before it."""
    outcomes: dict[Outcome, date] = {}
    for mark in marks:
        if mark.key_date not in chain:
            continue
        if mark.outcome is Outcome.REOPENED:
            outcomes.clear()
        else:
            outcomes[mark.outcome] = mark.on
    return outcomes


def completion_of(dates: Iterable[DateState]) -> DateState | None:
    """The completion date that counts: the latest, where a plan gives several."""
    completions = [state for state in dates if state.kind is DateKind.COMPLETION]
    return completions[-1] if completions else None


def is_overdue(completion: DateState | None, standing: RatingState, on: date) -> bool:
    return (
        completion is not None
        and completion.now.passed_by(on)
        and completion.delivered_on is None
        and not standing.is_confirmed_blue
    )


# --- Rules 5 and 6, Grey and lapsed Blue ------------------------------------------------------


def first_dated_point(dates: Iterable[DateState]) -> PlanDate | None:
    return min((state.now for state in dates), key=lambda when: when.last_day, default=None)


def grey_start_is_late(work_starts: PlanDate, dates: Iterable[DateState], on: date) -> bool:
    """Whether a Grey with this start, said on this day, is accepted only with a reason."""
    first = first_dated_point(dates)
    if work_starts.passed_by(on):
        return True
    return first is not None and (
        first.passed_by(on) or work_starts.month_number > first.month_number
    )


def is_grey_although_due(standing: RatingState, dates: Iterable[DateState], on: date) -> bool:
    if standing.rating is not Rating.GREY:
        return False
    # Imported history may hold a Grey that gives no start; only the dates can speak then.
    if standing.work_starts is None:
        first = first_dated_point(dates)
        return first is not None and first.passed_by(on)
    return grey_start_is_late(standing.work_starts, dates, on)


def is_validly_grey(standing: RatingState, dates: Iterable[DateState], on: date) -> bool:
    """Whether Grey excuses from the update of the period that opens on this day."""
    if standing.rating is not Rating.GREY or is_grey_although_due(standing, dates, on):
        return False
    return standing.work_starts is None or on < standing.work_starts.first_day


@dataclass(frozen=True, slots=True)
class BlueRule:
    """What a plan's colour key says of Blue."""

    # Whether the key has a Blue at all.
    is_known: bool = True
    # It says "embedded", to be said again within so many months; None: "complete", for good.
    lasts_months: int | None = BLUE_LASTS_MONTHS


EMBEDDED = BlueRule()


def is_lapsed(
    standing: RatingState, dates: Iterable[DateState], on: date, rule: BlueRule = EMBEDDED
) -> bool:
    if not standing.is_confirmed_blue or standing.affirmed_at is None:
        return False
    if rule.lasts_months is None:
        return False
    affirmed_on = day_of(standing.affirmed_at)
    if on > add_months(affirmed_on, rule.lasts_months):
        return True
    return any(
        state.now.first_day > affirmed_on and state.now.passed_by(on) and state.met_on is None
        for state in dates
        if state.kind in MISSABLE
    )


def waits_too_long(standing: RatingState, on: date) -> bool:
    """Blue proposed for over fourteen days without an answer."""
    if standing.blue_proposed_at is None:
        return False
    return on - day_of(standing.blue_proposed_at) > timedelta(days=BLUE_WAITS_DAYS)


def is_withdrawn(withdrawals: Iterable[WithdrawalFact]) -> bool:
    newest = max(withdrawals, key=lambda row: (row.effective_at, row.recorded_at), default=None)
    return newest is not None and newest.is_withdrawn


# --- Rule 7, paused ---------------------------------------------------------------------------


def pause_of(pauses: Iterable[PauseFact]) -> PauseFact | None:
    """The pause that stands; None where there is none."""
    newest = max(pauses, key=lambda row: (row.effective_at, row.recorded_at, row.id), default=None)
    return newest if newest is not None and newest.is_paused else None


def has_run_out(pause: PauseFact | None, on: date) -> bool:
    return pause is not None and pause.restarts is not None and pause.restarts.passed_by(on)

"""What an update must say, by its colour and by where its commitment stands.

The form asks these rules before somebody sends, the import of past updates for each of its rows,
and `updates.record_update` inside its lock. They query nothing: what only the database knows is
passed in. A problem's key is the name of the answer that is missing or wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.pages.formatting import short_day
from actions.progress.update_answers import DateRequest, NewMark, UpdateAnswers
from actions.rules import status
from actions.rules.dates import PlanDate, day_of
from actions.rules.state import CommitmentState
from actions.rules.status import Rating, RequestFact
from actions.wording import scale

# A Green may be said again without words twice in a row; the third time says something.
MOST_NO_CHANGES = 2
NO_CHANGE_AGAIN = "Nothing was said the last two times: say something now"


@dataclass(frozen=True, slots=True)
class ReturnedBlue:
    """A Blue that a second person returned: when, what it said had changed, and whether evidence
    was added since."""

    on: date
    changed_for_families: str
    has_evidence_since: bool


def update_problems(
    answers: UpdateAnswers,
    state: CommitmentState,
    day: date,
    *,
    has_evidence: bool,
    returned: ReturnedBlue | None = None,
) -> dict[str, str]:
    """All that keeps an account of this day from being recorded."""
    problems = colour_problems(answers, state, day, has_evidence=has_evidence, returned=returned)
    problems |= mark_problems(answers.marks, state, day)
    if answers.is_no_change and state.no_changes_running >= MOST_NO_CHANGES:
        problems["progress"] = NO_CHANGE_AGAIN
    if answers.date_request is not None:
        problems |= date_request_problems(answers.date_request, state)
    if answers.takes_back is not None:
        problems |= take_back_problems(answers.takes_back, state)
    return problems


def colour_problems(
    answers: UpdateAnswers,
    state: CommitmentState,
    day: date,
    *,
    has_evidence: bool,
    returned: ReturnedBlue | None = None,
) -> dict[str, str]:
    """What a colour asks for and was not told. `has_evidence`: some is on record already."""
    problems: dict[str, str] = {}
    brag = answers.brag
    still_late = state.is_overdue and not delivers(answers.marks, state)
    if still_late and brag in (Rating.GREEN, Rating.AMBER) and not answers.late_reason:
        problems["late_reason"] = f"Say why it is {scale().word(brag)} although its date has passed"
    if brag is Rating.AMBER and answers.risk is None:
        problems["risk"] = "Say what the risk is"
    if brag is Rating.RED:
        if answers.risk is None:
            problems["risk"] = "Say what the issue is"
        if not answers.help_needed:
            problems["help_needed"] = "Say what help you need, and from whom"
    if brag is Rating.BLUE:
        if not (answers.evidence or answers.files or has_evidence):
            problems["evidence"] = "Give the evidence that it is completed"
        if not answers.changed_for_families:
            problems["changed_for_families"] = "Say what changed for children and families"
        elif returned and _is_nothing_new(answers, returned):
            problems["changed_for_families"] = (
                f"{scale().blue} was returned on {short_day(returned.on)} with these words. "
                "Say what is new since, or add evidence"
            )
    if brag is Rating.GREY:
        problems |= _grey_problems(answers, state, day)
    return problems


def _is_nothing_new(answers: UpdateAnswers, returned: ReturnedBlue) -> bool:
    if answers.evidence or answers.files or returned.has_evidence_since:
        return False
    now, then = (
        text.split() for text in (answers.changed_for_families, returned.changed_for_families)
    )
    return now == then


def _grey_problems(answers: UpdateAnswers, state: CommitmentState, day: date) -> dict[str, str]:
    if answers.work_starts is None:
        return {"work_starts": "Give the month in which work starts"}
    if answers.grey_reason or not status.grey_start_is_late(answers.work_starts, state.dates, day):
        return {}
    first = status.first_dated_point(state.dates)
    return {
        "grey_reason": f"Its first date is {first}: say why it is still not due"
        if first
        else "That month has passed: say why it is still not due"
    }


def mark_problems(marks: Sequence[NewMark], state: CommitmentState, day: date) -> dict[str, str]:
    """What is wrong with dates said to be met, by `met_` and the key date's id."""
    open_dates = {row.id for row in state.dates if row.met_on is None and row.delivered_on is None}
    problems = {}
    for mark in marks:
        if mark.key_date not in open_dates:
            problems[f"met_{mark.key_date}"] = "This date has been marked or replaced meanwhile"
        elif mark.on > day:
            problems[f"met_{mark.key_date}"] = "The date must not be in the future"
    return problems


def delivers(marks: Sequence[NewMark], state: CommitmentState) -> bool:
    return state.completion is not None and any(
        mark.key_date == state.completion.id for mark in marks
    )


def open_move(state: CommitmentState) -> RequestFact | None:
    """The move of the completion date that is asked for and not decided; none where it has moved
    meanwhile."""
    completion = state.completion.id if state.completion else None
    of_it = [ask for ask in state.open_requests if ask.wanted and ask.key_date == completion]
    return of_it[-1] if of_it else None


def date_request_problems(request: DateRequest, state: CommitmentState) -> dict[str, str]:
    """What is wrong with a new month for the completion date, its reason included."""
    problems = {}
    still_open = open_move(state)
    if still_open and still_open.wanted and still_open.id != request.replaces:
        problems["date_move"] = asked_already(still_open.wanted, still_open.effective_at)
    this_month = PlanDate.month_of(state.on)
    if request.wanted.month_number <= this_month.month_number:
        problems["new_month"] = (
            f"Choose a new month after {this_month}. You entered {request.wanted}."
        )
    elif state.completion and request.wanted.month_number == state.completion.now.month_number:
        problems["new_month"] = f"It is {state.completion.now} already. Choose another month."
    if not request.reason:
        problems["move_reason"] = "Say why the date has to move"
    return problems


def take_back_problems(request: int, state: CommitmentState) -> dict[str, str]:
    still_open = open_move(state)
    if still_open and still_open.id == request:
        return {}
    return {"date_move": "The request was decided or taken back meanwhile"}


def asked_already(wanted: PlanDate, moment: datetime) -> str:
    return (
        f"A move to {wanted} was asked for on {short_day(day_of(moment))} and is still open. "
        "It must be decided or taken back before another is asked for."
    )

"""What a person answers when they give an account of a commitment, before any of it is recorded.

The form makes it of what was typed, a file of its rows, and `updates.record_update` makes records
of it, so that the rules (`update_rules`) read one thing wherever it came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.io.storage import CheckedFile
from actions.models import Risk
from actions.rules.dates import PlanDate
from actions.rules.status import Rating


@dataclass(frozen=True, slots=True)
class NewRisk:
    text: str
    mitigation: str = ""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    title: str
    # At most one of these: a web address, a place such as a shared drive, a file.
    link: str = ""
    # Else people of the plan see it, and reports count it without its name.
    is_shareable: bool = False
    place: str = ""
    # Who keeps it in its place, and whom to ask for it.
    held_by: str = ""
    ask_whom: str = ""
    file: CheckedFile | None = None


@dataclass(frozen=True, slots=True)
class DateRequest:
    """A move of the completion date, asked for with an update."""

    wanted: PlanDate
    reason: str
    # The open request for the same date whose place it takes.
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class NewMark:
    """A key date said, with an update, to be met; a completion date is thereby delivered."""

    key_date: int
    on: date


@dataclass(frozen=True, slots=True)
class UpdateAnswers:
    """The answers of one update. What the colour does not ask for is left empty.

    Whose account it is, when it was given and from which form is no answer, and stands beside it.
    """

    brag: Rating
    progress: str
    working_note: str = ""
    based_on: Sequence[str] = ()
    forecast: PlanDate | None = None
    # For Red the issue; one that is open already is named as it is.
    risk: NewRisk | Risk | None = None
    help_needed: str = ""
    late_reason: str = ""
    is_no_change: bool = False
    marks: Sequence[NewMark] = ()
    evidence: NewEvidence | None = None
    # More evidence, each a file.
    files: Sequence[NewEvidence] = ()
    changed_for_families: str = ""
    work_starts: PlanDate | None = None
    grey_reason: str = ""
    date_request: DateRequest | None = None
    # An open request for its date that is taken back.
    takes_back: int | None = None
    # Of the colour as written, where the plan's key has another for the same meaning.
    word: str = ""

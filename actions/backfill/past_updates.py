"""Past progress from a file: updates of days gone by, so that a plan can start with its history.

A file is read and checked as a whole (`checked`), kept as its rows while somebody looks at what it
would change (`keep_upload`), and applied all or nothing (`apply_upload`), after the same check once
more inside the lock. The rules are those of the update form (`update_rules.colour_problems`), with
these differences, because what was said then cannot be asked again:

- A row speaks of the end of its working day, five in the afternoon in London, and that day has
  passed. A commitment has one row a day, and none for a day with an update on record, which also
  stops the same file from coming in twice.
- The progress told is reason enough for a Grey that was due, and a Green or Amber past its date.
- A Blue is a proposal, as always, whoever confirmed it on paper: a second person answers it here.
- A risk or issue stays open until the first update that no longer names it, which closes it; else a
  year of history would open a year of risks that nobody closes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions.forms.colours import colour_as_written
from actions.io import spreadsheets
from actions.io.spreadsheets import Column, KeptFile, Problem, SheetError, Value
from actions.models import (
    Commitment,
    Evidence,
    Person,
    Plan,
    ProgressUpdate,
    ProgressUpload,
    Risk,
    RiskClosing,
)
from actions.pages.formatting import listed, short_day
from actions.progress import update_rules
from actions.progress.update_answers import NewEvidence, NewRisk, UpdateAnswers
from actions.records.history import load_history
from actions.rules import status
from actions.rules.dates import LONDON, PlanDate, day_of
from actions.rules.state import CommitmentHistory, CommitmentState, History, state_at
from actions.rules.status import Rating, UpdateFact
from actions.wording import levels, scale
from wsoa.accounts.models import User

END_OF_WORKING_DAY = time(17)

COLUMNS = (
    Column("ref", "Ref", is_required=True),
    Column("date", "Date", is_required=True, also=("Last said on",)),
    Column("rating", "Rating", is_required=True),
    Column("progress", "Progress", is_required=True, also=("What was said",)),
    Column("risk", "Risk or issue"),
    Column("mitigation", "Mitigation"),
    Column("help_needed", "Help needed"),
    Column("changed_for_families", "What changed for families"),
    Column("evidence", "Evidence"),
    Column("work_starts", "Work starts"),
    Column("on_behalf_of", "On behalf of"),
    Column("source", "Source"),
)
_TITLES = {column.key: column.title for column in COLUMNS} | {
    # A row has no columns for these: its progress gives the reason.
    "grey_reason": "Progress",
    "late_reason": "Progress",
}
EXAMPLE = "EXAMPLE"
SHORT = 300
_LINK = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class PastRow:
    """One update as the file tells it: its shape is right, what it names is not looked up yet."""

    number: int
    ref: str
    day: date
    rating: Rating
    progress: str
    risk: str = ""
    mitigation: str = ""
    help_needed: str = ""
    changed_for_families: str = ""
    evidence: str = ""
    work_starts: PlanDate | None = None
    on_behalf_of: str = ""
    source: str = ""
    # The colour as written, where the plan's key has another word for the same.
    word: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.day, END_OF_WORKING_DAY, tzinfo=LONDON)

    def as_json(self) -> dict[str, Any]:
        started = self.work_starts.iso if self.work_starts else None
        return asdict(self) | {"day": self.day.isoformat(), "work_starts": started}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "PastRow":
        started = kept["work_starts"]
        return cls(
            **dict(kept)
            | {
                "day": date.fromisoformat(kept["day"]),
                "rating": Rating(kept["rating"]),
                "work_starts": PlanDate.parse(started) if started else None,
            }
        )


# --- Reading ----------------------------------------------------------------------------------


def read_rows(data: bytes, file_name: str) -> tuple[list[PastRow], list[str]]:
    """The updates of a file, and what its reader should know. SheetError names all problems."""
    rows, problems, notices = _read(data, file_name)
    if problems:
        raise SheetError(problems)
    return rows, notices


def _read(data: bytes, file_name: str) -> tuple[list[PastRow], list[Problem], list[str]]:
    """The rows that are sound in themselves, what is wrong with the others, and notices."""
    sheet = spreadsheets.read_whole(data, _columns())
    problems = list(sheet.problems)
    rows = [row for sheet_row in sheet.rows if (row := _row(sheet_row, file_name, problems))]
    return rows, problems, sheet.notices


def _columns() -> tuple[Column, ...]:
    """The reference also under what the plan calls its commitments."""
    ref = replace(COLUMNS[0], also=(*COLUMNS[0].also, levels().commitment, "Reference"))
    return (ref, *COLUMNS[1:])


def _row(sheet_row: spreadsheets.Row, file_name: str, problems: list[Problem]) -> PastRow | None:
    wrong: list[Problem] = []

    def cell(key: str, read: Any, *, is_needed: bool = False) -> Any:
        value: Value = sheet_row.values[key]
        if value is None:
            if is_needed and key not in sheet_row.unread:
                wrong.append(Problem("this is empty", sheet_row.number, _TITLES[key]))
            return None
        try:
            return read(value)
        except ValueError as error:
            wrong.append(Problem(str(error), sheet_row.number, _TITLES[key]))
            return None

    def text(key: str, most: int = spreadsheets.LONGEST_TEXT, *, is_needed: bool = False) -> str:
        return cell(key, lambda value: _checked_text(value, most), is_needed=is_needed) or ""

    ref = text("ref", is_needed=True)
    if ref.upper().startswith(EXAMPLE):
        problems.append(
            Problem("this is an example of the template. Delete the row", sheet_row.number)
        )
        return None
    day = cell("date", spreadsheets.day_of_cell, is_needed=True)
    rating, word = cell("rating", _rating, is_needed=True) or (Rating.NOT_YET_RATED, "")
    row = PastRow(
        number=sheet_row.number,
        ref=ref,
        day=day or date.min,
        rating=rating,
        word=word,
        progress=text("progress", is_needed=True),
        risk=text("risk"),
        mitigation=text("mitigation"),
        help_needed=text("help_needed"),
        changed_for_families=text("changed_for_families"),
        evidence=text("evidence", SHORT),
        work_starts=cell("work_starts", lambda value: spreadsheets.month_of_cell(value, day)),
        on_behalf_of=text("on_behalf_of", SHORT),
        source=text("source", SHORT) or f"file {file_name}, row {sheet_row.number}",
    )
    problems += wrong
    return None if wrong or sheet_row.unread else row


def _checked_text(value: Value, most: int) -> str:
    text = spreadsheets.text_of(value)
    if len(text) > most:
        raise ValueError(f"this is too long: {len(text)} characters, and {most} fit")
    return text


def _rating(value: Value) -> tuple[Rating, str]:
    return colour_as_written(spreadsheets.text_of(value))


# --- Checking against the plan ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with what it names, as the plan has it."""

    row: PastRow
    commitment: int
    ref: str
    on_behalf_of: Person | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A commitment whose state of today the file would change."""

    ref: str
    before: CommitmentState
    after: CommitmentState
    is_blue_proposed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file comes to. With problems, nothing of it can be applied."""

    rows: list[CheckedRow]
    problems: list[Problem]
    changes: list[Change] = field(default_factory=list)

    @property
    def refs(self) -> list[str]:
        return list(dict.fromkeys(row.ref for row in self.rows))

    @property
    def blues(self) -> int:
        return sum(row.row.rating is Rating.BLUE for row in self.rows)


def checked(plan: Plan, rows: Iterable[PastRow], today: date) -> Checked:
    """The rows against the plan as it is now. Six queries, however many rows."""
    return _Checker(plan, today).check(list(rows))


class _Checker:
    def __init__(self, plan: Plan, today: date) -> None:
        self.today = today
        self.history = load_history([plan], today)
        (self.plan,) = self.history.plans
        # By what is printed or, where that says too little, by the code.
        self.by_ref: dict[str, CommitmentHistory] = {}
        for known_by in (str.casefold, str):
            self.by_ref |= {known_by(row.code): row for row in self.plan.commitments}
            self.by_ref |= {known_by(row.ref): row for row in self.plan.commitments}
        leads = {lead.person for row in self.plan.commitments for lead in row.leads}
        self.people = Person.objects.in_bulk(leads)
        self.by_name = {
            name.casefold(): person
            for person in self.people.values()
            for name in (*person.also_printed_as, person.name)
        }
        self.with_evidence = set(
            Evidence.objects.filter(commitment__plan=plan, withdrawal=None).values_list(
                "commitment_id", flat=True
            )
        )

    def check(self, rows: list[PastRow]) -> Checked:
        checked_rows: list[CheckedRow] = []
        problems: list[Problem] = []
        seen: dict[tuple[int, date], int] = {}
        # In time order, so that evidence named in an earlier row serves a later Blue.
        for row in sorted(rows, key=lambda row: (row.day, row.number)):
            wrong: dict[str, str] = {}
            commitment = self.by_ref.get(row.ref) or self.by_ref.get(row.ref.casefold())
            person = self._person(row, commitment, wrong)
            if commitment is None:
                wrong["ref"] = self._unknown_ref(row.ref)
            else:
                first = seen.setdefault((commitment.id, row.day), row.number)
                if first != row.number:
                    wrong["date"] = f"row {first} is of {commitment.ref} on the same day"
                wrong |= self._day_problems(row, commitment)
                if "date" not in wrong:
                    wrong |= self._rule_problems(row, commitment)
                checked_rows.append(CheckedRow(row, commitment.id, commitment.ref, person))
                if row.evidence:
                    self.with_evidence.add(commitment.id)
            problems += [
                Problem(message, row.number, _TITLES[key]) for key, message in wrong.items()
            ]
        problems.sort(key=lambda problem: problem.row or 0)
        return Checked(checked_rows, problems, [] if problems else self._changes(checked_rows))

    def _unknown_ref(self, ref: str) -> str:
        near = get_close_matches(ref, [row.ref for row in self.plan.commitments], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"the plan has no commitment “{ref[:40]}”{hint}"

    def _person(
        self, row: PastRow, commitment: CommitmentHistory | None, wrong: dict[str, str]
    ) -> Person | None:
        if not row.on_behalf_of:
            return None
        person = self.by_name.get(row.on_behalf_of.casefold())
        if person is None:
            known = [colleague.name for colleague in self.people.values()]
            near = get_close_matches(row.on_behalf_of, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            wrong["on_behalf_of"] = f"nobody called “{row.on_behalf_of[:60]}” leads here{hint}"
        elif commitment and person.pk not in {lead.person for lead in commitment.leads}:
            leads = [self.people[lead.person].name for lead in commitment.leads]
            names = f"; it is led by {listed(leads)}" if leads else ""
            wrong["on_behalf_of"] = f"{person.name} does not lead {commitment.ref}{names}"
        return person

    def _day_problems(self, row: PastRow, commitment: CommitmentHistory) -> dict[str, str]:
        day = short_day(row.day)
        if row.day > self.today:
            return {"date": f"{day} has not come yet"}
        if row.day == self.today:
            return {"date": f"{day} is today. What is said today goes on the update form"}
        joined = day_of(commitment.added_at)
        if row.day < joined:
            return {"date": f"{commitment.ref} joined the plan on {short_day(joined)}"}
        if any(
            day_of(update.effective_at) == row.day for update in status.in_force(commitment.updates)
        ):
            return {"date": f"an update of {commitment.ref} for {day} is on record already"}
        return {}

    def _rule_problems(self, row: PastRow, commitment: CommitmentHistory) -> dict[str, str]:
        state = self._state(commitment, row.day)
        if state.is_withdrawn:
            return {"date": f"{commitment.ref} was withdrawn from the plan on that day"}
        problems = update_rules.colour_problems(
            _answers(row), state, row.day, has_evidence=commitment.id in self.with_evidence
        )
        return {
            key: f"{row.word or scale().word(row.rating)} needs this. {message}"
            for key, message in problems.items()
        }

    def _state(self, commitment: CommitmentHistory, day: date) -> CommitmentState:
        """Of one commitment alone: of the whole plan it would be worked out for every row."""
        alone = History(
            plans=(replace(self.plan, commitments=(commitment,)),),
            until=self.today,
            holidays=self.history.holidays,
        )
        (state,) = state_at(alone, day)[self.plan.id].commitments
        return state

    def _changes(self, rows: list[CheckedRow]) -> list[Change]:
        """The commitments that would stand otherwise today, in the plan's order."""
        by_commitment = defaultdict(list)
        for row in rows:
            by_commitment[row.commitment].append(row)
        changes = []
        for commitment in self.plan.commitments:
            if commitment.id not in by_commitment:
                continue
            facts = tuple(
                # No row of the database has such a number.
                UpdateFact(
                    id=-row.row.number,
                    effective_at=row.row.moment,
                    recorded_at=row.row.moment,
                    rating=row.row.rating,
                    work_starts=row.row.work_starts,
                    word=row.row.word,
                )
                for row in by_commitment[commitment.id]
            )
            before = self._state(commitment, self.today)
            after = self._state(
                replace(commitment, updates=(*commitment.updates, *facts)), self.today
            )
            proposed = after.standing.blue_proposal
            if before.rating is not after.rating or proposed != before.standing.blue_proposal:
                changes.append(Change(commitment.ref, before, after, proposed is not None))
        return changes


def _answers(row: PastRow) -> UpdateAnswers:
    """A row as the rules read it: its progress is also the reason for a colour that is late."""
    return UpdateAnswers(
        brag=row.rating,
        word=row.word,
        progress=row.progress,
        risk=NewRisk(row.risk, row.mitigation) if row.risk else None,
        help_needed=row.help_needed,
        late_reason=row.progress,
        evidence=NewEvidence(row.evidence) if row.evidence else None,
        changed_for_families=row.changed_for_families,
        work_starts=row.work_starts,
        grey_reason=row.progress,
    )


# --- Keeping and applying ---------------------------------------------------------------------


@transaction.atomic
def keep_upload(*, plan: Plan, by: User, file_name: str, data: bytes) -> KeptFile[ProgressUpload]:
    """Read a file and keep its rows until somebody applies them. Nothing of the plan changes.

    ValidationError lists every problem. What the same person kept before and never applied goes.
    """
    _refuse_if_not_agreed(plan)
    try:
        rows, problems, notices = _read(data, file_name)
        # What the plan says against the rows that are sound, in the same round.
        problems += checked(plan, rows, timezone.localdate()).problems
        if problems:
            raise SheetError(sorted(problems, key=lambda problem: problem.row or 0))
    except SheetError as refusal:
        raise ValidationError({"file": [str(problem) for problem in refusal.problems]}) from refusal
    ProgressUpload.objects.filter(plan=plan, by=by, applied_at=None).delete()
    kept = ProgressUpload.objects.create(
        plan=plan, by=by, file_name=file_name, rows=[row.as_json() for row in rows]
    )
    return KeptFile(kept, notices)


def rows_of(upload: ProgressUpload) -> list[PastRow]:
    return [PastRow.from_json(kept) for kept in upload.rows]


@transaction.atomic
def apply_upload(*, upload: ProgressUpload, by: User) -> int:
    """Record all updates of a kept file, or none, and say how many.

    Some 16 queries, however many rows. Every commitment of the plan is locked meanwhile, in the
    order of their keys, so that nobody's update comes between the check and the rows.
    """
    upload = (
        ProgressUpload.objects.select_for_update(of=("self",))
        .select_related("plan")
        .get(pk=upload.pk)
    )
    if upload.applied_at:
        raise ValidationError("This file has been applied already.")
    _refuse_if_not_agreed(upload.plan)
    locked = Commitment.objects.select_for_update(no_key=True).filter(plan=upload.plan)
    list(locked.order_by("pk").values_list("pk"))
    result = checked(upload.plan, rows_of(upload), timezone.localdate())
    if result.problems:
        raise ValidationError([str(problem) for problem in result.problems])
    _Writer(upload.plan, by).write(result.rows)
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])
    return len(result.rows)


def _refuse_if_not_agreed(plan: Plan) -> None:
    if plan.state == Plan.State.DRAFT:
        raise ValidationError("This plan is not agreed yet, so there is no progress to bring in.")
    if plan.state == Plan.State.CLOSED:
        raise ValidationError("This plan is closed.")


class _Writer:
    """Makes all records of a file, and inserts each kind of them in one statement."""

    def __init__(self, plan: Plan, by: User) -> None:
        self.plan = plan
        self.by = by
        self.risks: list[Risk] = []
        self.closings: list[RiskClosing] = []
        self.updates: list[ProgressUpdate] = []
        self.evidence: list[Evidence] = []
        self.on_record: dict[int, list[datetime]] = defaultdict(list)
        for commitment, moment in (
            ProgressUpdate.objects.filter(commitment__plan=plan, corrected_by=None)
            .order_by("effective_at")
            .values_list("commitment_id", "effective_at")
        ):
            self.on_record[commitment].append(moment)

    def write(self, rows: list[CheckedRow]) -> None:
        by_commitment = defaultdict(list)
        for row in rows:
            by_commitment[row.commitment].append(row)
        for of_commitment in by_commitment.values():
            self._tell(of_commitment)
        # What was said first is recorded first: the order of recording breaks ties of the day.
        self.updates.sort(key=lambda update: update.effective_at)
        Risk.objects.bulk_create(self.risks)
        RiskClosing.objects.bulk_create(self.closings)
        ProgressUpdate.objects.bulk_create(self.updates)
        Evidence.objects.bulk_create(self.evidence)

    def _tell(self, rows: list[CheckedRow]) -> None:
        """One commitment's story, oldest first."""
        still_open: dict[tuple[str, str, str], Risk] = {}
        named_evidence: set[str] = set()
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            update = self._update(row, self._risk(row, still_open))
            self.updates.append(update)
            text = row.row.evidence
            if text and text not in named_evidence:
                named_evidence.add(text)
                self.evidence.append(self._evidence(row, update))
            # The next account of the commitment, on record or in the file, names its risks anew.
            moments = self.on_record[row.commitment]
            recorded = next((moment for moment in moments if moment > row.row.moment), None)
            if recorded and (following is None or recorded < following.row.moment):
                self._close(row, still_open, {}, recorded)
            elif following:
                self._close(following, still_open, self._names(following), following.row.moment)

    def _names(self, row: CheckedRow) -> dict[tuple[str, str, str], None]:
        key = _risk_key(row.row)
        return {key: None} if key else {}

    def _close(
        self,
        row: CheckedRow,
        still_open: dict[tuple[str, str, str], Risk],
        named: Mapping[tuple[str, str, str], None],
        moment: datetime,
    ) -> None:
        for key in [key for key in still_open if key not in named]:
            self.closings.append(
                RiskClosing(
                    risk=still_open.pop(key),
                    reason=f"Not named in the update of {short_day(day_of(moment))}.",
                    by=self.by,
                    source=row.row.source,
                    effective_at=moment,
                )
            )

    def _risk(self, row: CheckedRow, still_open: dict[tuple[str, str, str], Risk]) -> Risk | None:
        key = _risk_key(row.row)
        if key is None:
            return None
        if key not in still_open:
            kind, text, mitigation = key
            still_open[key] = Risk(
                plan=self.plan,
                commitment_id=row.commitment,
                kind=kind,
                text=text,
                mitigation=mitigation,
                **self._clocks(row),
            )
            self.risks.append(still_open[key])
        return still_open[key]

    def _update(self, row: CheckedRow, risk: Risk | None) -> ProgressUpdate:
        past_row = row.row
        return ProgressUpdate(
            commitment_id=row.commitment,
            brag=past_row.rating.value,
            word=past_row.word,
            progress=past_row.progress,
            risk=risk,
            help_needed=past_row.help_needed,
            changed_for_families=past_row.changed_for_families,
            work_starts_on=past_row.work_starts.first_day if past_row.work_starts else None,
            on_behalf_of=row.on_behalf_of,
            **self._clocks(row),
        )

    def _evidence(self, row: CheckedRow, update: ProgressUpdate) -> Evidence:
        text = row.row.evidence
        return Evidence(
            commitment_id=row.commitment,
            update=update,
            title=text,
            link=text if text.lower().startswith(_LINK) and " " not in text else "",
            **self._clocks(row),
        )

    def _clocks(self, row: CheckedRow) -> dict[str, Any]:
        return {"by": self.by, "source": row.row.source, "effective_at": row.row.moment}


def _risk_key(row: PastRow) -> tuple[str, str, str] | None:
    if not row.risk:
        return None
    kind = Risk.Kind.ISSUE if row.rating is Rating.RED else Risk.Kind.RISK
    return (kind.value, row.risk, row.mitigation)

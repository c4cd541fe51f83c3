"""The sheets that came back, against the plan as it is: what would be recorded, and what is wrong.

All problems of all sheets are told at once, each with its row as the spreadsheet numbers it. What
somebody recorded after a sheet was made is told apart: it is no mistake, and its reader chooses.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from actions import access
from actions.forms.colours import colour_as_written
from actions.io.spreadsheets import Problem
from actions.io.update_sheets import TITLES, FilledRow
from actions.models import Commitment, Evidence, Person, ProgressUpdate
from actions.pages.commitment_rows import commitment_texts
from actions.pages.formatting import listed, short_day
from actions.pages.plan_page import PlanPage
from actions.progress import update_rules, updates
from actions.progress.beside.returned_blue import returned_blue
from actions.progress.update_answers import NewEvidence, NewRisk, UpdateAnswers
from actions.records import submissions
from actions.rules.dates import PlanDate, day_of
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import in_words, scale
from wsoa.pages.work.several_forms import MOST_WORDS

_LINK = ("https://", "http://")
_LONGEST_EVIDENCE = 300


@dataclass(frozen=True, slots=True)
class Key:
    """What a row is of: the plan and the commitment, the update that its reader had before them,
    and the person for whom the sheet was made."""

    plan: str
    code: str
    base: int | None
    person: int | None

    def __str__(self) -> str:
        return f"{self.plan}/{self.code}/{self.base or 0}/{self.person or 0}"

    @classmethod
    def read(cls, text: str) -> "Key":
        plan, code, *numbers = text.strip().split("/")
        base, person = (int(number) or None for number in numbers if len(number) < 19)
        return cls(plan, code, base, person)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as it was read; `submission` makes what is sent twice one."""

    name: str
    rows: Sequence[FilledRow]
    submission: uuid.UUID
    problems: Sequence[Problem] = ()
    notices: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        rows = [row.as_json() for row in self.rows]
        return {"name": self.name, "submission": str(self.submission), "rows": rows}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Sheet":
        rows = [FilledRow.from_json(row) for row in kept["rows"]]
        return cls(kept["name"], rows, uuid.UUID(kept["submission"]))


@dataclass(frozen=True, slots=True)
class Account:
    """A row that can be recorded."""

    number: int
    state: CommitmentState
    name: str
    answers: UpdateAnswers
    person: Person | None
    base: int | None
    # What was recorded since the sheet was made.
    newer: ProgressUpdate | None = None


@dataclass(slots=True)
class CheckedSheet:
    sheet: Sheet
    problems: list[Problem] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)

    @property
    def conflicts(self) -> list[Account]:
        return [account for account in self.accounts if account.newer]

    def accounts_to_record(self) -> list[updates.Account]:
        """As the verb takes them; what was shown as recorded meanwhile has been read."""
        rows = Commitment.objects.in_bulk([account.state.id for account in self.accounts])
        return [
            updates.Account(
                rows[account.state.id],
                account.answers,
                account.person,
                submissions.part(self.sheet.submission, account.state.id),
                base=account.newer.pk if account.newer else account.base,
            )
            for account in self.accounts
        ]

    def refuse(self, place: str, words: Iterable[str]) -> None:
        """What the verb refuses, at the row that it concerns."""
        code, _, name = place.partition(" ")
        number = next((one.number for one in self.accounts if one.state.code == code), None)
        self.problems += [Problem(text, number, _column(name)) for text in words]


def _column(answer: str) -> str:
    return TITLES.get({"brag": "rating"}.get(answer, answer), "")


class Checker:
    """Reads what the rows need once; then checks sheet after sheet."""

    def __init__(self, page: PlanPage, *, for_others: bool) -> None:
        self.page = page
        self.for_others = for_others
        self.by_code = {state.code: state for state in page.state.commitments}
        # Where each commitment stood first: sheet and row.
        self.seen: dict[str, str] = {}

    def check(self, sheets: Sequence[Sheet]) -> list[CheckedSheet]:
        keys = [_key_of(row) for sheet in sheets for row in sheet.rows]
        codes = {key.code for key in keys if key}
        states = [self.by_code[code] for code in codes if code in self.by_code]
        self.names = commitment_texts(self.page, states)
        self.newest = ProgressUpdate.objects.select_related("by").in_bulk(
            [state.newest_update.id for state in states if state.newest_update]
        )
        leads = {lead.person for state in states for lead in state.leads}
        self.people = Person.objects.in_bulk(leads)
        self.with_evidence = set(
            Evidence.objects.filter(
                commitment__in=[state.id for state in states], withdrawal=None
            ).values_list("commitment", flat=True)
        )
        return [self._sheet(sheet) for sheet in sheets]

    def _sheet(self, sheet: Sheet) -> CheckedSheet:
        checked = CheckedSheet(sheet, list(sheet.problems))
        unread = {problem.row for problem in sheet.problems}
        for row in sheet.rows:
            wrong: dict[str, str] = {}
            account = self._account(sheet, row, wrong, is_whole=row.number not in unread)
            if account and not wrong:
                checked.accounts.append(account)
            checked.problems += [
                Problem(f"{words[:1].lower()}{words[1:]}", row.number, _column(key))
                for key, words in wrong.items()
            ]
        checked.problems.sort(key=lambda problem: problem.row or 0)
        return checked

    def _account(
        self, sheet: Sheet, row: FilledRow, wrong: dict[str, str], *, is_whole: bool
    ) -> Account | None:
        key = _key_of(row)
        state = self._state(key, wrong)
        rating, word = self._rating(row, wrong)
        progress = row.texts.get("progress", "")
        if not progress and is_whole:
            wrong["progress"] = "say what happened, or “No change”"
        elif (count := len(progress.split())) > MOST_WORDS:
            wrong["progress"] = f"this is too long: {count} words, and {MOST_WORDS} fit"
        if len(row.texts.get("evidence", "")) > _LONGEST_EVIDENCE:
            wrong["evidence"] = f"this is too long: {_LONGEST_EVIDENCE} characters fit"
        if state is None or key is None:
            return None
        place = f"row {row.number} of {sheet.name}"
        if (first := self.seen.setdefault(state.code, place)) != place:
            wrong["key"] = f"{state.ref} is filled in twice: also in {first}"
        person = self._person(key, state, wrong)
        if rating is None or not is_whole:
            return None
        answers = _answers(row, rating, word)
        for name, words in self._problems(answers, state).items():
            wrong.setdefault(name, words)
        newest = state.newest_update.id if state.newest_update else None
        newer = self.newest[newest] if newest and newest != key.base else None
        if newer and newer.submission == submissions.part(sheet.submission, state.id):
            # What this very sheet has recorded already.
            newer = None
        name = self.names[state.id].name
        return Account(row.number, state, name, answers, person, key.base, newer)

    def _state(self, key: Key | None, wrong: dict[str, str]) -> CommitmentState | None:
        if key is None:
            wrong["key"] = "this is not as it stood in the sheet: copy it back, or take a new sheet"
            return None
        if key.plan != self.page.plan.slug:
            wrong["key"] = "this row is of another plan"
            return None
        state = self.by_code.get(key.code)
        if state is None or state.is_withdrawn:
            wrong["key"] = in_words("this {commitment} is not in the plan any more")
            return None
        may = access.can_record_update(self.page.access, state)
        if not may or not (self.for_others or _is_own(self.page, state)):
            wrong["key"] = f"{state.ref} is not yours to record"
            return None
        return state

    def _rating(self, row: FilledRow, wrong: dict[str, str]) -> tuple[Rating | None, str]:
        text = row.texts.get("rating", "")
        if not text:
            wrong["rating"] = "give a rating for what you wrote, or empty the row"
            return None, ""
        try:
            return colour_as_written(text)
        except ValueError as error:
            wrong["rating"] = str(error)
            return None, ""

    def _person(self, key: Key, state: CommitmentState, wrong: dict[str, str]) -> Person | None:
        """Whose account it is: for the programme team that of the sheet, for cover that covered."""
        if self.for_others:
            if key.person in {lead.person for lead in state.leads} and key.person:
                return self.people[key.person]
            names = listed([self.people[lead.person].name for lead in state.leads]) or "nobody"
            wrong["key"] = (
                f"it does not say for whom {state.ref} was filled in, or they lead it no more. "
                f"It is led by {names}: take a new sheet for them"
            )
            return None
        if access.records_on_behalf(self.page.access, state):
            return self.people[access.leads_to_name(self.page.access, state)[0]]
        return None

    def _problems(self, answers: UpdateAnswers, state: CommitmentState) -> dict[str, str]:
        returned = None
        if answers.brag is Rating.BLUE:
            returned = returned_blue(Commitment.objects.get(pk=state.id))
        return update_rules.update_problems(
            answers,
            state,
            self.page.today,
            has_evidence=state.id in self.with_evidence,
            returned=returned,
        )


def _is_own(page: PlanPage, state: CommitmentState) -> bool:
    return access.leads(page.access, state) or access.deputises(page.access, state)


def _key_of(row: FilledRow) -> Key | None:
    try:
        return Key.read(row.texts.get("key", ""))
    except ValueError:
        return None


def _answers(row: FilledRow, rating: Rating, word: str) -> UpdateAnswers:
    """Only what the rating asks for is taken, as from the form."""

    def said(name: str, *ratings: Rating) -> str:
        return row.texts.get(name, "") if not ratings or rating in ratings else ""

    risk = said("risk", Rating.AMBER, Rating.RED)
    shown = said("evidence", Rating.BLUE)
    is_link = shown.lower().startswith(_LINK) and " " not in shown
    starts = row.work_starts if rating is Rating.GREY else None
    return UpdateAnswers(
        brag=rating,
        word=word,
        progress=said("progress"),
        risk=NewRisk(risk, said("mitigation")) if risk else None,
        help_needed=said("help_needed", Rating.RED),
        late_reason=said("late_reason", Rating.GREEN, Rating.AMBER),
        evidence=NewEvidence(shown, shown if is_link else "") if shown else None,
        changed_for_families=said("changed_for_families", Rating.BLUE),
        work_starts=PlanDate.month_of(starts) if starts else None,
        grey_reason=said("grey_reason", Rating.GREY),
    )


def newer_text(account: Account) -> str:
    """`Ann Lee recorded Amber on 28 November: “The tender runs.”`"""
    newer = account.newer
    if newer is None:
        return ""
    who = newer.by.name if newer.by else newer.source
    colour = newer.word or scale().word(Rating(newer.brag))
    day = short_day(day_of(newer.effective_at))
    return f"{who} recorded {colour} on {day}: “{newer.progress or 'No change.'}”"

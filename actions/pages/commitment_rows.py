"""Commitments as lines of the ledger: their state with their words and addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from actions import access
from actions.models import Commitment, Person, Plan
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.text_versions import worded
from actions.records.written_once import written_once
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState, PlanState


@dataclass(frozen=True, slots=True)
class CommitmentText:
    """A commitment's texts. Its name is its title, else its evidence of success."""

    name: str
    evidence: str
    measures: list[str]
    row: Any
    # The evidence as a list, where it is one; else empty.
    criteria: list[str]

    @property
    def in_short(self) -> str:
        """Its name where space is short."""
        return str(self.row.short_title or self.name)

    @property
    def number(self) -> str:
        """Its printed reference as it is shown; empty where the plan prints none."""
        return "" if self.row.is_unnumbered else str(self.row.ref)

    @property
    def called(self) -> str:
        """What stands for it in a sentence or above a page: its number, else its name in short."""
        return self.number or self.in_short

    @property
    def timescale(self) -> str:
        """What the plan prints in place of a completion date; else empty."""
        return str(self.row.timescale)

    @property
    def evidence_beside_name(self) -> str:
        text = "; ".join(self.criteria) or self.evidence
        return text if text != self.name else ""


def commitment_texts(
    page: PlanPage, states: Iterable[CommitmentState]
) -> dict[int, CommitmentText]:
    """The texts of these commitments as at the page's day. One query."""
    wanted = tuple(state.id for state in states)

    def read() -> dict[int, CommitmentText]:
        if page.worded_day is None:
            return texts_of_rows(_rows_today(list(wanted)))
        return texts_of_rows(_with_holders(worded(Commitment, page.worded_day, pk__in=wanted)))

    return page.keep("texts", (page.worded_day, wanted), read, lambda texts: 4 * len(texts))


@written_once
def _rows_today(keys: list[int]) -> QuerySet[Any, Any]:
    return _with_holders(worded(Commitment, None, pk__any=keys))


def _with_holders(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.select_related("same_evidence_as", "same_measures_as")


def called(page: PlanPage, state: CommitmentState) -> str:
    """What stands for a commitment in a sentence or above a page. One query."""
    return commitment_texts(page, [state])[state.id].called


def texts_of_rows(rows: Iterable[Any]) -> dict[int, CommitmentText]:
    """The texts of these rows of `worded`, by the commitment's id."""
    return {row.key: _row_text(row) for row in rows}


def _row_text(row: Any) -> CommitmentText:
    holder = row.same_evidence_as or row
    evidence = holder.evidence
    criteria = evidence.split("\n") if holder.evidence_is_list else []
    measures = row.same_measures_as.measures if row.same_measures_as else row.measures
    name = row.title or "; ".join(criteria) or evidence
    return CommitmentText(name, evidence, measures, row, criteria)


def line(
    page: PlanPage, state: CommitmentState, words: CommitmentText, leads: Iterable[str] = ()
) -> formatting.LedgerRow:
    completion = state.completion
    rated_at = state.standing.rated_at
    may_record = page.is_today and access.can_record_update(page.access, state)
    return formatting.LedgerRow(
        ref=state.ref,
        number=words.number,
        called=words.called,
        pk=state.id,
        name=words.name,
        evidence=words.evidence_beside_name,
        rating=state.rating,
        rated_on=day_of(rated_at) if rated_at else None,
        was=formatting.was_text(state),
        tags=formatting.tags(state),
        strip=page.strip(state),
        completion_first=completion.first if completion else None,
        completion_now=completion.now if completion else None,
        is_moved=bool(completion and completion.is_moved),
        withdrawn=state.is_withdrawn,
        url=page.link("commitment", state.code),
        update_url=page.url("actions:record_update", state.code) if may_record else "",
        leads=list(leads),
        word=state.word,
        timescale=words.timescale,
    )


def people_of(states: Iterable[CommitmentState]) -> dict[int, Person]:
    """The leads of these commitments, by id. One query."""
    ids = {lead.person for state in states for lead in state.leads}
    return {person.pk: person for person in _people(list(ids))}


@written_once
def _people(keys: list[int]) -> QuerySet[Any, Person]:
    return Person.objects.select_related("organisation").filter(pk__any=keys)


def person_text(person: Person) -> str:
    """`Name, Organisation`"""
    return f"{person.name}, {person.organisation.code}" if person.organisation else person.name


def untracked_text(page: PlanPage) -> str:
    """Why there are no ratings on the page's day; empty where there may be."""
    return why_untracked(page.plan, page.state)


def why_untracked(plan: Plan, state: PlanState) -> str:
    """Why a plan has no ratings in a state; empty where it may have some."""
    if state.is_before_first_record:
        return "On that day nothing of this plan was on record yet."
    if plan.state == Plan.State.DRAFT:
        return (
            "This plan is a draft. It is edited until it is agreed; from then on its progress is "
            "reported here."
        )
    if plan.tracked_from is None:
        return (
            "This plan is kept here as it was published. Nobody reports progress on it in this "
            "tracker, so it has no ratings and nothing is said to be late."
        )
    if not state.tracked:
        return f"Progress is reported here from {formatting.short_day(plan.tracked_from)}."
    return ""


def longest_due(state: CommitmentState) -> tuple[bool, Any, Any]:
    """The order in which updates are asked for."""
    far = state.on + timedelta(days=36500)
    return (
        not state.is_overdue,
        state.overdue_since or state.update_due_since or far,
        state.completion.now.last_day if state.completion else far,
    )

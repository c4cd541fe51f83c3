"""A commitment in the plans before and after: what is read through, and what becomes of it.

Through come the first agreed date, its moves and evidence that may be shared outside. Ratings,
updates, notes and risks stay with the plan before, and so do its pages: a reader who does not
belong to it is given its name and no link.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from actions.evidence.evidence_list import EvidenceItem, place_sentences
from actions.memberships import live_plans_of
from actions.models import Commitment, Evidence, Plan
from actions.pages import formatting
from actions.pages.addresses import address_of
from actions.pages.plan_page import PlanPage
from actions.records.lineage import chain_before, date_said, of_lineages, with_completion_dates
from actions.rules.dates import day_of, end_of_day
from actions.rules.state import CommitmentState
from actions.rules.status import AtClosing


@dataclass(frozen=True, slots=True)
class Before:
    """What it was in a plan before: `ref` and `url` for who belongs to that plan."""

    plan: str
    first_text: str
    moves: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    ref: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class After:
    plan: str
    ref: str = ""
    url: str = ""


def before_and_after(page: PlanPage, state: CommitmentState) -> dict[str, Any]:
    """One query, of a commitment that goes on from another or was carried forward; else none."""
    if not state.formers and state.at_closing is not AtClosing.CARRIED_FORWARD:
        return {"before": [], "after": []}
    lineage = state.formers[0].commitment if state.formers else state.id
    rows = {
        row.pk: row
        for row in _with_evidence(
            with_completion_dates(of_lineages(Commitment.objects.all(), [lineage]), page.day), page
        ).select_related("plan")
    }
    chain = chain_before(state.id, {pk: row.continues_id for pk, row in rows.items()})
    return {
        "before": [_before(page, state, rows[pk]) for pk in reversed(chain)],
        "after": [
            _after(page, row)
            for row in rows.values()
            if row.continues_id == state.id and (row.sees or row.plan.state != Plan.State.DRAFT)
        ],
    }


def _with_evidence(rows: Any, page: PlanPage) -> Any:
    shareable = (
        Evidence.objects.filter(
            commitment=OuterRef("pk"),
            visibility=Evidence.Visibility.SHAREABLE,
            effective_at__lt=end_of_day(page.day),
            withdrawal=None,
        )
        .order_by("-effective_at", "-id")
        .values(
            said=JSONObject(
                pk="pk",
                title="title",
                link="link",
                place="place",
                held_by="held_by",
                ask_whom="ask_whom",
                file_name="file_name",
                at="effective_at",
            )
        )
    )
    return rows.annotate(
        evidence_said=ArraySubquery(shareable),
        sees=Exists(live_plans_of(page.access.user).filter(plan=OuterRef("plan"))),
    )


def _before(page: PlanPage, state: CommitmentState, row: Any) -> Before:
    former = next(former for former in state.formers if former.commitment == row.pk)
    sees = row.sees and not page.shared_view
    return Before(
        plan=row.plan.title,
        first_text=f"First agreed for {former.first}" if former.first else "No date agreed",
        moves=tuple(
            f"Moved to {date_said(said)} on "
            f"{formatting.short_day(day_of(_moment(said['effective_at'])))}"
            for said in row.dates
            if said["replaces"]
        ),
        evidence=tuple(_evidence(page, state, said) for said in row.evidence_said),
        ref=row.ref if sees else "",
        url=address_of("commitment", row.plan.slug, row.code) if sees else "",
    )


def _evidence(page: PlanPage, state: CommitmentState, said: dict[str, Any]) -> EvidenceItem:
    url = str(said["link"])
    if said["file_name"] and not page.shared_view:
        url = page.url("actions:former_evidence_file", state.code, said["pk"])
    added = formatting.short_day(day_of(_moment(said["at"])))
    where = place_sentences(said["place"], said["held_by"], said["ask_whom"])
    about = " ".join([*where, f"Added {added}.", "May be shared outside."])
    return EvidenceItem(said["title"], about, url)


def _after(page: PlanPage, row: Any) -> After:
    if not row.sees or page.shared_view:
        return After(row.plan.title)
    url = address_of("commitment", row.plan.slug, row.code)
    return After(row.plan.title, row.ref, url)


def _moment(text: str) -> Any:
    return parse_datetime(text)

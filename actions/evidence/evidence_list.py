"""A commitment's evidence as a list shows it, each line by what its reader may see and do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime

from actions import access
from actions.io.storage import kind_text, seems_kept, size_text
from actions.models import Evidence
from actions.models.base import SAMPLE_SOURCE
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.history_entries import WHO_READS, Entry
from actions.rules.dates import day_of, end_of_day
from actions.rules.state import CommitmentState

_FOR_WHOM = {
    Evidence.Visibility.MEMBERS.value: "For people of this plan.",
    Evidence.Visibility.RESTRICTED.value: "Restricted.",
    Evidence.Visibility.SHAREABLE.value: "May be shared outside.",
}

WRONG = "Its file is missing or has been changed. Tell the people who run this site."


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One line. Without `url` only its title stands; with `withdrawn` it no longer counts."""

    title: str
    about: str
    url: str = ""
    is_restricted: bool = False
    withdrawn: str = ""
    withdraw_url: str = ""
    # Told to the programme team alone, who can have it put right.
    wrong: str = ""


def evidence_of(
    page: PlanPage, state: CommitmentState, entries: Iterable[Entry]
) -> list[EvidenceItem]:
    """The evidence among a commitment's entries, in their order."""
    led = page.led_today(state)
    return [_item(page, led, entry) for entry in entries if entry.kind == "evidence"]


def _item(page: PlanPage, state: CommitmentState, entry: Entry) -> EvidenceItem:
    details = entry.details
    added = f"Added {formatting.short_day(day_of(entry.effective_at))}"
    withdrawn_at = parse_datetime(details["withdrawn_at"]) if details["withdrawn_at"] else None
    withdrawn = ""
    if withdrawn_at and withdrawn_at < end_of_day(page.day):
        withdrawn = f"Withdrawn {formatting.short_day(day_of(withdrawn_at))}"
    if "is_masked" in details:
        return EvidenceItem(
            title=details["text"],
            about=f"{added}. {WHO_READS}",
            is_restricted=True,
            withdrawn=withdrawn and f"{withdrawn}.",
        )
    if withdrawn:
        withdrawn += f" by {details['withdrawn_by']}" if details["withdrawn_by"] else ""
        withdrawn += f": {details['withdrawn_because']}"
    may_withdraw = page.is_today and access.can_withdraw_evidence(
        page.access, state, details["restricted_by"]
    )
    return EvidenceItem(
        title=details["text"],
        about=_about(entry, added),
        url=_url(page, state, entry, withdrawn_at),
        is_restricted=details["visibility"] == Evidence.Visibility.RESTRICTED,
        withdrawn=withdrawn,
        withdraw_url=page.url("actions:withdraw_evidence", state.code, entry.id)
        if may_withdraw and not withdrawn_at
        else "",
        wrong=WRONG if page.access.is_officer and _is_wrong(entry) else "",
    )


def _is_wrong(entry: Entry) -> bool:
    details = entry.details
    return bool(details["file_name"]) and not seems_kept(details["digest"], details["size"])


def _url(
    page: PlanPage, state: CommitmentState, entry: Entry, withdrawn_at: datetime | None
) -> str:
    """A withdrawn file is no longer given out, also not on the page of a day when it stood."""
    if withdrawn_at:
        return ""
    if entry.details["file_name"]:
        if page.shared_view:
            return ""
        return page.url("actions:evidence_file", state.code, entry.id)
    return str(entry.details["link"])


def _about(entry: Entry, added: str) -> str:
    details = entry.details
    sentences = []
    if details["file_name"]:
        sentences.append(f"{kind_text(details['content_type'])}, {size_text(details['size'])}.")
    sentences += place_sentences(details["place"], details["held_by"], details["ask_whom"])
    who = entry.author or entry.source
    if entry.author and entry.source and entry.source != SAMPLE_SOURCE:
        who += f", from: {entry.source}"
    sentences.append(f"{added} by {who}.")
    if details["is_case_study"]:
        sentences.append("Case study, anonymised, consent held.")
    sentences.append(_FOR_WHOM[details["visibility"]])
    return " ".join(sentences)


def place_sentences(place: str, held_by: str, ask_whom: str) -> list[str]:
    """`In “SEND / Heads / 2026”.` `Held by the heads’ group.` `Ask Ann Lee.`"""
    if not place:
        return []
    return [
        f"In “{place}”.",
        *([f"Held by {held_by}."] if held_by else []),
        *([f"Ask {ask_whom}."] if ask_whom else []),
    ]

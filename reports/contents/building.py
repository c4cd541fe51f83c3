"""Builds a report: its document, the families' summary, and what is signed and missing."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from actions.wording import words_of
from reports.contents import exceptions, formal, kpis, scrutiny
from reports.contents import families as families_page
from reports.contents.completeness import Missing, missing
from reports.contents.editable_texts import EditableText
from reports.contents.report_data import ReportData, load
from reports.contents.signing import (
    approval_section,
    ever_signed,
    valid_approvals,
    valid_signatures,
)
from reports.models import Approval, Report, ReportSeries, Signature
from reports.rendering.document import Document, Section

Content = ReportSeries.Content

_SECTIONS: dict[str, Callable[[ReportData], tuple[Section, ...]]] = {
    Content.KPIS: kpis.sections,
    Content.EXCEPTIONS: exceptions.sections,
    Content.FORMAL: formal.sections,
    Content.SCRUTINY: scrutiny.sections,
}


@dataclass(frozen=True)
class Built:
    """A report as it reads now. `families` is the summary for families, where there is one.

    `substance` names what an organisation approves, the summary included. `signed` (by the
    section's key) and `approved` (by organisation, also those that return it) still hold; `fallen`
    are the keys of sections that were signed and have changed since.
    """

    document: Document
    families: Document | None
    places: Mapping[str, EditableText]
    missing: tuple[Missing, ...]
    signed: Mapping[str, Signature]
    fallen: frozenset[str]
    approved: Mapping[int, Approval]
    substance: str


def build(report: Report, *, is_draft: bool = True) -> Built:
    """The report from what was known at its cut-off. At most 25 queries at any size of plan."""
    report_data = load(report)
    with words_of(report_data.plan):
        return _built(report_data, is_draft=is_draft)


def _built(report_data: ReportData, *, is_draft: bool) -> Built:
    is_approved = report_data.series.is_approved
    sections = _SECTIONS[report_data.series.content](report_data)
    document = _document(report_data, sections, is_draft=is_draft)
    families = families_page.document(report_data, document) if is_approved else None
    # Of a long report they take a tenth of the time.
    digests = {section.key: section.digest for section in sections}
    substance = _substance(document, digests, families)
    signed = valid_signatures(report_data.signatures, digests) if is_approved else {}
    answers = valid_approvals(report_data.approvals, substance) if is_approved else {}
    if is_approved:
        # Who signed and approved comes last: a reader looks for the answer first.
        last = approval_section(report_data, sections, signed, substance)
        document = document.model_copy(update={"sections": (*sections, last)})
    return Built(
        document=document,
        families=families,
        places=report_data.words.places,
        missing=missing(report_data, document, signed, answers),
        signed=signed,
        fallen=frozenset(ever_signed(report_data.signatures)) - signed.keys()
        if is_approved
        else frozenset(),
        approved=answers,
        substance=substance,
    )


def _document(
    report_data: ReportData, sections: tuple[Section, ...], *, is_draft: bool
) -> Document:
    report, series, plan = report_data.report, report_data.series, report_data.plan
    period = report.period
    return Document(
        title=f"{series.title}, {period.words}",
        series=series.title,
        content=series.content,  # type: ignore[arg-type]
        number=report.number,
        version=report.version,
        local_area=plan.local_area.name,
        plan=plan.short_name,
        plan_slug=plan.slug,
        audiences=report_data.audiences,
        period_starts=report.starts_on,
        period_ends=report.ends_on,
        period_text=period.words,
        as_at=report.as_at,
        known_at=report.known_at,
        is_sample=plan.is_sample,
        is_draft=is_draft,
        supersedes=_supersedes(report),
        sections=sections,
    )


def _supersedes(report: Report) -> str:
    """`version 1: a figure was wrong`; empty for a first version."""
    if report.supersedes_id is None:
        return ""
    return f"version {report.version - 1}: {report.reason}"


def _substance(document: Document, digests: Mapping[str, str], families: Document | None) -> str:
    """What is approved: the report, and with it the summary for families."""
    of_report = document.substance_of(digests.values())
    if families is None:
        return of_report
    return hashlib.sha256(f"{of_report}{families.substance}".encode()).hexdigest()

"""What a draft still lacks before it goes out, or what of it may be true no more, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from actions.pages import formatting
from reports.contents.report_data import ReportData
from reports.contents.signing import FORUMS_SECTION
from reports.models import Approval, Signature
from reports.rendering.document import Document


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing; `key` names it the same from draft to draft."""

    key: str
    words: str
    # The place of the draft that it is about; empty where it is about none.
    place: str = ""

    @property
    def is_sign_off(self) -> bool:
        """Whether a person of the plan has yet to sign or approve."""
        return self.key.startswith(("signature:", "approval:"))


def missing(
    report_data: ReportData,
    document: Document,
    signed: Mapping[str, Signature],
    answers: Mapping[int, Approval],
) -> tuple[Missing, ...]:
    """`signed` and `answers` are the signatures and approvals that still hold."""
    return tuple(_missing(report_data, document, signed, answers))


def _missing(
    report_data: ReportData,
    document: Document,
    signed: Mapping[str, Signature],
    answers: Mapping[int, Approval],
) -> Iterator[Missing]:
    if not report_data.audiences:
        yield Missing("audience", "The series names nobody whom the report is for.")
    if report_data.until < report_data.report.ends_on:
        yield Missing(
            "period",
            f"The period ends on {formatting.short_day(report_data.report.ends_on)}, and the "
            f"report shows the plan as at {formatting.short_day(report_data.until)}.",
        )
    if report_data.series.is_approved:
        yield from _approvals(report_data, document, signed, answers)
    overdue = report_data.counts.update_overdue
    if overdue and report_data.series.content != report_data.series.Content.KPIS:
        yield Missing("updates", f"{formatting.plural(overdue, 'update')} overdue.")
    figures = sum(period.is_overdue for kpi in report_data.measures for period in kpi.state.due)
    if figures:
        yield Missing("figures", f"{formatting.plural(figures, 'figure')} overdue.")
    for place in report_data.words.places.values():
        if place.is_edited and place.is_stale:
            text = f"Edited, and the record has changed since: {place.label}."
            yield Missing(f"stale:{place.key}", text, place.key)
        elif not place.text and _asks_for_text(place.key):
            yield Missing(f"words:{place.key}", f"No words yet: {place.label}.", place.key)


def _approvals(
    report_data: ReportData,
    document: Document,
    signed: Mapping[str, Signature],
    answers: Mapping[int, Approval],
) -> Iterator[Missing]:
    if not report_data.responsible:
        yield Missing("approval", "The plan names no organisation that approves its reports.")
    for organisation in report_data.responsible:
        answer = answers.get(organisation.id)
        if answer is None:
            text = f"{organisation.name} has not approved it."
            yield Missing(f"approval:{organisation.id}", text)
        elif not answer.is_approved:
            text = f"{organisation.name} returned it: {answer.reason}"
            yield Missing(f"approval:{organisation.id}", text)
    for section in document.sections:
        if section.area is not None and section.key not in signed:
            text = f"{section.area_text} is not signed by its senior responsible officer."
            yield Missing(f"signature:{section.key}", text)
    places = report_data.words.places
    statement = places.get(FORUMS_SECTION)
    if statement and not statement.text:
        yield Missing(FORUMS_SECTION, "The parent carer forum has given no statement.")
    elif statement and FORUMS_SECTION not in signed:
        yield Missing(f"signature:{FORUMS_SECTION}", "The forum has not signed its statement.")


def _asks_for_text(key: str) -> bool:
    """Whether a person should write there. Progress nobody reported is an update overdue, points
    for challenge may be none, and the forum's statement is told of by itself."""
    return key not in (FORUMS_SECTION, "challenge") and not key.startswith("commitment:")

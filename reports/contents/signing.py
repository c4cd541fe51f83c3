"""Who signed an area and who approved a report, and whether what they signed still stands."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from actions.pages import formatting
from actions.rules.dates import LONDON, day_of
from reports.contents.report_data import ReportData
from reports.models import Approval, Signature
from reports.rendering.document import APPROVAL, Paragraph, Section, Signatures
from reports.rendering.document import Signature as SignatureLine

FORUMS_SECTION = "co-production"

_Dated = TypeVar("_Dated", Signature, Approval)


def valid_signatures(
    signatures: Iterable[Signature], digests: Mapping[str, str]
) -> dict[str, Signature]:
    """By section's key, the newest signature of each area and of the forum, where it still holds.

    `digests` are those of the sections, by key. A signature names its area by its number
    (`area_number`, or its area's).
    """
    newest: dict[str, Signature] = {}
    for signature in _oldest_first(signatures):
        newest[_key(signature)] = signature
    return {
        key: signature for key, signature in newest.items() if digests.get(key) == signature.digest
    }


def ever_signed(signatures: Iterable[Signature]) -> set[str]:
    """The keys of sections that somebody has signed, whether or not that still holds."""
    return {_key(signature) for signature in signatures}


def _key(signature: Signature) -> str:
    if signature.area_id is None:
        return FORUMS_SECTION
    known = getattr(signature, "area_code", None)
    return f"area:{known or signature.area.code}"  # type: ignore[union-attr]


def valid_approvals(approvals: Iterable[Approval], substance: str) -> dict[int, Approval]:
    """By organisation, its newest word, where it is of what the report says now."""
    newest = {approval.organisation_id: approval for approval in _oldest_first(approvals)}
    return {pk: approval for pk, approval in newest.items() if approval.digest == substance}


def _oldest_first(rows: Iterable[_Dated]) -> list[_Dated]:
    return sorted(rows, key=lambda row: (row.recorded_at, row.pk))


def approval_section(
    report_data: ReportData,
    sections: Iterable[Section],
    signed: Mapping[str, Signature],
    substance: str,
) -> Section:
    """The end of a report that is approved: by whom, and what is still awaited."""
    sections = tuple(sections)
    return Section(
        key=APPROVAL,
        title="Approval and signatures",
        blocks=(
            Paragraph(text=_standing(report_data, sections, signed, substance), style="lead"),
            Signatures(
                items=(
                    *_approvals(report_data, substance),
                    *_areas(report_data, sections, signed),
                    _forum(report_data, signed),
                )
            ),
        ),
    )


def _standing(
    report_data: ReportData,
    sections: Iterable[Section],
    signed: Mapping[str, Signature],
    substance: str,
) -> str:
    """`Approved by one of two organisations. Areas 2 and 3 are not signed.`"""
    answers = valid_approvals(report_data.approvals, substance)
    organisations = report_data.responsible
    approved = [
        organisation
        for organisation in organisations
        if organisation.id in answers and answers[organisation.id].is_approved
    ]
    if not organisations:
        text = "The plan names no organisation that approves its reports."
    elif len(approved) == len(organisations):
        text = f"Approved by {formatting.listed([organisation.name for organisation in approved])}."
    elif approved:
        text = (
            f"Approved by {formatting.listed([organisation.name for organisation in approved])}, "
            f"{formatting.number_text(len(approved))} of "
            f"{formatting.plural(len(organisations), 'organisation')}."
        )
    else:
        text = "Not approved yet."
    unsigned = [
        section.area_text
        for section in sections
        if section.area is not None and section.key not in signed
    ]
    if unsigned:
        text += f" {formatting.listed(unsigned)} {'are' if len(unsigned) > 1 else 'is'} not signed."
    return text


def _approvals(report_data: ReportData, substance: str) -> Iterable[SignatureLine]:
    answers = valid_approvals(report_data.approvals, substance)
    spoke = {approval.organisation_id for approval in report_data.approvals}
    for organisation in report_data.responsible:
        what = f"For {organisation.name}"
        answer = answers.get(organisation.id)
        if answer is None:
            changed = organisation.id in spoke
            text = "Awaited: the report has changed since" if changed else "Approval awaited"
            yield SignatureLine(what=what, words=text)
        elif answer.is_approved:
            yield SignatureLine(
                what=what,
                name=answer.name,
                office=answer.office,
                signed_at=answer.effective_at if answer.by_id else None,
                words=given_text(answer, "Approved"),
            )
        else:
            returned = f"{given_text(answer, 'Returned')}: {answer.reason}"
            yield SignatureLine(what=what, name=answer.name, office=answer.office, words=returned)


def _areas(
    report_data: ReportData, sections: Iterable[Section], signed: Mapping[str, Signature]
) -> Iterable[SignatureLine]:
    """Each area's section, where the report has sections that are signed."""
    spoke = ever_signed(report_data.signatures)
    for section in sections:
        if section.area is not None:
            yield _signature_line(section.area_text, section.key, signed, spoke)


def _forum(report_data: ReportData, signed: Mapping[str, Signature]) -> SignatureLine:
    spoke = ever_signed(report_data.signatures)
    return _signature_line("The parent carer forum’s statement", FORUMS_SECTION, signed, spoke)


def _signature_line(
    what: str, key: str, signed: Mapping[str, Signature], spoke: set[str]
) -> SignatureLine:
    signature = signed.get(key)
    if signature is None:
        text = "Not signed: it has changed since it was signed" if key in spoke else "Not signed"
        return SignatureLine(what=what, words=text)
    return SignatureLine(
        what=what,
        name=signature.name,
        office=signature.office,
        signed_at=signature.effective_at if signature.by_id else None,
        words=given_text(signature, "Signed"),
    )


def given_text(given: Signature | Approval, did: str) -> str:
    """`Signed on 20 January 2023, 14:05`; of what was said elsewhere how, and who recorded it.

    That has a day and no hour, so its moment is not printed.
    """
    if given.by_id is None:
        return f"{did} by {given.source}"
    return f"{did} on {moment_text(given.effective_at)}"


def moment_text(moment: datetime) -> str:
    """`20 January 2023, 14:05`, in London."""
    return f"{formatting.short_day(day_of(moment))}, {moment.astimezone(LONDON):%H:%M}"

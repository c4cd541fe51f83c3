"""A report while it is a draft: begun, cut off, worded, signed, approved, dropped.

Each verb locks the report, reads it again and refuses in plain words. What is signed and approved
is named by its digest (`reports/rendering/document.py`): where the words have moved since, nothing
is signed. Who prepared a report neither signs nor approves it: each verb asks under its lock what
its page asked (`actions/access.py`).
"""

import hashlib
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from actions import access, memberships
from actions.models import Area, Organisation, Plan
from actions.models.base import at
from actions.wording import in_words
from reports.contents.building import Built, build
from reports.contents.editable_texts import EditableText
from reports.contents.signing import FORUMS_SECTION
from reports.models import Approval, Approver, Report, ReportSeries, ReportText, Signature
from reports.rules.calendar import Period
from wsoa.accounts.models import User


class Conflict(Exception):
    """Somebody saved other words in the meantime; they are `theirs`."""

    def __init__(self, theirs: str) -> None:
        super().__init__(theirs)
        self.theirs = theirs


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def locked_draft(report: Report) -> Report:
    """The report, locked until the transaction ends. ValidationError where it is no draft."""
    Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    # Read anew: what the lock waited for may have published it, in a row of another table.
    draft = Report.objects.select_related("series__plan__local_area", "publication").get(
        pk=report.pk
    )
    if draft.discarded_at:
        raise ValidationError("This draft was discarded.")
    if draft.is_frozen:
        raise ValidationError("This report was published meanwhile. It does not change any more.")
    return draft


# --- Beginning --------------------------------------------------------------------------------


def start_problem(series: ReportSeries, period: Period, today: date) -> str:
    """Why no report of this period can be begun; empty where one can."""
    plan = series.plan
    if plan.state == Plan.State.DRAFT:
        return "The plan is not agreed yet, so there is nothing to report."
    if series.withdrawn_at:
        return "This series has ended."
    if period.starts_on > today:
        return "This period has not begun yet."
    begins_on = series.cycle.begins_on
    if begins_on and period.starts_on < begins_on:
        return "This series began later."
    reports = Report.objects.filter(series=series, discarded_at=None)
    if reports.filter(starts_on__lte=period.ends_on, ends_on__gte=period.starts_on).exists():
        return "There is a report of this period already."
    return ""


@transaction.atomic
def start(*, series: ReportSeries, period: Period, by: User, today: date, now: datetime) -> Report:
    """Begin the report of a period, as at its last day or today, with what is known now."""
    series = (
        ReportSeries.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan__local_area")
        .get(pk=series.pk)
    )
    problem = start_problem(series, period, today)
    if problem:
        raise ValidationError(problem)
    return Report.objects.create(
        series=series,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        number=period.number,
        as_at=min(period.ends_on, today),
        known_at=now,
        prepared_by=by,
    )


@transaction.atomic
def start_version(*, report: Report, by: User, reason: str, now: datetime) -> Report:
    """Begin the version that will stand in the place of a published one, with its words."""
    old = Report.objects.select_for_update(of=("self",), no_key=True).get(pk=report.pk)
    if not reason:
        raise ValidationError({"reason": "Say what is wrong with the version that is out"})
    if not old.is_published:
        raise ValidationError("Only what was published gets a new version.")
    newer = Report.objects.filter(
        series=old.series_id, ends_on=old.ends_on, version__gt=old.version, discarded_at=None
    )
    if newer.exists():
        raise ValidationError("There is a newer version already.")
    # A draft that was dropped gives its place back.
    Report.objects.filter(supersedes=old).exclude(discarded_at=None).update(supersedes=None)
    new = Report.objects.create(
        series=old.series,
        starts_on=old.starts_on,
        ends_on=old.ends_on,
        number=old.number,
        as_at=old.as_at,
        known_at=now,
        version=old.version + 1,
        supersedes=old,
        reason=reason,
        prepared_by=by,
    )
    ReportText.objects.bulk_create(
        ReportText(
            report=new,
            place=text.place,
            original=text.original,
            beside=text.beside,
            text=text.text,
            by=text.by,
        )
        for text in old.texts.all()
    )
    return new


@transaction.atomic
def discard(*, report: Report, now: datetime) -> None:
    """Put a draft away. Nothing of it is deleted, and its period can be begun again."""
    report = locked_draft(report)
    report.discarded_at = now
    report.save(update_fields=["discarded_at"])


# --- The cut-off ------------------------------------------------------------------------------


def cut_off_problems(
    report: Report, *, as_at: date, known_at: datetime, today: date, now: datetime
) -> dict[str, str]:
    if as_at > today:
        return {"as_at": "This day has not come yet"}
    if not report.starts_on <= as_at <= report.ends_on:
        return {"as_at": "Choose a day of the report’s period"}
    if known_at > now:
        return {"known_at": "This moment has not come yet"}
    return {}


def moved(report: Report, *, as_at: date, known_at: datetime) -> Built:
    """What the draft would say with another cut-off. Nothing is saved."""
    return build(Report(**_fields(report) | {"as_at": as_at, "known_at": known_at}))


def _fields(report: Report) -> dict[str, object]:
    return {field.attname: getattr(report, field.attname) for field in Report._meta.concrete_fields}


@transaction.atomic
def move_cut_off(
    *, report: Report, as_at: date, known_at: datetime, today: date, now: datetime
) -> Report:
    """Build the draft anew from another day or moment. Signatures hold where nothing changed."""
    report = locked_draft(report)
    problems = cut_off_problems(report, as_at=as_at, known_at=known_at, today=today, now=now)
    if problems:
        raise ValidationError(problems)
    report.as_at = as_at
    report.known_at = known_at
    report.save(update_fields=["as_at", "known_at"])
    return report


# --- Words ------------------------------------------------------------------------------------


@transaction.atomic
def word(*, report: Report, place: str, text: str, seen: str, by: User) -> None:
    """Put other words in a place of the draft; `seen` is the digest of those they replace.

    Conflict where somebody has saved since. What the records say comes back with its own words.
    """
    report = locked_draft(report)
    editable_text = editable_text_of(build(report), place)
    if editable_text is None:
        raise ValidationError("This part has left the draft meanwhile.")
    if digest_of(editable_text.text) != seen:
        raise Conflict(editable_text.text)
    if text == editable_text.text and not editable_text.is_stale:
        return
    texts = ReportText.objects.filter(report=report, place=place)
    if text == editable_text.original:
        texts.delete()
        return
    ReportText.objects.update_or_create(
        report=report,
        place=place,
        defaults={
            "text": text,
            "original": editable_text.original,
            "beside": editable_text.beside,
            "by": by,
        },
    )


def editable_text_of(built: Built, key: str) -> EditableText | None:
    return built.places.get(key)


# --- Signatures and approvals -----------------------------------------------------------------


def touched_since(report: Report, moment: datetime) -> bool:
    """Whether the draft's words or days were touched after a moment.

    Whoever signs again after an edit elsewhere has seen it: that is no double press.
    """
    since = {"pgh_created_at__gt": moment}
    texts = ReportText.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        report=report, **since
    )
    days = Report.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj=report, **since
    )
    return bool(texts.exists() or days.exists())


def approvers_of(plan: Plan) -> QuerySet[Approver]:
    """Those named to approve. Who answers for the plan no longer approves nothing."""
    return Approver.objects.filter(
        plan=plan, withdrawn_at=None, organisation__plans=plan
    ).select_related("organisation", "user")


MOVED_ON = "This changed while you read it. Read it again, and sign what it says now."


@transaction.atomic
def sign(
    *,
    report: Report,
    area: Area | None,
    digest: str,
    by: User,
    office: str,
    effective_at: datetime | None = None,
    source: str = "",
) -> Signature:
    """Sign an area's section, or, without an area, the forum's statement. Sent twice, it is one.

    An area's SRO or whoever stands in for them signs, and a representative of the forum.
    """
    report = locked_draft(report)
    granted, preparer = memberships.granted_to(by, report.series.plan), report.prepared_by_id
    access.refuse_unless(
        access.can_sign_area(granted, area.pk, preparer=preparer)
        if area
        else access.can_sign_for_forum(granted, preparer=preparer),
        in_words(
            "This is not yours to sign. The {area}’s senior responsible officer signs for it, "
            "a representative of the forum its statement, and nobody a report they prepared."
        ),
    )
    key = f"area:{area.code}" if area else FORUMS_SECTION
    built = build(report)
    section = next((section for section in built.document.sections if section.key == key), None)
    if section is None:
        raise ValidationError("This part has left the draft meanwhile.")
    if area is None and not built.places[key].text:
        raise ValidationError("Write the statement first. There is nothing to sign yet.")
    if section.digest != digest:
        raise ValidationError(MOVED_ON)
    newest = Signature.objects.filter(report=report, area=area).order_by("-recorded_at").first()
    is_same = newest and (newest.by_id, newest.digest) == (by.pk, digest)
    if newest and is_same and not touched_since(report, newest.recorded_at):
        return newest
    return Signature.objects.create(
        report=report,
        area=area,
        digest=digest,
        name=by.name,
        office=office,
        by=by,
        source=source,
        **at(effective_at),
    )


def office_of(approver: Approver, by: User) -> str:
    """In what office somebody answers for an organisation: their own, or that of whom they cover
    for."""
    if by == approver.user:
        return approver.office
    return f"{approver.office}, standing in for {approver.user.name}"


@transaction.atomic
def answer(
    *,
    report: Report,
    organisation: Organisation,
    is_approved: bool,
    digest: str,
    by: User,
    office: str,
    reason: str = "",
    effective_at: datetime | None = None,
    source: str = "",
) -> Approval:
    """Approve the report for an organisation, or return it with a reason. Sent twice, it is one.

    Whoever is named for the organisation answers, and nobody else for them. What they said
    elsewhere, as by e-mail, has its own moment and its source.
    """
    report = locked_draft(report)
    plan = report.series.plan
    approver = approvers_of(plan).filter(organisation=organisation).first()
    access.refuse_unless(
        approver is not None
        and access.can_approve_report(
            memberships.granted_to(by, plan),
            approver=approver.user_id,
            preparer=report.prepared_by_id,
        ),
        "Only the person named to approve for this organisation answers, and nobody who prepared "
        "the report or the plan’s reports before it.",
    )
    if not is_approved and not reason:
        raise ValidationError({"reason": "Say what must change before you approve it"})
    if build(report).substance != digest:
        raise ValidationError(MOVED_ON)
    newest = (
        Approval.objects.filter(report=report, organisation=organisation)
        .order_by("-recorded_at")
        .first()
    )
    given = (by.pk, digest, is_approved, reason)
    is_same = newest and (newest.by_id, newest.digest, newest.is_approved, newest.reason) == given
    if newest and is_same and not touched_since(report, newest.recorded_at):
        return newest
    return Approval.objects.create(
        report=report,
        organisation=organisation,
        is_approved=is_approved,
        reason=reason,
        digest=digest,
        name=by.name,
        office=office,
        by=by,
        source=source,
        **at(effective_at),
    )

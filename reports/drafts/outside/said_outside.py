"""A signature, an approval or a return that was given outside: recorded, and checked by a second.

Both are members of the programme team, who decide nothing here: who may sign and approve is asked
of the person who said it, by the rules of `drafting.sign` and `drafting.answer`. Until it is
checked there is no signature and no approval, so nothing can take it for one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from actions import access, memberships
from actions.memberships import Role
from actions.models import Area, AreaOfficer, Membership, Organisation
from actions.models.base import at
from actions.models.people import active_on
from actions.pages import formatting
from actions.rules.dates import LONDON, day_of
from reports.contents.building import Built, build
from reports.contents.signing import FORUMS_SECTION
from reports.drafts.drafting import approvers_of, locked_draft
from reports.models import Approval, Report, SaidOutside, SaidOutsideCheck, Signature
from wsoa.accounts.models import User

WORDS_OF_HOW = {
    SaidOutside.How.EMAIL: "e-mail",
    SaidOutside.How.MINUTE: "minute",
    SaidOutside.How.CALL: "phone call",
    SaidOutside.How.LETTER: "letter",
}

CHANGED_SINCE = (
    "The words have changed since this was recorded, so it cannot be confirmed. Say that, and "
    "record what was said of the words as they are now."
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """One whose word counts, with the office that is printed."""

    name: str
    office: str


def how_text(said: SaidOutside) -> str:
    """`e-mail, 12 March 2026, recorded by A. Officer`."""
    recorder = said.by.name if said.by else said.source
    return (
        f"{WORDS_OF_HOW[SaidOutside.How(said.how)]}, {formatting.short_day(said.said_on)}, "
        f"recorded by {formatting.cut(recorder, 90)}"
    )


def section_key(area: Area | None) -> str:
    return f"area:{area.code}" if area else FORUMS_SECTION


def digest_now(built: Built, area: Area | None, organisation: Organisation | None) -> str:
    """Of what is signed or approved, as it reads now; empty where it has left the draft."""
    if organisation:
        return built.substance
    key = section_key(area)
    return next((one.digest for one in built.document.sections if one.key == key), "")


def speakers(
    report: Report, area: Area | None, organisation: Organisation | None, today: date
) -> list[Speaker]:
    """Whose signature or approval it could be: those who might give it here, and an area's SRO who
    has no account. Never who prepared the report."""
    if organisation:
        found = _approver(report, organisation)
    elif area:
        found = _sros(report, area, today)
    else:
        found = _representatives(report, today)
    preparer = report.prepared_by.name
    return [speaker for speaker in dict.fromkeys(found) if speaker.name != preparer]


def _approver(report: Report, organisation: Organisation) -> Iterator[Speaker]:
    plan = report.series.plan
    for approver in approvers_of(plan).filter(organisation=organisation):
        granted = memberships.granted_to(approver.user, plan)
        if access.can_approve_report(
            granted, approver=approver.user_id, preparer=report.prepared_by_id
        ):
            yield Speaker(approver.user.name, approver.office)


def _sros(report: Report, area: Area, today: date) -> Iterator[Speaker]:
    plan, office = report.series.plan, f"Senior responsible officer of {area.label}"
    for user in _with_part(report, today, role=Role.SRO, area=area):
        granted = memberships.granted_to(user, plan)
        if access.can_sign_area(granted, area.pk, preparer=report.prepared_by_id):
            covered = memberships.stands_in_for(granted, Role.SRO, areas=[area.pk])
            yield Speaker(user.name, f"{office}, standing in for {covered}" if covered else office)
    without_account = AreaOfficer.objects.filter(active_on(today), area=area, person__user=None)
    for officer in without_account.select_related("person"):
        yield Speaker(officer.person.name, office)


def _representatives(report: Report, today: date) -> Iterator[Speaker]:
    for user in _with_part(report, today, role=Role.FORUM):
        granted = memberships.granted_to(user, report.series.plan)
        if access.can_sign_for_forum(granted, preparer=report.prepared_by_id):
            yield Speaker(user.name, "Forum representative")


def _with_part(report: Report, today: date, **part: object) -> list[User]:
    parts = Membership.objects.active_on(today).filter(plan=report.series.plan, **part)
    return [one.user for one in parts.select_related("user").order_by("user__name", "pk")]


def waiting(report: Report) -> QuerySet[SaidOutside]:
    """What nobody has checked yet, newest first."""
    return (
        SaidOutside.objects.filter(report=report, second_look=None)
        .select_related("by", "area", "organisation")
        .order_by("-recorded_at", "-pk")
    )


def _refuse_earlier(
    report: Report,
    area: Area | None,
    organisation: Organisation | None,
    said_on: date,
    recorded: datetime | None = None,
) -> None:
    """Whoever has answered later, or here since it was recorded, is not overruled by it."""
    given: Iterable[Signature | Approval] = (
        Approval.objects.filter(report=report, organisation=organisation)
        if organisation
        else Signature.objects.filter(report=report, area=area)
    )
    for one in given:
        if day_of(one.effective_at) > said_on or (recorded and one.recorded_at > recorded):
            answered_on = formatting.short_day(day_of(one.effective_at))
            raise ValidationError(
                f"{one.name} has answered later, on {answered_on}. "
                "What was said before that does not replace it."
            )


# --- Recording --------------------------------------------------------------------------------


@transaction.atomic
def record_said_outside(
    *,
    report: Report,
    by: User,
    name: str,
    how: str,
    said_on: date,
    found_at: str,
    message: str,
    digest: str,
    today: date,
    area: Area | None = None,
    organisation: Organisation | None = None,
    is_approved: bool | None = None,
    reason: str = "",
) -> SaidOutside:
    """Record what somebody said of an area's section, the forum's statement (neither area nor
    organisation) or, for an organisation, of the whole. Sent twice, it is one.

    `digest` names the words that it was said of. ValidationError, by field where it is one's.
    """
    report = locked_draft(report)
    access.refuse_unless(
        access.can_prepare_report(memberships.granted_to(by, report.series.plan)),
        "Only the programme team records what was said outside.",
    )
    if not report.series.is_approved:
        raise ValidationError("This report is neither signed nor approved.")
    speaker = next(
        (one for one in speakers(report, area, organisation, today) if one.name == name), None
    )
    problems = {
        "name": "" if speaker else "Choose somebody whose signature or approval this is",
        "how": "" if how in SaidOutside.How.values else "Choose how it was said",
        "said_on": _day_problem(report, said_on, today),
        "found_at": "" if found_at else "Say where the message or the minute is kept",
        "message": "" if message else "Give the message, or what was said in your words",
    }
    if organisation:
        problems["is_approved"] = "" if is_approved is not None else "Choose what the answer was"
        is_reasonless = is_approved is False and not reason
        problems["reason"] = "Say what must change before it is approved" if is_reasonless else ""
    if found := {field: problem for field, problem in problems.items() if problem}:
        raise ValidationError(found)
    built = build(report)
    now = digest_now(built, area, organisation)
    if not now:
        raise ValidationError("This part has left the draft meanwhile.")
    if not organisation and not area and not built.places[FORUMS_SECTION].text:
        raise ValidationError("The forum has written no statement yet. There is nothing to sign.")
    if now != digest:
        raise ValidationError(
            "This changed while you read it. Read it again: was it said of what stands here now?"
        )
    _refuse_earlier(report, area, organisation, said_on)
    values = {
        "by": by,
        "is_approved": is_approved if organisation else None,
        "reason": reason if is_approved is False else "",
        "name": name,
        "office": speaker.office if speaker else "",
        "how": how,
        "said_on": said_on,
        "found_at": found_at,
        "message": message,
        "digest": digest,
    }
    for other in waiting(report).filter(area=area, organisation=organisation, digest=digest):
        if all(getattr(other, field) == value for field, value in values.items()):
            return other
        raise ValidationError(
            f"This is recorded already, by {other.by.name if other.by else other.source}, and "
            "waits for a second person to check it."
        )
    return SaidOutside.objects.create(
        report=report,
        area=area,
        organisation=organisation,
        **values,
        **at(_moment(report, said_on, today)),
    )


def _day_problem(report: Report, said_on: date, today: date) -> str:
    if said_on > today:
        return "The day must not be in the future"
    begun_on = day_of(report.made_at)
    if said_on < begun_on:
        return f"The draft was begun on {formatting.short_day(begun_on)}. Give a day since then"
    return ""


def _moment(report: Report, said_on: date, today: date) -> datetime | None:
    """The middle of the day on which it was said, where that is over; None for today."""
    if said_on == today:
        return None
    return max(datetime.combine(said_on, time(12), LONDON), report.made_at)


# --- Checking ---------------------------------------------------------------------------------


@transaction.atomic
def check_said_outside(
    *, said: SaidOutside, by: User, is_confirmed: bool, today: date, reason: str = ""
) -> SaidOutsideCheck:
    """Say whether it is as recorded. Confirmed, it becomes the signature or the approval.

    Refused, with words, to who recorded it, and where the draft's words or the answer of whoever
    said it have changed meanwhile. Sent twice, it is one.
    """
    report = locked_draft(said.report)
    access.refuse_unless(
        access.can_check_said_outside(
            memberships.granted_to(by, report.series.plan), recorder=said.by_id
        ),
        "A second member of the programme team checks this, and not who recorded it.",
    )
    if not is_confirmed and not reason:
        raise ValidationError({"reason": "Say what is not as recorded"})
    earlier = SaidOutsideCheck.objects.filter(said=said).first()
    if earlier:
        if (earlier.by_id, earlier.is_confirmed, earlier.reason) == (by.pk, is_confirmed, reason):
            return earlier
        raise ValidationError("Somebody has checked this meanwhile.")
    if is_confirmed:
        _give(report, said, by, today)
    return SaidOutsideCheck.objects.create(
        said=said, by=by, is_confirmed=is_confirmed, reason=reason
    )


def _give(report: Report, said: SaidOutside, by: User, today: date) -> None:
    if digest_now(build(report), said.area, said.organisation) != said.digest:
        raise ValidationError(CHANGED_SINCE)
    _refuse_earlier(report, said.area, said.organisation, said.said_on, said.recorded_at)
    allowed = speakers(report, said.area, said.organisation, today)
    if said.name not in [speaker.name for speaker in allowed]:
        raise ValidationError(
            f"{said.name} signs or approves this no more, so it cannot be confirmed."
        )
    given = {
        "report": report,
        "digest": said.digest,
        "name": said.name,
        "office": said.office,
        "by": None,
        "source": f"{how_text(said)}, checked by {formatting.cut(by.name, 90)}",
        "effective_at": said.effective_at,
    }
    if said.organisation:
        Approval.objects.create(
            organisation=said.organisation,
            is_approved=bool(said.is_approved),
            reason=said.reason,
            **given,
        )
    else:
        Signature.objects.create(area=said.area, **given)

"""Which drafts wait for somebody's signature, approval or words, and whose words were edited.

Whoever prepares the reports is told which draft an approver returned, and why, until that
organisation answers again: an edit alone does not settle it.

What one of the programme team recorded as said outside waits for the others of it.

Whether a signature still holds is worked out on the page of the draft alone, since that takes the
whole draft. Here it is said when something in the draft has changed since it was given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Greatest, JSONObject
from django.urls import reverse

from actions import access
from actions.memberships import PlanAccess, officers_ever
from actions.models import Area, CommitmentLead, Plan
from actions.models.people import active_on
from actions.pages.notices import TELLERS, Notice
from actions.records.written_once import written_once
from reports.contents.signing import FORUMS_SECTION
from reports.models import Approval, Approver, Report, ReportText, SaidOutside, Signature


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft, with whose words stand at which place, and when who signed and answered."""

    report: Report
    texts: list[dict[str, Any]]
    # By area, None for the forum's statement; and by organisation.
    signed: list[tuple[int | None, datetime]]
    answered: list[tuple[int | None, datetime]]
    # The newest answer of each organisation, where it returns the draft.
    returned: list[dict[str, Any]]
    # What was said outside and waits for a second member of the programme team.
    said: list[dict[str, Any]]
    # When anything in it was last changed by hand.
    changed_at: datetime

    @property
    def words(self) -> str:
        return f"{self.report.series.title}, {self.report.number}"


def notices_of(accesses: Sequence[PlanAccess], today: date) -> list[list[Notice]]:
    """What people of one plan should know of its drafts. One query where there are none."""
    if not any(access.can_see_live(granted) for granted in accesses):
        return [[] for _ in accesses]
    plan = accesses[0].plan
    drafts, facts = _drafts(plan), _Facts(accesses, plan, today)
    return [
        [notice for draft in drafts for notice in _Teller(granted, facts).notices(draft)]
        if access.can_see_live(granted)
        else []
        for granted in accesses
    ]


def _drafts(plan: Plan) -> list[_Draft]:
    return [
        _Draft(
            report,
            report.edited_texts,
            _times(report.signed),
            _times(report.answered),
            _returned(report.answered),
            report.said,
            report.changed_at,
        )
        for report in _reports(plan.pk)
    ]


@written_once
def _reports(plan: int) -> QuerySet[Any, Any]:
    of_report = {"report": OuterRef("pk")}
    texts = ReportText.objects.filter(**of_report).values(
        one=JSONObject(
            place="place", by="by", has_words=Case(When(text="", then=False), default=True)
        )
    )
    signed = Signature.objects.filter(**of_report).values(
        one=JSONObject(by="area", at="recorded_at")
    )
    answered = (
        Approval.objects.filter(**of_report)
        .order_by("recorded_at", "pk")
        .values(
            one=JSONObject(
                by="organisation",
                at="recorded_at",
                is_approved="is_approved",
                reason="reason",
                name="name",
                organisation="organisation__name",
            )
        )
    )
    said = (
        SaidOutside.objects.filter(**of_report, second_look=None)
        .order_by("recorded_at", "pk")
        .values(
            one=JSONObject(
                pk="pk", by="by", name="name", is_approved="is_approved", recorder="by__name"
            )
        )
    )
    # An edit that was taken back is an edit as well.
    worded = ReportText.pgh_event_model.objects.filter(**of_report)  # type: ignore[attr-defined]
    moved = Report.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj=OuterRef("pk")
    )
    return (
        Report.objects.filter(series__plan=plan, publication=None, discarded_at=None)
        .select_related("series")
        .annotate(
            edited_texts=ArraySubquery(texts),
            signed=ArraySubquery(signed),
            answered=ArraySubquery(answered),
            said=ArraySubquery(said),
            changed_at=Greatest(*(Subquery(_newest(events)) for events in (moved, worded))),
        )
        .order_by("ends_on", "series__position")
    )


@written_once
def _refs_led(plan: int, users: list[int], day: date) -> QuerySet[Any, tuple[int, str]]:
    return (
        CommitmentLead.objects.filter(active_on(day))
        .filter(commitment__plan=plan, person__user__any=users)
        .order_by("commitment__position", "pk")
        .values_list("person__user", "commitment__ref")
    )


def _newest(events: QuerySet[Any]) -> QuerySet[Any]:
    return events.order_by("-pgh_created_at").values("pgh_created_at")[:1]


def _times(rows: list[dict[str, Any]]) -> list[tuple[int | None, datetime]]:
    return [(row["by"], datetime.fromisoformat(row["at"])) for row in rows]


def _returned(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    newest = {row["by"]: row for row in rows}
    return [row for row in newest.values() if not row["is_approved"]]


@dataclass(frozen=True)
class _Facts:
    """What these people sign, approve and lead, each read once for all of them and all drafts."""

    accesses: Sequence[PlanAccess]
    plan: Plan
    today: date

    @cached_property
    def areas(self) -> list[Area]:
        """Those whose senior responsible officers are among them."""
        keys = frozenset().union(*(granted.sro_areas for granted in self.accesses))
        if not keys:
            return []
        return list(Area.objects.filter(pk__in=keys, withdrawn_at=None).order_by("position"))

    @cached_property
    def approves_for(self) -> dict[int, int]:
        """The organisation that each user approves for, or that whom they cover for does."""
        may = [
            granted
            for granted in self.accesses
            if not granted.is_officer and granted.roles & access.APPROVING
        ]
        users = {user for granted in may for user in (granted.user.pk, *granted.covers)}
        if not users:
            return {}
        named = Approver.objects.filter(
            plan=self.plan,
            organisation__plans=self.plan,
            user__in=users,
            withdrawn_at=None,
        ).exclude(user__in=officers_ever(self.plan))
        of_approver = dict(named.order_by("-pk").values_list("user", "organisation"))
        found = {}
        for granted in may:
            covered = [
                user
                for user in sorted(granted.covers.intersection(of_approver))
                if access.approves_reports(granted, approver=user)
            ]
            whose = [user for user in (granted.user.pk, *covered) if user in of_approver]
            if whose:
                found[granted.user.pk] = of_approver[whose[0]]
        return found

    @cached_property
    def own_refs(self) -> dict[int, list[str]]:
        """What each leads, in the plan's order."""
        users = [granted.user.pk for granted in self.accesses]
        led = _refs_led(self.plan.pk, users, self.today)
        refs: dict[int, list[str]] = {}
        for user, ref in led:
            of_user = refs.setdefault(user, [])
            if ref not in of_user:
                of_user.append(ref)
        return refs


@dataclass(frozen=True)
class _Teller:
    """What one of them is told."""

    granted: PlanAccess
    facts: _Facts

    def notices(self, draft: _Draft) -> Iterator[Notice]:
        if draft.report.series.is_approved:
            yield from self._of_areas(draft)
            yield from self._of_forum(draft)
            yield from self._of_approver(draft)
            yield from self._of_preparers(draft)
            yield from self._of_second_person(draft)
        yield from self._of_leads(draft)

    def _of_areas(self, draft: _Draft) -> Iterator[Notice]:
        preparer = draft.report.prepared_by_id
        for area in self.facts.areas:
            if not access.can_sign_area(self.granted, area.pk, preparer=preparer):
                continue
            signed = [at for by, at in draft.signed if by == area.pk]
            what = f"your signature for {area.label}"
            yield from self._waits(draft, signed, what, "you signed")

    def _of_forum(self, draft: _Draft) -> Iterator[Notice]:
        if not access.can_sign_for_forum(self.granted, preparer=draft.report.prepared_by_id):
            return
        if not any(
            edited_text["place"] == FORUMS_SECTION and edited_text["has_words"]
            for edited_text in draft.texts
        ):
            text = f"{draft.words}: the draft waits for the forum’s statement."
            yield self._notice(draft, text, "Write")
            return
        signed = [at for by, at in draft.signed if by is None]
        what = "your signature under the forum’s statement"
        yield from self._waits(draft, signed, what, "you signed")

    def _of_approver(self, draft: _Draft) -> Iterator[Notice]:
        organisation = self.facts.approves_for.get(self.granted.user.pk)
        if organisation is None:
            return
        if access.prepares(self.granted, draft.report.prepared_by_id):
            return
        answered = [at for by, at in draft.answered if by == organisation]
        yield from self._waits(draft, answered, "your approval", "you answered")

    def _of_preparers(self, draft: _Draft) -> Iterator[Notice]:
        if not access.can_prepare_report(self.granted):
            return
        for answer in draft.returned:
            text = (
                f"{draft.words}: returned for {answer['organisation']} by {answer['name']}: "
                f"{answer['reason']}"
            )
            if datetime.fromisoformat(answer["at"]) < draft.changed_at:
                text += " (The draft was edited since. It waits for a new answer.)"
            yield self._notice(draft, text, "Review")

    def _of_second_person(self, draft: _Draft) -> Iterator[Notice]:
        """What a colleague recorded as said outside. Whoever recorded it has nothing to do."""
        for said in draft.said:
            if not access.can_check_said_outside(self.granted, recorder=said["by"]):
                continue
            what = {None: "signature", True: "approval", False: "return"}[said["is_approved"]]
            text = (
                f"{draft.words}: the {what} of {said['name']}, given outside and recorded by "
                f"{said['recorder']}, waits for a second person."
            )
            arguments = (self.granted.plan.slug, draft.report.pk, said["pk"])
            yield Notice(text, "Check", reverse("reports:check_said", args=arguments))

    def _waits(self, draft: _Draft, given: list[datetime], what: str, did: str) -> Iterator[Notice]:
        if not given:
            yield self._notice(draft, f"{draft.words}: the draft waits for {what}.", "Read it")
        elif max(given) < draft.changed_at:
            yield self._notice(draft, f"{draft.words}: the draft was edited after {did}.", "Review")

    def _of_leads(self, draft: _Draft) -> Iterator[Notice]:
        """Of the own commitments whose words somebody else edited."""
        edited = {
            edited_text["place"].split(":")[1]
            for edited_text in draft.texts
            if edited_text["place"].startswith("commitment:")
            and edited_text["by"] != self.granted.user.pk
        }
        own = self.facts.own_refs.get(self.granted.user.pk, ()) if edited else ()
        refs = [ref for ref in own if ref in edited]
        if refs:
            about = ", ".join(refs)
            text = f"{draft.words}: the programme team edited what the draft says of {about}."
            yield self._notice(draft, text, "Compare")

    def _notice(self, draft: _Draft, text: str, button: str) -> Notice:
        slug = self.granted.plan.slug
        return Notice(text, button, reverse("reports:draft", args=(slug, draft.report.pk)))


TELLERS.append(notices_of)

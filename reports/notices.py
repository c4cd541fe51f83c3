"""Which drafts wait for somebody's signature, approval or words, and whose words were edited.

Whether a signature still holds is worked out on the page of the draft alone, since that takes the
whole draft. Here it is said when something in the draft has changed since it was given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Max
from django.urls import reverse

from actions import access
from actions.access import PlanAccess
from actions.models import Area, CommitmentLead
from actions.models.people import active_on
from actions.notices import TELLERS, Notice
from reports.contents.signing import FORUMS_SECTION
from reports.models import Approver, Report, ReportText


@dataclass(frozen=True, slots=True)
class _Draft:
    report: Report
    texts: list[ReportText]
    # When anything in it was last changed by hand.
    changed_at: datetime

    @property
    def words(self) -> str:
        return f"{self.report.series.title}, {self.report.number}"


def notices_of(granted: PlanAccess, today: date) -> list[Notice]:
    """What a person of the plan should know of its drafts. One query where there are none."""
    if not access.can_see_live(granted):
        return []
    teller = _Teller(granted, today)
    return [notice for draft in _drafts(granted) for notice in teller.told(draft)]


def _drafts(granted: PlanAccess) -> list[_Draft]:
    reports = (
        Report.objects.filter(series__plan=granted.plan, publication=None, dropped_at=None)
        .select_related("series")
        .prefetch_related("texts", "signatures", "approvals")
        .annotate(moved_at=Max("events__pgh_created_at"))
        .order_by("ends_on", "series__position")
    )
    found = []
    for report in reports:
        texts = list(report.texts.all())
        moments = [report.moved_at or report.made_at, *(one.edited_at for one in texts)]
        found.append(_Draft(report, texts, max(moments)))
    return found


@dataclass(frozen=True)
class _Teller:
    """What one person signs, approves and leads, read once for all drafts."""

    granted: PlanAccess
    today: date

    @cached_property
    def areas(self) -> list[Area]:
        mine = [pk for pk in self.granted.sro_areas if access.can_sign_area(self.granted, pk)]
        if not mine:
            return []
        return list(Area.objects.filter(pk__in=mine, withdrawn_at=None).order_by("number"))

    @cached_property
    def approves_for(self) -> int | None:
        """The organisation she approves for."""
        if not access.can_approve_report(self.granted, approver=self.granted.user.pk):
            return None
        return (
            Approver.objects.filter(
                plan=self.granted.plan, user=self.granted.user, withdrawn_at=None
            )
            .values_list("organisation", flat=True)
            .first()
        )

    @cached_property
    def own_refs(self) -> list[str]:
        """What she leads, in the plan's order."""
        own = (
            CommitmentLead.objects.filter(active_on(self.today))
            .filter(commitment__plan=self.granted.plan, person__user=self.granted.user)
            .order_by("commitment__position", "pk")
            .values_list("commitment__ref", flat=True)
        )
        return list(dict.fromkeys(own))

    def told(self, draft: _Draft) -> Iterator[Notice]:
        if draft.report.series.is_approved:
            yield from self._of_areas(draft)
            yield from self._of_forum(draft)
            yield from self._of_approver(draft)
        yield from self._of_leads(draft)

    def _of_areas(self, draft: _Draft) -> Iterator[Notice]:
        signatures = draft.report.signatures.all()
        for area in self.areas:
            signed = [one.recorded_at for one in signatures if one.area_id == area.pk]
            what = f"your signature for Area {area.number}"
            yield from self._waits(draft, signed, what, "you signed")

    def _of_forum(self, draft: _Draft) -> Iterator[Notice]:
        if not access.can_sign_for_forum(self.granted):
            return
        if not any(one.place == FORUMS_SECTION and one.text for one in draft.texts):
            words = f"{draft.words}: the draft waits for the forum’s statement."
            yield self._notice(draft, words, "Write")
            return
        signed = [one.recorded_at for one in draft.report.signatures.all() if one.area_id is None]
        what = "your signature under the forum’s statement"
        yield from self._waits(draft, signed, what, "you signed")

    def _of_approver(self, draft: _Draft) -> Iterator[Notice]:
        if self.approves_for is None:
            return
        answered = [
            one.recorded_at
            for one in draft.report.approvals.all()
            if one.organisation_id == self.approves_for
        ]
        yield from self._waits(draft, answered, "your approval", "you answered")

    def _waits(self, draft: _Draft, given: list[datetime], what: str, did: str) -> Iterator[Notice]:
        if not given:
            yield self._notice(draft, f"{draft.words}: the draft waits for {what}.", "Read it")
        elif max(given) < draft.changed_at:
            yield self._notice(draft, f"{draft.words}: the draft was edited after {did}.", "Look")

    def _of_leads(self, draft: _Draft) -> Iterator[Notice]:
        """Of the own commitments whose words somebody else edited."""
        edited = {
            one.place.split(":")[1]
            for one in draft.texts
            if one.place.startswith("commitment:") and one.by_id != self.granted.user.pk
        }
        refs = [ref for ref in self.own_refs if ref in edited] if edited else []
        if refs:
            words = f"{draft.words}: an officer edited what the draft says of {', '.join(refs)}."
            yield self._notice(draft, words, "Compare")

    def _notice(self, draft: _Draft, words: str, press: str) -> Notice:
        slug = self.granted.plan.slug
        return Notice(words, press, reverse("reports:draft", args=(slug, draft.report.pk)))


TELLERS.append(notices_of)

"""Passing all that is open with one person of a plan to another, in one recorded act.

1. It is an act of the programme team, on an agreed plan, with a reason, from today or a later day.
2. What passes is what is the leaver's on that day: the commitments they lead that are not
   withdrawn, the KPIs whose data they own, the decisions that they own and that are not done.
   Open questions about those commitments and KPIs are then the successor's to answer.
3. All of it passes, or nothing does. What was checked on the page is what is passed: where that has
   changed meanwhile it is refused, and looked at again.
4. Each commitment passes by the verb that a change request goes by (`change_lead`). What the leaver
   recorded stays under their name.
5. The successor, where they sign in, is made an action lead from that day, unless they are one.
6. The senior responsible officer of each area touched is told, and takes note of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from actions import access, memberships
from actions.memberships import Role
from actions.models import Commitment, CommitmentLead, Membership, Person, Plan, Withdrawal
from actions.models.people import active_on
from actions.plan.amendments import change_lead
from actions.records.locking import lock_record, locked_agreed
from kpis.models import Kpi, KpiCommitment, data_owned_by
from kpis.setup.passing import pass_data
from wsoa.accounts.models import User
from wsoa.oversight.decisions.owners import owner_on
from wsoa.oversight.models import Challenge, Decision, Handover, HandoverPart, HandoverSeen


@dataclass(frozen=True, slots=True)
class Passing:
    """What passes. The questions go with what they are about."""

    commitments: Sequence[Commitment]
    kpis: Sequence[Kpi]
    decisions: Sequence[Decision]
    questions: Sequence[Challenge]

    def __bool__(self) -> bool:
        return bool(self.commitments or self.kpis or self.decisions)

    @property
    def mark(self) -> str:
        """What tells whether it is still what was looked at."""
        rows: tuple[Sequence[Any], ...] = (self.commitments, self.kpis, self.decisions)
        keys = ";".join(",".join(str(row.pk) for row in part) for part in rows)
        return sha256(keys.encode()).hexdigest()[:16]


def what_passes(plan: Plan, leaver: Person, on: date) -> Passing:
    """What is somebody's on a day. Four queries."""
    newest = Withdrawal.objects.filter(commitment=OuterRef("pk")).order_by(
        "-effective_at", "-recorded_at"
    )
    leads = CommitmentLead.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), commitment=OuterRef("pk"), person=leaver
    )
    commitments = list(
        Commitment.objects.filter(Exists(leads), plan=plan)
        .annotate(is_out=Coalesce(Subquery(newest.values("is_withdrawn")[:1]), False))
        .filter(is_out=False)
        .select_related("action", "same_evidence_as")
        .order_by("action__position", "position", "pk")
    )
    kpis = list(
        Kpi.objects.filter(data_owned_by([leaver.pk], on), plan=plan, withdrawn_at=None).order_by(
            "position", "pk"
        )
    )
    decisions = list(
        Decision.objects.annotate(owner_now=owner_on(on))
        .filter(plan=plan, done=None, owner_now=leaver.pk)
        .select_related("meeting__body")
        .order_by("due_on", "pk")
    )
    questions = list(
        Challenge.objects.filter(
            Q(commitment__in=commitments) | Q(kpi__in=kpis), plan=plan, closing=None
        )
        .select_related("commitment", "kpi")
        .order_by("effective_at", "pk")
    )
    return Passing(commitments, kpis, decisions, questions)


def cover_of(plan: Plan, leaver: Person, on: date) -> list[Membership]:
    """Who is named to stand in for the leaver as a lead, on that day or after it."""
    if leaver.user_id is None:
        return []
    return list(
        Membership.objects.filter(plan=plan, role=Role.LEAD, deputy_for__user=leaver.user_id)
        .exclude(ends_on__lt=on)
        .select_related("user")
        .order_by("starts_on", "pk")
    )


def becomes_lead(plan: Plan, successor: Person, on: date) -> bool:
    """Whether they must be made an action lead, to record what passes to them."""
    user = successor.user
    if user is None or not user.is_active:
        return False
    held = Membership.objects.filter(
        active_on(on), plan=plan, user=user, role__in=(Role.LEAD, Role.FORUM), deputy_for=None
    )
    return not held.exists()


@transaction.atomic
def hand_over(
    *,
    plan: Plan,
    by: User,
    leaver: Person,
    successor: Person,
    starts_on: date | None,
    reason: str,
    today: date,
    checked: str = "",
) -> Handover:
    """Pass all that is open with the leaver to the successor from a day on.

    `checked` is the mark of what was looked at before. The same act sent again is done once.
    """
    problems = {}
    if leaver == successor:
        problems["successor"] = "Choose somebody else"
    if starts_on is None:
        problems["starts_on"] = "Give the day from which it is theirs"
    elif starts_on < today:
        problems["starts_on"] = "Give today or a later day"
    if not reason:
        problems["reason"] = "Say why it passes"
    if leaver.local_area_id != plan.local_area_id:
        problems["leaver"] = "Choose somebody of this plan"
    if successor.local_area_id != plan.local_area_id:
        problems["successor"] = "Choose somebody of this plan"
    if problems or starts_on is None:
        raise ValidationError(problems)
    # The plan first, then its commitments in their order: as whoever closes it locks them.
    plan = locked_agreed(plan)
    keys = [row.pk for row in what_passes(plan, leaver, starts_on).commitments]
    list(Commitment.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    access.refuse_unless(
        access.can_hand_over(memberships.granted_to(by, plan)),
        "The programme team hands over somebody’s work.",
    )
    passing = what_passes(plan, leaver, starts_on)
    same = {
        "plan": plan,
        "leaver": leaver,
        "successor": successor,
        "starts_on": starts_on,
        "reason": reason,
    }
    if not passing:
        if earlier := Handover.objects.filter(**same).last():
            return earlier
        raise ValidationError({"leaver": f"Nothing of this plan is open with {leaver.name}"})
    if (checked and passing.mark != checked) or {row.pk for row in passing.commitments} - set(keys):
        raise ValidationError(
            f"What is open with {leaver.name} has changed meanwhile. Look at it again."
        )
    handover = Handover.objects.create(**same, area_ids=_areas_of(passing), by=by)
    for commitment in passing.commitments:
        change_lead(commitment=commitment, old=leaver, new=successor, on=starts_on)
    for kpi in passing.kpis:
        pass_data(kpi=kpi, to=successor, on=starts_on, today=today)
    parts: list[dict[str, Any]] = [
        *({"commitment": row} for row in passing.commitments),
        *({"kpi": row} for row in passing.kpis),
        *({"decision": row} for row in passing.decisions),
    ]
    for part in parts:
        HandoverPart.objects.create(handover=handover, by=by, **part)
    if becomes_lead(plan, successor, starts_on):
        assert successor.user is not None
        memberships.grant(user=successor.user, plan=plan, role=Role.LEAD, starts_on=starts_on)
    return handover


def _areas_of(passing: Passing) -> list[int]:
    """The areas in which something passes, of KPIs those of the commitments they serve."""
    served = KpiCommitment.objects.filter(kpi__in=passing.kpis)
    about = [row.area_id for row in passing.decisions if row.area_id]
    of_decisions = Commitment.objects.filter(decisions__in=passing.decisions)
    return sorted(
        {
            *(row.action.area_id for row in passing.commitments),
            *served.values_list("commitment__action__area_id", flat=True),
            *of_decisions.values_list("action__area_id", flat=True),
            *about,
        }
    )


@transaction.atomic
def take_note(*, handover: Handover, by: User) -> list[HandoverSeen]:
    """The senior responsible officer has seen what passed, of each of their areas. Once."""
    lock_record(handover)
    granted = memberships.granted_to(by, handover.plan)
    access.refuse_unless(
        access.can_note_handover(granted, areas=handover.area_ids),
        "The senior responsible officers of what passed take note of it.",
    )
    own = granted.sro_areas.intersection(handover.area_ids)
    seen = HandoverSeen.objects.filter(handover=handover, area__in=own)
    missing = sorted(own - set(seen.values_list("area_id", flat=True)))
    return [HandoverSeen.objects.create(handover=handover, area_id=area, by=by) for area in missing]

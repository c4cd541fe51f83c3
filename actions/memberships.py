"""Memberships of plans: what they come to for one user; how they are given, deputised, ended.

Nobody else reads or writes them. What they allow is for `actions/access.py` to say.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from actions.models import BodyMember, Membership, Plan
from actions.records.kept import Version, version_of
from actions.records.written_once import written_once
from actions.wording import use_words_of
from wsoa.accounts.models import User
from wsoa.accounts.security_log import note

Role = Membership.Role

# A report reader sees published reports and nothing live.
LIVE_ROLES = frozenset(Role) - {Role.READER}
# Whoever holds one of these may name cover for some days.
COVERED_ROLES = frozenset({Role.LEAD, Role.SRO, Role.CHAIR})


@dataclass(frozen=True, slots=True)
class PlanAccess:
    """What one user's memberships of one plan come to, today."""

    user: User
    plan: Plan
    roles: frozenset[str]
    sro_areas: frozenset[int]
    parts: tuple[str, ...]
    # The users for whom this one leads commitments today.
    deputises: frozenset[int]
    # Whether one of them may see small numbers, under the partnership's sharing agreement.
    sees_small_numbers: bool = False
    # What is kept of the plan between requests hangs on it; empty where it was not read.
    version: Version = ()
    # The users whom this one covers for today, in whatever part.
    covers: frozenset[int] = frozenset()

    @property
    def is_officer(self) -> bool:
        return Role.PROGRAMME_OFFICER in self.roles


def plans_of(user: User | AnonymousUser) -> list[PlanAccess]:
    """What a user may do on each plan they belong to, by title. One query."""
    by_plan: dict[int, list[Membership]] = {}
    if user.pk is None or user.is_superuser:
        return []
    for membership in _by_plan(user.pk, timezone.localdate()):
        by_plan.setdefault(membership.plan_id, []).append(membership)
    return [_access(memberships) for memberships in by_plan.values()]


def get_plan(user: User | AnonymousUser, slug: str) -> PlanAccess:
    """The plan by its slug, for a user who belongs to it; else 404. One query."""
    memberships = (
        _with_version(user.pk, slug, timezone.localdate())
        if user.pk and not user.is_superuser
        else []
    )
    if not memberships:
        raise Http404
    use_words_of(memberships[0].plan)
    return _access(memberships, tuple(memberships[0].version))


def roles_anywhere(user: User) -> frozenset[str]:
    """Every role that somebody holds today, on whatever plan, or covers for. One query."""
    return frozenset(_memberships(user).values_list("role", flat=True))


def watchers_of(user: User) -> frozenset[str]:
    """The addresses of the programme teams and chairs of all plans that somebody belongs to."""
    today = Membership.objects.active_on(timezone.localdate())
    watch = today.filter(
        plan__in=today.filter(user=user).values("plan"),
        role__in=(Role.PROGRAMME_OFFICER, Role.CHAIR),
        user__is_active=True,
    )
    return frozenset(watch.values_list("user__email", flat=True))


def _memberships(user: User | AnonymousUser) -> QuerySet[Membership]:
    if user.pk is None or user.is_superuser:
        return Membership.objects.none()
    return _of_user(user.pk, timezone.localdate())


def _of_user(user: int, day: date) -> QuerySet[Membership]:
    return (
        Membership.objects.active_on(day)
        .filter(user=user)
        .select_related("user", "area", "plan__local_area", "plan__inspection", "deputy_for")
    )


@written_once
def _by_plan(user: int, day: date) -> QuerySet[Any, Membership]:
    return _of_user(user, day).order_by("plan__title", "id")


@written_once
def _with_version(user: int, slug: str, day: date) -> QuerySet[Any, Any]:
    """Asked before every page."""
    return _of_user(user, day).filter(plan__slug=slug).annotate(version=version_of("plan"))


def _access(memberships: Sequence[Membership], version: Version = ()) -> PlanAccess:
    """What the memberships of one user of one plan come to."""
    return PlanAccess(
        user=memberships[0].user,
        plan=memberships[0].plan,
        roles=frozenset(membership.role for membership in memberships),
        sro_areas=frozenset(
            membership.area_id
            for membership in memberships
            if membership.role == Role.SRO and membership.area_id
        ),
        parts=tuple(str(membership) for membership in memberships),
        deputises=frozenset(
            membership.deputy_for.user_id
            for membership in memberships
            if membership.deputy_for and membership.role == Role.LEAD
        ),
        covers=frozenset(
            membership.deputy_for.user_id for membership in memberships if membership.deputy_for
        ),
        sees_small_numbers=any(membership.sees_small_numbers for membership in memberships),
        version=version,
    )


def live_plans_of(user: User) -> QuerySet[Membership]:
    """The memberships by which a user sees plans live, each with the plan's key, as a subquery."""
    return Membership.objects.active_on(timezone.localdate()).filter(
        user=user.pk, role__in=LIVE_ROLES
    )


def granted_to(user: User, plan: Plan) -> PlanAccess:
    """What a user may do on a plan, nothing for who does not belong to it. One query.

    For verbs: read while their lock is held, it says what holds when the row is written.
    """
    memberships = list(_memberships(user).filter(plan=plan))
    if memberships:
        return _access(memberships)
    return PlanAccess(user, plan, frozenset(), frozenset(), (), frozenset())


def sros_of(plan: Plan, area: int) -> frozenset[int]:
    """The users who are senior responsible officers of an area today."""
    return frozenset(
        Membership.objects.active_on(timezone.localdate())
        .filter(plan=plan, role=Role.SRO, area=area)
        .values_list("user_id", flat=True)
    )


def plans_without_officer() -> QuerySet[Plan]:
    return Plan.objects.exclude(
        pk__in=Membership.objects.active_on(timezone.localdate())
        .filter(role=Role.PROGRAMME_OFFICER)
        .values("plan")
    )


def grant(
    *, user: User, plan: Plan, role: str, starts_on: date | None = None, **fields: Any
) -> Membership:
    """Give a user a role on a plan. ValidationError where the role does not fit."""
    membership = Membership(user=user, plan=plan, role=role, starts_on=starts_on, **fields)
    membership.full_clean()
    membership.save()
    return membership


def name_first_officer(
    *, plan: Plan, user: User, tracked_from: date | None = None, by: User | None = None
) -> Membership:
    """Make a user the programme officer of a plan that has none.

    From then on updates are expected of the plan. ValidationError where it has an officer: who
    manages users must not be able to let anybody into a plan that is in use.
    """
    with transaction.atomic():
        # Of two that name at the same moment, the second waits here and then sees the first.
        Plan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
        if not plans_without_officer().filter(pk=plan.pk).exists():
            raise ValidationError(
                "This plan has a programme officer already, who can give others their part."
            )
        membership = grant(user=user, plan=plan, role=Role.PROGRAMME_OFFICER)
        if plan.tracked_from is None:
            plan.tracked_from = tracked_from or timezone.localdate()
            plan.save(update_fields=["tracked_from"])
    note("first-officer-named", plan=plan.slug, user=user, by=by)
    return membership


def memberships_to_deputise(access: PlanAccess) -> QuerySet[Membership]:
    """The parts a user may name a deputy for: their own; an officer anybody's."""
    memberships = (
        Membership.objects.active_on(timezone.localdate())
        .filter(plan=access.plan, role__in=COVERED_ROLES, deputy_for=None)
        .select_related("user", "area")
        .order_by("user__name", "id")
    )
    return memberships if access.is_officer else memberships.filter(user=access.user)


def deputies_of(access: PlanAccess) -> list[Membership]:
    """Deputies of those parts, standing in now or later."""
    return list(
        Membership.objects.filter(deputy_for__in=memberships_to_deputise(access))
        .exclude(ends_on__lt=timezone.localdate())
        .select_related("user", "deputy_for__user", "deputy_for__area", "area")
        .order_by("starts_on", "id")
    )


def possible_deputies(access: PlanAccess) -> QuerySet[User]:
    """The people of the plan who see it live."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__in=Membership.objects.active_on(timezone.localdate()).filter(
                plan=access.plan, role__in=LIVE_ROLES
            ),
        )
        .distinct()
        .order_by("name")
    )


def possible_approvers(plan: Plan) -> QuerySet[User]:
    """Who may be named to approve reports: its senior responsible officers and its chair."""
    holders = Membership.objects.active_on(timezone.localdate()).filter(
        plan=plan, role__in=(Role.SRO, Role.CHAIR), deputy_for=None
    )
    users = User.objects.filter(is_active=True, pk__in=holders.values("user"))
    return users.order_by("name", "id")


def name_deputy(*, of: Membership, user: User, starts_on: date, ends_on: date) -> Membership:
    """Let somebody stand in for a lead, an SRO or the chair for a time.

    What is recorded has both names. Where the person covered for approves reports, so does who
    covers.
    """
    if user == of.user:
        raise ValidationError({"user": "Choose somebody else"})
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "The last day comes before the first"})
    overlapping = Membership.objects.filter(
        deputy_for=of, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    if overlapping.exists():
        raise ValidationError({"starts_on": "Cover is arranged for some of these days already"})
    return grant(
        user=user,
        plan=of.plan,
        role=of.role,
        area=of.area,
        deputy_for=of,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def end_membership(*, membership: Membership) -> None:
    """End somebody's part with yesterday; what has not begun is taken back."""
    today = timezone.localdate()
    if membership.ends_on and membership.ends_on < today:
        return
    if membership.starts_on and membership.starts_on >= today:
        membership.delete()
        return
    membership.ends_on = today - timedelta(days=1)
    membership.save(update_fields=["ends_on"])


def officers_plans(user: User | AnonymousUser) -> list[PlanAccess]:
    """The plans whose programme officer a user is, and may start another beside. One query."""
    return [granted for granted in plans_of(user) if granted.is_officer]


def has_been_officer(user: User, plan: Plan) -> bool:
    return officers_ever(plan).filter(user=user).exists()


def officers_ever(plan: Plan) -> QuerySet[Any]:
    """The users who are programme officers of a plan, or were, as a subquery."""
    held = Membership.objects.filter(plan=plan, role=Role.PROGRAMME_OFFICER)
    return held.order_by().values("user")


def everybodys_access(plan: Plan) -> list[PlanAccess]:
    """What each user of a plan may do on it today, by name. One query."""
    by_user: dict[int, list[Membership]] = {}
    rows = (
        Membership.objects.active_on(timezone.localdate())
        .filter(plan=plan, user__is_active=True, user__is_superuser=False)
        .select_related("user", "area", "deputy_for")
        .order_by("user__name", "user", "pk")
    )
    for membership in rows:
        membership.plan = plan
        by_user.setdefault(membership.user_id, []).append(membership)
    return [_access(held) for held in by_user.values()]


def bodies_of(access: PlanAccess) -> frozenset[int]:
    """The bodies of the plan on which the user sits today, by what an officer has entered."""
    sits = BodyMember.objects.filter(
        body__plan=access.plan, withdrawn_at=None, people__user=access.user
    ).values_list("body_id", flat=True)
    reads_for = (
        Membership.objects.active_on(timezone.localdate())
        .filter(user=access.user, plan=access.plan, body__isnull=False)
        .values_list("body_id", flat=True)
    )
    return frozenset(sits.union(reads_for))


def stands_in_for(access: PlanAccess, role: str, *, areas: Collection[int] = ()) -> str:
    """The name of whom the user covers for in a part; empty where it is the user's own.

    For an SRO `areas` are those in question.
    """
    held = (
        Membership.objects.active_on(timezone.localdate())
        .filter(user=access.user, plan=access.plan, role=role)
        .filter(Q(area__in=areas) if areas else Q())
        .order_by("area__position", "pk")
        .select_related("deputy_for__user")
    )
    names = [part.deputy_for.user.name if part.deputy_for else "" for part in held]
    return "" if "" in names else next(iter(names), "")

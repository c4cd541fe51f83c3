"""Inviting people to a plan, and what becomes of an invitation.

Somebody who has an account is added at once. Anybody else gets a link by mail, which opens a page
with a button: that press makes the account. The plan is locked first, then the invitation.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from actions import memberships
from actions.models import Area, Invitation, Membership, Person, Plan
from actions.plan.inviting.telling import tell_of_officer
from actions.plan.inviting.words import Written
from actions.rules.dates import day_of
from wsoa.accounts import users
from wsoa.accounts.mail import Went, beside, send_plain
from wsoa.accounts.models import User
from wsoa.accounts.security_log import note

LASTS = timedelta(days=7)
# As many as a form may bring, with six fields each.
MOST_AT_ONCE = 200


class Outcome(Enum):
    """What inviting somebody comes to."""

    INVITED = "invited"
    ADDED = "added"
    # Nothing is done or sent again for these.
    INVITED_BEFORE = "invited before"
    HAS_PART = "has the part"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to invite, as the form has it."""

    email: str
    name: str
    role: str
    area: Area | None = None
    person: Person | None = None
    is_new_person: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    outcome: Outcome
    invitation: Invitation | None = None
    # What the link ends in: known at this moment only.
    token: str = ""


def open_of(plan: Plan) -> QuerySet[Invitation]:
    """Those neither taken up nor withdrawn, newest first, whether their link still works or not."""
    return Invitation.objects.filter(plan=plan, accepted_at=None, withdrawn_at=None).select_related(
        "by", "area", "plan__local_area"
    )


def by_token(token: str) -> Invitation | None:
    return (
        Invitation.objects.filter(token=_digest(token))
        .select_related("by", "area", "plan__local_area")
        .first()
    )


def outcome_of(plan: Plan, guest: Guest, now: datetime) -> Outcome:
    """What inviting would come to. ValidationError where it cannot be."""
    user = User.objects.filter(email=guest.email).first()
    if user is None:
        known = open_of(plan).filter(email=guest.email, role=guest.role, area=guest.area)
        is_open = any(invitation.is_open(now) for invitation in known)
        return Outcome.INVITED_BEFORE if is_open else Outcome.INVITED
    if not user.is_active:
        raise ValidationError("This account is switched off. Ask whoever manages users")
    if user.is_superuser:
        raise ValidationError("Whoever manages users has no part in a plan")
    held = Membership.objects.active_on(day_of(now)).filter(
        plan=plan, user=user, role=guest.role, area=guest.area, deputy_for=None
    )
    return Outcome.HAS_PART if held.exists() else Outcome.ADDED


@transaction.atomic
def invite(*, plan: Plan, guest: Guest, by: User, now: datetime) -> Done:
    """Invite somebody, or add who is known. ValidationError where it cannot be."""
    _lock(plan)
    outcome = outcome_of(plan, guest, now)
    if outcome not in (Outcome.INVITED, Outcome.ADDED):
        return Done(outcome)
    # One whose link has expired gives way to the new one.
    open_of(plan).filter(email=guest.email, role=guest.role, area=guest.area).update(
        withdrawn_at=now
    )
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        plan=plan,
        email=guest.email,
        name=guest.name,
        role=guest.role,
        area=guest.area,
        person=guest.person,
        is_new_person=guest.is_new_person,
        token=_digest(token),
        by=by,
        invited_at=now,
        expires_at=now + LASTS,
    )
    note("invited", email=guest.email, plan=plan.slug, role=guest.role, by=by)
    if outcome is Outcome.ADDED:
        _take_up(invitation, User.objects.get(email=guest.email), now)
    return Done(outcome, invitation, token)


@transaction.atomic
def renew(*, invitation: Invitation, by: User, now: datetime) -> str | None:
    """A new link for another week, which ends the old one; none where nothing is open any more."""
    invitation = _locked(invitation)
    if invitation.accepted_at or invitation.withdrawn_at:
        return None
    token = secrets.token_urlsafe(32)
    invitation.token, invitation.expires_at = _digest(token), now + LASTS
    invitation.mailed_at = invitation.refused_at = None
    invitation.save()
    note("invited-again", email=invitation.email, plan=invitation.plan.slug, by=by)
    return token


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User, now: datetime) -> bool:
    """Whether it could still be taken back."""
    invitation = _locked(invitation)
    if invitation.accepted_at or invitation.withdrawn_at:
        return False
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    note("invitation-withdrawn", email=invitation.email, plan=invitation.plan.slug, by=by)
    return True


@transaction.atomic
def accept(
    *, invitation: Invitation, name: str, password: str | None, now: datetime
) -> tuple[User, bool] | None:
    """The account that has the part now, and whether it was made; none where the link is over.

    The second of two presses finds what the first has done.
    """
    invitation = _locked(invitation)
    if invitation.accepted_at is not None:
        return (invitation.user, False) if invitation.user else None
    if not invitation.is_open(now):
        return None
    user = User.objects.filter(email=invitation.email).first()
    is_new = user is None
    if user is None:
        user = users.create_user(
            name=name, email=invitation.email, password=password, by=invitation.by
        )
    elif not user.is_active or user.is_superuser:
        return None
    _take_up(invitation, user, now)
    return user, is_new


def _take_up(invitation: Invitation, user: User, now: datetime) -> None:
    plan = invitation.plan
    held = Membership.objects.active_on(day_of(now)).filter(
        plan=plan, user=user, role=invitation.role, area=invitation.area, deputy_for=None
    )
    if not held.exists():
        memberships.grant(user=user, plan=plan, role=invitation.role, area=invitation.area)
        if invitation.role == Membership.Role.PROGRAMME_OFFICER:
            tell_of_officer(plan=plan, user=user, by=invitation.by)
    _name_in_plan(invitation, user)
    invitation.accepted_at, invitation.user = now, user
    invitation.save(update_fields=["accepted_at", "user"])
    note("invitation-accepted", email=user.email, user=user, plan=plan.slug, by=invitation.by)


def _name_in_plan(invitation: Invitation, user: User) -> None:
    """Say which of the plan's people the account is of, where nobody else's account is."""
    people = Person.objects.filter(local_area=invitation.plan.local_area)
    if people.filter(user=user).exists():
        return
    if invitation.person_id:
        people.filter(pk=invitation.person_id, user=None).update(user=user)
    elif invitation.is_new_person and not people.filter(name=user.name).exists():
        Person.objects.create(
            local_area=invitation.plan.local_area,
            name=user.name,
            user=user,
            position=people.count() + 1,
        )


def _lock(plan: Plan) -> None:
    Plan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)


def _locked(invitation: Invitation) -> Invitation:
    _lock(invitation.plan)
    return (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("by", "area", "plan__local_area")
        .get(pk=invitation.pk)
    )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def send(mails: Sequence[tuple[Invitation, Written]], now: datetime) -> None:
    """Send each, beside the request, and keep what the mail server said of it."""

    def work() -> None:
        for invitation, (subject, text) in mails:
            went = send_plain(subject, text, invitation.email)
            # Unless another link was asked for meanwhile.
            Invitation.objects.filter(pk=invitation.pk, token=invitation.token).update(
                mailed_at=now if went is Went.TAKEN else None,
                refused_at=now if went is Went.REFUSED else None,
            )

    beside(work)

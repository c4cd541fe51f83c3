"""What people and programme teams say about mails: wishes, settings, holds."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from actions.models import Person, Plan
from wsoa.accounts.models import User
from wsoa.reaching.models import ClosedDays, ContactAddress, Hold, MailSettings, MailWishes
from wsoa.reaching.models.wishes import new_key


def wishes_of(user: User) -> MailWishes:
    """Made at the first look, so that the address of the calendar stays the same."""
    wishes, _ = MailWishes.objects.get_or_create(user=user)
    return wishes


def wish(
    *, user: User, reminders: bool, late: bool, at_once: bool, weekdays: Collection[int]
) -> MailWishes:
    wishes = wishes_of(user)
    wishes.reminders, wishes.late, wishes.at_once = reminders, late, at_once
    wishes.weekdays = sorted(weekdays)
    wishes.save(update_fields=["reminders", "late", "at_once", "weekdays"])
    return wishes


def unsubscribe(*, user: User) -> None:
    """No mail any more that a rule sends. Pressed twice it is as pressed once."""
    wishes = wishes_of(user)
    wishes.reminders = wishes.late = wishes.at_once = False
    wishes.save(update_fields=["reminders", "late", "at_once"])


def renew_calendar(*, user: User) -> MailWishes:
    """Another address for the calendar; the old one ends at once."""
    wishes = wishes_of(user)
    wishes.calendar_key = new_key()
    wishes.save(update_fields=["calendar_key"])
    return wishes


@transaction.atomic
def set_mail(
    *,
    plan: Plan,
    is_on: bool,
    reply_to: str,
    signed: str,
    phone: str,
    closed: Collection[tuple[date, date]],
) -> MailSettings:
    """How a plan writes to its people, and when it does not."""
    # Of two that set it at once, the second waits here and has the last word on all of it.
    Plan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    settings, _ = MailSettings.objects.update_or_create(
        plan=plan,
        defaults={"is_on": is_on, "reply_to": reply_to, "signed": signed, "phone": phone},
    )
    standing = {(row.first_day, row.last_day): row for row in ClosedDays.objects.filter(plan=plan)}
    for days, row in standing.items():
        if days not in closed:
            row.delete()
    for first, last in sorted(set(closed) - set(standing)):
        ClosedDays.objects.create(plan=plan, first_day=first, last_day=last)
    return settings


def set_address(*, person: Person, email: str) -> None:
    """Where somebody without an account is written to; with none, not at all."""
    if email:
        ContactAddress.objects.update_or_create(person=person, defaults={"email": email})
    else:
        ContactAddress.objects.filter(person=person).delete()


def hold(*, plan: Plan, user: User, by: User, until: date | None, reason: str = "") -> Hold:
    """Write nothing to somebody up to a day, that day included; with None, write again."""
    row = Hold(plan=plan, user=user, until=until, reason=reason, by=by)
    row.save()
    return row

"""A plan as at a day, shared with a report reader until a day. Nothing else lets them see it.

They read the plan, its areas, commitments, KPIs and back pages as they stood by the end of that
day, without working notes, restricted things, questions, or what people are still asked to do.
What they may open is named page by page (`may_be_shared=True`): any other page refuses them.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from actions.models import Evidence, Membership, Plan, SharedView
from actions.pages.shared_view import _running
from actions.records.history_entries import Entry
from actions.rules.dates import day_of
from wsoa.accounts.models import User

LONGEST = timedelta(days=366)
# What of a commitment's history an outside reader sees.
SHOWN = frozenset(
    {"update", "confirmation", "key_date", "mark", "withdrawal", "pause", "closing", "evidence"}
)


def views_of(plan: Plan) -> QuerySet[SharedView]:
    """All that were ever shared, newest first."""
    return SharedView.objects.filter(plan=plan).select_related("reader", "by")


def possible_readers(plan: Plan, today: date) -> QuerySet[User]:
    """The plan's report readers who see nothing live."""
    members = Membership.objects.active_on(today).filter(plan=plan)
    return (
        User.objects.filter(
            is_active=True, memberships__in=members.filter(role=Membership.Role.READER)
        )
        .exclude(memberships__in=members.filter(~Q(role=Membership.Role.READER)))
        .distinct()
        .order_by("name")
    )


@transaction.atomic
def share_view(
    *, plan: Plan, reader: User, as_at: date, ends_on: date, by: User, now: datetime
) -> SharedView:
    """Share with a reader the plan as at a day. A view they hold already ends with the new one."""
    today = day_of(now)
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if not possible_readers(plan, today).filter(pk=reader.pk).exists():
        raise ValidationError({"reader": "Choose one of the plan’s report readers"})
    if as_at > today:
        raise ValidationError({"as_at": "That day has not come yet"})
    if ends_on < today:
        raise ValidationError({"ends_on": "Give today or a later day"})
    if ends_on - today > LONGEST:
        raise ValidationError({"ends_on": "Give a day within the next twelve months"})
    for running in _running(today).filter(plan=plan, reader=reader):
        end_view(running, now)
    return SharedView.objects.create(plan=plan, reader=reader, by=by, as_at=as_at, ends_on=ends_on)


def end_view(view: SharedView, now: datetime) -> None:
    """End a view at once. One that has ended stays as it was."""
    if view.ended_at is None:
        view.ended_at = now
        view.save(update_fields=["ended_at"])


def for_outside(entries: list[Entry]) -> list[Entry]:
    """A commitment's history as an outside reader may see it."""
    return [
        replace(entry, details={**entry.details, "working_note": ""})
        for entry in entries
        if entry.kind in SHOWN
        and (
            entry.kind != "evidence"
            or entry.details.get("visibility") == Evidence.Visibility.SHAREABLE
        )
    ]

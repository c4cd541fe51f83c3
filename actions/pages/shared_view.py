"""The view of a plan that is shared with a report reader, as pages ask for it."""

from datetime import date

from django.db.models import QuerySet

from actions.models import Plan, SharedView
from wsoa.accounts.models import User


def active_share(reader: User, plan: Plan, today: date) -> SharedView | None:
    """The newest view of a plan that a reader holds today. One query."""
    return _running(today).filter(reader=reader, plan=plan).order_by("-shared_at").first()


def _running(today: date) -> QuerySet[SharedView]:
    return SharedView.objects.filter(ended_at=None, ends_on__gte=today)

"""Who owns a decision on a day: whom it named, until that passes to another."""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from actions.models import Person
from wsoa.oversight.models import Decision, HandoverPart


def owner_on(day: date, *narrowed: Q) -> Coalesce:
    """The key of the owner on a day, of the decision that a query reads.

    `narrowed` leaves out handovers that were not known yet.
    """
    passed = HandoverPart.objects.filter(
        *narrowed, decision=OuterRef("pk"), handover__starts_on__lte=day
    ).order_by("-handover__starts_on", "-recorded_at", "-pk")
    return Coalesce(
        Subquery(passed.values("handover__successor_id")[:1]),
        F("owner_id"),
        output_field=BigIntegerField(),
    )


def with_owners(decisions: QuerySet[Decision], day: date) -> QuerySet[Any]:
    """Decisions with `owner_now`, and who that is in `owner_told`: `name`, `user`."""
    person = Person.objects.filter(pk=OuterRef("owner_now")).order_by()
    return decisions.annotate(owner_now=owner_on(day)).annotate(
        owner_told=Subquery(person.values(one=JSONObject(name="name", user="user_id")))
    )


def owned_by(user: int) -> Q:
    """Of those: the user's own, by the user's key."""
    return Q(owner_now__in=Person.objects.filter(user=user).order_by().values("pk"))

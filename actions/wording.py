"""Titles and texts as they stood on a day. Today's are the rows; earlier ones are their history."""

from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Abs, Extract

from actions.dates import end_of_day


def worded(
    model: type[Model], day: date | None, *, known_at: datetime | None = None, **filters: Any
) -> QuerySet[Any]:
    """Rows of a tracked model as worded by the end of `day`; None means today.

    With `known_at`, as worded by that moment where it comes before the end of the day.

    Every row has `key`, the row's own primary key. What was recorded only after the day (a plan
    loaded later than it was agreed) is worded as it was first recorded.
    """
    if day is None:
        return model._default_manager.filter(**filters).annotate(key=F("pk"))
    moment = min(end_of_day(day), known_at) if known_at else end_of_day(day)
    end = Value(moment, output_field=DateTimeField())
    # pghistory adds the relation from the history to the row, and this list of history models.
    events = model.pgh_event_model  # type: ignore[attr-defined]
    return (
        events.objects.filter(**{f"pgh_obj__{name}": value for name, value in filters.items()})
        .annotate(
            key=F("pgh_obj_id"),
            is_later=Case(
                When(Q(pgh_created_at__lt=end), then=0), default=1, output_field=IntegerField()
            ),
            distance=Abs(
                Extract(
                    ExpressionWrapper(F("pgh_created_at") - end, output_field=DurationField()),
                    "epoch",
                )
            ),
        )
        .order_by("pgh_obj_id", "is_later", "distance")
        .distinct("pgh_obj_id")
    )

"""Titles and texts as they stood on a day. Today's are the rows; earlier ones are their history."""

from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Abs, Extract

from actions.rules.dates import end_of_day


def worded(
    model: type[Model], day: date | None, *, known_at: datetime | None = None, **filters: Any
) -> QuerySet[Any]:
    """Rows of a tracked model as worded by the end of `day`; None means today.

    With `known_at`, as worded by that moment where it comes before the end of the day, and without
    what had not been recorded by then.

    Every row has `key`, the row's own primary key. What was recorded only after the day (a plan
    loaded later than it was agreed) is worded as it was first recorded.
    """
    rows: QuerySet[Any]
    if day is None:
        rows = model._default_manager.filter(**filters).annotate(key=F("pk"))
        return rows
    moment = min(end_of_day(day), known_at) if known_at else end_of_day(day)
    end = Value(moment, output_field=DateTimeField())
    # pghistory adds the relation from the history to the row, and this list of history models.
    events = model.pgh_event_model  # type: ignore[attr-defined]
    recorded = Q(pgh_created_at__lte=known_at) if known_at else Q()
    rows = (
        events.objects.filter(
            recorded, **{f"pgh_obj__{name}": value for name, value in filters.items()}
        )
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
    return rows


def known(model: type[Model], moment: datetime) -> QuerySet[Any]:
    """Rows of a tracked model as they were on record at a moment: each the newest of its history.

    For what has days of its own, as who leads from when to when. Later rows are not there.
    """
    events = model.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_created_at__lte=moment
    )
    newer = events.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__gt=OuterRef("pgh_id"))
    kept = events.filter(~Exists(newer)).exclude(pgh_label="delete")
    rows: QuerySet[Any] = kept.annotate(key=F("pgh_obj_id"))
    return rows

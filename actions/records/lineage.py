"""What rows of a plan go on from in plans before, each chain read by its lineage in one query.

The first of a chain has no lineage; those after it have the key of that first one. Two plans that
both continue one share it, and are told apart by following `continues` back.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date, parse_datetime

from actions.models import Commitment, DateMark, KeyDate
from actions.rules.dates import PlanDate, end_of_day
from actions.rules.state import Former
from actions.rules.status import (
    DateKind,
    DateMarkFact,
    KeyDateFact,
    Outcome,
    completion_of,
    date_states,
)

Row = TypeVar("Row")


def of_lineages(rows: QuerySet[Any], lineages: Collection[int]) -> QuerySet[Any]:
    """All that stand in these chains, in whatever plan."""
    return rows.filter(Q(lineage__in=lineages) | Q(pk__in=lineages))


def chain_before(pk: int, continues: Mapping[int, int | None]) -> list[int]:
    """The keys that a row goes on from, the oldest first, by what each continues."""
    chain = []
    before = continues.get(pk)
    while before is not None:
        chain.append(before)
        before = continues.get(before)
    return chain[::-1]


def formers_of(lineages: Collection[int], until: date) -> dict[int, tuple[Former, ...]]:
    """What each commitment of these lineages goes on from, with how its date began and ended.

    By key, for those that go on from something. One query.
    """
    rows = {
        row["pk"]: row
        for row in with_completion_dates(of_lineages(Commitment.objects.all(), lineages), until)
        .order_by()
        .values("pk", "plan_id", "continues_id", "dates", "marks")
    }
    continues = {pk: row["continues_id"] for pk, row in rows.items()}
    formers = {pk: _former(row, until) for pk, row in rows.items()}
    return {
        pk: tuple(formers[before] for before in chain_before(pk, continues))
        for pk, row in rows.items()
        if row["continues_id"]
    }


def with_completion_dates(rows: QuerySet[Any], until: date) -> QuerySet[Any]:
    """Commitments with all that was said of their completion dates by the end of a day."""
    by_then = {"effective_at__lt": end_of_day(until)}
    dates = KeyDate.objects.filter(
        commitment=OuterRef("pk"), kind=DateKind.COMPLETION.value, **by_then
    )
    marks = DateMark.objects.filter(commitment=OuterRef("pk"), **by_then)
    clocks = {name: name for name in ("id", "effective_at", "recorded_at")}
    dated: QuerySet[Any] = rows.annotate(
        dates=ArraySubquery(
            dates.order_by("effective_at", "id").values(
                said=JSONObject(
                    **clocks,
                    first_day="first_day",
                    last_day="last_day",
                    precision="precision",
                    printed="printed",
                    replaces="replaces_id",
                )
            )
        ),
        marks=ArraySubquery(
            marks.order_by("effective_at", "id").values(
                said=JSONObject(**clocks, key_date="key_date_id", outcome="outcome", on="on")
            )
        ),
    )
    return dated


def _former(row: dict[str, Any], until: date) -> Former:
    states = date_states(
        [
            KeyDateFact(*_clocks(said), DateKind.COMPLETION, date_said(said), said["replaces"])
            for said in row["dates"]
        ],
        [
            DateMarkFact(
                *_clocks(said), said["key_date"], Outcome(said["outcome"]), _day(said["on"])
            )
            for said in row["marks"]
        ],
        on=until,
        agreed_on=None,
    )
    completion = completion_of(states)
    if completion is None:
        return Former(row["pk"], row["plan_id"], None, None)
    return Former(row["pk"], row["plan_id"], completion.first, completion.now, completion.moves)


def date_said(said: dict[str, Any]) -> PlanDate:
    return PlanDate.stored(
        _day(said["first_day"]), _day(said["last_day"]), said["precision"], said["printed"]
    )


def _clocks(said: dict[str, Any]) -> tuple[int, Any, Any]:
    return said["id"], parse_datetime(said["effective_at"]), parse_datetime(said["recorded_at"])


def _day(text: str) -> date:
    day = parse_date(text)
    assert day is not None
    return day

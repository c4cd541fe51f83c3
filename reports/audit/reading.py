"""Reading what happened to the parts of a plan, from many tables as one list, newest first.

A page takes three queries, whatever the number of events: how many there are, which ones stand on
the page, and what those say. Each table gives no more of its newest than the page can use.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    JSONField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject

from actions.models import Plan
from actions.models.base import SPAN
from actions.pages.filters import begins
from actions.rules.dates import end_of_day, start_of_day
from reports.audit.sources import BY_KEY, SOURCES, Source

# What happened to a row, by pghistory's label; and of a record, which is only ever written.
VERBS = {"insert": "Added", "update": "Changed", "delete": "Removed", "record": "Recorded"}

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. `who` is a user's key, or NOBODY: a plan file or a command."""

    until: date
    since: date | None = None
    group: str = ""
    verb: str = ""
    who: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class EditEntry:
    """One thing that happened, as it was kept. Empty `before`: nothing stood there."""

    source: Source
    at: datetime
    verb: str
    context: dict[str, Any]
    after: dict[str, Any]
    before: dict[str, Any]


@dataclass(frozen=True)
class Edits:
    """All that happened to a plan of what is wanted, as Django's paginator wants a list."""

    plan: Plan
    wanted: Wanted
    _arms: list[QuerySet[Any]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_arms", list(_arms(self.plan, self.wanted)))

    def count(self) -> int:
        if not self._arms:
            return 0
        return self._arms[0].union(*self._arms[1:], all=True).count()

    __len__ = count

    def __getitem__(self, part: slice) -> list[EditEntry]:
        """Two queries."""
        if not self._arms or not part.stop:
            return []
        # Django leaves a union of one query as it is, and that has been cut to size already.
        newest = ("-row_at", "row_key", "-row_pk")
        if len(self._arms) == 1:
            rows = self._arms[0].order_by(*newest)[part]
        else:
            arms = [arm.order_by(*newest)[: part.stop] for arm in self._arms]
            rows = arms[0].union(*arms[1:], all=True).order_by(*newest)[part]
        keys: dict[str, list[int]] = defaultdict(list)
        order = []
        for key, pk, _ in rows:
            keys[key].append(pk)
            order.append((key, pk))
        by_place = _read(keys)
        return [by_place[place] for place in order]


# --- Which --------------------------------------------------------------------------------------


def _arms(plan: Plan, wanted: Wanted) -> Iterable[QuerySet[Any]]:
    for source in SOURCES:
        if wanted.group and source.group != wanted.group:
            continue
        if wanted.ref and not source.ref:
            continue
        if wanted.verb and source.is_record != (wanted.verb == "record"):
            continue
        rows, at, pk = _rows(source)
        moments = Q(**{f"{at}__lt": end_of_day(wanted.until)})
        if wanted.since:
            moments &= Q(**{f"{at}__gte": start_of_day(wanted.since)})
        rows = rows.filter(source.of_plan(plan), moments)
        if wanted.verb and not source.is_record:
            rows = rows.filter(pgh_label=wanted.verb)
        if wanted.ref:
            rows = _under(rows, source.ref, wanted.ref)
        if wanted.who:
            rows = rows.filter(_by(source, wanted.who))
        yield (
            rows.order_by()
            .annotate(
                row_key=Value(source.key, CharField()),
                row_pk=Cast(pk, BigIntegerField()),
                row_at=F(at),
            )
            .values_list("row_key", "row_pk", "row_at")
        )


def _rows(source: Source) -> tuple[QuerySet[Any], str, str]:
    """The rows that tell of a table, and the fields with their moment and key."""
    if source.is_record:
        return source.model._default_manager.all(), "recorded_at", "id"
    return source.events.objects.all(), "pgh_created_at", "pgh_id"


def _under(rows: QuerySet[Any], path: str, ref: str) -> QuerySet[Any]:
    named: QuerySet[Any] = rows.annotate(row_ref=Cast(path, CharField()))
    return named.filter(begins("row_ref", ref))


def _by(source: Source, who: str) -> Q:
    """Whose doing it was. Who restricted something is not told, so it is found for nobody."""
    if not source.is_record:
        user = "pgh_context__metadata__user"
        if who == NOBODY:
            return Q(pgh_context=None) | Q(**{user: None}) | Q(**{f"{user}__isnull": True})
        return Q(**{user: int(who)})
    of = Q(by=None) if who == NOBODY else Q(by=int(who))
    return of if source.is_restricted is None else of & ~source.is_restricted


# --- What it says -------------------------------------------------------------------------------


def _read(keys: dict[str, list[int]]) -> dict[tuple[str, int], EditEntry]:
    queries = [_details(BY_KEY[key], pks) for key, pks in keys.items()]
    if not queries:
        return {}
    return {
        (key, pk): EditEntry(BY_KEY[key], at, verb, context or {}, after or {}, before or {})
        for key, pk, at, verb, context, after, before in queries[0].union(*queries[1:], all=True)
    }


def _details(source: Source, pks: Sequence[int]) -> QuerySet[Any]:
    rows, at, pk = _rows(source)
    columns = _of_record(source) if source.is_record else _of_event(source)
    details: QuerySet[Any, Any] = (
        rows.filter(**{f"{pk}__in": pks})
        .order_by()
        .annotate(
            row_key=Value(source.key, CharField()),
            row_pk=Cast(pk, BigIntegerField()),
            row_at=F(at),
            **columns,
        )
        .values_list(
            "row_key", "row_pk", "row_at", "row_verb", "row_context", "row_after", "row_before"
        )
    )
    return details


def _of_event(source: Source) -> dict[str, Any]:
    """A row as it became; a removed one as it was."""
    values = JSONObject(**fields_of(source.model))
    earlier = (
        source.events.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
        .order_by("-pgh_id")
        .values(said=values)
    )
    is_removed = Q(pgh_label="delete")
    nothing = Value(None, JSONField())
    return {
        "row_verb": Cast("pgh_label", CharField()),
        "row_context": Cast("pgh_context__metadata", JSONField()),
        "row_after": Case(When(is_removed, then=nothing), default=values),
        "row_before": Case(
            When(is_removed, then=values),
            When(pgh_label="update", then=Subquery(earlier[:1], JSONField())),
            default=nothing,
            output_field=JSONField(),
        ),
    }


def _of_record(source: Source) -> dict[str, Any]:
    fields = fields_of(source.model, source.told)
    shown: Any = JSONObject(**fields)
    who: Any = JSONObject(user=F("by_id"), source=F("source"), of=F("effective_at"))
    nothing = Value(None, JSONField())
    if source.is_restricted is not None:
        # Of a restricted note its kind stands; of anything else restricted, that it exists.
        bare = {name: fields[name] for name in ("commitment", "kind") if name in fields}
        hidden = JSONObject(**bare, is_restricted=Value(True))
        shown = Case(When(source.is_restricted, then=hidden), default=shown)
        who = Case(When(source.is_restricted, then=nothing), default=who)
    return {
        "row_verb": Value("record", CharField()),
        "row_context": who,
        "row_after": shown,
        "row_before": JSONObject(**source.was) if source.was else nothing,
    }


def fields_of(model: type[Model], names: Sequence[str] = ()) -> dict[str, Any]:
    """A row's own fields by name, as its history has them: keys of others as they are.

    Of a record those told, with what names it and what says of a date whether it is a day.
    """
    fields = model._meta.concrete_fields
    always = {"commitment", "area", "kpi", "finding", "kind", "series", *SPAN}
    return {
        field.name: F(field.attname)
        for field in fields
        if not names or field.name in names or field.name in always
    }

"""What of a plan is kept only as a note, because no field holds it, with where each note stands."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from actions.models import (
    Action,
    Area,
    Body,
    Commitment,
    FundingLine,
    Inspection,
    KeyDate,
    Notice,
    Organisation,
    Person,
)
from actions.models.base import date_of_columns
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.text_versions import worded
from actions.rules.dates import end_of_day
from actions.wording import levels
from kpis.models import Kpi, TargetPoint
from kpis.setup.named_people import named_in
from reports.models import ReportSeries


@dataclass(frozen=True, slots=True)
class NoteItem:
    """One note; no address where what it is about has no page of its own."""

    about: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class NoteGroup:
    title: str
    items: list[NoteItem]


def note_groups(page: PlanPage) -> list[NoteGroup]:
    """The notes as at the page's day, by what they are about. Seven queries."""
    groups = [
        NoteGroup(levels().areas, list(_of_areas(page))),
        NoteGroup(levels().actions, list(_of_actions(page))),
        NoteGroup(levels().commitments, list(_of_commitments(page))),
        NoteGroup("Key dates", list(_of_dates(page))),
        NoteGroup("KPIs", list(_of_kpis(page))),
        NoteGroup("Targets", list(_of_targets(page))),
        *_of_the_rest(page),
    ]
    return [group for group in groups if group.items]


def _noted(model: Any, page: PlanPage) -> Iterable[Any]:
    """The plan's parts of a kind that have a note, as worded on the day, in their order."""
    rows = worded(model, page.worded_day, plan=page.plan)
    noted = (row for row in rows if row.note and getattr(row, "withdrawn_at", None) is None)
    return sorted(noted, key=lambda row: (row.position, row.key))


def _of_areas(page: PlanPage) -> Iterator[NoteItem]:
    for row in _noted(Area, page):
        yield NoteItem(
            formatting.area_name(row, formatting.in_short(row)),
            row.note,
            page.link("area", row.code),
        )


def _of_actions(page: PlanPage) -> Iterator[NoteItem]:
    for row in _noted(Action, page):
        yield NoteItem(f"{row.ref} {row.title}", row.note, page.link("action", row.code))


def _of_commitments(page: PlanPage) -> Iterator[NoteItem]:
    noted = {row.key: row for row in _noted(Commitment, page)}
    for state in page.state.commitments:
        row = noted.get(state.id)
        if row and not state.is_withdrawn:
            name = row.short_title or row.title or row.evidence.replace("\n", "; ")
            about = f"{state.ref} {formatting.cut(name, 90)}".strip()
            yield NoteItem(about, row.note, page.link("commitment", state.code))


def _of_dates(page: PlanPage) -> Iterator[NoteItem]:
    standing = [
        (state, dated)
        for state in page.state.commitments
        if not state.is_withdrawn
        for dated in state.dates
    ]
    noted = (
        KeyDate.objects.filter(pk__in=[dated.id for _, dated in standing])
        .exclude(note="")
        .in_bulk()
    )
    for state, dated in standing:
        if dated.id in noted:
            about = f"{state.ref}, {dated.kind.label.lower()} {dated.now}"
            yield NoteItem(about, noted[dated.id].note, page.link("commitment", state.code))


def _of_kpis(page: PlanPage) -> Iterator[NoteItem]:
    for row in _noted(Kpi, page):
        yield NoteItem(f"{row.code} {row.title}", row.note, page.link("kpi", row.code))


def _of_targets(page: PlanPage) -> Iterator[NoteItem]:
    until = end_of_day(page.day)
    rows = (
        TargetPoint.objects.filter(kpi__plan=page.plan, effective_at__lt=until)
        .exclude(Q(note="") | Q(is_withdrawn=True) | Q(kpi__withdrawn_at__isnull=False))
        .exclude(replaced_by__effective_at__lt=until)
        .select_related("kpi")
        .order_by("kpi__position", "position", "id")
    )
    for row in rows:
        when = date_of_columns(row, "")
        about = ", ".join(filter(None, (row.kpi.code, row.label, str(when) if when else "")))
        yield NoteItem(about, row.note, page.link("kpi", row.kpi.code))


# --- What is of the plan as a whole, or of the local area -------------------------------------


def _of_the_rest(page: PlanPage) -> list[NoteGroup]:
    """Notes about boards, people, money and inspections, which are as they are today. One query."""
    plan = page.plan
    places: dict[str, Callable[[], str]] = {
        "Groups and boards": lambda: page.url("actions:bodies"),
        "Funding": lambda: page.url("actions:funding"),
        "Inspections": lambda: page.url("pages:findings"),
        "Notices of DfE": lambda: page.url("actions:plan"),
        "Report series": lambda: page.link("reports"),
    }
    live = {"plan": plan, "withdrawn_at": None}
    people = Q(pk__in=[])
    for named, person, _ in named_in([plan.pk]):
        people |= Q(pk__in=named.values(person))
    arms = [
        _arm("Groups and boards", Body.objects.filter(**live), "name"),
        _arm("People", Person.objects.filter(people), "name"),
        _arm("Organisations", Organisation.objects.filter(local_area=plan.local_area_id), "name"),
        _arm("Inspections", Inspection.objects.filter(plans=plan), "title"),
        _arm("Notices of DfE", Notice.objects.filter(**live), "kind"),
        _arm("Funding", FundingLine.objects.filter(**live), "title"),
        _arm("Report series", ReportSeries.objects.filter(**live), "title"),
    ]
    rows = sorted(arms[0].union(*arms[1:], all=True), key=lambda row: (row[0], row[1], row[2]))
    kinds = dict(Notice.Kind.choices)
    groups = []
    for title, of_kind in groupby(rows, key=lambda row: row[0]):
        url = places[title]() if title in places else ""
        items = [NoteItem(str(kinds.get(about, about)), text, url) for *_, about, text in of_kind]
        groups.append(NoteGroup(title, items))
    return groups


def _arm(title: str, rows: QuerySet[Any], name: str) -> QuerySet[Any, Any]:
    """Those with a note, as rows of one width."""
    arm: QuerySet[Any, Any] = (
        rows.exclude(note="")
        .order_by()
        .annotate(
            group_title=Value(title, CharField()),
            place=F("position"),
            about=Cast(name, CharField()),
            text=Cast("note", TextField()),
        )
        .values_list("group_title", "place", "about", "text")
    )
    return arm

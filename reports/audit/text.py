"""Saying what happened in words people of the plan use: names, months, and what changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    ForeignKey,
    JSONField,
    Model,
    PositiveSmallIntegerField,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Trim
from django.utils import timezone

from actions.models import (
    Action,
    Area,
    Body,
    BodyMember,
    Commitment,
    Evidence,
    Finding,
    FundingLine,
    Inspection,
    LocalArea,
    Membership,
    Organisation,
    Person,
    Plan,
    PlanDocument,
    Risk,
    Theme,
)
from actions.models.base import SAMPLE_SOURCE, SPAN, Referenced
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.history_entries import MASKED
from actions.rules.dates import LONDON, MONTHS, PlanDate, day_of
from actions.rules.levels import NAMES as NAMES_OF_LEVELS
from actions.rules.scale import CANCELLED
from actions.rules.status import Rating
from actions.wording import levels, scale
from kpis.models import ComparatorSeries, Kpi
from reports.audit.reading import VERBS, EditEntry
from reports.audit.sources import Source
from reports.models import Report, ReportSeries, SaidOutside
from wsoa.accounts.models import User
from wsoa.oversight.changes.fragments import summary
from wsoa.oversight.models import Challenge, Decision, Handover, Meeting, ReviewMeeting

# --- What other rows are called -----------------------------------------------------------------

# What a row is named by where another points at it.
NAMES: dict[type[Model], Any] = {
    Action: "ref",
    Area: "label",
    Body: "name",
    BodyMember: Concat("role", Value(" of "), "body__name"),
    Challenge: "text",
    Commitment: "ref",
    ComparatorSeries: Concat("name", Value(" beside KPI "), "kpi__code"),
    Decision: "text",
    Evidence: Case(
        When(visibility=Evidence.Visibility.RESTRICTED, then=Value(MASKED)), default="title"
    ),
    FundingLine: "title",
    Handover: Concat("leaver__name", Value(" to "), "successor__name"),
    Inspection: "title",
    Kpi: "code",
    LocalArea: "name",
    Meeting: Concat("body__name", Value(", "), Cast("held_on", CharField())),
    Membership: "user__name",
    Organisation: "name",
    Person: "name",
    PlanDocument: "title",
    Plan: "title",
    Report: Concat(
        "series__title",
        Value(", "),
        "number",
        Value(", version "),
        Cast("version", CharField()),
    ),
    ReportSeries: "title",
    ReviewMeeting: Concat("advisers", Value(", "), Cast("held_on", CharField())),
    Risk: "text",
    SaidOutside: "name",
    Theme: "ref",
    User: "name",
    Finding: Trim(
        Concat(
            Case(
                *(When(kind=kind.value, then=Value(kind.label)) for kind in Finding.Kind),
                output_field=CharField(),
            ),
            Value(" "),
            "number",
        )
    ),
}

Names = Mapping[tuple[type[Model], int], str]

GONE = "something that is no longer here"


def names_for(entries: Iterable[EditEntry]) -> Names:
    """What all that these point at is called today. One query."""
    keys: dict[type[Model], set[int]] = defaultdict(set)
    for entry in entries:
        if user := entry.context.get("user"):
            keys[User].add(user)
        for field in entry.source.model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                for values in (entry.before, entry.after):
                    if (pk := values.get(field.name)) is not None:
                        keys[_target(field)].add(pk)
    queries = [
        model._default_manager.filter(pk__in=pks)
        .order_by()
        .annotate(
            row_model=Value(model._meta.label, CharField()),
            row_name=Cast(NAMES[model], TextField()),
        )
        .values_list("row_model", "pk", "row_name")
        for model, pks in keys.items()
    ]
    if not queries:
        return {}
    models = {model._meta.label: model for model in keys}
    rows = queries[0].union(*queries[1:], all=True)
    return {(models[label], pk): name for label, pk, name in rows}


def _target(field: "ForeignKey[Any, Any]") -> type[Model]:
    return field.related_model


# --- What fields are called, and how their values read ------------------------------------------

# Where the field's own name is not what people say.
LABELS = {
    "added_at": "In the plan from",
    "also_printed_as": "Also printed as",
    "anchor_on": "First day of its first period",
    "as_at": "Shown as at",
    "asked_by": "Asked by",
    "first_day": "Date",
    "baseline_first_day": "Date of the baseline",
    "body": "Group or board",
    "addressed_to": "Addressed to",
    "brag": "Colour",
    "closing_days": "Closes on",
    "code": "Code",
    "decided_by": "Decided by",
    "day": "First day",
    "deputy_for": "Stands in for",
    "dated_on": "Dated",
    "days_before_papers": "Closes so many working days before papers are due",
    "digest": "Fingerprint of the file",
    "due_after": "Working days to the day it is due",
    "due_on": "Due",
    "email": "E-mail address",
    "ended_on": "Ended",
    "ends_on": "Ends",
    "evidence": "Evidence of success",
    "grace_days": "Working days of grace",
    "held_on": "Held",
    "i_statement": "I statement",
    "impact": "Impact for children and families",
    "is_agreed": "Agreed",
    "is_before_papers": "Closes before steering group papers are due",
    "is_confirmed": "Confirmed",
    "is_restated": "Sentences restated in short",
    "is_paused": "Paused",
    "issued_on": "Issued",
    "is_withdrawn": "Withdrawn",
    "is_approved": "Approved",
    "known_at": "With what was recorded by",
    "kpi": "KPI",
    "letter_on": "Letter of",
    "measures": "How the plan will know",
    "on": "Date",
    "on_behalf_of": "On behalf of",
    "own_move_weeks": "Weeks within which an SRO may move a date",
    "papers_due_on": "Papers due",
    "discarded_at": "Discarded",
    "made_at": "Begun",
    "missing": "Missing when it was published",
    "position": "Place in the list",
    "found_at": "Kept",
    "how": "How it was said",
    "said_on": "Said on",
    "supersedes": "Replaces",
    "quotation_by": "Who said the quotation",
    "quotation_first_day": "Date of the quotation",
    "ref": "Reference",
    "responsible_group_text": "Responsible group",
    "restarts_on": "Work is to go on in",
    "same_evidence_as": "Evidence printed with",
    "same_measures_as": "Measures printed with",
    "starts_on": "Starts",
    "timescale": "In place of a completion date",
    "tracked_from": "Updates expected from",
    "wanted_on": "Move to",
    "wanted_text": "Should read",
    "where_now": "Where things are now",
    "withdrawn_at": "Withdrawn",
    "weeks": "Every so many weeks",
    "year_starts_in": "Year of quarters and half-years starts in",
}

# What nobody needs to be told of a row: its keys, and the flags that the words of a date hold.
_UNTOLD = {"id", "plan", "local_area", "by", "source", "recorded_at", "effective_at"}
_MONTHS = {"restarts_on", "wanted_on", "forecast_on", "work_starts_on", "first_due_on"}
# What was asked and answered: a no is told as well.
_ANSWERS = {"is_agreed", "is_approved", "is_confirmed"}
# Figures that could tell who is meant have a page that knows when to show them.
_FIGURES = {"baseline", "denominator_about"}
ELSEWHERE = "a figure, which stands on the page of the KPI"


# What a part is known by is told as it is shown.
_KNOWN_BY = {"code", "printed_ref", "is_unnumbered", "label"}


def _flags(model: type[Model]) -> set[str]:
    ends = ("is_day", "is_week", "last_day", "precision", "printed")
    flags = {f.name for f in model._meta.concrete_fields if f.name.endswith(ends)}
    return flags | _KNOWN_BY if issubclass(model, Referenced) else flags


def label_of(field: "Field[Any, Any]") -> str:
    if field.name in NAMES_OF_LEVELS:
        return str(getattr(levels(), field.name))
    text = LABELS.get(field.name) or str(field.verbose_name)
    return text[:1].upper() + text[1:]


def readable(field: "Field[Any, Any]", values: Mapping[str, Any], names: Names) -> str:
    """A value as people read it; empty where there is none."""
    value = values.get(field.name)
    if value is None or value == "" or value == []:
        return ""
    if field.name in _FIGURES and values.get("counts_people"):
        return ELSEWHERE
    match field:
        case CharField() if field.name == "brag":
            return scale().word(value)
        case CharField() if field.name == "place":
            return str(value).replace(":", " ").replace("-", " ")
        case ForeignKey():
            return names.get((_target(field), value), GONE)
        case BooleanField():
            return "Yes" if value else "No"
        case DateTimeField() if field.name == "known_at":
            moment = datetime.fromisoformat(value).astimezone(LONDON)
            return f"{formatting.short_day(moment.date())}, {moment:%H:%M:%S}"
        case DateTimeField():
            return formatting.short_day(day_of(datetime.fromisoformat(value)))
        case DateField():
            return _date_text(field, date.fromisoformat(value), values)
        case PositiveSmallIntegerField() if field.name == "year_starts_in":
            return str(MONTHS[value - 1])
        case DecimalField():
            return _number_text(field, Decimal(str(value)))
        case ArrayField() if isinstance(field.base_field, DateField):
            return "; ".join(formatting.short_day(date.fromisoformat(item)) for item in value)
        case ArrayField():
            labels = dict(field.base_field.flatchoices)
            return "; ".join(str(labels.get(item, item)) for item in value)
        case JSONField() if field.name == "parts":
            return summary(value)
        case JSONField() if field.name == "colour_key":
            return "; ".join(_key_line(entry) for entry in value)
        case JSONField() if isinstance(value, list):
            return " ".join(value)
        case JSONField():
            return "; ".join(f"{name}: {text}" for name, text in value.items())
    return str(dict(field.flatchoices).get(value, value))


def _key_line(entry: Mapping[str, str]) -> str:
    """One line of a colour key: its word, what that means to us, and what it prints beside it."""
    means = entry["means"]
    meaning = "Withdrawn" if means == CANCELLED else Rating(means).meaning
    return ": ".join(filter(None, (f"{entry['word']} ({meaning})", entry.get("text"))))


def _date_text(field: "Field[Any, Any]", day: date, values: Mapping[str, Any]) -> str:
    """A month, unless it is a day."""
    if field.name.endswith("first_day"):
        return _plan_date(values, field.name.removesuffix("first_day"))
    stem = field.name.removesuffix("on")
    if values.get(f"{stem}is_week"):
        return f"Week of {formatting.short_day(day)}"
    if field.name in _MONTHS or values.get(f"{stem}is_day") is False:
        return str(PlanDate.month_of(day))
    return formatting.short_day(day)


def _plan_date(values: Mapping[str, Any], prefix: str) -> str:
    first, last, precision, printed = (values[f"{prefix}{name}"] for name in SPAN)
    days = date.fromisoformat(first), date.fromisoformat(last)
    return str(PlanDate.stored(*days, precision, printed))


def _number_text(field: "Field[Any, Any]", number: Decimal) -> str:
    if field.name == "amount":
        return formatting.pounds(number)
    return f"{number.normalize():f}"


# --- What happened ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that happened, ready to be shown."""

    at: datetime
    verb: str
    title: str
    ref: str
    url: str
    who: str
    about: str
    changes: list[Change]
    # Something new says all it holds, which is long; a change says what changed.
    is_folded: bool


def edits_in_text(page: PlanPage, entries: list[EditEntry]) -> list[Edit]:
    """One query."""
    names = names_for(entries)
    return [_edit(page, entry, names) for entry in entries]


def _edit(page: PlanPage, entry: EditEntry, names: Names) -> Edit:
    source = entry.source
    values = entry.after or entry.before
    texts = {
        field.name: readable(field, values, names) for field in source.model._meta.concrete_fields
    }
    changes = _changes(entry, names)
    return Edit(
        at=timezone.localtime(entry.at),
        verb=VERBS[entry.verb],
        title=source.title.format_map(_of_levels() | scale().in_texts() | texts),
        ref=_ref(source, texts),
        url=_url(page, source, texts),
        who=_who(entry, names),
        about=_about(entry),
        changes=changes,
        is_folded=entry.verb == "insert" and len(changes) > 3,
    )


def _of_levels() -> dict[str, str]:
    """What titles call the levels of the plan, by names that no field has."""
    names = {name.capitalize(): getattr(levels(), name) for name in NAMES_OF_LEVELS}
    return names | {f"the_{name}": getattr(levels().lower, name) for name in NAMES_OF_LEVELS}


def _changes(entry: EditEntry, names: Names) -> list[Change]:
    source = entry.source
    in_title = {
        field.name
        for field in source.model._meta.concrete_fields
        if isinstance(field, ForeignKey) and f"{{{field.name}}}" in source.title
    }
    changes = []
    for field in source.model._meta.concrete_fields:
        if field.name in _UNTOLD | in_title | _flags(source.model) | set(source.untold):
            continue
        if source.is_record and field.name not in source.told:
            continue
        before = readable(field, entry.before, names)
        after = readable(field, entry.after, names)
        is_same = entry.before.get(field.name) == entry.after.get(field.name)
        if before == after and (is_same or not before):
            continue
        # What something new is not, and where it stands among its like, goes without saying.
        is_plain_no = {before, after} == {"", "No"} and field.name not in _ANSWERS
        if entry.verb != "update" and (field.name == "position" or is_plain_no):
            continue
        changes.append(Change(label_of(field), before, after))
    if entry.after.get("is_restricted"):
        changes.append(Change("What it says", "", "Restricted, so not shown here"))
    return changes


def _who(entry: EditEntry, names: Names) -> str:
    if user := entry.context.get("user"):
        return names.get((User, user), "A former user")
    if entry.after.get("is_restricted"):
        return ""
    return "" if entry.context.get("source") else "A command on the server"


def _about(entry: EditEntry) -> str:
    """Of which earlier day it speaks, where it came from and why, where that was said."""
    source, reason = entry.context.get("source"), entry.context.get("reason")
    sentences = []
    if of := entry.context.get("of"):
        day = day_of(datetime.fromisoformat(of))
        if day != day_of(entry.at):
            sentences.append(f"Said of {formatting.short_day(day)}.")
    if source and source != SAMPLE_SOURCE:
        sentences.append(f"{source[:1].upper()}{source[1:]}.")
    if reason:
        sentences.append(f"Reason: {reason}")
    return " ".join(sentences)


def _ref(source: Source, texts: Mapping[str, str]) -> str:
    """The reference or code that a row stands under, where the row itself says it."""
    return texts.get(source.ref.partition("__")[0], "") if source.ref else ""


def _url(page: PlanPage, source: Source, texts: Mapping[str, str]) -> str:
    name, field = source.page
    if not name:
        return ""
    # A page above this room is named by what it shows: actions/pages/addresses.py.
    address = page.url if ":" in name else page.link
    if not field:
        return address(name)
    argument = texts.get(field, "")
    return address(name, argument) if argument not in ("", GONE) else ""

"""Reading a plan's rows once, for `state_at` to work on. Three queries, whatever the size.

One more where rows go on from those of a plan before.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, cast

import holidays
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    DateField,
    F,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from actions.models import (
    ClosingOutcome,
    Commitment,
    CommitmentLead,
    Confirmation,
    DateMark,
    KeyDate,
    Pause,
    PeriodTreatment,
    Plan,
    ProgressUpdate,
    UpdateCycle,
    Withdrawal,
)
from actions.records.kept import Version, keep, of_same, same
from actions.records.lineage import formers_of
from actions.records.sources import FACTS, PAPERS
from actions.records.text_versions import known
from actions.records.written_once import written_once
from actions.rules import state
from actions.rules.cycle import Cycle, CycleKind, CycleRule, MeetingDay, TreatedPeriod, Treatment
from actions.rules.dates import PlanDate, end_of_day
from actions.rules.state import CommitmentState, state_at
from actions.rules.status import (
    AtClosing,
    BlueRule,
    ClosingFact,
    ConfirmationFact,
    DateKind,
    DateMarkFact,
    EndFact,
    KeyDateFact,
    Outcome,
    PauseFact,
    QuestionFact,
    Rating,
    RequestFact,
    UpdateFact,
    WithdrawalFact,
)

# A row as read.
Row = tuple[Any, ...]
# The rows of one commitment, by kind of record.
Rows = dict[str, list[Any]]


def load_history(
    plans: Collection[Plan],
    until: date,
    *,
    commitment: int | None = None,
    known_at: datetime | None = None,
) -> state.History:
    """All that state needs of these plans, to the end of a day: colours, dates and keys, no texts.

    With `commitment`, of that one alone: for a verb that has it locked. With `known_at`, who leads
    is told as it was on record then, and when updates are asked for; the records have their own
    clock, by which `state_at` narrows.
    """
    ids = [plan.pk for plan in plans]
    leads = _leads(ids, commitment, known_at)
    records, of_plans = _records(ids, commitment, until, known_at)
    cycles = _cycles(plans, of_plans)
    commitments: dict[int, list[state.CommitmentHistory]] = defaultdict(list)
    rows = _commitment_rows(ids) if commitment is None else _commitment_row(ids, commitment)
    lineages = {lineage for *_, lineage in rows if lineage}
    formers = formers_of(lineages, until) if lineages else {}
    for row in rows:
        pk, plan = row[0], row[3]
        columns = (*row[:-1], formers.get(pk, ()))
        commitments[plan].append(_commitment(columns, leads[pk], records[pk], until))
    return state.History(
        plans=tuple(
            state.PlanHistory(
                id=plan.pk,
                agreed_on=plan.agreed_on,
                tracked_from=plan.tracked_from,
                closed_on=plan.closed_on,
                blue=blue_rule(plan),
                cycle=cycles[plan.pk],
                commitments=tuple(commitments[plan.pk]),
            )
            for plan in plans
        ),
        until=until,
        holidays=bank_holidays(
            min((plan.starts_on.year for plan in plans), default=until.year), until.year + 1
        ),
    )


@written_once
def _commitment_rows(plans: list[int]) -> QuerySet[Any, tuple[Any, ...]]:
    return _commitment_columns(plan__any=plans)


@written_once
def _commitment_row(plans: list[int], commitment: int) -> QuerySet[Any, tuple[Any, ...]]:
    return _commitment_columns(plan__any=plans, pk=commitment)


def _commitment_columns(**wanted: Any) -> QuerySet[Any, tuple[Any, ...]]:
    return (
        Commitment.objects.filter(**wanted)
        .order_by(
            "action__area__position",
            F("action__theme__position").asc(nulls_first=True),
            "action__position",
            "position",
        )
        .values_list(
            "id",
            "code",
            "ref",
            "plan_id",
            "action__area_id",
            "action__theme_id",
            "action_id",
            "added_at",
            "lineage",
        )
    )


def _commitment(
    columns: Row,
    leads: list[Row],
    records: list[Row],
    until: date,
) -> state.CommitmentHistory:
    """The history of one commitment; the object that it was, where no row of it is another."""
    key = ("rows", columns[0], until)
    read = same(key, (columns, leads, records), len(records))
    return of_same(("history", *key), (read,), lambda: _history_of(*read), len(records))


def _history_of(columns: Row, leads: list[Row], records: list[Row]) -> state.CommitmentHistory:
    pk, code, ref, _, area, theme, action, added_at, formers = columns
    rows: Rows = defaultdict(list)
    for kind, _, *facts in records:
        rows[kind].append(_fact(kind, *facts))
    return state.CommitmentHistory(
        id=pk,
        code=code,
        ref=ref,
        area=area,
        theme=theme,
        action=action,
        added_at=added_at,
        formers=formers,
        leads=tuple(state.LeadFact(*lead) for lead in leads),
        updates=tuple(rows["update"]),
        confirmations=tuple(rows["confirmation"]),
        key_dates=tuple(rows["key_date"]),
        marks=tuple(rows["mark"]),
        withdrawals=tuple(rows["withdrawal"]),
        pauses=tuple(rows["pause"]),
        requests=tuple(rows["request"]),
        request_ends=tuple(rows["request_end"]),
        questions=tuple(rows["question"]),
        question_ends=tuple(rows["question_end"]),
        closings=tuple(rows["closing"]),
    )


def kept_history(plan: Plan, version: Version, until: date) -> state.History:
    """The history of one plan, read once for as long as nothing of the plan changes."""
    return keep(
        version,
        ("history", plan.pk, until),
        lambda: load_history([plan], until),
        lambda history: sum(map(_facts, history.plans[0].commitments)),
    )


def _facts(commitment: state.CommitmentHistory) -> int:
    return (
        1
        + len(commitment.updates)
        + len(commitment.key_dates)
        + len(commitment.marks)
        + len(commitment.leads)
        + len(commitment.requests)
        + len(commitment.questions)
    )


def blue_rule(plan: Plan) -> BlueRule:
    return BlueRule(plan.has_blue, plan.blue_lasts_months)


@cache
def bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """England's, from the first to the last year named."""
    return frozenset(
        holidays.country_holidays("GB", subdiv="ENG", years=range(first_year - 1, last_year + 1))
    )


def _cycles(plans: Collection[Plan], of_plans: Mapping[int, Rows]) -> dict[int, Cycle]:
    """When each plan asks for updates. No query, unless that depends on its meetings."""
    cycles = {}
    for plan in plans:
        rows = of_plans[plan.pk]
        rules, treated = (
            tuple(fact for _, fact in sorted(rows[kind], key=itemgetter(0)))
            for kind in ("cycle", "treatment")
        )
        cycles[plan.pk] = Cycle(rules, treated)
    waiting = [plan for plan in plans if any(rule.needs_meetings for rule in cycles[plan.pk].rules)]
    if waiting:
        meetings: dict[int, list[MeetingDay]] = defaultdict(list)
        for plan_id, meeting in (row for source in PAPERS for row in source(waiting)):
            meetings[plan_id].append(meeting)
        for plan_id, held in meetings.items():
            cycles[plan_id] = replace(cycles[plan_id], meetings=tuple(held))
    return cycles


def cycle_of(plan: Plan) -> Cycle:
    """When a plan asks for updates, as on record now."""
    (found,) = load_history([plan], timezone.localdate(), commitment=0).plans
    return found.cycle


def _leads(
    plans: list[int], commitment: int | None, known_at: datetime | None
) -> dict[int, list[Row]]:
    """What `LeadFact` holds of each lead, by commitment."""
    leads: dict[int, list[Row]] = defaultdict(list)
    rows: Iterable[Row]
    if known_at:
        wanted = {"commitment__plan__in": plans} | (
            {} if commitment is None else {"commitment": commitment}
        )
        rows = _lead_columns(known(CommitmentLead, known_at).filter(**wanted))
    else:
        rows = _lead_rows(plans) if commitment is None else _lead_rows_of(plans, commitment)
    for of, person, user, starts_on, ends_on in rows:
        leads[of].append((person, user, starts_on, ends_on))
    return leads


@written_once
def _lead_rows(plans: list[int]) -> QuerySet[Any, tuple[Any, ...]]:
    return _lead_columns(CommitmentLead.objects.filter(commitment__plan__any=plans))


@written_once
def _lead_rows_of(plans: list[int], commitment: int) -> QuerySet[Any, tuple[Any, ...]]:
    rows = CommitmentLead.objects.filter(commitment__plan__any=plans, commitment=commitment)
    return _lead_columns(rows)


def _lead_columns(rows: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    return rows.order_by("position", "id").values_list(
        "commitment_id", "person_id", "person__user_id", "starts_on", "ends_on"
    )


def _records(
    plans: list[int], commitment: int | None, until: date, known_at: datetime | None
) -> tuple[dict[int, list[Row]], dict[int, Rows]]:
    """Every kind of record in one query, as rows of one width: by commitment, and facts by plan.

    What a plan's cycle says holds from days of its own, whenever it was said.
    """
    by_commitment: dict[int, list[Row]] = defaultdict(list)
    by_plan: dict[int, Rows] = defaultdict(lambda: defaultdict(list))
    if not plans:
        return by_commitment, by_plan
    query, parameters = _query(
        len(plans), of_one=commitment is not None, as_known=known_at is not None
    )
    now: dict[Any, Any] = {
        _UNTIL: end_of_day(until),
        _KNOWN_AT: known_at,
        _COMMITMENT: commitment,
        **_stand_ins(plans),
    }
    with connection.cursor() as cursor:
        cursor.execute(query, [now.get(each, each) for each in parameters])
        for row in cursor.fetchall():
            kind, of = row[:2]
            if kind in ("cycle", "treatment"):
                by_plan[of][kind].append(_fact(kind, *row[2:]))
            else:
                by_commitment[of].append(row)
    return by_commitment, by_plan


# What stands in the query for what differs each time it is asked, of the type of its column.
_UNTIL = datetime(1900, 1, 1, tzinfo=UTC)
_KNOWN_AT = datetime(1900, 1, 2, tzinfo=UTC)
_COMMITMENT = -1


def _stand_ins(plans: Collection[int]) -> dict[int, int]:
    return {-2 - position: plan for position, plan in enumerate(plans)}


@lru_cache(maxsize=64)
def _query(of_plans: int, *, of_one: bool, as_known: bool) -> tuple[str, tuple[Any, ...]]:
    """The query as SQL with its parameters, written once: that takes longer than asking it."""
    plans = list(_stand_ins(range(of_plans)))
    none: dict[str, Any] = {
        "other": Value(None, BigIntegerField()),
        "day": Value(None, DateField()),
        "flag": Value(None, BooleanField()),
        "code": Value("", CharField()),
        "by": Value(None, BigIntegerField()),
        "help": Value(False, BooleanField()),
        # No row of the first kind has one, so PostgreSQL must be told of what type it is.
        "last_day": Cast(Value(None), DateField()),
        "precision": Value("", CharField()),
        "printed": Value("", CharField()),
    }
    queries: list[QuerySet[Any, Any]] = []
    of_wanted: dict[str, Any] = {"commitment__plan__in": plans}
    if of_one:
        of_wanted["commitment"] = _COMMITMENT
    on_record = {"recorded_at__lte": _KNOWN_AT} if as_known else {}
    sources = [
        *(
            (
                kind,
                records.filter(
                    effective_at__lt=_UNTIL,
                    **{f"{path}{name}": value for name, value in of_wanted.items()},
                ),
                f"{path}commitment_id",
                columns,
            )
            for kind, records, path, columns in _kinds()
        ),
        *(
            (kind, records.filter(plan__in=plans, **on_record), "plan_id", columns)
            for kind, records, columns in _kinds_of_plans()
        ),
    ]
    for kind, records, of, columns in sources:
        annotations = {f"row_{name}": column for name, column in {**none, **columns}.items()}
        queries.append(
            records.order_by()
            .annotate(row_kind=Value(kind, CharField()), **annotations)
            .values_list(
                "row_kind",
                of,
                "id",
                "effective_at",
                "recorded_at",
                "row_other",
                "row_day",
                "row_flag",
                "row_code",
                "row_by",
                "row_help",
                "row_last_day",
                "row_precision",
                "row_printed",
            )
        )
    sql, parameters = queries[0].union(*queries[1:], all=True).query.sql_with_params()
    return sql, tuple(parameters)


def _kinds() -> Iterator[tuple[str, QuerySet[Any], str, dict[str, Any]]]:
    """Each kind of record: its rows, the way to their commitment, and the columns it fills."""
    yield (
        "update",
        ProgressUpdate.objects.all(),
        "",
        {
            "other": F("corrects_id"),
            "day": F("work_starts_on"),
            "flag": F("is_no_change"),
            "code": _text("brag"),
            "by": F("by_id"),
            "help": Case(When(help_needed="", then=False), default=True),
            "printed": _text("word"),
        },
    )
    yield (
        "confirmation",
        Confirmation.objects.all(),
        "",
        {"other": F("update_id"), "flag": F("is_confirmed")},
    )
    yield (
        "key_date",
        KeyDate.objects.all(),
        "",
        {
            "other": F("replaces_id"),
            "day": F("first_day"),
            "last_day": F("last_day"),
            "precision": _text("precision"),
            "printed": _text("printed"),
            "code": _text("kind"),
        },
    )
    yield (
        "mark",
        DateMark.objects.all(),
        "",
        {"other": F("key_date_id"), "day": F("on"), "code": _text("outcome")},
    )
    yield "withdrawal", Withdrawal.objects.all(), "", {"flag": F("is_withdrawn")}
    yield "pause", Pause.objects.all(), "", {"flag": F("is_paused"), "day": F("restarts_on")}
    yield "closing", ClosingOutcome.objects.all(), "", {"code": _text("outcome")}
    for source in FACTS:
        yield source.kind, source.rows(), source.path, source.columns


def _kinds_of_plans() -> Iterator[tuple[str, QuerySet[Any], dict[str, Any]]]:
    """The same of what is said of a plan as a whole."""
    numbers = JSONObject(
        weeks="weeks",
        closing_days="closing_days",
        days_before_papers="days_before_papers",
        grace_days="grace_days",
    )
    yield (
        "cycle",
        UpdateCycle.objects.all(),
        {
            "other": F("body_id"),
            "day": F("starts_on"),
            "flag": F("is_before_papers"),
            "code": _text("kind"),
            "printed": Cast(numbers, TextField()),
        },
    )
    yield (
        "treatment",
        PeriodTreatment.objects.all(),
        {"day": F("day"), "code": _text("treatment")},
    )


def _text(column: str) -> Cast:
    return Cast(column, CharField())


# Looked up for thousands of rows.
_RATINGS = {rating.value: rating for rating in Rating}


def _fact(
    kind: str,
    pk: int,
    effective_at: Any,
    recorded_at: Any,
    other: int | None,
    day: date | None,
    flag: bool | None,
    code: str,
    by: int | None,
    asks_help: bool,
    last_day: date | None,
    precision: str,
    printed: str,
) -> object:
    clocks = (pk, effective_at, recorded_at)
    if kind == "cycle":
        numbers = json.loads(printed)
        listed = tuple(date.fromisoformat(text) for text in numbers.pop("closing_days"))
        rule = CycleRule(
            day, CycleKind(code), body=other, closing_days=listed, is_before_papers=bool(flag)
        )
        told = {name: value for name, value in numbers.items() if value is not None}
        return (recorded_at, pk), replace(rule, **told)
    if kind == "treatment":
        return (recorded_at, pk), TreatedPeriod(cast(date, day), Treatment(code))
    month = PlanDate(day) if day and kind in ("update", "request", "pause") else None
    if kind == "update":
        rating = _RATINGS[code]
        return UpdateFact(*clocks, rating, other, month, bool(flag), by, asks_help, printed)
    if kind == "confirmation":
        return ConfirmationFact(*clocks, cast(int, other), bool(flag))
    if kind == "key_date":
        when = PlanDate.stored(cast(date, day), cast(date, last_day), precision, printed)
        return KeyDateFact(*clocks, DateKind(code), when, other)
    if kind == "mark":
        return DateMarkFact(*clocks, cast(int, other), Outcome(code), cast(date, day))
    if kind == "withdrawal":
        return WithdrawalFact(*clocks, bool(flag))
    if kind == "pause":
        return PauseFact(*clocks, bool(flag), month)
    if kind == "closing":
        return ClosingFact(*clocks, AtClosing(code))
    if kind == "request":
        return RequestFact(*clocks, month, other)
    if kind == "question":
        return QuestionFact(*clocks, by)
    return EndFact(*clocks, cast(int, other))


def led_today(commitment: Commitment) -> CommitmentState:
    """A commitment's state with the leads of today, for a verb that asks whether somebody leads."""
    today = timezone.localdate()
    history = load_history([commitment.plan], today, commitment=commitment.pk)
    (state,) = state_at(history, today)[commitment.plan_id].commitments
    (row,) = history.plans[0].commitments
    return replace(state, leads=tuple(lead for lead in row.leads if lead.leads_on(today)))

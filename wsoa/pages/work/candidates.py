"""What may wait for the user, read in one query; who may do it is decided here, in words elsewhere.

The count in the menu needs no more than this. The page reads the rows that it shows by their keys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject

from actions import access
from actions.memberships import Role
from actions.models import Area, AreaJudgement, Person
from actions.pages.plan_page import PlanPage
from actions.records.written_once import written_once
from actions.rules.dates import add_months, day_of, end_of_day
from kpis.models import (
    Kpi,
    KpiCommitment,
    Measurement,
    data_owned_by,
    data_owners_person,
    data_owners_user,
)
from wsoa.oversight.decisions.owners import owned_by, with_owners
from wsoa.oversight.models import (
    Challenge,
    ChallengeAnswer,
    ChangeRequest,
    Decision,
    Handover,
    HandoverSeen,
)
from wsoa.oversight.models.questions import open_before
from wsoa.oversight.subjects import areas_of_kpi

KEYS = ArrayField(BigIntegerField())

# How long an SRO's rating of an area stands before a new one is asked for.
RATING_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Candidates:
    """Keys of what waits, by what it is."""

    to_answer: frozenset[int]
    to_close: frozenset[int]
    decisions: frozenset[int]
    areas: frozenset[int]
    # Changes that wait for somebody of the user's part in the plan.
    changes: frozenset[int]
    # Final figures that wait for a second person, which somebody else recorded.
    figures: frozenset[int]
    owns_data: bool
    # Of somebody's work in the own areas, which the user has not acknowledged.
    handovers: frozenset[int]


def candidates_of(page: PlanPage) -> Candidates:
    """One query, kept while nothing of the plan changes, and for the request in any case."""
    found: Candidates | None = getattr(page.request, "work_candidates", None)
    if found is None:
        found = page.keep("work", (page.access.user.pk,), lambda: _read(page), lambda _: 2)
        page.request.work_candidates = found  # type: ignore[attr-defined]
    return found


def _read(page: PlanPage) -> Candidates:
    granted = page.access
    records = access.can_record_for_change(granted)
    rows = _rows_of_user(
        page.plan.pk,
        granted.user.pk,
        page.day,
        end_of_day(page.day),
        sorted(granted.sro_areas),
        supports=bool(granted.sro_areas),
        decides=Role.CHAIR in granted.roles,
        minutes=records,
        approves=records and bool(page.plan.outside_approver),
    )
    return _theirs(page, _by_part(rows))


# What the query found: by what it is, each row's key and what tells whose it is.
Found = dict[str, list[tuple[int, Any]]]
# What names an owner; a question is about a KPI that has one.
OWNED = ("question", "decision", "kpi")


def found_of_everybody(page: PlanPage, key_of: Callable[[int | None, int | None], int]) -> Found:
    """What may wait for anybody of the plan, in one query.

    `key_of` gives, of the user and the person whom a row names as its owner, the key that a page of
    theirs has for its user.
    """
    found = _by_part(_rows_of_everybody(page.plan.pk, page.day, end_of_day(page.day)))
    for part in OWNED:
        for _, told in found.get(part, ()):
            told["owner"] = key_of(told["owner"], told["owner_person"])
    return found


def owners_in(found: Found) -> set[int]:
    """Who owns something of that."""
    return {told["owner"] for part in OWNED[1:] for _, told in found.get(part, ())}


def candidates_in(found: Found, page: PlanPage) -> Candidates:
    """What of that may wait for the user of a page."""
    return _theirs(page, found, is_everybodys=True)


def _by_part(rows: Iterable[tuple[str, int, Any]]) -> Found:
    found: Found = {}
    for part, pk, told in rows:
        found.setdefault(part, []).append((pk, told))
    return found


def _theirs(page: PlanPage, found: Found, *, is_everybodys: bool = False) -> Candidates:
    """What is the user's of what was found; much of that is theirs already, but of everybody's."""
    user = page.access.user.pk

    def those(part: str, is_theirs: Callable[[Any], bool]) -> frozenset[int]:
        return frozenset(pk for pk, told in found.get(part, ()) if is_theirs(told))

    def owns(told: Any) -> bool:
        return not is_everybodys or told["owner"] == user

    return Candidates(
        to_answer=those("question", lambda told: _may_answer(page, told)),
        to_close=those("question", lambda told: _may_close(page, told)),
        decisions=those("decision", owns),
        areas=those("area", lambda told: _is_to_rate(page, told)),
        changes=those("change", bool),
        figures=those("figure", lambda told: told["by"] != user),
        owns_data=bool(those("kpi", owns)),
        handovers=those("handover", lambda told: _is_to_note(page, told)),
    )


@written_once
def _rows_of_user(
    plan: int,
    user: int,
    day: date,
    until: datetime,
    areas: list[int],
    *,
    supports: bool,
    decides: bool,
    minutes: bool,
    approves: bool,
) -> QuerySet[Any, tuple[str, int, Any]]:
    turns = _turns(supports=supports, decides=decides, minutes=minutes, approves=approves)
    own = Person.objects.filter(user=user).order_by().values("pk")
    return _rows(
        plan,
        day,
        until,
        turns,
        decision=owned_by(user),
        area=Q(pk__any=areas),
        # As one value: a list of its own would be as many as it has keys.
        handover=Q(area_ids__overlap=Value(areas, KEYS)),
        kpi=data_owned_by(own, day),
        figure=Q(by=None) | ~Q(by=user),
    )


@written_once
def _rows_of_everybody(
    plan: int, day: date, until: datetime
) -> QuerySet[Any, tuple[str, int, Any]]:
    return _rows(plan, day, until, _ANYBODYS_TURN, decision=Q(owner__isnull=False))


def _rows(
    plan: int, day: date, until: datetime, turns: Q | None, **narrowed: Q
) -> QuerySet[Any, tuple[str, int, Any]]:
    """Each with what it is, its key, and what tells for whom it waits.

    `narrowed` says of a part, by its name, which rows of it may be somebody's.
    """
    of_kpi = KpiCommitment.objects.filter(kpi=OuterRef("kpi")).order_by()
    newer = Measurement.objects.filter(
        kpi=OuterRef("kpi"), ends_on=OuterRef("ends_on"), recorded_at__gt=OuterRef("recorded_at")
    )
    seen = HandoverSeen.objects.filter(handover=OuterRef("pk")).order_by()
    judged = AreaJudgement.objects.filter(area=OuterRef("pk")).order_by(
        "-effective_at", "-recorded_at"
    )
    parts: list[tuple[str, QuerySet[Any], JSONObject]] = [
        (
            "question",
            Challenge.objects.filter(open_before(until), plan=plan),
            JSONObject(
                commitment="commitment_id",
                area="area_id",
                kpi="kpi_id",
                owner=data_owners_user(day, "kpi__"),
                owner_person=data_owners_person(day, "kpi__"),
                kpi_areas=areas_of_kpi("kpi"),
                kpi_commitments=ArraySubquery(of_kpi.values("commitment")),
                by="by_id",
                asked_by="asked_by",
                is_answered=Exists(ChallengeAnswer.objects.filter(challenge=OuterRef("pk"))),
            ),
        ),
        (
            "decision",
            with_owners(Decision.objects.filter(plan=plan, done=None), day),
            JSONObject(owner="owner_told__user", owner_person="owner_now"),
        ),
        (
            "area",
            Area.objects.filter(plan=plan, withdrawn_at=None),
            JSONObject(pk="pk", judged_at=Subquery(judged.values("effective_at")[:1])),
        ),
        (
            "handover",
            Handover.objects.filter(plan=plan),
            JSONObject(areas="area_ids", seen=ArraySubquery(seen.values("area"))),
        ),
        (
            "kpi",
            Kpi.objects.filter(plan=plan),
            JSONObject(owner=data_owners_user(day), owner_person=data_owners_person(day)),
        ),
        (
            "figure",
            Measurement.objects.filter(
                ~Exists(newer),
                kpi__plan=plan,
                kpi__needs_second_person=True,
                status=Measurement.Status.FINAL,
                second_look=None,
            ),
            JSONObject(kpi="kpi_id", by="by_id"),
        ),
    ]
    if turns:
        requests = ChangeRequest.objects.filter(turns, plan_of(plan), taken_back=None)
        parts.append(("change", requests, JSONObject(pk="pk")))
    first, *others = [
        candidates.filter(narrowed.get(part, Q()))
        .order_by()
        .annotate(part=Value(part, CharField()), told=told)
        .values_list("part", "pk", "told")
        for part, candidates, told in parts
    ]
    rows: QuerySet[Any, tuple[str, int, Any]] = first.union(*others, all=True)
    return rows


def plan_of(plan: int) -> Q:
    """Requests about a commitment or a KPI of the plan, or about the plan."""
    return Q(commitment__plan=plan) | Q(kpi__plan=plan) | Q(plan=plan)


# Whatever may wait for an SRO, for the chair or for the programme team.
_ANYBODYS_TURN = (
    Q(decision=None) | Q(decision__minute=None) | Q(decision__is_agreed=True, approval=None)
)


def _turns(*, supports: bool, decides: bool, minutes: bool, approves: bool) -> Q | None:
    """Which changes may be for the user to support, to decide or to record; None: never any."""
    undecided = Q(decision=None)
    turns = []
    if supports:
        turns.append(undecided & Q(support=None))
    if decides:
        turns.append(undecided)
    if minutes:
        turns.append(~undecided & Q(decision__minute=None))
    if approves:
        turns.append(Q(decision__is_agreed=True, approval=None))
    return reduce(or_, turns) if turns else None


def _may_answer(page: PlanPage, told: Any) -> bool:
    """As `questions_of` has it of an open question without an answer."""
    if told["is_answered"]:
        return False
    about = {told["commitment"], *(told["kpi_commitments"] if told["kpi"] else ())}
    states = [state for state in page.state.commitments if state.id in about]
    areas = {state.area for state in states if state.id == told["commitment"]}
    areas |= {told["area"], *(told["kpi_areas"] if told["kpi"] else ())} - {None}
    return access.can_answer_question(
        page.access, areas=areas, states=states, data_owner=told["owner"]
    )


def _may_close(page: PlanPage, told: Any) -> bool:
    """One's own question that has been answered."""
    return (
        told["is_answered"]
        and told["by"] == page.access.user.pk
        and access.can_close_question(
            page.access, author=told["by"], is_outside=bool(told["asked_by"])
        )
    )


def _is_to_note(page: PlanPage, told: Any) -> bool:
    return bool(page.access.sro_areas.intersection(told["areas"]).difference(told["seen"]))


def _is_to_rate(page: PlanPage, told: Any) -> bool:
    if not page.state.tracked or not access.can_judge_area(page.access, told["pk"]):
        return False
    judged_at = told["judged_at"]
    return not judged_at or rating_due(day_of(datetime.fromisoformat(judged_at))) <= page.day


def rating_due(judged_on: date) -> date:
    return add_months(judged_on, RATING_MONTHS)

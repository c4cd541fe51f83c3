"""What may wait for the user, read in one query; who may do it is decided here, in words elsewhere.

The count in the menu needs no more than this. The page reads the rows that it shows by their keys.
"""

from collections.abc import Callable
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
from kpis.models import Kpi, KpiCommitment, Measurement, data_owned_by, data_owners_user
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
    rows = _rows(
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
    found: dict[str, list[tuple[int, Any]]] = {}
    for part, pk, told in rows:
        found.setdefault(part, []).append((pk, told))

    def those(part: str, is_theirs: Callable[[Any], bool] = bool) -> frozenset[int]:
        return frozenset(pk for pk, told in found.get(part, ()) if is_theirs(told))

    return Candidates(
        to_answer=those("question", lambda told: _may_answer(page, told)),
        to_close=those("question", lambda told: _may_close(page, told)),
        decisions=those("decision"),
        areas=those("area", lambda told: _is_to_rate(page, told)),
        changes=those("change"),
        figures=those("figure"),
        owns_data="kpi" in found,
        handovers=those("handover", lambda told: _is_to_note(page, told)),
    )


@written_once
def _rows(
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
    """Each with what it is, its key, and what tells whether it waits for the user."""
    of_kpi = KpiCommitment.objects.filter(kpi=OuterRef("kpi")).order_by()
    newer = Measurement.objects.filter(
        kpi=OuterRef("kpi"), ends_on=OuterRef("ends_on"), recorded_at__gt=OuterRef("recorded_at")
    )
    seen = HandoverSeen.objects.filter(handover=OuterRef("pk")).order_by()
    # Those of a plan who are the user.
    own = Person.objects.filter(user=user).order_by().values("pk")
    judged = AreaJudgement.objects.filter(area=OuterRef("pk")).order_by(
        "-effective_at", "-recorded_at"
    )
    turns = _turns(supports=supports, decides=decides, minutes=minutes, approves=approves)
    parts: list[tuple[str, QuerySet[Any], JSONObject]] = [
        (
            "question",
            Challenge.objects.filter(open_before(until), plan=plan),
            JSONObject(
                commitment="commitment_id",
                area="area_id",
                kpi="kpi_id",
                owner=data_owners_user(day, "kpi__"),
                kpi_areas=areas_of_kpi("kpi"),
                kpi_commitments=ArraySubquery(of_kpi.values("commitment")),
                by="by_id",
                asked_by="asked_by",
                is_answered=Exists(ChallengeAnswer.objects.filter(challenge=OuterRef("pk"))),
            ),
        ),
        (
            "decision",
            with_owners(Decision.objects.filter(plan=plan, done=None), day).filter(owned_by(user)),
            JSONObject(pk="pk"),
        ),
        (
            "area",
            Area.objects.filter(pk__any=areas, withdrawn_at=None),
            JSONObject(pk="pk", judged_at=Subquery(judged.values("effective_at")[:1])),
        ),
        (
            "kpi",
            Kpi.objects.filter(data_owned_by(own, day), plan=plan),
            JSONObject(pk="pk"),
        ),
        (
            "handover",
            # As one value: a list of its own would be as many as it has keys.
            Handover.objects.filter(plan=plan, area_ids__overlap=Value(areas, KEYS)),
            JSONObject(areas="area_ids", seen=ArraySubquery(seen.values("area"))),
        ),
        (
            "figure",
            Measurement.objects.filter(
                Q(by=None) | ~Q(by=user),
                ~Exists(newer),
                kpi__plan=plan,
                kpi__needs_second_person=True,
                status=Measurement.Status.FINAL,
                second_look=None,
            ),
            JSONObject(kpi="kpi_id"),
        ),
    ]
    if turns:
        requests = ChangeRequest.objects.filter(turns, plan_of(plan), taken_back=None)
        parts.append(("change", requests, JSONObject(pk="pk")))
    first, *others = [
        candidates.order_by()
        .annotate(part=Value(part, CharField()), told=told)
        .values_list("part", "pk", "told")
        for part, candidates, told in parts
    ]
    rows: QuerySet[Any, tuple[str, int, Any]] = first.union(*others, all=True)
    return rows


def plan_of(plan: int) -> Q:
    """Requests about a commitment or a KPI of the plan, or about the plan."""
    return Q(commitment__plan=plan) | Q(kpi__plan=plan) | Q(plan=plan)


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

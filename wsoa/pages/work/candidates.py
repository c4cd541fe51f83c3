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
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from actions import access
from actions.memberships import Role
from actions.models import Area, AreaJudgement, Person, Plan
from actions.pages.plan_page import PlanPage
from actions.rules.dates import add_months, day_of
from kpis.models import (
    Kpi,
    KpiCommitment,
    Measurement,
    data_owned_by,
    data_owners_person,
    data_owners_user,
)
from wsoa.accounts.models import User
from wsoa.oversight.decisions.owners import owned_by, with_owners
from wsoa.oversight.models import (
    Challenge,
    ChallengeAnswer,
    ChangeRequest,
    Decision,
    Handover,
    HandoverSeen,
)
from wsoa.oversight.models.questions import open_on
from wsoa.oversight.subjects import areas_of_kpi

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
    return _theirs(page, _rows(_parts(page)))


# What the query found: by what it is, each row's key and what tells whose it is.
Found = dict[str, list[tuple[int, Any]]]
# What names an owner; a question is about a KPI that has one.
OWNED = ("question", "decision", "kpi")


def found_of_everybody(page: PlanPage, key_of: Callable[[int | None, int | None], int]) -> Found:
    """What may wait for anybody of the plan, in one query.

    `key_of` gives, of the user and the person whom a row names as its owner, the key that a page of
    theirs has for its user.
    """
    found = _rows(_parts(page, of_everybody=True))
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


def _rows(parts: Iterable[tuple[str, QuerySet[Any], JSONObject]]) -> Found:
    first, *others = [
        rows.annotate(part=Value(part, CharField()), told=told).values_list("part", "pk", "told")
        for part, rows, told in parts
    ]
    found: Found = {}
    for part, pk, told in first.order_by().union(*(rows.order_by() for rows in others), all=True):
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


def _parts(
    page: PlanPage, *, of_everybody: bool = False
) -> Iterable[tuple[str, QuerySet[Any], JSONObject]]:
    plan, user, granted = page.plan, page.access.user, page.access
    of_kpi = KpiCommitment.objects.filter(kpi=OuterRef("kpi")).order_by()
    yield (
        "question",
        Challenge.objects.filter(open_on(page.day), plan=plan),
        JSONObject(
            commitment="commitment_id",
            area="area_id",
            kpi="kpi_id",
            owner=data_owners_user(page.today, "kpi__"),
            owner_person=data_owners_person(page.today, "kpi__"),
            kpi_areas=areas_of_kpi("kpi"),
            kpi_commitments=ArraySubquery(of_kpi.values("commitment")),
            by="by_id",
            asked_by="asked_by",
            is_answered=Exists(ChallengeAnswer.objects.filter(challenge=OuterRef("pk"))),
        ),
    )
    decisions = with_owners(Decision.objects.filter(plan=plan, done=None), page.day)
    yield (
        "decision",
        decisions.exclude(owner=None) if of_everybody else decisions.filter(owned_by(user)),
        JSONObject(owner="owner_told__user", owner_person="owner_now"),
    )
    areas = Area.objects.filter(plan=plan, withdrawn_at=None)
    if page.state.tracked and (of_everybody or granted.sro_areas):
        judged = AreaJudgement.objects.filter(area=OuterRef("pk")).order_by(
            "-effective_at", "-recorded_at"
        )
        yield (
            "area",
            areas if of_everybody else areas.filter(pk__in=granted.sro_areas),
            JSONObject(pk="pk", judged_at=Subquery(judged.values("effective_at")[:1])),
        )
    if turns := _ANYBODYS_TURN if of_everybody else _turns(page):
        yield (
            "change",
            ChangeRequest.objects.filter(turns, plan_of(plan), taken_back=None),
            JSONObject(pk="pk"),
        )
    handovers = Handover.objects.filter(plan=plan)
    if of_everybody or granted.sro_areas:
        seen = HandoverSeen.objects.filter(handover=OuterRef("pk")).order_by()
        yield (
            "handover",
            handovers
            if of_everybody
            else handovers.filter(area_ids__overlap=sorted(granted.sro_areas)),
            JSONObject(areas="area_ids", seen=ArraySubquery(seen.values("area"))),
        )
    owned = Q() if of_everybody else data_owned_by(_people_of(user), page.today)
    yield (
        "kpi",
        Kpi.objects.filter(owned, plan=plan),
        JSONObject(owner=data_owners_user(page.today), owner_person=data_owners_person(page.today)),
    )
    newer = Measurement.objects.filter(
        kpi=OuterRef("kpi"), ends_on=OuterRef("ends_on"), recorded_at__gt=OuterRef("recorded_at")
    )
    others = Q() if of_everybody else Q(by=None) | ~Q(by=user)
    yield (
        "figure",
        Measurement.objects.filter(
            others,
            ~Exists(newer),
            kpi__plan=plan,
            kpi__needs_second_person=True,
            status=Measurement.Status.FINAL,
            second_look=None,
        ),
        JSONObject(kpi="kpi_id", by="by_id"),
    )


def _people_of(user: User) -> QuerySet[Any]:
    """Those of a plan who are the user."""
    return Person.objects.filter(user=user).order_by().values("pk")


def plan_of(plan: Plan) -> Q:
    """Requests about a commitment or a KPI of the plan, or about the plan."""
    return Q(commitment__plan=plan) | Q(kpi__plan=plan) | Q(plan=plan)


# Whatever may wait for an SRO, for the chair or for the programme team.
_ANYBODYS_TURN = (
    Q(decision=None) | Q(decision__minute=None) | Q(decision__is_agreed=True, approval=None)
)


def _turns(page: PlanPage) -> Q | None:
    """Which changes may be for the user to support, to decide or to record; None: never any."""
    granted, undecided = page.access, Q(decision=None)
    turns = []
    if granted.sro_areas:
        turns.append(undecided & Q(support=None))
    if Role.CHAIR in granted.roles:
        turns.append(undecided)
    if access.can_record_for_change(granted):
        turns.append(~undecided & Q(decision__minute=None))
        if page.plan.outside_approver:
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
    if not access.can_judge_area(page.access, told["pk"]):
        return False
    judged_at = told["judged_at"]
    return not judged_at or rating_due(day_of(datetime.fromisoformat(judged_at))) <= page.day


def rating_due(judged_on: date) -> date:
    return add_months(judged_on, RATING_MONTHS)

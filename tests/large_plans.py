"""Plans of any size, written in bulk: so many commitments, each rated for so many months.

Made up by number, so that two runs have the same: an area to every thirty commitments, an action to
every four, a KPI to every two with a figure a month. Every fifth row has been Amber since the
middle of its time, every seventh is confirmed Blue, every eleventh had its date moved.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils import timezone

from actions import memberships
from actions.models import (
    Action,
    ActionLead,
    Area,
    AreaOfficer,
    Commitment,
    CommitmentLead,
    Confirmation,
    KeyDate,
    Membership,
    Organisation,
    Person,
    Plan,
    ProgressUpdate,
    Theme,
)
from actions.models.base import date_columns
from actions.rules.dates import PlanDate, add_months, last_day_of_month, start_of_day
from kpis.models import Kpi, KpiCommitment, Measurement, TargetPoint
from tests.factories import area_numbered, make_plan, make_user, referenced
from wsoa.accounts.models import User

AREA_HOLDS = 30
ACTION_HOLDS = 4
LEADS = 12


@dataclass(frozen=True)
class LargePlan:
    plan: Plan
    officer: User
    lead: User


def make_large_plan(commitments: int, months: int) -> LargePlan:
    """A plan tracked for so many months up to the last that has ended."""
    this_month = timezone.localdate().replace(day=1)
    first = add_months(this_month, -months)
    plan = make_plan(
        starts_on=first,
        ends_on=add_months(first, months + 12),
        agreed_on=first,
        tracked_from=first,
    )
    officer = make_user("The officer")
    memberships.grant(user=officer, plan=plan, role=Membership.Role.PROGRAMME_OFFICER)
    leads = _people(plan)
    rows = _parts(plan, commitments, leads, start_of_day(first))
    _dates(rows, first, months)
    _updates(rows, first, months, officer)
    _measure(plan, rows, first, months, leads)
    assert leads[0].user is not None
    return LargePlan(plan, officer, leads[0].user)


def _people(plan: Plan) -> list[Person]:
    council = Organisation.objects.create(
        local_area=plan.local_area, code="CC", name="The county council"
    )
    people = []
    for number in range(LEADS):
        user = make_user(f"Lead {number}")
        people.append(
            Person.objects.create(
                local_area=plan.local_area, name=user.name, organisation=council, user=user
            )
        )
        memberships.grant(user=user, plan=plan, role=Membership.Role.LEAD)
    return people


def _parts(plan: Plan, many: int, leads: list[Person], added_at: datetime) -> list[Commitment]:
    areas = Area.objects.bulk_create(
        Area(plan=plan, **area_numbered(number), title=f"Area {number} of the plan")
        for number in range(1, -(-many // AREA_HOLDS) + 1)
    )
    AreaOfficer.objects.bulk_create(
        AreaOfficer(area=area, person=leads[place % LEADS]) for place, area in enumerate(areas)
    )
    themes = Theme.objects.bulk_create(
        Theme(
            plan=plan,
            area=area,
            **referenced(f"{area.ref}.1"),
            position=place,
            title=f"Theme {area.ref}.1",
        )
        for place, area in enumerate(areas)
    )
    actions = Action.objects.bulk_create(
        Action(
            plan=plan,
            area=theme.area,
            theme=theme,
            **referenced(f"{theme.ref}.{place}"),
            position=place,
            title=f"Do what {theme.ref}.{place} says, for children and families",
        )
        for theme in themes
        for place in range(1, -(-AREA_HOLDS // ACTION_HOLDS) + 1)
    )
    ActionLead.objects.bulk_create(
        ActionLead(action=action, person=leads[place % LEADS], position=0)
        for place, action in enumerate(actions)
    )
    places = ((action, letter) for action in actions for letter in "abcd")
    rows = Commitment.objects.bulk_create(
        Commitment(
            plan=plan,
            action=action,
            **referenced(f"{action.ref}{letter}"),
            position=place,
            evidence=f"What {action.ref}{letter} promises is there, agreed and in use",
            measures=["Fewer families wait"],
            added_at=added_at,
        )
        for place, (action, letter) in enumerate(islice(places, many))
    )
    CommitmentLead.objects.bulk_create(
        CommitmentLead(commitment=row, person=leads[place % LEADS], position=0)
        for place, row in enumerate(rows)
    )
    return rows


def _dates(rows: list[Commitment], first: date, months: int) -> None:
    said: dict[str, Any] = {"source": "plan as agreed", "effective_at": start_of_day(first)}
    dates = KeyDate.objects.bulk_create(
        KeyDate(
            commitment=row,
            kind="completion",
            position=0,
            **date_columns(PlanDate(add_months(first, 3 + place % (months + 6)))),
            **said,
        )
        for place, row in enumerate(rows)
    )
    KeyDate.objects.bulk_create(
        KeyDate(
            commitment=row.commitment,
            kind=row.kind,
            position=0,
            **date_columns(PlanDate(add_months(row.first_day, 2))),
            replaces=row,
            reason="The tender ran twice",
            source="minutes",
            effective_at=start_of_day(add_months(first, 2)),
        )
        for row in dates[::11]
    )


def _rating(place: int, month: int, months: int) -> str:
    if place % 7 == 0 and month >= months // 2:
        return "blue"
    if place % 5 == 0 and month >= months // 2:
        return "amber"
    return "grey" if month < 1 + place % 3 else "green"


def _updates(rows: list[Commitment], first: date, months: int, by: User) -> None:
    for month in range(months):
        said_at = start_of_day(add_months(first, month)) + timedelta(days=24, hours=10)
        blue_at = said_at + timedelta(days=1)
        updates = ProgressUpdate.objects.bulk_create(
            ProgressUpdate(
                commitment=row,
                brag=rating,
                progress=f"In month {month + 1} the work went on as agreed with the partners.",
                late_reason="The building was not ready." if rating == "amber" else "",
                by=by,
                effective_at=said_at,
            )
            for place, row in enumerate(rows)
            for rating in [_rating(place, month, months)]
            if rating != "blue" or month == months // 2
        )
        Confirmation.objects.bulk_create(
            Confirmation(
                update=update,
                commitment=update.commitment,
                is_confirmed=True,
                by=by,
                effective_at=blue_at,
            )
            for update in updates
            if update.brag == "blue"
        )


def _measure(
    plan: Plan, rows: list[Commitment], first: date, months: int, owners: list[Person]
) -> None:
    kpis = Kpi.objects.bulk_create(
        Kpi(
            plan=plan,
            code=f"K{row.ref}",
            position=place,
            title=f"Weeks waited, {row.ref}",
            unit="weeks",
            direction=Kpi.Direction.LOWER,
            kind=Kpi.Kind.QUANTITY,
            frequency=Kpi.Frequency.MONTHLY,
            baseline=60,
            data_owner=owners[place % LEADS],
            **date_columns(PlanDate(first), "baseline_"),
        )
        for place, row in enumerate(rows[::2])
    )
    KpiCommitment.objects.bulk_create(
        KpiCommitment(kpi=kpi, commitment=row, position=0)
        for kpi, row in zip(kpis, rows[::2], strict=True)
    )
    TargetPoint.objects.bulk_create(
        TargetPoint(
            kpi=kpi,
            position=0,
            **date_columns(PlanDate(add_months(first, months + 6))),
            value=20,
            operator="at_most",
            kind="final",
            source="plan as agreed",
            effective_at=start_of_day(first),
        )
        for kpi in kpis
    )
    for month in range(months - 1):
        starts_on = add_months(first, month)
        Measurement.objects.bulk_create(
            Measurement(
                kpi=kpi,
                starts_on=starts_on,
                ends_on=last_day_of_month(starts_on),
                status=Measurement.Status.FINAL,
                value=Decimal(60 - (month * 40) // months + (place + month) % 5),
                source="a file",
                effective_at=start_of_day(add_months(starts_on, 1)) + timedelta(hours=9),
            )
            for place, kpi in enumerate(kpis)
        )

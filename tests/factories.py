"""Plans and people for tests. They set only what the product itself could have set."""

from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from actions import memberships
from actions.models import (
    Action,
    ActionLead,
    Area,
    AreaOfficer,
    Body,
    Commitment,
    CommitmentLead,
    Finding,
    KeyDate,
    LocalArea,
    Membership,
    Organisation,
    Person,
    Plan,
    ProgressUpdate,
    Theme,
    UpdateCycle,
)
from actions.models.base import date_columns
from actions.progress.update_answers import UpdateAnswers
from actions.progress.updates import record_update
from actions.rules.dates import LONDON, PlanDate, start_of_day
from actions.rules.status import Rating
from kpis.models import Kpi, KpiCommitment, Measurement, TargetPoint
from kpis.recording.measurements import Entry, record_figures
from kpis.rules.facts import Status
from kpis.rules.validation import Given, period_of
from wsoa.accounts.models import User
from wsoa.oversight.models import Meeting

Role = Membership.Role
AGREED_ON = date(2021, 12, 24)
_numbers = count(1)


def make_user(name: str, **fields: Any) -> User:
    email = f"{name.lower().replace(' ', '.')}{next(_numbers)}@example.org"
    return User.objects.create_user(email=email, name=name, password="long-enough-word", **fields)


def make_plan(slug: str = "", **fields: Any) -> Plan:
    """An agreed plan of Warwickshire's months, tracked from its start, with nothing in it."""
    number = next(_numbers)
    local_area = fields.pop("local_area", None) or LocalArea.objects.create(name=f"Area {number}")
    values: dict[str, Any] = {
        "kind": Plan.Kind.WSOA,
        "title": f"Statement {number}",
        "starts_on": date(2022, 1, 1),
        "ends_on": date(2023, 6, 1),
        "state": Plan.State.AGREED,
        "agreed_on": AGREED_ON,
        "tracked_from": date(2022, 1, 1),
    }
    return Plan.objects.create(
        slug=slug or f"plan-{number}", local_area=local_area, **(values | fields)
    )


def area_numbered(number: int) -> dict[str, Any]:
    """What an area is known by in a plan that numbers its areas."""
    return {
        "code": str(number),
        "ref": str(number),
        "label": f"Area {number}",
        "position": number,
    }


def referenced(ref: str) -> dict[str, str]:
    """What a part is known by that prints its code."""
    return {"code": ref, "ref": ref}


def make_area(plan: Plan, number: int, sro: Person | None = None) -> Area:
    area = Area.objects.create(
        plan=plan, **area_numbered(number), title=f"Area {number} of the plan"
    )
    if sro:
        AreaOfficer.objects.create(area=area, person=sro)
    return area


def make_finding(
    plan: Plan, kind: str = "significant_weakness", number: str = "1", **fields: Any
) -> Finding:
    """A finding of the plan's inspection; of the plan itself where that names none."""
    of = {"inspection": plan.inspection} if plan.inspection else {"plan": plan}
    place = next(_numbers)
    values = {"text": f"What was found, {kind} {number}", "code": f"{plan.slug}-{place}"}
    return Finding.objects.create(
        local_area=plan.local_area,
        position=place,
        kind=kind,
        number=number,
        **(values | of | fields),
    )


def make_action(area: Area, ref: str) -> Action:
    theme_ref = ref.rpartition(".")[0]
    theme, _ = Theme.objects.get_or_create(
        plan=area.plan,
        code=theme_ref,
        defaults={
            "area": area,
            "ref": theme_ref,
            "position": next(_numbers),
            "title": f"Theme {theme_ref}",
        },
    )
    return Action.objects.create(
        plan=area.plan,
        area=area,
        theme=theme,
        **referenced(ref),
        position=next(_numbers),
        title=f"Do what {ref} says",
    )


def make_commitment(
    action: Action,
    letter: str = "a",
    *,
    leads: tuple[Person, ...] = (),
    due: str = "",
    dates: tuple[tuple[str, str], ...] = (),
    **fields: Any,
) -> Commitment:
    """A commitment of an agreed plan. `due` and `dates` (kind, date) are as first agreed."""
    ref = f"{action.ref}{letter}"
    commitment = Commitment.objects.create(
        plan=action.plan,
        action=action,
        **referenced(ref),
        position=next(_numbers),
        **(
            {"evidence": f"What {ref} promises is there", "added_at": start_of_day(AGREED_ON)}
            | fields
        ),
    )
    for position, person in enumerate(leads):
        CommitmentLead.objects.create(commitment=commitment, person=person, position=position)
        ActionLead.objects.get_or_create(
            action=action, person=person, defaults={"position": position}
        )
    agreed = [("completion", due)] if due else []
    for position, (kind, when) in enumerate([*agreed, *dates]):
        make_key_date(commitment, kind, when, position)
    return commitment


def make_key_date(commitment: Commitment, kind: str, when: str, position: int = 0) -> KeyDate:
    found = PlanDate.parse(when)
    return KeyDate.objects.create(
        commitment=commitment,
        kind=kind,
        **date_columns(found),
        position=position,
        effective_at=start_of_day(AGREED_ON),
        source="plan as agreed",
    )


def at(text: str) -> datetime:
    """`2023-01-24` or `2023-01-24 15:30`, in London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def make_world() -> SimpleNamespace:
    """One plan of two organisations, with somebody in every role and an outsider.

    1.1.1a has two leads, one of each organisation; 1.1.1b the first of them; 2.1.1a the second.
    """
    plan = make_plan()
    council, nhs = (
        Organisation.objects.create(local_area=plan.local_area, code=code, name=name)
        for code, name in (("CC", "The county council"), ("NHS", "The health board"))
    )
    users = {
        name: make_user(f"The {name.replace('_', ' ')}")
        for name in [
            "officer",
            "lead",
            "other_lead",
            "sro",
            "other_sro",
            "chair",
            "member",
            "forum",
            "reader",
            "outsider",
        ]
    }
    users["superuser"] = User.objects.create_superuser(
        email=f"super{next(_numbers)}@example.org",
        name="The superuser",
        password="long-enough-word",
    )
    people = {
        name: Person.objects.create(
            local_area=plan.local_area,
            name=users[name].name,
            organisation=organisation,
            user=users[name],
        )
        for name, organisation in (
            ("lead", council),
            ("other_lead", nhs),
            ("sro", council),
            ("other_sro", nhs),
        )
    }
    area = make_area(plan, 1, people["sro"])
    other_area = make_area(plan, 2, people["other_sro"])
    action = make_action(area, "1.1.1")
    other_action = make_action(other_area, "2.1.1")
    leads = (people["lead"], people["other_lead"])
    commitment = make_commitment(action, "a", leads=leads, due="2022-12")
    second = make_commitment(action, "b", leads=leads[:1], due="2023-03")
    elsewhere = make_commitment(other_action, "a", leads=leads[1:], due="2022-09")
    for name, role, of in (
        ("officer", Role.PROGRAMME_OFFICER, None),
        ("lead", Role.LEAD, None),
        ("other_lead", Role.LEAD, None),
        ("sro", Role.SRO, area),
        ("other_sro", Role.SRO, other_area),
        ("chair", Role.CHAIR, None),
        ("member", Role.MEMBER, None),
        ("forum", Role.FORUM, None),
        ("reader", Role.READER, None),
    ):
        memberships.grant(user=users[name], plan=plan, role=role, area=of)
    return SimpleNamespace(
        plan=plan,
        area=area,
        other_area=other_area,
        action=action,
        other_action=other_action,
        commitment=commitment,
        second=second,
        elsewhere=elsewhere,
        people=people,
        users=users,
        council=council,
        nhs=nhs,
    )


def yesterday() -> datetime:
    return timezone.now() - timedelta(days=1)


def make_kpi(
    plan: Plan, code: str = "K1", commitments: tuple[Commitment, ...] = (), **fields: Any
) -> Kpi:
    """A monthly quantity in weeks, of which less is better, for these commitments."""
    values: dict[str, Any] = {
        "title": f"What {code} measures",
        "unit": "weeks",
        "direction": Kpi.Direction.LOWER,
        "kind": Kpi.Kind.QUANTITY,
        "frequency": Kpi.Frequency.MONTHLY,
    }
    if when := fields.pop("baseline_date", None):
        fields |= date_columns(PlanDate.parse(when), "baseline_")
    kpi = Kpi.objects.create(plan=plan, code=code, position=next(_numbers), **(values | fields))
    for position, commitment in enumerate(commitments):
        KpiCommitment.objects.create(kpi=kpi, commitment=commitment, position=position)
    return kpi


def make_target(kpi: Kpi, value: Any, by: str = "", operator: str = "at_most") -> TargetPoint:
    """A target as first agreed; `by` as plan files have it, empty where it has no date."""
    when = PlanDate.parse(by) if by else None
    return TargetPoint.objects.create(
        kpi=kpi,
        position=next(_numbers),
        **date_columns(when),
        value=value,
        operator=operator,
        kind=TargetPoint.Kind.FINAL,
        effective_at=start_of_day(AGREED_ON),
        source="plan as agreed",
    )


def make_update(
    commitment: Commitment,
    by: User,
    brag: str = "green",
    progress: str = "Work goes on.",
    **more: Any,
) -> ProgressUpdate:
    """An update as its form would record it. `more` are other answers and the verb's arguments."""
    answers = {
        field.name: more.pop(field.name) for field in fields(UpdateAnswers) if field.name in more
    }
    return record_update(
        commitment=commitment,
        by=by,
        answers=UpdateAnswers(brag=Rating(brag), progress=progress, **answers),
        **more,
    )


def make_cycle(plan: Plan, starts_on: date, kind: str = "monthly", **fields: Any) -> UpdateCycle:
    """How a plan asks for updates from a day on, past days too."""
    if kind == "meetings" or fields.get("is_before_papers"):
        fields.setdefault("days_before_papers", 5)
    return UpdateCycle.objects.create(
        plan=plan, starts_on=starts_on, kind=kind, source="test", **fields
    )


def make_meeting(plan: Plan, days: int = 0, kind: str = "steering_group") -> Meeting:
    """A meeting of a body of this kind, so many days from today; its papers a week before."""
    body, _ = Body.objects.get_or_create(
        plan=plan,
        kind=kind,
        defaults={"position": next(_numbers), "name": f"The {kind.replace('_', ' ')}"},
    )
    held_on = timezone.localdate() + timedelta(days=days)
    return Meeting.objects.create(
        plan=plan, body=body, held_on=held_on, papers_due_on=held_on - timedelta(days=7)
    )


def record_figure(
    kpi: Kpi, month: str, value: Any = None, *, by: User | None = None, **fields: Any
) -> Measurement:
    """The figure of the period that holds a month (`2022-03`), as its page would record it."""
    starts_on, ends_on = period_of(kpi, PlanDate.parse(month).first_day)
    options = {
        name: fields.pop(name) for name in ("reason", "effective_at", "source") if name in fields
    }
    for name in {"numerator", "denominator", "compared_with"} & fields.keys():
        fields[name] = Decimal(str(fields[name]))
    given = Given(
        starts_on,
        ends_on,
        Status(fields.pop("status", "final")),
        None if value is None else Decimal(str(value)),
        **fields,
    )
    entry = Entry(kpi.pk, given, options.pop("reason", ""))
    if by is None:
        options.setdefault("source", "returns")
    (row,) = record_figures(
        plan=kpi.plan, entries=[entry], by=by, today=timezone.localdate(), **options
    )
    return row

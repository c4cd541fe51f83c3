"""A measure's target and baseline change by request."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions.models import Body
from actions.models.base import date_columns
from actions.rules.dates import PlanDate
from kpis.models import Kpi, TargetPoint
from kpis.recording.history import load_kpis
from tests.factories import make_world, yesterday
from wsoa.oversight.changes import change_requests as changes
from wsoa.oversight.changes.change_requests import Step
from wsoa.oversight.changes.kpi_change_requests import ask
from wsoa.oversight.models import ChangeRequest, Meeting

TODAY = timezone.localdate()
NEXT = PlanDate.month_of(TODAY).plus_months(6)


@pytest.fixture
def world(db):
    world = make_world()
    body = Body.objects.create(
        plan=world.plan, name="Steering group", kind=Body.Kind.STEERING_GROUP, position=1
    )
    world.meeting = Meeting.objects.create(
        plan=world.plan, body=body, held_on=TODAY, papers_due_on=TODAY
    )
    world.kpi = Kpi.objects.create(
        plan=world.plan,
        code="K1",
        position=1,
        title="Waits",
        unit="weeks",
        direction="lower",
        kind="quantity",
        baseline=242,
        **date_columns(PlanDate.parse("2022-01"), "baseline_"),
    )
    world.target = TargetPoint.objects.create(
        kpi=world.kpi,
        position=1,
        **date_columns(PlanDate.parse("2023-06")),
        value=125,
        operator="at_most",
        kind="final",
        effective_at=yesterday(),
        source="plan",
    )
    return world


def agree(world, request):
    changes.decide(
        request=request, by=world.users["chair"], is_agreed=True, meeting=world.meeting, today=TODAY
    )


def targets(world):
    book = load_kpis([world.plan], TODAY, worded_day=None)
    return [(one.level, one.on) for one in book.states()[world.kpi.pk].targets]


def test_the_old_target_stands_until_the_new_one_is_agreed(world):
    request = ask(
        kpi=world.kpi,
        today=TODAY,
        by=world.users["lead"],
        reason="A second provider starts later.",
        target=world.target,
        wanted_value=Decimal(140),
        wanted_on=NEXT,
    )
    assert targets(world) == [(125, PlanDate.parse("2023-06"))]
    agree(world, request)
    assert targets(world) == [(140, NEXT)]
    assert "decided by Steering group" in TargetPoint.objects.get(replaces=world.target).reason


def test_a_baseline_is_replaced_and_its_history_kept(world):
    agree(
        world,
        ask(
            kpi=world.kpi,
            today=TODAY,
            by=world.users["lead"],
            reason="The first count left out 12 children.",
            wanted_value=Decimal(250),
        ),
    )
    world.kpi.refresh_from_db()
    assert world.kpi.baseline == 250
    assert [event.baseline for event in world.kpi.events.order_by("pgh_id")] == [242, 250]


def test_an_ask_about_a_target_that_changed_meanwhile_is_overtaken(world):
    first, second = (
        ask(
            kpi=world.kpi,
            today=TODAY,
            by=world.users["lead"],
            reason="A second provider starts later.",
            target=world.target,
            wanted_value=Decimal(value),
        )
        for value in (140, 150)
    )
    agree(world, first)
    assert changes.step_of(ChangeRequest.objects.get(pk=second.pk)) is Step.OVERTAKEN


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"wanted_value": None}, "wanted_value"),
        ({"wanted_value": Decimal(125), "wanted_on": PlanDate.parse("2023-06")}, "wanted_value"),
        ({"reason": ""}, "reason"),
        ({"wanted_on": PlanDate.parse("2022-01")}, "wanted_on"),
    ],
)
def test_what_says_nothing_new_is_refused_at_its_field(world, fields, field):
    values = {"wanted_value": Decimal(140), "target": world.target, "reason": "Late."}
    with pytest.raises(ValidationError) as refusal:
        ask(kpi=world.kpi, by=world.users["lead"], today=TODAY, **(values | fields))
    assert field in refusal.value.message_dict
    assert not ChangeRequest.objects.exists()

"""A fragment in a plan that came from a file: what else is there stays, and the next file asks."""

import pytest
from django.utils import timezone

from actions import memberships
from actions.models import Commitment, KeyDate, Membership, Plan
from kpis.models import Kpi
from tests.planfile.files import small
from wsoa.oversight.changes import plan_change_requests
from wsoa.planfile import growing
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format.fragment import Occasion, Part, grown
from wsoa.planfile.importing import ImportRefusedError, import_plan

TODAY = timezone.localdate()
ON = Occasion("2022-03-01", "A stocktake asked")


def new(part, ref, within, **says):
    return {"kind": part, "act": "add", "ref": ref, "within": within, "says": says}


def bring(plan, officer, *parts):
    memberships.grant(user=officer, plan=plan, role=Membership.Role.PROGRAMME_OFFICER)
    request = plan_change_requests.ask(
        plan=plan, parts=list(parts), by=officer, reason="A stocktake asked.", today=TODAY
    )
    growing.take_effect(request, officer, "Olive Officer", "Steering Group, 1 March 2022")


@pytest.mark.usefixtures("small_plan")
def test_a_later_file_from_before_is_refused_until_it_has_what_the_request_brought(officer):
    plan = Plan.objects.get(slug="small-2022")
    bring(plan, officer, new("commitment", "2.1.1b", "2.1.1", evidence="Families are heard"))

    with pytest.raises(ImportRefusedError) as refusal:
        import_plan(small(), by=officer, reason="A newer paper")
    assert [change.what for change in refusal.value.diff.edited_since] == ["commitment 2.1.1b"]


@pytest.mark.django_db
def test_a_whole_plan_as_printed_grows_and_nothing_else_of_it_changes(warwickshire, officer):
    import_plan(warwickshire, name="warwickshire-2022.yaml")
    plan = Plan.objects.get(slug=warwickshire.plan.slug)
    dates, kpis = KeyDate.objects.count(), Kpi.objects.count()
    before = export_plan(plan).decode().splitlines()
    action = warwickshire.actions[0].ref
    bring(plan, officer, new("commitment", f"{action}z", action, evidence="Families are heard"))

    after = export_plan(plan).decode().splitlines()
    assert (KeyDate.objects.count(), Kpi.objects.count()) == (dates, kpis)
    assert Commitment.objects.get(code=f"{action}z").evidence == "Families are heard"
    added = [line for line in after if line not in before]
    assert [line for line in before if line not in after] == []
    assert len(added) == 1
    assert "Families are heard" in added[0]


@pytest.mark.parametrize(
    ("part", "field", "message"),
    [
        (new("theme", "1.2", "1"), "title", "is missing"),
        (new("theme", "1.1", "1", title="x"), "ref", "The plan has 1.1 already"),
        (new("commitment", "1.1.1d", "7.7.7", evidence="x"), "", "7.7.7 is no longer in the plan"),
        (new("commitment", "1.1.1d", "1.1.1"), "", "give one of evidence, criteria"),
        (new("kpi", "wait", "", title="x"), "ref", "The plan has wait already"),
        (new("date", "", "1.1.1a", kind="interim", date="2022-13"), "date", "does not exist"),
        (
            new("date", "", "1.1.1a", kind="completion", date="2023-01"),
            "",
            "one completion date at most",
        ),
        (
            new("target", "", "wait", value="many", operator="at_most"),
            "value",
            "should be a number",
        ),
    ],
)
def test_what_stands_against_a_part_is_told_at_its_field(part, field, message):
    (fault,) = grown(small(), [Part.model_validate(part)], ON).faults

    assert (fault.part, fault.field) == (0, field)
    assert message in fault.message


def test_a_part_that_holds_others_leaves_after_them():
    def out(kind, ref):
        return Part(kind=kind, act="withdraw", ref=ref, within="")

    (fault,) = grown(small(), [out("action", "2.1.1")], ON).faults
    assert "take that out of the plan first" in fault.message
    both = grown(small(), [out("commitment", "2.1.1a"), out("action", "2.1.1")], ON)
    assert both.faults == ()
    assert "2.1.1" not in [action.ref for action in both.file.actions]

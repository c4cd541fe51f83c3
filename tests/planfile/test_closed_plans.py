"""A plan file says how a plan was closed, and what its rows and KPIs go on from."""

from datetime import date

import pytest

from actions.models import ClosingOutcome, Commitment, Plan
from actions.rules.dates import day_of
from kpis.models import Kpi
from tests.factories import make_user
from tests.planfile.files import small
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.format.reading import read
from wsoa.planfile.importing import import_plan

pytestmark = pytest.mark.django_db

AGREED = '  agreed_on: "2021-12-24"\n'
CLOSED = (AGREED, f'{AGREED}  closed_on: "2023-06-30"\n  closed_by: "Steering group"\n')
ROW = 'evidence: "Families are asked"'
NOT_NEEDED = (ROW, f'{ROW}, closing: {{outcome: "not_needed", reason: "Now a duty"}}')
SLUG = ('slug: "small-2022"', 'slug: "next-2023"\n  predecessors: ["small-2022"]')
CONTINUES = (ROW, f'{ROW}, continues: {{plan: "small-2022", ref: "2.1.1a"}}')
KPI = (
    '  - code: "wait"\n',
    '  - code: "wait"\n    continues: {plan: "small-2022", code: "wait"}\n',
)


def problems(*edits):
    with pytest.raises(PlanFileError) as refused:
        import_plan(small(*edits))
    return [str(problem) for problem in refused.value.problems]


def test_a_closed_plan_comes_in_closed_and_goes_out_the_same():
    import_plan(small(CLOSED, NOT_NEEDED))
    plan = Plan.objects.get()
    assert (plan.state, plan.closed_on, plan.closed_by) == (
        "closed",
        date(2023, 6, 30),
        "Steering group",
    )
    said = ClosingOutcome.objects.get()
    assert (said.commitment.code, said.outcome, said.reason) == (
        "2.1.1a",
        "not_needed",
        "Now a duty",
    )
    assert day_of(said.effective_at) == date(2023, 6, 30)
    file = read(export_plan(plan)).file
    assert (file.plan.closed_on, file.plan.closed_by) == ("2023-06-30", "Steering group")
    assert not import_plan(file)


def test_what_was_carried_forward_says_what_it_goes_on_from():
    import_plan(small(CLOSED))
    import_plan(small(SLUG, CONTINUES, KPI))
    row = Commitment.objects.get(plan__slug="next-2023", code="2.1.1a")
    old = Commitment.objects.get(plan__slug="small-2022", code="2.1.1a")
    assert (row.continues, row.lineage) == (old, old.pk)
    kpi = Kpi.objects.get(plan__slug="next-2023", code="wait")
    assert kpi.continues == Kpi.objects.get(plan__slug="small-2022", code="wait")
    assert kpi.lineage == kpi.continues.pk
    file = read(export_plan(row.plan)).file
    assert file.plan.predecessors == ["small-2022"]
    assert not import_plan(file)


def test_a_chain_goes_on_from_its_first_row():
    import_plan(small(CLOSED))
    import_plan(small(SLUG, CONTINUES, CLOSED))
    third = ('slug: "small-2022"', 'slug: "third-2025"\n  predecessors: ["next-2023"]')
    from_second = (ROW, f'{ROW}, continues: {{plan: "next-2023", ref: "2.1.1a"}}')
    import_plan(small(third, from_second))
    first = Commitment.objects.get(plan__slug="small-2022", code="2.1.1a")
    last = Commitment.objects.get(plan__slug="third-2025", code="2.1.1a")
    assert last.lineage == first.pk


def test_what_does_not_hold_together_is_named():
    assert problems(NOT_NEEDED) == [
        "areas[1].themes[0].actions[0].commitments[0].closing: the plan is not closed: closed_on is"
        " missing"
    ]
    early = (AGREED, f'{AGREED}  closed_on: "2021-12-01"\n')
    assert problems(early) == [
        "plan.closed_on: 2021-12-01 is before the plan was agreed, 2021-12-24"
    ]
    assert problems(CONTINUES) == [
        'areas[1].themes[0].actions[0].commitments[0].continues.plan: "small-2022" is none of'
        " predecessors"
    ]


def test_a_row_that_is_not_there_is_named():
    import_plan(small(CLOSED))
    wrong = (ROW, f'{ROW}, continues: {{plan: "small-2022", ref: "9.9.9z"}}')
    assert problems(SLUG, wrong) == [
        "areas[1].themes[0].actions[0].commitments[0].continues.ref: the plan"
        ' "small-2022" has no "9.9.9z"'
    ]


def test_no_file_closes_a_plan_that_is_here():
    import_plan(small())
    with pytest.raises(PlanFileError, match="closed on its page"):
        import_plan(small(CLOSED), by=make_user("officer"), reason="It is over")
    assert Plan.objects.get().state == Plan.State.AGREED

"""Each plan is typed as it is printed, and comes back as it was typed."""

import pytest
from django.utils import timezone

from actions.models import Finding, Plan
from tests.unlike.tracking import PLANS
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format import checks
from wsoa.planfile.format.reading import read_plan_file
from wsoa.planfile.importing import import_plan

FILES = ["accelerated.yaml", "priority.yaml", "improvement.yaml", "strategic.yaml"]


@pytest.mark.parametrize("name", FILES)
def test_the_file_has_no_problem(name):
    file = read_plan_file(PLANS / name)
    assert not checks.problems_of(file) + checks.problems_on(file, timezone.localdate())


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_it_comes_back_byte_by_byte(name):
    file = read_plan_file(PLANS / name)
    import_plan(file)
    plan = Plan.objects.get()

    assert export_plan(plan) == (PLANS / name).read_bytes()
    assert not import_plan(file)


@pytest.mark.django_db
def test_the_findings_of_one_inspection_are_shared_by_its_two_plans():
    priority, improvement = (
        read_plan_file(PLANS / f"{name}.yaml") for name in ("priority", "improvement")
    )
    import_plan(priority)
    import_plan(improvement)

    assert Finding.objects.count() == 8
    assert not import_plan(priority)
    assert not import_plan(improvement)
    for plan, name in zip(Plan.objects.order_by("id"), ("priority", "improvement"), strict=True):
        assert export_plan(plan) == (PLANS / f"{name}.yaml").read_bytes()

"""The plan that is to follow the sample: a draft with a little in it, as its officer left it."""

from typing import Any

from actions.models import AreaOfficer, CommitmentLead, Person, Plan
from actions.plan import editing
from actions.plan.editing import PARTS
from actions.plan.starting.starting import start_plan
from actions.rules.dates import PlanDate
from wsoa.accounts.models import User

SLUG = "sample-draft"


def load_next(sample: Plan, officer: User) -> Plan:
    """Type a small draft in, by the verbs that its officer's pages use."""
    starts = (sample.ends or sample.starts).plus_months(1)
    plan = start_plan(
        by=officer,
        local_area=sample.local_area,
        title="Sample improvement plan",
        kind=Plan.Kind.IMPROVEMENT,
        starts=starts,
        ends=starts.plus_months(23),
        predecessors=[sample],
    )
    plan.slug = SLUG
    plan.save(update_fields=["slug"])

    def add(part: str, holder: Any, **values: Any) -> Any:
        return editing.add(PARTS[part], plan=plan, holder=holder, values=values, by=officer)

    area = add(
        "area",
        plan,
        reference="1",
        title="Waits after a referral",
        outcomes=["Families know where they stand", "No child waits over a year"],
    )
    answers = _first(Person, areas__area__plan=sample)
    if answers:
        AreaOfficer.objects.create(area=area, person=answers)
    theme = add("theme", area, reference="1.1", title="Help while waiting")
    action = add("action", theme, reference="1.1.1", title="Offer help before a diagnosis")
    lead = _first(Person, leads__in=CommitmentLead.objects.filter(commitment__plan=sample))
    if lead:
        add("action-lead", action, person=lead)
    first = add(
        "commitment",
        action,
        reference="1.1.1a",
        evidence="A helpline answers on every working day.",
    )
    second = add(
        "commitment",
        action,
        reference="1.1.1b",
        evidence="Every family on the list has had a call, and the calls are counted.",
    )
    add("date", first, kind="completion", when=starts.plus_months(5))
    add("date", second, kind="interim", when=starts.plus_months(3))
    add("date", second, kind="completion", when=_end_of(starts))
    kpi = add(
        "kpi",
        plan,
        code="1.1.1-1",
        title="Families called within a month of referral",
        unit="%",
        direction="higher",
        kind="rate",
        frequency="monthly",
        numerator="Families called within a month",
        denominator="Families referred",
        commitments=[second],
    )
    add("target", kpi, kind="final", operator="at_least", value=90, when=_end_of(starts))
    return plan


def _first(model: Any, **filters: Any) -> Any:
    return model.objects.filter(**filters).order_by("position", "id").first()


def _end_of(starts: PlanDate) -> PlanDate:
    return starts.plus_months(11)

"""The two real plans are complete: counted against the documents. No database."""

from collections import Counter
from decimal import Decimal

from wsoa.planfile.format.schema import PlanFile


def test_warwickshires_structure(warwickshire: PlanFile):
    counts = [
        len(warwickshire.areas),
        sum(len(area.outcomes) for area in warwickshire.areas),
        len(warwickshire.themes),
        len(warwickshire.actions),
        len(warwickshire.commitments),
    ]

    assert counts == [5, 11, 10, 19, 71]
    assert [len(area.outcomes) for area in warwickshire.areas] == [3, 3, 2, 2, 1]


def test_warwickshires_dates(warwickshire: PlanFile):
    dates = [date for commitment in warwickshire.commitments for date in commitment.key_dates]

    assert len(dates) == 102
    assert len({date.date for date in dates}) == 20
    assert max(str(date.date) for date in dates) == "2024-03"


def test_warwickshires_measures_reports_and_papers(warwickshire: PlanFile):
    assert len(warwickshire.kpis) == 41
    assert len(warwickshire.report_series) == 4
    assert len(warwickshire.engagement) == 28
    assert len(warwickshire.glossary) == 114
    assert len({term.abbreviation for term in warwickshire.glossary}) == 113
    assert len(warwickshire.weaknesses) == 5
    assert len(warwickshire.plan.signatories) == 4


def test_warwickshires_people(warwickshire: PlanFile):
    leads = {
        name
        for action in warwickshire.actions
        for commitment in action.commitments
        for name in (action.leads if commitment.leads is None else commitment.leads)
    }

    assert len(leads) == 17
    assert {area.senior_responsible_officer for area in warwickshire.areas} <= {
        person.name for person in warwickshire.people
    }


def test_warwickshires_bodies(warwickshire: PlanFile):
    steering = next(body for body in warwickshire.bodies if body.kind == "steering_group")
    groups = [body for body in warwickshire.bodies if body.kind == "working_group"]
    in_groups = [name for body in groups for line in body.members for name in line.people]

    assert len(steering.members) == 14
    assert sum(len(line.people) for line in steering.members) == 15
    assert sum(len(body.members) for body in groups) == 39
    assert len(in_groups) == 40
    assert len(set(in_groups)) == 33


def test_warwickshires_money(warwickshire: PlanFile):
    sums = Counter(
        resource.amount
        for action in warwickshire.actions
        for resources in [action.resources, *(part.resources for part in action.commitments)]
        for resource in resources
        if resource.amount is not None
    )
    years: Counter[str] = Counter()
    for line in warwickshire.funding:
        for amount in line.amounts:
            years[amount.year] += int(amount.amount or 0)

    assert sums == {Decimal(number): 1 for number in (250_000, 64_000, 20_000, 15_000)}
    assert len(warwickshire.funding) == 6
    # 57,750 + 41,000 = 98,750
    assert years == {"2021/22": 57_750, "2022/23": 41_000}


def test_worcestershires_weaknesses_and_verdicts(worcestershire: PlanFile):
    verdicts = [
        judgement.verdict
        for weakness in worcestershire.weaknesses
        for judgement in weakness.judgements
    ]

    assert len(worcestershire.weaknesses) == 12
    assert Counter(verdicts) == {"sufficient": 8, "not_sufficient": 4}
    assert worcestershire.areas == []

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
    assert len([line for line in warwickshire.funding if line.total is None]) == 6
    # 57,750 + 41,000 = 98,750
    assert years == {"2021/22": 57_750, "2022/23": 41_000}


def test_worcestershires_weaknesses_and_verdicts(worcestershire: PlanFile):
    verdicts = [
        judgement.verdict for finding in worcestershire.findings for judgement in finding.judgements
    ]

    assert len(worcestershire.findings) == 12
    assert Counter(verdicts) == {"sufficient": 8, "not_sufficient": 4}
    assert worcestershire.areas == []


def test_warwickshires_findings_are_those_of_the_letter(warwickshire: PlanFile):
    kinds = Counter(finding.kind for finding in warwickshire.findings)
    parts = Counter(
        (finding.reference, finding.kind) for finding in warwickshire.findings if finding.reference
    )

    assert kinds == {
        "significant_weakness": 5,
        "area_for_development": 17,
        "area_for_improvement": 2,
        "strength": 33,
    }
    assert parts == {
        ("Identifying needs", "strength"): 8,
        ("Identifying needs", "area_for_development"): 6,
        ("Meeting needs", "strength"): 15,
        ("Meeting needs", "area_for_development"): 11,
        ("Improving outcomes", "strength"): 10,
        ("Improving outcomes", "area_for_improvement"): 2,
    }
    assert {finding.inspection for finding in warwickshire.findings} == {"2021-07"}


def test_warwickshires_findings_carry_the_letters_numbers(warwickshire: PlanFile):
    texts = {finding.key: finding.text for finding in warwickshire.findings}

    for key, facts in {
        "2021-07-s1": ["90%", "20 weeks"],
        "2021-07-s19": ["2019"],
        "2021-07-s24": ["80%"],
        "2021-07-s30": ["2018/2019"],
        "2021-07-d2": ["20 weeks", "4 weeks"],
        "2021-07-d4": ["28 days"],
        "2021-07-d10": ["18 months"],
        "2021-07-d14": ["14 years"],
        "2021-07-i1": ["19", "level three", "level two"],
    }.items():
        for fact in facts:
            assert fact in texts[key], key


def test_warwickshires_findings_are_tied_to_what_answers_them(warwickshire: PlanFile):
    by_area = {area.ref: area.answers for area in warwickshire.areas}
    by_action = {action.ref: action.answers for action in warwickshire.actions if action.answers}
    by_row = {row.ref: row.answers for row in warwickshire.commitments if row.answers}

    assert by_area == {number: [f"2021-07-w{number}"] for number in "12345"}
    assert len(by_action) == 12
    assert by_action["1.2.1"] == ["2021-07-d7", "2021-07-d9"]
    assert by_action["5.1.2"] == ["2021-07-d13"]
    assert by_row == {"1.2.2b": ["2021-07-i2"]}


def test_the_cabinets_other_sums_stand_apart(warwickshire: PlanFile):
    other = [(line.title, line.source, line.total) for line in warwickshire.funding if line.total]

    assert [total for _, _, total in other] == [4_798_000, 1_000_000, 500_000, 1_600_000, 250_000]
    assert other[2][1] == "NHS Coventry and Warwickshire Partnership Trust"
    assert [line.period for line in warwickshire.funding if line.period] == [
        "Four years, 2020 to 2024"
    ]


def test_the_review_by_dfe_and_nhs_england_is_a_judgement_without_a_day(warwickshire: PlanFile):
    [of_plan] = warwickshire.plan.judgements
    of_findings = [
        (finding.key, judgement.rating, judgement.judged_on)
        for finding in warwickshire.findings
        for judgement in finding.judgements
    ]

    assert (of_plan.judged_by, of_plan.rating) == ("DfE and NHS England", "Good progress")
    assert (of_plan.judged_on, of_plan.name) == (None, "undated")
    assert of_findings == [("2021-07-w5", "Particularly good progress", None)]

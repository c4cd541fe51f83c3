"""Played through: a statement of action of twelve weaknesses, and the plans that came of it.

Inspectors return and judge eight of twelve sufficient. The statement closes; an accelerated plan
goes on with the other four. It closes; a new inspection finds a priority action and an area for
improvement, and two plans go on from it, one for each.
"""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.areas.judgements import record_judgement
from actions.models import (
    Area,
    AreaFinding,
    Commitment,
    CommitmentLead,
    Inspection,
    Judgement,
    KeyDate,
    Membership,
    Person,
    Plan,
)
from actions.plan.amendments import move_date
from actions.plan.closing.closing import Becomes, close_plan, open_commitments
from actions.plan.editing import agree_plan
from actions.plan.starting.starting import start_plan
from actions.plan.succession.carrying import carry_forward
from actions.rules.dates import PlanDate
from actions.rules.status import AtClosing
from kpis.models import Kpi
from reports.contents.building import build
from tests.factories import (
    make_action,
    make_area,
    make_commitment,
    make_finding,
    make_kpi,
    make_plan,
    make_update,
    make_user,
    record_figure,
)
from tests.reports.draft_builders import begin, make_series

TODAY = timezone.localdate()
NOT_SUFFICIENT = {5, 6, 7, 8}


def inspection(plan, code, kind):
    return Inspection.objects.create(
        local_area=plan.local_area, code=code, position=0, title=f"Inspection {code}", kind=kind
    )


def statement():
    """Twelve areas, each with a finding, a commitment due in March 2019 and a KPI."""
    plan = make_plan()
    plan.inspection = inspection(plan, "2018", "local_area")
    plan.save()
    officer, guest = make_user("The officer"), make_user("The guest")
    memberships.grant(user=officer, plan=plan, role=Membership.Role.PROGRAMME_OFFICER)
    told = SimpleNamespace(plan=plan, officer=officer, guest=guest, findings={}, rows={})
    for number in range(1, 13):
        area = make_area(plan, number)
        told.findings[number] = make_finding(plan, number=str(number))
        AreaFinding.objects.create(area=area, finding=told.findings[number], position=0)
        action = make_action(area, f"{number}.1.1")
        told.rows[number] = make_commitment(action, "a", due="2019-03")
        make_kpi(plan, f"K{number}", commitments=(told.rows[number],))
    return told


def judge(told):
    revisit = inspection(told.plan, "2021", "revisit")
    for number, finding in told.findings.items():
        verdict = Judgement.Verdict.SUFFICIENT
        if number in NOT_SUFFICIENT:
            verdict = Judgement.Verdict.NOT_SUFFICIENT
        record_judgement(
            plan=told.plan,
            finding=finding,
            by=told.officer,
            today=TODAY,
            verdict=verdict,
            judged_on=TODAY,
            inspection=revisit,
        )


def close(told, plan, carried):
    """These rows are carried forward; the rest is done."""
    close_plan(
        plan=plan,
        by=told.officer,
        closed_by="Steering group",
        closed_on=TODAY,
        today=TODAY,
        becomes={
            state.id: Becomes(AtClosing.CARRIED_FORWARD if state.id in carried else AtClosing.DONE)
            for state in open_commitments(plan, TODAY)
        },
    )
    plan.refresh_from_db()


def go_on(told, former, kind, title, rows):
    """A plan of a kind with these rows of the former, agreed; the guest belongs to it alone."""
    plan = start_plan(
        by=told.officer,
        local_area=told.plan.local_area,
        title=title,
        kind=kind,
        starts=PlanDate.month_of(TODAY),
        predecessors=[former],
    )
    made = carry_forward(plan=plan, commitments=[row.pk for row in rows], by=told.officer)
    return plan, [made.commitments[row.pk] for row in rows]


def agree(told, plan):
    agree_plan(plan=plan, by=told.officer, agreed_by="The board", agreed_on=TODAY)
    memberships.grant(user=told.guest, plan=plan, role=Membership.Role.MEMBER)


def move(told, row, to):
    due = KeyDate.objects.filter(commitment=row, replaced_by=None).get()
    move_date(
        key_date=due, to=PlanDate.parse(to), reason="The service began late.", by=told.officer
    )


@pytest.fixture
def told(db):
    """The whole story; figures of K5 in 2019, 2022 and 2024."""
    told = statement()
    rows = told.rows
    record_figure(Kpi.objects.get(plan=told.plan, code="K5"), "2022-01", 60)
    move(told, rows[5], "2020-09")
    judge(told)
    carried = [rows[number] for number in sorted(NOT_SUFFICIENT)]
    close(told, told.plan, {row.pk for row in carried})

    told.app, in_app = go_on(told, told.plan, Plan.Kind.APP, "Accelerated plan", carried)
    agree(told, told.app)
    record_figure(Kpi.objects.get(plan=told.app, code="K5"), "2022-02", 55)
    move(told, in_app[0], "2022-06")
    close(told, told.app, {row.pk for row in in_app})

    full = inspection(told.plan, "2024", "full")
    told.priority = make_finding(told.plan, "priority_action", inspection=full)
    told.improvement = make_finding(told.plan, "area_for_improvement", inspection=full)
    told.pap, told.in_pap = go_on(told, told.app, Plan.Kind.PAP, "Priority action plan", in_app[:2])
    told.improving, told.in_improving = go_on(
        told, told.app, Plan.Kind.IMPROVEMENT, "Improvement plan", in_app[1:]
    )
    for plan, finding in ((told.pap, told.priority), (told.improving, told.improvement)):
        plan.inspection = full
        plan.save()
        AreaFinding.objects.create(
            area=Area.objects.filter(plan=plan)[0], finding=finding, position=5
        )
        agree(told, plan)
    record_figure(Kpi.objects.get(plan=told.pap, code="K5"), "2022-03", 50)
    return told


def read(client, user, name, plan, *args):
    client.force_login(user)
    return client.get(reverse(name, args=[plan.slug, *args]))


def test_the_four_that_were_not_sufficient_go_on_and_answer_their_findings(told):
    verdicts = [row.verdict for row in Judgement.objects.filter(finding__in=told.findings.values())]
    assert (verdicts.count("sufficient"), verdicts.count("not_sufficient")) == (8, 4)
    areas = Area.objects.filter(plan=told.app)
    assert [area.title for area in areas] == [f"Area {n} of the plan" for n in (5, 6, 7, 8)]
    answered = [area.findings.get() for area in areas]
    assert answered == [told.findings[number] for number in (5, 6, 7, 8)]


def test_the_statement_says_what_became_of_all_twelve(client, told):
    page = read(client, told.officer, "actions:plan", told.plan)
    counts = {count["label"]: count["number"] for count in page.context["at_closing"]}
    assert counts == {"Done": 8, "Carried forward": 4}


def test_two_plans_go_on_from_the_accelerated_one_and_one_row_goes_on_in_both(client, told):
    page = read(client, told.officer, "actions:plan", told.app)
    assert [(one.words, one.title) for one in page.context["chain"]] == [
        ("Continues", told.plan.title),
        ("Continued by", "Priority action plan"),
        ("Continued by", "Improvement plan"),
    ]
    both = Commitment.objects.filter(lineage=told.rows[6].pk).exclude(plan=told.app)
    assert {row.plan for row in both} == {told.pap, told.improving}


def test_each_plan_tells_the_whole_chain_before_it(client, told):
    page = read(client, told.guest, "actions:plan", told.pap)
    assert [(one.words, one.title, bool(one.url)) for one in page.context["chain"]] == [
        ("Continues", "Accelerated plan", True),
        ("Before that", told.plan.title, False),
    ]


def test_the_first_agreed_date_is_read_through_all_three(client, told):
    page = read(client, told.guest, "pages:commitment", told.pap, told.in_pap[0].code)
    assert [
        (before.plan, before.first_text, len(before.moves)) for before in page.context["before"]
    ] == [
        ("Accelerated plan", "First agreed for September 2020", 1),
        (told.plan.title, "First agreed for March 2019", 1),
    ]
    facts = {fact.label: str(fact.value) for fact in page.context["date_facts"]}
    assert (facts["First agreed"], facts["Now"]) == ("March 2019", "June 2022")


def test_the_series_is_read_through_all_three(client, told):
    page = read(client, told.guest, "pages:kpi", told.pap, "K5")
    series = page.context["chart"].figure.series[0]
    assert [int(value) for value in series.values if value] == [60, 55, 50]
    # The sibling has the row that both took, and not K5.
    assert not Kpi.objects.filter(plan=told.improving, code="K5").exists()


def test_a_finding_of_the_first_inspection_is_answered_by_all_that_took_its_area(client, told):
    """6 went on in both of the last plans, each of which shows its own answers and no other's."""
    for plan in (told.pap, told.improving):
        page = read(client, told.guest, "pages:finding", plan, told.findings[6].code)
        assert page.status_code == 200
        words = page.content.decode()
        assert "Not sufficient progress" in words
        assert "6.1.1a" in words


def test_papers_print_the_first_agreed_date_of_the_statement(told):
    world = SimpleNamespace(plan=told.pap, users={"officer": told.officer})
    built = build(begin(world, make_series(told.pap)))
    first = [
        row[[column.title for column in table.columns].index("First agreed")].text
        for table in built.document.tables()
        if "First agreed" in [column.title for column in table.columns]
        for row in table.rows
    ]
    assert "March 2019" in first


def test_no_page_of_the_statement_opens_to_the_guest(client, told):
    for name, *args in (
        ("actions:plan",),
        ("actions:commitments",),
        ("pages:commitment", "5.1.1a"),
        ("pages:kpi", "K5"),
        ("pages:findings",),
    ):
        assert read(client, told.guest, name, told.plan, *args).status_code == 404


def test_an_area_that_is_edited_goes_on_answering_what_an_earlier_inspection_found(client, told):
    plan = start_plan(
        by=told.officer,
        local_area=told.plan.local_area,
        title="Delivery plan",
        kind=Plan.Kind.DELIVERY,
        starts=PlanDate.month_of(TODAY),
        predecessors=[told.app],
    )
    (row,) = Commitment.objects.filter(plan=told.app, code="5.1.1a")
    carry_forward(plan=plan, commitments=[row.pk], by=told.officer)
    plan.inspection = told.priority.inspection
    plan.save()
    area = Area.objects.get(plan=plan)
    client.force_login(told.officer)
    address = reverse("actions:edit_part", args=[plan.slug, "area", area.pk])
    form = client.get(address).context["form"]
    assert [finding.pk for finding in form.initial["findings"]] == [told.findings[5].pk]
    assert told.findings[5] in form.fields["findings"].queryset


def test_the_months_of_what_was_said_are_those_of_the_plan_alone(client, told):
    """Its first agreed date lies years before, in a plan whose ratings stay there."""
    make_update(
        told.in_pap[0],
        told.officer,
        brag="green",
        progress="It has begun.",
        late_reason="The service began late.",
        on_behalf_of=lead_of(told, told.in_pap[0]),
    )
    page = read(client, told.guest, "pages:commitment", told.pap, told.in_pap[0].code)
    said = page.context["said_and_done"]
    assert said.span.startswith("June 2022 to ")
    assert said.first_agreed is None


def lead_of(told, row):
    person = Person.objects.create(local_area=told.plan.local_area, name="The lead")
    CommitmentLead.objects.create(commitment=row, person=person, position=0)
    return person


def test_the_history_of_edits_tells_of_the_succession_and_of_what_became_of_rows(client, told):
    edits = read(client, told.officer, "reports:history", told.app).content.decode()
    assert "Plan it continues" in edits
    assert "At closing: 5.1.1a" in edits

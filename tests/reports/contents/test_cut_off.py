"""What the cut-off holds off, of every kind; and what a report says of a plan that is new."""

from datetime import date

import pytest
from django.utils import timezone

from actions.evidence.evidence import withdraw_evidence
from actions.models import (
    AreaOfficer,
    Commitment,
    CommitmentLead,
    Evidence,
    FamiliesView,
    FundingAmount,
    Judgement,
    KeyDate,
    Organisation,
    Person,
    Resource,
    Theme,
    Withdrawal,
)
from actions.models.base import date_columns
from actions.plan.amendments import move_date
from actions.progress.updates import mark_date
from actions.rules.dates import PlanDate
from actions.rules.status import Outcome
from kpis.models import KpiCommitment, Rebase, TargetPoint
from reports.contents.building import build
from reports.rendering.document import Document
from tests.factories import at, make_area, make_commitment, make_kpi, record_figure
from tests.reports.report_builders import database_now, make_report, part, rows, say, table
from wsoa.oversight.decisions.decisions import finish_decision, record_decision
from wsoa.oversight.models import ChangeDecision, ChangeRequest, Decision, Meeting

CONTENTS = ["kpis", "exceptions", "formal", "scrutiny"]
LATER = "said-after-the-cut-off"
DAY = at("2022-12-20")


def papers(report) -> list[Document]:
    built = build(report)
    return [paper for paper in (built.document, built.families) if paper]


def _decide_and_move(told):
    officer, today = told.users["officer"], timezone.localdate()
    owed = Decision.objects.get(owner=told.lead)
    finish_decision(decision=owed, by=officer, done_on=date(2022, 12, 20), today=today, text=LATER)
    meeting = Meeting.objects.get(held_on=date(2022, 11, 22))
    record_decision(
        plan=told.plan, by=officer, meeting=meeting, text=LATER, minute="9", today=today
    )
    asked = ChangeRequest.objects.create(
        commitment=told.b,
        kind=ChangeRequest.Kind.WORDING,
        wanted_text=LATER,
        reason=LATER,
        by=officer,
        effective_at=DAY,
    )
    ChangeDecision.objects.create(
        request=asked, is_agreed=True, meeting=meeting, by=officer, effective_at=DAY
    )
    move_date(
        key_date=KeyDate.objects.get(commitment=told.a),
        to=PlanDate.parse("2023-05"),
        reason=LATER,
        by=officer,
        effective_at=DAY,
        source="minutes",
    )
    mark_date(
        key_date=KeyDate.objects.get(commitment=told.d),
        by=officer,
        outcome=Outcome.DELIVERED,
        on=date(2022, 12, 19),
        effective_at=DAY,
        source="minutes",
    )
    for commitment, is_withdrawn in ((told.c, True), (told.e, False)):
        Withdrawal.objects.create(
            commitment=commitment,
            is_withdrawn=is_withdrawn,
            reason=LATER,
            by=officer,
            effective_at=DAY,
        )


def _say_and_judge(told):
    green = say(told, told.d, "2022-12-20", "green", LATER, late_reason=LATER)
    FamiliesView.objects.create(
        commitment=told.d,
        update=green,
        view="yes",
        text=LATER,
        by=told.users["forum"],
        effective_at=DAY,
    )
    Judgement.objects.create(
        finding=told.finding,
        inspection=told.finding.judgements.get().inspection,
        code="later",
        judged_on=date(2022, 12, 20),
        verdict="sufficient",
        summary=LATER,
        source="letter",
        effective_at=DAY,
    )
    withdraw_evidence(
        evidence=Evidence.objects.get(title="Notes of the launch"),
        by=told.users["officer"],
        reason=LATER,
    )


def _measure(told):
    record_figure(told.wait, "2022-10", 77, effective_at=DAY, reason="A team was left out.")
    target = told.wait.targets.get()
    TargetPoint.objects.create(
        kpi=told.wait,
        position=target.position,
        **date_columns(PlanDate.parse("2023-03")),
        value=99,
        operator="at_most",
        kind=target.kind,
        replaces=target,
        reason=LATER,
        source="minutes",
        effective_at=DAY,
    )
    Rebase.objects.create(
        kpi=told.wait,
        on=date(2022, 11, 1),
        reason=LATER,
        decided_by=LATER,
        by=told.users["officer"],
        effective_at=DAY,
    )


def _change_parts(told):
    """Of the plan itself, some with days of their own that lie in the period."""
    new = Person.objects.create(local_area=told.plan.local_area, name=LATER, job_title=LATER)
    CommitmentLead.objects.filter(commitment=told.a).update(ends_on=date(2022, 12, 1))
    CommitmentLead.objects.create(
        commitment=told.a, person=new, position=2, starts_on=date(2022, 12, 2)
    )
    AreaOfficer.objects.filter(area=told.area).delete()
    AreaOfficer.objects.create(area=told.area, person=new, starts_on=date(2022, 12, 2))
    Person.objects.filter(pk=told.lead.pk).update(job_title=LATER)
    make_area(told.plan, 9)
    Theme.objects.create(
        plan=told.plan,
        area=told.area,
        code="1.9",
        ref="1.9",
        position=9,
        title=LATER,
        i_statement=LATER,
    )
    make_commitment(told.action, "y", added_at=DAY)
    Resource.objects.create(action=told.action, position=9, text=LATER, amount=1)
    FundingAmount.objects.update(amount=1)
    Commitment.objects.filter(pk=told.a.pk).update(evidence=LATER)
    make_kpi(told.plan, "K9", title=LATER)
    KpiCommitment.objects.create(kpi=told.trust, commitment=told.a, position=1)


CHANGES = {
    "what was decided and moved": _decide_and_move,
    "what was said and judged": _say_and_judge,
    "what was measured": _measure,
    "the parts of the plan": _change_parts,
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_put_on_record_after_the_cut_off_changes_no_word(told, content, change):
    report = make_report(told, content)
    before = papers(report)
    CHANGES[change](told)
    assert papers(report) == before


@pytest.mark.parametrize("change", CHANGES)
def test_and_comes_in_with_it(told, change):
    report = make_report(told)
    before = papers(report)
    CHANGES[change](told)
    report.known_at = database_now()
    assert papers(report) != before


def test_who_leads_is_as_it_was_on_record_at_the_cut_off(told):
    report = make_report(told)
    _change_parts(told)
    assert rows(build(report), "Area 1 commitments")[0][3] == "Service manager, The health board"
    report.known_at = database_now()
    built = build(report)
    assert rows(built, "Area 1 commitments")[0][3] == LATER
    assert LATER in {fact.value for fact in part(built, "area:1").blocks[2].items}


def test_an_organisation_has_the_name_it_had_on_the_day_shown(told):
    report = make_report(told)
    Organisation.objects.filter(pk=told.health.pk).update(name="The care board")
    assert rows(build(report), "Area 1 commitments")[0][3] == "Service manager, The health board"


def test_evidence_withdrawn_after_the_day_shown_is_not_named_any_more(told):
    """It may be what should never have left the plan."""
    withdraw_evidence(
        evidence=Evidence.objects.get(title="Notes of the launch"),
        by=told.users["officer"],
        reason="It names a child.",
    )
    built = build(make_report(told))
    assert "Notes of the launch" not in built.document.text


def test_a_cut_off_before_anything_was_on_record_makes_a_report(told):
    for content in CONTENTS:
        report = make_report(told, content, known_at=at("2001-01-01"))
        built = build(report)
        assert "1.1.1a" not in built.document.text
        assert built.document.sections


# --- A plan that is new -----------------------------------------------------------------------


@pytest.fixture
def new(told):
    """The plan and its commitments came in the period, and one of them was delivered in it."""
    began = at("2022-10-03")
    Commitment.objects.update(added_at=began)
    told.plan.agreed_on = told.plan.tracked_from = date(2022, 10, 3)
    told.plan.save()
    mark_date(
        key_date=KeyDate.objects.get(commitment=told.d),
        by=told.users["officer"],
        outcome=Outcome.DELIVERED,
        on=date(2022, 12, 19),
        effective_at=DAY,
        source="minutes",
    )
    return told


def test_what_a_new_plan_reached_in_its_first_period_is_told(new):
    report = make_report(new, "exceptions", starts_on=date(2022, 10, 1), ends_on=date(2022, 12, 31))
    found = rows(build(report), "Delivered and embedded")
    assert [row[:3] for row in found] == [
        ["1.1.1b", "What 1.1.1b promises is there", "Completed and embedded"],
        ["2.1.1a", "What 2.1.1a promises is there", "Delivered"],
    ]


def test_the_first_ratings_of_a_new_plan_are_movement(new):
    found = rows(build(make_report(new)), "Movement")
    assert [[row[0], *row[2:]] for row in found] == [
        ["1.1.1a", "Rating", "not in the plan", "Amber"],
        ["1.1.1b", "Rating", "not in the plan", "Blue"],
        ["1.1.1c", "Rating", "not in the plan", "Red"],
        ["2.1.1a", "Delivered", "", ""],
    ]


def test_the_commitments_of_a_new_plan_are_not_listed_as_added_to_it(new):
    parts = table(build(make_report(new)), "Parts changed")
    assert not parts.rows
    assert parts.empty.startswith("The plan itself began in this period")


def test_a_commitment_added_to_a_plan_is_told_with_what_it_came_to(told):
    late = make_commitment(told.action, "z", added_at=at("2022-11-01"), due="2023-02")
    say(told, late, "2022-11-20", "green", "It has begun.")
    built = build(make_report(told))
    assert ["1.1.1z", "What 1.1.1z promises is there", "Added to the plan", ""] in rows(
        built, "Parts changed"
    )
    assert [row[2:] for row in rows(built, "Movement") if row[0] == "1.1.1z"] == [
        ["Rating", "not in the plan", "Green"]
    ]

"""What inspectors found, on the pages of a plan: by kind, with what answers it and was judged."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from actions.areas.findings import FindingItem, JudgementItem, verdict_texts
from actions.models import (
    ActionFinding,
    AreaFinding,
    CommitmentFinding,
    Finding,
    Inspection,
    Judgement,
    Notice,
)
from tests.factories import at, make_finding, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(world):
    """An inspection with a weakness, an area for development and two strengths; what answers."""
    plan = world.plan
    world.inspection = plan.inspection = Inspection.objects.create(
        local_area=plan.local_area, code="visit", position=0, title="The visit"
    )
    plan.save()
    world.weakness = make_finding(plan, text="Waits are long.", addressed_to="the NHS")
    world.second = make_finding(plan, number="2", text="Nobody asks families.")
    world.development = make_finding(
        plan, "area_for_development", "", text="Reviews come late.", reference="page 4"
    )
    make_finding(plan, "strength", "", text="Nurses are skilled.", short_title="Nurses")
    make_finding(plan, "strength", "A", text="Colleges know whom to expect.")
    AreaFinding.objects.create(area=world.area, finding=world.weakness, position=0)
    ActionFinding.objects.create(action=world.action, finding=world.development, position=0)
    CommitmentFinding.objects.create(commitment=world.commitment, finding=world.second, position=0)
    return world


def judge(finding, verdict, **fields):
    fields = {"judged_on": date(2022, 5, 3), "judged_by": "DfE and NHS England"} | fields
    day = fields["judged_on"]
    effective = {"effective_at": at(f"{day}")} if day else {}
    return Judgement.objects.create(
        finding=finding,
        verdict=verdict,
        **({"code": f"{day}", "source": "letter"} | effective | fields),
    )


def page(client, world, name, *args, query="", persona="member"):
    client.force_login(world.users[persona])
    answer = client.get(reverse(name, args=[world.plan.slug, *args]) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# --- What a finding is ------------------------------------------------------------------------


def test_the_number_within_a_kind_may_be_that_of_another_kind(found):
    same = make_finding(found.plan, "area_for_improvement", "1")

    assert str(same) == "Area for improvement 1"
    assert str(found.weakness) == "Significant weakness 1"
    assert str(found.development) == "Area for development"


def test_a_finding_is_of_the_local_area_of_its_inspection(found):
    stranger = make_plan("stranger")

    this = Finding.objects.filter(pk=found.weakness.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        this.update(local_area=stranger.local_area)
    with pytest.raises(IntegrityError), transaction.atomic():
        this.update(plan=found.plan)


# --- The pages of what answers it -------------------------------------------------------------


def test_an_area_shows_what_it_answers_and_what_its_actions_answer(client, found):
    judge(found.weakness, "not_sufficient")
    text = page(client, found, "pages:area", 1)

    assert "<h2>Significant weakness 1</h2><p>Waits are long.</p>" in text
    assert "Not sufficient progress" in text
    through = text[text.index("Findings its actions answer") :]
    assert "Area for development" in through
    assert ">1.1.1</a>" in through
    assert "Significant weakness 2" in through
    assert ">1.1.1a</a>" in through


def test_an_action_and_a_commitment_name_what_they_answer_themselves(client, found):
    action = page(client, found, "pages:action", "1.1.1")
    commitment = page(client, found, "pages:commitment", "1.1.1a")

    assert "Findings it answers" in action
    assert "Reviews come late." in action
    assert "Nobody asks families." not in action
    assert "Nobody asks families." in commitment
    assert "Reviews come late." not in commitment


# --- Judgements -------------------------------------------------------------------------------


def test_every_kind_of_judgement_is_said_in_its_words(client, found):
    for n, (verdict, fields) in enumerate(
        (
            ("effective", {"judged_by": "", "inspection": found.inspection}),
            ("rating", {"rating": "Amber/Green", "judged_on": None}),
            ("monitoring_ended", {"letter": "SEND/17", "letter_on": date(2022, 5, 9)}),
        )
    ):
        judge(found.weakness, verdict, code=f"n{n}", **fields)
    text = page(client, found, "pages:finding", found.weakness.code)

    assert "Effective action" in text
    assert "3 May 2022, The visit" in text
    assert "Amber/Green" in text
    assert "Not dated, DfE and NHS England" in text
    assert "Formal monitoring ended" in text
    assert "Letter of 9 May 2022, SEND/17" in text


def test_a_correction_takes_the_place_of_what_it_corrects(client, found):
    wrong = judge(found.weakness, "sufficient", code="review")
    judge(found.weakness, "not_sufficient", code="review", replaces=wrong)
    text = page(client, found, "pages:finding", found.weakness.code)

    assert "Not sufficient progress" in text
    assert ">Sufficient progress" not in text


def test_a_judgement_is_shown_from_its_day_on(client, found):
    judge(found.weakness, "sufficient")

    assert "Sufficient progress" not in page(
        client, found, "pages:finding", found.weakness.code, query="?as_at=2022-05-02"
    )
    assert "Sufficient progress" in page(
        client, found, "pages:finding", found.weakness.code, query="?as_at=2022-05-03"
    )


@pytest.mark.parametrize(
    ("verdict", "fields"),
    [
        ("sufficient", {"judged_by": ""}),
        ("monitoring_ended", {"judged_on": None, "code": "x"}),
        ("rating", {}),
        ("sufficient", {"rating": "Amber"}),
    ],
)
def test_a_judgement_says_who_judged_when_and_how(found, verdict, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        judge(found.weakness, verdict, **fields)


def test_two_of_one_code_are_a_correction_or_nothing(found):
    judge(found.weakness, "sufficient")
    with pytest.raises(IntegrityError), transaction.atomic():
        judge(found.weakness, "not_sufficient")


def item(kind, *labels):
    judgements = [JudgementItem(label, "", "", "", "") for label in labels]
    return FindingItem(1, "x", kind, "", "", "", "", "", "", judgements=judgements)


def test_judgements_are_counted_by_what_was_said_last():
    weakness, priority = Finding.Kind.WEAKNESS, Finding.Kind.PRIORITY
    items = [
        item(weakness, "Not sufficient progress", "Sufficient progress"),
        item(weakness, "Sufficient progress", "Formal monitoring ended"),
        item(weakness, "Sufficient progress", "Not sufficient progress"),
        item(weakness),
    ]

    assert verdict_texts(items) == [
        "Two of 3 weaknesses were judged to show sufficient progress, one was not."
    ]
    assert verdict_texts([item(priority, "Effective action")]) == [
        "One of 1 priority actions was judged to have effective action."
    ]
    assert verdict_texts([item(priority, "Not effective action")]) == [
        "None of 1 priority actions were judged to have effective action."
    ]
    assert verdict_texts([item(weakness, "Amber")]) == []


# --- Beside the plan --------------------------------------------------------------------------


def test_a_notice_stands_among_the_facts_of_the_plan(client, found):
    Notice.objects.create(
        plan=found.plan,
        position=0,
        kind="improvement_notice",
        issued_on=date(2022, 3, 1),
        ended_on=date(2022, 9, 30),
        board="Improvement board",
        chair="Ann Other",
    )
    text = page(client, found, "actions:plan")

    for fact in (
        "Improvement notice",
        "from 1 March 2022 to 30 September 2022",
        "Improvement board",
        "Chair: Ann Other",
    ):
        assert fact in text

"""The SRO's judgement of an area, her page, and what the forum says of a proposed Blue."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.areas import area_ratings
from actions.models import AreaJudgement, FamiliesView, Plan
from actions.progress import forum_view, updates
from actions.progress.update_answers import NewEvidence
from tests.factories import at, make_meeting, make_update
from wsoa.oversight.decisions import decisions
from wsoa.oversight.questions import questions

TODAY = timezone.localdate()


def go(client, world, persona, name, *args, sent=None, query=""):
    client.force_login(world.users[persona])
    address = reverse(name, args=[world.plan.slug, *args]) + query
    return client.get(address) if sent is None else client.post(address, sent)


# --- Judging an area --------------------------------------------------------------------------


def judge(world, brag, reason="Because.", **fields):
    return area_ratings.judge_area(
        area=world.area, by=world.users["sro"], brag=brag, reason=reason, today=TODAY, **fields
    )


def test_the_newest_judgement_of_the_day_is_shown(client, world):
    judge(world, "red", "Waits grow.", effective_at=at("2022-05-10"))
    judge(world, "amber", "Waits fall.", effective_at=at("2022-07-10"))
    for day, words, others in (
        ("2022-05-09", "Not rated", ["Waits grow", "Waits fall"]),
        ("2022-05-10", "Waits grow.", ["Waits fall"]),
        ("2022-07-10", "Waits fall.", ["Waits grow"]),
    ):
        page = go(client, world, "member", "pages:area", 1, query=f"?as_at={day}")
        text = page.content.decode()
        assert words in text, day
        assert not any(other in text for other in others), day


def test_a_judgement_has_a_colour_and_a_reason(world):
    for fields, at_fault in (({"brag": "pink"}, "brag"), ({"brag": "red", "reason": ""}, "reason")):
        with pytest.raises(ValidationError) as refusal:
            judge(world, **fields)
        assert list(refusal.value.message_dict) == [at_fault]
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on=TODAY)
    with pytest.raises(ValidationError):
        judge(world, "red")
    assert not AreaJudgement.objects.exists()


def test_the_same_form_sent_twice_makes_one(world):
    assert judge(world, "red") == judge(world, "red")
    assert judge(world, "red", "Another reason.") != judge(world, "red")


def test_a_correction_is_a_newer_one(client, world):
    for sent in ({"brag": "red", "reason": "Typed wrongly"}, {"brag": "green", "reason": "Right"}):
        go(client, world, "sro", "actions:judge_area", 1, sent=sent)
    assert AreaJudgement.objects.count() == 2
    page = go(client, world, "member", "pages:area", 1).content.decode()
    assert "Right" in page
    assert "Typed wrongly" not in page


@pytest.mark.parametrize(
    "sent",
    [{}, {"brag": "red"}, {"reason": "x"}, {"brag": "not_yet_rated", "reason": "x"},
     {"brag": "red", "reason": "x" * 20_000}],
)  # fmt: skip
def test_bad_input_is_answered_in_words(client, world, sent):
    assert go(client, world, "sro", "actions:judge_area", 1, sent=sent).status_code == 422
    assert not AreaJudgement.objects.exists()
    assert go(client, world, "sro", "actions:judge_area", 9).status_code == 404


def test_an_sro_judges_her_own_area_alone(client, world):
    assert go(client, world, "sro", "actions:judge_area", 2).status_code == 403
    assert "Rate this area" in go(client, world, "sro", "pages:area", 1).content.decode()
    assert "Rate this area" not in go(client, world, "sro", "pages:area", 2).content.decode()


# --- Her page ---------------------------------------------------------------------------------


def test_an_sros_page_has_what_waits_for_her_in_her_area(client, world):
    for commitment in (world.commitment, world.elsewhere):
        make_update(
            commitment,
            world.users["other_lead"],
            brag="blue",
            progress="Done.",
            evidence=NewEvidence("Minutes"),
            changed_for_families="Answers come sooner.",
        )
    for text, commitment in (("Mine?", world.second), ("Theirs?", world.elsewhere)):
        questions.ask(
            plan=world.plan,
            commitment=commitment,
            by=world.users["member"],
            text=text,
            today=TODAY,
        )
    for text, owner in (("For her", "sro"), ("For another", "other_sro")):
        decisions.record_decision(
            plan=world.plan,
            by=world.users["chair"],
            meeting=make_meeting(world.plan, days=-len(text)),
            text=text,
            minute="item 1",
            owner=world.people[owner],
            today=TODAY,
        )
    page = go(client, world, "sro", "pages:my_area").content.decode()
    assert "1.1.1a/blue/" in page
    assert "2.1.1a/blue/" not in page
    assert "Mine?" in page
    assert "Theirs?" not in page
    assert "For her" in page
    assert "For another" not in page


# --- What families see ------------------------------------------------------------------------


@pytest.fixture
def blue(world):
    return make_update(
        world.commitment,
        world.users["lead"],
        brag="blue",
        progress="Done.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Answers come sooner.",
    )


def test_the_forum_says_it_and_who_confirms_reads_it(client, world, blue):
    sent = {"view": "not_yet", "text": "The letters still come late."}
    go(client, world, "forum", "actions:families_view", "1.1.1a", sent=sent)
    words = "Families see this: not yet. The letters still come late."
    assert words in go(client, world, "sro", "actions:answer_blue", "1.1.1a").content.decode()
    assert words in go(client, world, "member", "pages:commitment", "1.1.1a").content.decode()
    # It decides nothing.
    page = go(client, world, "member", "pages:commitment", "1.1.1a").content.decode()
    assert "waits for a second person" in page


@pytest.mark.parametrize("sent", [{}, {"view": "perhaps"}, {"view": "not_yet"}])
def test_a_view_is_one_of_three_and_not_yet_says_why(client, world, blue, sent):
    answer = go(client, world, "forum", "actions:families_view", "1.1.1a", sent=sent)
    assert answer.status_code == 422
    assert not FamiliesView.objects.exists()


def test_nothing_is_said_of_a_blue_that_no_longer_waits(client, world, blue):
    updates.answer_blue(update=blue, by=world.users["sro"], is_confirmed=True)
    with pytest.raises(ValidationError):
        forum_view.say_for_families(update=blue, by=world.users["forum"], view="yes")
    answer = go(client, world, "forum", "actions:families_view", "1.1.1a")
    assert answer.status_code == 302
    assert not FamiliesView.objects.exists()

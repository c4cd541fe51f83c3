"""Questions about a commitment or an area: asking, answering, closing, and who may."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.models import Plan
from actions.plan import amendments
from tests.factories import at, make_area, make_meeting, make_plan
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import Challenge, ChallengeAnswer, ChallengeClosing
from wsoa.oversight.models.questions import open_on
from wsoa.oversight.questions import questions

TODAY = timezone.localdate()


def ask(world, text="What holds it up?", persona="member", **fields):
    fields = {"commitment": world.commitment, "today": TODAY} | fields
    return questions.ask(plan=world.plan, by=world.users[persona], text=text, **fields)


def refusal_of(verb, **fields):
    with pytest.raises(ValidationError) as refusal:
        verb(**fields)
    return refusal.value


# --- The verbs --------------------------------------------------------------------------------


def test_a_question_is_open_until_it_is_closed(world):
    asked = ask(world)
    assert list(Challenge.objects.filter(open_on(TODAY))) == [asked]
    questions.answer(question=asked, by=world.users["lead"], text="The tender.")
    assert Challenge.objects.filter(open_on(TODAY)).exists()
    questions.close(question=asked, by=world.users["member"], today=TODAY)
    assert not Challenge.objects.filter(open_on(TODAY)).exists()


def test_open_questions_are_those_of_the_day(world):
    asked = ask(world, effective_at=at("2022-05-10"), source="minutes")
    questions.close(
        question=asked,
        by=world.users["member"],
        today=TODAY,
        text="Seen.",
        effective_at=at("2022-06-10"),
    )
    for day, is_open in (
        ("2022-05-09", False),
        ("2022-05-10", True),
        ("2022-06-09", True),
        ("2022-06-10", False),
    ):
        found = Challenge.objects.filter(open_on(at(day).date()))
        assert found.exists() is is_open, day


def test_the_same_question_sent_twice_is_one(world):
    first = ask(world)
    assert ask(world) == first
    assert ask(world, persona="chair") != first
    questions.close(question=first, by=world.users["member"], today=TODAY, text="Seen.")
    assert ask(world) != first


def test_several_answer_and_the_same_words_count_once(world):
    asked = ask(world)
    for persona, text in (("lead", "A"), ("lead", "A"), ("lead", "B"), ("sro", "A")):
        questions.answer(question=asked, by=world.users[persona], text=text)
    assert ChallengeAnswer.objects.count() == 3


def test_a_question_needs_words_and_one_subject(world):
    assert "text" in refusal_of(ask, world=world, text="").message_dict
    assert "on" in refusal_of(ask, world=world, area=world.area).message_dict
    assert not Challenge.objects.exists()


def test_an_answer_is_not_due_before_the_question(world):
    due = TODAY - timedelta(days=1)
    assert "answer_due_on" in refusal_of(ask, world=world, answer_due_on=due).message_dict
    ask(world, answer_due_on=TODAY)


def test_it_is_not_asked_in_a_meeting_to_come_or_of_another_plan(world):
    coming, elsewhere = make_meeting(world.plan, days=1), make_meeting(make_plan())
    for meeting in (coming, elsewhere):
        assert "meeting" in refusal_of(ask, world=world, meeting=meeting).message_dict
    ask(world, meeting=make_meeting(world.plan))


def test_nothing_is_asked_of_what_is_withdrawn_or_of_a_closed_plan(world):
    asked = ask(world)
    amendments.withdraw_commitment(
        commitment=world.commitment, reason="x", by=world.users["officer"]
    )
    refusal_of(ask, world=world, text="And now?")
    # What was asked before can be settled.
    questions.answer(question=asked, by=world.users["lead"], text="It was withdrawn.")
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on=TODAY)
    for fields in ({"commitment": world.second}, {"commitment": None, "area": world.area}):
        refusal_of(ask, world=world, text="And now?", **fields)
    asked.refresh_from_db()
    refusal_of(questions.answer, question=asked, by=world.users["lead"], text="More.")
    refusal_of(questions.close, question=asked, by=world.users["member"], today=TODAY)


def test_a_closed_question_takes_neither_an_answer_nor_a_second_closing(world):
    asked = ask(world)
    questions.close(question=asked, by=world.users["member"], today=TODAY, text="Seen.")
    refusal_of(questions.answer, question=asked, by=world.users["lead"], text="Late.")
    refusal_of(questions.close, question=asked, by=world.users["member"], today=TODAY, text="x")
    assert ChallengeClosing.objects.count() == 1
    assert not ChallengeAnswer.objects.exists()


def test_one_that_nobody_answered_is_closed_with_a_reason(world):
    asked = ask(world)
    close = {"question": asked, "by": world.users["member"], "today": TODAY}
    assert "text" in refusal_of(questions.close, **close).message_dict
    questions.answer(question=asked, by=world.users["lead"], text="The tender.")
    questions.close(**close)


def test_the_chairs_closing_names_a_meeting_that_was_held_since(world):
    asked = ask(world)
    close = {
        "question": asked,
        "by": world.users["chair"],
        "today": TODAY,
        "text": "Seen.",
    }
    assert "meeting" in refusal_of(questions.close, **close).message_dict
    for days in (-1, 1):
        meeting = make_meeting(world.plan, days=days)
        assert "meeting" in refusal_of(questions.close, **close, meeting=meeting).message_dict
    questions.close(**close, meeting=make_meeting(world.plan))


# --- On the page ------------------------------------------------------------------------------


def go(client, world, persona, name, *args, sent=None, query=""):
    client.force_login(world.users[persona])
    room = "pages" if name in ("commitment", "kpi") else "oversight"
    address = reverse(f"{room}:{name}", args=[world.plan.slug, *args]) + query
    return client.get(address) if sent is None else client.post(address, sent)


def test_a_member_asks_the_lead_answers_and_the_member_closes(client, world):
    sent = {"on": "commitment:1.1.1a", "text": "What holds it up?"}
    answer = go(client, world, "member", "ask_question", sent=sent)
    asked = Challenge.objects.get()
    assert answer["Location"] == reverse("oversight:question", args=[world.plan.slug, asked.pk])
    assert (asked.commitment, asked.by, asked.asked_by) == (
        world.commitment,
        world.users["member"],
        "",
    )
    page = go(client, world, "lead", "question", asked.pk).content.decode()
    assert "No answer yet" in page
    assert "Answer it" in page
    assert "Close it" not in page
    go(client, world, "lead", "answer_question", asked.pk, sent={"text": "The tender ran twice."})
    page = go(client, world, "member", "question", asked.pk).content.decode()
    assert "The tender ran twice." in page
    assert "Answer it" not in page
    go(client, world, "member", "close_question", asked.pk, sent={})
    assert asked.closing.by == world.users["member"]
    page = go(client, world, "member", "question", asked.pk).content.decode()
    assert "Close it" not in page


def test_it_stands_in_the_history_and_as_a_chip_of_its_commitment(client, world):
    asked = ask(world, effective_at=timezone.now() - timedelta(weeks=6, days=1))
    questions.answer(question=asked, by=world.users["lead"], text="The tender.")
    decisions.record_decision(
        plan=world.plan,
        by=world.users["chair"],
        meeting=make_meeting(world.plan),
        question=asked,
        text="Tender once more",
        minute="item 4",
        today=TODAY,
    )
    page = go(client, world, "reader", "commitment", "1.1.1a")
    assert page.status_code == 403
    page = go(client, world, "member", "commitment", "1.1.1a").content.decode()
    assert "Question open 6 weeks" in page
    for words in ("What holds it up?", "The tender.", "Tender once more", "item 4"):
        assert words in page
    questions.close(question=asked, by=world.users["member"], today=TODAY)
    page = go(client, world, "member", "commitment", "1.1.1a").content.decode()
    assert "Question open" not in page
    assert "Question closed" in page


def test_an_officer_records_a_question_from_outside_and_closes_it(client, world):
    sent = {"on": "area:1", "text": "Who pays?"}
    assert go(client, world, "officer", "ask_question", sent=sent).status_code == 422
    assert not Challenge.objects.exists()
    go(client, world, "officer", "ask_question", sent=sent | {"asked_by": "The DfE adviser"})
    asked = Challenge.objects.get()
    assert (asked.area, asked.asked_by) == (world.area, "The DfE adviser")
    page = go(client, world, "member", "questions").content.decode()
    assert "The DfE adviser, recorded by The officer" in page
    assert go(client, world, "officer", "answer_question", asked.pk).status_code == 403
    assert go(client, world, "member", "close_question", asked.pk).status_code == 403
    go(client, world, "officer", "close_question", asked.pk, sent={"text": "Answered by letter."})
    assert asked.closing.text == "Answered by letter."


def test_nobody_but_an_officer_names_somebody_outside(client, world):
    sent = {"on": "area:1", "text": "Who pays?", "asked_by": "The inspector"}
    go(client, world, "member", "ask_question", sent=sent)
    assert Challenge.objects.get().asked_by == ""


def test_the_chair_closes_what_others_asked_in_a_meeting_alone(client, world):
    asked = ask(world)
    meeting = make_meeting(world.plan)
    answer = go(client, world, "chair", "close_question", asked.pk, sent={"text": "Seen."})
    assert answer.status_code == 422
    assert "Choose a meeting" in answer.content.decode()
    sent = {"text": "Seen.", "meeting": meeting.pk}
    go(client, world, "chair", "close_question", asked.pk, sent=sent)
    assert asked.closing.meeting == meeting


def test_an_answer_that_comes_after_the_closing_keeps_its_words(client, world):
    asked = ask(world)
    questions.close(question=asked, by=world.users["member"], today=TODAY, text="Seen.")
    assert go(client, world, "lead", "answer_question", asked.pk).status_code == 302
    answer = go(client, world, "lead", "answer_question", asked.pk, sent={"text": "My words"})
    assert answer.status_code == 422
    assert "My words" in answer.content.decode()
    answer = go(client, world, "member", "close_question", asked.pk, sent={"text": "My words"})
    assert answer.status_code == 422


def test_the_list_narrows_by_state_area_and_whose(client, world):
    mine = ask(world, "Mine, of the first area")
    ask(world, "Of the second area", persona="chair", commitment=world.elsewhere)
    closed = ask(world, "Closed long ago")
    questions.close(question=closed, by=world.users["member"], today=TODAY, text="Seen.")
    questions.answer(question=mine, by=world.users["lead"], text="So.")
    for query, shown in (
        ("", {"Mine", "Second", "Closed"}),
        ("?state=open", {"Mine", "Second"}),
        ("?state=unanswered", {"Second"}),
        ("?state=closed", {"Closed"}),
        ("?area=2", {"Second"}),
        ("?whose=asked", {"Mine", "Closed"}),
        ("?q=second", {"Second"}),
    ):
        page = go(client, world, "member", "questions", query=query).content.decode()
        words = {"Mine": "Mine, of", "Second": "Of the second", "Closed": "Closed long"}
        assert {name for name, text in words.items() if text in page} == shown, query
    page = go(client, world, "other_lead", "questions", query="?whose=to_answer")
    assert "Of the second" in page.content.decode()
    assert go(client, world, "member", "questions", query="?state=ajar").status_code == 422


def test_the_list_shows_the_day(client, world):
    ask(world, "Asked in May", effective_at=at("2022-05-10"))
    for day, is_there in (("2022-05-09", False), ("2022-05-10", True)):
        page = go(client, world, "member", "questions", query=f"?as_at={day}")
        assert ("Asked in May" in page.content.decode()) is is_there
    asked = Challenge.objects.get()
    early = go(client, world, "member", "question", asked.pk, query="?as_at=2022-05-09")
    assert early.status_code == 404
    late = go(client, world, "lead", "question", asked.pk, query="?as_at=2022-05-10")
    assert "Answer it" not in late.content.decode()
    write = go(client, world, "lead", "answer_question", asked.pk, query="?as_at=2022-05-10")
    assert write.status_code == 400


@pytest.mark.parametrize(
    "changed",
    [{"text": ""}, {"text": "x" * 20_000}, {"on": "commitment:9.9.9z"}, {"on": ""},
     {"text": "\x00"}, {"meeting": "999999"}, {"answer_due_on": "soon"},
     {"answer_due_on": "1/1/2020"}],
)  # fmt: skip
def test_bad_input_is_answered_in_words_and_nothing_is_lost(client, world, changed):
    sent = {"on": "commitment:1.1.1a", "text": "What holds it up?"} | changed
    answer = go(client, world, "member", "ask_question", sent=sent)
    assert answer.status_code == 422
    assert not Challenge.objects.exists()
    if "text" not in changed:
        assert "What holds it up?" in answer.content.decode()


def test_a_question_of_another_plan_is_unknown(client, world):
    other = make_plan()
    asked = questions.ask(
        plan=other, area=make_area(other, 1), by=world.users["member"], text="?", today=TODAY
    )
    for name in ("question", "answer_question", "close_question"):
        for pk in (asked.pk, 10**25):
            assert go(client, world, "member", name, pk).status_code == 404

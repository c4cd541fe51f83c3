"""Review meetings with those outside: kept by officers, two of whom may edit at once."""

from datetime import date

import pytest
from django.urls import reverse

from wsoa.oversight.models import ReviewAction, ReviewMeeting


@pytest.fixture
def review(world):
    return ReviewMeeting.objects.create(
        plan=world.plan, held_on=date(2022, 5, 3), advisers="DfE", feedback="They were content."
    )


def go(client, world, name, *args, sent=None, persona="officer"):
    client.force_login(world.users[persona])
    address = reverse(f"oversight:{name}", args=[world.plan.slug, *args])
    return client.get(address) if sent is None else client.post(address, sent)


def version_of(answer):
    return answer.content.decode().split('name="version" value="')[1].split('"')[0]


def test_an_officer_keeps_meetings_and_asks_and_all_read_them(client, world):
    sent = {"held_on": "3/5/2022", "evidence_due_on": "26/4/2022", "advisers": "DfE, NHS England"}
    go(client, world, "add_review", sent=sent)
    review = ReviewMeeting.objects.get()
    ask = {"text": "The figures of May", "owner": world.people["lead"].pk, "due_on": "1/6/2022"}
    go(client, world, "add_review_ask", review.pk, sent=ask)
    row = ReviewAction.objects.get()
    page = go(client, world, "edit_review_ask", review.pk, row.pk)
    answered = ask | {"answer": "Sent.", "answered_on": "30/5/2022", "version": version_of(page)}
    go(client, world, "edit_review_ask", review.pk, row.pk, sent=answered)
    page = go(client, world, "reviews", persona="member").content.decode()
    for words in ("DfE, NHS England", "26 April 2022", "The figures of May", "Sent."):
        assert words in page
    assert "Add a review meeting" not in page


def test_two_officers_at_once_lose_nothing(client, world, review):
    shown = version_of(go(client, world, "edit_review", review.pk))
    first = {"held_on": "3/5/2022", "advisers": "DfE", "feedback": "Slow.", "version": shown}
    assert go(client, world, "edit_review", review.pk, sent=first).status_code == 302
    second = first | {"feedback": "Too slow.", "advisers": "DfE and NHS England"}
    answer = go(client, world, "edit_review", review.pk, sent=second)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Slow." in page
    assert "Too slow." in page
    review.refresh_from_db()
    assert (review.feedback, review.advisers) == ("Slow.", "DfE")
    decided = second | {"feedback": "Slow. Too slow.", "version": version_of(answer)}
    assert go(client, world, "edit_review", review.pk, sent=decided).status_code == 302
    review.refresh_from_db()
    assert review.feedback == "Slow. Too slow."


def test_what_only_the_other_changed_is_taken_over(client, world, review):
    shown = version_of(go(client, world, "edit_review", review.pk))
    said = {"held_on": "3/5/2022", "advisers": "DfE", "feedback": "They were content."}
    go(client, world, "edit_review", review.pk, sent=said | {"advisers": "NHS", "version": shown})
    mine = said | {"feedback": "Mine.", "version": shown}
    answer = go(client, world, "edit_review", review.pk, sent=mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="NHS"' in page
    assert "Mine." in page


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("review", {"held_on": ""}),
        ("review", {"advisers": ""}),
        ("review", {"evidence_due_on": "4/5/2022"}),
        ("review", {"feedback": "x" * 20_000}),
        ("ask", {"text": ""}),
        ("ask", {"due_on": "2/5/2022"}),
        ("ask", {"due_on": "3/6/2022", "owner": ""}),
        ("ask", {"answer": "Sent."}),
        ("ask", {"answered_on": "3/6/2022"}),
        ("ask", {"answer": "Sent.", "answered_on": "2/5/2022"}),
        ("ask", {"answer": "Sent.", "answered_on": "1/1/2050"}),
    ],
)
def test_bad_input_is_answered_in_words(client, world, review, name, changed):
    if name == "review":
        sent = {"held_on": "3/5/2022", "advisers": "DfE"} | changed
        answer = go(client, world, "add_review", sent=sent)
    else:
        sent = {"text": "Figures", "owner": world.people["lead"].pk} | changed
        answer = go(client, world, "add_review_ask", review.pk, sent=sent)
    assert answer.status_code == 422
    assert ReviewMeeting.objects.count() == 1
    assert not ReviewAction.objects.exists()


def test_what_is_not_there_is_unknown(client, world, review):
    assert go(client, world, "edit_review", 999_999).status_code == 404
    assert go(client, world, "edit_review_ask", review.pk, 999_999).status_code == 404


def test_no_answer_becomes_overdue_after_the_plan_was_closed(client, world, review):
    ReviewAction.objects.create(
        meeting=review, position=1, text="The figures of May", due_on=date(2022, 6, 1)
    )
    assert "Answer overdue" in go(client, world, "reviews").content.decode()
    world.plan.state, world.plan.closed_by = "closed", "The board"
    world.plan.closed_on = date(2022, 5, 20)
    world.plan.save()
    assert "Answer overdue" not in go(client, world, "reviews").content.decode()

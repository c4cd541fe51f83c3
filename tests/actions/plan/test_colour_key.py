"""An officer edits the colour key of a draft: words by what they mean, whatever their hue."""

import html

import pytest

from actions.models import Plan
from actions.rules.status import Rating
from tests.actions.plan.test_editing import address, save, shown

USUAL = {
    "blue_word": "Blue",
    "blue_text": "Completed and embedded",
    "blue_means": "embedded",
    "blue_months": "6",
    "green_word": "Green",
    "green_text": "On track, no concerns",
    "amber_word": "Amber",
    "amber_text": "On track, some concerns",
    "red_word": "Red",
    "red_text": "No progress, major concerns",
    "grey_word": "Grey",
    "grey_text": "Not due yet",
}
# As a printed key has it in which Blue is what is suspended.
SUSPENDED_IS_BLUE = {
    "green_word": "On track",
    "amber_word": "Some delay",
    "amber_text": "Late by weeks: see the note",
    "red_word": "Stuck",
    "further": "Nearly there = on track: One paper is missing\n\nBadly stuck = Stuck",
    "paused_word": "Blue",
    "paused_text": "Suspended",
    "cancelled_word": "Dropped",
}
KEY = [
    {"word": "On track", "means": "green"},
    {"word": "Nearly there", "means": "green", "text": "One paper is missing"},
    {"word": "Some delay", "means": "amber", "text": "Late by weeks: see the note"},
    {"word": "Stuck", "means": "red"},
    {"word": "Badly stuck", "means": "red"},
    {"word": "Blue", "means": "paused", "text": "Suspended"},
    {"word": "Dropped", "means": "cancelled"},
]


@pytest.fixture
def plan(draft):
    return draft.draft


def saved(plan):
    return Plan.objects.get(pk=plan.pk)


def refusal(client, plan, **sent):
    before = saved(plan)
    answer = save(client, "colour-key", plan.pk, **sent)
    assert answer.status_code == 422
    assert saved(plan).colour_key == before.colour_key
    assert saved(plan).blue_lasts_months == before.blue_lasts_months
    return html.unescape(answer.content.decode())


def test_a_plan_without_a_key_is_shown_the_usual_words_and_keeps_none(officer, plan):
    page = officer.get(address("edit_part", "colour-key", plan.pk)).content.decode()
    assert 'value="Completed and embedded"' in page
    assert "What the colours mean" in page

    assert save(officer, "colour-key", plan.pk, **USUAL).status_code == 302
    assert saved(plan).colour_key == []
    assert (saved(plan).has_blue, saved(plan).blue_lasts_months) == (True, 6)


def test_words_are_kept_by_what_they_mean_and_half_steps_with_theirs(officer, plan):
    assert save(officer, "colour-key", plan.pk, **SUSPENDED_IS_BLUE).status_code == 302

    plan = saved(plan)
    assert plan.colour_key == KEY
    assert (plan.has_blue, plan.blue_lasts_months) == (False, None)
    assert plan.scale.colours == (Rating.GREEN, Rating.AMBER, Rating.RED)
    assert [half.word for half in plan.scale.half_steps] == ["Nearly there", "Badly stuck"]
    page = officer.get(address("edit_part", "colour-key", plan.pk)).content.decode()
    assert "Nearly there = On track: One paper is missing\nBadly stuck = Stuck" in page

    # The same again changes nothing, and another word takes its half-step along.
    save(officer, "colour-key", plan.pk, **SUSPENDED_IS_BLUE)
    assert saved(plan).colour_key == KEY
    save(officer, "colour-key", plan.pk, **{**SUSPENDED_IS_BLUE, "red_word": "Off track"})
    assert saved(plan).colour_key[3:5] == [
        {"word": "Off track", "means": "red"},
        {"word": "Badly stuck", "means": "red"},
    ]


def test_a_key_keeps_the_order_in_which_the_plan_prints_it(officer, plan):
    plan.colour_key = [
        {"word": "Stuck", "means": "red"},
        {"word": "Fine", "means": "green"},
        {"word": "Done", "means": "blue"},
    ]
    plan.blue_lasts_months = None
    plan.save()

    sent = {"red_word": "Stuck", "green_word": "Good", "blue_word": "Done"}
    also = {"blue_means": "complete", "amber_word": "Hm", "further": "Well = Good"}
    assert save(officer, "colour-key", plan.pk, **sent, **also).status_code == 302

    words = [entry["word"] for entry in saved(plan).colour_key]
    assert words == ["Stuck", "Good", "Well", "Hm", "Done"]
    assert saved(plan).blue_lasts_months is None


def test_what_done_says_is_kept_with_its_months(officer, plan):
    save(officer, "colour-key", plan.pk, **{**USUAL, "blue_months": "3"})
    assert (saved(plan).colour_key, saved(plan).blue_lasts_months) == ([], 3)

    save(officer, "colour-key", plan.pk, **{**USUAL, "blue_means": "complete"})
    assert (saved(plan).has_blue, saved(plan).blue_lasts_months) == (True, None)

    page = refusal(officer, plan, **{**USUAL, "blue_months": ""})
    assert "Give the months after which it is confirmed again" in page
    assert "Give a number from 1 to 60" in refusal(
        officer, plan, **{**USUAL, "blue_months": "none"}
    )
    assert "Choose what it says" in refusal(officer, plan, **{**USUAL, "blue_means": ""})


def test_emptied_it_is_the_usual_key(officer, plan):
    save(officer, "colour-key", plan.pk, **SUSPENDED_IS_BLUE)

    assert save(officer, "colour-key", plan.pk).status_code == 302
    plan = saved(plan)
    assert (plan.colour_key, plan.has_blue, plan.blue_lasts_months) == ([], True, 6)


def test_a_half_step_of_the_usual_key_makes_it_the_plans_own(officer, plan):
    save(officer, "colour-key", plan.pk, **{**USUAL, "further": "Amber–Green = amber"})

    key = saved(plan).colour_key
    assert [entry["word"] for entry in key] == [
        "Blue",
        "Green",
        "Amber",
        "Amber–Green",
        "Red",
        "Grey",
    ]
    assert key[0]["text"] == "Completed and embedded"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"grey_word": "green"}, "This is the word for “on track” already"),
        ({"paused_text": "By decision"}, "Give the word that the text beside it is about"),
        ({"further": "Hm"}, "Write “Hm” as the word, an equals sign and one of the words above"),
        ({"further": "Hm = Purple"}, "Write “Hm = Purple” as the word, an equals sign"),
        ({"further": "Hm = Green\nhm = Red"}, "“hm” is in the key already"),
        ({"further": "Green = Red"}, "“Green” is in the key already"),
        ({"further": f"{'x' * 61} = Red"}, "is too long: at most 60 characters"),
        ({"red_word": "x" * 61}, "This is too long: 61 characters, and 60 fit"),
    ],
)
def test_an_error_says_at_the_word_what_to_do(officer, plan, sent, said):
    page = refusal(officer, plan, **{**USUAL, **sent})
    assert said in page
    # What was typed stands there still.
    assert all(value.split("\n")[0] in page for value in sent.values())


def test_words_to_rate_by_there_must_be(officer, plan):
    page = refusal(officer, plan, paused_word="On hold")
    assert "Give at least one word from “done” to “not due yet” to rate by" in page


def test_a_colour_that_the_form_renames_is_not_another_by_its_hue(officer, plan):
    """Where Green means done, a half-step of Green is one of done."""
    sent = {"blue_word": "Green", "blue_means": "complete", "green_word": "Yellow"}
    save(officer, "colour-key", plan.pk, **sent, further="Light green = Green")

    assert saved(plan).scale.half_steps[0].means == "blue"


def test_two_who_edit_the_key_are_told_of_each_other(officer, plan):
    version = shown(officer, "colour-key", plan.pk)
    save(officer, "colour-key", plan.pk, **{**USUAL, "green_word": "Good"})

    answer = save(
        officer, "colour-key", plan.pk, version=version, **{**USUAL, "green_word": "Fine"}
    )
    assert answer.status_code == 409
    assert saved(plan).scale.word(Rating.GREEN) == "Good"

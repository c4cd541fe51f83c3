"""Giving a colour of a plan's own key: what is offered, what is kept as it was written."""

import csv
import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.areas import area_ratings
from actions.backfill import past_updates
from actions.io.spreadsheets import SheetError
from actions.models import Area, AreaJudgement, ProgressUpdate
from actions.progress import updates
from actions.progress.update_answers import NewEvidence, UpdateAnswers
from actions.rules.status import Rating
from actions.wording import words_of

KEY = [
    {"word": "Green", "means": "green", "text": "As planned"},
    {"word": "Amber/Green", "means": "green", "text": "A little late"},
    {"word": "Stuck", "means": "red", "text": "Nothing moves"},
    {"word": "Suspended", "means": "paused"},
    {"word": "Dropped", "means": "cancelled"},
]


@pytest.fixture
def world(world):
    world.plan.colour_key = KEY
    world.plan.has_blue, world.plan.blue_lasts_months = False, None
    world.plan.save()
    return world


@pytest.fixture
def page(world):
    return reverse("actions:record_update", args=[world.plan.slug, "1.1.1a"])


def text(response):
    return response.content.decode()


def test_only_the_colours_of_the_key_are_offered(client, world, page):
    client.force_login(world.users["lead"])
    shown = text(client.get(page))
    assert re.findall(r'name="brag" value="([^"]*)"', shown) == [
        "green",
        "green:Amber/Green",
        "red",
    ]
    assert "A little late" in shown


def test_a_half_step_counts_by_its_meaning_and_shows_as_written(client, world, page):
    client.force_login(world.users["lead"])
    sent = {"brag": "green:Amber/Green", "progress": "Late.", "late_reason": "No staff."}
    assert client.post(page, sent).status_code == 302
    assert "Amber/Green" in text(client.get(f"{page}check/"))
    client.post(f"{page}check/")

    update = ProgressUpdate.objects.get(progress="Late.")
    assert (update.brag, update.word) == ("green", "Amber/Green")
    commitment = client.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"]))
    # As its rating and in its history; beside it what the key says of the half-step.
    assert text(commitment).count('">Amber/Green</span>') == 2
    assert '<p class="meaning">A little late</p>' in text(commitment)
    counts = client.get(reverse("actions:plan", args=[world.plan.slug])).context["counts"]
    assert next((line.rating, line.count) for line in counts.lines) == (Rating.GREEN, 1)


def test_lists_and_files_say_a_half_step_as_it_was_written(client, world):
    updates.record_update(
        commitment=world.commitment,
        by=world.users["lead"],
        answers=UpdateAnswers(Rating.GREEN, "So.", late_reason="So.", word="Amber/Green"),
    )
    slug = world.plan.slug
    written = '<span class="lozenge r-green">Amber/Green</span>'
    client.force_login(world.users["lead"])
    for name, args in (
        ("actions:update_done", [slug, "1.1.1a"]),
        ("pages:my_work", [slug]),
        ("actions:commitments", [slug]),
        ("pages:search_plan", [slug]),
    ):
        shown = text(client.get(reverse(name, args=args), {"q": "1.1.1a"}))
        assert written in shown, name

    file = text(client.get(reverse("actions:commitments_file", args=[slug, "csv"])))
    head, row, *_ = csv.reader(io.StringIO(file.removeprefix("\ufeff")))
    told = dict(zip(head, row, strict=True))
    assert (told["Rating"], told["Counts as"]) == ("Amber/Green", "Green")
    # What this key has no colour for is no column and no filter either.
    assert "Late although Green" in head
    absent = ("Blue", "Suspended proposed", "embedded", "Grey")
    assert not [name for name in head if any(word in name for word in absent)]
    listed = text(client.get(reverse("actions:commitments", args=[slug])))
    needs = re.findall(r'name="needs" value="([^"]*)"', listed)
    assert "late_although_rated" in needs
    assert not {"blue_back", "not_embedded", "grey_although_due"} & set(needs)


def test_where_done_is_complete_nothing_is_said_to_lapse(client, world):
    world.plan.colour_key = []
    world.plan.has_blue = True
    world.plan.save()
    client.force_login(world.users["lead"])
    slug = world.plan.slug

    head = text(client.get(reverse("actions:commitments_file", args=[slug, "csv"]))).splitlines()[0]
    assert "Blue returned on" in head
    assert "Blue: reconfirm" not in head
    listed = text(client.get(reverse("actions:commitments", args=[slug])))
    assert "Blue returned" in listed
    assert "lapsed" not in listed


def test_a_blue_that_the_key_does_not_have_cannot_be_proposed(client, world, page):
    client.force_login(world.users["lead"])
    refused = client.post(page, {"brag": "blue", "progress": "Done.", "evidence_title": "Paper"})
    assert refused.context["form"].errors["brag"] == ["Choose one of the colours"]
    answers = UpdateAnswers(
        Rating.BLUE, "Done.", evidence=NewEvidence("Paper"), changed_for_families="Much"
    )
    with pytest.raises(ValidationError) as refusal:
        updates.record_update(
            commitment=world.commitment,
            by=world.users["lead"],
            answers=answers,
        )
    assert refusal.value.message_dict["brag"] == ["The plan’s colour key does not have this colour"]


def test_a_word_of_no_key_is_refused_by_the_verb(world):
    answers = UpdateAnswers(Rating.GREEN, "So.", late_reason="So.", word="Turquoise")
    with pytest.raises(ValidationError):
        updates.record_update(
            commitment=world.commitment,
            by=world.users["lead"],
            answers=answers,
        )


def test_an_area_is_judged_by_a_half_step_too(client, world):
    client.force_login(world.users["sro"])
    address = reverse("actions:judge_area", args=[world.plan.slug, "1"])
    assert "Amber/Green: A little late" in text(client.get(address))
    client.post(address, {"brag": "green:Amber/Green", "reason": "Slowly."})
    judgement = AreaJudgement.objects.get(reason="Slowly.")
    assert (judgement.brag, judgement.word) == ("green", "Amber/Green")
    area = client.get(reverse("pages:area", args=[world.plan.slug, "1"]))
    assert "Amber/Green</span>" in text(area)


def test_an_area_is_not_judged_by_what_the_key_lacks(world):
    with pytest.raises(ValidationError):
        area_ratings.judge_area(
            area=Area.objects.get(code="1"),
            by=world.users["sro"],
            brag="grey",
            reason="No.",
            today=timezone.localdate(),
        )


def rows(world, word):
    data = f"Ref,Date,Rating,Progress\n1.1.1a,2026-01-05,{word},It moved.\n".encode()
    with words_of(world.plan):
        return past_updates.read_rows(data, "board.csv")[0]


def problem(world, word):
    with pytest.raises(SheetError) as refusal:
        rows(world, word)
    (one,) = refusal.value.problems
    return one.message


def test_past_updates_are_read_by_the_words_of_the_key(world):
    (stuck,), (half,) = rows(world, "stuck"), rows(world, "AMBER/green")
    assert (stuck.rating, stuck.word) == (Rating.RED, "")
    assert (half.rating, half.word) == (Rating.GREEN, "Amber/Green")


def test_a_past_update_in_another_word_names_the_words_of_the_key(world):
    assert problem(world, "Blue") == "“Blue” is none of Green, Amber/Green, Stuck"
    assert problem(world, "Stuk").endswith("; did you mean Stuck?")


def test_a_word_for_what_is_decided_is_no_update(world):
    assert problem(world, "Suspended") == (
        "“Suspended” is decided and not said in an update: leave this row out, and enter the "
        "pause with its reason in the plan file"
    )
    assert problem(world, "dropped") == (
        "“dropped” is decided and not said in an update: leave this row out, and ask for a "
        "change that withdraws it"
    )

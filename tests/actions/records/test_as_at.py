"""Pages as at another day, and addresses that cannot be answered."""

import pytest
from django.urls import reverse

from actions.plan import amendments
from actions.progress.update_answers import NewRisk
from actions.rules.dates import PlanDate
from tests.factories import at, make_update


@pytest.fixture
def reading(client, world):
    for rating, day in (("green", "2022-05-10"), ("red", "2022-09-10")):
        make_update(
            world.commitment,
            world.users["lead"],
            brag=rating,
            progress=f"It was {rating} then.",
            risk=NewRisk("No staff") if rating == "red" else None,
            help_needed="A chair" if rating == "red" else "",
            effective_at=at(day),
            source="paper",
        )
    amendments.move_date(
        key_date=world.commitment.key_dates.get(),
        to=PlanDate.parse("2023-05"),
        reason="The tender ran twice.",
        by=world.users["officer"],
        effective_at=at("2022-10-01"),
        source="minutes",
    )
    client.force_login(world.users["member"])
    return client


def commitment_page(world, as_at=""):
    address = reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])
    return f"{address}?as_at={as_at}" if as_at else address


def test_a_commitment_shows_what_stood_on_the_day(reading, world):
    shown = reading.get(commitment_page(world, "2022-06-30")).content.decode()
    assert "It was green then." in shown
    assert "It was red then." not in shown
    assert "The tender ran twice." not in shown
    assert "This is not today" in shown


def test_today_has_no_banner_and_all_of_the_history(reading, world):
    shown = reading.get(commitment_page(world)).content.decode()
    assert "It was red then." in shown
    assert "The tender ran twice." in shown
    assert "This is not today" not in shown


def test_texts_are_those_of_the_day(reading, world):
    """A change made today does not reach into yesterday; what is older was worded as first kept."""
    from django.utils import timezone

    from tests.factories import yesterday

    world.commitment.evidence = "Something else is promised"
    world.commitment.save(update_fields=["evidence"])
    old = reading.get(commitment_page(world, yesterday().date().isoformat())).content.decode()
    assert "What 1.1.1a promises is there" in old
    assert "Something else is promised" not in old
    now = reading.get(commitment_page(world, timezone.localdate().isoformat())).content.decode()
    assert "Something else is promised" in now


def test_links_keep_the_day(reading, world):
    shown = reading.get(commitment_page(world, "2022-06-30")).content.decode()
    area = reverse("pages:area", args=[world.plan.slug, 1])
    assert f'href="{area}?as_at=2022-06-30"' in shown


def test_before_the_first_record_the_page_says_so(reading, world):
    address = reverse("actions:plan", args=[world.plan.slug])
    shown = reading.get(f"{address}?as_at=2021-11-01").content.decode()
    assert "nothing of this plan was on record yet" in shown


@pytest.mark.parametrize(
    ("as_at", "words"),
    [
        ("2999-01-01", "has not come yet"),
        ("yesterday", "is not a date"),
        ("2023-02-30", "is not a date"),
        ("2023-1-1", "is not a date"),
        ("20230101", "is not a date"),
        ("2023-W01-1", "is not a date"),
        ("2023-001", "is not a date"),
        ("1066-10-14", "before any plan"),
        ("%00", "is not a date"),
        ("<script>", "is not a date"),
    ],
)
def test_a_day_that_cannot_be_shown_is_answered_in_words(reading, world, as_at, words):
    answer = reading.get(commitment_page(world, as_at))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_the_day_is_chosen_on_a_page_of_its_own(reading, world):
    back = reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])
    address = reverse("pages:dates", args=[world.plan.slug])
    answer = reading.get(address, {"next": back, "day": "30/6/2022"})
    assert answer["Location"] == f"{back}?as_at=2022-06-30"
    for wrong, words in (("soon", "Enter a date"), ("1/1/2099", "has not come yet")):
        answer = reading.get(address, {"next": back, "day": wrong})
        assert answer.status_code == 422
        assert words in answer.content.decode()


@pytest.mark.parametrize(
    "next_page", ["https://elsewhere.example/", "//elsewhere.example/", "/users/"]
)
def test_the_way_back_stays_within_the_plan(reading, world, next_page):
    address = reverse("pages:dates", args=[world.plan.slug])
    answer = reading.get(address, {"next": next_page, "day": "30/6/2022"})
    assert answer["Location"].startswith(reverse("actions:plan", args=[world.plan.slug]))


@pytest.mark.parametrize(
    "path",
    [
        "areas/9/",
        "actions/9.9.9/",
        "commitments/1.1.1z/",
        "commitments/%00/",
        "commitments/1.1.1a/updates/999999999999999999999/correct/",
        "nothing/",
    ],
)
def test_an_unknown_address_is_not_found(reading, world, path):
    home = reverse("actions:plan", args=[world.plan.slug])
    assert reading.get(home + path).status_code in (403, 404)

"""The plan on a page: cells worked by hand, and numbers that lead to their lists."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import AreaJudgement, KeyDate, Plan
from actions.models.base import date_columns
from actions.progress.update_answers import NewRisk
from actions.rules.dates import PlanDate
from tests.factories import make_update, make_world, yesterday


@pytest.fixture
def world(db):
    return make_world()


def say(world, commitment, brag, days=1):
    make_update(
        commitment,
        world.users["officer"],
        brag=brag,
        progress="Something happened.",
        late_reason="The tender ran twice.",
        on_behalf_of=world.people["lead"],
        source="minutes",
        risk=NewRisk("No staff") if brag in ("amber", "red") else None,
        help_needed="A room" if brag == "red" else "",
        effective_at=timezone.now() - timedelta(days=days),
    )


def rows(client, world, query=""):
    client.force_login(world.users["member"])
    address = reverse("reports:on_a_page", args=[world.plan.slug])
    response = client.get(address + query)
    assert response.status_code == 200
    return {row.ref: row for row in response.context["map"].rows}


def test_an_action_shows_its_lowest_rating_and_how_many_have_it(client, world):
    say(world, world.commitment, "green")
    say(world, world.second, "amber")
    now = rows(client, world)["1.1.1"].cells[-1]
    assert (now.letter, now.number, now.words) == ("A", "1", "1 Amber")
    assert now.is_current


def test_an_action_with_one_commitment_shows_no_number(client, world):
    say(world, world.elsewhere, "green")
    now = rows(client, world)["2.1.1"].cells[-1]
    assert (now.letter, now.number, now.words) == ("G", "", "Green")


def test_what_nobody_rated_is_an_empty_frame(client, world):
    now = rows(client, world)["1.1.1"].cells[-1]
    assert (now.kind, now.words) == ("unrated", "2 Not yet rated")


def test_an_area_shows_its_officers_rating_and_none_of_its_own(client, world):
    say(world, world.commitment, "red")
    AreaJudgement.objects.create(
        area=world.area,
        brag="green",
        reason="All is well.",
        by=world.users["sro"],
        effective_at=yesterday(),
    )
    found = rows(client, world)
    assert found["1"].cells[-1].words == "Green"
    assert found["2"].cells[-1].words == "not rated"


def test_overdue_leads_to_its_list_and_what_is_due_stands_in_its_month(client, world):
    month = PlanDate.month_of(timezone.localdate()).plus_months(2)
    KeyDate.objects.create(
        commitment=world.second,
        kind="completion",
        **date_columns(month),
        position=9,
        reason="The tender ran twice.",
        replaces=world.second.key_dates.get(kind="completion"),
        effective_at=yesterday(),
        source="plan",
    )
    row = rows(client, world)["1.1.1"]
    assert row.overdue.words == "1"
    assert row.due == [0, 1, 0, 0, 0, 0, 0]
    listed = client.get(row.overdue.url)
    assert listed.content.decode().count('scope="row"') == 1


def test_a_closed_plan_ends_with_the_month_of_its_closing(client, world):
    say(world, world.commitment, "red", days=100)
    closed_on = timezone.localdate() - timedelta(days=95)
    Plan.objects.filter(pk=world.plan.pk).update(
        state="closed", closed_on=closed_on, closed_by="The board"
    )
    client.force_login(world.users["member"])
    response = client.get(reverse("reports:on_a_page", args=[world.plan.slug]))
    months = response.context["map"].months
    assert months[-1].full == str(PlanDate.month_of(closed_on))
    # The chart of the year ends with it too.
    assert str(PlanDate.month_of(timezone.localdate())) not in response.context["chart"].alt


def test_plotly_comes_only_to_who_explores_the_chart(client, world):
    say(world, world.commitment, "green")
    address = reverse("reports:on_a_page", args=[world.plan.slug])
    client.force_login(world.users["chair"])
    shown = client.get(address, {"as_at": timezone.localdate().isoformat()}).content.decode()
    explored = client.get(address, {"explore": "ratings"}).content.decode()
    assert "plotly" not in shown
    # The day stays as it was.
    assert f"?as_at={timezone.localdate()}&amp;explore=ratings#ratings-title" in shown
    assert 'data-chart="ratings-data"' in explored
    assert "Explore this chart" not in explored

"""The page about the record: what of a plan is kept only as a note, with where it stands."""

import re
from html import unescape

import pytest
from django.urls import reverse

from actions.models import Body, FundingLine, Inspection, KeyDate, Person
from kpis.models import Kpi, TargetPoint
from tests.factories import make_plan


@pytest.fixture
def record(client, world):
    """Reads the page as a member: the groups, each with what its notes are about and say."""
    client.force_login(world.users["member"])

    def read(**query):
        page = client.get(reverse("pages:record", args=[world.plan.slug]), query)
        assert page.status_code == 200
        return {
            group.title: [(item.about, item.text, item.url) for item in group.items]
            for group in page.context["groups"]
        }

    return read


def test_a_plan_without_notes_says_so(client, world, record):
    assert record() == {}
    page = client.get(reverse("pages:record", args=[world.plan.slug]))
    assert "No notes." in page.content.decode()


def test_each_note_stands_under_what_it_is_about_with_the_way_there(world, record):
    plan, slug = world.plan, world.plan.slug
    for row, note in (
        (world.area, "Its title is longer on page 3"),
        (world.action, "Printed in two cells"),
        (world.commitment, "The month stands in the wrong column"),
    ):
        row.note = note
        row.save()
    due = world.second.key_dates.get()
    KeyDate.objects.create(
        commitment=world.second,
        kind="interim",
        first_day="2022-05-01",
        last_day="2022-05-31",
        precision="month",
        position=2,
        note="Printed as May or June",
        effective_at=due.effective_at,
        source="the plan",
    )
    kpi = Kpi.objects.create(
        plan=plan,
        code="K1",
        position=1,
        title="Weeks waited",
        unit="weeks",
        direction="lower",
        kind="quantity",
        note="Counted by hand",
    )
    TargetPoint.objects.create(
        kpi=kpi,
        position=1,
        operator="at_most",
        value=13,
        kind="final",
        label="milestone 3",
        note="As in England",
        effective_at=due.effective_at,
        source="the plan",
    )
    Body.objects.create(plan=plan, position=9, name="The board", kind="board", note="Was a panel")
    Person.objects.filter(pk=world.people["lead"].pk).update(note="Spelt in two ways")
    FundingLine.objects.create(plan=plan, position=1, title="Posts", note="Rounded")
    plan.inspection = Inspection.objects.create(
        local_area=plan.local_area, code="v", position=1, title="The visit", note="In July"
    )
    plan.save()

    def at(name, *args):
        return reverse(name, args=[slug, *args])

    assert record() == {
        "Areas": [
            ("Area 1. Area 1 of the plan", "Its title is longer on page 3", at("pages:area", 1))
        ],
        "Actions": [
            (f"1.1.1 {world.action.title}", "Printed in two cells", at("pages:action", "1.1.1"))
        ],
        "Commitments": [
            (
                "1.1.1a What 1.1.1a promises is there",
                "The month stands in the wrong column",
                at("pages:commitment", "1.1.1a"),
            )
        ],
        "Key dates": [
            (
                "1.1.1b, interim milestone May 2022",
                "Printed as May or June",
                at("pages:commitment", "1.1.1b"),
            )
        ],
        "KPIs": [("K1 Weeks waited", "Counted by hand", at("pages:kpi", "K1"))],
        "Targets": [("K1, milestone 3", "As in England", at("pages:kpi", "K1"))],
        "Funding": [("Posts", "Rounded", at("actions:funding"))],
        "Groups and boards": [("The board", "Was a panel", at("actions:bodies"))],
        "Inspections": [("The visit", "In July", at("pages:findings"))],
        "People": [(world.people["lead"].name, "Spelt in two ways", "")],
    }


def test_nothing_of_another_plan_stands_there(world, record):
    other = make_plan(local_area=world.plan.local_area)
    Body.objects.create(plan=other, position=1, name="Their board", kind="board", note="Theirs")
    # Of the same local area, and named in no part of this plan.
    Person.objects.create(local_area=other.local_area, name="A stranger", note="Theirs")
    assert record() == {}


def test_the_page_of_an_earlier_day_has_the_notes_of_that_day(world, record):
    # First recorded without a note, as which it is told on every earlier day.
    world.action.note = "Printed in two cells"
    world.action.save()
    assert list(record()) == ["Actions"]
    assert record(as_at="2022-06-01") == {}


def test_the_plans_page_leads_there(client, world):
    client.force_login(world.users["member"])
    page = client.get(reverse("actions:plan", args=[world.plan.slug])).content.decode()
    link = re.search(r'<a href="([^"]*)">About this record</a>', unescape(page))
    assert link[1] == reverse("pages:record", args=[world.plan.slug])

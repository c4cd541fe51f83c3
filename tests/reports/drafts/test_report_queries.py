"""The pages about reports keep to their queries, however large the plan, however many reports."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.models import Report
from tests.factories import make_action, make_area, make_commitment, make_world
from tests.reports.draft_builders import (
    begin,
    put,
    put_out,
    said_by_the_chair,
    say,
    set_up_and_said,
)
from tests.test_queries import queries

# A draft takes the whole plan: up to 25 queries for what it says. Four are the menu's count.
BUDGETS = {
    "index": ("sro", 25),
    "draft": ("sro", 42),
    "words": ("officer", 35),
    "publish": ("officer", 35),
    "sign": ("sro", 41),
    "record_signature": ("officer", 45),
    "record_answer": ("officer", 45),
    "check_said": ("officer", 45),
    "report": ("reader", 12),
    "report_file": ("reader", 10),
}


@pytest.fixture
def world(db):
    world = set_up_and_said(make_world())
    world.draft = begin(world)
    world.said = said_by_the_chair(world, world.draft)
    world.report = _past(world, 1)
    return world


def _past(world, months):
    """A published report of an earlier quarter, by so many quarters."""
    day = timezone.localdate()
    cycle = world.series.cycle
    period = cycle.period_of(day)
    for _ in range(months):
        period = cycle.period_of(period.starts_on.replace(day=1) - timedelta(days=1))
    report = Report.objects.create(
        series=world.series,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        number=period.number,
        as_at=period.ends_on,
        known_at=timezone.now(),
        prepared_by=world.users["officer"],
    )
    put_out(world, report)
    return report


def address(world, name):
    arguments = {
        "index": [],
        "sign": [world.draft.pk, "1"],
        "record_signature": [world.draft.pk, "1"],
        "record_answer": [world.draft.pk, world.council.pk],
        "check_said": [world.draft.pk, world.said.pk],
        "report": [world.report.pk],
        "report_file": [world.report.pk, "report", "json"],
    }
    page = reverse(
        f"reports:{name}", args=[world.plan.slug, *arguments.get(name, [world.draft.pk])]
    )
    return page + ("?place=commitment:1.1.1a:progress" if name == "words" else "")


@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_keeps_to_its_queries_at_two_sizes(client, world, name):
    persona, budget = BUDGETS[name]
    client.force_login(world.users[persona])
    few = queries(client, address(world, name))
    for months in range(2, 6):
        _past(world, months)
    for number in range(3, 6):
        action = make_action(make_area(world.plan, number), f"{number}.1.1")
        for letter in "abc":
            commitment = make_commitment(action, letter, leads=(world.people["lead"],))
            say(world, "Begun.", commitment=commitment)
    put(world, world.draft, "commitment:1.1.1a:progress", "Edited")
    many = queries(client, address(world, name))
    # Whose words were edited is asked once somebody's were: on the index for its list as well.
    asked = {"index": 2, "draft": 1, "sign": 1}.get(name, 0)
    assert len(many) <= len(few) + asked, "\n".join(many)
    assert len(many) <= budget, "\n".join(many)

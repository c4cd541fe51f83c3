"""An officer starts another plan, from what plans of its kind usually have."""

import pytest
from django.urls import reverse

from actions.models import Plan
from actions.plan.starting.kinds import PROPOSALS, TEMPLATES
from actions.rules.levels import LONGEST_NAME, LevelNames
from actions.rules.scale import LONGEST_WORD
from actions.rules.status import Rating
from reports.models import ReportSeries
from reports.series.usual import USUAL
from tests.factories import make_plan


def test_an_officer_starts_a_plan_that_follows_hers(client, world):
    client.force_login(world.users["officer"])
    sent = {
        "local_area": world.plan.local_area.pk,
        "title": "Accelerated progress",
        "kind": "accelerated_progress_plan",
        "starts": "September 2025",
        "predecessors": [world.plan.pk],
    }
    answer = client.post(reverse("actions:start_plan"), sent)
    made = Plan.objects.get(title="Accelerated progress")
    assert answer["Location"] == reverse("actions:edit_plan", args=[made.slug])
    assert (made.state, made.tracked_from) == ("draft", None)
    assert list(made.predecessors.all()) == [world.plan]
    assert client.get(answer["Location"]).status_code == 200
    client.post(reverse("actions:start_plan"), sent)
    assert Plan.objects.filter(title="Accelerated progress").count() == 2


def test_a_plan_is_started_where_one_is_officer_and_nowhere_else(client, world):
    elsewhere = make_plan()
    client.force_login(world.users["officer"])
    sent = {
        "local_area": elsewhere.local_area.pk,
        "title": "Astray",
        "kind": "improvement_plan",
        "starts": "May 2025",
    }
    assert client.post(reverse("actions:start_plan"), sent).status_code == 422
    assert elsewhere.title not in client.get(reverse("actions:start_plan")).content.decode()
    client.force_login(world.users["lead"])
    assert client.post(reverse("actions:start_plan"), sent).status_code == 403
    assert not Plan.objects.filter(title="Astray").exists()


def start(client, world, kind, *, brings=(), **sent):
    answer = client.post(
        reverse("actions:start_plan"),
        {
            "local_area": world.plan.local_area.pk,
            "title": f"The {kind}",
            "kind": kind,
            "starts": "September 2025",
            "brings": brings,
            **sent,
        },
    )
    assert answer.status_code == 302
    return Plan.objects.get(title=f"The {kind}")


def test_a_plan_begins_with_what_its_kind_usually_has(client, world):
    client.force_login(world.users["officer"])
    page = client.get(reverse("actions:start_plan")).content.decode()
    assert page.count("checked") == len(PROPOSALS) == 4

    plan = start(client, world, "priority_action_plan", brings=list(PROPOSALS))

    assert (plan.levels.area, plan.levels.areas) == ("Priority action", "Priority actions")
    assert list(plan.bodies.values_list("name", flat=True)) == [
        "SEND steering group",
        "SEND improvement board",
        "SEND management team",
        "Overview and scrutiny committee",
        "DfE and NHS England",
    ]
    assert (plan.colour_key, plan.has_blue, plan.blue_lasts_months) == ([], True, 6)
    assert [
        (series.rhythm, series.content, [body.name for body in series.audiences.all()])
        for series in plan.report_series.all()
    ] == [
        ("monthly", "kpis", ["SEND management team"]),
        ("monthly", "exceptions", ["SEND steering group"]),
        ("quarterly", "formal", ["SEND improvement board"]),
        ("six_monthly", "formal", ["DfE and NHS England"]),
        ("six_monthly", "scrutiny", ["Overview and scrutiny committee"]),
    ]


def test_a_plan_that_nobody_inspects_is_offered_a_key_in_which_done_is_complete(client, world):
    client.force_login(world.users["officer"])
    plan = start(client, world, "strategic_plan", brings=["key"])

    assert plan.scale.word(Rating.RED) == "Off track"
    assert (plan.has_blue, plan.blue_lasts_months) == (True, None)
    # Nothing else was ticked.
    assert plan.level_names == {}
    assert not plan.bodies.exists()
    assert not ReportSeries.objects.filter(plan=plan).exists()


def test_a_plan_may_begin_empty(client, world):
    client.force_login(world.users["officer"])
    plan = start(client, world, "reform_plan")
    assert (plan.level_names, plan.colour_key) == ({}, [])
    assert not plan.bodies.exists()


def test_a_plan_of_another_kind_says_what_it_is_called(client, world):
    client.force_login(world.users["officer"])
    sent = {"local_area": world.plan.local_area.pk, "title": "Own", "starts": "May 2026"}
    refused = client.post(reverse("actions:start_plan"), {**sent, "kind": "other"})
    assert refused.status_code == 422
    assert "Say what this kind of plan is called" in refused.content.decode()

    plan = start(client, world, "other", brings=list(PROPOSALS), kind_name="Graduated response")
    assert plan.short_name == "Graduated response, 2025"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Plan.Kind)
def test_what_a_kind_brings_fits(kind):
    """Its names are short enough, and each report has a body that it goes to."""
    template = TEMPLATES[kind]
    names = LevelNames.of(template.levels)
    assert all(len(getattr(names, name)) <= LONGEST_NAME for name in ("areas", "commitments"))
    assert all(len(entry.word) <= LONGEST_WORD for entry in template.key.entries)
    boards = {board for _, board in template.boards}
    assert all(boards & set(series.audiences) for series in USUAL[kind])
    assert all(proposal.text(kind) for proposal in PROPOSALS.values())

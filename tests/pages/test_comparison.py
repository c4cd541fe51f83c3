"""The list of what moved between two days."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from actions.plan.amendments import move_date, withdraw_commitment
from actions.progress import risks
from actions.progress.update_answers import NewRisk
from actions.rules.dates import PlanDate
from tests.factories import make_kpi, make_update, make_world, record_figure

TODAY = timezone.localdate()


@pytest.fixture
def world(db):
    world = make_world()
    for days, brag in ((60, "green"), (5, "red")):
        make_update(
            world.commitment,
            world.users["lead"],
            brag=brag,
            progress="Something happened.",
            late_reason="The tender ran twice.",
            risk=NewRisk("=The provider left") if brag == "red" else None,
            help_needed="Money" if brag == "red" else "",
            effective_at=timezone.now() - timedelta(days=days),
            source="minutes",
        )
    return world


def page(client, world, query="", who="member"):
    client.force_login(world.users[who])
    response = client.get(reverse("pages:changed", args=[world.plan.slug]) + query)
    assert response.status_code == 200
    return {group["title"]: group["lines"] for group in response.context["groups"]}


def test_each_kind_of_move_stands_in_its_group(client, world):
    move_date(
        key_date=world.second.key_dates.get(),
        to=PlanDate.month_of(TODAY).plus_months(2),
        reason="The contract was signed late.",
        by=world.users["officer"],
    )
    withdraw_commitment(commitment=world.elsewhere, reason="Merged.", by=world.users["officer"])
    groups = page(client, world)
    (rated,) = groups["Ratings"]
    assert (rated.ref, rated.was, rated.now) == ("1.1.1a", "Green", "Red")
    moved = next(line for line in groups["Dates"] if "moved" in line.what)
    assert (moved.ref, moved.what, moved.was) == ("1.1.1b", "Completion moved", "March 2023")
    assert [line.what for line in groups["Added and withdrawn"]] == ["Withdrawn from the plan"]
    assert [line.ref for line in groups["Risks and issues"]] == ["1.1.1a"]


def test_a_risk_that_was_closed_says_how_it_ended(client, world):
    risk = risks.raise_risk(
        plan=world.plan, area=world.area, by=world.users["sro"], kind="risk", text="No chair"
    )
    risks.close_risk(risk=risk, by=world.users["sro"], reason="A chair was found.")
    lines = [line for line in page(client, world)["Risks and issues"] if line.ref == "Area 1"]
    assert [line.now for line in lines] == ["", "A chair was found."]


def test_figures_that_are_too_small_to_show_are_not_told_to_a_member(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), counts_people=True, unit="children")
    record_figure(
        kpi, f"{PlanDate.month_of(TODAY).plus_months(-1).iso}", 3, by=world.users["officer"]
    )
    words = [(line.what, line.was, line.now) for line in page(client, world)["Measures"]]
    assert not any("3" in now for _, _, now in words)
    told = [line.now for line in page(client, world, who="officer")["Measures"]]
    assert "3 children" in told


def test_two_days_on_which_nothing_moved(client, world):
    day, before = TODAY - timedelta(days=20), TODAY - timedelta(days=25)
    assert "Ratings" not in page(client, world, f"?as_at={day}&compare_with={before}")


def test_the_file_holds_the_same_and_no_formula(client, world):
    client.force_login(world.users["member"])
    answer = client.get(reverse("pages:changed_file", args=[world.plan.slug, "xlsx"]))
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert ["Ratings", "1.1.1a"] in [row[:2] for row in rows]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert (
        client.get(reverse("pages:changed_file", args=[world.plan.slug, "pdf"])).status_code == 404
    )

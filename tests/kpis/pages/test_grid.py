"""The KPI grid: a cell for each KPI, and small numbers in nobody's."""

import pytest
from django.urls import reverse

from kpis.pages.grid.grid_cells import matrix
from tests.factories import make_kpi, make_target, make_world, record_figure


@pytest.fixture
def world(db):
    return make_world()


def shown(client, world, who="officer", query=""):
    client.force_login(world.users[who])
    response = client.get(reverse("kpis:grid", args=[world.plan.slug]) + query)
    assert response.status_code == 200
    return response


def cells(response):
    return {cell.code: cell for group in response.context["groups"] for cell in group.cells}


def test_a_cell_says_value_target_and_where_it_stands(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), unit="weeks", baseline=253)
    make_target(kpi, 125, "2022-03")
    for month, value in (("2022-02", 230), ("2022-03", 217)):
        record_figure(kpi, month, value, by=world.users["officer"])
    cell = cells(shown(client, world))["K1"]
    assert (cell.value, cell.unit, cell.when) == ("217", "weeks", "Mar 2022")
    assert cell.target.startswith("Target 125 weeks")
    assert cell.position.text == "Target missed"
    assert cell.is_framed
    assert cell.spark is not None
    assert cell.icons == ()


def test_one_without_a_figure_says_so_and_draws_no_line(client, world):
    make_kpi(world.plan, "K1", (world.commitment,))
    cell = cells(shown(client, world))["K1"]
    assert (cell.value, cell.is_words, cell.spark) == ("No figure", True, None)
    assert cell.target == "No target"
    assert not cell.is_framed


@pytest.mark.parametrize("who", ["officer", "member"])
def test_a_small_number_is_in_nobodys_grid(client, world, who):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), unit="pupils", counts_people=True)
    make_target(kpi, 0, "2022-04")
    for month, value in (("2022-01", 30), ("2022-02", 31), ("2022-03", 3)):
        record_figure(kpi, month, value, by=world.users["officer"])
    response = shown(client, world, who)
    cell = cells(response)["K1"]
    assert cell.is_words
    assert cell.spark is None
    assert "3 pupils" not in response.content.decode()


def test_cells_stand_under_the_area_they_serve_and_the_plans_own_last(client, world):
    make_kpi(world.plan, "K3")
    make_kpi(world.plan, "K2", (world.elsewhere,))
    make_kpi(world.plan, "K1", (world.commitment,))
    groups = shown(client, world).context["groups"]
    assert [[cell.code for cell in group.cells] for group in groups] == [["K1"], ["K2"], ["K3"]]
    assert groups[-1].title == "Whole plan"


def test_each_count_leads_to_a_list_of_just_so_many(client, world):
    for code, value in (("K1", 100), ("K2", 200), ("K3", 210)):
        kpi = make_kpi(world.plan, code, (world.commitment,), baseline=253)
        make_target(kpi, 125, "2022-03")
        record_figure(kpi, "2022-03", value, by=world.users["officer"])
    counts = shown(client, world).context["counts"]
    told = {one.words: one for one in counts.passed}
    assert {words: one.count for words, one in told.items()} == {
        "met": 1,
        "missed": 2,
        "not known": 0,
    }
    for one in counts.passed:
        listed = client.get(one.url).content.decode()
        assert listed.count('scope="row"') == one.count


def test_variation_and_assurance_are_counted_and_so_is_what_has_no_icon(client, world):
    steady = make_kpi(world.plan, "K1", (world.commitment,), baseline=50)
    make_target(steady, 52, "2023-12")
    months = [f"{year}-{month:02}" for year in (2022, 2023) for month in range(1, 13)]
    for place, month in enumerate(months):
        record_figure(steady, month, 50 + place % 3, by=world.users["officer"])
    make_kpi(world.plan, "K2", (world.commitment,))
    found = shown(client, world).context["matrix"]
    assert found.without == 1
    assert sum(sum(numbers) for _, numbers in found.rows) == 1
    assert dict(found.rows)["No significant change"] != [0, 0, 0, 0]


def test_of_no_kpis_nothing_is_counted():
    found = matrix([])
    assert (found.without, [sum(numbers) for _, numbers in found.rows]) == (0, [0, 0, 0])

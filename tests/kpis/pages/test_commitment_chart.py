"""A commitment with the measure it should move: the line under what was said, and the list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.progress import updates
from actions.progress.update_answers import NewEvidence
from kpis.models import Kpi
from tests.factories import at, make_kpi, make_target, make_update, record_figure


def page(client, world, persona="member", **query):
    client.force_login(world.users[persona])
    answer = client.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"]), query)
    assert answer.status_code == 200
    return answer


@pytest.fixture
def said(world):
    """Green in May 2022; the plan runs from January 2022 to June 2023."""
    return make_update(
        world.commitment,
        world.users["lead"],
        brag="green",
        progress="Begun.",
        effective_at=at("2022-05-10"),
        source="paper",
    )


AS_AT = {"as_at": "2022-09-30"}


def figures(kpi, **months):
    for month, value in months.items():
        name = f"2022-{month.removeprefix('m')}"
        record_figure(kpi, name, value, effective_at=at(f"{name}-28"))


def test_the_line_is_named_in_short(client, world, said):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), title="Weeks waited", short_title="Waits")
    figures(kpi, m05=50, m06=60)
    assert page(client, world, **AS_AT).context["said_and_done"].kpi.name == "Waits"


def test_the_first_measure_stands_on_the_months_of_the_commitment(client, world, said):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), title="Weeks waited")
    make_target(kpi, 40, "2022-12")
    make_kpi(world.plan, "K2", (world.commitment,), title="Something else")
    figures(kpi, m05=50, m06=60, m08=45)
    picture = page(client, world, **AS_AT).context["said_and_done"]
    drawn = picture.kpi
    # Eighteen months: May is the fifth, and a figure stands in the middle of its month.
    assert [place.x for place in drawn.points] == [
        f"{100 * (number + 0.5) / 18:.3f}" for number in (4, 5, 7)
    ]
    # From 40 to 60: 50 lies half way, 60 at the top, 45 at three quarters from it.
    assert [place.y for place in drawn.points] == ["50.000", "0.000", "75.000"]
    assert [line.label for line in drawn.lines] == ["40", "50", "60"]
    # July has no figure, so no line runs through it.
    assert len(drawn.paths) == 1
    assert (drawn.first.text, drawn.last.text) == ("50", "45")
    # From the end of December, the twelfth month of eighteen.
    assert (drawn.target.x1, drawn.target.label) == ("66.667", "target 40")
    assert [row.figure for row in picture.rows if row.figure] == [
        "50 weeks",
        "60 weeks",
        "45 weeks",
    ]
    assert "What happened, Weeks waited: May 2022 50 weeks; June 2022 60 weeks" in picture.alt


def test_without_a_figure_the_picture_is_as_it_was(client, world, said):
    make_kpi(world.plan, "K1", (world.commitment,))
    assert page(client, world, **AS_AT).context["said_and_done"].kpi is None


def test_a_small_number_is_not_drawn(client, world, said):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), unit="pupils", counts_people=True)
    figures(kpi, m05=50, m06=3)
    for persona, shown in (("member", ["50"]), ("officer", ["50", "3"])):
        answer = page(client, world, persona, **AS_AT)
        drawn = answer.context["said_and_done"].kpi
        assert len(drawn.points) == len(shown)
        assert drawn.last.text == shown[-1]
        assert ("3 pupils" in answer.content.decode()) is (persona == "officer")


def test_each_measure_says_what_it_came_to_and_leads_to_its_page(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), baseline=50, unit="%")
    make_target(kpi, 40, "2032-12")
    record_figure(kpi, "2022-05", 45, by=world.users["officer"])
    make_kpi(world.plan, "K2", (world.commitment,), kind=Kpi.Kind.RATE)
    address = reverse("pages:kpi", args=[world.plan.slug, "K1"])
    client.force_login(world.users["member"])
    for source in (
        page(client, world).content.decode(),
        client.get(reverse("pages:action", args=[world.plan.slug, "1.1.1"])).content.decode(),
    ):
        assert f'href="{address}"' in source
        assert "from 50%, to 40% or less by December 2032" in source
        assert "45%" in source
        assert "On trajectory" in source
        assert "No figure yet" in source


def test_done_and_no_better_stands_beside_the_commitment(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), baseline=50)
    long_ago = timezone.now() - timedelta(days=200)
    blue = make_update(
        world.commitment,
        world.users["lead"],
        brag="blue",
        progress="Done.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Answers come sooner.",
        effective_at=long_ago,
        source="paper",
    )
    updates.answer_blue(
        update=blue, by=world.users["sro"], is_confirmed=True, effective_at=long_ago, source="x"
    )
    assert "Done, and no figure since" in page(client, world).content.decode()
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    record_figure(kpi, f"{last_month:%Y-%m}", 60, by=world.users["officer"])
    assert "the measure is no better than the baseline" in page(client, world).content.decode()

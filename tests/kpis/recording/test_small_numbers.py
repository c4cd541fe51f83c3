"""Saying how the small numbers of a KPI are treated, and what becomes of its figures."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kpis.models import FigureDecision, Kpi
from kpis.recording.small_numbers import set_small_numbers, set_small_numbers_of_plan
from tests.factories import make_kpi, record_figure


@pytest.fixture
def kpi(world):
    return make_kpi(
        world.plan,
        "K1",
        (world.commitment,),
        unit="pupils",
        counts_people=True,
        data_owner=world.people["lead"],
    )


def address(world, code="K1"):
    return reverse("kpis:small_numbers", args=[world.plan.slug, code])


def said(client, world, persona="officer", **answers):
    client.force_login(world.users[persona])
    return client.post(address(world), answers)


def opened(kpi):
    """Whether each figure is open, in the order of periods; None where nothing is decided."""
    return [
        row.decision.is_open if hasattr(row, "decision") else None
        for row in kpi.measurements.select_related("decision").order_by("ends_on", "pk")
    ]


def test_a_threshold_holds_from_then_on_and_opens_nothing(client, world, kpi):
    record_figure(kpi, "2022-01", 3)
    record_figure(kpi, "2022-02", 7)
    said(client, world, "lead", counts_people="on", smallest_count="10")
    record_figure(kpi, "2022-03", 7)
    said(client, world, "lead", counts_people="on", smallest_count="5")
    record_figure(kpi, "2022-04", 7)
    assert opened(kpi) == [False, True, False, True]


def test_what_the_plan_says_holds_where_the_kpi_says_nothing(client, world, kpi):
    world.plan.smallest_count, world.plan.rounding = 8, 5
    world.plan.save()
    record_figure(kpi, "2022-01", 7)
    record_figure(kpi, "2022-02", 8)
    assert opened(kpi) == [False, True]
    assert [one.rounding for one in FigureDecision.objects.order_by("pk")] == [5, 5]
    client.force_login(world.users["officer"])
    page = client.get(address(world)).content.decode()
    assert "as the plan says: 8 up" in page
    assert "as the plan says: to the nearest 5" in page


def test_once_it_is_said_that_children_are_counted_what_is_on_record_is_judged(client, world):
    kpi = make_kpi(world.plan, "K1", unit="pupils")
    record_figure(kpi, "2022-01", 3)
    record_figure(kpi, "2022-02", 7)
    assert opened(kpi) == [None, None]
    said(client, world, counts_people="on")
    assert opened(kpi) == [False, True]
    # No longer said, it opens nothing.
    said(client, world)
    record_figure(kpi, "2022-03", 3)
    assert opened(kpi) == [False, True, None]
    assert not Kpi.objects.get(pk=kpi.pk).counts_people


def test_the_parts_of_a_total_open_together(client, world, kpi):
    whole = make_kpi(world.plan, "K2", unit="pupils", counts_people=True)
    other = make_kpi(world.plan, "K3", unit="pupils", counts_people=True, part_of=whole)
    assert said(client, world, counts_people="on", part_of=whole.pk).status_code == 302
    record_figure(whole, "2022-01", 40)
    record_figure(kpi, "2022-01", 3)
    assert (opened(whole), opened(kpi)) == ([True], [None])
    record_figure(other, "2022-01", 37)
    # 37 would tell the 3, and closes with it.
    assert (opened(whole), opened(kpi), opened(other)) == ([True], [False], [False])
    record_figure(kpi, "2022-02", 13)
    record_figure(other, "2022-02", 17)
    assert (opened(kpi), opened(other)) == ([False, True], [False, True])
    # Put right by itself, 26 less 13 would be told by a total of 30 as well.
    record_figure(whole, "2022-02", 30)
    record_figure(other, "2022-02", 28, reason="Counted again")
    assert opened(other) == [False, True, False]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"smallest_denominator": "ten"}, "Give a whole number up to 10,000"),
        ({"smallest_count": "3"}, "3 is not one of the available choices"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_kept(client, world, kpi, answers, words):
    answer = said(client, world, counts_people="", **answers)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Kpi.objects.get(pk=kpi.pk).counts_people


def test_a_total_of_another_plan_or_of_its_own_is_no_total(client, world, kpi):
    assert said(client, world, counts_people="on", part_of=kpi.pk).status_code == 422
    rate = make_kpi(world.plan, "K4", kind="rate", unit="%")
    with pytest.raises(ValidationError):
        set_small_numbers(kpi=kpi.pk, by=world.users["officer"], part_of=rate)


def test_whoever_calls_it_only_the_programme_team_and_the_data_owner_say_it(world, kpi):
    with pytest.raises(ValidationError):
        set_small_numbers(kpi=kpi.pk, by=world.users["sro"], counts_people=False)
    assert Kpi.objects.get(pk=kpi.pk).counts_people


# --- What the plan says -----------------------------------------------------------------------

OF_PLAN = {
    "smallest_count": "8",
    "rounding": "5",
    "smallest_denominator": "20",
    "smallest_survey": "30",
}


def said_of_plan(client, world, persona="officer", **answers):
    client.force_login(world.users[persona])
    address = reverse("kpis:plan_small_numbers", args=[world.plan.slug])
    return client.post(address, OF_PLAN | answers)


def test_the_plans_own_holds_from_then_on_and_opens_nothing(client, world, kpi):
    record_figure(kpi, "2022-01", 7)
    assert said_of_plan(client, world).status_code == 302
    record_figure(kpi, "2022-02", 7)
    assert said_of_plan(client, world, smallest_count="5").status_code == 302
    record_figure(kpi, "2022-03", 7)
    assert opened(kpi) == [True, False, True]

    world.plan.refresh_from_db()
    assert (world.plan.rounding, world.plan.smallest_denominator) == (5, 20)
    assert world.plan.smallest_survey == 30


def test_a_kpi_that_says_its_own_does_not_go_by_the_plan(client, world, kpi):
    said(client, world, counts_people="on", smallest_count="5")
    said_of_plan(client, world, smallest_count="10")
    record_figure(kpi, "2022-01", 7)
    assert opened(kpi) == [True]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("smallest_count", "3"),
        ("smallest_count", ""),
        ("rounding", "7"),
        ("smallest_denominator", ""),
        ("smallest_survey", "-1"),
        ("smallest_survey", "ten"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_changes(client, world, name, answer):
    refused = said_of_plan(client, world, **{name: answer})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {name}
    world.plan.refresh_from_db()
    assert (world.plan.smallest_count, world.plan.rounding) == (5, 0)


def test_the_plans_own_is_the_programme_teams_to_say(world):
    with pytest.raises(ValidationError, match="programme team"):
        set_small_numbers_of_plan(plan=world.plan, by=world.users["lead"], smallest_count=10)

"""Figures are due by the lag of the KPI's own data, and another lag holds from when it is said."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.rules.dates import PlanDate, add_months, add_working_days
from kpis.models import Kpi
from kpis.recording.history import load_kpis
from tests.actions.plan.test_editing_people import save
from tests.factories import make_kpi, record_figure

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LAST = PlanDate.month_of(add_months(TODAY, -1))


@pytest.fixture
def kpi(world):
    return make_kpi(
        world.plan,
        "K1",
        (world.commitment,),
        data_owner=world.people["lead"],
        first_due_on=add_months(LAST.first_day, -2),
    )


def due_on(plan, day):
    """Of each period without a figure, the last day on which it is in time."""
    read = load_kpis([plan], day, worded_day=None if day == TODAY else day)
    (state,) = read.states().values()
    return {period.ends_on: period.due_by for period in state.due}, read.holidays


def test_the_usual_lag_is_fifteen_working_days_and_the_kpi_may_say_another(world, kpi):
    due, holidays = due_on(world.plan, TODAY)
    assert len(due) == 3
    assert all(by == add_working_days(ended, 15, holidays) for ended, by in due.items())
    Kpi.objects.filter(pk=kpi.pk).update(due_after_days=30)
    due, holidays = due_on(world.plan, TODAY)
    assert all(by == add_working_days(ended, 30, holidays) for ended, by in due.items())


def test_another_lag_leaves_earlier_days_as_they_were(world, kpi):
    yesterday = TODAY - timedelta(days=1)
    before, _ = due_on(world.plan, yesterday)
    assert before
    Kpi.objects.filter(pk=kpi.pk).update(due_after_days=250)
    assert due_on(world.plan, yesterday)[0] == before
    assert due_on(world.plan, TODAY)[0] != before


def test_the_programme_team_says_it_of_an_agreed_plan_and_every_page_follows(client, world, kpi):
    client.force_login(world.users["officer"])
    owner = world.people["lead"].pk
    answer = save(client, world, "data-owner", kpi.pk, data_owner=owner, due_after_days="30")
    assert answer.status_code == 302
    kpi.refresh_from_db()
    assert (kpi.due_after_days, kpi.data_owner_id) == (30, owner)
    due, _ = due_on(world.plan, TODAY)
    page = client.get(reverse("pages:kpi", args=[world.plan.slug, "K1"])).content.decode()
    assert "30 working days after each period" in page
    client.force_login(world.users["lead"])
    work = client.get(reverse("pages:my_work", args=[world.plan.slug]))
    (item,) = [
        line["item"]
        for group in work.context["groups"]
        for line in group["lines"]
        if line["item"].kind.value == "Figures"
    ]
    assert item.due == min(due.values())
    entry = client.get(
        reverse("kpis:figures", args=[world.plan.slug]) + f"?month={LAST.first_day:%Y-%m}"
    ).content.decode()
    assert f"{due[LAST.last_day]:%-d %B %Y}" in entry


@pytest.mark.parametrize("days", ["0", "251", "ten", "1.5"])
def test_what_is_no_number_of_days_is_said_at_its_field(client, world, kpi, days):
    client.force_login(world.users["officer"])
    owner = world.people["lead"].pk
    answer = save(client, world, "data-owner", kpi.pk, data_owner=owner, due_after_days=days)
    assert answer.status_code == 422
    assert "whole number of working days from 1 to 250" in answer.content.decode()
    kpi.refresh_from_db()
    assert kpi.due_after_days is None


def test_weekends_do_not_count():
    # Friday 30 October 2026; Monday 2 November is the first working day after it.
    assert add_working_days(date(2026, 10, 30), 15, ()) == date(2026, 11, 20)


def test_the_last_figures_stand_as_a_small_line_beside_the_next(client, world, kpi):
    address = reverse("kpis:figures", args=[world.plan.slug]) + f"?month={LAST.first_day:%Y-%m}"
    client.force_login(world.users["lead"])
    earlier = [add_months(LAST.first_day, -back) for back in (3, 2)]
    record_figure(kpi, f"{earlier[0]:%Y-%m}", 50, by=world.users["lead"])
    # One figure is no line.
    assert "sparkline" not in client.get(address).content.decode()
    record_figure(kpi, f"{earlier[1]:%Y-%m}", 60, by=world.users["lead"])
    page = client.get(address).content.decode()
    assert "sparkline" in page
    assert "2 figures: " in page

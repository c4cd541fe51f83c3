"""Update periods as the plan's meetings set them, and their pages."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Body, PeriodTreatment, UpdateCycle
from actions.pages.formatting import day_text, short_day
from actions.records.history import load_history
from actions.rules.cycle import EVERY_MONTH
from actions.rules.dates import PlanDate, add_months
from tests.factories import make_cycle
from wsoa.oversight.models import Meeting


def test_papers_need_five_working_days_in_england(world):
    group = Body.objects.create(
        plan=world.plan, position=1, name="Steering group", kind=Body.Kind.STEERING_GROUP
    )
    board = Body.objects.create(plan=world.plan, position=2, name="Board", kind=Body.Kind.BOARD)
    # Papers on Thursday 5 January 2023: Monday 2 is a holiday, so the fifth working day before
    # is Wednesday 28 December (5 < 4, 3, 30, 29, 28).
    Meeting.objects.create(
        plan=world.plan, body=group, held_on=date(2023, 1, 12), papers_due_on=date(2023, 1, 5)
    )
    Meeting.objects.create(
        plan=world.plan, body=board, held_on=date(2022, 12, 8), papers_due_on=date(2022, 12, 1)
    )
    (plan,) = load_history([world.plan], date(2023, 2, 1)).plans
    assert plan.cycle == EVERY_MONTH
    make_cycle(world.plan, date(2022, 1, 1), is_before_papers=True)
    history = load_history([world.plan], date(2023, 2, 1))
    of = history.plans[0].cycle.periods(history.holidays)
    assert of.begun_by(date(2022, 12, 31)).closes_on == date(2022, 12, 28)
    # Tuesday 31 January: there are no papers.
    assert of.begun_by(date(2023, 1, 31)).closes_on == date(2023, 1, 31)


def page(client, world, query=""):
    return client.get(reverse("pages:period", args=[world.plan.slug]) + query)


def test_an_officer_sees_who_owes_what_and_records_for_them(client, world):
    client.force_login(world.users["officer"])
    shown = page(client, world).content.decode()
    for ref in ("1.1.1a", "1.1.1b", "2.1.1a"):
        assert reverse("actions:record_update", args=[world.plan.slug, ref]) in shown
    assert "The other lead" in shown


def test_an_earlier_month_is_shown_as_it_ended(client, world):
    client.force_login(world.users["officer"])
    shown = page(client, world, "?period=2022-02").content.decode()
    assert "Updates for February 2022" in shown
    assert "late until" in shown


@pytest.mark.parametrize("period", ["2999-01", "soon", "2022-13", "2022-01-05"])
def test_a_month_that_cannot_be_shown_is_answered_in_words(client, world, period):
    client.force_login(world.users["officer"])
    answer = page(client, world, f"?period={period}")
    assert answer.status_code == 400
    assert "month" in answer.content.decode()


def test_an_officer_adds_a_meeting_and_is_told_what_is_wrong_with_one(client, world):
    group = Body.objects.create(
        plan=world.plan, position=1, name="Steering group", kind=Body.Kind.STEERING_GROUP
    )
    client.force_login(world.users["officer"])
    address = reverse("pages:periods", args=[world.plan.slug])
    sent = {"body": group.pk, "held_on": "12/1/2030", "papers_due_on": "13/1/2030"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Papers are due before the meeting" in answer.content.decode()
    client.post(address, sent | {"papers_due_on": "5/1/2030"})
    assert Meeting.objects.get().papers_due_on == date(2030, 1, 5)


# --- A cycle of the plan's own ----------------------------------------------------------------


def settings(client, world, **sent):
    client.force_login(world.users["officer"])
    address = reverse("pages:periods", args=[world.plan.slug])
    return client.post(address, sent) if sent else client.get(address)


def starts_on():
    """The first day of a month that has not begun."""
    return add_months(timezone.localdate().replace(day=1), 2).isoformat()


def chosen(**answers):
    return {"kind": "termly", "grace_days": "5", "starts_on": starts_on()} | answers


def test_an_officer_chooses_a_cycle_from_a_day_on(client, world):
    assert "Every month, closing on the last working day; 5 working days of grace." in (
        settings(client, world).content.decode()
    )
    assert settings(client, world, **chosen(grace_days="0")).status_code == 302
    (row,) = UpdateCycle.objects.all()
    assert (row.kind, row.grace_days, row.starts_on.isoformat()) == ("termly", 0, starts_on())
    shown = settings(client, world).content.decode()
    assert "Every month, closing on the last working day; 5 working days of grace." in shown
    day = short_day(row.starts_on)
    assert f"From {day}: Every school term, closing on its last working day; no days of" in shown


@pytest.mark.parametrize(
    ("answers", "field", "problem"),
    [
        ({"kind": ""}, "kind", "Choose when you ask for updates"),
        ({"kind": "weeks"}, "weeks", "Enter a number of weeks from 1 to 26"),
        ({"kind": "weeks", "weeks": "six"}, "weeks", "Enter a number of weeks from 1 to 26"),
        ({"kind": "meetings"}, "board", "Choose the board or group"),
        ({"kind": "meetings", "board": "0"}, "board", "Choose the board or group"),
        ({"kind": "dates"}, "closing_days", "Enter at least one date"),
        (
            {"kind": "dates", "closing_days": "1/5/2031\nsoon"},
            "closing_days",
            "“soon” is not a date.",
        ),
        ({"grace_days": ""}, "grace_days", "Enter a number of working days from 0 to 10"),
        ({"grace_days": "11"}, "grace_days", "Enter a number of working days from 0 to 10"),
        ({"starts_on": ""}, "starts_on", "Choose from which day"),
        ({"starts_on": "2001-01-01"}, "starts_on", "Choose one of the days"),
        ({"kind": "monthly"}, "kind", "Updates are asked for in this way already"),
    ],
)
def test_a_cycle_that_lacks_something_is_answered_at_its_question(
    client, world, answers, field, problem
):
    answer = settings(client, world, **chosen(**answers))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert errors[field][0].startswith(problem)
    assert not UpdateCycle.objects.exists()
    if "closing_days" in answers:
        assert "1/5/2031" in answer.content.decode()


def test_an_officer_lists_dates_and_skips_a_period_to_come(client, world):
    first = date.fromisoformat(starts_on())
    days = [first + timedelta(days=20), first + timedelta(days=50)]
    listed = "\n".join(f"{day.day}/{day.month}/{day.year}" for day in reversed(days))
    settings(client, world, **chosen(kind="dates", closing_days=listed))
    assert UpdateCycle.objects.get().closing_days == days
    shown = settings(client, world).content.decode()
    assert f"closes {short_day(days[1])}" in shown
    assert f"After {short_day(days[1])} no update is asked for until more dates are" in shown
    settings(client, world, period=first.isoformat(), treatment="skipped")
    assert PeriodTreatment.objects.get().day == first
    assert "No updates are asked for</span>" in settings(client, world).content.decode()
    # The second stands last, so there is nothing to join it with.
    last = (days[0] + timedelta(days=1)).isoformat()
    answer = settings(client, world, period=last, treatment="joined")
    assert answer.status_code == 422
    assert "it cannot be joined with it" in answer.content.decode()


def test_the_page_of_updates_goes_through_periods_of_the_plans_own(client, world):
    make_cycle(world.plan, date(2022, 4, 26), "termly")
    PeriodTreatment.objects.create(
        plan=world.plan, day=date(2022, 9, 1), treatment="skipped", source="test"
    )
    client.force_login(world.users["officer"])
    summer = page(client, world, "?period=2022-04-26").content.decode()
    assert "<h1>Updates for the summer term 2022</h1>" in summer
    # April is cut short before it, and autumn comes after.
    assert "period=2022-04-01" in summer
    assert "Before: 1 to 25 April 2022" in summer
    assert "period=2022-09-01" in summer
    assert "After: the autumn term 2022" in summer
    assert "No updates are asked for in this period." in (
        page(client, world, "?period=2022-10").content.decode()
    )
    assert page(client, world, "?period=2022-08").status_code == 400


def test_my_work_and_the_line_under_the_menu_name_the_period(client, world):
    today = timezone.localdate()
    closes = today + timedelta(days=40)
    make_cycle(world.plan, today, "dates", closing_days=[closes])
    client.force_login(world.users["lead"])
    shown = client.get(reverse("pages:my_work", args=[world.plan.slug])).content.decode()
    span = PlanDate.days(today, closes).words
    assert f"Update for {span}: <b>0 of" in shown
    assert f"Update closes <b>{day_text(closes)}</b>" in shown
    assert f"<dt>Closes</dt><dd>{day_text(closes)}</dd>" in shown
    form = client.get(reverse("actions:record_update", args=[world.plan.slug, "1.1.1a"]))
    assert f"1.1.1a, Update for {span}" in form.content.decode()


def test_between_two_periods_nothing_is_asked_for(client, world):
    today = timezone.localdate()
    make_cycle(
        world.plan,
        today - timedelta(days=90),
        "dates",
        closing_days=[today - timedelta(days=60)],
    )
    client.force_login(world.users["lead"])
    shown = client.get(reverse("pages:my_work", args=[world.plan.slug])).content.decode()
    assert "Due by" not in shown
    assert "update closes" not in shown.lower()
    assert "for None" not in shown


def test_in_the_days_of_grace_the_line_under_the_menu_says_that_it_has_closed(client, world):
    today = timezone.localdate()
    closed = today - timedelta(days=1)
    make_cycle(
        world.plan, today - timedelta(days=20), "dates", closing_days=[closed], grace_days=10
    )
    client.force_login(world.users["lead"])
    shown = client.get(reverse("pages:my_work", args=[world.plan.slug])).content.decode()
    assert f"Update closed <b>{day_text(closed)}</b>" in shown


def test_who_has_not_sent_can_be_written_to_or_their_addresses_copied(client, world):
    client.force_login(world.users["officer"])
    shown = page(client, world).content.decode()
    lead, other = (world.users[name].email for name in ("lead", "other_lead"))
    assert f'<span class="addresses">{lead}; {other}</span>' in shown
    assert f'href="mailto:{lead},{other}?subject=' in shown
    assert "closes%20on" in shown

    for name in ("lead", "other_lead"):
        world.people[name].user = None
        world.people[name].save()
    shown = page(client, world).content.decode()
    assert "No account, so no address here: The lead, The other lead" in shown
    assert "mailto:" not in shown

"""The calendar at its secret address: whose dates it has, and whose it has not."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import Membership, Plan
from tests.factories import make_meeting, make_plan
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import ReviewMeeting
from wsoa.reaching import wishes

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def calendar(client, user):
    address = reverse("reaching:calendar", args=[wishes.wishes_of(user).calendar_key])
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return icalendar.Calendar.from_ical(answer.content)


def titles(client, user):
    return [str(event["SUMMARY"]) for event in calendar(client, user).walk("VEVENT")]


def test_a_lead_has_the_closing_days_and_no_meeting_of_a_group_they_are_not_on(client, world):
    make_meeting(world.plan, days=9)
    found = titles(client, world.users["lead"])
    assert sum("update closes" in title for title in found) >= 11
    assert not any("Steering" in title for title in found)


def test_who_answers_to_the_steering_group_has_its_meetings_and_the_reviews(client, world):
    meeting = make_meeting(world.plan, days=9)
    ReviewMeeting.objects.create(plan=world.plan, held_on=TODAY, advisers="DfE")
    area = world.plan.local_area.name
    for name in ("officer", "sro", "chair"):
        found = titles(client, world.users[name])
        assert f"{area}: {meeting.body.name}" in found
        assert f"{area}: review with DfE" in found


def test_what_is_due_on_a_day_of_its_own_is_a_date_and_its_words_are_not_told(client, world):
    decisions.record_decision(
        plan=world.plan,
        by=world.users["officer"],
        meeting=make_meeting(world.plan, days=-8),
        text="Ask the parents of the child",
        minute="item 4",
        owner=world.people["lead"],
        due_on=TODAY + timedelta(days=5),
        today=TODAY,
    )
    found = calendar(client, world.users["lead"])
    (event,) = (one for one in found.walk("VEVENT") if "Agreed action" in one["SUMMARY"])
    assert event["DTSTART"].dt == TODAY + timedelta(days=5)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)
    assert b"child" not in found.to_ical()


def test_the_same_thing_keeps_its_name_from_one_asking_to_the_next(client, world):
    def uids():
        return [str(event["UID"]) for event in calendar(client, world.users["lead"]).walk("VEVENT")]

    first = uids()
    assert len(first) == len(set(first))
    assert uids() == first


def test_one_calendar_for_all_plans_of_a_person_and_none_of_a_closed_one(client, world):
    lead = world.users["lead"]
    other, closed = make_plan(), make_plan()
    for plan in (other, closed):
        memberships.grant(user=lead, plan=plan, role=Membership.Role.LEAD)
    Plan.objects.filter(pk=closed.pk).update(
        state=Plan.State.CLOSED, closed_on=TODAY, closed_by="The board"
    )
    found = titles(client, lead)
    names = {title.partition(":")[0] for title in found}
    assert names == {world.plan.local_area.name, other.local_area.name}


@pytest.mark.parametrize("name", ["reader", "outsider"])
def test_who_sees_nothing_live_has_no_dates(client, world, name):
    assert titles(client, world.users[name]) == []


def test_another_address_makes_the_old_one_useless(client, world):
    lead = world.users["lead"]
    old = wishes.wishes_of(lead).calendar_key
    client.force_login(lead)
    client.post(reverse("reaching:renew_calendar"))
    assert client.get(reverse("reaching:calendar", args=[old])).status_code == 404
    assert calendar(client, lead).walk("VEVENT")


def test_an_account_that_is_switched_off_has_none(client, world):
    lead = world.users["lead"]
    key = wishes.wishes_of(lead).calendar_key
    lead.is_active = False
    lead.save()
    assert client.get(reverse("reaching:calendar", args=[key])).status_code == 404

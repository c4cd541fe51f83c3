"""The pages of mails: what goes and went, one's own wishes, and leaving them by one press."""

from datetime import date, timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from tests.factories import make_plan
from wsoa.reaching import sending, wishes
from wsoa.reaching.models import ClosedDays, Hold, MailSettings, MailWishes
from wsoa.reaching.rules.mail_days import MailDays
from wsoa.reaching.unsubscribing import unsubscribe_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(world):
    wishes.set_mail(plan=world.plan, is_on=True, reply_to="", signed="", phone="", closed=[])
    return world


@pytest.fixture
def as_officer(client, world):
    client.force_login(world.users["officer"])
    return client


def url(world, name="mail", *arguments):
    return reverse(f"reaching:{name}", args=[world.plan.slug, *arguments])


def record(world):
    """What went on the last day on which mails go."""
    today = timezone.localdate()
    return sending.record_due(world.plan, today, day=MailDays().last_until(today))


class TestMail:
    def test_a_plan_that_does_not_write_says_so(self, as_officer, world):
        page = as_officer.get(url(world))
        assert "This plan writes to nobody yet." in page.content.decode()
        assert page.context["coming"] == []

    def test_what_is_to_come_names_each_person_once(self, as_officer, writing):
        page = as_officer.get(url(writing))
        names = [line["name"] for group in page.context["coming"] for line in group["lines"]]
        assert "The lead" in names
        assert "The forum" not in names
        assert len(names) == len(set(names))

    def test_what_went_stands_with_what_became_of_it(self, as_officer, writing):
        record(writing)
        sending.send_waiting(timezone.localdate())
        page = as_officer.get(url(writing))
        (line,) = (one for one in page.context["sent"] if one["name"] == "The lead")
        assert line["outcome"] == "Kept here"
        shown = as_officer.get(line["url"]).content.decode()
        assert "Dear The lead," in shown
        to_one = as_officer.get(url(writing) + f"?to={writing.users['lead'].pk}")
        assert {one["name"] for one in to_one.context["sent"]} == {"The lead"}

    def test_a_mail_of_another_plan_is_not_there(self, as_officer, writing):
        message = record(writing)[0]
        other = make_plan()
        memberships.grant(user=writing.users["officer"], plan=other, role="programme_officer")
        address = reverse("reaching:message", args=[other.slug, message.pk])
        assert as_officer.get(address).status_code == 404


class TestHold:
    def test_held_and_written_to_again(self, as_officer, writing):
        lead = writing.users["lead"]
        until = timezone.localdate() + timedelta(days=7)
        answer = as_officer.post(
            url(writing, "hold", lead.pk),
            {
                "until": f"{until:%d/%m/%Y}",
                "reason": "Told by phone",
            },
            follow=True,
        )
        lines = [line for group in answer.context["coming"] for line in group["lines"]]
        assert {line["is_held"] for line in lines if line["name"] == "The lead"} == {True}
        assert Hold.objects.get().by == writing.users["officer"]
        again = as_officer.post(url(writing, "end_hold", lead.pk), follow=True)
        lines = [line for group in again.context["coming"] for line in group["lines"]]
        assert {line["is_held"] for line in lines if line["name"] == "The lead"} == {False}

    @pytest.mark.parametrize("days", [-1, 93])
    def test_not_until_yesterday_and_not_for_good(self, as_officer, writing, days):
        until = timezone.localdate() + timedelta(days=days)
        answer = as_officer.post(
            url(writing, "hold", writing.users["lead"].pk),
            {"until": f"{until:%d/%m/%Y}"},
        )
        assert answer.status_code == 422
        assert not Hold.objects.exists()

    def test_nobody_outside_the_plan(self, as_officer, writing):
        assert as_officer.get(url(writing, "hold", writing.users["outsider"].pk)).status_code == 404


class TestSettings:
    def test_closed_days_are_read_a_line_each(self, as_officer, world):
        answer = as_officer.post(
            url(world, "mail_settings"),
            {"is_on": "on", "reply_to": "team@example.org", "closed": "24/12/26 to 1/1/27\n3/5/27"},
        )
        assert answer.status_code == 302
        assert list(ClosedDays.objects.values_list("first_day", "last_day")) == [
            (date(2026, 12, 24), date(2027, 1, 1)),
            (date(2027, 5, 3), date(2027, 5, 3)),
        ]
        assert MailSettings.objects.get().is_on

    def test_what_stood_there_comes_back_and_goes_when_it_is_taken_out(self, as_officer, world):
        as_officer.post(url(world, "mail_settings"), {"closed": "24/12/26 to 1/1/27"})
        page = as_officer.get(url(world, "mail_settings")).content.decode()
        assert "24/12/26 to 01/01/27" in page
        as_officer.post(url(world, "mail_settings"), {"closed": ""})
        assert not ClosedDays.objects.exists()

    @pytest.mark.parametrize(
        ("closed", "says"), [("Christmas", "is not two days"), ("2/1/27 to 1/1/27", "ends before")]
    )
    def test_a_line_that_cannot_be_read_is_named_and_nothing_is_saved(
        self, as_officer, world, closed, says
    ):
        answer = as_officer.post(url(world, "mail_settings"), {"closed": f"3/5/27\n{closed}"})
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not ClosedDays.objects.exists()


class TestOwnWishes:
    def test_are_kept(self, client, world):
        lead = world.users["lead"]
        client.force_login(lead)
        client.post(reverse("reaching:my_mail"), {"late": "on", "weekdays": ["0", "3"]})
        kept = MailWishes.objects.get(user=lead)
        assert (kept.reminders, kept.late, kept.at_once) == (False, True, False)
        assert kept.weekdays == [0, 3]

    def test_no_working_day_is_an_error(self, client, world):
        client.force_login(world.users["lead"])
        answer = client.post(reverse("reaching:my_mail"), {"late": "on"})
        assert answer.status_code == 422
        assert "Choose at least one day" in answer.content.decode()


class TestLeaving:
    def test_by_a_press_and_not_by_looking(self, world):
        lead = world.users["lead"]
        visitor = Client(enforce_csrf_checks=True)
        address = unsubscribe_url(lead.pk).partition("://")[2].partition("/")[2]
        page = visitor.get(f"/{address}")
        assert "Stop the mails?" in page.content.decode()
        assert lead.name not in page.content.decode()
        assert not MailWishes.objects.exists()
        # As a mail program does it, without a page of ours.
        for _ in range(2):
            answer = visitor.post(f"/{address}", {"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
        kept = MailWishes.objects.get(user=lead)
        assert (kept.reminders, kept.late, kept.at_once) == (False, False, False)

    @pytest.mark.parametrize("made", [lambda user: "x", lambda user: signing.dumps(user, salt="x")])
    def test_not_by_an_address_that_was_made_elsewhere(self, client, world, made):
        token = made(world.users["lead"].pk)
        assert client.post(reverse("reaching:unsubscribe", args=[token])).status_code == 404
        assert not MailWishes.objects.exists()

"""Mails of a plan: who gets one, what it says, and that each goes once whatever happens."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions import memberships
from actions.models import AreaJudgement, Membership, Plan
from tests.factories import make_plan, make_update
from tests.smtp import mail_server
from wsoa.oversight.questions import questions
from wsoa.reaching import sending, wishes
from wsoa.reaching.models import Delivery, Message
from wsoa.reaching.recipients import mailing_of

pytestmark = pytest.mark.django_db

Role, Outcome = Membership.Role, Delivery.Outcome


@pytest.fixture
def today():
    """A day on which people are written to: where the tests run on another, the next one."""
    day = timezone.localdate()
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


@pytest.fixture
def writing(world):
    """The plan writes to its people; the lead's two commitments have been silent for long."""
    wishes.set_mail(
        plan=world.plan,
        is_on=True,
        reply_to="team@council.example",
        signed="The SEND programme team",
        phone="01632 960 001",
        closed=[],
    )
    return world


@pytest.fixture
def server(settings):
    with mail_server(settings) as running:
        yield running


def record(world, day):
    recorded = sending.record_due(world.plan, timezone.localdate(), day=day)
    return {message.user: message for message in recorded}


def mails_on(world, day):
    mailing = mailing_of(world.plan, timezone.localdate())
    assert mailing is not None
    return sending.mails_on(mailing, day)


def outcomes(message):
    return [one.outcome for one in message.deliveries.order_by("pk")]


def run(*arguments):
    out = StringIO()
    call_command("send_mail_due", *arguments, stdout=out)
    return out.getvalue()


class TestWhoGetsOne:
    def test_everybody_with_whom_something_waits_and_nobody_else(self, writing, today):
        users = writing.users
        got = record(writing, today)
        assert users["lead"] in got
        assert users["other_lead"] in got
        assert users["forum"] not in got
        assert users["reader"] not in got
        assert users["outsider"] not in got

    def test_nobody_of_a_plan_that_does_not_write(self, world, today):
        assert world.plan not in sending.plans_that_write()

    def test_nobody_of_a_plan_that_is_closed(self, writing, today):
        Plan.objects.filter(pk=writing.plan.pk).update(
            state=Plan.State.CLOSED, closed_on=today, closed_by="The board"
        )
        assert not sending.plans_that_write().exists()
        assert run() == ""

    def test_nobody_on_a_closed_day(self, writing, today):
        wishes.set_mail(
            plan=writing.plan, is_on=True, reply_to="", signed="", phone="", closed=[(today, today)]
        )
        assert record(writing, today) == {}

    def test_nobody_at_the_weekend(self, writing, today):
        saturday = today + timedelta(days=5 - today.weekday())
        assert mails_on(writing, saturday) == []

    def test_not_who_wants_none(self, writing, today):
        wishes.unsubscribe(user=writing.users["lead"])
        got = record(writing, today)
        assert writing.users["lead"] not in got
        assert writing.users["other_lead"] in got

    def test_not_who_works_on_other_days(self, writing, today):
        others = {0, 1, 2, 3, 4} - {today.weekday()}
        wishes.wish(
            user=writing.users["lead"], reminders=True, late=True, at_once=True, weekdays=others
        )
        assert writing.users["lead"] not in record(writing, today)

    def test_who_covers_in_place_of_who_is_away(self, writing, today):
        lead, cover = writing.users["lead"], writing.users["member"]
        now = timezone.localdate()
        memberships.name_deputy(
            of=Membership.objects.get(user=lead, role=Role.LEAD),
            user=cover,
            starts_on=now,
            ends_on=now + timedelta(days=9),
        )
        got = record(writing, today)
        assert lead not in got
        assert "1.1.1a" in got[cover].text

    def test_not_who_is_held_until_the_day_after(self, writing, today):
        lead, officer = writing.users["lead"], writing.users["officer"]
        wishes.hold(plan=writing.plan, user=lead, by=officer, until=today)
        (due,) = (one for one in mails_on(writing, today) if one.to.user == lead.pk)
        assert due.is_held
        assert lead not in record(writing, today)
        wishes.hold(plan=writing.plan, user=lead, by=officer, until=None)
        assert lead in record(writing, today)

    def test_queries_do_not_grow_with_people(self, writing, today):
        def count():
            with CaptureQueriesContext(
                connection,
            ) as caught:
                mailing_of(writing.plan, timezone.localdate())
            return len(caught)

        count()
        first = count()
        for number in range(3):
            user = type(writing.users["lead"]).objects.create_user(
                f"more{number}@example.org", f"More {number}"
            )
            memberships.grant(user=user, plan=writing.plan, role=Role.CHAIR)
        assert count() <= first + 1


class TestWhatItSays:
    def test_what_waits_and_where_and_by_when(self, writing, today, settings):
        settings.SITE_URL = "https://plan.example"
        message = record(writing, today)[writing.users["lead"]]
        assert message.text.startswith("Dear The lead,")
        assert "1.1.1a" in message.text
        assert (
            f"https://plan.example/plans/{writing.plan.slug}/commitments/1.1.1a/update/"
            in message.text
        )
        assert "The SEND programme team, 01632 960 001" in message.text
        assert "things" in message.subject

    def test_nothing_that_somebody_wrote(self, writing, today):
        make_update(
            writing.second,
            writing.users["lead"],
            progress="Quoteless words",
            late_reason="Quoteless reason",
        )
        questions.ask(
            plan=writing.plan,
            by=writing.users["member"],
            text="Which of the children is it?",
            commitment=writing.commitment,
            today=timezone.localdate(),
        )
        message = record(writing, today)[writing.users["lead"]]
        for part in (message.subject, message.text, message.html):
            assert "Quoteless" not in part
            assert "children" not in part

    def test_at_most_five_things_and_how_many_more(self, writing, today):
        for number in range(6):
            questions.ask(
                plan=writing.plan,
                by=writing.users["member"],
                text=f"Question {number}?",
                commitment=writing.commitment,
                today=timezone.localdate(),
            )
        message = record(writing, today)[writing.users["lead"]]
        assert message.html.count("<li>") == 5
        assert "And 3 more" in message.text
        assert len(message.keys) == 8

    def test_names_are_text_in_html(self, writing, today):
        writing.users["lead"].name = "<b>Lea & Co</b>"
        writing.users["lead"].save()
        message = record(writing, today)[writing.users["lead"]]
        assert "Dear <b>Lea & Co</b>," in message.text
        assert "Dear &lt;b&gt;Lea &amp; Co&lt;/b&gt;," in message.html


class TestOthers:
    """The senior responsible officer of area 1 has nothing to do; its leads are long overdue."""

    def of_the_sro(self, world, day):
        AreaJudgement.objects.create(
            area=world.area, brag="green", reason="Fine", by=world.users["sro"]
        )
        return record(world, day).get(world.users["sro"])

    def test_hears_what_is_overdue_with_whom_and_cannot_be_spared_it(self, writing, today, server):
        wishes.unsubscribe(user=writing.users["sro"])
        message = self.of_the_sro(writing, today)
        assert message.why == "others"
        assert "The lead" in message.text
        assert "1.1.1a" in message.text
        assert "2.1.1a" not in message.text
        assert "Fewer mails" not in message.text
        sending.send_waiting(today)
        mail = server.to(writing.users["sro"].email)
        assert mail["List-Unsubscribe"] is None

    def test_once_a_week_and_not_while_the_programme_team_holds_it(self, writing, today):
        sro, officer = writing.users["sro"], writing.users["officer"]
        wishes.hold(plan=writing.plan, user=sro, by=officer, until=today)
        assert self.of_the_sro(writing, today) is None
        wishes.hold(plan=writing.plan, user=sro, by=officer, until=None)
        assert record(writing, today)[sro].why == "others"
        assert sro not in record(writing, today + timedelta(days=1))


class TestSending:
    def test_a_mail_goes_in_the_plans_name_and_is_answered_to_the_team(
        self, writing, today, server
    ):
        lead = writing.users["lead"]
        message = record(writing, today)[lead]
        sending.send_waiting(today)
        mail = server.to(lead.email)
        assert mail["Subject"] == message.subject
        assert mail["Reply-To"] == "team@council.example"
        assert mail["From"] == f"{writing.plan.local_area.name} plan <plans@example.org>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        text = mail.get_body(("plain",)).get_content()
        assert text.split() == message.text.split()
        assert mail.get_body(("html",)) is not None
        assert outcomes(message) == [Outcome.BEGUN, Outcome.SENT]

    def test_run_again_the_same_day_nobody_gets_a_second(self, writing, today, server):
        first = record(writing, today)
        sending.send_waiting(today)
        assert record(writing, today) == {}
        assert sending.send_waiting(today) == []
        assert len(server.mails) == len(first)

    def test_a_server_that_is_away_gets_all_later_and_nobody_is_told_twice(
        self, writing, today, server, settings
    ):
        got = record(writing, today)
        settings.EMAIL_PORT = 1
        (first,) = sending.send_waiting(today)
        assert first.outcome == Outcome.WAITS
        settings.EMAIL_PORT = server.port
        tomorrow = today + timedelta(days=1)
        sending.send_waiting(tomorrow)
        assert sorted(to for (to,) in server.receivers) == sorted(user.email for user in got)

    def test_what_could_not_go_for_three_days_is_given_up(self, writing, today, server):
        message = record(writing, today)[writing.users["lead"]]
        sending.send_waiting(today + timedelta(days=4))
        assert outcomes(message) == [Outcome.GIVEN_UP]
        assert server.mails == []

    def test_a_refused_address_is_on_record_and_holds_back_no_other(self, writing, today, server):
        lead, other = writing.users["lead"], writing.users["other_lead"]
        server.refused.add(lead.email)
        got = record(writing, today)
        sending.send_waiting(today)
        assert outcomes(got[lead]) == [Outcome.BEGUN, Outcome.REFUSED]
        assert "550" in got[lead].deliveries.last().detail
        assert server.to(other.email)
        assert sending.send_waiting(today) == []

    def test_an_address_with_a_line_break_is_refused_and_holds_back_no_other(
        self, writing, today, server
    ):
        lead = writing.users["lead"]
        type(lead).objects.filter(pk=lead.pk).update(email="a@example.org\nbcc: b@example.org")
        got = record(writing, today)
        sending.send_waiting(today)
        assert outcomes(got[lead])[-1] == Outcome.REFUSED
        assert all(to == [] or "b@example.org" not in to for to in server.receivers)
        assert server.to(writing.users["other_lead"].email)

    def test_of_what_a_killed_process_began_nobody_is_told_twice(self, writing, today, server):
        message = record(writing, today)[writing.users["lead"]]
        Delivery(message=message, outcome=Outcome.BEGUN, source="send_mail_due").save()
        sending.send_waiting(today)
        assert outcomes(message) == [Outcome.BEGUN, Outcome.UNKNOWN]
        assert server.none_to(writing.users["lead"].email)

    def test_without_a_mail_server_it_is_kept_here(self, writing, today):
        message = record(writing, today)[writing.users["lead"]]
        sending.send_waiting(today)
        assert outcomes(message) == [Outcome.KEPT]
        assert sending.send_waiting(today) == []


class TestNothingTwice:
    def test_one_a_day_over_all_plans_is_held_by_the_database(self, writing, today):
        lead = writing.users["lead"]
        message = record(writing, today)[lead]
        other = make_plan()
        twin = Message(
            plan=other,
            day=today,
            why=message.why,
            user=lead,
            address=lead.email,
            subject="x",
            text="x",
            html="x",
            source="send_mail_due",
        )
        with pytest.raises(IntegrityError, match="message_one_a_day"), transaction.atomic():
            twin.save()

    def test_a_mail_on_record_is_not_changed(self, writing, today):
        message = record(writing, today)[writing.users["lead"]]
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(subject="Another")


class TestCommand:
    def test_a_dry_run_says_what_to_whom_and_why_and_does_nothing(self, writing):
        said = run("--dry-run")
        lines = said.splitlines()
        assert len(lines) == len(mails_on(writing, timezone.localdate()))
        assert not Message.objects.exists()

    def test_it_says_how_many(self, writing, server):
        count = len(mails_on(writing, timezone.localdate()))
        assert f"{writing.plan.slug}: {count} written." in run()
        assert len(server.mails) == count

"""Choosing people on the page of everybody's work, and writing to them."""

import io
from zipfile import ZipFile

import openpyxl
import pytest
from django.urls import reverse

from tests.smtp import mail_server
from wsoa.reaching.models import Delivery, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_officer(client, world):
    client.force_login(world.users["officer"])
    return client


def everybody(world, asked=""):
    return reverse("reaching:everybody", args=[world.plan.slug]) + asked


def keys(page):
    return {
        line["name"]: line["key"] for group in page.context["groups"] for line in group["people"]
    }


class TestChoosing:
    def test_nobody_is_chosen_at_first(self, as_officer, world):
        page = as_officer.get(everybody(world))
        assert page.context["chosen"] == set()
        assert "Nobody chosen" in page.content.decode()

    def test_who_is_chosen_stays_so_and_the_addresses_are_theirs(self, as_officer, world):
        key = keys(as_officer.get(everybody(world)))["The lead"]
        page = as_officer.get(everybody(world, f"?to={key}&show=addresses"))
        assert "1 chosen" in page.content.decode()
        assert page.context["addresses"] == world.users["lead"].email

    def test_all_are_those_that_are_shown(self, as_officer, world):
        page = as_officer.get(everybody(world, "?all=yes&only=updates"))
        assert page.context["chosen"] == set(keys(page).values())

    def test_only_what_is_asked_for_is_shown_and_the_counts_are_of_it(self, as_officer, world):
        page = as_officer.get(everybody(world, "?only=updates"))
        (choice,) = (one for one in page.context["only"] if one["is_chosen"])
        shown = {
            thing["url"]
            for group in page.context["groups"]
            for line in group["people"]
            for wait in line["waits"]
            for thing in wait["things"]
        }
        assert choice["label"] == f"Updates {len(shown)}"

    def test_what_cannot_be_shown_is_said(self, as_officer, world):
        assert as_officer.get(everybody(world, "?only=everything")).status_code == 400


class TestSheets:
    def test_one_for_each_that_is_chosen(self, as_officer, world):
        people = world.people
        address = reverse("pages:sheets_of_several", args=[world.plan.slug])
        answer = as_officer.get(
            f"{address}?to={people['lead'].pk}&to={people['other_lead'].pk}&to=user-1"
        )
        pack = ZipFile(io.BytesIO(answer.content))
        assert sorted(pack.namelist()) == [
            f"the-lead-{people['lead'].pk}.xlsx",
            f"the-other-lead-{people['other_lead'].pk}.xlsx",
        ]
        book = openpyxl.load_workbook(io.BytesIO(pack.read(pack.namelist()[0])))
        cells = {str(cell.value) for row in book.worksheets[0] for cell in row}
        assert {"1.1.1a", "1.1.1b"} <= cells
        assert "2.1.1a" not in cells

    def test_nobody_chosen_is_said(self, as_officer, world):
        address = reverse("pages:sheets_of_several", args=[world.plan.slug])
        page = as_officer.get(address, follow=True)
        assert page.redirect_chain == [(everybody(world), 302)]
        assert "Choose somebody who leads something" in page.content.decode()


class TestWriting:
    @pytest.fixture
    def server(self, settings):
        with mail_server(settings) as running:
            yield running

    def form(self, as_officer, world, **more):
        address = reverse("reaching:write", args=[world.plan.slug])
        key = keys(as_officer.get(everybody(world)))["The lead"]
        page = as_officer.get(f"{address}?to={key}")
        form = page.context["form"]
        answers = {name: form[name].value() for name in form.fields}
        return address, answers | more

    def test_who_was_chosen_is_ticked_and_words_are_proposed(self, as_officer, world):
        _, answers = self.form(as_officer, world)
        assert answers["to"] == [str(world.people["lead"].pk)]
        assert "what waits for you" in answers["subject"]
        assert "closes on" in answers["words"] or "Please send" in answers["words"]

    def test_it_goes_after_a_look_with_words_and_what_waits(self, as_officer, world, server):
        address, answers = self.form(as_officer, world, words="Come on <b>Friday</b>, please.")
        page = as_officer.post(address, answers)
        assert "Send 1 mail" in page.content.decode()
        assert not Message.objects.exists()
        as_officer.post(address, answers | {"step": "send"})
        mail = server.to(world.users["lead"].email)
        text = mail.get_body(("plain",)).get_content()
        assert "Come on <b>Friday</b>, please." in text
        assert "1.1.1a" in text
        assert "The officer" in text
        html = mail.get_body(("html",)).get_content()
        assert "&lt;b&gt;Friday" in html
        message = Message.objects.get()
        assert message.by == world.users["officer"]
        assert message.deliveries.last().outcome == Delivery.Outcome.SENT

    def test_sent_twice_it_goes_once(self, as_officer, world, server):
        address, answers = self.form(as_officer, world)
        for _ in range(2):
            as_officer.post(address, answers | {"step": "send"})
        assert len(server.mails) == 1
        _, again = self.form(as_officer, world)
        as_officer.post(address, again | {"step": "send"})
        assert len(server.mails) == 2

    def test_back_from_the_check_page_nothing_typed_is_lost(self, as_officer, world):
        address, answers = self.form(as_officer, world, words="My own words.")
        page = as_officer.post(address, answers | {"step": "change"})
        assert page.status_code == 200
        assert "My own words." in page.content.decode()

    def test_to_nobody_of_another_plan(self, as_officer, world, server):
        address, answers = self.form(as_officer, world, to=["user-999"])
        answer = as_officer.post(address, answers | {"step": "send"})
        assert answer.status_code == 422
        assert not Message.objects.exists()

    def test_a_subject_of_two_lines_names_no_other_receiver(self, as_officer, world, server):
        address, answers = self.form(as_officer, world, subject="Hello\nBcc: x@example.org")
        as_officer.post(address, answers | {"step": "send"})
        assert all(to == [world.users["lead"].email] for to in server.receivers)

    def test_the_page_of_everybody_says_when_they_were_last_told(self, as_officer, world):
        address, answers = self.form(as_officer, world)
        as_officer.post(address, answers | {"step": "send"})
        page = as_officer.get(everybody(world))
        (line,) = (
            one
            for group in page.context["groups"]
            for one in group["people"]
            if one["name"] == "The lead"
        )
        assert line["last_told"]
        assert as_officer.get(line["last_told_url"]).status_code == 200

"""Those without an account: the same mails, with a sheet in place of links."""

import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from actions.models import Person
from tests.factories import make_commitment
from tests.smtp import mail_server
from wsoa.reaching import sending, wishes
from wsoa.reaching.models import ContactAddress, Message
from wsoa.reaching.rules.mail_days import MailDays

pytestmark = pytest.mark.django_db

EMAIL = "portal@council.example"


@pytest.fixture
def contact(world):
    """The portal team leads a commitment and has no account."""
    wishes.set_mail(plan=world.plan, is_on=True, reply_to="", signed="", phone="", closed=[])
    person = Person.objects.create(
        local_area=world.plan.local_area, name="Portal team", organisation=world.council
    )
    make_commitment(world.action, "p", leads=(person,), due="2022-12")
    return person


def record(world):
    today = timezone.localdate()
    day = MailDays().last_until(today)
    assert day is not None
    return {one.receiver: one for one in sending.record_due(world.plan, today, day=day)}


def test_who_has_no_address_is_not_written_to(world, contact):
    assert "Portal team" not in record(world)


def test_with_one_they_get_what_waits_with_a_sheet_and_no_links(world, contact, settings):
    wishes.set_address(person=contact, email=EMAIL)
    message = record(world)["Portal team"]
    assert (message.address, message.user, message.person) == (EMAIL, None, contact)
    assert "1.1.1p" in message.text
    assert "://" not in message.text
    assert "send it back" in message.text
    assert "<a " not in message.html
    book = openpyxl.load_workbook(io.BytesIO(bytes(message.sheet)))
    cells = {str(cell.value) for row in book.worksheets[0] for cell in row}
    assert "1.1.1p" in cells
    assert "1.1.1a" not in cells


def test_who_signs_in_gets_no_sheet(world, contact):
    assert record(world)["The lead"].sheet is None


def test_the_sheet_goes_with_the_mail_and_answers_reach_the_team(world, contact, settings):
    wishes.set_address(person=contact, email=EMAIL)
    with mail_server(settings) as server:
        record(world)
        sending.send_waiting(timezone.localdate())
        mail = server.to(EMAIL)
    (sheet,) = mail.iter_attachments()
    assert sheet.get_filename().endswith(".xlsx")
    assert openpyxl.load_workbook(io.BytesIO(sheet.get_content()))
    assert mail["Reply-To"] == world.users["officer"].email
    assert mail["List-Unsubscribe"] is None


def test_they_are_told_once_a_day_and_the_database_holds_it(world, contact):
    wishes.set_address(person=contact, email=EMAIL)
    message = record(world)["Portal team"]
    assert record(world) == {}
    twin = Message(
        plan=world.plan,
        day=message.day,
        why=message.why,
        person=contact,
        address=EMAIL,
        subject="x",
        text="x",
        html="x",
        source="x",
    )
    with pytest.raises(IntegrityError, match="message_one_a_day_to_contact"), transaction.atomic():
        twin.save()


def test_the_team_gives_and_takes_away_the_address(client, world, contact):
    client.force_login(world.users["officer"])
    address = reverse("reaching:address", args=[world.plan.slug, contact.pk])
    everybody = reverse("reaching:everybody", args=[world.plan.slug])
    assert "Give an address" in client.get(everybody).content.decode()
    assert client.post(address, {"email": "nobody"}).status_code == 422
    page = client.post(address, {"email": EMAIL}, follow=True)
    assert EMAIL in page.content.decode()
    assert "gets a sheet" in page.content.decode()
    client.post(address, {"email": ""})
    assert not ContactAddress.objects.exists()


def test_they_can_be_chosen_and_written_to(client, world, contact):
    wishes.set_address(person=contact, email=EMAIL)
    client.force_login(world.users["officer"])
    address = reverse("reaching:write", args=[world.plan.slug])
    form = client.get(f"{address}?to={contact.pk}").context["form"]
    answers = {name: form[name].value() for name in form.fields}
    assert answers["to"] == [str(contact.pk)]
    client.post(address, answers | {"step": "send"})
    message = Message.objects.get()
    assert message.person == contact
    assert message.sheet
    shown = client.get(reverse("reaching:everybody", args=[world.plan.slug]))
    (line,) = (
        one
        for group in shown.context["groups"]
        for one in group["people"]
        if one["name"] == "Portal team"
    )
    assert line["last_told"]

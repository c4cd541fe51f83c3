"""Inviting people to a plan by mail: the list, the mail, the page with the button."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Invitation, Membership, Person
from tests.factories import make_world
from tests.smtp import mail_server
from wsoa.accounts.models import User

NEW = "farid.rookhope@example.org"


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def mails(db, settings):
    with mail_server(settings) as server:
        yield server


@pytest.fixture
def officer(world):
    browser = Client()
    browser.force_login(world.users["officer"])
    return browser


def address(world):
    return f"/plans/{world.plan.slug}/people/invite/"


def paste(browser, world, text):
    return browser.post(address(world), {"step": "read", "people": text})


def fields_of(page) -> dict[str, list[str]]:
    """What the table's form sends, as it stands on the page."""
    fields: dict[str, list[str]] = {}
    for form in page.context["rows"]:
        guest = form["form"]
        fields.setdefault("row", []).append(str(guest.number))
        for field in guest:
            if value := field.value():
                fields[field.html_name] = ["on" if value is True else str(value)]
    return fields


def press(browser, world, page, **changes):
    sent = fields_of(page) | {"step": ["invite"]}
    sent.update({name.replace("__", "-"): [value] for name, value in changes.items()})
    return browser.post(
        address(world), {name: value for name, value in sent.items() if value != [""]}
    )


def link_in(mail) -> str:
    return re.search(r"http://testserver(/invitations/\S+)", mail.get_content())[1]


def invited(browser, world, mails, line=f"Farid Rookhope <{NEW}>", to=NEW) -> str:
    press(browser, world, paste(browser, world, line))
    return link_in(mails.to(to))


def test_nothing_is_sent_before_the_table(officer, world, mails):
    page = paste(officer, world, f"Farid Rookhope <{NEW}>")
    assert page.status_code == 200
    assert "Invite 1" in page.text
    assert not Invitation.objects.exists()
    assert mails.none_to(NEW)


def test_somebody_new_signs_in_with_one_press(officer, world, mails):
    link = invited(officer, world, mails)
    guest = Client()
    page = guest.get(link)
    assert "of the programme team" in page.text
    assert world.plan.title in page.text
    assert "Action lead" in page.text
    assert not User.objects.filter(email=NEW).exists()
    answer: Any = guest.post(link, {"name": "Farid Rookhope"})
    assert answer.url == f"/plans/{world.plan.slug}/"
    assert guest.get(answer.url).status_code == 200
    held = Membership.objects.get(user__email=NEW)
    assert (held.role, held.plan) == ("lead", world.plan)
    mail = mails.to(NEW)
    assert world.plan.title in mail["Subject"]


def test_opening_it_does_nothing_however_often(officer, world, mails):
    link = invited(officer, world, mails)
    for _ in range(3):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code in (200, 405)
    assert not User.objects.filter(email=NEW).exists()
    assert Invitation.objects.get().accepted_at is None


def test_two_presses_are_one(officer, world, mails):
    link = invited(officer, world, mails)
    first, second = Client(), Client()
    first.post(link, {"name": "Farid Rookhope"})
    again = second.post(link, {"name": "Farid Rookhope"})
    assert again.status_code == 302
    # The link was used: it signs nobody in a second time.
    assert "_auth_user_id" not in second.session
    assert Membership.objects.filter(user__email=NEW).count() == 1


def test_another_signed_in_person_cannot_take_it_up(officer, world, mails):
    link = invited(officer, world, mails)
    other = Client()
    other.force_login(world.users["outsider"])
    for answer in (other.get(link), other.post(link, {"name": "Me"})):
        assert answer.status_code == 403
        assert "for somebody else" in answer.text
    assert not Membership.objects.filter(user=world.users["outsider"]).exists()
    assert Invitation.objects.get().accepted_at is None


def test_somebody_known_is_just_added_and_told(officer, world, mails):
    outsider = world.users["outsider"]
    page = paste(officer, world, f"{outsider.email.upper()}; member")
    assert "Known already" in page.text
    assert "Add 1" in page.text
    press(officer, world, page)
    held = Membership.objects.get(user=outsider)
    assert held.role == "member"
    mail = mails.to(outsider.email)
    assert "/invitations/" not in mail.get_content()
    assert f"/plans/{world.plan.slug}/" in mail.get_content()


def test_a_wrong_row_never_holds_back_others(officer, world, mails):
    text = f"{NEW}\numa.pellworth@sample\n{world.users['superuser'].email}\nx@example.org; SRO"
    page = paste(officer, world, text)
    assert page.status_code == 422
    assert "“uma.pellworth@sample” is not an address" in page.text
    assert "Whoever manages users has no part" in page.text
    assert "they answer for" in page.text
    after = press(officer, world, page)
    assert after.status_code == 422
    assert "1 invited." in after.text
    assert "uma.pellworth@sample" in after.text
    assert [one.email for one in Invitation.objects.all()] == [NEW]
    # Put right, it goes too, and nobody gets a second mail.
    press(officer, world, after, r2__email="uma.pellworth@example.org")
    mails.to("uma.pellworth@example.org")
    assert len(mails.all_to(NEW)) == 1


def test_the_same_list_sent_twice_sends_nothing_twice(officer, world, mails):
    page = paste(officer, world, NEW)
    press(officer, world, page)
    again = press(officer, world, page)
    assert again.status_code == 302
    assert "nothing was sent again" in officer.get(again.url).text
    mails.to(NEW)
    assert len(mails.all_to(NEW)) == 1
    assert Invitation.objects.count() == 1


def test_a_row_that_is_unticked_is_left_out(officer, world, mails):
    page = paste(officer, world, f"{NEW}\numa@sample")
    press(officer, world, page, r2__take="")
    assert [one.email for one in Invitation.objects.all()] == [NEW]


def test_somebody_twice_in_the_list_is_said_so(officer, world, mails):
    page = paste(officer, world, f"{NEW}\n{NEW.upper()}")
    assert "Row 2: This is row 1 again." in page.text


def test_an_sro_is_invited_for_an_area(officer, world, mails):
    ref = world.area.ref
    link = invited(officer, world, mails, f"{NEW}; Farid; SRO; {ref}")
    # The code alone is not enough for this role: a password is chosen.
    guest = Client()
    assert "Choose a password" in guest.get(link).text
    refused = guest.post(link, {"name": "Farid", "password": "aaaaaaaaaaaa"})
    assert refused.status_code == 422
    assert "5 different letters" in refused.text
    guest.post(link, {"name": "Farid", "password": "three words of mine"})
    held = Membership.objects.get(user__email=NEW)
    assert (held.role, held.area) == ("sro", world.area)
    assert User.objects.get(email=NEW).check_password("three words of mine")


def test_the_account_is_of_the_plans_person_of_that_name(officer, world, mails):
    person = Person.objects.create(
        local_area=world.plan.local_area, name="Farid Rookhope", position=90
    )
    link = invited(officer, world, mails)
    Client().post(link, {"name": "Farid Rookhope"})
    person.refresh_from_db()
    assert person.user.email == NEW


def test_an_expired_link_opens_nothing_until_it_is_sent_again(officer, world, mails):
    link = invited(officer, world, mails)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"name": "Farid"}).status_code == 404
    assert "Link expired on" in officer.get(address(world)).text
    officer.post(f"{address(world)}{Invitation.objects.get().pk}/again/")
    new = link_in(mails.to(NEW, 2))
    assert new != link
    assert Client().get(link).status_code == 404
    assert Client().post(new, {"name": "Farid"}).status_code == 302


def test_withdrawn_it_opens_nothing(officer, world, mails):
    link = invited(officer, world, mails)
    officer.post(f"{address(world)}{Invitation.objects.get().pk}/withdraw/")
    assert Client().post(link, {"name": "Farid"}).status_code == 404
    assert not User.objects.filter(email=NEW).exists()


def test_taken_up_it_cannot_be_withdrawn_or_sent_again(officer, world, mails):
    Client().post(invited(officer, world, mails), {"name": "Farid"})
    for act in ("withdraw", "again"):
        officer.post(f"{address(world)}{Invitation.objects.get().pk}/{act}/")
    assert Invitation.objects.get().withdrawn_at is None
    assert len(mails.all_to(NEW)) == 1


@pytest.mark.parametrize("persona", ["lead", "sro", "chair", "outsider"])
def test_nobody_but_the_programme_team_sends_again_or_withdraws(officer, world, mails, persona):
    invited(officer, world, mails)
    other = Client()
    other.force_login(world.users[persona])
    for act in ("withdraw", "again"):
        answer = other.post(f"{address(world)}{Invitation.objects.get().pk}/{act}/")
        assert answer.status_code in (403, 404)


def test_two_thousand_addresses_are_told_how_many_go_at_once(officer, world, mails):
    text = "\n".join(f"person{number}@example.org" for number in range(2000))
    page = paste(officer, world, text)
    assert page.status_code == 422
    assert "This list has 2,000 people. At most 200" in page.text
    assert not Invitation.objects.exists()


def test_two_hundred_go_in_one_press(officer, world, mails):
    text = "\n".join(f"person{number}@example.org" for number in range(200))
    press(officer, world, paste(officer, world, text))
    assert Invitation.objects.count() == 200
    mails.to("person199@example.org", within=20)


@pytest.mark.parametrize(
    "bad", ["a@example.org\nBcc: x@example.org", "a@exa\r\nmple.org", "a\0@b.example"]
)
def test_an_address_with_a_line_break_is_no_address(officer, world, mails, bad):
    page = paste(officer, world, NEW)
    answer = press(officer, world, page, r1__email=bad)
    assert answer.status_code == 422
    assert "is not an address" in answer.text
    assert not Invitation.objects.exists()


def test_without_mail_only_who_is_known_is_added(officer, world):
    page = paste(officer, world, f"{NEW}\n{world.users['outsider'].email}; member")
    assert "mail is not set up" in page.text
    press(officer, world, page)
    assert Membership.objects.filter(user=world.users["outsider"]).exists()
    assert not Invitation.objects.filter(email=NEW).exists()


def test_somebody_switched_off_is_not_invited(officer, world, mails):
    User.objects.filter(pk=world.users["outsider"].pk).update(is_active=False)
    page = paste(officer, world, world.users["outsider"].email)
    assert "This account is switched off" in page.text


@pytest.mark.django_db(transaction=True)
def test_what_the_mail_server_said_is_shown(settings):
    world = make_world()
    browser = Client()
    browser.force_login(world.users["officer"])
    with mail_server(settings) as server:
        server.refused.add("gone@example.org")
        press(browser, world, paste(browser, world, f"{NEW}\ngone@example.org"))
        server.to(NEW)
        for _ in range(100):
            page = browser.get(address(world)).text
            if "Mail sent; button not pressed yet" in page and "Address refused" in page:
                break
        assert "Mail sent; button not pressed yet" in page
        assert "Address refused by its mail server" in page


def test_the_page_asks_as_much_for_three_open_invitations_as_for_twenty(officer, world, mails):
    asked: list[int] = []
    for number in (3, 17):
        names = [f"person{len(asked)}{one}@example.org" for one in range(number)]
        press(officer, world, paste(officer, world, "\n".join(names)))
        officer.get(address(world))
        with CaptureQueriesContext(connection) as captured:
            officer.get(address(world))
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 10

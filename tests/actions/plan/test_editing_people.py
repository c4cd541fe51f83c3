"""People, bodies and memberships: edited by an officer until the plan is closed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import (
    Area,
    AreaOfficer,
    Body,
    BodyMember,
    CommitmentLead,
    Membership,
    Organisation,
    Person,
    PlanContact,
)
from tests.factories import make_user, make_world

Role = Membership.Role


@pytest.fixture
def officer(client, world):
    client.force_login(world.users["officer"])
    return client


def address(world, name, kind, *args, holder=None):
    found = reverse(f"actions:{name}", args=[world.plan.slug, kind, *args])
    return f"{found}?in={holder.pk}" if holder else found


def save(client, world, part, pk, **sent):
    page = address(world, "edit_part", part, pk)
    version = re.search(r'name="version" value="([^"]*)"', client.get(page).content.decode())[1]
    return client.post(page, {"version": version, **sent})


def add(client, world, part, holder=None, **sent):
    return client.post(address(world, "add_part", part, holder=holder), sent)


def test_people_organisations_and_bodies_are_added_to_an_agreed_plan(officer, world):
    assert add(officer, world, "organisation", code="OA", name="Other agency").status_code == 302
    agency = Organisation.objects.get(code="OA")
    sent = {
        "name": "Ann Other",
        "job_title": "Manager",
        "organisation": agency.pk,
        "also_printed_as": "A Other\nAnn O.",
        "user": world.users["forum"].email.upper(),
    }
    assert add(officer, world, "person", **sent).status_code == 302
    person = Person.objects.get(name="Ann Other")
    assert person.user == world.users["forum"]
    assert person.also_printed_as == ["A Other", "Ann O."]
    add(officer, world, "body", name="Working group 1", kind="working_group", area=world.area.pk)
    body = Body.objects.get(plan=world.plan)
    sent = {"role": "Chair", "people": [person.pk], "organisations": [agency.pk]}
    add(officer, world, "body-member", holder=body, **sent)
    assert list(BodyMember.objects.get(body=body).people.all()) == [person]
    shown = officer.get(reverse("actions:bodies", args=[world.plan.slug])).content.decode()
    assert "Ann Other" in shown
    # A part that has been on record in an agreed plan is withdrawn, not deleted.
    assert officer.post(address(world, "remove_part", "body", body.pk)).status_code == 302
    body.refresh_from_db()
    assert body.withdrawn_at is not None


def test_contacts_outside_are_kept_in_an_agreed_plan_in_their_order(officer, world):
    bodies = reverse("actions:bodies", args=[world.plan.slug])
    assert "Contacts" not in officer.get(bodies).content.decode()
    dee = {"name": "Dee Dove", "role": "dfe_adviser", "organisation": "DfE"}
    nat = {
        "name": "Nat Nunn",
        "role": "nhse_adviser",
        "job_title": "Regional lead",
        "email": "nat@example.org",
        "phone": "01234 567890",
    }
    for sent in (dee, nat):
        assert add(officer, world, "contact", **sent).status_code == 302
    first, second = PlanContact.objects.all()
    page = officer.get(bodies).content.decode()
    assert page.index("Dee Dove") < page.index("Nat Nunn")
    for text in ("DfE adviser", "Regional lead", "NHS England adviser", "01234 567890"):
        assert text in page
    assert '<a href="mailto:nat@example.org">' in page

    officer.post(address(world, "move_part", "contact", second.pk), {"to": "up"})
    assert [row.name for row in PlanContact.objects.all()] == ["Nat Nunn", "Dee Dove"]
    save(officer, world, "contact", first.pk, **dee | {"job_title": "Case lead"})
    first.refresh_from_db()
    assert first.job_title == "Case lead"
    officer.post(address(world, "remove_part", "contact", first.pk))
    assert 'class="who-is">Dee Dove' not in officer.get(bodies).content.decode()
    again = add(officer, world, "contact", **dee)
    assert "put it back" in again.content.decode()
    officer.post(address(world, "restore_part", "contact", first.pk))
    assert 'class="who-is">Dee Dove' in officer.get(bodies).content.decode()


@pytest.mark.parametrize(
    ("part", "sent", "words"),
    [
        ("contact", {"name": "Dee", "role": ""}, "Choose the role"),
        ("contact", {"name": "", "role": "other"}, "Give the name"),
        ("contact", {"name": "Dee", "role": "other", "email": "dee"}, "Give an e-mail address"),
        ("person", {"name": "The lead"}, "Somebody of this name is here already"),
        ("person", {"name": "X", "user": "nobody@example.org"}, "Nobody signs in with this"),
        ("person", {"name": "X", "user": "nobody"}, "Give an e-mail address"),
        ("organisation", {"code": "C C", "name": "X"}, "no spaces"),
        ("organisation", {"code": "CC", "name": "X"}, "Another organisation has this short form"),
        ("body", {"name": "X", "kind": "club"}, "Choose what kind of body it is"),
        ("membership", {"role": "lead"}, "Give the address of their account"),
    ],
)
def test_what_does_not_fit_is_said(officer, world, part, sent, words):
    answer = add(officer, world, part, **sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_an_account_is_somebodys_once(officer, world):
    answer = add(officer, world, "person", name="Second", user=world.users["lead"].email)
    assert "somebody else’s account" in answer.content.decode()


def test_somebody_who_leads_something_is_not_removed(officer, world):
    lead = world.people["lead"]
    answer = officer.post(address(world, "remove_part", "person", lead.pk))
    assert "2 commitments it leads" in answer.content.decode()
    assert Person.objects.filter(pk=lead.pk).exists()


def test_people_of_another_local_area_are_unknown(officer, world):
    other = make_world()
    page = address(world, "edit_part", "person", other.people["lead"].pk)
    assert officer.get(page).status_code == 404


# --- Memberships ------------------------------------------------------------------------------


def test_a_membership_opens_the_plan_and_its_end_closes_it(client, officer, world):
    newcomer = make_user("Newcomer")
    sent = {"user": newcomer.email, "role": "sro", "area": world.area.pk}
    assert add(officer, world, "membership", **sent).status_code == 302
    made = Membership.objects.get(user=newcomer)
    assert made.area == world.area
    page = reverse("actions:plan", args=[world.plan.slug])
    client.force_login(newcomer)
    assert client.get(page).status_code == 200
    client.force_login(world.users["officer"])
    client.post(address(world, "remove_part", "membership", made.pk))
    made.refresh_from_db()
    assert made.ends_on == timezone.localdate() - timedelta(days=1)
    client.force_login(newcomer)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"role": "sro"}, "Choose the area they answer for"),
        ({"role": "lead", "area": True}, "Only a senior responsible officer"),
        ({"role": "lead", "starts_on": "2/1/2030", "ends_on": "1/1/2030"}, "before the first"),
        ({"role": "lead", "user": "lead"}, "They have this part already"),
        ({"role": "lead", "user": "superuser"}, "Nobody signs in with this address"),
    ],
)
def test_a_membership_that_does_not_fit_is_refused(officer, world, sent, words):
    sent = {"user": "outsider"} | sent
    sent["user"] = world.users[sent["user"]].email
    if "area" in sent:
        sent["area"] = world.area.pk
    before = Membership.objects.count()
    answer = add(officer, world, "membership", **sent)
    assert words in answer.content.decode()
    assert Membership.objects.count() == before


def test_a_plan_keeps_an_officer(officer, world):
    mine = Membership.objects.get(user=world.users["officer"])
    answer = officer.post(address(world, "remove_part", "membership", mine.pk))
    assert "Name another one first" in answer.content.decode()
    sent = {"user": world.users["officer"].email, "role": "member"}
    assert "Name another" in save(officer, world, "membership", mine.pk, **sent).content.decode()
    mine.refresh_from_db()
    assert (mine.role, mine.ends_on) == ("programme_officer", None)
    memberships.grant(user=world.users["chair"], plan=world.plan, role=Role.PROGRAMME_OFFICER)
    assert officer.post(address(world, "remove_part", "membership", mine.pk)).status_code == 302


def test_ending_what_has_ended_changes_nothing(officer, world):
    past = Membership.objects.get(user=world.users["forum"])
    Membership.objects.filter(pk=past.pk).update(ends_on="2022-05-01")
    officer.post(address(world, "remove_part", "membership", past.pk))
    past.refresh_from_db()
    assert past.ends_on.isoformat() == "2022-05-01"


# --- Who answers for an area ------------------------------------------------------------------


def test_another_sro_answers_from_today(officer, world):
    today = timezone.localdate()
    sent = {"sro": world.people["other_sro"].pk}
    assert save(officer, world, "sro", world.area.pk, **sent).status_code == 302
    rows = AreaOfficer.objects.filter(area=world.area).order_by("id")
    assert [(row.person.name, row.starts_on, row.ends_on) for row in rows] == [
        ("The sro", None, today - timedelta(days=1)),
        ("The other sro", today, None),
    ]
    # Said again on the same day: the first was never in place.
    save(officer, world, "sro", world.area.pk, sro="")
    assert AreaOfficer.objects.filter(area=world.area).count() == 1
    shown = officer.get(reverse("actions:edit_people", args=[world.plan.slug])).content.decode()
    assert "Nobody yet" in shown


def test_leads_of_an_agreed_plan_are_not_among_what_is_edited(officer, world):
    lead = CommitmentLead.objects.filter(commitment=world.commitment).first()
    answer = officer.post(address(world, "remove_part", "lead", lead.pk))
    assert answer.status_code == 403
    assert CommitmentLead.objects.filter(pk=lead.pk).exists()


def test_nobody_but_an_officer_edits_people(client, world):
    for name in ("lead", "sro", "chair", "member", "forum", "reader"):
        client.force_login(world.users[name])
        assert add(client, world, "person", name="No").status_code == 403
        assert add(client, world, "membership", user="x", role="lead").status_code == 403
    assert not Person.objects.filter(name="No").exists()
    assert Area.objects.filter(plan=world.plan).count() == 2

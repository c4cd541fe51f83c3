"""Standing in for a lead or an SRO for some days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import Membership, ProgressUpdate
from actions.progress.update_answers import NewEvidence
from tests.factories import make_update

Role = Membership.Role


def part_of(world, name):
    return Membership.objects.get(user=world.users[name], role__in=(Role.LEAD, Role.SRO))


def stand_in(world, name, for_whom, days=7):
    today = timezone.localdate()
    return memberships.name_deputy(
        of=part_of(world, for_whom),
        user=world.users[name],
        starts_on=today,
        ends_on=today + timedelta(days=days),
    )


def test_a_deputy_records_for_the_lead_and_both_names_stand(client, world):
    stand_in(world, "member", "lead")
    client.force_login(world.users["member"])
    page = reverse("actions:record_update", args=[world.plan.slug, "1.1.1b"])
    sent = {"brag": "green", "progress": "On track.", "late_reason": "A week more."}
    sent["on_behalf_of"] = world.people["lead"].pk
    client.post(page, sent)
    client.post(f"{page}check/")
    update = ProgressUpdate.objects.get()
    assert (update.by, update.on_behalf_of) == (world.users["member"], world.people["lead"])
    shown = client.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1b"]))
    assert "The lead, recorded by The member" in shown.content.decode()


def test_a_deputys_work_is_listed_and_ends_with_its_days(client, world):
    client.force_login(world.users["member"])
    page = reverse("actions:record_update", args=[world.plan.slug, "1.1.1b"])
    membership = stand_in(world, "member", "lead")
    assert client.get(page).status_code == 200
    shown = client.get(reverse("pages:my_work", args=[world.plan.slug])).content.decode()
    assert "You cover for its lead" in shown
    memberships.end_membership(membership=membership)
    assert client.get(page).status_code == 403


def test_a_deputy_of_the_sro_answers_for_the_area(client, world):
    make_update(
        world.commitment,
        world.users["lead"],
        brag="blue",
        progress="Done.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Sooner.",
    )
    stand_in(world, "member", "sro")
    client.force_login(world.users["member"])
    page = reverse("actions:answer_blue", args=[world.plan.slug, "1.1.1a"])
    assert client.get(page).status_code == 200


def test_a_deputy_of_a_lead_does_not_confirm_what_the_lead_leads(client, world):
    make_update(
        world.commitment,
        world.users["lead"],
        brag="blue",
        progress="Done.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Sooner.",
    )
    stand_in(world, "sro", "lead")
    client.force_login(world.users["sro"])
    page = reverse("actions:answer_blue", args=[world.plan.slug, "1.1.1a"])
    assert client.get(page).status_code == 403


@pytest.mark.parametrize(
    ("user", "starts", "ends", "key"),
    [
        ("lead", date(2030, 1, 1), date(2030, 1, 5), "user"),
        ("member", date(2030, 1, 5), date(2030, 1, 1), "ends_on"),
        ("member", date(2031, 1, 3), date(2031, 1, 9), "starts_on"),
    ],
)
def test_a_deputy_that_does_not_fit_is_refused(world, user, starts, ends, key):
    memberships.name_deputy(
        of=part_of(world, "lead"),
        user=world.users["chair"],
        starts_on=date(2031, 1, 1),
        ends_on=date(2031, 1, 4),
    )
    with pytest.raises(ValidationError) as refusal:
        memberships.name_deputy(
            of=part_of(world, "lead"), user=world.users[user], starts_on=starts, ends_on=ends
        )
    assert set(refusal.value.message_dict) == {key}


def test_the_absence_shows_as_covered_to_the_officer(client, world):
    stand_in(world, "member", "lead")
    client.force_login(world.users["officer"])
    shown = client.get(reverse("pages:period", args=[world.plan.slug])).content.decode()
    assert "The member covers for The lead" in shown


def test_the_page_says_what_is_wrong(client, world):
    client.force_login(world.users["lead"])
    page = reverse("pages:deputies", args=[world.plan.slug])
    answer = client.post(page, {"part": part_of(world, "lead").pk, "starts_on": "soon"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Choose who covers", "Enter a date, for example", "Give the last day"):
        assert words in shown


def test_nobody_names_a_deputy_for_another(client, world):
    client.force_login(world.users["lead"])
    page = reverse("pages:deputies", args=[world.plan.slug])
    sent = {
        "part": part_of(world, "other_lead").pk,
        "user": world.users["member"].pk,
        "starts_on": "1/1/2030",
        "ends_on": "2/1/2030",
    }
    assert client.post(page, sent).status_code == 422

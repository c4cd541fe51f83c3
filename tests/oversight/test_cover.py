"""Cover for the chair and for an SRO: they answer as such, and both names are kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import Body, Membership
from reports.drafts.notices import notices_of
from tests.factories import make_user, make_world
from tests.oversight.test_change_requests import ask, decide, hold
from tests.reports.draft_builders import approve, begin, set_up_and_said
from tests.reports.drafts.test_report_pages import as_user, text_of, url
from wsoa.oversight.changes import change_requests as changes

TODAY = timezone.localdate()
Role = memberships.Role


@pytest.fixture
def world(db):
    world = make_world()
    body = Body.objects.create(
        plan=world.plan, name="Steering group", kind=Body.Kind.STEERING_GROUP, position=1
    )
    world.meeting = hold(world.plan, body, TODAY)
    world.key_date = world.commitment.key_dates.get()
    return world


def cover(world, whose, by, *, until=TODAY):
    """Somebody of the plan who covers for another from today."""
    of = Membership.objects.get(user=world.users[whose], deputy_for=None)
    return memberships.name_deputy(of=of, user=world.users[by], starts_on=TODAY, ends_on=until)


def test_who_covers_for_the_chair_decides_and_both_names_are_kept(client, world):
    request = ask(world)
    with pytest.raises(ValidationError, match="The chair decides this"):
        decide(world, request, who="member")
    cover(world, "chair", "member")

    decision = decide(world, request, who="member")
    assert (decision.by, decision.stands_in_for) == (world.users["member"], "The chair")
    page = as_user(client, world, "officer").get(
        reverse("oversight:change", args=[world.plan.slug, request.pk])
    )
    assert "The member for The chair" in text_of(page)


def test_the_chair_stands_in_for_nobody(world):
    assert decide(world, ask(world)).stands_in_for == ""


def test_cover_ends_with_its_last_day(world):
    request = ask(world)
    part = cover(world, "chair", "member")
    Membership.objects.filter(pk=part.pk).update(
        starts_on=TODAY - timedelta(days=3), ends_on=TODAY - timedelta(days=1)
    )
    with pytest.raises(ValidationError, match="The chair decides this"):
        decide(world, request, who="member")


def test_who_covers_does_not_decide_what_the_covered_person_asked_or_leads(world):
    asked = ask(world, who="other_sro", commitment=world.elsewhere, kind="withdrawal")
    memberships.grant(user=world.users["other_sro"], plan=world.plan, role=Role.CHAIR)
    of = Membership.objects.get(user=world.users["other_sro"], role=Role.CHAIR)
    memberships.name_deputy(of=of, user=world.users["member"], starts_on=TODAY, ends_on=TODAY)
    with pytest.raises(ValidationError, match="nobody what they asked"):
        decide(world, asked, who="member")


def test_who_covers_for_an_sro_supports_and_both_names_are_kept(client, world):
    cover(world, "sro", "member")
    request = ask(world)
    said = changes.support(request=request, by=world.users["member"], is_supported=True)
    assert said.stands_in_for == "The sro"
    page = as_user(client, world, "officer").get(
        reverse("oversight:change", args=[world.plan.slug, request.pk])
    )
    assert "The member for The sro" in text_of(page)


def test_an_sro_of_the_area_who_covers_for_another_answers_for_it_as_their_own(world):
    cover(world, "other_sro", "sro")
    said = changes.support(request=ask(world), by=world.users["sro"], is_supported=True)
    assert said.stands_in_for == ""


def test_cover_for_the_part_of_an_sro_leads_none_of_their_commitments(world):
    """An SRO who leads something too: cover for the office is none for the work."""
    memberships.grant(user=world.users["lead"], plan=world.plan, role=Role.CHAIR)
    of = Membership.objects.get(user=world.users["lead"], role=Role.CHAIR)
    memberships.name_deputy(of=of, user=world.users["member"], starts_on=TODAY, ends_on=TODAY)
    granted = memberships.granted_to(world.users["member"], world.plan)
    assert granted.deputises == frozenset()
    assert granted.covers == {world.users["lead"].pk}


def test_the_chair_arranges_their_own_cover_on_the_page(client, world):
    page = reverse("pages:deputies", args=[world.plan.slug])
    chair = Membership.objects.get(user=world.users["chair"])
    day = f"{TODAY:%-d/%-m/%Y}"
    sent = {"part": chair.pk, "user": world.users["member"].pk, "starts_on": day, "ends_on": day}
    answer = as_user(client, world, "chair").post(page, sent)
    assert answer.status_code == 302
    assert Membership.objects.get(deputy_for=chair).user == world.users["member"]
    # Their own part alone is offered, not an SRO's.
    assert "The member for The chair" in text_of(client.get(page))
    assert as_user(client, world, "forum").get(page).status_code == 403


def test_who_covers_for_an_approver_approves_with_both_names(client, world):
    set_up_and_said(world)
    report = begin(world)
    with pytest.raises(ValidationError, match="Only the person named"):
        approve(world, report, by=world.users["member"])
    cover(world, "chair", "member")

    granted = memberships.granted_to(world.users["member"], world.plan)
    assert any("your approval" in notice.words for notice in notices_of([granted], TODAY)[0])
    address = url(world, "approve", report.pk, world.council.pk)
    page = text_of(as_user(client, world, "member").get(address))
    assert "standing in for The chair" in page


def test_who_was_a_programme_officer_covers_for_no_approver(world):
    set_up_and_said(world)
    report = begin(world)
    former = world.users["former"] = make_user("The former officer")
    ended = TODAY - timedelta(days=1)
    memberships.grant(user=former, plan=world.plan, role=Role.PROGRAMME_OFFICER, ends_on=ended)
    memberships.grant(user=former, plan=world.plan, role=Role.MEMBER)
    cover(world, "chair", "former")
    with pytest.raises(ValidationError, match="Only the person named"):
        approve(world, report, by=former)

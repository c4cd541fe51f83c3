"""Who signs and who approves: never who prepared it, and nobody for whom it was not named."""

import pytest
from django.core.exceptions import ValidationError

from actions import memberships
from actions.models import Membership
from reports.contents.signing import FORUMS_SECTION
from reports.drafts import drafting
from reports.models import Approval, Approver, Report, Signature
from tests.factories import make_world
from tests.reports.draft_builders import approve, begin, put, section, set_up_and_said, sign_area


@pytest.fixture
def world(db):
    return set_up_and_said(make_world())


def sign_statement(world, report, by):
    return drafting.sign(
        report=report,
        area=None,
        digest=section(report, FORUMS_SECTION).digest,
        by=world.users[by],
        office="Forum representative",
    )


def test_an_area_is_signed_by_its_sro_alone(world):
    report = begin(world)
    for persona in ("officer", "lead", "other_sro", "chair", "member", "forum", "outsider"):
        with pytest.raises(ValidationError, match="not yours to sign"):
            sign_area(world, report, by=persona)
    assert not Signature.objects.exists()
    assert sign_area(world, report).by == world.users["sro"]


def test_the_statement_is_signed_by_the_forum_alone(world):
    report = begin(world)
    put(world, report, FORUMS_SECTION, "Families wait too long.", by="forum")
    for persona in ("officer", "lead", "sro", "chair", "outsider"):
        with pytest.raises(ValidationError, match="not yours to sign"):
            sign_statement(world, report, persona)
    assert not Signature.objects.exists()
    assert sign_statement(world, report, "forum").by == world.users["forum"]


def test_who_prepared_a_report_signs_nothing_of_it_although_officer_no_more(world):
    report = begin(world)
    put(world, report, FORUMS_SECTION, "Families wait too long.", by="forum")
    Report.objects.filter(pk=report.pk).update(prepared_by=world.users["sro"])
    with pytest.raises(ValidationError, match="nobody a report they prepared"):
        sign_area(world, report)
    Report.objects.filter(pk=report.pk).update(prepared_by=world.users["forum"])
    with pytest.raises(ValidationError, match="nobody a report they prepared"):
        sign_statement(world, report, "forum")
    assert not Signature.objects.exists()


def test_only_the_person_named_for_an_organisation_approves_for_it(world):
    report = begin(world)
    for persona in ("officer", "sro", "other_sro", "lead", "member", "outsider"):
        with pytest.raises(ValidationError, match="named to approve"):
            approve(world, report, by=world.users[persona])
    with pytest.raises(ValidationError, match="named to approve"):
        approve(world, report, organisation=world.nhs)
    assert not Approval.objects.exists()
    assert approve(world, report).by == world.users["chair"]
    assert approve(world, report, organisation=world.nhs, by=world.users["other_sro"])


@pytest.mark.parametrize("how", ["named no more", "prepared it", "was officer", "chair no more"])
def test_who_may_no_longer_approve_is_refused_also_with_the_page_open(world, how):
    report = begin(world)
    chair = world.users["chair"]
    if how == "named no more":
        Approver.objects.filter(user=chair).update(withdrawn_at=report.known_at)
    elif how == "prepared it":
        Report.objects.filter(pk=report.pk).update(prepared_by=chair)
    elif how == "was officer":
        granted = memberships.grant(
            user=chair, plan=world.plan, role=memberships.Role.PROGRAMME_OFFICER
        )
        memberships.end_membership(membership=granted)
        Membership.objects.filter(pk=granted.pk).update(starts_on=None)
    else:
        Membership.objects.filter(user=chair).delete()
    with pytest.raises(ValidationError, match="named to approve"):
        approve(world, report)
    assert not Approval.objects.exists()

"""Who answers for figures and for changes of measures: the verbs refuse the wrong person."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from kpis.models import MeasurementCheck
from kpis.recording.measurements import check_figure
from tests.factories import make_kpi, make_meeting, make_target, record_figure
from wsoa.oversight.changes import change_requests
from wsoa.oversight.changes.kpi_change_requests import ask
from wsoa.oversight.models import ChangeDecision, ChangeSupport

TODAY = timezone.localdate()


def confirm(world, figure, persona):
    return check_figure(measurement=figure, by=world.users[persona], today=TODAY, is_confirmed=True)


def refuses(verb, world, *personas, **fields):
    for persona in personas:
        with pytest.raises(ValidationError) as refusal:
            verb(by=world.users[persona], **fields)
        assert not hasattr(refusal.value, "error_dict"), persona


@pytest.fixture
def kpi(world):
    return make_kpi(world.plan, "S", (world.commitment,), needs_second_person=True)


def test_a_figure_is_confirmed_by_a_second_person_who_may_record_it(world, kpi):
    figure = record_figure(kpi, "2022-10", 217, by=world.users["officer"])
    for persona in ("officer", "lead", "other_sro", "chair", "member", "outsider"):
        with pytest.raises(ValidationError, match="Somebody else must confirm this"):
            confirm(world, figure, persona)
    assert not MeasurementCheck.objects.exists()
    assert confirm(world, figure, "sro").by == world.users["sro"]


@pytest.fixture
def children(world):
    """Of children, owned by the lead."""
    return make_kpi(
        world.plan,
        "C",
        (world.commitment,),
        unit="children",
        needs_second_person=True,
        counts_people=True,
        data_owner=world.people["lead"],
    )


def test_nobody_is_the_second_person_of_a_figure_they_may_not_see(client, world, children):
    figure = record_figure(children, "2022-10", 3, by=world.users["officer"])
    with pytest.raises(ValidationError, match="see it in full"):
        confirm(world, figure, "sro")
    assert not MeasurementCheck.objects.exists()
    # The page offers what the verb would do, and nothing else.
    address = reverse("kpis:check_figure", args=[world.plan.slug, "C", figure.pk])
    shown = {}
    for persona in ("sro", "lead", "officer"):
        client.force_login(world.users[persona])
        page = client.get(reverse("pages:kpi", args=[world.plan.slug, "C"])).content.decode()
        shown[persona] = (address in page, client.get(address).status_code)
    assert shown == {"sro": (False, 403), "lead": (True, 200), "officer": (False, 403)}
    assert confirm(world, figure, "lead").is_confirmed


def test_a_figure_that_is_shown_to_them_is_theirs_to_confirm(world, children):
    figure = record_figure(children, "2022-10", 300, by=world.users["officer"])
    assert confirm(world, figure, "sro").is_confirmed


def test_a_change_of_a_measure_is_supported_in_its_area_and_decided_by_the_chair(world, kpi):
    request = ask(
        kpi=kpi,
        by=world.users["officer"],
        reason="The service began late.",
        target=make_target(kpi, 180, "2022-12"),
        wanted_value=Decimal(190),
        today=TODAY,
    )
    refuses(
        change_requests.support,
        world,
        *("officer", "lead", "other_sro", "chair"),
        request=request,
        is_supported=True,
    )
    answer: dict[str, Any] = {
        "request": request,
        "is_agreed": True,
        "meeting": make_meeting(world.plan),
        "today": TODAY,
    }
    refuses(change_requests.decide, world, "officer", "sro", "lead", "member", **answer)
    assert not ChangeSupport.objects.exists()
    assert not ChangeDecision.objects.exists()
    change_requests.support(request=request, by=world.users["sro"], is_supported=True)
    change_requests.decide(by=world.users["chair"], **answer)
    assert kpi.targets.get(replaced_by=None).value == 190


def test_an_sro_supports_no_change_of_a_measure_they_asked_for(world, kpi):
    request = ask(
        kpi=kpi,
        by=world.users["sro"],
        reason="The service began late.",
        target=make_target(kpi, 180, "2022-12"),
        wanted_value=Decimal(190),
        today=TODAY,
    )
    refuses(change_requests.support, world, "sro", request=request, is_supported=True)
    assert not ChangeSupport.objects.exists()


@pytest.mark.parametrize("persona", ["sro", "chair"])
def test_the_page_of_a_change_offers_nothing_to_who_leads_what_it_is_of(client, world, persona):
    person = world.people.get(persona) or world.people["other_sro"]
    person.user = world.users[persona]
    person.save()
    world.commitment.leads.create(person=person, position=9)
    request = change_requests.ask(
        commitment=world.commitment,
        by=world.users["lead"],
        kind="withdrawal",
        reason="It is done elsewhere.",
        today=TODAY,
    )
    client.force_login(world.users[persona])
    page = client.get(reverse("oversight:change", args=[world.plan.slug, request.pk]))
    assert page.context["acts"] == []
    assert page.context["change"].next_text == ""

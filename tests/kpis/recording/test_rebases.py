"""Decisions about a control chart, and the second person's answer to a figure."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.models import Plan
from kpis.models import MeasurementCheck, Rebase
from kpis.recording import rebases
from tests.factories import make_kpi, record_figure

TODAY = timezone.localdate()


@pytest.fixture
def kpi(world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,))
    for month in ("2022-01", "2022-02", "2022-03"):
        record_figure(kpi, month, 50, by=world.users["officer"])
    return kpi


def decide(kpi, world, **fields):
    values = {
        "on": date(2022, 2, 1),
        "reason": "A clinic opened",
        "decided_by": "Performance group",
        "by": world.users["officer"],
        "today": TODAY,
    }
    return rebases.record_rebase(kpi=kpi, **(values | fields))


# --- The verbs --------------------------------------------------------------------------------


def test_a_decision_is_recorded_once_for_a_month(world, kpi):
    decide(kpi, world)
    with pytest.raises(ValidationError, match="from this month already"):
        decide(kpi, world)
    decide(kpi, world, on=date(2022, 3, 1))
    assert Rebase.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"on": date(2022, 2, 2)}, ["on"]),
        ({"on": (TODAY.replace(day=28) + timedelta(days=5)).replace(day=1)}, ["on"]),
        # No figure comes before its first.
        ({"on": date(2022, 1, 1)}, ["on"]),
        ({"reason": "", "decided_by": ""}, ["decided_by", "reason"]),
    ],
)
def test_a_refusal_names_the_argument_and_writes_nothing(world, kpi, fields, names):
    with pytest.raises(ValidationError) as refusal:
        decide(kpi, world, **fields)
    assert sorted(refusal.value.message_dict) == names
    assert not Rebase.objects.exists()


def test_a_decision_is_taken_back_by_a_row_that_answers_it(world, kpi):
    first = decide(kpi, world)
    with pytest.raises(ValidationError) as refusal:
        rebases.withdraw_rebase(rebase=first, reason="", by=world.users["officer"])
    assert list(refusal.value.message_dict) == ["reason"]
    back = rebases.withdraw_rebase(rebase=first, reason="Too early", by=world.users["officer"])
    assert (back.replaces, back.is_withdrawn, back.on) == (first, True, first.on)
    with pytest.raises(ValidationError, match="taken this decision back already"):
        rebases.withdraw_rebase(rebase=first, reason="x", by=world.users["officer"])
    with pytest.raises(ValidationError, match="taken this decision back already"):
        rebases.withdraw_rebase(rebase=back, reason="x", by=world.users["officer"])
    # The month is free again.
    decide(kpi, world)


def test_a_closed_plan_takes_no_decision(world, kpi):
    first = decide(kpi, world)
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on=TODAY)
    with pytest.raises(ValidationError, match="closed"):
        decide(kpi, world, on=date(2022, 3, 1))
    with pytest.raises(ValidationError, match="closed"):
        rebases.withdraw_rebase(rebase=first, reason="x", by=world.users["officer"])


# --- Their pages ------------------------------------------------------------------------------

ANSWERS = {"month": "2", "year": "2022", "reason": "A clinic opened", "decided_by": "The group"}


def post(client, world, name, *arguments, **sent):
    client.force_login(world.users["officer"])
    return client.post(reverse(name, args=[world.plan.slug, *arguments]), sent)


def test_the_officer_records_it_and_is_back_at_the_measure(client, world, kpi):
    answer = post(client, world, "kpis:rebase", "K1", **ANSWERS)
    assert answer["Location"] == reverse("pages:kpi", args=[world.plan.slug, "K1"])
    row = Rebase.objects.get()
    assert (row.on, row.reason, row.decided_by) == (
        date(2022, 2, 1),
        "A clinic opened",
        "The group",
    )
    assert row.by == world.users["officer"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Give the month from which the limits are set again"),
        ({"month": "13", "year": "2022"}, "Enter a month and a year"),
        ({"month": "x", "year": "2022"}, "Enter a month and a year"),
        ({"month": "123456", "year": "2022"}, "Enter a month and a year"),
        ({"month": "1", "decided_by": "The group"}, "No figure comes before this month"),
        ({"year": "2099", "decided_by": "The group"}, "This month has not come yet"),
        ({"reason": "a\x00b"}, "cannot be shown"),
        ({"decided_by": "x" * 400}, "This is too long"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_the_words_are_kept(client, world, kpi, sent, words):
    if "month" not in sent or "year" not in sent:
        sent = ANSWERS | sent if sent else sent
    answer = post(client, world, "kpis:rebase", "K1", **({"reason": "My reason"} | sent))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Rebase.objects.exists()
    if "reason" not in sent:
        assert "My reason" in answer.content.decode()


def test_it_is_taken_back_on_its_page(client, world, kpi):
    row = decide(kpi, world)
    assert post(client, world, "kpis:withdraw_rebase", "K1", row.pk).status_code == 422
    answer = post(client, world, "kpis:withdraw_rebase", "K1", row.pk, reason="Too early")
    assert answer.status_code == 302
    assert row.replaced_by.reason == "Too early"
    again = post(client, world, "kpis:withdraw_rebase", "K1", row.pk, reason="Too early")
    assert again.status_code == 422
    assert "taken this decision back already" in again.content.decode()
    page = client.get(reverse("pages:kpi", args=[world.plan.slug, "K1"])).content.decode()
    assert "No longer set again from February 2022" in page
    # It is no decision of another measure, and the answer to one is none.
    make_kpi(world.plan, "K2")
    for code, pk in (("K2", row.pk), ("K1", row.replaced_by.pk), ("K1", 99)):
        assert post(client, world, "kpis:withdraw_rebase", code, pk).status_code == 404


def test_decisions_are_of_today(client, world, kpi):
    client.force_login(world.users["officer"])
    address = reverse("kpis:rebase", args=[world.plan.slug, "K1"])
    assert client.get(f"{address}?as_at=2023-01-01").status_code == 400


# --- The second person ------------------------------------------------------------------------


@pytest.fixture
def waiting(world):
    kpi = make_kpi(world.plan, "K2", (world.commitment,), needs_second_person=True)
    return record_figure(kpi, "2022-03", 90, by=world.users["officer"], note="As returned")


def answer_as(client, world, persona, figure, **sent):
    client.force_login(world.users[persona])
    address = reverse("kpis:check_figure", args=[world.plan.slug, "K2", figure.pk])
    return client.post(address, sent) if sent else client.get(address)


def test_a_second_person_confirms_it(client, world, waiting):
    page = answer_as(client, world, "sro", waiting)
    assert "90 weeks for March 2022" in page.content.decode()
    assert "As returned" in page.content.decode()
    assert answer_as(client, world, "sro", waiting, decision="confirm").status_code == 302
    assert MeasurementCheck.objects.get().is_confirmed
    shown = client.get(reverse("pages:kpi", args=[world.plan.slug, "K2"])).content.decode()
    assert "Confirmed by The sro" in shown
    # Once is enough: who comes later is told.
    assert answer_as(client, world, "sro", waiting).status_code == 302


def test_it_is_returned_with_a_reason_alone(client, world, waiting):
    refused = answer_as(client, world, "sro", waiting, decision="return")
    assert refused.status_code == 422
    assert "Say what must be put right" in refused.content.decode()
    assert answer_as(client, world, "sro", waiting, decision="perhaps").status_code == 422
    assert not MeasurementCheck.objects.exists()
    sent = {"decision": "return", "reason": "Of the wrong month"}
    assert answer_as(client, world, "sro", waiting, **sent).status_code == 302
    assert MeasurementCheck.objects.get().reason == "Of the wrong month"


def test_nobody_confirms_her_own_and_only_a_figure_in_force(client, world, waiting):
    assert answer_as(client, world, "officer", waiting).status_code == 403
    assert answer_as(client, world, "member", waiting).status_code == 403
    waiting.kpi.refresh_from_db()
    newer = record_figure(
        waiting.kpi, "2022-03", 91, by=world.users["officer"], reason="One was missed"
    )
    assert answer_as(client, world, "sro", waiting).status_code == 404
    assert answer_as(client, world, "sro", newer).status_code == 200


def test_a_figure_that_asks_for_nobody_is_not_answered(client, world):
    kpi = make_kpi(world.plan, "K2", (world.commitment,))
    figure = record_figure(kpi, "2022-03", 90, by=world.users["officer"])
    assert answer_as(client, world, "sro", figure, decision="confirm").status_code == 302
    assert not MeasurementCheck.objects.exists()

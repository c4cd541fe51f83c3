"""Restricted notes: who reads them, and that nobody else learns more than kind and day."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.evidence import restricted_notes
from actions.models import RestrictedNote
from actions.pages.formatting import short_day
from actions.records.history_entries import entries_of
from tests.factories import yesterday

SECRET = "Ann leaves at Easter."


def add(world, **fields):
    return restricted_notes.add_restricted_note(
        **{
            "commitment": world.commitment,
            "by": world.users["lead"],
            "kind": "staffing",
            "text": SECRET,
        }
        | fields
    )


def shown_to(world, persona, query=""):
    client = Client()
    client.force_login(world.users[persona])
    address = reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])
    return client.get(address + query).content.decode()


@pytest.mark.parametrize(
    ("fields", "argument"), [({"kind": "gossip"}, "kind"), ({"text": ""}, "text")]
)
def test_what_is_missing_is_named_at_its_argument(world, fields, argument):
    with pytest.raises(ValidationError) as refusal:
        add(world, **fields)
    assert list(refusal.value.message_dict) == [argument]
    assert RestrictedNote.objects.count() == 0


def test_a_note_sent_twice_is_one_and_other_words_from_its_form_are_another(world):
    client = Client()
    client.force_login(world.users["lead"])
    page = reverse("actions:add_note", args=[world.plan.slug, "1.1.1a"])
    key = client.get(page).context["form"]["submission"].value()
    sent = {"kind": "staffing", "text": SECRET, "submission": str(key)}
    for _ in range(2):
        assert client.post(page, sent).status_code == 302
    assert RestrictedNote.objects.count() == 1
    client.post(page, sent | {"text": "Bea leaves too."})
    client.post(page, sent | {"submission": str(uuid.uuid4())})
    assert list(RestrictedNote.objects.order_by("pk").values_list("text", flat=True)) == [
        SECRET,
        "Bea leaves too.",
        SECRET,
    ]


def test_a_note_of_an_earlier_day_has_its_source(world):
    moment = yesterday()
    row = add(world, effective_at=moment, source="letter")
    row.refresh_from_db()
    assert (row.effective_at, row.source) == (moment, "letter")


@pytest.mark.parametrize("persona", ["officer", "lead", "other_lead", "sro"])
def test_the_few_who_need_it_read_it(world, persona):
    add(world)
    shown = shown_to(world, persona)
    assert SECRET in shown
    assert f"Staffing, {short_day(timezone.localdate())}" in shown


@pytest.mark.parametrize("persona", ["other_sro", "chair", "member", "forum"])
def test_others_see_that_one_exists_its_kind_and_its_day(world, persona):
    add(world, kind="family", by=world.users["officer"])
    shown = shown_to(world, persona)
    assert SECRET not in shown
    day = short_day(timezone.localdate())
    assert f"A restricted note (individual family), {day}" in shown
    assert "The officer" not in shown


def test_a_lead_of_another_day_does_not_read_it_on_the_page_of_that_day(world):
    day = yesterday().date()
    add(world, by=world.users["officer"], effective_at=yesterday(), source="letter")
    world.commitment.leads.filter(person=world.people["lead"]).update(ends_on=day)
    for query in ("", f"?as_at={day}"):
        shown = shown_to(world, "lead", query)
        assert SECRET not in shown
        assert "A restricted note (staffing)" in shown


def test_a_note_is_not_on_the_page_of_a_day_before_it(world):
    add(world)
    assert "estricted note (" not in shown_to(world, "lead", f"?as_at={yesterday():%Y-%m-%d}")


def test_notes_are_not_among_the_entries_that_pages_and_exports_share(world):
    add(world)
    assert SECRET not in repr(entries_of(world.commitment.pk, timezone.localdate()))
    (masked,) = entries_of(world.commitment.pk, timezone.localdate(), ["note"])
    assert SECRET not in repr(masked)


def test_a_note_is_written_on_its_page(client, world):
    client.force_login(world.users["sro"])
    page = reverse("actions:add_note", args=[world.plan.slug, "1.1.1a"])
    assert client.get(page).status_code == 200
    refused = client.post(page, {"kind": "", "text": ""})
    assert refused.status_code == 422
    for words in ("Choose what the note is about", "Write the note"):
        assert words in refused.content.decode()
    answer = client.post(page, {"kind": "legal", "text": "Two\r\nlines."}, follow=True)
    assert "Your restricted note on 1.1.1a is added." in answer.content.decode()
    assert RestrictedNote.objects.get().text == "Two\nlines."


def test_what_is_not_a_kind_or_cannot_be_shown_is_refused(client, world):
    client.force_login(world.users["lead"])
    page = reverse("actions:add_note", args=[world.plan.slug, "1.1.1a"])
    answer = client.post(page, {"kind": "gossip", "text": "a\x00b"})
    assert answer.status_code == 422
    assert "Choose one of the four" in answer.content.decode()
    assert "cannot be shown" in answer.content.decode()
    assert RestrictedNote.objects.count() == 0

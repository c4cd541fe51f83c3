"""Documents beside a plan: added, listed as at a day, fetched, withdrawn; and by whom."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from actions.documents.documents import add_document, withdraw_document
from actions.io.storage import checked_file
from actions.models import Plan, PlanDocument
from tests.actions.io import documents

pytestmark = pytest.mark.django_db


def add(world, **fields):
    given = {
        "plan": world.plan,
        "by": world.users["officer"],
        "today": timezone.localdate(),
        "kind": "letter",
        "title": "Letter of the inspectors",
    }
    return add_document(**given | fields)


def listed(client, world, **days):
    address = reverse("actions:documents", args=[world.plan.slug])
    return client.get(address, days).content.decode()


def test_a_document_is_listed_with_its_date_version_author_and_what_it_is_about(client, world):
    add(
        world,
        dated_on=date(2021, 9, 14),
        version="Final",
        author="Ofsted and CQC",
        area=world.area,
        link="https://example.org/letter",
        visibility="shareable",
        note="Published later.",
    )
    client.force_login(world.users["member"])

    page = listed(client, world)

    assert "Letter. 14 September 2021. Final. From Ofsted and CQC. Area 1. May be shared" in page
    assert '<a href="https://example.org/letter">Letter of the inspectors</a>' in page
    assert "Published later." in page
    # Only the programme team adds and withdraws.
    assert "Add a document" not in page
    assert ">Withdraw<" not in page


def test_documents_come_newest_first_and_those_without_a_date_last(client, world):
    for title, dated_on in (("Old", date(2020, 1, 1)), ("None", None), ("New", date(2022, 1, 1))):
        add(world, title=title, dated_on=dated_on)
    client.force_login(world.users["officer"])
    page = listed(client, world)
    assert page.index(">New<") < page.index(">Old<") < page.index(">None<")


def test_the_list_is_that_of_the_day(client, world):
    add(world)
    client.force_login(world.users["officer"])
    yesterday = timezone.localdate() - timedelta(days=1)
    page = listed(client, world, as_at=yesterday)
    assert "Letter of the inspectors" not in page
    assert "No documents yet." in page
    assert "Add a document" not in page


def test_a_file_is_given_out_as_it_was_sent_until_the_document_is_withdrawn(client, world):
    document = add(world, file=checked_file(documents.sent("letter.pdf", documents.PDF)))
    client.force_login(world.users["lead"])
    address = reverse("actions:document_file", args=[world.plan.slug, document.pk])

    answer = client.get(address)
    assert b"".join(answer) == documents.PDF
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"

    withdraw_document(document=document, by=world.users["officer"], reason="The wrong letter.")
    answer = client.get(address)
    assert answer.status_code == 410
    assert "The wrong letter." in answer.content.decode()
    assert "Letter of the inspectors" not in listed(client, world)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"title": ""}, "title", "Enter its title"),
        ({"link": "ftp://example.org"}, "link", "Give a web address"),
        ({"dated_on": date(2100, 1, 1)}, "dated_on", "must not be in the future"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(world, fields, field, words):
    with pytest.raises(ValidationError) as refusal:
        add(world, **fields)
    assert words in refusal.value.message_dict[field][0]
    assert not PlanDocument.objects.exists()


def test_only_the_programme_team_adds_and_withdraws_whatever_the_way(world):
    with pytest.raises(ValidationError, match="by the programme team"):
        add(world, by=world.users["lead"])
    document = add(world)
    with pytest.raises(ValidationError, match="by the programme team"):
        withdraw_document(document=document, by=world.users["chair"], reason="No")
    withdraw_document(document=document, by=world.users["officer"], reason="Twice here")
    with pytest.raises(ValidationError, match="withdrawn already"):
        withdraw_document(document=document, by=world.users["officer"], reason="Again")


def test_the_same_form_sent_twice_is_one_document(client, world):
    client.force_login(world.users["officer"])
    address = reverse("actions:add_document", args=[world.plan.slug])
    form = client.get(address).context["form"]
    sent = {
        "submission": form["submission"].value(),
        "kind": "minutes",
        "title": "Minutes of May",
        "dated_on": "31/5/2022",
        "visibility": "members",
    }
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    (document,) = PlanDocument.objects.all()
    assert (document.kind, document.dated_on) == ("minutes", date(2022, 5, 31))


def test_the_same_form_sent_with_other_words_is_another_document(world):
    given = {"submission": uuid.uuid4()}
    first = add(world, **given)
    assert add(world, **given) == first
    for other in ({"author": "DfE"}, {"area": world.area}, {"note": "The second page is new."}):
        assert add(world, **given, **other) != first
    assert PlanDocument.objects.count() == 4


def test_a_closed_plan_still_takes_its_last_letters(world):
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on=timezone.localdate())
    assert add(world, title="Letter that ends it").pk


def test_a_document_on_record_stays_as_it_is(world):
    document = add(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanDocument.objects.filter(pk=document.pk).update(title="Another")

"""A report goes out: what is kept, that it never changes, and how a fix is made."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.db.utils import ProgrammingError
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, Area, Commitment, Organisation, Person, Plan
from actions.rules.dates import LONDON, day_of
from kpis.models import Kpi
from reports.contents.building import build
from reports.drafts import drafting, publishing
from reports.models import Publication, PublishedFile, PublishedPaper, Report
from reports.rendering import FORMATS, render
from reports.rendering.document import Document
from tests.factories import make_kpi, make_world, record_figure
from tests.reports.draft_builders import (
    approve,
    begin,
    make_files,
    make_series,
    put,
    say,
    set_up_and_said,
    sign_area,
)

PROGRESS = "commitment:1.1.1a:progress"


@pytest.fixture
def world(db):
    return set_up_and_said(make_world())


def publish(world, report, **fields):
    """Publish whatever is missing, with a reason, and make its files."""
    values = {
        "by": world.users["officer"],
        "now": timezone.now(),
        "seen": [one.words for one in build(report, is_draft=False).missing],
        "reason": "The board meets tomorrow.",
    }
    publication = publishing.publish(report=report, **(values | fields))
    make_files()
    # Read anew: whether its files are there is asked of what was read.
    return Publication.objects.get(pk=publication.pk)


def payload(report, paper="report"):
    return Document.read(
        PublishedPaper.objects.get(publication__report=report, paper=paper).payload
    )


# --- What goes out ----------------------------------------------------------------------------


def test_every_format_is_kept_with_its_hash(world):
    report = begin(world)
    publication = publish(world, report)
    for paper in publication.papers.all():
        assert hashlib.sha256(paper.payload.encode()).hexdigest() == paper.digest
        files = {one.format: one for one in paper.files.all()}
        assert files.keys() == FORMATS.keys()
        for one in files.values():
            content = bytes(one.content)
            assert hashlib.sha256(content).hexdigest() == one.digest
            assert len(content) == one.size
        assert bytes(files["json"].content).decode() == paper.payload


def test_the_record_says_that_it_is_one_and_whom_it_went_to(world):
    report = begin(world)
    publication = publish(world, report)
    document = payload(report)
    assert not document.is_draft
    assert document.published_by == world.users["officer"].name
    assert document.published_on == timezone.localdate()
    assert document.audiences == ("The board", "NHS England")
    assert set(publication.addressed_to.all()) == {world.board, world.nhse}


def test_what_was_approved_by_email_and_went_out_on_paper_has_the_days_of_that(world, client):
    report = begin(world)
    by_email = datetime(2022, 4, 12, 9, tzinfo=LONDON)
    approve(world, report, effective_at=by_email, source="e-mail to the programme team")
    publish(world, report, effective_at=datetime(2022, 4, 13, 10, 30, tzinfo=LONDON))
    assert payload(report).published_on == date(2022, 4, 13)
    answered = report.approvals.get()
    assert (answered.effective_at, answered.source) == (by_email, "e-mail to the programme team")
    # The database keeps when it was recorded, which the page need not say.
    assert day_of(answered.recorded_at) == timezone.localdate()
    client.force_login(world.users["officer"])
    page = client.get(reverse("reports:report", args=(world.plan.slug, report.pk)))
    assert "13 April 2022, 10:30" in page.content.decode()


def test_a_summary_for_families_goes_with_reports_that_are_approved_alone(world):
    formal = begin(world)
    assert {one.paper for one in publish(world, formal).papers.all()} == {"report", "families"}
    monthly = begin(world, make_series(world.plan, "kpis", "monthly"))
    assert {one.paper for one in publish(world, monthly).papers.all()} == {"report"}


def test_nothing_goes_out_incomplete_without_a_reason(world):
    report = begin(world)
    with pytest.raises(ValidationError, match="although something is missing"):
        publish(world, report, reason="")
    assert not Publication.objects.exists()


def test_what_became_missing_since_the_list_was_read_is_read_first(world):
    report = begin(world)
    seen = [one.words for one in build(report, is_draft=False).missing]
    with pytest.raises(ValidationError, match="Something else is missing"):
        publish(world, report, seen=seen[1:])
    assert not Publication.objects.exists()
    kept = publish(world, report, seen=seen)
    assert (kept.missing, kept.reason) == (seen, "The board meets tomorrow.")


def test_signed_and_approved_areas_are_not_missing(world):
    report = begin(world)
    before = {one.words for one in build(report).missing}
    sign_area(world, report, 1)
    approve(world, report)
    after = {one.words for one in build(report).missing}
    assert len(before - after) == 2
    assert after < before


def test_what_was_published_is_published_once(world):
    report = begin(world)
    publish(world, report)
    with pytest.raises(ValidationError, match="published meanwhile"):
        publish(world, report)
    with pytest.raises(ValidationError, match="published meanwhile"):
        put(world, report, PROGRESS, "x")
    with pytest.raises(ValidationError, match="published meanwhile"):
        drafting.discard(report=report, now=timezone.now())
    with pytest.raises(ValidationError, match="published meanwhile"):
        sign_area(world, report, 1)


@pytest.mark.django_db(transaction=True)
def test_two_officers_publish_at_once_and_it_goes_out_once():
    world = set_up_and_said(make_world())
    report = begin(world)
    seen = [one.words for one in build(report, is_draft=False).missing]
    gate = threading.Barrier(2)

    def button(_):
        gate.wait()
        try:
            publish(world, report, seen=seen)
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(button, range(2)))
    assert answers[0] == ""
    assert "published meanwhile" in answers[1]
    assert Publication.objects.count() == 1
    assert PublishedFile.objects.count() == 2 * len(FORMATS)


# --- It stays ---------------------------------------------------------------------------------


def test_whatever_changes_afterwards_the_record_and_its_files_stay(world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), title="Weeks waited")
    for month, weeks in (("2022-01", 30), ("2022-02", 28), ("2022-03", 27)):
        record_figure(kpi, month, weeks, by=world.users["officer"])
    report = begin(world)
    publish(world, report)
    paper = PublishedPaper.objects.get(publication__report=report, paper="report")
    kept = {one.format: bytes(one.content) for one in paper.files.all()}
    document = Document.read(paper.payload)

    say(world, "Everything is other now.", brag="green")
    record_figure(kpi, "2022-03", 99, by=world.users["officer"], reason="Miscounted")
    world.plan.local_area.name = "Elsewhere"
    world.plan.local_area.save()
    Area.objects.update(title="Another title")
    Action.objects.update(title="Another action")
    Commitment.objects.update(evidence="Another promise")
    Person.objects.update(name=Concat(Value("Somebody else "), Cast("pk", CharField())))
    Organisation.objects.update(name=Concat(Value("Other "), Cast("pk", CharField())))
    Kpi.objects.update(title="Another measure")
    Plan.objects.update(title="Another plan")

    paper = PublishedPaper.objects.get(pk=paper.pk)
    assert {one.format: bytes(one.content) for one in paper.files.all()} == kept
    assert Document.read(paper.payload) == document
    # Rendered anew from the record alone: the same again.
    for key, content in kept.items():
        assert render(Document.read(paper.payload), key) == content, key


def test_the_database_refuses_to_change_what_was_published(world):
    report = begin(world)
    publish(world, report)
    for rows, change in (
        (PublishedFile.objects.all(), {"name": "other"}),
        (PublishedPaper.objects.all(), {"payload": "{}"}),
        (Publication.objects.all(), {"reason": "other"}),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows._raw_delete("default")


# --- A fix ------------------------------------------------------------------------------------


def version(world, report, reason="A colour was wrong."):
    return drafting.start_version(
        report=report, by=world.users["officer"], reason=reason, now=timezone.now()
    )


def test_a_fix_is_a_new_version_with_the_words_and_the_old_stays_readable(world):
    report = begin(world)
    put(world, report, PROGRESS, "Edited")
    publish(world, report)
    old = payload(report)
    say(world, "All posts are filled.", brag="green")
    newer = version(world, report)
    built = build(newer)
    assert built.places[PROGRESS].text == "Edited"
    assert built.places[PROGRESS].original == "All posts are filled."
    assert built.document.version == 2
    assert "A colour was wrong." in built.document.supersedes
    assert not built.signed
    publish(world, newer)
    assert payload(report) == old
    assert payload(newer).version == 2
    newer.refresh_from_db()
    assert newer.supersedes == report


def stale(report):
    return [one for one in build(report).missing if one.key.startswith("stale:")]


def test_a_new_version_lists_edited_words_whose_record_has_changed(world):
    report = begin(world)
    put(world, report, PROGRESS, "The work keeps to its dates.")
    assert stale(report) == []
    publish(world, report)
    # The same words, and another colour: what was edited beside the old one may be untrue now.
    say(world, "Two posts are filled.", brag="green")
    newer = version(world, report)
    (found,) = stale(newer)
    assert (found.words, found.place) == (
        "Edited, and the record has changed since: Progress of 1.1.1a.",
        PROGRESS,
    )
    place = build(newer).places[PROGRESS]
    assert (place.stood, place.stands) == (("Amber",), ("Green",))
    # Read again and kept, it is settled.
    put(world, newer, PROGRESS, "The work keeps to its dates.")
    assert stale(newer) == []


def test_a_summary_is_to_be_read_again_when_a_figure_has_changed(world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,))
    record_figure(kpi, "2022-03", 200, by=world.users["officer"])
    report = begin(world)
    put(world, report, "summary", "The wait is 200 weeks.")
    assert stale(report) == []
    publish(world, report)
    record_figure(kpi, "2022-04", 210, by=world.users["officer"])
    assert [one.place for one in stale(version(world, report))] == ["summary"]


def test_a_version_needs_a_reason_and_there_is_one_at_a_time(world):
    report = begin(world)
    with pytest.raises(ValidationError, match="Only what was published"):
        version(world, report)
    publish(world, report)
    with pytest.raises(ValidationError, match="what is wrong"):
        version(world, report, reason="")
    draft = version(world, report)
    with pytest.raises(ValidationError, match="newer version already"):
        version(world, report)
    drafting.discard(report=draft, now=timezone.now())
    assert version(world, report).version == 2
    assert Report.objects.filter(supersedes=report).count() == 1

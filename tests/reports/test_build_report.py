"""The command that writes a report's files."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from actions.models import Plan
from reports.models import Publication, PublishedFile, PublishedPaper, Report
from reports.rendering.document import Document
from tests.reports.draft_builders import begin, make_series, put, set_up


@pytest.fixture
def world(world):
    return set_up(world)


def run(world, *args, series="formal", plan=""):
    out = StringIO()
    call_command("build_report", plan or world.plan.slug, series, *map(str, args), stdout=out)
    return out.getvalue().splitlines()


def refused(world, *args, **options):
    with pytest.raises(CommandError) as caught:
        run(world, *args, **options)
    return str(caught.value)


def document_in(path):
    return Document.read(path.read_text())


def test_a_report_that_nobody_has_begun_is_built_and_nothing_is_saved(world, tmp_path):
    make_series(world.plan, "kpis", "monthly")
    written = run(
        world, "--period", "2022-05-17", "--output", tmp_path / "new" / "folder", series="kpis"
    )
    names = [line.rpartition("/")[2] for line in written]
    assert {name.rpartition(".")[2] for name in names} == {
        "html",
        "docx",
        "pdf",
        "xlsx",
        "zip",
        "json",
    }
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(names)
    (payload,) = (tmp_path / "new" / "folder").glob("*.json")
    document = document_in(payload)
    assert document.is_draft
    assert (document.number, document.as_at) == ("May 2022", date(2022, 5, 31))
    assert not Report.objects.exists()


def test_a_draft_is_built_with_its_words_as_at_another_day(world, tmp_path):
    report = begin(world)
    put(world, report, "summary", "Words of the officer.")
    run(
        world,
        "--period",
        report.starts_on,
        "--as-at",
        report.starts_on,
        "--format",
        "json",
        "--output",
        tmp_path,
    )
    found = [document_in(path) for path in tmp_path.iterdir()]
    (document,) = (one for one in found if one.content == "formal")
    assert "Words of the officer." in document.text
    assert document.as_at == report.starts_on
    report.refresh_from_db()
    assert report.as_at == timezone.localdate()


def test_what_was_published_is_written_as_it_was_kept(world, tmp_path):
    report = begin(world)
    publication = Publication.objects.create(report=report, by=world.users["officer"])
    told = {"by": world.users["officer"]}
    paper = PublishedPaper.objects.create(
        publication=publication, paper="report", payload="{}", digest="0" * 64, **told
    )
    for key, content in (("pdf", b"%PDF as it was"), ("json", b"{}")):
        PublishedFile.objects.create(
            paper=paper,
            format=key,
            name=f"as-it-was.{key}",
            content=content,
            digest="0" * 64,
            size=len(content),
            **told,
        )
    period = ("--period", report.starts_on, "--output", tmp_path)
    run(world, *period, "--published", "--format", "pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["as-it-was.pdf"]
    assert (tmp_path / "as-it-was.pdf").read_bytes() == b"%PDF as it was"
    assert len(run(world, *period, "--published")) == 2
    # Without a period it is the newest.
    assert len(run(world, "--output", tmp_path, "--published")) == 2
    assert "leave --as-at out" in refused(
        world, *period, "--published", "--as-at", report.starts_on
    )


def test_what_cannot_be_built_is_refused_in_plain_words(world, tmp_path):
    assert "There is no plan 'elsewhere'" in refused(world, plan="elsewhere")
    assert refused(world, series="weekly") == (
        "The plan has no report series 'weekly'. Its series: formal."
    )
    assert "not begun yet" in refused(world, "--period", "2090-01-01")
    assert "--as-at: 2022-01-01 is no day of" in refused(
        world, "--period", "2022-05-01", "--as-at", "2022-01-01"
    )
    assert "was published" in refused(world, "--period", "2022-05-01", "--published")
    assert "invalid day value" in refused(world, "--period", "soon")
    assert "invalid choice: 'odt'" in refused(world, "--format", "odt")
    make_series(world.plan, "exceptions", "six_weekly", anchor_on=None)
    assert "counted from a first day" in refused(world, series="exceptions")
    taken = tmp_path / "taken"
    taken.write_text("A file where a folder should be.")
    asked = ("--period", "2022-05-01", "--format", "json", "--output", taken)
    assert "cannot be written" in refused(world, *asked)
    Plan.objects.filter(pk=world.plan.pk).update(state="draft")
    assert "not agreed yet" in refused(world, "--period", "2022-05-01")

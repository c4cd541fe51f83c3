"""All four reports of each plan go out in every format, in the plan's own words."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from reports.contents.building import build
from reports.drafts import drafting, publishing
from reports.models import Publication, ReportSeries
from reports.rendering import FORMATS
from tests.reports.draft_builders import make_files
from tests.reports.readers import html_text
from tests.reports.report_builders import database_now

pytestmark = pytest.mark.django_db


def publish(tracked: SimpleNamespace, content: str, day: date) -> Publication:
    """The report of the period that holds a day, whatever it still lacks."""
    series = ReportSeries.objects.get(plan=tracked.plan, content=content)
    report = drafting.start(
        series=series,
        period=series.cycle.period_of(day),
        by=tracked.users["officer"],
        today=timezone.localdate(),
        now=database_now(),
    )
    publication = publishing.publish(
        report=report,
        by=tracked.users["officer"],
        now=database_now(),
        seen=[gap.words for gap in build(report, is_draft=False).missing],
        reason="The board meets tomorrow.",
    )
    make_files()
    return publication


def texts(publication: Publication) -> str:
    """What its web page says, with every format kept beside it."""
    for paper in publication.papers.all():
        files = {one.format: bytes(one.content) for one in paper.files.all()}
        assert files.keys() == FORMATS.keys()
        assert all(files.values())
    paper = publication.papers.get(paper="report")
    return html_text(bytes(paper.files.get(format="html").content))


def assert_tells(tracked: SimpleNamespace, day: date, expected: dict[str, list[str]]) -> None:
    assert expected.keys() == {"kpis", "exceptions", "formal", "scrutiny"}
    said = {content: texts(publish(tracked, content, day)) for content in expected}
    missing = [
        (content, text)
        for content, words in expected.items()
        for text in words
        if text not in said[content]
    ]
    assert not missing


def test_reports_of_the_accelerated_plan(accelerated):
    assert_tells(
        accelerated.of[0],
        date(2025, 6, 15),
        {
            "kpis": ["Monthly measures", "New plans issued within twenty weeks", "milestone"],
            "exceptions": ["Actions by rating", "1.4 Bring health advice to six weeks"],
            "formal": ["Quarterly return to DfE", "Weakness A", "1.4", "May 2025"],
            "scrutiny": ["Weakness", "Waits for speech and language therapy"],
        },
    )


def test_reports_of_a_priority_action_plan(one_inspection):
    assert_tells(
        one_inspection.of[0],
        date(2025, 6, 15),
        {
            "kpis": ["Children who wait for over two years", "a decrease"],
            "exceptions": ["3 (Priority action 2)", "First agreed (December 2024)"],
            "formal": [
                "Aims of priority action 1",
                "What the inspectors found",
                "2 (Priority action 1)",
                "(April 2025)",
            ],
            "scrutiny": ["Priority action 2", "Children who are out of school"],
        },
    )


def test_reports_of_a_strategic_plan(strategic):
    assert_tells(
        strategic.of[0],
        date(2024, 12, 15),
        {
            "kpis": ["How long a plan takes"],
            "exceptions": ["Items by rating", "Paused 1", "Agreed autumn term 2024"],
            "formal": [
                "Recommendation 1",
                "What was found",
                "Items of recommendation 1",
                "Paused",
                "summer term 2024",
                "Where things were when the plan was written",
                "Today two hubs have one.",
                "Urgency: Must",
                "Waits for: The family workers in the hubs",
                "Ongoing",
            ],
            "scrutiny": ["Resources by item", "Recommendation 6", "Money that lasts", "Ongoing"],
        },
    )

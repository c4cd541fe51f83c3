"""A report is built in as many queries for a large plan as for a small one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import Evidence, Resource
from reports.contents.building import build
from tests.factories import at, make_action, make_area, make_commitment, make_kpi, record_figure
from tests.reports.report_builders import make_report, say

MOST = 25


def grow(told):
    """Three more areas, each with commitments, words, evidence and measures."""
    for number in (3, 4, 5):
        area = make_area(told.plan, number, told.sro)
        action = make_action(area, f"{number}.1.1")
        Resource.objects.create(action=action, position=1, text="A post", amount=1000)
        for letter in "abcd":
            commitment = make_commitment(action, letter, leads=(told.lead,), due="2023-01")
            say(told, commitment, "2022-12-01", "green", "It goes on.")
            Evidence.objects.create(
                commitment=commitment,
                title="A note",
                visibility=Evidence.Visibility.SHAREABLE,
                source="minutes",
                effective_at=at("2022-12-02"),
            )
            kpi = make_kpi(told.plan, f"K{number}{letter}", (commitment,))
            for month in ("2022-09", "2022-10", "2022-11"):
                record_figure(kpi, month, 10, effective_at=at("2022-12-03"))


@pytest.mark.parametrize("content", ["kpis", "exceptions", "formal", "scrutiny"])
def test_a_report_takes_the_same_few_queries_at_two_sizes(told, content):
    counted = []
    for version in (1, 2):
        report = make_report(told, content, version=version)
        with CaptureQueriesContext(connection) as queries:
            build(report)
        counted.append(len(queries))
        if version == 1:
            grow(told)
    assert counted[0] == counted[1]
    assert counted[1] <= MOST

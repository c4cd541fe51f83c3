"""A page asks the same of the database whatever the size of the plan: 71 rows, 300, or 1,200."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.large_plans import make_large_plan

PAGES = (
    "actions:commitments",
    "reports:dashboard",
    "reports:timeline",
    "pages:my_work",
    "kpis:kpis",
    "pages:area",
)


def counted(client, large):
    """The queries of each page of the plan, by its name."""
    found = {}
    for name in PAGES:
        client.force_login(large.lead if name == "pages:my_work" else large.officer)
        args = [large.plan.slug, *(["1"] if name == "pages:area" else [])]
        client.get(reverse(name, args=args))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name, args=args)).status_code == 200
        found[name] = len(captured)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("commitments", "months"), [(300, 12), pytest.param(1200, 36, marks=pytest.mark.slow)]
)
def test_pages_take_as_many_queries_as_those_of_71_commitments(client, commitments, months):
    few = counted(client, make_large_plan(71, 12))
    assert counted(client, make_large_plan(commitments, months)) == few


@pytest.mark.slow
@pytest.mark.django_db
def test_the_table_of_1200_commitments_comes_in_pages(client):
    large = make_large_plan(1200, 3)
    client.force_login(large.officer)
    address = reverse("actions:commitments", args=[large.plan.slug])
    first = client.get(address).content.decode()
    # A head, headings of areas, and 300 rows.
    assert 301 < first.count("<tr") < 320
    assert "1200" in first
    last = client.get(f"{address}?page=4").content.decode()
    assert 'rel="next"' not in last
    assert large.plan.commitments.order_by("-position").first().ref in last

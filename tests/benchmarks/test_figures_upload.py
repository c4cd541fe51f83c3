"""Ten thousand figures from one file are checked, and then recorded, within one request each."""

from time import perf_counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.rules.dates import PlanDate
from kpis.models import Measurement
from tests.factories import make_kpi, make_world

# Seconds for one request; gunicorn gives up on one after thirty.
MOST_SECONDS = 20


def made(rows: int, kpis: int) -> bytes:
    lines = ["Code,Period,Value,Note"]
    for number in range(rows):
        month = PlanDate.parse("2000-01").plus_months(number // kpis)
        lines.append(f"K{number % kpis},{month.iso},{number % 97}.5,Line {number}")
    return "\n".join(lines).encode()


@pytest.mark.django_db
def test_ten_thousand_figures_in_a_fixed_number_of_queries(client):
    world = make_world()
    for number in range(50):
        make_kpi(world.plan, f"K{number}", (world.commitment,))
    client.force_login(world.users["officer"])
    address = reverse("kpis:upload_figures", args=[world.plan.slug])
    counts = []
    for rows in (100, 10_000):
        data = made(rows, 50)
        took, queries = [], []
        answer = None
        for step in ("check", "look", "apply"):
            file = SimpleUploadedFile("figures.csv", data)
            start = perf_counter()
            with CaptureQueriesContext(connection) as captured:
                if step == "check":
                    answer = client.post(address, {"file": file})
                    url = answer.url
                elif step == "look":
                    assert client.get(url).status_code == 200
                else:
                    assert client.post(url).status_code == 302
            took.append(perf_counter() - start)
            queries.append(len(captured))
        print(f"{rows:,} rows: {', '.join(f'{one:.1f} s' for one in took)}; queries {queries}")
        assert max(took) < MOST_SECONDS
        counts.append(queries)
    assert Measurement.objects.count() == 10_000
    assert counts[0] == counts[1]

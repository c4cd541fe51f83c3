"""Ten thousand figures from one file are checked, and then recorded, within one request each."""

import csv
import io
from decimal import Decimal
from time import perf_counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.rules.dates import PlanDate
from kpis.models import Measurement
from tests.factories import make_kpi, make_world

# Seconds for one request; gunicorn gives up on one after thirty.
MOST_SECONDS = 20
SIZES = (100, 10_000)


def made(rows: int, kpis: int) -> bytes:
    lines = ["Code,Period,Value,Note"]
    for number in range(rows):
        month = PlanDate.parse("2000-01").plus_months(number // kpis)
        lines.append(f"K{number % kpis},{month.iso},{number % 97}.5,Line {number}")
    return "\n".join(lines).encode()


def bare(data: bytes, kpis: dict[str, int]) -> float:
    """The least time in which the same rows are read and inserted with no question asked."""
    times = []
    for _ in range(3):
        with transaction.atomic():
            begun = perf_counter()
            rows = csv.DictReader(io.StringIO(data.decode()))
            Measurement.objects.bulk_create(
                Measurement(
                    kpi_id=kpis[row["Code"]],
                    starts_on=month.first_day,
                    ends_on=month.last_day,
                    status="final",
                    value=Decimal(row["Value"]),
                    note=row["Note"],
                    source="floor",
                )
                for row in rows
                for month in [PlanDate.parse(row["Period"])]
            )
            times.append(perf_counter() - begun)
            transaction.set_rollback(True)
    return min(times)


@pytest.mark.django_db
def test_ten_thousand_figures_in_a_fixed_number_of_queries(client):
    world = make_world()
    kpis = {
        kpi.code: kpi.pk
        for kpi in (make_kpi(world.plan, f"K{number}", (world.commitment,)) for number in range(50))
    }
    client.force_login(world.users["officer"])
    address = reverse("kpis:upload_figures", args=[world.plan.slug])
    counts = []
    # Before any is recorded: each period has one first figure.
    floors = {rows: bare(made(rows, 50), kpis) for rows in SIZES}
    for rows in SIZES:
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
        times = ", ".join(f"{one / floors[rows]:.1f}" for one in took)
        print(f"{rows:,} rows: {times} times a bare insert of them; queries {queries}")
        assert max(took) < MOST_SECONDS
        counts.append(queries)
    assert Measurement.objects.count() == 10_000
    assert counts[0] == counts[1]

"""The history of edits takes as long with a hundred thousand events as with a few."""

from time import perf_counter

import pytest
from django.db import connection
from django.urls import reverse

from actions.models import Commitment
from tests.databases import as_owner
from tests.factories import make_action, make_area, make_commitment, make_plan, make_world

MOST_TIMES = 3
EVENTS = 100_000


def seconds(client, address: str) -> float:
    """The least time of five readings, the database's included."""
    client.get(address)
    times = []
    for _ in range(5):
        begun = perf_counter()
        assert client.get(address).status_code == 200
        times.append(perf_counter() - begun)
    return min(times)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_events_do_not_slow_the_page(client):
    """Generated as rows of pghistory's own table, half of them another plan's."""
    world = make_world()
    other = make_commitment(make_action(make_area(make_plan(), 1), "1.1.1"))
    client.force_login(world.users["member"])
    address = reverse("reports:history", args=[world.plan.slug])
    few = seconds(client, address)
    event = Commitment.pgh_event_model  # type: ignore[attr-defined]
    names = [field.column for field in event._meta.concrete_fields if field.name != "pgh_id"]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(
        {"pgh_label": "'update'", "title": "'Title ' || n"}.get(name, f'"{name}"') for name in names
    )
    with as_owner(), connection.cursor() as cursor:
        for commitment in (world.commitment, other):
            cursor.execute(
                f"INSERT INTO {event._meta.db_table} ({columns}) SELECT {values} "
                f"FROM {event._meta.db_table} kept, generate_series(1, %s) n "
                "WHERE kept.id = %s AND kept.pgh_label = 'insert'",
                [EVENTS // 2, commitment.pk],
            )
        cursor.execute("ANALYZE")
    for page in ("1", "900"):
        many = seconds(client, f"{address}?page={page}")
        print(f"page {page} of {EVENTS:,} events: {many / few:.1f} times that of a few")
        assert many <= MOST_TIMES * few

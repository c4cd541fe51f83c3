"""What is kept of a plan between requests is never stale, whoever changed it.

Each page is asked for twice: as the site answers it, from what it keeps; and within a transaction,
where nothing is kept, so that it is worked out afresh.
"""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import CommitmentLead
from actions.progress.update_answers import NewRisk
from actions.records import kept
from tests.factories import make_kpi, make_target, make_update, make_world, record_figure

pytestmark = pytest.mark.django_db(transaction=True)

# What differs each time a page is asked for.
PASSING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|name="submission" value="[^"]+"')


def elsewhere(act):
    """Do something on a connection of its own, as another process would."""

    def run():
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=60)


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return PASSING.sub("", response.content.decode())


def afresh(client, address):
    with transaction.atomic():
        return page(client, address)


def pages(world):
    plan, ref = world.plan.slug, world.commitment.code
    earlier = {"as_at": (timezone.localdate() - timedelta(days=1)).isoformat()}
    names = [
        ("actions:commitments",),
        ("pages:commitment", ref),
        ("reports:dashboard",),
        ("pages:my_work",),
        ("kpis:kpis",),
        ("pages:area", world.area.code),
        ("actions:record_update", ref),
        ("actions:plan",),
        ("actions:commitments_file", "csv"),
        ("pages:action", world.commitment.action.code),
        ("pages:kpi", world.kpi.code),
        ("reports:timeline",),
        ("oversight:risks",),
        ("reports:index",),
    ]
    today = [reverse(name, args=[plan, *args]) for name, *args in names]
    return today + [
        f"{address}?as_at={earlier['as_at']}"
        for address in today
        if "my-work" not in address and "update" not in address
    ]


def writes(world, chance):
    """What people do, each in a way of its own: verbs, edits with history, plain SQL."""
    commitments = [world.commitment, world.second, world.elsewhere]

    def update():
        brag = chance.choice(["green", "amber", "red"])
        make_update(
            chance.choice(commitments),
            world.users["officer"],
            brag,
            f"Told at {timezone.now().isoformat()}",
            late_reason="No staff.",
            risk=None if brag == "green" else NewRisk("The post is empty."),
            help_needed="A post." if brag == "red" else "",
        )

    def rename_organisation():
        world.council.name = f"Council {chance.random()}"
        world.council.save()

    def rename_person():
        person = world.people["lead"]
        person.name = f"Lead {chance.random()}"
        person.save()

    def reword():
        row = chance.choice(commitments)
        row.evidence = f"Evidence {chance.random()}"
        row.save()

    def change_lead():
        row = CommitmentLead.objects.filter(commitment=world.second).first()
        if row:
            row.delete()
        else:
            CommitmentLead.objects.create(
                commitment=world.second, person=world.people["lead"], position=1
            )

    def by_hand():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE actions_area SET title = %s WHERE id = %s",
                [f"Area {chance.random()}", world.area.pk],
            )

    def figure():
        month = f"2022-{chance.randint(1, 9):02}"
        record_figure(
            world.kpi, month, chance.randint(1, 90), by=world.users["officer"], reason="Restated"
        )

    return [
        update,
        update,
        figure,
        rename_organisation,
        rename_person,
        reword,
        change_lead,
        by_hand,
    ]


@pytest.fixture
def kept_world():
    world = make_world()
    world.kpi = make_kpi(world.plan, "K1", (world.commitment,))
    make_target(world.kpi, 10, "2023-06")
    return world


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_pages_are_never_stale(kept_world, seed):
    world, chance = kept_world, random.Random(seed)
    clients = [Client(), Client()]
    for client, role in zip(clients, ("lead", "officer"), strict=True):
        client.force_login(world.users[role])
    acts, addresses = writes(world, chance), pages(world)
    used = 0
    for _ in range(15):
        elsewhere(chance.choice(acts))
        for address in chance.sample(addresses, 4):
            client = chance.choice(clients)
            before = len(kept._kept)
            shown = page(client, address)
            used += len(kept._kept) == before
            assert shown == afresh(client, address), address
            assert page(client, address) == shown
    assert used

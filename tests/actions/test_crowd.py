"""Two hundred people send on the same base at once, and nobody loses a word."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from actions import memberships
from actions.models import CommitmentLead, Draft, Person, ProgressUpdate
from tests.factories import Role, make_user, make_world

PEOPLE = 200
CONNECTIONS = 40


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_hundred_people_each_get_a_row_or_a_draft():
    world = make_world()
    users = []
    for number in range(PEOPLE):
        user = make_user(f"Lead {number}")
        person = Person.objects.create(
            local_area=world.plan.local_area, name=f"Lead {number}", user=user
        )
        CommitmentLead.objects.create(commitment=world.second, person=person, position=number + 10)
        memberships.grant(user=user, plan=world.plan, role=Role.LEAD)
        users.append(user)
    page = reverse("actions:record_update", args=[world.plan.slug, "1.1.1b"])
    rows: list[str] = []
    gate = threading.Barrier(CONNECTIONS)

    def write(number: int) -> str:
        client = Client()
        client.force_login(users[number])
        # The first wave starts together, all on the same base: nobody has written yet.
        if number < CONNECTIONS:
            gate.wait()
        sent = {
            "brag": "green",
            "progress": f"Words of {number}.",
            "late_reason": "It is late.",
            "base": "none",
        }
        kept = client.post(page, sent)
        answer = client.post(f"{page}check/")
        connection.close()
        assert kept.status_code == 302, kept.content
        return answer["Location"]

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        rows = list(pool.map(write, range(PEOPLE)))

    made = ProgressUpdate.objects.count()
    drafts = Draft.objects.count()
    assert made + drafts == PEOPLE
    assert made == sum(where.endswith("/done/") for where in rows) == 1
    assert drafts == sum(where.endswith("/conflict/") for where in rows)
    words = [update.progress for update in ProgressUpdate.objects.all()]
    words += [draft.answers["progress"][0] for draft in Draft.objects.all()]
    assert sorted(words) == sorted(f"Words of {number}." for number in range(PEOPLE))

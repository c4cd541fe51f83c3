"""Each page's number of queries, session and user included: the same for 3 and for 20 plans."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions import access, updates
from actions.models import Membership
from tests.factories import make_action, make_area, make_commitment, make_plan, make_world

BUDGETS = {
    "actions:my_work": 10,
    "kpis:commitment": 14,
    "kpis:action": 12,
    "actions:area": 12,
    "actions:plan": 12,
    "actions:period": 12,
    "actions:no_change": 12,
    "actions:commitments": 10,
    "actions:commitments_file": 11,
    "kpis:risks": 10,
    "kpis:risks_file": 10,
    "actions:plans": 4,
    "actions:bodies": 12,
    "actions:engagement": 12,
    "actions:glossary": 12,
    "actions:funding": 12,
    "actions:weaknesses": 12,
}
OFFICERS = {"actions:period"}
ARGUMENTS = {
    "actions:commitments_file": ["csv"],
    "kpis:risks_file": ["xlsx"],
    "actions:plans": [],
    "actions:area": [1],
    "kpis:commitment": ["1.1.1a"],
    "kpis:action": ["1.1.1"],
}


def grow(world, letters, plans):
    """More plans of the same people, and more in the plan that is looked at."""
    for number in plans:
        plan = make_plan(slug=f"another-{number}")
        access.grant(user=world.users["lead"], plan=plan, role=Membership.Role.LEAD)
        make_commitment(make_action(make_area(plan, 1), "1.1.1"), leads=(), due="2022-12")
    for letter in letters:
        commitment = make_commitment(
            world.action, letter, leads=(world.people["lead"],), due="2022-12"
        )
        for _ in range(2):
            updates.record_update(
                commitment=commitment,
                by=world.users["lead"],
                brag="amber",
                progress="Work goes on.",
                risk=updates.NewRisk("No staff"),
                late_reason="The tender ran twice.",
            )


def queries(client, address):
    # Savepoints are transaction control, which is not counted.
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [
        query["sql"]
        for query in captured
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("as_at", ["", "?as_at=2026-01-31"], ids=["today", "another day"])
@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_keeps_to_its_queries_at_two_sizes(client, name, as_at):
    world = make_world()
    if name == "actions:plans":
        address = reverse(name)
    else:
        address = reverse(name, args=[world.plan.slug, *ARGUMENTS.get(name, [])]) + as_at
    client.force_login(world.users["officer" if name in OFFICERS else "lead"])
    grow(world, "cd", plans=range(2))
    few = queries(client, address)
    grow(world, "efghijklm", plans=range(2, 19))
    many = queries(client, address)
    assert len(many) == len(few)
    assert len(many) <= BUDGETS[name], "\n".join(many)

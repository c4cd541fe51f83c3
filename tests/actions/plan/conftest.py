"""A draft, and the officer who edits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import SimpleNamespace

    from django.test import Client


@pytest.fixture
def draft(world: SimpleNamespace) -> SimpleNamespace:
    """A draft of the same local area: area 1 with 1.1.1a (due December 2025) and 1.1.1b."""
    from actions import memberships
    from actions.models import Membership
    from tests.factories import make_action, make_area, make_commitment, make_plan

    plan = make_plan(
        "draft", local_area=world.plan.local_area, state="draft", agreed_on=None, tracked_from=None
    )
    world.draft = plan
    world.draft_area = make_area(plan, 1)
    world.draft_action = make_action(world.draft_area, "1.1.1")
    world.a = make_commitment(world.draft_action, "a", due="2025-12")
    world.b = make_commitment(world.draft_action, "b")
    world.users["other_officer"] = world.users["member"]
    for name in ("officer", "other_officer"):
        memberships.grant(user=world.users[name], plan=plan, role=Membership.Role.PROGRAMME_OFFICER)
    return world


@pytest.fixture
def officer(client: Client, draft: SimpleNamespace) -> Client:
    client.force_login(draft.users["officer"])
    return client

"""The page of a plan's funding: by year, and what is for no year."""

import pytest
from django.urls import reverse

from actions.models import FundingAmount, FundingLine

pytestmark = pytest.mark.django_db


def test_a_sum_for_no_year_is_shown_apart_and_added_to_nothing(client, world):
    line = FundingLine.objects.create(plan=world.plan, position=0, title="Training")
    FundingAmount.objects.create(line=line, year="2021/22", amount=5000)
    FundingAmount.objects.create(line=line, year="2022/23", amount=4000)
    FundingLine.objects.create(
        plan=world.plan, position=1, title="Waits", source="NHS", total=1_000_000, period="2 years"
    )
    client.force_login(world.users["member"])

    page = client.get(reverse("actions:funding", args=[world.plan.slug])).content.decode()

    by_year, apart = page.split("Other sums</h2>")
    assert "£9,000" in by_year
    assert "Waits" not in by_year
    for fact in ("Waits", "NHS", "2 years", "£1,000,000"):
        assert fact in apart


def test_a_plan_without_such_sums_says_nothing_of_them(client, world):
    client.force_login(world.users["member"])

    page = client.get(reverse("actions:funding", args=[world.plan.slug])).content.decode()

    assert "Other sums" not in page

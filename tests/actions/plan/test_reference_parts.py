"""What a plan refers to is edited until it is closed, whatever was agreed, with its history."""

import re
from datetime import date
from decimal import Decimal

import pytest
import yaml
from django.db import IntegrityError, transaction
from django.urls import reverse

from actions.models import (
    Engagement,
    Finding,
    FundingAmount,
    FundingLine,
    GlossaryTerm,
    Inspection,
    Plan,
)
from actions.plan.reference_forms import AmountsField
from tests.factories import make_finding
from wsoa.planfile.exporting import export_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client, world):
    client.force_login(world.users["officer"])
    return client


def at(world, name, *args):
    return reverse(f"actions:{name}", args=[world.plan.slug, *args])


def add(officer, world, part, **sent):
    answer = officer.post(at(world, "add_part", part), sent)
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url.startswith(at(world, "edit_reference"))


def save(officer, world, kind, pk, **sent):
    page = officer.get(at(world, "edit_part", kind, pk)).content.decode()
    version = re.search(r'name="version" value="([^"]*)"', page)[1]
    return officer.post(at(world, "edit_part", kind, pk), {"version": version, **sent})


def errors(officer, world, kind, **sent):
    answer = officer.post(at(world, "add_part", kind), sent)
    assert answer.status_code == 422
    return answer.context["form"].errors


def test_an_agreed_plan_takes_every_kind(officer, world):
    assert world.plan.state == Plan.State.AGREED
    add(officer, world, "finding", kind="recommendation", number="3", text="Tell families.")
    add(officer, world, "engagement", on="3/5/2022", meeting="Forum", description="Waits.")
    add(officer, world, "glossary-term", abbreviation="APP", meaning="Accelerated plan")
    add(
        officer,
        world,
        "funding-line",
        title="A second clinic",
        source="Both organisations",
        amounts="2022/23: £120,000\n2021/22: 30000.5\n2023/24",
        spent="45000",
        spent_on="31/5/2022",
    )
    assert Finding.objects.get(number="3").plan == world.plan
    assert Engagement.objects.get().on == date(2022, 5, 3)
    assert GlossaryTerm.objects.get().meaning == "Accelerated plan"
    line = FundingLine.objects.get()
    assert (line.spent, line.spent_on) == (45000, date(2022, 5, 31))
    assert dict(line.amounts.values_list("year", "amount")) == {
        "2021/22": Decimal("30000.50"),
        "2022/23": Decimal(120000),
        "2023/24": None,
    }
    page = officer.get(reverse("actions:funding", args=[world.plan.slug])).content.decode()
    assert "£45,000 by 31 May 2022" in page
    listed = officer.get(at(world, "edit_reference")).content.decode()
    for text in ("Tell families.", "3 May 2022: Forum", "APP", "A second clinic"):
        assert text in listed


def test_sums_are_changed_year_by_year(officer, world):
    add(officer, world, "funding-line", title="Clinic", amounts="2021/22: 10\n2022/23: 20")
    line = FundingLine.objects.get()
    kept = FundingAmount.objects.get(year="2022/23")
    answer = save(
        officer, world, "funding-line", line.pk, title="Clinic", amounts="2022/23: 25\n2023/24: 5"
    )
    assert answer.status_code == 302
    amounts = dict(line.amounts.values_list("year", "amount"))
    assert amounts == {"2022/23": 25, "2023/24": 5}
    # The history of that year's sum goes on.
    assert FundingAmount.objects.get(year="2022/23").pk == kept.pk


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"amounts": "2022: 10"}, "amounts", "does not begin with a financial year"),
        ({"amounts": "2022/24: 10"}, "amounts", "does not begin with a financial year"),
        ({"amounts": "2022/23: ten"}, "amounts", "“ten” is not an amount"),
        ({"amounts": "2022/23: -1"}, "amounts", "is not an amount that can be kept"),
        ({"amounts": "2022/23: NaN"}, "amounts", "is not an amount that can be kept"),
        ({"amounts": "2022/23: 1.005"}, "amounts", "no more than pence"),
        ({"amounts": "2022/23: 1\n2022/23: 2"}, "amounts", "2022/23 stands twice"),
        ({"amounts": "2022/23: 1", "total": "5"}, "total", "Give either sums by year"),
        ({"spent": "5"}, "spent_on", "Give the day"),
        ({"spent_on": "1/5/2022"}, "spent", "Give what was spent"),
        ({"spent": "-5", "spent_on": "1/5/2022"}, "spent", "nothing or more"),
    ],
)
def test_money_that_cannot_be_read_is_said_at_its_place(officer, world, sent, field, words):
    found = errors(officer, world, "funding-line", title="Clinic", **sent)
    assert words in found[field][0]
    assert not FundingLine.objects.exists()


def test_a_century_ends_in_a_financial_year():
    assert AmountsField(label="Sums", required=False).clean("1999/00: 5") == ["1999/00: 5.00"]


def test_an_abbreviation_has_a_meaning_once(officer, world):
    add(officer, world, "glossary-term", abbreviation="APP", meaning="Accelerated plan")
    found = errors(officer, world, "glossary-term", abbreviation="APP", meaning="Accelerated plan")
    assert found["meaning"] == ["This abbreviation has this meaning here already"]


def test_the_inspection_is_put_right_and_its_order_of_days_kept(officer, world):
    inspection = world.plan.inspection = Inspection.objects.create(
        local_area=world.plan.local_area, code="visit", position=0, title="The visit"
    )
    world.plan.save()
    answer = save(
        officer,
        world,
        "inspection",
        inspection.pk,
        title="The visit of July",
        outcome="significant_weaknesses",
        visited_from="12/7/2021",
        visited_to="16/7/2021",
        reinspection_expected="Within 18 months",
    )
    assert answer.status_code == 302
    inspection.refresh_from_db()
    assert inspection.outcome == Inspection.Outcome.WEAKNESSES
    wrong = save(
        officer,
        world,
        "inspection",
        inspection.pk,
        title="The visit",
        visited_from="16/7/2021",
        visited_to="12/7/2021",
    )
    assert wrong.status_code == 422
    assert "The visit ended before it began" in wrong.content.decode()


def test_what_is_removed_stays_on_record_and_comes_back(officer, world):
    finding = make_finding(world.plan, text="Waits are long.")
    officer.post(at(world, "remove_part", "finding", finding.pk))
    finding.refresh_from_db()
    assert finding.withdrawn_at is not None
    officer.post(at(world, "restore_part", "finding", finding.pk))
    finding.refresh_from_db()
    assert finding.withdrawn_at is None


def test_the_history_of_edits_tells_who_changed_what(officer, world):
    add(officer, world, "funding-line", title="Clinic", spent="5", spent_on="1/5/2022")
    history = officer.get(reverse("reports:history", args=[world.plan.slug])).content.decode()
    assert "Clinic" in history
    assert world.users["officer"].name in history


def test_a_closed_plan_refuses(officer, world):
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on="2022-06-01")
    assert officer.get(at(world, "edit_reference")).status_code == 403
    sent = {"abbreviation": "APP", "meaning": "Accelerated plan"}
    assert officer.post(at(world, "add_part", "glossary-term"), sent).status_code == 403
    assert not GlossaryTerm.objects.exists()


def test_only_the_programme_team_is_led_to_editing(client, world):
    for persona, is_led in (("officer", True), ("member", False)):
        client.force_login(world.users[persona])
        for name in ("engagement", "glossary", "funding"):
            page = client.get(at(world, name)).content.decode()
            assert (at(world, "edit_reference") in page) is is_led


def test_what_was_spent_has_its_day(world):
    line = FundingLine(plan=world.plan, position=0, title="Clinic", spent=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()


def test_a_plan_file_has_what_was_spent(officer, world):
    add(officer, world, "funding-line", title="Clinic", spent="5", spent_on="1/5/2022")
    (line,) = yaml.safe_load(export_plan(world.plan))["funding"]
    assert (line["spent"], line["spent_on"]) == (5, "2022-05-01")

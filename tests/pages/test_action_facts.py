"""What actions and areas carry beside rows, on their pages and those of commitments."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import AccountableOfficer, Body
from actions.models.base import date_columns
from actions.rules.dates import PlanDate
from kpis.models import HeadlineKpi
from tests.factories import make_action, make_commitment, make_kpi
from tests.test_queries import queries


@pytest.fixture
def carried(world):
    """Action 1.1.1 answered for by the council and the NHS, and a group; with all it may carry."""
    action = world.action
    for position, name in enumerate(("other_lead", "lead")):
        AccountableOfficer.objects.create(
            action=action, person=world.people[name], position=position
        )
    action.responsible_group_text = "Health task and finish group"
    action.impact = "Families wait no longer than 18 weeks."
    action.quotation = "We waited a year."
    action.quotation_by = "A parent of two"
    for column, value in date_columns(PlanDate.parse("2021-05"), "quotation_").items():
        setattr(action, column, value)
    action.save()
    return world


def page_of(client, world, name, ref, **asked):
    client.force_login(world.users["officer"])
    answer = client.get(reverse(f"pages:{name}", args=[world.plan.slug, ref]), asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


FACTS = [
    "Accountable officer",
    "Responsible group",
    "Impact for children and families",
    "blockquote",
    "In their own words",
]


@pytest.mark.parametrize("name", ["action", "commitment"])
def test_what_an_action_does_not_carry_is_not_asked_for_on_its_pages(client, world, name):
    page = page_of(client, world, name, "1.1.1" if name == "action" else "1.1.1a")

    for text in FACTS:
        assert text not in page


def test_an_action_says_who_answers_for_it_what_changes_for_families_and_what_was_said(
    client, carried
):
    page = page_of(client, carried, "action", "1.1.1")

    assert (
        "<dt>Accountable officers</dt><dd>The other lead, NHS</dd><dd>The lead, CC</dd>"
        "<dt>Responsible group</dt><dd>Health task and finish group</dd>"
    ) in page
    assert "Families wait no longer than 18 weeks." in page
    assert '“We waited a year.”</p><p class="note">A parent of two, May 2021</p>' in page


def test_a_commitment_says_who_is_accountable_for_its_action_and_the_action_says_the_rest(
    client, carried
):
    page = page_of(client, carried, "commitment", "1.1.1a")

    assert "<dt>Accountable officers</dt><dd>The other lead, NHS</dd>" in page
    assert "Health task and finish group" in page
    assert "Families wait no longer" not in page
    assert "We waited a year" not in page


def test_the_one_page_of_an_action_without_rows_says_all_of_it(client, carried):
    action = make_action(carried.area, "1.1.9")
    action.impact, action.quotation = "Fewer calls.", "Nobody rang."
    group = Body.objects.create(plan=carried.plan, position=0, name="Calls board", kind="board")
    action.responsible_group = group
    action.save()
    make_commitment(action, "", title="Answer calls", is_whole_action=True)

    page = page_of(client, carried, "commitment", "1.1.9")

    assert "Fewer calls." in page
    assert "“Nobody rang.”" in page
    assert "<dt>Responsible group</dt><dd>Calls board</dd>" in page
    # Nobody is said to have said it, on no day.
    assert '<p class="quote pre">“Nobody rang.”</p></blockquote>' in page


def test_who_was_accountable_on_a_day_is_shown_as_at_that_day(client, carried):
    yesterday = timezone.localdate() - timedelta(days=1)
    AccountableOfficer.objects.filter(person=carried.people["lead"]).update(ends_on=yesterday)

    now = page_of(client, carried, "action", "1.1.1")
    then = page_of(client, carried, "action", "1.1.1", as_at=yesterday.isoformat())

    assert "<dt>Accountable officer</dt><dd>The other lead, NHS</dd>" in now
    assert "<dd>The lead, CC</dd>" in then


def test_the_pages_read_no_more_for_it(client, carried):
    url = reverse("pages:action", args=[carried.plan.slug, "1.1.1"])
    client.force_login(carried.users["officer"])
    with_facts = queries(client, url)
    carried.action.accountable.all().delete()
    carried.action.quotation = carried.action.quotation_by = carried.action.impact = ""
    carried.action.quotation_first_day = carried.action.quotation_last_day = None
    carried.action.quotation_precision = ""
    carried.action.save()

    assert len(queries(client, url)) == len(with_facts)


# --- Areas ------------------------------------------------------------------------------------


def test_an_area_shows_its_headline_kpi_and_what_changes_for_families(client, world):
    before = page_of(client, world, "area", "1")
    assert "Headline KPI" not in before
    assert "Impact for children and families" not in before

    kpi = make_kpi(world.plan, code="wait", title="Longest wait")
    HeadlineKpi.objects.create(area=world.area, kpi=kpi)
    world.area.impact = "Nobody waits alone."
    world.area.save()
    page = page_of(client, world, "area", "1")

    assert "<h2>Headline KPI</h2>" in page
    address = reverse("pages:kpi", args=[world.plan.slug, "wait"])
    assert f'<a href="{address}">Longest wait</a>' in page
    assert "No figure yet" in page
    assert "Nobody waits alone." in page
    assert "Longest wait" not in page_of(client, world, "area", "2")


def test_a_kpi_taken_out_of_the_plan_heads_no_area(client, world):
    kpi = make_kpi(world.plan, code="wait", title="Longest wait", withdrawn_at=timezone.now())
    HeadlineKpi.objects.create(area=world.area, kpi=kpi)

    page = page_of(client, world, "area", "1")

    assert "Headline KPI" not in page
    assert "Longest wait" not in page

"""KPIs of a draft in the browser, and data owners at any time."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from actions import memberships
from actions.models import Membership, Plan
from kpis.models import HeadlineKpi, Kpi, KpiCommitment, TargetPoint
from tests.factories import make_action, make_area, make_commitment, make_kpi, make_plan

KPI = {
    "code": "1.1.1-1",
    "title": "Seen in time",
    "unit": "%",
    "direction": "higher",
    "kind": "rate",
    "numerator": "Seen in time",
    "denominator": "All seen",
    "baseline": "52.90",
    "baseline_date": "March 2025",
}


@pytest.fixture
def draft(client, world):
    plan = make_plan(
        "draft", local_area=world.plan.local_area, state="draft", agreed_on=None, tracked_from=None
    )
    action = make_action(make_area(plan, 1), "1.1.1")
    world.draft = plan
    world.a, world.b = (make_commitment(action, letter) for letter in "ab")
    memberships.grant(
        user=world.users["officer"], plan=plan, role=Membership.Role.PROGRAMME_OFFICER
    )
    client.force_login(world.users["officer"])
    return world


def address(name, part, *args, holder=None, slug="draft"):
    found = reverse(f"actions:{name}", args=[slug, part, *args])
    return f"{found}?in={holder.pk}" if holder else found


def save(client, part, pk, slug="draft", **sent):
    page = address("edit_part", part, pk, slug=slug)
    version = re.search(r'name="version" value="([^"]*)"', client.get(page).content.decode())[1]
    return client.post(page, {"version": version, **sent})


@pytest.fixture
def kpi(client, draft):
    answer = client.post(address("add_part", "kpi"), KPI | {"commitments": [draft.a.pk]})
    assert answer.status_code == 302, answer.content.decode()
    return Kpi.objects.get()


def test_a_kpi_is_typed_in_with_its_targets_and_commitments(client, draft, kpi):
    assert (kpi.baseline, str(kpi.baseline_date)) == (Decimal("52.9"), "March 2025")
    assert list(kpi.commitments.all()) == [draft.a]
    for when, value in (("June 2026", "70"), ("", "")):
        sent = {"kind": "final", "operator": "at_least", "value": value, "when": when}
        answer = client.post(address("add_part", "target", holder=kpi), sent)
        assert answer.status_code == 302
    assert [(row.last_day, row.value) for row in kpi.targets.order_by("position")] == [
        (date(2026, 6, 30), Decimal(70)),
        (None, None),
    ]
    page = client.get(address("edit_part", "kpi", kpi.pk)).content.decode()
    assert "at least 70, June 2026" in page
    assert 'value="52.9"' in page or 'value="52.9000"' in page


def test_commitments_that_stay_keep_their_place(client, draft, kpi):
    before = KpiCommitment.objects.get()
    save(client, "kpi", kpi.pk, **KPI, commitments=[draft.b.pk, draft.a.pk])
    assert [link.commitment for link in KpiCommitment.objects.filter(kpi=kpi)] == [
        draft.a,
        draft.b,
    ]
    assert KpiCommitment.objects.filter(pk=before.pk).exists()
    save(client, "kpi", kpi.pk, **KPI, commitments=[draft.b.pk])
    assert list(kpi.commitments.all()) == [draft.b]


def test_another_target_in_a_draft_is_no_move(client, draft, kpi):
    sent = {"kind": "final", "operator": "at_least", "value": "70", "when": "June 2026"}
    client.post(address("add_part", "target", holder=kpi), sent)
    first = TargetPoint.objects.get()
    save(client, "target", first.pk, **sent | {"value": "75"})
    now = TargetPoint.objects.get(replaced_by=None, is_withdrawn=False)
    assert (now.value, now.replaces, now.position) == (Decimal(75), None, first.position)
    # By the address of the former: the one in its place.
    assert 'value="75' in client.get(address("edit_part", "target", first.pk)).content.decode()
    client.post(address("remove_part", "target", now.pk))
    assert not TargetPoint.objects.filter(replaced_by=None, is_withdrawn=False).exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"code": "1 1"}, "no spaces"),
        ({"baseline": "half"}, "Give a number, for example 52.9"),
        ({"baseline": "9" * 20}, "This number is too long"),
        ({"denominator": ""}, "Give both a numerator and a denominator"),
        ({"awaits_baseline": "on"}, "There is a baseline above"),
        ({"year": "school"}, "Only a KPI that is cumulative, or rarer than monthly, has a year"),
        ({"commitments": ["0"]}, "one of these is gone"),
        ({"unit": ""}, "Give its unit"),
    ],
)
def test_what_does_not_fit_is_said(client, draft, sent, words):
    answer = client.post(address("add_part", "kpi"), KPI | sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Kpi.objects.exists()


def test_a_yearly_kpi_says_which_year_it_is_measured_by(client, draft):
    sent = KPI | {"frequency": "yearly", "year": "school"}
    assert client.post(address("add_part", "kpi"), sent).status_code == 302
    kpi = Kpi.objects.get()
    assert (kpi.frequency, kpi.year) == ("yearly", "school")
    page = client.get(address("edit_part", "kpi", kpi.pk)).content.decode()
    assert "School year, from September" in page


def test_a_baseline_in_words_and_over_a_period_is_typed_in_and_printed(client, draft):
    sent = KPI | {
        "short_title": "Seen in time",
        "baseline": "",
        "baseline_text": "About half, by the services’ own count",
        "baseline_date": "school year 2024/25",
        "baseline_date_printed": "Last school year",
        "baseline_source": "Service returns",
    }
    assert client.post(address("add_part", "kpi"), sent).status_code == 302
    kpi = Kpi.objects.get()
    assert (kpi.baseline, kpi.short_title) == (None, "Seen in time")
    assert (str(kpi.baseline_date), kpi.baseline_date.last_day) == (
        "Last school year",
        date(2025, 8, 31),
    )
    page = client.get(reverse("pages:kpi", args=["draft", kpi.code])).content.decode()
    assert "Baseline in words (Last school year): About half, by the services’ own count" in page
    assert "Source: Service returns" in page


def test_a_target_is_typed_in_as_the_plan_prints_it(client, draft, kpi):
    for sent, title in (
        (
            {"operator": "stay_close", "value": "95", "tolerance": "2", "label": "milestone 3"},
            "Final target: close to 95 (milestone 3)",
        ),
        ({"operator": "increase", "when": "2026"}, "Final target: higher, 2026"),
        (
            {"operator": "at_least", "value": "70", "months_after_agreement": "6"},
            "Final target: at least 70, month 6 after the plan is agreed",
        ),
        (
            {"operator": "at_most", "value": "4", "borrowed_from": "England 2023/24"},
            "Final target: at most 4",
        ),
    ):
        answer = client.post(address("add_part", "target", holder=kpi), {"kind": "final", **sent})
        assert answer.status_code == 302, answer.content.decode()
        assert title in client.get(address("edit_part", "kpi", kpi.pk)).content.decode()
    page = client.get(reverse("pages:kpi", args=["draft", kpi.code])).content.decode()
    for text in (
        "Close to 95%, within 2 percentage points (milestone 3)",
        "An increase by 2026",
        "At least 70% by month 6 after the plan is agreed",
        "4% or less (England 2023/24)",
    ):
        assert text in page, text


def test_a_date_from_the_agreement_is_there_once_the_plan_is_agreed(client, draft, kpi):
    sent = {"kind": "final", "operator": "at_least", "value": "70", "months_after_agreement": "6"}
    client.post(address("add_part", "target", holder=kpi), sent)
    client.post(address("add_part", "target", holder=kpi), sent | {"months_after_agreement": "12"})
    gone = TargetPoint.objects.get(months_after_agreement=12)
    client.post(address("remove_part", "target", gone.pk))
    undated = {"kind": "final", "operator": "at_least", "value": "80"}
    client.post(address("add_part", "target", holder=kpi), undated)
    agreement = {"agreed_by": "The steering group", "agreed_on": "30/11/2025"}
    assert client.post(reverse("actions:agree_plan", args=["draft"]), agreement).status_code == 302

    in_force = TargetPoint.objects.filter(replaced_by=None, is_withdrawn=False)
    assert [(str(row.when or ""), row.value) for row in in_force.order_by("position")] == [
        ("May 2026", 70),
        ("", 80),
    ]
    dated = in_force.get(value=70)
    assert (dated.replaces.when, dated.months_after_agreement) == (None, 6)
    assert (dated.by, dated.reason) == (
        draft.users["officer"],
        "The plan was agreed on 30 November 2025",
    )
    page = client.get(reverse("pages:kpi", args=["draft", kpi.code])).content.decode()
    assert "At least 70% by May 2026 (month 6 after agreement)" in page
    # It is stored: another day of agreement moves nothing that people plan by.
    Plan.objects.filter(pk=draft.draft.pk).update(agreed_on=date(2025, 12, 1))
    page = client.get(reverse("pages:kpi", args=["draft", kpi.code])).content.decode()
    assert "At least 70% by May 2026" in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"operator": "increase", "value": "5"}, "Higher or lower alone has no value"),
        ({"operator": "stay_close"}, "Give the value to stay close to"),
        ({"operator": "at_least", "value": "5", "tolerance": "1"}, "Only a value to stay close to"),
        ({"operator": "stay_close", "value": "5", "tolerance": "-1"}, "Give nothing or more"),
        (
            {"operator": "at_least", "when": "2026", "months_after_agreement": "6"},
            "It has a date above",
        ),
        ({"operator": "at_least", "months_after_agreement": "0"}, "Give a number of months from 1"),
        ({"operator": "at_least", "when_printed": "By summer"}, "Give the date that these are"),
        (
            {"operator": "at_least", "label": "m" * 61},
            "This is too long: 61 characters, and 60 fit",
        ),
    ],
)
def test_a_target_that_says_two_things_is_refused(client, draft, kpi, sent, words):
    answer = client.post(address("add_part", "target", holder=kpi), {"kind": "final", **sent})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not TargetPoint.objects.exists()


def test_others_to_be_compared_with_are_named_once_and_taken_out(client, draft, kpi):
    sent = {"name": "England", "published_in": "DfE statistics"}
    assert client.post(address("add_part", "comparator", holder=kpi), sent).status_code == 302
    again = client.post(address("add_part", "comparator", holder=kpi), sent)
    assert "The KPI is compared with these already" in again.content.decode()
    series = kpi.comparators.get()
    assert "England" in client.get(address("edit_part", "kpi", kpi.pk)).content.decode()
    client.post(address("remove_part", "comparator", series.pk))
    assert not kpi.comparators.exists()


def test_a_code_stands_once(client, draft, kpi):
    answer = client.post(address("add_part", "kpi"), KPI)
    assert "Another KPI has this code" in answer.content.decode()


def test_a_kpi_goes_with_its_links_and_with_targets_is_taken_out(client, draft, kpi):
    answer = client.post(address("remove_part", "commitment", draft.a.pk))
    assert "There hangs on it: 1 measure" in answer.content.decode()
    sent = {"kind": "final", "operator": "at_least", "value": "70", "when": ""}
    client.post(address("add_part", "target", holder=kpi), sent)
    client.post(address("remove_part", "kpi", kpi.pk))
    kpi.refresh_from_db()
    assert kpi.withdrawn_at is not None
    other = KPI | {"code": "2"}
    client.post(address("add_part", "kpi"), other)
    client.post(address("remove_part", "kpi", Kpi.objects.get(code="2").pk))
    assert not Kpi.objects.filter(code="2").exists()


def test_the_data_owner_changes_at_any_time_and_the_rest_does_not(client, draft, kpi):
    world, slug = draft, draft.plan.slug
    Kpi.objects.filter(pk=kpi.pk).update(plan=world.plan)
    owner = world.people["other_lead"]
    page = client.get(reverse("kpis:edit_kpis", args=[slug])).content.decode()
    assert "No data owner yet" in page
    answer = save(client, "data-owner", kpi.pk, slug=slug, data_owner=owner.pk)
    assert answer.status_code == 302
    kpi.refresh_from_db()
    assert kpi.data_owner == owner
    assert client.post(address("edit_part", "kpi", kpi.pk, slug=slug), KPI).status_code == 403
    client.force_login(world.users["lead"])
    found = address("edit_part", "data-owner", kpi.pk, slug=slug)
    assert client.post(found, {"data_owner": ""}).status_code == 403


def test_an_area_is_given_a_headline_kpi_another_and_none(client, draft, kpi):
    area = draft.a.action.area
    page = client.get(reverse("kpis:edit_kpis", args=["draft"])).content.decode()
    assert "None chosen" in page
    assert save(client, "headline", area.pk, headline_kpi=kpi.pk).status_code == 302
    assert HeadlineKpi.objects.get(area=area).kpi == kpi
    page = client.get(reverse("kpis:edit_kpis", args=["draft"])).content.decode()
    assert "1.1.1-1 Seen in time" in page[page.index('id="headline"') :]

    client.post(address("add_part", "kpi"), KPI | {"code": "1.1.1-2", "title": "Waits"})
    other = Kpi.objects.get(code="1.1.1-2")
    save(client, "headline", area.pk, headline_kpi=other.pk)
    assert HeadlineKpi.objects.get(area=area).kpi == other
    save(client, "headline", area.pk, headline_kpi="")
    assert not HeadlineKpi.objects.exists()


def test_a_headline_kpi_of_an_agreed_plan_is_chosen_until_the_plan_is_closed(client, draft):
    slug = draft.plan.slug
    kpi = make_kpi(draft.plan)
    assert (
        save(client, "headline", draft.area.pk, slug=slug, headline_kpi=kpi.pk).status_code == 302
    )
    assert HeadlineKpi.objects.get(area=draft.area).kpi == kpi
    elsewhere = make_kpi(draft.draft)
    answer = save(client, "headline", draft.area.pk, slug=slug, headline_kpi=elsewhere.pk)
    assert "Choose an entry of the list" in answer.content.decode()

    Plan.objects.filter(pk=draft.plan.pk).update(state="closed", closed_on=date(2026, 1, 5))
    found = address("edit_part", "headline", draft.area.pk, slug=slug)
    assert client.get(found).status_code == 403


def test_a_kpi_or_an_area_of_a_draft_goes_with_what_it_heads(client, draft, kpi):
    area = draft.a.action.area
    HeadlineKpi.objects.create(area=area, kpi=kpi)
    assert client.post(address("remove_part", "kpi", kpi.pk)).status_code == 302
    assert not HeadlineKpi.objects.exists()

    empty = make_area(draft.draft, 2)
    HeadlineKpi.objects.create(area=empty, kpi=make_kpi(draft.draft))
    assert client.post(address("remove_part", "area", empty.pk)).status_code == 302
    assert not HeadlineKpi.objects.exists()

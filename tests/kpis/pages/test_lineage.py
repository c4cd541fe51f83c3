"""A KPI goes on from one of a closed plan: its open figures come through, and nothing else."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import Membership, Plan, Succession
from kpis.models import FigureDecision
from kpis.pages.lineage import formers_of
from kpis.recording.history import load_kpis
from tests.factories import make_kpi, make_plan, record_figure

TODAY = timezone.localdate()


@pytest.fixture
def chain(world):
    """K1 of the world's plan, closed in 2023; the outsider belongs to the plan after it alone."""
    world.first = make_kpi(world.plan, "K1")
    for month, value in (("2023-01", 52), ("2023-02", 51), ("2023-03", 49)):
        record_figure(world.first, month, value)
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on=date(2023, 4, 30))
    world.next = after(world, world.plan)
    world.second = continued(world.next, world.first)
    memberships.grant(user=world.users["outsider"], plan=world.next, role=Membership.Role.MEMBER)
    return world


def after(world, plan):
    made = make_plan(
        local_area=world.plan.local_area,
        title="Accelerated progress plan",
        starts_on=date(2023, 5, 1),
        ends_on=date(2025, 6, 1),
        agreed_on=date(2023, 5, 1),
        tracked_from=date(2023, 5, 1),
    )
    Succession.objects.create(plan=made, predecessor=plan, position=0)
    return made


def continued(plan, kpi, code="K1", **fields):
    return make_kpi(plan, code, continues=kpi, lineage=kpi.lineage or kpi.pk, **fields)


def page_of(client, chain, kpi=None, user="outsider"):
    kpi = kpi or chain.second
    client.force_login(chain.users[user])
    page = client.get(reverse("pages:kpi", args=[kpi.plan.slug, kpi.code]))
    assert page.status_code == 200
    return page


def values(former):
    return [int(figure.value) for figure in former.figures]


def labels(page):
    return [row[0].text for row in page.context["chart"].rows]


def test_its_figures_go_straight_on_in_the_chart(client, chain):
    record_figure(chain.second, "2023-05", 47)
    page = page_of(client, chain)
    assert labels(page) == ["May 2023", "April 2023", "March 2023", "February 2023", "January 2023"]
    (series, *_) = page.context["chart"].figure.series
    assert [value and int(value) for value in series.values] == [52, 51, 49, None, 47]
    assert [mark.words for mark in page.context["chart"].figure.marks] == ["Plan begins"]


def test_a_member_of_the_new_plan_alone_is_given_the_name_of_the_old_and_no_page(client, chain):
    (former,) = page_of(client, chain).context["formers"]
    assert (former.plan, former.code, former.url) == (chain.plan.title, "", "")
    assert former.figures[0] == ("March 2023", "49 weeks")
    old = reverse("pages:kpi", args=[chain.plan.slug, "K1"])
    assert client.get(old).status_code == 404


def test_of_a_series_of_three_plans_each_period_comes_once_from_the_newest_that_has_it(chain):
    record_figure(chain.second, "2023-03", 48)
    record_figure(chain.second, "2023-05", 47)
    third = continued(after(chain, chain.next), chain.second)
    first, second = formers_of(third, TODAY, ())
    assert values(first) == [52, 51]
    assert values(second) == [48, 47]


@pytest.mark.parametrize(
    ("fields", "text", "is_drawn"),
    [
        ({"unit": "days"}, "Counted in weeks", False),
        ({"definition": "From referral to report"}, "Defined otherwise", True),
    ],
)
def test_another_unit_or_definition_breaks_the_series_and_is_named(
    client, chain, fields, text, is_drawn
):
    other = continued(chain.next, chain.first, "K2", **fields)
    record_figure(other, "2023-05", 300)
    page = page_of(client, chain, other)
    (former,) = page.context["formers"]
    assert former.break_text == text
    assert f"{text} there" in page.content.decode()
    (own, *others) = page.context["chart"].figure.series
    drawn = {one.name: [int(value) for value in one.values if value] for one in others}
    assert [int(value) for value in own.values if value] == [300]
    assert drawn == ({f"{chain.plan.title} ({text.lower()})": [52, 51, 49]} if is_drawn else {})


# --- Small numbers ----------------------------------------------------------------------------


def counting_people(chain, plan, code, former=None, **fields):
    options = {"unit": "children", "counts_people": True, **fields}
    return continued(plan, former, code, **options) if former else make_kpi(plan, code, **options)


@pytest.fixture
def counted(chain):
    """Two open months and one too few to show, in the plan before."""
    Plan.objects.filter(pk=chain.plan.pk).update(state="agreed", closed_on=None)
    chain.plan.refresh_from_db()
    chain.few = counting_people(chain, chain.plan, "C1")
    for month, value in (("2023-01", 12), ("2023-02", 3), ("2023-03", 14)):
        record_figure(chain.few, month, value)
    Plan.objects.filter(pk=chain.plan.pk).update(state="closed", closed_on=date(2023, 4, 30))
    chain.more = counting_people(chain, chain.next, "C1", chain.few)
    return chain


def test_a_closed_figure_does_not_come_through_whoever_looks(client, counted):
    """Though they may see small numbers, of this plan and of the old one."""
    Membership.objects.update(sees_small_numbers=True)
    memberships.grant(
        user=counted.users["officer"],
        plan=counted.next,
        role=Membership.Role.PROGRAMME_OFFICER,
        sees_small_numbers=True,
    )
    for user in ("outsider", "officer"):
        page = page_of(client, counted, counted.more, user)
        (former,) = page.context["formers"]
        assert [words for _, words in former.figures] == ["14 children", "12 children"]
        assert "3 children" not in page.content.decode()


def test_a_closed_figure_here_is_not_told_by_an_open_one_of_the_old_plan(counted):
    """January was open there as 12; here it is put at 4, which is too few to show."""
    row = record_figure(counted.more, "2023-01", 4)
    assert not FigureDecision.objects.get(measurement=row).is_open
    (former,) = formers_of(counted.more, TODAY, figures_of(counted.more))
    assert values(former) == [14]


def figures_of(kpi):
    return load_kpis([kpi.plan], TODAY, worded_day=None, pk=kpi.pk).states()[kpi.pk].figures


def test_a_running_total_is_judged_with_what_the_old_plan_told_of_the_same_year(counted):
    """97 by March, open; 99 by April would tell of two children in April."""
    fields = {"kind": "cumulative", "year": "calendar"}
    Plan.objects.filter(pk=counted.plan.pk).update(state="agreed", closed_on=None)
    counted.plan.refresh_from_db()
    old = counting_people(counted, counted.plan, "T1", **fields)
    assert FigureDecision.objects.get(measurement=record_figure(old, "2023-03", 97)).is_open
    new = counting_people(counted, counted.next, "T1", old, **fields)
    closed = record_figure(new, "2023-04", 99)
    assert not FigureDecision.objects.get(measurement=closed).is_open
    alone = counting_people(counted, counted.next, "T2", **fields)
    assert FigureDecision.objects.get(measurement=record_figure(alone, "2023-04", 99)).is_open


# --- Queries ----------------------------------------------------------------------------------


def test_a_chain_of_any_length_takes_four_queries_and_a_kpi_without_one_none(client, chain):
    def queries(kpi):
        page_of(client, chain, kpi)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("pages:kpi", args=[kpi.plan.slug, kpi.code]))
        return len(captured)

    plain = make_kpi(chain.next, "K9")
    record_figure(plain, "2023-05", 40)
    record_figure(chain.second, "2023-05", 47)
    alone, one = queries(plain), queries(chain.second)
    assert one == alone + 4
    third_plan = after(chain, chain.next)
    memberships.grant(user=chain.users["outsider"], plan=third_plan, role=Membership.Role.MEMBER)
    third = continued(third_plan, chain.second)
    record_figure(third, "2023-06", 46)
    assert queries(third) == one

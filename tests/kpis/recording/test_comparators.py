"""What others came to: entered on its page, kept as records, shown to everybody."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from kpis.models import ComparatorFigure, ComparatorSeries
from kpis.recording.comparators import record_comparator_figure
from tests.factories import make_kpi, record_figure

TODAY = date(2023, 1, 24)


@pytest.fixture
def england(world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), unit="%", kind="rate", counts_people=True)
    return ComparatorSeries.objects.create(
        kpi=kpi, position=0, name="England", published_in="DfE statistics"
    )


def record(series, year, value, **more):
    fields = {
        "series": series,
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 12, 31),
        "value": Decimal(value),
        "by": None,
        "source": "statistics",
        "today": TODAY,
    }
    return record_comparator_figure(**fields | more)


def test_another_value_of_a_period_takes_the_place_of_the_first_with_why(england):
    first = record(england, 2021, "62.7")
    with pytest.raises(ValidationError) as refused:
        record(england, 2021, "63")
    assert refused.value.message_dict == {"reason": ["62.7 is on record: say why it changes"]}
    second = record(england, 2021, "63", reason="Revised by DfE")
    assert (second.replaces, second.reason) == (first, "Revised by DfE")
    with pytest.raises(ValidationError) as refused:
        record(england, 2021, "63.0", reason="Again")
    assert refused.value.message_dict == {"value": ["This is the figure on record"]}
    assert ComparatorFigure.objects.count() == 2


@pytest.mark.parametrize(
    ("year", "value", "problem"),
    [
        (2023, "62", {"period": ["This period has not ended yet"]}),
        (2021, "101", {"value": ["This percentage cannot be more than 100"]}),
        (2021, "-1", {"value": ["This cannot be less than 0"]}),
    ],
)
def test_what_cannot_be_is_refused(england, year, value, problem):
    with pytest.raises(ValidationError) as refused:
        record(england, year, value)
    assert refused.value.message_dict == problem
    assert not ComparatorFigure.objects.exists()


def test_nothing_is_recorded_of_a_comparison_that_was_taken_out(england):
    ComparatorSeries.objects.update(withdrawn_at=timezone.now())
    with pytest.raises(ValidationError, match="no longer part of the KPI"):
        record(england, 2021, "62")


def test_a_record_stays_as_it_is(england):
    record(england, 2021, "62.7")
    for change in (
        lambda: ComparatorFigure.objects.update(value=1),
        lambda: ComparatorFigure.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match=r"Cannot|permission denied"), transaction.atomic():
            change()
    assert ComparatorFigure.objects.get().value == Decimal("62.7")


def test_others_are_drawn_and_told_to_a_reader_who_sees_no_small_number(client, world, england):
    record_figure(england.kpi, "2022-03", 50, by=world.users["officer"])
    record_figure(england.kpi, "2022-04", 52, by=world.users["officer"])
    record(england, 2021, "62.7")
    record(
        england,
        2022,
        "64.2",
        starts_on=date(2022, 4, 1),
        ends_on=date(2022, 4, 30),
    )
    ComparatorSeries.objects.create(kpi=england.kpi, position=1, name="The region")
    client.force_login(world.users["member"])
    page = client.get(reverse("pages:kpi", args=[world.plan.slug, "K1"])).content.decode()
    for text in (
        "England, December 2021: 62.7%; April 2022: 64.2%.",  # the picture in words
        "England 64.2%",  # at the end of its line
        ">DfE statistics<",
        ">2021<",
        "No figure yet.",  # of the region
    ):
        assert text in page, text
    assert "Enter a figure of others" not in page
    earlier = client.get(reverse("pages:kpi", args=[world.plan.slug, "K1"]) + "?as_at=2022-12-31")
    assert "62.7%" not in earlier.content.decode()


def test_a_figure_of_others_is_entered_on_its_page(client, world, england):
    client.force_login(world.users["officer"])
    address = reverse("kpis:comparator_figure", args=[world.plan.slug, "K1"])
    kpi = reverse("pages:kpi", args=[world.plan.slug, "K1"])
    assert f'href="{address}"' in client.get(kpi).content.decode()
    refused = client.post(address, {"series": england.pk, "period": "2021/22", "value": "many"})
    assert refused.status_code == 422
    assert "Give a number, for example 52.9" in refused.content.decode()
    assert "Enter a date, for example" in refused.content.decode()
    sent = {"series": england.pk, "period": "school year 2021/22", "value": "62.7"}
    assert client.post(address, sent).status_code == 302
    row = ComparatorFigure.objects.get()
    assert (row.starts_on, row.ends_on) == (date(2021, 9, 1), date(2022, 8, 31))
    assert (row.value, row.by) == (Decimal("62.7"), world.users["officer"])
    again = client.post(address, sent | {"value": "63"})
    assert "62.7 is on record: say why it changes" in again.content.decode()
    other = make_kpi(world.plan, "K9")
    address = reverse("kpis:comparator_figure", args=[world.plan.slug, other.code])
    assert client.get(address).status_code == 404


def test_the_history_of_edits_says_whose_figure_of_which_kpi_it_was(client, world, england):
    record(england, 2021, "62.7")
    client.force_login(world.users["officer"])
    address = reverse("reports:history", args=[world.plan.slug]) + "?what=kpis"
    page = client.get(address).content.decode()
    assert "Figure of England beside KPI K1" in page
    assert "62.7" in page

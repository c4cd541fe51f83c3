"""Comparators' figures in the file of figures: beside the KPIs' own, all of it or nothing."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kpis.models import ComparatorFigure, ComparatorSeries, Measurement, MeasurementUpload
from kpis.recording.comparators import record_comparator_figure
from tests.factories import make_kpi

HEADS = ("Code", "Whose figure", "Period", "Value", "Reason", "Based on")


@pytest.fixture
def kpi(world):
    owned = {"commitments": (world.commitment,), "data_owner": world.people["lead"]}
    kpi = make_kpi(world.plan, "plans", **owned, kind="rate", unit="%", frequency="quarterly")
    for place, name in enumerate(("England", "Statistical neighbours")):
        ComparatorSeries.objects.create(kpi=kpi, position=place, name=name)
    make_kpi(world.plan, "wait", **owned)
    return kpi


def as_csv(*rows, heads=HEADS):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heads, *rows])
    return text.getvalue().encode()


def send(client, world, data):
    client.force_login(world.users["lead"])
    address = reverse("kpis:upload_figures", args=[world.plan.slug])
    return client.post(address, {"file": SimpleUploadedFile("figures.csv", data)})


def text(response):
    return " ".join(response.content.decode().split())


def bring_in(client, world, *rows):
    answer = send(client, world, as_csv(*rows))
    assert answer.status_code == 302, text(answer)
    preview = text(client.get(answer.url))
    assert client.post(answer.url).status_code == 302
    return preview


def record(kpi, name, starts_on, ends_on, value):
    return record_comparator_figure(
        series=kpi.comparators.get(name=name),
        starts_on=starts_on,
        ends_on=ends_on,
        value=Decimal(value),
        by=None,
        source="statistics",
        today=timezone.localdate(),
    )


def of_others():
    return {
        (row.series.name, row.starts_on.isoformat(), row.ends_on.isoformat()): row.value
        for row in ComparatorFigure.objects.filter(replaced_by=None).select_related("series")
    }


def test_a_row_that_names_a_comparator_is_its_figure_and_others_are_the_kpis_own(
    client, world, kpi
):
    preview = bring_in(
        client,
        world,
        ("plans", "", "Q3 2022/23", "51.5", "", ""),
        ("plans", "england", "Q3 2022/23", "54.2%", "", "DfE, June 2023"),
        ("PLANS", "Statistical neighbours", "2021", "50", "", ""),
    )
    assert "England" in preview
    assert "<b>54.2%</b>" in preview
    assert "DfE, June 2023" in preview
    own = Measurement.objects.get()
    assert (own.kpi, own.value) == (kpi, Decimal("51.5"))
    assert of_others() == {
        ("England", "2022-10-01", "2022-12-31"): Decimal("54.2"),
        ("Statistical neighbours", "2021-01-01", "2021-12-31"): 50,
    }
    england = ComparatorFigure.objects.get(series__name="England")
    assert (england.by, england.source) == (world.users["lead"], "DfE, June 2023")


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        # A month or a day is of the KPI's own period, as in its own rows.
        ("2022-12", "2022-10-01", "2022-12-31"),
        ("31/12/2022", "2022-10-01", "2022-12-31"),
        # A longer one is the one that is named.
        ("2021", "2021-01-01", "2021-12-31"),
        ("school year 2021/22", "2021-09-01", "2022-08-31"),
        ("2021/22 financial year", "2021-04-01", "2022-03-31"),
        ("April to June 2022", "2022-04-01", "2022-06-30"),
        ("01/03/2022 to 31/03/2022", "2022-03-01", "2022-03-31"),
    ],
)
def test_the_periods_of_others(client, world, kpi, written, first, last):
    bring_in(client, world, ("plans", "England", written, "50", "", ""))
    assert of_others() == {("England", first, last): 50}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("plans", "Englnd", "2021", "50"), "Write one of: England, Statistical neighbours; or"),
        (("wait", "England", "2021", "50"), "whose figure: wait has no comparators. Leave this"),
        (("plans", "England", "2021/22", "50"), "could be a school or a financial year. Write"),
        (("plans", "England", "2090", "50"), "Row 2, period: this period has not ended yet"),
        (("plans", "England", "soon", "50"), "Row 2, period: “soon” is not a period"),
        (("plans", "England", "", "50"), "Row 2, period: this is empty"),
        (("plans", "England", "2021", "101"), "Row 2, value: this percentage cannot be more than"),
        (("plans", "England", "2021", "many"), "Row 2, value: “many” is not a number"),
        (("plans", "England", "2021", "", "Revised"), "Row 2, value: give the published figure"),
    ],
)
def test_a_wrong_row_is_named_with_its_column(client, world, kpi, row, words):
    answer = send(client, world, as_csv(row))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not MeasurementUpload.objects.exists()
    assert not ComparatorFigure.objects.exists()


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Numerator", "5"),
        ("Denominator", "10"),
        ("Respondents", "30"),
        ("Compared with", "40"),
        ("Judgement", "improved"),
        ("Note", "As published"),
        ("Status", "projected"),
    ],
)
def test_what_a_published_figure_does_not_have_is_refused_and_not_lost(
    client, world, kpi, column, cell
):
    heads = ("Code", "Whose figure", "Period", "Value", column)
    answer = send(client, world, as_csv(("plans", "England", "2021", "50", cell), heads=heads))
    assert answer.status_code == 422
    assert f"Row 2, {column.lower()}: a figure of others" in text(answer)


def test_all_errors_of_both_kinds_are_told_in_one_round_and_nothing_is_kept(client, world, kpi):
    answer = send(
        client,
        world,
        as_csv(
            ("plans", "England", "2021", "50"),
            ("plans", "England", "2021", "51"),
            ("plans", "Wales", "2021", "50"),
            ("plans", "", "Q3 2022/23", "x"),
        ),
    )
    found = text(answer)
    assert "3 things need putting right" in found
    for words in (
        "Row 3, period: row 2 is of England beside plans for 2021 too",
        "Row 4, whose figure: plans is not compared with “Wales”",
        "Row 5, value: “x” is not a number",
    ):
        assert words in found
    assert not MeasurementUpload.objects.exists()


def test_a_figure_on_record_changes_with_a_reason_and_the_same_adds_nothing(client, world, kpi):
    record(kpi, "England", date(2021, 1, 1), date(2021, 12, 31), "50")
    refused = send(client, world, as_csv(("plans", "England", "2021", "51")))
    assert refused.status_code == 422
    assert "Row 2, reason for a change: 50 is on record: say why it changes" in text(refused)

    preview = bring_in(
        client,
        world,
        ("plans", "England", "2021", "51", "Revised by DfE", ""),
        ("plans", "Statistical neighbours", "2021", "49", "", ""),
    )
    assert "Changes:</span> 50% → <b>51%</b>" in preview
    assert "New:</span> <b>49%</b>" in preview
    again = bring_in(client, world, ("plans", "England", "2021", "51", "", ""))
    assert "As on record:</span> <b>51%</b>" in again
    assert ComparatorFigure.objects.count() == 3
    assert ComparatorFigure.objects.get(value=51).replaces.value == 50


def test_what_another_recorded_since_stops_the_whole_file(client, world, kpi):
    answer = send(
        client,
        world,
        as_csv(
            ("plans", "", "Q3 2022/23", "51.5"),
            ("plans", "England", "2021", "50"),
            ("plans", "Statistical neighbours", "2021", "49"),
        ),
    )
    record(kpi, "England", date(2021, 1, 1), date(2021, 12, 31), "52")
    kpi.comparators.filter(name="Statistical neighbours").update(withdrawn_at=timezone.now())
    stopped = client.post(answer.url)
    assert stopped.status_code == 409
    assert "Row 3, value: somebody recorded a figure for this period meanwhile" in text(stopped)
    assert "Row 4, whose figure: this comparison is no longer part of the KPI" in text(stopped)
    assert not Measurement.objects.exists()
    assert ComparatorFigure.objects.count() == 1


def test_the_template_has_a_row_for_each_comparator_and_comes_back_filled_in(client, world, kpi):
    this_year = timezone.localdate().year
    record(kpi, "England", date(this_year - 3, 1, 1), date(this_year - 3, 12, 31), "50")
    client.force_login(world.users["lead"])
    file = client.get(reverse("kpis:figures_template", args=[world.plan.slug, "csv"]))
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    others = [
        (row["Whose figure"], row["Period"], row["Last figure"])
        for row in rows
        if row["Whose figure"]
    ]
    # Two years have ended since England's; how often the neighbours' come nobody knows yet.
    assert others == [
        ("England", str(this_year - 2), "50%"),
        ("England", str(this_year - 1), "50%"),
        ("Statistical neighbours", "", ""),
    ]
    next(row for row in rows if row["Period"] == str(this_year - 2))["Value"] = "53.5"
    filled = io.StringIO(newline="")
    writer = csv.DictWriter(filled, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    answer = send(client, world, filled.getvalue().encode())
    assert "2 rows of comparators have no figure." in text(client.get(answer.url))
    client.post(answer.url)
    assert of_others()[("England", f"{this_year - 2}-01-01", f"{this_year - 2}-12-31")] == Decimal(
        "53.5"
    )


def test_no_more_is_asked_of_the_database_for_more_rows(client, world, kpi):
    def asked(first_year, last_year):
        rows = [
            ("plans", "England", str(year), "50", "", "") for year in range(first_year, last_year)
        ]
        with CaptureQueriesContext(connection) as captured:
            bring_in(client, world, *rows)
        return [query["sql"] for query in captured]

    asked(1991, 1992)  # signs in for the first time
    assert len(asked(1994, 2020)) == len(asked(1992, 1994))

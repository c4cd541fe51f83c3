"""Figures from a file: every wrong row in plain words, and all of it recorded or nothing."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from actions.io import ooxml
from actions.rules.dates import PlanDate, add_months
from kpis.models import Kpi, Measurement, MeasurementUpload
from tests.actions.io.documents import (
    OLD_WORD,
    office_file,
    sheet_xml,
    with_sheet,
    workbook,
    zipped,
)
from tests.factories import make_kpi, record_figure

pytestmark = pytest.mark.django_db

HEADS = ("Code", "Period", "Value", "Numerator", "Denominator", "Respondents", "Status", "Note")


@pytest.fixture
def kpis(world):
    owned = {"commitments": (world.commitment,), "data_owner": world.people["lead"]}
    return {
        "wait": make_kpi(world.plan, "wait", **owned),
        "staff": make_kpi(
            world.plan,
            "staff",
            **owned,
            kind="rate",
            unit="%",
            direction="higher",
            numerator="staff trained",
            denominator="staff in scope",
            denominator_about=250,
        ),
        "trust": make_kpi(
            world.plan, "trust", **owned, kind="survey", unit="%", frequency="quarterly"
        ),
        "said": make_kpi(world.plan, "said", **owned, kind="qualitative"),
        "theirs": make_kpi(
            world.plan,
            "theirs",
            (world.elsewhere,),
            data_owner=world.people["other_lead"],
        ),
    }


def as_csv(*rows, heads=HEADS, delimiter=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([heads, *rows])
    return text.getvalue().encode()


def send(client, world, data, name="figures.csv"):
    address = reverse("kpis:upload_figures", args=[world.plan.slug])
    return client.post(address, {"file": SimpleUploadedFile(name, data)})


def text(response):
    return " ".join(response.content.decode().split())


def problems(client, world, *rows, **options):
    """What is said of a file of these rows; nothing is kept of it."""
    client.force_login(world.users["lead"])
    answer = send(client, world, as_csv(*rows, **options))
    assert answer.status_code == 422
    assert not MeasurementUpload.objects.exists()
    assert not Measurement.objects.exists()
    return text(answer)


def bring_in(client, world, data, name="figures.csv"):
    """Check, look and apply."""
    answer = send(client, world, data, name)
    assert answer.status_code == 302, text(answer)
    preview = client.get(answer.url)
    applied = client.post(answer.url)
    assert applied.status_code == 302, text(applied)
    return text(preview)


def figures():
    return {
        (row.kpi.code, row.starts_on.isoformat(), row.ends_on.isoformat()): row.value
        for row in Measurement.objects.select_related("kpi")
    }


# --- What comes in ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "period",
    [
        "2022-10",
        "Oct 2022",
        "October 2022",
        "10/2022",
        "31/10/2022",
        "31 October 2022",
        "2022-10-31",
        "1.10.2022",
        "Oct-22",
    ],
)
def test_a_month_in_the_spellings_people_use(client, world, kpis, period):
    client.force_login(world.users["lead"])
    bring_in(client, world, as_csv(("wait", period, "217")))
    assert figures() == {("wait", "2022-10-01", "2022-10-31"): 217}


@pytest.mark.parametrize(
    "period", ["Q3 2022/23", "q3 2022-23", "Q3 2022/2023", "2022-12", "31/12/2022"]
)
def test_a_quarter_by_its_name_or_by_a_month_of_it(client, world, kpis, period):
    client.force_login(world.users["lead"])
    bring_in(client, world, as_csv(("trust", period, "61.5", "", "", "120")))
    assert figures() == {("trust", "2022-10-01", "2022-12-31"): Decimal("61.5")}


@pytest.mark.parametrize(
    ("year", "period", "first", "last"),
    [
        ("school", "2021/22", "2021-09-01", "2022-08-31"),
        ("school", "2021/22 school year", "2021-09-01", "2022-08-31"),
        ("school", "school year 2021-22", "2021-09-01", "2022-08-31"),
        ("school", "2022-03", "2021-09-01", "2022-08-31"),
        ("calendar", "2021", "2021-01-01", "2021-12-31"),
        ("calendar", "31/12/2021", "2021-01-01", "2021-12-31"),
        ("", "2021/22", "2021-04-01", "2022-03-31"),
    ],
)
def test_a_year_is_the_one_that_the_kpi_is_measured_by(
    client, world, kpis, year, period, first, last
):
    Kpi.objects.filter(pk=kpis["wait"].pk).update(frequency="yearly", year=year)
    client.force_login(world.users["lead"])
    bring_in(client, world, as_csv(("wait", period, "217")))
    assert figures() == {("wait", first, last): 217}


@pytest.mark.parametrize(
    ("year", "period"),
    [("school", "financial year 2021/22"), ("school", "2021"), ("calendar", "2021/22 school year")],
)
def test_another_year_than_the_kpis_own_is_refused(client, world, kpis, year, period):
    Kpi.objects.filter(pk=kpis["wait"].pk).update(frequency="yearly", year=year)
    found = problems(client, world, ("wait", period, "217"))
    assert "Row 2, period: wait is taken yearly, and this is another period" in found


def test_the_template_names_a_school_year_and_reads_it_back(client, world, kpis):
    Kpi.objects.filter(pk=kpis["wait"].pk).update(frequency="yearly", year="school")
    client.force_login(world.users["lead"])
    file = client.get(reverse("kpis:figures_template", args=[world.plan.slug, "csv"]))
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    owed = [row["Period"] for row in rows if row["Code"] == "wait"]
    assert owed[0] == "2021/22 school year"
    bring_in(client, world, as_csv(("wait", owed[0], "217")))
    assert figures() == {("wait", "2021-09-01", "2022-08-31"): 217}


def test_cells_of_excel_are_read_for_what_they_show(client, world, kpis):
    book = openpyxl.Workbook()
    book.active.append(HEADS)
    book.active.append(("wait", date(2022, 10, 31), 1217.5))
    book.active.append(("trust", date(2022, 12, 31), 0.615, None, None, 120))
    book.active.cell(3, 3).number_format = "0.0%"
    file = io.BytesIO()
    book.save(file)
    client.force_login(world.users["lead"])

    bring_in(client, world, file.getvalue(), "figures.xlsx")

    # Excel keeps 61.5% as 0.615
    assert figures() == {
        ("wait", "2022-10-01", "2022-10-31"): Decimal("1217.5"),
        ("trust", "2022-10-01", "2022-12-31"): Decimal("61.5"),
    }


def test_headings_in_other_spellings_and_thousands(client, world, kpis):
    client.force_login(world.users["lead"])
    data = as_csv(("WAIT", "2022-10", "1,217.5"), heads=("KPI code", "Month", "Actual"))
    preview = bring_in(client, world, data)
    assert "1,217.5 weeks, final" in preview
    assert figures() == {("wait", "2022-10-01", "2022-10-31"): Decimal("1217.5")}


def test_parts_statuses_judgements_and_no_figure(client, world, kpis):
    client.force_login(world.users["lead"])
    heads = (*HEADS, "Judgement", "Based on")
    bring_in(
        client,
        world,
        as_csv(
            ("staff", "2022-10", "", "61", "248", "", "provisional", "From payroll"),
            ("wait", "2022-10", "", "", "", "", "No figure", "The system was down."),
            ("said", "2022-10", "", "", "", "14", "", "", "no change", "Forum"),
            heads=heads,
        ),
    )
    rows = {row.kpi.code: row for row in Measurement.objects.select_related("kpi")}
    assert (rows["staff"].value, rows["staff"].status) == (Decimal("24.5968"), "provisional")
    assert (rows["wait"].value, rows["wait"].status) == (None, "missing")
    assert (rows["said"].judgement, rows["said"].respondents) == ("no_change", 14)
    assert {row.by for row in rows.values()} == {world.users["lead"]}


def test_the_preview_says_what_is_new_what_changes_and_what_is_there(client, world, kpis):
    record_figure(kpis["wait"], "2022-08", 220)
    record_figure(kpis["wait"], "2022-09", 218)
    record_figure(kpis["wait"], "2022-10", 217, status="provisional")
    client.force_login(world.users["lead"])
    data = as_csv(
        ("wait", "2022-08", "220", ""),
        ("wait", "2022-09", "219", "Two were found."),
        ("wait", "2022-10", "216", ""),
        ("wait", "2022-11", "215", ""),
        heads=("Code", "Period", "Value", "Reason for a change"),
    )

    preview = bring_in(client, world, data)

    assert "As on record:</span> <b>220 weeks, final</b>" in preview
    assert "Restates:</span> 218 weeks → <b>219 weeks, final</b>" in preview
    assert "Changes:</span> 217 weeks → <b>216 weeks, final</b>" in preview
    assert "New:</span> <b>215 weeks, final</b>" in preview
    # one of the four was there
    assert Measurement.objects.count() == 3 + 3


def test_a_share_where_a_percentage_should_be_is_asked_about(client, world, kpis):
    record_figure(kpis["trust"], "2022-09", "52.9", respondents=100)
    client.force_login(world.users["lead"])
    answer = send(client, world, as_csv(("trust", "Q3 2022/23", "0.45", "", "", "120")))
    assert "Is it 0.45%, or 45%? The figure before it was 52.9%." in text(client.get(answer.url))


def test_a_figure_far_from_what_its_kpi_does_is_asked_about_and_counted(client, world, kpis):
    record_figure(kpis["wait"], "2022-08", 217)
    client.force_login(world.users["lead"])
    answer = send(client, world, as_csv(("wait", "2022-09", "2170"), ("wait", "2022-10", "216")))

    preview = text(client.get(answer.url))
    assert preview.count("Is 2,170 weeks right? The figure before it was 217 weeks.") == 1
    assert "<dt>To look at: is it right?</dt><dd>1</dd>" in preview

    # It is a question and no refusal; what stands on record is not asked about again.
    assert client.post(answer.url).status_code == 302
    again = send(client, world, as_csv(("wait", "2022-09", "2170")))
    assert "is it right?" not in text(client.get(again.url))


def test_the_same_file_again_adds_nothing(client, world, kpis):
    client.force_login(world.users["lead"])
    data = as_csv(("wait", "2022-10", "217"), ("staff", "2022-10", "", "61", "248"))
    bring_in(client, world, data)
    bring_in(client, world, data)
    assert Measurement.objects.count() == 2


def test_the_template_has_a_row_for_each_figure_owed_and_comes_back_filled_in(client, world, kpis):
    for kpi in kpis.values():
        kpi.first_due_on = add_months(timezone.localdate().replace(day=1), -4)
        kpi.save(update_fields=["first_due_on"])
    last = PlanDate.month_of(add_months(timezone.localdate().replace(day=1), -1))
    client.force_login(world.users["lead"])
    for kind in ("csv", "xlsx"):
        answer = client.get(reverse("kpis:figures_template", args=[world.plan.slug, kind]))
        assert answer.status_code == 200
    csv_file = client.get(reverse("kpis:figures_template", args=[world.plan.slug, "csv"]))
    rows = list(csv.DictReader(io.StringIO(csv_file.content.decode("utf-8-sig"))))
    assert {row["Code"] for row in rows} == {"wait", "staff", "trust", "said"}
    mine = next(row for row in rows if row["Code"] == "wait" and row["Period"] == last.iso)
    assert mine["Unit"] == "weeks"
    assert next(row for row in rows if row["Code"] == "staff")["Denominator"] == "250"

    mine["Value"] = "217"
    filled = io.StringIO(newline="")
    writer = csv.DictWriter(filled, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    answer = send(client, world, filled.getvalue().encode())
    found = text(client.get(answer.url))

    assert f"{len(rows) - 1} rows have no figure, and stay due." in found
    assert "Not read" not in found
    client.post(answer.url)
    assert list(figures().values()) == [217]


# --- What does not ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("wait", "2022-10", "many"), "Row 2, value: “many” is not a number"),
        (("wait", "2022-10", "12,5"), "Row 2, value: “12,5” is unclear. Write 12.5 with a point"),
        (("wait", "2022-10", "1.234,5"), "Row 2, value: “1.234,5” is not a number"),
        (("wait", "2022-10", "12.5%"), "Row 2, value: this is not a percentage"),
        (("wait", "2022-10", "NaN"), "Row 2, value: “NaN” is not a number"),
        (("wait", "2022-10", "1e9"), "Row 2, value: “1e9” is not a number"),
        (("wait", "2022-10", "9" * 14), "Row 2, value: this number is too large"),
        (("wait", "2022-10", "=1+1"), "Row 2, value: this is a formula"),
        (("trust", "2022-12", "101", "", "", "90"), "this percentage cannot be more than 100"),
        (("trust", "2022-12", "61"), "Row 2, respondents: say how many people answered"),
        (("trust", "2022-12", "61", "", "", "9.5"), "Row 2, respondents: give a whole number"),
        (("staff", "2022-10", "", "61", "0"), "Row 2, denominator: this must be more than 0"),
        (("staff", "2022-10", "", "61", "60"), "Row 2, numerator: this cannot be more than 60"),
        (("staff", "2022-10", "", "61", ""), "Row 2, denominator: give both numbers"),
        (("staff", "2022-10", "30", "61", "248"), "the parts come to 24.5968, and not to 30"),
        (("wait", "soon", "217"), "Row 2, period: “soon” is not a period"),
        (("wait", "2022-13", "217"), "Row 2, period: “2022-13” is not a period"),
        (("wait", "10/31/2022", "217"), "Row 2, period: “10/31/2022” is not a period"),
        (("wait", "Q3 2022/24", "217"), "Row 2, period: “Q3 2022/24” is not a period"),
        (("wait", "Q3 2022/23", "217"), "wait is taken monthly, and this is another period"),
        (("wait", "", "217"), "Row 2, period: this is empty"),
        (("wait", "2090-01", "217"), "Until then a figure is projected"),
        (("", "2022-10", "217"), "Row 2, code: this is empty"),
        (("wiat", "2022-10", "217"), "the plan has no measure “wiat”; did you mean wait?"),
        (("theirs", "2022-10", "217"), "the figures of theirs are not yours to record"),
        (("wait", "2022-10", "217", "", "", "", "finel"), "did you mean “final”?"),
        (("wait", "2022-10", "", "", "", "", "No figure"), "Row 2, note: say why there is no"),
        (("wait", "2022-10", "7", "", "", "", "No figure", "Lost"), "Leave one of them out"),
        (("said", "2022-10", "7"), "Row 2, judgement: choose what people say"),
    ],
)
def test_a_wrong_row_is_named_with_its_column(client, world, kpis, row, words):
    found = problems(client, world, row)
    assert words in found
    assert "one thing needs" in found.lower() or "1 thing needs" in found or "things need" in found


def test_one_wrong_row_keeps_all_out_and_every_wrong_row_is_named(client, world, kpis):
    found = problems(
        client,
        world,
        ("wait", "2022-10", "217"),
        ("wait", "2022-11", "x"),
        ("wait", "2022-12", "12,5"),
        ("nobody", "2022-12", "1"),
    )
    assert "3 things need putting right" in found
    for words in ("Row 3, value", "Row 4, value", "Row 5, code"):
        assert words in found


def test_a_period_that_stands_twice_is_named_with_the_first_row(client, world, kpis):
    found = problems(client, world, ("wait", "2022-10", "217"), ("wait", "31/10/2022", "218"))
    assert "Row 3, period: row 2 is of wait for October 2022 too" in found


def test_a_final_figure_changes_with_a_reason_only(client, world, kpis):
    record_figure(kpis["wait"], "2022-10", 217)
    client.force_login(world.users["lead"])
    answer = send(client, world, as_csv(("wait", "2022-10", "218")))
    assert answer.status_code == 422
    assert "Row 2, reason for a change: the figure of this period was final" in text(answer)
    assert Measurement.objects.count() == 1


def test_the_wrong_delimiter_an_empty_file_and_no_figure(client, world, kpis):
    assert "The column “Code” is missing" in problems(
        client, world, ("wait", "2022-10", "217"), delimiter="|"
    )
    # semicolons and tabs are Excel's own on some machines
    for delimiter in ";\t":
        answer = send(client, world, as_csv(("wait", "2022-10", "217"), delimiter=delimiter))
        assert answer.status_code == 302
    assert "This file is empty" in text(send(client, world, b""))
    assert "No row of this file has a figure" in text(
        send(client, world, as_csv(("wait", "2022-10", "")))
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (OLD_WORD, "old kind, or one with a password"),
        (
            office_file("application/vnd.ms-excel.sheet.macroEnabled"),
            "",
        ),
        (zipped(a="b"), ""),
        (b"PK\x03\x04 not a workbook", ""),
        (b"\x00\x01\x02", "neither an Excel file"),
        (workbook(HEADS, ("wait", "2022-10", "=1+1")), "this is a formula"),
    ],
    ids=["xls", "xlsm", "zip", "broken", "binary", "formula"],
)
def test_what_is_no_table_is_refused(client, world, kpis, data, words):
    client.force_login(world.users["lead"])
    answer = send(client, world, data, "figures.xlsx")
    assert answer.status_code == 422
    assert words in text(answer)
    assert not MeasurementUpload.objects.exists()


def test_a_workbook_of_two_gigabytes_unpacked_is_refused_unread(client, world, kpis):
    client.force_login(world.users["lead"])
    data = with_sheet(workbook(HEADS), sheet_xml("<row><c t='str'><v>" + "0" * 3_000_000))
    bomb = zipped(
        **{
            ooxml.CONTENT_TYPES: "<Types/>",
            "xl__worksheets__sheet1.xml": "0" * 300_000_000,
        }
    )
    for one in (data, bomb):
        answer = send(client, world, one, "figures.xlsx")
        assert answer.status_code == 422
        assert not MeasurementUpload.objects.exists()


def test_more_than_ten_megabytes_or_ten_thousand_rows_are_refused(client, world, kpis, settings):
    client.force_login(world.users["lead"])
    settings.SHEET_MAX_BYTES = 1000
    answer = send(client, world, b"Code,Period,Value\n" + b"x" * 1000)
    assert answer.status_code == 422
    assert "can be taken" in text(answer)
    settings.SHEET_MAX_BYTES = 10 * 1024 * 1024
    answer = send(client, world, b"Code,Period\n" + b"wait,2022-10\n" * 10_001)
    assert "more than 10,000 rows" in text(answer)


# --- Who, and what happens meanwhile ----------------------------------------------------------


def test_a_preview_is_its_senders_alone(client, world, kpis):
    client.force_login(world.users["lead"])
    address = send(client, world, as_csv(("wait", "2022-10", "217"))).url
    client.force_login(world.users["officer"])
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert not Measurement.objects.exists()


def test_a_figure_recorded_meanwhile_stops_the_whole_file(client, world, kpis):
    client.force_login(world.users["lead"])
    answer = send(client, world, as_csv(("wait", "2022-10", "217"), ("wait", "2022-11", "216")))
    record_figure(kpis["wait"], "2022-10", 300, by=world.users["officer"])

    looked = text(client.get(answer.url))
    applied = client.post(answer.url)

    words = "Row 2, value: somebody recorded a figure for this period meanwhile"
    assert words in looked
    assert "Record 2 figures" not in looked
    assert applied.status_code == 409
    assert words in text(applied)
    assert figures() == {("wait", "2022-10-01", "2022-10-31"): 300}


def test_what_is_ones_own_no_more_is_not_applied(client, world, kpis):
    client.force_login(world.users["lead"])
    answer = send(client, world, as_csv(("wait", "2022-10", "217")))
    kpis["wait"].data_owner = world.people["other_lead"]
    kpis["wait"].save(update_fields=["data_owner"])

    assert client.post(answer.url).status_code == 409
    assert not Measurement.objects.exists()


def test_a_file_is_applied_once(client, world, kpis):
    client.force_login(world.users["lead"])
    answer = send(client, world, as_csv(("wait", "2022-10", "217")))
    client.post(answer.url)
    again = client.post(answer.url)
    assert again.status_code == 409
    assert "applied already" in text(again)
    assert "Recorded on" in text(client.get(answer.url))


def test_an_sro_sees_no_small_number_in_the_preview(client, world, kpis):
    few = make_kpi(
        world.plan,
        "few",
        (world.commitment,),
        data_owner=world.people["lead"],
        unit="pupils",
        counts_people=True,
    )
    record_figure(few, "2022-10", 3)
    client.force_login(world.users["sro"])
    data = as_csv(
        ("few", "2022-10", "8", "Counted again."),
        heads=("Code", "Period", "Value", "Reason for a change"),
    )
    preview = bring_in(client, world, data)
    assert "too few to show → <b>8 pupils, final</b>" in preview
    assert "3 pupils" not in preview

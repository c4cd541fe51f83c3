"""Lists as files: exactly what the page shows, safe to open, easy for a machine to read."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from actions.io.sheets import CELL_HOLDS, Sheet, csv_of, harmless, xlsx_of
from actions.models import Commitment, KeyDate, ProgressUpdate
from actions.models.base import date_columns
from actions.plan import amendments
from actions.progress.update_answers import NewEvidence
from actions.rules.dates import PlanDate
from tests.actions.pages.test_commitment_list import refs, say
from tests.factories import at

HOSTILE = ["=cmd|' /C calc'!A0", "+1", "@x", "-2", "\t=1+1", "\r=1", "  =1", "\u202e=1", "\n@x"]
HARMLESS = ["1.2.3a", "a=b", "👩🏽‍🎓 emoji", "שלום", "’=", "\u202etxt", "50% – better", ""]


def sheet_of(*values):
    about = [("Plan", "A & B"), ("As at", "2023-01-31")]
    return Sheet("List", ("Text", "Number"), (20, 8), [(value, -3) for value in values], about)


def rows_of_csv(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def rows_of_xlsx(content, sheet=0):
    page = load_workbook(io.BytesIO(content)).worksheets[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows()]


# --- Safety -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_a_csv_runs_no_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_numbers_are_left_alone():
    assert harmless(-3) == -3
    assert rows_of_csv(csv_of(sheet_of("a")))[1] == ["a", "-3"]


def test_a_csv_is_quoted_throughout_with_windows_line_ends():
    content = csv_of(sheet_of('She said "yes",\nthen no'))
    assert content.endswith(b'"She said ""yes"",\nthen no","-3"\r\n')
    assert rows_of_csv(content)[1][0] == 'She said "yes",\nthen no'


def test_excel_keeps_hostile_text_as_text():
    page = load_workbook(io.BytesIO(xlsx_of(sheet_of(*HOSTILE)))).worksheets[0]
    cells = [page.cell(row, 1) for row in range(2, len(HOSTILE) + 2)]
    assert {cell.data_type for cell in cells} == {"s"}
    # A carriage return is no sign that a cell can hold; all the rest is as it was.
    assert [cell.value for cell in cells] == [text.replace("\r", "") for text in HOSTILE]
    assert page.cell(2, 2).value == -3


def test_excel_takes_no_address_or_number_out_of_a_text():
    page = load_workbook(io.BytesIO(xlsx_of(sheet_of("https://example.org", "00123")))).worksheets[
        0
    ]
    assert page.cell(2, 1).hyperlink is None
    assert page.cell(3, 1).value == "00123"


@pytest.mark.parametrize("sign", ["x", "👩"])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(sign):
    value = rows_of_xlsx(xlsx_of(sheet_of(sign * 40_000)))[1][0]
    assert value.endswith("(cut here; the CSV file has all of it)")
    assert len(value.encode("utf-16-le")) // 2 <= CELL_HOLDS
    assert rows_of_csv(csv_of(sheet_of(sign * 40_000)))[1][0] == sign * 40_000


def test_thirty_thousand_characters_fit():
    assert rows_of_xlsx(xlsx_of(sheet_of("x" * 30_000)))[1][0] == "x" * 30_000


def test_signs_that_no_cell_can_hold_are_left_out():
    assert rows_of_xlsx(xlsx_of(sheet_of("a\x07b\x0bc\nd")))[1][0] == "abc\nd"


# --- The list of commitments as a file --------------------------------------------------------


@pytest.fixture
def take(client, world):
    """Takes the list away as a member of the steering group."""
    client.force_login(world.users["member"])

    def ask(kind="csv", **query):
        answer = client.get(
            reverse("actions:commitments_file", args=[world.plan.slug, kind]), query
        )
        assert answer.status_code == 200
        return answer

    return ask


def records(answer):
    head, *rows = rows_of_csv(answer.content)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_each_fact_is_a_column_in_words_and_iso_dates(take, world):
    say(world, world.commitment, "amber", "2022-05-10")
    say(world, world.commitment, "green", "2023-02-10", working_note="Ring the broker")
    amendments.move_date(
        key_date=world.commitment.key_dates.get(),
        to=PlanDate.parse("2023-01"),
        reason="Later",
        by=world.users["officer"],
        effective_at=at("2022-10-01"),
        source="minutes",
    )
    record = records(take(as_at="2023-03-01", area="1"))[0]
    told = {name: value for name, value in record.items() if value}
    assert told == {
        "Ref": "1.1.1a",
        "Commitment": "What 1.1.1a promises is there",
        "Evidence of success": "What 1.1.1a promises is there",
        "Area": "1",
        "Area title": "Area 1 of the plan",
        "Action": "1.1.1",
        "Action title": "Do what 1.1.1 says",
        "Leads": "The lead; The other lead",
        "Organisations": "CC; NHS",
        "Rating": "Green",
        "Rating before": "Amber",
        "Rated on": "2023-02-10",
        "First agreed": "2022-12",
        "Completion now": "2023-01",
        "Times moved": "1",
        "Months moved": "1",
        "Overdue": "2 months",
        "Late although Green or Amber": "yes",
        "Last said on": "2023-02-10",
        "What was said": "It was green.",
        "Plan": f"{world.plan.title}, {world.plan.local_area}",
        "As at": "2023-03-01",
    }


def test_no_working_note_leaves_with_a_file(take, world):
    say(world, world.commitment, "green", "2022-05-10", working_note="Ring the broker")
    answer = take("xlsx")
    assert b"Ring the broker" not in take().content
    assert "Ring the broker" not in str(rows_of_xlsx(answer.content))


@pytest.mark.parametrize(
    "query", [{}, {"area": "1"}, {"sort": "-now"}, {"rating": "red"}, {"q": "2.1", "sort": "lead"}]
)
def test_a_file_has_the_lines_of_its_page_in_their_order(client, take, world, query):
    say(world, world.commitment, "red", "2022-05-10")
    page = client.get(reverse("actions:commitments", args=[world.plan.slug]), query)
    shown = refs(page.content.decode())
    assert [record["Ref"] for record in records(take(**query))] == shown
    assert [row[0] for row in rows_of_xlsx(take("xlsx", **query).content)[1:]] == shown


def test_the_page_links_to_its_own_lines(client, world):
    client.force_login(world.users["member"])
    page = client.get(
        reverse("actions:commitments", args=[world.plan.slug]),
        {"area": "1", "sort": "-now", "page": "1", "as_at": "2023-01-31"},
    ).content.decode()
    for kind in ("csv", "xlsx"):
        link = f"/plans/{world.plan.slug}/commitments.{kind}?area=1&amp;sort=-now&amp;as_at=2023"
        assert link in page
    assert "Download: <a" in page


def test_the_name_is_of_the_plan_and_the_day(take, world):
    answer = take("xlsx", as_at="2023-01-31")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{world.plan.slug}-commitments-2023-01-31.xlsx"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_sample_says_so_in_every_line_and_on_the_sheet_about_the_file(take, world):
    world.plan.is_sample = True
    world.plan.save()
    assert {record["Sample"] for record in records(take())} == {"Sample, not real"}
    about = dict(rows_of_xlsx(take("xlsx", area="1").content, sheet=1))
    assert about["Sample"] == "Written by sample accounts; none of it is real."
    assert about["Plan"] == world.plan.title
    assert about["Lines"] == "2 of 3"
    assert about["Narrowed by"] == "Area 1"


def test_hostile_words_of_a_plan_are_safe_in_its_files(take, world):
    for commitment, text in zip((world.commitment, world.second), ("=1+1", "@x"), strict=True):
        Commitment.objects.filter(pk=commitment.pk).update(evidence=text)
    assert [record["Commitment"] for record in records(take(area="1"))] == ["'=1+1", "'@x"]
    page = load_workbook(io.BytesIO(take("xlsx", area="1").content)).worksheets[0]
    assert [(page.cell(row, 2).value, page.cell(row, 2).data_type) for row in (2, 3)] == [
        ("=1+1", "s"),
        ("@x", "s"),
    ]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("actions:commitments_file", {"due_from": "soon"}),
        ("kpis:kpis_file", {"area": "nowhere"}),
        ("oversight:risks_file", {"area": "nowhere"}),
        ("reports:history_file", {"since": "soon"}),
    ],
)
def test_a_filter_that_cannot_be_read_makes_no_file(client, world, name, query):
    client.force_login(world.users["member"])
    address = reverse(name, args=[world.plan.slug, "csv"])
    assert client.get(address).status_code == 200
    answer = client.get(address, query)
    assert answer.status_code == 400
    assert "so no file was made" in answer.content.decode()
    for kind in ("pdf", "exe", "csv-"):
        assert client.get(reverse(name, args=[world.plan.slug, kind])).status_code == 404


def test_an_empty_list_is_a_file_with_a_header(take):
    assert records(take(q="nothing like it")) == []
    assert rows_of_xlsx(take("xlsx", q="nothing like it").content)[0][0] == "Ref"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_two_thousand_lines_take_no_more_queries(take, world, kind):
    made = Commitment.objects.bulk_create(
        Commitment(
            plan=world.plan,
            action=world.action,
            code=f"1.1.1x{number}",
            ref=f"1.1.1x{number}",
            position=10_000 + number,
            evidence=f"Promise {number}",
            added_at=world.commitment.added_at,
        )
        for number in range(2000)
    )
    moment = at("2022-05-10")
    KeyDate.objects.bulk_create(
        KeyDate(
            commitment=row,
            kind="completion",
            **date_columns(PlanDate.parse("2022-12")),
            position=0,
            effective_at=moment,
            source="plan as agreed",
        )
        for row in made
    )
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(
            commitment=row,
            by=world.users["lead"],
            brag="green",
            progress="Work goes on.",
            effective_at=moment,
        )
        for row in made
    )
    with CaptureQueriesContext(connection) as captured:
        answer = take(kind)
    lines = rows_of_csv if kind == "csv" else rows_of_xlsx
    assert len(lines(answer.content)) == 2004
    counted = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(counted) <= 15, "\n".join(counted)


def test_blue_proposed_stands_beside_the_rating_it_waits_on(take, world):
    say(world, world.commitment, "green", "2022-05-10")
    say(
        world,
        world.commitment,
        "blue",
        "2022-06-10",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Much",
    )
    record = records(take(as_at="2022-07-01"))[0]
    assert (record["Rating"], record["Blue proposed on"]) == ("Green", "2022-06-10")

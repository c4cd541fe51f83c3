"""Past progress from a file: checked as a whole, shown, and brought in all at once or not."""

import csv
import io
import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.backfill import past_updates
from actions.backfill.past_updates import COLUMNS, apply_upload, checked, keep_upload, rows_of
from actions.evidence import evidence
from actions.io.spreadsheets import read_sheet
from actions.models import (
    Evidence,
    Plan,
    ProgressUpdate,
    ProgressUpload,
    Risk,
    RiskClosing,
    Withdrawal,
)
from actions.pages.formatting import short_day
from actions.progress.update_answers import NewRisk
from actions.records.history import load_history
from actions.rules.dates import PlanDate, start_of_day
from actions.rules.state import state_at
from actions.rules.status import Rating
from tests.actions.io.documents import EXE, sent, workbook
from tests.factories import at, make_commitment, make_update, make_world

TITLES = [column.title for column in COLUMNS]
GREEN = {"Ref": "1.1.1a", "Date": "2022-05-31", "Rating": "Green", "Progress": "Work goes on."}
AMBER = GREEN | {"Rating": "Amber", "Risk or issue": "No staff."}


def row(**changes):
    return GREEN | {name.replace("_", " "): value for name, value in changes.items()}


def as_csv(*rows):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, TITLES)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_xlsx(*rows):
    return workbook(tuple(TITLES), *[tuple(map(one.get, TITLES)) for one in rows])


def keep(world, *rows, data=None, name="board.csv"):
    return keep_upload(
        plan=world.plan,
        by=world.users["officer"],
        file_name=name,
        data=data if data is not None else as_csv(*rows),
    ).kept


def bring_in(world, *rows, **options):
    return apply_upload(upload=keep(world, *rows, **options), by=world.users["officer"])


def problems(world, *rows, **options):
    with pytest.raises(ValidationError) as refusal:
        keep(world, *rows, **options)
    assert ProgressUpload.objects.count() == ProgressUpdate.objects.count() == 0
    return refusal.value.messages


def standing(world, day=None):
    day = day or timezone.localdate()
    states = state_at(load_history([world.plan], day), day)[world.plan.pk].commitments
    return {state.ref: state.rating.label for state in states}


# --- What a row becomes -----------------------------------------------------------------------


def test_an_update_speaks_of_the_end_of_its_working_day_and_says_where_it_comes_from(world):
    full = AMBER | {
        "Mitigation": "Advertised again.",
        "Help needed": "A second post.",
        "On behalf of": "The other lead",
        "Source": "Paper for the May board",
    }
    assert bring_in(world, full) == 1
    update = ProgressUpdate.objects.get()
    assert update.effective_at == at("2022-05-31 17:00")
    assert update.commitment == world.commitment
    assert (update.brag, update.progress) == ("amber", "Work goes on.")
    assert (update.by, update.source) == (world.users["officer"], "Paper for the May board")
    assert update.on_behalf_of == world.people["other_lead"]
    assert update.help_needed == "A second post."
    assert update.risk is not None
    assert (update.risk.kind, update.risk.text) == ("risk", "No staff.")
    assert update.risk.mitigation == "Advertised again."
    assert update.risk.effective_at == update.effective_at
    assert standing(world, date(2022, 5, 30))["1.1.1a"] == "Not yet rated"
    assert standing(world, date(2022, 5, 31))["1.1.1a"] == "Amber"


def test_without_a_source_the_file_and_row_are_it(world):
    bring_in(world, row(), name="board.csv")
    assert ProgressUpdate.objects.get().source == "file board.csv, row 2"


def test_excel_is_read_like_csv(world):
    data = as_xlsx(GREEN | {"Date": date(2022, 5, 31)}, row(Ref="1.1.1B", Date="30/06/2022"))
    assert bring_in(world, data=data, name="board.xlsx") == 2
    said = ProgressUpdate.objects.order_by("effective_at")
    assert [update.commitment.ref for update in said] == ["1.1.1a", "1.1.1b"]


def test_what_is_recorded_is_in_the_order_of_what_it_speaks_of(world):
    bring_in(world, row(Date="2022-07-31", Rating="Green"), row(Date="2022-06-30"))
    first, second = ProgressUpdate.objects.order_by("recorded_at")
    assert first.effective_at < second.effective_at


def test_a_blue_is_a_proposal_that_needs_evidence(world):
    blue = row(Rating="Blue", Date="2022-06-30", What_changed_for_families="Answers come sooner.")
    assert problems(world, blue) == [
        "Row 2, evidence: Blue needs this. Give the evidence that it is completed"
    ]
    bring_in(world, row(), blue | {"Evidence": "https://example.org/minutes"})
    proof = Evidence.objects.get()
    assert (proof.link, proof.update.brag) == ("https://example.org/minutes", "blue")
    assert standing(world)["1.1.1a"] == "Green"
    state = state_at(load_history([world.plan], timezone.localdate()), timezone.localdate())
    assert state[world.plan.pk].commitments[0].standing.blue_proposed_at == at("2022-06-30 17:00")


def test_evidence_of_an_earlier_row_or_on_record_serves_a_blue_and_withdrawn_does_not(world):
    blue = row(Rating="Blue", Date="2022-06-30", What_changed_for_families="Sooner.")
    checked_rows = keep(world, blue, row(Evidence="Minutes of May"))
    assert len(checked_rows.rows) == 2
    on_record = evidence.add_evidence(
        commitment=world.commitment, by=world.users["lead"], title="Minutes"
    )
    keep(world, blue)
    evidence.withdraw_evidence(evidence=on_record, by=world.users["lead"], reason="Wrong.")
    with pytest.raises(ValidationError, match="Blue needs this"):
        keep(world, blue)


def test_the_progress_told_is_the_reason_of_a_late_green_and_a_grey_that_was_due(world):
    bring_in(
        world,
        row(Date="2023-01-31"),  # due December 2022
        row(Ref="1.1.1b", Date="2023-04-30", Rating="Grey", Work_starts="May 2023"),
    )
    grey = ProgressUpdate.objects.get(brag="grey")
    assert grey.work_starts == PlanDate(date(2023, 5, 1))
    assert problems_of_grey(world) == [
        "Row 2, work starts: Grey needs this. Give the month in which work starts"
    ]


def problems_of_grey(world):
    with pytest.raises(ValidationError) as refusal:
        keep(world, row(Rating="Grey", Date="2022-02-01"))
    return refusal.value.messages


# --- Risks ------------------------------------------------------------------------------------


def test_a_risk_named_again_is_one_risk_and_closes_when_it_is_no_longer_named(world):
    bring_in(
        world,
        AMBER | {"Date": "2022-03-31"},
        AMBER | {"Date": "2022-04-29"},
        AMBER | {"Date": "2022-05-31", "Risk or issue": "No room."},
        AMBER | {"Ref": "1.1.1b", "Date": "2022-05-31"},
    )
    staff, room, other = Risk.objects.order_by("effective_at", "commitment_id")
    assert (staff.text, room.text) == ("No staff.", "No room.")
    assert ProgressUpdate.objects.filter(risk=staff).count() == 2
    closing = RiskClosing.objects.get()
    assert closing.risk == staff
    assert closing.effective_at == at("2022-05-31 17:00")
    assert closing.reason == "Not named in the update of 31 May 2022."
    assert other.commitment == world.second


def test_an_update_on_record_closes_the_risks_told_before_it(world):
    make_update(
        world.commitment,
        world.users["lead"],
        brag="green",
        progress="Staff came.",
        effective_at=at("2022-06-15 10:00"),
        source="paper",
    )
    bring_in(world, AMBER, AMBER | {"Date": "2022-07-29"})
    closing = RiskClosing.objects.get()
    assert closing.effective_at == at("2022-06-15 10:00")
    assert Risk.objects.count() == 2


def test_an_issue_is_not_the_risk_of_the_same_words(world):
    red = AMBER | {"Rating": "Red", "Date": "2022-06-30", "Help needed": "Money"}
    bring_in(world, AMBER, red)
    assert sorted(Risk.objects.values_list("kind", flat=True)) == ["issue", "risk"]


def test_what_people_write_in_their_sheets_is_read(world):
    """A letter for a colour, a short year, a month without one, and what the plan calls a row."""
    header = ("Commitment", "Date", "Rating", "Progress", "Risk or issue", "Work starts")
    data = workbook(
        header,
        ("1.1.1a", "28/11/22", "G", "On track.", "", ""),
        ("1.1.1b", "28.11.22", "a", "Some doubt.", "No staff", ""),
        ("2.1.1a", "28 Nov 22", "Grey", "Not begun.", "", "Jan"),
    )
    rows, _ = past_updates.read_rows(data, "sheet.xlsx")
    assert [(row.ref, row.day, row.rating) for row in rows] == [
        ("1.1.1a", date(2022, 11, 28), Rating.GREEN),
        ("1.1.1b", date(2022, 11, 28), Rating.AMBER),
        ("2.1.1a", date(2022, 11, 28), Rating.GREY),
    ]
    assert rows[2].work_starts == PlanDate.parse("2023-01")


# --- What is wrong with it --------------------------------------------------------------------


def test_every_problem_is_listed_with_its_row_and_nothing_is_kept(world):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    today = timezone.localdate()
    said = problems(
        world,
        row(Ref="1.1.1x"),
        row(Rating="Purple"),
        row(Rating="Gray", Progress=""),
        row(Date=tomorrow),
        row(Date=today.isoformat()),
        row(Date="2021-12-23"),
        row(Date="soon"),
        row(On_behalf_of="Somebody"),
        row(Ref="1.1.1b", On_behalf_of="The other lead"),
        row(Date="2022-08-31", Rating="Red"),
        row(Date="2022-09-30", Rating="Amber"),
    )
    # All of them in one round: what cannot be read, and what the plan says against the rest.
    assert [
        problem for problem in said if problem.startswith(("Row 2", "Row 3", "Row 4", "Row 8"))
    ] == [
        "Row 2, ref: the plan has no commitment “1.1.1x”; did you mean 1.1.1b?",
        "Row 3, rating: “Purple” is none of Blue, Green, Amber, Red, Grey",
        "Row 4, rating: “Gray” is none of Blue, Green, Amber, Red, Grey; did you mean Grey?",
        "Row 4, progress: this is empty",
        "Row 8, date: “soon” is not a date. Write it like 2022-05-31, 31/05/2022 or 31 May 2022",
    ]
    assert {problem.split(",")[0] for problem in said} == {f"Row {n}" for n in range(2, 13)}
    assert problems(
        world,
        row(Ref="1.1.1x"),
        row(Date=tomorrow),
        row(Date=today.isoformat()),
        row(Date="2021-12-23"),
        row(On_behalf_of="The otter lead"),
        row(Ref="1.1.1b", On_behalf_of="The other lead"),
        row(Date="2022-08-31", Rating="Red"),
        row(Date="2022-09-30", Rating="Amber"),
    ) == [
        "Row 2, ref: the plan has no commitment “1.1.1x”; did you mean 1.1.1b?",
        f"Row 3, date: {short_day(today + timedelta(days=1))} has not come yet",
        f"Row 4, date: {short_day(today)} is today. What is said today goes on the update form",
        "Row 5, date: 1.1.1a joined the plan on 24 December 2021",
        "Row 6, on behalf of: nobody called “The otter lead” leads here; "
        "did you mean The other lead?",
        "Row 7, on behalf of: The other lead does not lead 1.1.1b; it is led by The lead",
        "Row 8, risk or issue: Red needs this. Say what the issue is",
        "Row 8, help needed: Red needs this. Say what help you need, and from whom",
        "Row 9, risk or issue: Amber needs this. Say what the risk is",
    ]


def test_two_rows_of_a_commitment_on_one_day_are_refused(world):
    assert problems(world, row(), row(Ref="1.1.1b"), row(Date="31/05/2022")) == [
        "Row 4, date: row 2 is of 1.1.1a on the same day"
    ]


def test_a_day_with_an_update_on_record_is_refused_so_a_file_comes_in_once(world):
    bring_in(world, row())
    with pytest.raises(ValidationError) as refusal:
        keep(world, row())
    assert refusal.value.messages == [
        "Row 2, date: an update of 1.1.1a for 31 May 2022 is on record already"
    ]


def test_a_withdrawn_commitment_takes_nothing_from_then_on(world):
    Withdrawal.objects.create(
        commitment=world.commitment,
        is_withdrawn=True,
        reason="Merged.",
        source="minutes",
        effective_at=at("2022-05-01"),
    )
    assert problems(world, row(Date="2022-04-29"), row()) == [
        "Row 3, date: 1.1.1a was withdrawn from the plan on that day"
    ]


def test_a_commitment_takes_nothing_from_before_it_joined_the_plan(world):
    joined = start_of_day(date(2023, 3, 1))
    make_commitment(world.action, "z", leads=(world.people["lead"],), added_at=joined)
    assert problems(world, row(Ref="1.1.1z", Date="2023-02-28")) == [
        "Row 2, date: 1.1.1z joined the plan on 1 March 2023"
    ]
    keep(world, row(Ref="1.1.1z", Date="2023-03-01"))


def test_the_examples_of_the_template_are_not_brought_in(world):
    assert problems(world, row(Ref="EXAMPLE 1.1.1a")) == [
        "Row 2: this is an example of the template. Delete the row"
    ]


def test_words_that_do_not_fit_are_refused(world):
    assert problems(world, row(Source="x" * 301, Evidence="y" * 301)) == [
        "Row 2, evidence: this is too long: 301 characters, and 300 fit",
        "Row 2, source: this is too long: 301 characters, and 300 fit",
    ]
    assert problems(world, data=as_xlsx(GREEN | {"Progress": date(2022, 5, 31)})) == [
        "Row 2, progress: this is a date. Write words"
    ]


@pytest.mark.parametrize(("state", "words"), [("draft", "not agreed yet"), ("closed", "is closed")])
def test_a_plan_that_is_not_live_takes_nothing(world, state, words):
    kept = keep(world, row())
    closed_on = timezone.localdate() if state == "closed" else None
    Plan.objects.filter(pk=world.plan.pk).update(state=state, closed_on=closed_on)
    world.plan.refresh_from_db()
    with pytest.raises(ValidationError, match=words):
        keep(world, row())
    with pytest.raises(ValidationError, match=words):
        apply_upload(upload=kept, by=world.users["officer"])


# --- Preview and applying ---------------------------------------------------------------------


def test_the_check_says_what_would_stand_otherwise_today(world):
    make_update(
        world.second,
        world.users["lead"],
        brag="amber",
        progress="So so.",
        risk=NewRisk("No room."),
        late_reason="The tender ran twice.",
        effective_at=at("2023-05-02 12:00"),
        source="paper",
    )
    kept = keep(
        world,
        row(),
        row(Ref="1.1.1b"),  # before what is on record: changes nothing of today
        row(Ref="2.1.1a", Date="2022-04-29", Rating="Green"),
        row(
            Ref="2.1.1a",
            Rating="Blue",
            Evidence="Minutes",
            What_changed_for_families="Sooner.",
        ),
    )
    before = standing(world)
    result = checked(world.plan, rows_of(kept), timezone.localdate())
    assert [
        (one.ref, one.before.rating.label, one.after.rating.label, one.is_blue_proposed)
        for one in result.changes
    ] == [
        ("1.1.1a", "Not yet rated", "Green", False),
        ("2.1.1a", "Not yet rated", "Green", True),
    ]
    assert (len(result.rows), sorted(result.refs), result.blues) == (
        4,
        ["1.1.1a", "1.1.1b", "2.1.1a"],
        1,
    )
    assert standing(world) == before
    apply_upload(upload=kept, by=world.users["officer"])
    assert standing(world) == {"1.1.1a": "Green", "1.1.1b": "Amber", "2.1.1a": "Green"}


def test_a_file_is_applied_once(world):
    kept = keep(world, row())
    apply_upload(upload=kept, by=world.users["officer"])
    with pytest.raises(ValidationError, match="applied already"):
        apply_upload(upload=kept, by=world.users["officer"])
    assert ProgressUpdate.objects.count() == 1


def test_what_came_between_is_found_inside_the_lock_and_nothing_is_written(world):
    kept = keep(world, row(), row(Ref="1.1.1b"))
    make_update(
        world.second,
        world.users["lead"],
        brag="green",
        progress="On paper.",
        effective_at=at("2022-05-31 09:00"),
        source="paper",
    )
    with pytest.raises(ValidationError, match=r"Row 3, date: an update of 1\.1\.1b"):
        apply_upload(upload=kept, by=world.users["officer"])
    assert ProgressUpdate.objects.count() == 1
    kept.refresh_from_db()
    assert kept.applied_at is None


def test_a_file_kept_and_never_applied_goes_with_the_next(world):
    keep(world, row())
    keep(world, row(Ref="1.1.1b"))
    assert ProgressUpload.objects.count() == 1


def test_rows_come_back_from_their_keeping_as_they_were(world):
    data = as_csv(row(Rating="Grey", Work_starts="06/2023", On_behalf_of="The lead"))
    rows, _ = past_updates.read_rows(data, "board.csv")
    assert rows_of(keep(world, data=data)) == rows
    assert rows[0].rating is Rating.GREY


@pytest.mark.slow
def test_two_thousand_rows_come_in_with_few_queries(world):
    for letter in "cdefghijklmnopqrstuvwxy":
        make_commitment(world.action, letter, leads=(world.people["lead"],), due="2023-03")
    refs = [f"1.1.1{letter}" for letter in "abcdefghijklmnopqrstuvwxy"]
    days = [date(2022, 2, 1) + timedelta(days=7 * week) for week in range(80)]
    rows = [
        AMBER | {"Ref": ref, "Date": day.isoformat(), "Risk or issue": f"Risk {n % 3}"}
        for n, day in enumerate(days)
        for ref in refs
    ]
    assert len(rows) == 2000
    data = as_csv(*rows)
    with CaptureQueriesContext(connection) as captured:
        kept = keep(world, data=data)
        count = apply_upload(upload=kept, by=world.users["officer"])
    asked = [
        query["sql"]
        for query in captured
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    assert count == ProgressUpdate.objects.count() == 2000
    assert len(asked) <= 24, "\n".join(sql[:120] for sql in asked)


# --- The pages --------------------------------------------------------------------------------


@pytest.fixture
def as_officer(client, world):
    client.force_login(world.users["officer"])
    return client


def page(world, name="upload_progress", *arguments):
    return reverse(f"actions:{name}", args=[world.plan.slug, *arguments])


def text(response):
    return response.content.decode()


def test_from_the_file_over_the_preview_to_the_record(as_officer, world):
    upload = sent("../board\u202e.csv", as_csv(row(), row(Ref="1.1.1b")), "text/csv")
    preview = as_officer.post(page(world), {"file": upload}, follow=True)
    address = preview.redirect_chain[-1][0]
    shown = text(preview)
    for words in ("board.csv", "Nothing has changed yet", "Bring in 2 updates", "Work goes on."):
        assert words in shown
    assert ProgressUpdate.objects.count() == 0
    done = text(as_officer.post(address, follow=True))
    assert "2 updates are brought in from board.csv." in done
    assert "Applied on" in done
    assert "Bring in 2 updates" not in done
    again = as_officer.post(address)
    assert again.status_code == 409
    assert "applied already" in text(again)
    assert ProgressUpdate.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("board.csv", b"", "This file is empty."),
        ("board.xlsx", EXE, "neither"),
        ("board.csv", as_csv(row(Ref="9.9.9z"), row(Rating="Purple")), "2 things need"),
        ("board.csv", as_csv(row(Ref="<script>")), "&lt;script&gt;"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_on_the_page(as_officer, world, name, content, words):
    if "2 things" in words:
        content = as_csv(row(Rating="Purple"), row(Rating="Pink"))
    answer = as_officer.post(page(world), {"file": sent(name, content)})
    assert answer.status_code == 422
    assert words in text(answer)
    assert ProgressUpload.objects.count() == 0


def test_no_file_and_one_that_is_too_large_are_told_on_the_page(as_officer, world, settings):
    assert "Choose a file" in text(as_officer.post(page(world), {}))
    settings.EVIDENCE_MAX_BYTES = settings.SHEET_MAX_BYTES = 1000
    answer = as_officer.post(page(world), {"file": sent("board.csv", b"x" * 3_000_000)})
    assert answer.status_code == 422
    assert "This file is 3 MB; up to 1 kB can be taken. Split it into several." in text(answer)


def test_an_upload_of_another_plan_is_unknown(as_officer, world):
    kept = keep(world, row())
    other = Plan.objects.create(
        local_area=world.plan.local_area,
        slug="other",
        kind="written_statement_of_action",
        title="Other",
        starts_on=date(2022, 1, 1),
    )
    ProgressUpload.objects.filter(pk=kept.pk).update(plan=other)
    assert as_officer.get(page(world, "upload_preview", kept.pk)).status_code == 404


def test_a_preview_shows_what_has_come_in_the_way(as_officer, world):
    kept = keep(world, row())
    bring_in(world, row())
    ProgressUpload.objects.update(applied_at=timezone.now())
    kept = ProgressUpload.objects.create(
        plan=world.plan, by=world.users["officer"], file_name="board.csv", rows=kept.rows
    )
    shown = text(as_officer.get(page(world, "upload_preview", kept.pk)))
    assert "It cannot be applied" in shown
    assert "is on record already" in shown


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_has_every_column_and_two_examples_to_delete(as_officer, world, kind):
    answer = as_officer.get(page(world, "progress_template", kind))
    assert f".{kind}" in answer["Content-Disposition"]
    sheet = read_sheet(answer.content, COLUMNS)
    assert [found.values["ref"] for found in sheet.rows] == ["EXAMPLE 1.1.1a"] * 2
    assert sheet.notices == []
    refused = problems(world, data=answer.content)
    assert refused == [
        "Row 2: this is an example of the template. Delete the row",
        "Row 3: this is an example of the template. Delete the row",
    ]


def test_there_is_no_template_of_another_kind(as_officer, world):
    assert as_officer.get(page(world, "progress_template", "exe")).status_code == 404


@pytest.mark.parametrize("number", ["2", "9999", "-1", "x"])
def test_the_rows_of_a_long_file_come_in_pages(as_officer, world, number):
    days = [date(2022, 2, 1) + timedelta(days=n) for n in range(120)]
    kept = keep(world, *[row(Date=day.isoformat()) for day in days])
    answer = as_officer.get(page(world, "upload_preview", kept.pk), {"page": number})
    assert answer.status_code == 200
    assert "of 120" in text(answer)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_apply_a_file_once():
    world = make_world()
    kept = keep(world, row(), row(Ref="1.1.1b"))
    refused = []

    def button():
        try:
            apply_upload(upload=kept, by=world.users["officer"])
        except ValidationError as refusal:
            refused.extend(refusal.messages)
        finally:
            connection.close()

    buttons = [threading.Thread(target=button) for _ in range(4)]
    for one in buttons:
        one.start()
    for one in buttons:
        one.join()
    assert refused == ["This file has been applied already."] * 3
    assert ProgressUpdate.objects.count() == 2


def test_the_columns_of_an_export_are_read_under_their_own_names(world):
    table = (
        "Ref,Rating,Last said on,What was said,Withdrawn\r\n"
        "1.1.1b,Green,2022-05-31,The first school has joined.,\r\n"
    )
    rows, notices = past_updates.read_rows(table.encode(), "sample-plan-commitments.csv")
    assert [(row.ref, row.progress) for row in rows] == [("1.1.1b", "The first school has joined.")]
    assert "Withdrawn" in notices[0]

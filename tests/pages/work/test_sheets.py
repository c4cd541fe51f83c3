"""A month's updates on sheets: made for a person, read back however it was treated, recorded."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from actions.models import ProgressUpdate
from actions.pages.formatting import short_day
from actions.progress.update_answers import NewRisk
from actions.rules.dates import day_of
from tests.factories import make_commitment, make_plan, make_update
from wsoa.pages.work.sheets import sheet_views

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(world):
    """1.1.1a and 1.1.1b are past their dates; 1.1.1c is due in two years."""
    ahead = f"{timezone.localdate().year + 2}-03"
    world.third = make_commitment(world.action, "c", leads=(world.people["lead"],), due=ahead)
    return world


def at(world, name="sheets", *more):
    return reverse(f"pages:{name}", args=[world.plan.slug, *more])


def signed_in(client, world, who="lead"):
    client.force_login(world.users[who])
    return client


class Book:
    """A sheet as somebody treats it in Excel."""

    def __init__(self, content):
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.sheet = self.book["Updates"]

    @property
    def places(self):
        return {cell.value: cell.column for cell in self.sheet[1]}

    def rows(self):
        header, *rows = self.sheet.iter_rows(values_only=True)
        return [dict(zip(header, row, strict=True)) for row in rows]

    def row_of(self, ref):
        place = self.places["Ref"]
        numbers = range(2, self.sheet.max_row + 1)
        return next(n for n in numbers if self.sheet.cell(n, place).value == ref)

    def fill(self, ref, **said):
        titles = {"words": "What happened", "risk": "Risk or issue", "late": "Why it is late"}
        titles |= {"help": "Support needed, and from whom", "starts": "Work starts"}
        titles |= {"why_grey": "Why it is not due yet", "rating": "Rating", "key": "Key"}
        for name, value in said.items():
            self.sheet.cell(self.row_of(ref), self.places[titles[name]], value)
        return self

    def file(self, name="mine.xlsx"):
        content = io.BytesIO()
        self.book.save(content)
        return SimpleUploadedFile(name, content.getvalue())


def taken(client, address):
    answer = client.get(address)
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    return Book(answer.content)


def give(client, address, *files, **said):
    for file in files:
        file.seek(0)
    return client.post(address, {"sheets": list(files), **said})


def record(client, address, checked, **ticks):
    return client.post(address, {"kept": checked.context["kept"], **ticks}, follow=True)


def said_on_record():
    rows = ProgressUpdate.objects.order_by("commitment__code", "pk")
    return [tuple(row) for row in rows.values_list("commitment__code", "brag", "progress")]


GREEN = {"rating": "Green", "words": "On track.", "late": "The tender ran twice."}
RED = {"rating": "R", "words": "Stuck.", "risk": "Nobody is free.", "help": "A post, from us."}


# --- Making -----------------------------------------------------------------------------------


def test_a_sheet_has_its_persons_rows_with_what_was_said_last_and_colours_to_choose(client, three):
    make_update(
        three.third,
        three.users["lead"],
        "red",
        "Stuck.",
        risk=NewRisk("Nobody is free.", "We advertise."),
        help_needed="A post, from us.",
        effective_at=timezone.now() - timedelta(days=40),
    )
    book = taken(signed_in(client, three), at(three, "own_sheet"))
    rows = {row["Ref"]: row for row in book.rows()}
    assert list(rows) == ["1.1.1a", "1.1.1b", "1.1.1c"]
    third = rows["1.1.1c"]
    assert (third["Last rating"], third["Last update"]) == ("Red", "Stuck.")
    assert (third["Risk or issue"], third["Being done about it"]) == (
        "Nobody is free.",
        "We advertise.",
    )
    assert third["Support needed, and from whom"] == "A post, from us."
    assert (third["Rating"], third["What happened"]) == (None, None)
    newest = ProgressUpdate.objects.get().pk
    assert third["Key"] == f"{three.plan.slug}/1.1.1c/{newest}/0"
    (choice,) = book.sheet.data_validations.dataValidation
    assert choice.formula1 == '"Blue,Green,Amber,Red,Grey"'
    assert str(choice.sqref) == f"G2:G{len(rows) + 1}"
    assert book.places["Rating"] == 7


def test_a_sheet_for_another_names_them_in_its_keys(client, three):
    person = three.people["other_lead"]
    book = taken(signed_in(client, three, "officer"), at(three, "sheet_of", person.pk))
    assert [(row["Ref"], row["Key"]) for row in book.rows()] == [
        (ref, f"{three.plan.slug}/{ref}/0/{person.pk}") for ref in ("1.1.1a", "2.1.1a")
    ]


# --- Reading and recording --------------------------------------------------------------------


def test_a_filled_sheet_is_checked_and_recorded_once(client, three):
    client = signed_in(client, three)
    book = taken(client, at(three, "own_sheet"))
    book.fill("1.1.1a", **RED).fill("1.1.1c", rating="g", words="On track.")
    checked = give(client, at(three), book.file())
    assert "Record 2 updates" in checked.content.decode()
    assert said_on_record() == []
    assert "Updates recorded for 2 commitments." in (
        record(client, at(three), checked).content.decode()
    )
    expected = [("1.1.1a", "red", "Stuck."), ("1.1.1c", "green", "On track.")]
    assert said_on_record() == expected
    update = ProgressUpdate.objects.get(commitment=three.commitment)
    assert (update.risk.text, update.help_needed, update.by, update.source) == (
        "Nobody is free.",
        "A post, from us.",
        three.users["lead"],
        "",
    )
    # Sent again from the page that was left open.
    record(client, at(three), checked)
    assert said_on_record() == expected


def test_sorting_moving_adding_and_leaving_out_do_no_harm(client, three):
    client = signed_in(client, three)
    book = taken(client, at(three, "own_sheet"))
    book.fill("1.1.1a", **GREEN).fill("1.1.1c", rating="Green", words="Begun.")
    header, *rows = [list(row) for row in book.sheet.iter_rows(values_only=True)]
    # The last column first, the rows turned round, one gone, a column of their own between.
    turned = [[row[-1], *row[:-1], "Ann"] for row in reversed(rows) if row[0] != "1.1.1b"]
    other = openpyxl.Workbook()
    other.active.append([header[-1], *header[:-1], "My notes"])
    other.active.append([])
    for row in turned:
        other.active.append(row)
    content = io.BytesIO()
    other.save(content)
    checked = give(client, at(three), SimpleUploadedFile("turned.xlsx", content.getvalue()))
    record(client, at(three), checked)
    assert said_on_record() == [
        ("1.1.1a", "green", "On track."),
        ("1.1.1c", "green", "Begun."),
    ]


def test_all_errors_of_all_files_are_told_at_once_and_a_sound_file_goes_on(client, three):
    client = signed_in(client, three)
    make_commitment(three.action, "d", leads=(three.people["lead"],))
    address = at(three, "own_sheet")
    wrong = taken(client, address)
    wrong.fill("1.1.1a", rating="Purple", words="=1+1")
    wrong.fill("1.1.1b", rating="Red", words="Stuck.")
    wrong.fill("1.1.1c", words="No rating.")
    key = wrong.rows()[2]["Key"]
    wrong.sheet.append([None] * (wrong.places["Key"] - 1) + ["nonsense"])
    wrong.sheet.cell(6, wrong.places["Rating"], "Grey")
    wrong.sheet.cell(6, wrong.places["What happened"], "What is this?")
    sound = taken(client, address).fill("1.1.1d", rating="Green", words="On track.")
    checked = give(client, at(three), wrong.file("wrong.xlsx"), sound.file("sound.xlsx"))
    (refused,) = checked.context["refused"]
    assert refused["name"] == "wrong.xlsx"
    assert refused["problems"] == [
        "Row 2, what happened: this is a formula. Put its value in its place",
        "Row 2, rating: “Purple” is none of Blue, Green, Amber, Red, Grey",
        "Row 3, risk or issue: say what the issue is",
        "Row 3, support needed, and from whom: say what help you need, and from whom",
        "Row 4, rating: give a rating for what you wrote, or empty the row",
        "Row 6, key: this is not as it stood in the sheet: copy it back, or take a new sheet",
    ]
    assert key.startswith(f"{three.plan.slug}/1.1.1c/")
    record(client, at(three), checked)
    assert said_on_record() == [("1.1.1d", "green", "On track.")]


def test_nothing_to_record_says_so_on_the_form(client, three):
    client = signed_in(client, three)
    empty = taken(client, at(three, "own_sheet")).file("empty.xlsx")
    answer = give(client, at(three), empty, SimpleUploadedFile("old.xls", b"nothing"))
    assert answer.status_code == 422
    assert [refused["name"] for refused in answer.context["refused"]] == ["empty.xlsx", "old.xls"]
    (problem,) = answer.context["refused"][0]["problems"]
    assert problem == "Nothing is filled in. Give a rating for what you want to record."
    assert give(client, at(three)).context["form"].errors == {
        "sheets": ["Choose one or more files"]
    }


def test_forty_sheets_come_back_at_once_and_more_are_told_so(client, three):
    client = signed_in(client, three)
    book = taken(client, at(three, "own_sheet")).fill("1.1.1c", rating="Green", words="On track.")
    content = book.file().read()
    files = [SimpleUploadedFile(f"{number}.xlsx", content) for number in range(41)]
    assert len(give(client, at(three), *files[:40]).context["refused"]) == 39
    assert give(client, at(three), *files).context["form"].errors == {
        "sheets": ["Give up to 40 files at once"]
    }


def test_more_than_a_page_can_carry_is_refused_before_anything_is_recorded(
    client, three, monkeypatch
):
    client = signed_in(client, three)
    book = taken(client, at(three, "own_sheet")).fill("1.1.1c", rating="Green", words="On track.")
    monkeypatch.setattr(sheet_views, "_LONGEST_KEPT", 10)
    assert give(client, at(three), book.file()).context["form"].errors == {
        "sheets": ["This is more than can be checked at once. Give fewer files"]
    }


def test_rows_of_others_of_other_plans_and_twice_are_refused(client, three):
    client = signed_in(client, three)
    book = taken(client, at(three, "own_sheet"))
    book.fill("1.1.1a", **GREEN, key=f"{three.plan.slug}/2.1.1a/0/0")
    book.fill("1.1.1b", **GREEN, key=f"{make_plan().slug}/1.1.1b/0/0")
    book.fill("1.1.1c", rating="Green", words="On track.")
    again = taken(client, at(three, "own_sheet")).fill("1.1.1c", rating="Green", words="Twice.")
    answer = give(client, at(three), book.file("a.xlsx"), again.file("b.xlsx"))
    assert [refused["problems"] for refused in answer.context["refused"]] == [
        [
            "Row 2, key: 2.1.1a is not yours to record",
            "Row 3, key: this row is of another plan",
        ],
        ["Row 4, key: 1.1.1c is filled in twice: also in row 4 of a.xlsx"],
    ]


def test_what_was_recorded_meanwhile_is_shown_and_its_file_waits_for_a_tick(client, three):
    client = signed_in(client, three)
    book = taken(client, at(three, "own_sheet"))
    book.fill("1.1.1a", **GREEN).fill("1.1.1c", rating="Green", words="On track.")
    theirs = {"risk": NewRisk("No supplier"), "help_needed": "A tender"}
    make_update(three.commitment, three.users["other_lead"], "red", "Theirs.", **theirs)
    checked = give(client, at(three), book.file())
    today = short_day(timezone.localdate())
    ((ref, newer, mine),) = checked.context["sheets"][0]["conflicts"]
    assert (ref, mine) == ("1.1.1a", "On track.")
    assert newer == f"The other lead recorded Red on {today}: “Theirs.”"
    again = record(client, at(three), checked)
    assert again.status_code == 409
    assert said_on_record() == [("1.1.1a", "red", "Theirs.")]
    record(client, at(three), again, **{again.context["sheets"][0]["tick"]: "on"})
    assert said_on_record() == [
        ("1.1.1a", "red", "Theirs."),
        ("1.1.1a", "green", "On track."),
        ("1.1.1c", "green", "On track."),
    ]


def test_what_came_after_the_check_page_is_shown_before_it_is_passed_over(client, three):
    client = signed_in(client, three)
    book = taken(client, at(three, "own_sheet")).fill("1.1.1a", **GREEN)
    checked = give(client, at(three), book.file())
    theirs = {"risk": NewRisk("No supplier"), "help_needed": "A tender"}
    make_update(three.commitment, three.users["other_lead"], "red", "Theirs.", **theirs)
    tick = checked.context["sheets"][0]["tick"]
    again = record(client, at(three), checked, **{tick: "on"})
    assert again.status_code == 409
    assert "Theirs." in again.content.decode()
    assert said_on_record() == [("1.1.1a", "red", "Theirs.")]


def test_sheets_of_several_people_are_recorded_on_their_behalf(client, three):
    client = signed_in(client, three, "officer")
    day = timezone.localdate() - timedelta(days=3)
    files = []
    for who, ref in (("lead", "1.1.1c"), ("other_lead", "2.1.1a")):
        book = taken(client, at(three, "sheet_of", three.people[who].pk))
        files.append(book.fill(ref, **GREEN).file(f"{who}.xlsx"))
    address = at(three, "team_sheets")
    assert set(give(client, address, *files).context["form"].errors) == {"how", "told_on"}
    told = {"how": "E-mail", "told_on": f"{day.day}/{day.month}/{day.year}"}
    checked = give(client, address, *files, **told)
    assert [one["problems"] for one in checked.context["refused"]] == []
    assert f"E-mail of {short_day(day)}" in checked.content.decode()
    record(client, address, checked)
    made = ProgressUpdate.objects.order_by("commitment__code")
    assert [
        (row.commitment.code, row.on_behalf_of, row.by, row.source, day_of(row.effective_at))
        for row in made.select_related("commitment", "on_behalf_of", "by")
    ] == [
        (
            code,
            three.people[who],
            three.users["officer"],
            f"E-mail of {short_day(day)}, sheet {who}.xlsx",
            day,
        )
        for code, who in (("1.1.1c", "lead"), ("2.1.1a", "other_lead"))
    ]


def test_a_sheet_of_nobody_or_of_who_leads_no_more_is_not_recorded_for_others(client, three):
    own = taken(signed_in(client, three), at(three, "own_sheet")).fill("1.1.1c", **GREEN)
    client = signed_in(client, three, "officer")
    today = timezone.localdate()
    told = {"how": "Call", "told_on": f"{today.day}/{today.month}/{today.year}"}
    answer = give(client, at(three, "team_sheets"), own.file(), **told)
    (refused,) = answer.context["refused"]
    assert refused["problems"] == [
        "Row 4, key: it does not say for whom 1.1.1c was filled in, or they lead it no more. "
        "It is led by The lead: take a new sheet for them"
    ]


def test_a_month_without_its_year_and_a_grey_are_read(client, three):
    client = signed_in(client, three)
    book = taken(client, at(three, "own_sheet"))
    book.fill("1.1.1c", rating="Grey", words="Not begun.", starts="Jan")
    checked = give(client, at(three), book.file())
    record(client, at(three), checked)
    today = timezone.localdate()
    expected = today.year + (today.month > 1)
    started = ProgressUpdate.objects.get().work_starts
    assert started is not None
    assert (started.first_day.year, started.first_day.month) == (expected, 1)


def test_a_page_of_another_person_records_nothing(client, three):
    book = taken(signed_in(client, three), at(three, "own_sheet")).fill("1.1.1c", **GREEN)
    checked = give(client, at(three), book.file())
    signed_in(client, three, "other_lead")
    answer = record(client, at(three), checked)
    assert "Choose the files again" in answer.content.decode()
    assert said_on_record() == []

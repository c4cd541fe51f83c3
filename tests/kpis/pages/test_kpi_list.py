"""The list of a plan's measures: its lines, its filter and orders, and the same as a file."""

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Membership, Person
from kpis.models import Kpi
from tests.factories import at, make_kpi, make_plan, make_target, make_world, record_figure


def listing(client, world, persona="member", **query):
    client.force_login(world.users[persona])
    answer = client.get(reverse("kpis:kpis", args=[world.plan.slug]), query)
    assert answer.status_code == 200, answer.content
    return answer


def codes(answer):
    return [line.code for line in answer.context["table"].page.object_list.data.data]


def line_of(answer, code="K1"):
    form = answer.context["form"]
    return next(line for line in form.lines if line.code == code)


@pytest.fixture
def waits(world):
    """Weeks waited, on 1.1.1a: from 242 to 125 by June 2023; the last figure is provisional."""
    kpi = make_kpi(
        world.plan,
        "K1",
        (world.commitment,),
        title="Weeks waited",
        baseline=242,
        baseline_date="2022-01",
        data_owner=world.people["other_lead"],
    )
    make_target(kpi, 125, "2033-06")
    record_figure(kpi, "2022-11", 276, by=world.users["officer"])
    record_figure(kpi, "2022-12", 266, by=world.users["officer"], status="provisional")
    return kpi


def test_a_line_says_what_it_came_to_and_where_it_stands(client, world, waits):
    page = listing(client, world).content.decode()
    for words in (
        "Weeks waited",
        "266 weeks",
        "Dec 2022, provisional",
        "276 weeks",
        "125 weeks or less",
        "by Jun 2033",
        "Off trajectory",
        # From 242 on 31 January 2022 to 125 on 30 June 2033 in 4168 days, of which 334 have gone
        # by 31 December 2022: 242 - 117 * 334 / 4168 = 232.6.
        "33.4 weeks above its trajectory",
        'aria-label="2 figures: November 2022 276 weeks; December 2022 266 weeks; '
        'target 125 weeks"',
    ):
        assert words in page, words
    # Facts of a measure wear no colour of a rating.
    assert "lozenge" not in page


def test_lines_stand_under_the_area_they_serve_first(client, world, waits):
    make_kpi(world.plan, "WHOLE")
    make_kpi(world.plan, "TWO", (world.elsewhere, world.commitment))
    answer = listing(client, world)
    groups = [(line.code, line.group.title) for line in answer.context["table"].data.data]
    assert groups == [
        ("K1", "Area 1. Area 1 of the plan"),
        ("TWO", "Area 2. Area 2 of the plan"),
        ("WHOLE", "Whole plan"),
    ]


def shown(answer):
    return [line.code for line in answer.context["table"].data.data]


@pytest.fixture
def many(world, waits):
    """One more of each: on its line and up to date, judged in words, and without a figure."""
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    on = make_kpi(
        world.plan, "ON", (world.elsewhere,), kind=Kpi.Kind.RATE, first_due_on=f"{month}-01"
    )
    make_target(on, 100)
    record_figure(on, month, 90, by=world.users["officer"])
    said = make_kpi(world.plan, "SAID", kind=Kpi.Kind.QUALITATIVE, frequency="quarterly")
    record_figure(
        said,
        "2022-01",
        by=world.users["officer"],
        judgement="improved",
        based_on="Talks",
        respondents=20,
    )
    make_kpi(world.plan, "NONE", (world.second,), awaits_baseline=True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["K1", "NONE", "ON", "SAID"]),
        ({"q": "weeks waited"}, ["K1"]),
        ({"q": "SAID"}, ["SAID"]),
        ({"area": "2"}, ["ON"]),
        ({"area": "whole"}, ["SAID"]),
        ({"stands": ["off", "at_target"]}, ["K1", "ON"]),
        ({"stands": "baseline_awaited"}, ["NONE"]),
        ({"awaits": "baseline"}, ["NONE"]),
        ({"awaits": "overdue"}, ["K1", "NONE", "SAID"]),
        ({"kind": "qualitative"}, ["SAID"]),
        ({"mine": "on"}, []),
        ({"sort": "colour"}, ["K1", "ON", "SAID", "NONE"]),
        ({"sort": "-colour"}, ["NONE", "SAID", "ON", "K1"]),
        ({"sort": "latest"}, ["SAID", "K1", "ON", "NONE"]),
        ({"sort": "nonsense"}, ["K1", "NONE", "ON", "SAID"]),
    ],
    ids=str,
)
def test_the_address_narrows_and_orders_the_list(client, world, many, query, expected):
    assert shown(listing(client, world, **query)) == expected


def test_the_data_owner_finds_her_own(client, world, many):
    assert shown(listing(client, world, "other_lead", mine="on")) == ["K1"]


def test_an_answer_that_cannot_be_read_narrows_nothing_and_makes_no_file(client, world, waits):
    client.force_login(world.users["member"])
    query = {"stands": "pink", "area": "99"}
    answer = client.get(reverse("kpis:kpis", args=[world.plan.slug]), query)
    assert answer.status_code == 422
    assert shown(answer) == ["K1"]
    file = client.get(reverse("kpis:kpis_file", args=[world.plan.slug, "csv"]), query)
    assert file.status_code == 400
    assert client.get(reverse("kpis:kpis_file", args=[world.plan.slug, "pdf"])).status_code == 404


def test_a_plan_without_measures_says_so(client, world):
    assert "no KPI" in listing(client, world).content.decode()


def test_as_at_shows_what_was_said_by_then(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,))
    record_figure(kpi, "2022-03", 30, effective_at=at("2022-04-05"))
    record_figure(kpi, "2022-04", 20, effective_at=at("2022-05-05"))
    assert line_of(listing(client, world, as_at="2022-04-30")).latest_text == "30 weeks"
    assert line_of(listing(client, world)).latest_text == "20 weeks"
    rows = table(client, world, as_at="2022-04-30")
    assert (rows[0]["Latest"], rows[0]["As at"]) == ("30", "2022-04-30")


# --- As a file --------------------------------------------------------------------------------


def table(client, world, persona="member", **query):
    client.force_login(world.users[persona])
    answer = client.get(reverse("kpis:kpis_file", args=[world.plan.slug, "csv"]), query)
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_has_the_lines_of_the_page(client, world, many):
    rows = table(client, world, stands="off")
    assert [row["Code"] for row in rows] == ["K1"]
    row = rows[0]
    assert row["Latest"] == "266"
    assert row["Latest is"] == "provisional"
    assert row["Gap to trajectory"] == "-33.4"
    assert row["Where it stands"] == "Off trajectory"
    assert row["Target by"] == "2033-06"
    assert row["Data owner"] == world.people["other_lead"].name


def test_numbers_of_the_workbook_are_numbers_and_texts_no_formulas(client, world, waits):
    Kpi.objects.filter(pk=waits.pk).update(title="=1+1")
    client.force_login(world.users["member"])
    answer = client.get(reverse("kpis:kpis_file", args=[world.plan.slug, "xlsx"]))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, sheet[2], strict=True))
    assert row["Latest"].value == 266
    assert row["Gap to trajectory"].value == -33.4
    assert (row["KPI"].value, row["KPI"].data_type) == ("=1+1", "s")
    assert table(client, world)[0]["KPI"] == "'=1+1"


# --- Small numbers ----------------------------------------------------------------------------


@pytest.fixture
def small(world):
    """A count of people: 37, and then 3."""
    kpi = make_kpi(
        world.plan,
        "K1",
        (world.commitment,),
        unit="pupils",
        counts_people=True,
        data_owner=world.people["other_lead"],
    )
    make_target(kpi, 2)
    record_figure(kpi, "2022-11", 37, by=world.users["officer"])
    record_figure(kpi, "2022-12", 3, by=world.users["officer"], note="Three from one school")
    return kpi


@pytest.mark.parametrize(
    ("persona", "sees"),
    [("member", False), ("sro", False), ("officer", True), ("other_lead", True)],
)
def test_a_small_number_is_shown_to_the_data_owner_and_the_officer_alone(
    client, world, small, persona, sees
):
    line = line_of(listing(client, world, persona))
    assert line.latest_text == ("3 pupils" if sees else "too few to show")
    page = listing(client, world, persona).content.decode()
    assert ("3 pupils" in page) is sees
    assert "34 pupils" not in page
    # In a file it is only where it was asked for; and nobody else gets it by asking.
    row = table(client, world, persona)[0]
    assert (row["Latest"], row["Gap to target"]) == ("[c]", "")
    assert row["Where it stands"] == "Too few to show"
    row = table(client, world, persona, small="yes", what_for="The data meeting")[0]
    assert row["Latest"] == ("3" if sees else "[c]")
    assert row["Latest is"] == ("final, small number" if sees else "final")
    assert row["Gap to target"] == ("-1" if sees else "")
    assert row["Where it stands"] == ("Short of its target" if sees else "Too few to show")


def test_a_member_who_may_see_small_numbers_sees_them_marked(client, world, small):
    membership = Membership.objects.get(user=world.users["member"], plan=world.plan)
    membership.sees_small_numbers = True
    membership.save()
    page = listing(client, world, "member").content.decode()
    assert '<span class="small-number">3 pupils</span>' in page
    assert '<span class="small-number">37 pupils</span>' not in page
    assert "With small numbers" in page
    membership.role = Membership.Role.READER
    membership.save()
    client.force_login(world.users["member"])
    assert client.get(reverse("kpis:kpis", args=[world.plan.slug])).status_code == 403


def test_a_file_says_whether_small_numbers_are_in_it(client, world, small):
    def taken(**query):
        client.force_login(world.users["officer"])
        answer = client.get(reverse("kpis:kpis_file", args=[world.plan.slug, "xlsx"]), query)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        rows: Any = book["About this file"].iter_rows(values_only=True)
        about = dict(rows)
        return answer.headers["Content-Disposition"], about["Small numbers"]

    name, said = taken()
    assert "small-numbers" not in name
    assert said == "None. [c] is a figure that is too few to show."
    name, said = taken(small="yes", what_for="The data meeting")
    assert "kpis-with-small-numbers-" in name
    assert said.startswith("This file has small numbers")
    # Asked for where there is none, it is the file that everybody gets.
    assert "small-numbers" not in taken(small="yes", as_at="2022-01-31")[0]


def test_small_numbers_are_taken_for_something(client, world, small):
    client.force_login(world.users["officer"])
    address = reverse("kpis:kpis_file", args=[world.plan.slug, "xlsx"])
    refused = client.get(address, {"small": "yes", "what_for": "  "})
    assert refused.status_code == 400
    assert "Say what you take the small numbers for." in refused.content.decode()

    answer = client.get(address, {"small": "yes", "what_for": "The data\n meeting of May"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows: Any = book["About this file"].iter_rows(values_only=True)
    assert dict(rows)["Taken for"] == "The data meeting of May"
    assert "What you take them for" in listing(client, world, "officer").content.decode()


def test_who_sees_no_small_number_is_not_asked_about_them(client, world, small):
    assert "With small numbers" not in listing(client, world, "member").content.decode()


def test_an_earlier_day_shows_no_small_number_again(client, world):
    """Neither to who owned the data then, nor because nobody had said that it counts people."""
    kpi = make_kpi(world.plan, "K1", data_owner=world.people["other_lead"])
    record_figure(kpi, "2022-12", 3, effective_at=at("2023-01-10"))
    assert line_of(listing(client, world, as_at="2023-02-01")).latest_text == "3 weeks"
    kpi.data_owner, kpi.counts_people = None, True
    kpi.save()
    for persona in ("other_lead", "member"):
        line = line_of(listing(client, world, persona, as_at="2023-02-01"))
        assert line.latest_text == "too few to show"


def test_an_owner_of_the_data_elsewhere_is_nobody_here(client, world):
    other = make_world()
    kpi = make_kpi(other.plan, "K1", data_owner=Person.objects.get(user=other.users["lead"]))
    assert listing(client, other, "lead", mine="on").context["form"].lines[0].row.key == kpi.pk
    client.force_login(world.users["lead"])
    assert client.get(reverse("kpis:kpis", args=[other.plan.slug])).status_code == 404
    assert not make_plan().kpis.exists()

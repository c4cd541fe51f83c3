"""The table of commitments: what each filter finds, its orders and pages, and bad addresses."""

import csv
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Commitment
from actions.pages import commitment_list_views
from actions.pages.filters import NEEDS, has_words
from actions.plan import amendments
from actions.progress import updates
from actions.progress.update_answers import NewEvidence, NewRisk
from actions.rules.dates import PlanDate
from actions.rules.status import Outcome
from tests.factories import at, make_action, make_commitment, make_key_date, make_update

REF = re.compile(r'<th role="rowheader" scope="row" class="ref">(?:<a[^>]*>)?([^<]+)')


@pytest.fixture
def table(client, world):
    """Asks for the table as a member of the steering group; `sought` gives the refs it shows."""
    client.force_login(world.users["member"])
    address = reverse("actions:commitments", args=[world.plan.slug])

    def ask(status=200, **query):
        answer = client.get(address, query)
        assert answer.status_code == status
        return answer.content.decode()

    return ask


def refs(page):
    return REF.findall(page)


def say(world, commitment, brag, on, by="lead", **details):
    return make_update(
        commitment,
        world.users[by],
        brag=brag,
        progress=f"It was {brag}.",
        risk=NewRisk("No staff") if brag in ("amber", "red") else None,
        help_needed="A chair" if brag == "red" else "",
        effective_at=at(on),
        source="paper",
        late_reason="The tender ran twice.",
        **details,
    )


def test_it_lists_the_plan_in_its_order_under_its_areas(table, world):
    page = table()
    assert refs(page) == ["1.1.1a", "1.1.1b", "2.1.1a"]
    assert "<b>All 3</b>" in page
    assert "Area 1. Area 1 of the plan" in page
    assert "2 commitments: 2 Not yet rated" in page


def test_refs_are_in_the_order_of_their_numbers_not_of_their_letters(table, world):
    for ref in ("1.1.2", "1.1.10"):
        make_commitment(make_action(world.area, ref))
    shown = ["1.1.1a", "1.1.1b", "1.1.2a", "1.1.10a", "2.1.1a"]
    assert refs(table(sort="ref")) == shown
    assert refs(table(sort="-ref")) == shown[::-1]


# --- Filters ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "ref", "found"),
    [
        ("1.2", "1.2.1a", True),
        ("1.2", "1.20.1a", False),
        ("1.2", "11.2.1a", False),
        ("1.2.1", "1.2.1a", True),
        ("1.2.1", "1.2.10a", False),
        ("1.2.1A", "1.2.1a", True),
        ("1.2.", "1.2.1a", True),
        ("1", "1.2.1a", True),
        ("1", "10.2.1a", False),
        ("27", "1.1.1a", True),  # in the text below
        ("2", "1.1.1a", False),
        ("AUTISM wait", "1.1.1a", True),
        ("autism diagnosis", "1.1.1a", False),
        ("  ", "1.1.1a", True),
    ],
)
def test_words_and_references_are_found(asked, ref, found):
    assert has_words(asked, ref, "Autism waits down to 27% by 3.2 weeks") is found


def test_words_are_sought_in_the_text(table, world):
    Commitment.objects.filter(pk=world.second.pk).update(evidence="An assessment café opens")
    assert refs(table(q="CAFÉ")) == ["1.1.1b"]
    assert refs(table(q="1.1.1b")) == ["1.1.1b"]
    assert "1 of 3" in table(q="CAFÉ")


def test_area_action_lead_and_organisation(table, world):
    assert refs(table(area="2")) == ["2.1.1a"]
    assert refs(table(action="1.1.1")) == ["1.1.1a", "1.1.1b"]
    assert refs(table(lead=world.people["other_lead"].pk)) == ["1.1.1a", "2.1.1a"]
    assert refs(table(organisation="CC")) == ["1.1.1a", "1.1.1b"]
    assert refs(table(organisation="NHS", area="1")) == ["1.1.1a"]


def test_several_ratings_and_blue_proposed_as_a_choice_of_its_own(table, world):
    say(world, world.commitment, "amber", "2022-05-10")
    say(world, world.second, "red", "2022-05-11")
    blue = {"evidence": NewEvidence("Minutes"), "changed_for_families": "Much"}
    say(world, world.commitment, "blue", "2022-06-10", **blue)
    assert refs(table(rating=["red", "amber"])) == ["1.1.1a", "1.1.1b"]
    assert refs(table(rating="blue_proposed")) == ["1.1.1a"]
    assert refs(table(rating="blue")) == []
    assert refs(table(rating="not_yet_rated")) == ["2.1.1a"]


def test_a_filter_by_needs_finds_what_the_chips_say(table, world):
    """1.1.1a is Green though late, 1.1.1b moved and due soon, 2.1.1a has no date left."""
    day = "2023-03-01"  # 1.1.1a was due in December 2022, 1.1.1b in March 2023
    say(world, world.commitment, "green", "2023-02-20")
    amendments.move_date(
        key_date=world.second.key_dates.get(),
        to=PlanDate.parse("2023-04-10"),
        reason="Later",
        by=world.users["officer"],
        effective_at=at("2022-10-01"),
        source="minutes",
    )
    updates.mark_date(
        key_date=world.elsewhere.key_dates.get(),
        by=world.users["officer"],
        outcome=Outcome.DELIVERED,
        on=at("2022-09-10").date(),
        effective_at=at("2022-09-10"),
        source="minutes",
    )
    make_key_date(world.elsewhere, "interim", "2022-06")
    found = {name: refs(table(needs=name, as_at=day)) for name in NEEDS}
    assert found == {
        "overdue": ["1.1.1a"],
        "late_although_rated": ["1.1.1a"],
        "date_missed": ["2.1.1a"],
        "update_overdue": ["1.1.1b", "2.1.1a"],
        "grey_although_due": [],
        "not_embedded": ["2.1.1a"],
        "blue_back": [],
        "moved": ["1.1.1b"],
        "no_date": [],
        "pause_over": [],
        "due_soon": ["1.1.1b"],
    }
    assert refs(table(needs=["moved", "overdue"], as_at=day)) == ["1.1.1a", "1.1.1b"]


def test_grey_although_due_blue_returned_and_no_date(table, world):
    make_commitment(world.other_action, "b")
    say(world, world.elsewhere, "grey", "2022-02-01", work_starts=PlanDate.parse("2022-04"))
    proposal = say(
        world,
        world.commitment,
        "blue",
        "2022-06-10",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Much",
    )
    updates.answer_blue(
        update=proposal,
        by=world.users["sro"],
        is_confirmed=False,
        reason="Not yet",
        effective_at=at("2022-06-20"),
        source="paper",
    )
    assert refs(table(needs="grey_although_due", as_at="2022-07-01")) == ["2.1.1a"]
    assert refs(table(needs="blue_back", as_at="2022-07-01")) == ["1.1.1a"]
    assert refs(table(needs="no_date")) == ["2.1.1b"]


def test_due_between_months_is_inclusive_and_leaves_out_what_has_no_date(table, world):
    make_commitment(world.action, "c")
    # due: 1.1.1a December 2022, 1.1.1b March 2023, 2.1.1a September 2022
    assert refs(table(due_from="12/2022")) == ["1.1.1a", "1.1.1b"]
    assert refs(table(due_to="2022-12")) == ["1.1.1a", "2.1.1a"]
    assert refs(table(due_from="Sept 2022", due_to="December 2022")) == ["1.1.1a", "2.1.1a"]
    assert refs(table()) == ["1.1.1a", "1.1.1b", "1.1.1c", "2.1.1a"]


@pytest.mark.parametrize("kind", ["update", "move", "mark", "withdrawal"])
def test_changed_since_hears_of_every_kind_of_record(table, world, kind):
    assert refs(table(changed_since="2022-05-10")) == []
    moment: dict[str, Any] = {"effective_at": at("2022-05-10"), "source": "paper"}
    if kind == "update":
        say(world, world.commitment, "green", "2022-05-10")
    elif kind == "move":
        amendments.move_date(
            key_date=world.commitment.key_dates.get(),
            to=PlanDate.parse("2023-05"),
            reason="Later",
            by=world.users["officer"],
            **moment,
        )
    elif kind == "mark":
        updates.mark_date(
            key_date=world.commitment.key_dates.get(),
            by=world.users["lead"],
            outcome=Outcome.DELIVERED,
            on=at("2022-05-10").date(),
            **moment,
        )
    else:
        amendments.withdraw_commitment(
            commitment=world.commitment, reason="Merged", by=world.users["officer"]
        )
    since = "10/5/2022"
    assert refs(table(changed_since=since, withdrawn="on")) == ["1.1.1a"]
    if kind != "withdrawal":  # which cannot be dated back
        assert refs(table(changed_since="11/5/2022", withdrawn="on")) == []


def test_withdrawn_commitments_are_left_out_until_asked_for(table, world):
    amendments.withdraw_commitment(
        commitment=world.second, reason="Merged", by=world.users["officer"]
    )
    assert refs(table()) == ["1.1.1a", "2.1.1a"]
    page = table(withdrawn="on")
    assert refs(page) == ["1.1.1a", "1.1.1b", "2.1.1a"]
    assert "Withdrawn from the plan" in page
    # It has no rating any more, so no rating finds it.
    assert refs(table(withdrawn="on", rating="not_yet_rated")) == ["1.1.1a", "2.1.1a"]
    before = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert refs(table(as_at=before)) == ["1.1.1a", "1.1.1b", "2.1.1a"]


def test_what_narrows_the_list_is_shown_with_a_way_out_of_each(table, world):
    page = table(rating=["red", "amber"], area="1", as_at="2023-01-31", sort="-now", page="2")
    tags = re.findall(r'<a class="tag" href="([^"]+)">.*?</span>([^<]+) <span', page)
    assert [label for _, label in tags] == ["Area 1", "Red", "Amber"]
    without_red = tags[1][0].replace("&amp;", "&")
    assert without_red == "?rating=amber&area=1&as_at=2023-01-31&sort=-now"
    assert 'href="?as_at=2023-01-31&amp;sort=-now">Clear all' in page


def test_nothing_matches(table):
    assert "No commitment matches" in table(q="nothing like it")


# --- Order and pages --------------------------------------------------------------------------


def test_ratings_are_in_the_plans_order_and_dates_by_time(table, world):
    say(world, world.commitment, "grey", "2022-05-10", work_starts=PlanDate.parse("2022-06"))
    say(world, world.second, "green", "2022-05-12")
    say(world, world.elsewhere, "red", "2022-05-11", by="other_lead")
    assert refs(table(sort="colour")) == ["1.1.1b", "2.1.1a", "1.1.1a"]
    assert refs(table(sort="-colour")) == ["1.1.1a", "2.1.1a", "1.1.1b"]
    assert refs(table(sort="last_said")) == ["1.1.1a", "2.1.1a", "1.1.1b"]
    assert refs(table(sort="now")) == ["2.1.1a", "1.1.1a", "1.1.1b"]
    assert refs(table(sort="-first")) == ["1.1.1b", "1.1.1a", "2.1.1a"]
    assert refs(table(sort="lead")) == ["1.1.1b", "1.1.1a", "2.1.1a"]
    assert "Area 1. Area 1 of the plan" not in table(sort="now").split("<tbody", 1)[1]


def test_what_has_no_date_is_last_whichever_way(table, world):
    make_commitment(world.action, "c")
    assert refs(table(sort="now"))[-1] == "1.1.1c"
    assert refs(table(sort="-now"))[-1] == "1.1.1c"


def test_the_sorted_column_says_so(table):
    assert 'aria-sort="descending"' in table(sort="-now")
    assert 'aria-sort="ascending"' in table()


def test_a_page_that_is_not_there_is_answered_by_the_nearest(table, world, monkeypatch):
    monkeypatch.setattr(commitment_list_views, "PER_PAGE", 25)
    for number in range(2, 32):
        make_commitment(make_action(world.area, f"1.1.{number}"))
    first, second = refs(table()), refs(table(page="2"))
    assert (len(first), len(second)) == (25, 8)
    assert first[0] == "1.1.1a"
    assert second[-1] == "2.1.1a"
    assert refs(table(page="9999")) == second
    for page in ("nonsense", "", "1e3", "²", "9" * 5000):
        assert refs(table(page=page)) == first
    # Sorting anew begins at the first page again.
    assert "page=2" not in re.search(r"<th [^>]*col-now.*?</th>", table(page="2"), re.S).group()


def test_the_number_of_lines_to_a_page_is_not_for_the_address_to_say(table):
    assert refs(table(per_page="0")) == refs(table(per_page="-1")) == refs(table())


# --- As at ------------------------------------------------------------------------------------


def test_texts_leads_and_state_are_those_of_the_day(table, world):
    say(world, world.commitment, "red", "2022-05-10")
    world.commitment.evidence = "New words"
    world.commitment.save()
    lead = world.commitment.leads.get(person=world.people["lead"])
    lead.ends_on = timezone.localdate() - timedelta(days=10)
    lead.save()
    before = (timezone.localdate() - timedelta(days=20)).isoformat()
    page = table(area="1", as_at=before)
    assert "What 1.1.1a promises is there" in page
    assert "New words" not in page
    assert refs(table(lead=world.people["lead"].pk, as_at=before)) == ["1.1.1a", "1.1.1b"]
    assert refs(table(lead=world.people["lead"].pk)) == ["1.1.1b"]
    assert refs(table(rating="red", as_at="2022-05-09")) == []
    assert refs(table(rating="red", as_at="2022-05-10")) == ["1.1.1a"]
    assert f'href="{reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])}?as_at=' in page
    assert f'name="as_at" value="{before}"' in page


def test_before_the_first_record_the_page_says_so(table):
    page = table(as_at="2021-01-01")
    assert "nothing of this plan was on record" in page
    assert refs(page) == []


def test_a_plan_kept_as_published_shows_no_ratings(table, world):
    world.plan.tracked_from = None
    world.plan.save()
    page = table()
    assert "kept here as it was published" in " ".join(page.split())
    assert "col-colour" not in page
    assert refs(table(sort="colour")) == refs(page) == ["1.1.1a", "1.1.1b", "2.1.1a"]


def test_changing_the_day_keeps_the_filter(client, world):
    client.force_login(world.users["member"])
    address = reverse("actions:commitments", args=[world.plan.slug])
    page = client.get(f"{address}?area=1&as_at=2023-01-31").content.decode()
    assert f'href="{address}?area=1">Go to today' in page
    answer = client.get(
        reverse("pages:dates", args=[world.plan.slug]),
        {"next": f"{address}?area=1&as_at=2023-01-31", "day": "30/6/2022"},
    )
    assert answer["Location"] == f"{address}?area=1&as_at=2022-06-30"


# --- Bad input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"area": "99"}, "Choose an area of this plan"),
        ({"area": "1' OR 1=1"}, "Choose an area of this plan"),
        ({"action": "\x00"}, "Choose an action of this plan"),
        ({"rating": "pink"}, "Choose from the ratings of the list"),
        ({"rating": ["red", "pink"]}, "Choose from the ratings of the list"),
        ({"needs": "help"}, "Choose from the reasons of the list"),
        ({"lead": "999999999999999999999999"}, "Choose somebody who leads in this plan"),
        ({"organisation": "\u202eNHS"}, "Choose an organisation that leads in this plan"),
        ({"due_from": "soon"}, "Enter a month and a year, for example"),
        ({"due_to": "13/2022"}, "Enter a month and a year, for example"),
        ({"due_to": "2022-00"}, "Enter a month and a year, for example"),
        ({"due_to": "12/99999"}, "Enter a month and a year, for example"),
        ({"changed_since": "31/2/2022"}, "Enter a date, for example 31/1/"),
        ({"changed_since": "1/1/2099"}, "That day has not come yet"),
        ({"q": "a\x00b"}, "There is a character here that cannot be shown"),
        ({"q": "x" * 301}, "This is too long: 301 characters"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_narrows_nothing(table, query, words):
    page = table(status=422, **query)
    assert words in page
    assert "<title>Error: " in " ".join(page.split())
    assert refs(page) == ["1.1.1a", "1.1.1b", "2.1.1a"]
    assert "/commitments.csv" not in page


def test_a_field_that_can_be_read_still_narrows(table):
    assert refs(table(status=422, area="2", due_from="soon")) == ["2.1.1a"]
    page = table(status=422, due_from="3/2023", due_to="2/2023")
    assert "Give a month from March 2023 on" in page
    assert refs(page) == ["1.1.1b"]


@pytest.mark.parametrize("sort", ["nothing", "-", "--now", "name", "strip", "desk", "now,ref"])
def test_an_unknown_order_is_the_plans_own(table, sort):
    assert refs(table(sort=sort)) == ["1.1.1a", "1.1.1b", "2.1.1a"]


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "👩🏽‍🎓 שלום", "\u202etxt.exe", "%", "'"],
)
def test_hostile_words_are_only_words(table, world, text):
    Commitment.objects.filter(pk=world.second.pk).update(evidence=f"{text} stands here")
    page = table(q=text)
    assert refs(page) == ["1.1.1b"]
    assert "<script>alert" not in page


def test_a_reader_of_another_plan_learns_nothing(client, world):
    client.force_login(world.users["outsider"])
    for address in ("commitments/", "commitments.csv", "risks/", "risks.xlsx"):
        assert client.get(f"/plans/{world.plan.slug}/{address}").status_code == 404


def test_two_days_stand_beside_each_other_on_the_page_and_in_the_file(client, world):
    before = timezone.localdate() - timedelta(days=30)
    for days, brag in ((60, "green"), (5, "amber")):
        make_update(
            world.commitment,
            world.users["lead"],
            brag=brag,
            progress="Something happened.",
            late_reason="The tender ran twice.",
            risk=NewRisk("No staff") if brag == "amber" else None,
            effective_at=timezone.now() - timedelta(days=days),
            source="minutes",
        )
    client.force_login(world.users["member"])
    address = reverse("actions:commitments", args=[world.plan.slug])
    words = client.get(f"{address}?compare_with={before}").content.decode()
    assert "was Green" in words
    assert "was Green" not in client.get(address).content.decode()
    file = reverse("actions:commitments_file", args=[world.plan.slug, "csv"])
    rows = client.get(f"{file}?compare_with={before}").content.decode("utf-8-sig").splitlines()
    heads = next(csv.reader(rows))
    row = dict(zip(heads, next(csv.reader(rows[1:])), strict=True))
    assert (row["Rating"], row[f"Rating on {before}"]) == ("Amber", "Green")
    assert row[f"Completion on {before}"] == "2022-12"

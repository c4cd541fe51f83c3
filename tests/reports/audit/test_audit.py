"""The history of edits: who changed what, when, what stood before; and what it never tells."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlencode

import pghistory
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from actions import memberships
from actions.evidence import evidence, restricted_notes
from actions.models import (
    Body,
    BodyMember,
    CommitmentLead,
    Evidence,
    LocalArea,
    Membership,
    Organisation,
    PeriodTreatment,
    Person,
)
from actions.models.base import date_columns
from actions.pages import formatting
from actions.plan import amendments
from actions.progress.update_answers import NewRisk
from actions.rules.dates import PlanDate
from actions.rules.levels import NAMES as LEVEL_NAMES
from kpis.models import Kpi, KpiCommitment
from reports.audit.reading import Edits, Wanted
from reports.audit.sources import LEFT_OUT, SOURCES
from reports.audit.text import NAMES
from reports.drafts.outside import said_outside
from reports.models import Approver, ReportSeries
from tests.factories import (
    at,
    make_action,
    make_area,
    make_commitment,
    make_cycle,
    make_meeting,
    make_plan,
    make_update,
)
from tests.planfile.files import small
from tests.reports import draft_builders
from wsoa.planfile.importing import import_plan


def ask(client, world, persona="member", **narrowed):
    client.force_login(world.users[persona])
    address = reverse("reports:history", args=[world.plan.slug])
    return client.get(f"{address}?{urlencode(narrowed)}" if narrowed else address)


def text_of(markup):
    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())


def told(answer):
    """The edits of the page as texts: verb, what, then each field with what became of it."""
    sheet = answer.content.decode().split("<aside")[0]
    found = []
    for edit in sheet.split("<time ")[1:]:
        edit = edit.split("</li>")[0]
        verb = text_of(re.search(r'<div class="kind">(.*?)</div>', edit)[1])
        title = text_of(re.search(r'<p class="name">(.*?)</p>', edit)[1])
        fields = [
            f"{text_of(label)}: {text_of(value)}"
            for label, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", edit, re.DOTALL)
        ]
        by = text_of(re.search(r'<p class="note">([^<]*)</p>\s*</div>\s*$', edit)[1])
        found.append((verb, title, *fields, by))
    return found


def newest(client, world, **narrowed):
    return told(ask(client, world, **narrowed))[0]


def edited_by(user):
    return pghistory.context(user=user.pk, url="/somewhere/")


@pytest.fixture
def officer(world):
    return world.users["officer"]


# --- Who, when, before and after --------------------------------------------------------------


def test_an_edit_says_who_and_what_it_said_before_and_after(client, world, officer):
    with edited_by(officer):
        world.commitment.title = "Shorter waits"
        world.commitment.save()
    assert newest(client, world) == (
        "Changed",
        "Commitment 1.1.1a",
        "Title: Shorter waits",
        "By The officer.",
    )
    with edited_by(world.users["sro"]):
        world.commitment.title = "No waits"
        world.commitment.save()
    answer = ask(client, world)
    assert told(answer)[0][2:] == ("Title: Shorter waits → became No waits", "By The sro.")
    assert f'/plans/{world.plan.slug}/commitments/1.1.1a/"' in answer.content.decode()
    assert f"{timezone.localtime():%H:}" in text_of(answer.content.decode())


def test_values_read_as_people_say_them(client, world, officer):
    """Months, people by name, choices by their labels, amounts in pounds."""
    plan = world.plan
    plan.ends_on = date(2023, 9, 1)
    plan.kind = "improvement_plan"
    plan.save()
    assert newest(client, world) == (
        "Changed",
        "The plan",
        "Kind: Written Statement of Action → became Improvement plan",
        "Ends: June 2023 → became September 2023",
        "By A command on the server.",
    )
    plan.ends_on, plan.ends_is_day = date(2023, 9, 1), True
    plan.save()
    assert newest(client, world)[2] == "Ends: September 2023 → became 1 September 2023"
    world.people["lead"].organisation = world.nhs
    world.people["lead"].save()
    assert newest(client, world)[1:3] == (
        "Person, The lead",
        "Organisation: The county council → became The health board",
    )
    lead = CommitmentLead.objects.filter(commitment=world.commitment).first()
    lead.ends_on = date(2023, 1, 31)
    lead.save()
    assert newest(client, world)[1:3] == ("Lead of 1.1.1a", "Ends: 31 January 2023")
    world.area.withdrawn_at = timezone.now()
    world.area.save()
    assert newest(client, world)[1] == "Area 1"
    assert newest(client, world)[2].startswith("Withdrawn: ")


def test_words_of_a_plan_for_its_levels_and_colours_are_told(client, world, officer):
    plan = world.plan
    plan.level_names = {"area": "Priority"}
    plan.save()
    assert newest(client, world)[2].endswith(": area: Priority")
    plan.colour_key = [
        {"word": "Complete", "means": "blue", "text": "Nothing is left to do"},
        {"word": "On track", "means": "green"},
    ]
    plan.save()
    assert newest(client, world)[2] == (
        "Colour key: Complete (Completed and embedded): Nothing is left to do; "
        "On track (On track, no concerns)"
    )


def test_a_changed_works_with_link_says_who_before_and_after(client, world, officer):
    with edited_by(officer):
        world.action.works_with.add(world.other_area)
    assert newest(client, world) == (
        "Added",
        "Action 1.1.1, works with",
        "Area: Area 2",
        "By The officer.",
    )
    with edited_by(world.users["sro"]):
        world.action.works_with.set([])
    assert newest(client, world) == (
        "Removed",
        "Action 1.1.1, works with",
        "Area: Area 2 taken out",
        "By The sro.",
    )


def test_a_changed_audience_says_who_before_and_after(client, world, officer):
    series = ReportSeries.objects.create(
        plan=world.plan,
        code="monthly",
        position=1,
        title="Monthly report",
        rhythm="monthly",
        content="kpis",
    )
    board = Body.objects.create(plan=world.plan, position=1, name="The board", kind="board")
    with edited_by(officer):
        series.audiences.add(board)
    added = ("Added", "Monthly report, audience", "Body: The board", "By The officer.")
    assert newest(client, world)[:2] == added[:2]
    assert newest(client, world)[3] == added[3]
    assert newest(client, world)[2].endswith("The board")
    with edited_by(officer):
        series.audiences.remove(board)
    assert newest(client, world)[0] == "Removed"
    assert newest(client, world)[2].endswith("The board taken out")


def test_changes_of_a_series_and_of_an_approver_are_told(client, world, officer):
    with edited_by(officer):
        series = ReportSeries.objects.create(
            plan=world.plan,
            code="quarterly",
            position=1,
            title="Quarterly report",
            rhythm="quarterly",
            content="formal",
        )
        approver = Approver.objects.create(
            plan=world.plan,
            organisation=world.council,
            user=world.users["sro"],
            office="Director",
        )
    with edited_by(officer):
        series.year_starts_in, series.due_after = 1, 15
        series.save()
        approver.office = "Chief officer"
        approver.save()
    assert told(ask(client, world, group="reports", change="update")) == [
        (
            "Changed",
            "Approver of reports for The county council",
            "Office: Director → became Chief officer",
            "By The officer.",
        ),
        (
            "Changed",
            "Quarterly report",
            "Year of quarters and half-years starts in: April → became January",
            "Working days to the day it is due: 10 → became 15",
            "By The officer.",
        ),
    ]


def test_changed_ties_of_a_kpi_and_of_a_bodys_members_are_told(client, world, officer):
    kpi = Kpi.objects.create(
        plan=world.plan,
        code="K1",
        position=1,
        title="Weeks waited",
        unit="weeks",
        direction="lower",
        kind="quantity",
    )
    board = Body.objects.create(plan=world.plan, position=1, name="The board", kind="board")
    member = BodyMember.objects.create(body=board, position=1, role="Chair")
    with edited_by(officer):
        tie = KpiCommitment.objects.create(kpi=kpi, commitment=world.commitment, position=0)
        tie.delete()
        member.people.add(world.people["sro"])
        member.organisations.add(world.council)
    found = told(ask(client, world))[:4]
    assert [(one[0], one[1], one[2]) for one in found] == [
        ("Added", "Chair of The board, organisations", "Organisation: The county council"),
        ("Added", "Chair of The board, people", "Person: The sro"),
        ("Removed", "KPI K1, commitments", "Commitment: 1.1.1a taken out"),
        ("Added", "KPI K1, commitments", "Commitment: 1.1.1a"),
    ]


def test_a_part_in_the_plan_that_was_taken_back_is_told(client, world, officer):
    part = Membership.objects.get(user=world.users["lead"])
    deputy = memberships.name_deputy(
        of=part,
        user=world.users["member"],
        starts_on=date(2030, 1, 1),
        ends_on=date(2030, 1, 31),
    )
    with edited_by(officer):
        memberships.end_membership(membership=deputy)
    removed = newest(client, world)
    assert removed[:2] == ("Removed", "Part of The member in the plan")
    assert "Role: Action lead taken out" in removed
    assert "Stands in for: The lead taken out" in removed


def test_what_comes_from_a_plan_file_says_so(client, world):
    import_plan(small(), name="a.yaml", officer=world.users["lead"])
    by = world.users["officer"]
    import_plan(
        small(('title: "Waits"', 'title: "Waiting"')), by=by, reason="As agreed", name="b.yaml"
    )
    slug = Membership.objects.filter(user=world.users["lead"]).latest("pk").plan.slug
    client.force_login(world.users["lead"])
    found = told(client.get(reverse("reports:history", args=[slug]) + "?what=actions"))
    assert found[0] == (
        "Changed",
        "Area 1",
        "Title: Waits → became Waiting",
        "By The officer. Plan file, b.yaml. Reason: As agreed",
    )
    assert found[-1][0] == "Added"
    assert found[-1][-1] == "Plan as agreed, a.yaml. Reason: As in the plan file"


def test_a_page_that_writes_is_noted_with_its_user(client, world, officer):
    client.force_login(officer)
    group = make_meeting(world.plan).body
    sent = {"body": group.pk, "held_on": "12/1/2030", "papers_due_on": "5/1/2030"}
    client.post(reverse("pages:periods", args=[world.plan.slug]), sent)
    assert newest(client, world)[1::3] == ("Meeting of The steering group", "By The officer.")


def test_what_was_chosen_of_update_periods_is_told_in_words(client, world, officer):
    """Each with the day from which it holds; what its kind does not need is left out."""
    board = make_meeting(world.plan, kind="board").body
    start = date(2031, 4, 1)
    make_cycle(world.plan, start, "meetings", body=board, days_before_papers=3, grace_days=0)
    assert newest(client, world) == (
        "Recorded",
        "When updates are asked for",
        "Starts: 1 April 2031",
        "Kind: Before each meeting of a board or group",
        "Group or board: The board",
        "Closes so many working days before papers are due: 3",
        "Working days of grace: 0",
        "Test.",
    )
    days = [date(2031, 5, 14), date(2031, 7, 1)]
    make_cycle(world.plan, start, "dates", closing_days=days)
    assert newest(client, world)[4] == "Closes on: 14 May 2031; 1 July 2031"
    PeriodTreatment.objects.create(
        plan=world.plan, day=date(2031, 8, 1), treatment="skipped", by=officer
    )
    assert newest(client, world) == (
        "Recorded",
        "One update period",
        "First day: 1 August 2031",
        "Treatment: No updates are asked for",
        "By The officer.",
    )


def test_each_act_on_a_report_is_told_and_none_of_its_draft_words(client, world, officer):
    """Begun, worded, cut off again, signed, returned, approved, published: newest first."""
    draft_builders.set_up_and_said(world)
    with edited_by(officer):
        report = draft_builders.begin(world)
        draft_builders.put(world, report, "commitment:1.1.1a:progress", "A wombat was hired.")
        report = draft_builders.cut_off_now(report)
    draft_builders.sign_area(world, report)
    draft_builders.approve(world, report, is_approved=False, reason="Say who pays.")
    draft_builders.approve(world, report)
    draft_builders.put_out(world, report)
    called = f"The formal report, {report.number}, version 1"
    answer = ask(client, world, "lead", what="reports")
    assert "wombat" not in answer.content.decode()
    published, approved, returned, signed, cut_off, worded, begun = told(answer)[:7]
    assert published == ("Recorded", f"Publication of {called}", "By The officer.")
    assert approved[:4] == (
        "Recorded",
        f"Answer to {called}",
        "Organisation: The county council",
        "Approved: Yes",
    )
    assert returned[3:5] == ("Approved: No", "Reason: Say who pays.")
    assert returned[-1] == "By The chair."
    assert signed[:3] == ("Recorded", f"Signature under {called}", "Area: Area 1")
    assert signed[-1] == "By The sro."
    assert cut_off[:2] == ("Changed", called)
    assert re.fullmatch(
        r"With what was recorded by: (.+, \d\d:\d\d:\d\d) → became (.+, \d\d:\d\d:\d\d)", cut_off[2]
    )
    assert worded == ("Added", f"Text of {called}: commitment 1.1.1a progress", "By The officer.")
    assert begun[:2] == ("Added", called)
    assert begun[-1] == "By The officer."


def test_what_was_said_outside_is_told_with_who_recorded_and_checked_it(client, world, officer):
    draft_builders.set_up_and_said(world)
    report = draft_builders.begin(world)
    said = draft_builders.said_by_the_chair(world, report)
    said_outside.check_said_outside(
        said=said, by=officer, is_confirmed=True, today=timezone.localdate()
    )
    answer = ask(client, world, "lead", what="reports")
    # The message is for whoever checks it.
    assert "I approve it." not in answer.content.decode()
    checked, approved, recorded = told(answer)[:3]
    called = f"The formal report, {report.number}, version 1"
    today = formatting.short_day(timezone.localdate())
    assert recorded == (
        "Recorded",
        f"Said outside of {called}",
        "Organisation: The county council",
        "Approved: Yes",
        "Name: The chair",
        "Office: Chief officer",
        "How it was said: E-mail",
        f"Said on: {today}",
        "Kept: Programme mailbox",
        "By The recorder.",
    )
    assert approved[1:4] == (
        f"Answer to {called}",
        "Organisation: The county council",
        "Approved: Yes",
    )
    assert approved[-1] == (f"E-mail, {today}, recorded by The recorder, checked by The officer.")
    assert checked == (
        "Recorded",
        "Second person’s check of what was said outside by The chair",
        "Confirmed: Yes",
        "By The officer.",
    )


# --- Records ----------------------------------------------------------------------------------


def test_records_stand_among_the_edits(client, world, officer):
    make_update(
        world.commitment,
        world.users["lead"],
        brag="amber",
        progress="Work goes on.",
        risk=NewRisk("No staff"),
        late_reason="It ran late.",
        working_note="Between us",
    )
    completion = world.commitment.key_dates.get(kind="completion")
    amendments.move_date(
        key_date=completion,
        to=PlanDate.parse("2023-03"),
        reason="The tender ran twice.",
        by=officer,
        decided_by="The steering group",
    )
    found = told(ask(client, world, what="records"))
    assert found[0] == (
        "Recorded",
        "Date of 1.1.1a",
        "Kind: Completion",
        "Date: December 2022 → became March 2023",
        "Reason: The tender ran twice.",
        "Decided by: The steering group",
        "By The officer.",
    )
    assert next(one[:4] for one in found if one[1].startswith("Update")) == (
        "Recorded",
        "Update of 1.1.1a",
        "Colour: Amber",
        "Progress: Work goes on.",
    )
    assert "Between us" not in ask(client, world).content.decode()


def test_a_record_of_an_earlier_day_says_so(client, world, officer):
    make_update(
        world.elsewhere,
        officer,
        on_behalf_of=world.people["other_lead"],
        brag="green",
        progress="The team is there.",
        effective_at=at("2022-05-31"),
        source="paper form",
    )
    assert newest(client, world)[1:] == (
        "Update of 2.1.1a",
        "Colour: Green",
        "Progress: The team is there.",
        "On behalf of: The other lead",
        "By The officer. Said of 31 May 2022. Paper form.",
    )


def test_what_is_restricted_is_told_without_its_words_and_its_author(client, world, officer):
    author = world.users["lead"]
    restricted_notes.add_restricted_note(
        commitment=world.commitment, by=author, kind="legal", text="The wombat sues"
    )
    hidden = evidence.add_evidence(
        commitment=world.commitment,
        by=author,
        title="A wombat's letter",
        visibility=Evidence.Visibility.RESTRICTED,
    )
    evidence.withdraw_evidence(evidence=hidden, by=author, reason="The wombat left")
    evidence.add_evidence(commitment=world.commitment, by=author, title="Minutes")
    for persona in ("officer", "member"):
        answer = ask(client, world, persona, what="records")
        assert "wombat" not in answer.content.decode()
        found = told(answer)
        assert found[0][:3] == ("Recorded", "Evidence for 1.1.1a", "Title: Minutes")
        assert [one[1:] for one in found[1:4]] == [
            ("Evidence withdrawn", "What it says: Restricted, so not shown here", ""),
            ("Evidence for 1.1.1a", "What it says: Restricted, so not shown here", ""),
            (
                "Restricted note on 1.1.1a",
                "Kind: Legal",
                "What it says: Restricted, so not shown here",
                "",
            ),
        ]
    # Nor does asking for somebody's edits tell whose they were.
    assert [one[1] for one in told(ask(client, world, what="records", who=author.pk))] == [
        "Evidence for 1.1.1a"
    ]
    page = client.get(reverse("reports:history_file", args=[world.plan.slug, "csv"]))
    assert "wombat" not in page.content.decode()


def test_no_address_for_mail_is_told(client, world, officer):
    page = ask(client, world, "officer").content.decode()
    assert "Part of The lead in the plan" in page
    assert "@example.org" not in page


def test_a_figure_that_could_tell_who_is_meant_is_not_told(client, world):
    kpi = Kpi.objects.create(
        plan=world.plan,
        code="K1",
        position=1,
        title="Children excluded",
        unit="children",
        direction="lower",
        kind="quantity",
        counts_people=True,
        baseline=3,
        **date_columns(PlanDate.parse("2022-01"), "baseline_"),
    )
    kpi.baseline = 4
    kpi.save()
    changed, added = told(ask(client, world, what="kpis"))
    assert changed[2].startswith("Baseline: a figure")
    assert not any(re.search(r"\b[34]\b", words) for words in (*changed, *added))


# --- Of this plan alone -----------------------------------------------------------------------


def test_other_plans_are_not_told_though_they_share_a_local_area(client, world):
    neighbour = make_plan(local_area=world.plan.local_area)
    stranger = Person.objects.create(local_area=world.plan.local_area, name="Somebody Unheard-of")
    Organisation.objects.create(
        local_area=world.plan.local_area, code="UNH", name="An Unheard-of trust"
    )
    commitment = make_commitment(
        make_action(make_area(neighbour, 7), "7.1.1"), leads=(stranger,), due="2022-12"
    )
    commitment.title = "Unheard-of"
    commitment.save()
    page = ask(client, world).content.decode()
    assert "Unheard-of" not in page
    assert "7.1.1" not in page
    CommitmentLead.objects.create(commitment=world.second, person=stranger, position=3)
    assert "Person, Somebody Unheard-of" in ask(client, world).content.decode()


# --- Narrowing, pages and days ----------------------------------------------------------------


def test_the_list_is_narrowed(client, world, officer):
    with edited_by(officer):
        world.commitment.title = "Shorter waits"
        world.commitment.save()
        world.action.works_with.add(world.other_area)
        world.action.works_with.clear()
    titles = {"Commitment 1.1.1a", "Action 1.1.1, works with"}
    mine = told(ask(client, world, who=officer.pk))
    assert {one[1] for one in mine} == titles
    assert [one[0] for one in mine] == ["Removed", "Added", "Changed"]
    assert [one[0] for one in told(ask(client, world, change="delete"))] == ["Removed"]
    assert {one[0] for one in told(ask(client, world, change="record"))} == {"Recorded"}
    commitments = told(ask(client, world, what="commitments"))
    assert {one[1].split()[0] for one in commitments} == {"Commitment", "Lead"}
    nobodys = told(ask(client, world, who="nobody"))
    assert all("The officer" not in one[-1] for one in nobodys)
    under = {one[1] for one in told(ask(client, world, ref="1.1.1a"))}
    assert under == {"Commitment 1.1.1a", "Lead of 1.1.1a", "Date of 1.1.1a"}
    assert "Action 1.1.1, works with" in {one[1] for one in told(ask(client, world, ref="1.1.1"))}
    assert {one[1] for one in told(ask(client, world, ref="2"))} == {
        "Area 2",
        "Senior responsible officer of Area 2",
        "Theme 2.1",
        "Action 2.1.1",
        "Lead named by action 2.1.1",
        "Commitment 2.1.1a",
        "Lead of 2.1.1a",
        "Date of 2.1.1a",
    }
    # By the day of the first edit: a run may begin on one day and end on the next.
    first = LocalArea.pgh_event_model.objects.earliest(  # type: ignore[attr-defined]
        "pgh_created_at"
    )
    began = timezone.localdate(first.pgh_created_at)
    day_before, tomorrow = began - timedelta(days=1), timezone.localdate() + timedelta(days=1)
    assert told(ask(client, world, since=began)) == told(ask(client, world))
    assert told(ask(client, world, until=day_before)) == []
    assert told(ask(client, world, until=tomorrow)) == told(ask(client, world))
    assert told(ask(client, world, as_at=day_before)) == []
    assert "Nothing matches" in ask(client, world, until=day_before).content.decode()


@pytest.mark.parametrize(
    ("narrowed", "words"),
    [
        ({"who": "me"}, "Choose somebody of this plan"),
        ({"what": "money"}, "Choose a part from the list"),
        ({"change": "burnt"}, "Choose a change from the list"),
        ({"since": "soon"}, "Enter a date, for example 31/1/"),
        ({"since": "1/1/2099"}, "That day has not come yet"),
        ({"since": "2/2/2022", "until": "1/1/2022"}, "Give a day from 2 February 2022 on"),
        ({"ref": "x" * 41}, "This is too long: 41 characters, and 40 fit"),
        ({"ref": "\x00"}, "cannot be shown"),
    ],
)
def test_a_filter_that_cannot_be_read_says_so_and_makes_no_file(client, world, narrowed, words):
    answer = ask(client, world, **narrowed)
    assert answer.status_code == 422
    assert words in unescape(answer.content.decode())
    file = reverse("reports:history_file", args=[world.plan.slug, "csv"])
    assert client.get(file, narrowed).status_code == 400


@pytest.mark.parametrize("ref", ["(?![0-9])*", "[", "\\", "%", "'", "👩🏽‍🎓"])
def test_signs_with_a_meaning_elsewhere_find_nothing(client, world, ref):
    answer = ask(client, world, ref=ref)
    assert answer.status_code == 200
    assert told(answer) == []


def test_fifty_stand_on_a_page_and_the_rest_on_the_next(client, world):
    for letter in range(60):
        world.commitment.title = f"Title {letter}"
        world.commitment.save()
    first, second = (told(ask(client, world, change="update", page=page)) for page in (1, 2))
    assert (len(first), len(second)) == (50, 10)
    assert "Title 58 → became Title 59" in first[0][2]
    assert "Title 9 → became Title 10" in first[49][2]
    assert "Title 8 → became Title 9" in second[0][2]
    assert told(ask(client, world, change="update", page=99)) == second
    assert told(ask(client, world, change="update", page="x")) == first


# --- As a file --------------------------------------------------------------------------------


def test_the_same_lines_are_taken_away_as_a_file(client, world, officer):
    with edited_by(officer):
        world.commitment.title = "=cmd|' /C calc'!A0"
        world.commitment.evidence = "Otherwise"
        world.commitment.save()
    address = reverse("reports:history_file", args=[world.plan.slug, "csv"])
    client.force_login(world.users["member"])
    page = client.get(f"{address}?change=update")
    rows = list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert [(row["What"], row["Ref"], row["Field"], row["Who"]) for row in rows] == [
        ("Commitment 1.1.1a", "1.1.1a", "Title", "The officer"),
        ("Commitment 1.1.1a", "1.1.1a", "Evidence of success", "The officer"),
    ]
    assert rows[0]["After"] == "'=cmd|' /C calc'!A0"
    assert rows[1]["Before"] == "What 1.1.1a promises is there"
    assert rows[0]["Day"] == f"{timezone.localdate():%Y-%m-%d}"
    book = load_workbook(
        io.BytesIO(client.get(address.replace("csv", "xlsx") + "?change=update").content)
    )
    sheet = book["History of edits"]
    assert sheet["J2"].value == "=cmd|' /C calc'!A0"
    assert sheet["J2"].data_type == "s"
    assert client.get(address.replace("csv", "odt")).status_code == 404


def test_more_than_a_file_holds_is_refused_in_words(client, world, monkeypatch):
    from reports.audit import history_views

    monkeypatch.setattr(history_views, "FILE_HOLDS", 5)
    page = ask(client, world).content.decode()
    assert "Narrow the list to 5 edits or fewer" in page
    assert "Download:" not in page
    answer = client.get(reverse("reports:history_file", args=[world.plan.slug, "csv"]))
    assert answer.status_code == 400
    assert "Narrow them by their days first" in answer.content.decode()


# --- Nothing is forgotten ---------------------------------------------------------------------


def tracked():
    return {model for model in apps.get_models() if "pgh_event_model" in dir(model)}


def test_every_tracked_table_is_told_or_left_out_on_purpose():
    told_of = {source.model for source in SOURCES if not source.is_record}
    # How and when a plan writes to its people is no part of the plan; it stands above this room.
    of_mails = {model for model in tracked() if model._meta.app_label == "reaching"}
    assert tracked() - of_mails == told_of | LEFT_OUT


def test_every_tracked_table_keeps_what_is_added_changed_and_removed():
    for model in tracked():
        labels = {tracker.label for tracker in model.pgh_event_model.pgh_trackers}
        assert labels == {"insert", "update", "delete"}, model


def test_every_many_to_many_table_is_tracked():
    tables = {model._meta.db_table for model in tracked()}
    for app in ("actions", "kpis", "reports"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.many_to_many:
                if model in tracked():
                    assert field.remote_field.through._meta.db_table in tables, field


def test_whatever_a_row_points_at_has_a_name():
    for source in SOURCES:
        for field in source.model._meta.concrete_fields:
            if not field.is_relation or (source.is_record and field.name not in source.told):
                continue
            assert field.related_model in NAMES, (source.model, field.name)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.key)
def test_every_source_can_be_asked(world, source):
    """Its fields, its ways to the plan and to a reference are there."""
    verb = "record" if source.is_record else ""
    wanted = Wanted(timezone.localdate(), group=source.group, verb=verb)
    edits = Edits(world.plan, wanted)
    assert len(edits[:50]) == min(edits.count(), 50)
    if source.ref:
        Edits(world.plan, Wanted(timezone.localdate(), group=source.group, ref="1")).count()
    names = {field.name for field in source.model._meta.concrete_fields}
    of_levels = {name.capitalize() for name in LEVEL_NAMES} | {
        f"the_{name}" for name in LEVEL_NAMES
    }
    assert set(re.findall(r"{(\w+)}", source.title)) <= names | of_levels | {"Blue"}
    assert set(source.told) <= names


# --- Speed ------------------------------------------------------------------------------------


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("name", ["reports:history", "reports:history_file"])
def test_the_history_takes_as_many_queries_whatever_its_size(client, world, officer, name):
    arguments = [world.plan.slug] + (["csv"] if name.endswith("file") else [])
    address = reverse(name, args=arguments)
    client.force_login(world.users["lead"])
    with edited_by(officer):
        world.commitment.title = "Otherwise"
        world.commitment.save()
    few = queries(client, address)
    for letter in "cdefghijklmnopqrst":
        commitment = make_commitment(
            world.action, letter, leads=(world.people["lead"],), due="2022-12"
        )
        commitment.title = letter
        commitment.save()
    many = queries(client, address)
    assert len(many) == len(few)
    assert len(many) <= 14, "\n".join(many)

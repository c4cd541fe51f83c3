"""Report series, approvers and the Word file: what an officer sets up in the browser."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import Body, Membership, ResponsibleOrganisation
from reports.drafts import drafting
from reports.models import Approver, Publication, Report, ReportSeries, WordTemplate
from reports.series import editing
from tests.factories import make_user
from tests.reports.series.test_branding import template, upload

SERIES = {
    "title": "Board report",
    "rhythm": "quarterly",
    "content": "formal",
    "year_starts_in": "1",
    "due_after": "15",
}


@pytest.fixture
def officer(client, world):
    """Signed in, with a board, and both organisations responsible for the plan."""
    world.board = Body.objects.create(plan=world.plan, position=1, name="SEND Board", kind="board")
    for position, organisation in enumerate((world.council, world.nhs)):
        ResponsibleOrganisation.objects.create(
            plan=world.plan, organisation=organisation, position=position
        )
    client.force_login(world.users["officer"])
    return client


def address(world, name, kind="report-series", *args):
    return reverse(f"actions:{name}", args=[world.plan.slug, kind, *args])


def add(client, world, kind="report-series", **sent):
    return client.post(address(world, "add_part", kind), sent)


def change(client, world, row, kind="report-series", **sent):
    """Send the form of a part as it is shown, but for what is given."""
    page = client.get(address(world, "edit_part", kind, row.pk))
    marks = re.search(r'name="version" value="([^"]*)"', page.content.decode())[1]
    shown = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    shown = {
        name: f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else value
        for name, value in shown.items()
        if value is not None
    }
    if "audiences" in shown:
        shown["audiences"] = [getattr(body, "pk", body) for body in shown["audiences"]]
    for name in ("organisation", "user", "body"):
        if name in shown:
            shown[name] = getattr(shown[name], "pk", shown[name])
    return client.post(
        address(world, "edit_part", kind, row.pk), {**shown, "version": marks, **sent}
    )


def report_of(series, user, **fields):
    period = series.cycle.period_of(date(2022, 5, 1))
    return Report.objects.create(
        series=series,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        number=period.number,
        as_at=period.ends_on,
        known_at=timezone.now(),
        prepared_by=user,
        **fields,
    )


# --- Series -------------------------------------------------------------------------------------


def test_a_series_is_added_and_changed(officer, world):
    assert add(officer, world, **SERIES, audiences=[world.board.pk]).status_code == 302
    series = ReportSeries.objects.get()
    assert (series.code, series.rhythm, series.content) == ("quarterly", "quarterly", "formal")
    assert (series.year_starts_in, series.due_after, series.anchor_on) == (1, 15, None)
    assert list(series.audiences.all()) == [world.board]
    assert change(officer, world, series, title="Report to the board").status_code == 302
    series.refresh_from_db()
    assert series.title == "Report to the board"
    page = officer.get(reverse("reports:series", args=[world.plan.slug])).content.decode()
    assert "Quarterly, to SEND Board" in page


def test_two_of_one_rhythm_have_codes_of_their_own(officer, world):
    add(officer, world, **SERIES)
    add(officer, world, **SERIES | {"title": "Another"})
    codes = ReportSeries.objects.order_by("id").values_list("code", flat=True)
    assert list(codes) == ["quarterly", "quarterly-2"]


def test_only_a_6_weekly_report_has_a_first_day_and_it_must(officer, world):
    sent = SERIES | {"rhythm": "six_weekly", "content": "exceptions"}
    answer = add(officer, world, **sent)
    assert answer.status_code == 422
    assert "Give the first day, from which its periods are counted" in answer.content.decode()
    assert add(officer, world, **sent, anchor_on="10/1/2022").status_code == 302
    series = ReportSeries.objects.get()
    assert series.anchor_on == date(2022, 1, 10)
    page = officer.get(address(world, "edit_part", "report-series", series.pk)).content.decode()
    assert "First day of its first period" in page
    assert "In which month does its year begin?" not in page
    # Another rhythm has none.
    assert change(officer, world, series, rhythm="monthly").status_code == 302
    series.refresh_from_db()
    assert series.anchor_on is None


def test_a_series_of_every_so_many_weeks_says_how_many_and_from_when(officer, world):
    sent = SERIES | {"rhythm": "weeks", "content": "exceptions"}
    answer = add(officer, world, **sent, anchor_on="10/1/2022")
    assert answer.status_code == 422
    assert "Enter a number of weeks from 1 to 26" in answer.content.decode()
    for wrong in ("0", "27", "four"):
        answer = add(officer, world, **sent, anchor_on="10/1/2022", weeks=wrong)
        assert "Enter a number of weeks from 1 to 26" in answer.content.decode()
    assert not ReportSeries.objects.exists()
    assert add(officer, world, **sent, anchor_on="10/1/2022", weeks="4").status_code == 302
    series = ReportSeries.objects.get()
    assert (series.code, series.weeks, series.anchor_on) == ("weeks", 4, date(2022, 1, 10))
    page = officer.get(reverse("reports:series", args=[world.plan.slug])).content.decode()
    assert "Every 4 weeks, to nobody yet" in page
    # A report of it holds the number of weeks as it is.
    report_of(series, world.users["officer"])
    answer = change(officer, world, series, weeks="5")
    assert answer.status_code == 422
    assert "Remove the series and add another instead" in answer.content.decode()


def test_a_series_for_meetings_names_the_board_and_lets_go_of_it(officer, world):
    sent = SERIES | {"rhythm": "meetings"}
    answer = add(officer, world, **sent)
    assert answer.status_code == 422
    for words in ("Choose the board or group", "Give the first day, from which its periods"):
        assert words in answer.content.decode()
    sent |= {"anchor_on": "10/1/2022", "body": world.board.pk}
    assert add(officer, world, **sent).status_code == 302
    series = ReportSeries.objects.get()
    assert (series.body, series.weeks, series.anchor_on) == (world.board, None, date(2022, 1, 10))
    page = officer.get(reverse("reports:series", args=[world.plan.slug])).content.decode()
    assert "For each meeting of SEND Board, to nobody yet" in page
    # The board stays while reports are made for its meetings.
    removed = officer.post(address(world, "remove_part", "body", world.board.pk))
    assert removed.status_code == 422
    world.board.refresh_from_db()
    assert world.board.withdrawn_at is None
    assert change(officer, world, series, rhythm="termly").status_code == 302
    series.refresh_from_db()
    assert (series.rhythm, series.body, series.anchor_on) == ("termly", None, None)


@pytest.mark.parametrize(
    "fields",
    [{"rhythm": "weeks"}, {"rhythm": "weeks", "weeks": 27}, {"rhythm": "meetings"}],
)
def test_the_database_holds_what_a_rhythm_needs(world, fields):
    with pytest.raises(IntegrityError, match="report_series_says_what_its_rhythm_needs"):
        ReportSeries.objects.create(
            plan=world.plan, code="x", position=1, title="X", content="kpis", **fields
        )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("title", "", "Give its title"),
        ("rhythm", "weekly", "Choose how often"),
        ("content", "", "Choose what it is about"),
        ("year_starts_in", "13", "Choose a month"),
        ("due_after", "61", "Give a number of working days from 0 to 60"),
        ("due_after", "soon", "Give a number of working days from 0 to 60"),
        ("anchor_on", "31/2/2022", "Enter a date, for example 31/1/"),
        ("anchor_on", "1/1/1999", "Give a day between 2000 and 2100"),
        ("audiences", "999999", "Choose entries of the list"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words(officer, world, name, value, words):
    rhythm = {"rhythm": "six_weekly"} if name == "anchor_on" else {}
    answer = add(officer, world, **SERIES | rhythm | {name: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ReportSeries.objects.exists()


def test_rhythm_and_content_stay_once_a_report_was_made(officer, world):
    add(officer, world, **SERIES)
    series = ReportSeries.objects.get()
    report = report_of(series, world.users["officer"])
    for name, value in (("rhythm", "monthly"), ("content", "kpis"), ("year_starts_in", "4")):
        answer = change(officer, world, series, **{name: value})
        assert answer.status_code == 422
        assert "Remove the series and add another instead" in answer.content.decode()
    assert change(officer, world, series, due_after="5").status_code == 302
    # A draft that was dropped is no report.
    report.discarded_at = timezone.now()
    report.save()
    assert change(officer, world, series, content="scrutiny").status_code == 302
    series.refresh_from_db()
    assert (series.content, series.due_after) == ("scrutiny", 5)


def test_a_series_is_removed_and_its_reports_stay(officer, world):
    add(officer, world, **SERIES)
    series = ReportSeries.objects.get()
    report = report_of(series, world.users["officer"])
    remove = address(world, "remove_part", "report-series", series.pk)
    answer = officer.post(remove)
    assert answer.status_code == 422
    assert "A report of it is being prepared: Q2 2022" in answer.content.decode()
    Publication.objects.create(report=report, by=world.users["officer"])
    assert officer.post(remove).status_code == 302
    series.refresh_from_db()
    assert series.withdrawn_at
    assert Report.objects.filter(series=series).exists()
    assert officer.post(address(world, "restore_part", "report-series", series.pk)).status_code
    series.refresh_from_db()
    assert series.withdrawn_at is None


def test_in_a_draft_what_is_removed_is_gone(officer, world):
    world.plan.state = "draft"
    world.plan.save()
    add(officer, world, **SERIES, audiences=[world.board.pk])
    add(officer, world, "approver", **approver(world))
    for kind, model in (("report-series", ReportSeries), ("approver", Approver)):
        officer.post(address(world, "remove_part", kind, model.objects.get().pk))
        assert not model.objects.exists()


def test_no_report_is_begun_of_days_before_the_first_six_weeks(world):
    series = ReportSeries.objects.create(
        plan=world.plan,
        code="six-weekly",
        position=1,
        title="Exceptions",
        rhythm="six_weekly",
        content="exceptions",
        anchor_on=date(2022, 1, 10),
    )
    before, first = (series.cycle.period_of(date(2022, 1, day)) for day in (9, 10))
    today = date(2022, 5, 1)
    assert drafting.start_problem(series, before, today) == "This series began later."
    assert drafting.start_problem(series, first, today) == ""


def test_the_usual_four_are_added_to_a_plan_without_any(officer, world):
    kinds = (
        "steering_group",
        "working_group",
        "panel",
        "committee",
        "management_team",
        "national_body",
    )
    for position, kind in enumerate(kinds, 2):
        Body.objects.create(plan=world.plan, position=position, name=f"The {kind}", kind=kind)
    page = reverse("reports:series", args=[world.plan.slug])
    assert "Add the usual series" in officer.get(page).content.decode()
    officer.post(page)
    assert [
        (one.code, one.content, sorted(body.name for body in one.audiences.all()))
        for one in ReportSeries.objects.filter(plan=world.plan)
    ] == [
        ("monthly", "kpis", ["The management_team"]),
        ("six-weekly", "exceptions", ["The steering_group"]),
        ("quarterly", "formal", ["SEND Board", "The national_body", "The panel"]),
        ("six-monthly", "scrutiny", ["The committee"]),
    ]
    assert "Add the usual series" not in officer.get(page).content.decode()
    assert "has report series already" in officer.post(page, follow=True).content.decode()
    assert ReportSeries.objects.count() == 4


def test_what_a_body_is_sent_keeps_it(officer, world):
    add(officer, world, **SERIES, audiences=[world.board.pk])
    answer = officer.post(address(world, "remove_part", "body", world.board.pk))
    assert "There hangs on it: 1 report series" in answer.content.decode()


# --- Approvers ----------------------------------------------------------------------------------


def approver(world, who="sro", organisation=None):
    return {
        "organisation": (organisation or world.council).pk,
        "user": world.users[who].pk,
        "office": "Director for children",
    }


def test_an_approver_is_named_replaced_and_named_again(officer, world):
    assert add(officer, world, "approver", **approver(world)).status_code == 302
    first = Approver.objects.get()
    answer = add(officer, world, "approver", **approver(world, "chair"))
    assert "Somebody approves for this organisation already" in answer.content.decode()
    officer.post(address(world, "remove_part", "approver", first.pk))
    first.refresh_from_db()
    assert first.withdrawn_at
    assert add(officer, world, "approver", **approver(world, "chair")).status_code == 302
    # The first cannot come back beside the second.
    back = officer.post(address(world, "restore_part", "approver", first.pk), follow=True)
    assert "Somebody approves for this organisation already" in back.content.decode()
    first.refresh_from_db()
    assert first.withdrawn_at


def test_nobody_approves_for_two_organisations(officer, world):
    add(officer, world, "approver", **approver(world))
    answer = add(officer, world, "approver", **approver(world, organisation=world.nhs))
    assert "They approve for another organisation already" in answer.content.decode()
    assert Approver.objects.count() == 1
    assert (
        change(officer, world, Approver.objects.get(), "approver", office="Director").status_code
        == 302
    )


def test_only_sros_and_the_chair_can_be_chosen(officer, world):
    for who in ("lead", "member", "forum", "reader", "outsider", "officer"):
        answer = add(officer, world, "approver", **approver(world, who))
        assert "Choose an entry of the list" in answer.content.decode()
    page = officer.get(address(world, "add_part", "approver")).content.decode()
    assert "The chair" in page
    assert "The lead" not in page
    assert not Approver.objects.exists()


def test_whoever_is_or_was_programme_officer_approves_nothing(officer, world):
    for who, ends_on in (("sro", None), ("chair", date(2022, 5, 1))):
        memberships.grant(
            user=world.users[who],
            plan=world.plan,
            role=Membership.Role.PROGRAMME_OFFICER,
            starts_on=date(2022, 1, 1),
            ends_on=ends_on,
        )
        answer = add(officer, world, "approver", **approver(world, who))
        assert answer.status_code == 422
        assert "is or was programme officer of this plan" in answer.content.decode()
    assert not Approver.objects.exists()


def test_an_approver_who_may_approve_no_longer_is_pointed_out(officer, world):
    page = reverse("reports:series", args=[world.plan.slug])
    add(officer, world, "approver", **approver(world))
    add(officer, world, "approver", **approver(world, "chair", world.nhs))
    words = "may no longer approve"
    assert words not in officer.get(page).content.decode()
    memberships.grant(
        user=world.users["chair"], plan=world.plan, role=Membership.Role.PROGRAMME_OFFICER
    )
    shown = officer.get(page).content.decode()
    assert f"The chair for The health board {words}" in shown
    assert shown.count(words) == 1
    Membership.objects.filter(user=world.users["sro"]).update(ends_on=date(2022, 5, 1))
    assert f"The sro for The county council {words}" in officer.get(page).content.decode()


def test_an_organisation_that_is_not_responsible_cannot_be_chosen(officer, world):
    ResponsibleOrganisation.objects.filter(organisation=world.nhs).delete()
    answer = add(officer, world, "approver", **approver(world, organisation=world.nhs))
    assert "Choose an entry of the list" in answer.content.decode()


def test_everything_is_locked_when_the_plan_is_closed(officer, world):
    world.plan.state, world.plan.closed_on = "closed", date(2023, 7, 1)
    world.plan.save()
    assert officer.get(reverse("reports:series", args=[world.plan.slug])).status_code == 403
    assert add(officer, world, **SERIES).status_code == 403
    with pytest.raises(ValidationError, match="closed"):
        editing.add_usual(plan=world.plan, by=world.users["officer"])


@pytest.mark.parametrize("persona", ["lead", "sro", "chair", "member", "forum", "reader"])
def test_nobody_else_sets_up_reports(client, world, persona):
    client.force_login(world.users[persona])
    page = reverse("reports:series", args=[world.plan.slug])
    assert client.post(page).status_code == 403
    assert add(client, world, **SERIES).status_code == 403
    assert not ReportSeries.objects.exists()


def test_a_stranger_finds_nothing(client, world):
    client.force_login(make_user("A stranger"))
    assert client.get(reverse("reports:series", args=[world.plan.slug])).status_code == 404


# --- The Word file ------------------------------------------------------------------------------


def send(client, world, content, name="council.docx"):
    page = reverse("reports:word_template", args=[world.plan.slug])
    return client.post(page, {"file": upload(content, name)}, follow=True)


def test_a_councils_word_file_is_used_taken_out_and_left_again(officer, world):
    page = reverse("reports:word_template", args=[world.plan.slug])
    file = reverse("reports:word_template_file", args=[world.plan.slug])
    assert "The plain one that comes with this tracker" in officer.get(page).content.decode()
    assert officer.get(file).status_code == 404

    shown = send(officer, world, template()).content.decode()
    assert "council.docx" in shown
    assert "sent by The officer" in shown
    used = WordTemplate.in_use(world.plan)
    answer = officer.get(file)
    assert answer.content == bytes(used.content)
    assert answer["Content-Disposition"] == 'attachment; filename="council.docx"'
    assert answer["X-Content-Type-Options"] == "nosniff"

    send(officer, world, template(), f"{'x' * 250}.docx")
    assert WordTemplate.in_use(world.plan).file_name == f"{'x' * 150}.docx"
    assert (
        "plain styles again" in officer.post(page, {"plain": "yes"}, follow=True).content.decode()
    )
    assert WordTemplate.in_use(world.plan) is None
    assert officer.get(file).status_code == 404
    # What was sent is kept, and pressing twice keeps nothing more.
    assert WordTemplate.objects.count() == 3
    officer.post(page, {"plain": "yes"})
    assert WordTemplate.objects.count() == 3


def test_a_file_that_is_no_word_file_is_refused_in_plain_words(officer, world):
    page = reverse("reports:word_template", args=[world.plan.slug])
    for answer, words in (
        (send(officer, world, b"%PDF"), "This is not a Word file"),
        (send(officer, world, b""), "This is not a Word file"),
        (officer.post(page), "Choose a Word file"),
    ):
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not WordTemplate.objects.exists()


def test_only_an_officer_sends_a_word_file(client, world):
    for persona in ("sro", "member", "reader"):
        client.force_login(world.users[persona])
        assert send(client, world, template()).status_code == 403
    assert not WordTemplate.objects.exists()

"""The steering group's page."""

import gzip
import html
import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import AreaJudgement, Body, CommitmentLead, KeyDate, Person, Plan
from actions.models.base import date_columns, date_of_columns
from actions.pages.plan_page import get_plan_page
from actions.progress.update_answers import NewRisk
from actions.rules.dates import PlanDate
from actions.rules.state import count, state_at
from kpis.models import HeadlineKpi
from reports.dashboard.areas import LONGEST_WORDS
from reports.dashboard.charts import grid_chart, timeline_chart
from reports.dashboard.dashboard_data import load_dashboard
from reports.dashboard.dashboard_presenter import dashboard_blocks
from reports.dashboard.exceptions import reason_chips
from reports.dashboard.headline import headline, lead_in
from reports.dashboard.in_full.kpis import KpiRow
from reports.rules.exceptions import exceptions
from tests.actions.rules import pure_factories
from tests.factories import (
    make_kpi,
    make_meeting,
    make_target,
    make_update,
    make_world,
    record_figure,
    yesterday,
)
from wsoa.oversight.changes import change_requests
from wsoa.oversight.decisions import decisions
from wsoa.oversight.meetings.comparison_day import meetings_of
from wsoa.oversight.models import Meeting
from wsoa.oversight.questions import questions

THEN, NOW = date(2022, 9, 30), date(2022, 12, 31)


def found(*commitments):
    history = pure_factories.history(*commitments)
    now, then = state_at(history, NOW)[1], state_at(history, THEN)[1]
    names = {row.id: f"Work of {row.ref}" for row in commitments}
    return headline(now, then, NOW, names)


def moving(was, now, area=1, **rows):
    updates_ = [pure_factories.update(was, "2022-09-01"), pure_factories.update(now, "2022-12-01")]
    return pure_factories.commitment(area=area, updates=updates_, **rows)


def turned_blue():
    blue = pure_factories.update("blue", "2022-12-01")
    return pure_factories.commitment(
        updates=[pure_factories.update("green", "2022-09-01"), blue],
        confirmations=[pure_factories.confirmed(blue, "2022-12-05")],
    )


def test_where_nothing_moved_the_title_says_so():
    assert found(moving("green", "green")) == "How the plan stands on 31 December 2022"


def test_the_title_sets_the_good_against_the_bad():
    title = found(turned_blue(), turned_blue(), moving("green", "red", area=2, ref="2.1.1b"))
    assert title == (
        "Two more commitments are done and embedded, but one commitment is now Red: "
        "2.1.1b, Work of 2.1.1b"
    )


def test_the_title_has_two_clauses_at_most_and_joins_what_is_alike():
    assert found(moving("green", "red", ref="1.1.1c"), moving("green", "amber")) == (
        "One commitment is now Red: 1.1.1c, Work of 1.1.1c; and one more commitment is Amber"
    )
    assert found(moving("red", "green")) == (
        "One fewer commitment is Red and one more commitment is Green"
    )


def test_the_title_names_up_to_three_that_are_newly_red_and_counts_more():
    def reds(*refs, was="green"):
        return [moving(was, "red", ref=ref) for ref in refs]

    old = reds("1.1.1a", was="red")
    assert found(*old, *reds("1.1.1b", "1.1.1c")) == (
        "Two more commitments are now Red: 1.1.1b, Work of 1.1.1b; 1.1.1c, Work of 1.1.1c"
    )
    assert found(*old, *reds("1.1.1b", "1.1.1c", "1.2.1a", "1.2.1b")) == (
        "Four more commitments are now Red"
    )


def test_red_in_another_area_is_said_though_no_more_are_red():
    # 1.1.1a has recovered, 2.1.1a has fallen: still one Red, and another one.
    recovered = moving("red", "green", ref="1.1.1a")
    fallen = moving("green", "red", area=2, ref="2.1.1a")
    both = moving("red", "red", ref="1.1.1b")
    assert found(recovered, fallen, both).startswith("One commitment is now Red: 2.1.1a, ")


def test_a_long_name_is_cut_between_words_in_the_title():
    row = moving("green", "red", ref="1.1.1a")
    history = pure_factories.history(row)
    now, then = state_at(history, NOW)[1], state_at(history, THEN)[1]
    title = headline(now, then, NOW, {row.id: "waiting " * 20})
    assert title == f"One commitment is now Red: 1.1.1a, {'waiting ' * 7}…"


def test_the_lead_counts_the_rows_that_carry_a_new_chip():
    def asking(*days):
        return pure_factories.commitment(
            updates=[pure_factories.update("green", day, asks_help=True) for day in days]
        )

    # The first has asked since July and asks again; the second asks for the first time.
    rows = asking("2022-07-24", "2022-09-20", "2022-12-20"), asking("2022-12-20")
    history = pure_factories.history(*rows)
    now, then = state_at(history, NOW)[1], state_at(history, THEN)[1]
    since_then, of_then = exceptions(now, then, ()), exceptions(then, then, ())
    lead = lead_in(since_then, of_then, 0, count(now.commitments), "30 September 2022")
    assert lead == "Since 30 September 2022, one commitment has a new reason for attention."
    chips = [
        (chip.text.partition(" since ")[0], chip.is_new)
        for one in since_then.decision
        for chip in reason_chips(one)
        if chip.text.startswith("Support")
    ]
    assert chips == [("Support needed", False), ("Support needed", True)]


def test_a_day_is_said_with_its_year():
    row = moving("green", "red")
    history = pure_factories.history(row)

    def red(day):
        found = exceptions(state_at(history, day)[1], state_at(history, THEN)[1], ())
        return reason_chips(found.decision[0])[0].text

    # Read on 30 November 2023 the first of December would be a day to come.
    assert red(date(2022, 12, 31)) == red(date(2023, 11, 30)) == "Red since 1 Dec 2022"


def test_how_late_a_row_is_stands_beside_it_whatever_brought_it_there():
    due = pure_factories.key_date("completion", "2022-01")
    row = pure_factories.commitment(
        updates=[pure_factories.update("red", "2022-02-10")], key_dates=[due]
    )
    history = pure_factories.history(row)
    found = exceptions(state_at(history, NOW)[1], state_at(history, THEN)[1], ())
    chips = [(chip.text, chip.is_new) for chip in reason_chips(found.decision[0])]
    assert chips[0] == ("Red since 10 Feb 2022", False)
    assert chips[-1] == ("Overdue 11 months", False)


# --- The page ---------------------------------------------------------------------------------


@pytest.fixture
def world(db):
    world = make_world()
    for commitment, brag in (
        (world.commitment, "green"),
        (world.second, "green"),
        (world.elsewhere, "amber"),
    ):
        make_update(
            commitment,
            world.users["officer"],
            brag=brag,
            progress="Work goes on.",
            risk=NewRisk("No staff") if brag == "amber" else None,
            late_reason="The tender ran twice.",
            effective_at=timezone.now() - timedelta(days=75),
            source="minutes",
            on_behalf_of=world.people["lead"],
        )
    return world


def page(client, world, who="chair", query="", name="reports:dashboard"):
    client.force_login(world.users[who])
    response = client.get(reverse(name, args=[world.plan.slug]) + query)
    assert response.status_code == 200
    return response


def in_full(client, world, who="chair", query=""):
    """Each list whole, on the page that the dashboard leads to."""
    return page(client, world, who, query, "reports:in_full")


def lines(response, part):
    (one,) = [one for one in response.context["parts"] if one.key == part]
    return {line.ref: line for line in one.lines}


def say(world, commitment, brag, **fields):
    return make_update(
        commitment,
        world.users["officer"],
        brag=brag,
        progress="Something happened.",
        late_reason="The tender ran twice.",
        on_behalf_of=world.people["lead"],
        **fields,
    )


def test_since_a_month_ago_where_no_meeting_was_held(client, world):
    response = page(client, world)
    assert "a month before" in response.content.decode()


def test_since_the_last_meeting_of_the_steering_group(client, world):
    group = Body.objects.create(
        plan=world.plan, name="Steering group", kind=Body.Kind.STEERING_GROUP, position=1
    )
    for days in (60, 20):
        day = timezone.localdate() - timedelta(days=days)
        Meeting.objects.create(plan=world.plan, body=group, held_on=day, papers_due_on=day)
    response = page(client, world)
    held = timezone.localdate() - timedelta(days=20)
    chosen = [one for one in response.context["choose"]["compared"] if one["is_chosen"]]
    assert [one["value"] for one in chosen] == [held.isoformat()]
    assert "Steering group" in chosen[0]["words"]


def test_what_is_for_decision_says_why_and_what_it_was(client, world):
    say(
        world,
        world.commitment,
        "red",
        risk=NewRisk("The provider left"),
        help_needed="Money",
    )
    line = lines(in_full(client, world), "decision")["1.1.1a"]
    assert line.was == "was Green"
    assert [chip.text.split(" since")[0] for chip in line.chips][:2] == ["Red", "Support needed"]
    assert line.chips[0].is_new


def test_amber_then_and_now_is_to_note(client, world):
    say(world, world.elsewhere, "amber", risk=NewRisk("Still no staff"))
    response = in_full(client, world)
    chips = [chip.text for chip in lines(response, "note")["2.1.1a"].chips]
    assert [text.split()[0] for text in chips] == ["Amber", "Overdue"]
    assert lines(response, "attention").keys() == {"1.1.1a", "1.1.1b"}


def test_counts_say_how_they_moved(client, world):
    say(
        world,
        world.commitment,
        "red",
        risk=NewRisk("The provider left"),
        help_needed="Money",
    )
    moved = {line.rating.value: line.change for line in page(client, world).context["counts"].lines}
    assert moved == {
        "blue": "No change",
        "green": "1 fewer",
        "amber": "No change",
        "red": "1 more",
        "grey": "No change",
        "not_yet_rated": "No change",
    }


def test_another_two_days_may_be_set_against_each_other(client, world):
    say(
        world,
        world.commitment,
        "red",
        risk=NewRisk("The provider left"),
        help_needed="Money",
    )
    day, before = (timezone.localdate() - timedelta(days=days) for days in (10, 20))
    query = f"?as_at={day}&compare_with={before}"
    assert "1.1.1a" not in lines(in_full(client, world, query=query), "decision")
    response = page(client, world, query=query)
    assert {line.change for line in response.context["counts"].lines} == {"No change"}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?compare_with=2999-01-01", "has not come yet"),
        ("?as_at=2022-02-01&compare_with=2022-02-01", "must come before"),
        ("?compare_with=soon", "is not a date"),
    ],
)
def test_a_day_that_cannot_be_compared_is_refused_in_words(client, world, query, words):
    client.force_login(world.users["chair"])
    response = client.get(reverse("reports:dashboard", args=[world.plan.slug]) + query)
    assert response.status_code == 400
    assert words in response.content.decode()


def test_an_area_shows_its_officers_judgement_and_none_of_its_own(client, world):
    AreaJudgement.objects.create(
        area=world.area,
        brag="amber",
        reason="Waits are long.",
        by=world.users["sro"],
        effective_at=yesterday(),
    )
    first, second = page(client, world).context["areas"]
    assert first.judgement.rating.value == "amber"
    assert first.strip.cells[-1].letter == "A"
    assert second.judgement is None


def test_a_late_commitment_is_a_point_to_check_and_its_lead_is_named(client, world):
    response = in_full(client, world)
    points = {group.words: group.lines for group in response.context["points"]}
    assert [line.ref for line in points["Late although rated Green or Amber"]] == [
        "1.1.1a",
        "1.1.1b",
        "2.1.1a",
    ]
    # Nobody wrote in the last closed period.
    refs = {one.name: one.refs for one in response.context["reminders"]}
    assert refs["The lead, CC"] == ["1.1.1a", "1.1.1b"]


def test_a_target_missed_shows_its_figure_and_leads_to_its_in_full(client, world):
    kpi = make_kpi(
        world.plan,
        "K1",
        (world.commitment,),
        title="Weeks waited",
        short_title="Waits",
        baseline=242,
    )
    make_target(kpi, 125, "2022-03")
    record_figure(kpi, "2022-03", 200, by=world.users["officer"])
    response = in_full(client, world)
    (line,) = response.context["kpis_missed"]
    assert response.context["passed"] == "The one target whose date has passed was missed."
    assert line == KpiRow(
        code="K1",
        title="Waits",
        url=reverse("pages:kpi", args=[world.plan.slug, "K1"]),
        words="200 weeks, 75 weeks above its target",
    )
    shown = response.content.decode()
    assert f'<a href="{line.url}">Waits</a>' in shown
    assert shown.count("200 weeks, 75 weeks above its target") == 2  # and as a point to check
    assert 'href=""' not in shown


def test_a_measure_too_small_to_show_tells_no_figure(client, world):
    kpi = make_kpi(world.plan, "K1", unit="pupils", counts_people=True, baseline=40)
    make_target(kpi, 0, "2022-03")
    record_figure(kpi, "2022-02", 30, by=world.users["officer"])
    record_figure(kpi, "2022-03", 3, by=world.users["officer"])
    response = in_full(client, world, "member")
    assert response.context["kpis_off"] == []
    assert "3 pupils" not in response.content.decode()


def test_a_plan_that_was_closed_asks_nobody_for_anything(client, world):
    closed_on = timezone.localdate() - timedelta(days=60)
    Plan.objects.filter(pk=world.plan.pk).update(
        state="closed", closed_on=closed_on, closed_by="The board"
    )
    assert in_full(client, world).context["reminders"] == []
    response = page(client, world)
    assert response.context["agenda"].due == []
    assert response.context["meeting"] is None
    assert "overdue" not in response.context["title"]
    assert {line.change for line in response.context["counts"].lines} == {"No change"}


def test_the_page_needs_no_plotly(client, world):
    assert "plotly" not in page(client, world).content.decode()


def test_the_programme_team_writes_to_those_with_updates_overdue(client, world):
    response = in_full(client, world, "officer")
    (mail,) = response.context["chasing"].mails
    plan = quote(f"{world.plan.short_name}: updates overdue")
    # By name: "The lead" before "The other lead".
    to = ",".join(world.users[one].email for one in ("lead", "other_lead"))
    assert mail.url == f"mailto:{to}?subject={plan}"
    assert f'href="{mail.url}">Write to them</a>' in response.content.decode()
    assert response.context["chasing"].unreachable == ()


def test_leads_without_an_account_are_named_and_without_any_there_is_no_link(client, world):
    for commitment in (world.commitment, world.second, world.elsewhere):
        commitment.leads.all().delete()
        CommitmentLead.objects.create(commitment=commitment, person=nobody(world), position=1)
    response = in_full(client, world, "officer")
    assert response.context["chasing"].mails == ()
    assert response.context["chasing"].unreachable == ("Nora Noaccount",)
    shown = response.content.decode()
    assert "not reachable by e-mail from here: Nora Noaccount" in shown
    assert "Write to them" not in shown


def nobody(world):
    return Person.objects.get_or_create(local_area=world.plan.local_area, name="Nora Noaccount")[0]


@pytest.mark.parametrize("who", ["chair", "lead", "member", "sro"])
def test_addresses_are_for_the_programme_team_alone(client, world, who):
    shown = in_full(client, world, who).content.decode()
    assert "mailto:" not in shown
    assert world.users["officer"].email not in shown


def test_the_points_to_check_lead_to_the_findings(client, world):
    findings = reverse("pages:findings", args=[world.plan.slug])
    assert f'href="{findings}">Findings, and what answers each' in (
        in_full(client, world, "chair").content.decode()
    )


def test_what_is_due_in_six_weeks_leads_to_its_list(client, world):
    month = (timezone.localdate() + timedelta(days=20)).replace(day=1)
    KeyDate.objects.create(
        commitment=world.commitment,
        kind="completion",
        **date_columns(PlanDate(month)),
        position=9,
        effective_at=yesterday(),
        source="plan",
    )
    agenda = page(client, world).context["agenda"]
    assert [line.ref for line in agenda.due] == ["1.1.1a"]
    assert agenda.due_count == 1
    assert agenda.due_url.endswith("?needs=due_soon")


def test_everything_is_read_once_and_shown_without_another_query(
    world, rf, django_assert_num_queries
):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), title="Weeks waited", baseline=242)
    make_target(kpi, 125, "2022-03")
    record_figure(kpi, "2022-03", 200, by=world.users["officer"])
    HeadlineKpi.objects.create(area=world.area, kpi=kpi)
    request = rf.get("/")
    request.user = world.users["officer"]
    today = timezone.localdate()
    plan_page = get_plan_page(request, world.plan.slug)
    data = load_dashboard(plan_page, today - timedelta(days=60), meetings_of(world.plan))

    with django_assert_num_queries(0):
        blocks = dashboard_blocks(data)
        grid_chart(data)
        timeline_chart(data)

    # There was something to show in the blocks that could have asked for more.
    for name in ("attention", "points", "areas"):
        assert blocks[name]
    assert blocks["areas"][0].headline.now.value == "200"


# --- What the board reads first ---------------------------------------------------------------


def test_an_areas_headline_goes_from_its_baseline_to_its_target(client, world):
    kpi = make_kpi(
        world.plan, "K1", (world.commitment,), title="Longest wait", unit="weeks", baseline=253
    )
    make_target(kpi, 125, "2022-03")
    record_figure(kpi, "2022-03", 217, by=world.users["officer"])
    HeadlineKpi.objects.create(area=world.area, kpi=kpi)
    first, second = page(client, world).context["areas"]
    headline_kpi = first.headline
    assert (headline_kpi.baseline.value, headline_kpi.now.value, headline_kpi.now.unit) == (
        "253",
        "217",
        "weeks",
    )
    assert (headline_kpi.target.value, headline_kpi.target.when) == ("125", "Mar 2022")
    assert headline_kpi.position.text == "Target missed"
    assert second.headline is None


def test_a_headline_too_small_to_show_tells_no_figure_and_draws_no_line(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), unit="pupils", counts_people=True)
    make_target(kpi, 0, "2022-04")
    for month, value in (("2022-01", 30), ("2022-02", 31), ("2022-03", 3)):
        record_figure(kpi, month, value, by=world.users["officer"])
    HeadlineKpi.objects.create(area=world.area, kpi=kpi)
    # The programme team may see it elsewhere; a page of the group shows it to nobody.
    headline_kpi = page(client, world, "officer").context["areas"][0].headline
    assert headline_kpi.now.is_words
    assert "3 pupils" not in headline_kpi.now.value
    assert headline_kpi.spark is None


def rate(world, brag, reason, days):
    AreaJudgement.objects.create(
        area=world.area,
        brag=brag,
        reason=reason,
        by=world.users["sro"],
        effective_at=timezone.now() - timedelta(days=days),
    )


def test_an_area_says_how_its_rating_moved_and_the_sros_first_sentence(client, world):
    rate(world, "red", "All is late.", 90)
    rate(world, "amber", "Waits are down, by 4.5 weeks. Two posts are empty.", 3)
    first = page(client, world).context["areas"][0]
    assert (first.trend.arrow, first.trend.words) == ("better", "was Red")
    assert first.words == "Waits are down, by 4.5 weeks."
    assert not first.is_old


def test_a_first_rating_since_the_meeting_is_said_to_be_one(client, world):
    rate(world, "amber", "Waits are down.", 3)
    first = page(client, world).context["areas"][0]
    assert (first.trend.arrow, first.trend.words) == ("", "first rating")


def test_a_rating_older_than_the_meeting_is_marked_and_a_long_sentence_is_cut(client, world):
    rate(world, "amber", "Waiting " * 40, 90)
    first = page(client, world).context["areas"][0]
    assert first.is_old
    assert first.trend.words == "unchanged"
    assert len(first.words) <= LONGEST_WORDS + 2
    assert first.words.endswith("…")


def test_a_row_for_decision_says_what_is_asked_and_since_when(client, world):
    say(
        world,
        world.commitment,
        "red",
        risk=NewRisk("The provider left"),
        help_needed="Two locums until March",
        effective_at=timezone.now() - timedelta(days=20),
    )
    say(
        world,
        world.commitment,
        "red",
        risk=NewRisk("The provider left"),
        help_needed="Three locums until June",
    )
    (row,) = page(client, world).context["decisions"]
    assert row.needed == "Three locums until June."
    assert row.age == "2 weeks"
    assert row.chip.text.startswith("Overdue")
    assert row.was == "was Green"


def test_a_date_asked_for_is_said_beside_the_date_it_replaces(client, world):
    later = PlanDate.month_of(timezone.localdate() + timedelta(days=200))
    change_requests.ask(
        commitment=world.commitment,
        by=world.users["lead"],
        kind="date",
        key_date=world.commitment.key_dates.get(kind="completion"),
        wanted=later,
        reason="The tender ran twice.",
        today=timezone.localdate(),
    )
    (row,) = page(client, world).context["decisions"]
    due = date_of_columns(world.commitment.key_dates.get(kind="completion"))
    assert row.needed == f"Agree {later} in place of {due}."
    request = world.commitment.change_requests.get()
    assert row.request_url == reverse("oversight:change", args=[world.plan.slug, request.pk])


def test_the_longest_overdue_comes_first(client, world):
    for commitment in (world.second, world.commitment):
        say(world, commitment, "red", risk=NewRisk("No room"), help_needed="A room")
    rows = page(client, world).context["decisions"]
    due = {
        one.ref: one.key_dates.get(kind="completion").last_day
        for one in (world.commitment, world.second)
    }
    assert [row.ref for row in rows] == sorted(due, key=lambda ref: (due[ref], ref))


def test_who_prepares_the_meeting_goes_there_by_the_one_button(client, world):
    group = Body.objects.create(
        plan=world.plan, name="Steering group", kind=Body.Kind.STEERING_GROUP, position=1
    )
    say(world, world.commitment, "red", risk=NewRisk("No room"), help_needed="A room")
    plain = page(client, world, "officer").context["meeting"]
    assert plain.words == "Plan the next meeting"
    day = timezone.localdate() + timedelta(days=14)
    meeting = Meeting.objects.create(plan=world.plan, body=group, held_on=day, papers_due_on=day)
    url = reverse("pages:agenda", args=[world.plan.slug, meeting.pk])
    for who, is_button in (("chair", True), ("officer", True), ("member", False)):
        link = page(client, world, who).context["meeting"]
        assert (link.url, link.is_button) == (url, is_button), who


def test_questions_and_overdue_actions_show_the_oldest_and_lead_to_all(client, world):
    group = make_meeting(world.plan, days=-40)
    for number in range(5):
        questions.ask(
            plan=world.plan,
            by=world.users["chair"],
            today=timezone.localdate(),
            commitment=world.commitment,
            text=f"Question {number}?",
        )
    decisions.record_decision(
        plan=world.plan,
        by=world.users["officer"],
        meeting=group,
        text="Write to the schools",
        minute="item 1",
        owner=world.people["sro"],
        due_on=timezone.localdate() - timedelta(days=15),
        today=timezone.localdate(),
    )
    context = page(client, world).context
    asked, actions = context["questions"], context["actions"]
    assert (len(asked.lines), asked.count) == (3, 5)
    assert asked.lines[0].who.endswith("on 1.1.1a")
    assert asked.url.endswith("?state=open")
    assert [(line.text, line.age) for line in actions.lines] == [
        ("Write to the schools", "2 weeks")
    ]


LINK = re.compile(r'<a [^>]*href="([^"#]*)(?:#([\w-]+))?"[^>]*>(.*?)</a>', re.DOTALL)
NUMBER = re.compile(r"(?:All )?(\d+)\b")


def test_every_number_of_the_page_leads_to_a_list_of_just_so_many(client, world):
    """The counts, the parts of the bars, the groups of what moved, every `All n`."""
    say(world, world.commitment, "red", risk=NewRisk("No room"), help_needed="A room")
    say(world, world.second, "amber", risk=NewRisk("No staff"))
    make_kpi(world.plan, "K1", (world.commitment,))
    missed = make_kpi(world.plan, "K2", (world.commitment,), baseline=10)
    make_target(missed, 5, "2022-03")
    record_figure(missed, "2022-03", 8, by=world.users["officer"])
    questions.ask(
        plan=world.plan,
        by=world.users["chair"],
        today=timezone.localdate(),
        commitment=world.commitment,
        text="Why?",
    )
    shown = page(client, world, "officer").content.decode()
    counted = []
    for address, place, markup in LINK.findall(shown):
        words = re.sub(r"<[^>]*>", "", markup).strip()
        if not (number := NUMBER.match(words)):
            continue
        listed = client.get(html.unescape(address)).content.decode().partition("<main")[2]
        if place:
            listed = listed.partition(f'id="{place}"')[2].partition("</section>")[0]
        counted.append(words)
        # A line of a table has its own head; a list that is empty has a line without.
        rows = listed.count('scope="row"') or listed.partition('class="lines')[2].count("<li")
        assert rows == int(number[1]), (address, place, words)
    for words in ("3", "1 Red", "2 worse", "All 1", "3 overdue", "1 missed"):
        assert any(one.startswith(words) for one in counted), (words, counted)


def test_the_page_is_light(client, world):
    response = page(client, world)
    assert len(gzip.compress(response.content)) < 100_000


def test_months_and_dates_show_every_commitment(client, world):
    client.force_login(world.users["member"])
    response = client.get(reverse("reports:timeline", args=[world.plan.slug]))
    table = response.context["timeline"].rows
    assert {row[0].text.split()[0] for row in table} >= {"1.1.1a", "1.1.1b", "2.1.1a"}

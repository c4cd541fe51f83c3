"""The calendar of reports in the browser: what is late, due, prepared and published on a day."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Body
from reports.models import Publication, Report, ReportSeries
from tests.factories import at
from wsoa.oversight.models import Meeting


@pytest.fixture
def quarterly(world):
    """Financial quarters, to the board and the steering group, ten working days after."""
    world.board = Body.objects.create(plan=world.plan, position=1, name="SEND Board", kind="board")
    world.group = Body.objects.create(
        plan=world.plan, position=2, name="Steering Group", kind="steering_group"
    )
    return add_series(world, "quarterly", bodies=(world.board, world.group))


def add_series(world, rhythm, bodies=(), **fields):
    series = ReportSeries.objects.create(
        plan=world.plan,
        code=rhythm,
        position=ReportSeries.objects.count(),
        title=f"The {rhythm} report",
        rhythm=rhythm,
        content="formal",
        **fields,
    )
    series.audiences.set(bodies)
    return series


def prepare(world, series, day, made_on, published_on="", **fields):
    """The report of the period that holds a day, begun and perhaps published on these days."""
    period = series.cycle.period_of(date.fromisoformat(day))
    report = Report.objects.create(
        series=series,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        number=period.number,
        as_at=period.ends_on,
        known_at=at(made_on),
        prepared_by=world.users["officer"],
        **fields,
    )
    Report.objects.filter(pk=report.pk).update(made_at=at(made_on))
    if published_on:
        Publication.objects.create(
            report=report, by=world.users["officer"], effective_at=at(published_on)
        )
    return report


def page(client, world, day="", persona="member"):
    client.force_login(world.users[persona])
    address = reverse("reports:calendar", args=[world.plan.slug])
    answer = client.get(f"{address}?as_at={day}" if day else address)
    assert answer.status_code == 200
    return answer.content.decode().split("<aside")[0]


def text_of(markup):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def told(markup):
    """Each line as `name | due | state | links`, without what screen readers alone are told."""
    found = []
    markup = re.sub(r'<span class="visually-hidden">.*?</span>', "", markup)
    for line in re.findall(r'<li>\s*<div class="what">(.*?)</li>', markup, re.DOTALL):
        name, due = (text_of(part) for part in re.findall(r"<p class.*?</p>", line, re.DOTALL))
        rest = line.split("</div>", 1)[1]
        links = [text_of(link) for link in re.findall(r"<a .*?</a>", rest, re.DOTALL)]
        state = text_of(re.sub(r"<a .*?</a>", "", rest, flags=re.DOTALL))
        found.append(" | ".join([name, due, state, *links]))
    return found


def line_of(number, markup):
    (found,) = (line for line in told(markup) if line.startswith(number))
    return found


def test_what_is_published_prepared_late_and_to_come(client, world, quarterly):
    prepare(world, quarterly, "2022-04-01", "2022-07-04", "2022-07-12")
    prepare(world, quarterly, "2022-07-01", "2022-10-03")
    found = page(client, world, "2023-01-16")
    # Monday 2 January 2023 was a bank holiday: the tenth working day is Monday 16 January. Easter
    # takes two from those after 31 March.
    assert told(found) == [
        "Q1 2023/24, April to June 2023 | "
        "Due 14 July 2023, 10 working days after the period | To come",
        "Q4 2022/23, January to March 2023 | "
        "Due 18 April 2023, 10 working days after the period | To come",
        "Q3 2022/23, October to December 2022 | "
        "Due 16 January 2023, 10 working days after the period | Due",
        "Q2 2022/23, July to September 2022 | "
        "Due 14 October 2022, 10 working days after the period | Late being prepared | "
        "Open the draft",
        "Q1 2022/23, April to June 2022 | "
        "Due 14 July 2022, 10 working days after the period | Published 12 July 2022 | Read",
    ]
    assert "1 report is late. 1 report is due." in text_of(found)
    assert "Next: The quarterly report, Q3 2022/23, due 16 January 2023." in text_of(found)


def test_a_day_later_what_was_due_is_late(client, world, quarterly):
    prepare(world, quarterly, "2022-07-01", "2022-10-03", "2022-10-10")
    found = page(client, world, "2023-01-17")
    assert line_of("Q3", found).endswith("10 working days after the period | Late")
    assert "1 report is late. Next: The quarterly report, Q4 2022/23" in text_of(found)


def test_an_earlier_day_shows_what_stood_then(client, world, quarterly):
    prepare(world, quarterly, "2022-04-01", "2022-07-04", "2022-07-12")
    prepare(world, quarterly, "2022-07-01", "2022-10-03", discarded_at=at("2022-10-05"))
    assert "Being prepared" in line_of("Q1 2022", page(client, world, "2022-07-11"))
    assert "Published 12 July 2022" in line_of("Q1", page(client, world, "2022-07-12"))
    assert "Being prepared" in line_of("Q2", page(client, world, "2022-10-04"))
    assert line_of("Q2", page(client, world, "2022-10-05")).endswith("| Due")


def test_a_new_version_stands_beside_the_one_that_is_out(client, world, quarterly):
    first = prepare(world, quarterly, "2022-07-01", "2022-10-03", "2022-10-10")
    second = prepare(
        world, quarterly, "2022-07-01", "2022-11-01", version=2, supersedes=first, reason="Wrong."
    )
    line = told(page(client, world, "2022-11-02"))[-1]
    assert line.endswith("Published 10 October 2022 | Read | New version being prepared")
    Publication.objects.create(
        report=second, by=world.users["officer"], effective_at=at("2022-11-03")
    )
    line = told(page(client, world, "2022-11-03"))[-1]
    assert line.endswith("Published 3 November 2022, version 2 | Read")


def test_it_is_due_with_the_papers_of_the_first_meeting_after_the_period(client, world, quarterly):
    for body, held, papers in (
        (world.board, "2023-02-01", "2023-01-25"),
        (world.group, "2023-02-02", "2023-01-25"),
        (world.group, "2023-01-10", "2022-12-20"),
    ):
        Meeting.objects.create(plan=world.plan, body=body, held_on=held, papers_due_on=papers)
    assert line_of("Q3", page(client, world, "2023-01-20")) == (
        "Q3 2022/23, October to December 2022 | "
        "Due 25 January 2023, with the papers of SEND Board and Steering Group | Due"
    )
    quarterly.audiences.set([world.board])
    assert "with the papers of SEND Board | Due" in line_of("Q3", page(client, world, "2023-01-20"))


def test_six_weeks_without_a_first_day_ask_the_officer_for_it(client, world):
    series = add_series(world, "six_weekly")
    asked = reverse("actions:edit_part", args=[world.plan.slug, "report-series", series.pk])
    assert "none is set yet" in page(client, world)
    assert asked not in page(client, world)
    assert asked in page(client, world, persona="officer")
    series.anchor_on = date(2022, 1, 10)
    series.save()
    assert told(page(client, world, "2022-02-21"))[-1].startswith(
        "Issue 1, 10 January to 20 February 2022 | Due 4 March 2022"
    )


def test_reports_for_meetings_follow_what_is_entered(client, world, quarterly):
    quarterly.delete()
    for held, papers in (("2022-09-14", "2022-09-07"), ("2022-11-16", "2022-11-09")):
        Meeting.objects.create(
            plan=world.plan, body=world.board, held_on=held, papers_due_on=papers
        )
    # Another body's papers between the two say nothing.
    Meeting.objects.create(
        plan=world.plan, body=world.group, held_on="2022-10-05", papers_due_on="2022-09-28"
    )
    series = add_series(
        world, "meetings", bodies=(world.group,), body=world.board, anchor_on=date(2022, 8, 1)
    )
    prepare(world, series, "2022-08-01", "2022-09-01", "2022-09-06")
    found = page(client, world, "2022-10-10")
    assert "For each meeting of SEND Board, to Steering Group" in text_of(found)
    assert told(found) == [
        "Meeting of 16 November 2022, 8 September to 9 November 2022 | "
        "Due 9 November 2022, with the papers of SEND Board | To come",
        "Meeting of 14 September 2022, 1 August to 7 September 2022 | "
        "Due 7 September 2022, with the papers of SEND Board | Published 6 September 2022 | Read",
    ]
    # Nobody has entered the meeting after that.
    start = reverse("reports:start", args=[world.plan.slug, series.pk])
    client.force_login(world.users["officer"])
    answer = client.get(start, {"period": "2022-11-10"})
    assert answer.status_code == 400
    assert "No meeting is entered whose papers are due on 10 November 2022 or later." in text_of(
        answer.content.decode()
    )


def test_a_termly_report_is_due_after_the_term(client, world):
    add_series(world, "termly")
    # From Friday 23 December 2022: 28 to 30 December are three, 3 to 11 January seven more.
    assert line_of("Autumn", page(client, world, "2022-12-15")) == (
        "Autumn term 2022, 25 July to 23 December 2022 | "
        "Due 11 January 2023, 10 working days after the period | To come"
    )


def test_an_officer_begins_what_has_begun_and_is_not_made(client, world):
    series = add_series(world, "monthly")
    start = reverse("reports:start", args=[world.plan.slug, series.pk])
    for persona in ("member", "lead", "sro", "chair", "forum"):
        assert start not in page(client, world, persona=persona)
    found = page(client, world, persona="officer")
    # The last month that is over, and the one that runs; none that has not begun.
    first_days = re.findall(re.escape(start) + r"\?period=(\d{4}-\d{2}-\d{2})", found)
    assert len(first_days) == 2
    assert all(day.endswith("-01") for day in first_days)
    assert len(told(found)) == 3
    # An earlier day is to be read.
    assert start not in page(client, world, "2022-12-15", persona="officer")


def test_what_a_plan_does_not_owe(client, world, quarterly):
    prepare(world, quarterly, "2022-04-01", "2022-07-04", "2022-07-12")
    plan = world.plan
    plan.tracked_from = None
    plan.save()
    found = page(client, world, "2023-01-17")
    assert "No report of it is due." in text_of(found)
    assert [line.split(" | ")[2] for line in told(found)] == [
        "Not made",
        "Not made",
        "Published 12 July 2022",
    ]
    plan.tracked_from, plan.state = date(2022, 1, 1), "closed"
    plan.closed_on = date(2022, 9, 30)
    plan.save()
    found = page(client, world, "2023-01-17")
    assert "The plan was closed on 30 September 2022. No more reports are due." in text_of(found)
    assert [line.split(" | ")[2] for line in told(found)] == ["Not made", "Published 12 July 2022"]
    plan.state, plan.closed_on = "draft", None
    plan.save()
    assert "The plan is not agreed yet" in page(client, world, "2023-01-17")


def test_a_series_that_was_removed_stays_in_the_calendar_of_earlier_days(client, world, quarterly):
    quarterly.withdrawn_at = timezone.now()
    quarterly.save()
    assert told(page(client, world)) == []
    assert "This plan has no report series yet." in page(client, world)
    before = timezone.localdate() - timedelta(days=2)
    assert "The quarterly report" in page(client, world, before.isoformat())


def test_only_an_officer_is_led_to_what_is_set_up(client, world, quarterly):
    address = reverse("reports:calendar", args=[world.plan.slug])
    set_up = reverse("reports:series", args=[world.plan.slug])
    client.force_login(world.users["officer"])
    assert set_up in client.get(address).content.decode()
    client.force_login(world.users["sro"])
    assert set_up not in client.get(address).content.decode()

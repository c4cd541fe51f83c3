"""The order, the headings and the words of what waits."""

from datetime import date

import pytest

from wsoa.pages.work.items import Kind, WorkItem, grouped, late_text, lead_in, working_days

TODAY = date(2026, 11, 26)  # a Thursday
CLOSES = date(2026, 11, 30)  # the Monday after it
NO_HOLIDAYS: frozenset[date] = frozenset()


def item(kind=Kind.UPDATE, due=None, since=None, name="x"):
    return WorkItem(kind, "1.1.1a", name, "/do/", "Do it", due=due, since=since)


def names(groups):
    return {group.title: [one.name for one in group.items] for group in groups}


def test_overdue_comes_first_then_what_is_due_by_the_closing_day_then_the_rest():
    items = [
        item(name="no day"),
        item(name="closing day", due=CLOSES),
        item(name="late", due=date(2026, 11, 13)),
        item(name="later", due=date(2026, 12, 14)),
        item(name="latest", due=date(2026, 10, 30)),
        item(name="today", due=TODAY),
    ]

    assert names(grouped(items, TODAY, CLOSES, NO_HOLIDAYS)) == {
        "Overdue": ["latest", "late"],
        "Due by Monday 30 November 2026": ["today", "closing day"],
        "Later, or without a day": ["later", "no day"],
    }


def test_working_days_left_are_said_and_today_is_one():
    groups = grouped([item(due=CLOSES)], TODAY, CLOSES, NO_HOLIDAYS)
    assert [group.note for group in groups] == ["1, in 3 working days, counting today"]
    saturday = date(2026, 11, 28)
    groups = grouped([item(due=CLOSES)], saturday, CLOSES, NO_HOLIDAYS)
    assert [group.note for group in groups] == ["1, in 1 working day"]


def test_on_the_closing_day_itself_it_is_due_today():
    (group,) = grouped([item(due=CLOSES)], CLOSES, CLOSES, NO_HOLIDAYS)
    assert (group.title, group.note) == ("Due today", "1")


def test_between_two_periods_nothing_is_due_by_a_closing_day():
    groups = grouped([item(due=CLOSES), item()], TODAY, None, NO_HOLIDAYS)
    assert [group.title for group in groups] == ["Later, or without a day"]


def test_of_one_day_the_longest_waiting_is_first():
    items = [
        item(name="new", due=CLOSES, since=date(2026, 11, 20)),
        item(name="old", due=CLOSES, since=date(2026, 11, 2)),
    ]
    (group,) = grouped(items, TODAY, CLOSES, NO_HOLIDAYS)
    assert [one.name for one in group.items] == ["old", "new"]


@pytest.mark.parametrize(
    ("due", "words"),
    [
        # Friday 13 to Thursday 26 November: nine working days after it.
        (date(2026, 11, 13), "9 working days late"),
        (date(2026, 11, 25), "1 working day late"),
    ],
)
def test_lateness_is_told_in_working_days(due, words):
    assert late_text(due, TODAY, NO_HOLIDAYS) == words


def test_what_was_due_on_friday_is_late_on_sunday_without_a_working_day():
    assert late_text(date(2026, 11, 27), date(2026, 11, 29), NO_HOLIDAYS) == "late"


def test_holidays_are_no_working_days():
    boxing_day = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
    assert working_days(date(2026, 12, 24), date(2026, 12, 29), boxing_day) == 2


def test_the_sentences_say_what_is_overdue_and_how_much_is_due():
    items = [
        item(due=date(2026, 10, 30)),
        item(Kind.FIGURES, due=date(2026, 11, 13)),
        item(Kind.QUESTION, due=date(2026, 11, 24)),
        item(Kind.QUESTION, due=date(2026, 11, 24)),
        *(item(due=CLOSES) for _ in range(4)),
        item(Kind.ACTION, due=date(2026, 12, 16)),
    ]
    assert lead_in(items, TODAY, CLOSES) == (
        "Four are overdue: an update, the figures of a KPI and two answers. "
        "Four are due by Monday 30 November 2026."
    )


def test_what_has_no_day_is_not_overdue():
    assert lead_in([item(Kind.BLUE)], TODAY, CLOSES) == "Nothing is overdue."
    assert lead_in([], TODAY, CLOSES) == ""
    assert lead_in([item(due=CLOSES)], CLOSES, CLOSES) == "One is due today. Nothing is overdue."

"""The periods of a series and when its reports are due, across year ends and leap years."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.dates import is_working_day
from reports.rules.calendar import (
    MeetingPapers,
    NoPeriodError,
    Period,
    ReportState,
    Rhythm,
    due_on,
    first_owed,
    papers_for,
    report_state,
    timetable,
)

MONTHLY = Rhythm("monthly")
SIX_WEEKLY = Rhythm("six_weekly", anchor=date(2022, 1, 10))
QUARTERLY = Rhythm("quarterly")
CALENDAR_QUARTERS = Rhythm("quarterly", year_starts_in=1)
HALF_YEARLY = Rhythm("six_monthly")


@pytest.mark.parametrize(
    ("rhythm", "day", "starts", "ends", "number", "words"),
    [
        (MONTHLY, "2024-02-29", "2024-02-01", "2024-02-29", "February 2024", "February 2024"),
        (MONTHLY, "2023-02-28", "2023-02-01", "2023-02-28", "February 2023", "February 2023"),
        (
            QUARTERLY,
            "2023-01-01",
            "2023-01-01",
            "2023-03-31",
            "Q4 2022/23",
            "January to March 2023",
        ),
        (
            QUARTERLY,
            "2022-12-31",
            "2022-10-01",
            "2022-12-31",
            "Q3 2022/23",
            "October to December 2022",
        ),
        (
            CALENDAR_QUARTERS,
            "2022-12-31",
            "2022-10-01",
            "2022-12-31",
            "Q4 2022",
            "October to December 2022",
        ),
        (
            HALF_YEARLY,
            "2024-02-29",
            "2023-10-01",
            "2024-03-31",
            "H2 2023/24",
            "October 2023 to March 2024",
        ),
        (HALF_YEARLY, "2099-04-01", "2099-04-01", "2099-09-30", "H1 2099/00", None),
        # The ninth six weeks from Monday 10 January 2022 begin 8 * 42 = 336 days later.
        (
            SIX_WEEKLY,
            "2023-01-01",
            "2022-12-12",
            "2023-01-22",
            "Issue 9",
            "12 December 2022 to 22 January 2023",
        ),
        (SIX_WEEKLY, "2022-02-20", "2022-01-10", "2022-02-20", "Issue 1", None),
        (SIX_WEEKLY, "2022-02-21", "2022-02-21", "2022-04-03", "Issue 2", None),
    ],
)
def test_the_period_that_holds_a_day(rhythm, day, starts, ends, number, words):
    found = rhythm.period_of(date.fromisoformat(day))
    assert (found.starts_on.isoformat(), found.ends_on.isoformat()) == (starts, ends)
    assert found.number == number
    if words:
        assert found.words == words


def test_six_weeks_within_a_year_say_it_once():
    assert SIX_WEEKLY.period_of(date(2022, 1, 10)).words == "10 January to 20 February 2022"


@pytest.mark.parametrize(
    "rhythm",
    [
        Rhythm("six_weekly"),
        Rhythm("weeks", weeks=4),
        Rhythm("meetings", meetings=(MeetingPapers(date(2022, 5, 4), date(2022, 4, 27)),)),
    ],
)
def test_weeks_and_meetings_need_a_day_to_be_counted_from(rhythm):
    with pytest.raises(
        NoPeriodError, match=r"^Its periods are counted from a first day, and none is set\.$"
    ):
        rhythm.period_of(date(2022, 1, 1))
    assert rhythm.period_on(date(2022, 1, 1)) is None
    assert rhythm.begins_on is None


@pytest.mark.parametrize(
    ("day", "starts", "ends", "number"),
    [
        # Four weeks from Monday 5 January 2026: 28 days each.
        ("2026-01-05", "2026-01-05", "2026-02-01", "Issue 1"),
        ("2026-02-01", "2026-01-05", "2026-02-01", "Issue 1"),
        ("2026-02-02", "2026-02-02", "2026-03-01", "Issue 2"),
        # 13 times 28 days are 364.
        ("2027-01-03", "2026-12-07", "2027-01-03", "Issue 13"),
        ("2027-01-04", "2027-01-04", "2027-01-31", "Issue 14"),
        ("2026-01-04", "2025-12-08", "2026-01-04", "Issue 0"),
    ],
)
def test_every_so_many_weeks(day, starts, ends, number):
    rhythm = Rhythm("weeks", anchor=date(2026, 1, 5), weeks=4)
    found = rhythm.period_of(date.fromisoformat(day))
    assert found == Period(date.fromisoformat(starts), date.fromisoformat(ends), number)
    assert rhythm.begins_on == date(2026, 1, 5)


def test_six_weekly_is_every_six_weeks():
    six = Rhythm("weeks", anchor=date(2022, 1, 10), weeks=6)
    for days in (-1, 0, 41, 42, 355, 2000):
        day = date(2022, 1, 10) + timedelta(days=days)
        assert six.period_of(day) == SIX_WEEKLY.period_of(day)


TERMLY = Rhythm("termly")


@pytest.mark.parametrize(
    ("day", "starts", "ends", "number"),
    [
        # Autumn 2025 ends on Friday 19 December. Easter 2026 is 5 April: spring ends on Thursday
        # 2 April. Autumn 2026 ends on Friday 18 December; Easter 2027 is 28 March.
        ("2025-12-19", "2025-07-25", "2025-12-19", "Autumn term 2025"),
        ("2025-12-20", "2025-12-20", "2026-04-02", "Spring term 2026"),
        ("2026-01-01", "2025-12-20", "2026-04-02", "Spring term 2026"),
        ("2026-04-02", "2025-12-20", "2026-04-02", "Spring term 2026"),
        ("2026-04-03", "2026-04-03", "2026-07-24", "Summer term 2026"),
        ("2026-07-24", "2026-04-03", "2026-07-24", "Summer term 2026"),
        ("2026-08-15", "2026-07-25", "2026-12-18", "Autumn term 2026"),
        ("2026-12-18", "2026-07-25", "2026-12-18", "Autumn term 2026"),
        ("2026-12-31", "2026-12-19", "2027-03-25", "Spring term 2027"),
    ],
)
def test_a_term_is_reported_with_the_holidays_before_it(day, starts, ends, number):
    found = TERMLY.period_of(date.fromisoformat(day))
    assert found == Period(date.fromisoformat(starts), date.fromisoformat(ends), number)
    assert TERMLY.begins_on is None


# Entered in no order: the papers of each a week before it is held.
OF_BOARD = tuple(
    MeetingPapers(held_on, held_on - timedelta(days=7))
    for held_on in (date(2027, 5, 4), date(2027, 1, 12), date(2027, 3, 9))
)
FOR_BOARD = Rhythm("meetings", anchor=date(2026, 12, 1), meetings=OF_BOARD)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "number"),
    [
        ("2026-12-01", "2026-12-01", "2027-01-05", "Meeting of 12 January 2027"),
        ("2027-01-05", "2026-12-01", "2027-01-05", "Meeting of 12 January 2027"),
        ("2027-01-06", "2027-01-06", "2027-03-02", "Meeting of 9 March 2027"),
        ("2027-03-03", "2027-03-03", "2027-04-27", "Meeting of 4 May 2027"),
        ("2027-04-27", "2027-03-03", "2027-04-27", "Meeting of 4 May 2027"),
    ],
)
def test_a_period_for_a_meeting_ends_on_the_day_its_papers_are_due(day, starts, ends, number):
    found = FOR_BOARD.period_of(date.fromisoformat(day))
    assert found == Period(date.fromisoformat(starts), date.fromisoformat(ends), number)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-30", "This series begins on 1 December 2026."),
        (
            "2027-04-28",
            "No meeting is entered whose papers are due on 28 April 2027 or later.",
        ),
    ],
)
def test_before_its_first_day_and_after_the_last_meeting_there_is_no_period(day, words):
    with pytest.raises(NoPeriodError) as refusal:
        FOR_BOARD.period_of(date.fromisoformat(day))
    assert str(refusal.value) == words


@pytest.mark.parametrize(
    ("rhythm", "day", "number"),
    [
        (MONTHLY, "2027-03-31", "February 2027"),
        (MONTHLY, "2027-04-01", "March 2027"),
        (TERMLY, "2026-07-25", "Summer term 2026"),
        (SIX_WEEKLY, "2022-02-21", "Issue 1"),
        # The papers of 9 March are due on the 2nd, and that day is still of its period.
        (FOR_BOARD, "2027-03-02", "Meeting of 12 January 2027"),
        (FOR_BOARD, "2027-03-03", "Meeting of 9 March 2027"),
        (FOR_BOARD, "2028-01-01", "Meeting of 4 May 2027"),
    ],
)
def test_the_last_period_that_is_over(rhythm, day, number):
    assert rhythm.last_over(date.fromisoformat(day)).number == number


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        (FOR_BOARD, "No period of this series is over yet."),
        (Rhythm("meetings"), "Its periods are counted from a first day, and none is set."),
    ],
)
def test_where_nothing_is_over_it_says_so(rhythm, words):
    with pytest.raises(NoPeriodError) as refusal:
        rhythm.last_over(date(2027, 1, 5))
    assert str(refusal.value) == words


def test_a_meeting_whose_papers_were_due_before_the_series_began_has_no_report():
    """Papers on 5 January and 2 March: from 6 January on the first report is for 9 March."""
    rhythm = Rhythm("meetings", anchor=date(2027, 1, 6), meetings=OF_BOARD)
    assert [one.number for one in rhythm.periods(date(2027, 1, 6), date(2030, 1, 1))] == [
        "Meeting of 9 March 2027",
        "Meeting of 4 May 2027",
    ]


def test_a_report_for_a_meeting_is_due_with_its_papers_whoever_else_meets():
    first = FOR_BOARD.period_of(date(2026, 12, 1))
    others = [date(2027, 1, 20)]
    assert papers_for(first, FOR_BOARD, others) == date(2027, 1, 5)
    assert due_on(first, FOR_BOARD, others, 10, frozenset()) == date(2027, 1, 5)
    last = FOR_BOARD.period_of(date(2027, 4, 27))
    assert due_on(last, FOR_BOARD, [], 10, frozenset()) == date(2027, 4, 27)


@given(
    rhythm=st.sampled_from(
        [MONTHLY, SIX_WEEKLY, QUARTERLY, CALENDAR_QUARTERS, HALF_YEARLY, TERMLY]
    ),
    first=st.dates(date(2000, 1, 1), date(2090, 12, 31)),
    days=st.integers(0, 1500),
)
def test_periods_follow_on_each_other_without_gap_or_overlap(rhythm, first, days):
    until = first + timedelta(days=days)
    found = list(rhythm.periods(first, until))
    assert found[0].starts_on <= first
    assert found[-1].starts_on <= until <= found[-1].ends_on
    for one, other in pairwise(found):
        assert other.starts_on == one.ends_on + timedelta(days=1)
    assert len({period.number for period in found}) == len(found)


EVERY_RHYTHM = st.one_of(
    st.sampled_from([MONTHLY, HALF_YEARLY, TERMLY]),
    st.builds(
        Rhythm,
        st.sampled_from(["quarterly", "six_monthly"]),
        year_starts_in=st.integers(1, 12),
    ),
    st.builds(Rhythm, st.just("six_weekly"), anchor=st.dates(date(2010, 1, 1), date(2035, 12, 31))),
)


@given(rhythm=EVERY_RHYTHM, day=st.dates(date(1999, 1, 1), date(2090, 12, 31)))
def test_a_period_holds_its_day_and_every_day_of_it_finds_it(rhythm, day):
    """Anchors before and after the day, each month as the year's first, leap years."""
    found = rhythm.period_of(day)
    assert found.starts_on <= day <= found.ends_on
    assert rhythm.period_of(found.starts_on) == found == rhythm.period_of(found.ends_on)
    if rhythm.name == "six_weekly":
        assert (found.ends_on - found.starts_on).days == 41
        assert (found.starts_on - rhythm.anchor).days % 42 == 0
    elif rhythm.name != "termly":
        assert found.starts_on.day == 1
        assert (found.ends_on + timedelta(days=1)).day == 1


@given(year=st.integers(2000, 2089), starts_in=st.integers(1, 12))
def test_a_year_has_four_quarters_and_two_halves_from_its_first_month(year, starts_in):
    first = date(year, starts_in, 1)
    last = date(year + 1, starts_in, 1) - timedelta(days=1)
    for name, letter, parts in (("quarterly", "Q", 4), ("six_monthly", "H", 2)):
        found = list(Rhythm(name, year_starts_in=starts_in).periods(first, last))
        assert (found[0].starts_on, found[-1].ends_on) == (first, last)
        assert [one.number.split()[0] for one in found] == [
            f"{letter}{part}" for part in range(1, parts + 1)
        ]
        assert len({one.number.split()[1] for one in found}) == 1


def test_before_its_anchor_six_weeks_go_on_backwards():
    found = SIX_WEEKLY.period_of(date(2022, 1, 9))
    assert (found.starts_on, found.ends_on) == (date(2021, 11, 29), date(2022, 1, 9))


OCTOBER_TO_DECEMBER = Period(date(2022, 10, 1), date(2022, 12, 31), "Q3 2022/23")
NEW_YEAR = frozenset({date(2023, 1, 2)})


def test_a_report_is_due_with_the_papers_of_the_next_meeting():
    papers = [date(2022, 12, 14), date(2023, 1, 18), date(2023, 3, 1)]
    assert due_on(OCTOBER_TO_DECEMBER, QUARTERLY, papers, 10, NEW_YEAR) == date(2023, 1, 18)


def test_without_a_meeting_it_is_due_so_many_working_days_later():
    # Monday 2 January 2023 was a bank holiday: 3, 4, 5, 6, 9, 10, 11, 12, 13 and 16 January.
    far = [date(2023, 4, 3)]
    assert due_on(OCTOBER_TO_DECEMBER, QUARTERLY, far, 10, NEW_YEAR) == date(2023, 1, 16)


@pytest.mark.parametrize(
    ("today", "drafted", "published", "state"),
    [
        ("2022-12-31", False, False, ReportState.TO_COME),
        ("2023-01-01", False, False, ReportState.DUE),
        ("2023-01-16", True, False, ReportState.DRAFTED),
        ("2023-01-17", True, False, ReportState.LATE),
        ("2023-02-17", True, True, ReportState.PUBLISHED),
    ],
)
def test_what_has_become_of_a_report(today, drafted, published, state):
    assert state is report_state(
        OCTOBER_TO_DECEMBER,
        date(2023, 1, 16),
        date.fromisoformat(today),
        is_drafted=drafted,
        is_published=published,
    )


@pytest.mark.parametrize(
    ("today", "is_drafted", "is_expected", "is_update_due", "state"),
    [
        # Not late before the first report of the series, and not made once its day has passed.
        ("2023-01-17", False, True, False, ReportState.NOT_MADE),
        ("2023-01-17", True, True, False, ReportState.DRAFTED),
        ("2023-01-16", False, True, False, ReportState.DUE),
        # Nobody waits for it: the plan is closed, or nobody tracks it.
        ("2023-01-17", False, False, True, ReportState.NOT_MADE),
        ("2023-01-16", False, False, True, ReportState.NOT_MADE),
        ("2022-12-31", False, False, True, ReportState.NOT_MADE),
    ],
)
def test_what_is_not_owed_is_never_late(today, is_drafted, is_expected, is_update_due, state):
    assert state is report_state(
        OCTOBER_TO_DECEMBER,
        date(2023, 1, 16),
        date.fromisoformat(today),
        is_drafted=is_drafted,
        is_published=False,
        is_expected=is_expected,
        is_update_due=is_update_due,
    )


def test_the_papers_of_a_period_come_after_it_and_before_the_next_one_ends():
    assert papers_for(OCTOBER_TO_DECEMBER, QUARTERLY, [date(2022, 12, 31)]) is None
    assert papers_for(OCTOBER_TO_DECEMBER, QUARTERLY, [date(2023, 4, 1)]) is None
    on_the_last = [date(2023, 3, 31), date(2023, 4, 1)]
    assert papers_for(OCTOBER_TO_DECEMBER, QUARTERLY, on_the_last) == date(2023, 3, 31)


@given(
    rhythm=EVERY_RHYTHM,
    day=st.dates(date(2000, 1, 1), date(2089, 12, 31)),
    due_after=st.integers(1, 60),
)
def test_without_papers_it_is_due_on_a_working_day_after_the_period(rhythm, day, due_after):
    period = rhythm.period_of(day)
    due = due_on(period, rhythm, [], due_after, NEW_YEAR)
    assert due > period.ends_on
    assert is_working_day(due, NEW_YEAR)


@pytest.mark.parametrize(
    ("tracked_from", "first_made", "owed"),
    [
        (None, "2022-04-01", None),
        ("2022-01-01", None, None),
        ("2022-01-01", "2022-04-01", "2022-04-01"),
        # Reports of days before anybody tracked the plan make nothing owed for them.
        ("2022-05-20", "2021-10-01", "2022-04-01"),
        ("2022-05-20", "2022-07-01", "2022-07-01"),
    ],
)
def test_the_first_report_that_is_owed(tracked_from, first_made, owed):
    def day(text):
        return text and date.fromisoformat(text)

    assert first_owed(QUARTERLY, day(tracked_from), day(first_made)) == day(owed)


# --- The calendar of a series -------------------------------------------------------------------


def lines(rhythm, day, made=(), published=(), **fields):
    """What the calendar lists, as `number: state`."""
    values: dict[str, Any] = {
        "tracked_from": date(2021, 1, 1),
        "closed_on": None,
        "papers": [],
        "due_after": 10,
        "holidays": NEW_YEAR,
    }
    periods = {rhythm.period_of(date.fromisoformat(one)): False for one in made}
    periods |= {rhythm.period_of(date.fromisoformat(one)): True for one in published}
    found = timetable(rhythm, date.fromisoformat(day), periods, **(values | fields))
    return [f"{entry.period.number}: {entry.state}" for entry in found]


def test_a_series_of_which_nothing_was_made_shows_the_last_the_current_and_the_next():
    # Ten working days after 30 November 2022 is Wednesday 14 December.
    assert lines(MONTHLY, "2022-12-14") == [
        "January 2023: to_come",
        "December 2022: to_come",
        "November 2022: due",
    ]
    assert lines(MONTHLY, "2022-12-15") == [
        "January 2023: to_come",
        "December 2022: to_come",
        "November 2022: not_made",
    ]


def test_after_the_first_report_each_period_owes_one():
    assert lines(MONTHLY, "2022-12-15", made=["2022-11-01"], published=["2022-08-01"]) == [
        "January 2023: to_come",
        "December 2022: to_come",
        "November 2022: late",
        "October 2022: late",
        "September 2022: late",
        "August 2022: published",
    ]


def test_the_period_that_begins_on_the_first_owed_day_is_owed():
    # The first report is one of days of their own, 7 November to 18 December; so December, which it
    # overlaps, has its report, and what is owed from 7 November begins after it.
    first = Period(date(2022, 12, 1), date(2022, 12, 31), "Special")
    found = timetable(
        Rhythm("six_weekly", anchor=date(2022, 12, 1)),
        date(2023, 3, 1),
        {first: True},
        tracked_from=date(2022, 1, 1),
        closed_on=None,
        papers=[],
        due_after=10,
        holidays=NEW_YEAR,
    )
    # Issue 1 overlaps it; Issue 2 runs from 12 January to 22 February, due ten working days later.
    assert [(one.period.number, one.state) for one in found] == [
        ("Issue 4", ReportState.TO_COME),
        ("Issue 3", ReportState.TO_COME),
        ("Issue 2", ReportState.DUE),
        ("Special", ReportState.PUBLISHED),
    ]
    # A draft of the very first period owed is late itself, once its day has passed.
    assert lines(MONTHLY, "2022-12-14", made=["2022-11-01"])[-1] == "November 2022: drafted"
    assert lines(MONTHLY, "2022-12-15", made=["2022-11-01"])[-1] == "November 2022: late"


def test_the_period_in_whose_last_day_the_tracking_begins_is_waited_for():
    def november(tracked_from):
        found = lines(MONTHLY, "2022-12-14", tracked_from=tracked_from, published=["2022-10-01"])
        return [line for line in found if line.startswith("November")]

    assert november(date(2022, 11, 30)) == ["November 2022: due"]
    assert november(date(2022, 12, 1)) == ["November 2022: not_made"]


def test_a_year_back_is_twelve_months_and_what_ended_on_its_first_day_is_in_it():
    # Twelve months before 31 March 2023 is 31 March 2022: the quarter that ended then is shown.
    assert lines(QUARTERLY, "2023-03-31", published=["2022-01-01"])[-1] == "Q4 2021/22: published"
    gone = lines(QUARTERLY, "2023-04-01", published=["2022-01-01"])
    assert "Q4 2021/22: published" not in gone
    # Nor is a month that ended thirteen months before.
    assert lines(MONTHLY, "2023-03-15", published=["2022-02-01"])[-1] == "March 2022: late"


def test_a_plan_is_closed_from_its_closing_day_on():
    assert lines(QUARTERLY, "2022-07-15", closed_on=date(2022, 7, 15)) == [
        "Q2 2022/23: not_made",
        "Q1 2022/23: not_made",
    ]
    assert lines(QUARTERLY, "2022-07-14", closed_on=date(2022, 7, 15))[0] == "Q3 2022/23: to_come"


def test_six_weeks_of_a_plan_closed_on_or_before_their_first_day():
    anchor = date(2022, 1, 10)
    assert lines(SIX_WEEKLY, "2022-03-01", closed_on=anchor) == ["Issue 1: not_made"]
    assert lines(SIX_WEEKLY, "2022-03-01", closed_on=date(2022, 1, 9)) == []


def test_the_first_and_the_last_day_of_a_period_show_it_as_the_current_one():
    # Nobody tracks the plan, so that nothing but the days decides what is shown.
    for day in ("2022-10-01", "2022-12-31"):
        assert lines(QUARTERLY, day, tracked_from=None) == [
            "Q3 2022/23: not_made",
            "Q2 2022/23: not_made",
        ]
    assert lines(QUARTERLY, "2023-01-01", tracked_from=None) == [
        "Q4 2022/23: not_made",
        "Q3 2022/23: not_made",
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "overlaps"),
    [
        ("2022-09-01", "2022-09-30", False),
        ("2022-09-01", "2022-10-01", True),  # the first day in common
        ("2022-12-31", "2023-01-31", True),  # the last
        ("2023-01-01", "2023-01-31", False),
        ("2022-11-01", "2022-11-30", True),
    ],
)
def test_periods_overlap_that_have_a_day_in_common(starts, ends, overlaps):
    other = Period(date.fromisoformat(starts), date.fromisoformat(ends), "")
    assert OCTOBER_TO_DECEMBER.overlaps(other) is overlaps
    assert other.overlaps(OCTOBER_TO_DECEMBER) is overlaps


def test_a_drafted_report_is_told_from_one_that_was_not_begun():
    assert lines(MONTHLY, "2022-12-14", made=["2022-12-01"]) == [
        "January 2023: to_come",
        "December 2022: drafted",
        "November 2022: due",
    ]


def test_what_is_older_than_a_year_is_left_out():
    found = lines(QUARTERLY, "2023-02-01", published=["2021-07-01", "2021-10-01", "2022-01-01"])
    # October to December 2021 ended over a year ago, and January to March 2022 did not.
    assert found[-1] == "Q4 2021/22: published"
    assert "Q3 2021/22: published" not in found


def test_a_plan_that_nobody_tracks_owes_nothing():
    assert lines(QUARTERLY, "2022-12-15", tracked_from=None, published=["2022-01-01"]) == [
        "Q3 2022/23: not_made",
        "Q2 2022/23: not_made",
        "Q4 2021/22: published",
    ]


def test_what_was_over_before_the_plan_was_tracked_is_not_due():
    assert lines(MONTHLY, "2022-12-02", tracked_from=date(2022, 12, 1)) == [
        "January 2023: to_come",
        "December 2022: to_come",
        "November 2022: not_made",
    ]


def test_a_closed_plan_has_its_last_report_and_none_after_it():
    found = lines(QUARTERLY, "2022-12-15", closed_on=date(2022, 7, 15), published=["2022-01-01"])
    assert found == ["Q2 2022/23: not_made", "Q4 2021/22: published"]
    # As long as its closing lies ahead, it goes on as any other.
    assert lines(QUARTERLY, "2022-07-14", closed_on=date(2022, 7, 15)) == [
        "Q3 2022/23: to_come",
        "Q2 2022/23: to_come",
        "Q1 2022/23: due",
    ]
    assert lines(QUARTERLY, "2024-12-15", closed_on=date(2022, 7, 15)) == []


def test_six_weeks_begin_with_their_first_day():
    assert lines(SIX_WEEKLY, "2021-12-15") == ["Issue 2: to_come", "Issue 1: to_come"]
    assert lines(SIX_WEEKLY, "2022-01-10") == ["Issue 2: to_come", "Issue 1: to_come"]
    assert lines(SIX_WEEKLY, "2022-02-21") == [
        "Issue 3: to_come",
        "Issue 2: to_come",
        "Issue 1: due",
    ]


def test_a_report_of_other_days_than_the_rhythms_stands_in_their_place():
    """A plan file may change a rhythm; what was made before keeps its own days."""
    made = {Period(date(2022, 11, 7), date(2022, 12, 18), "Issue 3"): True}
    found = timetable(
        MONTHLY,
        date(2023, 1, 5),
        made,
        tracked_from=date(2022, 1, 1),
        closed_on=None,
        papers=[],
        due_after=10,
        holidays=NEW_YEAR,
    )
    assert [entry.period.number for entry in found] == ["February 2023", "January 2023", "Issue 3"]


def test_a_report_says_which_papers_it_is_due_with():
    found = timetable(
        QUARTERLY,
        date(2023, 1, 5),
        {},
        tracked_from=date(2022, 1, 1),
        closed_on=None,
        papers=[date(2023, 1, 18)],
        due_after=10,
        holidays=NEW_YEAR,
    )
    assert [(entry.period.number, entry.due_on, entry.papers_on) for entry in found] == [
        # 31 March 2023 and 30 June 2023 are Fridays: ten working days are two weeks.
        ("Q1 2023/24", date(2023, 7, 14), None),
        ("Q4 2022/23", date(2023, 4, 14), None),
        ("Q3 2022/23", date(2023, 1, 18), date(2023, 1, 18)),
    ]


@pytest.mark.parametrize(
    ("day", "listed"),
    [
        (
            "2027-03-01",
            ["4 May 2027: to_come", "9 March 2027: to_come", "12 January 2027: published"],
        ),
        # The day on which papers of 9 March are due, and the day after.
        ("2027-03-02", ["4 May 2027: to_come", "9 March 2027: due", "12 January 2027: published"]),
        ("2027-03-03", ["4 May 2027: to_come", "9 March 2027: late", "12 January 2027: published"]),
        # The last that is entered is over, and nobody has said when the board meets next.
        ("2027-05-01", ["4 May 2027: late", "9 March 2027: late", "12 January 2027: published"]),
    ],
)
def test_reports_for_meetings_in_the_timetable(day, listed):
    assert lines(FOR_BOARD, day, published=["2026-12-01"]) == [
        f"Meeting of {one}" for one in listed
    ]


def test_before_its_first_day_a_series_for_meetings_shows_its_first_two():
    assert lines(FOR_BOARD, "2026-11-01") == [
        "Meeting of 9 March 2027: to_come",
        "Meeting of 12 January 2027: to_come",
    ]
    assert lines(Rhythm("meetings", anchor=date(2026, 12, 1)), "2026-12-24") == []


@pytest.mark.parametrize(
    ("tracked_from", "owed"),
    [
        # Before the series began; within the second period; after the last meeting that is entered.
        (date(2026, 10, 1), date(2026, 12, 1)),
        (date(2027, 2, 1), date(2027, 1, 6)),
        (date(2027, 6, 1), date(2027, 6, 1)),
    ],
)
def test_the_first_report_for_a_meeting_that_is_owed(tracked_from, owed):
    assert first_owed(FOR_BOARD, tracked_from, date(2026, 12, 1)) == owed

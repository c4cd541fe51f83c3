"""The periods of a series and when its reports are due, across year ends and leap years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calendar import Period, ReportState, Rhythm, due_on, report_state

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


def test_six_weeks_need_a_day_to_be_counted_from():
    with pytest.raises(ValueError, match="counted from a day"):
        Rhythm("six_weekly").period_of(date(2022, 1, 1))


@given(
    rhythm=st.sampled_from([MONTHLY, SIX_WEEKLY, QUARTERLY, CALENDAR_QUARTERS, HALF_YEARLY]),
    first=st.dates(date(2000, 1, 1), date(2090, 12, 31)),
    days=st.integers(0, 1500),
)
def test_periods_follow_on_each_other_without_gap_or_overlap(rhythm, first, days):
    until = first + timedelta(days=days)
    found = list(rhythm.periods(first, until))
    assert found[0].starts_on <= first
    assert found[-1].starts_on <= until <= found[-1].ends_on
    for one, other in zip(found, found[1:], strict=False):
        assert other.starts_on == one.ends_on + timedelta(days=1)
    assert len({period.number for period in found}) == len(found)


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

"""Update periods by hand: where each begins, ends, closes, and what people call it."""

from datetime import date

import pytest

from actions.rules.cycle import (
    Cycle,
    CycleKind,
    CycleRule,
    MeetingDay,
    TreatedPeriod,
    Treatment,
    cycles_in_force,
    terms_of,
    treated_in_force,
    weeks_around,
)

# England's bank holidays of 2027 that matter here: Good Friday, Easter Monday, early May, and what
# stands for Christmas and Boxing Day 2026, of which the latter was a Saturday.
HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        "2026-12-25",
        "2026-12-28",
        "2027-01-01",
        "2027-03-26",
        "2027-03-29",
        "2027-05-03",
        "2027-05-31",
        "2027-08-30",
    )
)
BOARD, GROUP = 7, 8


def day(text):
    return date.fromisoformat(text)


def rule(kind, starts, **more):
    return CycleRule(day(starts), CycleKind(kind), **more)


def periods(*rules, treated=(), meetings=()):
    cycle = Cycle(
        tuple(rules),
        tuple(TreatedPeriod(day(on), Treatment(what)) for on, what in treated),
        tuple(meetings),
    )
    return cycle.periods(HOLIDAYS)


def meeting(held, papers, body=BOARD, name="Improvement Board"):
    return MeetingDay(body, name, body == GROUP, day(held), day(papers))


def told(period):
    """First day, last day, closing and end of grace, as they are written here."""
    return " ".join(
        str(one)
        for one in (period.first_day, period.last_day, period.closes_on, period.grace_ends_on)
    )


def run(of, first, count):
    """So many periods, from the one that holds a day."""
    found = [of.on(day(first))]
    while len(found) < count:
        found.append(of.after(found[-1]))
    return found


# --- Monthly ----------------------------------------------------------------------------------


def test_without_a_cycle_of_its_own_a_plan_is_asked_every_month():
    # 31 January 2027 is a Sunday; five working days from Friday 29 end on Friday 5 February.
    # From Wednesday 31 March they end on Wednesday 7 April: the bank holidays were before.
    months = run(periods(), "2027-01-15", 3)
    assert [told(one) for one in months] == [
        "2027-01-01 2027-01-31 2027-01-29 2027-02-05",
        "2027-02-01 2027-02-28 2027-02-26 2027-03-05",
        "2027-03-01 2027-03-31 2027-03-31 2027-04-07",
    ]
    assert [one.name for one in months] == ["January 2027", "February 2027", "March 2027"]
    (march,) = months[2:]
    assert (march.phrase, march.update_name, march.key) == ("March 2027", "March update", "2027-03")
    assert march.in_text == "this month"


@pytest.mark.parametrize(
    ("days", "closes", "ends"),
    [
        (0, "2027-04-30", "2027-04-30"),  # a Friday, and not a day more
        (1, "2027-04-30", "2027-05-04"),  # Monday is a holiday
        (5, "2027-04-30", "2027-05-10"),
        (10, "2027-04-30", "2027-05-17"),
    ],
)
def test_the_days_of_grace_are_working_days(days, closes, ends):
    april = periods(rule("monthly", "2027-01-01", grace_days=days)).on(day("2027-04-15"))
    assert (april.closes_on, april.grace_ends_on) == (day(closes), day(ends))


def test_a_month_closes_before_the_first_papers_of_the_steering_group_that_fall_in_it():
    of = periods(
        rule("monthly", "2027-01-01", is_before_papers=True),
        meetings=[
            # Five working days before Friday 30 April: 29, 28, 27, 26, Friday 23.
            meeting("2027-05-07", "2027-04-30", GROUP),
            # Before Thursday 22 April: 21, 20, 19, 16, Thursday 15.
            meeting("2027-04-29", "2027-04-22", GROUP),
            # Of another body, earlier than both.
            meeting("2027-04-15", "2027-04-08"),
            # Before Friday 4 June: 3, 2, 1 June, 28 (Monday 31 is a holiday), Thursday 27 May.
            meeting("2027-06-11", "2027-06-04", GROUP),
        ],
    )
    april, may, june = run(of, "2027-04-01", 3)
    assert told(april) == "2027-04-01 2027-04-30 2027-04-15 2027-04-22"
    assert told(may) == "2027-05-01 2027-05-31 2027-05-27 2027-06-04"
    # No papers: its last working day.
    assert told(june) == "2027-06-01 2027-06-30 2027-06-30 2027-07-07"


def test_so_many_working_days_before_papers_as_the_cycle_says():
    of = periods(
        rule("monthly", "2027-01-01", is_before_papers=True, days_before_papers=2),
        meetings=[meeting("2027-05-07", "2027-04-30", GROUP)],
    )
    assert of.on(day("2027-04-01")).closes_on == day("2027-04-28")


# --- Every so many weeks ----------------------------------------------------------------------


def test_weeks_are_counted_from_the_first_day_of_the_cycle():
    # Six weeks from Monday 1 March 2027 end on Sunday 11 April, six more on Sunday 23 May.
    first, second = run(periods(rule("weeks", "2027-03-01", weeks=6)), "2027-03-01", 2)
    assert told(first) == "2027-03-01 2027-04-11 2027-04-09 2027-04-16"
    assert told(second) == "2027-04-12 2027-05-23 2027-05-21 2027-05-28"
    assert first.name == first.phrase == "1 March to 11 April 2027"
    assert (first.update_name, first.key) == ("Update", "2027-03-01")
    assert first.in_text == "for 1 March to 11 April 2027"


def test_weeks_are_counted_for_any_year():
    # 26 weeks are 182 days: from Monday 1 March 2027 ten of them end on Sunday 22 February 2032.
    of = periods(rule("weeks", "2027-03-01", weeks=26))
    assert of.on(day("2032-02-22")).last_day == day("2032-02-22")
    assert of.on(day("2032-02-23")).first_day == day("2032-02-23")
    assert of.begun_by(day("2027-03-05")).first_day == day("2027-03-01")
    assert of.on(day("2027-02-28")).name == "February 2027"


# --- Termly -----------------------------------------------------------------------------------


def test_a_term_closes_on_its_last_working_day_and_nothing_is_asked_between_terms():
    # Easter 2027 is on 28 March. Autumn ends on Friday 18 December, spring on Thursday 25 March,
    # summer on Saturday 24 July. Grace: 21 to 24 and 29 December; 30, 31 March, 1, 2, 5 April, as
    # Friday and Monday are holidays; 26 to 30 July.
    of = periods(rule("termly", "2026-09-01"))
    autumn, spring, summer = run(of, "2026-09-01", 3)
    assert told(autumn) == "2026-09-01 2026-12-18 2026-12-18 2026-12-29"
    assert told(spring) == "2027-01-01 2027-03-25 2027-03-25 2027-04-05"
    assert told(summer) == "2027-03-30 2027-07-24 2027-07-23 2027-07-30"
    assert [one.name for one in (autumn, spring, summer)] == [
        "Autumn term 2026",
        "Spring term 2027",
        "Summer term 2027",
    ]
    assert autumn.phrase == "the autumn term 2026"
    assert autumn.update_name == "Autumn term update"
    assert of.on(day("2026-12-19")) is None
    assert of.begun_by(day("2026-12-19")) == autumn


def test_between_terms_the_last_is_asked_for_until_its_grace_is_over():
    of = periods(rule("termly", "2026-09-01"))
    assert str(of.current(day("2026-12-29"))) == "Autumn term 2026"
    assert of.current(day("2026-12-30")) is None
    assert str(of.current(day("2027-01-01"))) == "Spring term 2027"
    # The grace of spring is not over when summer begins, which is what is asked for then.
    assert str(of.current(day("2027-03-30"))) == "Summer term 2027"
    assert str(of.last_closed(day("2027-04-05"))) == "Autumn term 2026"
    assert str(of.last_closed(day("2027-04-06"))) == "Spring term 2027"


# --- Before each meeting ----------------------------------------------------------------------

MEETINGS = [
    # Five working days before Tuesday 27 April: 26, 23, 22, 21, Tuesday 20.
    meeting("2027-05-04", "2027-04-27"),
    # Before Tuesday 29 June: 28, 25, 24, 23, Tuesday 22.
    meeting("2027-07-06", "2027-06-29"),
    meeting("2027-04-12", "2027-04-05", GROUP, "Steering group"),
]


def test_before_each_meeting_a_period_ends_with_the_day_it_closes():
    of = periods(rule("meetings", "2027-03-01", body=BOARD), meetings=MEETINGS)
    may, july = run(of, "2027-03-01", 2)
    assert told(may) == "2027-03-01 2027-04-20 2027-04-20 2027-04-27"
    assert told(july) == "2027-04-21 2027-06-22 2027-06-22 2027-06-29"
    assert may.name == "For the Improvement Board of 4 May 2027"
    assert may.phrase == "the Improvement Board of 4 May 2027"
    assert may.update_name == "Update for the Improvement Board"


def test_after_the_last_meeting_entered_nothing_is_asked_for():
    of = periods(rule("meetings", "2027-03-01", body=BOARD), meetings=MEETINGS)
    july = of.on(day("2027-06-22"))
    assert of.after(july) is None
    assert of.on(day("2027-06-23")) is None
    # Grace runs to 29 June; then the record rests, however long.
    assert of.current(day("2027-06-29")) == july
    assert of.current(day("2027-06-30")) is None
    assert of.begun_by(day("2040-01-01")) == july
    assert of.last_closed(day("2040-01-01")) == july


def test_a_meeting_that_leaves_no_time_since_the_last_closing_asks_for_nothing():
    # Its closing falls on the same 20 April as the one before.
    of = periods(
        rule("meetings", "2027-03-01", body=BOARD),
        meetings=[*MEETINGS, meeting("2027-05-05", "2027-04-27")],
    )
    names = [one.name for one in run(of, "2027-03-01", 2)]
    assert [name[-10:].strip() for name in names] == ["4 May 2027", "July 2027"]


# --- On listed dates --------------------------------------------------------------------------


def test_a_listed_date_closes_what_began_after_the_one_before():
    days = (day("2027-05-14"), day("2027-03-26"), day("2027-02-01"))
    of = periods(rule("dates", "2027-03-01", closing_days=days, grace_days=0))
    first, second = run(of, "2027-03-01", 2)
    assert told(first) == "2027-03-01 2027-03-26 2027-03-26 2027-03-26"
    assert told(second) == "2027-03-27 2027-05-14 2027-05-14 2027-05-14"
    assert (first.name, second.name) == ("1 to 26 March 2027", "27 March to 14 May 2027")
    assert of.after(second) is None


# --- Skipped and joined -----------------------------------------------------------------------


def test_a_skipped_period_asks_for_nothing_and_stands_among_the_others():
    of = periods(treated=[("2027-08-01", "skipped")])
    july, august, september = run(of, "2027-07-01", 3)
    assert [one.is_skipped for one in (july, august, september)] == [False, True, False]
    # July closed on Friday 30; its grace ends on Friday 6 August, and then nothing is asked for.
    assert of.current(day("2027-08-06")) == july
    assert of.current(day("2027-08-07")) is None
    assert of.last_closed(day("2027-09-30")) == july
    assert of.previous(september) == july
    assert of.before(september) == august


def test_a_joined_period_is_answered_with_the_next():
    of = periods(treated=[("2027-07-15", "joined")])
    both, september = run(of, "2027-07-01", 2)
    # August closes on Tuesday 31; Monday 30 is the holiday, before it.
    assert told(both) == "2027-07-01 2027-08-31 2027-08-31 2027-09-07"
    assert both.name == "July and August 2027"
    assert (both.update_name, both.key) == ("July and August update", "2027-07-01")
    assert both.in_text == "for July and August 2027"
    assert september.name == "September 2027"
    assert (both.is_joined, september.is_joined) == (True, False)
    assert of.on(day("2027-08-20")) == both


def test_three_are_joined_and_two_over_the_turn_of_the_year():
    three = periods(treated=[("2027-06-01", "joined"), ("2027-07-01", "joined")])
    assert three.on(day("2027-07-01")).name == "June, July and August 2027"
    turn = periods(treated=[("2026-12-01", "joined")]).on(day("2027-01-15"))
    assert turn.name == "December 2026 and January 2027"
    assert turn.first_day == day("2026-12-01")


def test_terms_weeks_and_meetings_are_joined_too():
    terms = periods(rule("termly", "2026-09-01"), treated=[("2027-01-10", "joined")])
    assert terms.on(day("2027-02-01")).name == "Spring term 2027 and summer term 2027"
    assert told(terms.on(day("2027-02-01"))) == "2027-01-01 2027-07-24 2027-07-23 2027-07-30"
    weeks = periods(rule("weeks", "2027-03-01", weeks=2), treated=[("2027-03-01", "joined")])
    assert weeks.on(day("2027-03-20")).name == "1 to 28 March 2027"
    both = periods(
        rule("meetings", "2027-03-01", body=BOARD),
        treated=[("2027-04-01", "joined")],
        meetings=MEETINGS,
    ).on(day("2027-03-05"))
    assert told(both) == "2027-03-01 2027-06-22 2027-06-22 2027-06-29"
    assert both.name == "For the Improvement Board of 6 July 2027"


def test_what_was_said_last_of_a_period_holds():
    of = periods(treated=[("2027-08-01", "skipped"), ("2027-08-20", "usual")])
    assert not of.on(day("2027-08-10")).is_skipped


def test_what_is_joined_with_a_skipped_period_is_skipped_with_it():
    of = periods(treated=[("2027-07-01", "joined"), ("2027-08-01", "skipped")])
    assert of.on(day("2027-07-10")).is_skipped
    assert of.on(day("2027-07-10")) == of.on(day("2027-08-31"))


def test_a_period_that_nothing_follows_stands_alone_though_it_is_joined():
    of = periods(
        rule("dates", "2027-03-01", closing_days=(day("2027-03-26"),)),
        treated=[("2027-03-10", "joined")],
    )
    assert of.on(day("2027-03-10")).last_day == day("2027-03-26")


# --- One cycle after another ------------------------------------------------------------------


def test_a_cycle_holds_from_its_first_day_and_leaves_what_was_before():
    of = periods(rule("weeks", "2027-02-15", weeks=6), rule("termly", "2027-03-30"))
    january = of.on(day("2027-01-20"))
    assert told(january) == "2027-01-01 2027-01-31 2027-01-29 2027-02-05"
    cut, weeks, second, summer = run(of, "2027-02-01", 4)
    # February is cut short, and so is the second run of weeks, on Monday 29 March, a holiday, as
    # Friday 26 is one.
    assert told(cut) == "2027-02-01 2027-02-14 2027-02-12 2027-02-19"
    assert (cut.name, cut.key) == ("1 to 14 February 2027", "2027-02-01")
    assert told(weeks) == "2027-02-15 2027-03-28 2027-03-25 2027-04-05"
    assert told(second) == "2027-03-29 2027-03-29 2027-03-29 2027-04-05"
    assert second.name == "29 March 2027"
    assert summer.name == "Summer term 2027"


def test_a_cycle_that_ends_before_a_meeting_closes_what_was_begun_for_it():
    of = periods(
        rule("meetings", "2027-03-01", body=BOARD), rule("monthly", "2027-06-01"), meetings=MEETINGS
    )
    _, cut, june = run(of, "2027-03-01", 3)
    # Monday 31 May is a holiday.
    assert told(cut) == "2027-04-21 2027-05-31 2027-05-28 2027-06-07"
    assert cut.name == "21 April to 31 May 2027"
    assert june.name == "June 2027"


def test_a_cycle_without_any_period_leaves_those_before_it():
    of = periods(rule("dates", "2010-01-10"))
    assert of.begun_by(day("2027-03-05")).name == "1 to 9 January 2010"
    assert of.on(day("2027-03-05")) is None
    assert of.on(day("2009-12-05")).name == "December 2009"


def test_what_was_set_later_takes_the_place_of_what_was_to_begin():
    weeks, termly = rule("weeks", "2027-04-01", weeks=6), rule("termly", "2027-04-01")
    assert cycles_in_force([weeks, termly]) == [termly]
    assert cycles_in_force([termly, weeks]) == [weeks]
    # In May it would have been termly; from April on it is every six weeks instead.
    may = rule("termly", "2027-05-01")
    assert cycles_in_force([may, weeks]) == [weeks]
    assert cycles_in_force([weeks, may]) == [weeks, may]


def test_a_cycle_that_says_nothing_new_is_left_out():
    usual = rule("monthly", "2027-04-01")
    assert cycles_in_force([usual]) == []
    termly, again = rule("termly", "2027-04-01"), rule("termly", "2027-09-01")
    assert cycles_in_force([termly, again]) == [termly]
    grace = rule("termly", "2027-09-01", grace_days=0)
    assert cycles_in_force([termly, grace]) == [termly, grace]
    # Weeks are counted anew.
    weeks = [rule("weeks", "2027-04-01", weeks=2), rule("weeks", "2027-04-10", weeks=2)]
    assert cycles_in_force(weeks) == weeks


def test_the_cycle_of_a_day():
    termly = rule("termly", "2027-04-01")
    cycle = Cycle((termly,))
    assert cycle.rule_on(day("2027-03-31")).kind is CycleKind.MONTHLY
    assert cycle.rule_on(day("2027-04-01")) == termly


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (CycleRule(), "Every month, closing on the last working day; 5 working days of grace"),
        (
            rule("monthly", "2027-04-01", is_before_papers=True, days_before_papers=1),
            "Every month, closing 1 working day before the steering group’s papers are due;"
            " 5 working days of grace",
        ),
        (
            rule("weeks", "2027-04-01", weeks=6, grace_days=1),
            "Every 6 weeks, closing on the last working day; 1 working day of grace",
        ),
        (
            rule("weeks", "2027-04-01", weeks=1, grace_days=0),
            "Every week, closing on the last working day; no days of grace",
        ),
        (
            rule("termly", "2027-04-01"),
            "Every school term, closing on its last working day; 5 working days of grace",
        ),
        (
            rule("meetings", "2027-04-01", body=BOARD),
            "Before each meeting of the Board, closing 5 working days before its papers are due;"
            " 5 working days of grace",
        ),
        (
            rule("dates", "2027-03-01", closing_days=(day("2027-05-14"), day("2027-03-26"))),
            "Closing on 26 March 2027 and 14 May 2027; 5 working days of grace",
        ),
    ],
)
def test_a_cycle_is_told_in_words(given, words):
    assert given.words("the Board") == words


def test_the_update_of_a_period_has_a_title():
    assert periods().begun_by(day("2027-03-05")).update_title == "March 2027 update"
    term = periods(rule("termly", "2027-01-01")).begun_by(day("2027-03-05"))
    assert term.update_title == "Update for the spring term 2027"
    assert term.in_text == "for the spring term 2027"


def test_what_holds_of_single_periods_is_what_was_said_last_of_each_day():
    said = [
        TreatedPeriod(day(on), Treatment(what))
        for on, what in (
            ("2027-08-01", "skipped"),
            ("2027-07-01", "skipped"),
            ("2027-12-01", "joined"),
            ("2027-07-01", "usual"),
            ("2027-08-01", "joined"),
        )
    ]
    assert treated_in_force(said) == [said[4], said[2]]


def test_periods_ahead_are_those_that_have_not_begun():
    of = periods()
    names = [one.name for one in of.ahead(day("2027-03-01"), day("2027-06-01"))]
    assert names == ["April 2027", "May 2027", "June 2027"]


def test_the_same_cycle_is_worked_out_once_and_for_years_far_apart():
    cycle = Cycle((rule("termly", "2020-09-01"),))
    of = cycle.periods(HOLIDAYS)
    assert cycle.periods(set(HOLIDAYS)) is of
    for year in (2035, 2019, 2027):
        assert of.begun_by(date(year, 12, 1)).first_day == (
            date(2019, 12, 1) if year == 2019 else date(year, 9, 1)
        )
    assert of.before(of.begun_by(day("2020-09-01"))).name == "August 2020"


# --- The edges of spans -----------------------------------------------------------------------


def test_for_meetings_of_nobody_in_particular_it_is_told_in_general():
    assert rule("meetings", "2027-03-01", body=BOARD).words() == (
        "Before each meeting of a board or group, closing 5 working days before its papers are "
        "due; 5 working days of grace"
    )


@pytest.mark.parametrize(
    "given", [CycleRule(day("2027-03-01"), CycleKind.WEEKS), CycleRule(None, CycleKind.WEEKS, 6)]
)
def test_weeks_without_their_number_or_their_first_day_are_none(given):
    with pytest.raises(
        ValueError, match=r"^weeks are counted from a day, and it is said how many$"
    ):
        periods(given).on(day("2027-03-05"))


@pytest.mark.parametrize(
    ("on", "number", "first", "last"),
    [
        # Three weeks from Monday 1 March 2027: 21 days, the first of them that day itself.
        ("2027-03-01", 1, "2027-03-01", "2027-03-21"),
        ("2027-03-21", 1, "2027-03-01", "2027-03-21"),
        ("2027-03-22", 2, "2027-03-22", "2027-04-11"),
        ("2027-02-28", 0, "2027-02-08", "2027-02-28"),
        ("2027-02-07", -1, "2027-01-18", "2027-02-07"),
    ],
)
def test_the_weeks_around_a_day(on, number, first, last):
    assert weeks_around(day(on), day("2027-03-01"), 3) == (number, day(first), day(last))


def test_the_terms_of_years_stand_in_order():
    assert [term.words for term in terms_of(2026, 2027)] == [
        *("spring term 2026", "summer term 2026", "autumn term 2026"),
        *("spring term 2027", "summer term 2027", "autumn term 2027"),
    ]


def test_a_cycle_that_begins_on_the_last_day_of_a_term_asks_for_that_day():
    # The summer term of 2026 ends on Friday 24 July.
    first = periods(rule("termly", "2026-07-24")).on(day("2026-07-24"))
    assert told(first) == "2026-07-24 2026-07-24 2026-07-24 2026-07-31"
    assert first.name == "Summer term 2026"


def test_a_cycle_may_begin_on_a_day_on_which_it_closes():
    days = (day("2027-03-01"), day("2027-03-12"))
    of = periods(rule("dates", "2027-03-01", closing_days=days, grace_days=0))
    first, second = run(of, "2027-03-01", 2)
    assert told(first) == "2027-03-01 2027-03-01 2027-03-01 2027-03-01"
    assert told(second) == "2027-03-02 2027-03-12 2027-03-12 2027-03-12"


def test_a_meeting_that_closes_on_the_last_day_of_its_cycle_keeps_its_name():
    # It closes on Tuesday 20 April 2027, and the next cycle begins the day after.
    of = periods(
        rule("meetings", "2027-03-01", body=BOARD),
        rule("weeks", "2027-04-21", weeks=4),
        meetings=MEETINGS,
    )
    may, weeks = run(of, "2027-03-01", 2)
    assert may.name == "For the Improvement Board of 4 May 2027"
    assert told(weeks)[:21] == "2027-04-21 2027-05-18"


def test_what_is_left_of_a_cycle_may_be_a_single_day():
    # After the closing of 20 April its last day is Wednesday 21.
    of = periods(
        rule("meetings", "2027-03-01", body=BOARD),
        rule("weeks", "2027-04-22", weeks=4),
        meetings=MEETINGS,
    )
    _, left, weeks = run(of, "2027-03-01", 3)
    assert told(left) == "2027-04-21 2027-04-21 2027-04-21 2027-04-28"
    assert left.name == "21 April 2027"
    assert weeks.first_day == day("2027-04-22")


def test_a_cycle_may_end_on_the_last_day_of_a_leap_years_february():
    of = periods(rule("weeks", "2028-03-01", weeks=4))
    february = of.on(day("2028-02-29"))
    assert (february.name, february.last_day) == ("February 2028", day("2028-02-29"))
    assert of.after(february).first_day == day("2028-03-01")


@pytest.mark.parametrize("name", ["The Improvement Board", "the Improvement Board"])
def test_a_board_that_is_named_with_its_article_is_not_given_another(name):
    of = periods(
        rule("meetings", "2027-03-01", body=BOARD),
        meetings=[meeting("2027-05-04", "2027-04-27", name=name)],
    )
    may = of.on(day("2027-03-01"))
    assert may.name == "For the Improvement Board of 4 May 2027"
    assert may.update_name == "Update for the Improvement Board"

"""Who is written to on which day, worked by hand on the calendar of November and December 2026.

1 November 2026 is a Sunday; the November update closes on Monday 30 November, so that three
working days before it are Wednesday 25 November.
"""

from datetime import date, timedelta

import pytest

from wsoa.reaching.rules.mail_days import MailDays
from wsoa.reaching.rules.reminders import (
    Period,
    Rule,
    Thing,
    Told,
    Wants,
    is_told_of_others,
    rule_on,
)

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
EVERY_DAY = MailDays(CHRISTMAS)
UPDATE = Thing("update 1.1.1a", date(2026, 11, 30), is_update=True)


def november(day):
    return date(2026, 11, day)


def rule(day, *things, told=(), period=NOVEMBER, days=EVERY_DAY, wants=None):
    return rule_on(day, things or (UPDATE,), told, period, days, wants or Wants())


def mails(things, days=EVERY_DAY, wants=None, *, last=30, period=NOVEMBER):
    """All that somebody gets in November who does nothing: (day, rule)."""
    told: list[Told] = []
    day = november(1)
    while day <= november(last):
        if found := rule_on(day, things, told, period, days, wants or Wants()):
            told.append(Told(found, day, frozenset(thing.key for thing in things)))
        day += timedelta(days=1)
    return [(mail.day, mail.rule) for mail in told]


class TestANormalMonth:
    def test_has_two_mails_the_opening_and_three_working_days_before_the_closing(self):
        assert mails([UPDATE]) == [(november(2), Rule.OPENS), (november(25), Rule.CLOSES)]

    def test_has_none_where_nothing_waits(self):
        assert mails([]) == []

    def test_who_is_done_before_the_closing_is_not_told_of_it(self):
        told = [Told(Rule.OPENS, november(2))]
        question = Thing("question 1", date(2026, 12, 20))
        assert rule(november(25), question, told=told) is None

    def test_a_run_that_was_left_out_is_made_up_for(self):
        assert rule(november(4)) is Rule.OPENS
        assert rule(november(27), told=[Told(Rule.OPENS, november(2))]) is Rule.CLOSES

    def test_who_was_never_told_that_it_opened_is_told_that_it_closes_and_once(self):
        assert rule(november(26)) is Rule.CLOSES
        assert rule(november(27), told=[Told(Rule.CLOSES, november(26))]) is None

    def test_between_two_periods_nobody_is_told_of_either(self):
        assert rule(november(10), period=None) is None


class TestMailDays:
    @pytest.mark.parametrize(
        ("day", "is_one"),
        [
            (date(2026, 12, 24), True),
            (date(2026, 12, 25), False),
            (date(2026, 12, 26), False),
            (date(2026, 12, 28), False),
            (date(2026, 12, 29), True),
        ],
    )
    def test_are_no_weekends_and_no_bank_holidays(self, day, is_one):
        assert EVERY_DAY.allow(day) is is_one

    def test_are_none_of_the_closed_days_their_first_and_last_included(self):
        closed = MailDays(CHRISTMAS, closed=[(date(2026, 12, 21), date(2027, 1, 1))])
        allowed = [day for day in range(17, 32) if closed.allow(date(2026, 12, day))]
        assert allowed == [17, 18]
        assert closed.allow(date(2027, 1, 4))

    def test_of_who_works_on_mondays_and_tuesdays_lie_before_the_day_of_notice(self):
        days = MailDays(CHRISTMAS, weekdays=frozenset({0, 1}))
        # Wednesday 25 is not theirs; Tuesday 24 is the last of theirs before it.
        assert mails([UPDATE], days) == [(november(2), Rule.OPENS), (november(24), Rule.CLOSES)]

    def test_coming_ones_are_counted_over_the_weekend(self):
        assert EVERY_DAY.coming(november(27), 3) == [november(27), november(30), date(2026, 12, 1)]

    def test_where_there_is_none_in_reach_nothing_is_found(self):
        assert MailDays(weekdays=frozenset()).last_until(november(30)) is None


class TestLate:
    LATE = Thing("update 1.2.2b", date(2026, 10, 30))

    def test_is_told_on_the_first_mail_day_and_then_once_a_week(self):
        assert mails([self.LATE], period=None) == [
            (november(2), Rule.LATE),
            (november(9), Rule.LATE),
            (november(16), Rule.LATE),
            (november(23), Rule.LATE),
            (november(30), Rule.LATE),
        ]

    def test_a_mail_of_another_rule_counts_since_it_lists_what_is_overdue(self):
        found = mails([self.LATE, UPDATE])
        assert found == [
            (november(2), Rule.OPENS),
            (november(9), Rule.LATE),
            (november(16), Rule.LATE),
            (november(23), Rule.LATE),
            (november(25), Rule.CLOSES),
        ]

    def test_is_not_what_is_due_today(self):
        today = Thing("question 1", november(10))
        assert (
            rule(november(10), today, told=[Told(Rule.DUE, november(5), frozenset({"question 1"}))])
            is None
        )
        assert rule(november(12), today, told=[Told(Rule.DUE, november(5))]) is Rule.LATE

    def test_can_be_spared(self):
        assert rule(november(4), self.LATE, wants=Wants(late=False)) is None


class TestDueSoon:
    FIGURES = Thing("figures 1.2.1-2", november(13))

    def test_is_told_once_from_three_working_days_before(self):
        # Friday 13 November, less three working days: Tuesday 10.
        found = mails([self.FIGURES], last=13, period=None)
        assert found == [(november(10), Rule.DUE)]

    def test_is_not_told_again_where_a_mail_of_the_last_seven_days_named_it(self):
        told = [Told(Rule.OPENS, november(4), frozenset({self.FIGURES.key}))]
        assert rule(november(10), self.FIGURES, told=told) is None
        assert rule(november(11), self.FIGURES, told=told) is Rule.DUE

    def test_the_updates_themselves_are_told_by_their_own_rules(self):
        assert rule(november(27), told=[Told(Rule.CLOSES, november(25))]) is None


class TestNew:
    QUESTION = Thing("question 7", comes_at_once=True)

    def test_is_told_on_the_day_and_never_again(self):
        assert mails([self.QUESTION], period=None) == [(november(2), Rule.NEW)]

    def test_what_a_mail_named_already_is_not_new(self):
        told = [Told(Rule.OPENS, november(2), frozenset({"question 7"}))]
        assert rule(november(20), self.QUESTION, told=told) is None

    def test_waits_for_tomorrow_where_a_mail_went_today(self):
        told = [Told(Rule.LATE, november(9))]
        assert rule(november(9), self.QUESTION, told=told) is None
        assert rule(november(10), self.QUESTION, told=told) is Rule.NEW

    def test_can_be_spared(self):
        assert rule(november(4), self.QUESTION, wants=Wants(at_once=False)) is None


def test_who_wants_no_reminders_still_hears_of_what_is_late_and_new():
    wants = Wants(reminders=False)
    assert rule(november(2), wants=wants) is None
    assert rule(november(10), TestDueSoon.FIGURES, wants=wants) is None
    assert rule(november(2), TestLate.LATE, wants=wants) is Rule.LATE
    assert rule(november(2), TestNew.QUESTION, wants=wants) is Rule.NEW


def test_nothing_goes_twice_on_a_day():
    assert rule(november(25), told=[Told(Rule.NEW, november(25))]) is None


class TestOthers:
    """Overdue since Friday 16 October; twenty working days later is Friday 13 November."""

    THING = Thing("update 1.2.2b", date(2026, 10, 16))

    def test_is_told_after_twenty_working_days_and_then_once_a_week(self):
        told: list[Told] = []
        for number in range(1, 31):
            day = november(number)
            if is_told_of_others(day, [self.THING], told, EVERY_DAY):
                told.append(Told(Rule.OTHERS, day))
        assert [mail.day for mail in told] == [november(16), november(23), november(30)]

    def test_not_on_a_day_on_which_something_else_was_told(self):
        told = [Told(Rule.OPENS, november(16))]
        assert not is_told_of_others(november(16), [self.THING], told, EVERY_DAY)
        assert is_told_of_others(november(17), [self.THING], told, EVERY_DAY)

    def test_says_nothing_of_what_is_late_oneself(self):
        told = [Told(Rule.OTHERS, november(16))]
        assert rule(november(17), TestLate.LATE, told=told, period=None) is Rule.LATE

    def test_nothing_overdue_or_without_a_day_is_told(self):
        others = [Thing("question 1"), Thing("update 2", november(20))]
        assert not is_told_of_others(november(23), others, [], EVERY_DAY)

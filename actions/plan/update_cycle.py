"""Choosing when a plan asks for updates, and what is made of single periods. Both are rows.

What was owed, late or overdue stays as it was: a cycle begins on the first day of a period that has
not begun, and only such a period is skipped or joined. In a plan that asks for nothing yet any day
will do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import access, memberships
from actions.models import Body, PeriodTreatment, Plan, UpdateCycle
from actions.records.history import bank_holidays, cycle_of
from actions.rules.cycle import (
    GRACE_WORKING_DAYS,
    MOST_DAYS_BEFORE_PAPERS,
    MOST_GRACE_DAYS,
    MOST_WEEKS,
    PAPERS_NEED_WORKING_DAYS,
    Cycle,
    CycleKind,
    CycleRule,
    TreatedPeriod,
    Treatment,
    UpdatePeriod,
    UpdatePeriods,
    cycles_in_force,
    treated_in_force,
)
from actions.rules.dates import PlanDate, add_months, day_after
from wsoa.accounts.models import User

NOT_YOURS = "When updates are asked for is chosen by the programme team."
MOST_LISTED = 60
# How far ahead a first day is offered, and a period may be skipped or joined.
MONTHS_AHEAD = 15


@dataclass(frozen=True, slots=True)
class FirstDay:
    """A day on which a cycle may begin, and the period that begins on it as things are."""

    day: date
    period: UpdatePeriod | None


@transaction.atomic
def set_cycle(
    *,
    plan: Plan,
    by: User,
    today: date,
    starts_on: date,
    kind: str,
    weeks: int | None = None,
    body: Body | None = None,
    closing_days: Sequence[date] = (),
    is_before_papers: bool = False,
    days_before_papers: int = PAPERS_NEED_WORKING_DAYS,
    grace_days: int = GRACE_WORKING_DAYS,
) -> UpdateCycle:
    """Record how updates are asked for from a day on. ValidationError by argument.

    It takes the place of whatever was to begin on that day or after it.
    """
    plan = _locked(plan, by)
    # What another kind needs is not kept.
    rule = CycleRule(
        starts_on=starts_on,
        kind=CycleKind(kind),
        weeks=weeks if kind == CycleKind.WEEKS else None,
        body=body.pk if body and kind == CycleKind.MEETINGS else None,
        closing_days=tuple(sorted(set(closing_days))) if kind == CycleKind.DATES else (),
        is_before_papers=is_before_papers and kind == CycleKind.MONTHLY,
        days_before_papers=days_before_papers,
        grace_days=grace_days,
    )
    if not rule.needs_meetings:
        rule = replace(rule, days_before_papers=PAPERS_NEED_WORKING_DAYS)
    problems = rule_problems(rule)
    if rule.body and (body is None or body.plan_id != plan.pk or body.withdrawn_at):
        problems["body"] = "Choose a board or group of this plan"
    cycle = cycle_of(plan)
    if refusal := _first_day_refusal(plan, cycle, starts_on, today):
        problems["starts_on"] = refusal
    if not problems and cycles_in_force([*cycle.rules, rule]) == cycles_in_force(cycle.rules):
        problems["kind"] = "Updates are asked for in this way already"
    if problems:
        raise ValidationError(problems)
    return record_cycle(plan=plan, rule=rule, by=by)


def record_cycle(
    *, plan: Plan, rule: CycleRule, by: User | None = None, source: str = ""
) -> UpdateCycle:
    if rule.starts_on is None:
        raise ValueError("a cycle of a plan's own begins on a day")
    return UpdateCycle.objects.create(
        plan=plan,
        starts_on=rule.starts_on,
        kind=rule.kind.value,
        weeks=rule.weeks,
        body_id=rule.body,
        closing_days=list(rule.closing_days),
        is_before_papers=rule.is_before_papers,
        days_before_papers=rule.days_before_papers if rule.needs_meetings else None,
        grace_days=rule.grace_days,
        by=by,
        source=source,
    )


def rule_problems(rule: CycleRule) -> dict[str, str]:
    """What a cycle lacks, by argument."""
    problems = {}
    if rule.kind is CycleKind.WEEKS and not (rule.weeks and 1 <= rule.weeks <= MOST_WEEKS):
        problems["weeks"] = f"Enter a number of weeks from 1 to {MOST_WEEKS}"
    if rule.kind is CycleKind.MEETINGS and rule.body is None:
        problems["body"] = "Choose the board or group"
    if rule.kind is CycleKind.DATES:
        if not rule.closing_days:
            problems["closing_days"] = "Enter at least one date"
        elif len(rule.closing_days) > MOST_LISTED:
            problems["closing_days"] = f"Enter no more than {MOST_LISTED} dates"
        elif rule.starts_on and rule.closing_days[0] < rule.starts_on:
            first = PlanDate.of_day(rule.starts_on)
            problems["closing_days"] = f"Every date must be {first} or later"
    if not 0 <= rule.grace_days <= MOST_GRACE_DAYS:
        problems["grace_days"] = f"Enter a number of working days from 0 to {MOST_GRACE_DAYS}"
    if not 0 <= rule.days_before_papers <= MOST_DAYS_BEFORE_PAPERS:
        problems["days_before_papers"] = (
            f"Enter a number of working days from 0 to {MOST_DAYS_BEFORE_PAPERS}"
        )
    return problems


def first_days(plan: Plan, cycle: Cycle, today: date) -> list[FirstDay]:
    """The days that are offered for a cycle to begin on."""
    until = add_months(today, MONTHS_AHEAD)
    periods = periods_of(cycle, today)
    if not asks_for_updates(plan):
        months = [add_months(today.replace(day=1), number) for number in range(MONTHS_AHEAD)]
        days = {plan.starts_on, plan.agreed_on or plan.starts_on, *months}
        return [FirstDay(day, None) for day in sorted(days)]
    ahead = periods.ahead(today, until)
    offered = [FirstDay(period.first_day, period) for period in ahead]
    last = (ahead[-1] if ahead else periods.begun_by(today)).last_day
    day = max(day_after(last), day_after(today))
    # After the last meeting or date that is entered: the next day, and the first of each month.
    while day <= until:
        offered += [] if any(one.day == day for one in offered) else [FirstDay(day, None)]
        day = add_months(day.replace(day=1), 1)
    return offered


def periods_of(cycle: Cycle, today: date) -> UpdatePeriods:
    return cycle.periods(bank_holidays(today.year - 1, today.year + 2))


def asks_for_updates(plan: Plan) -> bool:
    return plan.state == Plan.State.AGREED and plan.tracked_from is not None


def _first_day_refusal(plan: Plan, cycle: Cycle, starts_on: date, today: date) -> str:
    if not asks_for_updates(plan):
        return ""
    if starts_on <= today:
        return "Choose a day to come: what was asked for until now stays as it was"
    period = periods_of(cycle, today).on(starts_on)
    if period is None or period.first_day == starts_on:
        return ""
    after = PlanDate.of_day(day_after(period.last_day))
    return f"Choose the first day of an update period, for example {after}"


@transaction.atomic
def treat_period(
    *, plan: Plan, by: User, today: date, day: date, treatment: str
) -> PeriodTreatment:
    """Skip the period that begins on a day, join it with the next, or undo that."""
    plan = _locked(plan, by)
    cycle = cycle_of(plan)
    periods = periods_of(cycle, today)
    period = periods.on(day)
    if period is None or period.first_day != day or day <= today:
        raise ValidationError({"period": "Choose an update period that has not begun"})
    wanted = Treatment(treatment)
    if refusal := _treatment_refusal(period, periods.after(period), wanted):
        raise ValidationError({"treatment": refusal})
    # Said by another day of it, before its first day moved, it is taken back by that day.
    said = [
        one.day
        for one in treated_in_force(cycle.treated)
        if period.first_day <= one.day <= period.last_day
    ]
    return record_treatment(
        plan=plan, treated=TreatedPeriod(said[0] if said else day, wanted), by=by
    )


def record_treatment(
    *, plan: Plan, treated: TreatedPeriod, by: User | None = None, source: str = ""
) -> PeriodTreatment:
    return PeriodTreatment.objects.create(
        plan=plan, day=treated.day, treatment=treated.treatment.value, by=by, source=source
    )


def _treatment_refusal(
    period: UpdatePeriod, following: UpdatePeriod | None, wanted: Treatment
) -> str:
    if wanted is Treatment.USUAL:
        is_usual = not (period.is_joined or period.is_skipped)
        return "This period is as usual already" if is_usual else ""
    if period.is_joined:
        return "These periods are joined. Choose “As usual” first"
    if wanted is Treatment.SKIPPED:
        return "No updates are asked for in this period already" if period.is_skipped else ""
    if following is None:
        return "The period after it is not known yet, so it cannot be joined with it"
    if following.is_skipped:
        return f"No updates are asked for in the next period, {following.name}"
    return ""


def _locked(plan: Plan, by: User) -> Plan:
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    access.refuse_unless(
        access.can_manage_periods(memberships.granted_to(by, plan)),
        NOT_YOURS,
    )
    if plan.state == Plan.State.CLOSED:
        raise ValidationError("This plan is closed, so no update is asked for.")
    return plan

"""How measures are put into words: figures, periods, targets, and where a measure stands.

Pages, files and reports say it with these words alone. Standard library only.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from actions.rules.dates import PlanDate, add_months, last_day_of_month
from kpis.rules.due import DuePeriod
from kpis.rules.facts import ONE_WAY, Status
from kpis.rules.figures import PeriodFigure, finer, places_of, rounded
from kpis.rules.standing.position import Position
from kpis.rules.standing.targets import Target
from kpis.rules.state import Effect, KpiState
from kpis.rules.validation import Given

KINDS = {
    "quantity": "quantity",
    "rate": "rate",
    "survey": "survey",
    "relative": "relative change",
    "comparator": "comparison",
    "cumulative": "running total of a year",
    "qualitative": "judged in words",
    "rolling": "of the twelve months to each date",
}
DIRECTIONS = {
    "higher": "higher is better",
    "lower": "lower is better",
    "neither": "neither direction is better",
}
FREQUENCIES = {
    "monthly": "monthly",
    "quarterly": "quarterly",
    "six_monthly": "six-monthly",
    "yearly": "yearly",
    "once": "once",
}
STATUSES = {
    Status.PROJECTED: "projected",
    Status.PROVISIONAL: "provisional",
    Status.FINAL: "final",
    Status.MISSING: "no figure",
}
JUDGEMENTS = {
    "improved": "Improved",
    "no_change": "No change",
    "worse": "Worse",
    "not_known": "Not yet known",
}
TOO_FEW = "too few to show"
# The same in a file, whose columns hold numbers.
CLOSED = "[c]"
NO_FIGURE = "no figure"

_POSITIONS = {
    Position.AT_TARGET: "At target",
    Position.ON: "On trajectory",
    Position.NEAR: "Near trajectory",
    Position.OFF: "Off trajectory",
    Position.MISSED: "Target missed",
    Position.PASSED: "Target passed, no figure",
    Position.SHORT: "Short of its target",
    Position.NOT_DUE: "Target not due yet",
    Position.BASELINE_AWAITED: "Baseline awaited",
    Position.NO_TARGET: "No target",
    Position.NO_FIGURE: "No figure yet",
    Position.TOO_FEW: "Too few to show",
    Position.IN_WORDS: "Judged in words",
}
_OWN_POSITIONS = {
    ("increase", Position.AT_TARGET): "Higher than the baseline, as wanted",
    ("increase", Position.SHORT): "No higher than the baseline",
    ("increase", Position.NO_TARGET): "No figure to rise from",
    ("decrease", Position.AT_TARGET): "Lower than the baseline, as wanted",
    ("decrease", Position.SHORT): "No lower than the baseline",
    ("decrease", Position.NO_TARGET): "No figure to fall from",
    ("stay_close", Position.AT_TARGET): "Close to its target",
    ("stay_close", Position.NEAR): "Near its target",
    ("stay_close", Position.OFF): "Away from its target",
}
# Of any measure, where nothing more is known of it.
POSITIONS: dict[str, str] = {position.value: words for position, words in _POSITIONS.items()}

EFFECTS = {
    Effect.NO_BETTER: "Done, and the measure is no better than the baseline",
    Effect.NO_DATA_SINCE: "Done, and no figure since",
}

# Why there is no control chart, or why its icons are withheld: see `KpiState.chart_withheld`.
WITHHELD = {
    "too_few": "No control chart: some figures are too few to show, and its limits could give "
    "them away.",
    "cumulative": "No control chart: a running total grows all year, so its months cannot be "
    "told apart from chance.",
    "rolling": "No control chart: each figure is of twelve months, eleven of which it shares with "
    "the one before.",
    "qualitative": "No control chart: this measure is judged in words.",
    "not_monthly": "No control chart: it needs figures at least every month.",
    "too_short": "No control chart yet: it needs at least two figures.",
}


# --- Numbers ----------------------------------------------------------------------------------


def number(value: Decimal) -> str:
    """`1,250.5`: without the zeros a column keeps behind the point."""
    figure = f"{value:,f}"
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def amount(value: Decimal, unit: str) -> str:
    """`52.9%`, `125 weeks`, `1 week`: a number is never shown without what it counts."""
    if unit == "%":
        return f"{number(value)}%"
    return f"{number(value)} {one_of(unit) if abs(value) == 1 else unit}"


_ONE_OF = {"children": "child", "people": "person"}
# What stands behind the noun: "plans with a named officer", "days from referral".
_NOUN = re.compile(r"\w+(?= (?:of|with|without|in|per|from|for|who|that)\b)|\w+$")


def one_of(unit: str) -> str:
    """A unit as it is said of one: `week`, `EHC plan`; "children and families" stay as they are."""
    noun = _NOUN.search(unit)
    if noun is None or " and " in unit or " or " in unit:
        return unit
    return unit[: noun.start()] + _one(noun.group()) + unit[noun.end() :]


def _one(noun: str) -> str:
    if noun in _ONE_OF:
        return _ONE_OF[noun]
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if noun.endswith(("sses", "ches", "shes", "xes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun


def tells(words: str, value: Decimal) -> bool:
    """Whether words of the plan hold the number: `0.45 and 0.45 %` tells 0.45."""
    return bool(re.search(rf"(?<![0-9.,]){re.escape(number(value))}(?![0-9]|[.,][0-9])", words))


def difference(value: Decimal, unit: str) -> str:
    """How far two values are apart: of percentages, `3.2 percentage points`."""
    if unit != "%":
        return amount(value, unit)
    return f"{number(value)} percentage point{'' if value == 1 else 's'}"


def plain(value: Decimal) -> Decimal:
    """The same number, without the zeros a column keeps behind the point."""
    is_whole = value == value.to_integral_value()
    return value.quantize(Decimal(1)) if is_whole else value.normalize()


def computed(
    value: Decimal, *given: Decimal | None, not_onto: Collection[Decimal] = (Decimal(0),)
) -> Decimal:
    """A number worked out of these, with as many places as they have, and at least one.

    With more, where it would else be said to be one of these that it is not: none, a target.
    """
    places = 1
    for one in given:
        exponent = one.normalize().as_tuple().exponent if one is not None else 0
        places = max(places, -int(exponent))
    return rounded(value, finer(value, places, not_onto))


def shown_value(figure: PeriodFigure | Given) -> Decimal | None:
    """The value as it is said: one worked out of its parts with no more places than it bears."""
    if figure.value is None:
        return None
    if figure.numerator is None:
        return plain(figure.value)
    places = figure.places if isinstance(figure, PeriodFigure) else None
    return plain(rounded(figure.value, places_of(figure.value) if places is None else places))


# --- Periods ----------------------------------------------------------------------------------


def period_text(starts_on: date, ends_on: date) -> str:
    """`January 2023`, `October to December 2022`, `2022/23 school year`."""
    first, last = PlanDate.month_of(starts_on), PlanDate.month_of(ends_on)
    if starts_on.day != 1 or ends_on != last_day_of_month(ends_on):
        return f"{PlanDate.of_day(starts_on)} to {PlanDate.of_day(ends_on)}"
    if first == last:
        return str(first)
    if add_months(starts_on, 11) == last.first_day and starts_on.month in (1, 4, 9):
        if starts_on.month == 1:
            return str(starts_on.year)
        kind = "financial" if starts_on.month == 4 else "school"
        return f"{_two_years(starts_on)} {kind} year"
    if starts_on.year == ends_on.year:
        return f"{str(first).rpartition(' ')[0]} to {last}"
    return f"{first} to {last}"


def figure_period(kind: str, starts_on: date, ends_on: date) -> str:
    """What a figure is of: its period, or the twelve months to the end of it."""
    if kind == "rolling":
        return f"twelve months to {PlanDate.month_of(ends_on)}"
    return period_text(starts_on, ends_on)


def short_period(starts_on: date, ends_on: date) -> str:
    """`Jan 2023`, `Oct to Dec 2022`, `2022/23`: for narrow columns."""
    text = period_text(starts_on, ends_on)
    first, last = PlanDate.month_of(starts_on).short, PlanDate.month_of(ends_on).short
    if text.endswith(" year"):
        return text.partition(" ")[0]
    if first == last:
        return first
    if " to " not in text:
        return text
    return f"{first.partition(' ')[0] if starts_on.year == ends_on.year else first} to {last}"


def _two_years(starts_on: date) -> str:
    return f"{starts_on.year}/{(starts_on.year + 1) % 100:02}"


def due_text(due: Iterable[DuePeriod]) -> str:
    """`Data overdue: December 2022 and 2 more`; empty where every figure is there."""
    periods = list(due)
    if not periods:
        return ""
    overdue = [period for period in periods if period.is_overdue]
    oldest, *others = overdue or periods
    text = f"Data {'overdue' if overdue else 'due'}: "
    text += period_text(oldest.starts_on, oldest.ends_on)
    return f"{text} and {len(others)} more" if others else text


# --- A figure ---------------------------------------------------------------------------------


def figure_text(figure: PeriodFigure, unit: str) -> str:
    """What a period came to: a number with its unit, a judgement, or that there is none."""
    if figure.is_too_few:
        return _closed_text(figure, unit)
    if figure.judgement:
        return JUDGEMENTS[figure.judgement]
    value = shown_value(figure)
    return NO_FIGURE if value is None else amount(value, unit)


def _closed_text(figure: PeriodFigure, unit: str) -> str:
    """Of a closed figure its nearest ten or its band, where they may be shown."""
    if figure.shown is None:
        return TOO_FEW
    if figure.band is None:
        return f"{amount(figure.shown, unit)} to the nearest 10"
    low, high = figure.band
    if not low:
        return f"under {amount(high, unit)}"
    if high >= 100:
        return f"{amount(low, unit)} or more"
    return f"{amount(low, unit)} to under {amount(high, unit)}"


def status_text(figure: PeriodFigure) -> str:
    """Whether it is final, and what hangs over it."""
    if figure.status is Status.MISSING:
        return ""
    text = STATUSES[figure.status]
    if figure.awaits_second_person:
        text += ", waits for a second person"
    if figure.is_returned:
        text += ", returned by a second person"
    return f"{text}, restated" if figure.is_restated else text


# --- Targets ----------------------------------------------------------------------------------

_OPERATORS = {
    "at_least": "at least {}",
    "at_most": "{} or less",
    "exactly": "{}",
    "increase_by": "up by {}",
    "decrease_by": "down by {}",
    "stay_close": "close to {}",
}

_CHANGES = ("increase_by", "decrease_by", "stay_close")


def target_text(target: Target, unit: str, comparator: str) -> str:
    """`at least 70%`, `down by 10%`, `an increase (milestone 3)`, without its date."""
    text = _wanted_text(target, unit, comparator)
    if target.tolerance is not None:
        text += f", within {difference(target.tolerance, unit)}"
    beside = "; ".join(filter(None, [target.label, target.borrowed_from]))
    return f"{text} ({beside})" if beside else text


def _wanted_text(target: Target, unit: str, comparator: str) -> str:
    if target.operator in ONE_WAY:
        return "an increase" if target.operator == "increase" else "a decrease"
    if target.value is None:
        return f"in line with {comparator or 'the comparison'}, or better"
    return _OPERATORS[target.operator].format(
        amount(target.value, "%" if target.is_share else unit)
    )


def by_text(target: Target) -> str:
    """` by December 2022`; empty where the plan gives it no date."""
    months = target.months_after_agreement
    if target.on:
        printed = f" (month {months} after agreement)" if months is not None else ""
        return f" by {target.on}{printed}"
    if months is not None:
        return f" by month {months} after the plan is agreed"
    return ""


def asks_text(baseline: Decimal | None, targets: Iterable[Target], unit: str, other: str) -> str:
    """What the plan asks of it: `from 52.9%, to at least 70% by December 2022`."""
    parts = [f"from {amount(baseline, unit)}"] if baseline is not None else []
    for target in targets:
        is_level = target.value is not None and target.operator not in _CHANGES
        text = f"{'to ' if is_level else ''}{target_text(target, unit, other)}"
        parts.append(text + by_text(target))
    return ", ".join(parts) or "no target given"


# --- Where it stands --------------------------------------------------------------------------


def position_text(state: KpiState, kind: str) -> str:
    """Where a measure stands, in two or three words."""
    if state.position is Position.TOO_FEW and state.stands_anyway is not None:
        anyway = replace(state, position=state.stands_anyway, stands_anyway=None)
        return position_text(anyway, kind)
    if state.position is Position.IN_WORDS and state.latest:
        return JUDGEMENTS[state.latest.judgement]
    if kind == "comparator" and state.expected is None and _has_no_level(state):
        if state.position is Position.NO_TARGET:
            return "Nothing to compare with yet"
        if state.position in (Position.ON, Position.AT_TARGET):
            return "As good as the others, or better"
        if state.position is Position.OFF:
            return "Below the others"
    if state.target and state.expected is None:
        own = _OWN_POSITIONS.get((state.target.operator, state.position))
        if own:
            return own
    if state.position is Position.ON and state.expected is None:
        return "Milestone reached"
    return _POSITIONS[state.position]


def _has_no_level(state: KpiState) -> bool:
    return state.target is None or state.target.level is None


def gap_text(state: KpiState, unit: str) -> str:
    """How far it is from where it should be; empty where nothing says where that is."""
    if state.latest is None or state.latest.value is None:
        return ""
    if state.position is Position.PASSED:
        newest = state.newest or state.latest
        return f"no figure since {period_text(newest.starts_on, newest.ends_on)}"
    is_beside_target = state.position in (Position.AT_TARGET, Position.MISSED)
    if state.gap is not None and not (is_beside_target and state.target_gap is not None):
        return apart_text(state.gap, state.expected, unit, "its trajectory", state)
    if state.target_gap is not None and state.target:
        return apart_text(state.target_gap, state.target.level, unit, "its target", state)
    if state.latest.compared_with is not None:
        return f"the others: {amount(state.latest.compared_with, unit)}"
    return ""


def apart_text(gap: Decimal, wanted: Decimal | None, unit: str, what: str, state: KpiState) -> str:
    """`8 percentage points below its target`; what is no worse is `better than` it."""
    if gap == 0:
        return f"exactly on {what}"
    assert state.latest is not None
    assert state.latest.value is not None
    apart = apart_words(gap, unit, state)
    if gap > 0:
        return f"{apart} better than {what}"
    return f"{apart} {'above' if state.latest.value > (wanted or 0) else 'below'} {what}"


def apart_words(gap: Decimal, unit: str, state: KpiState) -> str:
    """How far apart: `2.1 weeks`, `3 percentage points`; of people whole, `less than 1 pupil`."""
    if state.in_people and abs(gap) < Decimal("0.5") and _is_whole(state):
        return f"less than 1 {one_of(unit)}"
    return difference(tidy(abs(gap), state), unit)


def expected_text(state: KpiState, unit: str) -> str:
    """What the line expects of the latest figure; empty where there is none."""
    if state.expected is None or state.latest is None:
        return ""
    return amount(expected_value(state, state.expected), unit)


def expected_value(state: KpiState, expected: Decimal) -> Decimal:
    """What is expected, which is not said to be the target before it is."""
    return tidy(expected, state, *(target.level for target in state.targets if target.level))


def tidy(value: Decimal, state: KpiState, *not_onto: Decimal) -> Decimal:
    """A number worked out of a measure's own, without places that nobody gave.

    Of people it is a whole number, and never none where there is some. Others get the places that
    keep them off none, and off each of `not_onto`.
    """
    given = _given(state)
    if state.in_people and _is_whole(state):
        whole = computed(value, *given).quantize(Decimal(1), ROUND_HALF_UP)
        return whole if whole or not value else Decimal(1).copy_sign(value)
    shown = computed(value, *given, not_onto=(Decimal(0), *not_onto))
    return value if shown == value else shown


def _given(state: KpiState) -> tuple[Decimal | None, ...]:
    latest = shown_value(state.latest) if state.latest else None
    return latest, state.target.level if state.target else None, state.baseline


def _is_whole(state: KpiState) -> bool:
    return all(one is None or one == one.to_integral_value() for one in _given(state))

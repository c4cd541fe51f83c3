"""The head of a KPI's page: what it is, its main figures, and where it stands, in sentences."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.pages import formatting
from actions.rules.dates import PlanDate
from kpis.pages.kpi_rows import KpiRow
from kpis.rules import spc_text, trajectory
from kpis.rules.spc import ENOUGH
from kpis.rules.state import (
    KpiState,
    PeriodFigure,
    Position,
    last_year_end,
)
from kpis.rules.text import (
    DIRECTIONS,
    FREQUENCIES,
    KINDS,
    WITHHELD,
    amount,
    apart_text,
    difference,
    expected_text,
    figure_text,
    gap_text,
    number,
    period_text,
    shown_value,
    status_text,
    target_text,
    tidy,
)
from kpis.rules.trajectory import expected_on


def over_text(line: KpiRow) -> str:
    """`KPI 1.1.2-1, monthly quantity, lower is better`"""
    often = FREQUENCIES.get(line.row.frequency, "")
    kind = KINDS[line.history.kind]
    way = DIRECTIONS[line.history.direction]
    if line.history.kind == "qualitative":
        parts = [often, kind]
    else:
        parts = [f"{often} {kind}".strip(), way]
    return ", ".join(filter(None, [f"KPI {line.code}", *parts]))


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the head: small words stand below it."""

    value: str
    words: list[str]
    unit: str = ""
    is_main: bool = False


def _fact(value: Decimal, unit: str, words: list[str], *, is_main: bool = False) -> Fact:
    """The number large, and what it counts beside it."""
    if unit == "%":
        return Fact(amount(value, unit), words, is_main=is_main)
    return Fact(number(value), words, unit, is_main)


def facts(line: KpiRow) -> list[Fact]:
    """The latest figure, where it should be, and where it should get to."""
    found = [_latest_fact(line)]
    state, unit = line.state, line.unit
    if state.expected is not None and state.latest and state.position is not Position.TOO_FEW:
        month = PlanDate.month_of(state.latest.ends_on)
        words = [f"expected on the trajectory at the end of {month}"]
        found.append(_fact(tidy(state.expected, state), unit, words))
    if state.latest and state.latest.compared_with is not None:
        others = line.row.comparator or "those it is compared with"
        found.append(_fact(state.latest.compared_with, unit, [others]))
    if state.target:
        words = [f"target by {state.target.on}" if state.target.on else "target, without a date"]
        level = state.target.level
        asked = target_text(state.target, unit, line.row.comparator)
        if level is None or (line.history.kind == "relative" and line.history.is_percentage):
            found.append(Fact(asked, words))
        else:
            if asked != amount(level, unit):
                words.append(asked)
            found.append(_fact(tidy(level, state), unit, words))
    return found


def _latest_fact(line: KpiRow) -> Fact:
    newest = line.newest
    if newest is None:
        return Fact("–", [line.position_text], is_main=True)
    words = [period_text(newest.starts_on, newest.ends_on)]
    status = status_text(newest)
    if status and status != "final":
        words[0] += f", {status}"
    words += rests_on(line, newest)
    value = shown_value(newest)
    if value is None:
        said = figure_text(newest, line.unit)
        return Fact(said[:1].upper() + said[1:], words, is_main=True)
    return _fact(value, line.unit, words, is_main=True)


def rests_on(line: KpiRow, figure: PeriodFigure) -> list[str]:
    """What a figure was worked out of, and how many people it rests on, as far as is shown."""
    found = []
    if figure.numerator is not None and figure.denominator is not None:
        found.append(_parts(line, figure))
    if figure.respondents is not None:
        found.append(_people(line, figure.respondents))
    return found


def _parts(line: KpiRow, figure: PeriodFigure) -> str:
    assert figure.numerator is not None
    assert figure.denominator is not None
    about = "about " if line.row.denominator_about == figure.denominator else ""
    above = f" {line.row.numerator}" if line.row.numerator else ""
    below = f" {line.row.denominator}" if line.row.denominator else ""
    return f"{number(figure.numerator)}{above} of {about}{number(figure.denominator)}{below}"


def _people(line: KpiRow, respondents: int) -> str:
    if line.history.kind == "survey":
        return f"{formatting.plural(respondents, 'person', 'people')} answered"
    return f"based on {formatting.plural(respondents, 'person', 'people')}"


def stands_sentences(line: KpiRow, plan_starts: PlanDate) -> list[str]:
    """Where it stands, how that was worked out, and what was assumed."""
    state, unit = line.state, line.unit
    return [
        *_gap_sentences(line),
        *_last_year_sentences(line),
        *_rate_sentences(line),
        *_assumptions(state, unit, plan_starts, line),
        *_baseline_sentences(line),
    ]


def _gap_sentences(line: KpiRow) -> list[str]:
    state, unit = line.state, line.unit
    if state.latest is None or state.latest.value is None:
        return []
    latest = figure_text(state.latest, unit)
    when = period_text(state.latest.starts_on, state.latest.ends_on)
    found = []
    if state.gap is not None:
        found.append(
            f"{when} came to {latest}: {gap_text(state, unit)}, which expects "
            f"{expected_text(state, unit)}."
        )
    if state.target_gap is not None and state.target and state.target.level is not None:
        level = amount(tidy(state.target.level, state), unit)
        by = f" due by {state.target.on}" if state.target.on else ""
        if state.target_gap < 0:
            what = f"the target of {level}{by}"
            apart = apart_text(state.target_gap, state.target.level, unit, what, state)
            found.append(f"It is {apart}.")
        else:
            found.append(f"It meets the target of {level}{by}.")
    if state.latest.compared_with is not None and line.history.good:
        gap = trajectory.gap(state.latest.value, state.latest.compared_with, line.history.good)
        apart = difference(tidy(abs(gap), state), unit)
        others = line.row.comparator or "those it is compared with"
        better = "the same as" if not gap else f"{apart} {'better' if gap > 0 else 'worse'} than"
        found.append(f"That is {better} {others}.")
    return found


def _last_year_sentences(line: KpiRow) -> list[str]:
    ended = last_year_end(line.history, line.state)
    if ended is None:
        return []
    year = PlanDate.month_of(ended.figure.ends_on)
    words = f"The year to {year} ended at {figure_text(ended.figure, line.unit)}"
    level = amount(tidy(ended.level, line.state), line.unit)
    if ended.gap >= 0:
        return [f"{words}, and met its target of {level}."]
    apart = difference(tidy(abs(ended.gap), line.state), line.unit)
    way = "above" if line.history.direction == "lower" else "below"
    return [f"{words}, {apart} {way} its target of {level}."]


def _rate_sentences(line: KpiRow) -> list[str]:
    """When the last target is reached; nothing where no change but chance says so."""
    state = line.state
    latest = state.latest
    if state.reaches_on is None or latest is None or state.reaches_on <= latest.ends_on:
        return []
    last = [target for target in state.targets if target.level is not None][-1]
    assert last.level is not None
    level = amount(tidy(last.level, state), line.unit)
    reached = PlanDate.month_of(state.reaches_on)
    words = f"At the rate of the last twelve months it reaches {level} by {reached}"
    if last.on:
        months = PlanDate.month_of(last.on.last_day).months_until(reached)
        if months > 0:
            words += f", {formatting.plural(months, 'month')} after it is due"
        elif months < 0:
            words += f", {formatting.plural(-months, 'month')} before it is due"
    return [f"{words}."]


def _assumptions(state: KpiState, unit: str, plan_starts: PlanDate, line: KpiRow) -> list[str]:
    if not state.points or state.latest is None or state.expected is None:
        return []
    found = []
    expected = expected_on(state.points, state.latest.ends_on)
    first, last = state.points[0], state.points[-1]
    if state.assumes_start:
        found.append(
            "The plan gives no date for the baseline, so the trajectory is taken to start where "
            f"the plan does, {plan_starts}."
        )
    if expected and expected.is_before_first:
        found.append(
            f"Before its first value the trajectory is taken to be level, at "
            f"{amount(tidy(first.value, state), unit)}."
        )
    if expected and expected.is_after_last:
        found.append(
            f"After its last value the trajectory is taken to be level: "
            f"{amount(tidy(last.value, state), unit)} is to be held."
        )
    if line.history.kind == "cumulative":
        found.append("The total begins again from nothing each year, and so does its trajectory.")
    if state.baseline is None and line.history.kind not in ("cumulative", "relative"):
        found.append("There is no baseline, so the first target is judged from its date on.")
    near = difference(tidy(trajectory.tolerance(state.points), state), unit)
    found.append(f"Short by no more than {near} counts as near the trajectory.")
    return found


def _baseline_sentences(line: KpiRow) -> list[str]:
    state = line.state
    if state.awaits_baseline:
        return ["Its baseline is awaited: until it is known, some targets have no number."]
    if state.position is Position.NO_TARGET and not state.targets:
        return ["The plan gives no target for it."]
    return []


@dataclass(frozen=True, slots=True)
class Icons:
    """Both icons, or why one or both are withheld."""

    variation: Any
    assurance: Any
    why_not: str


def icons(line: KpiRow) -> Icons:
    state = line.state
    why = ""
    if state.chart_withheld == "short" and state.chart:
        phase = state.chart.points[-1].phase
        count = sum(point.phase == phase for point in state.chart.points)
        why = spc_text.too_few(count, line.history.enough_values or ENOUGH)
    elif state.chart_withheld:
        why = WITHHELD[state.chart_withheld]
    elif line.assurance is None:
        why = spc_text.NO_ASSURANCE[
            "neutral" if line.history.direction == "neither" else "no_target"
        ]
    return Icons(line.variation, line.assurance, why)

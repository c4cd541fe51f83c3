"""The head of a KPI's page: what it is, its main figures, and where it stands, in sentences."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.pages import formatting
from actions.rules.dates import PlanDate
from kpis.pages.kpi_rows import KpiRow
from kpis.rules import spc_text, trajectory
from kpis.rules.figures import PeriodFigure
from kpis.rules.spc import ENOUGH
from kpis.rules.standing.position import Position, tolerance_of
from kpis.rules.state import KpiState
from kpis.rules.text import (
    DIRECTIONS,
    FREQUENCIES,
    KINDS,
    WITHHELD,
    amount,
    apart_text,
    apart_words,
    by_text,
    difference,
    expected_text,
    expected_value,
    figure_period,
    figure_text,
    number,
    period_text,
    shown_value,
    status_text,
    target_text,
    tidy,
)
from kpis.rules.trajectory import expected_on


def over_text(kpi_row: KpiRow) -> str:
    """`KPI 1.1.2-1, monthly quantity, lower is better`"""
    often = FREQUENCIES.get(kpi_row.row.frequency, "")
    kind = KINDS[kpi_row.history.kind]
    way = DIRECTIONS[kpi_row.history.direction]
    if kpi_row.history.kind == "qualitative":
        parts = [often, kind]
    else:
        parts = [f"{often} {kind}".strip(), way]
    return ", ".join(filter(None, [f"KPI {kpi_row.code}", *parts]))


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the head: small words stand below it."""

    value: str
    words: list[str]
    unit: str = ""
    is_main: bool = False
    # Small, and not for anybody else.
    is_marked: bool = False


def _fact(
    value: Decimal, unit: str, texts: list[str], *, is_main: bool = False, is_marked: bool = False
) -> Fact:
    """The number large, and what it counts beside it."""
    if unit == "%":
        return Fact(amount(value, unit), texts, is_main=is_main, is_marked=is_marked)
    return Fact(number(value), texts, unit, is_main, is_marked)


def facts(kpi_row: KpiRow) -> list[Fact]:
    """The latest figure, where it should be, and where it should get to."""
    main_facts = [_latest_fact(kpi_row)]
    state, unit = kpi_row.state, kpi_row.unit
    if state.expected is not None and state.latest and not kpi_row.is_hidden:
        month = PlanDate.month_of(state.latest.ends_on)
        texts = [f"expected on the trajectory at the end of {month}"]
        main_facts.append(_fact(expected_value(state, state.expected), unit, texts))
    if state.latest and state.latest.compared_with is not None:
        others = kpi_row.row.comparator or "those it is compared with"
        main_facts.append(_fact(state.latest.compared_with, unit, [others]))
    if state.target:
        texts = [f"target{by_text(state.target) or ', without a date'}"]
        level = state.target.level
        target_label = target_text(state.target, unit, kpi_row.row.comparator)
        if level is None or (kpi_row.history.kind == "relative" and kpi_row.history.is_percentage):
            main_facts.append(Fact(target_label, texts))
        else:
            if target_label != amount(level, unit):
                texts.append(target_label)
            main_facts.append(_fact(tidy(level, state), unit, texts))
    return main_facts


def _latest_fact(kpi_row: KpiRow) -> Fact:
    newest = kpi_row.newest
    if newest is None:
        return Fact("–", [kpi_row.position_text], is_main=True)
    texts = [figure_period(kpi_row.history.kind, newest.starts_on, newest.ends_on)]
    status = status_text(newest)
    if status and status != "final":
        texts[0] += f", {status}"
    texts += rests_on(kpi_row, newest)
    value = shown_value(newest)
    if value is None:
        text = figure_text(newest, kpi_row.unit)
        return Fact(text[:1].upper() + text[1:], texts, is_main=True)
    return _fact(value, kpi_row.unit, texts, is_main=True, is_marked=newest.is_marked)


def small_numbers_note(kpi_row: KpiRow) -> str:
    """What the head says of them: `marked` to who may see them, `hidden` to all others, or none."""
    shown = [said for figure in kpi_row.state.figures for said in (figure, *figure.before)]
    if any(figure.is_marked for figure in shown):
        return "marked"
    return "hidden" if any(figure.is_too_few for figure in shown) else ""


def rests_on(kpi_row: KpiRow, figure: PeriodFigure) -> list[str]:
    """What a figure was worked out of, and how many people it rests on, as far as is shown."""
    bases = []
    if figure.numerator is not None and figure.denominator is not None:
        bases.append(_parts(kpi_row, figure))
    if figure.respondents is not None:
        bases.append(_people(kpi_row, figure.respondents))
    return bases


def _parts(kpi_row: KpiRow, figure: PeriodFigure) -> str:
    assert figure.numerator is not None
    assert figure.denominator is not None
    about = "about " if kpi_row.row.denominator_about == figure.denominator else ""
    above = f" {kpi_row.row.numerator}" if kpi_row.row.numerator else ""
    below = f" {kpi_row.row.denominator}" if kpi_row.row.denominator else ""
    return f"{number(figure.numerator)}{above} of {about}{number(figure.denominator)}{below}"


def _people(kpi_row: KpiRow, respondents: int) -> str:
    if kpi_row.history.kind == "survey":
        return f"{formatting.plural(respondents, 'person', 'people')} answered"
    return f"based on {formatting.plural(respondents, 'person', 'people')}"


def stands_sentences(kpi_row: KpiRow, plan_starts: PlanDate) -> list[str]:
    """Where it stands, how that was worked out, and what was assumed."""
    state, unit = kpi_row.state, kpi_row.unit
    return [
        *_passed_sentences(kpi_row),
        *_gap_sentences(kpi_row),
        *_last_year_sentences(kpi_row),
        *_rate_sentences(kpi_row),
        *_assumptions(state, unit, plan_starts, kpi_row),
        *_baseline_sentences(kpi_row),
    ]


def _passed_sentences(kpi_row: KpiRow) -> list[str]:
    """That the last target's date has passed, and no figure tells what became of it."""
    dated = [target for target in kpi_row.state.targets if target.on]
    if kpi_row.state.position is not Position.PASSED or not dated:
        return []
    target = target_text(dated[-1], kpi_row.unit, kpi_row.row.comparator)
    return [
        f"The date of its target has passed ({target}{by_text(dated[-1])}), and no figure of that "
        "date or later tells whether it was met."
    ]


def _gap_sentences(kpi_row: KpiRow) -> list[str]:
    state, unit = kpi_row.state, kpi_row.unit
    if state.latest is None or state.latest.value is None:
        return []
    latest = figure_text(state.latest, unit)
    when = period_text(state.latest.starts_on, state.latest.ends_on)
    sentences = []
    if state.position in (Position.AT_TARGET, Position.MISSED):
        sentences.append(f"{when} came to {latest}.")
    elif state.gap is not None:
        apart = apart_text(state.gap, state.expected, unit, "its trajectory", state)
        sentences.append(
            f"{when} came to {latest}: {apart}, which expects {expected_text(state, unit)}."
        )
    is_passed = state.position is Position.PASSED
    if (
        state.target_gap is not None
        and state.target
        and state.target.level is not None
        and not is_passed
    ):
        level = amount(tidy(state.target.level, state), unit)
        by = f" due by {state.target.on}" if state.target.on else ""
        if state.target_gap < 0:
            what = f"the target of {level}{by}"
            apart = apart_text(state.target_gap, state.target.level, unit, what, state)
            sentences.append(f"It is {apart}.")
        else:
            sentences.append(f"It meets the target of {level}{by}.")
    if state.latest.compared_with is not None and kpi_row.history.good:
        gap = trajectory.gap(state.latest.value, state.latest.compared_with, kpi_row.history.good)
        apart = apart_words(gap, unit, state)
        others = kpi_row.row.comparator or "those it is compared with"
        better = "the same as" if not gap else f"{apart} {'better' if gap > 0 else 'worse'} than"
        sentences.append(f"That is {better} {others}.")
    return sentences


def _last_year_sentences(kpi_row: KpiRow) -> list[str]:
    text = kpi_row.last_year_text
    return [f"{text}."] if text else []


def _rate_sentences(kpi_row: KpiRow) -> list[str]:
    """When the last target is reached; nothing where no change but chance says so."""
    state = kpi_row.state
    latest = state.latest
    if state.reaches_on is None or latest is None or state.reaches_on <= latest.ends_on:
        return []
    last = [target for target in state.targets if target.level is not None][-1]
    assert last.level is not None
    level = amount(tidy(last.level, state), kpi_row.unit)
    reached = PlanDate.month_of(state.reaches_on)
    text = f"At the rate of the last twelve months it reaches {level} by {reached}"
    if last.on:
        months = PlanDate.month_of(last.on.last_day).months_until(reached)
        if months > 0:
            text += f", {formatting.plural(months, 'month')} after it is due"
        elif months < 0:
            text += f", {formatting.plural(-months, 'month')} before it is due"
    return [f"{text}."]


def _assumptions(state: KpiState, unit: str, plan_starts: PlanDate, kpi_row: KpiRow) -> list[str]:
    if not state.points or state.latest is None or state.expected is None:
        return []
    sentences = []
    expected = expected_on(state.points, state.latest.ends_on)
    first, last = state.points[0], state.points[-1]
    if state.assumes_start:
        sentences.append(
            "The plan gives no date for the baseline, so the trajectory is taken to start where "
            f"the plan does, {plan_starts}."
        )
    if expected and expected.is_before_first:
        sentences.append(
            f"Before its first value the trajectory is taken to be level, at "
            f"{amount(tidy(first.value, state), unit)}."
        )
    if expected and expected.is_after_last:
        sentences.append(
            f"After its last value the trajectory is taken to be level: "
            f"{amount(tidy(last.value, state), unit)} is to be held."
        )
    if kpi_row.history.kind == "cumulative":
        sentences.append(
            "The total begins again from nothing each year, and so does its trajectory."
        )
    if state.baseline is None and kpi_row.history.kind not in ("cumulative", "relative"):
        sentences.append("There is no baseline, so the first target is judged from its date on.")
    if state.position in (Position.ON, Position.NEAR, Position.OFF):
        within = tolerance_of(kpi_row.history, state.points, state.expected)
        near = difference(tidy(within, state), unit)
        sentences.append(f"Short by no more than {near} counts as near the trajectory.")
    return sentences


def _baseline_sentences(kpi_row: KpiRow) -> list[str]:
    state = kpi_row.state
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


def icons(kpi_row: KpiRow) -> Icons:
    state = kpi_row.state
    why = ""
    if state.chart_withheld == "short" and state.chart:
        phase = state.chart.points[-1].phase
        count = sum(point.phase == phase for point in state.chart.points)
        why = spc_text.too_few(count, kpi_row.history.enough_values or ENOUGH)
    elif state.chart_withheld:
        why = WITHHELD[state.chart_withheld]
    elif kpi_row.assurance is None:
        why = spc_text.NO_ASSURANCE[
            "neutral" if kpi_row.history.direction == "neither" else "no_target"
        ]
    return Icons(kpi_row.variation, kpi_row.assurance, why)

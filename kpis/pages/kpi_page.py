"""The page of one measure: what it asks of a template, out of its line and what is on record.

Texts that people wrote of a figure are read for what is shown alone: where a number of a period is
too small to show, neither is its note, nor why it was changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date, parse_datetime

from actions import access
from actions.models import Risk
from actions.models.base import plan_date
from actions.pages import formatting
from actions.pages.commitment_list import Heading
from actions.pages.commitment_rows import words_of
from actions.pages.plan_page import Desk
from actions.progress.risks import open_on
from actions.rules.dates import PlanDate, day_of, end_of_day
from actions.rules.state import CommitmentState
from kpis.charts.spec import Certainty, Figure, PeriodValue, measure_figure
from kpis.models import Kpi, KpiCommitment, KpiRisk, Measurement, Rebase, TargetPoint
from kpis.pages.kpi_rows import KpiLine, Spell, spells_of
from kpis.pages.page_chart import Chart, chart
from kpis.questions import asked_of_kpi
from kpis.rules import spc_text, trajectory
from kpis.rules.headline import finding
from kpis.rules.spc import ENOUGH
from kpis.rules.state import (
    KpiState,
    PeriodFigure,
    Position,
    Status,
    effect_of,
    last_year_end,
    target_steps,
)
from kpis.rules.text import (
    DIRECTIONS,
    EFFECTS,
    FREQUENCIES,
    KINDS,
    WITHHELD,
    amount,
    apart_words,
    difference,
    expected_words,
    figure_words,
    gap_words,
    number,
    period_words,
    shown_value,
    status_words,
    target_words,
    tidy,
)
from kpis.rules.trajectory import expected_on

# A note of this length stands beside its point; a longer one below alone.
NOTE_FITS = 28
# Words of a decision beside its upright.
DECISION_FITS = 36


# --- What stands beside a measure -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """What is on record of one measure by a day, besides its figures."""

    areas: tuple[Heading, ...]
    risks: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    rebases: list[dict[str, Any]]
    targets: dict[int, dict[str, Any]]


def beside(kpi: int, day: date) -> Beside:
    """One query."""
    end = end_of_day(day)
    found = (
        Kpi.objects.filter(pk=kpi)
        .annotate(
            of_areas=ArraySubquery(
                KpiCommitment.objects.filter(kpi=OuterRef("pk"))
                .order_by("commitment__action__theme__area__number")
                .values(
                    one=JSONObject(
                        number="commitment__action__theme__area__number",
                        title="commitment__action__theme__area__title",
                    )
                )
            ),
            of_risks=ArraySubquery(
                KpiRisk.objects.filter(
                    kpi=OuterRef("pk"), risk__in=Risk.objects.filter(open_on(day))
                )
                .order_by("risk__effective_at", "risk__recorded_at")
                .values(
                    one=JSONObject(
                        pk="risk",
                        kind="risk__kind",
                        text="risk__text",
                        mitigation="risk__mitigation",
                        help_needed="risk__help_needed",
                        at="risk__effective_at",
                        by="risk__by__name",
                        source="risk__source",
                    )
                )
            ),
            of_questions=asked_of_kpi(day),
            of_rebases=ArraySubquery(
                Rebase.objects.filter(kpi=OuterRef("pk"), effective_at__lt=end)
                .order_by("-recorded_at")
                .values(
                    one=JSONObject(
                        pk="pk",
                        on="on",
                        reason="reason",
                        decided_by="decided_by",
                        at="effective_at",
                        by="by__name",
                        source="source",
                        replaces="replaces",
                        is_withdrawn="is_withdrawn",
                    )
                )
            ),
            of_targets=ArraySubquery(
                TargetPoint.objects.filter(kpi=OuterRef("pk"), effective_at__lt=end).values(
                    one=JSONObject(pk="pk", note="note", reason="reason")
                )
            ),
        )
        .get()
    )
    areas = (Heading(str(one["number"]), one["title"]) for one in found.of_areas)
    return Beside(
        areas=tuple(dict.fromkeys(areas)),
        risks=found.of_risks,
        questions=found.of_questions,
        rebases=found.of_rebases,
        targets={one["pk"]: one for one in found.of_targets},
    )


def texts_of(state: KpiState) -> dict[int, Measurement]:
    """What people wrote with the figures of a state. One query."""
    ids = [one.id for figure in state.figures for one in (figure, *figure.before)]
    return Measurement.objects.select_related("by", "second_look__by").in_bulk(ids)


# --- The head of the page ---------------------------------------------------------------------


def over_words(line: KpiLine) -> str:
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


def facts(line: KpiLine) -> list[Fact]:
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
        asked = target_words(state.target, unit, line.row.comparator)
        if level is None or (line.history.kind == "relative" and line.history.is_percentage):
            found.append(Fact(asked, words))
        else:
            if asked != amount(level, unit):
                words.append(asked)
            found.append(_fact(tidy(level, state), unit, words))
    return found


def _latest_fact(line: KpiLine) -> Fact:
    newest = line.newest
    if newest is None:
        return Fact("–", [line.position_words], is_main=True)
    words = [period_words(newest.starts_on, newest.ends_on)]
    status = status_words(newest)
    if status and status != "final":
        words[0] += f", {status}"
    words += rests_on(line, newest)
    value = shown_value(newest)
    if value is None:
        said = figure_words(newest, line.unit)
        return Fact(said[:1].upper() + said[1:], words, is_main=True)
    return _fact(value, line.unit, words, is_main=True)


def rests_on(line: KpiLine, figure: PeriodFigure) -> list[str]:
    """What a figure was worked out of, and how many people it rests on, as far as is shown."""
    found = []
    if figure.numerator is not None and figure.denominator is not None:
        found.append(_parts(line, figure))
    if figure.respondents is not None:
        found.append(_people(line, figure.respondents))
    return found


def _parts(line: KpiLine, figure: PeriodFigure) -> str:
    assert figure.numerator is not None
    assert figure.denominator is not None
    about = "about " if line.row.denominator_about == figure.denominator else ""
    above = f" {line.row.numerator}" if line.row.numerator else ""
    below = f" {line.row.denominator}" if line.row.denominator else ""
    return f"{number(figure.numerator)}{above} of {about}{number(figure.denominator)}{below}"


def _people(line: KpiLine, respondents: int) -> str:
    if line.history.kind == "survey":
        return f"{formatting.plural(respondents, 'person', 'people')} answered"
    return f"based on {formatting.plural(respondents, 'person', 'people')}"


def stands_sentences(line: KpiLine, plan_starts: PlanDate) -> list[str]:
    """Where it stands, how that was worked out, and what was assumed."""
    state, unit = line.state, line.unit
    return [
        *_gap_sentences(line),
        *_last_year_sentences(line),
        *_rate_sentences(line),
        *_assumptions(state, unit, plan_starts, line),
        *_baseline_sentences(line),
    ]


def _gap_sentences(line: KpiLine) -> list[str]:
    state, unit = line.state, line.unit
    if state.latest is None or state.latest.value is None:
        return []
    latest = figure_words(state.latest, unit)
    when = period_words(state.latest.starts_on, state.latest.ends_on)
    found = []
    if state.gap is not None:
        found.append(
            f"{when} came to {latest}: {gap_words(state, unit)}, which expects "
            f"{expected_words(state, unit)}."
        )
    if state.target_gap is not None and state.target and state.target.level is not None:
        level = amount(tidy(state.target.level, state), unit)
        by = f" due by {state.target.on}" if state.target.on else ""
        if state.target_gap < 0:
            what = f"the target of {level}{by}"
            apart = apart_words(state.target_gap, state.target.level, unit, what, state)
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


def _last_year_sentences(line: KpiLine) -> list[str]:
    ended = last_year_end(line.history, line.state)
    if ended is None:
        return []
    year = PlanDate.month_of(ended.figure.ends_on)
    words = f"The year to {year} ended at {figure_words(ended.figure, line.unit)}"
    level = amount(tidy(ended.level, line.state), line.unit)
    if ended.gap >= 0:
        return [f"{words}, and met its target of {level}."]
    apart = difference(tidy(abs(ended.gap), line.state), line.unit)
    way = "above" if line.history.direction == "lower" else "below"
    return [f"{words}, {apart} {way} its target of {level}."]


def _rate_sentences(line: KpiLine) -> list[str]:
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


def _assumptions(state: KpiState, unit: str, plan_starts: PlanDate, line: KpiLine) -> list[str]:
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


def _baseline_sentences(line: KpiLine) -> list[str]:
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


def icons(line: KpiLine) -> Icons:
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


# --- The chart --------------------------------------------------------------------------------


def finding_of(line: KpiLine) -> str:
    return finding(line.history, line.state, line.unit)


def figure_of(
    line: KpiLine, texts: dict[int, Measurement], rebases: Iterable[dict[str, Any]], starts: date
) -> Chart | None:
    """The chart of its figures; None where it is judged in words or has no number to draw."""
    marks = [(_month(one["on"]), _decision(one)) for one in in_force(rebases)]
    figure = drawn(line, marks, starts, texts)
    return chart(figure, id="figures", width=1080.0) if figure else None


def drawn(
    line: KpiLine,
    marks: Iterable[tuple[date, str]],
    starts: date,
    texts: Mapping[int, Measurement] | None = None,
) -> Figure | None:
    """The figure of a measure, and None as for `figure_of`. Without `texts` no point has a note."""
    state = line.state
    spells = spells_of(line.history, state.figures)
    if line.history.kind == "qualitative" or not any(
        spell.figure and spell.figure.value is not None for spell in spells
    ):
        return None
    is_cumulative = line.history.kind == "cumulative"
    marks = list(marks)
    if state.chart and spells[0].starts_on < starts < spells[-1].ends_on:
        marks.append((starts, "Plan begins"))
    return measure_figure(
        title=finding_of(line),
        name=line.title,
        unit=line.unit,
        unit_words=_unit_words(line, spells),
        periods=[_period_value(line, spell, texts) for spell in spells],
        trajectory=state.points if len(state.points) > 1 else (),
        targets=() if is_cumulative else target_steps(state.targets),
        chart=state.chart,
        marks=marks,
    )


def _unit_words(line: KpiLine, spells: list[Spell]) -> str:
    words = "Per cent" if line.unit == "%" else line.unit[:1].upper() + line.unit[1:]
    if line.history.kind != "cumulative":
        return words
    first, last = spells[0].starts_on, spells[-1].ends_on
    return f"{words} since the year began, {period_words(first, last)}"


def _period_value(
    line: KpiLine, spell: Spell, texts: Mapping[int, Measurement] | None
) -> PeriodValue:
    label = period_words(spell.starts_on, spell.ends_on)
    figure = spell.figure
    if figure is None:
        return PeriodValue(spell.ends_on, label)
    if figure.is_too_few:
        return PeriodValue(spell.ends_on, label, is_suppressed=True)
    note = "" if texts is None or hides_words(figure, texts) else texts[figure.id].note
    return PeriodValue(
        spell.ends_on,
        label,
        shown_value(figure),
        Certainty(figure.status.value) if figure.value is not None else Certainty.FINAL,
        note if len(note) <= NOTE_FITS and figure.value is not None else "",
    )


def _month(text: str) -> date:
    found = parse_date(text)
    assert found is not None
    return found


def _decision(rebase: dict[str, Any]) -> str:
    reason = str(rebase["reason"])
    return f"Limits set anew: {reason}" if len(reason) <= DECISION_FITS else "Limits set anew"


# --- Decisions about the chart ----------------------------------------------------------------


def in_force(rebases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    rebases = list(rebases)
    replaced = {one["replaces"] for one in rebases}
    return [one for one in rebases if one["pk"] not in replaced and not one["is_withdrawn"]]


def decisions(desk: Desk, line: KpiLine, rebases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every decision about the chart, newest first, with those that were taken back."""
    rebases = list(rebases)
    standing = {one["pk"] for one in in_force(rebases)}
    may = desk.is_today and access.can_rebase(desk.access)
    return [
        {
            "words": f"{'No longer set' if one['is_withdrawn'] else 'Limits set'} anew from "
            f"{PlanDate.month_of(_month(one['on']))}",
            "reason": one["reason"],
            "about": _recorded(one)
            if one["is_withdrawn"]
            else f"Decided by {one['decided_by']}. {_recorded(one)}",
            "withdraw_url": desk.url("kpis:withdraw_rebase", line.code, one["pk"])
            if may and one["pk"] in standing
            else "",
        }
        for one in rebases
    ]


def _recorded(one: dict[str, Any]) -> str:
    moment = parse_datetime(one["at"])
    assert moment is not None
    return f"Recorded {formatting.short_day(day_of(moment))} by {one['by'] or one['source']}"


# --- Every figure -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """One account of a period."""

    words: str
    status: str
    parts: list[str]
    said_by: str
    note: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A period with its figure, what the second person said of it, and what was said before."""

    period: str
    said: Said
    second_person: str = ""
    second_reason: str = ""
    check_url: str = ""
    before: list[Said] = field(default_factory=list)


def hides_words(figure: PeriodFigure, texts: Mapping[int, Measurement]) -> bool:
    """Whether words about a period could tell a number of it that is not shown."""
    return any(one.hides(texts[one.id].respondents) for one in (figure, *figure.before))


def figure_lines(desk: Desk, line: KpiLine, texts: dict[int, Measurement]) -> list[FigureLine]:
    """Newest first."""
    return [figure_line(desk, line, figure, texts) for figure in reversed(line.state.figures)]


def figure_line(
    desk: Desk, line: KpiLine, figure: PeriodFigure, texts: dict[int, Measurement]
) -> FigureLine:
    hidden = hides_words(figure, texts)
    row = texts[figure.id]
    second, second_reason = "", ""
    look = getattr(row, "second_look", None)
    if look and (figure.is_returned or figure.status is Status.FINAL):
        done = "Returned" if figure.is_returned else "Confirmed"
        second = f"{done} by {look.by.name if look.by else look.source}"
        second_reason = "" if hidden else look.reason
    may_check = (
        desk.is_today
        and figure.awaits_second_person
        and access.can_check_figure(
            desk.access,
            data_owner=line.history.data_owner,
            areas=line.history.areas,
            author=row.by_id,
            is_hidden=figure.hides(row.respondents),
        )
    )
    said = _said(line, figure, row, hidden)
    return FigureLine(
        period=period_words(figure.starts_on, figure.ends_on),
        said=said,
        second_person=second,
        second_reason=second_reason,
        check_url=desk.url("kpis:check_figure", line.code, figure.id) if may_check else "",
        before=[
            earlier if hidden else _beside_later(said, earlier)
            for earlier in (
                _said(line, one, texts[one.id], hidden) for one in reversed(figure.before)
            )
        ],
    )


def _beside_later(later: Said, said: Said) -> Said:
    """An earlier account; a number that was only settled is not told twice."""
    if (said.words, said.parts) != (later.words, later.parts):
        return said
    return replace(said, words="the same", parts=[])


def _said(line: KpiLine, figure: PeriodFigure, row: Measurement, hidden: bool) -> Said:
    parts = rests_on(line, figure)
    if figure.respondents is None and row.respondents is not None and figure.judgement:
        parts.append("based on too few people to say how many")
    if figure.compared_with is not None:
        others = line.row.comparator or "the others"
        parts.append(f"{others}: {amount(figure.compared_with, line.unit)}")
    if row.based_on and not hidden:
        parts.append(f"source: {row.based_on}")
    who = row.by.name if row.by else row.source
    return Said(
        words=figure_words(figure, line.unit),
        status=status_words(figure),
        parts=parts,
        said_by=f"{formatting.short_day(_said_on(row))}, {who}",
        note="" if hidden else row.note,
        reason="" if hidden else row.reason,
    )


def _said_on(row: Measurement) -> date:
    """What restates a figure speaks of the moment of the one before, and was said later."""
    return day_of(row.recorded_at if row.reason else row.effective_at)


# --- What it moves, and what is about it ------------------------------------------------------


def commitment_lines(desk: Desk, line: KpiLine) -> list[dict[str, Any]]:
    """The commitments it measures with their ratings, and "done, and no better". One query."""
    known = {state.id: state for state in desk.state.commitments}
    states: list[CommitmentState] = [known[pk] for pk in line.state.commitments if pk in known]
    words = words_of(desk, states)
    return [
        {
            "ref": state.ref,
            "name": words[state.id].name,
            "rating": state.rating,
            "is_withdrawn": state.is_withdrawn,
            "url": desk.url("kpis:commitment", state.ref),
            "effect": EFFECTS[effect] if (effect := _effect(line, state)) else "",
        }
        for state in states
    ]


def _effect(line: KpiLine, state: CommitmentState) -> Any:
    return None if state.is_withdrawn else effect_of(line.state, state)


def target_lines(line: KpiLine, targets: dict[int, dict[str, Any]]) -> list[dict[str, str]]:
    """Where it starts and every target in force, with what the plan notes of each."""
    row, unit = line.row, line.unit
    found = []
    if row.baseline is not None:
        # As at an earlier day the row is an event of the history, which has no such property.
        measured = plan_date(row.baseline_on, row.baseline_is_day)
        when = f", {measured}" if measured else ""
        found.append({"words": f"Baseline {amount(row.baseline, unit)}{when}", "note": ""})
    elif line.state.awaits_baseline:
        found.append({"words": "Baseline awaited", "note": ""})
    for target in line.state.targets:
        words = target_words(target, unit, row.comparator)
        words = words[:1].upper() + words[1:]
        if target.level is not None and target.level != target.value:
            words += f", which is {amount(tidy(target.level, line.state), unit)}"
        words += f" by {target.on}" if target.on else ", without a date"
        about = targets.get(target.id, {})
        note = "; ".join(one for one in (about.get("note"), about.get("reason")) if one)
        found.append({"words": words, "note": note})
    return found


def about(line: KpiLine) -> list[formatting.Pair]:
    """What is counted, by whom and how often."""
    row = line.row
    pairs = []
    if row.numerator or row.denominator:
        below = row.denominator
        if row.denominator_about:
            below = f"{below} (about {row.denominator_about:,})"
        pairs.append(formatting.Pair("Worked out of", f"{row.numerator} over {below}"))
    if row.comparator:
        pairs.append(formatting.Pair("Compared with", row.comparator))
    pairs.append(formatting.Pair("Unit", "per cent" if row.unit == "%" else row.unit))
    pairs.append(formatting.Pair("Kind", row.get_kind_display()))
    pairs.append(formatting.Pair("Which way is better", row.get_direction_display()))
    often = row.get_frequency_display() if row.frequency else "not said"
    pairs.append(formatting.Pair("How often", often))
    if row.year:
        pairs.append(formatting.Pair("Year", row.get_year_display()))
    owner = row.data_owner
    organisation = f", {owner.organisation.code}" if owner and owner.organisation else ""
    name = f"{owner.name}{organisation}" if owner else "not named yet"
    pairs.append(formatting.Pair("Data owner", name))
    if row.needs_second_person:
        pairs.append(formatting.Pair("Final figures", "need a second person"))
    if row.counts_people:
        pairs.append(formatting.Pair("Small numbers", "hidden from all but data owner and officer"))
    return pairs


def risks_beside(desk: Desk, line: KpiLine, risks: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Its open risks and issues, as includes/open_risks.html takes them."""
    areas = line.history.areas
    can_raise = desk.is_today and access.can_raise_risk(desk.access, areas=areas)
    can_close = desk.is_today and access.can_close_risk(desk.access, areas=areas)
    raise_url = f"{desk.url('kpis:raise_risk')}?{urlencode({'on': f'kpi:{line.code}'})}"
    return {
        "raise_risk_url": raise_url if can_raise else "",
        "open_risks": [
            {
                "kind": Risk.Kind(one["kind"]).label,
                "text": one["text"],
                "mitigation": one["mitigation"],
                "help_needed": one["help_needed"],
                "about": f"Raised {_raised(one['at'])} by {one['by'] or one['source']}",
                "close_url": desk.url("kpis:close_risk", one["pk"]) if can_close else "",
            }
            for one in risks
            if not desk.lent
        ],
    }


def _raised(text: str) -> str:
    moment: datetime | None = parse_datetime(text)
    assert moment is not None
    return formatting.short_day(day_of(moment))


def presses(desk: Desk, line: KpiLine) -> dict[str, str]:
    """What the reader may do here today."""
    if not desk.is_today:
        return {"enter_url": "", "rebase_url": "", "change_url": ""}
    may_record = access.can_record_figure(
        desk.access, data_owner=line.history.data_owner, areas=line.history.areas
    )
    may_rebase = access.can_rebase(desk.access) and line.state.chart is not None
    may_ask = access.can_ask_change(
        desk.access, areas=line.history.areas, data_owner=line.history.data_owner
    )
    return {
        "change_url": desk.url("kpis:ask_kpi_change", line.code) if may_ask else "",
        "enter_url": desk.url("kpis:figures") if may_record else "",
        "rebase_url": desk.url("kpis:rebase", line.code) if may_rebase else "",
    }

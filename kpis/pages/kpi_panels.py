"""The page of one measure: what it asks of a template, out of its line and what is on record.

Texts that people wrote of a figure are read for what is shown alone: where a number of a period is
too small to show, neither is its note, nor why it was changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from actions.models import Risk
from actions.models.base import date_of_columns
from actions.pages import formatting
from actions.pages.addresses import address_of
from actions.pages.commitment_list import Heading
from actions.progress.risks import open_on
from actions.rules.dates import end_of_day
from kpis.models import (
    ComparatorFigure,
    ComparatorSeries,
    Kpi,
    KpiCommitment,
    KpiRisk,
    Measurement,
    Rebase,
    TargetPoint,
)
from kpis.pages.kpi_rows import KpiRow
from kpis.pages.lineage import FormerKpi
from kpis.recording.comparators import Comparator, comparators_of
from kpis.rules.due import DUE_WORKING_DAYS
from kpis.rules.standing.milestones import milestones
from kpis.rules.standing.passed import MILESTONES, outcome_text
from kpis.rules.standing.position import Outcome
from kpis.rules.state import KpiState
from kpis.rules.text import (
    amount,
    by_text,
    figure_text,
    period_text,
    target_text,
    tells,
    tidy,
)

# --- What stands beside a measure -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """What is on record of one measure by a day, besides its figures."""

    areas: tuple[Heading, ...]
    risks: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    rebases: list[dict[str, Any]]
    targets: dict[int, dict[str, Any]]
    comparators: tuple[Comparator, ...]


def beside(kpi: int, day: date, *, of_questions: ArraySubquery) -> Beside:
    """One query, the questions open about the measure with it."""
    end = end_of_day(day)
    record = (
        Kpi.objects.filter(pk=kpi)
        .annotate(
            of_areas=ArraySubquery(
                KpiCommitment.objects.filter(kpi=OuterRef("pk"))
                .order_by("commitment__action__area__position")
                .values(
                    one=JSONObject(
                        code="commitment__action__area__code",
                        ref="commitment__action__area__ref",
                        label="commitment__action__area__label",
                        title="commitment__action__area__title",
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
            of_questions=of_questions,
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
            of_comparators=ArraySubquery(
                ComparatorSeries.objects.filter(kpi=OuterRef("pk"), withdrawn_at=None)
                .order_by("position", "pk")
                .annotate(
                    told=ArraySubquery(
                        ComparatorFigure.objects.filter(series=OuterRef("pk"), effective_at__lt=end)
                        .order_by("recorded_at", "pk")
                        .values(
                            one=JSONObject(starts_on="starts_on", ends_on="ends_on", value="value")
                        )
                    )
                )
                .values(one=JSONObject(name="name", published_in="published_in", values="told"))
            ),
        )
        .get()
    )
    areas = (Heading(**area) for area in record.of_areas)
    return Beside(
        areas=tuple(dict.fromkeys(areas)),
        risks=record.of_risks,
        questions=record.of_questions,
        rebases=record.of_rebases,
        targets={target["pk"]: target for target in record.of_targets},
        comparators=comparators_of(record.of_comparators),
    )


def texts_of(state: KpiState) -> dict[int, Measurement]:
    """What people wrote with the figures of a state. One query."""
    ids = [version.id for figure in state.figures for version in (figure, *figure.before)]
    return Measurement.objects.select_related("by", "second_look__by").in_bulk(ids)


# --- The head of the page ---------------------------------------------------------------------


# --- The chart --------------------------------------------------------------------------------


# --- Decisions about the chart ----------------------------------------------------------------


# --- Every figure -----------------------------------------------------------------------------


# --- What it moves, and what is about it ------------------------------------------------------


def target_lines(kpi_row: KpiRow, targets: dict[int, dict[str, Any]]) -> list[dict[str, str]]:
    """Where it starts and every target in force, with what the plan notes of each."""
    row, unit = kpi_row.row, kpi_row.unit
    entries = []
    # As at an earlier day the row is an event of the history, which has no such property.
    measured = date_of_columns(row, "baseline_")
    is_told = row.baseline is not None and tells(row.baseline_text, row.baseline)
    if row.baseline is not None:
        when = f", {measured}" if measured else ""
        # Where the plan's own words hold the number, they say it.
        start = row.baseline_text if is_told else amount(row.baseline, unit)
        entries.append({"words": f"Baseline {start}{when}", "note": ""})
    if row.baseline_text and not is_told:
        when = f" ({measured})" if measured and row.baseline is None else ""
        entries.append({"words": f"Baseline in words{when}: {row.baseline_text}", "note": ""})
    if entries and row.baseline_source:
        entries[-1]["note"] = f"Source: {row.baseline_source}"
    if not entries and kpi_row.state.awaits_baseline:
        entries.append({"words": "Baseline awaited", "note": ""})
    for target in kpi_row.state.targets:
        text = target_text(target, unit, row.comparator)
        text = text[:1].upper() + text[1:]
        if target.level is not None and target.level != target.value:
            text += f", which is {amount(tidy(target.level, kpi_row.state), unit)}"
        text += by_text(target) or ", without a date"
        about = targets.get(target.id, {})
        note = "; ".join(remark for remark in (about.get("note"), about.get("reason")) if remark)
        entries.append({"words": text, "note": note})
    return entries


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """The baseline, or a dated target with what it came to."""

    by: str
    target: str
    actual: str
    others: str
    outcome: str
    is_missed: bool = False


def milestone_rows(kpi_row: KpiRow) -> list[MilestoneRow]:
    """Baseline and dated targets; nothing where there are fewer than two of these."""
    steps = milestones(kpi_row.history, kpi_row.state)
    if len(steps) < MILESTONES:
        return []
    row, unit = kpi_row.row, kpi_row.unit
    rows = []
    if row.baseline is not None:
        measured = date_of_columns(row, "baseline_")
        start = amount(row.baseline, unit)
        rows.append(MilestoneRow(str(measured or ""), "Baseline", start, "", ""))
    for step in steps:
        others = step.figure.compared_with if step.figure else None
        rows.append(
            MilestoneRow(
                by=str(step.target.on),
                target=target_text(step.target, unit, row.comparator),
                actual=figure_text(step.figure, unit) if step.figure else "",
                others=amount(others, unit) if others is not None else "",
                outcome=outcome_text(step),
                is_missed=step.outcome is Outcome.MISSED,
            )
        )
    return rows


def comparator_lines(kpi_row: KpiRow, comparators: tuple[Comparator, ...]) -> list[dict[str, Any]]:
    """Each of the others with its values, newest first."""
    return [
        {
            "name": other.name,
            "published_in": other.published_in,
            "values": [
                formatting.Pair(
                    period_text(value.starts_on, value.ends_on), amount(value.value, kpi_row.unit)
                )
                for value in reversed(other.values)
            ],
        }
        for other in comparators
    ]


def about(kpi_row: KpiRow) -> list[formatting.Pair]:
    """What is counted, by whom and how often."""
    row = kpi_row.row
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
    if kpi_row.history.months:
        days = row.due_after_days or DUE_WORKING_DAYS
        text = f"{formatting.plural(days, 'working day')} after each period"
        pairs.append(formatting.Pair("Figures due", text))
    owner = row.owner
    organisation = f", {owner.organisation.code}" if owner and owner.organisation else ""
    name = f"{owner.name}{organisation}" if owner else "not named yet"
    pairs.append(formatting.Pair("Data owner", name))
    if row.needs_second_person:
        pairs.append(formatting.Pair("Final figures", "need a second person"))
    if row.counts_people:
        pairs.append(
            formatting.Pair("Small numbers", "counts children or families: not shown to all")
        )
    return pairs


# --- In the plans before ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FormerRows:
    """A KPI of a plan before: its figures, newest first, and where it breaks off from this one."""

    plan: str
    code: str
    url: str
    break_text: str
    figures: list[tuple[str, str]]


def former_rows(formers: Iterable[FormerKpi]) -> list[FormerRows]:
    """The newest plan first. A plan to which the reader does not belong has no link."""
    return [
        FormerRows(
            former.plan.title,
            former.row.code if former.sees else "",
            address_of("kpi", former.plan.slug, former.row.code) if former.sees else "",
            former.break_text,
            [
                (
                    period_text(figure.starts_on, figure.ends_on),
                    figure_text(figure, former.row.unit),
                )
                for figure in reversed(former.figures)
            ],
        )
        for former in reversed(list(formers))
    ]

"""Page 1 of the quarterly report: the areas at a glance, what is Red or late, support needed."""

from datetime import date

from actions.pages import formatting
from actions.rules.dates import PlanDate
from actions.rules.state import CommitmentState, count
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from kpis.pages.kpi_rows import KpiRow
from reports.contents.blocks import facts
from reports.contents.blocks.commitments import NO_DATE, NOBODY_REPORTED
from reports.contents.blocks.measures import baseline_cell, figure_cell
from reports.contents.blocks.ratings import number_cell, rating_cell, standing_cell
from reports.contents.queries import AreaPart
from reports.contents.report_data import ReportData, day_text
from reports.dashboard.areas import first_sentence
from reports.rendering.document import Cell, Column, Table


def areas_at_a_glance(report_data: ReportData) -> Table:
    """Each area: its officer's rating before and now, counts, headline KPI, one sentence."""
    counted = [count(report_data.now.of_area(area.id)) for area in report_data.areas]
    shown = scale().shown(*(counts.ratings for counts in counted), report_data.counts.ratings)
    rows = [
        (
            Cell(text="\n".join(filter(None, (area.in_short, first_sentence(area.reason))))),
            rating_cell(area.was_judged, "not rated"),
            rating_cell(area.judgement, "not rated", area.word),
            *(number_cell(counts.ratings[rating]) for rating in shown),
            Cell(text="\n".join(_headline(report_data, area))),
        )
        for area, counts in zip(report_data.areas, counted, strict=True)
    ]
    whole = (
        Cell(text=f"All {report_data.counts.total}"),
        Cell(),
        Cell(),
        *(number_cell(report_data.counts.ratings[rating]) for rating in shown),
        Cell(),
    )
    return Table(
        name=in_words("{Areas} at a glance"),
        caption=in_words(
            "{Areas} at a glance: SRO rating before and now, {commitments} by rating, headline KPI"
        ),
        columns=(
            Column(title=in_words("{Area}"), width=9),
            Column(title=f"SRO, {_month(report_data.since)}", kind="rating", width=4),
            Column(title=f"SRO, {_month(report_data.until)}", kind="rating", width=4),
            *(Column(title=_letter(rating), kind="number", width=1) for rating in shown),
            Column(title="Headline KPI: baseline, now, target", width=9),
        ),
        rows=(*rows, whole) if report_data.areas else (),
        empty=in_words("The plan has no {areas}."),
        notes=(
            f"{', '.join(f'{_letter(rating)} {scale().word(rating)}' for rating in shown)}.",
            in_words(
                "The rating is that of the {area}’s senior responsible officer. It is not "
                "worked out of the counts."
            ),
        ),
    )


def _month(day: date) -> str:
    """`Sept 2026`"""
    return PlanDate.month_of(day).short


def _letter(rating: Rating) -> str:
    """Over a narrow column of counts; what each stands for is said below the table."""
    if rating is Rating.NOT_YET_RATED:
        return "NR"
    # Beside Green, its letter alone would not tell it.
    return (
        "Gy" if scale().letter(rating) == "G" and rating is Rating.GREY else scale().letter(rating)
    )


def _headline(report_data: ReportData, area: AreaPart) -> list[str]:
    """Its name; from where to where; where it stands."""
    for kpi in report_data.measures:
        if kpi.state.id == area.headline_kpi:
            return [kpi.in_short, _steps(kpi), kpi.position_text]
    return ["none chosen"]


def _steps(kpi: KpiRow) -> str:
    """`253 weeks → 217 weeks (Oct 2022) → at least 125 weeks by March 2023`"""
    now = figure_cell(kpi.newest, kpi.unit).text
    if kpi.newest:
        now += f" ({kpi.latest_note})"
    target = " ".join(filter(None, (kpi.target_text, kpi.target_note))) or "no target"
    baseline = baseline_cell(kpi)
    return " → ".join([*([baseline.text] if baseline.number is not None else []), now, target])


# --- Red or late ------------------------------------------------------------------------------


def red_or_late(report_data: ReportData) -> Table:
    """By name and why: what is Red first, then what is late, the longest late first."""
    standing = report_data.standing()
    red = [state for state in standing if state.rating is Rating.RED]
    late = [state for state in standing if state.is_overdue and state not in red]
    both = sum(state.is_overdue for state in red)
    ordered = [*red, *sorted(late, key=lambda state: -state.overdue_months)]
    name = f"{scale().red} or late"
    return Table(
        name=name,
        caption=f"{name}: {len(ordered)} of {levels().some('commitment', len(standing))}",
        columns=(
            Column(title="Ref", width=2),
            Column(title=in_words("{Commitment}"), width=6),
            Column(title="Rating", kind="rating", width=4),
            Column(title="Due", kind="date", width=4),
            Column(title="Late by", width=3),
            Column(title="Why, and what happens now", width=9),
        ),
        rows=tuple(_red_or_late(report_data, state) for state in ordered),
        empty=f"Nothing is {scale().red}, and nothing is late.",
        notes=(_summary(len(red), len(late) + both, both),) if ordered else (),
    )


def _summary(red: int, late: int, both: int) -> str:
    """`3 Red, 8 late, 2 of them both.`"""
    text = f"{red} {scale().red}, {late} late"
    return f"{text}, {both} of them both." if both else f"{text}."


def _red_or_late(report_data: ReportData, state: CommitmentState) -> tuple[Cell, ...]:
    named = report_data.named[state.id]
    completion = state.completion
    return (
        Cell(text=state.ref),
        Cell(text=named.in_short),
        standing_cell(state),
        Cell(text=completion.now.short if completion else named.timescale or NO_DATE),
        Cell(text=_late_text(state)),
        report_data.words.cell(
            f"commitment:{state.code}:why",
            f"Why {state.ref} is {scale().red} or late, and what happens now",
            _why(report_data, state),
            empty=NOBODY_REPORTED,
            leads=report_data.users(state),
            beside=facts.of_commitment(report_data, state),
        ),
    )


def _late_text(state: CommitmentState) -> str:
    if not state.is_overdue:
        return "not late"
    months = state.overdue_months
    return formatting.plural(months, "month") if months else "under a month"


def _why(report_data: ReportData, state: CommitmentState) -> str:
    """Why it is late, where somebody said so; and the first sentence of what was said last."""
    newest = report_data.updates.newest.get(state.id)
    worded = report_data.updates.worded.get(state.id)
    late = newest.late_reason if newest and state.is_overdue else ""
    said = first_sentence(worded.progress) if worded else ""
    return "\n".join(dict.fromkeys(filter(None, (late, said))))


# --- Support needed ---------------------------------------------------------------------------


def support_needed(report_data: ReportData) -> Table:
    """What is asked of the readers, and since when; the longest asked for first."""
    asking = sorted(
        (state for state in report_data.standing() if state.help_asked_since),
        key=lambda state: state.help_asked_since or report_data.until,
    )
    return Table(
        name="Support needed",
        caption="Support needed",
        columns=(
            Column(title="Ref", width=2),
            Column(title=in_words("{Commitment}"), width=6),
            Column(title="What is needed, and from whom", width=10),
            Column(title="Asked since", kind="date", width=4),
        ),
        rows=tuple(_support(report_data, state) for state in asking),
        empty="No support is asked for.",
    )


def _support(report_data: ReportData, state: CommitmentState) -> tuple[Cell, ...]:
    newest = report_data.updates.newest.get(state.id)
    return (
        Cell(text=state.ref),
        Cell(text=report_data.named[state.id].in_short),
        report_data.words.cell(
            f"commitment:{state.code}:help",
            f"Support needed with {state.ref}",
            newest.help_needed if newest else "",
            empty="Not recorded",
            leads=report_data.users(state),
            beside=facts.of_commitment(report_data, state),
        ),
        Cell(text=day_text(state.help_asked_since)),
    )

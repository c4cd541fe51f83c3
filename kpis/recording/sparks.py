"""A KPI's last figures as one small line, with the words that say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

from actions.pages import formatting
from actions.rules.dates import PlanDate
from kpis.charts import svg
from kpis.rules.disclosure import year_of
from kpis.rules.due import periods_of
from kpis.rules.facts import KpiHistory
from kpis.rules.figures import PeriodFigure
from kpis.rules.state import KpiState
from kpis.rules.text import amount, period_text, shown_value, tidy

# The periods that a small line shows.
RECENT = 13


@dataclass(frozen=True, slots=True)
class PeriodSlot:
    """A period of a measure; without a figure where nobody recorded one."""

    starts_on: date
    ends_on: date
    figure: PeriodFigure | None = None

    @property
    def value(self) -> Decimal | None:
        return shown_value(self.figure) if self.figure and self.figure.counts else None


def with_gaps(history: KpiHistory, figures: Sequence[PeriodFigure]) -> list[PeriodSlot]:
    """Every period from the first figure to the last, so that a missing one stays a gap.

    Of a running total, those of the last figure's year: it begins again from nothing.
    """
    if history.kind == "cumulative" and history.year_starts and figures:
        year = year_of(figures[-1].ends_on, history.year_starts)
        figures = [
            figure for figure in figures if year_of(figure.ends_on, history.year_starts) == year
        ]
    slots = {
        figure.ends_on: PeriodSlot(figure.starts_on, figure.ends_on, figure) for figure in figures
    }
    if figures and history.months:
        first = PlanDate.month_of(figures[0].starts_on)
        starts_in = history.year_starts or 4
        for period in periods_of(history.months, first, figures[-1].ends_on, starts_in):
            slots.setdefault(period.ends_on, PeriodSlot(period.starts_on, period.ends_on))
    return [slots[day] for day in sorted(slots)]


def spark(
    history: KpiHistory, state: KpiState, unit: str, *, width: float = 96.0, height: float = 24.0
) -> SafeString | None:
    """A small line of the last figures; none where there are fewer than two to draw."""
    recent = with_gaps(history, [figure for figure in state.figures if figure.counts])[-RECENT:]
    known = [slot for slot in recent if slot.value is not None]
    if len(known) < 2:
        return None
    level = state.target.level if state.target else None
    first, last = known[0], known[-1]
    without = len(recent) - len(known)
    gaps = f", {without} without a figure" if without else ""
    aim = f"; target {amount(tidy(level, state), unit)}" if level is not None else ""
    words = (
        f"{formatting.plural(len(known), 'figure')}{gaps}: {_slot_text(first, unit)}; "
        f"{_slot_text(last, unit)}{aim}"
    )
    # Every word of it was escaped where it was drawn: kpis/charts/svg/sparkline.py.
    values = [slot.value for slot in recent]
    return mark_safe(svg.sparkline(values, alt=words, target=level, width=width, height=height))


def _slot_text(slot: PeriodSlot, unit: str) -> str:
    assert slot.value is not None
    return f"{period_text(slot.starts_on, slot.ends_on)} {amount(slot.value, unit)}"

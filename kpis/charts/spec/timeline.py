"""Commitments on an axis of months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.rules.dates import PlanDate
from actions.rules.levels import OURS, LevelNames
from kpis.charts.spec.parts import (
    NONE,
    Cell,
    Figure,
    Kind,
    Mark,
    Role,
    Row,
    Table,
    listed,
    month_ticks,
)


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """A commitment with its completion dates; None where there is none. `group` is its area."""

    ref: str
    name: str
    first: PlanDate | None
    now: PlanDate | None
    asked: PlanDate | None = None
    forecast: PlanDate | None = None
    delivered: PlanDate | None = None
    group: str = ""

    @property
    def dates(self) -> list[tuple[Role, PlanDate]]:
        dates = [
            (Role.FIRST, self.first),
            (Role.NOW, self.now),
            (Role.FORECAST, self.forecast),
            (Role.ASKED, self.asked),
            (Role.DELIVERED, self.delivered),
        ]
        return [(role, when) for role, when in dates if when]

    @property
    def is_moved(self) -> bool:
        return bool(self.first and self.now and self.first != self.now)


def timeline_figure(
    *, title: str, lines: Sequence[TimelineLine], as_at: date, levels: LevelNames = OURS
) -> Figure:
    """When each commitment was first to be complete, when it is now, and when it was delivered."""
    dated = [when for commitment in lines for _, when in commitment.dates]
    span = [when.last_month for when in dated] + [PlanDate.month_of(as_at)]
    first, last = min(span), max(span)
    months = [first.plus_months(offset) for offset in range(first.months_until(last) + 1)]
    rows = tuple(
        Row(
            ref=commitment.ref,
            name=commitment.name,
            cells=tuple(
                Cell(
                    tick=first.months_until(when),
                    words=f"{commitment.ref} {commitment.name}: {role.value} {when}",
                    role=role,
                )
                for role, when in commitment.dates
            ),
            group=commitment.group,
            end=commitment.now.short if commitment.now else "no date",
            is_moved=commitment.is_moved,
        )
        for commitment in lines
    )
    columns = (
        "Ref",
        levels.commitment,
        "First agreed",
        "Now",
        "Forecast",
        "Asked for",
        "Delivered",
    )
    return Figure(
        kind=Kind.TIMELINE,
        title=title,
        unit="Completion dates by month",
        x=month_ticks(months),
        rows=rows,
        # Within the month of the day, as far along as the day is.
        marks=(Mark(_within_months(first, as_at), "as at", is_as_at=True),),
        alt=_timeline_alt(lines, as_at, levels),
        table=Table(
            caption=f"Completion dates of the {levels.lower.commitments}",
            columns=columns,
            rows=tuple(
                (
                    commitment.ref,
                    commitment.name,
                    *(
                        str(when) if when else NONE
                        for when in (
                            commitment.first,
                            commitment.now,
                            commitment.forecast,
                            commitment.asked,
                            commitment.delivered,
                        )
                    ),
                )
                for commitment in lines
            ),
        ),
    )


def _within_months(first: PlanDate, day: date) -> float:
    month = PlanDate.month_of(day)
    share = (day.day - 1) / (month.last_day.day)
    return first.months_until(month) - 0.5 + share


def _timeline_alt(commitments: Sequence[TimelineLine], as_at: date, levels: LevelNames) -> str:
    day = PlanDate.of_day(as_at)
    if not commitments:
        return f"Timeline as at {day}: no {levels.lower.commitments}."
    facts = [
        (sum(commitment.delivered is not None for commitment in commitments), "delivered"),
        (
            sum(
                commitment.delivered is None
                and commitment.now is not None
                and commitment.now.passed_by(as_at)
                for commitment in commitments
            ),
            "past their date and not delivered",
        ),
        (
            sum(commitment.is_moved for commitment in commitments),
            "moved from the month first agreed",
        ),
        (
            sum(commitment.asked is not None for commitment in commitments),
            "with another date asked for",
        ),
        (sum(commitment.now is None for commitment in commitments), "without a completion date"),
    ]
    summary = listed([f"{count} {text}" for count, text in facts if count]) or "no date has passed"
    return f"Timeline of {levels.some('commitment', len(commitments))} as at {day}: {summary}."

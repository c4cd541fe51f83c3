"""One figure of each kind, with what is awkward in each, for the tests of figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from actions.rules.dates import PlanDate, add_months
from actions.rules.status import RATINGS, Rating
from kpis.charts.spec import (
    AreaLine,
    AreaMonth,
    Certainty,
    Figure,
    PeriodValue,
    TimelineLine,
    grid_figure,
    measure_figure,
    ratings_figure,
    timeline_figure,
)
from kpis.rules.spc import control_chart
from kpis.rules.trajectory import Dated

# What nobody's words may do to a page, a chart or a drawing.
HOSTILE = "<b>bold</b> & \"quoted\" <script>alert('x')</script> var(--red)"

REFERRALS = [
    *(201, 209, 196, 214, 205, 192, 207, 199, 211, 203, 195, 208),
    *(206, 212, 238, 204, 198, 189, 186, 191, 183, 187, 179, 184, 181),
]


def months(first: date, count: int) -> list[PlanDate]:
    return [PlanDate(add_months(first, index)) for index in range(count)]


def control_figure(title: str = "Fewer referrals since May 2022, and not by chance") -> Figure:
    """Twenty-five months, a baseline of twelve, a stepped target, a note; lower is better."""
    periods = [
        PeriodValue(
            month.last_day,
            str(month),
            Decimal(value),
            Certainty.PROVISIONAL if index == 24 else Certainty.FINAL,
            "leaflet sent to GPs" if value == 238 else "",
        )
        for index, (month, value) in enumerate(
            zip(months(date(2021, 1, 1), 25), REFERRALS, strict=True)
        )
    ]
    targets = [(date(2022, 7, 1), Decimal(193)), (date(2022, 12, 1), Decimal(183))]
    chart = control_chart(
        [(period.on, period.value) for period in periods],
        improvement="decrease",
        baseline_length=12,
        targets=targets,
    )
    return measure_figure(
        title=title,
        name="Referrals",
        unit="referrals",
        unit_text="Referrals per month",
        periods=periods,
        targets=targets,
        chart=chart,
        marks=[
            (date(2022, 1, 1), "Limits set on these 12 months"),
            (date(2022, 1, 10), "Plan begins"),
        ],
    )


def rebased_figure() -> Figure:
    """No good direction, a missing month, and limits set anew that are still provisional."""
    periods = [
        PeriodValue(month.last_day, str(month), Decimal(value) if index != 9 else None)
        for index, (month, value) in enumerate(
            zip(months(date(2021, 1, 1), 25), [*REFERRALS[:24], 260], strict=True)
        )
    ]
    chart = control_chart(
        [(period.on, period.value) for period in periods],
        improvement="neutral",
        rebases=[date(2022, 5, 1)],
    )
    return measure_figure(
        title="Referrals changed when the clinic opened",
        name="Referrals",
        unit="referrals",
        unit_text="Referrals per month",
        periods=periods,
        chart=chart,
        marks=[(date(2022, 5, 1), "Limits set anew: clinic opened")],
    )


def trajectory_figure() -> Figure:
    """Quarters in weeks, one missing, one projected, with a trajectory beyond the last of them."""
    quarters = [
        (date(2022, 3, 31), "Quarter to March 2022", 242),
        (date(2022, 6, 30), "Quarter to June 2022", 230),
        (date(2022, 9, 30), "Quarter to September 2022", None),
        (date(2022, 12, 31), "Quarter to December 2022", 190),
        (date(2023, 3, 31), "Quarter to March 2023", 171),
    ]
    periods = [
        PeriodValue(on, label, None if value is None else Decimal(value))
        for on, label, value in quarters
    ]
    projected = Decimal(150)
    periods.append(
        PeriodValue(date(2023, 6, 30), "Quarter to June 2023", projected, Certainty.PROJECTED)
    )
    return measure_figure(
        title="The longest wait fell, but less than planned",
        name="Longest wait",
        unit="weeks",
        periods=periods,
        trajectory=[
            Dated(date(2022, 1, 31), Decimal(242)),
            Dated(date(2023, 6, 30), Decimal(125)),
            Dated(date(2024, 3, 31), Decimal(13)),
        ],
    )


def far_figure() -> Figure:
    """A year of waits near 230 weeks, with a path to 125 and on to 13: far below them."""
    waits = (240, 238, 236, 232, 229, 225, 221, 220, 224, 222, 221, 218)
    periods = [
        PeriodValue(month.last_day, str(month), Decimal(value))
        for month, value in zip(months(date(2025, 11, 1), 12), waits, strict=True)
    ]
    return measure_figure(
        title="The wait fell by 22 weeks",
        name="Longest wait",
        unit="weeks",
        periods=periods,
        trajectory=[
            Dated(date(2025, 11, 1), Decimal(242)),
            Dated(date(2027, 4, 30), Decimal(125)),
            Dated(date(2028, 1, 31), Decimal(13)),
        ],
        targets=[(date(2025, 11, 1), Decimal(125)), (date(2027, 5, 1), Decimal(13))],
    )


def suppressed_figure() -> Figure:
    """Small percentages; one is missing, one too few to show; enough for limits otherwise."""
    periods = [
        PeriodValue(
            month.last_day,
            str(month),
            None if index in {3, 6} else Decimal("0.40") + Decimal("0.01") * index,
            is_suppressed=index == 6,
        )
        for index, month in enumerate(months(date(2021, 1, 1), 14))
    ]
    chart = control_chart([(period.on, period.value) for period in periods], improvement="decrease")
    return measure_figure(
        title="Permanent exclusions rose",
        name="Exclusions",
        unit="%",
        unit_text="Per cent of pupils",
        periods=periods,
        targets=[(None, Decimal("0.35"))],
        chart=chart,
    )


def hostile_figure() -> Figure:
    periods = [
        PeriodValue(date(2022, 1, 31), HOSTILE, Decimal(5), note=HOSTILE),
        PeriodValue(date(2022, 2, 28), "February 2022", Decimal(6)),
    ]
    return measure_figure(
        title=HOSTILE,
        name=HOSTILE,
        unit=HOSTILE,
        periods=periods,
        marks=[(date(2022, 2, 3), HOSTILE)],
    )


# By month: blue, green, amber, red, grey, not yet rated.
COUNTS = [
    (0, 14, 2, 0, 44, 16),
    (2, 21, 4, 0, 37, 12),
    (3, 27, 5, 1, 31, 9),
    (5, 29, 6, 1, 27, 8),
    (6, 31, 7, 2, 23, 7),
    (7, 32, 8, 2, 21, 6),
    (9, 31, 9, 3, 18, 6),
    (10, 31, 10, 3, 17, 5),
    (12, 30, 11, 4, 14, 5),
    (13, 30, 11, 4, 13, 5),
    (15, 29, 11, 4, 12, 5),
    (17, 27, 12, 5, 11, 4),
    (21, 24, 13, 6, 8, 4),
]


def columns_figure() -> Figure:
    return ratings_figure(
        title="Blue grew from 0 to 21 of 76",
        months=months(date(2022, 1, 1), 13),
        counts=[dict(zip(RATINGS, row, strict=True)) for row in COUNTS],
    )


def areas_figure() -> Figure:
    letters = {
        "B": Rating.BLUE,
        "G": Rating.GREEN,
        "A": Rating.AMBER,
        "R": Rating.RED,
        "y": Rating.GREY,
        "-": None,
    }
    judged = {
        "Autism waits and support": "--GAAAAARRRR",
        "Trust and co-production with parents": "-yAGGGAAAAAR",
        "The online local offer": "GGGGGGGGGAAB",
    }
    return grid_figure(
        title="Two commitments are now Red: 1.1.1a, Waits; 2.1.1a, Support",
        months=months(date(2022, 2, 1), 12),
        areas=[
            AreaLine(
                str(number),
                f"Area {number}",
                name,
                [
                    AreaMonth(letters[letter], dict(zip(RATINGS, COUNTS[index], strict=True)))
                    for index, letter in enumerate(row)
                ],
            )
            for number, (name, row) in enumerate(judged.items(), start=1)
        ],
    )


def lines_figure(count: int = 80) -> Figure:
    """Commitments of five areas: some moved, some asked to move, some delivered, one undated."""
    names = [
        "One pathway for support and diagnosis agreed with every school",
        "Fewer tribunals registered",
        "Change agent and champion in every school",
    ]
    lines = []
    for index in range(count):
        area = index // 16 + 1
        first = PlanDate(add_months(date(2022, 1, 1), index * 7 % 16))
        now = first.plus_months((0, 0, 2, 0, 5, 0, 0, -1)[index % 8])
        if index % 13 == 12:
            lines.append(
                TimelineLine(f"{area}.9.{index}", "Governors", None, None, group=f"Area {area}")
            )
            continue
        lines.append(
            TimelineLine(
                ref=f"{area}.{index % 16 // 4 + 1}.{index % 4 + 1}{'abc'[index % 3]}",
                name=names[index % 3],
                first=first,
                now=now,
                asked=now.plus_months(2) if index % 11 == 3 else None,
                forecast=now.plus_months(3) if index % 17 == 5 else None,
                delivered=now if now.passed_by(date(2022, 9, 1)) and index % 3 else None,
                group=f"Area {area}",
            )
        )
    return timeline_figure(
        title="A third of the dates have moved", lines=lines, as_at=date(2023, 1, 31)
    )


FIGURES = {
    "control": control_figure,
    "rebased": rebased_figure,
    "trajectory": trajectory_figure,
    "far": far_figure,
    "suppressed": suppressed_figure,
    "hostile": hostile_figure,
    "ratings": columns_figure,
    "grid": areas_figure,
    "timeline": lines_figure,
}

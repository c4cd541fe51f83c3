"""A document with every kind of block, for tests of its renderings."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from actions.rules.dates import PlanDate
from actions.rules.status import RATINGS, Rating
from kpis.charts.spec import Certainty, PeriodValue, measure_figure, ratings_figure
from kpis.rules.trajectory import Dated
from reports.rendering import FORMATS, render
from reports.rendering.document import (
    APPROVAL,
    Bullets,
    Cell,
    Chart,
    Column,
    Count,
    Counts,
    Document,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Table,
)

MONTHS = [PlanDate.parse(f"2022-{month:02}") for month in range(1, 13)]


def make_document(**fields: Any) -> Document:
    """A quarterly report with every kind of block, and a table of twelve rows across the page."""
    sections = fields.pop(
        "sections",
        (
            Section(
                key=APPROVAL,
                title="Approval",
                blocks=(
                    Signatures(
                        items=(
                            Signature(
                                what="For the county council",
                                name="Sample Approver",
                                office="Chief executive",
                                signed_at=datetime(2023, 1, 20, 14, 5, tzinfo=UTC),
                                words="Approved on 20 January 2023, 14:05",
                            ),
                            Signature(what="For the health board", words="Not approved yet"),
                        )
                    ),
                ),
            ),
            Section(key="summary", title="Summary", blocks=_summary()),
            Section(key="area:1", title="Area 1. Waiting times", blocks=_area(), area="Area 1"),
            Section(key="changes", title="What was changed", blocks=(_wide_table(),)),
            Section(key="end", title="Next quarter", blocks=(Paragraph(text="Nothing more."),)),
        ),
    )
    values: dict[str, Any] = {
        "title": "Quarterly report, October to December 2022",
        "series": "Quarterly formal report",
        "content": "formal",
        "number": "Q3 2022/23",
        "version": 1,
        "local_area": "Sampleshire",
        "plan": "Written Statement of Action, 2022–23",
        "plan_slug": "sample",
        "audiences": ("SEND and Inclusion Board", "DfE"),
        "period_starts": date(2022, 10, 1),
        "period_ends": date(2022, 12, 31),
        "period_text": "October to December 2022",
        "as_at": date(2022, 12, 31),
        "known_at": datetime(2023, 1, 16, 17, 0, tzinfo=UTC),
        "is_sample": True,
        "is_draft": False,
    }
    return Document(**(values | fields), sections=sections)


def _summary() -> tuple[Any, ...]:
    counts = [{Rating.GREEN: 3 + month, Rating.AMBER: 4, Rating.RED: 1} for month in range(6)]
    return (
        Paragraph(text="Two of five areas have moved since September.", style="lead"),
        Counts(
            caption="Commitments by rating",
            items=tuple(
                Count(rating=rating, count=number, movement="2 more than 30 September")
                for number, rating in enumerate(RATINGS)
            ),
            total=15,
            notes=("One withdrawn commitment is left out.",),
        ),
        Chart(
            name="ratings",
            figure=ratings_figure(
                title="Green commitments rose from 3 to 8.", months=MONTHS[:6], counts=counts
            ),
        ),
        Facts(items=(Fact(label="Board meets", value="25 January 2023"),)),
        Bullets(items=("First point", "Second point\nin two lines")),
    )


def _area() -> tuple[Any, ...]:
    periods = [
        PeriodValue(month.last_day, month.short, None if index == 4 else Decimal(240 - 3 * index))
        for index, month in enumerate(MONTHS)
    ]
    periods[-1] = PeriodValue(
        periods[-1].on, periods[-1].label, Decimal("201.5"), Certainty.PROVISIONAL
    )
    return (
        Heading(level=2, text="What families say"),
        Paragraph(text="I know where we are in the queue.", style="quote"),
        Chart(
            name="1.1.1-1",
            figure=replace(
                measure_figure(
                    title="The longest wait has fallen to 201.5 weeks.",
                    name="Longest wait",
                    unit="weeks",
                    periods=periods,
                    targets=((None, Decimal(125)),),
                    comparators=(
                        ("England", [Dated(MONTHS[2].last_day, Decimal("188.5"))]),
                        (
                            "Statistical neighbours",
                            [Dated(MONTHS[place].last_day, Decimal(230)) for place in (2, 8)],
                        ),
                    ),
                ),
                subject="1.1.1-1 Longest wait for a first appointment",
            ),
        ),
        Table(
            name="Commitments",
            caption="Commitments of area 1",
            columns=(
                Column(title="Reference"),
                Column(title="Commitment", width=4),
                Column(title="Rating", kind="rating"),
                Column(title="Figure", kind="number"),
                Column(title="Due", kind="date"),
            ),
            rows=tuple(
                (
                    Cell(text=f"1.1.{number}a"),
                    Cell(text="A pathway is agreed\nand published", link="https://example.org/a"),
                    Cell(text=rating.label, rating=rating),
                    Cell(text="-0.45%", number=Decimal("-0.45")),
                    Cell(text="December 2022"),
                )
                for number, rating in enumerate(RATINGS, start=1)
            ),
            notes=("Sample figures.",),
        ),
        Heading(level=3, text="Decisions"),
        Table(
            name="Decisions",
            caption="Decisions of area 1",
            columns=(Column(title="Decision"), Column(title="Owner")),
            rows=(),
            empty="No decisions.",
        ),
    )


def _wide_table() -> Table:
    return Table(
        name="Changes",
        caption="Changes between 30 September and 31 December 2022",
        columns=tuple(Column(title=f"Column {letter}") for letter in "ABCDEFGH"),
        rows=tuple(
            tuple(Cell(text=f"{row} {letter}") for letter in "ABCDEFGH") for row in range(12)
        ),
    )


def render_all(document: Document) -> dict[str, bytes]:
    return {key: render(document, key) for key in FORMATS}

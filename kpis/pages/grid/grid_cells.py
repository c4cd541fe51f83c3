"""A cell for each KPI, under its area; and how many there are of each variation and assurance."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from actions.pages.commitment_list import Heading
from actions.pages.formatting import Chip
from kpis.pages.kpi_rows import KpiRow
from kpis.pages.page_chart import Icon
from kpis.recording.sparks import spark
from kpis.rules.standing.position import Position

SPARK = (150.0, 50.0)
# Nothing else stands in a frame of ink.
FRAMED = (Position.MISSED, Position.PASSED)


@dataclass(frozen=True, slots=True)
class GridCell:
    code: str
    name: str
    url: str
    value: str
    unit: str
    # Whether the value is words: no figure, or one that is too few to show.
    is_words: bool
    when: str
    target: str
    position: Chip
    is_framed: bool
    gap: str
    # Of variation, then of assurance, as far as there are.
    icons: tuple[Icon, ...]
    spark: SafeString | None


@dataclass(frozen=True, slots=True)
class GridGroup:
    title: str
    cells: list[GridCell]


def grid_groups(kpi_rows: Sequence[KpiRow]) -> list[GridGroup]:
    """Under the area each serves first, in the order of the rows; the whole plan's last."""
    groups: dict[str, GridGroup] = {}
    for kpi_row in kpi_rows:
        area: Heading | None = kpi_row.areas[0] if kpi_row.areas else None
        group = groups.setdefault(
            area.code if area else "",
            GridGroup(area.numbered_in_short if area else "Whole plan", []),
        )
        group.cells.append(_cell(kpi_row))
    return list(groups.values())


def _cell(kpi_row: KpiRow) -> GridCell:
    latest = kpi_row.latest_apart
    width, height = SPARK
    target = " ".join(filter(None, (kpi_row.target_text, kpi_row.target_note)))
    return GridCell(
        code=kpi_row.code,
        name=kpi_row.in_short,
        url=kpi_row.url,
        value=latest.value[:1].upper() + latest.value[1:],
        unit=latest.unit,
        is_words=latest.is_words,
        when=kpi_row.latest_note,
        target=f"Target {target}" if target else "No target",
        position=kpi_row.position,
        is_framed=kpi_row.state.position in FRAMED,
        gap=kpi_row.gap_text,
        icons=tuple(icon for icon in (kpi_row.variation, kpi_row.assurance) if icon),
        spark=None
        if kpi_row.is_hidden
        else spark(kpi_row.history, kpi_row.state, kpi_row.unit, width=width, height=height),
    )


# --- Variation and assurance ------------------------------------------------------------------

_VARIATION = {
    "Improving": ("improvement_high", "improvement_low"),
    "No significant change": ("common_cause",),
    "Concern": ("concern_high", "concern_low"),
    "Changed, neither better nor worse": ("neutral_high", "neutral_low"),
}
_ASSURANCE = {"Will meet": "pass", "Hit or miss": "inconsistent", "Will miss": "fail", "None": ""}


@dataclass(frozen=True, slots=True)
class Matrix:
    """How many KPIs have each variation by each assurance; and how many have no icon yet."""

    columns: list[str]
    rows: list[tuple[str, list[int]]]
    without: int


def matrix(kpi_rows: Iterable[KpiRow]) -> Matrix:
    counts: Counter[tuple[str, str]] = Counter()
    without = 0
    for kpi_row in kpi_rows:
        chart = kpi_row.state.chart
        if chart is None or kpi_row.state.chart_withheld or not chart.variation:
            without += 1
        else:
            counts[chart.variation, chart.assurance or ""] += 1
    rows = [
        (words, [sum(counts[code, key] for code in codes) for key in _ASSURANCE.values()])
        for words, codes in _VARIATION.items()
    ]
    # A direction that counts for nothing is only said where a KPI has it.
    shown = [row for row in rows if sum(row[1]) or row[0] != list(_VARIATION)[-1]]
    return Matrix(list(_ASSURANCE), shown, without)

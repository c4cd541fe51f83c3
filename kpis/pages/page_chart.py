"""A figure and the icons of a control chart, ready for `includes/figure.html` and its kin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from actions.pages.plan_page import PlanPage
from kpis.charts import plotly, svg
from kpis.charts.spec import Figure, Kind
from kpis.charts.spec.axes import narrowed
from kpis.rules.spc_text import ASSURANCE, VARIATION, IconWords

# Wide enough for five columns at full size on the narrowest screen.
NARROW = 288.0


@dataclass(frozen=True, slots=True)
class KeyItem:
    svg: SafeString
    words: str


@dataclass(frozen=True, slots=True)
class TableCell:
    text: str
    is_number: bool
    symbol: SafeString | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """`id` is unique on the page. The chart that is explored is drawn by plotly too."""

    figure: Figure
    id: str
    kind: str
    title: str
    unit: str
    alt: str
    notes: tuple[str, ...]
    svg: SafeString
    narrow_svg: SafeString | None
    key: Sequence[KeyItem]
    caption: str
    columns: Sequence[TableCell]
    rows: Sequence[Sequence[TableCell]]
    # The id of the chart that the reader explores, this or another.
    explored: str = ""

    @property
    def is_explored(self) -> bool:
        return self.explored == self.id and self.can_be_explored

    @property
    def can_be_explored(self) -> bool:
        """Whether plotly draws it too; a grid is an SVG and no more."""
        figure = self.figure
        return figure.kind is not Kind.GRID and bool(figure.series or figure.rows)

    @property
    def data(self) -> dict[str, Any] | None:
        """What plotly draws; None where the SVG is all."""
        return plotly.plot(self.figure)


def chart(
    figure: Figure, *, id: str = "chart", width: float = svg.WIDTH, explored: str = ""
) -> Chart:
    """`width` is that of the drawing in pixels; more for one that stands in a wide sheet.

    `explored` is the id of the chart of the page that the reader explores, from its address.
    """
    table = figure.table
    return Chart(
        figure=figure,
        id=id,
        explored=explored,
        kind=figure.kind.value,
        title=figure.title,
        unit=figure.unit,
        alt=figure.alt,
        notes=figure.notes,
        svg=_safe(svg.draw(figure, width=width)),
        narrow_svg=_safe(svg.draw(narrowed(figure), width=NARROW))
        if figure.kind is Kind.RATINGS
        else None,
        key=[KeyItem(_safe(item.svg), item.words) for item in svg.key(figure)],
        caption=table.caption,
        columns=[
            TableCell(text, index in table.numeric) for index, text in enumerate(table.columns)
        ],
        rows=[
            [
                TableCell(text, index in table.numeric, _symbol(figure, at, index))
                for index, text in enumerate(row)
            ]
            for at, row in enumerate(table.rows)
        ],
    )


def _symbol(figure: Figure, row: int, column: int) -> SafeString | None:
    """The shape of the row's point, before the words that say what it means."""
    table = figure.table
    shape = table.shapes[row] if table.shapes and table.columns[column] == "Point" else None
    return _safe(svg.point_symbol(shape)) if shape else None


def explored_in(page: PlanPage) -> str:
    """The id of the chart that the address asks to explore; empty where it asks for none."""
    return page.request.GET.get("explore", "")


@dataclass(frozen=True, slots=True)
class Icon:
    svg: SafeString
    name: str
    sentence: str


def variation_icon(code: str) -> Icon:
    return _icon(svg.variation_icon(code), VARIATION[code])


def assurance_icon(code: str) -> Icon:
    return _icon(svg.assurance_icon(code), ASSURANCE[code])


def _icon(svg: str, icon_text: IconWords) -> Icon:
    return Icon(_safe(svg), icon_text.name, icon_text.sentence)


def _safe(svg: str) -> SafeString:
    # Every word in it was escaped where it was drawn: kpis/charts/svg/svg.py.
    return mark_safe(svg)

"""Commitments on an axis of months: first agreed, agreed now, asked for, delivered."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from kpis.charts.spec import Cell, Figure, Role, Row
from kpis.charts.spec.axes import axis_labels
from kpis.charts.svg.shapes import date_mark
from kpis.charts.svg.svg import element, path, picture, shortened, text, title, width_of

ROW = 21.0
HEAD = 40.0
GROUP = 24.0
FOOT = 26.0
NAMES = 300.0
ENDS = 76.0
# Where months are many, their marks overlap rather than vanish.
SMALLEST, LARGEST = 5.0, 12.0
# Drawn in this order, so that what is delivered lies on the date it met.
ORDER = (Role.FIRST, Role.ASKED, Role.FORECAST, Role.NOW, Role.DELIVERED)


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a group: how far down it begins, its months, and each of its rows."""

    title: str
    top: float
    months: float
    rows: tuple[tuple[Row, float], ...]

    @property
    def bottom(self) -> float:
        return self.rows[-1][1] + ROW


def blocks(figure: Figure) -> list[Block]:
    all_blocks = []
    y = 4.0
    for group, rows in groupby(figure.rows, key=lambda row: row.group):
        # The months stand over every group: with eighty rows the top is out of sight.
        months = y + (GROUP if group else 0)
        placed = tuple((row, months + HEAD + ROW * index) for index, row in enumerate(rows))
        all_blocks.append(Block(group, y, months, placed))
        y = all_blocks[-1].bottom + FOOT
    return all_blocks


def draw_timeline(figure: Figure, width: float) -> str:
    step = (width - NAMES - ENDS) / max(len(figure.x), 1)
    parts: list[str] = []
    all_blocks = blocks(figure)
    for block in all_blocks:
        title_text = shortened(block.title, width, 15)
        parts.append(text(0, block.top + 16, title_text, size=15, fill="ink", is_strong=True))
        parts += _head(figure, block.months, step, width)
        parts += _uprights(figure, block.rows[0][1], block.bottom, step)
        for row, top in block.rows:
            parts += _row(row, top, step, width)
    return picture(width, all_blocks[-1].bottom + 20 if all_blocks else 20, parts)


def _x(at: float, step: float) -> float:
    return NAMES + step * (at + 0.5)


def _head(figure: Figure, y: float, step: float, width: float) -> Iterable[str]:
    for label in axis_labels(figure):
        x = _x(label.at, step)
        yield text(x, y + 30, label.text, size=12, anchor="middle")
        if label.year:
            yield text(x, y + 15, label.year, size=12, anchor="middle", is_strong=True)
    yield text(width, y + 30, "Now due", size=12, anchor="end")
    line = path([(0, y + HEAD - 3), (width, y + HEAD - 3)])
    yield element("path", fill="none", line="ink", d=line, stroke_width=1)


def _uprights(figure: Figure, top: float, bottom: float, step: float) -> Iterable[str]:
    for label in axis_labels(figure):
        x = _x(label.at, step)
        yield element("path", fill="none", line="hair", d=path([(x, top), (x, bottom)]))
    for mark in figure.marks:
        x = _x(mark.at, step)
        line = path([(x, top - 4), (x, bottom)])
        yield element("path", fill="none", line="accent", d=line, stroke_width=1.5)
        yield text(
            x, bottom + 13, mark.words, size=12, fill="accent", anchor="middle", is_strong=True
        )


def _row(row: Row, top: float, step: float, width: float) -> Iterable[str]:
    middle = top + ROW / 2
    name_at, name = name_of(row)
    yield "<g>" + title(f"{row.ref} {row.name}")
    yield text(0, middle + 4, row.ref, fill="ink", is_strong=True)
    yield text(name_at, middle + 4, name, fill="ink")
    yield "</g>"
    yield from _way(row, middle, step)
    size = min(max(step - 2, SMALLEST), LARGEST)
    for role in ORDER:
        for cell in row.cells:
            if cell.role is role:
                yield _date(cell, row, middle, step, size)
    strong = row.is_moved
    fill = "ink" if strong else "ink-2"
    yield text(width, middle + 4, row.end, fill=fill, anchor="end", is_strong=strong)
    line = path([(0, top + ROW), (width, top + ROW)])
    yield element("path", fill="none", line="hair", d=line, stroke_width=0.6)


def name_of(row: Row) -> tuple[float, str]:
    """Where the name stands behind the reference, and as much of it as fits."""
    at = max(width_of(row.ref) + 8, 54.0)
    return at, shortened(row.name, NAMES - at - 14)


def _way(row: Row, y: float, step: float) -> Iterable[str]:
    """Dots between the first and the last of a commitment's dates."""
    ticks = sorted(cell.tick for cell in row.cells)
    if ticks and ticks[0] < ticks[-1]:
        line = path([(_x(ticks[0], step), y), (_x(ticks[-1], step), y)])
        yield element("path", fill="none", line="edge", d=line, stroke_dasharray="1 3")


def is_met(cell: Cell, row: Row) -> bool:
    """Whether a date is in the month in which the commitment is due now."""
    return any(other.role is Role.NOW and other.tick == cell.tick for other in row.cells)


def _date(cell: Cell, row: Row, y: float, step: float, size: float) -> str:
    x = _x(cell.tick, step)
    # A commitment delivered in the month it was due has its tick in the box.
    tick = "sheet" if cell.role is Role.DELIVERED and is_met(cell, row) else "ink"
    return date_mark(cell.role, x, y, size, cell.words, tick=tick)

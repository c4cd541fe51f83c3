"""Areas by months: the letter of what was judged, over a bar of the commitments' colours."""

from collections.abc import Iterable

from actions.rules.status import Rating
from kpis.charts.spec import Cell, Figure, Row
from kpis.charts.spec.axes import axis_labels
from kpis.charts.svg.fills import patch
from kpis.charts.svg.svg import element, path, picture, shortened, text, title, width_of

TOP = 40.0
ROW = 50.0
NAMES = 190.0
# A judgement's box, and the bar beneath it.
BOX = 22.0
BAR = 7.0


def draw_grid(figure: Figure, width: float) -> str:
    step = (width - NAMES) / max(len(figure.x), 1)
    parts = [*_head(figure, step)]
    for number, row in enumerate(figure.rows):
        top = TOP + ROW * number
        parts += _row(row, top, width)
        for cell in row.cells:
            parts += _cell(cell, NAMES + step * cell.tick, top, step)
    return picture(width, TOP + ROW * len(figure.rows) + 6, parts)


def _head(figure: Figure, step: float) -> Iterable[str]:
    for label in axis_labels(figure):
        x = NAMES + step * (label.at + 0.5)
        fill = "ink" if label.is_last else "ink-2"
        strong = label.is_last
        yield text(x, 30, label.text, size=12, fill=fill, anchor="middle", is_strong=strong)
        if label.year:
            yield text(x, 14, label.year, size=12, anchor="middle")


def _row(row: Row, top: float, width: float) -> Iterable[str]:
    yield element("path", fill="none", line="hair", d=path([(0, top), (width, top)]))
    yield text(0, top + 21, row.ref, size=15, fill="ink", is_strong=True)
    left = max(width_of(row.ref, 15), 14) + 8
    for index, name_part in enumerate(_two_lines(row.name, NAMES - left - 10)):
        yield text(left, top + 20 + 15 * index, name_part, fill="ink")


def _two_lines(name: str, room: float) -> list[str]:
    words = name.split()
    first: list[str] = []
    while words and (not first or width_of(" ".join([*first, words[0]])) <= room):
        first.append(words.pop(0))
    rest = [shortened(" ".join(words), room)] if words else []
    return [shortened(" ".join(first), room), *rest]


def _cell(cell: Cell, left: float, top: float, step: float) -> Iterable[str]:
    wide = min(step - 4, 40.0)
    x, middle = left + (step - wide) / 2, left + step / 2
    yield "<g>" + title(cell.words)
    if cell.rating:
        name = cell.rating.value
        yield element(
            "rect", fill=name, line=f"edge-{name}", x=x, y=top + 8, width=wide, height=BOX
        )
        letter = cell.letter or _letter(cell.rating, wide)
        yield text(
            middle, top + 24, letter, size=13, fill=f"on-{name}", anchor="middle", is_strong=True
        )
    else:
        yield text(middle, top + 24, "–", size=13, anchor="middle")
    yield from _bar(cell.counts, x, top + 8 + BOX + 4, wide)
    yield "</g>"


def _letter(rating: Rating, wide: float) -> str:
    """Green has the G to itself: without its colour, Grey's would be taken for it."""
    if rating is not Rating.GREY:
        return rating.letter
    return "Grey" if width_of("Grey", 13) <= wide - 4 else "Gy"


def _bar(counts: tuple[int, ...], x: float, y: float, wide: float) -> Iterable[str]:
    total = sum(counts)
    # Without paused where nothing is.
    for rating, count in zip(Rating, counts, strict=False):
        part = wide * count / total if total else 0
        if part:
            yield patch(rating, x, y, max(part - 1, 0.6), BAR)
        x += part

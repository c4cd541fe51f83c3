"""The shapes of a control chart's points, and the small pictures that explain what is drawn."""

from dataclasses import dataclass

from kpis.charts.spec import Figure, Kind, Role, Shape
from kpis.charts.svg.svg import element, path, picture, text, title

# What fills a point, and the line around it.
PAINTS = {
    Shape.CIRCLE: ("sheet", "usual", 1.6),
    Shape.DIAMOND: ("better", "ink", 1.0),
    Shape.SQUARE: ("worse", "ink", 1.0),
    Shape.UP: ("usual", "ink", 1.0),
    Shape.DOWN: ("usual", "ink", 1.0),
}


def point(shape: Shape, x: float, y: float, words: str = "", *, line: str = "") -> str:
    """A point around a place; `line` is the colour of a circle where there is no control chart."""
    fill, outline, thick = PAINTS[shape]
    inside = title(words) if words else ""
    if shape is Shape.CIRCLE:
        return element(
            "circle", inside, fill=fill, line=line or outline, cx=x, cy=y, r=3.8, stroke_width=thick
        )
    corners = {
        Shape.DIAMOND: [(0, -5.6), (5.6, 0), (0, 5.6), (-5.6, 0)],
        Shape.SQUARE: [(-4.6, -4.6), (4.6, -4.6), (4.6, 4.6), (-4.6, 4.6)],
        Shape.UP: [(0, -5.6), (5.4, 4.2), (-5.4, 4.2)],
        Shape.DOWN: [(0, 5.6), (5.4, -4.2), (-5.4, -4.2)],
    }[shape]
    return element(
        "path",
        inside,
        fill=fill,
        line=outline,
        d=path((x + dx, y + dy) for dx, dy in corners) + "Z",
        stroke_width=thick,
    )


@dataclass(frozen=True, slots=True)
class KeyItem:
    """A small picture of what is drawn, and its words."""

    svg: str
    words: str


# How each line is drawn: colour, thickness, dashes.
LINES = {
    Role.TRAJECTORY: ("ink", 1.5, "9 3 2 3"),
    Role.TARGET: ("accent", 2.5, "2.5 3"),
    Role.MEAN: ("ink", 1.5, None),
    Role.UPPER: ("usual", 1.5, "7 4"),
    Role.LOWER: ("usual", 1.5, "7 4"),
    Role.PROJECTED: ("ink-2", 1.5, "3 3"),
}
# Of others, in their order; what a line means is said by the name at its end.
COMPARATOR_DASHES = ("6 3", "1.5 3", "8 3 1.5 3", "12 4")


def comparator_line(place: int) -> tuple[str, float, str]:
    return "ink-2", 1.5, COMPARATOR_DASHES[place % len(COMPARATOR_DASHES)]


def key(figure: Figure) -> list[KeyItem]:
    """What needs explaining in a figure, in order; nothing where all is labelled."""
    if figure.kind is Kind.MEASURE:
        return _measure_key(figure)
    if figure.kind is Kind.TIMELINE:
        used = {cell.role for row in figure.rows for cell in row.cells}
        return [
            KeyItem(_small(date_mark(role, 12, 7, 9)), label)
            for role, label in _DATE_WORDS.items()
            if role in used
        ]
    return []


def _measure_key(figure: Figure) -> list[KeyItem]:
    has_chart = figure.of(Role.MEAN) is not None
    shapes = {
        shape
        for series in figure.series
        for shape, value in zip(series.shapes, series.values, strict=False)
        if value is not None
    }
    items = [
        KeyItem(_small(point(shape, 12, 7)), shape.words)
        for shape in Shape
        if has_chart and shape in shapes
    ]
    if figure.of(Role.UPPER):
        items.append(KeyItem(_small(_sample(Role.UPPER)), "Process limits"))
    if figure.of(Role.TARGET):
        items.append(KeyItem(_small(_sample(Role.TARGET)), "Target"))
    if figure.of(Role.TRAJECTORY):
        items.append(KeyItem(_small(_sample(Role.TRAJECTORY)), "Trajectory"))
    items += [
        KeyItem(_small(_line_sample(*comparator_line(place))), series.name)
        for place, series in enumerate(figure.comparators)
    ]
    if figure.of(Role.PROJECTED):
        items.append(KeyItem(_small(_sample(Role.PROJECTED)), "Projected, not yet achieved"))
    if any(series.provisional for series in figure.series):
        items.append(KeyItem(_small(text(12, 11, "p", anchor="middle", fill="ink")), "Provisional"))
    return items


def _sample(role: Role) -> str:
    return _line_sample(*LINES[role])


def _line_sample(colour: str, thick: float, dashes: str | None) -> str:
    return element(
        "path", line=colour, d="M1 7h22", stroke_width=thick, stroke_dasharray=dashes, fill="none"
    )


def point_symbol(shape: Shape) -> str:
    """The shape alone, to stand before the words of a table."""
    return _small(point(shape, 12, 7))


def _small(content: str) -> str:
    return picture(24, 14, [content], "key-symbol")


_DATE_WORDS = {
    Role.FIRST: "First agreed",
    Role.NOW: "Agreed now",
    Role.FORECAST: "Forecast",
    Role.ASKED: "Asked for",
    Role.DELIVERED: "Delivered",
}


def date_mark(
    role: Role, x: float, y: float, size: float, words: str = "", *, tick: str = "ink"
) -> str:
    """A date of a commitment around a place; `tick` is the colour of what is delivered."""
    half = size / 2
    inside = title(words) if words else ""
    box = {"x": x - half, "y": y - half, "width": size, "height": size, "stroke_width": 1.5}
    if role is Role.FIRST:
        return element("rect", inside, fill="sheet", line="ink", stroke_dasharray="2 2", **box)
    if role is Role.NOW:
        return element("rect", inside, fill="ink", line="ink", **box)
    if role is Role.ASKED:
        return element("rect", inside, fill="sheet", line="ink", **box)
    if role is Role.FORECAST:
        corners = [(x, y - half - 1), (x + half + 1, y), (x, y + half + 1), (x - half - 1, y)]
        shape = path(corners) + "Z"
        return element("path", inside, fill="sheet", line="ink", d=shape, stroke_width=1.5)
    # Within a box it keeps clear of the edges; alone it may be larger.
    reach = half * (0.6 if tick == "sheet" else 1.0)
    drawn = path([(x - reach, y), (x - reach / 6, y + reach * 0.8), (x + reach, y - reach * 0.8)])
    return element("path", inside, fill="none", line=tick, d=drawn, stroke_width=1.8)

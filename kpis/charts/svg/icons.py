"""The round icons of a control chart, our own drawings. Their words: `kpis.rules.spc_text`."""

from collections.abc import Sequence

from kpis.charts.svg.svg import element, path, picture, text

SIZE = 66.0
# Of each icon: the ring's colour, its letter, and the heights of the small line's points.
_VARIATION = {
    "common_cause": ("usual", "", (38, 28, 38, 28, 38)),
    "improvement_high": ("better", "H", (44, 45, 37, 29)),
    "improvement_low": ("better", "L", (20, 19, 27, 35)),
    "concern_high": ("worse", "H", (44, 45, 37, 29)),
    "concern_low": ("worse", "L", (20, 19, 27, 35)),
    "neutral_high": ("ink-2", "↑", (44, 45, 37, 29)),
    "neutral_low": ("ink-2", "↓", (20, 19, 27, 35)),
}
# The target's height beside the line's.
_ASSURANCE = {
    "pass": ("better", "P", 50, (38, 34, 40, 35)),
    "fail": ("worse", "F", 32, (46, 42, 48, 43)),
    "inconsistent": ("usual", "?", 42, (46, 38, 47, 37)),
}


def variation_icon(code: str) -> str:
    colour, letter, heights = _VARIATION[code]
    parts = [_ring(colour)]
    if not letter:
        parts.append(_line([(15 + 9 * at, y) for at, y in enumerate(heights)], "usual", 3))
        return picture(SIZE, SIZE, parts, "spc-ring")
    places = [(17 + 11 * at, y) for at, y in enumerate(heights)]
    parts.append(_line(places, "usual", 1.5))
    for at, (x, y) in enumerate(places):
        is_signal = at >= 2
        parts.append(_signal(code, x, y, colour) if is_signal else _usual(x, y))
    is_low = code.endswith("low")
    if letter in "HL":
        place = (20, 52) if is_low else (20, 31)
        parts.append(text(*place, letter, size=20, fill="ink", is_strong=True))
    else:
        parts.append(_arrow(24, 46 if is_low else 23, is_low))
    return picture(SIZE, SIZE, parts, "spc-ring")


def assurance_icon(code: str) -> str:
    colour, letter, target, heights = _ASSURANCE[code]
    places = [(15 + 12 * at, float(y)) for at, y in enumerate(heights)]
    goal = element(
        "path",
        fill="none",
        line="accent",
        d=path([(11, target), (55, target)]),
        stroke_width=2.5,
        stroke_dasharray="2.5 3",
    )
    letter_at = text(33, 27, letter, size=19, fill="ink", anchor="middle", is_strong=True)
    return picture(
        SIZE, SIZE, [_ring(colour), _line(places, "usual", 2.2), goal, letter_at], "spc-ring"
    )


def _ring(colour: str) -> str:
    return element("circle", fill="sheet", line=colour, cx=33.0, cy=33.0, r=30.5, stroke_width=4.5)


def _line(places: Sequence[tuple[float, float]], colour: str, thick: float) -> str:
    return element(
        "path",
        fill="none",
        line=colour,
        d=path(places),
        stroke_width=thick,
        stroke_linejoin="round",
        stroke_linecap="round",
    )


def _usual(x: float, y: float) -> str:
    return element("circle", fill="sheet", line="usual", cx=x, cy=y, r=3.4, stroke_width=1.5)


def _signal(code: str, x: float, y: float, colour: str) -> str:
    """The shape a point of that kind has in the chart."""
    corners = [(0, -4.6), (4.6, 0), (0, 4.6), (-4.6, 0)]
    if code.startswith("concern"):
        corners = [(-3.8, -3.8), (3.8, -3.8), (3.8, 3.8), (-3.8, 3.8)]
    elif code == "neutral_high":
        corners = [(0, -4.8), (4.6, 3.6), (-4.6, 3.6)]
    elif code == "neutral_low":
        corners = [(0, 4.8), (4.6, -3.6), (-4.6, -3.6)]
    shape = path((x + dx, y + dy) for dx, dy in corners) + "Z"
    return element("path", fill=colour, line="ink", d=shape, stroke_width=1)


def _arrow(x: float, y: float, is_down: bool) -> str:
    turn = 1 if is_down else -1
    head = [(x - 5, y + turn * 2), (x, y + turn * 8), (x + 5, y + turn * 2)]
    shaft = [(x, y - turn * 8), (x, y + turn * 8)]
    return element("path", fill="none", line="ink", d=path(shaft) + path(head), stroke_width=2.6)

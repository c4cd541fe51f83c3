"""Elements of an SVG, with their colours twice: as they are on paper, and by name.

The attribute is what a document shows. The class (`fill-ink`, `line-ink`) lets the stylesheet
follow the reader's light or dark. There are no style attributes, which our policy would refuse.
"""

from collections.abc import Iterable
from html import escape

# The tokens of app.css as they are in the light.
PALETTE = {
    "sheet": "#ffffff",
    "well": "#faf7f1",
    "ink": "#1d1a16",
    "ink-2": "#57514a",
    "edge": "#7d7467",
    "soft": "#b9af9f",
    "hair": "#ddd5c6",
    "accent": "#5e2353",
    "better": "#0b7fb3",
    "worse": "#c2570a",
    "usual": "#6b655c",
    "blue": "#1d4f91",
    "on-blue": "#ffffff",
    "edge-blue": "#1d4f91",
    "green": "#00662f",
    "on-green": "#ffffff",
    "edge-green": "#00662f",
    "amber": "#ffbf47",
    "on-amber": "#1d1a16",
    "edge-amber": "#8f5f00",
    "red": "#b10e1e",
    "on-red": "#ffffff",
    "edge-red": "#b10e1e",
    "grey": "#d9d3c8",
    "on-grey": "#1d1a16",
    "edge-grey": "#8c857a",
}

FONTS = "'Segoe UI', Roboto, 'Noto Sans', 'Open Sans', 'Liberation Sans', Arial, sans-serif"
SIZE = 12.5
# Of a letter's size, what an average letter is wide; generous, so that nothing touches.
WIDE = 0.55


def element(
    name: str, content: str = "", *, fill: str = "", line: str = "", **attributes: object
) -> str:
    """`content` is markup. An attribute's `_` stands for `-`; one that is None is left out."""
    parts = []
    classes = [f"fill-{fill}"] * (fill in PALETTE) + [f"line-{line}"] * (line in PALETTE)
    if classes:
        parts.append(f'class="{" ".join(classes)}"')
    if fill:
        parts.append(f'fill="{PALETTE.get(fill, fill)}"')
    if line:
        parts.append(f'stroke="{PALETTE.get(line, line)}"')
    parts += [
        f'{key.replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    ]
    inside = f">{content}</{name}>" if content else "/>"
    return f"<{' '.join([name, *parts])}{inside}"


def _value(value: object) -> str:
    return number(value) if isinstance(value, float) else escape(str(value))


def number(value: float) -> str:
    """A tenth of a pixel is enough."""
    return f"{value:.1f}".removesuffix(".0")


def title(words: str) -> str:
    """What a pointer reads where it rests."""
    return f"<title>{escape(words)}</title>"


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = SIZE,
    fill: str = "ink-2",
    anchor: str | None = None,
    is_strong: bool = False,
    has_halo: bool = False,
) -> str:
    """Words on a line. A halo keeps them legible where a line passes behind."""
    return element(
        "text",
        escape(words),
        fill=fill,
        line="sheet" if has_halo else "",
        x=float(x),
        y=float(y),
        font_size=size,
        font_weight=600 if is_strong else None,
        text_anchor=anchor,
        paint_order="stroke" if has_halo else None,
        stroke_width=4 if has_halo else None,
        stroke_linejoin="round" if has_halo else None,
    )


def width_of(words: str, size: float = SIZE) -> float:
    return len(words) * size * WIDE


def shortened(words: str, room: float, size: float = SIZE) -> str:
    """As much of the words as fits."""
    if width_of(words, size) <= room:
        return words
    return words[: max(1, int(room / size / WIDE) - 1)].rstrip(" ,.;:") + "…"


def path(points: Iterable[tuple[float, float]]) -> str:
    """The `d` of a line through the points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def picture(width: float, height: float, parts: Iterable[str], name: str = "drawing") -> str:
    """A whole picture. What it shows is said around it, so it is hidden from screen readers."""
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=float(width),
        height=float(height),
        font_family=FONTS,
        **{"class": name, "aria_hidden": "true", "focusable": "false"},
    )


def spread(places: list[float], apart: float, low: float, high: float) -> list[float]:
    """The places, in order, moved as little as needed so that no two are closer than `apart`."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    floor = low
    for index in order:
        moved[index] = max(moved[index], floor)
        floor = moved[index] + apart
    ceiling = high
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - apart
    return moved

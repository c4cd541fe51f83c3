"""Text that every format can hold, and that the fonts of the PDF can draw. No Django."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_noto_sans_arabic
import fontpkg_noto_serif
import fontpkg_open_sans

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Signs that only a font within the typesetter draws; each of them is tried in a test.
WITHIN = frozenset("✓✔✗✘→←↑↓↔●○■□▲△▼▽◆◇★☆☐☑☒≤≥≠≈∞" + REPLACEMENT)
# Unusable: controls, surrogates, private and unassigned code points. Formatting signs that shape
# scripts or turn their direction stay.
UNUSABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
KEPT = frozenset("\n\t")
LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# No line need hold more letters than this in one piece.
LONG_WORD = re.compile(r"\S{21,}")
PIECE = re.compile(r".{1,9}[/._?&=@-]|.{1,10}")
BREAK = "\N{ZERO WIDTH SPACE}"


def clean(text: str) -> str:
    """A text in one normal form, without what no document may hold. Line ends become newlines."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text))
    # Python calls every sign printable that is in none of the classes looked for below.
    if text.isprintable():
        return text
    return "".join(letter for letter in text if not _is_unusable(letter))


def _is_unusable(letter: str) -> bool:
    return letter not in KEPT and unicodedata.category(letter) in UNUSABLE


def left_out(value: Any) -> int:
    """How many signs of the texts within a value `clean` leaves out."""
    return sum(
        sum(map(_is_unusable, LINE_ENDS.sub("\n", text)))
        for text in _texts(value)
        if not text.isprintable()
    )


def left_out_text(value: Any) -> str:
    """The same as a sentence; empty where there are none."""
    count = left_out(value)
    if not count:
        return ""
    return (
        "One sign that no document can hold was left out of this report."
        if count == 1
        else f"{count} signs that no document can hold were left out of this report."
    )


def _texts(value: Any) -> Iterator[str]:
    """In no order."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
        elif names := getattr(one, "__dataclass_fields__", None):
            waiting += [getattr(one, name) for name in names]


def font_folders() -> list[Path]:
    """Where the fonts of the PDF lie: in their packages."""
    return [
        Path(module.__file__).parent
        for module in (fontpkg_open_sans, fontpkg_noto_serif, fontpkg_noto_sans_arabic)
        if module.__file__
    ]


@cache
def drawable() -> frozenset[int]:
    """The code points that the PDF's fonts have a sign for."""
    # The library is large, and most pages go without it.
    from fontTools.ttLib import TTFont

    points = {ord(letter) for letter in WITHIN | KEPT | {BREAK}}
    for folder in font_folders():
        for path in sorted(folder.rglob("*.ttf")):
            with TTFont(path, lazy=True) as font:
                points.update(font.getBestCmap() or ())
    return frozenset(points)


def printable(text: str) -> tuple[str, int]:
    """The text as the PDF can draw it, and how many of its signs had to be replaced."""
    if text.isascii() and text.isprintable():
        return text, 0
    known = drawable()
    drawn, replaced = [], 0
    for letter in clean(text):
        if ord(letter) in known:
            drawn.append(letter)
        # A sign that only shapes its neighbours (a joiner, a variant, a skin colour) draws nothing.
        elif unicodedata.category(letter) not in {"Cf", "Mn", "Sk"}:
            drawn.append(REPLACEMENT)
            replaced += 1
    return "".join(drawn), replaced


def breakable(text: str) -> str:
    """The text with places at which a word too long for its line may be parted."""
    return LONG_WORD.sub(lambda match: BREAK.join(PIECE.findall(match[0])), text)

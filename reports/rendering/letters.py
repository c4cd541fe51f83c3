"""Text that every format can hold, and that the fonts of the PDF can draw. No Django."""

import unicodedata
from functools import cache
from pathlib import Path

import fontpkg_noto_sans_arabic
import fontpkg_noto_serif
import ttf_opensans
from fontTools.ttLib import TTFont

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Signs that only a font within the typesetter draws; each of them is tried in a test.
WITHIN = frozenset("✓✔✗✘→←↑↓↔●○■□▲△▼▽◆◇★☆☐☑☒≤≥≠≈∞" + REPLACEMENT)
# Unusable: controls, surrogates, private and unassigned code points. Formatting signs that shape
# scripts or turn their direction stay.
UNUSABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
KEPT = frozenset("\n\t")


def clean(text: str) -> str:
    """A text in one normal form, without what no document may hold. Line ends become newlines."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        letter for letter in text if letter in KEPT or unicodedata.category(letter) not in UNUSABLE
    )


def font_folders() -> list[Path]:
    """Where the fonts of the PDF lie: in their packages."""
    return [
        Path(module.__file__).parent
        for module in (ttf_opensans, fontpkg_noto_serif, fontpkg_noto_sans_arabic)
        if module.__file__
    ]


@cache
def drawable() -> frozenset[int]:
    """The code points that the PDF's fonts have a sign for."""
    found = {ord(letter) for letter in WITHIN | KEPT}
    for folder in font_folders():
        for path in sorted(folder.rglob("*.ttf")):
            with TTFont(path, lazy=True) as font:
                found.update(font.getBestCmap() or ())
    return frozenset(found)


def printable(text: str) -> tuple[str, int]:
    """The text as the PDF can draw it, and how many of its signs had to be replaced."""
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

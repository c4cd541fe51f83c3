"""References: what a plan prints for its parts, and how screens and papers show them.

Where numbers tell the place, `1.1` stands in area 1, `1.1.1` in theme 1.1, `1.1.1a` in action
1.1.1. Other plans print letters, two levels, nothing, or the same number twice: a part has a code
of its own for that, once in the plan, beside what is printed. Standard library only.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from string import ascii_lowercase

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}")
LONGEST_CODE = 20
LONGEST_LABEL = 100
# Of an area behind a reference: with one of forty characters and a code of twenty, a hundred fit.
LONGEST_WITHIN = 34

_LETTERS = re.compile(r"[a-z]{1,2}")
_NUMBER = re.compile(r"[1-9][0-9]?")


def own_part(ref: str, holder: str, *, letters: bool) -> str:
    """What a reference adds to that of its holder: a number or letters. Empty where it does not."""
    start = holder if letters else f"{holder}."
    rest = ref.removeprefix(start) if ref.startswith(start) else ""
    return rest if (_LETTERS if letters else _NUMBER).fullmatch(rest) else ""


def next_ref(holder: str, taken: Collection[str], *, letters: bool) -> str:
    """The reference after the last of those taken; it may still be one that does not fit."""
    parts = [own_part(ref, holder, letters=letters) for ref in taken]
    if letters:
        return holder + _letters(max((_place(part) for part in parts), default=0) + 1)
    return f"{holder}.{max((int(part or 0) for part in parts), default=0) + 1}"


def _place(letters: str) -> int:
    """`a` is 1, `z` 26, `aa` 27."""
    place = 0
    for letter in letters:
        place = place * 26 + ascii_lowercase.index(letter) + 1
    return place


def _letters(place: int) -> str:
    letters = ""
    while place:
        place, letter = divmod(place - 1, 26)
        letters = ascii_lowercase[letter] + letters
    return letters


@dataclass(frozen=True, slots=True)
class Reference:
    """What a part is known by; `printed` is empty where the plan prints no reference for it.

    `within` names its area, for a reference that is printed in several.
    """

    code: str
    printed: str
    within: str

    @property
    def shown_alone(self) -> str:
        return self.printed or self.code


def shown_refs(references: Iterable[Reference]) -> dict[str, str]:
    """What is shown for each part of one level of a plan, by its code. No two are the same.

    The printed reference, or the code where none is printed. One that is printed twice is followed
    by its area, and by its code too where that is not enough; in brackets, so that several can be
    listed with commas.
    """
    rows = list(references)
    alone = Counter(row.shown_alone.casefold() for row in rows)
    shown = {
        row.code: row.shown_alone
        if alone[row.shown_alone.casefold()] == 1
        else f"{row.shown_alone} ({_clipped(row.within, LONGEST_WITHIN)})"
        for row in rows
    }
    times = Counter(text.casefold() for text in shown.values())
    return {
        code: text if times[text.casefold()] == 1 else f"{text.removesuffix(')')}, {code})"
        for code, text in shown.items()
    }


def area_label(level: str, printed: str, title: str) -> str:
    """`Priority 2`: what an area is called. The title of one without a printed reference.

    A reference of several words has its own noun: `Priority action 1`.
    """
    if not printed:
        return _clipped(title, LONGEST_LABEL)
    return printed if " " in printed else f"{level} {printed}"


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 2].rstrip()} …"


def code_for(text: str, taken: Collection[str]) -> str:
    """A code for a part whose plan prints `text`: the text itself where it can be one, and is free.

    `taken` are those of other parts of its level.
    """
    if CODE.fullmatch(text) and text not in taken:
        return text
    stem = re.sub(r"[^A-Za-z0-9.]+", "-", text).lstrip("-.")[: LONGEST_CODE - 4].rstrip("-.") or "x"
    number = 1
    while (code := f"{stem}-{number}" if number > 1 else stem) in taken:
        number += 1
    return code

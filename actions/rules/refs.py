"""References: `1.1` stands in area 1, `1.1.1` in theme 1.1, `1.1.1a` in action 1.1.1.

Standard library only.
"""

import re
from collections.abc import Collection
from string import ascii_lowercase

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

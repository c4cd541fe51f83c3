"""What a plan calls its levels: area or priority, action or step, commitment or milestone.

Standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class LevelNames:
    """One of each level and several, as they begin a heading."""

    area: str = "Area"
    areas: str = "Areas"
    theme: str = "Theme"
    themes: str = "Themes"
    action: str = "Action"
    actions: str = "Actions"
    commitment: str = "Commitment"
    commitments: str = "Commitments"

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Self:
        """With the names that a plan gives, and ours for the rest.

        A plan that names one of a level and not several gets the usual plural.
        """
        names = {name: text for name, text in given.items() if text}
        for level in LEVELS:
            if level in names:
                names.setdefault(several(level), plural_of(names[level]))
        return cls(**names)

    def some(self, level: str, count: int) -> str:
        """`1 milestone`, `19 milestones`: so many of a level, in a sentence."""
        name = getattr(self, level if count == 1 else several(level))
        return f"{count} {in_sentence(name)}"


LEVELS = ("area", "theme", "action", "commitment")
NAMES = tuple(field.name for field in fields(LevelNames))


def several(level: str) -> str:
    """The name's field for several of a level."""
    return f"{level}s"


def plural_of(name: str) -> str:
    """The usual English plural of a noun or of the last word of several."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    if name.endswith(("s", "x", "z", "ch", "sh")):
        return f"{name}es"
    return f"{name}s"


def in_sentence(name: str) -> str:
    """`priority`: as it stands within a sentence. What is written in capitals stays."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]

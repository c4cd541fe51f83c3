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

    @property
    def lower(self) -> Self:
        """As they stand within a sentence."""
        return type(self)(**{name: in_sentence(getattr(self, name)) for name in NAMES})

    @property
    def a(self) -> Self:
        """One of each with its article: `a priority`, `an area`."""
        one = {level: with_article(getattr(self, level)) for level in LEVELS}
        return type(self)(**one)

    @property
    def actions_and_commitments(self) -> str:
        """A heading for both levels; one name where the plan calls both the same."""
        if self.actions == self.commitments:
            return self.actions
        return f"{self.actions} and {in_sentence(self.commitments)}"

    @property
    def action_or_commitment(self) -> str:
        """One of either level, in a sentence."""
        one, other = in_sentence(self.action), in_sentence(self.commitment)
        return one if one == other else f"{one} or {other}"

    def in_texts(self) -> dict[str, str]:
        """The names by the marks that texts have: `area`, `Area`, `an_area`, `areas`, `Areas`."""
        texts = {}
        for name in NAMES:
            texts[name.capitalize()] = getattr(self, name)
            texts[name] = in_sentence(getattr(self, name))
        for level in LEVELS:
            texts[with_article(level).replace(" ", "_")] = with_article(getattr(self, level))
        return texts

    def some(self, level: str, count: int, which: str = "") -> str:
        """`1 milestone`, `19 milestones`: so many of a level, in a sentence; `2 withdrawn …`."""
        name = in_sentence(getattr(self, level if count == 1 else several(level)))
        return f"{count} {which} {name}" if which else f"{count} {name}"


# Of a plan that names none.
OURS = LevelNames()
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


def with_article(name: str) -> str:
    """`an area`, `a priority`, `a step`: by its first letter."""
    text = in_sentence(name)
    return f"{'an' if text[:1].lower() in 'aeiou' else 'a'} {text}"


def in_sentence(name: str) -> str:
    """`priority`: as it stands within a sentence. What is written in capitals stays."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]

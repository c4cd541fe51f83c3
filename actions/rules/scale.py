"""What a plan calls its ratings, and how its colour key explains them.

A key maps words to ratings by what they mean and never by hue: a plan may print "Blue" for what is
set aside. The first word with a meaning is the word of that rating; another word with the same
meaning is a half-step, which counts as that rating and is shown as it was written.

Standard library only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from actions.rules.status import (
    BLUE_LASTS_MONTHS,
    COLOURS,
    Rating,
    shown_ratings,
)

CANCELLED = "cancelled"
# As long as a word is printed without making a lozenge wider than a column.
LONGEST_WORD = 60
# What a word of a key may mean: a colour that a person gives, or what is decided of a commitment.
MEANINGS = (*(rating.value for rating in COLOURS), Rating.PAUSED.value, CANCELLED)
_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a colour key."""

    word: str
    means: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A plan's own colour key; without entries, the five colours of the BRAG as we explain them."""

    entries: tuple[Entry, ...] = ()
    blue_lasts_months: int | None = BLUE_LASTS_MONTHS

    @classmethod
    def of(
        cls, key: Iterable[Mapping[str, Any]], blue_lasts_months: int | None = BLUE_LASTS_MONTHS
    ) -> Self:
        entries = (
            Entry(one["word"], one["means"], one.get("text") or "")
            for one in key
            if one.get("means") in MEANINGS
        )
        return cls(tuple(entries), blue_lasts_months)

    def entry(self, means: str) -> Entry | None:
        """The first of this meaning."""
        return next((entry for entry in self.entries if entry.means == means), None)

    def word(self, rating: Rating | str) -> str:
        """As a lozenge has it."""
        entry = self.entry(str(rating))
        return entry.word if entry else Rating(rating).label

    def within(self, rating: Rating) -> str:
        """As it stands within a sentence: a colour as the key writes it, `not yet rated`."""
        if rating in COLOURS or self.entry(rating.value):
            return self.word(rating)
        return rating.label[:1].lower() + rating.label[1:]

    def text(self, rating: Rating | str) -> str:
        """What stands beside the word in the key; may be empty in a plan's own."""
        entry = self.entry(str(rating))
        if entry:
            return entry.text
        rating = Rating(rating)
        return "" if self.entries and rating in COLOURS else rating.meaning

    def explained(self, rating: Rating | str) -> str:
        """`Green: On track, no concerns`; the word alone where the key says no more."""
        return ": ".join(filter(None, (self.word(rating), self.text(rating))))

    def letter(self, rating: Rating) -> str:
        """As a month of a strip has it: so much of a word's beginning as tells it from others."""
        if not self.entries or rating not in COLOURS:
            return rating.letter
        word = self.word(rating)
        others = [self.word(other) for other in self.colours if other is not rating]
        if all(other[:1].casefold() != word[:1].casefold() for other in others):
            return word[:1]
        return word[:2]

    @property
    def colours(self) -> tuple[Rating, ...]:
        """What a person may give in this plan, in our order."""
        if not self.entries:
            return COLOURS
        return tuple(rating for rating in COLOURS if self.entry(rating.value))

    @property
    def has_blue(self) -> bool:
        return Rating.BLUE in self.colours

    @property
    def blue_lapses(self) -> bool:
        """Whether a Blue must be said again after a while."""
        return self.has_blue and self.blue_lasts_months is not None

    @property
    def ratings(self) -> tuple[Rating, ...]:
        """What a list may be narrowed to."""
        return (*self.colours, Rating.NOT_YET_RATED, Rating.PAUSED)

    def shown(self, *counts: Mapping[Rating, int]) -> tuple[Rating, ...]:
        """What a summary shows: colours of the key, and what there is all the same."""
        return tuple(
            rating
            for rating in shown_ratings(*counts)
            if rating not in COLOURS
            or rating in self.colours
            or any(count.get(rating) for count in counts)
        )

    @property
    def half_steps(self) -> tuple[Entry, ...]:
        """Words that mean what another of the key already means, in its order."""
        return tuple(
            entry
            for entry in self.entries
            if entry.means in COLOURS and entry is not self.entry(entry.means)
        )

    def has(self, rating: Rating, word: str = "") -> bool:
        """Whether a person may give it, under this word if one is written."""
        if word:
            return any(half.word == word and half.means == rating for half in self.half_steps)
        return rating in self.colours

    @property
    def words_to_give(self) -> tuple[str, ...]:
        """Every word that an update may be given by, half-steps among them; never none."""
        given = tuple(entry.word for entry in self.entries if entry.means in COLOURS)
        return given or tuple(rating.label for rating in COLOURS)

    @property
    def withdrawn(self) -> str:
        """What is said of a commitment that was taken out of the plan."""
        entry = self.entry(CANCELLED)
        return entry.word if entry else "Withdrawn"

    @property
    def printed(self) -> tuple[Entry, ...]:
        """The key as pages and papers print it: all its lines, and what it is to have no rating."""
        lines = self.entries or tuple(
            Entry(rating.label, rating.value, rating.meaning) for rating in COLOURS
        )
        unrated = Rating.NOT_YET_RATED
        return (*lines, Entry(unrated.label, unrated.value, unrated.meaning))

    @property
    def blue_lasts(self) -> str:
        """`six months`: how long a Blue stands before it must be said again; else empty."""
        months = self.blue_lasts_months
        if months is None:
            return ""
        number = _NUMBERS[months] if months < len(_NUMBERS) else str(months)
        return f"{number} month{'' if months == 1 else 's'}"

    def means(self, word: str) -> tuple[str, Entry | None] | None:
        """What a written word means here, and the half-step that it is, if it is one.

        Upper and lower case do not matter. Our own words mean nothing where the key has others.
        """
        said = word.strip().casefold()
        for entry in self.entries:
            if entry.word.casefold() == said:
                return entry.means, entry if entry in self.half_steps else None
        if not self.entries:
            for rating in COLOURS:
                if rating.label.casefold() == said:
                    return rating.value, None
        return None

    def in_texts(self) -> dict[str, str]:
        """The words by the marks that texts have: `{Blue}`, `{blue_lasts}`."""
        words = {rating.label: self.word(rating) for rating in COLOURS}
        several = {f"{rating.label}s": self.several(rating) for rating in COLOURS}
        lower = {
            rating.value: self.word(rating) if self.entries else rating.value for rating in COLOURS
        }
        going = [self.word(rating) for rating in (Rating.GREEN, Rating.AMBER) if self.has(rating)]
        more = {"blue_lasts": self.blue_lasts, "Green_or_Amber": " or ".join(going)}
        return words | several | lower | more

    def several(self, rating: Rating) -> str:
        """`Greens`; of a plan's own word itself, which may be no noun: `several On track`."""
        return self.word(rating) if self.entries else f"{rating.label}s"

    # For templates.
    @property
    def green_letter(self) -> str:
        return self.letter(Rating.GREEN)

    @property
    def blue(self) -> str:
        return self.word(Rating.BLUE)

    @property
    def green(self) -> str:
        return self.word(Rating.GREEN)

    @property
    def amber(self) -> str:
        return self.word(Rating.AMBER)

    @property
    def red(self) -> str:
        return self.word(Rating.RED)

    @property
    def grey(self) -> str:
        return self.word(Rating.GREY)


# Of a plan that has no key of its own, and of no plan.
OURS = Scale()

"""The colour key of a plan as an officer edits it while the plan is a draft.

Each word is asked for by what it means: a plan may print "Blue" for what is set aside. Beside the
seven meanings stand further words, half-steps among them, each with the word that it counts as.
A plan without a key of its own is shown the usual five words, and has no key again where these are
left as they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django import forms

from actions.forms.fields import PlainText
from actions.plan.editing import FactsPart, Values
from actions.plan.editing_forms import LONGEST, LinesField, PartForm
from actions.rules.scale import CANCELLED, LONGEST_WORD, MEANINGS, Entry, Scale
from actions.rules.status import BLUE_LASTS_MONTHS, COLOURS, Rating

# What each word of the key says, without the name of a colour.
_SAYS = {
    Rating.BLUE.value: "done",
    Rating.GREEN.value: "on track",
    Rating.AMBER.value: "some concerns",
    Rating.RED.value: "no progress, or major concerns",
    Rating.GREY.value: "not due yet",
    Rating.PAUSED.value: "set aside for a time",
    CANCELLED: "taken out of the plan",
}
_USUAL = tuple(Entry(rating.label, rating.value, rating.meaning) for rating in COLOURS)
LONGEST_BLUE = 60
# What the word for "done" may say.
EMBEDDED, COMPLETE = "embedded", "complete"


def _word(means: str) -> PlainText:
    return PlainText(label=f"Word for “{_SAYS[means]}” (optional)", max_length=LONGEST_WORD)


def _text(means: str) -> PlainText:
    return PlainText(
        label=f"What is printed beside the word for “{_SAYS[means]}” (optional)", max_length=LONGEST
    )


class ColourKeyForm(PartForm):
    blue_word = _word("blue")
    blue_text = _text("blue")
    blue_means = forms.ChoiceField(
        label="What “done” says in this plan",
        choices=[
            (
                EMBEDDED,
                "Complete and embedded: somebody confirms again after some months that it lasts",
            ),
            (COMPLETE, "Complete: confirmed once, for good"),
        ],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the two"},
    )
    blue_months = forms.IntegerField(
        label="Months after which it is confirmed again",
        help_text="Only where “done” says complete and embedded.",
        required=False,
        min_value=1,
        max_value=LONGEST_BLUE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 12}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Give a number from 1 to {LONGEST_BLUE}"
        ),
    )
    green_word = _word("green")
    green_text = _text("green")
    amber_word = _word("amber")
    amber_text = _text("amber")
    red_word = _word("red")
    red_text = _text("red")
    grey_word = _word("grey")
    grey_text = _text("grey")
    further = LinesField(
        label="Half-steps and other words (optional)",
        help_text="One on each line: the word, an equals sign, and the word above that it counts "
        "as; after a colon, what is printed beside it. Such as “Nearly there = On track: One paper "
        "is missing”. An update shows such a word as it was given.",
    )
    paused_word = _word("paused")
    paused_text = _text("paused")
    cancelled_word = _word(CANCELLED)
    cancelled_text = _text(CANCELLED)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_words(data)
        self._read_further(data)
        self._check_blue(data)
        return data

    def _check_words(self, data: dict[str, Any]) -> None:
        said: dict[str, str] = {}
        for means in MEANINGS:
            word, name = data.get(f"{means}_word"), f"{means}_word"
            if word and word.casefold() in said:
                other = _SAYS[said[word.casefold()]]
                self.add_error(name, f"This is the word for “{other}” already")
            elif word:
                said[word.casefold()] = means
            elif data.get(f"{means}_text") and name not in self.errors:
                self.add_error(name, "Give the word that the text beside it is about")
        has_colour = any(data.get(f"{rating}_word") for rating in COLOURS)
        if not has_colour and (said or data.get("further")) and "green_word" not in self.errors:
            self.add_error(
                "green_word", "Give at least one word from “done” to “not due yet” to rate by"
            )

    def _read_further(self, data: dict[str, Any]) -> None:
        """Put each line in the form in which it is read back."""
        names = self._names(data)
        taken = {word.casefold() for means in MEANINGS if (word := data.get(f"{means}_word"))}
        lines = []
        for line in data.get("further") or ():
            entry = _entry_of(line, names)
            problem = ""
            if entry is None:
                problem = (
                    f"Write “{line}” as the word, an equals sign and one of the words above: "
                    f"{', '.join(_words(data).values())}"
                )
            elif len(entry.word) > LONGEST_WORD:
                problem = f"“{entry.word}” is too long: at most {LONGEST_WORD} characters"
            elif entry.word.casefold() in taken:
                problem = f"“{entry.word}” is in the key already"
            if problem or entry is None:
                self.add_error("further", problem)
                return
            taken.add(entry.word.casefold())
            lines.append(_as_line(entry, _words(data)))
        if "further" in data:
            data["further"] = lines

    def _names(self, data: dict[str, Any]) -> dict[str, str]:
        """What may stand behind the equals sign, by the meaning. The words of this form count
        first, then those that it replaces, then ours."""
        names: dict[str, str] = {}
        saved = _first_words(self.row.scale) if self.row else {}
        ours = {rating.value: rating.label for rating in COLOURS}
        for words in (_words(data), saved, ours):
            for means, word in words.items():
                if data.get(f"{means}_word"):
                    names.setdefault(word.casefold(), means)
        return names

    def _check_blue(self, data: dict[str, Any]) -> None:
        if not data.get("blue_word"):
            data["blue_means"] = "" if any(_words(data)) else EMBEDDED
        elif not data.get("blue_means") and "blue_means" not in self.errors:
            self.add_error("blue_means", "Choose what it says")
        if data.get("blue_means") != EMBEDDED:
            data["blue_months"] = None
            self.errors.pop("blue_months", None)
        elif data.get("blue_months") is None and "blue_months" not in self.errors:
            if data.get("blue_word"):
                self.add_error("blue_months", "Give the months after which it is confirmed again")
            else:
                data["blue_months"] = BLUE_LASTS_MONTHS


def _words(values: Mapping[str, Any]) -> dict[str, str]:
    """The words that a form gives, by what they mean."""
    return {means: word for means in MEANINGS if (word := values.get(f"{means}_word"))}


def _first_words(key: Scale) -> dict[str, str]:
    entries = key.entries or _USUAL
    return {entry.means: entry.word for entry in reversed(entries)}


def _entry_of(line: str, names: Mapping[str, str]) -> Entry | None:
    """`Nearly there = On track: One paper is missing`; none where it names no word of the key."""
    for at, sign in enumerate(line):
        word, rest = line[:at].strip(), line[at + 1 :].strip()
        if sign != "=" or not word:
            continue
        for name in sorted(names, key=len, reverse=True):
            after = rest[len(name) :].strip()
            if rest[: len(name)].casefold() == name and (not after or after.startswith(":")):
                return Entry(word, names[name], after[1:].strip())
    return None


def _as_line(entry: Entry, words: Mapping[str, str]) -> str:
    line = f"{entry.word} = {words[entry.means]}"
    return f"{line}: {entry.text}" if entry.text else line


@dataclass(frozen=True)
class ColourKeyPart(FactsPart):
    """The plan's words for its ratings, what each means, and what the word for "done" says."""

    def _read(self, row: Any, name: str) -> Any:
        key: Scale = row.scale
        if name == "further":
            words = _first_words(key)
            first = {key.entry(means) for means in MEANINGS}
            return [_as_line(entry, words) for entry in key.entries if entry not in first]
        if name == "blue_means":
            if not row.has_blue:
                return ""
            return EMBEDDED if row.blue_lasts_months else COMPLETE
        if name == "blue_months":
            return row.blue_lasts_months
        means, _, what = name.rpartition("_")
        entry = next((one for one in key.entries or _USUAL if one.means == means), None)
        return getattr(entry, what) if entry else ""

    def assign(self, row: Any, values: Values) -> None:
        key = Scale(_in_order(_entries(values), row.scale.entries or _USUAL))
        row.colour_key = [] if key.entries == _USUAL else as_stored(key.entries)
        row.has_blue = not key.entries or key.has_blue
        row.blue_lasts_months = values["blue_months"]


def as_stored(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """As `Plan.colour_key` keeps them: without the texts that are empty."""
    return [
        {name: text for name, text in asdict(entry).items() if text or name != "text"}
        for entry in entries
    ]


def _entries(values: Values) -> list[Entry]:
    """The key that a form gives: each meaning, and after it its further words."""
    words = _words(values)
    names = {word.casefold(): means for means, word in words.items()}
    read = (_entry_of(line, names) for line in values["further"])
    further = [entry for entry in read if entry]
    return [
        entry
        for means, word in words.items()
        for entry in (
            Entry(word, means, values[f"{means}_text"]),
            *(half for half in further if half.means == means),
        )
    ]


def _in_order(entries: list[Entry], before: Iterable[Entry]) -> tuple[Entry, ...]:
    """In the order that the key had before; what is new comes after what it follows here."""
    new = dict(zip(_places(entries), entries, strict=True))
    order = [place for place in _places(before) if place in new]
    previous = None
    for place in new:
        if place not in order:
            order.insert(order.index(previous) + 1 if previous else 0, place)
        previous = place
    return tuple(new[place] for place in order)


def _places(entries: Iterable[Entry]) -> list[tuple[str, int]]:
    """The meaning of each word, and how many of that meaning stand before it."""
    places: list[tuple[str, int]] = []
    for entry in entries:
        places.append((entry.means, sum(means == entry.means for means, _ in places)))
    return places

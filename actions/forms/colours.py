"""The colours that a person may choose from: those of the plan's own key, half-steps among them."""

from actions.rules.scale import Entry
from actions.rules.status import Rating
from actions.wording import scale


def colours_to_choose() -> list[tuple[str, str]]:
    """Each colour with what the key says of it, where its word stands beside it."""
    key = scale()
    choices = []
    for rating in key.colours:
        choices.append((rating.value, key.text(rating)))
        choices += [(_value(half), half.text) for half in key.half_steps if half.means == rating]
    return choices


def colours_in_words() -> list[tuple[str, str]]:
    """Each colour as its word and what the key says of it."""
    return [
        (value, ": ".join(filter(None, (word_of(value), text))))
        for value, text in colours_to_choose()
    ]


def _value(half: Entry) -> str:
    """As a form sends it: what it means first, so that a page can tell it by its beginning."""
    return f"{half.means}:{half.word}"


def chosen(value: str) -> tuple[Rating, str]:
    """The rating, and the word as written where that is another than the rating's own."""
    means, _, word = value.partition(":")
    return Rating(means), word


def value_of(brag: str, word: str) -> str:
    """The choice that stands for what is on record."""
    return f"{brag}:{word}" if word else brag


def word_of(value: str) -> str:
    rating, word = chosen(value)
    return word or scale().word(rating)

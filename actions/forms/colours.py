"""The colours that a person may choose from: those of the plan's own key, half-steps among them."""

from difflib import get_close_matches

from actions.rules.scale import CANCELLED, Entry
from actions.rules.status import COLOURS, Rating
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


# What a word of the key may mean that no update says.
_DECIDED = {
    Rating.PAUSED.value: "“{}” is decided and not said in an update: leave this row out, and enter "
    "the pause with its reason in the plan file",
    CANCELLED: "“{}” is decided and not said in an update: leave this row out, and ask for a "
    "change that withdraws it",
}


def colour_as_written(text: str) -> tuple[Rating, str]:
    """The rating that a word of the plan's key means, and the word where it is a half-step.

    Also the letter that a strip has for it, as `R`. ValueError says why it is none.
    """
    found = scale().means(text)
    if found and found[0] in COLOURS:
        means, half = found
        return Rating(means), half.word if half else ""
    if found:
        raise ValueError(_DECIDED[found[0]].format(text[:40]))
    said = text.strip().casefold()
    by_letter = [rating for rating in scale().colours if scale().letter(rating).casefold() == said]
    if by_letter == [Rating.GREEN, Rating.GREY]:
        # Who writes R, A and G means Green.
        by_letter = [Rating.GREEN]
    if len(by_letter) == 1:
        return by_letter[0], ""
    known = scale().words_to_give
    near = get_close_matches(text.casefold(), [word.casefold() for word in known], n=1)
    near = [word for word in known if near and word.casefold() == near[0]]
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ValueError(f"“{text[:40]}” is none of {', '.join(known)}{hint}")

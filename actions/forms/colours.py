"""The colours that a person may choose from: those of the plan's own key."""

from actions.wording import scale


def colours_to_choose() -> list[tuple[str, str]]:
    """Each colour with what the key says of it, where its word stands beside it."""
    key = scale()
    return [(rating.value, key.text(rating)) for rating in key.colours]


def colours_in_words() -> list[tuple[str, str]]:
    """Each colour as its word and what the key says of it."""
    key = scale()
    return [(rating.value, key.explained(rating)) for rating in key.colours]

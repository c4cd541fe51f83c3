"""For a text that one template hands to another: `{% in_words "All {areas}" as caption %}`, and
for the word and the meaning of a rating in the plan at hand: `{{ rating|rating_word }}`."""

from typing import Any

from django import template

from actions.forms.colours import chosen
from actions.pages import components
from actions.wording import in_words, scale

register = template.Library()
register.simple_tag(in_words)


@register.filter
def rating_word(rating: Any) -> str:
    return components.rating_word(rating)


@register.filter
def chosen_rating(value: str) -> str:
    """Of a choice of a form."""
    return chosen(value)[0].value


@register.filter
def chosen_word(value: str) -> str:
    """The word of a choice of a form, as written; empty for the rating's own."""
    return chosen(value)[1]


@register.filter
def rating_text(rating: Any) -> str:
    return scale().text(str(rating))

"""For a text that one template hands to another: `{% in_words "All {areas}" as caption %}`."""

from django import template

from actions.wording import in_words

register = template.Library()
register.simple_tag(in_words)

"""The small parts of a page, for templates: see `actions/pages/components.py`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from actions.pages import components

register = template.Library()
register.simple_tag(components.chip)
register.simple_tag(components.chips)
register.simple_tag(components.share)
register.simple_tag(components.linked_share)


@register.simple_tag
def lozenge(rating: Any, size: str = "", word: str = "") -> SafeString:
    """In the word as it was written, where there is one; large where `size` is "large"."""
    return components.lozenge(rating, word=word, is_large=size == "large")

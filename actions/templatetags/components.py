"""The small parts of a page, for templates: see `actions/pages/components.py`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from actions.pages import components

register = template.Library()
register.simple_tag(components.chips)


@register.simple_tag
def lozenge(rating: Any, size: str = "") -> SafeString:
    """Large where `size` is "large"."""
    return components.lozenge(rating, is_large=size == "large")

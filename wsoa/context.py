"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from actions.wording import levels, scale
from wsoa.accounts.mail import is_set_up


def product(_: HttpRequest) -> dict[str, Any]:
    """The product's name, and what the plan at hand calls its levels and its ratings."""
    return {
        "product_name": settings.PRODUCT_NAME,
        "has_mail": is_set_up(),
        "levels": levels(),
        "scale": scale(),
    }

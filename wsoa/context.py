"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy

from actions.wording import levels, scale
from wsoa.accounts.mail import is_set_up

# Of a room above that of accounts, whose page links to it.
MY_MAIL = reverse_lazy("reaching:my_mail")


def product(_: HttpRequest) -> dict[str, Any]:
    """The product's name, what the plan at hand calls its levels and its ratings, an address."""
    return {
        "product_name": settings.PRODUCT_NAME,
        "has_mail": is_set_up(),
        "levels": levels(),
        "scale": scale(),
        "my_mail_url": MY_MAIL,
    }

"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def product(_: HttpRequest) -> dict[str, str]:
    """The product's name."""
    return {"product_name": settings.PRODUCT_NAME}

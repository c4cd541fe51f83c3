"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from actions.pages.plan_page import MenuItem


def product(request: HttpRequest) -> dict[str, Any]:
    """The product's name, who is signed in, and the menu of a superuser, whom no plan gives one."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"product_name": settings.PRODUCT_NAME}
    context = {"product_name": settings.PRODUCT_NAME, "signed_in_as": user.name}
    if user.is_superuser:
        context["menu"] = [
            MenuItem(label, address, request.path.startswith(address))
            for label, address in (
                ("Users", reverse("accounts:user_list")),
                ("First officers", reverse("actions:first_officer")),
            )
        ]
    return context

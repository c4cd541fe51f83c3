"""The address in each mail that takes its reader off the list, without signing in."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

# Not for signing in: the key does this one thing, for as long as the mail lies about.
SALT = "wsoa.reaching.unsubscribing"


def unsubscribe_url(user: int) -> str:
    return f"{settings.SITE_URL}{unsubscribe_address(user)}"


def unsubscribe_address(user: int) -> str:
    """As `unsubscribe_url`, for a page of the site."""
    return reverse("reaching:unsubscribe", args=(signing.dumps(user, salt=SALT),))


def user_of(token: str) -> int | None:
    """Whose address it is; None for one that was not made here."""
    try:
        user = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return user if isinstance(user, int) else None

"""Who may use the pages that manage users."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from wsoa.accounts.models import User


def require_user_manager(user: User | AnonymousUser) -> None:
    if not user.is_superuser:
        raise PermissionDenied


def get_user(pk: int) -> User:
    """The user with this key, or 404."""
    try:
        return User.objects.get(pk=pk)
    except User.DoesNotExist:
        raise Http404 from None

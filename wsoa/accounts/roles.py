"""By which ways somebody may sign in, which follows from their roles.

What roles a user has, and who watches over them, the app above says: `register`. Managing users is
the one role known here.
"""

from collections.abc import Callable, Collection

from django.conf import settings

from wsoa.accounts.models import User
from wsoa.accounts.organisations.known import is_bound

SUPERUSER = "superuser"

RolesOf = Callable[[User], Collection[str]]
_asked: list[RolesOf] = []


# Who is to hear of what is done to a user's account: their addresses.
WatchersOf = Callable[[User], Collection[str]]
_watched: list[WatchersOf] = []


def register(roles_of_user: RolesOf, watchers_of_user: WatchersOf | None = None) -> None:
    _asked.append(roles_of_user)
    if watchers_of_user:
        _watched.append(watchers_of_user)


def watchers_of(user: User) -> list[str]:
    return sorted({email for ask in _watched for email in ask(user)} - {user.email})


def roles_of(user: User) -> frozenset[str]:
    """All roles that a user has today, whatever the plan."""
    found = {role for ask in _asked for role in ask(user)}
    return frozenset(found | {SUPERUSER} if user.is_superuser else found)


def may_use_code(user: User) -> bool:
    """Whether a code by mail is enough: only where it is for each of the roles."""
    return not is_bound(user.email) and roles_of(user) <= frozenset(settings.CODE_FOR)


def wants_second_step(user: User) -> bool:
    """Whether one of the roles asks for a code from an app after the password."""
    return bool(roles_of(user) & frozenset(settings.SECOND_STEP_FOR))


def may_use_password(user: User) -> bool:
    return not is_bound(user.email) and roles_of(user) <= frozenset(settings.PASSWORD_FOR)

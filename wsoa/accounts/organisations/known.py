"""Which organisation signs which address in. Set by `ORGANISATIONS`: docs/signing-in.md."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Organisation:
    key: str
    name: str
    domains: frozenset[str]
    # Whether people of these addresses come in by no other way.
    is_only_way: bool


def all_known() -> list[Organisation]:
    return [
        Organisation(
            key=one["id"],
            name=one["name"],
            domains=frozenset(domain.lower() for domain in one["domains"]),
            is_only_way=bool(one.get("only", False)),
        )
        for one in settings.ORGANISATIONS
    ]


def organisation_of(email: str) -> Organisation | None:
    """By the whole of what follows the sign: a domain below another is a domain of its own."""
    domain = email.rpartition("@")[2].lower()
    return next((one for one in all_known() if domain in one.domains), None)


def is_bound(email: str) -> bool:
    """Whether only their organisation signs this address in."""
    organisation = organisation_of(email)
    return organisation is not None and organisation.is_only_way

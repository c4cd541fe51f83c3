"""What is worked out of a plan's rows, kept between requests for as long as it is true.

It is kept under the plan's version (`wsoa/guard/versions.py`), read with the user's membership and
so before any row. Each process keeps its own, of the plans that were read last, up to a bound.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from cachetools import LRUCache
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from actions.models import PlanVersion

T = TypeVar("T")

# The counter of the plan, and of what plans share: the number of each, and when it was raised.
Version = tuple[str, ...]

# Facts of about 300 bytes: some 30 MiB in each process, or forty plans of 71 commitments.
MOST_FACTS = 100_000

_kept: LRUCache[Hashable, Any] = LRUCache(MOST_FACTS, getsizeof=lambda kept: kept[1])
_lock = Lock()


def version_of(plan: str) -> ArraySubquery:
    """The version of the plan whose key a column of the query holds, as an expression."""
    counters = PlanVersion.objects.filter(Q(of=0) | Q(of=OuterRef(plan))).order_by("of")
    words = [Cast(F(name), CharField()) for name in ("of", "number", "raised_at")]
    parts = [words[0], Value(" "), words[1], Value(" "), words[2]]
    return ArraySubquery(counters.values(mark=Concat(*parts)))


def keep(
    version: Version, key: tuple[Hashable, ...], make: Callable[[], T], facts: Callable[[T], int]
) -> T:
    """What `make` gives for a key at a version, made once; `facts` tells how much that is.

    What is made is shared, so nobody may change it. Within a transaction it is made afresh: its
    own rows may be in reach there, and their version is raised only with the commit.
    """
    if not version or connection.in_atomic_block:
        return make()
    whole = (version, *key)
    with _lock:
        found = _kept.get(whole)
    if found is not None:
        return found[0]  # type: ignore[no-any-return]
    made = make()
    size = 1 + facts(made)
    if size <= MOST_FACTS:
        with _lock:
            _kept[whole] = (made, size)
    return made

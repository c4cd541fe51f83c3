"""What is worked out of a plan's rows, kept between requests for as long as it is true.

It is kept under the plan's version (`wsoa/guard/versions.py`), read with the user's membership and
so before any row. Each process keeps its own, of the plans that were read last, up to a bound.

A new version does not make all of it untrue: one update changes one commitment of seventy. So what
follows from a commitment's rows alone is worked out again only where those rows are others than
before: `same` gives rows that are equal as the one thing that they were, and `of_same` what was
made of that thing.
"""

from collections.abc import Callable, Hashable
from operator import is_
from threading import Lock
from typing import Any, TypeVar

from cachetools import LRUCache
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from actions.models import Plan, PlanVersion, Succession

T = TypeVar("T")

# The counter of the plan, and of what plans share: the number of each, and when it was raised.
Version = tuple[str, ...]

# Facts of about 300 bytes: some 30 MiB in each process, or forty plans of 71 commitments.
MOST_FACTS = 100_000

_kept: LRUCache[Hashable, Any] = LRUCache(MOST_FACTS, getsizeof=lambda kept: kept[1])
# Rows as read, and what was made of them, of each commitment on each day that was looked at.
MOST_ROWS = 50_000

_facts: LRUCache[Hashable, Any] = LRUCache(MOST_ROWS, getsizeof=lambda kept: kept[-1])
_lock = Lock()


def version_of(plan: str) -> ArraySubquery:
    """The version of the plan that a column of the query names, as an expression.

    With it those of plans that its pages read through to: what the same local area closed, and what
    continues it.
    """
    closed = Plan.objects.filter(
        local_area=OuterRef(OuterRef(f"{plan}__local_area")), state=Plan.State.CLOSED
    )
    later = Succession.objects.filter(predecessor=OuterRef(OuterRef(plan)))
    counters = PlanVersion.objects.filter(
        Q(of=0)
        | Q(of=OuterRef(plan))
        | Q(of__in=closed.order_by().values("pk"))
        | Q(of__in=later.order_by().values("plan"))
    ).order_by("of")
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


def same(key: tuple[Hashable, ...], value: T, rows: int) -> T:
    """The value kept under a key, where it equals this one; else this one, kept from now on.

    So it can be told by identity whether something is as it was. `rows` tells how large it is.
    """
    if connection.in_atomic_block:
        return value
    with _lock:
        found = _facts.get(key)
        if found is None or found[0] != value:
            _facts[key] = found = (value, 1 + rows)
    return found[0]


def of_same(
    key: tuple[Hashable, ...], facts: tuple[object, ...], make: Callable[[], T], rows: int
) -> T:
    """What `make` gives of these facts, taken again while each is the very object it was.

    It may depend on the key and the facts alone. What `same` gives, and what this gives, are such
    objects; so are constants.
    """
    if connection.in_atomic_block:
        return make()
    with _lock:
        found = _facts.get(key)
    if found is not None and all(map(is_, found[0], facts)):
        return found[1]  # type: ignore[no-any-return]
    made = make()
    with _lock:
        _facts[key] = (facts, made, 1 + rows)
    return made

"""Queries whose SQL is written once, and asked again with other values.

Django writes a query anew each time it is asked. Of one with many joins and subqueries that takes
ten times as long as PostgreSQL takes to answer it, and a page asks a dozen of them.
"""

from collections.abc import Callable, Hashable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from inspect import Parameter, signature
from typing import Any, ParamSpec, TypeVar, get_type_hints

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler

P = ParamSpec("P")
R = TypeVar("R")

FIRST_DAY = date(1900, 1, 1)


def written_once(make: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """The rows of the queryset that `make` gives, with its SQL written at the first call.

    The parameters of `make` are `int`, `str`, `date`, `datetime` or `list[int]` (for a lookup
    `any`), and must reach the database as they are: what is made of one has to be made before.
    Those that are keywords only give the query its form: each form is written once. Whoever calls
    gets rows of their own.

    Raises TypeError at the first call where a parameter does not arrive unchanged.
    """
    names = [
        name
        for name, parameter in signature(make).parameters.items()
        if parameter.kind is not Parameter.KEYWORD_ONLY
    ]
    written: dict[Hashable, _Written] = {}

    @wraps(make)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[R]:
        values = dict(zip(names, args, strict=False))
        form: dict[str, Any] = {}
        for name, value in kwargs.items():
            (values if name in names else form)[name] = value
        key = tuple(sorted(form.items()))
        query = written.get(key)
        if query is None:
            query = written[key] = _Written(make, names, form)
        return query.ask(values)

    return ask


class _Written:
    """One form of a query: its SQL, and which of its parameters are whose values."""

    def __init__(
        self, make: Callable[..., QuerySet[Any, Any]], names: list[str], form: dict[str, Any]
    ) -> None:
        kinds = get_type_hints(make)
        # Written with two sets of values: what differs between both follows from a value.
        sets = [
            {name: _stand_in(kinds[name], len(names) * turn + at) for at, name in enumerate(names)}
            for turn in (1, 2)
        ]
        self._queryset, compiler, self._sql, parameters = _compiled(make(**sets[0], **form))
        self._compiler: Any = compiler
        _, _, other_sql, others = _compiled(make(**sets[1], **form))
        self._parameters = [
            (_name_of(pair, sets), pair[0]) for pair in zip(parameters, others, strict=True)
        ]
        # What makes a value of the database one of Python, by column: looked up anew it takes as
        # long as a short answer.
        fields = [column for column, *_ in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(fields)
        lost = set(names) - {name for name, _ in self._parameters}
        if other_sql != self._sql or lost:
            raise TypeError(f"The SQL depends on the values of {make}: {sorted(lost)}")

    def ask(self, values: dict[str, Any]) -> list[Any]:
        compiler: Any = copy(self._compiler)
        compiler.connection = connection
        parameters = tuple(values[name] if name else fixed for name, fixed in self._parameters)
        compiler.as_sql = lambda *args, **kwargs: (self._sql, parameters)
        compiler.get_converters = lambda *args, **kwargs: self._converters
        queryset = self._queryset._chain()
        queryset.query.get_compiler = lambda *args, **kwargs: compiler
        return list(queryset)


def _compiled(queryset: Any) -> tuple[Any, SQLCompiler, str, list[Any]]:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    return queryset, compiler, sql, list(parameters)


def _name_of(pair: tuple[Any, Any], sets: list[dict[str, Any]]) -> str:
    """Whose value stands there; empty for what is the same whatever is asked."""
    first, second = pair
    if first == second:
        return ""
    for name in sets[0]:
        if first == sets[0][name] and second == sets[1][name]:
            return name
    raise TypeError(f"A value does not reach the database as it is: {first!r}")


def _stand_in(kind: Any, number: int) -> Any:
    """A value of a type that no query holds of itself."""
    if kind is int:
        return -1_000_000 - number
    if kind is str:
        return f"\N{REPLACEMENT CHARACTER}{number}"
    if kind is date:
        return FIRST_DAY + timedelta(days=number)
    if kind is datetime:
        return datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if kind == list[int]:
        return [-1_000_000 - number]
    raise TypeError(f"No query can be written for {kind}")


@ForeignObject.register_lookup
@Field.register_lookup
class IsAny(Lookup[Any]):
    """`key__any=[…]`: one of these keys, as one parameter however many they are."""

    lookup_name = "any"

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, self.rhs)

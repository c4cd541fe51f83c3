"""What the plan at hand calls its levels and its ratings, for texts of ours.

A page, a form or a paper is of one plan, and says "priority" where that plan does, and "Stuck"
where we say Red. Which plan is at hand follows the request, as the language of a text does in
Django: whoever opens a plan for a user says so (`actions/memberships.py`), and each request begins
without one. A paper is made within `words_of`. Only our own words go through here, never those that
a person wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import lazystr

from actions.models import Plan
from actions.rules import levels as level_names
from actions.rules import scale as colour_keys
from actions.rules.levels import LevelNames
from actions.rules.scale import Scale


@dataclass(frozen=True)
class _Words:
    levels: LevelNames
    scale: Scale

    @cached_property
    def in_texts(self) -> dict[str, str]:
        return self.levels.in_texts() | self.scale.in_texts()


_OURS = _Words(level_names.OURS, colour_keys.OURS)
_words: ContextVar[_Words] = ContextVar("words", default=_OURS)


def levels() -> LevelNames:
    """The names of the levels of the plan at hand; ours where there is none."""
    return _words.get().levels


def scale() -> Scale:
    """The colour key of the plan at hand; ours where there is none."""
    return _words.get().scale


def use_words_of(plan: Plan) -> None:
    """From here on, to the end of the request, texts are of this plan."""
    _words.set(_Words(plan.levels, plan.scale))


@contextmanager
def words_of(plan: Plan | None) -> Iterator[None]:
    """Texts within are of this plan; of none without one."""
    token = _words.set(_Words(plan.levels, plan.scale) if plan else _OURS)
    try:
        yield
    finally:
        _words.reset(token)


def in_words(text: str) -> str:
    """`Choose {an_area}`, `No {commitment} yet`, `{Blue} proposed`: in the words of the plan."""
    return text.format_map(_words.get().in_texts)


class _InWords:
    """A text that is put into words only when it is shown."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return in_words(self.text)


def in_words_lazy(text: str) -> Any:
    """The same for what is written down before any plan is at hand: labels of forms and columns."""
    return lazystr(_InWords(text))

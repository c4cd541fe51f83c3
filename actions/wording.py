"""What the plan at hand calls its levels, for texts of ours.

A page, a form or a paper is of one plan, and says "priority" where that plan does. Which plan is at
hand follows the request, as the language of a text does in Django: whoever opens a plan for a user
says so (`actions/memberships.py`), and each request begins without one. A paper is made within
`words_of`. Only our own words go through here, never those that a person wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.functional import lazystr

from actions.models import Plan
from actions.rules.levels import OURS, LevelNames

_levels: ContextVar[LevelNames] = ContextVar("levels", default=OURS)


def levels() -> LevelNames:
    """The names of the levels of the plan at hand; ours where there is none."""
    return _levels.get()


def use_words_of(plan: Plan) -> None:
    """From here on, to the end of the request, texts are of this plan."""
    _levels.set(plan.levels)


@contextmanager
def words_of(plan: Plan | None) -> Iterator[None]:
    """Texts within are of this plan; of none without one."""
    token = _levels.set(plan.levels if plan else OURS)
    try:
        yield
    finally:
        _levels.reset(token)


def in_words(text: str) -> str:
    """`Choose {an_area}`, `No {commitment} yet`, `{Commitments}`: in the words of the plan."""
    return text.format_map(levels().in_texts())


class _InWords:
    """A text that is put into words only when it is shown."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return in_words(self.text)


def in_words_lazy(text: str) -> Any:
    """The same for what is written down before any plan is at hand: labels of forms and columns."""
    return lazystr(_InWords(text))

"""What is wrong with a plan file, and where: file, line and field, in plain words."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

# The way to a value from the file's root: keys of mappings and indexes of lists.
Place = tuple[str | int, ...]

# More would not be read, and a hostile file could have millions.
MOST_PROBLEMS = 100
# Comparing takes time, and no plan has so many names.
MOST_NAMES = 2000


@dataclass(frozen=True, slots=True)
class Problem:
    place: Place
    message: str
    line: int | None = None

    @property
    def path(self) -> str:
        """`areas[1].themes[0].ref`; empty for the file as a whole."""
        path = ""
        for step in self.place:
            path += f"[{step}]" if isinstance(step, int) else f".{step}"
        return path.removeprefix(".")

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.place else self.message

    def in_file(self, name: str) -> str:
        where = name if self.line is None else f"{name}:{self.line}"
        return f"{where}: {self}"


class PlanFileError(Exception):
    """A plan file that cannot be used, with every reason found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of(cls, message: str, line: int | None = None, place: Place = ()) -> "PlanFileError":
        return cls([Problem(place, message, line)])


def located(problem: Problem, lines: Mapping[Place, int]) -> Problem:
    """The problem with its line: that of its place or, where a key is missing, of its holder."""
    if problem.line is not None:
        return problem
    place = problem.place
    while place and place not in lines:
        place = place[:-1]
    return replace(problem, line=lines.get(place))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean "Marie Rooney"?`, or nothing where no known name is near."""
    near = difflib.get_close_matches(name, islice(known, MOST_NAMES), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""

"""From a file to a `PlanFile`, or to a list of what is wrong with it, each with its line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wsoa.planfile.format import checks, document
from wsoa.planfile.format.problems import (
    MOST_PROBLEMS,
    Place,
    PlanFileError,
    Problem,
    did_you_mean,
    located,
)
from wsoa.planfile.format.schema import PlanFile
from wsoa.planfile.format.values import AS_KEYS, AS_TEXT, PATTERNS


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan file that holds together, and the line of each of its values."""

    name: str
    file: PlanFile
    lines: Mapping[Place, int]


def read_file(path: Path) -> ReadPlan:
    """Read a plan file from disk, and no more of it than a plan file may have."""
    try:
        if not path.is_file():
            what = "this is not a file" if path.exists() else "there is no such file"
            raise PlanFileError.of(what)
        size = path.stat().st_size
        if size > document.LARGEST:
            raise document.too_large(size)
        with path.open("rb") as stream:
            data = stream.read(document.LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise PlanFileError.of(f"the file cannot be read: {why or error}") from None
    return read(data, path.name)


def read_plan_file(path: Path) -> PlanFile:
    """The plan alone, where its lines are not asked for."""
    return read_file(path).file


def read(data: bytes, name: str = "plan file") -> ReadPlan:
    """Read a plan file. PlanFileError names every problem with its line and field."""
    parsed = document.parse(data)
    try:
        file = PlanFile.model_validate(parsed.root)
    except ValidationError as error:
        problems = problems_in(error)
    else:
        problems = checks.problems_of(file)
        if not problems:
            return ReadPlan(name, file, parsed.lines)
    problems = [located(problem, parsed.lines) for problem in problems]
    raise PlanFileError(sorted(problems, key=lambda problem: problem.line or 0))


def problems_in(error: ValidationError) -> list[Problem]:
    """What does not have the format's shape, in plain words."""
    details = error.errors(include_url=False)[:MOST_PROBLEMS]
    return [Problem(_place(detail), _message(detail)) for detail in details]


def _place(detail: ErrorDetails) -> Place:
    """Where it is in the file, which says nowhere in which of its two forms a date is written."""
    return tuple(step for step in detail["loc"] if step not in (AS_TEXT, AS_KEYS))


def _message(detail: ErrorDetails) -> str:
    place, value, about = _place(detail), detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            keys = _keys_at(place[:-1])
            return f"unknown key{did_you_mean(str(place[-1]), keys)} (keys here: {', '.join(keys)})"
        case "missing":
            return "is missing"
        case "string_type" | "list_type" | "model_type" | "dict_type" | "decimal_type" if (
            value is None
        ):
            return "has no value: leave the key out"
        case "string_type" if isinstance(value, bool):
            return f'is not quoted: write "{str(value).lower()}"'
        case "string_type" if not isinstance(value, dict | list):
            return f'is not quoted: write "{value}"'
        case "string_type":
            return "should be text"
        case "string_too_short":
            return "is empty"
        case "string_too_long":
            return f"has {len(value)} characters; at most {about['max_length']} are allowed"
        case "string_unicode":
            return "has half a character (a lone surrogate, \\ud800 to \\udfff)"
        case "string_pattern_mismatch":
            return f'"{value}" is not {PATTERNS[about["pattern"]]}'
        case "literal_error":
            expected = about["expected"]
            allowed = re.findall(r"'([^']*)'", expected) or re.findall(r"\d+", expected)
            hint = did_you_mean(str(value), allowed)
            return f'"{value}" is not one of {", ".join(allowed)}{hint}'
        case "list_type":
            return "should be a list"
        case "model_type" | "dict_type":
            return "should hold keys with values"
        case "too_short":
            return f"needs at least {about['min_length']}"
        case "bool_type":
            return "should be true or false, without quotes"
        case "int_type":
            return "should be a whole number, without quotes"
        case "decimal_max_places":
            return f"has more than {about['decimal_places']} digits after the point"
        case "decimal_max_digits" | "decimal_whole_digits" | "less_than":
            return "is too large a number"
        case "greater_than" | "greater_than_equal":
            limit = about.get("gt", about.get("ge"))
            return f"should be {'more than' if 'gt' in about else 'at least'} {limit}"
    return detail["msg"]


def _keys_at(place: Place) -> list[str]:
    """The keys that the format has at a place."""
    part: type[BaseModel] = PlanFile
    for step in place:
        if isinstance(step, str) and (inner := _part_of(part.model_fields[step].annotation)):
            part = inner
    return list(part.model_fields)


def _part_of(annotation: Any) -> type[BaseModel] | None:
    """The model in `list[Model]`, `Model | None` or `Model`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, Union, UnionType, Annotated):
        return next(filter(None, map(_part_of, get_args(annotation))), None)
    return None

"""Strict YAML: bytes to plain values with the line of each, or a refusal in plain words.

The text must mean the same to YAML 1.1 and 1.2 readers. So an unquoted value is a number written
the plain way, `true`, `false`, `null`, or words that are text to both. Anchors, aliases, tags,
merge keys, repeated keys and several documents are refused.

Values are built from the parser's events with a stack of our own: neither deep nesting nor aliases
can exhaust anything, and each value's place and line are at hand.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

import yaml

from wsoa.planfile.format.problems import MOST_PROBLEMS, Place, PlanFileError, Problem
from wsoa.planfile.format.values import Unquoted

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE
# The format itself nests 14 deep.
DEEPEST = 30

# libyaml's parser is quicker by far; the other one reads the same.
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Beside what YAML forbids: characters that end a line to YAML 1.1 and not to 1.2.
_REFUSED = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
# Whatever some reader may take for a number, a time or a date: 010, 1_000, 0o7, 1e3, 1:30, 1.1.1.
_LIKE_A_NUMBER = re.compile(r"[-+]?[.0-9][-+0-9_.:a-fA-FoOxXTtZz ]*")
_LITERALS = {"true": True, "false": False, "null": None}
_DIFFERS = frozenset(
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<"]
    + [".inf", "-.inf", "+.inf", ".nan"]
)


@dataclass(frozen=True, slots=True)
class Document:
    """The root of a file, and the line on which each value begins."""

    root: Any
    lines: dict[Place, int]


def parse(data: bytes) -> Document:
    """Read one YAML document. PlanFileError names every line that cannot be accepted."""
    text = _decoded(data)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_PARSER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise PlanFileError([*builder.problems, _syntax_problem(error, text)]) from None
    except yaml.YAMLError as error:
        raise PlanFileError.of(f"this is not YAML: {error}") from None
    if builder.problems:
        raise PlanFileError(builder.problems)
    if builder.root is None:
        raise PlanFileError.of("the file is empty")
    return Document(builder.root, builder.lines)


def too_large(size: int) -> PlanFileError:
    return PlanFileError.of(
        f"the file is {size / MEGABYTE:.1f} MB; a plan file has at most {LARGEST // MEGABYTE} MB"
    )


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST:
        raise too_large(len(data))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanFileError.of("this is not text in UTF-8", line) from None
    if refused := _REFUSED.search(text):
        line = text.count("\n", 0, refused.start()) + 1
        code = ord(refused[0])
        if code < 0x20:
            raise PlanFileError.of(
                f"this is not a text file: it has the control character U+{code:04X}", line
            )
        raise PlanFileError.of(
            f"the character U+{code:04X} may not stand here as such; write it as \\u{code:04X} in"
            " double quotes",
            line,
        )
    return text


def _syntax_problem(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem((), f"this is not YAML: {error.problem}")
    lines = text.splitlines()
    stands = lines[mark.line] if mark.line < len(lines) else ""
    if stands[: mark.column + 1].strip(" ").startswith("\t"):
        return Problem((), "indent with spaces, not with tabs", mark.line + 1)
    return Problem(
        (), f"this is not YAML: {error.problem} (column {mark.column + 1})", mark.line + 1
    )


def unquoted(text: str) -> Unquoted | int | Decimal | bool | None:
    """What an unquoted value means. ValueError, with what to do, where readers differ."""
    if text in _LITERALS:
        return _LITERALS[text]
    if text == "":
        raise ValueError("has no value: leave the key out, or write null")
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if text.lower() in _DIFFERS or _LIKE_A_NUMBER.fullmatch(text):
        raise ValueError(f'not every program reads {text} the same: quote it, "{text}"')
    return Unquoted(text)


@dataclass
class _Open:
    """A mapping or list whose end is still to come."""

    value: dict[str, Any] | list[Any]
    place: Place
    key: str | None = None
    key_lines: dict[str, int] = field(default_factory=dict)


class _Builder:
    """Puts values together from events. The text of each problem belongs to one place."""

    def __init__(self) -> None:
        self.root: Any = None
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.DocumentStartEvent():
                self._start_document(event, line)
            case yaml.AliasEvent():
                raise PlanFileError.of(f"write out what *{event.anchor} stands for", line)
            case yaml.ScalarEvent():
                self._refuse_extras(event, line)
                self._scalar(event, line)
            case yaml.MappingStartEvent():
                self._refuse_extras(event, line)
                self._start({}, line)
            case yaml.SequenceStartEvent():
                self._refuse_extras(event, line)
                self._start([], line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()

    def _start_document(self, event: yaml.DocumentStartEvent, line: int) -> None:
        self._documents += 1
        if self._documents > 1:
            raise PlanFileError.of("a plan file is one document: a second one begins here", line)
        if event.version or event.tags:
            raise PlanFileError.of("leave out the lines that begin with %", line)

    def _refuse_extras(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            raise PlanFileError.of(f"leave out the anchor &{event.anchor}", line)
        tag = cast(Any, event).tag
        if tag is not None:
            raise PlanFileError.of(f"leave out the tag {tag}", line)

    def _start(self, value: dict[str, Any] | list[Any], line: int) -> None:
        if len(self._open) == DEEPEST:
            raise PlanFileError.of(f"this is nested more than {DEEPEST} deep", line)
        if self._awaits_key():
            raise PlanFileError.of("a key is a name, not a list or mapping", line)
        place = self._add(value, line)
        self._open.append(_Open(value, place))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        is_plain = not event.style
        if self._awaits_key():
            self._key(event.value, is_plain, line)
            return
        try:
            value = unquoted(event.value) if is_plain else event.value
        except ValueError as error:
            self._complain(self._next_place(), str(error), line)
            value = event.value
        self._add(value, line)

    def _key(self, key: str, is_plain: bool, line: int) -> None:
        holder = self._open[-1]
        try:
            is_name = not is_plain or isinstance(unquoted(key), Unquoted)
        except ValueError:
            is_name = False
        if not is_name:
            self._complain(holder.place, f"{key or 'nothing'} is not a key: keys are names", line)
        if key in holder.key_lines:
            self._complain(
                (*holder.place, key),
                f"this key stands twice: on line {holder.key_lines[key]} and on line {line}",
                line,
            )
        holder.key = key
        holder.key_lines.setdefault(key, line)

    def _awaits_key(self) -> bool:
        return bool(
            self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is None
        )

    def _next_place(self) -> Place:
        if not self._open:
            return ()
        holder = self._open[-1]
        if isinstance(holder.value, list):
            return (*holder.place, len(holder.value))
        return (*holder.place, cast(str, holder.key))

    def _add(self, value: Any, line: int) -> Place:
        place = self._next_place()
        if not self._open:
            self.root = value
        else:
            holder = self._open[-1]
            if isinstance(holder.value, list):
                holder.value.append(value)
            else:
                key = cast(str, holder.key)
                holder.value[key] = value
                # A block begins below its key; the key is what a reader looks for.
                line = holder.key_lines[key]
                holder.key = None
        self.lines[place] = line
        return place

    def _complain(self, place: Place, message: str, line: int) -> None:
        self.problems.append(Problem(place, message, line))
        if len(self.problems) == MOST_PROBLEMS:
            raise PlanFileError(self.problems)

"""From a `PlanFile` to its canonical text: one plan, one sequence of bytes.

Keys in the order of the format, text in double quotes, numbers plain, what is empty left out. Small
things stand on one line, long texts are folded. YAML readers of 1.1 and 1.2 read it the same.
"""

from decimal import Decimal
from typing import Any

from wsoa.planfile.format.schema import PlanFile

WIDTH = 110

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def canonical_bytes(file: PlanFile) -> bytes:
    """The file's text in UTF-8. What reads the same gives the same bytes."""
    lines = _mapping(file.model_dump(exclude_defaults=True), "", top=True)
    return "".join(f"{line}\n" for line in lines).encode()


def _mapping(value: dict[str, Any], indent: str, *, top: bool = False) -> list[str]:
    lines: list[str] = []
    for key, item in value.items():
        # The parts of the file stand apart.
        if top and lines and isinstance(item, dict | list):
            lines.append("")
        lines += _entry(f"{indent}{key}:", item, indent + "  ")
    return lines


def _entry(start: str, value: Any, indent: str) -> list[str]:
    """A value after its key: beside it where that fits, else below."""
    if isinstance(value, dict):
        # One that says nothing more than that it is there.
        return [start, *_mapping(value, indent)] if value else [f"{start} {{}}"]
    if isinstance(value, list):
        if not any(isinstance(item, dict) for item in value):
            line = f"{start} {_flow(value)}"
            if len(line) <= WIDTH:
                return [line]
        return [start, *(line for item in value for line in _item(item, indent))]
    if isinstance(value, str):
        return _folded(f"{start} ", value, indent)
    return [f"{start} {_flow(value)}"]


def _item(value: Any, indent: str) -> list[str]:
    if isinstance(value, str):
        return _folded(f"{indent}- ", value, indent + "  ")
    if isinstance(value, dict) and not any(_has_parts(item) for item in value.values()):
        line = f"{indent}- {_flow(value)}"
        if len(line) <= WIDTH:
            return [line]
    lines = _mapping(value, indent + "  ")
    return [f"{indent}- {lines[0].lstrip(' ')}", *lines[1:]]


def _has_parts(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _flow(value: Any) -> str:
    """A value on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(item) for item in value) + "]"
        case bool():
            return "true" if value else "false"
        case Decimal():
            # Zero is added so that -0 becomes 0.
            return f"{value.normalize() + 0:f}"
        case str():
            return f'"{_escaped(value)}"'
    return str(value)


def _folded(start: str, text: str, indent: str) -> list[str]:
    """Quoted text over as many lines as it needs. A reader turns each break into one space.

    So a line is broken only at a space with words on both sides: others would be lost.
    """
    lines = [f'{start}"']
    words = _escaped(text).split(" ")
    for number, word in enumerate(words):
        if number == 0:
            lines[-1] += word
        elif word and words[number - 1] and len(lines[-1]) + 1 + len(word) >= WIDTH:
            lines.append(indent + word)
        else:
            lines[-1] += f" {word}"
    lines[-1] += '"'
    return lines


def _escaped(text: str) -> str:
    return "".join(map(_escape, text))


def _escape(char: str) -> str:
    """A character as it stands, where a reader can see it; else its code."""
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    number = ord(char)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"

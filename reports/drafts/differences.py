"""What differs between two readings of one report, section by section, in words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.rendering.document import (
    APPROVAL,
    Block,
    Bullets,
    Chart,
    Counts,
    Document,
    Facts,
    Heading,
    Paragraph,
    Section,
    Signatures,
    Table,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """`was` or `now` is empty where something came or went."""

    where: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class SectionDifference:
    key: str
    title: str
    area: str
    lines: tuple[Difference, ...]


def differences(before: Document, after: Document) -> list[SectionDifference]:
    """In the order of the later reading, then what has left; the approvals are left out."""
    was = {section.key: section for section in before.sections}
    changed = []
    for section in after.sections:
        earlier = was.pop(section.key, None)
        if section.key == APPROVAL or (earlier and earlier.digest == section.digest):
            continue
        changes = tuple(_differences(earlier, section))
        changed.append(SectionDifference(section.key, section.title, section.area_text, changes))
    for section in was.values():
        if section.key != APPROVAL:
            changes = tuple(_differences(section, None))
            changed.append(
                SectionDifference(section.key, section.title, section.area_text, changes)
            )
    return changed


def _differences(before: Section | None, after: Section | None) -> Iterator[Difference]:
    was, now = (dict(_texts_by_place(section)) if section else {} for section in (before, after))
    for where in dict.fromkeys((*now, *was)):
        if was.get(where) != now.get(where):
            yield Difference(where, was.get(where, ""), now.get(where, ""))


def _texts_by_place(section: Section) -> Iterator[tuple[str, str]]:
    """Each text of a section under the name of its place, which is unique within it."""
    counted: dict[str, int] = {}
    heading = ""
    for block in section.blocks:
        if isinstance(block, Heading):
            heading = block.text
        for where, text in _texts(block):
            name = ", ".join(part for part in (heading, where) if part) or "Text"
            counted[name] = counted.get(name, 0) + 1
            yield (f"{name} ({counted[name]})" if counted[name] > 1 else name), text


def _texts(block: Block) -> Iterator[tuple[str, str]]:
    if isinstance(block, Heading):
        return
    if isinstance(block, Paragraph):
        yield "", block.text
    elif isinstance(block, Bullets):
        yield "", "\n".join(block.items)
    elif isinstance(block, Facts):
        for fact in block.items:
            yield fact.label, fact.value
    elif isinstance(block, Counts):
        for count in block.items:
            yield (
                f"{block.caption}: {count.said}",
                _joined(str(count.count), count.movement),
            )
        yield f"{block.caption}: in all", _joined(str(block.total), *block.notes)
    elif isinstance(block, Table):
        yield from _cells(block)
    elif isinstance(block, Chart):
        yield f"Chart of {block.name}", block.figure.alt
        for row in block.figure.table.rows:
            yield f"Chart of {block.name}, {row[0]}", "; ".join(row[1:])
    elif isinstance(block, Signatures):
        for signature in block.items:
            yield signature.what, _joined(signature.name, signature.words)


def _cells(table: Table) -> Iterator[tuple[str, str]]:
    if not table.rows:
        yield table.caption, table.empty
    for row in table.rows:
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            yield f"{table.caption}, {row[0].text}, {column.title}", cell.text
    for note in table.notes:
        yield f"{table.caption}, note", note


def _joined(*texts: str) -> str:
    return ", ".join(text for text in texts if text)

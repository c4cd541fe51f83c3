"""What each format decides alike: what stands before the sections, and how they are set."""

from collections.abc import Iterable
from decimal import Decimal

from actions.rules.text import listed, short_day
from reports.rendering.document import (
    APPROVAL,
    Block,
    Cell,
    Chart,
    Column,
    Counts,
    Document,
    Fact,
    Facts,
    Section,
    Table,
)

# A table that needs so much room is set across a turned page; a column of numbers needs half.
WIDE = 8
# A report of fewer sections needs no list of them, nor does a single page.
LISTED = 4


# Letters of a table's size that fit beside one another, on an upright page and on a turned one.
UPRIGHT, TURNED = 100, 150
# No word is parted that is not longer than this; nor is so short a line.
LONGEST, SHORT = 20, 14


def shares(table: Table) -> list[float]:
    """Each column's part of the width: as it asks for, and wide enough for its longest word."""
    room: float = TURNED if is_wide(table) else UPRIGHT
    widths = [column.width for column in table.columns]
    needs = [_need(table, number) for number in range(len(widths))]
    if sum(needs) >= room:
        return list(map(float, needs))
    given: dict[int, int] = {}
    while True:
        parts = sum(share for number, share in enumerate(widths) if number not in given)
        left = room - sum(given.values())
        short = {
            number: need
            for number, need in enumerate(needs)
            if number not in given and need * parts > left * widths[number]
        }
        if not short:
            return [given.get(number, left * share / parts) for number, share in enumerate(widths)]
        given |= short


def _need(table: Table, number: int) -> int:
    """The letters of the longest word in a column, and what stands around them."""
    lines = [line for row in table.rows for line in row[number].text.split("\n")]
    words = [
        *table.columns[number].title.split(),
        *(word for line in lines for word in ([line] if len(line) <= SHORT else line.split())),
    ]
    return 3 + min(LONGEST, max(map(len, words), default=0))


def is_wide(table: Table) -> bool:
    return sum(0.5 if column.kind == "number" else 1 for column in table.columns) >= WIDE


def is_turned(section: Section) -> bool:
    """Whether all its pages are turned: it is little else than wide tables, and its heading goes
    with them."""
    blocks = section.blocks
    has_wide = any(isinstance(block, Table) and is_wide(block) for block in blocks)
    return has_wide and not any(isinstance(block, Chart | Counts | Facts) for block in blocks)


def is_turned_alone(section: Section, block: Block) -> bool:
    """Whether a table has turned pages of its own, in a section that stands upright."""
    if not isinstance(block, Table) or not block.rows or is_turned(section):
        return False
    return is_wide(block)


def contents_after(document: Document) -> int | None:
    """How many sections come before the list of contents, None where there is no list.

    What a reader looks for first, on the first page, comes before it in a report that is approved.
    """
    if len(document.sections) < LISTED or is_one_page(document):
        return None
    return 1 if any(section.key == APPROVAL for section in document.sections) else 0


def numbers(chart: Chart) -> Table:
    """The numbers of a chart as a table like any other, to stand beside it."""
    data = chart.figure.table
    return Table(
        name=chart.name,
        caption=data.caption,
        columns=tuple(
            Column(
                title=title,
                kind="number" if index in data.numeric else "text",
                width=_room(title, (row[index] for row in data.rows)),
            )
            for index, title in enumerate(data.columns)
        ),
        rows=tuple(tuple(Cell(text=text) for text in row) for row in data.rows),
    )


def _room(title: str, texts: Iterable[str]) -> int:
    """A column's share of the width, by the longest text in it; its title may take two lines."""
    longest = max([len(title) // 2, *map(len, texts)])
    return min(5, 1 + longest // 9)


def counts_table(counts: Counts) -> Table:
    return Table(
        name="Counts",
        caption=counts.caption,
        columns=(
            Column(title="Rating", kind="rating"),
            Column(title=counts.counted, kind="number"),
            Column(title="Movement", width=2),
        ),
        rows=tuple(
            (
                Cell(text=item.said, rating=item.rating),
                Cell(text=str(item.count), number=Decimal(item.count)),
                Cell(text=item.movement),
            )
            for item in counts.items
        ),
    )


def is_one_page(document: Document) -> bool:
    """The summary for families: without numbers to refer by."""
    return document.content == "families"


def notices(document: Document) -> list[Fact]:
    """What is to be known before anything is read: a word, and what it means."""
    items = []
    if document.is_draft:
        items.append(Fact(label="Draft", value="Not published: it may still change."))
    if document.is_sample:
        items.append(Fact(label="Sample", value="Written by sample accounts; none of it is real."))
    if document.supersedes:
        value = f"Replaces {document.supersedes}"
        items.append(Fact(label=f"Version {document.version}", value=value))
    return items


def facts(document: Document) -> list[Fact]:
    """What the report is of, and when."""
    pairs = [
        ("Plan", f"{document.local_area}, {document.plan}"),
        ("Period", document.period_text),
        ("As at", short_day(document.as_at)),
    ]
    if document.published_on:
        pairs.append(("Published", short_day(document.published_on)))
        pairs.append(("By", document.published_by))
    return [Fact(label=label, value=value) for label, value in pairs if value]


def audience_text(document: Document) -> str:
    return f"For {listed(list(document.audiences))}" if document.audiences else ""


def state_text(document: Document) -> str:
    """What stands on every page of one that did not go out; empty of one that did."""
    return "Draft" if document.is_draft else ""


def named_title(document: Document) -> str:
    """The title as a file’s properties and lists of files have it, with the state."""
    return ": ".join(filter(None, (state_text(document), document.title)))


def running_text(document: Document) -> str:
    return f"{document.local_area}: {document.series}"


def number_text(document: Document) -> str:
    return f"{document.number}, version {document.version}"


def foot_text(document: Document, digest: str) -> str:
    """At the foot of every page on paper, which is worthless without its day."""
    state = f"{state_text(document)}. " if document.is_draft else ""
    as_at = short_day(document.as_at)
    return f"{state}As at {as_at}. Version {document.version}, {digest[:8]}"


def fingerprint(digest: str) -> list[str]:
    """The digest in groups of four, in two lines."""
    groups = [digest[start : start + 4] for start in range(0, 64, 4)]
    return [" ".join(groups[:8]), " ".join(groups[8:])]

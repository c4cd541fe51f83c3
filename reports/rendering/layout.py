"""What each format decides alike: what stands before the sections, and how they are set."""

from actions import present
from reports.document import APPROVAL, Document, Fact, Section, Table

# A table that needs so much room is set across a turned page; a column of numbers needs half.
WIDE = 8
# A report of fewer sections needs no list of them, nor does a single page.
LISTED = 4


def is_wide(table: Table) -> bool:
    return sum(0.5 if column.kind == "number" else 1 for column in table.columns) >= WIDE


def is_turned(section: Section) -> bool:
    """Whether its pages are turned: for the whole section, so that its heading goes with it."""
    return any(isinstance(block, Table) and is_wide(block) for block in section.blocks)


def contents_after(document: Document) -> int | None:
    """How many sections come before the list of contents, None where there is no list.

    Who approved and signed is read first, on the first page.
    """
    if len(document.sections) < LISTED or is_one_page(document):
        return None
    return 1 if document.sections[0].key == APPROVAL else 0


def is_one_page(document: Document) -> bool:
    """The summary for families: without numbers to refer by."""
    return document.content == "families"


def notices(document: Document) -> list[Fact]:
    """What is to be known before anything is read: a word, and what it means."""
    found = []
    if document.is_draft:
        found.append(Fact(label="Draft", value="Not published: it may still change."))
    if document.is_sample:
        found.append(Fact(label="Sample", value="Written by sample accounts; none of it is real."))
    if document.supersedes:
        found.append(Fact(label=f"Version {document.version}", value=document.supersedes))
    return found


def facts(document: Document) -> list[Fact]:
    """What the report is of, and when."""
    told = [
        ("Plan", f"{document.local_area}, {document.plan}"),
        ("Period", document.period_words),
        ("As at", present.short_day(document.as_at)),
    ]
    if document.published_on:
        told.append(("Published", present.short_day(document.published_on)))
        told.append(("By", document.published_by))
    return [Fact(label=label, value=value) for label, value in told if value]


def audience_words(document: Document) -> str:
    return f"For {present.listed(list(document.audiences))}" if document.audiences else ""


def running_words(document: Document) -> str:
    return f"{document.local_area}: {document.series}"


def number_words(document: Document) -> str:
    return f"{document.number}, version {document.version}"


def foot_words(document: Document, digest: str) -> str:
    """At the foot of every page on paper, which is worthless without its day."""
    as_at = present.short_day(document.as_at)
    return f"As at {as_at}. Version {document.version}, {digest[:8]}"


def fingerprint(digest: str) -> list[str]:
    """The digest in groups of four, in two lines."""
    groups = [digest[start : start + 4] for start in range(0, 64, 4)]
    return [" ".join(groups[:8]), " ".join(groups[8:])]

"""What a report says, in its order: the payload that is frozen, and all that is rendered.

A `Document` holds sections of blocks. It knows nothing of models, and a renderer knows nothing
else: page, Word, PDF, Excel and CSV are made of it alone. Numbers are decimals and colours are
ratings, so that each format may set them its own way and none can get them wrong.

The canonical text is JSON with sorted keys and decimals as strings; its SHA-256 names the record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, TypeAdapter
from pydantic_core import to_jsonable_python

from actions.rules.status import Rating
from kpis.charts.spec import LATER, Figure

FORMAT = "wsoa-report/1"
# The key of the section that says who signed and approved. It is not part of what they sign.
APPROVAL = "approval"


COMMITMENTS = "Commitments"

_FIGURE = TypeAdapter(Figure)


def _figure_as_data(figure: Figure) -> Any:
    """The figure as plain data: what reads back to the same figure has the same text.

    A whole number may stand where a fraction could, so each value first gets the type it is read
    back as; and a set gets an order. A field that figures were given later is left out where it is
    empty, so that what was published without it has its text still.
    """
    typed = _FIGURE.validate_python(_ordered(figure))
    return to_jsonable_python(_ordered(typed))


def _ordered(value: Any) -> Any:
    # Not by `asdict`, which copies every value within, and takes four times as long.
    if names := getattr(value, "__dataclass_fields__", None):
        return {
            name: _ordered(held)
            for name, one in names.items()
            if (held := getattr(value, name)) or not one.metadata.get(LATER)
        }
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, dict):
        return {key: _ordered(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    return value


FigureData = Annotated[Figure, PlainSerializer(_figure_as_data, when_used="json")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Heading(_Part):
    """Within a section, whose own title is of level 1."""

    kind: Literal["heading"] = "heading"
    level: Literal[2, 3]
    text: str


class Paragraph(_Part):
    """`quote` is somebody's own words, `lead` opens a section, `note` explains or warns."""

    kind: Literal["paragraph"] = "paragraph"
    text: str
    style: Literal["body", "lead", "quote", "note"] = "body"
    # The key by which its words are edited in a draft; empty where they are not.
    place: str = ""


class Bullets(_Part):
    kind: Literal["bullets"] = "bullets"
    items: tuple[str, ...]


class Fact(_Part):
    label: str
    value: str


class Facts(_Part):
    kind: Literal["facts"] = "facts"
    items: tuple[Fact, ...]


class Count(_Part):
    rating: Rating
    count: int
    # `4 more than 16 December 2025`; empty where nothing is compared.
    movement: str = ""
    # What the plan calls it, where it has a colour key of its own.
    word: str = Field(default="", exclude_if=lambda text: not text)

    @property
    def said(self) -> str:
        return self.word or self.rating.label


class Counts(_Part):
    """How many commitments have each rating. `total` leaves out the withdrawn."""

    kind: Literal["counts"] = "counts"
    caption: str
    items: tuple[Count, ...]
    total: int
    notes: tuple[str, ...] = ()
    # What is counted. Reports of before do not say it, and are written again as they were.
    counted: str = Field(default=COMMITMENTS, exclude_if=lambda text: text == COMMITMENTS)


class Cell(_Part):
    """`text` is what is read; beside it the number or the rating it stands for, where it does."""

    text: str = ""
    number: Decimal | None = None
    rating: Rating | None = None
    # A web address that the text leads to, on the page and in Word.
    link: str = ""
    # As of a paragraph.
    place: str = ""


class Column(_Part):
    title: str
    kind: Literal["text", "number", "rating", "date"] = "text"
    # A share of the width, beside the others'.
    width: int = 1


class Table(_Part):
    """The first column heads each row. `name` is short, and that of its sheet and its file."""

    kind: Literal["table"] = "table"
    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    # Said instead of a table without rows.
    empty: str = ""
    notes: tuple[str, ...] = ()


class Chart(_Part):
    """A figure with its own words and table; `name` is unique in the document."""

    kind: Literal["chart"] = "chart"
    name: str
    figure: FigureData


class Signature(_Part):
    """Who signed or approved what, or that nobody has."""

    what: str
    name: str = ""
    office: str = ""
    signed_at: datetime | None = None
    words: str = ""


class Signatures(_Part):
    kind: Literal["signatures"] = "signatures"
    items: tuple[Signature, ...]


Block = Annotated[
    Heading | Paragraph | Bullets | Facts | Counts | Table | Chart | Signatures,
    Field(discriminator="kind"),
]


class Section(_Part):
    """`key` stays the same from draft to draft, so that edited words and signatures find it.

    `area` names the area it is about, for those that an SRO signs: "Area 1", or its number alone
    in reports of before. It is kept as it was, since the fingerprint is of the text that was kept.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    area: int | str | None = None

    @property
    def area_text(self) -> str:
        """`Area 1`; empty where the section is about none."""
        if self.area is None:
            return ""
        return f"Area {self.area}" if isinstance(self.area, int) else self.area

    @property
    def digest(self) -> str:
        return hashlib.sha256(_canonical(self).encode()).hexdigest()


class Document(_Part):
    format: Literal["wsoa-report/1"] = "wsoa-report/1"
    title: str
    series: str
    content: Literal["kpis", "exceptions", "formal", "scrutiny", "families"]
    number: str
    version: int
    local_area: str
    plan: str
    plan_slug: str
    audiences: tuple[str, ...]
    period_starts: date
    period_ends: date
    period_text: str
    as_at: date
    # What had been recorded by then is in it.
    known_at: datetime
    is_sample: bool
    is_draft: bool
    # Of a published one; a draft has neither.
    published_on: date | None = None
    published_by: str = ""
    # Which version it stands in the place of, and why, in words.
    supersedes: str = ""
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The canonical text, which is what is kept and signed."""
        return _canonical(self)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def substance(self) -> str:
        """SHA-256 of what an organisation approves: title, audience and every section but the
        approvals themselves. Neither the cut-off's moment nor being a draft is part of it."""
        return self.substance_of(
            section.digest for section in self.sections if section.key != APPROVAL
        )

    def substance_of(self, digests: Iterable[str]) -> str:
        """The same from the digests of those sections, for who has them."""
        approved = {
            "title": self.title,
            "audiences": self.audiences,
            "sections": list(digests),
        }
        return hashlib.sha256(json.dumps(approved, sort_keys=True).encode()).hexdigest()

    @classmethod
    def read(cls, text: str) -> Document:
        return cls.model_validate_json(text)

    def tables(self) -> list[Table]:
        return [
            block
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Table)
        ]

    def charts(self) -> list[Chart]:
        return [
            block
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Chart)
        ]


def _canonical(part: BaseModel) -> str:
    return json.dumps(
        part.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )

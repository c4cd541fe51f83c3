"""The places of a draft whose words people may edit, and the words that stand there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reports.rendering.document import Cell, Paragraph
from reports.rendering.page import anchor

OFFICER = "officer"
FORUM = "forum"
# Said where the records have words and somebody emptied their place: never that there were none.
LEFT_OUT = "Left out of this report."


@dataclass(frozen=True, slots=True)
class EditableText:
    """Words in a draft. `key` stays the same from draft to draft.

    `original` is what the records say, empty where they say nothing; `text` is what stands. `owner`
    says who edits it, and `leads` are the users to be told when somebody else does. `beside` is
    what the words speak of (`reports/contents/blocks/facts.py`). It is stale where the records have
    said something else, there or beside it, since it was edited.
    """

    key: str
    label: str
    original: str
    text: str
    owner: str = OFFICER
    leads: tuple[int, ...] = ()
    is_stale: bool = False
    beside: str = ""
    # Of what stood beside it when it was edited, what has changed: as it was, and as it is now.
    stood: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()

    @property
    def is_edited(self) -> bool:
        return self.text != self.original

    @property
    def anchor(self) -> str:
        """The id of its words on the page."""
        return anchor(self.key)


@dataclass(frozen=True, slots=True)
class Edited:
    """Words that somebody put in a place, and what the records said there and beside it then.

    `beside` is empty where that was not kept.
    """

    text: str
    original: str
    beside: str = ""

    def place(self, key: str, label: str, original: str, beside: str) -> "EditableText":
        was, now = self.beside.splitlines(), beside.splitlines()
        is_known = bool(self.beside)
        return EditableText(
            key,
            label,
            original,
            self.text,
            is_stale=self.original != original or (is_known and was != now),
            beside=beside,
            stood=tuple(fact for fact in was if fact not in now),
            stands=tuple(fact for fact in now if is_known and fact not in was),
        )


@dataclass
class EditedTexts:
    """The words of one report: the edited ones where there are some. Remembers every place."""

    edited: Mapping[str, Edited]
    places: dict[str, EditableText] = field(default_factory=dict)

    def say(
        self,
        key: str,
        label: str,
        original: str = "",
        *,
        owner: str = OFFICER,
        leads: tuple[int, ...] = (),
        beside: str = "",
    ) -> str:
        edited = self.edited.get(key, Edited(original, original))
        place = edited.place(key, label, original, beside)
        self.places[key] = replace(place, owner=owner, leads=leads)
        return place.text

    def paragraph(
        self,
        key: str,
        label: str,
        original: str = "",
        *,
        empty: str,
        owner: str = OFFICER,
        leads: tuple[int, ...] = (),
        beside: str = "",
    ) -> Paragraph:
        """A paragraph to be edited; `empty` is said where there are no words."""
        text = self.say(key, label, original, owner=owner, leads=leads, beside=beside)
        otherwise = LEFT_OUT if original else empty
        return Paragraph(text=text or otherwise, style="body" if text else "note", place=key)

    def cell(
        self,
        key: str,
        label: str,
        original: str,
        *,
        empty: str,
        leads: tuple[int, ...] = (),
        beside: str = "",
    ) -> Cell:
        """The same in a table."""
        text = self.say(key, label, original, leads=leads, beside=beside)
        return Cell(text=text or (LEFT_OUT if original else empty), place=key)

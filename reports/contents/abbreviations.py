"""Plain words: an abbreviation comes with its meaning where a section first uses it.

The meanings are those of the plan's glossary. Where it gives a term two, or two terms differ by the
case of their letters alone, none is put into the text by guess: the list at the end has them all.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from actions.models import GlossaryTerm
from actions.pages import formatting
from reports.contents.blocks.oversight import CO_PRODUCTION
from reports.contents.report_data import ReportData
from reports.rendering.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Section,
    Table,
)

# What plans of this kind say so often that their glossaries leave it out.
COMMON = {
    "BRAG": "Blue, Red, Amber, Green",
    "CQC": "Care Quality Commission",
    "CYP": "children and young people",
    "DfE": "Department for Education",
    "EHC": "education, health and care",
    "EHCP": "education, health and care plan",
    "KPI": "key performance indicator",
    "NHS": "National Health Service",
    "NHSE": "NHS England",
    "SEN": "special educational needs",
    "SENCO": "special educational needs co-ordinator",
    "SEND": "special educational needs and disabilities",
    "SRO": "senior responsible officer",
    "WSoA": "Written Statement of Action",
}
# A word with two capitals, such as `EHCP`, `DfE` or `CiN`; not a reference such as `1.1.1a`.
ABBREVIATION = re.compile(r"(?<![\w.])(?=\w*[A-Z]\w*[A-Z])[A-Za-z]{2,12}(?![\w])")


@dataclass
class Glossary:
    """What abbreviations mean, and which of them a report has used. `unknown` have no meaning."""

    meanings: Mapping[str, tuple[str, ...]]
    used: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def term(self, word: str) -> str:
        """The term of which a word is a form: itself, or its plural; empty for none."""
        if word in self.meanings:
            return word
        return word[:-1] if word.endswith("s") and word[:-1] in self.meanings else ""

    def meaning(self, term: str) -> str:
        """The one meaning there is, empty where there are several to choose from."""
        alike = {
            meaning
            for other, meanings in self.meanings.items()
            if other.casefold() == term.casefold()
            for meaning in meanings
        }
        return alike.pop() if len(alike) == 1 else ""


def load_glossary(report_data: ReportData) -> Glossary:
    """The plan's own, as worded on the day shown, and what is common. One query."""
    rows = [
        row
        for row in report_data.worded(GlossaryTerm, plan=report_data.plan)
        if row.withdrawn_at is None
    ]
    meanings: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.position, row.key)):
        meanings[row.abbreviation].append(row.meaning)
    for term, meaning in COMMON.items():
        if term not in meanings:
            meanings[term].append(meaning)
    return Glossary({term: tuple(dict.fromkeys(texts)) for term, texts in meanings.items()})


def spelt_out(sections: Iterable[Section], glossary: Glossary) -> tuple[Section, ...]:
    """The sections with the meaning behind each abbreviation where a section first uses it.

    The forum's words are its own, and stay as they are.
    """
    return tuple(_Speller(glossary, section).section() for section in sections)


def list_of(glossary: Glossary) -> Section:
    """The abbreviations of the report with their meanings, and those that have none."""
    rows = [
        (Cell(text=term), Cell(text=", or ".join(glossary.meanings[term])))
        for term in sorted(glossary.used, key=lambda term: (term.casefold(), term))
    ]
    notes = []
    if glossary.unknown:
        unknown = formatting.listed(sorted(glossary.unknown))
        notes.append(f"The plan’s glossary does not say what these mean: {unknown}.")
    return Section(
        key="words",
        title="Words and abbreviations",
        blocks=(
            Table(
                name="Words",
                caption="Abbreviations in this report, and what they mean",
                columns=(Column(title="Abbreviation", width=1), Column(title="Meaning", width=4)),
                rows=tuple(rows),
                empty="This report has no abbreviations.",
                notes=tuple(notes),
            ),
        ),
    )


class _Speller:
    """Spells out one section."""

    def __init__(self, glossary: Glossary, section: Section) -> None:
        self.glossary = glossary
        self.whole = section
        self.explained: set[str] = set()

    def section(self) -> Section:
        # What heads something is too short for a meaning; the list has it.
        self.note(self.whole.title)
        blocks = tuple(map(self.block, self.whole.blocks))
        return self.whole.model_copy(update={"blocks": blocks})

    def block(self, block: Block) -> Block:
        match block:
            # Somebody's own words stay as they are.
            case Paragraph(style="quote"):
                self.note(block.text)
                return block
            case Paragraph():
                return block.model_copy(update={"text": self.text(block.text)})
            case Bullets():
                return Bullets(items=tuple(map(self.text, block.items)))
            case Facts():
                self.note(" ".join(fact.label for fact in block.items))
                return Facts(
                    items=tuple(
                        Fact(label=fact.label, value=self.text(fact.value)) for fact in block.items
                    )
                )
            case Table():
                titles = (column.title for column in block.columns)
                self.note(" ".join((block.caption, *titles, *block.notes)))
                rows = tuple(
                    tuple(cell.model_copy(update={"text": self.text(cell.text)}) for cell in row)
                    for row in block.rows
                )
                return block.model_copy(update={"rows": rows})
            case Heading():
                self.note(block.text)
                return block
            case _:
                return block

    def note(self, text: str) -> None:
        """Remember what a text uses."""
        for word in ABBREVIATION.findall(text):
            if term := self.glossary.term(word):
                self.glossary.used.add(term)
            else:
                self.glossary.unknown.add(word)

    def text(self, text: str) -> str:
        self.note(text)
        if self.whole.key == CO_PRODUCTION:
            return text
        return ABBREVIATION.sub(lambda match: self.spelt(match[0], text), text)

    def spelt(self, word: str, text: str) -> str:
        term = self.glossary.term(word)
        meaning = self.glossary.meaning(term) if term else ""
        if not meaning or term in self.explained:
            return word
        self.explained.add(term)
        # It may stand there already, as in `Child in Need (CIN)`.
        return word if meaning.casefold() in text.casefold() else f"{word} ({meaning})"

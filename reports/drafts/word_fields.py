"""The fields of a Word file: what they do when it is opened, and which of them may stand in one.

A field is an instruction that Word carries out by itself or when somebody prints: `PAGE` puts a
page number, `DDEAUTO` starts a program, `INCLUDEPICTURE` fetches from elsewhere. What a council's
template holds stands in every report made over it, so only those fields may that read the document
itself or the clock. All others are refused by name, also those that nobody has thought of yet:

- what starts or fetches: DDE, DDEAUTO, LINK, EMBED, INCLUDETEXT, INCLUDEPICTURE, IMPORT, DATABASE,
  RD, PRINT, MACROBUTTON, ADDIN and others;
- what says who opens the file or where it is kept: USERNAME and its kin, FILENAME with its path;
- what asks its reader something or is filled in by another program: ASK, FILLIN, MERGEFIELD, forms;
- what builds words of others, in which something could be hidden: QUOTE, SET, AUTOTEXT.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

HARMLESS = frozenset(
    (
        # Where one is in the document, and what else it says there.
        *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "STYLEREF", "REF", "PAGEREF", "NOTEREF"),
        *("SEQ", "TOC", "TC", "HYPERLINK", "LISTNUM", "NUMCHARS", "NUMWORDS"),
        # What the file says of itself.
        *("TITLE", "SUBJECT", "AUTHOR", "KEYWORDS", "COMMENTS", "LASTSAVEDBY", "DOCPROPERTY"),
        *("REVNUM", "FILENAME"),
        # The clock, and when the file was made.
        *("DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE"),
        # Arithmetic of page numbers ("if this is not the first page"), and signs.
        *("IF", "=", "SYMBOL", "ADVANCE", "EQ"),
    )
)
# Stands in a field's instruction where another field's result comes.
_NESTED = "\0"
_NAME = re.compile(r"\s*(=|[^\s\\\"]*)")
_SHOWN = 40


def forbidden_field(part: Element) -> str | None:
    """The name of the first field of a part that may not stand in a template."""
    for instruction in _instructions(part):
        match = _NAME.match(instruction)
        name = match.group(1).upper() if match else ""
        if not instruction.strip():
            continue
        if name not in HARMLESS or (name == "FILENAME" and "\\p" in instruction.lower()):
            return name.replace(_NESTED, "…")[:_SHOWN] or "of no name"
    return None


def _instructions(part: Element) -> Iterator[str]:
    """Each field's instruction, however many runs it is cut into; one within another has its own.

    In any namespace: Word has had several for the same elements.
    """
    fields: list[list[str]] = []
    # Of each field around: whether its instruction is over, and its result has begun.
    has_result: list[bool] = []
    for element in part.iter():
        kind = _local(element.tag)
        if kind == "fldSimple":
            yield _attribute(element, "instr")
        elif kind == "fldChar":
            step = _attribute(element, "fldCharType")
            if step == "begin":
                if fields and not has_result[-1]:
                    fields[-1].append(_NESTED)
                fields.append([])
                has_result.append(False)
            elif step == "separate" and fields:
                has_result[-1] = True
            elif step == "end" and fields:
                yield "".join(fields.pop())
                has_result.pop()
        elif kind in ("instrText", "delInstrText"):
            text = "".join(element.itertext())
            if fields and not has_result[-1]:
                fields[-1].append(text)
            else:
                yield text
    for left_open in fields:
        yield "".join(left_open)


def _local(name: object) -> str:
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")

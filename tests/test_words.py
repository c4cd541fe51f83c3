"""Words that officers do not use stay away from what they read: pages, files, papers, messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("actions", "kpis", "reports", "wsoa")

# What was said once, and what is said now.
NEVER_AGAIN = {
    r"Take (these|\{\{)": "Download: Excel, CSV",
    r"Words in the text": "Search",
    r"Last said(?! on)": "Last update",
    r"nothing stands here": "This is empty",
    r"is no (day|period)\. ": "is not a date, is not a period",
    r"Give a day that has come": "The date must not be in the future",
    r"Present password": "Current password",
    r"\bDeputies\b": "Cover",
    r"sees to it": "Owner",
    r"Whose account is this|Where do you have it from": "On behalf of; Source",
    r"\bIt is done\b|Say that this is done": "Mark as done",
    r">Leave it( open| as it is)?<": "Cancel; Keep open",
    r"file has \{": "This file is 31.5 MB",
    r"Bring in past progress": "Import past updates",
    r"More ways to narrow": "More filters",
    r"\bDate now\b": "Due date",
    r"What they are on this plan": "Role",
    r"no initials": "spell out abbreviations",
    r"to confirm or return": "Blue to confirm",
    r"same as then|then and now": "unchanged",
    r"minutes have it": "Minute reference",
    r"^Words of \{": "Last update",
    r"([Pp]ut|[Tt]hrow) this draft away": "Discard draft",
    r">(The|Its) course<": "History",
    r"which it has not got": "No completion date agreed",
    r"SRO.s judgement": "SRO rating",
    r"excluded for good": "permanently excluded",
    r"ask is on its way": "Request sent",
    r"stands in the place of": "Replaces",
    r"What is due when": "Reporting timetable",
    r"Months and dates": "Timeline",
    r"You answer as": "Signing as",
    r"changed of what was agreed": "Changes to the plan",
    r"What came into the plan": "Added and withdrawn",
    r"Nobody has said yet": "has not been rated; nothing is recorded yet",
    r"(have|has) data overdue": "Data overdue for",
    r"than at first": "than the baseline",
    r"has said nothing yet|nothing said yet": "No SRO commentary this quarter; Not recorded",
    r"\banew\b": "again",
    r"needs none any more": "no longer an exception",
    r"[^\s{%] [Oo]wed\b(?! %\})|>\s*[Oo]wed\b|[Yy]ou owe|owes (an update|anything)": "due",
    r"No verdict|verdict is theirs|(Inspectors’|the) verdict": "judgement (of inspectors)",
    r"^[Dd]ropped$|(draft|report) was dropped|Date dropped": "discarded; no longer needed",
    r"Blue lapsed": "Blue: reconfirm",
    r"officer judges|>Judge |judge it again|[Oo]fficer’s judgement|area’s officer said": (
        "SRO rating, rates"
    ),
    r"\b[Aa]n officer (closes|edited|moves|sets|has named|then)|[Tt]he officers|What officers": (
        "the programme team"
    ),
    r"difference for families": "impact for children and families",
    r"\bRAG or BRAG\b": "whichever the plan says",
    r"Not as good as the others": "Below statistical neighbours",
    r"standing reason": "continuing",
    r"[Pp]eriod (opens|closes)": "update window opens, closes",
    r"[Ss]omebody may stand in|[Nn]obody stands in": "Cover; No cover arranged",
    r">(Look)<|^Look$": "Review",
    r"Nobody has asked a question by": "No questions",
    r"late, missed, lapsed or silent": "overdue, missed, lapsed or not updated",
}


def strings_of(path: Path) -> Iterator[str]:
    """What a program may say: its strings, without what it says of itself."""
    tree = ast.parse(path.read_text())
    own = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in own:
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )


def said() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        # Without its contract, which speaks to developers.
        yield path, re.sub(r"\{#.*?#\}", "", path.read_text())
    for program in PROGRAMS:
        for path in sorted((ROOT / program).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from ((path, text) for text in strings_of(path))


EVERYTHING = [(path.relative_to(ROOT), text) for path, text in said()]


@pytest.mark.parametrize("words", NEVER_AGAIN)
def test_words_that_officers_do_not_use_are_not_read(words):
    wrong = re.compile(words, re.MULTILINE)
    found = [f"{path}: {hit.group()}" for path, text in EVERYTHING for hit in wrong.finditer(text)]

    assert found == [], f"say: {NEVER_AGAIN[words]}"


def test_everything_was_looked_at():
    assert len({path for path, _ in EVERYTHING}) > 400
    assert any("Reporting timetable" in text for _, text in EVERYTHING)

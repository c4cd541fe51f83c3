"""Reading what a report tells besides states: texts and records up to the cut-off, one query each.

What may not leave the plan is not asked of the database: working notes, restricted notes,
restricted evidence, and the titles of evidence that may not be shared outside.
"""

from reports.contents.queries.areas import AreaPart, Verdict, areas
from reports.contents.queries.money import Money, funding, resources
from reports.contents.queries.oversight import (
    Asked,
    DecisionPart,
    Move,
    Review,
    asks_decided,
    decisions,
    moves,
    reviews,
)
from reports.contents.queries.progress import (
    RiskPart,
    Shown,
    Statement,
    UpdateWords,
    View,
    evidence,
    risks,
    updates,
)

__all__ = [
    "AreaPart",
    "Asked",
    "DecisionPart",
    "Money",
    "Move",
    "Review",
    "RiskPart",
    "Shown",
    "Statement",
    "UpdateWords",
    "Verdict",
    "View",
    "areas",
    "asks_decided",
    "decisions",
    "evidence",
    "funding",
    "moves",
    "resources",
    "reviews",
    "risks",
    "updates",
]

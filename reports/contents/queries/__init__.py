"""Reading what a report tells besides states: texts and records up to the cut-off, one query each.

What may not leave the plan is not asked of the database: working notes, restricted notes,
restricted evidence, and the titles of evidence that may not be shared outside.
"""

from reports.contents.queries.areas import (
    AreaPart,
    FindingPart,
    Verdict,
    actions,
    areas,
)
from reports.contents.queries.measures import comparator_rows, comparators
from reports.contents.queries.money import Money, funding, other_sums, resources
from reports.contents.queries.oversight import (
    DecisionPart,
    Move,
    Review,
    ReviewActionPart,
    decisions,
    moves,
    requests_decided,
    reviews,
)
from reports.contents.queries.progress import (
    EvidencePart,
    RiskPart,
    Statement,
    UpdateText,
    View,
    evidence,
    risks,
    updates,
)

__all__ = [
    "AreaPart",
    "DecisionPart",
    "EvidencePart",
    "FindingPart",
    "Money",
    "Move",
    "Review",
    "ReviewActionPart",
    "RiskPart",
    "Statement",
    "UpdateText",
    "Verdict",
    "View",
    "actions",
    "areas",
    "comparator_rows",
    "comparators",
    "decisions",
    "evidence",
    "funding",
    "moves",
    "other_sums",
    "requests_decided",
    "resources",
    "reviews",
    "risks",
    "updates",
]

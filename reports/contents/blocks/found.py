"""What inspectors found, where a report says what an area is for."""

from collections.abc import Iterable

from actions.models import Finding
from actions.wording import in_words
from reports.contents.queries import AreaPart
from reports.rendering.document import Block, Heading, Paragraph

# What a plan is demanded for; the rest is said beside it.
_DEMANDED = {Finding.Kind.WEAKNESS, Finding.Kind.PRIORITY}


def heading(area: AreaPart) -> Heading:
    """Findings of no inspection are nobody's but the plan's: a review's, or its own."""
    of_no_inspection = area.findings and not any(
        finding.is_of_inspection for finding in area.findings
    )
    return Heading(level=2, text=f"What {'was' if of_no_inspection else 'the inspectors'} found")


def paragraphs(area: AreaPart) -> list[Block]:
    """The words of each finding that an area answers, by its name where there are several."""
    if not area.findings:
        return [Paragraph(text=in_words("This {area} answers no finding of its own."))]
    if len(area.findings) == 1:
        return [Paragraph(text=area.findings[0].text)]
    return [Paragraph(text=f"{finding.name}: {finding.text}") for finding in area.findings]


def must_get_better(areas: Iterable[AreaPart]) -> int:
    """How many findings the areas answer: of those that a plan is demanded for, where any are."""
    kinds = {finding.code: finding.kind for area in areas for finding in area.findings}
    demanded = [kind for kind in kinds.values() if kind in _DEMANDED]
    return len(demanded or [kind for kind in kinds.values() if kind != Finding.Kind.STRENGTH])

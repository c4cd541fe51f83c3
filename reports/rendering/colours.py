"""The colours of documents: those of the page in the light. No Django."""

from dataclasses import dataclass

from actions.rules.status import Rating
from kpis.charts.svg.svg import PALETTE

INK = PALETTE["ink"]
SECOND = PALETTE["ink-2"]
ACCENT = PALETTE["accent"]


@dataclass(frozen=True, slots=True)
class Colours:
    """Of one rating, each as `#rrggbb`. Without a fill it is an outline."""

    fill: str
    letters: str
    edge: str


RATINGS = {
    rating: Colours(PALETTE[rating], PALETTE[f"on-{rating}"], PALETTE[f"edge-{rating}"])
    if rating in PALETTE
    else Colours("", INK, PALETTE["edge"])
    for rating in Rating
}

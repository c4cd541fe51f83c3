"""What an area's senior responsible officer says, with its day, and what does not go with it."""

from actions.rules.state import count
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from reports.contents.blocks import facts
from reports.contents.queries import AreaPart
from reports.contents.report_data import ReportData, day_text
from reports.models import ReportSeries
from reports.rendering.document import Block, Paragraph
from reports.rules.exceptions import is_rated_above

_PERIODS = {
    ReportSeries.Rhythm.QUARTERLY: "quarter",
    ReportSeries.Rhythm.MONTHLY: "month",
    ReportSeries.Rhythm.TERMLY: "term",
}


def account(report_data: ReportData, area: AreaPart) -> list[Block]:
    """The words with the day they are of; older than the report's period, they say so."""
    key = f"area:{area.code}:account"
    period = _PERIODS.get(ReportSeries.Rhythm(report_data.series.rhythm), "period")
    words = report_data.words.paragraph(
        key,
        f"{area.label}: what the senior responsible officer says",
        area.reason,
        empty=f"No SRO commentary this {period}.",
        leads=area.told,
        beside=facts.of_area(report_data, area),
    )
    # What was edited here was written for this report.
    is_of_record = bool(area.reason) and not report_data.words.places[key].is_edited
    notes = [_dated(report_data, area, period) if is_of_record else "", _above(report_data, area)]
    return [words, *(Paragraph(text=note, style="note") for note in notes if note)]


def _dated(report_data: ReportData, area: AreaPart, period: str) -> str:
    if area.judged_on is None:
        return ""
    day = day_text(area.judged_on)
    if area.judged_on >= report_data.report.starts_on:
        return f"Written on {day}."
    return f"Written on {day}, before this {period}. No SRO commentary this {period}."


def _above(report_data: ReportData, area: AreaPart) -> str:
    """That the rating and the commitments below it do not go together."""
    states = report_data.standing(area.id)
    if area.judgement is None or not is_rated_above(area.judgement, states):
        return ""
    counts = count(states)
    worst = next(rating for rating in (Rating.RED, Rating.AMBER) if counts.ratings[rating])
    rated = area.word or scale().word(area.judgement)
    number, of = counts.ratings[worst], levels().some("commitment", len(states))
    are = "is" if number == 1 else "are"
    return in_words(
        f"To check: the {{area}} is rated {rated}, and {number} of its {of} {are} "
        f"{scale().word(worst)}."
    )

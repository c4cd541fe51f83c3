"""One page for families, beside a quarterly or half-yearly report: what is done, what is late."""

from collections.abc import Sequence

from actions.pages import formatting
from actions.rules.comparison import ChangeKind
from actions.rules.state import CommitmentState, Counts
from actions.rules.status import Rating
from actions.wording import levels, scale
from reports.contents import abbreviations
from reports.contents.blocks import facts, found
from reports.contents.report_data import ReportData
from reports.rendering.document import Block, Bullets, Document, Paragraph, Section

# A page has room for so many, and a reader patience.
MOST_DONE = 3
LONGEST_NAME = 140


def document(report_data: ReportData, report: Document) -> Document:
    """The summary, with the number and the days of the report that it goes with."""
    sections = (
        Section(key="purpose", title="What this plan is for", blocks=tuple(_purpose(report_data))),
        Section(key="done", title="What has been done", blocks=tuple(_done(report_data))),
        Section(
            key="worries", title="What is late or worries us", blocks=tuple(_late(report_data))
        ),
        Section(key="you-said", title="You said, we did", blocks=(_you_said(report_data),)),
        Section(key="have-a-say", title="How to have a say", blocks=(_have_a_say(report_data),)),
    )
    return report.model_copy(
        update={
            "title": f"How the plan is going, {report.period_text}",
            "content": "families",
            "audiences": ("families",),
            "sections": abbreviations.spelt_out(sections, abbreviations.load_glossary(report_data)),
        }
    )


def _purpose(report_data: ReportData) -> list[Block]:
    areas = report_data.areas
    finding_count = found.must_get_better(areas)
    place = report_data.plan.local_area.name
    sentence = (
        f"Inspectors looked at how {place} supports children and young people with special "
        "educational needs and disabilities, and their families. "
    )
    if finding_count:
        what = (
            "one thing" if finding_count == 1 else f"{formatting.number_text(finding_count)} things"
        )
        sentence += f"They found {what} that must get better. "
    sentence += "This plan says what will be done about it, by whom and by when. It works on:"
    blocks: list[Block] = [Paragraph(text=sentence)]
    if areas:
        blocks.append(Bullets(items=tuple(area.named_with(": ") for area in areas)))
    return blocks


def _done(report_data: ReportData) -> list[Block]:
    if not report_data.now.tracked:
        return [Paragraph(text=report_data.untracked_text)]
    blocks: list[Block] = [Paragraph(text=_promises(report_data.counts))]
    newly = [
        change
        for change in report_data.changes
        if change.kind is ChangeKind.RATED and change.now is Rating.BLUE
    ]
    if newly:
        since = formatting.short_day(report_data.since)
        names = [
            formatting.cut(report_data.named[change.commitment].in_short, LONGEST_NAME)
            for change in newly
        ]
        blocks.append(Paragraph(text=f"Done since {since}:"))
        blocks.append(Bullets(items=tuple(names[:MOST_DONE])))
        more = len(names) - MOST_DONE
        if more > 0:
            blocks.append(Paragraph(text=f"And {more} more, which the full report names."))
    differences = [
        update.changed_for_families
        for state in report_data.standing()
        for update in report_data.updates.in_period.get(state.id, ())
        if update.changed_for_families
    ]
    blocks.append(
        report_data.words.paragraph(
            "families:difference",
            "Summary for families: what is different for families",
            "\n".join(list(dict.fromkeys(differences))[:MOST_DONE]),
            empty="Nothing is recorded yet on the impact for families.",
            beside=facts.of_plan(report_data),
        )
    )
    return blocks


def _promises(counts: Counts) -> str:
    """How many there are, and how many are done or on their way, in the words of the plan's key."""
    promises = f"The plan makes {formatting.plural(counts.total, 'promise')}"
    done, well, worried = Rating.BLUE, Rating.GREEN, Rating.AMBER
    key = scale()
    if key.entries:
        said = [
            f"{counts.ratings[rating]} {key.word(rating)}"
            for rating in (done, well, worried)
            if rating in key.shown(counts.ratings)
        ]
        return f"{promises}: {formatting.listed(said)}." if said else f"{promises}."
    blue, green, amber = (counts.ratings[rating] for rating in (done, well, worried))
    return (
        f"{promises}. {_are(blue)} done and part of everyday work. {_are(green)} on track, and "
        f"{_are(amber).lower()} on track with some concerns."
    )


def _no_progress() -> str:
    """What is said of Red."""
    return scale().red if scale().entries else "without progress or with major concerns"


def _late(report_data: ReportData) -> list[Block]:
    if not report_data.now.tracked:
        return [Paragraph(text="This cannot be said before the first updates.")]
    standing = report_data.standing()
    counts = report_data.counts
    overdue = sum(state.is_overdue for state in standing)
    red, unrated = counts.ratings[Rating.RED], counts.ratings[Rating.NOT_YET_RATED]
    sentence = f"{_are(overdue)} late. {_are(red)} {_no_progress()}."
    if unrated:
        have = "has" if unrated == 1 else "have"
        sentence += f" {levels().some('commitment', unrated)} {have} not been rated."
    worries = [
        f"{area.label}: {text}"
        for area in report_data.areas
        if (text := _worries(report_data.standing(area.id)))
    ]
    blocks: list[Block] = [Paragraph(text=sentence)]
    if worries:
        blocks.append(Bullets(items=tuple(worries)))
    return blocks


def _worries(states: Sequence[CommitmentState]) -> str:
    """`2 late, 1 without progress or with major concerns`; some may be both."""
    late = sum(state.is_overdue for state in states)
    red = sum(state.rating is Rating.RED for state in states)
    parts = [f"{late} late"] if late else []
    if red:
        parts.append(f"{red} {_no_progress()}")
    return ", ".join(parts)


def _you_said(report_data: ReportData) -> Paragraph:
    """No record pairs what families asked for with what was done, so a person writes it."""
    return report_data.words.paragraph(
        "families:you-said",
        "Summary for families: you said, we did",
        empty="Nothing has been written here yet.",
    )


def _have_a_say(report_data: ReportData) -> Paragraph:
    return report_data.words.paragraph(
        "families:have-a-say",
        "Summary for families: how to have a say",
        "Tell the parent carer forum what you think, or ask the council for the full report.",
        empty="Nothing has been written here yet.",
    )


def _are(number: int) -> str:
    return f"{_number(number)} {'is' if number == 1 else 'are'}"


def _number(number: int) -> str:
    return "None" if number == 0 else formatting.number_text(number).capitalize()

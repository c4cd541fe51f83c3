"""What stands out, with its reasons, movement, mitigation, help asked for and forecast."""

from actions.pages.formatting import Chip
from actions.rules.comparison import ChangeKind
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from reports.contents.blocks import facts
from reports.contents.blocks.commitments import NOT_RECORDED, open_risks_of
from reports.contents.blocks.ratings import rating_cell
from reports.contents.report_data import Material, day_words
from reports.dashboard.exceptions import PARTS, reason_chips
from reports.rendering.document import Cell, Column, Table
from reports.rules.exceptions import Exceptional, Part


def part_table(material: Material, part: Part) -> Table:
    title = PARTS[part][0]
    found = {
        Part.DECISION: material.exceptions.decision,
        Part.ATTENTION: material.exceptions.attention,
        Part.NOTE: material.exceptions.note,
    }[part]
    return Table(
        name=title,
        caption=f"{title}: commitments on {day_words(material.until)}",
        columns=(
            Column(title="Ref", width=2),
            Column(title="Commitment", width=6),
            Column(title="Rating", kind="rating", width=4),
            Column(title=f"On {day_words(material.since)}", kind="rating", width=4),
            Column(title="Why it stands here", width=5),
            Column(title="What is being done about it", width=6),
            Column(title="Support needed", width=5),
            Column(title="Agreed date and forecast", width=4),
            Column(title="Led by", width=5),
        ),
        rows=tuple(_row(material, one) for one in found),
        empty="Nothing.",
    )


def _row(material: Material, one: Exceptional) -> tuple[Cell, ...]:
    state = one.state
    beside = facts.of_commitment(material, state)
    return (
        Cell(text=state.ref),
        Cell(text=material.named[state.id].name),
        rating_cell(state.rating),
        rating_cell(one.was, "not in the plan"),
        Cell(text="\n".join(_why(chip) for chip in reason_chips(one, material.until))),
        material.words.cell(
            f"commitment:{state.ref}:mitigation",
            f"What is being done about {state.ref}",
            _mitigation(material, state),
            empty=NOT_RECORDED,
            leads=material.users(state),
            beside=beside,
        ),
        material.words.cell(
            f"commitment:{state.ref}:help",
            f"Support needed with {state.ref}",
            _help(material, state),
            empty="None.",
            leads=material.users(state),
            beside=beside,
        ),
        Cell(text="\n".join(_dates(material, state))),
        Cell(text=material.leads(state)),
    )


def _why(chip: Chip) -> str:
    return f"{chip.text} (new)" if chip.is_new else chip.text


def _mitigation(material: Material, state: CommitmentState) -> str:
    """Of each open risk and issue, what it is and what is done about it; empty where nothing is.

    A risk alone is no answer to what is being done about it.
    """
    risks = open_risks_of(material, state.id)
    if not any(risk.mitigation for risk in risks):
        return ""
    return "\n".join(
        f"{risk.kind}: {_sentence(risk.text)} {risk.mitigation or NOT_RECORDED}" for risk in risks
    )


def _help(material: Material, state: CommitmentState) -> str:
    """What the newest update asks for, and what the open risks ask for."""
    newest = material.updates.newest.get(state.id)
    asked = [newest.help_needed] if newest else []
    asked += [risk.help_needed for risk in open_risks_of(material, state.id)]
    return "\n".join(dict.fromkeys(filter(None, asked)))


def _dates(material: Material, state: CommitmentState) -> list[str]:
    if state.completion is None:
        found = ["No completion date agreed"]
    else:
        found = [f"Agreed {state.completion.now}"]
        if state.completion.is_moved:
            found.append(f"First agreed {state.completion.first}")
    newest = material.updates.newest.get(state.id)
    if newest and newest.forecast:
        found.append(f"Its leads expect {newest.forecast}")
    return found


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def done_since(material: Material) -> Table:
    """What was delivered, or became Blue with a second person’s word."""
    words = {ChangeKind.DELIVERED: "Delivered", ChangeKind.RATED: "Completed and embedded"}
    return Table(
        name="Delivered and embedded",
        caption=f"Delivered or completed since {day_words(material.since)}",
        columns=(
            Column(title="Ref", width=2),
            Column(title="Commitment", width=6),
            Column(title="What was reached", width=4),
            Column(title="Rating", kind="rating", width=3),
            Column(title="First agreed for", kind="date", width=3),
        ),
        rows=tuple(
            (
                Cell(text=change.ref),
                Cell(text=material.named[change.commitment].name),
                Cell(text=words[change.kind]),
                rating_cell(state.rating),
                Cell(text=str(state.completion.first) if state.completion else "none agreed"),
            )
            for change in material.changes
            if change.kind is ChangeKind.DELIVERED
            or (change.kind is ChangeKind.RATED and change.now is Rating.BLUE)
            for state in [material.by_id[change.commitment]]
        ),
        empty=f"Nothing was delivered or became Blue since {day_words(material.since)}.",
    )


def quiet_areas(material: Material) -> str:
    """The areas in which nothing stands out, named; empty where there is none."""
    loud = {one.state.area for one in material.exceptions.commitments}
    for kpi in material.exceptions.kpis:
        loud.update(kpi.areas)
    quiet = [str(area.number) for area in material.areas if area.id not in loud]
    if not quiet:
        return ""
    if len(quiet) == 1:
        return f"Nothing stands out in area {quiet[0]}."
    return f"Nothing stands out in areas {', '.join(quiet[:-1])} and {quiet[-1]}."

"""The dashboard's title and the sentences under it, which reports share.

The title comes from a fixed, ordered set of sentences over counts, so that nobody can tune it.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from actions.pages import formatting
from actions.rules.state import CommitmentState, Counts, PlanState, count
from actions.rules.status import Rating
from actions.wording import in_words, scale
from reports.rules.exceptions import Exceptions

# A title names so many commitments, each in so many signs.
MOST_NAMED = 3
LONGEST_NAME = 60


def headline(
    state: PlanState, previous: PlanState, title_day: date, names: Mapping[int, str]
) -> str:
    """The first two of these that hold, else that nothing moved.

    More Blue; Red in more areas, or more Red; fewer Red; more overdue; more Amber; more Green. The
    good and the bad are joined by "but". What is newly Red is named, up to three commitments.
    """
    clauses = list(_clauses(state, previous, names))[:2]
    if not clauses:
        return f"How the plan stands on {formatting.short_day(title_day)}"
    joint = "but" if len({is_good for _, is_good in clauses}) > 1 else "and"
    first, *others = (clause for clause, _ in clauses)
    # After a list of names a comma would read as one of them.
    stop = ";" if ":" in first else "," if joint == "but" else ""
    sentence = f"{stop} {joint} ".join((first, *others))
    return sentence[:1].upper() + sentence[1:]


def _clauses(
    state: PlanState, previous: PlanState, names: Mapping[int, str]
) -> Iterator[tuple[str, bool]]:
    """Each clause that holds, and whether it is good news."""
    counts, earlier = count(state.commitments), count(previous.commitments)

    def more(rating: Rating) -> int:
        return counts.ratings[rating] - earlier.ratings[rating]

    if more(Rating.BLUE) > 0:
        done = scale().blue if scale().entries else "done and embedded"
        yield f"{_more(more(Rating.BLUE))} {done}", True
    red, was_red = _red(state), _red(previous)
    reached = len({commitment.area for commitment in red.values()})
    was_reached = len({commitment.area for commitment in was_red.values()})
    if more(Rating.RED) > 0 or reached > was_reached:
        yield _now_red(red, was_red, names), False
    elif more(Rating.RED) < 0:
        fewer = -more(Rating.RED)
        yield f"{_fewer(fewer)} {scale().red}", True
    if counts.overdue > earlier.overdue:
        yield f"{_more(counts.overdue - earlier.overdue)} overdue", False
    if more(Rating.AMBER) > 0:
        yield f"{_more(more(Rating.AMBER))} {scale().amber}", False
    if more(Rating.GREEN) > 0:
        yield f"{_more(more(Rating.GREEN))} {scale().green}", True


def _red(state: PlanState) -> dict[int, CommitmentState]:
    return {
        commitment.id: commitment
        for commitment in state.commitments
        if commitment.rating is Rating.RED and not commitment.is_withdrawn
    }


def _now_red(
    red: Mapping[int, CommitmentState],
    was_red: Mapping[int, CommitmentState],
    names: Mapping[int, str],
) -> str:
    """`one commitment is now Red: 1.1.1a, Waiting times`; a count where there are many.

    It is commitments that are Red, and never an area: an area has its officer's judgement.
    """
    newly = [commitment for key, commitment in red.items() if key not in was_red]
    is_more = was_red and len(red) - len(was_red) == len(newly)
    noun = _are(len(newly))
    number = f"{formatting.number_text(len(newly))} {'more ' if is_more else ''}"
    clause = f"{number}{noun} now {scale().red}"
    if len(newly) > MOST_NAMED:
        return clause
    named = [
        f"{commitment.ref}, {formatting.cut(names[commitment.id].rstrip('.'), LONGEST_NAME)}"
        for commitment in newly
    ]
    return f"{clause}: {'; '.join(named)}"


def _more(number: int) -> str:
    return f"{formatting.number_text(number)} more {_are(number)}"


def _fewer(number: int) -> str:
    return f"{formatting.number_text(number)} fewer {_are(number)}"


def _are(number: int) -> str:
    return in_words("{commitment} is" if number == 1 else "{commitments} are")


def lead_in(
    current: Exceptions, previous: Exceptions, moved: int, counts: Counts, since: str
) -> str:
    """`Since 16 December 2022, eight commitments have a new reason for attention and five …`"""
    new = sum(exception.has_new_reason for exception in current.commitments)
    now = {exception.state.id for exception in current.commitments}
    stood = {exception.state.id for exception in (*previous.decision, *previous.attention)}
    over = len(stood - now)
    unrated = counts.ratings[Rating.NOT_YET_RATED]
    # From ten up a number is a numeral, and so are those beside it.
    is_few = max(new, over, moved, unrated) < 10

    def number(count: int, nouns: tuple[str, str], singular: str, plural: str) -> str:
        digits = formatting.number_text(count) if is_few else str(count)
        return f"{digits} {nouns[count != 1]} {singular if count == 1 else plural}"

    commitments = (in_words("{commitment}"), in_words("{commitments}"))

    clauses = []
    if new:
        has = number(new, commitments, "has", "have")
        clauses.append(f"{has} a new reason for attention")
    if over:
        clauses.append(
            number(over, commitments, "is no longer an exception", "are no longer exceptions")
        )
    sentences = [f"Since {since}, {' and '.join(clauses) or 'nothing new needs attention'}."]
    if moved:
        sentences.append(f"{number(moved, ('date', 'dates'), 'moved', 'moved').capitalize()}.")
    if unrated:
        rated = number(unrated, commitments, "has", "have").capitalize()
        sentences.append(f"{rated} never been rated.")
    return " ".join(sentences)

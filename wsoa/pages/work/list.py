"""Everything that waits for the user on a plan, in one list. For their page and the menu's count.

Each part asks the database a fixed number of times, whatever the number of rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from actions import access
from actions.areas.areas import areas_of, judgement_of
from actions.models import Confirmation, Plan, ProgressUpdate
from actions.pages import formatting
from actions.pages.commitment_rows import CommitmentText, commitment_texts, line
from actions.pages.notices import Notice, notices_for
from actions.pages.plan_page import PlanPage
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from actions.wording import in_words, scale
from wsoa.oversight.changes import change_list
from wsoa.oversight.changes.change_requests import step_of
from wsoa.oversight.decisions.decision_list import DecisionItem, decisions_of
from wsoa.oversight.models import ChangeRequest, Handover
from wsoa.oversight.questions.question_list import QuestionItem, questions_of
from wsoa.pages.work.candidates import Candidates, candidates_of, rating_due
from wsoa.pages.work.figures import FigureRows, count_figures, figures_waiting
from wsoa.pages.work.items import Kind, WorkItem

# As much of somebody's words as tells whether to open the page.
IN_SHORT = 160


@dataclass
class Rows:
    """What the items are put into words from, read once for all whom a page tells of.

    Each part is read in a fixed number of queries, and not at all where nobody needs it.
    """

    page: PlanPage
    found: Sequence[Candidates]
    # The commitments whose updates or Blues wait.
    states: Sequence[CommitmentState]
    figures: FigureRows

    def _keys(self, *names: str) -> set[int]:
        return {key for one in self.found for name in names for key in getattr(one, name)}

    @cached_property
    def texts(self) -> dict[int, CommitmentText]:
        return commitment_texts(self.page, self.states)

    @cached_property
    def updates(self) -> dict[int, ProgressUpdate]:
        newest = {state.newest_update.id for state in self.states if state.newest_update}
        return ProgressUpdate.objects.select_related("by").in_bulk(newest) if newest else {}

    @cached_property
    def returned(self) -> dict[int, Confirmation]:
        return _returned([state.id for state in self.states])

    @cached_property
    def questions(self) -> list[QuestionItem]:
        wanted = self._keys("to_answer", "to_close")
        return questions_of(self.page, only=wanted) if wanted else []

    @cached_property
    def decisions(self) -> list[DecisionItem]:
        wanted = self._keys("decisions")
        return decisions_of(self.page, only=wanted) if wanted else []

    @cached_property
    def requests(self) -> list[ChangeRequest]:
        wanted = self._keys("changes")
        return change_list.requests_of(self.page, only=wanted) if wanted else []

    @cached_property
    def kpi_areas(self) -> dict[int, tuple[int, ...]]:
        return change_list.kpi_areas_of(self.page)

    @cached_property
    def areas(self) -> list[Any]:
        wanted = self._keys("areas")
        return list(areas_of(self.page, pk__in=wanted)) if wanted else []

    @cached_property
    def handovers(self) -> list[Handover]:
        wanted = self._keys("handovers")
        rows = Handover.objects.filter(pk__in=wanted).select_related("leaver", "successor", "by")
        return list(rows.order_by("recorded_at")) if wanted else []


def work_of(page: PlanPage) -> list[WorkItem]:
    """What waits for the user today, in no order. None on another day."""
    if not may_wait(page):
        return []
    found = candidates_of(page)
    rows = Rows(page, [found], waiting_states(page), FigureRows(page, found.figures))
    return [*items_of(page, found, rows), *elsewhere(notices_for([page.access], page.today)[0])]


def waiting_states(page: PlanPage) -> list[CommitmentState]:
    """The commitments of which an update or an answer to a Blue is the user's."""
    return [*_due(page), *_blues(page)]


def may_wait(page: PlanPage) -> bool:
    """Nothing does of a draft, of a plan that is closed, and for who reads reports alone."""
    return (
        page.is_today and page.plan.state == Plan.State.AGREED and access.can_see_live(page.access)
    )


def count_of(page: PlanPage) -> int:
    """How many things wait: what the menu says on every page of the plan.

    Without their words: what waits of commitments follows from their state, most else from the
    keys that one query reads.
    """
    if not may_wait(page):
        return 0
    found = candidates_of(page)
    no_figures = FigureRows(page, ())
    others = page.keep(
        "work elsewhere",
        (page.access.user.pk,),
        lambda: (
            count_figures(page, found)
            + sum(1 for _ in _changes(page, found, Rows(page, [found], (), no_figures)))
            + len(notices_for([page.access], page.today)[0])
        ),
        lambda _: 1,
    )
    by_key = (found.to_answer, found.to_close, found.decisions, found.areas, found.handovers)
    return len(_due(page)) + len(_blues(page)) + sum(map(len, by_key)) + others


def items_of(page: PlanPage, found: Candidates, rows: Rows) -> Iterator[WorkItem]:
    """What waits for the page's user of what was found, in words; papers apart."""
    yield from _of_commitments(page, rows)
    yield from figures_waiting(page, found, rows.figures)
    yield from _questions(found, rows)
    yield from _actions(found, rows)
    yield from _changes(page, found, rows)
    yield from _ratings(page, found, rows)
    yield from _handovers(page, found, rows)


# --- Updates and Blues ------------------------------------------------------------------------


def is_due(state: CommitmentState) -> bool:
    return state.update_due_now or state.update_overdue


def _due(page: PlanPage) -> list[CommitmentState]:
    return [state for state in page.own() if not state.is_withdrawn and is_due(state)]


def _blues(page: PlanPage) -> list[CommitmentState]:
    """Proposed in the own areas, and theirs to answer."""
    return [
        state for state in page.state.commitments if access.answers_blue_of_area(page.access, state)
    ]


def _of_commitments(page: PlanPage, rows: Rows) -> Iterator[WorkItem]:
    """Four queries at most: the texts, the last updates, and why Blues were returned."""
    for state in _due(page):
        yield _update(page, state, rows)
    for state in _blues(page):
        yield _blue(page, state, rows)


def _returned(commitments: list[int]) -> dict[int, Confirmation]:
    """The last answer to a Blue of each of these, where it was returned."""
    if not commitments:
        return {}
    newest = (
        Confirmation.objects.filter(commitment__in=commitments)
        .select_related("by")
        .order_by("commitment_id", "-effective_at", "-recorded_at")
        .distinct("commitment_id")
    )
    return {answer.commitment_id: answer for answer in newest if not answer.is_confirmed}


def _update(
    page: PlanPage,
    state: CommitmentState,
    rows: Rows,
) -> WorkItem:
    row = line(page, state, rows.texts[state.id])
    answer = rows.returned.get(state.id) if state.standing.blue_returned_at else None
    wanted, quote = _last_words(state, rows.updates, answer)
    if access.deputises(page.access, state) and not access.leads(page.access, state):
        wanted = f"You cover for its lead. {wanted}".strip()
    return WorkItem(
        Kind.UPDATE,
        row.ref,
        row.name,
        row.update_url,
        "Update",
        wanted=wanted,
        quote=quote,
        since=page.period.first_day if page.period else None,
        due=_last_day(page, state),
        name_url=row.url,
        row=row,
        areas=(state.area,),
        is_returned=answer is not None,
    )


def _last_day(page: PlanPage, state: CommitmentState) -> date | None:
    """The last day on which what is owed was or is in time."""
    if state.update_due_since:
        return state.update_due_since - timedelta(days=1)
    return page.period.closes_on if page.period else None


def _last_words(
    state: CommitmentState, updates: dict[int, ProgressUpdate], answer: Confirmation | None
) -> tuple[str, str]:
    """What an update should meet, and whose words: why a Blue came back, else the last ones."""
    if answer:
        who = answer.by.name if answer.by else answer.source
        when = formatting.short_day(day_of(answer.effective_at))
        return f"{scale().blue} returned by {who} on {when}:", _in_short(answer.reason)
    newest = state.newest_update
    if newest is None:
        return "No update yet.", ""
    written = updates[newest.id]
    when = formatting.short_day(day_of(newest.effective_at))
    if not written.progress:
        return f"Last update, {when}: no change.", ""
    return f"Last update, {when}:", _in_short(written.progress)


def _blue(
    page: PlanPage,
    state: CommitmentState,
    rows: Rows,
) -> WorkItem:
    row = line(page, state, rows.texts[state.id])
    proposed_at = state.standing.blue_proposed_at
    proposed_on = day_of(proposed_at) if proposed_at else None
    written = rows.updates.get(state.newest_update.id) if state.newest_update else None
    who = written.by.name if written and written.by else ""
    wanted = f"Proposed on {formatting.short_day(proposed_on)}" if proposed_on else "Proposed"
    wanted += f" by {who}" if who else ""
    if earlier := rows.returned.get(state.id):
        # Said before what is new: it was returned for a reason.
        wanted = f"Proposed again after a return on {_day(earlier.effective_at)}"
    return WorkItem(
        Kind.BLUE,
        row.ref,
        row.name,
        page.url("actions:answer_blue", state.code),
        "Review",
        wanted=f"{wanted}:" if written and written.progress else f"{wanted}.",
        quote=_in_short(written.progress) if written else "",
        since=proposed_on,
        due=proposed_on + timedelta(days=14) if proposed_on else None,
        name_url=row.url,
        row=row,
        areas=(state.area,),
    )


def _in_short(text: str) -> str:
    return formatting.cut(" ".join(text.split()), IN_SHORT)


def _day(moment: Any) -> str:
    return formatting.short_day(day_of(moment))


# --- Questions, actions and changes -----------------------------------------------------------


def _questions(found: Candidates, rows: Rows) -> Iterator[WorkItem]:
    """Those to answer, and the answers to one's own. Three queries; none where none waits."""
    for item in rows.questions:
        if item.question.pk in found.to_answer:
            yield _question(item)
        elif item.question.pk in found.to_close:
            yield WorkItem(
                Kind.CLOSING,
                item.on.ref,
                item.on.name or "The plan",
                item.url,
                "Read it",
                wanted="Your question was answered. Close it, or let it stand:",
                quote=_in_short(item.answers[-1].text),
                since=item.asked_on,
                name_url=item.on.url,
                areas=tuple(item.on.areas),
            )


def _question(item: QuestionItem) -> WorkItem:
    return WorkItem(
        Kind.QUESTION,
        item.on.ref,
        item.on.name or "The plan",
        item.url,
        "Answer",
        wanted=f"{item.asked_by}, {item.asked_text}:",
        quote=_in_short(item.question.text),
        since=item.asked_on,
        due=item.question.answer_due_on,
        name_url=item.on.url,
        areas=tuple(item.on.areas),
    )


def _actions(found: Candidates, rows: Rows) -> Iterator[WorkItem]:
    """What a meeting decided and the user sees to. One query; none where nothing waits."""
    for item in rows.decisions:
        if item.decision.pk not in found.decisions:
            continue
        yield WorkItem(
            Kind.ACTION,
            item.about_text if item.about_url else "",
            formatting.cut(item.decision.text, IN_SHORT),
            item.finish_url,
            "Mark as done",
            wanted=f"Decided by {item.meeting_text}. You are the owner.",
            since=day_of(item.decision.effective_at),
            due=item.decision.due_on,
            name_url=item.meeting_url,
            areas=item.areas,
        )


def _changes(page: PlanPage, found: Candidates, rows: Rows) -> Iterator[WorkItem]:
    """Changes to support, to decide, to minute. Two queries; none for whom none can wait."""
    for request in rows.requests:
        if request.pk not in found.changes:
            continue
        step = step_of(request)
        areas = change_list.areas_of(request, rows.kpi_areas)
        # Whose turn it is first: what is asked for is put into words for them alone.
        if not change_list.next_for(page, request, step, areas):
            continue
        item = change_list.change_item(page, request, rows.kpi_areas)
        yield WorkItem(
            Kind.CHANGE,
            item.about,
            item.title,
            item.url,
            item.next_text,
            wanted=f"{item.asked}:",
            quote=_in_short(item.reason),
            since=day_of(request.effective_at),
            name_url=item.url,
            areas=areas,
        )


# --- Ratings and papers -----------------------------------------------------------------------


def _ratings(page: PlanPage, found: Candidates, rows: Rows) -> Iterator[WorkItem]:
    """The own areas without a rating, or with one of a quarter ago. One query; none for most."""
    for area in rows.areas:
        if area.key not in found.areas:
            continue
        judged = judgement_of(area)
        last = (
            f"Your last rating: {judged.word or scale().word(judged.rating)}, "
            f"{formatting.short_day(judged.judged_on)}."
            if judged
            else "Not rated yet."
        )
        yield WorkItem(
            Kind.RATING,
            area.ref,
            area.title,
            page.url("actions:judge_area", area.code),
            in_words("Rate the {area}"),
            wanted=last,
            quote=_in_short(judged.reason) if judged else "",
            since=rating_due(judged.judged_on) if judged else None,
            name_url=page.url("pages:area", area.code),
            areas=(area.key,),
        )


def _handovers(page: PlanPage, found: Candidates, rows: Rows) -> Iterator[WorkItem]:
    """Somebody's work in the own areas that passed to another. One query; none for most."""
    for row in rows.handovers:
        if row.pk not in found.handovers:
            continue
        who = row.by.name if row.by else row.source
        url = page.url("oversight:handover", row.pk)
        yield WorkItem(
            Kind.HANDOVER,
            "",
            f"{row.leaver}’s work passed to {row.successor}",
            url,
            "Read it",
            wanted=f"From {formatting.short_day(row.starts_on)}, recorded by {who}:",
            quote=_in_short(row.reason),
            since=day_of(row.recorded_at),
            name_url=url,
        )


def elsewhere(notices: Iterable[Notice]) -> Iterator[WorkItem]:
    """What the rooms of reports say waits."""
    for notice in notices:
        yield WorkItem(
            Kind.REPORT, "", notice.words, notice.url, notice.button, name_url=notice.url
        )

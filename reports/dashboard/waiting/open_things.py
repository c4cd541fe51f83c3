"""The words in which something is asked of the group; open questions, decisions not carried out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf, TruncDate

from actions.models import ProgressUpdate
from actions.pages.plan_page import PlanPage
from actions.rules.dates import LONDON, end_of_day
from actions.rules.state import CommitmentState
from wsoa.oversight.decisions.owners import with_owners
from wsoa.oversight.models import Challenge, ChangeRequest, Decision
from wsoa.oversight.models.questions import open_on


@dataclass(frozen=True, slots=True)
class Said:
    """Of an update: the support asked for, and what happened. Of a request: its kind and reason."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Words:
    updates: Mapping[int, Said]
    requests: Mapping[int, Said]


def words_of(states: Iterable[CommitmentState]) -> Words:
    """Of the newest update and the open requests of each. One query."""
    states = list(states)
    newest = [state.newest_update.id for state in states if state.newest_update]
    asked = [request.id for state in states for request in state.open_requests]
    updates = (
        ProgressUpdate.objects.filter(pk__in=newest)
        .order_by()
        .annotate(what=Value("update", CharField()))
        .values_list("what", "pk", "help_needed", "progress")
    )
    requests = (
        ChangeRequest.objects.filter(pk__in=asked)
        .order_by()
        .annotate(what=Value("request", CharField()))
        .values_list("what", "pk", "kind", "reason")
    )
    said: dict[str, dict[int, Said]] = {"update": {}, "request": {}}
    for what, pk, first, second in updates.union(requests, all=True):
        said[what][pk] = Said(first, second)
    return Words(said["update"], said["request"])


@dataclass(frozen=True, slots=True)
class Open:
    """A question nobody closed, since its day; or an action of a meeting, due on its day."""

    pk: int
    text: str
    who: str
    day: date
    # What a question is about; the meeting in which an action was decided.
    commitment: int | None
    area: int | None
    kpi: int | None
    meeting: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    questions: Sequence[Open]
    overdue_actions: Sequence[Open]


_COLUMNS = ("pk", "text", "who", "day", "commitment", "area", "kpi", "meeting")


def load_waiting(page: PlanPage) -> Waiting:
    """As at the page's day, the oldest first. One query."""
    end = end_of_day(page.day)
    asked_by = Coalesce(
        NullIf("asked_by", Value("")), "by__name", "source", output_field=CharField()
    )
    questions = (
        Challenge.objects.filter(open_on(page.day), plan=page.plan)
        .order_by()
        .annotate(
            part=Value("question", CharField()),
            who=asked_by,
            day=TruncDate("effective_at", tzinfo=LONDON),
        )
        .values_list("part", *_COLUMNS)
    )
    not_done = Q(done=None) | Q(done__effective_at__gte=end)
    overdue = Decision.objects.filter(
        not_done, plan=page.plan, effective_at__lt=end, due_on__lt=page.still_on
    )
    actions = (
        with_owners(overdue, page.day)
        .exclude(owner_now=None)
        .order_by()
        .annotate(
            part=Value("action", CharField()),
            who=KeyTextTransform("name", "owner_told"),
            day=F("due_on"),
        )
        .values_list("part", *_COLUMNS)
    )
    found: dict[str, list[Open]] = {"question": [], "action": []}
    for part, *row in questions.union(actions, all=True):
        found[part].append(Open(*row))
    return Waiting(*(sorted(rows, key=lambda row: (row.day, row.pk)) for rows in found.values()))

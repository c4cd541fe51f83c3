"""Finding words and references in plans as they are today, in a fixed number of queries.

PostgreSQL's English full text finds words in any of their forms; each table's words stand in an
index of their own (`words_index`). Every word asked for must stand in one and the same part: in a
commitment's own words, in its action's or in its theme's; in one update, KPI or risk; in one
question or its answer, decision, change asked for, meeting with families or entry of the glossary,
of which a plan has so few that they need no index. Beside that,
references and codes are found whole or by how they begin: `1.1.2` finds 1.1.2a, not 1.1.20a. What
is plainly a reference is not looked for in texts.

Left out are withdrawn parts and what was said of them; working notes, which are for the page of
their commitment; and all that somebody restricted: notes and evidence are not looked at.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    FloatField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Extract, JSONObject, Length, NullIf
from django.db.models.lookups import GreaterThan

from actions.models import (
    Action,
    Commitment,
    Engagement,
    GlossaryTerm,
    Organisation,
    Person,
    ProgressUpdate,
    Risk,
    Theme,
)
from actions.pages.filters import REFERENCE, beginning
from actions.records.written_once import written_once
from actions.rules.state import PlanState
from kpis.models import Kpi
from kpis.setup.named_people import named_in
from wsoa.oversight.models import Challenge, ChallengeAnswer, ChangeRequest, Decision

CONFIG = "english"
# Characters of a text that a line shows whole.
WHOLE_UP_TO = 280


class Kind(StrEnum):
    """What can be found, in the order of the page."""

    COMMITMENT = "commitments"
    UPDATE = "updates"
    KPI = "kpis"
    RISK = "risks"
    QUESTION = "questions"
    DECISION = "decisions"
    CHANGE = "changes"
    ENGAGEMENT = "engagement"
    GLOSSARY = "glossary"
    PERSON = "people"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, by its key. A person may be found in several plans."""

    kind: Kind
    pk: int
    plans: tuple[int, ...]
    commitment: int | None
    order: float


# --- What matches -----------------------------------------------------------------------------


def hits_of(plans: Collection[int], query: str) -> list[Hit]:
    """All that these plans have of it, withdrawn commitments too. One query."""
    found = (
        _by_reference(list(plans), beginning(query))
        if REFERENCE.fullmatch(query.casefold())
        else _by_words(list(plans), query, beginning(query), re.escape(query))
    )
    places = {plan: place for place, plan in enumerate(plans)}
    hits: dict[tuple[str, int], Hit] = {}
    for kind, pk, plan, commitment, order in found:
        before = hits.get((kind, pk))
        hits[kind, pk] = Hit(
            Kind(kind),
            pk,
            # A union has no order of its own.
            tuple(sorted({*(before.plans if before else ()), plan}, key=places.__getitem__)),
            commitment,
            min(order, before.order if before else order),
        )
    return list(hits.values())


@written_once
def _by_reference(plans: list[int], start: str) -> QuerySet[Any, Any]:
    first, *others = _arms_of_references(plans, start)
    return first.union(*others)


@written_once
def _by_words(plans: list[int], query: str, start: str, name: str) -> QuerySet[Any, Any]:
    first, *others = [*_arms_of_references(plans, start), *_arms_of_text(plans, query, name)]
    return first.union(*others)


def _arms_of_references(plans: list[int], start: str) -> Iterable[QuerySet[Any, Any]]:
    yield _commitments(Commitment.objects.filter(plan__any=plans, ref__iregex=start), order=0)
    yield _kpis(Kpi.objects.filter(plan__any=plans, withdrawn_at=None, code__iregex=start))


def _arms_of_text(plans: list[int], query: str, name: str) -> Iterable[QuerySet[Any, Any]]:
    """Each way to be found, as a query that can use an index of its own."""
    commitments = Commitment.objects.filter(plan__any=plans)
    kpis = Kpi.objects.filter(plan__any=plans, withdrawn_at=None)
    search_query = _query(query)
    own = _matching(Commitment, search_query)
    yield _commitments(own.filter(plan__any=plans), order=0)
    # Evidence that the plan prints once for several rows is the evidence of each.
    shared = SearchVector("same_evidence_as__evidence", config=CONFIG)
    yield _commitments(
        commitments.filter(same_evidence_as__in=own).alias(words=shared).filter(words=search_query),
        order=0,
    )
    actions = _matching(Action, search_query).filter(withdrawn_at=None)
    yield _commitments(commitments.filter(action__in=actions), order=1)
    themes = _matching(Theme, search_query).filter(withdrawn_at=None)
    yield _commitments(commitments.filter(action__theme__in=themes), order=2)

    yield _arm(
        Kind.UPDATE,
        _matching(ProgressUpdate, search_query).filter(commitment__plan__any=plans),
        plan="commitment__plan",
        order=_newest_first(),
        commitment=F("commitment_id"),
    )
    yield _kpis(kpis.filter(pk__in=_matching(Kpi, search_query)))
    yield _arm(
        Kind.RISK, _matching(Risk, search_query).filter(plan__any=plans), order=_newest_first()
    )

    yield from _of_meetings(plans, search_query)
    for kind, model, texts in (
        (Kind.ENGAGEMENT, Engagement, ("meeting", "description")),
        (Kind.GLOSSARY, GlossaryTerm, ("abbreviation", "meaning")),
    ):
        of_plan = model._default_manager.filter(plan__any=plans, withdrawn_at=None)
        yield _arm(
            kind,
            _saying(of_plan, search_query, *texts),
            order=Cast("position", FloatField()),
        )

    # Unlike words, names are found by any piece of them: half a name is how people remember it.
    people = Person.objects.filter(
        Q(pk__in=_matching(Person, search_query).values("pk"))
        | Q(organisation__in=_matching(Organisation, search_query).values("pk"))
        | Q(name__iregex=name)
    )
    for named, person, plan in named_in(plans):
        yield _arm(
            Kind.PERSON,
            named.filter(**{f"{person}__in": people.values("pk")}),
            pk=person,
            plan=plan,
            order=Cast(f"{person}__position", FloatField()),
        )


def _of_meetings(plans: list[int], search_query: SearchQuery) -> Iterable[QuerySet[Any, Any]]:
    """Questions by their own words or an answer's, decisions, and changes asked for."""
    questions = Challenge.objects.filter(plan__any=plans)
    answers = _saying(
        ChallengeAnswer.objects.filter(challenge__plan__any=plans), search_query, "text"
    )
    for found in (
        _saying(questions, search_query, "text"),
        questions.filter(pk__in=answers.values("challenge")),
    ):
        yield _arm(Kind.QUESTION, found, order=_newest_first(), commitment=F("commitment_id"))
    yield _arm(
        Kind.DECISION,
        _saying(Decision.objects.filter(plan__any=plans), search_query, "text", "minute"),
        order=_newest_first(),
    )
    for to_plan in ("commitment__plan", "kpi__plan", "plan"):
        requests = ChangeRequest.objects.filter(**{f"{to_plan}__any": plans})
        yield _arm(
            Kind.CHANGE,
            _saying(requests, search_query, "reason", "wanted_text"),
            plan=to_plan,
            order=_newest_first(),
            commitment=F("commitment_id"),
        )


def _saying(rows: QuerySet[Any], search_query: SearchQuery, *texts: str) -> QuerySet[Any]:
    """Of few rows, those whose words match."""
    matching: QuerySet[Any] = rows.alias(words=SearchVector(*texts, config=CONFIG)).filter(
        words=search_query
    )
    return matching


def _commitments(commitments: QuerySet[Any], *, order: int) -> QuerySet[Any, Any]:
    return _arm(Kind.COMMITMENT, commitments, order=Value(float(order)), commitment=F("pk"))


def _kpis(kpis: QuerySet[Any]) -> QuerySet[Any, Any]:
    return _arm(Kind.KPI, kpis, order=Cast("position", FloatField()))


def _matching(model: type[Model], search_query: SearchQuery) -> QuerySet[Any]:
    """The rows of a table whose words match, by its index: the spelling here is the index's own."""
    (index,) = (index for index in model._meta.indexes if isinstance(index, GinIndex))
    return model._default_manager.alias(words=index.expressions[0]).filter(words=search_query)


def _query(query: str) -> SearchQuery:
    """As people write searches: words, "a phrase", or, and a minus before what is not wanted."""
    return SearchQuery(query, config=CONFIG, search_type="websearch")


def _newest_first() -> Any:
    return -Cast(Extract("effective_at", "epoch"), FloatField())


def _arm(
    kind: Kind,
    rows: QuerySet[Any],
    *,
    order: Any,
    pk: str = "pk",
    plan: str = "plan",
    commitment: Any = None,
) -> QuerySet[Any, Any]:
    """Rows of one width, whatever was found."""
    none = Value(None, BigIntegerField())
    arm: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            hit_kind=Value(kind.value, CharField()),
            hit_commitment=none if commitment is None else commitment,
            hit_order=order,
        )
        .values_list("hit_kind", pk, plan, "hit_commitment", "hit_order")
    )
    return arm


# --- In which order, and what of it is left out -----------------------------------------------


def current(hits: Iterable[Hit], states: Mapping[int, PlanState]) -> dict[Kind, list[Hit]]:
    """The hits by kind, without what hangs on a commitment that is not in a plan today.

    Commitments stand in their plan's order, found by their own words first; updates and risks
    newest first; KPIs and people as the plan has them.
    """
    live = (
        state.id for plan in states.values() for state in plan.commitments if not state.is_withdrawn
    )
    places = {pk: place for place, pk in enumerate(live)}
    kept = [hit for hit in hits if hit.commitment is None or hit.commitment in places]

    plans = {pk: place for place, pk in enumerate(states)}

    def place(hit: Hit) -> tuple[float, ...]:
        match hit.kind:
            case Kind.COMMITMENT:
                return hit.order, places[hit.pk]
            case Kind.UPDATE | Kind.RISK | Kind.QUESTION | Kind.DECISION | Kind.CHANGE:
                # Of one moment, what was recorded last: a correction before what it corrects.
                return hit.order, -hit.pk
        return plans[hit.plans[0]], hit.order, hit.pk

    return {kind: sorted((hit for hit in kept if hit.kind is kind), key=place) for kind in Kind}


# --- What it says -----------------------------------------------------------------------------

# Signs of Unicode's private area, which stand for themselves in no text of a plan.
_START, _STOP = "\ue000", "\ue001"
_MARKED = re.compile(f"{_START}(.*?){_STOP}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `is_hit` where it is one of the words asked for."""

    text: str
    is_hit: bool


def pieces(marked: str) -> list[Piece]:
    """Text from the database as stretches, so that no page has to trust it as markup."""
    stretches = _MARKED.split(marked)
    return [Piece(text, bool(number % 2)) for number, text in enumerate(stretches) if text]


def has_hit(marked: str | None) -> bool:
    return bool(marked and _START in marked)


def texts_of(hits: Sequence[Hit], query: str) -> dict[tuple[Kind, int], dict[str, Any]]:
    """The texts of what is shown, with the words asked for marked. One query."""
    wanted = {kind: [hit.pk for hit in hits if hit.kind is kind] for kind in Kind}
    if not hits:
        return {}
    rows = _texts(query, *(wanted[kind] for kind in Kind))
    return {(Kind(kind), pk): details for kind, pk, details in rows}


@written_once
def _texts(
    query: str,
    commitments: list[int],
    updates: list[int],
    kpis: list[int],
    risks: list[int],
    questions: list[int],
    decisions: list[int],
    changes: list[int],
    engagement: list[int],
    glossary: list[int],
    people: list[int],
) -> QuerySet[Any, tuple[str, int, dict[str, Any]]]:
    """In the order of `Kind`. A kind of which nothing was found is asked for no key."""
    asked = (
        commitments,
        updates,
        kpis,
        risks,
        questions,
        decisions,
        changes,
        engagement,
        glossary,
        people,
    )
    keys = dict(zip(Kind, asked, strict=True))
    first, *others = [
        model._default_manager.filter(pk__any=keys[kind])
        .order_by()
        .annotate(hit_kind=Value(kind.value, CharField()), details=JSONObject(**details))
        .values_list("hit_kind", "pk", "details")
        for kind, (model, details) in _details(_query(query)).items()
    ]
    texts: QuerySet[Any, tuple[str, int, dict[str, Any]]] = first.union(*others, all=True)
    return texts


def _details(search_query: SearchQuery) -> dict[Kind, tuple[type[Model], dict[str, Any]]]:
    def whole(text: Any) -> SearchHeadline:
        return _headline(text, search_query, highlight_all=True)

    def some(text: str) -> Any:
        """All of a short text; of a long one what stands around the words."""
        around = _headline(
            text,
            search_query,
            max_fragments=2,
            max_words=34,
            min_words=14,
            fragment_delimiter=" … ",
        )
        return Case(When(GreaterThan(Length(text), WHOLE_UP_TO), then=around), default=whole(text))

    evidence = Coalesce(NullIf("evidence", Value("")), "same_evidence_as__evidence")
    name = Coalesce(
        NullIf("commitment__title", Value("")),
        NullIf("commitment__evidence", Value("")),
        "commitment__same_evidence_as__evidence",
    )
    answers = ChallengeAnswer.objects.filter(challenge=OuterRef("pk")).order_by("-recorded_at")
    answer = _saying(answers, search_query, "text").values("text")[:1]
    about = {
        "code": "commitment__code",
        "ref": "commitment__ref",
        "area": "area__code",
        "area_label": "area__label",
        "kpi": "kpi__code",
    }
    return {
        Kind.COMMITMENT: (
            Commitment,
            {
                "code": "code",
                "ref": "ref",
                "title": whole("title"),
                "evidence": whole(evidence),
                "action_ref": "action__ref",
                "action": some("action__title"),
                "action_detail": some("action__detail"),
                "theme_ref": "action__theme__ref",
                "theme": some("action__theme__title"),
                "i_statement": some("action__theme__i_statement"),
            },
        ),
        Kind.UPDATE: (
            ProgressUpdate,
            {
                "code": "commitment__code",
                "ref": "commitment__ref",
                "name": name,
                "brag": "brag",
                "word": "word",
                "at": "effective_at",
                "by": "by__name",
                "source": "source",
                "on_behalf_of": "on_behalf_of__name",
                "is_corrected": Exists(ProgressUpdate.objects.filter(corrects=OuterRef("pk"))),
                "progress": some("progress"),
                "help_needed": some("help_needed"),
                "changed_for_families": some("changed_for_families"),
            },
        ),
        Kind.KPI: (
            Kpi,
            {"code": "code", "title": whole("title"), "definition": some("definition")},
        ),
        Kind.RISK: (
            Risk,
            {
                "kind": "kind",
                "text": whole("text"),
                "mitigation": some("mitigation"),
                "help_needed": some("help_needed"),
                "at": "effective_at",
                "by": "by__name",
                "source": "source",
                "closed_at": "closing__effective_at",
                "code": "commitment__code",
                "ref": "commitment__ref",
                "area": "area__code",
                "area_label": "area__label",
                "kpi": "on_kpi__kpi__code",
            },
        ),
        Kind.QUESTION: (
            Challenge,
            {
                "text": whole("text"),
                "answer": whole(Subquery(answer)),
                **_said("closing__effective_at"),
                "asked_by": "asked_by",
                **about,
            },
        ),
        Kind.DECISION: (
            Decision,
            {
                "text": whole("text"),
                "meeting": "meeting",
                "held_on": "meeting__held_on",
                "body": "meeting__body__name",
                "minute": "minute",
                **about,
            },
        ),
        Kind.CHANGE: (
            ChangeRequest,
            {
                "kind": "kind",
                "reason": whole("reason"),
                "wanted_text": some("wanted_text"),
                **_said("decision__effective_at"),
                "code": "commitment__code",
                "ref": "commitment__ref",
                "kpi": "kpi__code",
            },
        ),
        Kind.ENGAGEMENT: (
            Engagement,
            {"on": "on", "meeting": whole("meeting"), "description": some("description")},
        ),
        Kind.GLOSSARY: (
            GlossaryTerm,
            {"abbreviation": whole("abbreviation"), "meaning": whole("meaning")},
        ),
        Kind.PERSON: (
            Person,
            {
                "name": whole("name"),
                "job_title": whole("job_title"),
                "organisation": whole("organisation__name"),
            },
        ),
    }


def _said(ended: str) -> dict[str, str]:
    """By whom and when; and when it was settled."""
    return {"at": "effective_at", "by": "by__name", "source": "source", "ended_at": ended}


def _headline(text: Any, search_query: SearchQuery, **options: Any) -> SearchHeadline:
    return SearchHeadline(
        text, search_query, config=CONFIG, start_sel=_START, stop_sel=_STOP, **options
    )

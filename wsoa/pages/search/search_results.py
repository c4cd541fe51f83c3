"""What a search found, as its page shows it: groups of lines, with the words asked for marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from actions.models import Plan, Risk
from actions.pages import formatting
from actions.rules.dates import day_of
from actions.rules.levels import in_sentence
from actions.rules.state import CommitmentState, PlanState
from actions.rules.status import Rating
from actions.wording import in_words_lazy, levels, scale, words_of
from wsoa.oversight.models import ChangeRequest
from wsoa.pages.search.search import Hit, Kind, Piece, has_hit, pieces, texts_of

LABELS = {
    Kind.COMMITMENT: in_words_lazy("{Commitments}"),
    Kind.UPDATE: "Updates",
    Kind.KPI: "KPIs",
    Kind.RISK: "Risks and issues",
    Kind.QUESTION: "Questions",
    Kind.DECISION: "Decisions",
    Kind.CHANGE: "Changes asked for",
    Kind.ENGAGEMENT: "Meetings with families and others",
    Kind.GLOSSARY: "Glossary",
    Kind.PERSON: "People",
}


def _noun(kind: Kind) -> str:
    """The label within a sentence, in the words of the plan that is searched."""
    label = str(LABELS[kind])
    return label if kind is Kind.KPI else in_sentence(label)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some of a text; `label` says of which, where it is not plain."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class ResultItem:
    """One thing found. A person has several `places`, one in each plan, and no address."""

    name: list[Piece]
    url: str = ""
    ref: str = ""
    rating: Rating | None = None
    # In the words of its own plan.
    rating_text: str = ""
    excerpts: list[Excerpt] = field(default_factory=list)
    note: str = ""
    places: list[formatting.Breadcrumb] = field(default_factory=list)
    plan_text: str = ""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class FoundGroup:
    kind: Kind
    label: str
    noun: str
    count: int
    lines: list[ResultItem]


def groups_of(
    shown: Mapping[Kind, Sequence[Hit]],
    counts: Mapping[Kind, int],
    query: str,
    *,
    plans: Iterable[Plan],
    states: Mapping[int, PlanState],
    names_plan: bool,
) -> list[FoundGroup]:
    """A group for each kind that has something to show. One query."""
    hits = [hit for group in shown.values() for hit in group]
    page = _Page(
        {plan.pk: plan for plan in plans},
        states,
        {state.id: state for plan in states.values() for state in plan.commitments},
        texts_of(hits, query),
        names_plan,
    )
    return [
        FoundGroup(kind, LABELS[kind], _noun(kind), counts[kind], [page.item(hit) for hit in group])
        for kind, group in shown.items()
        if group
    ]


@dataclass(frozen=True, slots=True)
class _Page:
    """Everything the lines of one page are made from."""

    plans: dict[int, Plan]
    states: Mapping[int, PlanState]
    commitments: dict[int, CommitmentState]
    texts: dict[tuple[Kind, int], dict[str, Any]]
    names_plan: bool

    def item(self, hit: Hit) -> ResultItem:
        """What was found, in the words of its own plan."""
        with words_of(self.plans[hit.plans[0]]):
            return self._item(hit)

    def _item(self, hit: Hit) -> ResultItem:
        details = self.texts[hit.kind, hit.pk]
        match hit.kind:
            case Kind.COMMITMENT:
                return self._commitment(hit, details)
            case Kind.UPDATE:
                return self._update(hit, details)
            case Kind.KPI:
                return self._kpi(hit, details)
            case Kind.RISK:
                return self._risk(hit, details)
            case Kind.QUESTION:
                return self._question(hit, details)
            case Kind.DECISION:
                return self._decision(hit, details)
            case Kind.CHANGE:
                return self._change(hit, details)
            case Kind.ENGAGEMENT:
                return self._engagement(hit, details)
            case Kind.GLOSSARY:
                return self._glossary(hit, details)
            case Kind.PERSON:
                return self._person(hit, details)

    def _commitment(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        state = self.commitments[hit.pk]
        above = [
            (f"{levels().action} {details['action_ref']}", details["action"]),
            (f"{levels().action} {details['action_ref']}", details["action_detail"]),
            (f"{levels().theme} {details['theme_ref']}", details["theme"]),
            (f"{levels().theme} {details['theme_ref']}", details["i_statement"]),
        ]
        return ResultItem(
            name=pieces(details["title"] or details["evidence"]),
            url=self._url(hit, "pages:commitment", details["code"]),
            ref=details["ref"],
            rating=state.rating if state.tracked else None,
            rating_text=formatting.rating_text(state),
            excerpts=[
                *([Excerpt("", pieces(details["evidence"]))] if details["title"] else []),
                *(Excerpt(label, pieces(text)) for label, text in above if has_hit(text)),
            ],
            **self._of_plan(hit),
        )

    def _update(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        who = details["by"] or details["source"]
        if details["on_behalf_of"]:
            who = f"{details['on_behalf_of']}, recorded by {who}"
        corrected = " Corrected since." if details["is_corrected"] else ""
        more = [
            ("Help wanted", details["help_needed"]),
            ("What changed for families", details["changed_for_families"]),
        ]
        return ResultItem(
            name=[Piece(details["name"], False)],
            url=f"{self._url(hit, 'pages:commitment', details['code'])}#update-{hit.pk}",
            ref=details["ref"],
            rating=Rating(details["brag"]),
            rating_text=details["word"] or scale().word(details["brag"]),
            excerpts=[
                *([Excerpt("", pieces(details["progress"]))] if details["progress"] else []),
                *(Excerpt(label, pieces(text)) for label, text in more if has_hit(text)),
            ],
            note=f"Said on {_day(details['at'])} by {who}.{corrected}",
            **self._of_plan(hit),
        )

    def _kpi(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        return ResultItem(
            name=pieces(details["title"]),
            url=self._url(hit, "pages:kpi", details["code"]),
            ref=details["code"],
            excerpts=[Excerpt("", pieces(details["definition"]))] if details["definition"] else [],
            **self._of_plan(hit),
        )

    def _risk(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        url, on = self._url(hit, "oversight:risks"), ""
        if details["ref"]:
            url, on = self._url(hit, "pages:commitment", details["code"]), details["ref"]
        elif details["area"]:
            url, on = self._url(hit, "pages:area", details["area"]), details["area_label"]
        elif details["kpi"]:
            url, on = self._url(hit, "pages:kpi", details["kpi"]), f"KPI {details['kpi']}"
        closed = f", closed on {_day(details['closed_at'])}" if details["closed_at"] else ", open"
        more = [
            ("Being done about it", details["mitigation"]),
            ("Help wanted", details["help_needed"]),
        ]
        return ResultItem(
            name=pieces(details["text"]),
            url=url,
            ref=on,
            excerpts=[Excerpt(label, pieces(text)) for label, text in more if has_hit(text)],
            note=f"{Risk.Kind(details['kind']).label}{closed}. Raised on {_day(details['at'])} "
            f"by {details['by'] or details['source']}.",
            **self._of_plan(hit),
        )

    def _question(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        who = details["asked_by"] or details["by"] or details["source"]
        ended = f", closed on {_day(details['ended_at'])}" if details["ended_at"] else ", open"
        return ResultItem(
            name=pieces(details["text"]),
            url=self._url(hit, "oversight:question", hit.pk),
            ref=_about(details),
            excerpts=[Excerpt("Answer", pieces(details["answer"]))] if details["answer"] else [],
            note=f"Asked on {_day(details['at'])} by {who}{ended}.",
            **self._of_plan(hit),
        )

    def _decision(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        held_on = formatting.short_day(date.fromisoformat(details["held_on"]))
        return ResultItem(
            name=pieces(details["text"]),
            url=self._url(hit, "oversight:meeting", details["meeting"]),
            ref=_about(details),
            note=f"{details['body']}, {held_on}, {details['minute']}.",
            **self._of_plan(hit),
        )

    def _change(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        kind = ChangeRequest.Kind(details["kind"]).label
        ended = f", decided on {_day(details['ended_at'])}" if details["ended_at"] else ""
        wanted = details["wanted_text"]
        return ResultItem(
            name=pieces(details["reason"]),
            url=self._url(hit, "oversight:change", hit.pk),
            ref=details["ref"] or (f"KPI {details['kpi']}" if details["kpi"] else ""),
            excerpts=[Excerpt("As it should read", pieces(wanted))] if has_hit(wanted) else [],
            note=f"{kind} asked for on {_day(details['at'])} by "
            f"{details['by'] or details['source']}{ended}.",
            **self._of_plan(hit),
        )

    def _engagement(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        return ResultItem(
            name=pieces(details["meeting"]),
            url=self._url(hit, "actions:engagement"),
            excerpts=[Excerpt("", pieces(details["description"]))],
            note=f"{formatting.short_day(date.fromisoformat(details['on']))}.",
            **self._of_plan(hit),
        )

    def _glossary(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        return ResultItem(
            name=pieces(details["abbreviation"]),
            url=self._url(hit, "actions:glossary"),
            excerpts=[Excerpt("", pieces(details["meaning"]))],
            **self._of_plan(hit),
        )

    def _person(self, hit: Hit, details: dict[str, Any]) -> ResultItem:
        parts = [details[name] for name in ("job_title", "organisation") if details[name]]
        return ResultItem(
            name=pieces(details["name"]),
            excerpts=[Excerpt("", pieces(part)) for part in parts],
            places=[self._place(hit, plan) for plan in hit.plans],
        )

    def _place(self, hit: Hit, plan: int) -> formatting.Breadcrumb:
        """What a person does in a plan, and where to read of it."""
        led = sum(
            any(lead.person == hit.pk for lead in state.leads)
            for state in self.states[plan].commitments
            if not state.is_withdrawn
        )
        of, slug = self.plans[plan], self.plans[plan].slug
        text, url = "Who is who", reverse("actions:bodies", args=(slug,))
        if led:
            text = f"Leads {of.levels.some('commitment', led)}"
            url = f"{reverse('actions:commitments', args=(slug,))}?lead={hit.pk}"
        if self.names_plan:
            text += f", {_plan_text(of)}"
        return formatting.Breadcrumb(text, url)

    def _url(self, hit: Hit, name: str, *args: Any) -> str:
        return reverse(name, args=(self.plans[hit.plans[0]].slug, *args))

    def _of_plan(self, hit: Hit) -> dict[str, Any]:
        """Of which plan it is, where several are searched."""
        plan = self.plans[hit.plans[0]]
        if not self.names_plan:
            return {}
        return {"plan_text": _plan_text(plan), "is_sample": plan.is_sample}


def _plan_text(plan: Plan) -> str:
    return f"{plan.local_area}, {plan.short_name}"


def _about(details: dict[str, Any]) -> str:
    """What a question or decision is about; empty for the plan."""
    if details["ref"]:
        return str(details["ref"])
    if details["area"]:
        return str(details["area_label"])
    return f"KPI {details['kpi']}" if details["kpi"] else ""


def _day(moment: str) -> str:
    return formatting.short_day(day_of(datetime.fromisoformat(moment)))

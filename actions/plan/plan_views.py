"""Reading a plan: the plan, an area, what the inspectors found."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions import access
from actions.areas import areas_of, judgement_of, oversight_of, with_oversight
from actions.models import (
    Action,
    Area,
    Judgement,
    Plan,
    Resource,
    ResponsibleOrganisation,
    Signatory,
    Theme,
    Weakness,
)
from actions.pages import formatting
from actions.pages.commitment_rows import line, people_of, untracked_words, words_of
from actions.pages.plan_page import Desk, open_plan
from actions.records.text_versions import worded
from actions.rules.dates import end_of_day
from actions.rules.state import count

# --- The plan ---------------------------------------------------------------------------------


@require_GET
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    desk = open_plan(request, slug, may_be_lent=True)
    plan = desk.plan
    counts = count(desk.state.commitments)
    tracked = desk.state.tracked and bool(desk.state.commitments)
    areas = []
    for area in sorted(areas_of(desk), key=lambda area: area.number):
        states = desk.state.of_area(area.key)
        of_area = count(states)
        areas.append(
            {
                "number": area.number,
                "title": area.title,
                "url": desk.url("actions:area", area.number),
                "sro": area.sro,
                "commitments_words": formatting.plural(of_area.total, "commitment"),
                "judgement": judgement_of(area),
                "share": formatting.share_view(of_area) if tracked and of_area.total else None,
            }
        )
    responsible = ResponsibleOrganisation.objects.filter(plan=plan).values_list(
        "organisation__name", flat=True
    )
    return render(
        request,
        "actions/plan.html",
        {
            **desk.context("plan"),
            "state_words": formatting.state_words(plan),
            "counts": formatting.counts_view(counts) if tracked else None,
            "not_enough": formatting.not_enough_words(counts) if tracked else "",
            "untracked_words": untracked_words(desk),
            "areas": areas,
            "facts": [
                *_facts(plan),
                formatting.Pair("Jointly responsible", several=tuple(responsible)),
            ],
            "signatories": Signatory.objects.filter(plan=plan, withdrawn_at=None),
            "links": [
                formatting.Crumb(label, desk.url(name))
                for label, name, is_for_all in (
                    ("Significant weaknesses", "actions:weaknesses", True),
                    ("Groups and boards", "actions:bodies", False),
                    ("Engagement", "actions:engagement", True),
                    ("Glossary", "actions:glossary", True),
                    ("Funding", "actions:funding", False),
                    ("History of edits", "reports:history", False),
                )
                # The others are refused to whoever reads a shared view.
                if is_for_all or not desk.lent
            ],
            "successors": [],
            "edit_url": desk.access.is_officer and desk.url("actions:edit_plan"),
        },
    )


def _facts(plan: Plan) -> list[formatting.Pair]:
    facts = [formatting.Pair("Period", plan.period)]
    if plan.agreed_by:
        where = (plan.agreement_reference,) if plan.agreement_reference else ()
        facts.append(formatting.Pair("Agreed by", several=(plan.agreed_by, *where)))
    if plan.closed_by:
        facts.append(formatting.Pair("Closed by", plan.closed_by))
    inspection = plan.inspection
    if inspection:
        facts += _inspection_facts(inspection)
    if plan.submission_due:
        facts.append(
            formatting.Pair("Due to the inspectors", formatting.short_day(plan.submission_due))
        )
    return facts


def _inspection_facts(inspection: Any) -> list[formatting.Pair]:
    facts = []
    if inspection.visited_from and inspection.visited_to:
        visited = (
            f"{formatting.short_day(inspection.visited_from)} to "
            f"{formatting.short_day(inspection.visited_to)}"
        )
        facts.append(formatting.Pair("Inspected", visited))
    for label, day in (
        ("Letter", inspection.letter_on),
        ("Letter published", inspection.published_on),
    ):
        if day:
            facts.append(formatting.Pair(label, formatting.short_day(day)))
    return facts


# --- An area ----------------------------------------------------------------------------------


@require_GET
def area(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    desk = open_plan(request, slug, may_be_lent=True)
    found = with_oversight(areas_of(desk, number=number), desk.day).first()
    if found is None:
        raise Http404
    states = desk.state.of_area(found.key)
    words = words_of(desk, states)
    people = people_of(states)
    themes = sorted(
        worded(Theme, desk.worded_day, area=found.key), key=lambda theme: theme.position
    )
    actions = sorted(
        worded(Action, desk.worded_day, theme__area=found.key), key=lambda action: action.position
    )
    resources: dict[int, list[Resource]] = defaultdict(list)
    for resource in Resource.objects.filter(action__theme__area=found.key, withdrawn_at=None):
        resources[resource.action_id].append(resource)
    counts = count(states)
    tracked = desk.state.tracked and bool(states)
    lines = {state.id: line(desk, state, words[state.id]) for state in states}

    def action_view(action: Any) -> dict[str, Any]:
        of_action = [state for state in states if state.action == action.key]
        leads = {lead.person: None for state in of_action for lead in state.leads}
        return {
            "ref": action.ref,
            "title": action.title,
            "url": desk.url("kpis:action", action.ref),
            "about": _about(
                [people[person].name for person in leads],
                [resource.text for resource in resources[action.key]],
            ),
            "commitments": [lines[state.id] for state in of_action],
        }

    return render(
        request,
        "actions/area.html",
        {
            **desk.context("plan"),
            "crumbs": [
                formatting.Crumb("The plan", desk.url("actions:plan")),
                formatting.Crumb(f"Area {number}"),
            ],
            "area": found,
            "weakness": found.weakness
            and {
                "number": found.weakness.number,
                "text": found.weakness.text,
                "verdicts": [],
            },
            "judgement": judgement_of(found),
            "can_judge": desk.is_today and access.can_judge_area(desk.access, found.key),
            "judge_url": desk.url("actions:judge_area", number),
            **oversight_of(desk, found),
            "counts": formatting.counts_view(counts) if tracked else None,
            "not_enough": formatting.not_enough_words(counts) if tracked else "",
            "months": next((shown.strip.cells for shown in lines.values()), []),
            "themes": [
                {
                    "ref": theme.ref,
                    "title": theme.title,
                    "i_statement": theme.i_statement,
                    "voice": formatting.voice_words(Theme.Voice(one).label for one in theme.voice),
                    "actions": [
                        action_view(action) for action in actions if action.theme_id == theme.key
                    ],
                }
                for theme in themes
                if theme.withdrawn_at is None
            ],
        },
    )


def _about(leads: list[str], resources: list[str]) -> str:
    sentences = []
    if leads:
        sentences.append(f"Led by {formatting.listed(leads)}.")
    if resources:
        # One cell of the plan may stand for several commitments, so a text may come twice.
        sentences.append(f"Resources: {'; '.join(dict.fromkeys(resources))}.")
    return " ".join(sentences)


# --- What the inspectors found ----------------------------------------------------------------


@require_GET
def weaknesses(request: HttpRequest, slug: str) -> HttpResponse:
    desk = open_plan(request, slug, may_be_lent=True)
    verdicts: dict[int, list[dict[str, str]]] = defaultdict(list)
    newest: dict[int, str] = {}
    for judgement in _judgements(desk):
        newest[judgement.weakness_id] = judgement.verdict
        verdicts[judgement.weakness_id].append(
            {
                "words": judgement.get_verdict_display(),
                "day_words": formatting.short_day(judgement.judged_on),
                "by": judgement.inspection.title,
                "summary": judgement.summary,
            }
        )
    answering: dict[int, list[formatting.Crumb]] = defaultdict(list)
    for answer in Area.objects.filter(plan=desk.plan, weakness__isnull=False):
        assert answer.weakness_id is not None
        answering[answer.weakness_id].append(
            formatting.Crumb(f"Area {answer.number}", desk.url("actions:area", answer.number))
        )
    inspection = desk.plan.inspection
    return render(
        request,
        "actions/weaknesses.html",
        {
            **desk.context("plan"),
            "crumbs": [
                formatting.Crumb("The plan", desk.url("actions:plan")),
                formatting.Crumb("Significant weaknesses"),
            ],
            "inspection": inspection
            and {
                "title": inspection.title,
                "facts": _inspection_facts(inspection),
                "note": inspection.note,
            },
            "verdict_words": _verdict_words(newest.values()),
            "weaknesses": [
                {
                    "number": weakness.number,
                    "text": weakness.text,
                    "areas": [
                        {"title": crumb.label, "url": crumb.url}
                        for crumb in answering[weakness.key]
                    ],
                    "verdicts": verdicts[weakness.key],
                }
                for weakness in sorted(
                    worded(Weakness, desk.worded_day, plan=desk.plan),
                    key=lambda weakness: weakness.number,
                )
                if weakness.withdrawn_at is None
            ],
        },
    )


def _judgements(desk: Desk) -> list[Judgement]:
    """Each inspection's verdict on each weakness, in time order: the newest corrects others."""
    found = (
        Judgement.objects.filter(weakness__plan=desk.plan, effective_at__lt=end_of_day(desk.day))
        .select_related("inspection")
        .order_by("weakness_id", "inspection_id", "-effective_at", "-recorded_at", "-id")
        .distinct("weakness_id", "inspection_id")
    )
    return sorted(found, key=lambda judgement: (judgement.judged_on, judgement.pk))


def _verdict_words(newest: Iterable[str]) -> str:
    """`Eight of 12 weaknesses were judged sufficient progress, four were not.`"""
    judged = list(newest)
    if not judged:
        return ""
    good = judged.count(Judgement.Verdict.SUFFICIENT)
    return (
        f"{formatting.number_words(good).capitalize()} of {len(judged)} weaknesses were judged to "
        f"show sufficient progress, {formatting.number_words(len(judged) - good)} were not."
    )

"""Handing over somebody's work: the form, what would pass, and what did."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import access
from actions.forms.refusals import show_refusal
from actions.models import Area, Commitment
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today, get_plan_page
from actions.records.text_versions import worded
from actions.rules.dates import day_of, end_of_day
from actions.wording import levels
from wsoa.oversight.form_page import form_page
from wsoa.oversight.handovers import handovers
from wsoa.oversight.handovers.handover_forms import HandoverForm
from wsoa.oversight.handovers.handovers import Passing
from wsoa.oversight.models import Challenge, Handover, HandoverSeen


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, the page that lists all that would pass, and from there the act. `?person=`."""
    page = get_page_today(request, slug)
    access.require(access.can_hand_over(page.access))
    step = request.POST.get("step", "")
    form = HandoverForm(
        request.POST if request.method == "POST" else None,
        plan=page.plan,
        today=page.today,
        initial={"leaver": request.GET.get("person", ""), "starts_on": page.today},
    )
    if form.is_bound and step != "change" and form.is_valid():
        answers = form.cleaned_data
        passing = handovers.what_passes(page.plan, answers["leaver"], answers["starts_on"])
        if step != "record" and passing:
            return _check_page(page, form, passing)
        try:
            handover = handovers.hand_over(
                plan=page.plan,
                by=page.access.user,
                today=page.today,
                checked=request.POST.get("checked", ""),
                **answers,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request, f"{handover.leaver}’s work is handed over to {handover.successor}."
            )
            return redirect("oversight:handover", slug, handover.pk)
    return form_page(
        page,
        form,
        menu_key="period",
        title="Hand over somebody’s work",
        button="Check what passes",
        leave_url=page.link("period"),
        breadcrumbs=_breadcrumbs(page),
        words="Everything that is open with one person of this plan passes to another at once. "
        "The next page lists all of it before anything is recorded.",
    )


def _breadcrumbs(page: PlanPage) -> list[formatting.Breadcrumb]:
    return [formatting.Breadcrumb("Updates", page.link("period"))]


def _check_page(page: PlanPage, form: HandoverForm, passing: Passing) -> HttpResponse:
    answers = form.cleaned_data
    leaver, successor, on = answers["leaver"], answers["successor"], answers["starts_on"]
    return render(
        page.request,
        "oversight/check_handover.html",
        {
            **page.context("period"),
            "breadcrumbs": _breadcrumbs(page),
            "leaver": leaver.name,
            "successor": successor.name,
            "starts_text": formatting.day_text(on),
            "reason": answers["reason"],
            "groups": _groups(page, passing),
            "notes": _notes(page, form),
            "sent": [
                (name, value)
                for name, value in page.request.POST.items()
                if name not in ("csrfmiddlewaretoken", "step", "checked")
            ],
            "checked": passing.mark,
            "leave_url": page.link("period"),
        },
    )


def _notes(page: PlanPage, form: HandoverForm) -> list[str]:
    """What else is to be known before it is recorded: accounts, cover."""
    answers = form.cleaned_data
    leaver, successor, on = answers["leaver"], answers["successor"], answers["starts_on"]
    notes = []
    if handovers.becomes_lead(page.plan, successor, on):
        day = formatting.short_day(on)
        notes.append(f"{successor.name} is made an action lead of this plan from {day}.")
    elif successor.user is None or not successor.user.is_active:
        notes.append(
            f"{successor.name} has no account here: what they tell you is recorded for them."
        )
    notes += [
        f"{cover.user} covers for {leaver.name}"
        f"{f' to {formatting.short_day(cover.ends_on)}' if cover.ends_on else ''}. That cover ends"
        f" for what passes; {successor.name}’s own cover is arranged apart."
        for cover in handovers.cover_of(page.plan, leaver, on)
    ]
    notes.append(f"What {leaver.name} has recorded stays on record under their name.")
    return notes


def _groups(page: PlanPage, passing: Passing) -> list[dict[str, Any]]:
    """What passes, by what it is; each a reference, words and where it is shown."""
    decided = [
        ("", formatting.cut(row.text, 160), page.url("oversight:meeting", row.meeting_id))
        for row in passing.decisions
    ]
    asked = [
        (_asked_about(row), formatting.cut(row.text, 160), page.url("oversight:question", row.pk))
        for row in passing.questions
    ]
    groups = (
        (
            levels().some("commitment", len(passing.commitments)),
            "",
            [
                (row.ref, _called(row), page.link("commitment", row.code))
                for row in passing.commitments
            ],
        ),
        (
            formatting.plural(len(passing.kpis), "KPI"),
            "whose figures are theirs to enter",
            [(row.code, row.title, page.link("kpi", row.code)) for row in passing.kpis],
        ),
        (formatting.plural(len(decided), "action"), "decided in meetings", decided),
        (formatting.plural(len(asked), "open question"), "theirs to answer", asked),
    )
    return [
        {
            "title": title,
            "note": note,
            "lines": [{"ref": ref, "name": name, "url": url} for ref, name, url in lines],
        }
        for title, note, lines in groups
        if lines
    ]


def _called(row: Commitment) -> str:
    evidence = row.same_evidence_as.evidence if row.same_evidence_as else row.evidence
    return formatting.cut(row.title or evidence or row.action.title, 160)


def _asked_about(row: Challenge) -> str:
    if row.commitment:
        return row.commitment.ref
    return f"KPI {row.kpi.code}" if row.kpi else ""


# --- What was handed over ---------------------------------------------------------------------


@require_GET
def handover(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What passed, from whom to whom, and which senior responsible officers have noted it."""
    page = get_plan_page(request, slug)
    row = _of_plan(page, pk)
    passed = list(
        row.parts.select_related(
            "commitment__action",
            "commitment__same_evidence_as",
            "kpi",
            "decision__meeting__body",
        ).order_by("pk")
    )
    passing = Passing(
        [part.commitment for part in passed if part.commitment],
        [part.kpi for part in passed if part.kpi],
        [part.decision for part in passed if part.decision],
        [],
    )
    seen = list(HandoverSeen.objects.filter(handover=row).select_related("by"))
    areas = list(worded(Area, page.worded_day, plan=page.plan, pk__in=row.area_ids))
    own = page.access.sro_areas.intersection(row.area_ids)
    return render(
        request,
        "oversight/handover.html",
        {
            **page.context("period" if page.access.is_officer else "my_work"),
            "breadcrumbs": _breadcrumbs(page) if page.access.is_officer else [],
            "leaver": row.leaver.name,
            "successor": row.successor.name,
            "starts_text": formatting.day_text(row.starts_on),
            "reason": row.reason,
            "recorded_text": f"{row.by.name if row.by else row.source}, "
            f"{formatting.short_day(day_of(row.recorded_at))}",
            "groups": _groups(page, passing),
            "areas": [_noted(area, seen) for area in areas],
            "note_url": page.url("oversight:note_handover", row.pk)
            if page.is_today and own - {each.area_id for each in seen}
            else "",
        },
    )


def _noted(area: Any, seen: Collection[HandoverSeen]) -> formatting.Pair:
    each = next((each for each in seen if each.area_id == area.key), None)
    if each is None:
        return formatting.Pair(area.label, "not acknowledged yet")
    who = each.by.name if each.by else each.source
    day = formatting.short_day(day_of(each.recorded_at))
    return formatting.Pair(area.label, f"acknowledged by {who}, {day}")


def _of_plan(page: PlanPage, pk: int) -> Handover:
    rows = Handover.objects.select_related("leaver", "successor", "by", "plan")
    return get_object_or_404(rows, plan=page.plan, pk=pk, effective_at__lt=end_of_day(page.day))


@require_POST
def note_handover(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Acknowledged, for all of one's own areas that it touches; then what waits next."""
    page = get_page_today(request, slug)
    row = _of_plan(page, pk)
    access.require(access.can_note_handover(page.access, areas=row.area_ids))
    handovers.take_note(handover=row, by=page.access.user)
    messages.success(request, f"Acknowledged: {row.leaver}’s work passed to {row.successor}.")
    return redirect(page.link("my_work"))

"""Proposing something new in an agreed plan, or other words: put together, looked at, sent."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access
from actions.forms.refusals import show_refusal
from actions.models import KeyDate, Withdrawal
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today
from actions.rules.levels import with_article
from kpis.models import TargetPoint
from wsoa.oversight.changes import fragments, plan_change_requests, propose_forms
from wsoa.oversight.changes.propose_forms import PROPOSED
from wsoa.oversight.models import ChangeDraft


def _page(request: HttpRequest, slug: str) -> PlanPage:
    page = get_page_today(request, slug)
    access.require(access.can_propose(page.access))
    return page


def _parts(page: PlanPage) -> list[dict[str, Any]]:
    draft = ChangeDraft.objects.filter(plan=page.plan, user=page.access.user).first()
    return list(draft.parts) if draft else []


def _keep(page: PlanPage, parts: Sequence[dict[str, Any]]) -> None:
    plan, user = page.plan, page.access.user
    if parts:
        kept = {"parts": list(parts)}
        ChangeDraft.objects.update_or_create(plan=plan, user=user, defaults=kept)
    else:
        ChangeDraft.objects.filter(plan=plan, user=user).delete()


# --- The whole --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """What is put together so far, before and after, with a way to add to it and to send it."""
    page = _page(request, slug)
    parts = _parts(page)
    form = propose_forms.SendForm(request.POST if request.POST.get("act") == "send" else None)
    if request.POST.get("act") == "remove":
        number = request.POST.get("part", "")
        if number.isascii() and number.isdigit() and int(number) < len(parts):
            del parts[int(number)]
            _keep(page, parts)
        return redirect("oversight:propose", slug)
    if form.is_valid():
        try:
            made = plan_change_requests.ask(
                plan=page.plan,
                parts=parts,
                by=page.access.user,
                today=page.today,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Request sent. What was agreed stands until it is decided.")
            return redirect("oversight:change", slug, made.pk)
    return render(
        request,
        "oversight/propose.html",
        {
            **page.context("changes"),
            "breadcrumbs": _breadcrumbs(page),
            "lines": fragments.part_lines(parts),
            "kinds": [
                {
                    "words": _capital(with_article(fragments.noun_of(kind))),
                    "url": page.url("oversight:propose_part", kind),
                }
                for kind in PROPOSED
            ],
            "form": form,
            "outside_approver": page.plan.outside_approver,
        },
        status=422 if form.errors else 200,
    )


def _breadcrumbs(page: PlanPage, title: str = "") -> list[formatting.Breadcrumb]:
    found = [
        formatting.Breadcrumb("Changes", page.url("oversight:changes")),
        formatting.Breadcrumb("Propose a change", page.url("oversight:propose") if title else ""),
    ]
    return [*found, formatting.Breadcrumb(title)] if title else found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- One part ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def propose_part(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Something new: `?in=` names what it is to stand in."""
    page = _page(request, slug)
    if kind not in PROPOSED:
        raise Http404
    parts = _parts(page)
    form = propose_forms.new_form(
        request.POST if request.method == "POST" else None,
        plan=page.plan,
        kind=kind,
        within=request.GET.get("in", ""),
        parts=parts,
    )
    if form.is_valid():
        new = propose_forms.new_part(page.plan, kind, form.cleaned_data)
        if _takes(page, form, parts, new):
            return redirect("oversight:propose", slug)
    return _show(request, page, form, f"New {fragments.noun_of(kind)}")


@require_http_methods(["GET", "POST"])
def propose_wording(request: HttpRequest, slug: str, kind: str, ref: str) -> HttpResponse:
    """Other words for a part of the plan, another day or another target."""
    page = _page(request, slug)
    row = _row(page, kind, ref)
    if row is None:
        raise Http404
    form = propose_forms.reword_form(
        request.POST if request.method == "POST" else None, plan=page.plan, kind=kind, row=row
    )
    if form.is_valid():
        part = propose_forms.reworded_part(form, kind, row)
        if part is None:
            form.add_error(None, "This is how the plan says it. Change what should be otherwise")
        else:
            # Asked for twice, the second words stand.
            parts = [one for one in _parts(page) if not part["ref"] or _of(one) != _of(part)]
            if _takes(page, form, parts, [part]):
                return redirect("oversight:propose", slug)
    return _show(request, page, form, f"Change {_name(kind, row)}")


def _of(part: dict[str, Any]) -> tuple[str, str, str]:
    return part["act"], part["kind"], part["ref"]


def _name(kind: str, row: Any) -> str:
    """What a part is called over its form."""
    if kind in ("date", "target"):
        of = row.commitment.ref if kind == "date" else row.kpi.code
        return f"a {fragments.noun_of(kind)} of {of}"
    return f"{fragments.noun_of(kind)} {row.code if kind == 'kpi' else row.ref}"


def _row(page: PlanPage, kind: str, ref: str) -> Any:
    """The part of the plan as it stands; None where it is not there."""
    if kind in ("date", "target"):
        if not (ref.isascii() and ref.isdigit()) or len(ref) > 18:
            return None
        if kind == "date":
            dates = KeyDate.objects.filter(commitment__plan=page.plan, replaced_by=None)
            return dates.select_related("commitment__plan").filter(pk=ref).first()
        targets = TargetPoint.objects.filter(kpi__plan=page.plan, replaced_by=None)
        return targets.select_related("kpi").filter(pk=ref, is_withdrawn=False).first()
    if kind not in PROPOSED:
        return None
    row = propose_forms.row_of(page.plan, kind, ref)
    if row is not None and kind == "commitment":
        newest = Withdrawal.objects.filter(commitment=row).order_by("effective_at", "recorded_at")
        last = newest.last()
        return None if last and last.is_withdrawn else row
    return row


def _takes(
    page: PlanPage,
    form: forms.Form,
    parts: Sequence[dict[str, Any]],
    new: Sequence[dict[str, Any]],
) -> bool:
    """Whether the plan could take these parts too; then they are kept, else said in the form."""
    together = [*parts, *new]
    for problem in plan_change_requests.check(page.plan, together, page.today).problems:
        is_here = problem.part >= len(parts)
        question = propose_forms.question_of(form, problem.field) if is_here else None
        form.add_error(question, _capital(problem.message))
    if form.errors:
        return False
    _keep(page, together)
    return True


def _show(request: HttpRequest, page: PlanPage, form: forms.Form, title: str) -> HttpResponse:
    return render(
        request,
        "oversight/propose_part.html",
        {
            **page.context("changes"),
            "breadcrumbs": _breadcrumbs(page, title),
            "title": title,
            "form": form,
            "leave_url": page.url("oversight:propose"),
        },
        status=422 if form.errors else 200,
    )

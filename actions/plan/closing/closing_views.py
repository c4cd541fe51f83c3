"""The page that closes a plan: every open commitment with what becomes of it, then a check."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from actions import access
from actions.forms.refusals import show_refusal
from actions.models import ClosingDraft, Evidence
from actions.pages import formatting
from actions.pages.commitment_list import CommitmentRow, rows_of
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.plan.closing import closing
from actions.plan.closing.closing_forms import (
    Asked,
    CloseForm,
    ClosingDayForm,
    FillForm,
    becomes_field,
    reason_field,
)
from actions.rules.state import CommitmentState
from actions.rules.status import AtClosing
from actions.wording import levels, scale


@require_http_methods(["GET", "POST"])
def close_plan(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    access.require(access.can_close_plan(page.access))
    is_sent = request.method == "POST"
    draft = ClosingDraft.objects.filter(plan=page.plan).select_related("saved_by").first()
    typed: Mapping[str, Any] = request.POST if is_sent else draft.answers if draft else {}
    rows = _open_rows(page, _closing_day(page, typed))
    form = CloseForm(
        request.POST if is_sent else None,
        today=page.today,
        agreed_on=page.plan.agreed_on,
        asked=[Asked(row.state.id, row.words.called) for row in rows],
        initial=None if is_sent else dict(typed),
    )
    fill = FillForm(
        request.POST if "fill" in request.POST else None,
        areas=[(row.area.code, row.area.numbered) for row in _first_of_areas(rows)],
    )
    if is_sent:
        answers = dict(form.answers())
        if "fill" in request.POST and fill.is_valid():
            answers |= _filled(form, fill, rows)
        draft = closing.save_draft(plan=page.plan, by=page.access.user, answers=answers)
        if "fill" in request.POST or "save" in request.POST:
            messages.success(request, "Draft saved. The plan is not closed yet.")
            return redirect("actions:close_plan", slug)
        if form.is_valid():
            if "close" not in request.POST:
                return _check_page(page, form, rows)
            try:
                closing.close_plan(
                    plan=page.plan,
                    by=page.access.user,
                    closed_by=form.cleaned_data["closed_by"],
                    closed_on=form.cleaned_data["closed_on"],
                    today=page.today,
                    becomes=form.becomes(),
                )
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, "The plan is closed. Everything in it stays to be read.")
                return redirect("actions:plan", slug)
    return render(
        request,
        "actions/close_plan.html",
        {
            **page.context("plan"),
            "breadcrumbs": [formatting.Breadcrumb("The plan", page.url("actions:plan"))],
            "form": form,
            "fill": fill,
            "title": _title(rows),
            "finished_text": _finished_text(page, rows),
            "ends_text": f"The plan ends in {page.plan.ends}." if page.plan.ends else "",
            "draft_text": _draft_text(draft),
            "counts": _counts(form, rows),
            "areas": _areas(page, form, rows),
            "complete_text": f"{_said_count(form, rows)} of {len(rows)} are answered.",
            "leave_url": page.url("actions:edit_plan"),
        },
        status=422 if form.errors else 200,
    )


def _check_page(page: PlanPage, form: CloseForm, rows: list[CommitmentRow]) -> HttpResponse:
    """What will be recorded, to be read once more: it cannot be undone."""
    becomes = form.becomes()
    return render(
        page.request,
        "actions/check_closing.html",
        {
            **page.context("plan"),
            "breadcrumbs": [formatting.Breadcrumb("The plan", page.url("actions:plan"))],
            "day_text": formatting.day_text(form.cleaned_data["closed_on"]),
            "closed_by": form.cleaned_data["closed_by"],
            "groups": [
                {
                    "title": outcome.label,
                    "rows": [
                        {
                            "ref": row.words.number,
                            "name": row.words.in_short,
                            "url": row.line.url,
                            "reason": becomes[row.state.id].reason,
                        }
                        for row in rows
                        if becomes[row.state.id].outcome is outcome
                    ],
                }
                for outcome in AtClosing
            ],
            "answers": list(form.answers()),
            "back_url": page.url("actions:close_plan"),
        },
    )


# --- What is open -----------------------------------------------------------------------------


def _closing_day(page: PlanPage, typed: Mapping[str, Any]) -> date:
    """The day that was typed, where it can be one; today before that."""
    form = ClosingDayForm(typed, today=page.today, agreed_on=page.plan.agreed_on)
    form.is_valid()
    day: date = form.cleaned_data.get("closed_on", page.day)
    return day


def _open_rows(page: PlanPage, day: date) -> list[CommitmentRow]:
    """What is open on the day, in the plan's order, as worded today."""
    rows = {row.state.id: row for row in rows_of(page)}
    return [
        CommitmentRow(page, state, row.words, row.leads, row.area, row.action)
        for state in page.state_on(day).commitments
        if closing.is_open(state) and (row := rows.get(state.id))
    ]


def _first_of_areas(rows: Iterable[CommitmentRow]) -> list[CommitmentRow]:
    return [next(of_area) for _, of_area in groupby(rows, key=lambda row: row.state.area)]


def _filled(form: CloseForm, fill: FillForm, rows: list[CommitmentRow]) -> dict[str, str]:
    """The answers of what had none."""
    filled = {}
    area = fill.cleaned_data["fill_area"]
    for row in rows:
        pk = row.state.id
        if form.said(pk) or (area and row.area.code != area):
            continue
        filled[becomes_field(pk)] = fill.cleaned_data["fill_with"]
        if not form.reason(pk):
            filled[reason_field(pk)] = fill.cleaned_data["fill_reason"]
    return filled


# --- How it is put ----------------------------------------------------------------------------


def _title(rows: list[CommitmentRow]) -> str:
    if not rows:
        return "Close the plan"
    return f"What becomes of {levels().some('commitment', len(rows), 'open')}?"


def _finished_text(page: PlanPage, rows: list[CommitmentRow]) -> str:
    finished = sum(not row.is_withdrawn for row in page.state.commitments) - len(rows)
    if not finished:
        return ""
    end = f"{scale().blue} and confirmed" if page.plan.has_blue else "delivered"
    return f"{levels().some('commitment', finished)} {'is' if finished == 1 else 'are'} {end}."


def _draft_text(draft: ClosingDraft | None) -> str:
    if draft is None:
        return ""
    saved = timezone.localtime(draft.saved_at)
    day = formatting.short_day(saved.date())
    return f"Draft saved by {draft.saved_by.name} on {day} at {saved:%H:%M}."


def _said_count(form: CloseForm, rows: list[CommitmentRow]) -> int:
    return sum(
        said is not None and (said is not AtClosing.NOT_NEEDED or bool(form.reason(row.state.id)))
        for row in rows
        for said in (form.said(row.state.id),)
    )


def _counts(form: CloseForm, rows: list[CommitmentRow]) -> list[dict[str, Any]]:
    """How many have each answer, and a link to the first that has none."""
    said = Counter(form.said(row.state.id) for row in rows)
    first = next((row for row in rows if form.said(row.state.id) is None), None)
    counts = [{"label": outcome.label, "number": said[outcome]} for outcome in AtClosing]
    return [
        *counts,
        {
            "label": "Not said yet",
            "number": said[None],
            "url": f"#row-{first.state.id}" if first else "",
        },
    ]


def _areas(page: PlanPage, form: CloseForm, rows: list[CommitmentRow]) -> list[dict[str, Any]]:
    evidence = dict(
        Evidence.objects.filter(commitment__in=[row.state.id for row in rows], withdrawal=None)
        .values_list("commitment")
        .annotate(pieces=Count("pk"))
        .order_by()
    )
    areas = []
    for _, group in groupby(rows, key=lambda row: row.state.area):
        of_area = list(group)
        areas.append(
            {
                "title": of_area[0].area.numbered,
                "note": f"{len(of_area)} open",
                "rows": [
                    {
                        "pk": row.state.id,
                        "line": row.line,
                        "becomes": form[becomes_field(row.state.id)],
                        "reason": form[reason_field(row.state.id)],
                        "note": _note(row.state, evidence.get(row.state.id, 0)),
                    }
                    for row in of_area
                ],
            }
        )
    return areas


def _note(state: CommitmentState, pieces: int) -> str:
    """What it has and lacks for being called done; a warning, and no more."""
    if state.delivered_on:
        text = f"Delivered {formatting.short_day(state.delivered_on)}"
    elif pieces:
        text = f"Evidence: {formatting.plural(pieces, 'piece')}"
    else:
        text = "No evidence on record"
    if state.standing.blue_proposed_at:
        text += f"; {scale().blue} waits to be confirmed"
    return text

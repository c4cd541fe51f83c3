"""A commitment and an action with the measures that say whether the work helps."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from actions import access, memberships
from actions.areas.findings import answered_by_action, answered_by_commitment
from actions.evidence.evidence_list import evidence_of
from actions.evidence.restricted_notes import entries_and_notes
from actions.kept_pages import kept_page
from actions.models import Action, AreaOfficer, Resource, Theme
from actions.models.people import active_on
from actions.pages import formatting, timeline
from actions.pages.commitment_rows import commitment_texts, line, people_of, person_text
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.plan.growing.ways import propose_beside
from actions.plan.sharing.sharing import for_outside
from actions.plan.succession.before_and_after import before_and_after
from actions.progress.history_text import history_of
from actions.records.history_entries import Entry
from actions.records.text_versions import worded
from actions.records.written_once import written_once
from actions.rules.dates import PlanDate, day_of
from actions.rules.state import CommitmentState, Month, count
from actions.rules.status import Rating
from actions.wording import scale
from kpis.pages.commitment_chart import with_kpi
from kpis.pages.kpi_rows import KpiRow
from wsoa.oversight.changes.made import made_of
from wsoa.oversight.questions.beside import open_questions
from wsoa.oversight.risks import risk_register
from wsoa.pages.action_facts import answers_for, quotation_of, with_officers
from wsoa.pages.kpi_items import kpi_item, kpis_of

# --- A commitment -----------------------------------------------------------------------------


@require_GET
@kept_page()
def commitment(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """One commitment with its dates, evidence, measures, people and whole history."""
    page = get_plan_page(request, slug, may_be_shared=True)
    state = page.commitment(ref)
    text = commitment_texts(page, [state])[state.id]
    action = _action_of(page, state)
    theme, area = action.theme, action.area
    entries, notes = entries_and_notes(
        state.id, page.day, page.reads_restricted(state), page.access.version
    )
    if page.shared_view:
        entries, notes = for_outside(entries), []
    people = people_of([state])
    kpis = kpis_of(page, commitments=state.id)
    moved_in = {
        PlanDate.month_of(day_of(entry.effective_at)).month_number
        for entry in entries
        if entry.kind == "key_date" and entry.details["was_first_day"]
    }
    months = page.months(state, _months_shown(page))
    may_correct = (
        page.is_today
        and state.newest_update is not None
        and access.can_correct_update(page.access, state, **_whose_is_newest(state, entries))
    )
    may_record = page.is_today and access.can_record_update(page.access, state)
    return render(
        request,
        "pages/commitment.html",
        {
            **page.context("plan"),
            "breadcrumbs": [
                formatting.Breadcrumb(area.label, page.url("pages:area", area.code)),
                *([formatting.Breadcrumb(theme.title)] if theme else []),
                formatting.Breadcrumb(text.called)
                if text.row.is_whole_action
                else formatting.Breadcrumb(_called(action), page.url("pages:action", action.code)),
            ],
            # Of an action without rows this is the one page, so it says what the action says.
            "action": action if text.row.is_whole_action else None,
            "works_with": _works_with(page, action) if text.row.is_whole_action else [],
            "where_now": action.where_now if text.row.is_whole_action else "",
            "impact": action.impact if text.row.is_whole_action else "",
            "quotation": quotation_of(action) if text.row.is_whole_action else None,
            "answered": answered_by_action(page, action.key)
            if text.row.is_whole_action
            else answered_by_commitment(page, state.id),
            "c": line(page, state, text),
            "standing_text": _standing_text(state, entries),
            **_as_written(state),
            **_blue(page, state, entries),
            "can_record_update": may_record,
            "can_correct": may_correct,
            "correct_url": state.newest_update
            and page.url("actions:correct_update", ref, state.newest_update.id),
            "said_and_done": _said_and_done(page, state, months, moved_in, kpis),
            "date_facts": _date_facts(state, text.timescale),
            "made": made_of(page, "commitment", ref),
            "propose": propose_beside(
                page, within=ref, new=(("New date", "date"),), kind="commitment"
            ),
            "change_url": page.is_today
            and access.can_ask_change(page.access, areas=[state.area], state=page.led_today(state))
            and page.url("oversight:ask_change", ref),
            "axis": timeline.axis(state, page.plan.starts, page.plan.ends),
            "other_dates": _other_dates(state, entries),
            "evidences": evidence_of(page, state, entries),
            "add_evidence_url": page.is_today
            and access.can_add_evidence(page.access, state)
            and page.url("actions:add_evidence", ref),
            "notes": notes,
            "add_note_url": may_record and page.url("actions:add_note", ref),
            "promised": text.evidence,
            "criteria": text.criteria,
            "same_evidence": _same(page, text.row.same_evidence_as),
            "measures": text.measures,
            "same_measures": _same(page, text.row.same_measures_as),
            "kpis": [kpi_item(kpi, state) for kpi in kpis],
            "history": history_of(page, state, entries, may_correct),
            **before_and_after(page, state),
            **risk_register.beside(page, state),
            **_questions(page, state, entries),
            "people": [*_people(people.values(), action.sro), *answers_for(action)],
            "resources": _resource_text(
                resource
                for resource in Resource.objects.filter(action=action.key, withdrawn_at=None)
                if resource.commitment_id in (None, state.id)
            ),
            "promise": _promise(theme),
            "note": text.row.note,
        },
    )


def _action_of(page: PlanPage, state: CommitmentState) -> Any:
    """The commitment's action with its theme and area, and the area's officer. One query."""
    if page.worded_day is None:
        (action,) = _action_today(state.action, page.day)
        return action
    return _with_its_area(worded(Action, page.worded_day, pk=state.action), page.day).get()


@written_once
def _action_today(action: int, day: date) -> QuerySet[Any, Any]:
    return _with_its_area(worded(Action, None, pk=action), day)


def _with_its_area(actions: QuerySet[Any], day: date) -> QuerySet[Any, Any]:
    officers = (
        AreaOfficer.objects.filter(area=OuterRef("area"))
        .filter(active_on(day))
        .order_by("-id")
        .values("person__name")
    )
    found: QuerySet[Any, Any] = (
        with_officers(actions, day)
        .select_related("theme", "area", "responsible_group")
        .annotate(sro=Subquery(officers[:1]))
    )
    return found


def _said_and_done(
    page: PlanPage,
    state: CommitmentState,
    months: list[Month],
    moved_in: set[int],
    kpis: list[KpiRow],
) -> timeline.MonthStatement | None:
    """What was said by month, and what the first measure came to."""
    starts, ends = page.plan.starts, page.plan.ends
    statement = timeline.said_and_done(state, months, moved_in, starts, ends)
    if statement is None or not kpis:
        return statement
    return with_kpi(statement, timeline.span_said(state, starts, ends), kpis[0])


def _months_shown(page: PlanPage) -> int:
    return PlanDate.month_of(page.plan.starts_on).months_until(PlanDate.month_of(page.day)) + 1


def _whose_is_newest(state: CommitmentState, entries: Iterable[Entry]) -> dict[str, int | None]:
    """Who recorded the newest update, and whose account it is, both as users."""
    newest = state.newest_update
    for entry in entries:
        if entry.kind == "update" and newest and entry.id == newest.id:
            return {"author": entry.author_id, "account_of": entry.details["account_of"]}
    return {"author": None, "account_of": None}


def _as_written(state: CommitmentState) -> dict[str, str]:
    """The word of the update whose rating stands, and what the plan's key says of it."""
    half = next((half for half in scale().half_steps if half.word == state.word), None)
    return {"word": state.word, "meaning": half.text if half else scale().text(state.rating)}


def _standing_text(state: CommitmentState, entries: Iterable[Entry]) -> str:
    """Who said it, when, since when it stands and what it was."""
    if state.pause:
        return _pause_text(state, entries)
    standing = state.standing
    update = next(
        (entry for entry in entries if entry.kind == "update" and entry.id == standing.update), None
    )
    if update is None or standing.since is None:
        return ""
    updated_on, since = day_of(update.effective_at), day_of(standing.since)
    sentence = f"said by {update.author or update.source} on {formatting.short_day(updated_on)}."
    if state.rating is Rating.BLUE:
        sentence += f" Confirmed on {formatting.short_day(since)}."
    elif since != updated_on:
        sentence += f" {scale().word(state.rating)} since {formatting.short_day(since)}."
    was = formatting.was_text(state)
    return f"{sentence} It {was} before." if was else sentence


def _pause_text(state: CommitmentState, entries: Iterable[Entry]) -> str:
    """Since when it is paused, by whom, until when, why, and what it was."""
    pause = state.pause
    assert pause is not None
    entry = next(entry for entry in entries if entry.kind == "pause" and entry.id == pause.id)
    by = entry.details["decided_by"]
    sentence = f"since {formatting.short_day(day_of(pause.effective_at))}"
    sentence += f", decided by {by}." if by else "."
    if pause.restarts:
        sentence += f" Work is to go on in {pause.restarts}."
    was = formatting.was_text(state)
    reason = f"{sentence} {entry.details['text']}"
    return f"{reason} It {was} before." if was else reason


def _blue(page: PlanPage, state: CommitmentState, entries: Iterable[Entry]) -> dict[str, Any]:
    """What hangs over a proposed Blue, and whether the reader may answer it."""
    standing = state.standing
    if not standing.blue_proposal or not standing.blue_proposed_at:
        return {}
    author = next(
        (
            entry.author_id
            for entry in entries
            if entry.kind == "update" and entry.id == standing.blue_proposal
        ),
        None,
    )
    proposed_on = formatting.short_day(day_of(standing.blue_proposed_at))
    sros = memberships.sros_of(page.plan, state.area)
    return {
        "blue_waits": f"{scale().blue} was proposed on {proposed_on} and waits for a second "
        "person. Until then the last rating stands.",
        "can_confirm": page.is_today
        and access.can_answer_blue(page.access, state, author=author, area_sros=sros),
        "confirm_url": page.url("actions:answer_blue", state.code),
        "can_say_for_families": page.is_today
        and access.can_say_for_families(page.access, state, author=author),
        "families_url": page.url("actions:families_view", state.code),
    }


def _questions(page: PlanPage, state: CommitmentState, entries: Iterable[Entry]) -> dict[str, Any]:
    """Its open questions, as includes/open_questions.html takes them."""
    still_open = {question.id for question in state.open_questions}
    questions = [
        {
            "pk": entry.id,
            "text": entry.details["text"],
            "at": entry.effective_at.isoformat(),
            "by": entry.author,
            "asked_by": entry.details["asked_by"],
            "source": entry.source,
        }
        for entry in reversed(list(entries))
        if entry.kind == "question" and entry.id in still_open
    ]
    shown = open_questions(page, questions, f"commitment:{state.ref}")
    return shown | {"ask_url": ""} if state.is_withdrawn else shown


def _date_facts(state: CommitmentState, timescale: str) -> list[formatting.Pair]:
    completion = state.completion
    if completion is None:
        return [formatting.Pair("Completion", timescale or "No date agreed")]
    facts = [formatting.Pair("First agreed", completion.first)]
    if completion.is_moved:
        facts.append(formatting.Pair("Now", completion.now))
        if not state.requested_date:
            facts.append(formatting.Pair("Difference", _difference(completion.moved_by_months)))
    if state.requested_date:
        facts.append(formatting.Pair("Asked for", state.requested_date))
        months = completion.first.months_until(state.requested_date)
        facts.append(formatting.Pair("Difference if agreed", _difference(months)))
    if completion.delivered_on:
        facts.append(formatting.Pair("Delivered", formatting.short_day(completion.delivered_on)))
    return facts


def _difference(months: int) -> str:
    if not months:
        return "none"
    return f"{formatting.plural(abs(months), 'month')} {'later' if months > 0 else 'earlier'}"


def _other_dates(state: CommitmentState, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    notes = {entry.id: entry.details["note"] for entry in entries if entry.kind == "key_date"}
    rows = []
    for dated in state.dates:
        if dated is state.completion and not notes.get(dated.id):
            continue
        if dated.met_on:
            outcome = f"met {formatting.short_day(dated.met_on)}"
            outcome += ", late" if dated.is_met_late else ""
        elif dated is state.completion and dated.delivered_on:
            outcome = f"delivered {formatting.short_day(dated.delivered_on)}"
        else:
            outcome = "missed" if dated.is_missed else ""
        rows.append(
            {
                "label": dated.kind.label,
                "date": dated.now,
                "outcome": outcome,
                "note": notes.get(dated.id, ""),
            }
        )
    return rows


def _same(page: PlanPage, other: Any) -> dict[str, str] | None:
    return {"ref": other.ref, "url": page.url("pages:commitment", other.code)} if other else None


def _people(leads: Collection[Any], sro: str | None) -> list[formatting.Pair]:
    names = tuple(person_text(person) for person in leads)
    people = [formatting.Pair("Lead" if len(names) == 1 else "Leads", "not named", names)]
    if sro:
        people.append(formatting.Pair("Senior responsible officer", sro))
    if sro and scale().has_blue:
        leads_it = any(person.name == sro for person in leads)
        people.append(
            formatting.Pair(
                f"Confirms {scale().blue}",
                "Another senior responsible officer, or the chair" if leads_it else sro,
            )
        )
    return people


def _resource_text(resources: Iterable[Resource]) -> list[str]:
    return [
        f"{resource.text} ({formatting.pounds(resource.amount)})"
        if resource.amount is not None
        else resource.text
        for resource in resources
    ]


def _called(action: Any) -> str:
    """Its number; where the plan prints none, its title."""
    return str(action.title if action.is_unnumbered else action.ref)


def _works_with(page: PlanPage, action: Any) -> list[dict[str, str]]:
    """The areas that an action works with. One query."""
    tied = Action.works_with.through.objects.filter(action=action.key).order_by("area__position")
    return [
        {"title": label, "url": page.url("pages:area", code)}
        for label, code in tied.values_list("area__label", "area__code")
    ]


def _promise(theme: Any) -> dict[str, str] | None:
    """What families should be able to say, where the action's theme says so."""
    if theme is None or not theme.i_statement:
        return None
    return {"text": theme.i_statement, "voice": _voice(theme)}


def _voice(theme: Any) -> str:
    return formatting.voice_text([Theme.Voice(voice).label for voice in theme.voice])


# --- An action --------------------------------------------------------------------------------


@require_GET
@kept_page()
def action(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """One action: its commitments, and how the plan will know that they helped."""
    page = get_plan_page(request, slug, may_be_shared=True)
    action = (
        with_officers(worded(Action, page.worded_day, plan=page.plan, code=ref), page.day)
        .select_related("theme", "area", "responsible_group")
        .first()
    )
    if action is None:
        raise Http404
    theme, area = action.theme, action.area
    states = page.state.of_action(action.key)
    texts = commitment_texts(page, states)
    if len(states) == 1 and texts[states[0].id].row.is_whole_action:
        return redirect(page.url("pages:commitment", states[0].code))
    shown = [line(page, state, texts[state.id]) for state in states]
    tracked = page.state.tracked and bool(states)
    return render(
        request,
        "pages/action.html",
        {
            **page.context("plan"),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb(area.label, page.url("pages:area", area.code)),
                formatting.Breadcrumb(_called(action)),
            ],
            "number": "" if action.is_unnumbered else action.ref,
            "action": action,
            "made": made_of(page, "action", action.code),
            "propose": propose_beside(
                page, within=action.code, new=(("New {commitment}", "commitment"),), kind="action"
            ),
            "counts": formatting.counts_view(count(states)) if tracked else None,
            "commitments": shown,
            "months": next((commitment.strip.cells for commitment in shown), []),
            "promise": _promise(theme),
            "leads": [person_text(person) for person in people_of(states).values()],
            "answers_for": answers_for(action),
            "where_now": action.where_now,
            "impact": action.impact,
            "quotation": quotation_of(action),
            "works_with": _works_with(page, action),
            "answered": answered_by_action(page, action.key),
            "resources": [
                {"text": resource.text, "amount_text": formatting.pounds(resource.amount)}
                for resource in Resource.objects.filter(action=action.key, withdrawn_at=None)
            ],
            "measures": [
                {"ref": state.ref, "text": text}
                for state in states
                if not texts[state.id].row.same_measures_as_id
                for text in texts[state.id].measures
            ],
            "kpis": [kpi_item(kpi) for kpi in kpis_of(page, commitments__action=action.key)],
        },
    )

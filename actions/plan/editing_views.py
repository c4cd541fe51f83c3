"""Editing a plan: the draft as a whole, one part of it at a time, its people; agreeing.

One set of views serves every kind of part (`actions/plan/parts.py`).
"""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import access
from actions.forms.refusals import show_refusal
from actions.models import Action, Area, Commitment, Plan, Theme
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.plan import editing
from actions.plan.editing import PARTS, Conflict, Gone, Part
from actions.plan.editing_forms import AgreeForm, PartForm, named
from actions.wording import in_words

# --- The draft as a whole ---------------------------------------------------------------------


@require_GET
def edit_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole draft with a way to edit each part; of an agreed plan, what may still change."""
    page = get_plan_page(request, slug)
    access.require(page.access.is_officer)
    is_draft = access.can_edit_plan(page.access)
    return render(
        request,
        "actions/edit_plan.html",
        {
            **page.context("plan"),
            "breadcrumbs": [formatting.Breadcrumb("The plan", page.url("actions:plan"))],
            "is_draft": is_draft,
            "locked_text": locked_text(page.plan),
            "facts_url": _url(page, "edit_part", "facts", page.plan.pk),
            "level_names_url": _url(page, "edit_part", "level-names", page.plan.pk),
            "colour_key_url": _url(page, "edit_part", "colour-key", page.plan.pk),
            "lists": [
                section(page, PARTS[kind], page.plan, title)
                for kind, title in (
                    ("responsible", "Jointly responsible"),
                    ("signatory", "Signed by"),
                    ("notice", "Improvement notice or direction"),
                )
            ]
            if is_draft
            else [],
            "areas": _tree(page) if is_draft else [],
            "add_area_url": _url(page, "add_part", "area"),
            "people_url": access.can_edit_people(page.access) and page.url("actions:edit_people"),
            "reference_url": access.can_edit_people(page.access)
            and page.url("actions:edit_reference"),
            "kpis_url": access.can_edit_people(page.access) and page.link("edit_kpis"),
            "carry_url": is_draft
            and page.plan.continues.filter(predecessor__state=Plan.State.CLOSED).exists()
            and page.url("actions:carry_forward"),
            "agree_url": is_draft and page.url("actions:agree_plan"),
            "close_url": access.can_close_plan(page.access) and page.url("actions:close_plan"),
        },
    )


def locked_text(plan: Plan) -> str:
    """Why the parts of a plan cannot be edited; empty for a draft."""
    if plan.state == Plan.State.DRAFT:
        return ""
    if plan.state == Plan.State.CLOSED:
        return f"{formatting.state_text(plan)}. Nothing in this plan changes any more."
    return (
        f"{formatting.state_text(plan)}. What was agreed – titles, texts, dates, leads and "
        "targets – changes by change request: a lead asks, and the steering group’s chair decides."
    )


def _tree(page: PlanPage) -> list[dict[str, Any]]:
    """Areas, themes, actions and commitments, each with its addresses. Four queries."""
    plan = page.plan
    states = {state.id: state for state in page.state.commitments}
    themes = list(Theme.objects.filter(plan=plan))
    actions = list(Action.objects.filter(plan=plan))
    commitments = list(PARTS["commitment"].rows(plan))

    def action_node(action: Action) -> dict[str, Any]:
        parts = [commitment_node(row) for row in commitments if row.action_id == action.pk]
        return node("action", action, "commitment", parts)

    def node(kind: str, row: Any, inner: str, parts: list[Any]) -> dict[str, Any]:
        return {
            "title": named(row),
            "url": _url(page, "edit_part", kind, row.pk),
            "add_url": _url(page, "add_part", inner, holder=row),
            "is_withdrawn": PARTS[kind].is_withdrawn(row),
            "parts": parts,
        }

    def commitment_node(row: Commitment) -> dict[str, Any]:
        state = states.get(row.pk)
        return {
            "title": named(row),
            "url": _url(
                page,
                "edit_part",
                "whole-action" if row.is_whole_action else "commitment",
                row.pk,
            ),
            "is_withdrawn": PARTS["commitment"].is_withdrawn(row),
            "words": state
            and f"{formatting.plural(len(state.dates), 'date')}, "
            f"{formatting.plural(len(state.leads), 'lead')}",
        }

    tree = []
    for area in Area.objects.filter(plan=plan):
        parts = [
            node(
                "theme",
                theme,
                "action",
                [action_node(action) for action in actions if action.theme_id == theme.pk],
            )
            for theme in themes
            if theme.area_id == area.pk
        ]
        own = [
            action for action in actions if action.area_id == area.pk and action.theme_id is None
        ]
        tree.append(
            {
                **node("area", area, "theme", parts),
                "actions": [action_node(action) for action in own],
                "add_action_url": _url(page, "add_part", "area-action", holder=area),
            }
        )
    return tree


@require_GET
def edit_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is who, and may do what."""
    page = get_plan_page(request, slug)
    require_edit(page, is_agreed=False)
    return render(
        request,
        "actions/edit_people.html",
        {
            **page.context("plan"),
            "breadcrumbs": [formatting.Breadcrumb("Groups and boards", page.url("actions:bodies"))],
            "sections": [
                {
                    **section(page, part, part.top(page.plan), title),
                    "about": about,
                }
                for kind, title, about in (
                    ("membership", "Memberships", "Who sees this plan, and may do what in it."),
                    (
                        "sro",
                        "Senior responsible officers",
                        in_words("Who answers for each {area}."),
                    ),
                    ("person", "People", "Whom the plans of this local area name."),
                    ("organisation", "Organisations", "Of this local area."),
                    ("body", "Groups and boards", "Each with its members."),
                    (
                        "contact",
                        "Contacts",
                        "Advisers of DfE and NHS England, and others outside the plan.",
                    ),
                )
                for part in [PARTS[kind]]
            ],
            "deputies_url": page.link("deputies"),
            "invite_url": page.url("actions:invite"),
        },
    )


@require_GET
def edit_reference(request: HttpRequest, slug: str) -> HttpResponse:
    """What the plan refers to: edited until it is closed, whatever was agreed."""
    page = get_plan_page(request, slug)
    require_edit(page, is_agreed=False)
    return render(
        request,
        "actions/edit_reference.html",
        {
            **page.context("plan"),
            "breadcrumbs": [formatting.Breadcrumb("The plan", page.url("actions:plan"))],
            "sections": [
                {**section(page, part, part.top(page.plan), title), "about": about}
                for kind, title, about in (
                    ("inspection", "Inspection", "All plans that name it show what stands here."),
                    ("finding", "Findings", "What answers each is part of what was agreed."),
                    ("engagement", "Engagement", "Meetings at which the plan was discussed."),
                    ("glossary-term", "Glossary", "Abbreviations that the plan uses."),
                    ("funding-line", "Funding", "Money, and what was spent of it."),
                )
                for part in [PARTS[kind]]
            ],
        },
    )


# --- Lists of parts ---------------------------------------------------------------------------


def section(page: PlanPage, part: Part, holder: Any, title: str) -> dict[str, Any]:
    """The parts of one kind that stand in `holder`, as lines, and the way to add one."""
    rows = part.within(page.plan, holder)
    live = [row for row in rows if not part.is_withdrawn(row)]
    single = list(part.form.base_fields) if len(part.form.base_fields) == 1 else []
    return {
        "title": title,
        "a_noun": part.a_noun,
        "anchor": part.kind,
        "lines": [
            {
                "title": part.title(row),
                "note": part.note(row),
                "edit_url": "" if single and part.has_place else _part_url(page, part, row),
                "remove_url": _part_url(page, part, row, "remove_part") if part.can_add else "",
                "move_url": _part_url(page, part, row, "move_part") if _moves(part) else "",
                "is_first": row is live[0],
                "is_last": row is live[-1],
            }
            for row in live
        ],
        "withdrawn": [
            {"title": part.title(row), "restore_url": _part_url(page, part, row, "restore_part")}
            for row in rows
            if part.is_withdrawn(row)
        ],
        "add_url": _url(page, "add_part", part.kind, holder=holder) if part.can_add else "",
        # A part that is one choice is added where it is listed.
        "form": part.form(plan=page.plan, holder=holder, auto_id=f"id_{part.kind}_%s")
        if single and part.can_add
        else None,
    }


def _moves(part: Part) -> bool:
    return part.has_place and part.can_move


def _url(page: PlanPage, name: str, kind: str, *args: Any, holder: Any = None) -> str:
    address = reverse(f"actions:{name}", args=(page.plan.slug, kind, *args))
    return f"{address}?in={holder.pk}" if holder is not None else address


def _part_url(page: PlanPage, part: Part, row: Any, name: str = "edit_part") -> str:
    return _url(page, name, part.kind, row.pk)


# --- One part ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def add_part(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    page, part = _open(request, slug, kind)
    if not part.can_add:
        raise Http404
    holder = _holder(page, part, request)
    form = part.form(
        request.POST if request.method == "POST" else None,
        plan=page.plan,
        holder=holder,
        initial=part.initial(page.plan, holder),
    )
    if form.is_valid():
        try:
            row = editing.add(
                part, plan=page.plan, holder=holder, values=form.cleaned_data, by=page.access.user
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"Added: {part.title(row)}.")
            return redirect(
                _part_url(page, part, row) if part.children else _home(page, part, holder)
            )
    return _form_page(page, part, form, holder, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_part(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """The form of one part, with lists of what it holds.

    Where somebody saved meanwhile, their words stand beside the form and nothing is written.
    """
    page, part = _open(request, slug, kind)
    try:
        row = part.find(page.plan, pk)
    except Gone:
        return _gone(page, part)
    holder = part.holder_of(row)
    current = part.read(row, part.form.base_fields)
    form = _form_of(page, part, row, request.POST if request.method == "POST" else None, current)
    conflict = None
    if form.is_valid():
        try:
            saved = editing.change(
                part,
                plan=page.plan,
                pk=row.pk,
                values=form.cleaned_data,
                shown=request.POST.get("version", ""),
                by=page.access.user,
            )
        except Conflict as raised:
            conflict = raised
            current = {**current, **raised.now}
            form = _form_of(page, part, row, merged(request, form, raised), current)
        except Gone:
            return _gone(page, part)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"Saved: {part.title(saved)}.")
            return redirect(_home(page, part, holder))
    return _form_page(
        page,
        part,
        form,
        holder,
        row=row,
        marks=editing.marks_of({name: current[name] for name in form.fields}),
        conflict=conflict,
        status=409 if conflict else 422 if form.errors else 200,
    )


def _form_of(page: PlanPage, part: Part, row: Any, data: Any, current: dict[str, Any]) -> PartForm:
    form: PartForm = part.form(
        data, plan=page.plan, holder=part.holder_of(row), row=row, initial=current
    )
    return form


def merged(request: HttpRequest, form: forms.Form, conflict: Conflict) -> QueryDict:
    """What was sent, with the other's words where they alone changed something."""
    data = request.POST.copy()
    for name in conflict.theirs:
        shown = form.fields[name].prepare_value(conflict.now[name])
        several = shown if isinstance(shown, list | tuple) else [shown]
        data.setlist(name, [_as_typed(value) for value in several if value is not None])
    return data


def _as_typed(value: Any) -> str:
    return value.strftime("%d/%m/%Y") if hasattr(value, "strftime") else str(value)


def _form_page(
    page: PlanPage,
    part: Part,
    form: Any,
    holder: Any,
    *,
    row: Any = None,
    marks: str = "",
    conflict: Conflict | None = None,
    is_gone: bool = False,
    status: int = 200,
) -> HttpResponse:
    new = row is None
    title = f"Add {part.a_noun}" if new else f"Edit {part.called}"
    name = "" if new else part.title(row)
    return render(
        page.request,
        "actions/edit_part.html",
        {
            **page.context("plan" if part.is_agreed else "bodies"),
            "breadcrumbs": _breadcrumbs(page, part, holder),
            "noun": part.called,
            "title": title,
            "name": name,
            "page_title": f"{title}: {name or (holder if part.holder_kind else page.plan.title)}",
            "form": form,
            "send_to": _url(page, "add_part", part.kind, holder=holder)
            if new
            else _part_url(page, part, row),
            "marks": marks,
            "holder": getattr(holder, "pk", ""),
            "is_new": new,
            "is_gone": is_gone,
            "conflicts": conflict_lines(form, conflict) if conflict else [],
            "sections": []
            if new
            else [section(page, PARTS[kind], row, PARTS[kind].several) for kind in part.children],
            "remove_url": ""
            if new or not part.can_add
            else _part_url(page, part, row, "remove_part"),
            "leave_url": _home(page, part, holder),
            "margin": part.margin,
        },
        status=status,
    )


def conflict_lines(form: forms.Form, conflict: Conflict) -> list[dict[str, Any]]:
    """What somebody saved meanwhile, field by field."""
    return [
        {
            "label": str(form.fields[name].label).removesuffix(" (optional)"),
            "words": _value_text(form.fields[name], conflict.now[name]),
            "is_both": name in conflict.both,
        }
        for name in form.fields
        if name in conflict.both or name in conflict.theirs
    ]


def _value_text(field: forms.Field, value: Any) -> str:
    """A value as people read it."""
    if value in (None, "", []):
        return "Nothing"
    if isinstance(value, list):
        return "\n".join(_value_text(field, part_value) for part_value in value)
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(cast(Any, field.choices)).get(value, value))
    return named(value) if not hasattr(value, "strftime") else formatting.short_day(value)


def _gone(page: PlanPage, part: Part) -> HttpResponse:
    """Somebody removed what was being edited: the words may be added anew."""
    request = page.request
    if request.method != "POST" or not part.can_add:
        raise Http404
    holder = _holder(page, part, request)
    form = part.form(request.POST, plan=page.plan, holder=holder)
    return _form_page(page, part, form, holder, is_gone=True, status=409)


@require_http_methods(["GET", "POST"])
def remove_part(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    page, part = _open(request, slug, kind)
    row = _find(page, part, pk)
    holder = part.holder_of(row)
    name, refusal_text = part.title(row), ""
    if request.method == "POST":
        try:
            editing.remove(part, plan=page.plan, pk=row.pk, by=page.access.user)
        except ValidationError as refusal:
            refusal_text = " ".join(refusal.messages)
        except Gone:
            raise Http404 from None
        else:
            messages.success(request, f"Removed: {name}.")
            return redirect(_home(page, part, holder))
    return render(
        request,
        "actions/remove_part.html",
        {
            **page.context("plan" if part.is_agreed else "bodies"),
            "breadcrumbs": _breadcrumbs(page, part, holder),
            "noun": part.called,
            "name": name,
            "note": part.note(row),
            "removing": part.removing,
            "refusal_text": refusal_text,
            "leave_url": _home(page, part, holder),
        },
        status=422 if refusal_text else 200,
    )


@require_POST
def restore_part(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    page, part = _open(request, slug, kind)
    row = _find(page, part, pk)
    try:
        editing.restore(part, plan=page.plan, pk=row.pk, by=page.access.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Put back: {part.title(row)}.")
    return redirect(_home(page, part, part.holder_of(row)))


@require_POST
def move_part(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """One place up or down."""
    page, part = _open(request, slug, kind)
    row = _find(page, part, pk)
    if not _moves(part):
        raise Http404
    try:
        editing.move(part, plan=page.plan, pk=row.pk, up=request.POST.get("to") == "up")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect(f"{_home(page, part, part.holder_of(row))}#{part.kind}")


def _open(request: HttpRequest, slug: str, kind: str) -> tuple[PlanPage, Part]:
    page = get_plan_page(request, slug)
    if kind not in PARTS:
        raise Http404
    require_edit(page, is_agreed=PARTS[kind].is_agreed)
    return page, PARTS[kind]


def require_edit(page: PlanPage, *, is_agreed: bool) -> None:
    may = access.can_edit_plan if is_agreed else access.can_edit_people
    if page.access.is_officer and not may(page.access):
        raise PermissionDenied(locked_text(page.plan))
    access.require(may(page.access))


def _find(page: PlanPage, part: Part, pk: int) -> Any:
    try:
        return part.find(page.plan, pk)
    except Gone:
        raise Http404 from None


def _holder(page: PlanPage, part: Part, request: HttpRequest) -> Any:
    """What a new part is to stand in, by the address or by what was sent; 404 for none."""
    if not part.holder_kind:
        return part.top(page.plan)
    key = request.GET.get("in") or request.POST.get("in") or ""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    return _find(page, PARTS[part.holder_kind], int(key))


def _home(page: PlanPage, part: Part, holder: Any) -> str:
    """Where one goes on after a part: to what it stands in, or the list of its kind."""
    if kind := part.kind_of(holder):
        return _part_url(page, PARTS[kind], holder)
    return page.url(part.list_page[0])


def _breadcrumbs(page: PlanPage, part: Part, holder: Any) -> list[formatting.Breadcrumb]:
    """The way down to a part, through what it stands in."""
    breadcrumbs: list[formatting.Breadcrumb] = []
    while kind := part.kind_of(holder):
        part = PARTS[kind]
        breadcrumbs.insert(0, formatting.Breadcrumb(str(holder), _part_url(page, part, holder)))
        holder = part.holder_of(holder)
    name, title = part.list_page
    return [formatting.Breadcrumb(title, page.url(name)), *breadcrumbs]


# --- Agreeing --------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def agree_plan(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    require_edit(page, is_agreed=True)
    form = AgreeForm(request.POST if request.method == "POST" else None, today=page.today)
    if form.is_valid():
        try:
            editing.agree_plan(plan=page.plan, by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The plan is agreed. Its parts change by change request now.")
            return redirect("actions:plan", slug)
    return render(
        request,
        "actions/agree_plan.html",
        {
            **page.context("plan"),
            "breadcrumbs": [formatting.Breadcrumb("Edit the plan", page.url("actions:edit_plan"))],
            "form": form,
            "points": _points(page),
            "leave_url": page.url("actions:edit_plan"),
        },
        status=422 if form.errors else 200,
    )


def _points(page: PlanPage) -> list[dict[str, Any]]:
    """What a plan usually has and this draft lacks; none of it stops an agreement."""
    states = page.state.commitments
    points = [
        ("No completion date", [row.ref for row in states if row.completion is None]),
        ("No lead", [row.ref for row in states if not row.leads]),
        (
            "No senior responsible officer",
            [str(row) for row in PARTS["sro"].rows(page.plan) if not row.sro_name],
        ),
    ]
    return [{"words": text, "refs": ", ".join(refs)} for text, refs in points if refs]

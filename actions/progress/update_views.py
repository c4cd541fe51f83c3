"""Recording an update: the form, its draft, checking the answers, and what happens when two write.

What is typed is kept as a draft, and the answers that are checked and sent are the draft's. So no
step can lose a word: not an error, an expired session, a colleague's update that came first, or the
back button.
"""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import access
from actions.forms.refusals import show_refusal
from actions.io import storage
from actions.models import Commitment, Draft, Person, ProgressUpdate
from actions.pages import formatting
from actions.pages.addresses import address_of
from actions.pages.commitment_rows import (
    CommitmentText,
    called,
    commitment_texts,
    line,
    longest_due,
)
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.progress import draft_files, drafts, update_rules, updates
from actions.progress.beside import form_margin
from actions.progress.beside.returned_blue import returned_blue
from actions.progress.history_text import returned_text
from actions.progress.update_forms import (
    CorrectionForm,
    ProgressUpdateForm,
    carried_on,
    said_before,
)
from actions.records.history_entries import Entry, entries_of, uncorrected
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from actions.rules.status import Rating, first_dated_point
from actions.wording import scale
from wsoa.accounts import sessions
from wsoa.accounts.forms import SignInForm
from wsoa.accounts.password_tries import is_locked

FORM = "actions/record_update.html"
# No update has this number.
_NO_DRAFT = -1


# --- The form ---------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def record_update(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """The form. Sent, its answers are kept as a draft and shown for checking."""
    if not request.user.is_authenticated:
        return _signed_out(request, slug, ref)
    page, state, commitment = _open(request, slug, ref)
    if request.method == "POST":
        draft = drafts.save(user=page.access.user, commitment=commitment, sent=request.POST)
        refused = draft_files.add(draft, request.FILES.getlist("evidence_files"))
        draft_files.remove_ticked(draft, request.POST)
        if "save_draft" in request.POST:
            for file in refused:
                messages.warning(request, str(file))
            messages.success(request, f"Your draft for {called(page, state)} is kept.")
            return redirect("actions:record_update", slug, ref)
        # Bound to what was sent: the draft leaves out what no database can hold.
        form = _form(page, state, commitment, draft, data=request.POST)
        form.is_valid()
        for file in refused:
            form.add_error("evidence_files", str(file))
        if form.is_valid():
            return redirect("actions:check_update", slug, ref)
        return _form_page(page, state, commitment, form, draft)
    kept = drafts.find(page.access.user, commitment.pk)
    if kept and "again" in request.GET:
        form = _form(page, state, commitment, kept, data=drafts.as_reopened(kept))
    else:
        initial = drafts.as_initial(kept) if kept else _carried_on(state)
        form = _form(page, state, commitment, kept, initial=initial)
    return _form_page(page, state, commitment, form, kept)


@require_POST
def save_draft(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Keeps what stands in the form, while somebody types, and files as soon as they are chosen."""
    page, _, commitment = _open(request, slug, ref)
    draft = drafts.save(user=page.access.user, commitment=commitment, sent=request.POST)
    answer = {"words": _saved_text(draft)}
    if uploads := request.FILES.getlist("evidence_files"):
        refused = draft_files.add(draft, uploads)
        shown = {"files": _files_shown(draft), "may_remove": True, "refused": refused}
        answer["files"] = render_to_string("includes/draft_files.html", shown)
    return JsonResponse(answer)


@require_POST
def discard_draft(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    page, state, commitment = _open(request, slug, ref)
    drafts.discard(user=page.access.user, commitment=commitment)
    messages.success(request, f"Your draft for {called(page, state)} is thrown away.")
    return redirect(address_of("commitment", slug, ref))


def _open(
    request: HttpRequest, slug: str, ref: str
) -> tuple[PlanPage, CommitmentState, Commitment]:
    """The page, state and row of a commitment the user may record an update of."""
    page = get_plan_page(request, slug)
    state = page.commitment(ref)
    access.require(access.can_record_update(page.access, state))
    return page, state, get_object_or_404(Commitment, pk=state.id)


def _form(
    page: PlanPage,
    state: CommitmentState,
    commitment: Commitment,
    draft: Draft | None,
    **options: Any,
) -> ProgressUpdateForm:
    return ProgressUpdateForm(
        state=state,
        has_evidence=updates.has_evidence(commitment),
        has_files=draft is not None and draft.files.exists(),
        returned=returned_blue(commitment) if _may_be_blue(options) else None,
        may_take_back=_may_take_back(page, state),
        on_behalf_choices=_leads_to_name(page, state),
        previous_on=_previous_day(state),
        **options,
    )


def _may_be_blue(options: dict[str, Any]) -> bool:
    """Answers that chose another colour are not asked what was returned."""
    data = options.get("data")
    return data is None or str(data.get("brag", "")).startswith(Rating.BLUE)


def _carried_on(state: CommitmentState) -> dict[str, Any]:
    newest = state.newest_update
    return carried_on(ProgressUpdate.objects.get(pk=newest.id)) if newest else {}


def _may_take_back(page: PlanPage, state: CommitmentState) -> bool:
    """Whether the open request for its date is the user's to replace or take back."""
    still_open = update_rules.open_move(state)
    if still_open is None:
        return False
    asked = entries_of(state.id, page.day, ["request"])
    asker = next((entry.author_id for entry in asked if entry.id == still_open.id), None)
    return access.can_take_back_change(page.access, asker=asker)


def _form_page(
    page: PlanPage,
    state: CommitmentState,
    commitment: Commitment,
    form: ProgressUpdateForm,
    draft: Draft | None,
) -> HttpResponse:
    newest = state.newest_update.id if state.newest_update else None
    base = draft.base_id if draft else newest
    return render(
        page.request,
        FORM,
        {
            **_form_context(page, state, form, base=base if draft else _NO_DRAFT),
            "base": base or "none",
            "send_text": "Check answers",
            "save_draft": True,
            "draft_url": page.url("actions:save_draft", state.code),
            "files": _files_shown(draft),
            "draft_text": _saved_text(draft) if draft else "",
            "discard_url": page.url("actions:discard_draft", state.code) if draft else "",
            "draft_note": f"Nothing is lost. {_saved_text(draft)}" if draft else "",
        },
        status=422 if form.errors else 200,
    )


def _files_shown(draft: Draft | None) -> list[dict[str, Any]]:
    """The files of a draft, as `includes/draft_files.html` takes them."""
    return [
        {
            "pk": row.pk,
            "file_name": row.file_name,
            "title": row.title,
            "is_shareable": row.is_shareable,
            "size_text": storage.size_text(row.size),
        }
        for row in draft_files.of(draft)
    ]


def _saved_text(draft: Draft) -> str:
    """`Draft saved at 16:12`; an older one says its day, since the world may have moved on."""
    saved = timezone.localtime(draft.saved_at)
    clock = date_format(saved, "H:i")
    if saved.date() == timezone.localdate():
        return f"Draft saved at {clock}."
    return (
        f"This draft is from {formatting.short_day(saved.date())}, {clock}. Read it through again."
    )


# --- Checking and sending ---------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def check_update(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """The draft's answers once more, with a way back to each; then they are sent."""
    page, state, commitment = _open(request, slug, ref)
    draft = drafts.find(page.access.user, commitment.pk)
    if draft is None:
        # Pressed twice, or gone back to after sending.
        messages.info(
            request, f"There is nothing to send for {called(page, state)}: it was sent already."
        )
        return redirect(address_of("commitment", slug, ref))
    form = _form(page, state, commitment, draft, data=drafts.as_sent(draft))
    back = reverse("actions:record_update", args=(slug, ref))
    if not form.is_valid():
        return redirect(f"{back}?again=1")
    if request.method == "POST":
        if request.POST.get("checked", drafts.digest(draft)) != drafts.digest(draft):
            return _check_again(page, draft)
        draft_files.keep_titles(draft, request.POST)
        return _send(page, draft, form)
    return render(
        request,
        "actions/check_update.html",
        {
            **page.context(_room(page, state)),
            "breadcrumbs": _breadcrumbs(page, state),
            "c": line(page, state, commitment_texts(page, [state])[state.id]),
            "rating": Rating(form.cleaned_data["brag"]),
            "word": form.cleaned_data["word"],
            "answers": _answers(form, back),
            "files": _files_shown(draft),
            "newer": _newer(page, state, draft),
            "checked": drafts.digest(draft),
            "back_url": back,
        },
    )


def _newer(page: PlanPage, state: CommitmentState, draft: Draft) -> dict[str, Any] | None:
    """What was recorded meanwhile; read only where something was."""
    if state.newest_update is None or state.newest_update.id == draft.base_id:
        return None
    entries = entries_of(state.id, page.day, ["update"])
    return form_margin.newer_text(page, state, draft.base_id, entries)


def _check_again(page: PlanPage, draft: Draft) -> HttpResponse:
    """Another window has changed, sent or thrown away what the page showed."""
    if drafts.find(page.access.user, draft.commitment_id):
        messages.info(
            page.request,
            "These answers were changed in another window after you opened this page. "
            "Nothing is sent yet: check them again.",
        )
    return redirect("actions:check_update", page.plan.slug, draft.commitment.code)


def _send(page: PlanPage, draft: Draft, form: ProgressUpdateForm) -> HttpResponse:
    """Record the checked answers, on what their author had read."""
    slug, ref = page.plan.slug, form.state.code
    try:
        drafts.send(draft=draft, checked=drafts.digest(draft), **form.arguments())
    except drafts.Changed:
        return _check_again(page, draft)
    except updates.Conflict:
        return redirect("actions:update_conflict", slug, ref)
    except ValidationError as refusal:
        messages.error(page.request, " ".join(refusal.messages))
        return redirect(f"{reverse('actions:record_update', args=(slug, ref))}?again=1")
    return redirect("actions:update_done", slug, ref)


def _answers(form: ProgressUpdateForm, back: str) -> list[dict[str, str]]:
    """The answers that will be recorded, each with the address of its question."""
    shown = []
    for bound in form.shown_answers():
        label, text = bound
        field = form[label]
        anchor = field.auto_id + ("_0" if field.use_fieldset else "")
        question = str(field.label).removesuffix(" (optional)")
        shown.append({"label": question, "words": text, "url": f"{back}#{anchor}"})
    return shown


def _update_title(page: PlanPage, day: date) -> str:
    """By the period that asks for it: `March 2027 update`; of a day on which none does, by that."""
    period = page.periods.current(day)
    return period.update_title if period else f"Update of {formatting.short_day(day)}"


@require_GET
def update_done(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """That it is recorded, and what is owed next."""
    page, state, _ = _open(request, slug, ref)
    due = [
        row
        for row in page.own()
        if row.update_due_now and not row.is_withdrawn and row.id != state.id
    ]
    # One's own before those of whom one stands in for.
    due.sort(key=lambda row: (not access.leads(page.access, row), longest_due(row)))
    texts = commitment_texts(page, [state, *due[:1]])
    following = due[0] if due else None
    return render(
        request,
        "actions/update_done.html",
        {
            **page.context(_room(page, state)),
            "c": line(page, state, texts[state.id]),
            "said": state.newest_update,
            "following": following and line(page, following, texts[following.id]),
            "left": len(due),
            "period_text": page.period.in_text if page.period else "now",
            "back": _breadcrumbs(page, state)[0],
            "has_own": not _is_officers(page, state),
        },
    )


# --- Two who write at once --------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def update_conflict(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Somebody's update came first: both texts, and the choice between them."""
    page, state, commitment = _open(request, slug, ref)
    draft = drafts.find(page.access.user, commitment.pk)
    commitment_url = address_of("commitment", slug, ref)
    if draft is None or state.newest_update is None:
        return redirect(commitment_url)
    if request.POST.get("choice") == "keep_theirs":
        messages.info(
            request,
            f"The other update of {called(page, state)} stands. Your words are kept as a draft.",
        )
        return redirect(commitment_url)
    if request.POST.get("choice") == "change_mine":
        drafts.rebase(draft, _shown_base(request, state))
        return redirect("actions:record_update", slug, ref)
    form = _form(page, state, commitment, draft, data=drafts.as_sent(draft))
    if request.POST.get("choice") == "record_mine":
        if request.POST.get("checked", drafts.digest(draft)) != drafts.digest(draft):
            return _check_again(page, draft)
        drafts.rebase(draft, _shown_base(request, state))
        form = _form(page, state, commitment, draft, data=drafts.as_sent(draft))
        if not form.is_valid():
            return redirect(f"{reverse('actions:record_update', args=(slug, ref))}?again=1")
        return _send(page, draft, form)
    theirs = uncorrected(entries_of(state.id, page.day, ["update"]))[0]
    form.is_valid()
    return render(
        request,
        "actions/update_conflict.html",
        {
            **page.context(_room(page, state)),
            "breadcrumbs": _breadcrumbs(page, state),
            "c": line(page, state, commitment_texts(page, [state])[state.id]),
            "theirs": _statement(theirs),
            "theirs_id": theirs.id,
            "theirs_is_mine": state.newest_update.by == page.access.user.pk,
            "rating": _rating_of(draft),
            "word": _word_of(draft),
            "checked": drafts.digest(draft),
            "answers": _answers(form, reverse("actions:record_update", args=(slug, ref))),
            "files": _files_shown(draft),
        },
    )


def _shown_base(request: HttpRequest, state: CommitmentState) -> int | None:
    """The update that stood on the page: one that came after it makes another conflict."""
    newest = state.newest_update
    if newest is not None and request.POST.get("theirs") == str(newest.id):
        return newest.id
    return None


def _rating_of(draft: Draft) -> Rating | None:
    brag = drafts.as_sent(draft).get("brag", "").partition(":")[0]
    return Rating(brag) if brag in list(Rating) else None


def _word_of(draft: Draft) -> str:
    return drafts.as_sent(draft).get("brag", "").partition(":")[2]


# --- Signed out meanwhile ---------------------------------------------------------------------


def _signed_out(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """A session that ended while somebody wrote: sign in on the spot, and the words are kept."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    return _kept_text(request, slug, ref, SignInForm(request))


def _kept_text(request: HttpRequest, slug: str, ref: str, form: SignInForm) -> HttpResponse:
    return render(
        request,
        "actions/kept_text.html",
        {
            "form": form,
            "send_to": reverse("actions:keep_text", args=(slug, ref)),
            "answers": [
                (name, value)
                for name, values in request.POST.lists()
                if name not in drafts.NOT_ANSWERS or name == "base"
                for value in values
            ],
            "files": [file.name for file in request.FILES.getlist("evidence_files")],
        },
        status=429 if is_locked(form) else 422 if form.errors else 200,
    )


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_POST
def keep_text(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Sign in with the words in hand, and keep them as that person's draft.

    Only whoever may write here is signed in here.
    """
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        return _kept_text(request, slug, ref, form)
    request.user = form.get_user()
    try:
        page, _, commitment = _open(request, slug, ref)
    except (Http404, PermissionDenied):
        request.user = AnonymousUser()
        raise
    sessions.begin(request, page.access.user)
    drafts.save(user=page.access.user, commitment=commitment, sent=request.POST)
    messages.success(request, "You are signed in again. Your words are kept as a draft.")
    return redirect("actions:record_update", slug, ref)


# --- Correcting -------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def correct_update(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    """Put the newest update right. What was said at first stays visible."""
    page = get_plan_page(request, slug)
    state = page.commitment(ref)
    wrong = get_object_or_404(
        ProgressUpdate.objects.select_related("commitment", "risk", "by", "on_behalf_of"),
        pk=pk,
        commitment=state.id,
    )
    whose = wrong.on_behalf_of
    access.require(
        access.can_correct_update(
            page.access, state, author=wrong.by_id, account_of=whose.user_id if whose else None
        )
    )
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        state=state,
        has_evidence=updates.has_evidence(wrong.commitment),
        on_behalf_choices=_leads_to_name(page, state) if wrong.on_behalf_of_id else None,
        initial=said_before(wrong),
    )
    if form.is_valid():
        try:
            updates.record_update(
                commitment=wrong.commitment,
                by=page.access.user,
                corrects=wrong,
                **form.arguments(),
            )
        except updates.Conflict:
            form.add_error(
                None,
                "A correction was sent from this form already, in other words. "
                "To change it, correct the newest update.",
            )
        except ValidationError as refusal:
            show_refusal(form, refusal, form.refuse)
        else:
            messages.success(request, f"The update of {called(page, state)} is corrected.")
            return redirect(address_of("commitment", slug, ref))
    speaks_of = day_of(wrong.effective_at)
    previous_update = {
        "rating": Rating(wrong.brag),
        "word": wrong.word,
        "day_text": formatting.short_day(speaks_of),
        "text": wrong.progress,
        "author_line": wrong.by.name if wrong.by else wrong.source,
    }
    return render(
        request,
        "actions/correct_update.html",
        {
            **_form_context(page, state, form, speaks_of),
            "said": previous_update,
            "send_text": "Send correction",
        },
        status=422 if form.errors else 200,
    )


# --- What stands beside the form --------------------------------------------------------------


def _leads_to_name(page: PlanPage, state: CommitmentState) -> Any:
    """The leads an update may be recorded for; None where users record their own."""
    if not access.records_on_behalf(page.access, state):
        return None
    return Person.objects.filter(pk__in=access.leads_to_name(page.access, state))


def _previous_day(state: CommitmentState) -> str:
    newest = state.newest_update
    return formatting.short_day(day_of(newest.effective_at)) if newest else ""


def _is_officers(page: PlanPage, state: CommitmentState) -> bool:
    """Whether an officer records for a lead, and so comes from the page of who owes what."""
    return access.can_manage_periods(page.access) and access.records_on_behalf(page.access, state)


def _room(page: PlanPage, state: CommitmentState) -> str:
    return "period" if _is_officers(page, state) else "my_work"


def _breadcrumbs(page: PlanPage, state: CommitmentState) -> list[formatting.Breadcrumb]:
    return [
        formatting.Breadcrumb("Updates", page.link("period"))
        if _is_officers(page, state)
        else formatting.Breadcrumb("My work", page.link("my_work")),
        formatting.Breadcrumb(called(page, state), page.link("commitment", state.code)),
    ]


def _form_context(
    page: PlanPage,
    state: CommitmentState,
    form: ProgressUpdateForm,
    speaks_of: date | None = None,
    base: int | None = _NO_DRAFT,
) -> dict[str, Any]:
    """`speaks_of` is the day of the update, where that is not the one shown; `base` the update that
    was newest when a draft was begun."""
    texts: CommitmentText = commitment_texts(page, [state])[state.id]
    entries = entries_of(state.id, page.day, form_margin.KINDS)
    statements = uncorrected(entries)
    told = form_margin.told_beside(page, state)
    facts = []
    if state.completion:
        if state.completion.is_moved:
            facts.append(formatting.Pair("First agreed", state.completion.first))
        facts.append(formatting.Pair("Now", state.completion.now))
    facts += [
        formatting.Pair(row.kind.label, row.now)
        for row in state.dates
        if row is not state.completion
    ]
    facts += [fact for beside in told for fact in beside.facts]
    returned = returned_text(entries)
    move = _open_move(page, state)
    return {
        **page.context(_room(page, state)),
        "breadcrumbs": _breadcrumbs(page, state),
        "c": line(page, state, texts),
        "over_text": ", ".join(
            filter(None, (texts.number, _update_title(page, speaks_of or page.day)))
        ),
        "form": form,
        "grey_note": _grey_note(page, state),
        "open_move": move,
        "still_open": form_margin.open_on_it(state, move),
        "leave_url": page.link("commitment", state.code),
        "previous": _statement(statements[0]) | {"for_text": _since_text(state)}
        if statements
        else None,
        "earlier": [_statement(entry) for entry in statements[1:3]],
        "returned": returned and returned | {"since": form_margin.since_return(entries)},
        "questions": form_margin.questions_of(page, state, entries),
        "evidences": form_margin.evidence_on_record(page, state, entries),
        "sections": [section for beside in told for section in beside.sections],
        "newer": form_margin.newer_text(page, state, base, entries) if base != _NO_DRAFT else None,
        "facts": facts,
    }


def _since_text(state: CommitmentState) -> str:
    """Since when the newest update's colour has stood; nothing of a Blue that only waits."""
    newest, since = state.newest_update, state.standing.since
    if newest is None or since is None or newest.rating is not state.rating:
        return ""
    return f"since {formatting.short_day(day_of(since))}"


def _statement(entry: Entry) -> dict[str, Any]:
    return {
        "rating": Rating(entry.details["brag"]),
        "word": entry.details["word"],
        "day_text": formatting.short_day(day_of(entry.effective_at)),
        "text": entry.details["text"] or "No change.",
        "risk": entry.details["risk"],
        "author_line": entry.author or entry.source,
    }


def _open_move(page: PlanPage, state: CommitmentState) -> dict[str, Any] | None:
    """The move of its date that is asked for already, for which no other may be asked."""
    still_open = update_rules.open_move(state)
    if still_open is None:
        return None
    return {
        "wanted": still_open.wanted,
        "day_text": formatting.short_day(day_of(still_open.effective_at)),
        "url": page.link("change", still_open.id),
    }


def _grey_note(page: PlanPage, state: CommitmentState) -> str:
    first = first_dated_point(state.dates)
    if first is None or not first.passed_by(page.day):
        return ""
    return f"Its first date was {first.in_sentence}, so {scale().grey} needs a reason"

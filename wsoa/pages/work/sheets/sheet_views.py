"""A month's updates as a sheet to fill in, and the page that takes sheets back.

What was read is carried by the page that checks it, signed, and checked once more when it is
recorded. Each file is recorded as a whole or not at all; one that cannot be costs no other.
"""

import io
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.io import storage, update_sheets
from actions.io.spreadsheets import SheetError
from actions.models import Person
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today
from actions.progress import updates
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import levels
from wsoa.pages.work.several_views import moment_of
from wsoa.pages.work.sheets.checking import CheckedSheet, Checker, Sheet, newer_text
from wsoa.pages.work.sheets.making import XLSX, content_of, led_by
from wsoa.pages.work.sheets.sheet_forms import SheetsForm, ToldSheetsForm

# A page that was left open longer is given its files again.
_LONGEST_OPEN = 24 * 60 * 60
# Well within what a form may send (DATA_UPLOAD_MAX_MEMORY_SIZE).
_LONGEST_KEPT = 900_000


# --- Making -----------------------------------------------------------------------------------


@require_GET
def own_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The reader's own commitments that are owed an update; all of theirs where none is."""
    page = get_page_today(request, slug)
    access.require(access.can_see_live(page.access))
    return _workbook(page, page.own(), None)


@require_GET
def sheet_of(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Those of a lead, to be sent to them by the programme team."""
    page = get_page_today(request, slug)
    access.require(access.can_manage_periods(page.access))
    person = get_object_or_404(Person, pk=pk, local_area=page.plan.local_area)
    return _workbook(page, led_by(page, person), person)


@require_GET
def sheets_of_several(request: HttpRequest, slug: str) -> HttpResponse:
    """A file for each of several leads (`?to=` their keys), named after them, in one ZIP."""
    page = get_page_today(request, slug)
    access.require(access.can_manage_periods(page.access))
    wanted = {int(key) for key in request.GET.getlist("to") if key.isdecimal()}
    people = Person.objects.filter(local_area=page.plan.local_area, pk__in=wanted)
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as pack:
        for person in people.order_by("name", "pk"):
            if led := led_by(page, person):
                name = f"{slugify(person.name)}-{person.pk}.xlsx"
                pack.writestr(name, content_of(page, led, person))
        if not pack.namelist():
            messages.error(request, "Choose somebody who leads something of this plan.")
            return redirect("reaching:everybody", slug)
    name = f"{page.plan.slug}-updates-{page.today.isoformat()}.zip"
    return HttpResponse(
        packed.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _workbook(
    page: PlanPage, states: Sequence[CommitmentState], person: Person | None
) -> HttpResponse:
    name = f"{page.plan.slug}-updates-{page.today.isoformat()}"
    if person:
        name += f"-{person.pk}"
    return HttpResponse(
        content_of(page, states, person),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )


# --- Reading ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own sheets, filled in."""
    page = get_page_today(request, slug)
    access.require(access.can_see_live(page.access))
    return _take(page, for_others=False)


@require_http_methods(["GET", "POST"])
def team_sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """Those that leads sent to the programme team, recorded on their behalf."""
    page = get_page_today(request, slug)
    access.require(access.can_manage_periods(page.access))
    return _take(page, for_others=True)


def _take(page: PlanPage, *, for_others: bool) -> HttpResponse:
    request = page.request
    if request.method == "POST" and "kept" in request.POST:
        return _record(page, request.POST["kept"], for_others=for_others)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = (
        ToldSheetsForm(*given, today=page.today, initial={"told_on": page.today})
        if for_others
        else SheetsForm(*given)
    )
    if not form.is_valid():
        return _form_page(page, form, for_others=for_others)
    read = [_read(file, page.today) for file in form.cleaned_data["sheets"]]
    told = (form.cleaned_data["how"], form.cleaned_data["told_on"]) if for_others else None
    checked = Checker(page, for_others=for_others).check(read)
    if all(one.problems for one in checked):
        form.add_error(
            "sheets", "Nothing can be recorded yet. Put the files right, and choose them again"
        )
        return _form_page(page, form, checked, for_others=for_others)
    if len(_kept(page, checked, told, for_others=for_others)) > _LONGEST_KEPT:
        form.add_error("sheets", "This is more than can be checked at once. Give fewer files")
        return _form_page(page, form, for_others=for_others)
    return _check_page(page, checked, told, for_others=for_others)


def _read(file: Any, today: date) -> Sheet:
    name, key = storage.safe_name(file.name or ""), uuid.uuid4()
    try:
        filled = update_sheets.read(storage.read_small(file), today)
    except SheetError as refusal:
        return Sheet(name, [], key, refusal.problems)
    except ValidationError as refusal:
        return Sheet(name, [], key, SheetError.of(" ".join(refusal.messages)).problems)
    return Sheet(name, filled.rows, key, filled.problems, filled.notices)


def _form_page(
    page: PlanPage,
    form: SheetsForm,
    checked: Sequence[CheckedSheet] = (),
    *,
    for_others: bool,
) -> HttpResponse:
    return render(
        page.request,
        "pages/sheets.html",
        {
            **_context(page, for_others=for_others),
            "form": form,
            "refused": [_refused(one) for one in checked],
            "sheet_url": "" if for_others else page.url("pages:own_sheet"),
        },
        status=422 if form.errors else 200,
    )


def _check_page(
    page: PlanPage,
    checked: Sequence[CheckedSheet],
    told: tuple[str, date] | None,
    *,
    for_others: bool,
    status: int = 200,
) -> HttpResponse:
    sound = [one for one in checked if not one.problems]
    return render(
        page.request,
        "pages/sheets_check.html",
        {
            **_context(page, for_others=for_others),
            "refused": [_refused(one) for one in checked if one.problems],
            "sheets": [
                {
                    "name": one.sheet.name,
                    "notices": one.sheet.notices,
                    "tick": _tick(one),
                    "conflicts": [
                        (account.state.ref, newer_text(account), account.answers.progress)
                        for account in one.conflicts
                    ],
                    "lines": [_summary(account) for account in one.accounts],
                }
                for one in sound
            ],
            "count": sum(len(one.accounts) for one in sound),
            "told": _told_text(told),
            "kept": _kept(page, checked, told, for_others=for_others),
        },
        status=status,
    )


def _kept(
    page: PlanPage,
    checked: Sequence[CheckedSheet],
    told: tuple[str, date] | None,
    *,
    for_others: bool,
) -> str:
    """What can be recorded, as the page carries it: its reader cannot change it unseen."""
    sound = [one for one in checked if not one.problems]
    kept = {
        "sheets": [one.sheet.as_json() for one in sound],
        "newer": {
            str(account.state.id): account.newer.pk
            for one in sound
            for account in one.conflicts
            if account.newer
        },
        "told": [told[0], told[1].isoformat()] if told else None,
    }
    return signing.dumps(kept, salt=_salt(page, for_others), compress=True)


def _tick(checked: CheckedSheet) -> str:
    return f"on_top_{checked.sheet.submission}"


def _refused(checked: CheckedSheet) -> dict[str, Any]:
    return {"name": checked.sheet.name, "problems": [str(one) for one in checked.problems]}


def _summary(account: Any) -> dict[str, Any]:
    answers = account.answers
    facts = [
        ("On behalf of", account.person.name if account.person else ""),
        ("Issue" if answers.brag is Rating.RED else "Risk", answers.risk and answers.risk.text),
        ("Support needed", answers.help_needed),
        ("Why it is late", answers.late_reason),
        ("What changed for families", answers.changed_for_families),
        ("Evidence", answers.evidence and answers.evidence.title),
        ("Work starts", answers.work_starts),
        ("Why it is not due yet", answers.grey_reason),
    ]
    return {
        "ref": account.state.ref,
        "name": account.name,
        "rating": answers.brag,
        "word": answers.word,
        "words": answers.progress,
        "facts": [(label, words) for label, words in facts if words],
    }


def _told_text(told: tuple[str, date] | None) -> str:
    return f"{told[0]} of {formatting.short_day(told[1])}" if told else ""


# --- Recording --------------------------------------------------------------------------------


def _record(page: PlanPage, text: str, *, for_others: bool) -> HttpResponse:
    back = page.url("pages:team_sheets" if for_others else "pages:sheets")
    try:
        kept = signing.loads(text, salt=_salt(page, for_others), max_age=_LONGEST_OPEN)
    except signing.BadSignature:
        messages.warning(page.request, "This page was open too long. Choose the files again.")
        return redirect(back)
    told = (kept["told"][0], date.fromisoformat(kept["told"][1])) if kept["told"] else None
    read = [Sheet.from_json(one) for one in kept["sheets"]]
    checked = Checker(page, for_others=for_others).check(read)
    recorded, left = 0, []
    for one in checked:
        if not one.problems and _may_record(page, one, kept["newer"]):
            recorded += _record_sheet(page, one, told)
        elif not one.problems:
            left.append(one)
    failed = [one for one in checked if one.problems]
    if recorded:
        what = levels().some("commitment", recorded)
        messages.success(page.request, f"Updates recorded for {what}.")
    if failed or left:
        return _check_page(page, [*failed, *left], told, for_others=for_others, status=409)
    return redirect(_leave_url(page, for_others=for_others))


def _may_record(page: PlanPage, checked: CheckedSheet, shown: dict[str, int]) -> bool:
    """Whether what was recorded meanwhile was on the page, and its reader chose to go on."""
    if not checked.conflicts:
        return True
    were_shown = all(
        account.newer and shown.get(str(account.state.id)) == account.newer.pk
        for account in checked.conflicts
    )
    return were_shown and _tick(checked) in page.request.POST


def _record_sheet(page: PlanPage, checked: CheckedSheet, told: tuple[str, date] | None) -> int:
    try:
        made = updates.record_several(
            by=page.access.user,
            accounts=checked.accounts_to_record(),
            effective_at=moment_of(told[1], page) if told else None,
            source=f"{_told_text(told)}, sheet {checked.sheet.name}"[:300] if told else "",
        )
    except ValidationError as refusal:
        for place, words in refusal.message_dict.items():
            checked.refuse(place, words)
        return 0
    return len(made)


def _salt(page: PlanPage, for_others: bool) -> str:
    return f"sheets {page.plan.pk} {page.access.user.pk} {for_others}"


def _leave_url(page: PlanPage, *, for_others: bool) -> str:
    return page.url("pages:period" if for_others else "pages:my_work")


def _context(page: PlanPage, *, for_others: bool) -> dict[str, Any]:
    leave_url = _leave_url(page, for_others=for_others)
    return {
        **page.context("period" if for_others else "my_work"),
        "breadcrumbs": [
            formatting.Breadcrumb("Updates" if for_others else "My work", leave_url),
            formatting.Breadcrumb("Sheets"),
        ],
        "for_others": for_others,
        "leave_url": leave_url,
    }

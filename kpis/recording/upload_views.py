"""Figures from a file: the template, the upload, a preview, and applying it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.io.sheets import Sheet, Value
from actions.io.spreadsheets import KeptFile
from actions.pages import exporting, formatting
from actions.pages.plan_page import PlanPage, get_page_today
from actions.pages.uploads import Preview, UploadPages, preview_page, upload_page
from actions.rules.dates import PlanDate, add_months, last_day_of_month
from kpis.models import Kpi, MeasurementUpload
from kpis.recording import uploads
from kpis.recording.comparators import ComparatorValue, NamedSeries, named_series
from kpis.recording.due_figures import Enterable, enterable, may_enter
from kpis.recording.figure_rows import COLUMNS, TITLES, TOLD, FileRow
from kpis.recording.measurements import Outcome
from kpis.recording.uploads import AnyOutcome
from kpis.rules.figures import PeriodFigure
from kpis.rules.text import (
    CLOSED,
    JUDGEMENTS,
    STATUSES,
    amount,
    figure_text,
    period_text,
    shown_value,
)
from kpis.rules.validation import Given, worked_out

# Of one measure; whoever owes more than two years begins with these.
MOST_PERIODS_IN_TEMPLATE = 24

# What goes into each column, and how wide it is in the template.
_WORDS = {
    "code": ("The code of the measure, as in the plan.", 12),
    "title": ("Told, not read.", 36),
    "unit": ("Told, not read.", 12),
    "series": ("Empty: the KPI’s own. Else the name of one of its comparators: England.", 20),
    "period": ("2026-10, October 2026, 31/10/2026, Q3 2026/27 or school year 2026/27.", 22),
    "last": ("Told, not read.", 20),
    "value": ("The figure, in the unit: 12.5 or 1,234. Empty where both parts are given.", 12),
    "numerator": ("Of a measure of two parts: how many.", 12),
    "denominator": ("Of how many. An approximate one is filled in; put the number counted.", 12),
    "respondents": ("Of a survey: who answered. Of a judgement: how many it rests on.", 12),
    "compared_with": ("The others’ figure, where the measure is compared.", 14),
    "judgement": ("Improved, No change, Worse or Not yet known.", 14),
    "based_on": ("What a judgement rests on; of a comparator, where it is published.", 30),
    "status": ("Final, Provisional, Projected or No figure. Empty: final.", 12),
    "note": ("Anything a reader should know. Needed where there is no figure: why.", 40),
    "reason": ("Needed where a final figure changes, or a comparator’s.", 40),
}
_ALSO = {
    column.key: f" Also called: {', '.join(column.also)}."
    for column in COLUMNS
    if column.also and column.key not in TOLD
}


PAGES = UploadPages(
    upload_template="kpis/upload_figures.html",
    preview_template="kpis/figures_preview.html",
    preview_url="kpis:figures_preview",
    template_url="kpis:figures_template",
    file_label="File of figures",
    file_help="Excel (.xlsx) or CSV, up to 10 MB and 10,000 rows.",
    noun="figure",
    verb="Record",
    done="recorded",
    applied="Recorded",
)


@require_http_methods(["GET", "POST"])
def upload_figures(request: HttpRequest, slug: str) -> HttpResponse:
    page, kpis = _open(request, slug)

    def keep(**uploaded: Any) -> KeptFile[MeasurementUpload]:
        in_use = Kpi.objects.filter(plan=page.plan, withdrawn_at=None)
        codes = in_use.values_list("code", flat=True)
        others = named_series([kpi.id for kpi in kpis])
        return uploads.keep_upload(**uploaded, kpis=kpis, codes=codes, others=others)

    return upload_page(
        page,
        PAGES,
        keep,
        columns=(
            formatting.Pair(
                f"{column.title}, needed" if column.is_required else column.title,
                _WORDS[column.key][0] + _ALSO.get(column.key, ""),
            )
            for column in COLUMNS
            if column.key not in TOLD
        ),
        context=_context(page),
    )


@require_http_methods(["GET", "POST"])
def figures_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What a kept file would change, and the press that applies it. Its sender's alone."""
    page, kpis = _open(request, slug)
    upload = get_object_or_404(
        MeasurementUpload.objects.select_related("plan"), pk=pk, plan=page.plan, by=page.access.user
    )
    return preview_page(
        page,
        PAGES,
        upload,
        apply=lambda: uploads.apply_upload(upload=upload, by=page.access.user, kpis=kpis),
        preview=lambda: _preview(page, upload, kpis),
        context=_context(page),
    )


def _preview(page: PlanPage, upload: MeasurementUpload, kpis: list[Enterable]) -> Preview:
    by_id = {kpi.id: kpi for kpi in kpis}
    rows = uploads.rows_of(upload)

    def shown(pair: tuple[FileRow, AnyOutcome | None]) -> dict[str, object] | None:
        row, outcome = pair
        # A measure that is the reader's no more is told by its row's problem.
        return _row_fields(row, outcome, by_id[row.kpi]) if row.kpi in by_id else None

    if upload.applied_at:
        return Preview([(row, None) for row in rows], shown)
    result = uploads.checked(page.plan, rows, kpis, page.today)
    return Preview(
        list(zip(rows, result.outcomes, strict=True)),
        shown,
        problems=result.problems,
        facts=lambda: _facts(result.outcomes, by_id),
    )


def _facts(outcomes: list[AnyOutcome], kpis: Mapping[int, Enterable]) -> list[formatting.Pair]:
    counts = Counter(_kind(outcome) for outcome in outcomes)
    asked = sum(
        bool(_question(outcome.figure, kpis[outcome.entry.kpi]))
        for outcome in outcomes
        if isinstance(outcome, Outcome) and not outcome.is_same and outcome.entry.kpi in kpis
    )
    facts = [
        (counts["new"], "New"),
        (counts["changes"], "Changed"),
        (counts["restates"], "Final, and restated"),
        (counts["same"], "As on record"),
        (asked, "To look at: is it right?"),
    ]
    return [formatting.Pair(label, count) for count, label in facts if count]


def _kind(outcome: AnyOutcome) -> str:
    if outcome.newest is None:
        return "new"
    if outcome.is_same:
        return "same"
    is_restatement = isinstance(outcome, Outcome) and outcome.is_restatement
    return "restates" if is_restatement else "changes"


_KINDS = {
    "new": "New",
    "changes": "Changes",
    "restates": "Restates",
    "same": "As on record",
}


def _row_fields(row: FileRow, outcome: AnyOutcome | None, kpi: Enterable) -> dict[str, object]:
    if row.series is not None:
        return _others_fields(row, outcome, kpi)
    assert outcome is None or isinstance(outcome, Outcome)
    figure = outcome.figure if outcome else worked_out(kpi.row, row.figure)
    if figure.judgement:
        text = JUDGEMENTS[figure.judgement]
    else:
        value = shown_value(figure)
        text = "" if value is None else amount(value, kpi.row.unit)
    status = STATUSES[figure.status]
    # What stands there comes from the state, which has no small number the reader may not see.
    was = kpi.figure_of(figure.ends_on) if outcome and outcome.newest else None
    kind = _kind(outcome) if outcome else ""
    question = _question(figure, kpi) if kind not in ("", "same") else ""
    return {
        "number": row.number,
        "code": kpi.code,
        "title": kpi.row.title,
        "period": period_text(figure.starts_on, figure.ends_on),
        "kind": _KINDS.get(kind, ""),
        "before": figure_text(was, kpi.row.unit) if was and kind in ("changes", "restates") else "",
        "after": f"{text}, {status}" if text else status,
        "notes": [note for note in (figure.note, row.reason, question) if note],
    }


def _others_fields(row: FileRow, outcome: AnyOutcome | None, kpi: Enterable) -> dict[str, object]:
    figure, unit = row.figure, kpi.row.unit
    assert figure.value is not None
    kind = _kind(outcome) if outcome else ""
    was = outcome.newest.value if outcome and outcome.newest and kind == "changes" else None
    return {
        "number": row.number,
        "code": kpi.code,
        "title": f"{kpi.row.title}: {row.whose}",
        "period": period_text(figure.starts_on, figure.ends_on),
        "kind": _KINDS.get(kind, ""),
        "before": amount(was, unit) if was is not None else "",
        "after": amount(figure.value, unit),
        "notes": [note for note in (figure.based_on, row.reason) if note],
    }


def _question(figure: Given, kpi: Enterable) -> str:
    """Asked of a figure that may be a slip, before it is recorded; else nothing."""
    if figure.value is None:
        return ""
    last, unit = kpi.before(figure.starts_on), kpi.row.unit
    before = f"The figure before it was {figure_text(last, unit)}." if last else ""
    written = amount(figure.value, unit)
    if _may_be_a_share(figure.value, figure, last, unit):
        return f"Is it {written}, or {amount(figure.value * 100, unit)}? {before}"
    is_far = kpi.is_far(figure.value, figure.starts_on, figure.ends_on)
    return f"Is {written} right? {before}".strip() if is_far else ""


def _may_be_a_share(value: Decimal, figure: Given, last: PeriodFigure | None, unit: str) -> bool:
    """Whether a share of one may have been written for a percentage."""
    if unit != "%" or figure.numerator is not None or not 0 < value <= 1:
        return False
    return last is not None and last.value is not None and last.value >= 10


@require_GET
def figures_template(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """One row for each figure that the user owes, with what is known of it beforehand."""
    page, kpis = _open(request, slug)
    exporting.require_file(kind)
    columns = [column.key for column in COLUMNS]
    several = named_series([kpi.id for kpi in kpis])
    due_rows = [row for kpi in kpis for row in _template_rows(kpi, several, page.today)]
    sheet = Sheet(
        "Figures",
        tuple(TITLES[key] for key in columns),
        tuple(_WORDS[key][1] for key in columns),
        [tuple(row.get(key, "") for key in columns) for row in due_rows],
        [
            ("Plan", f"{page.plan.title}, {page.plan.local_area}"),
            ("As at", page.today.isoformat()),
            (
                "Rows",
                "One for each figure that is due, and for each comparator’s next. Rows left empty "
                "stay due.",
            ),
            *((TITLES[key], _WORDS[key][0]) for key in columns),
        ],
    )
    return exporting.download(page, sheet, kind)


def _last(figure: PeriodFigure, unit: str) -> str:
    """In a file no small number stands that nobody asked for."""
    return CLOSED if figure.is_marked else figure_text(figure, unit)


def _due_row(kpi: Enterable, starts_on: date, ends_on: date) -> dict[str, Value]:
    last = kpi.before(starts_on)
    return {
        "code": kpi.code,
        "title": kpi.row.title,
        "unit": kpi.row.unit,
        "period": _due_period(starts_on, ends_on),
        "last": _last(last, kpi.row.unit) if last else "",
        "denominator": kpi.row.denominator_about or "",
    }


def _due_period(starts_on: date, ends_on: date) -> str:
    """A year by its name, as nobody knows which one a month is of; else the month it ends in."""
    text = period_text(starts_on, ends_on)
    return text if text.endswith(" year") or text.isdigit() else f"{ends_on:%Y-%m}"


def _template_rows(
    kpi: Enterable, several: Mapping[int, Sequence[NamedSeries]], today: date
) -> Iterator[dict[str, Value]]:
    for due in kpi.state.due[:MOST_PERIODS_IN_TEMPLATE]:
        yield _due_row(kpi, due.starts_on, due.ends_on)
    for series in several.get(kpi.id, ()):
        last = series.last
        beside = {
            "code": kpi.code,
            "title": kpi.row.title,
            "series": series.name,
            "unit": kpi.row.unit,
            "last": amount(last.value, kpi.row.unit) if last else "",
        }
        for period in _periods_after(last, today) or [""]:
            yield {**beside, "period": period}


def _periods_after(last: ComparatorValue | None, today: date) -> list[str]:
    """The periods like that of the last value which have ended since, as a file names them.

    None where nothing tells how long the next is: whoever fills the row in writes its period.
    """
    if last is None or last.starts_on.day != 1 or last.ends_on != last_day_of_month(last.ends_on):
        return []
    begins = last.ends_on + timedelta(days=1)
    months = PlanDate.month_of(last.starts_on).months_until(PlanDate.month_of(begins))
    periods = []
    while (after := add_months(begins, months)) <= today:
        periods.append(_named_period(begins, after - timedelta(days=1)))
        begins = after
    return periods[-MOST_PERIODS_IN_TEMPLATE:]


def _named_period(starts_on: date, ends_on: date) -> str:
    """As it is read for the same days, whatever the rhythm of the KPI."""
    text = _due_period(starts_on, ends_on)
    if text != f"{ends_on:%Y-%m}":
        return text
    return f"{starts_on:%d/%m/%Y} to {ends_on:%d/%m/%Y}"


def _open(request: HttpRequest, slug: str) -> tuple[PlanPage, list[Enterable]]:
    page = get_page_today(request, slug)
    kpis = enterable(page)
    access.require(may_enter(page, kpis))
    return page, kpis


def _context(page: PlanPage) -> dict[str, object]:
    return {
        **page.context("kpis"),
        "breadcrumbs": [
            formatting.Breadcrumb("KPIs", page.url("kpis:kpis")),
            formatting.Breadcrumb("Enter figures", page.url("kpis:figures")),
            formatting.Breadcrumb("From a file", page.url("kpis:upload_figures")),
        ],
        "leave_url": page.url("kpis:figures"),
    }

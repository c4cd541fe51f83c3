"""The register of findings, the same as a file, and the page of one."""

from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from actions import access
from actions.areas.findings import JudgementItem, inspection_facts, verdict_texts
from actions.kept_pages import kept_page
from actions.models import Action, Finding
from actions.pages import formatting
from actions.pages.exporting import files_of, list_file, require_file
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.records.text_versions import worded
from actions.rules.dates import PlanDate, Precision
from actions.rules.state import CommitmentState, count
from actions.rules.status import Rating
from actions.wording import levels, scale
from wsoa.pages.findings.course_drawing import course_drawing
from wsoa.pages.findings.finding_course import (
    Course,
    course_of,
    course_table,
    course_text,
)
from wsoa.pages.findings.finding_list import (
    FINDING_COLUMNS,
    FindingFilter,
    FindingTable,
    answered_text,
    grouped,
)
from wsoa.pages.findings.finding_pack import contents_text, packed
from wsoa.pages.findings.finding_points import Point
from wsoa.pages.findings.finding_rows import EvidenceLine, FindingRow, finding_rows

PER_PAGE = 300
BETTER = {False: "Better than the baseline", True: "No better than the baseline", None: ""}
# On a finding's page; the others are behind "All".
NEWEST_EVIDENCE = 6

# --- The register -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """What an address asks of the register."""

    page: PlanPage
    form: FindingFilter
    rows: list[FindingRow]
    of_plan: list[JudgementItem]

    @property
    def count_text(self) -> str:
        return formatting.shown_text(len(self.rows), len(self.form.rows))


def _listed(request: HttpRequest, slug: str) -> Listed:
    page = get_plan_page(request, slug, may_be_shared=True)
    rows, of_plan = finding_rows(page)
    form = FindingFilter(request.GET, rows=rows)
    return Listed(page, form, form.matching(), of_plan)


@require_GET
@kept_page()
def findings(request: HttpRequest, slug: str) -> HttpResponse:
    """What inspectors found, what answers it, whether it is better, and how it was judged."""
    listed = _listed(request, slug)
    page, form = listed.page, listed.form
    table = FindingTable(
        grouped(listed.rows),
        empty_text="No finding matches. Take something out of the filter above.",
    )
    table.paginate(per_page=PER_PAGE)
    table.page = table.paginator.get_page(request.GET.get("page"))
    inspection = page.plan.inspection
    return render(
        request,
        "pages/findings.html",
        {
            **page.context("plan", comparison_day=page.comparison_day),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb("Findings"),
            ],
            "edit_url": page.is_today
            and access.can_edit_people(page.access)
            and f"{page.url('actions:edit_reference')}#finding",
            "form": form,
            "count_text": listed.count_text,
            "is_narrowed": len(listed.rows) < len(form.rows),
            "is_empty": not form.rows,
            "table": table,
            "verdict_text": " ".join(verdict_texts(row.item for row in form.rows)),
            "of_plan": listed.of_plan,
            "inspection": inspection
            and {
                "title": inspection.title,
                "facts": inspection_facts(inspection),
                "note": inspection.note,
            },
            "files": []
            if form.errors
            else files_of(
                lambda kind: reverse("pages:findings_file", args=(slug, kind)) + form.here()
            ),
        },
        status=422 if form.errors else 200,
    )


@require_GET
@kept_page()
def findings_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """One row for each finding of the page of the same address, with all that it tells."""
    listed = _listed(request, slug)
    require_file(kind, listed.form)
    return list_file(
        listed.page,
        kind,
        "Findings",
        FINDING_COLUMNS,
        listed.rows,
        count_text=listed.count_text,
        filter_text=listed.form.words(),
    )


# --- One finding ------------------------------------------------------------------------------


def _row(page: PlanPage, code: str, *, for_outside: bool = False) -> FindingRow:
    rows, _ = finding_rows(page, for_outside=for_outside)
    row = next((row for row in rows if row.item.code == code), None)
    if row is None:
        raise Http404
    return row


@require_GET
def inspectors_file(request: HttpRequest, slug: str, code: str) -> FileResponse:
    """The finding's data and the evidence that may be shared, as a ZIP."""
    page = get_plan_page(request, slug)
    row = _row(page, code, for_outside=True)
    name = f"{slug}-finding-{slugify(row.item.number or code)}-{page.day.isoformat()}.zip"
    answer = FileResponse(
        packed(row), as_attachment=True, filename=name, content_type="application/zip"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
@kept_page()
def finding(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A finding from its words through what answers it to how it was judged."""
    page = get_plan_page(request, slug, may_be_shared=True)
    row = _row(page, code)
    course = course_of(row) if page.state.tracked and row.states else None
    return render(
        request,
        "pages/finding.html",
        {
            **page.context("plan", comparison_day=page.comparison_day),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb("Findings", page.url("pages:findings")),
                formatting.Breadcrumb(row.item.number or row.item.name),
            ],
            "finding": row.item,
            "answered_text": _answered_text(row),
            "points": [_point_view(row, point) for point in row.points],
            "course": course and _course_view(course),
            "ratings": _ratings(course) if course else [],
            "actions": _actions(row),
            "answers_note": answered_text(row),
            "kpis": [_kpi_view(kpi) for kpi in row.kpis],
            "evidence": [_evidence_view(row, line) for line in row.evidence[:NEWEST_EVIDENCE]],
            "more_evidence": [_evidence_view(row, line) for line in row.evidence[NEWEST_EVIDENCE:]],
            "evidence_note": _evidence_note(row),
            "families": [
                {
                    "view": line.view,
                    "text": line.text,
                    "about": f"{formatting.short_day(line.on)}, on {row.called(line.commitment)}",
                    "url": page.link("commitment", line.commitment.code),
                }
                for line in row.families
            ],
            "judge_url": page.is_today
            and access.can_record_judgement(page.access)
            and page.url("actions:judge_finding", code),
            "pack": None
            if page.shared_view
            else {
                "url": page.url("pages:inspectors_file", code),
                "text": contents_text(row),
            },
            "since": _since(row),
            "edit_url": page.access.is_officer
            and page.is_today
            and not row.is_answered
            and row.item.kind != Finding.Kind.STRENGTH
            and page.url("actions:edit_plan"),
        },
    )


def _answered_text(row: FindingRow) -> str:
    """`Answered by 18 commitments: 2 Blue, 10 Green, 3 Amber and 3 Red. Seven of ten KPIs …`"""
    if not row.is_answered:
        return "Nothing of this plan answers it." if row.item.kind != Finding.Kind.STRENGTH else ""
    text = f"Answered by {levels().some('commitment', len(row.states))}"
    if row.page.state.tracked and row.states:
        ratings = row.counts.ratings.items()
        text += ": " + formatting.listed(
            [f"{number} {scale().word(rating)}" for rating, number in ratings if number]
        )
    sentences = [f"{text}."]
    if row.measured:
        better = formatting.number_text(len(row.better)).capitalize() if row.better else "None"
        noun = "KPI" if len(row.measured) == 1 else "KPIs"
        verb = "is" if len(row.better) <= 1 else "are"
        sentences.append(
            f"{better} of {formatting.number_text(len(row.measured))} {noun} {verb} better than "
            f"{'its' if len(row.measured) == 1 else 'their'} baseline."
        )
    if row.missed:
        several = len(row.missed) > 1
        sentences.append(
            f"{formatting.number_text(len(row.missed)).capitalize()} "
            f"{'have' if several else 'has'} missed {'their' if several else 'its'} target."
        )
    return " ".join(sentences)


def _course_view(course: Course) -> dict[str, Any]:
    return {
        "drawing": course_drawing(course),
        "text": course_text(course),
        "table": course_table(course),
    }


def _ratings(course: Course) -> list[dict[str, Any]]:
    """What the SRO of each area that answers it gave last."""
    lines = [line for line in course.areas if line.given]
    return [
        {
            "area": line.label if len(lines) > 1 else "",
            "rating": line.given[-1].rating.value,
            "word": line.given[-1].word,
            "day": formatting.short_day(line.given[-1].on),
            "reason": line.given[-1].reason,
            "by": line.given[-1].by,
        }
        for line in lines
    ]


def _point_view(row: FindingRow, point: Point) -> dict[str, Any]:
    return {
        "words": point.text,
        "links": [
            formatting.Breadcrumb(row.called(state), row.page.link("commitment", state.code))
            for state in point.commitments
        ],
    }


def _actions(row: FindingRow) -> list[dict[str, Any]]:
    """What answers it, action by action, with the commitments of each by colour. One query."""
    page, texts = row.page, row.texts
    of_action: dict[int, list[CommitmentState]] = {}
    for state in row.states:
        of_action.setdefault(state.action, []).append(state)
    actions = {
        action.key: action for action in worded(Action, page.worded_day, pk__in=list(of_action))
    }
    return [
        {
            "ref": actions[key].ref,
            "title": actions[key].title,
            "url": page.url("pages:action", actions[key].code),
            "share": formatting.share_view(count(states)) if page.state.tracked else None,
            "tags": _tags(states),
            "kpis": [
                formatting.Breadcrumb(kpi.code, kpi.url)
                for kpi in row.kpis
                if {state.id for state in states}.intersection(kpi.history.commitments)
            ],
            "commitments": [
                formatting.Breadcrumb(
                    formatting.numbered(texts[state.id].number, texts[state.id].in_short),
                    page.link("commitment", state.code),
                )
                for state in states
            ],
        }
        for key, states in of_action.items()
    ]


def _tags(states: list[CommitmentState]) -> list[formatting.Chip]:
    """The facts of its commitments, each kind once."""
    chips = [chip for state in states for chip in formatting.tags(state)]
    return list({chip.text: chip for chip in chips}.values())


def _kpi_view(kpi: Any) -> dict[str, Any]:
    return {
        "code": kpi.code,
        "title": kpi.in_short,
        "url": kpi.url,
        "asks": kpi.asks_text,
        "latest": kpi.latest_text,
        "latest_note": kpi.latest_note,
        "spark": kpi.spark,
        "better": {
            False: "Better than the baseline",
            True: "No better than the baseline",
            None: "",
        }[kpi.state.is_no_better],
        "position": kpi.position,
    }


def _evidence_view(row: FindingRow, line: EvidenceLine) -> dict[str, Any]:
    return {
        "title": line.title,
        "ref": row.called(line.commitment),
        "url": row.page.link("commitment", line.commitment.code),
        "day": PlanDate(line.on, Precision.DAY).short,
        "about": ", ".join(
            text
            for text in (line.kind, "may be shared" if line.is_shareable else "not to be shared")
            if text
        ),
        "by": line.by,
    }


def _evidence_note(row: FindingRow) -> str:
    """`26 on record, 19 may be shared outside`"""
    if not row.evidence:
        return "none on record"
    shareable = sum(line.is_shareable for line in row.evidence)
    return f"{len(row.evidence)} on record, {shareable} may be shared outside"


def _since(row: FindingRow) -> dict[str, Any] | None:
    """What moved since the earlier day of the address."""
    page = row.page
    if page.comparison_day is None:
        return None
    now, then = count(row.states), count(row.previous_states)
    moves = [
        f"{abs(change)} {'more' if change > 0 else 'fewer'} {scale().word(rating)}"
        for rating in Rating
        if (change := now.ratings[rating] - then.ratings[rating])
    ]
    evidence = sum(line.on > page.comparison_day for line in row.evidence)
    judged = [
        item.text
        for item in row.item.judgements
        if item.on and page.comparison_day < item.on <= page.day
    ]
    facts = [
        formatting.Pair(levels().commitments, ", ".join(moves) or "No colour moved"),
        formatting.Pair("Evidence", f"{evidence} more" if evidence else "None added"),
        formatting.Pair("Judgement", ", ".join(judged) or "None"),
    ]
    return {"day": formatting.short_day(page.comparison_day), "facts": facts}

"""The page of one KPI, with what it moves and what is said of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.kept_pages import kept_page
from actions.memberships import live_plans_of
from actions.pages import formatting
from actions.plan.growing.ways import propose_beside
from kpis.pages import figure_table, kpi_chart, kpi_facts, kpi_panels
from kpis.pages.kpi_views import kpi_breadcrumbs, kpi_line
from kpis.pages.lineage import formers_of
from kpis.pages.page_chart import explored_in
from wsoa.oversight.changes.made import made_of
from wsoa.oversight.questions.beside import open_questions
from wsoa.oversight.questions.question_list import open_questions_of_kpi
from wsoa.pages import kpi_beside


@require_GET
@kept_page()
def kpi(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    page, row = kpi_line(request, slug, code, may_be_shared=True)
    beside = kpi_panels.beside(
        row.history.id, page.day, of_questions=open_questions_of_kpi(page.day)
    )
    texts = kpi_panels.texts_of(row.state)
    live = None if page.shared_view else live_plans_of(page.access.user)
    formers = formers_of(row.row, page.day, row.state.figures, live)
    return render(
        request,
        "pages/kpi.html",
        {
            **page.context("kpis"),
            "breadcrumbs": [
                *kpi_breadcrumbs(page),
                *(
                    formatting.Breadcrumb(area.label, page.url("pages:area", area.code))
                    for area in beside.areas
                ),
            ],
            "over": kpi_facts.over_text(row),
            "line": row,
            "finding": kpi_chart.finding_of(row),
            "facts": kpi_facts.facts(row),
            "small_numbers": kpi_facts.small_numbers_note(row),
            "sentences": kpi_facts.stands_sentences(row, page.plan.starts),
            "icons": kpi_facts.icons(row),
            "chart": kpi_chart.figure_of(
                row,
                texts,
                beside.rebases,
                page.plan.starts_on,
                beside.comparators,
                explored_in(page),
                formers,
            ),
            "formers": kpi_panels.former_rows(formers),
            "figures": figure_table.figure_lines(page, row, texts),
            "commitments": kpi_beside.commitment_rows(page, row),
            "milestones": (steps := kpi_panels.milestone_rows(row)),
            "others_told": any(step.others for step in steps),
            "targets": kpi_panels.target_lines(row, beside.targets),
            "comparators": kpi_panels.comparator_lines(row, beside.comparators),
            "comparator_url": kpi_beside.comparator_url(page, row, beside.comparators),
            "about": kpi_panels.about(row),
            "decisions": kpi_chart.decisions(page, row, beside.rebases),
            **kpi_beside.risks_beside(page, row, beside.risks),
            **open_questions(page, beside.questions, f"kpi:{row.code}"),
            **kpi_beside.buttons(page, row),
            "made": made_of(page, "kpi", row.code),
            "propose": propose_beside(
                page, within=row.code, new=(("New target", "target"),), kind="kpi"
            ),
        },
    )

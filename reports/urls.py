from django.urls import path

from reports.audit import history_views
from reports.dashboard import dashboard_views
from reports.dashboard.in_full import in_full_views
from reports.dashboard.on_a_page import on_a_page_views
from reports.drafts import draft_views, index_views, publishing_views, report_views, signing_views
from reports.drafts.outside import said_views
from reports.series import calendar_views, editing_views

app_name = "reports"

urlpatterns = [
    path("plans/<slug:slug>/dashboard/", dashboard_views.dashboard, name="dashboard"),
    path("plans/<slug:slug>/dashboard/timeline/", dashboard_views.timeline, name="timeline"),
    path(
        "plans/<slug:slug>/dashboard/plan-on-a-page/", on_a_page_views.on_a_page, name="on_a_page"
    ),
    path("plans/<slug:slug>/dashboard/in-full/", in_full_views.in_full, name="in_full"),
    path("plans/<slug:slug>/reports/", index_views.index, name="index"),
    path("plans/<slug:slug>/reports/calendar/", calendar_views.calendar, name="calendar"),
    path("plans/<slug:slug>/reports/series/", editing_views.series, name="series"),
    path(
        "plans/<slug:slug>/reports/word-template/",
        editing_views.word_template,
        name="word_template",
    ),
    path(
        "plans/<slug:slug>/reports/word-template/file/",
        editing_views.word_template_file,
        name="word_template_file",
    ),
    path("plans/<slug:slug>/reports/series/<int:pk>/start/", publishing_views.start, name="start"),
    path("plans/<slug:slug>/reports/drafts/<int:pk>/", draft_views.draft, name="draft"),
    path(
        "plans/<slug:slug>/reports/drafts/<int:pk>/families/",
        draft_views.families,
        name="draft_families",
    ),
    path(
        "plans/<slug:slug>/reports/drafts/<int:pk>/<slug:paper>.<slug:kind>",
        draft_views.draft_file,
        name="draft_file",
    ),
    path("plans/<slug:slug>/reports/drafts/<int:pk>/words/", draft_views.words, name="words"),
    path("plans/<slug:slug>/reports/drafts/<int:pk>/cut-off/", draft_views.cut_off, name="cut_off"),
    path(
        "plans/<slug:slug>/reports/drafts/<int:pk>/sign/<slug:what>/",
        signing_views.sign,
        name="sign",
    ),
    path(
        "plans/<slug:slug>/reports/drafts/<int:pk>/approve/<int:organisation>/",
        signing_views.approve,
        name="approve",
    ),
    path(
        "plans/<slug:slug>/reports/drafts/<int:pk>/outside/sign/<slug:what>/",
        said_views.record_signature,
        name="record_signature",
    ),
    path(
        "plans/<slug:slug>/reports/drafts/<int:pk>/outside/approve/<int:organisation>/",
        said_views.record_answer,
        name="record_answer",
    ),
    path(
        "plans/<slug:slug>/reports/drafts/<int:pk>/outside/<int:said>/check/",
        said_views.check,
        name="check_said",
    ),
    path(
        "plans/<slug:slug>/reports/drafts/<int:pk>/publish/",
        publishing_views.publish,
        name="publish",
    ),
    path(
        "plans/<slug:slug>/reports/drafts/<int:pk>/drop/", publishing_views.discard, name="discard"
    ),
    path("plans/<slug:slug>/reports/<int:pk>/", report_views.report, name="report"),
    path(
        "plans/<slug:slug>/reports/<int:pk>/families/",
        report_views.families,
        name="report_families",
    ),
    path(
        "plans/<slug:slug>/reports/<int:pk>/<slug:paper>.<slug:kind>",
        report_views.report_file,
        name="report_file",
    ),
    path(
        "plans/<slug:slug>/reports/<int:pk>/new-version/",
        publishing_views.new_version,
        name="new_version",
    ),
    path("plans/<slug:slug>/history/", history_views.history, name="history"),
    path("plans/<slug:slug>/history.<slug:kind>", history_views.history_file, name="history_file"),
]

from django.urls import path

from kpis import (
    change_views,
    changed_views,
    meeting_views,
    my_area_views,
    question_views,
    risk_views,
    search_views,
    views,
)
from kpis.pages import kpi_views
from kpis.recording import entry_views, upload_views
from kpis.setup import editing_views

app_name = "kpis"

urlpatterns = [
    path("search/", search_views.search, name="search"),
    path("plans/<slug:slug>/search/", search_views.search_plan, name="search_plan"),
    path("plans/<slug:slug>/edit/kpis/", editing_views.edit_kpis, name="edit_kpis"),
    path("plans/<slug:slug>/actions/<str:ref>/", views.action, name="action"),
    path("plans/<slug:slug>/commitments/<str:ref>/", views.commitment, name="commitment"),
    path("plans/<slug:slug>/changed/", changed_views.changed, name="changed"),
    path("plans/<slug:slug>/changed.<slug:kind>", changed_views.changed_file, name="changed_file"),
    path("plans/<slug:slug>/changes/", change_views.index, name="changes"),
    path("plans/<slug:slug>/changes/<int:pk>/", change_views.change, name="change"),
    path(
        "plans/<slug:slug>/commitments/<str:ref>/changes/new/",
        change_views.ask_change,
        name="ask_change",
    ),
    path(
        "plans/<slug:slug>/kpis/<str:code>/changes/new/",
        change_views.ask_kpi_change,
        name="ask_kpi_change",
    ),
    path("plans/<slug:slug>/kpis/", kpi_views.index, name="kpis"),
    path("plans/<slug:slug>/kpis.<slug:kind>", kpi_views.kpis_file, name="kpis_file"),
    path("plans/<slug:slug>/kpis/<str:code>/", kpi_views.kpi, name="kpi"),
    path("plans/<slug:slug>/kpis/<str:code>/rebase/", kpi_views.rebase, name="rebase"),
    path(
        "plans/<slug:slug>/kpis/<str:code>/rebase/<int:pk>/withdraw/",
        kpi_views.withdraw_rebase,
        name="withdraw_rebase",
    ),
    path(
        "plans/<slug:slug>/kpis/<str:code>/figures/<int:pk>/check/",
        kpi_views.check_figure,
        name="check_figure",
    ),
    path(
        "plans/<slug:slug>/kpis/<str:code>/baseline/", entry_views.record_baseline, name="baseline"
    ),
    path("plans/<slug:slug>/figures/", entry_views.figures, name="figures"),
    path("plans/<slug:slug>/figures/upload/", upload_views.upload_figures, name="upload_figures"),
    path(
        "plans/<slug:slug>/figures/upload/<int:pk>/",
        upload_views.figures_preview,
        name="figures_preview",
    ),
    path(
        "plans/<slug:slug>/figures/template.<slug:kind>",
        upload_views.figures_template,
        name="figures_template",
    ),
    path("plans/<slug:slug>/questions/", question_views.questions_list, name="questions"),
    path("plans/<slug:slug>/questions/new/", question_views.ask_question, name="ask_question"),
    path("plans/<slug:slug>/questions/<int:pk>/", question_views.question, name="question"),
    path(
        "plans/<slug:slug>/questions/<int:pk>/answer/",
        question_views.answer_question,
        name="answer_question",
    ),
    path(
        "plans/<slug:slug>/questions/<int:pk>/close/",
        question_views.close_question,
        name="close_question",
    ),
    path("plans/<slug:slug>/meetings/", meeting_views.meetings_list, name="meetings"),
    path("plans/<slug:slug>/meetings/new/", meeting_views.add_meeting, name="add_meeting"),
    path("plans/<slug:slug>/meetings/<int:pk>/", meeting_views.meeting, name="meeting"),
    path(
        "plans/<slug:slug>/meetings/<int:pk>/edit/", meeting_views.edit_meeting, name="edit_meeting"
    ),
    path(
        "plans/<slug:slug>/meetings/<int:pk>/cancel/",
        meeting_views.cancel_meeting,
        name="cancel_meeting",
    ),
    path("plans/<slug:slug>/decisions/", meeting_views.decisions_list, name="decisions"),
    path("plans/<slug:slug>/decisions/new/", meeting_views.record_decision, name="record_decision"),
    path(
        "plans/<slug:slug>/decisions/<int:pk>/done/",
        meeting_views.finish_decision,
        name="finish_decision",
    ),
    path("plans/<slug:slug>/my-area/", my_area_views.my_area, name="my_area"),
    path("plans/<slug:slug>/risks/", risk_views.risk_register, name="risks"),
    path("plans/<slug:slug>/risks.<slug:kind>", risk_views.risks_file, name="risks_file"),
    path("plans/<slug:slug>/risks/new/", risk_views.raise_risk, name="raise_risk"),
    path("plans/<slug:slug>/risks/<int:pk>/close/", risk_views.close_risk, name="close_risk"),
]

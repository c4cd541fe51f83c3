from django.urls import path

from kpis.pages import kpi_views, small_numbers_views
from kpis.pages.grid import grid_views
from kpis.recording import entry_views, upload_views
from kpis.setup import editing_views

app_name = "kpis"

urlpatterns = [
    path("plans/<slug:slug>/edit/kpis/", editing_views.edit_kpis, name="edit_kpis"),
    path("plans/<slug:slug>/kpis/", kpi_views.index, name="kpis"),
    path("plans/<slug:slug>/kpi-grid/", grid_views.grid, name="grid"),
    path(
        "plans/<slug:slug>/small-numbers/",
        small_numbers_views.plan_small_numbers,
        name="plan_small_numbers",
    ),
    path("plans/<slug:slug>/kpis.<slug:kind>", kpi_views.kpis_file, name="kpis_file"),
    path(
        "plans/<slug:slug>/kpis/<str:code>/small-numbers/",
        small_numbers_views.small_numbers,
        name="small_numbers",
    ),
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
    path(
        "plans/<slug:slug>/kpis/<str:code>/comparator/",
        entry_views.comparator_figure,
        name="comparator_figure",
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
]

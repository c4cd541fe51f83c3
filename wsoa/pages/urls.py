from django.urls import path

from wsoa.pages import (
    area_views,
    commitment_views,
    comparison_views,
    home_views,
    kpi_page_views,
    record_views,
)
from wsoa.pages.findings import finding_views
from wsoa.pages.first_visit import first_visit_views
from wsoa.pages.meeting import agenda_views
from wsoa.pages.month import my_area_views, period_views
from wsoa.pages.search import search_views
from wsoa.pages.work import my_work_views, several_views
from wsoa.pages.work.sheets import sheet_views

app_name = "pages"

urlpatterns = [
    path("", home_views.home, name="home"),
    path("pages/<slug:name>/", home_views.explanation, name="explanation"),
    path("lines/<str:name>/hide/", first_visit_views.hide, name="hide_line"),
    path("plans/", home_views.plans, name="plans"),
    path("plans/<slug:slug>/dates/", home_views.dates, name="dates"),
    path("plans/<slug:slug>/my-work/", my_work_views.my_work, name="my_work"),
    path("plans/<slug:slug>/areas/<str:code>/", area_views.area, name="area"),
    path("plans/<slug:slug>/my-work/several/", several_views.several, name="several"),
    path("plans/<slug:slug>/my-work/sheet.xlsx", sheet_views.own_sheet, name="own_sheet"),
    path("plans/<slug:slug>/my-work/sheets/", sheet_views.sheets, name="sheets"),
    path("plans/<slug:slug>/updates/told/<int:pk>/", several_views.told, name="told"),
    path("plans/<slug:slug>/updates/sheets/<int:pk>.xlsx", sheet_views.sheet_of, name="sheet_of"),
    path(
        "plans/<slug:slug>/updates/sheets.zip",
        sheet_views.sheets_of_several,
        name="sheets_of_several",
    ),
    path("plans/<slug:slug>/updates/sheets/", sheet_views.team_sheets, name="team_sheets"),
    path("plans/<slug:slug>/updates/", period_views.period, name="period"),
    path("plans/<slug:slug>/updates/closing/", period_views.settings, name="periods"),
    path("plans/<slug:slug>/deputies/", period_views.deputies, name="deputies"),
    path("plans/<slug:slug>/deputies/<int:pk>/end/", period_views.end_deputy, name="end_deputy"),
    path("search/", search_views.search, name="search"),
    path("plans/<slug:slug>/search/", search_views.search_plan, name="search_plan"),
    path("plans/<slug:slug>/actions/<str:ref>/", commitment_views.action, name="action"),
    path(
        "plans/<slug:slug>/commitments/<str:ref>/", commitment_views.commitment, name="commitment"
    ),
    path("plans/<slug:slug>/changed/", comparison_views.changed, name="changed"),
    path(
        "plans/<slug:slug>/changed.<slug:kind>", comparison_views.changed_file, name="changed_file"
    ),
    path("plans/<slug:slug>/kpis/<str:code>/", kpi_page_views.kpi, name="kpi"),
    path("plans/<slug:slug>/findings/", finding_views.findings, name="findings"),
    path("plans/<slug:slug>/meetings/<int:pk>/agenda/", agenda_views.agenda, name="agenda"),
    path(
        "plans/<slug:slug>/findings.<slug:kind>", finding_views.findings_file, name="findings_file"
    ),
    path("plans/<slug:slug>/findings/<str:code>/", finding_views.finding, name="finding"),
    path(
        "plans/<slug:slug>/findings/<str:code>/for-inspectors.zip",
        finding_views.inspectors_file,
        name="inspectors_file",
    ),
    path("plans/<slug:slug>/record/", record_views.record, name="record"),
    path("plans/<slug:slug>/my-area/", my_area_views.my_area, name="my_area"),
]

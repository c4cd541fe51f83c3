from django.urls import path

from reports import audit_views, dashboard_views, views

app_name = "reports"

urlpatterns = [
    path("plans/<slug:slug>/dashboard/", dashboard_views.dashboard, name="dashboard"),
    path("plans/<slug:slug>/dashboard/timeline/", dashboard_views.timeline, name="timeline"),
    path("plans/<slug:slug>/reports/", views.index, name="index"),
    path("plans/<slug:slug>/history/", audit_views.history, name="history"),
    path("plans/<slug:slug>/history.<slug:kind>", audit_views.history_file, name="history_file"),
]

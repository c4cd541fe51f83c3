from django.urls import path

from kpis import risk_views, views

app_name = "kpis"

urlpatterns = [
    path("plans/<slug:slug>/actions/<str:ref>/", views.action, name="action"),
    path("plans/<slug:slug>/commitments/<str:ref>/", views.commitment, name="commitment"),
    path("plans/<slug:slug>/risks/", risk_views.risk_register, name="risks"),
    path("plans/<slug:slug>/risks.<slug:kind>", risk_views.risks_file, name="risks_file"),
    path("plans/<slug:slug>/risks/new/", risk_views.raise_risk, name="raise_risk"),
    path("plans/<slug:slug>/risks/<int:pk>/close/", risk_views.close_risk, name="close_risk"),
]

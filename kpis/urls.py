from django.urls import path

from kpis import views

app_name = "kpis"

urlpatterns = [
    path("plans/<slug:slug>/actions/<str:ref>/", views.action, name="action"),
    path("plans/<slug:slug>/commitments/<str:ref>/", views.commitment, name="commitment"),
]

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("plans/<slug:slug>/reports/", views.index, name="index"),
]

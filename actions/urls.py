from django.urls import path

from actions.views import entrance, officers, plan, reference, work

app_name = "actions"

urlpatterns = [
    path("", entrance.home, name="home"),
    path("pages/<slug:name>/", entrance.page, name="page"),
    path("officers/", officers.first_officer, name="first_officer"),
    path("plans/", entrance.plans, name="plans"),
    path("plans/<slug:slug>/", plan.plan, name="plan"),
    path("plans/<slug:slug>/dates/", entrance.dates, name="dates"),
    path("plans/<slug:slug>/my-work/", work.my_work, name="my_work"),
    path("plans/<slug:slug>/areas/<int:number>/", plan.area, name="area"),
    path("plans/<slug:slug>/weaknesses/", plan.weaknesses, name="weaknesses"),
    path("plans/<slug:slug>/bodies/", reference.bodies, name="bodies"),
    path("plans/<slug:slug>/engagement/", reference.engagement, name="engagement"),
    path("plans/<slug:slug>/glossary/", reference.glossary, name="glossary"),
    path("plans/<slug:slug>/funding/", reference.funding, name="funding"),
    path(
        "plans/<slug:slug>/commitments/<str:ref>/update/",
        work.record_update,
        name="record_update",
    ),
    path(
        "plans/<slug:slug>/commitments/<str:ref>/updates/<int:pk>/correct/",
        work.correct_update,
        name="correct_update",
    ),
    path("plans/<slug:slug>/commitments/<str:ref>/blue/", work.answer_blue, name="answer_blue"),
]

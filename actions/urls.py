from django.urls import path

from actions.views import (
    blue,
    entrance,
    evidence,
    notes,
    officers,
    past_progress,
    periods,
    plan,
    reference,
    table,
    updating,
    work,
)

app_name = "actions"

COMMITMENT = "plans/<slug:slug>/commitments/<str:ref>"

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
    path("plans/<slug:slug>/my-work/no-change/", work.no_change, name="no_change"),
    path("plans/<slug:slug>/updates/", periods.period, name="period"),
    path("plans/<slug:slug>/updates/closing/", periods.settings, name="periods"),
    path("plans/<slug:slug>/deputies/", periods.deputies, name="deputies"),
    path("plans/<slug:slug>/deputies/<int:pk>/end/", periods.end_deputy, name="end_deputy"),
    path("plans/<slug:slug>/commitments/", table.commitments, name="commitments"),
    path(
        "plans/<slug:slug>/commitments.<slug:kind>",
        table.commitments_file,
        name="commitments_file",
    ),
    path(f"{COMMITMENT}/update/", updating.record_update, name="record_update"),
    path(f"{COMMITMENT}/update/draft/", updating.save_draft, name="save_draft"),
    path(f"{COMMITMENT}/update/draft/drop/", updating.drop_draft, name="drop_draft"),
    path(f"{COMMITMENT}/update/words/", updating.keep_words, name="keep_words"),
    path(f"{COMMITMENT}/update/check/", updating.check_update, name="check_update"),
    path(f"{COMMITMENT}/update/conflict/", updating.update_conflict, name="update_conflict"),
    path(f"{COMMITMENT}/update/done/", updating.update_done, name="update_done"),
    path(f"{COMMITMENT}/updates/<int:pk>/correct/", updating.correct_update, name="correct_update"),
    path(f"{COMMITMENT}/evidence/new/", evidence.add_evidence, name="add_evidence"),
    path(f"{COMMITMENT}/evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path(
        f"{COMMITMENT}/evidence/<int:pk>/withdraw/",
        evidence.withdraw_evidence,
        name="withdraw_evidence",
    ),
    path(f"{COMMITMENT}/notes/new/", notes.add_note, name="add_note"),
    path("plans/<slug:slug>/past-progress/", past_progress.upload_progress, name="upload_progress"),
    path(
        "plans/<slug:slug>/past-progress/template.<slug:kind>",
        past_progress.progress_template,
        name="progress_template",
    ),
    path(
        "plans/<slug:slug>/past-progress/<int:pk>/",
        past_progress.upload_preview,
        name="upload_preview",
    ),
    path(f"{COMMITMENT}/blue/", blue.answer_blue, name="answer_blue"),
]

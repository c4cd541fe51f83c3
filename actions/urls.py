from django.urls import path

from actions.areas import area_rating_views, judgement_views
from actions.backfill import views
from actions.documents import document_views
from actions.evidence import evidence_views, note_views
from actions.pages import commitment_list_views
from actions.plan import (
    editing_views,
    first_officer_views,
    plan_views,
    reference_views,
)
from actions.plan.closing import closing_views
from actions.plan.inviting import inviting_views
from actions.plan.sharing import sharing_views
from actions.plan.starting import start_views
from actions.plan.succession import carry_views
from actions.progress import blue_views, update_views

app_name = "actions"

COMMITMENT = "plans/<slug:slug>/commitments/<str:ref>"
PART = "plans/<slug:slug>/edit/<slug:kind>"

urlpatterns = [
    path("officers/", first_officer_views.first_officer, name="first_officer"),
    path("plans/new/", start_views.start_plan, name="start_plan"),
    path("plans/<slug:slug>/", plan_views.plan, name="plan"),
    path("plans/<slug:slug>/edit/", editing_views.edit_plan, name="edit_plan"),
    path("plans/<slug:slug>/edit/carry-forward/", carry_views.carry_forward, name="carry_forward"),
    path("plans/<slug:slug>/edit/people/", editing_views.edit_people, name="edit_people"),
    path("plans/<slug:slug>/people/invite/", inviting_views.invite, name="invite"),
    path(
        "plans/<slug:slug>/people/invite/<int:pk>/again/",
        inviting_views.invite_again,
        name="invite_again",
    ),
    path(
        "plans/<slug:slug>/people/invite/<int:pk>/withdraw/",
        inviting_views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("invitations/<str:token>/", inviting_views.invitation, name="invitation"),
    path("plans/<slug:slug>/edit/reference/", editing_views.edit_reference, name="edit_reference"),
    path(f"{PART}/new/", editing_views.add_part, name="add_part"),
    path(f"{PART}/<int:pk>/", editing_views.edit_part, name="edit_part"),
    path(f"{PART}/<int:pk>/remove/", editing_views.remove_part, name="remove_part"),
    path(f"{PART}/<int:pk>/restore/", editing_views.restore_part, name="restore_part"),
    path(f"{PART}/<int:pk>/move/", editing_views.move_part, name="move_part"),
    path("plans/<slug:slug>/agree/", editing_views.agree_plan, name="agree_plan"),
    path("plans/<slug:slug>/close/", closing_views.close_plan, name="close_plan"),
    path(
        "plans/<slug:slug>/findings/<str:code>/judgement/",
        judgement_views.judge_finding,
        name="judge_finding",
    ),
    path("plans/<slug:slug>/bodies/", reference_views.bodies, name="bodies"),
    path("plans/<slug:slug>/engagement/", reference_views.engagement, name="engagement"),
    path("plans/<slug:slug>/glossary/", reference_views.glossary, name="glossary"),
    path("plans/<slug:slug>/funding/", reference_views.funding, name="funding"),
    path("plans/<slug:slug>/shared-views/", sharing_views.shared_views, name="shared_views"),
    path(
        "plans/<slug:slug>/shared-views/<int:pk>/end/",
        sharing_views.end_shared_view,
        name="end_shared_view",
    ),
    path("plans/<slug:slug>/commitments/", commitment_list_views.commitments, name="commitments"),
    path(
        "plans/<slug:slug>/commitments.<slug:kind>",
        commitment_list_views.commitments_file,
        name="commitments_file",
    ),
    path(f"{COMMITMENT}/update/", update_views.record_update, name="record_update"),
    path(f"{COMMITMENT}/update/draft/", update_views.save_draft, name="save_draft"),
    path(f"{COMMITMENT}/update/draft/drop/", update_views.discard_draft, name="discard_draft"),
    path(f"{COMMITMENT}/update/words/", update_views.keep_text, name="keep_text"),
    path(f"{COMMITMENT}/update/check/", update_views.check_update, name="check_update"),
    path(f"{COMMITMENT}/update/conflict/", update_views.update_conflict, name="update_conflict"),
    path(f"{COMMITMENT}/update/done/", update_views.update_done, name="update_done"),
    path(
        f"{COMMITMENT}/updates/<int:pk>/correct/",
        update_views.correct_update,
        name="correct_update",
    ),
    path("plans/<slug:slug>/documents/", document_views.document_list, name="documents"),
    path("plans/<slug:slug>/documents/new/", document_views.add_document, name="add_document"),
    path(
        "plans/<slug:slug>/documents/<int:pk>/file/",
        document_views.document_file,
        name="document_file",
    ),
    path(
        "plans/<slug:slug>/documents/<int:pk>/withdraw/",
        document_views.withdraw_document,
        name="withdraw_document",
    ),
    path(f"{COMMITMENT}/evidence/new/", evidence_views.add_evidence, name="add_evidence"),
    path(
        f"{COMMITMENT}/evidence/<int:pk>/file/", evidence_views.evidence_file, name="evidence_file"
    ),
    path(
        f"{COMMITMENT}/before/evidence/<int:pk>/file/",
        evidence_views.former_evidence_file,
        name="former_evidence_file",
    ),
    path(
        f"{COMMITMENT}/evidence/<int:pk>/withdraw/",
        evidence_views.withdraw_evidence,
        name="withdraw_evidence",
    ),
    path(f"{COMMITMENT}/notes/new/", note_views.add_note, name="add_note"),
    path("plans/<slug:slug>/past-progress/", views.upload_progress, name="upload_progress"),
    path(
        "plans/<slug:slug>/past-progress/template.<slug:kind>",
        views.progress_template,
        name="progress_template",
    ),
    path(
        "plans/<slug:slug>/past-progress/<int:pk>/",
        views.upload_preview,
        name="upload_preview",
    ),
    path(f"{COMMITMENT}/blue/", blue_views.answer_blue, name="answer_blue"),
    path(f"{COMMITMENT}/blue/families/", blue_views.families_view, name="families_view"),
    path(
        "plans/<slug:slug>/areas/<str:code>/judge/",
        area_rating_views.judge_area,
        name="judge_area",
    ),
]

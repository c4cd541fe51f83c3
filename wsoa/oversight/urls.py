from django.urls import path

from wsoa.oversight.changes import change_views, propose_views
from wsoa.oversight.decisions import decision_views
from wsoa.oversight.handovers import handover_views
from wsoa.oversight.meeting_page import meeting_views
from wsoa.oversight.questions import question_views
from wsoa.oversight.reviews import review_views
from wsoa.oversight.risks import risk_views

app_name = "oversight"

urlpatterns = [
    path("plans/<slug:slug>/reviews/", review_views.reviews_list, name="reviews"),
    path("plans/<slug:slug>/reviews/new/", review_views.add_review, name="add_review"),
    path("plans/<slug:slug>/reviews/<int:pk>/", review_views.edit_review, name="edit_review"),
    path(
        "plans/<slug:slug>/reviews/<int:pk>/asks/new/",
        review_views.add_review_ask,
        name="add_review_ask",
    ),
    path(
        "plans/<slug:slug>/reviews/<int:pk>/asks/<int:ask>/",
        review_views.edit_review_ask,
        name="edit_review_ask",
    ),
    path("plans/<slug:slug>/changes/", change_views.index, name="changes"),
    path("plans/<slug:slug>/changes/own-moves/", change_views.own_moves, name="own_moves"),
    path("plans/<slug:slug>/changes/<int:pk>/", change_views.change, name="change"),
    path(
        "plans/<slug:slug>/commitments/<str:ref>/changes/new/",
        change_views.ask_change,
        name="ask_change",
    ),
    path("plans/<slug:slug>/changes/propose/", propose_views.propose, name="propose"),
    path(
        "plans/<slug:slug>/changes/propose/<slug:kind>/new/",
        propose_views.propose_part,
        name="propose_part",
    ),
    path(
        "plans/<slug:slug>/changes/propose/<slug:kind>/<str:ref>/",
        propose_views.propose_wording,
        name="propose_wording",
    ),
    path(
        "plans/<slug:slug>/kpis/<str:code>/changes/new/",
        change_views.ask_kpi_change,
        name="ask_kpi_change",
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
    path("plans/<slug:slug>/decisions/", decision_views.decisions_list, name="decisions"),
    path(
        "plans/<slug:slug>/decisions/new/", decision_views.record_decision, name="record_decision"
    ),
    path(
        "plans/<slug:slug>/decisions/<int:pk>/done/",
        decision_views.finish_decision,
        name="finish_decision",
    ),
    path("plans/<slug:slug>/handovers/new/", handover_views.hand_over, name="hand_over"),
    path("plans/<slug:slug>/handovers/<int:pk>/", handover_views.handover, name="handover"),
    path(
        "plans/<slug:slug>/handovers/<int:pk>/noted/",
        handover_views.note_handover,
        name="note_handover",
    ),
    path("plans/<slug:slug>/risks/", risk_views.risk_register, name="risks"),
    path("plans/<slug:slug>/risks.<slug:kind>", risk_views.risks_file, name="risks_file"),
    path("plans/<slug:slug>/risks/new/", risk_views.raise_risk, name="raise_risk"),
    path("plans/<slug:slug>/risks/<int:pk>/close/", risk_views.close_risk, name="close_risk"),
]

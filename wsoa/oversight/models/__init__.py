"""What is asked and decided about a plan, by noun."""

from wsoa.oversight.models.changes import (
    CHAIRS_ACTION,
    SROS_OWN,
    ChangeComment,
    ChangeDecision,
    ChangeDraft,
    ChangeMinute,
    ChangeRequest,
    ChangeSupport,
    ChangeTakenBack,
    OutsideApproval,
)
from wsoa.oversight.models.decisions import Decision, DecisionDone
from wsoa.oversight.models.handovers import Handover, HandoverPart, HandoverSeen
from wsoa.oversight.models.meetings import Meeting, ReviewAction, ReviewMeeting
from wsoa.oversight.models.questions import Challenge, ChallengeAnswer, ChallengeClosing

__all__ = [
    "CHAIRS_ACTION",
    "SROS_OWN",
    "Challenge",
    "ChallengeAnswer",
    "ChallengeClosing",
    "ChangeComment",
    "ChangeDecision",
    "ChangeDraft",
    "ChangeMinute",
    "ChangeRequest",
    "ChangeSupport",
    "ChangeTakenBack",
    "Decision",
    "DecisionDone",
    "Handover",
    "HandoverPart",
    "HandoverSeen",
    "Meeting",
    "OutsideApproval",
    "ReviewAction",
    "ReviewMeeting",
]

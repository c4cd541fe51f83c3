"""The reports that plans of each kind usually make, and the bodies that each goes to."""

from collections.abc import Mapping
from dataclasses import dataclass

from actions.models import Body, Plan
from reports.models import ReportSeries

Board, Kind = Body.Kind, Plan.Kind
Content, Rhythm = ReportSeries.Content, ReportSeries.Rhythm


@dataclass(frozen=True)
class UsualSeries:
    """A series, addressed to the bodies of a plan that are of these kinds."""

    title: str
    rhythm: str
    content: str
    audiences: tuple[str, ...]


_KPIS = UsualSeries("Monthly KPI report", Rhythm.MONTHLY, Content.KPIS, (Board.MANAGEMENT_TEAM,))
_EXCEPTIONS = UsualSeries(
    "6-weekly exceptions report", Rhythm.SIX_WEEKLY, Content.EXCEPTIONS, (Board.STEERING_GROUP,)
)
_FORMAL = UsualSeries(
    "Quarterly formal report",
    Rhythm.QUARTERLY,
    Content.FORMAL,
    (Board.BOARD, Board.PANEL, Board.NATIONAL_BODY),
)
_SCRUTINY = UsualSeries(
    "6-monthly report to scrutiny", Rhythm.SIX_MONTHLY, Content.SCRUTINY, (Board.COMMITTEE,)
)
# DfE and NHS England review such a plan every six months, with the area's own account before them.
_REVIEW = UsualSeries(
    "6-monthly report for the DfE and NHS England review",
    Rhythm.SIX_MONTHLY,
    Content.FORMAL,
    (Board.NATIONAL_BODY,),
)
_BOARD = UsualSeries(
    "Quarterly report to the board", Rhythm.QUARTERLY, Content.FORMAL, (Board.BOARD, Board.PANEL)
)
_MONTHLY = UsualSeries(
    "Monthly exceptions report", Rhythm.MONTHLY, Content.EXCEPTIONS, (Board.STEERING_GROUP,)
)

_REVIEWED = (_KPIS, _MONTHLY, _BOARD, _REVIEW, _SCRUTINY)
_OWN = (_EXCEPTIONS, _BOARD, _SCRUTINY)
USUAL: Mapping[str, tuple[UsualSeries, ...]] = {
    Kind.WSOA: (_KPIS, _EXCEPTIONS, _FORMAL, _SCRUTINY),
    Kind.APP: _REVIEWED,
    Kind.PAP: _REVIEWED,
    Kind.IMPROVEMENT: _OWN,
    Kind.STRATEGIC: _OWN,
    # Its self-assessment is sent to DfE every six months.
    Kind.REFORM: (_KPIS, _BOARD, _REVIEW, _SCRUTINY),
    Kind.DELIVERY: (_BOARD, _SCRUTINY),
    Kind.OTHER: (_EXCEPTIONS,),
}

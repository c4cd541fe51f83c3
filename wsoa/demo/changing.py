"""The sample plan's requests for change, one at each stage, and a view shared with a reader."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from actions.models import Commitment, Plan
from actions.plan.sharing import sharing
from actions.rules.dates import LONDON, PlanDate, last_day_of_month
from kpis.models import Kpi
from wsoa.accounts.models import User
from wsoa.oversight.changes import change_requests
from wsoa.oversight.changes.kpi_change_requests import ask as ask_of_kpi
from wsoa.oversight.models import ChangeRequest, Meeting

KPI = "1.2.2-1"


def load_changes(plan: Plan, today: date) -> None:
    """Asked, supported, agreed, refused; and one of a measure's target."""
    users = {
        user.email.partition("@")[0]: user
        for user in User.objects.filter(email__endswith="@sample.example")
    }
    held = Meeting.objects.filter(plan=plan, held_on__lte=today).order_by("-held_on").first()
    assert held is not None
    chair, sro, officer = users["chair"], users["sro"], users["officer"]

    waits = _ask_date(
        plan,
        "1.2.2b",
        users["lead"],
        today,
        "The next survey is in the post.",
    )
    change_requests.support(request=waits, by=sro, is_supported=True)
    change_requests.comment(
        request=waits,
        by=users["forum"],
        text="Families should hear of it before the old month.",
    )
    change_requests.ask(
        commitment=_commitment(plan, "1.2.2a"),
        by=users["lead"],
        kind=ChangeRequest.Kind.WORDING,
        wanted_text="One pathway for support and diagnosis, which families helped to write",
        reason="Families asked that their part in it be said.",
        today=today,
    )
    agreed = _ask_date(
        plan,
        "3.1.1d",
        officer,
        today,
        "Two more schools have joined.",
    )
    decision = change_requests.decide(
        request=agreed, by=chair, is_agreed=True, meeting=held, today=today
    )
    change_requests.minute(decision=decision, by=officer, text="Item 4")
    refused = _ask_date(plan, "1.2.5b", officer, today, "A trainer is away for four months.")
    change_requests.decide(
        request=refused,
        by=chair,
        is_agreed=False,
        meeting=held,
        today=today,
        reason="Another trainer can be found in time.",
    )
    kpi = Kpi.objects.get(plan=plan, code=KPI)
    target = kpi.targets.filter(replaced_by=None, is_withdrawn=False).order_by("position").last()
    ask_of_kpi(
        kpi=kpi,
        by=officer,
        reason="The family workers’ calls reach families who had nothing; 75% can be asked for.",
        target=target,
        wanted_value=Decimal(75),
        today=today,
    )
    last_month = last_day_of_month(PlanDate.month_of(today).plus_months(-1).first_day)
    sharing.share_view(
        plan=plan,
        reader=users["reader"],
        as_at=last_month,
        ends_on=today + timedelta(days=60),
        by=officer,
        now=datetime.combine(today, time(9), tzinfo=LONDON),
    )


def _commitment(plan: Plan, ref: str) -> Commitment:
    return Commitment.objects.get(plan=plan, ref=ref)


def _ask_date(plan: Plan, ref: str, by: User, today: date, reason: str) -> ChangeRequest:
    commitment = _commitment(plan, ref)
    dated = commitment.key_dates.filter(kind="completion", replaced_by=None).first()
    return change_requests.ask(
        commitment=commitment,
        by=by,
        kind=ChangeRequest.Kind.DATE,
        key_date=dated,
        wanted=PlanDate.month_of(today).plus_months(5),
        reason=reason,
        today=today,
    )

"""Which report an update goes into, told beside its form: the first whose period is not over."""

from django.db.models import Q

from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.progress.beside.form_margin import TELLERS, Beside
from actions.rules.dates import end_of_day
from actions.rules.state import CommitmentState
from reports.models import ReportSeries
from wsoa.oversight.models import Meeting


def _beside(page: PlanPage, state: CommitmentState) -> Beside:
    """Two queries; one where no report is set up."""
    in_use = Q(withdrawn_at=None) | Q(withdrawn_at__gte=end_of_day(page.day))
    series = ReportSeries.objects.filter(in_use, plan=page.plan).select_related("plan", "body")
    running = [one for one in series if not one.lacks_a_day]
    if not running:
        return Beside()
    meetings = list(Meeting.objects.filter(plan=page.plan).select_related("body"))
    known = [(one.cycle_with(meetings).period_on(page.day), one.title) for one in running]
    periods = [(period, title) for period, title in known if period]
    if not periods:
        return Beside()
    period, title = min(periods, key=lambda item: item[0].ends_on)
    return Beside(facts=[formatting.Pair("Goes to", f"{title}, {period.number}")])


TELLERS.append(_beside)

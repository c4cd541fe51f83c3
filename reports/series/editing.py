"""Report series and approvers as parts of a plan that an officer edits until it is closed."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import memberships
from actions.models import Body, Plan
from actions.pages.formatting import listed
from actions.plan.editing import PARTS, Part, Values, locked, register
from actions.plan.starting import kinds
from reports.models import Approver, ReportSeries, WordTemplate
from reports.rules.calendar import ANCHORED
from reports.series import editing_forms as forms
from reports.series.usual import USUAL
from wsoa.accounts.models import User

# What its periods and their contents follow from, so that it stays once a report has been made.
_SETTLED = ("rhythm", "content", "anchor_on", "year_starts_in", "weeks", "body")


@dataclass(frozen=True)
class SeriesPart(Part):
    def initial(self, plan: Plan, holder: Any) -> dict[str, Any]:
        return {"year_starts_in": 4, "due_after": 10}

    def assign(self, row: Any, values: Values) -> None:
        super().assign(row, values)
        row.code = row.code or _free_code(row)
        # What another rhythm needs is not kept.
        if row.rhythm not in ANCHORED:
            row.anchor_on = None
        if row.rhythm != ReportSeries.Rhythm.WEEKS:
            row.weeks = None
        if row.rhythm != ReportSeries.Rhythm.MEETINGS:
            row.body = None

    def save(self, row: Any, values: Values, by: User) -> Any:
        if row.pk and row.reports.filter(discarded_at=None).exists():
            problems = {
                name: "Reports of this series have been made, so this stays. Remove the series "
                "and add another instead: what has been published can still be read"
                for name in _SETTLED
                if name in values and values[name] != getattr(row, name)
            }
            if problems:
                raise ValidationError(problems)
        return super().save(row, values, by)

    def _what_stays(self, row: Any) -> bool:
        reports = row.reports.select_related("publication")
        drafts = [report.number for report in reports if report.is_draft]
        if drafts:
            raise ValidationError(
                f"A report of it is being prepared: {', '.join(drafts)}. "
                "Publish that or drop it first."
            )
        return bool(reports)


def _free_code(series: ReportSeries) -> str:
    """`six-weekly`, or `six-weekly-2` where that is taken."""
    code = series.rhythm.replace("_", "-")
    taken = set(ReportSeries.objects.filter(plan=series.plan).values_list("code", flat=True))
    number, free = 1, code
    while free in taken:
        number += 1
        free = f"{code}-{number}"
    return free


@dataclass(frozen=True)
class ApproverPart(Part):
    has_place: bool = False

    def check(self, row: Any) -> None:
        super().check(row)
        problem = ""
        if memberships.has_been_officer(row.user, row.plan):
            problem = "Whoever is or was programme officer of this plan prepares its reports"
        elif (
            self.rows(row.plan)
            .filter(user=row.user_id, withdrawn_at=None)
            .exclude(pk=row.pk)
            .exists()
        ):
            problem = "They approve for another organisation already"
        if problem:
            raise ValidationError({"user": f"{problem}. Choose somebody else"})

    def restore(self, row: Any, by: User) -> None:
        row.withdrawn_at = None
        self.check(row)
        super().restore(row, by)


def unable_approvers(plan: Plan) -> list[Approver]:
    """Those named who may approve no longer: their part ended, or they became programme officer."""
    able = set(memberships.possible_approvers(plan).values_list("pk", flat=True))
    named = PARTS["approver"].rows(plan).filter(withdrawn_at=None)
    return [
        approver
        for approver in named
        if approver.user_id not in able or memberships.has_been_officer(approver.user, plan)
    ]


@transaction.atomic
def add_usual(*, plan: Plan, by: User) -> None:
    """The usual series of a plan that has none, each addressed to its bodies of those kinds."""
    part = PARTS["report-series"]
    plan = locked(part, plan)
    if part.rows(plan).filter(withdrawn_at=None).exists():
        raise ValidationError("This plan has report series already.")
    bodies = list(Body.objects.filter(plan=plan, withdrawn_at=None))
    for series in USUAL[plan.kind]:
        values = {
            "title": series.title,
            "rhythm": series.rhythm,
            "content": series.content,
            "audiences": [body for body in bodies if body.kind in series.audiences],
        }
        part.create(plan, plan, values, by)


def usual_titles(kind: str) -> str:
    """What plans of this kind report: `Monthly KPI report, … and 6-monthly report to scrutiny`."""
    return listed([series.title for series in USUAL[kind]])


def _set_up(plan: Plan, by: User) -> None:
    add_usual(plan=plan, by=by)


@transaction.atomic
def use_word_template(*, plan: Plan, by: User, file_name: str = "", content: bytes = b"") -> None:
    """From here on reports in Word have the styles of this file; without one, our plain ones."""
    plan = locked(PARTS["report-series"], plan)
    if file_name or WordTemplate.in_use(plan):
        WordTemplate.objects.create(plan=plan, by=by, file_name=file_name, content=content)


def _audience(row: ReportSeries) -> str:
    bodies = [body.name for body in row.audiences.all() if body.withdrawn_at is None]
    return f"{row.rhythm_text}, to {', '.join(bodies) or 'nobody yet'}"


register(
    SeriesPart(
        kind="report-series",
        noun="report series",
        plural="report series",
        model=ReportSeries,
        form=forms.SeriesForm,
        links=("audiences",),
        is_agreed=False,
        related=("audiences", "body"),
        title=lambda row: str(row.title),
        note=_audience,
        removing="No more reports are made of it. What has been published can still be read.",
        home=("reports:series", "Report series and approvers"),
    ),
    ApproverPart(
        kind="approver",
        noun="approver",
        model=Approver,
        form=forms.ApproverForm,
        is_agreed=False,
        clashes={
            "approver_once": ("organisation", "Somebody approves for this organisation already")
        },
        related=("organisation", "user"),
        title=lambda row: f"{row.user} for {row.organisation}",
        note=lambda row: str(row.office),
        removing="What they approved stays on record.",
        home=("reports:series", "Report series and approvers"),
    ),
)
kinds.register(kinds.Proposal("reports", "Report series", usual_titles, _set_up))

"""What was said and shown of commitments, and what is at risk."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject

from actions.models import (
    Evidence,
    FamiliesView,
    ProgressUpdate,
    Risk,
)
from actions.models.base import plan_date
from actions.rules.dates import PlanDate, day_of, start_of_day
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from reports.contents.cut_off import AtCutOff
from reports.contents.queries.moments import day_in

# --- Updates ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UpdateText:
    """What an update says outside."""

    id: int
    commitment: int
    rating: Rating
    progress: str
    help_needed: str
    changed_for_families: str
    late_reason: str
    forecast: PlanDate | None
    effective_at: datetime
    # The rating as written, where that is another word of the key than its own.
    word: str = ""

    @property
    def said_on(self) -> date:
        return day_of(self.effective_at)


@dataclass(frozen=True, slots=True)
class View:
    """What the forum said of a Blue that was proposed."""

    commitment: int
    view: str
    text: str
    said_on: date


@dataclass(frozen=True, slots=True)
class Statement:
    """By commitment: the newest update, the newest with words, and those of the period.

    And the forum's views of the period, oldest first.
    """

    newest: dict[int, UpdateText] = field(default_factory=dict)
    worded: dict[int, UpdateText] = field(default_factory=dict)
    in_period: dict[int, list[UpdateText]] = field(default_factory=lambda: defaultdict(list))
    views: list[View] = field(default_factory=list)


def updates(cut_off: AtCutOff, states: Iterable[CommitmentState]) -> Statement:
    """Corrected ones are left out; their corrections stand in their place."""
    seen = ProgressUpdate.objects.filter(cut_off.seen(), commitment__plan=cut_off.plan)
    in_force = seen.exclude(corrected_by__in=seen.order_by().values("pk"))
    with_words = (
        in_force.exclude(progress="")
        .order_by("commitment_id", "-effective_at", "-recorded_at", "-pk")
        .distinct("commitment_id")
        .values("pk")
    )
    newest = {state.newest_update.id: state.id for state in states if state.newest_update}
    views = FamiliesView.objects.filter(cut_off.seen(in_period=True))
    of_update = (
        views.filter(update=OuterRef("pk"))
        .order_by("effective_at", "recorded_at")
        .values(one=JSONObject(view="view", text="text", at="effective_at"))
    )
    begins = start_of_day(cut_off.report.starts_on)
    wanted = Q(pk__in=newest) | Q(pk__in=with_words) | Q(pk__in=views.values("update"))
    rows = (
        in_force.filter(wanted | Q(effective_at__gte=begins))
        .annotate(families=ArraySubquery(of_update))
        .order_by("effective_at", "recorded_at", "pk")
        .values_list(
            "pk",
            "commitment_id",
            "brag",
            "progress",
            "help_needed",
            "changed_for_families",
            "late_reason",
            "forecast_on",
            "effective_at",
            "families",
            "word",
        )
    )
    statement = Statement()
    for pk, commitment, brag, progress, needed, changed, late, forecast, at, families, word in rows:
        update = UpdateText(
            pk,
            commitment,
            Rating(brag),
            progress,
            needed,
            changed,
            late,
            plan_date(forecast),
            at,
            word,
        )
        statement.views.extend(
            View(commitment, view["view"], view["text"], day_in(view["at"])) for view in families
        )
        if pk in newest:
            statement.newest[commitment] = update
        if progress:
            statement.worded[commitment] = update
        if at >= begins:
            statement.in_period[commitment].append(update)
    return statement


# --- Evidence ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """A piece of evidence; without a title it may not be named outside the plan."""

    commitment: int
    title: str
    link: str
    is_file: bool
    is_case_study: bool
    added_on: date
    # Where it lies, such as on a shared drive. No paper has the names of who holds it there.
    place: str = ""


def evidence(cut_off: AtCutOff) -> dict[int, list[EvidencePart]]:
    """By commitment, oldest first; what was withdrawn is left out, also where that came after the
    day shown: it may be what should never have left the plan."""
    may_be_named = Q(visibility=Evidence.Visibility.SHAREABLE)
    withdrawn = Evidence.objects.filter(withdrawal__recorded_at__lte=cut_off.report.known_at)
    rows = (
        Evidence.objects.filter(cut_off.seen(), commitment__plan=cut_off.plan)
        .exclude(visibility=Evidence.Visibility.RESTRICTED)
        .exclude(pk__in=withdrawn.values("pk"))
        .annotate(
            named=Case(When(may_be_named, then=F("title")), default=Value("")),
            leads_to=Case(When(may_be_named, then=F("link")), default=Value("")),
            lies_in=Case(When(may_be_named, then=F("place")), default=Value("")),
        )
        .order_by("effective_at", "recorded_at")
        .values_list(
            "commitment_id",
            "named",
            "leads_to",
            "digest",
            "is_case_study",
            "effective_at",
            "lies_in",
        )
    )
    by_commitment: dict[int, list[EvidencePart]] = defaultdict(list)
    for commitment, title, link, digest, is_case_study, at, place in rows:
        by_commitment[commitment].append(
            EvidencePart(commitment, title, link, bool(digest), is_case_study, day_of(at), place)
        )
    return by_commitment


# --- Risks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RiskPart:
    """A risk or issue; it is on one of three, or on the plan."""

    kind: str
    text: str
    mitigation: str
    help_needed: str
    raised_on: date
    commitment: int | None
    area: int | None
    kpi: int | None
    closed_on: date | None
    how_closed: str


def risks(cut_off: AtCutOff) -> list[RiskPart]:
    """Those open on the day, and those closed in the period; oldest first."""
    closed = Risk.objects.filter(cut_off.seen("closing__"), pk=OuterRef("pk"))
    rows = (
        Risk.objects.filter(cut_off.seen(), plan=cut_off.plan)
        .annotate(
            over=Subquery(
                closed.values(one=JSONObject(at="closing__effective_at", how="closing__reason"))
            )
        )
        .order_by("effective_at", "recorded_at")
        .values_list(
            "kind",
            "text",
            "mitigation",
            "help_needed",
            "effective_at",
            "commitment_id",
            "area_id",
            "on_kpi__kpi_id",
            "over",
        )
    )
    parts = []
    for kind, text, mitigation, help_needed, at, commitment, area, kpi, over in rows:
        closed_on = day_in(over["at"]) if over else None
        if closed_on and closed_on < cut_off.report.starts_on:
            continue
        parts.append(
            RiskPart(
                Risk.Kind(kind).label,
                text,
                mitigation,
                help_needed,
                day_of(at),
                commitment,
                area,
                kpi,
                closed_on,
                over["how"] if over else "",
            )
        )
    return parts

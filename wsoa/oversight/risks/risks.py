"""What a risk can be on, for one user; and raising one there, on a measure too."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef

from actions import access
from actions.models import Area, Commitment, Risk
from actions.pages.commitment_rows import words_of
from actions.pages.plan_page import PlanPage
from actions.progress import risks
from actions.records import locking
from actions.rules.state import CommitmentState
from kpis.models import Kpi, KpiCommitment, KpiRisk
from wsoa.accounts.models import User


@dataclass(frozen=True, slots=True)
class Subject:
    """What a risk is on. `key` names it in forms and addresses: `commitment:1.1.1a`."""

    key: str
    label: str
    group: str
    on: Commitment | Area | Kpi
    url: str
    short: str


def areas_of_kpi(kpi: str) -> ArraySubquery:
    """The areas that a measure's commitments lie in, as a column; `kpi` names its key."""
    return ArraySubquery(
        KpiCommitment.objects.filter(kpi=OuterRef(kpi))
        .order_by()
        .values("commitment__action__theme__area")
        .distinct()
    )


# Whether something of these areas, on a commitment or not, is offered.
May = Callable[[Collection[int], CommitmentState | None], bool]


def subjects_of(page: PlanPage) -> list[Subject]:
    """All that the user may raise a risk on today. Four queries."""
    return subjects_where(
        page,
        lambda areas, state: access.can_raise_risk(page.access, areas=areas, state=state),
    )


def subjects_where(page: PlanPage, may: May) -> list[Subject]:
    """The areas, commitments and measures of the plan that are offered today. Four queries."""
    return [*_areas(page, may), *_commitments(page, may), *_kpis(page, may)]


def _areas(page: PlanPage, may: May) -> Iterable[Subject]:
    for area in Area.objects.filter(plan=page.plan, withdrawn_at=None):
        if may([area.pk], None):
            yield Subject(
                f"area:{area.number}",
                f"Area {area.number}. {area.title}",
                "Areas",
                area,
                page.link("area", area.number),
                f"Area {area.number}",
            )


def _commitments(page: PlanPage, may: May) -> Iterable[Subject]:
    allowed = {state.id: state for state in page.state.commitments if may([state.area], state)}
    words = words_of(page, allowed.values())
    rows = Commitment.objects.in_bulk(allowed)
    for state in allowed.values():
        yield Subject(
            f"commitment:{state.ref}",
            f"{state.ref} {words[state.id].name}",
            "Commitments",
            rows[state.id],
            page.link("commitment", state.ref),
            state.ref,
        )


def _kpis(page: PlanPage, may: May) -> Iterable[Subject]:
    found = Kpi.objects.filter(plan=page.plan, withdrawn_at=None).annotate(areas=areas_of_kpi("pk"))
    for kpi in found:
        if may(kpi.areas, None):
            yield Subject(
                f"kpi:{kpi.code}",
                f"{kpi.code} {kpi.title}",
                "KPIs",
                kpi,
                page.link("kpi", kpi.code),
                f"KPI {kpi.code}",
            )


@transaction.atomic
def raise_on(
    subject: Subject,
    *,
    by: User,
    kind: str,
    text: str,
    mitigation: str = "",
    help_needed: str = "",
) -> Risk:
    """Raise a risk or an issue on an area, a commitment or a measure."""
    words: dict[str, Any] = {
        "kind": kind,
        "text": text,
        "mitigation": mitigation,
        "help_needed": help_needed,
    }
    on = subject.on
    if isinstance(on, Commitment):
        return risks.raise_risk(plan=on.plan, commitment=on, by=by, **words)
    if isinstance(on, Area):
        return risks.raise_risk(plan=on.plan, area=on, by=by, **words)
    # Locked before it is looked for, so that the same form sent twice makes one here too.
    plan = locking.locked_agreed(on.plan)
    same = Risk.objects.filter(on_kpi__kpi=on, closing=None, **words).last()
    if same:
        return same
    risk = risks.raise_risk(plan=plan, by=by, **words)
    KpiRisk.objects.create(risk=risk, kpi=on)
    return risk

"""What oversight is about: an area, a commitment or a KPI, in lists, forms and addresses alike."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from actions.models import Area, Commitment
from actions.pages.commitment_rows import commitment_texts
from actions.pages.plan_page import PlanPage
from actions.rules.state import CommitmentState
from actions.wording import in_words, levels
from kpis.models import Kpi, KpiCommitment

GROUPS = {"Area": "{Areas}", "Commitment": "{Commitments}", "KPI": "KPIs"}
LONGEST_LABEL = 90


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question, decision or risk is about; "Plan" where it is about the plan as a whole.

    `areas` are those whose senior responsible officers answer for it, by key. `row` is there where
    somebody may choose it.
    """

    what: str
    code: str = ""
    ref: str = ""
    name: str = ""
    url: str = ""
    areas: frozenset[int] = frozenset()
    state: CommitmentState | None = None
    row: Commitment | Area | Kpi | None = None
    # Of an area: "Area 1".
    area_label: str = ""

    @property
    def key(self) -> str:
        """Names it in forms and addresses: `commitment:1.1.1a`."""
        return f"{self.what.lower()}:{self.code}"

    @property
    def what_text(self) -> str:
        """What it is, in the words of the plan."""
        named = {"Area": levels().area, "Commitment": levels().commitment}
        return named.get(self.what, self.what)

    @property
    def about(self) -> dict[str, Any]:
        """The row, by the name that verbs and tables give it."""
        return {self.what.lower(): self.row}

    @property
    def ref_text(self) -> str:
        """`1.1.1a`, `Area 1`, `KPI 1.2`"""
        if self.what == "Area":
            return self.area_label
        return f"KPI {self.ref}" if self.what == "KPI" else self.ref or self.what

    @property
    def label(self) -> str:
        if self.what == "Area":
            return f"{self.area_label}. {self.name}" if self.ref else self.name
        return f"{self.ref} {self.name}"


# --- Of rows on record ------------------------------------------------------------------------


def subjects_on(
    page: PlanPage,
    rows: Iterable[Any],
    areas: dict[int, Any],
    kpi_of: Callable[[Any], Kpi | None],
) -> Callable[[Any], Subject]:
    """What each risk, question or decision is about, as worded on the day. One query.

    `kpi_of` gives the KPI that a row is about, and the row's `kpi_areas` the areas of that.
    """
    states = {state.id: state for state in page.state.commitments}
    named = {row.commitment_id for row in rows if row.commitment_id in states}
    texts = commitment_texts(page, [states[pk] for pk in named])

    def subject(row: Any) -> Subject:
        if row.area_id:
            area = areas[row.area_id]
            url = page.link("area", area.code)
            areas_here = frozenset([area.key])
            return Subject(
                "Area", area.code, area.ref, area.title, url, areas_here, area_label=area.label
            )
        if state := states.get(row.commitment_id):
            url = page.link("commitment", state.code)
            name, areas_here = texts[state.id].name, frozenset([state.area])
            return Subject("Commitment", state.code, state.ref, name, url, areas_here, state)
        kpi = kpi_of(row)
        if kpi is None:
            return Subject("Plan")
        url = page.link("kpi", kpi.code)
        return Subject("KPI", kpi.code, kpi.code, kpi.title, url, frozenset(row.kpi_areas))

    return subject


def areas_of_kpi(kpi: str) -> ArraySubquery:
    """The areas that a KPI's commitments lie in, as a column; `kpi` names its key."""
    return ArraySubquery(
        KpiCommitment.objects.filter(kpi=OuterRef(kpi))
        .order_by()
        .values("commitment__action__area")
        .distinct()
    )


# --- To choose from ---------------------------------------------------------------------------

# Whether something of these areas, on a commitment or not, is offered.
May = Callable[[Collection[int], CommitmentState | None], bool]


def in_the_plan(areas: Collection[int], state: CommitmentState | None) -> bool:
    return state is None or not state.is_withdrawn


def subjects_where(page: PlanPage, may: May = in_the_plan) -> list[Subject]:
    """The areas, commitments and KPIs of the plan that are offered today. Four queries."""
    return [*_areas(page, may), *_commitments(page, may), *_kpis(page, may)]


def _areas(page: PlanPage, may: May) -> Iterable[Subject]:
    for area in Area.objects.filter(plan=page.plan, withdrawn_at=None):
        if may([area.pk], None):
            url = page.link("area", area.code)
            areas = frozenset([area.pk])
            yield Subject(
                "Area",
                area.code,
                area.ref,
                area.title,
                url,
                areas,
                row=area,
                area_label=area.label,
            )


def _commitments(page: PlanPage, may: May) -> Iterable[Subject]:
    allowed = {state.id: state for state in page.state.commitments if may([state.area], state)}
    texts = commitment_texts(page, allowed.values())
    rows = Commitment.objects.in_bulk(allowed)
    for state in allowed.values():
        url = page.link("commitment", state.code)
        name, areas = texts[state.id].name, frozenset([state.area])
        yield Subject("Commitment", state.code, state.ref, name, url, areas, state, rows[state.id])


def _kpis(page: PlanPage, may: May) -> Iterable[Subject]:
    kpis = Kpi.objects.filter(plan=page.plan, withdrawn_at=None).annotate(areas=areas_of_kpi("pk"))
    for kpi in kpis:
        if may(kpi.areas, None):
            url = page.link("kpi", kpi.code)
            yield Subject("KPI", kpi.code, kpi.code, kpi.title, url, frozenset(kpi.areas), row=kpi)


def grouped(subjects: Iterable[Subject]) -> list[Any]:
    """The subjects as choices under the headings of their groups."""
    return [
        (
            in_words(GROUPS[what]),
            [(subject.key, short_label(subject.label)) for subject in of_group],
        )
        for what, of_group in groupby(subjects, key=lambda subject: subject.what)
    ]


def short_label(label: str) -> str:
    """The label, as long as a list can show."""
    if len(label) <= LONGEST_LABEL:
        return label
    return f"{label[: LONGEST_LABEL - 2].rstrip()} …"

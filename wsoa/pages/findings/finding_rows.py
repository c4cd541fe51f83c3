"""Findings with all that came of them, as at a day: commitments, KPIs, evidence, judgements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from actions.areas.findings import FindingItem, JudgementItem, plan_findings
from actions.io.storage import kind_text
from actions.models import Evidence, FamiliesView
from actions.pages import formatting
from actions.pages.commitment_list import Group
from actions.pages.commitment_rows import CommitmentText, commitment_texts
from actions.pages.plan_page import PlanPage
from actions.rules.dates import day_of, end_of_day
from actions.rules.state import CommitmentState, Counts, count
from kpis.pages.kpi_rows import KpiRow, kpi_lines, load_kpi_set
from wsoa.pages.findings.finding_points import EvidenceDay, Point, points_of


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence that the reader may know of."""

    commitment: CommitmentState
    row: Evidence = field(repr=False)
    on: date
    kind: str
    by: str

    @property
    def title(self) -> str:
        return self.row.title

    @property
    def is_shareable(self) -> bool:
        return self.row.visibility == Evidence.Visibility.SHAREABLE

    @property
    def is_restricted(self) -> bool:
        return self.row.visibility == Evidence.Visibility.RESTRICTED

    @property
    def is_withdrawn_since(self) -> bool:
        """Whether it was taken back after the page's day: its file is no longer handed out."""
        return hasattr(self.row, "withdrawal")


@dataclass(frozen=True, slots=True)
class FamiliesLine:
    """What the forum said of a commitment."""

    commitment: CommitmentState
    view: str
    text: str
    on: date


Line = TypeVar("Line", EvidenceLine, FamiliesLine)


@dataclass(frozen=True)
class FindingRow:
    """A finding as the plan answers it on the page's day."""

    page: PlanPage
    item: FindingItem
    # What answers it and was not withdrawn, in the plan's order.
    states: tuple[CommitmentState, ...]
    kpis: tuple[KpiRow, ...]
    evidence: tuple[EvidenceLine, ...]
    families: tuple[FamiliesLine, ...]
    points: tuple[Point, ...]
    texts: Mapping[int, CommitmentText] = field(repr=False)
    group: Group | None = None

    @property
    def url(self) -> str:
        return self.page.url("pages:finding", self.item.code)

    def called(self, state: CommitmentState) -> str:
        """A commitment's number, or its name where the plan prints none."""
        return self.texts[state.id].called

    @property
    def is_answered(self) -> bool:
        return bool(self.item.answered_by)

    @property
    def counts(self) -> Counts:
        return count(self.states)

    @property
    def previous_states(self) -> list[CommitmentState]:
        """The same commitments on the earlier day of the address, where they stood in the plan."""
        before = self.page.previous_states
        return [
            state
            for one in self.states
            if (state := before.get(one.id)) is not None and not state.is_withdrawn
        ]

    @property
    def newest_judgement(self) -> JudgementItem | None:
        return self.item.judgements[-1] if self.item.judgements else None

    @property
    def measured(self) -> list[KpiRow]:
        """The KPIs of which anybody can tell whether they are better than the baseline."""
        return [kpi for kpi in self.kpis if kpi.state.is_no_better is not None]

    @property
    def missed(self) -> list[KpiRow]:
        """Those whose last target has passed and was not met."""
        return [kpi for kpi in self.kpis if kpi.state.is_missed]

    @property
    def better(self) -> list[KpiRow]:
        return [kpi for kpi in self.measured if kpi.state.is_no_better is False]


def finding_rows(
    page: PlanPage, *, for_outside: bool = False
) -> tuple[list[FindingRow], list[JudgementItem]]:
    """Every finding of the plan, and what was judged of the plan as a whole. Nine queries.

    For outside, whoever makes it, there are no small numbers and no restricted evidence, and
    nothing is counted or worked out of them.
    """
    items, of_plan = plan_findings(page)
    answering = {item.id: _answering(item, page.state.commitments) for item in items}
    kpis = kpi_lines(page, load_kpi_set(page, with_small=not for_outside), {})
    ids = {state.id for states in answering.values() for state in states}
    texts = commitment_texts(page, page.state.commitments)
    evidence = _evidence(page, ids, for_outside=for_outside)
    families = _families(page, ids)
    rows = [_row(page, item, answering[item.id], kpis, evidence, families, texts) for item in items]
    return rows, of_plan


def _row(
    page: PlanPage,
    item: FindingItem,
    states: Sequence[CommitmentState],
    kpis: Iterable[KpiRow],
    evidence: dict[int, list[EvidenceLine]],
    families: dict[int, list[FamiliesLine]],
    texts: Mapping[int, CommitmentText],
) -> FindingRow:
    ids = {state.id for state in states}
    of_finding = tuple(kpi for kpi in kpis if ids.intersection(kpi.history.commitments))
    lines = [line for pk in ids for line in evidence.get(pk, ())]
    said = [line for pk in ids for line in families.get(pk, ())]
    return FindingRow(
        page=page,
        item=item,
        states=tuple(states),
        kpis=of_finding,
        evidence=_newest_first(lines),
        families=_newest_first(said),
        texts=texts,
        points=tuple(
            points_of(
                item.kind,
                states,
                [EvidenceDay(line.commitment.id, line.on) for line in lines],
                {
                    state.id: [
                        kpi.state for kpi in of_finding if state.id in kpi.history.commitments
                    ]
                    for state in states
                },
                day=page.still_on,
                is_tracked=page.state.tracked,
                is_answered=bool(item.answered_by),
            )
        ),
    )


def _newest_first(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.on.toordinal(), line.commitment.code)))


def _answering(item: FindingItem, states: Iterable[CommitmentState]) -> list[CommitmentState]:
    """The commitments of what answers it, each once, in the plan's order."""
    parts = {(answer.what, answer.id) for answer in item.answered_by}
    return [
        state
        for state in states
        if not state.is_withdrawn
        and parts.intersection(
            (("area", state.area), ("action", state.action), ("commitment", state.id))
        )
    ]


def _evidence(
    page: PlanPage, commitments: set[int], *, for_outside: bool
) -> dict[int, list[EvidenceLine]]:
    """What stood on the day, newest first, by commitment. One query.

    Restricted evidence is for who may read it, and never for outside; with a shared view only
    what may be shared.
    """
    states = {state.id: state for state in page.state.commitments}
    end = end_of_day(page.day)
    rows = (
        Evidence.objects.filter(commitment__in=commitments, effective_at__lt=end)
        .exclude(withdrawal__effective_at__lt=end)
        .select_related("by", "withdrawal")
        .order_by("-effective_at", "-recorded_at")
    )
    if page.shared_view:
        rows = rows.filter(visibility=Evidence.Visibility.SHAREABLE)
    if for_outside:
        rows = rows.exclude(visibility=Evidence.Visibility.RESTRICTED)
    found: dict[int, list[EvidenceLine]] = defaultdict(list)
    for row in rows:
        state = states[row.commitment_id]
        if row.visibility == Evidence.Visibility.RESTRICTED and not page.reads_restricted(state)(
            row.by_id
        ):
            continue
        found[state.id].append(
            EvidenceLine(
                state,
                row,
                day_of(row.effective_at),
                kind_text(row.content_type) if row.file_name else "Link" if row.link else "",
                row.by.name if row.by else row.source,
            )
        )
    return found


def _families(page: PlanPage, commitments: set[int]) -> dict[int, list[FamiliesLine]]:
    """What the forum said by the day, newest first, by commitment. One query."""
    if page.shared_view:
        return {}
    states = {state.id: state for state in page.state.commitments}
    found: dict[int, list[FamiliesLine]] = defaultdict(list)
    rows = FamiliesView.objects.filter(
        commitment__in=commitments, effective_at__lt=end_of_day(page.day)
    ).order_by("-effective_at", "-recorded_at")
    for row in rows:
        found[row.commitment_id].append(
            FamiliesLine(
                states[row.commitment_id],
                row.get_view_display(),
                row.text,
                day_of(row.effective_at),
            )
        )
    return found


def bar(row: FindingRow) -> formatting.Share | None:
    """Its commitments by colour; none where nothing answers it or nobody rates the plan."""
    if not row.states or not row.page.state.tracked:
        return None
    return formatting.share_view(row.counts)

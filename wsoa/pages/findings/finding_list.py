"""The register of findings as a table, narrowed by its address, and as a file."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from actions.areas.findings import KINDS
from actions.models import Finding
from actions.pages import components, formatting
from actions.pages.commitment_list import Group
from actions.pages.exporting import Column, iso
from actions.pages.filters import FilterForm, choice, has_words, words_field
from actions.pages.tables import AccessibleTable, AsGiven, Drawn
from actions.wording import in_words_lazy, scale
from wsoa.pages.findings.finding_points import Point
from wsoa.pages.findings.finding_rows import FindingRow, bar

NOT_JUDGED = "none"
WITH_POINTS, WITHOUT = "points", "no-points"

# --- Narrowing it -----------------------------------------------------------------------------


class FindingFilter(FilterForm):
    first = ("q", "inspection", "kind", "judgement", "points")

    q = words_field()
    inspection = choice("Inspection", "Choose an inspection of the list", "All inspections")
    kind = choice("Kind", "Choose a kind of the list", "All kinds")
    judgement = choice("Latest judgement", "Choose a judgement of the list", "Any")
    points = choice("Points to check", "Choose from the list", "Any")

    def __init__(self, data: QueryDict, *, rows: list[FindingRow]) -> None:
        super().__init__(data)
        self.rows = rows
        named = dict.fromkeys(row.item.inspection for row in rows if row.item.inspection)
        # In an address the place in the list stands for a title, which may be long.
        self.inspections = {str(place): title for place, title in enumerate(named, start=1)}
        self.offer("inspection", self.inspections.items())
        there = {row.item.kind for row in rows}
        self.offer("kind", ((kind, title) for kind, title in KINDS.items() if kind.value in there))
        said = dict.fromkeys(row.newest_judgement.text for row in rows if row.newest_judgement)
        self.offer("judgement", [(text, text) for text in said])
        if any(row.item.is_judged and not row.newest_judgement for row in rows):
            self.offer("judgement", [(NOT_JUDGED, "Not judged yet")])
        self.offer("points", [(WITH_POINTS, "Some"), (WITHOUT, "None")])

    def matching(self) -> list[FindingRow]:
        return [row for row in self.rows if self._fits(row)]

    def _fits(self, row: FindingRow) -> bool:
        wanted = self.answers()
        inspection = self.inspections.get(wanted.get("inspection") or "")
        return all(
            (
                not (words := wanted.get("q")) or has_words(words, row.item.number, _text(row)),
                not inspection or row.item.inspection == inspection,
                not (kind := wanted.get("kind")) or row.item.kind == kind,
                not (said := wanted.get("judgement")) or self._is_judged(row, said),
                not (points := wanted.get("points")) or bool(row.points) == (points == WITH_POINTS),
            )
        )

    @staticmethod
    def _is_judged(row: FindingRow, said: str) -> bool:
        if said == NOT_JUDGED:
            return row.item.is_judged and row.newest_judgement is None
        return row.newest_judgement is not None and row.newest_judgement.text == said


def _text(row: FindingRow) -> str:
    item = row.item
    return "\n".join((item.name, item.title, item.text, item.addressed_to, item.reference))


def grouped(rows: Iterable[FindingRow]) -> list[FindingRow]:
    """Under the kind of finding, with the inspection and how many there are."""
    rows = list(rows)
    return [replace(row, group=_group(row, rows)) for row in rows]


def _group(row: FindingRow, rows: list[FindingRow]) -> Group:
    alike = [
        other
        for other in rows
        if (other.item.kind, other.item.inspection) == (row.item.kind, row.item.inspection)
    ]
    kind = KINDS[Finding.Kind(row.item.kind)]
    title = f"{row.item.inspection}: {kind[0].lower()}{kind[1:]}" if row.item.inspection else kind
    bare = sum(not other.is_answered for other in alike)
    note = str(len(alike))
    if bare and row.item.kind != Finding.Kind.STRENGTH:
        note += f", {bare} with nothing that answers {'it' if bare == 1 else 'them'}"
    return Group(title, note)


# --- Showing it -------------------------------------------------------------------------------

_NONE = mark_safe('<span class="same">none</span>')
# Of a strength nothing is asked, so its cells are empty.
_EMPTY = mark_safe("")


def _is_strength(row: FindingRow) -> bool:
    return row.item.kind == Finding.Kind.STRENGTH and not row.is_answered


def _unless_strength(
    draw: Callable[[FindingRow], SafeString],
) -> Callable[[FindingRow], SafeString]:
    return lambda row: _EMPTY if _is_strength(row) else draw(row)


_NOT_YET = mark_safe('<span class="same">not judged yet</span>')


def _number(row: FindingRow) -> str:
    return row.item.number or "–"


def _name(row: FindingRow) -> SafeString:
    return format_html(
        '<p class="name"><a href="{}">{}</a></p><p class="note">{}</p>',
        row.url,
        row.item.called,
        ", ".join(filter(None, (Finding.Kind(row.item.kind).label, answered_text(row)))),
    )


def answered_text(row: FindingRow) -> str:
    """What answers it: `Area 1`, `Area 1 and actions 3.2.1 and 3.2.2`."""
    labels = [answer.label for answer in row.item.answered_by]
    return formatting.listed(labels) if labels else ""


def _answers(row: FindingRow) -> SafeString:
    share = bar(row)
    if share:
        return components.share(share)
    if not row.is_answered:
        return mark_safe("<b>Nothing answers this</b>")
    return format_html("{}", len(row.states))


def kpis_text(row: FindingRow) -> str:
    """`7 of 10 better`, of those of which it can be said."""
    if not row.kpis:
        return ""
    if not row.measured:
        return f"{formatting.plural(len(row.kpis), 'KPI')}, none with figures to compare"
    return f"{len(row.better)} of {len(row.measured)} better"


def _kpis(row: FindingRow) -> SafeString:
    text = kpis_text(row)
    if not text:
        return mark_safe('<span class="same">no KPI</span>') if row.states else _NONE
    silent = len(row.kpis) - len(row.measured) if row.measured else 0
    missed = format_html("<br><b>{} missed</b>", len(row.missed)) if row.missed else ""
    without = format_html('<p class="note">{} without data</p>', silent) if silent else ""
    return format_html("{}{}{}", text, missed, without)


def _evidence(row: FindingRow) -> SafeString:
    if not row.evidence:
        return _NONE
    return format_html(
        '<b>{}</b> <span class="note">{}</span>',
        len(row.evidence),
        formatting.brief_day(row.evidence[0].on),
    )


def _judgement(row: FindingRow) -> SafeString:
    newest = row.newest_judgement
    if newest is None:
        return _NOT_YET if row.item.is_judged else _NONE
    return format_html(
        '<b>{}</b><p class="note">{}</p>',
        newest.text,
        ", ".join(filter(None, (newest.day_text, newest.by))),
    )


def point_text(row: FindingRow, point: Point) -> str:
    """`Done, and no evidence: 1.2.5d`"""
    if not point.commitments:
        return point.text
    return f"{point.text}: {formatting.listed([row.called(state) for state in point.commitments])}"


def _points(row: FindingRow) -> SafeString:
    if not row.points:
        return _NONE
    return components.chips(
        formatting.Chip("flag", point_text(row, point), not row.is_answered) for point in row.points
    )


class FindingTable(AccessibleTable):
    ref = Drawn(_number, "No.", orderable=False)
    name = Drawn(_name, "Finding", orderable=False)
    answers = Drawn(
        _unless_strength(_answers), in_words_lazy("{Commitments} by colour"), orderable=False
    )
    kpis = Drawn(_unless_strength(_kpis), "KPIs since baseline", orderable=False)
    evidence = Drawn(_unless_strength(_evidence), "Evidence", orderable=False)
    judgement = Drawn(_unless_strength(_judgement), "Latest judgement", orderable=False)
    points = Drawn(_unless_strength(_points), "Points to check", orderable=False)

    caption = "Findings of the plan"
    end_note = (
        "What answers two findings is counted in both. Evidence: how many, and the day of the "
        "newest."
    )

    class Meta:
        attrs = {"id": "findings"}

    def __init__(self, rows: list[FindingRow], **options: Any) -> None:
        super().__init__(AsGiven(rows), **options)


# --- The same as a file -----------------------------------------------------------------------


def _ratings(row: FindingRow) -> str:
    ratings = row.counts.ratings.items()
    return ", ".join(f"{number} {scale().word(rating)}" for rating, number in ratings if number)


FINDING_COLUMNS: list[Column[FindingRow]] = [
    Column("Inspection", lambda row: row.item.inspection, 24),
    Column("Kind", lambda row: Finding.Kind(row.item.kind).label, 18),
    Column("Number", lambda row: row.item.number, 8),
    Column("Title", lambda row: row.item.title, 30),
    Column("Finding", lambda row: row.item.text, 60),
    Column("Addressed to", lambda row: row.item.addressed_to, 24),
    Column("In the letter", lambda row: row.item.reference, 14),
    Column("Answered by", answered_text, 24),
    Column(in_words_lazy("{Commitments}"), lambda row: len(row.states) or None, 12),
    Column(
        in_words_lazy("{Commitments} by colour"),
        lambda row: _ratings(row) if row.page.state.tracked else "",
        28,
    ),
    Column("KPIs", lambda row: len(row.kpis) or None, 8),
    Column("KPIs that can be compared", lambda row: len(row.measured) or None, 10),
    Column(
        "KPIs better than the baseline", lambda row: len(row.better) if row.measured else None, 10
    ),
    Column("KPI targets missed", lambda row: len(row.missed) if row.kpis else None, 10),
    Column("Evidence", lambda row: len(row.evidence), 9),
    Column("Newest evidence", lambda row: iso(row.evidence[0].on) if row.evidence else ""),
    Column(
        "Latest judgement",
        lambda row: row.newest_judgement.text if row.newest_judgement else "",
        24,
    ),
    Column(
        "Judged on", lambda row: row.newest_judgement.day_text if row.newest_judgement else "", 14
    ),
    Column("Judged by", lambda row: row.newest_judgement.by if row.newest_judgement else "", 24),
    Column(
        "Points to check", lambda row: "; ".join(point_text(row, point) for point in row.points), 40
    ),
]

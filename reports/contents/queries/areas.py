"""Areas as at the day, with who answers for them and how they were judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject

from actions.models import (
    AccountableOfficer,
    Action,
    Area,
    AreaFinding,
    AreaJudgement,
    AreaOfficer,
    Judgement,
    finding_name,
)
from actions.models.people import active_on
from actions.pages import formatting
from actions.rules.dates import end_of_day
from actions.rules.levels import in_sentence
from actions.rules.status import Rating
from kpis.models import HeadlineKpi
from reports.contents.cut_off import AtCutOff
from reports.contents.queries.moments import day_in


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an outside body said later of a finding that an area answers."""

    verdict: str
    judged_on: date | None
    by: str
    summary: str
    is_inspection: bool = True

    @property
    def who(self) -> str:
        return "inspectors" if self.is_inspection else "others"


@dataclass(frozen=True, slots=True)
class FindingPart:
    """A finding that an area answers."""

    code: str
    kind: str
    name: str
    text: str
    is_of_inspection: bool


@dataclass(frozen=True, slots=True)
class AreaPart:
    """An area as at the day, with its officer and the officer's newest judgement."""

    id: int
    code: str
    ref: str
    label: str
    position: int
    title: str
    short_title: str
    findings: tuple[FindingPart, ...]
    outcomes: tuple[str, ...]
    sro: str
    sro_id: int | None
    sro_user: int | None
    judgement: Rating | None
    judged_on: date | None
    reason: str
    # Its judgement at the beginning of the period.
    was_judged: Rating | None
    verdicts: tuple[Verdict, ...]
    impact: str
    headline_kpi: int | None
    # The judgement as written, where that is another word of the key than its own.
    word: str = ""

    @property
    def name(self) -> str:
        return self.named_with(". ")

    @property
    def in_short(self) -> str:
        """`1. Waits and support`, by its short title where it has one."""
        return formatting.numbered(self.ref, self.short_title or self.title)

    @property
    def in_sentence(self) -> str:
        """`area 1`: within a sentence."""
        return in_sentence(self.label) if self.ref else f"“{self.title}”"

    def named_with(self, between: str) -> str:
        return f"{self.label}{between}{self.title}" if self.ref else self.title

    @property
    def told(self) -> tuple[int, ...]:
        """The user to be told when words about the area are edited."""
        return (self.sro_user,) if self.sro_user else ()


def areas(cut_off: AtCutOff, people: dict[int, Any]) -> tuple[AreaPart, ...]:
    officers = (
        cut_off.known(AreaOfficer)
        .filter(active_on(cut_off.until), area=OuterRef("key"))
        .order_by("-id")
        .values(one=JSONObject(id="person", user="person__user"))
    )
    judgements = AreaJudgement.objects.filter(cut_off.seen(), area=OuterRef("key")).order_by(
        "-effective_at", "-recorded_at"
    )
    judgement = judgements.values(
        one=JSONObject(brag="brag", word="word", reason="reason", at="effective_at")
    )
    earlier = judgements.filter(effective_at__lt=end_of_day(cut_off.since)).values("brag")
    answers = (
        cut_off.known(AreaFinding)
        .filter(area=OuterRef("key"), finding__withdrawn_at=None)
        .order_by("finding__inspection__position", "finding__position")
    )
    findings = answers.values(
        one=JSONObject(
            code="finding__code",
            kind="finding__kind",
            number="finding__number",
            text="finding__text",
            inspection="finding__inspection",
        )
    )
    # A correction has the code of what it corrects.
    corrected = Judgement.objects.filter(cut_off.seen(), replaces=OuterRef("pk"))
    verdicts = (
        Judgement.objects.filter(
            ~Exists(corrected),
            cut_off.seen(),
            finding__in=cut_off.known(AreaFinding)
            .filter(area=OuterRef(OuterRef("key")))
            .values("finding"),
        )
        .order_by("judged_on", "pk")
        .values(
            one=JSONObject(
                verdict="verdict",
                rating="rating",
                on="judged_on",
                inspection="inspection__title",
                by="judged_by",
                text="summary",
            )
        )
    )
    headline = cut_off.known(HeadlineKpi).filter(area=OuterRef("key")).values("kpi")
    rows = cut_off.worded(Area, plan=cut_off.plan).annotate(
        findings=ArraySubquery(findings),
        officer=Subquery(officers[:1]),
        sro_judgement=Subquery(judgement[:1]),
        earlier=Subquery(earlier[:1]),
        verdicts=ArraySubquery(verdicts),
        headline_kpi=Subquery(headline[:1]),
    )
    parts = [_area(row, people) for row in rows if row.withdrawn_at is None]
    return tuple(sorted(parts, key=lambda area: area.position))


def _area(row: Any, people: Mapping[int, Any]) -> AreaPart:
    officer, judgement = row.officer or {}, row.sro_judgement or {}
    person = people.get(officer["id"]) if officer else None
    return AreaPart(
        id=row.key,
        code=row.code,
        ref=row.ref,
        label=row.label,
        position=row.position,
        title=row.title,
        short_title=row.short_title,
        findings=tuple(
            FindingPart(
                finding["code"],
                finding["kind"],
                finding_name(finding["kind"], finding["number"]),
                finding["text"],
                finding["inspection"] is not None,
            )
            for finding in row.findings
        ),
        outcomes=tuple(row.outcomes),
        sro=person.name if person else "",
        sro_id=officer.get("id"),
        sro_user=officer.get("user"),
        judgement=Rating(judgement["brag"]) if judgement else None,
        judged_on=day_in(judgement["at"]) if judgement else None,
        reason=judgement.get("reason", ""),
        was_judged=Rating(row.earlier) if row.earlier else None,
        word=judgement.get("word", ""),
        verdicts=tuple(
            Verdict(
                verdict["rating"] or Judgement.Verdict(verdict["verdict"]).label,
                date.fromisoformat(verdict["on"]) if verdict["on"] else None,
                verdict["inspection"] or verdict["by"],
                verdict["text"],
                is_inspection=bool(verdict["inspection"]),
            )
            for verdict in row.verdicts
        ),
        impact=row.impact,
        headline_kpi=row.headline_kpi,
    )


def actions(cut_off: AtCutOff) -> dict[int, Any]:
    """Actions as at the day, with the people accountable for them and the responsible group."""
    officers = (
        cut_off.known(AccountableOfficer)
        .filter(active_on(cut_off.until), action=OuterRef("key"))
        .order_by("position", "key")
        .values("person")
    )
    rows = cut_off.worded(Action, plan=cut_off.plan).select_related("responsible_group")
    return {row.key: row for row in rows.annotate(officers=ArraySubquery(officers))}

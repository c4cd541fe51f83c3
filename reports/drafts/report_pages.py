"""What the pages about reports say beside the document: its state, signatures, files, history."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.db.models import Q
from django.urls import reverse

from actions import access, memberships
from actions.models import Area, Organisation
from actions.pages import formatting
from actions.rules.dates import LONDON, day_of, start_of_day
from reports.contents.building import Built
from reports.contents.editable_texts import FORUM
from reports.contents.signing import FORUMS_SECTION
from reports.drafts.drafting import approvers_of
from reports.drafts.outside import said_outside
from reports.drafts.report_access import ReportPage
from reports.models import (
    BEING_MADE,
    PUBLISHED,
    Approval,
    PublishedFile,
    PublishedPaper,
    Report,
    SaidOutside,
    Signature,
)
from reports.rendering import FORMATS
from reports.rendering.document import Document
from reports.rendering.page import view_of


def moment_text(moment: datetime) -> str:
    """`3 February 2023, 14:05`, in London."""
    return f"{formatting.day_text(day_of(moment))}, {moment.astimezone(LONDON):%H:%M}"


def cut_off_text(moment: datetime) -> str:
    """The moment, or `the end of Friday 3 February 2023` where a whole day is taken in."""
    day = day_of(moment)
    if moment == start_of_day(day):
        return f"the end of {formatting.day_text(day - timedelta(days=1))}"
    return moment_text(moment)


def size_text(size: int) -> str:
    """`412 kB`, `1.3 MB`."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


@dataclass(frozen=True, slots=True)
class SignOff:
    """One who signs or approves. `url` leads the reader to sign, where it is theirs to do."""

    what: str
    words: str
    is_given: bool
    url: str = ""
    button: str = ""
    # Where the programme team records, or checks, that it was given outside.
    outside_url: str = ""
    outside_button: str = ""


# --- A draft ----------------------------------------------------------------------------------

# Places of the summary for families begin with this; all others are places of the report.
FAMILIES = "families:"


def draft_view(
    report_page: ReportPage, report: Report, built: Built, *, paper: Document | None = None
) -> dict[str, Any]:
    """The draft, or the summary for families that goes with it, and what the reader may do."""
    granted, slug = report_page.access, report_page.access.plan.slug
    may_prepare = access.can_prepare_report(granted)
    document = paper or built.document

    def url(name: str, *args: Any) -> str:
        return reverse(f"reports:{name}", args=(slug, report.pk, *args))

    def edit_url(key: str) -> str:
        return words_url(report_page, report, built, key)

    which = "families" if paper else "report"
    to_sign = sign_offs(report_page, report, built) if report.series.is_approved else []
    return {
        "breadcrumbs": [
            formatting.Breadcrumb("Reports", reverse("reports:index", args=(slug,))),
            formatting.Breadcrumb(f"{report.series.title}, {report.number}"),
        ],
        "report": report,
        "document": view_of(document, edit_url),
        "is_families": bool(paper),
        "report_url": url("draft"),
        "families_url": url("draft_families") if built.families else "",
        "facts": [
            formatting.Pair("Shows what was recorded by", cut_off_text(report.known_at)),
            formatting.Pair("Prepared by", report.prepared_by.name),
        ],
        "missing": len(built.missing),
        # Signatures and approvals are told of by themselves.
        "also_missing": [
            item for item in missing_lines(report_page, report, built) if not item.is_sign_off
        ],
        "sign_offs": to_sign,
        "waits": [sign_off for sign_off in to_sign if sign_off.url],
        "edited": [
            place
            for place in built.places.values()
            if place.is_edited and place.key.startswith(FAMILIES) == bool(paper)
        ],
        "files": [
            {"label": file_format.label, "url": url("draft_file", which, key)}
            for key, file_format in FORMATS.items()
        ],
        "buttons": {
            "publish": url("publish"),
            "cut_off": url("cut_off"),
            "discard": url("discard"),
        }
        if may_prepare
        else {},
    }


@dataclass(frozen=True, slots=True)
class MissingItem:
    """What is missing, and where the reader can settle it; no address where they may not."""

    words: str
    url: str
    is_sign_off: bool


def missing_lines(report_page: ReportPage, report: Report, built: Built) -> list[MissingItem]:
    return [
        MissingItem(item.words, words_url(report_page, report, built, item.place), item.is_sign_off)
        for item in built.missing
    ]


def words_url(report_page: ReportPage, report: Report, built: Built, key: str) -> str:
    """Where the reader edits the words of a place; empty where they may not."""
    place = built.places.get(key)
    if place is None or not access.can_word_report(
        report_page.access, is_forums=place.owner == FORUM
    ):
        return ""
    address = reverse("reports:words", args=(report_page.access.plan.slug, report.pk))
    return f"{address}?place={quote(key)}"


def sign_offs(report_page: ReportPage, report: Report, built: Built) -> list[SignOff]:
    """Every area's signature, the forum's, and every organisation's approval."""
    granted, slug = report_page.access, report_page.access.plan.slug
    items = []
    outside = _Outside(report_page, report, built)
    areas = {
        f"area:{area.code}": area
        for area in Area.objects.filter(plan=granted.plan, withdrawn_at=None)
    }
    for section in built.document.sections:
        if section.area is None and section.key != FORUMS_SECTION:
            continue
        is_forums = section.area is None
        held = built.signed.get(section.key)
        area = areas.get(section.key)
        may = (
            access.can_sign_for_forum(granted, preparer=report.prepared_by_id)
            if is_forums
            else access.can_sign_area(
                granted, area.pk if area else 0, preparer=report.prepared_by_id
            )
        )
        what = "The forum’s statement" if is_forums else section.area_text
        url, button = _button(slug, report, built, area)
        sign_off = SignOff(
            what,
            _given_text(held, "Signed")
            if held
            else "Signed before, and changed since"
            if section.key in built.fallen
            else "Not signed",
            bool(held),
            url if may and not held else "",
            button,
        )
        is_written = not is_forums or bool(built.places[FORUMS_SECTION].text)
        if is_written and (area or is_forums):
            sign_off = outside.told(
                sign_off,
                area,
                None,
                reverse(
                    "reports:record_signature",
                    args=(slug, report.pk, area.code if area else "forum"),
                ),
            )
        items.append(sign_off)
    items += _approvals(report_page, report, built, outside)
    return items


def _given_text(given: Signature | Approval, did: str) -> str:
    """`Signed by A. Name, 3 February 2023, 14:05`; of what was said elsewhere how, and by whom it
    was recorded and checked."""
    if given.by_id is None:
        return f"{did} by {given.name}: {given.source}"
    return f"{did} by {given.name}, {moment_text(given.effective_at)}"


class _Outside:
    """What was said outside of a draft and waits for a second person. One query."""

    def __init__(self, report_page: ReportPage, report: Report, built: Built) -> None:
        self.access, self.built, self.report = report_page.access, built, report
        self.may_record = access.can_prepare_report(report_page.access)
        self.newest: dict[tuple[int | None, int | None], SaidOutside] = {}
        for said in said_outside.waiting(report):
            self.newest.setdefault((said.area_id, said.organisation_id), said)

    def told(
        self,
        sign_off: SignOff,
        area: Area | None,
        organisation: Organisation | None,
        record_url: str,
    ) -> SignOff:
        """The same with what waits of it, and where the reader records or checks it."""
        if sign_off.is_given:
            return sign_off
        key = (area.pk if area else None, organisation.pk if organisation else None)
        said = self.newest.get(key)
        words, url, button = sign_off.words, "", ""
        if self.may_record:
            url, button = record_url, "It was given outside: record it"
        if said:
            did = "Given" if said.is_approved is not False else "Returned"
            words += f". {did} by {said.name}: {said_outside.how_text(said)}; "
            if said_outside.digest_now(self.built, area, organisation) != said.digest:
                words += "the words have changed since"
            else:
                words += "waits for a second person"
                if access.can_check_said_outside(self.access, recorder=said.by_id):
                    slug = self.access.plan.slug
                    url = reverse("reports:check_said", args=(slug, self.report.pk, said.pk))
                    button = "Check it"
                else:
                    url = button = ""
        return replace(sign_off, words=words, outside_url=url, outside_button=button)


def _button(slug: str, report: Report, built: Built, area: Area | None) -> tuple[str, str]:
    """Where an area, or the forum, signs; a statement is written before it is signed."""
    if area is not None:
        return reverse("reports:sign", args=(slug, report.pk, area.code)), f"Sign {area.label}"
    if not built.places[FORUMS_SECTION].text:
        address = f"{reverse('reports:words', args=(slug, report.pk))}?place={FORUMS_SECTION}"
        return address, "Write the forum’s statement"
    return reverse("reports:sign", args=(slug, report.pk, "forum")), "Sign the forum’s statement"


def _approvals(
    report_page: ReportPage, report: Report, built: Built, outside: _Outside
) -> Iterable[SignOff]:
    granted, slug = report_page.access, report_page.access.plan.slug
    for approver in approvers_of(granted.plan):
        held = built.approved.get(approver.organisation_id)
        name = approver.organisation.name
        if held is None:
            text = f"Awaited from {approver.user.name}, {approver.office}"
        elif held.is_approved:
            text = _given_text(held, "Approved")
        else:
            text = f"{_given_text(held, 'Returned')}: {held.reason}"
        may = access.can_approve_report(
            granted, approver=approver.user_id, preparer=report.prepared_by_id
        )
        is_given = bool(held and held.is_approved)
        address = reverse("reports:approve", args=(slug, report.pk, approver.organisation_id))
        sign_off = SignOff(
            f"Approval of {name}",
            text,
            is_given,
            address if may and not is_given else "",
            f"Approve or return for {name}",
        )
        to_record = reverse(
            "reports:record_answer", args=(slug, report.pk, approver.organisation_id)
        )
        yield outside.told(sign_off, None, approver.organisation, to_record)


# --- A published report -----------------------------------------------------------------------


def report_view(
    report_page: ReportPage, report: Report, papers: list[PublishedPaper], paper: PublishedPaper
) -> dict[str, Any]:
    granted, slug = report_page.access, report_page.access.plan.slug
    publication = report.publication
    files = PublishedFile.objects.filter(paper=paper).defer("content").order_by("pk")
    newer = getattr(report, "superseded_by", None)
    readable = list(
        published_to(report_page)
        .filter(series=report.series_id, ends_on__lte=report.ends_on)
        .order_by("-ends_on", "-version")
    )
    may_read = {other.pk for other in readable}
    has_summary = any(one.paper == PublishedPaper.Paper.FAMILIES for one in papers)

    def url(name: str, *args: Any) -> str:
        return reverse(f"reports:{name}", args=(slug, *args))

    return {
        "breadcrumbs": [
            formatting.Breadcrumb("Reports", url("index")),
            formatting.Breadcrumb(f"{report.series.title}, {report.number}"),
        ],
        "report": report,
        "is_families": paper.paper == PublishedPaper.Paper.FAMILIES,
        "report_url": url("report", report.pk),
        "families_url": url("report_families", report.pk) if has_summary else "",
        "published_text": moment_text(publication.effective_at),
        "published_by": publication.by.name if publication.by else publication.source,
        "gap": {"missing": publication.missing, "reason": publication.reason}
        if publication.missing
        else None,
        "files": [
            {
                "label": FORMATS[file.format].label,
                "url": url("report_file", report.pk, paper.paper, file.format),
                "size": size_text(file.size),
                "name": file.name,
                "digest": file.digest,
            }
            for file in files
            if file.format in FORMATS
        ],
        "newer_url": url("report", newer.pk) if newer and newer.pk in may_read else "",
        "older_url": url("report", report.supersedes.pk)
        if report.supersedes and report.supersedes.pk in may_read
        else "",
        "earlier": [
            {
                "url": url("report", older.pk),
                "words": older.number,
                "day": formatting.short_day(day_of(older.publication.effective_at)),
            }
            for older in _earlier(report, readable)
        ],
        "new_version_url": url("new_version", report.pk)
        if access.can_prepare_report(granted) and (newer is None or newer.discarded_at)
        else "",
        "today_url": reverse("actions:plan", args=(slug,)) if access.can_see_live(granted) else "",
    }


def _earlier(report: Report, readable: Iterable[Report]) -> Iterable[Report]:
    """The newest versions of earlier periods among those that the reader may read."""
    newest: dict[Any, Report] = {}
    for other in readable:
        if other.ends_on < report.ends_on:
            newest.setdefault(other.ends_on, other)
    return list(newest.values())[:6]


def published_to(report_page: ReportPage) -> Any:
    """The published reports of the plan that whoever opened the page may read."""
    granted = report_page.access
    reports = Report.objects.filter(PUBLISHED, series__plan=granted.plan)
    if not access.can_see_live(granted):
        reports = reports.filter(
            publication__addressed_to__in=memberships.bodies_of(granted)
        ).distinct()
    return reports.select_related("series__plan", "publication__by")


def _about(report: Report) -> str:
    """The period, where its name does not say it, and the day shown."""
    as_at = f"as at {formatting.short_day(report.as_at)}"
    text = report.period.words
    return f"A{as_at[1:]}" if text == report.number else f"{text}, {as_at}"


# --- All of them ------------------------------------------------------------------------------


def listed_reports(report_page: ReportPage) -> dict[str, Any]:
    """Published reports by series, newest first, each period once; and the drafts there are."""
    granted, slug = report_page.access, report_page.access.plan.slug
    by_period: dict[tuple[int, Any], list[Report]] = {}
    for report in published_to(report_page).order_by("series__position", "-ends_on", "-version"):
        by_period.setdefault((report.series_id, report.ends_on), []).append(report)
    series: dict[int, dict[str, Any]] = {}
    for (key, _), versions in by_period.items():
        newest, *older = versions
        group = series.setdefault(key, {"title": newest.series.title, "reports": []})
        group["reports"].append(
            {
                "title": newest.number,
                "url": reverse("reports:report", args=(slug, newest.pk)),
                "about": _about(newest),
                "published": formatting.short_day(day_of(newest.publication.effective_at)),
                "version": newest.version,
                "older": [
                    {
                        "url": reverse("reports:report", args=(slug, version.pk)),
                        "version": version.version,
                    }
                    for version in older
                ],
            }
        )
    drafts = []
    if access.can_see_live(granted):
        unpublished = Report.objects.filter(
            Q(publication=None) | BEING_MADE, series__plan=granted.plan, discarded_at=None
        ).select_related("series", "prepared_by", "publication__files_job")
        drafts = [
            {
                "title": f"{draft.series.title}, {draft.number}",
                "url": reverse(
                    f"reports:{'report' if draft.is_frozen else 'draft'}", args=(slug, draft.pk)
                ),
                "about": f"as at {formatting.short_day(draft.as_at)}, by {draft.prepared_by.name}",
                "is_being_made": draft.is_frozen,
                "version": draft.version,
            }
            for draft in unpublished.order_by("series__position", "ends_on")
        ]
    return {"published": list(series.values()), "drafts": drafts}

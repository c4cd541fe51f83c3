"""A finding as one ZIP for a monitoring inspection: its data, and the evidence that may be shared.

Whoever packs it may see more than it holds: small numbers are never in it, nothing is worked out
of them, other evidence is named by its title alone, and restricted evidence not at all.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from actions.areas.findings import JudgementItem
from actions.evidence import evidence
from actions.io import storage
from actions.io.sheets import Sheet, csv_of
from actions.pages import formatting
from actions.pages.commitment_list import rows_of
from actions.pages.exporting import Column, iso, sheet_of
from actions.pages.plan_page import PlanPage
from actions.pages.tables import SAID_COLUMNS, commitment_columns
from actions.wording import in_words_lazy, levels
from kpis.pages.kpi_list import KPI_COLUMNS
from wsoa.pages.findings.finding_course import course_of, course_table
from wsoa.pages.findings.finding_list import FINDING_COLUMNS
from wsoa.pages.findings.finding_rows import EvidenceLine, FindingRow


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of the pack."""

    name: str
    what: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A piece of evidence in the pack's list."""

    line: EvidenceLine
    called: str
    # Its file in the pack; else why there is none.
    file: Packed | None
    where: str


def contents_text(row: FindingRow) -> str:
    """`Its data, 4 files of evidence that may be shared and a list of all 26, about 14 MB.`"""
    files = [line.row.size or 0 for line in _to_pack(row)]
    listed = sum(not line.is_restricted for line in row.evidence)
    data = "Its data as tables"
    if not listed:
        return f"{data}. There is no evidence to list. No small numbers."
    parts = [formatting.plural(len(files), "file") + " of evidence that may be shared"] * bool(
        files
    )
    parts.append(f"a list of {'the one piece' if listed == 1 else f'all {listed}'}")
    size = f", about {storage.size_text(sum(files))}" if files else ""
    return f"{formatting.listed([data, *parts])}{size}. No small numbers."


def _to_pack(row: FindingRow) -> list[EvidenceLine]:
    return [
        line
        for line in row.evidence
        if line.is_shareable and line.row.digest and not line.is_withdrawn_since
    ]


def packed(row: FindingRow) -> IO[bytes]:
    """The ZIP, on disk rather than in memory. `row` was made for outside.

    A kept file that is not what was sent is left out, said so in the list, and told to whoever
    watches over the site.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        listed = _pack_evidence(row, archive)
        files = [one.file for one in listed if one.file]
        for name, what, sheet in _sheets(row, listed):
            files.append(_write(archive, name, what, csv_of(sheet)))
        files.append(_write(archive, "read-me.txt", "What this is", _read_me(row).encode()))
        index = sheet_of(
            row.page, "Index", _INDEX_COLUMNS, files, count_text=str(len(files)), filter_text=""
        )
        archive.writestr("index.csv", csv_of(index))
    target.seek(0)
    return target


def _write(archive: ZipFile, name: str, what: str, data: bytes) -> Packed:
    archive.writestr(name, data)
    return Packed(name, what, len(data), hashlib.sha256(data).hexdigest())


# --- Its evidence -----------------------------------------------------------------------------


def _pack_evidence(row: FindingRow, archive: ZipFile) -> list[Listed]:
    """Copy what may be shared, and list it all, newest first."""
    to_pack = {line.row.pk for line in _to_pack(row)}
    listed: list[Listed] = []
    for line in row.evidence:
        one = Listed(line, row.called(line.commitment), None, _where(line))
        if line.row.pk in to_pack:
            name = f"evidence/{len(listed) + 1:02}-{line.row.file_name}"
            one = _copied(row.page, archive, one, name)
        listed.append(one)
    return listed


def _where(line: EvidenceLine) -> str:
    if not line.is_shareable:
        return "Listed by title only"
    if line.is_withdrawn_since:
        return "Taken back since"
    return line.row.link or ", ".join(filter(None, (line.row.place, line.row.held_by)))


def _copied(page: PlanPage, archive: ZipFile, one: Listed, name: str) -> Listed:
    item = one.line.row
    assert item.size is not None
    try:
        content = storage.open_kept(item.digest, item.size)
    except storage.WrongFile as wrong:
        evidence.tell_wrong(item, str(wrong), user=page.access.user)
        return replace(one, where=f"Not here: the kept file is {wrong}")
    with content, archive.open(name, "w") as target:
        shutil.copyfileobj(content, target)
    file = Packed(name, item.title, item.size, item.digest)
    return replace(one, file=file, where=name)


# --- Its data ---------------------------------------------------------------------------------


def _sheets(row: FindingRow, listed: Sequence[Listed]) -> Iterable[tuple[str, str, Sheet]]:
    page = row.page
    ids = {state.id for state in row.states}
    commitments = [one for one in rows_of(page) if one.state.id in ids]
    columns = [column for column in commitment_columns(page) if column not in SAID_COLUMNS]

    def sheet(title: str, columns: Sequence[Column[Any]], records: Sequence[Any]) -> Sheet:
        count = str(len(records))
        return sheet_of(page, title, columns, records, count_text=count, filter_text="")

    yield "finding.csv", "The finding", sheet("Finding", FINDING_COLUMNS, [row])
    title = levels().commitments
    yield "answers.csv", f"{title} that answer it", sheet(title, columns, commitments)
    yield "kpis.csv", "KPIs of what answers it", sheet("KPIs", KPI_COLUMNS, row.kpis)
    judged = sheet("Judgements", _JUDGEMENT_COLUMNS, row.item.judgements)
    yield "judgements.csv", "What was judged of it outside", judged
    if page.state.tracked and row.states:
        months = course_table(course_of(row))
        course = [_cell(header, place) for place, header in enumerate(months.columns)]
        yield (
            "months.csv",
            "Ratings and counts, month by month",
            sheet("Months", course, months.rows),
        )
    yield "evidence.csv", "All evidence, by title", sheet("Evidence", _EVIDENCE_COLUMNS, listed)


def _cell(header: str, place: int) -> Column[list[str]]:
    return Column(header, lambda cells: cells[place])


_JUDGEMENT_COLUMNS: list[Column[JudgementItem]] = [
    Column("Judgement", lambda one: one.text),
    Column("Judged on", lambda one: iso(one.on)),
    Column("Judged by", lambda one: one.by),
    Column("Letter", lambda one: one.letter_text),
    Column("Words", lambda one: one.summary),
]
_EVIDENCE_COLUMNS: list[Column[Listed]] = [
    Column("Title", lambda one: one.line.title),
    Column(in_words_lazy("{Commitment}"), lambda one: one.called),
    Column("Day", lambda one: iso(one.line.on)),
    Column("File or place", lambda one: one.where),
    Column("SHA-256", lambda one: one.file.digest if one.file else ""),
]
_INDEX_COLUMNS: list[Column[Packed]] = [
    Column("File", lambda file: file.name),
    Column("What", lambda file: file.what),
    Column("Bytes", lambda file: file.size),
    Column("SHA-256", lambda file: file.digest),
]


def _read_me(row: FindingRow) -> str:
    page = row.page
    plan = page.plan
    lines = [
        f"{row.item.name}: {row.item.called}",
        f"{plan.title}, {plan.local_area}",
        f"As at {formatting.day_text(page.day)}, taken on {formatting.day_text(page.today)}",
        "",
        "index.csv names every other file with its SHA-256, by which it can be checked that a file",
        "was not changed. The folder evidence holds the files that may be shared outside;",
        "evidence.csv lists them with the rest, which is named by title only and can be asked for.",
        "Restricted evidence is neither here nor listed. Small numbers are not in these tables.",
    ]
    if plan.is_sample:
        lines.insert(0, "Sample. Written by sample accounts; none of it is real.")
    return "\r\n".join(lines) + "\r\n"

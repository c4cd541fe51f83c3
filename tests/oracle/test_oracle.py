"""Pages, files and reports against a second, naive model, over random histories.

A history that fails is played again alone, with the same rows on the same day, by the command that
the failure prints.
"""

import ast
import csv
import html
import io
import os
import re
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.contents.building import build
from reports.models import Report, ReportSeries
from reports.rendering.document import Document
from tests.oracle import model
from tests.oracle.histories import Story
from tests.oracle.model import Dated, Model, Reason, When

HISTORIES = 20
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
KIND_WORDS = {"interim": "Interim milestone", "follow_up": "Follow-up"}
POINTS = {
    "late_although_rated": "Late although rated Green or Amber",
    "grey_although_due": "Grey although due",
    "blue_waits": "Blue proposed more than two weeks ago",
    "date_moved": "Date moved",
    "no_completion_date": "No completion date agreed",
    "pause_run_out": "Paused beyond the month in which work was to go on",
    "no_better": "Done for three months, and its measure no better than the baseline",
    "no_data_since": "Done for three months, and no figure since",
    "target_missed": "KPI target missed",
    "target_passed": "KPI target passed, and no figure tells whether it was met",
}


def seeds() -> list[int]:
    """One, or those from one to another (`1000-1149`), else so many from 1 on."""
    if wanted := os.environ.get("ORACLE_SEED"):
        first, _, last = wanted.partition("-")
        return list(range(int(first), int(last or first) + 1))
    return list(range(1, int(os.environ.get("ORACLE_HISTORIES", HISTORIES)) + 1))


@pytest.mark.parametrize("seed", seeds())
def test_everything_says_what_a_naive_reading_of_the_record_says(seed, client, db):
    check(seed, client)


def check(seed: int, client: Any) -> None:
    found = disagreements(seed, client)
    told = "\n".join(found[:12])
    again = f'ORACLE_SEED={seed} make test ARGS="tests/oracle"'
    day = timezone.localdate()
    assert not found, f"{len(found)} disagreements. Again, on {day} alone: {again}\n{told}"


def disagreements(seed: int, client: Any) -> list[str]:
    story = Story(seed)
    truth = story.truth()
    client.force_login(story.officer)
    found: list[str] = []
    days = story.days_to_ask(7)
    for day in days:
        found += differences(f"CSV {day}", csv_says(client, story, day), csv_truth(truth, day))
    for day in sorted({days[-1], story.random.choice(days)}):
        then = day - timedelta(days=story.random.choice((1, 14, 30, 60)))
        found += differences(
            f"dashboard {day} since {then}",
            dashboard_says(client, story, day, then),
            dashboard_truth(truth, day, then),
        )
    for known_at in (story.known_at, story.known_halfway):
        known = story.truth(known_at)
        day = story.random.choice(days)
        starts = day - timedelta(days=story.random.choice((0, 10, 41)))
        found += differences(
            f"6-weekly report {starts} to {day}, known at {known_at}",
            exceptions_says(story, starts, day, known_at),
            exceptions_truth(known, day, starts - timedelta(days=1)),
        )
        for measured_on in sorted({days[-1], *story.random.sample(days, 2)}):
            found += differences(
                f"monthly report {measured_on}, known at {known_at}",
                measures_says(story, measured_on, known_at),
                measures_truth(known, measured_on),
            )
    return found


def differences(what: str, said: dict[str, Any], true: dict[str, Any]) -> list[str]:
    found = []
    for key in {**said, **true}:
        ours, theirs = said.get(key), true.get(key)
        if ours == theirs:
            continue
        if isinstance(ours, list) and isinstance(theirs, list):
            # Of long lists, what the one has and the other has not.
            alone = [one for one in ours if one not in theirs]
            ours, theirs = alone or ours, [one for one in theirs if one not in ours] or theirs
        found.append(f"{what}, {key}: it says {ours!r}, the record {theirs!r}")
    return found


# --- Words ------------------------------------------------------------------------------------


def colour_text(colour: str) -> str:
    return colour.replace("_", " ").capitalize()


def month_text(when: When) -> str:
    day = f"{when.first.day} " if when.is_day else ""
    return f"{day}{MONTHS[when.first.month - 1]} {when.first.year}"


def short_month(month: int) -> str:
    return "Sept" if month == 9 else MONTHS[month - 1][:3]


def short_when(when: When) -> str:
    day = f"{when.first.day} " if when.is_day else ""
    return f"{day}{short_month(when.first.month)} {when.first.year}"


def brief_day(day: date) -> str:
    return f"{day.day} {short_month(day.month)} {day.year}"


def iso(when: When | None) -> str:
    return when.first.isoformat()[: 10 if when.is_day else 7] if when else ""


def months(number: int) -> str:
    return f"{number} month{'' if number == 1 else 's'}" if number else "since this month"


def overdue_text(truth: Model, of: int, day: date) -> str:
    completion = truth.completion(of, day)
    assert completion is not None
    return months(When(day.replace(day=1)).month - completion.now.month)


def update_overdue_text(truth: Model, of: int, day: date) -> str:
    updates = truth.updates(of, day)
    if not updates:
        return "Update overdue"
    weeks = (day - updates[-1].day).days // 7
    return f"Update overdue, {weeks} week{'' if weeks == 1 else 's'} since the last"


def reason_text(truth: Model, of: int, reason: Reason, day: date) -> str:
    since = f" since {brief_day(reason.since)}" if reason.since else ""
    match reason.kind:
        case "change_asked":
            wanted = truth.requested_date(of, day)
            if wanted:
                return f"Move to {month_text(wanted)} asked for"
            return f"Change asked for{since}"
        case "newly_overdue":
            return f"Overdue {overdue_text(truth, of, day)}"
        case "date_missed":
            assert reason.about is not None
            return missed_text(reason.about)
        case "update_overdue":
            return update_overdue_text(truth, of, day)
    return {
        "red": "Red",
        "help_asked": "Support needed",
        "newly_amber": "Amber",
        "amber": "Amber",
        "blue_returned": "Blue returned",
        "blue_lapsed": "Blue not said again for six months",
        "grey_although_due": "Grey although due",
    }[reason.kind] + since


def lateness(truth: Model, of: int, reasons: list[Reason], day: date) -> list[str]:
    """How late a row is that stands there for something else."""
    told = any(reason.kind == "newly_overdue" for reason in reasons)
    is_late = truth.is_overdue(of, day) and not told
    return [f"Overdue {overdue_text(truth, of, day)}"] if is_late else []


def missed_text(one: Dated) -> str:
    kind = KIND_WORDS.get(one.kind, one.kind.capitalize())
    return f"{kind} of {short_when(one.now)} missed"


# --- The file of the table --------------------------------------------------------------------


def csv_says(client: Any, story: Story, day: date) -> dict[str, Any]:
    address = reverse("actions:commitments_file", args=[story.plan.slug, "csv"])
    response = client.get(address, {"as_at": day.isoformat(), "withdrawn": "on"})
    assert response.status_code == 200
    rows = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    return {f"{row['Ref']} {column}": row[column] for row in rows for column in COLUMNS}


def csv_truth(truth: Model, day: date) -> dict[str, Any]:
    day = truth.still_on(day)
    return {
        f"{one.ref} {column}": value
        for one in truth.in_plan(day)
        for column, value in columns_of(truth, one, day).items()
    }


COLUMNS = (
    *("Rating", "Rating before", "Rated on", "Blue proposed on", "Blue returned on"),
    *("First agreed", "Completion now", "Times moved", "Months moved", "Asked to move to"),
    *("Overdue", "Late although Green or Amber", "Dates missed", "Update overdue"),
    *("Grey although due", "Delivered on", "Delivered, not yet embedded", "Blue: reconfirm"),
    *("No completion date agreed", "Due within six weeks", "Last said on", "Work starts"),
    "Withdrawn",
)


def columns_of(truth: Model, one: model.Commitment, day: date) -> dict[str, str]:
    of = one.id
    rated, completion = truth.rated(of, day), truth.completion(of, day)
    updates = truth.updates(of, day)
    late = truth.is_overdue(of, day)
    is_withdrawn = truth.is_withdrawn(of, day)
    is_paused = truth.pause(of, day) is not None
    before = rated.colour if is_paused else rated.before
    has_before = "not_yet_rated" not in (rated.colour, before)
    starts = updates[-1]["work_starts"] if updates else None
    moved = completion.now.month - completion.first.month if completion else 0
    delivered = completion.delivered_on if completion else None
    missed = [
        f"{KIND_WORDS.get(date.kind, date.kind.capitalize())} {iso(date.now)}"
        for date in truth.missed(of, day)
    ]

    def day_of(day: date | None) -> str:
        return day.isoformat() if day else ""

    def yes(fact: object) -> str:
        return "yes" if fact else ""

    return {
        "Rating": "" if is_withdrawn else colour_text(truth.colour(of, day)),
        "Rating before": colour_text(before) if has_before else "",
        "Rated on": day_of(rated.rated_on),
        "Blue proposed on": day_of(rated.proposed_on),
        "Blue returned on": day_of(rated.returned_on),
        "First agreed": iso(completion.first) if completion else "",
        "Completion now": iso(completion.now) if completion else "",
        "Times moved": str(completion.moves) if completion and completion.moves else "",
        "Months moved": str(moved) if moved else "",
        "Asked to move to": iso(truth.requested_date(of, day)),
        "Overdue": overdue_text(truth, of, day) if late else "",
        "Late although Green or Amber": yes(late and truth.colour(of, day) in ("green", "amber")),
        "Dates missed": "; ".join(missed),
        "Update overdue": yes(truth.is_update_overdue(of, day)),
        "Grey although due": yes(truth.is_grey_although_due(of, day)),
        "Delivered on": day_of(delivered),
        "Delivered, not yet embedded": yes(delivered and rated.colour != "blue"),
        "Blue: reconfirm": yes(truth.is_lapsed(of, day)),
        "No completion date agreed": yes(truth.is_live(of, day) and completion is None),
        "Due within six weeks": yes(truth.is_due_soon(of, day)),
        "Last said on": day_of(updates[-1].day if updates else None),
        "Work starts": iso(When(starts)) if starts else "",
        "Withdrawn": yes(is_withdrawn),
    }


# --- The dashboard ----------------------------------------------------------------------------


def dashboard_says(client: Any, story: Story, day: date, then: date) -> dict[str, Any]:
    """What the page of all lists says, with the counts of the dashboard, which must agree."""
    days = {"as_at": day.isoformat(), "compare_with": then.isoformat()}
    page, board = (
        said_at(client, reverse(name, args=[story.plan.slug]), days)
        for name in ("reports:in_full", "reports:dashboard")
    )
    if 'id="decision"' not in page:
        assert 'class="finding"' not in board
        return {"is told": False}
    said: dict[str, Any] = {"is told": True}
    for part in ("decision", "attention", "note"):
        section = between(page, f'id="{part}"', "</section>")
        said[part] = [
            (
                text_of(between(row, 'class="ref">', "</th>")),
                text_of(between(row, '<span class="lozenge', "</span>").partition(">")[2]),
                [text_of(chip) for chip in re.findall(r'<span class="chip.*?</span></span>', row)],
            )
            for row in re.findall(r'<tr role="row">(.*?)</tr>', section, re.DOTALL)[1:]
        ]
    counts = between(board, '<dl class="counts', "</dl>")
    said["counts"] = [int(one) for one in re.findall(r'class="figure" href="[^"]*">(\d+)<', counts)]
    due = between(board, '<ul class="lines is-attention" id="due">', "</ul>")
    said["agenda"] = refs_in(due)
    overdue = between(page, "<h2>Updates overdue</h2>", "</section>")
    said["updates overdue"] = re.findall(r"\d\.\d\.\d[a-z]", overdue)
    off = between(page, "<h2>KPIs off their trajectory</h2>", "</section>")
    said["measures off"] = refs_in(off)
    missed = between(page, "<h2>KPI targets missed</h2>", "</section>")
    said["targets missed"] = refs_in(missed)
    said["passed"] = text_of(between(missed, '<p class="note after-title">', "</p>"))
    points = between(page, "<h2>Points to check</h2>", "\n  </section>")
    said["points"] = {
        text_of(heading).rpartition(" (")[0]: refs_in(lines)
        for heading, lines in re.findall(r"<h3>(.*?)</h3>(.*?)</section>", points, re.DOTALL)
    }
    # What the dashboard counts is what stands in the lists.
    for part in ("decision", "attention"):
        (number,) = re.findall(rf'#{part}">All (\d+)<', board)
        assert int(number) == len(said[part])
    told = between(board, "<h2>Points to check</h2>", "</section>")
    counted = re.findall(r'<a href="[^"]*">(.*?)</a></span><b>(\d+)</b>', told)
    assert {html.unescape(words): int(number) for words, number in counted} == {
        words: len(refs) for words, refs in said["points"].items()
    }
    return said


def said_at(client: Any, address: str, days: dict[str, str]) -> str:
    response = client.get(address, days)
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def dashboard_truth(truth: Model, day: date, then: date) -> dict[str, Any]:
    # Of a closed plan both days are at most its closing day; chips are worded for the day shown.
    now, before = truth.still_on(day), truth.still_on(then)
    present = [one for one in truth.in_plan(now) if not truth.is_withdrawn(one.id, now)]
    if not truth.is_tracked(now):
        return {"is told": False}
    colours = [truth.colour(one.id, now) for one in present]
    # A bucket of its own, shown where anything is in it.
    shown = (*model.COLOURS, "paused") if "paused" in colours else model.COLOURS
    said: dict[str, Any] = {"is told": True}
    for part, found in truth.exceptions(now, before).items():
        said[part] = [
            (
                one.ref,
                colour_text(truth.colour(one.id, now)),
                [
                    reason_text(truth, one.id, reason, now) + (", new" if reason.is_new else "")
                    for reason in reasons
                ]
                + lateness(truth, one.id, reasons, now),
            )
            for one, reasons in found
        ]
    said["counts"] = [len(present), *(colours.count(colour) for colour in shown)]
    soon = [
        (completion.now.last, place, one.ref)
        for place, one in enumerate(present)
        if truth.is_due_soon(one.id, now) and (completion := truth.completion(one.id, now))
    ]
    # The dashboard shows the first five.
    said["agenda"] = [ref for *_, ref in sorted(soon)][:5]
    said["updates overdue"] = [one.ref for one in present if truth.is_update_overdue(one.id, now)]
    said["measures off"] = [one.code for one in truth.measures if is_off(truth.position(one, day))]
    said |= targets_truth(truth, day)
    if said["passed"] == "" and not said["targets missed"]:
        said["passed"] = "None."
    points = truth.points(now, day)
    said["points"] = {words: points[kind] for kind, words in POINTS.items() if kind in points}
    return said


def targets_truth(truth: Model, day: date) -> dict[str, Any]:
    """Which targets were missed, and what became of all whose date has passed."""
    missed = [one.code for one in truth.measures if truth.position(one, day) == "Target missed"]
    outcomes = [outcome for one in truth.measures if (outcome := truth.outcome(one, day))]
    number = {kind: outcomes.count(kind) for kind in ("met", "missed", "nothing", "no figure")}
    unknown = {
        "nothing": "cannot be told: nothing to judge the figure by",
        "no figure": "cannot be told: no figure",
    }
    if len(outcomes) == 1:
        (kind,) = outcomes
        text = unknown.get(kind) or f"was {kind}"
        return {
            "targets missed": missed,
            "passed": f"The one target whose date has passed {text}.",
        }
    said = [f"{number['met']} {'was' if number['met'] == 1 else 'were'} met"] * (number["met"] > 0)
    if number["missed"]:
        verb = "" if said else "was " if number["missed"] == 1 else "were "
        said.append(f"{number['missed']} {verb}missed")
    said += [f"{number[kind]} {text}" for kind, text in unknown.items() if number[kind]]
    listed = " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))
    text = f"Of {len(outcomes)} targets whose date has passed, {listed}." if said else ""
    return {"targets missed": missed, "passed": text}


def is_off(position: str) -> bool:
    return position in ("Off trajectory", "Below the others")


def between(page: str, begins: str, ends: str) -> str:
    return page.partition(begins)[2].partition(ends)[0]


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


def refs_in(markup: str) -> list[str]:
    return [text_of(one) for one in re.findall(r'<span class="ref">(.*?)</span>', markup)]


# --- Reports ----------------------------------------------------------------------------------


def built(story: Story, content: str, starts: date, day: date, known_at: Any) -> Document:
    series, _ = ReportSeries.objects.get_or_create(
        plan=story.plan,
        code=content,
        defaults={
            "position": 1,
            "title": content,
            "content": content,
            "rhythm": "six_weekly" if content == "exceptions" else "monthly",
            "anchor_on": date(2020, 1, 1) if content == "exceptions" else None,
            "year_starts_in": 4,
        },
    )
    report = Report(
        series=series,
        starts_on=starts,
        ends_on=day,
        number="One",
        as_at=day,
        known_at=known_at,
        prepared_by=story.officer,
    )
    return Document.read(build(report).document.text)


def tables_of(document: Document) -> dict[str, list[list[str]]]:
    return {
        table.name: [[cell.text for cell in row] for row in table.rows]
        for table in document.tables()
    }


def exceptions_says(story: Story, starts: date, day: date, known_at: Any) -> dict[str, Any]:
    tables = tables_of(built(story, "exceptions", starts, day, known_at))
    said: dict[str, Any] = {
        part: [(row[0], row[2], row[3], row[4].split("\n")) for row in tables[title]]
        for part, title in (
            ("decision", "For decision"),
            ("attention", "For attention"),
            ("note", "To note"),
        )
    }
    said["measures off"] = [row[0] for row in tables["KPIs off trajectory"]]
    said["targets missed"] = [row[0] for row in tables["KPI targets missed"]]
    return said


def exceptions_truth(truth: Model, day: date, then: date) -> dict[str, Any]:
    now, before = truth.still_on(day), truth.still_on(then)
    were = {one.id for one in truth.in_plan(before)}
    said: dict[str, Any] = {
        part: [
            (
                one.ref,
                colour_text(truth.colour(one.id, now)),
                colour_text(truth.colour(one.id, before)) if one.id in were else "not in the plan",
                [
                    reason_text(truth, one.id, reason, now) + (" (new)" if reason.is_new else "")
                    for reason in reasons
                ]
                + lateness(truth, one.id, reasons, now),
            )
            for one, reasons in found
        ]
        for part, found in truth.exceptions(now, before).items()
    }
    said["measures off"] = [one.code for one in truth.measures if is_off(truth.position(one, day))]
    said["targets missed"] = targets_truth(truth, day)["targets missed"]
    return said


def measures_says(story: Story, day: date, known_at: Any) -> dict[str, Any]:
    tables = tables_of(built(story, "kpis", day.replace(day=1), day, known_at))
    said: dict[str, Any] = {}
    # A measure off its trajectory may stand once more among the baselines awaited.
    for title in ("Other KPIs", "Baselines awaited", "KPIs off trajectory", "KPI targets missed"):
        for row in tables[title]:
            stands = row[5].split("\n")
            said[f"{row[0]} newest"] = row[3]
            said[f"{row[0]} stands"] = stands[0 if row[3] == "none yet" else 1]
            said[f"{row[0]} is off"] = title == "KPIs off trajectory"
            said[f"{row[0]} is missed"] = title == "KPI targets missed"
            said[f"{row[0]} waits"] = "A figure waits for a second person" in stands
            said[f"{row[0]} overdue"] = any(line.startswith("Data overdue") for line in stands)
    said["due"] = sorted((row[0], row[3], row[4]) for row in tables["Figures due"])
    return said


def measures_truth(truth: Model, day: date) -> dict[str, Any]:
    said: dict[str, Any] = {}
    due_rows = []
    still = truth.still_on(day)
    for one in truth.measures:
        latest, position = truth.latest(one, day), truth.position(one, day)
        due = list(truth.due(one, still))
        unit = "%" if one.is_percentage else " points"
        newest = "none yet"
        if latest:
            newest = position if latest["judgement"] else f"{float(latest['value']):g}{unit}"
        said[f"{one.code} newest"] = newest
        said[f"{one.code} stands"] = position
        said[f"{one.code} is off"] = is_off(position)
        said[f"{one.code} is missed"] = position == "Target missed"
        said[f"{one.code} waits"] = truth.waits_for_second(one, day)
        said[f"{one.code} overdue"] = any(is_overdue for *_, is_overdue in due)
        due_rows += [
            (one.code, month_text(When(by, True)), "overdue" if is_overdue else "due")
            for _, by, is_overdue in due
        ]
    said["due"] = sorted(due_rows)
    return said


# --- The model itself -------------------------------------------------------------------------


def test_the_model_stands_on_the_standard_library_alone():
    path = Path(model.__file__)
    modules = []
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=aliases):
                modules += [alias.name for alias in aliases]
            case ast.ImportFrom(module=name):
                modules.append(str(name))
    assert modules
    assert [one for one in modules if one.split(".")[0] not in sys.stdlib_module_names] == []


def test_histories_hold_every_kind_of_thing_that_can_be_said(db):
    """A verb that refuses whatever it is asked would leave nothing to compare."""
    stories = [Story(seed) for seed in range(1, 6)]
    kinds = {one.kind for story in stories for one in story.said}
    assert kinds == {
        *(
            "update",
            "answer",
            "date",
            "mark",
            "withdrawal",
            "pause",
            "request",
            "request_end",
            "figure",
            "check",
        )
    }
    done = sum((story.done for story in stories), start=stories[0].done.__class__())
    assert {"_correct", "_decide", "_question", "_rebase", "_move", "_pause", "_restart"} <= set(
        done
    )
    assert {one["brag"] for story in stories for one in story.said if one.kind == "update"} == {
        *("blue", "green", "amber", "red", "grey")
    }
    assert any(story.plan.closed_on for story in stories)
    assert any(story.papers for story in stories)
    assert any(story.weeks for story in stories)

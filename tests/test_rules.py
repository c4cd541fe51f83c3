"""The tables of docs/rules, asked of the code: a table that says what it does not fails."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actions.rules.dates import PlanDate, add_months
from actions.rules.state import state_at
from actions.rules.status import Rating
from kpis.rules.spc import control_chart
from kpis.rules.text import figure_text, position_text
from reports.rules.exceptions import Part, Reason, exceptions, is_rated_above
from tests.actions.rules import pure_factories as on_record
from tests.kpis.rules.pure_factories import figure, kpi, state_of, target

RULES = Path(__file__).parent.parent / "docs" / "rules"
THEN = date(2022, 9, 30)
PARTS = {
    Part.DECISION: "For decision",
    Part.ATTENTION: "For attention",
    Part.NOTE: "To note",
}


def worked(name: str) -> list[dict[str, str]]:
    """The rows of the table below `<!-- worked: name -->`, by the heads of its columns."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sorted(RULES.glob("*.md")))
    (found,) = re.findall(rf"<!-- worked: {re.escape(name)} -->\n\n((?:\|.*\n)+)", texts + "\n")
    heads, _, *rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in found.splitlines()
    ]
    assert rows
    return [dict(zip(heads, row, strict=True)) for row in rows]


def cases(name):
    return pytest.mark.parametrize("case", worked(name), ids=lambda case: ", ".join(case.values()))


def test_every_part_that_the_contents_name_is_there():
    named = re.findall(r"\]\((\w[\w-]*\.md)\)", (RULES / "README.md").read_text(encoding="utf-8"))
    assert named == [
        "status.md",
        "exceptions.md",
        "targets.md",
        "control-charts.md",
        "small-numbers.md",
    ]
    # Small numbers have a page and tests of their own.
    assert {path.name for path in RULES.glob("*.md")} >= {*named[:4], "README.md"}


# --- Commitments ------------------------------------------------------------------------------


def history_of(events: str):
    """What the first column says: `due 2022-09; 2022-09-03 Green; 2022-09-20 delivered`."""
    updates: list[Any] = []
    answers: list[Any] = []
    dates: list[Any] = []
    marks: list[Any] = []
    requests: list[Any] = []
    closed_on = None
    for event in filter(None, (one.strip() for one in events.split(";"))):
        match event.split():
            case ["nothing"]:
                pass
            case [("due" | "interim") as kind, when]:
                dates.append(on_record.key_date("completion" if kind == "due" else kind, when))
            case [day, "plan", "closed"]:
                closed_on = day
            case [day, "confirmed"]:
                answers.append(on_record.confirmed(updates[-1], day))
            case [day, "returned"]:
                answers.append(on_record.returned(updates[-1], day))
            case [day, ("met" | "delivered") as outcome]:
                marks.append(on_record.mark(dates[-1], outcome, day))
            case [day, "asks", "to", "move", "to", month]:
                requests.append(on_record.ask(month, day))
            case [day, colour, "from", month]:
                updates.append(on_record.update(colour.lower(), day, starts=month))
            case [day, colour]:
                updates.append(on_record.update(colour.lower(), day))
            case _:
                raise AssertionError(f"not read: {event}")
    row = on_record.commitment(
        updates=updates,
        confirmations=answers,
        key_dates=dates,
        marks=marks,
        requests=requests,
    )
    return on_record.history(row, closed_on=closed_on)


def stands(history, day):
    return state_at(history, date.fromisoformat(day))[1]


def beside(state) -> str:
    facts = {
        "Blue proposed": state.standing.blue_proposed_at,
        "Blue returned": state.standing.blue_returned_at,
        "Overdue": state.is_overdue,
        "Late although rated": state.late_although_rated,
        "Delivered, not yet embedded": state.delivered_not_embedded,
        "Date missed": state.missed_dates,
        "Grey although due": state.is_grey_although_due,
        "Lapsed": state.is_lapsed,
    }
    return ", ".join(words for words, holds in facts.items() if holds)


@cases("status")
def test_status(case):
    (state,) = stands(history_of(case["What is on record"]), case["Asked about"]).commitments
    assert (state.rating.label, beside(state)) == (case["Rating"], case["Beside it"])


@cases("exceptions")
def test_exceptions(case):
    history = history_of(case["What is on record"])
    now = stands(history, case["Asked about"])
    found = exceptions(now, state_at(history, THEN)[1], ()).commitments
    part, reasons = "none", []
    for one in found:
        part = PARTS[one.part]
        reasons = [
            why.reason.value.replace("_", " ") + (", new" if why.is_new else "")
            for why in one.reasons
        ]
        told = Reason.NEWLY_OVERDUE in {why.reason for why in one.reasons}
        reasons += ["how late"] if one.state.is_overdue and not told else []
    assert (part, "; ".join(reasons)) == (case["Part"], case["Reasons"])


@cases("rated above")
def test_an_area_rated_above_its_worst_commitments(case):
    rows = [
        on_record.commitment(updates=[on_record.update(colour.lower(), "2022-10-20")])
        for colour in case["Commitments"].split(", ")
    ]
    states = stands(on_record.history(*rows), "2022-10-31").commitments
    judged = Rating(case["SRO rating"].lower())
    assert ("yes" if is_rated_above(judged, states) else "no") == case["To check"]


# --- KPIs -------------------------------------------------------------------------------------


@cases("path")
def test_the_path(case):
    is_lower = case["Lower is better"] == "yes"
    history = kpi(
        figure(case["Figure of"], case["Value"]),
        direction="lower" if is_lower else "higher",
        baseline=case["Baseline"],
        baseline_on=case["From"],
        targets=tuple(
            target(value, by, "at_most" if is_lower else "at_least")
            for value, by in (one.split(" by ") for one in case["Targets"].split("; "))
        ),
    )
    day = add_months(PlanDate.parse(case["Figure of"]).last_day, 0)
    state = state_of(history, day.isoformat())
    assert round(state.expected, 1) == Decimal(case["Expected"])
    assert position_text(state, "quantity") == case["Stands"]


def outcome(state):
    return (state.outcome or "").replace("_", " ")


@cases("passed")
def test_a_target_whose_date_has_passed(case):
    figures = [] if case["Figure of"] == "none" else [figure(case["Figure of"], case["Value"])]
    history = kpi(*figures, baseline=60, baseline_on="2024-01-31", targets=(target(80, "2026-01"),))
    state = state_of(history, case["Asked about"])
    assert (position_text(state, "quantity"), outcome(state)) == (
        case["Stands"],
        case["The target was"],
    )


@cases("running total")
def test_a_running_total(case):
    history = kpi(
        *(figure(*one.split(": ")) for one in case["Totals"].split("; ")),
        kind="cumulative",
        year="school",
        direction="lower",
        targets=(target(60, "2023-08", "at_most"),),
    )
    state = state_of(history, case["Asked about"])
    assert (position_text(state, "cumulative"), outcome(state)) == (
        case["Stands"],
        case["The target was"],
    )


@cases("rounding")
def test_rounding(case):
    above, below = Decimal(case["Numerator"]), Decimal(case["Denominator"])
    value = (100 * above / below).quantize(Decimal("0.0001"))
    history = kpi(
        figure("2023-01", value, numerator=above, denominator=below),
        targets=(target(80, "2023-06"),),
    )
    (one,) = state_of(history, "2023-02-01", reads_small={1}).figures
    assert figure_text(one, "%") == case["Said"]


@cases("chart")
def test_a_control_chart(case):
    values = [Decimal(value) for value in case["Values"].split()]
    goal = None if case["Target"] == "none" else Decimal(case["Target"])
    chart = control_chart(
        [(add_months(date(2020, 1, 1), number), value) for number, value in enumerate(values)],
        improvement="increase",
        targets=[(None, goal)],
    )
    newest = chart.points[-1]
    numbers = (newest.mean, newest.lower or 0, newest.upper or 0)
    assert [round(one, 2) for one in numbers] == [
        float(case[name]) for name in ("Mean", "Lower limit", "Upper limit")
    ]
    assert newest.label == case["Newest"]
    assert (chart.variation, chart.assurance or "none") == (case["Variation"], case["Assurance"])

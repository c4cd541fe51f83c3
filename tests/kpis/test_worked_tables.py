"""The worked tables of `docs/rules/small-numbers.md`, row by row."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kpis.rules.disclosure import Counted, CutOffs, Decision, Judged, Period, decide, decide_parts
from kpis.rules.facts import Status
from kpis.rules.figures import PeriodFigure
from kpis.rules.text import figure_text

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "small-numbers.md"
MONTHS = {"April": 4, "May": 5, "June": 6}


@dataclass
class Figure:
    value: Decimal
    ends_on: date = date(2022, 5, 31)
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    respondents: int | None = None
    judgement: str = ""


def tables():
    """Each table of the page by its heads, with its rows."""
    found, current = [], None
    for line in PAGE.read_text().splitlines():
        if not line.startswith("|"):
            current = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if current is None:
            current = (cells, [])
            found.append(current)
        elif not set(cells[0]) <= {"-"} or not cells[0]:
            current[1].append(cells)
    return found


def rows_under(head):
    return [rows for heads, rows in tables() if heads[0] == head]


def said(decision: Decision, unit: str = "") -> str:
    """As a page would say it; `open` for what is shown as it is."""
    if decision.is_open:
        return "open"
    figure = PeriodFigure(
        id=1,
        starts_on=date(2022, 5, 1),
        ends_on=date(2022, 5, 31),
        status=Status.FINAL,
        value=None,
        numerator=None,
        denominator=None,
        respondents=None,
        compared_with=None,
        judgement="",
        said_on=date(2022, 6, 1),
        is_too_few=True,
        shown=decision.shown,
    )
    return figure_text(figure, unit).replace(",", "").replace("  ", " ")


@pytest.mark.parametrize(("words", "left_over", "shown"), rows_under("Figure")[0])
def test_one_figure(words, left_over, shown):
    cut_offs = CutOffs(remainder=left_over == "yes")
    if answered := re.fullmatch(r"(\d+)% of (\d+) who answered", words):
        kpi = Counted("survey", is_percentage=True, cut_offs=cut_offs)
        figure = Figure(Decimal(answered[1]), respondents=int(answered[2]))
    elif rate := re.fullmatch(r"(\d+) of (\d+)", words):
        kpi = Counted("rate", is_percentage=True, cut_offs=cut_offs)
        part, whole = Decimal(rate[1]), Decimal(rate[2])
        figure = Figure(part * 100 / whole, numerator=part, denominator=whole)
    else:
        kpi, figure = Counted(cut_offs=cut_offs), Figure(Decimal(words))
    assert said(decide(kpi, figure, []), "%") == shown


@pytest.mark.parametrize("rows", rows_under("Month"))
def test_a_running_total(rows):
    kpi = Counted("cumulative", year_starts=4)
    judged: list[Judged] = []
    for month, total, shown, _ in rows:
        row = Figure(Decimal(total), date(2022, MONTHS[month], 28))
        judged.append(Judged(row, decide(kpi, row, judged)))
        assert said(judged[-1].decision) == shown, (month, total)


@pytest.mark.parametrize(("parts", "shown", "why"), rows_under("Parts")[0])
def test_parts_of_a_whole(parts, shown, why):
    values = [Decimal(part) for part in parts.split(", ")]
    decisions = decide_parts(values, Period(5, (), ((),) * len(values)))
    told = [
        str(value) if one.is_open else str(one.shown or "–")
        for value, one in zip(values, decisions, strict=True)
    ]
    assert ", ".join(told) == shown


def test_every_table_is_held():
    assert [heads[0] for heads, _ in tables()] == ["Figure", "Month", "Month", "Month", "Parts"]

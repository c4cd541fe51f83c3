"""KPIs as plans print them: their baselines and targets, on the page and in a paper."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actions.models.base import date_columns
from actions.rules.dates import PlanDate
from kpis.models import TargetPoint
from kpis.pages.kpi_rows import KpiRow
from kpis.recording.history import load_kpis
from reports.contents.blocks.measures import baseline_cell
from tests.factories import AGREED_ON, at, make_kpi, record_figure
from tests.pages.test_kpi_page import page, said, words

RATE: dict[str, Any] = {"unit": "%", "kind": "rate", "direction": "higher"}


def aim(kpi, value, by="", operator="at_least", **fields):
    return TargetPoint.objects.create(
        kpi=kpi,
        position=kpi.targets.count(),
        **date_columns(PlanDate.parse(by) if by else None),
        value=value,
        operator=operator,
        kind="final",
        effective_at=at(AGREED_ON.isoformat()),
        source="plan as agreed",
        **fields,
    )


def test_words_that_hold_the_baselines_number_say_it_and_it_is_not_said_twice(client, world):
    make_kpi(
        world.plan,
        "K1",
        **RATE,
        baseline=Decimal("0.45"),
        baseline_date="2020-09-01 to 2021-08-31",
        baseline_text="0.45 and 0.45 % (two years alike)",
        baseline_source="School census",
    )
    answer = page(client, world)
    said(
        answer,
        "Baseline 0.45 and 0.45 % (two years alike), 1 September 2020 to 31 August 2021",
        "Source: School census",
    )
    assert "Baseline 0.45%" not in words(answer)
    assert "Baseline in words" not in words(answer)


def test_words_that_say_something_else_stand_beside_the_number(client, world):
    make_kpi(
        world.plan,
        "K1",
        **RATE,
        baseline=52,
        baseline_date="2021-12",
        baseline_text="About half, and 152 of those who asked",
    )
    said(
        page(client, world),
        "Baseline 52%, December 2021",
        "Baseline in words: About half, and 152 of those who asked",
    )


def test_a_baseline_in_words_alone_with_its_period_and_source(client, world):
    make_kpi(
        world.plan,
        "K1",
        **RATE,
        baseline_text="About two in three",
        baseline_date="2021-Q2",
        baseline_source="Survey of families",
    )
    said(
        page(client, world),
        "Baseline in words (April to June 2021): About two in three",
        "Source: Survey of families",
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"baseline": 52}, "52%"),
        ({"baseline": Decimal("0.45"), "baseline_text": "0.45 and 0.45 %"}, "0.45 and 0.45 %"),
        ({"baseline": 52, "baseline_text": "Over a half"}, "52%"),
        ({"baseline_text": "About two in three"}, "About two in three"),
        ({"awaits_baseline": True}, "awaited"),
        ({}, "none"),
    ],
)
def test_a_paper_says_where_it_began_in_the_plans_own_words_where_those_are_all(
    world, fields, text
):
    kpi = make_kpi(world.plan, "K1", **RATE, **fields)
    cell = baseline_cell(_row(kpi))
    assert (cell.text, cell.number) == (text, fields.get("baseline"))


def _row(kpi):
    kpi_set = load_kpis([kpi.plan], date(2023, 1, 31), worded_day=None)
    (history,) = kpi_set.histories
    return KpiRow(None, kpi_set.rows[kpi.pk], history, kpi_set.states()[kpi.pk])


def test_a_line_from_a_baseline_over_a_year_begins_at_the_years_end(client, world):
    """From 40 at the end of August 2021 to 60 a year later: 50.1 after 184 of 365 days."""
    kpi = make_kpi(world.plan, "K1", **RATE, baseline=40, baseline_date="2020-09-01 to 2021-08-31")
    aim(kpi, 60, "2022-08")
    record_figure(kpi, "2022-02", 45, by=world.users["officer"], respondents=None)
    # 31 August 2021 to 28 February 2022 is 181 days: 40 + 20 * 181 / 365 = 49.9.
    said(page(client, world), "below its trajectory, which expects 49.9%")


def test_a_milestone_worse_than_the_baseline_is_expected_and_not_a_failure(client, world):
    """From 52 down to 48 in December, while old cases are closed, and up to 58 in June."""
    kpi = make_kpi(world.plan, "K1", **RATE, baseline=52, baseline_date="2022-06")
    aim(kpi, 48, "2022-12", label="milestone 1")
    aim(kpi, 58, "2023-06", label="milestone 2")
    officer = world.users["officer"]
    record_figure(kpi, "2022-09", 50, by=officer, effective_at=at("2022-10-05"))
    # Three months of six: 92 of 184 days from 52 to 48.
    answer = page(client, world, as_at="2022-10-15")
    said(
        answer,
        "2 percentage points worse than the baseline; on trajectory",
        "September 2022 came to 50%: exactly on its trajectory, which expects 50%",
        "At least 48% (milestone 1) by December 2022",
        "At least 58% (milestone 2) by June 2023",
    )
    assert answer.context["line"].position_text == "On trajectory"
    record_figure(kpi, "2022-12", 47, by=officer, effective_at=at("2023-01-05"))
    # Short by 1, and near is 0.6: a tenth of the way from 52 to 58.
    later = page(client, world, as_at="2023-01-15")
    assert later.context["line"].position_text == "Off trajectory"


def test_a_target_borrowed_from_others_says_whose_and_of_which_year(client, world):
    kpi = make_kpi(world.plan, "K1", **RATE | {"direction": "lower"})
    aim(kpi, Decimal("0.31"), "2023-08", "at_most", borrowed_from="England 2021/22", label="target")
    said(page(client, world), "0.31% or less (target; England 2021/22) by August 2023")


def test_a_direction_alone_is_met_once_it_has_moved_from_a_baseline_in_numbers(client, world):
    kpi = make_kpi(world.plan, "K1", **RATE, baseline=40)
    aim(kpi, None, "2033-06", "increase")
    record_figure(kpi, "2022-11", 40, by=world.users["officer"])
    assert page(client, world).context["line"].position_text == "Target not due yet"
    record_figure(kpi, "2022-12", 41, by=world.users["officer"])
    said(page(client, world), "An increase by June 2033", "Higher than the baseline, as wanted")


def test_a_direction_alone_from_a_baseline_in_words_claims_nothing(client, world):
    kpi = make_kpi(world.plan, "K1", **RATE, baseline_text="A few, and nobody counted them")
    aim(kpi, None, operator="increase")
    record_figure(kpi, "2022-12", 41, by=world.users["officer"])
    said(page(client, world), "No figure to rise from")


def test_a_value_to_stay_close_to_is_left_on_either_side(client, world):
    kpi = make_kpi(world.plan, "K1", **RATE | {"direction": "neither"})
    aim(kpi, Decimal("1.6"), operator="stay_close", tolerance=Decimal("0.1"))
    for month, value, where in (
        ("2022-10", "1.5", "Close to its target"),
        ("2022-11", "1.75", "Away from its target"),
        ("2022-12", "1.45", "Away from its target"),
    ):
        record_figure(kpi, month, value, by=world.users["officer"])
        answer = page(client, world)
        said(answer, "Close to 1.6%, within 0.1 percentage points")
        assert answer.context["line"].position_text == where


def test_a_figure_of_twelve_months_says_so_wherever_it_stands_alone(client, world):
    kpi = make_kpi(world.plan, "K1", unit="exclusions", kind="rolling", baseline=90)
    aim(kpi, 80, "2022-12", "at_most")
    record_figure(kpi, "2022-11", 86, by=world.users["officer"])
    record_figure(kpi, "2022-12", 84, by=world.users["officer"])
    answer = page(client, world)
    said(
        answer,
        "twelve months to December 2022",
        "No control chart: each figure is of twelve months",
    )
    assert "Exclusions, of the twelve months to each date" in answer.content.decode()
    assert answer.context["line"].position_text == "Target missed"


def test_a_target_from_the_agreement_on_of_a_draft_says_so_where_its_date_would_stand(world):
    kpi = make_kpi(world.plan, "K1", **RATE)
    aim(kpi, 70, months_after_agreement=6)
    row = _row(kpi)
    assert (row.target_text, row.target_note) == (
        "at least 70%",
        "by month 6 after the plan is agreed",
    )

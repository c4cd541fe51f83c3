"""All that a member who may not see small numbers can get at, against what is closed."""

import io
import random
import re
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.urls import NoReverseMatch, reverse

from actions.models import Membership
from actions.rules.dates import day_of
from kpis.models import FigureDecision, Kpi, Measurement
from reports.contents.building import build
from reports.rendering import render
from tests.factories import at, make_kpi, make_target, record_figure
from tests.reports.report_builders import database_now, make_report
from tests.test_access import names_of_the_site

TARGET = 60_000
REPORTS = ["kpis", "exceptions", "formal", "scrutiny"]
# The days on which something is said: in the month after each figure's, and later.
FIRST_SAID = at("2022-05-06")


def make_series(told: Any, chance: random.Random) -> Kpi:
    """A running total of a year, late and put right here and there; each number is its own."""
    kpi = make_kpi(
        told.plan,
        "K8",
        (told.a,),
        title="Children who were seen",
        unit="children",
        direction="higher",
        kind="cumulative",
        year="financial",
        counts_people=True,
        data_owner=told.analyst,
    )
    make_target(kpi, TARGET, "2023-03", "at_least")
    total = 9_100 + chance.randint(0, 50)
    months: list[tuple[str, int]] = []
    for number in range(4, 11):
        total += chance.choice((1, 2, 3, 4, 7, 11, 30))
        months.append((f"2022-{number:02}", total))
    late = chance.randint(1, 4)
    months.insert(late + 2, months.pop(late))
    told_already: list[str] = []
    for step, (month, value) in enumerate(months):
        said_on = FIRST_SAID + timedelta(days=31 * step)
        record_figure(
            kpi, month, value, status="provisional", effective_at=said_on, note=f"{value}"
        )
        told_already.append(month)
        if chance.random() < 0.4:
            again = chance.choice(told_already)
            other = dict(months)[again] + chance.randint(-6, 6)
            later = said_on + timedelta(days=3)
            told_as: dict[str, Any] = {"effective_at": later, "note": f"{other}"}
            record_figure(kpi, again, other, reason="Counted again", **told_as)
    return kpi


def make_rate(told: Any) -> None:
    """Of which two months are closed: 3 of 4,127 and 4 of 4,131."""
    kpi = make_kpi(
        told.plan,
        "K9",
        (told.b,),
        title="Children moved far away",
        unit="%",
        kind="rate",
        numerator="moved",
        denominator="children",
        counts_people=True,
    )
    for month, numerator, denominator in (("06", 3, 4127), ("07", 29, 4129), ("08", 4, 4131)):
        said_on = at(f"2022-{int(month) + 1:02}-05")
        record_figure(
            kpi,
            f"2022-{month}",
            numerator=numerator,
            denominator=denominator,
            effective_at=said_on,
        )


def hidden_numbers(plan: Any) -> set[str]:
    """What no text may hold: each closed number, and what is left of it to the target."""
    rows = [
        decision.measurement
        for decision in FigureDecision.objects.filter(
            is_open=False, measurement__kpi__plan=plan, measurement__kpi__code__in=("K8", "K9")
        ).select_related("measurement__kpi")
    ]
    assert rows
    numbers: set[int] = set()
    for row in rows:
        if row.kpi.code == "K8":
            numbers |= {int(row.value or 0), TARGET - int(row.value or 0)}
        else:
            numbers |= {int(row.denominator or 0)}
    open_rows = FigureDecision.objects.filter(is_open=True, measurement__kpi__plan=plan)
    told = {int(one.measurement.value or 0) for one in open_rows.select_related("measurement")}
    # Not the nearest ten that is shown in its place.
    shown = {int(one.shown) for one in FigureDecision.objects.exclude(shown=None) if one.shown}
    return {str(number) for number in numbers - told - shown}


def numbers_in(text: str) -> set[str]:
    """Each whole number that stands alone, with or without commas."""
    return set(re.findall(r"(?<![\w.])\d+(?!\w)", re.sub(r"(?<=\d),(?=\d{3})", "", text)))


def text_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    if "spreadsheetml" not in answer.headers.get("Content-Type", ""):
        return content.decode("utf-8", errors="replace")
    return cells_of(content)


def cells_of(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_no_closed_number_is_in_anything_that_such_a_member_gets(client, told, seed):
    make_series(told, random.Random(seed))
    make_rate(told)
    hidden = hidden_numbers(told.plan)
    reader = told.users["forum"]
    assert not Membership.objects.filter(user=reader, sees_small_numbers=True).exists()
    client.force_login(reader)
    slug = told.plan.slug
    moments = Measurement.objects.filter(kpi__plan=told.plan).values_list("effective_at", flat=True)
    said = {day_of(moment) for moment in moments}
    # Whatever an earlier day shows, it shows on one of these.
    days = sorted(said | {day - timedelta(days=1) for day in said})
    found: dict[str, set[str]] = {}

    def look(address: str, **query: str) -> None:
        answer = client.get(address, query)
        if answer.status_code == 200 and (told_there := numbers_in(text_of(answer)) & hidden):
            found[f"{address} {query}"] = told_there

    for name in names_of_the_site():
        for arguments in ([slug], [slug, "K8"], [slug, "K9"], [slug, "csv"], [slug, "xlsx"]):
            try:
                address = reverse(name, args=arguments)
            except NoReverseMatch:
                continue
            look(address)
    for code in ("K8", "K9"):
        look(reverse("pages:kpi", args=[slug, code]), explore="figures")
    # Asking for small numbers is not being allowed them.
    look(reverse("kpis:kpis_file", args=[slug, "csv"]), small="yes")
    look(reverse("pages:search"), q="Children who were seen")
    for day in days:
        look(reverse("kpis:kpis_file", args=[slug, "csv"]), as_at=day.isoformat())
        look(reverse("pages:kpi", args=[slug, "K8"]), as_at=day.isoformat(), explore="figures")
        look(reverse("pages:changed", args=[slug]), since=day.isoformat())
    assert found == {}
    # Who may see them finds them by the same way.
    client.force_login(told.users["officer"])
    look(reverse("pages:kpi", args=[slug, "K8"]), explore="figures")
    assert found


@pytest.mark.slow
@pytest.mark.parametrize("content", REPORTS)
def test_no_closed_number_is_in_a_report_in_any_format(told, content):
    make_series(told, random.Random(0))
    make_rate(told)
    hidden = hidden_numbers(told.plan)
    moment = database_now()
    days = (day_of(at("2022-08-20")), day_of(at("2022-12-20")), day_of(moment))
    for version, as_at in enumerate(days, start=1):
        days_of_it = {"starts_on": as_at - timedelta(days=60), "ends_on": as_at, "as_at": as_at}
        report = make_report(told, content, known_at=moment, version=version, **days_of_it)
        built = build(report)
        for paper in (built.document, built.families):
            if paper is None:
                continue
            assert not numbers_in(paper.text) & hidden
            assert not numbers_in(paper.model_dump_json()) & hidden
            with ZipFile(io.BytesIO(render(paper, "csv"))) as files:
                texts = [files.read(name).decode("utf-8-sig") for name in files.namelist()]
            assert not numbers_in("\n".join(texts)) & hidden
            assert not numbers_in(cells_of(render(paper, "xlsx"))) & hidden

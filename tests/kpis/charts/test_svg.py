"""Drawings: well formed, safe, self-contained, and the same numbers as the figure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from actions.rules.dates import PlanDate
from kpis.charts import svg as drawing
from kpis.charts.spec import PeriodValue, Role, TimelineLine, measure_figure, timeline_figure
from kpis.charts.spec.axes import narrowed
from kpis.charts.svg.svg import PALETTE, spread
from kpis.pages.page_chart import NARROW, chart
from kpis.rules.spc_text import ASSURANCE, VARIATION
from tests.kpis.charts.figure_samples import (
    FIGURES,
    HOSTILE,
    areas_figure,
    columns_figure,
    control_figure,
    hostile_figure,
    lines_figure,
    months,
    suppressed_figure,
)
from wsoa.settings import BASE_DIR

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return ["".join(found.itertext()) for found in drawn(svg).iter(f"{SVG}text")]


def tips(svg: str) -> list[str]:
    return ["".join(found.itertext()) for found in drawn(svg).iter(f"{SVG}title")]


def every_drawing() -> list[str]:
    return [
        *(drawing.draw(make()) for make in FIGURES.values()),
        drawing.draw(narrowed(columns_figure()), width=NARROW),
        *(item.svg for make in FIGURES.values() for item in drawing.key(make())),
        *map(drawing.variation_icon, VARIATION),
        *map(drawing.assurance_icon, ASSURANCE),
        drawing.sparkline([Decimal(1), None, Decimal(2)], alt=HOSTILE),
    ]


def test_every_drawing_is_whole_without_styles_scripts_or_anything_from_elsewhere():
    for svg in every_drawing():
        for element in drawn(svg).iter():
            assert element.tag.removeprefix(SVG) in {
                *("svg", "g", "title", "text", "path", "rect", "circle"),
            }
            assert not {"style", "href", "id"} & element.attrib.keys()
            assert not [name for name in element.attrib if name.startswith("on")]


def test_every_class_of_a_drawing_takes_its_colour_from_the_stylesheet():
    rules = (BASE_DIR / "wsoa" / "static" / "wsoa" / "app.css").read_text()
    used = {
        name
        for svg in every_drawing()
        for classes in re.findall(r'class="([^"]*)"', svg)
        for name in classes.split()
        if name.startswith(("fill-", "line-"))
    }

    assert used
    for name in used:
        token = name.split("-", 1)[1]
        assert re.search(rf"\.{name} {{ (fill|stroke): var\(--{token}\); }}", rules), name


def test_the_colours_on_paper_are_those_of_the_stylesheet_in_the_light():
    rules = (BASE_DIR / "wsoa" / "static" / "wsoa" / "app.css").read_text()
    light = rules.split("@media", 1)[0]

    for name, colour in PALETTE.items():
        token = re.search(rf"--{name}: (#[0-9a-f]+);", light)
        assert token, name
        written = token.group(1)
        if len(written) == 4:
            written = "#" + "".join(2 * digit for digit in written[1:])
        assert written == colour, name


def test_what_people_wrote_is_words_and_never_markup():
    svg = drawing.draw(hostile_figure())

    assert "<script" not in svg
    assert "<b>" not in svg
    assert HOSTILE in texts(svg)


def test_each_point_says_its_value_in_full():
    figure = control_figure()

    assert tips(drawing.draw(figure)) == [words for words in figure.of(Role.ACTUAL).words if words]


def test_lines_are_named_with_their_values_where_they_end():
    said = texts(drawing.draw(control_figure()))

    for words in ("Mean 203.3", "Upper limit 233.6", "Lower limit 173.1", "Target 183"):
        assert words in said
    assert "Target 193" in said
    assert "leaflet sent to GPs" in said
    assert "p" in said


def test_columns_say_every_count_and_name_the_last():
    figure = columns_figure()
    svg = drawing.draw(figure)

    shown = [
        words
        for index in range(len(figure.x))
        for series in figure.series
        if series.values[index]
        for words in [series.words[index]]
    ]
    assert tips(svg) == shown
    assert {"21 Blue", "24 Green", "13 Amber", "6 Red", "8 Grey", "4 Not yet rated"} <= set(
        texts(svg)
    )


def test_each_cell_of_a_grid_says_its_judgement_and_its_counts():
    figure = areas_figure()
    svg = drawing.draw(figure)

    assert tips(svg) == [cell.words for row in figure.rows for cell in row.cells]
    # Grey is written out: its letter is Green's.
    letters = [words for words in texts(svg) if words in {"B", "G", "A", "R", "–", "Grey"}]
    assert "".join(letters).replace("Grey", "y") == "––GAAAAARRRR–yAGGGAAAAARGGGGGGGGGAAB"


def test_a_timeline_of_eighty_rows_draws_every_date():
    figure = lines_figure(80)
    svg = drawing.draw(figure)

    said = set(tips(svg))
    for row in figure.rows:
        assert {f"{row.ref} {row.name}"} | {cell.words for cell in row.cells} <= said
    # In about five hundred lines of text, not in thousands.
    assert len(svg) < 120_000


def test_the_marks_of_a_timeline_of_decades_stay_large_enough_to_see():
    lines = [
        TimelineLine("1.1.1a", "One pathway", first=PlanDate(due), now=PlanDate(due), group="")
        for due in (date(2022, 1, 1), date(2099, 3, 1))
    ]
    figure = timeline_figure(title="Two dates", lines=lines, as_at=date(2023, 1, 31))

    sizes = re.findall(r'<rect[^>]* width="([^"]*)"', drawing.draw(figure))
    assert len(sizes) == 4
    assert min(float(size) for size in sizes) >= 5


def test_a_suppressed_value_is_not_drawn():
    svg = drawing.draw(suppressed_figure())

    assert "July 2021" not in svg
    assert "limit" not in svg
    # Fourteen months, one missing, one too few to show.
    assert len(tips(svg)) == 12
    # At the foot of the chart, where no height says anything.
    assert texts(svg).count("[c]") == 1


def test_a_small_number_that_a_reader_may_see_stands_in_a_dashed_box():
    values = (7, 8, 6, 4, 9)
    periods = [
        PeriodValue(month.last_day, str(month), Decimal(value), is_marked=value < 5)
        for month, value in zip(months(date(2026, 1, 1), 5), values, strict=True)
    ]
    figure = measure_figure(title="", name="Excluded", unit="pupils", periods=periods)
    svg = drawing.draw(figure)

    assert svg.count('stroke-dasharray="3 2"') == 1
    # The newest is said as ever, and the marked one besides; no other of the points.
    assert [said for said in texts(svg) if said in {"4", "9", "7"}].count("4") >= 1
    assert "April 2026: 4 pupils, small number, not for anybody else" in tips(svg)


def test_a_line_has_a_gap_where_there_is_no_value():
    svg = drawing.draw(suppressed_figure())

    ink = [
        found
        for found in drawn(svg).iter(f"{SVG}path")
        if found.get("class") == "line-ink" and found.get("stroke-width") == "1.8"
    ]
    # January to March, May to June, August on.
    assert [found.get("d").count("L") + 1 for found in ink] == [3, 2, 7]


def test_labels_are_moved_apart_as_little_as_needed():
    assert spread([10, 12, 40], 15, 0, 100) == [10, 25, 40]
    assert spread([95, 98], 15, 0, 100) == [85, 100]
    assert spread([50, 20], 15, 0, 100) == [50, 20]


def test_a_sparkline_breaks_at_a_gap_and_says_itself_in_words():
    values = [Decimal(3), Decimal(4), None, Decimal(5), Decimal(2)]
    svg = drawn(drawing.sparkline(values, alt="Five quarters, from 3 to 2; one without a figure"))

    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "Five quarters, from 3 to 2; one without a figure"
    assert len(svg.findall(f"{SVG}path")) == 2
    assert len(svg.findall(f"{SVG}circle")) == 1


@pytest.mark.parametrize("values", [[], [None, None]])
def test_a_sparkline_of_nothing_is_empty(values):
    assert len(drawn(drawing.sparkline(values, alt="No figures yet"))) == 0


def test_a_constant_sparkline_runs_through_the_middle():
    svg = drawn(drawing.sparkline([Decimal(7)] * 3, alt=""))

    assert svg.find(f"{SVG}path").get("d") == "M4 12L48 12L92 12"


def test_the_key_names_the_shapes_and_lines_that_are_there():
    assert [item.words for item in drawing.key(control_figure())] == [
        "Circle: usual variation",
        "Diamond: better than chance",
        "Square: worse than chance",
        "Process limits",
        "Target",
        "Provisional",
    ]
    assert drawing.key(columns_figure()) == []


def test_the_table_of_a_control_chart_repeats_each_shape_before_its_words():
    ready = chart(control_figure(), id="referrals")

    column = [cell.text for cell in ready.columns].index("Point")
    symbols = [row[column].symbol for row in ready.rows]
    assert all(symbols)
    assert symbols[0] != symbols[-1]
    assert not any(cell.symbol for row in ready.rows for cell in row[:column])


@pytest.mark.parametrize(
    ("target", "y"),
    [
        # From 10 to 20, so that the line has 16 of 24 pixels for ten: half way.
        (15, "12"),
        # Ten more fit above; then each unit has 0.8: 20 lies at 12, and 30 on top.
        (30, "4"),
        # Further off than that it stands at the edge.
        (90, "4"),
        (-90, "20"),
    ],
)
def test_the_small_line_shows_its_target_at_the_edge_where_it_is_far(target, y):
    drawn = drawing.sparkline([Decimal(10), Decimal(20)], alt="two", target=Decimal(target))
    assert f"M4 {y}L92 {y}" in drawn.replace(",", " ")
    assert "stroke-dasharray" in drawn
    assert "stroke-dasharray" not in drawing.sparkline([Decimal(10), Decimal(20)], alt="two")

"""What plotly is given: the figure's numbers and words, no markup, nowhere to send them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go
import pytest

from kpis.charts.plotly import CONFIG, plot
from kpis.charts.spec import Role
from tests.kpis.charts.figure_samples import (
    FIGURES,
    areas_figure,
    columns_figure,
    control_figure,
    hostile_figure,
    lines_figure,
    suppressed_figure,
)

PLOTTED = [name for name in FIGURES if name != "grid"]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from strings(inner)


def trace(given: dict[str, Any] | None, name: str) -> dict[str, Any]:
    assert given is not None
    return next(found for found in given["data"] if found.get("name") == name)


def test_nothing_can_be_shared_and_nothing_is_sent():
    assert CONFIG["displayModeBar"] is False
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""
    assert CONFIG["displaylogo"] is False
    for name in PLOTTED:
        assert plot(FIGURES[name]())["config"] == CONFIG


@pytest.mark.parametrize("name", PLOTTED)
def test_it_is_json_without_markup_template_or_addresses(name):
    given = json.loads(json.dumps(plot(FIGURES[name]())))

    assert not given["layout"].get("template")
    for text in strings(given):
        assert "<" not in text
        assert "http" not in text


@pytest.mark.parametrize("name", PLOTTED)
def test_plotlys_own_schema_knows_each_property_and_value(name):
    given = json.loads(json.dumps(plot(FIGURES[name]())))

    # It refuses what it does not know, and leaves out what it would not draw.
    figure = go.Figure(given["data"], given["layout"]).to_plotly_json()
    read = json.loads(json.dumps(figure))
    assert read["data"] == given["data"]
    assert {key: value for key, value in read["layout"].items() if key != "template"} == {
        key: value for key, value in given["layout"].items() if value != []
    }


@pytest.mark.parametrize("name", PLOTTED)
def test_every_colour_and_font_is_a_name_of_the_stylesheet(name):
    def named(value: Any, key: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for inner, content in value.items():
                yield from named(content, inner)
        elif isinstance(value, (list, tuple)):
            for content in value:
                yield from named(content, key)
        elif isinstance(value, str) and re.search("(color|family)$", key):
            yield value

    found = set(named(plot(FIGURES[name]())))
    assert found
    for value in found - {"rgba(0,0,0,0)"}:
        assert re.fullmatch(r"var\(--[a-z0-9-]+\)", value)


def test_a_series_has_the_figures_name_and_numbers():
    figure = control_figure()
    given = plot(figure)

    actual = trace(given, "Referrals")
    assert actual["y"] == list(figure.of(Role.ACTUAL).values)
    assert actual["hovertext"] == list(figure.of(Role.ACTUAL).words)
    for role in (Role.MEAN, Role.UPPER, Role.LOWER, Role.TARGET):
        series = figure.of(role)
        drawn = {value for value in trace(given, series.name)["y"] if value is not None}
        assert drawn == {float(value) for value in series.values if value is not None}


def test_shapes_tell_the_kinds_of_points_apart_without_their_colours():
    symbols = trace(plot(control_figure()), "Referrals")["marker"]["symbol"]

    assert symbols[0] == "circle"
    assert symbols[14] == "square"
    assert symbols[-1] == "diamond"


def test_a_gap_stays_a_gap_and_a_suppressed_value_is_nowhere():
    given = plot(suppressed_figure())

    actual = trace(given, "Exclusions")
    assert [index for index, value in enumerate(actual["y"]) if value is None] == [3, 6]
    assert actual["connectgaps"] is False
    assert not [text for text in strings(given) if "July 2021" in text]
    assert not [found for found in given["data"] if "limit" in found["name"]]


def test_what_is_projected_hangs_on_the_last_actual_without_repeating_its_point():
    projected = trace(plot(FIGURES["trajectory"]()), "Projected")

    assert projected["y"] == [171.0, 150.0]
    assert projected["marker"]["size"][0] == 0
    assert projected["hovertext"][0] == ""


def test_columns_are_stacked_blue_first_with_patterns_on_the_colours_of_their_names():
    figure = columns_figure()
    given = plot(figure)

    assert given["layout"]["barmode"] == "stack"
    assert [found["name"] for found in given["data"]] == [s.name for s in figure.series]
    for found, series in zip(given["data"], figure.series, strict=True):
        assert found["y"] == list(series.values)
    assert trace(given, "Red")["marker"]["pattern"]["bgcolor"] == "var(--red)"
    assert trace(given, "Amber")["marker"]["pattern"]["shape"] == "."
    # A colour nobody has is no line on the column below.
    assert trace(given, "Blue")["marker"]["line"]["width"][0] == 0


def test_a_timeline_has_each_date_in_its_month():
    figure = lines_figure(80)
    given = plot(figure)

    for role in (Role.NOW, Role.FIRST, Role.ASKED, Role.FORECAST, Role.DELIVERED):
        cells = [cell for row in figure.rows for cell in row.cells if cell.role is role]
        found = trace(given, role.value.capitalize())
        assert found["x"] == [cell.tick for cell in cells]
        assert found["hovertext"] == [cell.words for cell in cells]


def test_a_grid_is_drawn_as_svg_alone():
    assert plot(areas_figure()) is None


def test_what_people_wrote_reaches_plotly_escaped():
    texts = list(strings(plot(hostile_figure())))

    assert any("&lt;script&gt;" in text for text in texts)
    assert not any("<" in text for text in texts)

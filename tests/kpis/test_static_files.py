"""The one file of plotly that is served, and how it is told to keep its styles to itself."""

from __future__ import annotations

import re

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from kpis.static_files import FOLDER, PlotlyFinder, map_style_id


def test_the_script_is_found_in_the_installed_package():
    assert finders.find("plotly/plotly.min.js") == str(FOLDER / "plotly.min.js")


def test_nothing_else_of_the_package_is_offered():
    assert (FOLDER / "widgetbundle.js").exists()

    for path in ("plotly/widgetbundle.js", "widgetbundle.js", "plotly/../widgetbundle.js"):
        assert finders.find(path) is None
    assert [(name, storage.prefix) for name, storage in PlotlyFinder().list([])] == [
        ("plotly.min.js", "plotly")
    ]


def test_every_copy_is_listed_when_all_are_asked_for():
    assert finders.find("plotly/plotly.min.js", find_all=True) == [str(FOLDER / "plotly.min.js")]


def test_the_head_of_a_page_with_charts_stops_both_of_plotlys_styles():
    head = render_to_string("includes/figure_head.html")

    assert re.fullmatch("[0-9a-f]{64}", map_style_id())
    assert f'<meta id="{map_style_id()}">' in head
    assert 'id="plotly.js-style-global" class="no-inline-styles"' in head
    assert head.count(" defer") == head.count("<script") == 2

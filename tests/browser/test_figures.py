"""Every kind of figure under the real policy: light, dark, narrow, on paper and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.kpis.charts.figure_samples import FIGURES, HOSTILE, control_figure
from tests.served import served_without_data

# All but the grid, which is an SVG with and without script.
LIVE = len(FIGURES) - 1


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """A site with one page more, which shows figures without asking a database."""
    with served_without_data("tests.browser.figures_settings") as url:
        yield url


@pytest.fixture
def figures(open_context):
    def open_page(**options) -> Page:
        page = open_context(**{"viewport": DESKTOP} | options).new_page()
        page.goto("/figures/")
        return page

    return open_page


def drawn(page: Page) -> None:
    expect(page.locator(".chart.is-live")).to_have_count(LIVE)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_chart_is_drawn_without_a_report_an_error_or_a_request_elsewhere(
    figures, axe, no_sideways_scroll, look
):
    page = figures(color_scheme=look)
    drawn(page)

    # Pointing at a point shows its words; `trouble` hears what the policy would refuse.
    page.locator("#control-title").scroll_into_view_if_needed()
    point = page.locator("figure.is-measure").first.locator(".chart-live path.point").last
    point.hover(force=True)
    expect(page.locator(".hoverlayer .hovertext").first).to_contain_text("January 2023: 181")
    page.get_by_text("Show the numbers as a table").first.click()
    (axe.colours if look == "dark" else axe)(page)
    no_sideways_scroll(page)


def test_a_change_to_the_dark_repaints_the_charts(figures):
    page = figures()
    drawn(page)
    mean = page.locator("figure.is-measure").first.locator(".chart-live .js-line").nth(2)
    light = mean.evaluate("line => getComputedStyle(line).stroke")
    page.emulate_media(color_scheme="dark")

    expect(mean).not_to_have_css("stroke", light)
    # The ink of the dark: #f3eee4.
    expect(mean).to_have_css("stroke", "rgb(243, 238, 228)")


def test_no_chart_offers_to_share_or_to_save_what_it_shows(figures):
    page = figures()
    drawn(page)

    expect(page.locator(".modebar-btn")).to_have_count(0)
    expect(page.get_by_text("plotly", exact=False).locator("visible=true")).to_have_count(0)


def test_what_people_wrote_is_shown_as_they_wrote_it(figures):
    page = figures()
    drawn(page)

    words = page.locator("figure:has(#hostile-title) .chart-live .annotation-text")
    assert words.filter(has_text=HOSTILE).count() == 2


def test_on_a_phone_charts_scroll_in_their_own_regions_and_columns_are_fewer(
    figures, axe, no_sideways_scroll
):
    page = figures(viewport=PHONE)
    drawn(page)

    axe(page)
    no_sideways_scroll(page)
    region = page.get_by_role("region", name="Chart: Fewer referrals")
    assert region.evaluate("part => part.scrollWidth > part.clientWidth")
    columns = page.locator("figure.is-ratings")
    expect(columns.locator(".chart > .drawing")).to_be_hidden()
    expect(columns.locator(".narrow-chart")).to_be_visible()


def test_without_script_the_drawing_stands_with_its_words_and_its_numbers(figures):
    page = figures(java_script_enabled=False)

    expect(page.locator(".chart > .drawing")).to_have_count(len(FIGURES))
    expect(page.get_by_role("img", name=control_figure().alt)).to_be_visible()
    page.get_by_text("Show the numbers as a table").first.click()
    table = page.get_by_role("table", name="Referrals by period")
    expect(table.get_by_role("row", name="January 2023")).to_contain_text("Provisional")


def test_on_paper_the_drawing_is_printed_in_its_light_colours(figures):
    page = figures(color_scheme="dark")
    drawn(page)
    page.emulate_media(media="print")

    figure = page.locator("figure.is-measure").first
    expect(figure.locator(".chart > .drawing")).to_be_visible()
    expect(figure.locator(".chart-live")).to_be_hidden()
    expect(figure.locator(".drawing .fill-better").first).to_have_css("fill", "rgb(11, 127, 179)")

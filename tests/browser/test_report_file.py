"""The file of a report that stands alone: its policy lets its own style through, and no script."""

import pytest

from reports.rendering.file import as_html
from tests.reports.documents import make_document

pytestmark = pytest.mark.browser

WINDOWS = ({"width": 1200, "height": 900}, {"width": 320, "height": 800})


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: str(window["width"]))
def test_a_kept_report_can_be_read_by_itself(open_context, axe, no_sideways_scroll, window):
    page = open_context(viewport=window).new_page()
    page.set_content(as_html(make_document()).decode())
    assert page.evaluate("getComputedStyle(document.querySelector('.r-red')).color") == (
        "rgb(255, 255, 255)"
    )
    axe(page)
    no_sideways_scroll(page)


def test_a_kept_report_lets_no_script_run(open_context, trouble):
    page = open_context().new_page()
    spoilt = as_html(make_document()).decode().replace("<main>", "<main><script>ran = 1</script>")
    page.set_content(spoilt)
    assert page.evaluate("typeof ran") == "undefined"
    assert trouble
    trouble.clear()

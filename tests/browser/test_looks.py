"""What the looks at a page find, tried on pages with one fault each."""

import pytest

PAGE = """<!doctype html><html lang="en"><head><title>One</title><style>
  td {{ color: #222; background: #fff }} {style}
</style></head><body><main><h1>One</h1><table><tr><th scope="col">Name</th></tr>{cells}</table>
</main></body></html>"""
CELLS = "".join(f"<tr><td{mark}>Words</td></tr>" for mark in ["", "", ' class="odd"', ""])


@pytest.mark.parametrize(
    "style",
    [
        ".odd { color: #ccc }",
        "tr:nth-child(4) td { color: #ccc }",
        "tr:nth-child(4) { opacity: 0.2 }",
        "tr:nth-child(4) td { background: #444 }",
    ],
)
def test_one_cell_too_pale_among_many_is_found(open_context, axe, style):
    page = open_context().new_page()
    page.set_content(PAGE.format(style=style, cells=CELLS))
    with pytest.raises(AssertionError, match="color-contrast"):
        axe.colours(page)
    axe.layout(page)


def test_where_every_ink_is_dark_enough_nothing_is_found(open_context, axe):
    page = open_context().new_page()
    page.set_content(PAGE.format(style="", cells=CELLS))
    axe.colours(page)
    axe(page)

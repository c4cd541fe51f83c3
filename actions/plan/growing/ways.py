"""Where a reader of an agreed plan proposes something new in a part of it, or other words."""

from urllib.parse import urlencode

from actions import access
from actions.pages.formatting import Breadcrumb
from actions.pages.plan_page import PlanPage
from actions.wording import in_words


def propose_something(page: PlanPage) -> list[Breadcrumb]:
    """The way from the plan as a whole; none where the reader may not, or reads a past day."""
    if not _may(page):
        return []
    return [Breadcrumb("Propose something new", page.link("propose"))]


def propose_beside(
    page: PlanPage, *, within: str, new: tuple[tuple[str, str], ...], kind: str = ""
) -> list[Breadcrumb]:
    """The ways from one part: by label and kind what may be new in it, and its own words."""
    if not _may(page):
        return []
    query = urlencode({"in": within})
    links = [
        Breadcrumb(in_words(label), f"{page.link('propose_part', one)}?{query}")
        for label, one in new
    ]
    if kind:
        words = Breadcrumb("Propose other words", page.link("propose_wording", kind, within))
        links.append(words)
    return links


def _may(page: PlanPage) -> bool:
    return page.is_today and not page.shared_view and access.can_propose(page.access)

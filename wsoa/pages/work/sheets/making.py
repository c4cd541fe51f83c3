"""A month's updates as a sheet to fill in: of one person, with their rows alone."""

from collections.abc import Sequence

from actions import access
from actions.io import update_sheets
from actions.io.own_process import in_own_process
from actions.io.update_sheets import Line, ToFill
from actions.models import Person
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from wsoa.pages.work.list import is_due
from wsoa.pages.work.several_forms import Standing
from wsoa.pages.work.several_views import standings_of
from wsoa.pages.work.sheets.checking import Key

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def led_by(page: PlanPage, person: Person) -> list[CommitmentState]:
    return [
        state
        for state in page.state.commitments
        if any(lead.person == person.pk for lead in state.leads)
    ]


def content_of(page: PlanPage, states: Sequence[CommitmentState], person: Person | None) -> bytes:
    open_ones = [
        state
        for state in states
        if not state.is_withdrawn and access.can_record_update(page.access, state)
    ]
    chosen = [state for state in open_ones if is_due(state)] or open_ones
    lines = [_line(page, standing, person) for standing in standings_of(page, chosen)]
    title = f"Updates, {person.name if person else page.access.user.name}"
    return in_own_process(
        update_sheets.make,
        ToFill(title, levels().commitment, scale().words_to_give, lines, _notes(page, title)),
    )


def _line(page: PlanPage, standing: Standing, person: Person | None) -> Line:
    state, newest, risk = standing.state, standing.newest, standing.open_risk
    key = Key(
        page.plan.slug, state.code, newest.pk if newest else None, person.pk if person else None
    )
    return Line(
        key=str(key),
        ref=state.ref,
        name=standing.name,
        due=str(state.completion.now) if state.completion else "",
        last_on=formatting.short_day(day_of(newest.effective_at)) if newest else "",
        last_rating=(newest.word or scale().word(Rating(newest.brag))) if newest else "",
        last_text=(newest.progress or "No change.") if newest else "",
        carried={
            "risk": risk.text if risk else "",
            "mitigation": risk.mitigation if risk else "",
            "help_needed": newest.help_needed if newest else "",
            "late_reason": newest.late_reason if newest else "",
            "changed_for_families": newest.changed_for_families if newest else "",
        },
    )


def _notes(page: PlanPage, title: str) -> list[tuple[str, str]]:
    asks = [
        (scale().amber, "the risk"),
        (scale().red, "the issue, and support needed from whom"),
        (scale().blue, "evidence, if there is none yet, and what changed for families"),
        (scale().grey, "the month in which work starts"),
    ]
    return [
        ("What", title),
        ("Plan", f"{page.plan.title}, {page.plan.local_area}"),
        ("Made on", formatting.short_day(page.today)),
        *([("Sample", "Written by sample accounts; none of it is real.")] * page.plan.is_sample),
        ("How", "Choose a rating and say what happened. A row without both is not recorded."),
        *((colour, f"Also give {what}.") for colour, what in asks),
        ("Late", in_words("Where its date has passed, {Green_or_Amber} also says why.")),
        ("Sorting", "Rows may be sorted, filtered and left out, columns added and moved."),
        ("Key", "Leave it as it is: a row is known by it."),
    ]

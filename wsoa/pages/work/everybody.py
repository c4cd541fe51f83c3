"""What waits for whom: the list of My work for everybody of a plan at once.

The lists are made by the same functions, from the same rows, as each person reads of their own; the
rows are read once for all of them, in a fixed number of queries whatever the number of people.

Who leads, owns a KPI's data or sees to a decision and has no account that works (a team, a shared
mailbox, somebody who never signs in) is listed like a user whose part is that of a lead. Here they
are users of the negative key of their person; nobody else has such a key.

The parent carer forum is asked and never chased: who is of the plan for it alone is not listed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from actions import access, memberships
from actions.memberships import PlanAccess, Role
from actions.models import Person, Plan
from actions.pages.notices import notices_for
from actions.pages.plan_page import PlanPage
from actions.rules.state import PlanState
from wsoa.accounts.models import User
from wsoa.pages.work.candidates import candidates_in, found_of_everybody, owners_in
from wsoa.pages.work.figures import FigureRows
from wsoa.pages.work.items import WorkItem
from wsoa.pages.work.list import Rows, elsewhere, items_of, may_wait, waiting_states


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with whom things wait; without an e-mail address where they have no account."""

    name: str
    roles: str
    organisation: str
    email: str
    # Of a plan's people, where they are one of those.
    person: int | None
    # Who signs in; none for somebody without an account.
    user: int | None
    # Of which they are the senior responsible officer, by key.
    sro_areas: frozenset[int]
    # Who stands in for them today.
    cover: tuple[str, ...]
    items: list[WorkItem]

    @property
    def oldest_due(self) -> date:
        return min((item.due for item in self.items if item.due), default=date.max)

    def overdue(self, day: date) -> list[WorkItem]:
        return [item for item in self.items if item.is_overdue(day)]


def work_of_everybody(page: PlanPage) -> list[Holder]:
    """Everybody of the plan, by name, also with whom nothing waits. None on another day."""
    if not may_wait(page):
        return []
    everybody = memberships.everybodys_access(page.plan)
    users = [granted for granted in everybody if _is_listed(granted)]
    rows = Person.objects.filter(local_area=page.plan.local_area)
    people = {person.pk: person for person in rows.select_related("organisation", "user")}
    signs_in = {granted.user.pk for granted in everybody if access.can_see_live(granted)}
    may_lead = {granted.user.pk for granted in everybody if granted.roles & access.LEADING}

    def key_of(user: int | None, person: int | None) -> int:
        return user if user in signs_in and user else -(person or 0)

    def leads_as(user: int | None, person: int) -> int:
        return user if user in may_lead and user else -person

    state = _with_keys(page.state, leads_as)
    found = found_of_everybody(page, key_of)
    keys = owners_in(found) | {
        lead.user for each in state.commitments if not each.is_withdrawn for lead in each.leads
    }
    without = [people[-key] for key in keys if key and key < 0]
    accesses = [*users, *(_as_lead(page.plan, person) for person in without)]
    pages = [_page_of(page, granted, state) for granted in accesses]
    candidates = [candidates_in(found, each) for each in pages]
    waiting = {one.id: one for each in pages for one in waiting_states(each)}
    figures = FigureRows(page, {key for one in candidates for key in one.figures}, key_of)
    material = Rows(page, candidates, list(waiting.values()), figures)
    papers = notices_for(accesses, page.today)
    person_of = {person.user_id: person for person in people.values() if person.user_id}
    person_of |= {-person.pk: person for person in without}
    holders = [
        _holder(
            granted,
            person_of.get(granted.user.pk),
            tuple(one.user.name for one in users if granted.user.pk in one.deputises),
            [*items_of(each, found_for, material), *elsewhere(notices)],
        )
        for granted, each, found_for, notices in zip(
            accesses, pages, candidates, papers, strict=True
        )
    ]
    return sorted(holders, key=lambda holder: holder.name.casefold())


def _is_listed(granted: PlanAccess) -> bool:
    """The forum is asked and never chased; who reads reports alone has nothing to do."""
    return access.can_see_live(granted) and bool(granted.roles - {Role.FORUM, Role.READER})


def _with_keys(state: PlanState, key_of: Callable[[int | None, int], int]) -> PlanState:
    """The state in which also those lead, by their key, who have no account."""
    return replace(
        state,
        commitments=tuple(
            replace(
                each,
                leads=tuple(
                    replace(lead, user=key_of(lead.user, lead.person)) for lead in each.leads
                ),
            )
            for each in state.commitments
        ),
    )


def _as_lead(plan: Plan, person: Person) -> PlanAccess:
    """What somebody without an account would do, had they one."""
    return PlanAccess(
        user=User(
            pk=-person.pk,
            name=person.name,
            email=person.user.email if person.user and person.user.is_active else "",
        ),
        plan=plan,
        roles=frozenset({Role.LEAD}),
        sro_areas=frozenset(),
        parts=(),
        deputises=frozenset(),
    )


def _page_of(page: PlanPage, granted: PlanAccess, state: PlanState) -> PlanPage:
    """The page as that person has it; what was read for the one it is made from serves it too."""
    theirs = replace(page, access=granted)
    theirs.__dict__.update(
        history=page.history,
        state=state,
        periods=page.periods,
        period=page.period,
        _histories=page._histories,
        _words=page._words,
    )
    return theirs


def _holder(
    granted: PlanAccess, person: Person | None, cover: tuple[str, ...], items: list[WorkItem]
) -> Holder:
    organisation = person.organisation if person else None
    return Holder(
        name=granted.user.name,
        roles=", ".join(dict.fromkeys(granted.parts)),
        organisation=organisation.name if organisation else "",
        email=granted.user.email,
        person=person.pk if person else None,
        user=granted.user.pk if granted.user.pk > 0 else None,
        sro_areas=granted.sro_areas,
        cover=cover,
        items=items,
    )

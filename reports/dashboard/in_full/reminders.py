"""Who has updates overdue, and the mails by which the programme team chases them."""

from dataclasses import dataclass

from actions.io.mailing import mails_to
from actions.pages import formatting
from actions.pages.commitment_rows import person_text
from reports.dashboard.dashboard_data import InFullData
from reports.dashboard.in_full.people import NO_LEAD


@dataclass(frozen=True, slots=True)
class Reminder:
    name: str
    refs: list[str]


def reminders(data: InFullData) -> list[Reminder]:
    """By name, with the references; a person with several stands once."""
    people = data.people
    return [
        Reminder(person_text(people[person]) if person else NO_LEAD, list(refs))
        for person, refs in sorted(
            data.overdue_updates.items(), key=lambda item: people[item[0]].name if item[0] else ""
        )
    ]


@dataclass(frozen=True, slots=True)
class Chasing:
    """Mails to those with updates overdue, several where one address cannot hold them all."""

    mails: tuple[formatting.Breadcrumb, ...] = ()
    # Those without an account to write to.
    unreachable: tuple[str, ...] = ()


def chasing(data: InFullData) -> Chasing:
    if data.addresses is None:
        return Chasing()
    leads = [data.people[person] for person in data.overdue_updates if person]
    in_order = sorted(leads, key=lambda person: person.name)
    mails = mails_to(
        [data.addresses[person.pk] for person in in_order if person.pk in data.addresses],
        f"{data.page.plan.short_name}: updates overdue",
    )
    return Chasing(
        mails=tuple(
            formatting.Breadcrumb(
                "Write to them" if len(mails) == 1 else f"Write to them, {number} of {len(mails)}",
                mail,
            )
            for number, mail in enumerate(mails, start=1)
        ),
        unreachable=tuple(person.name for person in in_order if person.pk not in data.addresses),
    )

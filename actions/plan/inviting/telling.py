"""Who comes into the programme team is told to the others of it and to the chair."""

from django.db import transaction

from actions import memberships
from actions.models import Membership, Plan
from actions.plan.inviting import words
from wsoa.accounts import mail
from wsoa.accounts.models import User

Role = Membership.Role


def tell_of_officer(*, plan: Plan, user: User, by: User) -> None:
    """Once it is on record. Neither to whoever named them nor to who was named."""
    if not mail.is_set_up():
        return
    told = [
        granted.user.email
        for granted in memberships.everybodys_access(plan)
        if granted.roles & {Role.PROGRAMME_OFFICER, Role.CHAIR} and granted.user not in (user, by)
    ]
    subject, text = words.named_officer(plan, user.name, by.name)

    def send() -> None:
        for email in told:
            mail.send_plain(subject, text, email)

    if told:
        transaction.on_commit(lambda: mail.beside(send))

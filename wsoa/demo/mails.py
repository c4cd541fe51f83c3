"""The sample plan's mails: what its people are told today. Nothing is sent to anybody."""

from datetime import date

from actions.models import Plan
from actions.models.base import SAMPLE_SOURCE
from wsoa.reaching import sending, wishes
from wsoa.reaching.models import Delivery
from wsoa.reaching.recipients import mailing_of


def load_mails(plan: Plan, today: date) -> None:
    """As on the last day on which people are written to."""
    wishes.set_mail(
        plan=plan,
        is_on=True,
        reply_to="officer@sample.example",
        signed="The programme team",
        phone="01632 960 001",
        closed=[],
    )
    mailing = mailing_of(plan, today)
    assert mailing is not None
    (day,) = {one.days.last_until(today) or today for one in mailing.recipients}
    for message in sending.record_due(plan, today, day=day, source=SAMPLE_SOURCE):
        Delivery(message=message, outcome=Delivery.Outcome.KEPT, source=SAMPLE_SOURCE).save()

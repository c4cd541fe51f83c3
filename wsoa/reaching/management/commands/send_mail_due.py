"""`send_mail_due`: tells people by mail what waits for them. Once a day, or more often."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from actions.models import Plan
from actions.wording import words_of
from wsoa.reaching import sending
from wsoa.reaching.letters import letter
from wsoa.reaching.models import Message
from wsoa.reaching.recipients import mailing_of


class Command(BaseCommand):
    help = (
        "Write to the people of each plan that writes mails what waits for them, by the rules of "
        "docs/mail.md. It may run many times a day: nobody gets a second mail, and what the mail "
        "server did not take is tried again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would go to whom and why; put nothing on record and send nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        for plan in sending.plans_that_write().select_related("local_area"):
            if options["dry_run"]:
                self.say_due(plan, today)
                continue
            recorded = sending.record_due(plan, today)
            self.stdout.write(f"{plan.slug}: {len(recorded)} written.")
        if options["dry_run"]:
            return
        counts: dict[str, int] = {}
        for delivery in sending.send_waiting(today):
            counts[delivery.outcome] = counts.get(delivery.outcome, 0) + 1
        for outcome, count in counts.items():
            self.stdout.write(f"{count} {sending.Outcome(outcome).label.lower()}.")
        if not settings.MAIL_FROM and counts:
            self.stdout.write("No mail server is set up: MAIL_URL and MAIL_FROM, docs/deploy.md.")

    def say_due(self, plan: Plan, today: date) -> None:
        with words_of(plan):
            mailing = mailing_of(plan, today)
            if mailing is None:
                return
            for due in sending.mails_on(mailing, today):
                made = letter(mailing, due.to, due.rule, today, sending.settings_of(plan))
                held = "; held" if due.is_held else ""
                why = Message.Why(due.rule).label
                self.stdout.write(
                    f"{plan.slug}: to {due.to.holder.email}, {why.lower()}{held}: {made.subject}"
                )

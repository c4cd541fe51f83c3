"""`check_evidence`: whether every file of evidence is there, and is what was sent."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from actions.evidence import evidence
from actions.progress import draft_files


class Command(BaseCommand):
    help = (
        "Compare each file of evidence with what its record says of it, and list what is missing "
        "or changed. Ends with an error if anything is. Files that somebody gave with a draft that "
        "is gone are removed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if swept := draft_files.sweep():
            self.stdout.write(f"{swept} files of drafts that are gone were removed.")
        checked, bad = 0, 0
        for row, problem in evidence.checked_files():
            checked += 1
            if problem:
                bad += 1
                self.stdout.write(
                    f"{row.commitment.plan.slug}, commitment {row.commitment.ref}, "
                    f"evidence {row.pk}: {problem} ({row.digest})"
                )
        if bad:
            raise CommandError(f"{bad} of {checked} files of evidence are missing or changed.")
        self.stdout.write(f"{checked} files of evidence checked: all are there and as sent.")

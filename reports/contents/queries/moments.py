"""What the readers share."""

from datetime import date

from django.utils.dateparse import parse_datetime

from actions.rules.dates import day_of


def day_in(text: str) -> date:
    moment = parse_datetime(text)
    assert moment is not None
    return day_of(moment)

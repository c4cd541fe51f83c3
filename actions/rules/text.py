"""Days and lists as texts have them, on screens and on paper alike."""

from datetime import date

from actions.rules.dates import MONTHS


def short_day(day: date) -> str:
    """`24 January 2023`"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def listed(texts: list[str]) -> str:
    """`one, two and three`"""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"

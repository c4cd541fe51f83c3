"""What a record of oversight is about: a commitment, an area or a KPI, each by a key of its own."""

from django.db.models import F, Func, IntegerField
from django.db.models.lookups import Exact, LessThanOrEqual


def _about() -> Func:
    return Func(
        F("commitment"),
        F("area"),
        F("kpi"),
        function="num_nonnulls",
        output_field=IntegerField(),
    )


def about_one_thing() -> Exact:
    """The condition that a row is about exactly one of the three."""
    return Exact(_about(), 1)


def about_one_thing_or_the_plan() -> LessThanOrEqual:
    """The condition that a row is about at most one of the three: else the plan as a whole."""
    return LessThanOrEqual(_about(), 1)

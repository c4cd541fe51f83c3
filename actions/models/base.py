"""What the models of the field share: append-only records with two clocks, and withdrawal."""

from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import ExtractDay, Now
from django.db.models.lookups import Exact

from actions.rules.dates import PlanDate, Precision


class ClockTimestamp(Now):
    """The moment of the statement, not of the transaction: two rows of one transaction differ."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CLOCK_TIMESTAMP()", **context)


def append_only(
    *parents: str, answers: tuple[type[models.Model], str] | None = None
) -> list[pgtrigger.Trigger]:
    """Triggers that lock a table against everything but INSERT, and set its clocks.

    `parents` name the row that orders the records, as SQL after FROM with NEW in reach: several,
    where a record hangs on one thing or another. It is locked before the clock is read, so that the
    order of `recorded_at` is the order of commit. Where that row is a record itself, nobody may
    lock it: `answers` names its model and our column, and a lock on its name stands for it.
    """
    locks = " ".join(f"PERFORM 1 FROM {parent} FOR NO KEY UPDATE;" for parent in parents)
    if answers:
        record, column = answers
        key = f"hashtextextended('{record._meta.db_table} ' || NEW.{column}, 0)"
        locks += f"PERFORM pg_advisory_xact_lock({key});"
    return [
        pgtrigger.Protect(name="protect_update", operation=pgtrigger.Update),
        pgtrigger.Protect(name="protect_delete", operation=pgtrigger.Delete),
        # Protect knows no TRUNCATE, which a statement can do and no row hears of.
        pgtrigger.Trigger(
            name="protect_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
        ),
        pgtrigger.Trigger(
            name="clocks",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=f"""
                {locks}
                NEW.recorded_at := clock_timestamp();
                NEW.effective_at := COALESCE(NEW.effective_at, NEW.recorded_at);
                RETURN NEW;
            """,
        ),
    ]


# The source of every record of a sample plan.
SAMPLE_SOURCE = "sample"

OF_COMMITMENT = "actions_commitment WHERE id = NEW.commitment_id"
OF_PLAN = "actions_plan WHERE id = NEW.plan_id"


class Record(models.Model):
    """A row that is written once. Corrections, withdrawals and answers are rows of their own."""

    recorded_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)
    # Left out, the trigger makes it the moment of recording.
    effective_at = models.DateTimeField(db_default=Value(None))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # Where the words come from when `by` is not their author: a plan file, a paper form.
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_effective_not_later",
                condition=Q(effective_at__lte=F("recorded_at")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_author_or_source",
                condition=Q(by__isnull=False) | ~Q(source=""),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Given an existing key, Django would turn the insert into an update.
        super().save(force_insert=True)


class LinkOrFile(models.Model):
    """What is named, and may be found under a link or kept here as a file, or neither.

    A file is kept outside the web root under its digest (`actions/io/storage.py`), never
    overwritten.
    """

    link = models.URLField(max_length=1000, blank=True)
    # SHA-256 of the file in hexadecimal, its name as sent, its size in bytes, its checked type.
    digest = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)
    content_type = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_is_link_or_file", condition=Q(link="") | Q(digest="")
            ),
            models.CheckConstraint(
                name="%(class)s_file_is_described",
                condition=Q(digest="", file_name="", size=None, content_type="")
                | (~Q(digest="") & ~Q(file_name="") & Q(size__gt=0) & ~Q(content_type="")),
            ),
        ]


def at(effective_at: datetime | None) -> dict[str, Any]:
    """The field for a record that speaks of an earlier moment; nothing for one of now."""
    return {} if effective_at is None else {"effective_at": effective_at}


class Withdrawable(models.Model):
    """A part of a plan that is taken out of it and never deleted."""

    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Referenced(models.Model):
    """A part of a plan that is known by a reference.

    The code is its identity: once in the plan, in addresses and files. What the plan prints may be
    the same, something else, the same number twice, or nothing; `ref` is what screens and papers
    show for it, kept by `actions/plan/references.py`.
    """

    code = models.CharField(max_length=20)
    # Empty: the code as it is.
    printed_ref = models.CharField(max_length=40, blank=True)
    is_unnumbered = models.BooleanField(default=False)
    ref = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """What the plan prints for it; empty where it prints none."""
        return "" if self.is_unnumbered else self.printed_ref or self.code


def words_index(name: str, *texts: str) -> GinIndex:
    """An index of the words of a row's texts: what `wsoa/pages/search` finds it by."""
    return GinIndex(SearchVector(*texts, config="english"), name=name)


def month_only(field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__day": 1})


def month_or_day(field: str, flag: str) -> Q:
    return month_only(field) | Q(**{flag: True})


def plan_date(on: Any, is_day: bool = False) -> PlanDate | None:
    return PlanDate(on, Precision.DAY if is_day else Precision.MONTH) if on else None


# --- Dates of any precision: four columns, which may share a prefix -----------------------------

PRECISIONS = [(precision.value, precision.value.replace("_", " ")) for precision in Precision]


def date_columns(when: PlanDate | None, prefix: str = "") -> dict[str, Any]:
    """A date of a plan as the columns that hold it; all empty for none."""
    return {
        f"{prefix}first_day": when and when.first_day,
        f"{prefix}last_day": when and when.last_day,
        f"{prefix}precision": when.precision.value if when else "",
        f"{prefix}printed": when.printed if when else "",
    }


SPAN = ("first_day", "last_day", "precision", "printed")


def date_of_columns(row: Any, prefix: str = "") -> PlanDate | None:
    """The date that a row's columns hold."""
    first, last, precision, printed = (getattr(row, f"{prefix}{name}") for name in SPAN)
    return PlanDate.stored(first, last, precision, printed) if first else None


def whole_span(prefix: str = "", *, optional: bool = False) -> Q:
    """That first and last day are what the precision says: a whole month, quarter or year."""
    first, last = f"{prefix}first_day", f"{prefix}last_day"

    def span(precision: Precision, **facts: Any) -> Q:
        return Q(
            **{f"{prefix}precision": precision.value},
            **{f"{prefix}{name}": value for name, value in facts.items()},
        )

    same_year = {"last_day__year": F(f"{first}__year")}
    next_year = {"last_day__year": F(f"{first}__year") + 1}
    in_order = {"last_day__gte": F(first)}
    next_day = ExpressionWrapper(F(last) + timedelta(days=1), output_field=models.DateField())
    month_end = Q(Exact(ExtractDay(next_day), 1))
    any_span = (
        span(Precision.DAY, last_day=F(first))
        | (
            span(
                Precision.MONTH,
                first_day__day=1,
                last_day__month=F(f"{first}__month"),
                **same_year,
            )
            & month_end
        )
        | (
            span(
                Precision.QUARTER,
                first_day__day=1,
                first_day__month__in=[1, 4, 7, 10],
                last_day__month=F(f"{first}__month") + 2,
                **same_year,
            )
            & month_end
        )
        | span(
            Precision.YEAR,
            first_day__month=1,
            first_day__day=1,
            last_day__month=12,
            last_day__day=31,
            **same_year,
        )
        | span(
            Precision.FINANCIAL_YEAR,
            first_day__month=4,
            first_day__day=1,
            last_day__month=3,
            last_day__day=31,
            **next_year,
        )
        | span(Precision.SCHOOL_YEAR, **in_order, **next_year)
        | span(Precision.TERM, **in_order)
        | span(Precision.DAYS, **in_order)
    )
    if not optional:
        return any_span
    nothing = {f"{prefix}precision": "", f"{prefix}printed": ""}
    return any_span | Q(**nothing, **{f"{first}__isnull": True, f"{last}__isnull": True})

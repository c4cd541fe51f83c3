"""The lock under which a record is added to a commitment, and what refuses every record."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from actions.models import Commitment, Plan, Withdrawal
from actions.models.base import Record


def locked_open(commitment: Commitment, *, also_closed: bool = False) -> Commitment:
    """The commitment, locked until the transaction ends, of an agreed plan and not withdrawn.

    `also_closed`: what is recorded may still come after its plan was closed.
    """
    commitment = Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
    # Read after the lock: who held it may have closed the plan.
    commitment.plan = Plan.objects.get(pk=commitment.plan_id)
    if commitment.plan.state == Plan.State.DRAFT:
        raise ValidationError("This plan is not agreed yet, so there is nothing to record.")
    if commitment.plan.state == Plan.State.CLOSED and not also_closed:
        raise ValidationError("This plan is closed.")
    newest = (
        Withdrawal.objects.filter(commitment=commitment)
        .order_by("-effective_at", "-recorded_at")
        .first()
    )
    if newest and newest.is_withdrawn:
        raise ValidationError("This commitment was withdrawn from the plan.")
    return commitment


def lock_record(record: Record) -> None:
    """Until the transaction ends, let nobody else add to a record, such as its answer or its end.

    Its row cannot be locked: that asks for the right to change it. The same lock is taken by the
    trigger of what answers it (`append_only`).
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A record is locked within a transaction.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{record._meta.db_table} {record.pk}"],
        )


def locked_agreed(plan: Plan) -> Plan:
    """The plan, locked until the transaction ends; refused unless it is agreed and not closed."""
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if plan.state == Plan.State.DRAFT:
        raise ValidationError("This plan is not agreed yet, so there is nothing to record.")
    if plan.state == Plan.State.CLOSED:
        raise ValidationError("This plan is closed.")
    return plan

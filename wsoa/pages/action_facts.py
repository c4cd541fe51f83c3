"""What an action carries beside its rows: who is accountable, its impact, what it quotes."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from actions.models import AccountableOfficer
from actions.models.base import date_of_columns
from actions.models.people import active_on
from actions.pages import formatting


def with_officers(actions: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Worded actions with those accountable for them on a day."""
    officers = (
        AccountableOfficer.objects.filter(action=OuterRef("key"))
        .filter(active_on(day))
        .order_by("position", "id")
        .values(officer=JSONObject(name="person__name", organisation="person__organisation__code"))
    )
    annotated: QuerySet[Any] = actions.annotate(officers=ArraySubquery(officers))
    return annotated


def accountable_text(action: Any) -> tuple[str, ...]:
    """`Name, Organisation` of each who is accountable for an action that `with_officers` read."""
    return tuple(
        ", ".join(filter(None, (officer["name"], officer["organisation"])))
        for officer in action.officers
    )


def answers_for(action: Any) -> list[formatting.Pair]:
    """Accountable officers and the responsible group; nothing for what the plan does not say."""
    pairs = []
    if officers := accountable_text(action):
        label = "Accountable officer" if len(officers) == 1 else "Accountable officers"
        pairs.append(formatting.Pair(label, "", officers))
    if group := group_name(action):
        pairs.append(formatting.Pair("Responsible group", group))
    return pairs


def group_name(action: Any) -> str:
    """The responsible group: a board or group of the plan, or one that it only names."""
    body = action.responsible_group
    return str(body) if body else str(action.responsible_group_text)


def quotation_of(action: Any) -> dict[str, str] | None:
    """What the plan quotes beside an action, with who said it and when."""
    if not action.quotation:
        return None
    when = date_of_columns(action, "quotation_")
    by = ", ".join(filter(None, (action.quotation_by, str(when) if when else "")))
    return {"text": action.quotation, "by": by}

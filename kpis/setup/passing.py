"""The data of a KPI passes to another person, from a day on."""

from datetime import date

from django.db import transaction

from actions.models import Person
from kpis.models import Kpi


@transaction.atomic
def pass_data(*, kpi: Kpi, to: Person, on: date, today: date) -> None:
    """Say who owns a KPI's data from a day on, which is today or later.

    Until that day it is whose it is today. Whatever was to pass before is settled by it.
    """
    kpi = Kpi.objects.select_for_update(no_key=True).get(pk=kpi.pk)
    if on <= today:
        kpi.data_owner, kpi.data_passes_to, kpi.data_passes_on = to, None, None
    else:
        kpi.data_owner_id = kpi.owner_id_on(today)
        kpi.data_passes_to, kpi.data_passes_on = to, on
    kpi.save(update_fields=["data_owner", "data_passes_to", "data_passes_on"])

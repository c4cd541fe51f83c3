"""The record of imports is locked like every other."""

import pytest
from django.db import ProgrammingError, transaction

from wsoa.planfile.models import PlanImport


@pytest.mark.django_db
@pytest.mark.usefixtures("small_plan")
def test_an_import_on_record_is_neither_changed_nor_deleted():
    for change in (
        lambda: PlanImport.objects.update(content=""),
        lambda: PlanImport.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
    assert PlanImport.objects.get().content

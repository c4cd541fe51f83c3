"""A Green said again without a word; the third time in a row says something."""

import pytest
from django.core.exceptions import ValidationError

from actions.models import ProgressUpdate
from actions.progress import update_rules
from tests.factories import at, make_commitment, make_update


@pytest.fixture
def greens(world):
    """Two Greens of the lead that are owed and not late."""
    found = [
        make_commitment(world.action, letter, leads=(world.people["lead"],), due="2999-12")
        for letter in "xy"
    ]
    for commitment in found:
        make_update(
            commitment,
            world.users["lead"],
            brag="green",
            progress="On track.",
            effective_at=at("2023-01-10"),
            source="paper",
        )
    return found


def test_the_third_in_a_row_is_refused_wherever_it_comes_from(world, greens):
    """A page asks for words first; the verb behind it takes none of it on trust."""

    def again(day):
        return make_update(
            greens[0],
            world.users["lead"],
            brag="green",
            progress="",
            is_no_change=True,
            effective_at=at(day),
            source="paper",
        )

    again("2023-02-10")
    again("2023-03-10")
    with pytest.raises(ValidationError) as refusal:
        again("2023-04-10")
    assert refusal.value.message_dict == {"progress": [update_rules.NO_CHANGE_AGAIN]}
    assert ProgressUpdate.objects.filter(is_no_change=True).count() == 2

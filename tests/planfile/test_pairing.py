"""Which date of a later file is which of an earlier one. No database."""

import pytest

from wsoa.planfile.format.matching import PastDiffersError, paired_dates, steps
from wsoa.planfile.format.schema import DateMove, KeyDate
from wsoa.planfile.sync import in_order


def date(on: str, kind: str = "interim", *was: str, note: str | None = None) -> KeyDate:
    moves = [
        DateMove(was=old, moved_on=f"2022-05-{n:02}", reason="x") for n, old in enumerate(was, 1)
    ]
    return KeyDate.model_validate({"date": on, "kind": kind, "note": note, "moves": moves})


JUNE, JULY, AUGUST = date("2022-06"), date("2022-07"), date("2022-08")
END = date("2022-12", "completion")


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ([JUNE, END], [END, JUNE], [(1, 0), (0, 1)]),
        # What says the same stays; the rest moves within its kind.
        ([JUNE, JULY], [JULY, AUGUST], [(1, 0), (0, 1)]),
        ([JUNE, END], [date("2023-01", "completion")], [(1, 0), (0, None)]),
        ([JUNE], [JUNE, JULY], [(0, 0), (None, 1)]),
        # Another kind is another date.
        ([END], [date("2022-12", "start")], [(None, 0), (0, None)]),
        # A date is known again by where it began.
        (
            [date("2022-07", "interim", "2022-06"), date("2022-09", "interim", "2022-07")],
            [date("2022-10", "interim", "2022-07", "2022-09"), JULY],
            [(1, 0), (0, 1)],
        ),
        ([JUNE, JUNE], [JUNE], [(0, 0), (1, None)]),
    ],
)
def test_dates_are_paired(old, new, pairs):
    assert paired_dates(old, new) == pairs


@pytest.mark.parametrize(
    ("old", "new", "to_do"),
    [
        (JUNE, JUNE, []),
        (JUNE, JULY, ["2022-07"]),
        (JUNE, date("2022-06", note="x"), ["2022-06"]),
        # The file goes on from where the record stands.
        (JUNE, date("2022-08", "interim", "2022-06", "2022-07"), ["2022-07", "2022-08"]),
        # The file knows less of the past, or nothing.
        (date("2022-08", "interim", "2022-06", "2022-07"), AUGUST, []),
        (
            date("2022-08", "interim", "2022-06", "2022-07"),
            date("2022-07", "interim", "2022-06"),
            ["2022-07"],
        ),
    ],
)
def test_what_is_recorded_for_a_date(old, new, to_do):
    assert [step.date for step in steps(old, new)] == to_do


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (JUNE, date("2022-08", "interim", "2022-07")),
        (date("2022-07", "interim", "2022-06"), date("2022-07", "interim", "2022-05")),
    ],
)
def test_another_past_than_the_one_on_record_is_refused(old, new):
    with pytest.raises(PastDiffersError):
        steps(old, new)


@pytest.mark.parametrize(
    ("present", "positions"),
    [
        ([], []),
        ([None, None], [0, 1]),
        ([0, 3, 7], [0, 3, 7]),
        ([0, 3, None], [0, 3, 4]),
        ([3, 0], [0, 1]),
        ([0, None, 3], [0, 1, 2]),
        ([2, 2], [0, 1]),
    ],
)
def test_as_few_positions_change_as_is_simple(present, positions):
    assert in_order(present) == positions

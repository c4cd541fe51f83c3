"""Every code of a control chart has its words."""

from __future__ import annotations

import re

import pytest

from kpis.rules import spc
from kpis.rules.spc_text import ASSURANCE, VARIATION, point_text, too_few

CODES = {
    "common_cause",
    *("improvement_high", "improvement_low", "concern_high", "concern_low"),
    *("neutral_high", "neutral_low"),
}
LABELS = ["outside", "two_of_three", "shift"]


def test_each_icon_has_a_name_and_a_full_sentence():
    assert set(VARIATION) == CODES
    assert set(ASSURANCE) == {"pass", "fail", "inconsistent"}
    for words in [*VARIATION.values(), *ASSURANCE.values()]:
        assert re.fullmatch(r"(Variation|Assurance): [a-z, ]+", words.name)
        assert re.fullmatch(r"[A-Z].*\.", words.sentence)


@pytest.mark.parametrize("point_type", ["improvement", "concern", "neutral_high", "neutral_low"])
@pytest.mark.parametrize(
    "label",
    [f"{name}_{end}" for name in LABELS for end in ("high", "low")] + ["trend_up", "trend_down"],
)
def test_each_signal_has_words_that_say_whether_it_is_good(label, point_type):
    start = {"improvement": "Better: ", "concern": "Worse: "}.get(point_type, "Changed: ")

    assert point_text(label, point_type).startswith(start)


def test_a_point_without_a_signal_is_usual_variation():
    assert point_text("common_cause", "common_cause") == "Usual variation"


def test_icons_withheld_say_how_many_points_there_are_and_are_needed():
    assert "this chart has 9 points since its limits were last set" in too_few(9, spc.ENOUGH)
    assert "at least 13 are needed" in too_few(9, spc.ENOUGH)
    assert "has 1 point since" in too_few(1, 13)

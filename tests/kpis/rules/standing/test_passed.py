"""The sentence that counts targets whose date has passed."""

import pytest

from kpis.rules.standing.passed import milestones_text, passed_text
from kpis.rules.standing.position import Outcome
from tests.kpis.rules.pure_factories import figure, kpi, state_of, target

MET, MISSED, NO_FIGURE = Outcome.MET, Outcome.MISSED, Outcome.NO_FIGURE


@pytest.mark.parametrize(
    ("outcomes", "text"),
    [
        ([], ""),
        ([None, None], ""),
        ([MET], "The one target whose date has passed was met."),
        ([None, MISSED], "The one target whose date has passed was missed."),
        ([NO_FIGURE], "The one target whose date has passed cannot be told: no figure."),
        (
            [MET] * 2 + [MISSED] * 4 + [NO_FIGURE] * 13 + [None] * 28,
            "Of 19 targets whose date has passed, 2 were met, 4 missed and "
            "13 cannot be told: no figure.",
        ),
        ([MISSED, MISSED], "Of 2 targets whose date has passed, 2 were missed."),
        ([MISSED, MET], "Of 2 targets whose date has passed, 1 was met and 1 missed."),
        (
            [NO_FIGURE, Outcome.TOO_FEW, Outcome.TOO_FEW, Outcome.NOTHING_BESIDE],
            "Of 4 targets whose date has passed, 2 are too few to show, 1 cannot be told: nothing "
            "to judge the figure by and 1 cannot be told: no figure.",
        ),
    ],
)
def test_targets_that_have_passed_are_met_missed_or_unknown(outcomes, text):
    assert passed_text(outcomes) == text


def test_milestones_on_the_way_are_counted_apart_from_the_last_target():
    history = kpi(
        figure("2022-06", 50),
        figure("2022-09", 80),
        targets=(target(60, "2022-06"), target(70, "2022-09"), target(90, "2022-11")),
    )
    assert milestones_text([(history, state_of(history, "2022-12-15"))]) == (
        "Of 2 milestones on the way whose date has passed, 1 was met and 1 missed."
    )
    alone = kpi(figure("2022-06", 50), targets=(target(60, "2022-06"),))
    assert milestones_text([(alone, state_of(alone, "2022-12-15"))]) == ""

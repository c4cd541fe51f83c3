"""What a plan calls its levels."""

import pytest

from actions.rules.levels import LevelNames, in_sentence, plural_of


def test_a_plan_that_names_none_has_ours():
    names = LevelNames.of({})
    assert (names.area, names.areas, names.commitment) == ("Area", "Areas", "Commitment")


def test_the_several_of_a_named_level_follow_from_the_one():
    names = LevelNames.of({"area": "Priority", "commitment": "Milestone", "action": ""})
    assert (names.area, names.areas) == ("Priority", "Priorities")
    assert (names.commitments, names.actions) == ("Milestones", "Actions")


def test_a_plural_of_its_own_stands():
    names = LevelNames.of({"theme": "Focus", "themes": "Foci"})
    assert names.themes == "Foci"


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("Priority", "Priorities"),
        ("Day", "Days"),
        ("Weakness", "Weaknesses"),
        ("Box", "Boxes"),
        ("Approach", "Approaches"),
        ("Wish", "Wishes"),
        ("Quiz", "Quizes"),
        ("Success criterion", "Success criterions"),
        ("Step", "Steps"),
    ],
)
def test_the_usual_plural(one, several):
    assert plural_of(one) == several


def test_a_count_of_a_level_reads_in_a_sentence():
    names = LevelNames.of({"commitment": "Milestone", "area": "SEND priority"})
    assert names.some("commitment", 1) == "1 milestone"
    assert names.some("commitment", 19) == "19 milestones"
    assert names.some("commitment", 0) == "0 milestones"
    assert names.some("area", 2) == "2 SEND priorities"


def test_capitals_stay_within_a_sentence():
    assert in_sentence("KPI") == "KPI"
    assert in_sentence("A") == "A"
    assert in_sentence("Priority action 1") == "priority action 1"


def test_two_levels_of_one_name_are_named_once():
    both = LevelNames.of({"commitment": "Milestone"})
    assert both.actions_and_commitments == "Actions and milestones"
    assert both.action_or_commitment == "action or milestone"
    alike = LevelNames.of({"action": "Item", "commitment": "Item"})
    assert alike.actions_and_commitments == "Items"
    assert alike.action_or_commitment == "item"

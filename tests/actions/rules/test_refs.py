"""References: what one adds to its holder's, which comes next, and what is shown for each."""

import pytest

from actions.rules.refs import Reference, area_label, code_for, next_ref, own_part, shown_refs


@pytest.mark.parametrize(
    ("ref", "holder", "letters", "own"),
    [
        ("1.2", "1", False, "2"),
        ("1.10.3", "1.10", False, "3"),
        ("1.2.3", "1", False, ""),
        ("11.2", "1", False, ""),
        ("1.0", "1", False, ""),
        ("1.100", "1", False, ""),
        ("1.2a", "1", False, ""),
        ("", "1", False, ""),
        ("7", "1", False, ""),
        ("1.1.1a", "1.1.1", True, "a"),
        ("1.1.1ab", "1.1.1", True, "ab"),
        ("1.1.10a", "1.1.1", True, ""),
        ("1.1.1A", "1.1.1", True, ""),
        ("1.1.1", "1.1.1", True, ""),
        ("1.1.1abc", "1.1.1", True, ""),
        ("1.\N{ARABIC-INDIC DIGIT TWO}", "1", False, ""),
    ],
)
def test_what_a_reference_adds(ref, holder, letters, own):
    assert own_part(ref, holder, letters=letters) == own


@pytest.mark.parametrize(
    ("holder", "taken", "letters", "following"),
    [
        ("1", [], False, "1.1"),
        ("1", ["1.1", "1.9", "1.10"], False, "1.11"),
        ("1.1.1", [], True, "1.1.1a"),
        ("1.1.1", ["1.1.1b", "1.1.1a"], True, "1.1.1c"),
        ("1.1.1", ["1.1.1z"], True, "1.1.1aa"),
        ("1.1.1", ["1.1.1az"], True, "1.1.1ba"),
        ("1.1.1", ["astray"], True, "1.1.1a"),
        ("1", ["astray", "2.7"], False, "1.1"),
    ],
)
def test_the_next_reference(holder, taken, letters, following):
    assert next_ref(holder, taken, letters=letters) == following


def shown(*references: tuple[str, str, str]) -> list[str]:
    return list(shown_refs(Reference(*parts) for parts in references).values())


def test_what_is_printed_is_shown_and_the_code_where_nothing_is():
    assert shown(("a", "1.1", "Area 1"), ("b", "", "Area 1")) == ["1.1", "b"]


def test_a_reference_that_is_printed_twice_is_followed_by_its_area():
    assert shown(
        ("p1-3", "3", "Priority 1"), ("p2-3", "3", "Priority 2"), ("p2-4", "4", "Priority 2")
    ) == ["3 (Priority 1)", "3 (Priority 2)", "4"]


def test_the_code_tells_apart_what_the_area_does_not():
    # Printed twice in one area; and a part without a reference whose code is another's.
    assert shown(("x", "A", "Area 1"), ("y", "a", "Area 1"), ("z", "A", "Area 2")) == [
        "A (Area 1, x)",
        "a (Area 1, y)",
        "A (Area 2)",
    ]
    assert shown(("7", "", "Area 1"), ("x", "7", "Area 2")) == ["7 (Area 1)", "7 (Area 2)"]


def test_the_longest_reference_that_is_printed_twice_has_room():
    """A hundred characters: an area without a reference is called by its title."""
    printed, title = "Outcome " * 5, "Children and families are heard " * 4
    first, second, other = shown(
        ("c" * 20, printed, title), ("d" * 20, printed, title), ("e" * 20, printed, "Health")
    )
    assert first == f"{printed} (Children and families are heard …, {'c' * 20})"
    assert second == f"{printed} (Children and families are heard …, {'d' * 20})"
    assert other == f"{printed} (Health)"
    assert len(first) <= 100


@pytest.mark.parametrize(
    ("level", "printed", "label"),
    [
        ("Area", "1", "Area 1"),
        ("Priority", "B", "Priority B"),
        # A reference of several words has its own noun.
        ("Priority", "Improvement 2", "Improvement 2"),
        ("Area", "", "Waiting times"),
    ],
)
def test_what_an_area_is_called(level, printed, label):
    assert area_label(level, printed, "Waiting times") == label


def test_a_long_title_is_cut_where_it_is_the_label():
    assert area_label("Area", "", "w" * 100) == "w" * 100
    assert area_label("Area", "", "w" * 101) == "w" * 98 + " …"


@pytest.mark.parametrize(
    ("text", "taken", "code"),
    [
        ("1.1.1a", (), "1.1.1a"),
        ("A2", ("A1",), "A2"),
        # Somebody else's already.
        ("3", ("3",), "3-2"),
        ("3", ("3", "3-2"), "3-3"),
        # No code: spaces and signs, too long, no letter or digit at all.
        ("Priority 1", (), "Priority-1"),
        ("(iv)", (), "iv"),
        ("1.1.1.1.1.1.1.1.1.1.1", (), "1.1.1.1.1.1.1.1"),
        ("§", (), "x"),
        ("", ("x",), "x-2"),
    ],
)
def test_a_code_is_what_is_printed_where_that_can_be_one(text, taken, code):
    assert code_for(text, taken) == code

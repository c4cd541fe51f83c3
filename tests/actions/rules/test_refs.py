"""References: what one adds to its holder's, and which comes next."""

import pytest

from actions.rules.refs import next_ref, own_part


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

"""Strict YAML. No database."""

from decimal import Decimal

import pytest
import yaml

from tests.planfile.files import SMALL
from wsoa.planfile.format import document
from wsoa.planfile.format.problems import PlanFileError


def problems_of(text: str | bytes) -> list[tuple[int | None, str, str]]:
    with pytest.raises(PlanFileError) as caught:
        document.parse(text.encode() if isinstance(text, str) else text)
    return [(found.line, found.path, found.message) for found in caught.value.problems]


def test_values_mean_what_they_say():
    found = document.parse(
        b"a: 5\nb: -52.9\nc: true\nd: null\ne: 'q'\nf: plain words, and more\ng: |\n  block\n"
    )

    assert found.root == {
        "a": 5,
        "b": Decimal("-52.9"),
        "c": True,
        "d": None,
        "e": "q",
        "f": "plain words, and more",
        "g": "block\n",
    }
    assert found.lines[("g",)] == 7


def test_every_value_has_the_line_of_its_key_or_item():
    found = document.parse(
        b"areas:\n  - title: x\n    themes:\n\n      - ref: a\n        title: b\n"
    )

    assert found.lines[("areas",)] == 1
    assert found.lines[("areas", 0, "themes")] == 3
    assert found.lines[("areas", 0, "themes", 0)] == 5
    assert found.lines[("areas", 0, "themes", 0, "title")] == 6


@pytest.mark.parametrize(
    "value",
    # What YAML 1.1 and 1.2 read differently, or what looks as if they might.
    ["yes", "No", "on", "OFF", "y", "n", "True", "TRUE", "~", "NULL", "1:30", "0o7", "010", "0x1F"]
    + ["1e3", "1_000", "+5", ".5", "5.", ".inf", ".NaN", "2022-12-07", "2022-12", "1.1.1", "="]
    + ["2022-12-07 10:00:00", "1.2.3.4", "0b1", "12e03", "99999999999999999999"],
)
def test_an_unquoted_value_that_readers_differ_about_is_refused(value):
    assert problems_of(f"a: x\nb: {value}\n") == [
        (2, "b", f'not every program reads {value} the same: quote it, "{value}"')
    ]


@pytest.mark.parametrize("word", ["yes please", "2 people", "Yesterday", "no-one", "a: b"[:1]])
def test_unquoted_words_that_are_text_to_all_are_text(word):
    assert document.parse(f"a: {word}".encode()).root == {"a": word}


def test_an_empty_value_is_refused():
    assert problems_of("a: x\nb:\n") == [(2, "b", "has no value: leave the key out, or write null")]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: &x 2\n", 2, "anchor &x"),
        ("a: 1\nb: *x\n", 2, "*x"),
        ("a: !!str 5\n", 1, "tag"),
        ("a: ! x\n", 1, "tag"),
        ("a: 1\n---\nb: 2\n", 2, "one document"),
        ("%YAML 1.2\n---\na: b\n", 1, "%"),
        ("a: 1\n? [b]\n: c\n", 2, "a key is a name"),
        ("a: 1\n{b: c}: d\n", 2, "a key is a name"),
        ("a: b\n\tc: d\n", 2, "spaces, not with tabs"),
        ('a: "b\n', 2, "this is not YAML"),
        ("a: b: c\n", 1, "this is not YAML"),
        ("a: 'b\u2028c'\n", 1, "U+2028"),
        ("a: b # \u0085\n", 1, "U+0085"),
        ("a: b\nc: \x07\n", 2, "U+0007"),
        ("a: b\nc: \x00\n", 2, "U+0000"),
    ],
)
def test_what_a_plan_file_may_not_have_is_refused_with_its_line(text, line, words):
    [(found, _, message)] = problems_of(text)

    assert words in message
    assert found == line


def test_a_key_that_stands_twice_is_refused_with_both_lines():
    assert problems_of('a:\n  b: 1\n  c: 2\n  "b": 3\n') == [
        (4, "a.b", "this key stands twice: on line 2 and on line 4")
    ]


@pytest.mark.parametrize("key", ["1", "yes", "null", "1.1", "<<"])
def test_a_key_that_is_not_a_name_is_refused(key):
    assert problems_of(f"a: b\n{key}: c\n") == [
        (2, "", f"{key} is not a key: keys are names"),
    ]


def test_every_bad_value_of_a_file_is_named_at_once():
    assert [line for line, _, _ in problems_of("a: yes\nb: fine\nc: 010\n")] == [1, 3]


def test_text_that_is_not_utf_8_is_refused_with_its_line():
    assert problems_of(b"a: b\nc: \xff\n") == [(2, "", "this is not text in UTF-8")]


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert document.parse(b"\xef\xbb\xbfa: b").root == {"a": "b"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "null\n"])
def test_an_empty_file_is_refused(text):
    [(_, _, message)] = problems_of(text)

    assert message in ("the file is empty", "has no value: leave the key out, or write null")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(opening):
    [(line, _, message)] = problems_of(opening * 200_000)

    assert (line, message) == (1, "this is nested more than 30 deep")


def test_a_file_over_5_mb_is_refused_before_it_is_parsed():
    [(_, _, message)] = problems_of(b"[" * (5 * 1024 * 1024 + 1))

    assert message == "the file is 5.0 MB; a plan file has at most 5 MB"


def test_as_many_problems_are_named_as_anybody_will_read():
    assert len(problems_of("- yes\n" * 10_000)) == 100


def test_both_parsers_read_the_same(monkeypatch):
    quick = document.parse(SMALL.encode())
    monkeypatch.setattr(document, "_PARSER", yaml.SafeLoader)

    assert document.parse(SMALL.encode()) == quick
    assert [line for line, _, _ in problems_of("a: yes\nb: &x 1\n")] == [2]

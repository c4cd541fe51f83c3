"""Pasted lists of people, read into rows."""

import pytest

from actions.plan.inviting.reading import Entry, read

ROLES = {"lead": "lead", "sro": "sro", "senior responsible officer": "sro", "clerk": "member"}
AREAS = {"4": "a4", "area 4": "a4"}


def rows(text):
    return read(text, ROLES, AREAS, "lead")


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("jude.merriden@a.example", Entry("jude.merriden@a.example", "Jude Merriden", "lead", "")),
        ("Farid Rookhope <f.r@a.example>", Entry("f.r@a.example", "Farid Rookhope", "lead", "")),
        ('"Rookhope, Farid" <f.r@a.example>', Entry("f.r@a.example", "Farid Rookhope", "lead", "")),
        (
            "p@a.example; Priya Fairbourne; lead",
            Entry("p@a.example", "Priya Fairbourne", "lead", ""),
        ),
        (
            "w@a.example; Wanda Elderfield; SRO; 4",
            Entry("w@a.example", "Wanda Elderfield", "sro", "a4"),
        ),
        (
            "Wanda\tw@a.example\tSenior responsible officer\tArea 4",
            Entry("w@a.example", "Wanda", "sro", "a4"),
        ),
        ("j@a.example, clerk", Entry("j@a.example", "J", "member", "")),
        ("uma.pellworth", Entry("uma.pellworth", "Uma Pellworth", "lead", "")),
        ("uma@sample", Entry("uma@sample", "Uma", "lead", "")),
        ("  <x@a.example>  ", Entry("x@a.example", "X", "lead", "")),
    ],
)
def test_a_line_is_somebody(line, entry):
    assert rows(line) == [entry]


def test_a_line_of_several_as_outlook_copies_it_is_several_people():
    text = "Farid Rookhope <f@a.example>; Fairbourne, Priya <p@a.example>; x@a.example"
    assert [(one.email, one.name) for one in rows(text)] == [
        ("f@a.example", "Farid Rookhope"),
        ("p@a.example", "Priya Fairbourne"),
        ("x@a.example", "X"),
    ]


def test_empty_lines_and_separators_alone_are_nobody():
    assert rows("\n ;;, \n\r\n\t\n") == []


def test_every_kind_of_line_break_parts_people():
    assert [one.email for one in rows("a@a.example\r\nb@a.example\u2028c@a.example")] == [
        "a@a.example",
        "b@a.example",
        "c@a.example",
    ]

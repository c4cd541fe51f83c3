"""What differs between two readings of a report."""

from dataclasses import replace
from decimal import Decimal

from actions.rules.status import Rating
from reports.drafts.differences import Difference, differences
from reports.rendering.document import (
    APPROVAL,
    Bullets,
    Cell,
    Column,
    Count,
    Counts,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Table,
)
from tests.reports.documents import make_document


def reading(*blocks, key="a", title="A", more=()):
    return make_document(sections=(Section(key=key, title=title, blocks=blocks), *more))


def table(*rows, notes=()):
    return Table(
        name="Commitments",
        caption="Commitments",
        columns=(Column(title="Ref"), Column(title="Rating", kind="rating"), Column(title="Said")),
        rows=tuple(
            (
                Cell(text=ref),
                Cell(text=rating.label, rating=rating),
                Cell(text=said, number=Decimal(1)),
            )
            for ref, rating, said in rows
        ),
        notes=notes,
        empty="None.",
    )


def lines(before, after):
    return [line for section in differences(before, after) for line in section.lines]


def test_the_same_reading_differs_nowhere():
    assert differences(make_document(), make_document()) == []


def test_a_moment_and_being_a_draft_are_no_difference():
    draft = make_document(is_draft=True)
    assert differences(draft, draft.model_copy(update={"is_draft": False, "version": 2})) == []


def test_a_text_is_named_by_the_heading_it_stands_under():
    was = reading(Heading(level=2, text="Risks"), Paragraph(text="None."))
    now = reading(Heading(level=2, text="Risks"), Paragraph(text="One."))
    assert lines(was, now) == [Difference("Risks", "None.", "One.")]


def test_a_cell_is_named_by_its_row_and_column():
    was = reading(table(("1.1.1a", Rating.GREEN, "x"), ("1.1.1b", Rating.RED, "y")))
    now = reading(table(("1.1.1a", Rating.AMBER, "x"), ("1.1.1b", Rating.RED, "y")))
    assert lines(was, now) == [Difference("Commitments, 1.1.1a, Rating", "Green", "Amber")]


def test_a_row_that_comes_or_goes_has_one_side_only():
    one = reading(table(("1.1.1a", Rating.GREEN, "x")))
    none = reading(table())
    assert lines(none, one) == [
        Difference("Commitments, 1.1.1a, Rating", "", "Green"),
        Difference("Commitments, 1.1.1a, Said", "", "x"),
        Difference("Commitments", "None.", ""),
    ]
    assert Difference("Commitments, 1.1.1a, Said", "x", "") in lines(one, none)


def test_two_texts_under_one_heading_are_told_apart():
    was = reading(Paragraph(text="First"), Paragraph(text="Second"))
    now = reading(Paragraph(text="First"), Paragraph(text="Third"))
    assert lines(was, now) == [Difference("Text (2)", "Second", "Third")]


def test_every_kind_of_block_is_compared():
    def blocks(word, count):
        return (
            Bullets(items=(word,)),
            Facts(items=(Fact(label="Officer", value=word),)),
            Counts(
                caption="Ratings",
                items=(Count(rating=Rating.RED, count=count),),
                total=count,
                notes=(word,),
            ),
            table(("1", Rating.RED, "x"), notes=(word,)),
            Signatures(items=(Signature(what="Area 1", words=word),)),
        )

    found = lines(reading(*blocks("old", 1)), reading(*blocks("new", 2)))
    assert found == [
        Difference("Text", "old", "new"),
        Difference("Officer", "old", "new"),
        Difference("Ratings: Red", "1", "2"),
        Difference("Ratings: in all", "1, old", "2, new"),
        Difference("Commitments, note", "old", "new"),
        Difference("Area 1", "old", "new"),
    ]


def test_a_charts_numbers_are_compared():
    was = make_document()
    (chart, *_) = was.charts()
    figure = chart.figure
    row = (figure.table.rows[0][0], "changed", *figure.table.rows[0][2:])
    numbers = replace(figure.table, rows=(row, *figure.table.rows[1:]))
    moved = chart.model_copy(update={"figure": replace(figure, table=numbers)})
    before = reading(chart)
    (line,) = lines(before, reading(moved))
    assert line.where == f"Chart of {chart.name}, {row[0]}"
    assert line.now.startswith("changed")


def test_a_section_that_comes_and_one_that_goes():
    more = Section(key="b", title="B", area="Area 1", blocks=(Paragraph(text="Words"),))
    with_it = reading(Paragraph(text="x"), more=(more,))
    without = reading(Paragraph(text="x"))
    (came,) = differences(without, with_it)
    (went,) = differences(with_it, without)
    assert (came.key, came.area, came.lines) == ("b", "Area 1", (Difference("Text", "", "Words"),))
    assert (went.key, went.lines) == ("b", (Difference("Text", "Words", ""),))


def test_approvals_are_left_out():
    signed = Section(key=APPROVAL, title="Signed", blocks=(Paragraph(text="By A"),))
    assert (
        differences(reading(Paragraph(text="x")), reading(Paragraph(text="x"), more=(signed,)))
        == []
    )

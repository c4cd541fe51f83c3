"""The page for families beside a report, of the plan worked by hand in report_builders.py."""

import io

import pikepdf
import pytest

from reports.contents.building import build
from reports.rendering import render
from reports.rendering.document import Block, Bullets, Paragraph, Section
from tests.reports.documents import make_document
from tests.reports.report_builders import make_report, part, texts


@pytest.fixture
def families(told):
    return build(make_report(told)).families


def bullets(section):
    return [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]


def test_it_goes_with_the_quarterly_and_the_half_yearly_report_alone(told):
    for content, has_one in (
        ("kpis", False),
        ("exceptions", False),
        ("formal", True),
        ("scrutiny", True),
    ):
        assert (build(make_report(told, content)).families is not None) is has_one


def test_it_says_which_report_it_goes_with_and_for_whom(families, told):
    report = build(make_report(told, version=2)).document
    assert families.content == "families"
    assert families.title == "How the plan is going, October to December 2022"
    assert families.audiences == ("families",)
    assert (families.number, families.as_at) == (report.number, report.as_at)
    assert [section.title for section in families.sections] == [
        "What this plan is for",
        "What has been done",
        "What is late or worries us",
        "You said, we did",
        "How to have a say",
    ]


def test_it_says_what_the_plan_is_for(families):
    section = part(families, "purpose")
    assert "They found one thing that must get better." in texts(section)[0]
    assert bullets(section) == ["Area 1: Waiting times", "Area 2: Area 2 of the plan"]


def test_it_says_what_is_done_in_counts_and_names_what_is_new(families):
    section = part(families, "done")
    # Blue 1.1.1b, Amber 1.1.1a, Red 1.1.1c, not yet rated 2.1.1a.
    assert texts(section)[:2] == [
        "The plan makes 4 promises. One is done and part of everyday work. None are on track, and "
        "one is on track with some concerns.",
        "Done since 30 September 2022:",
    ]
    assert len(bullets(section)) == 1
    assert texts(section)[2] == "Families wait nine weeks less.\nParents fill in one form."


def test_it_says_what_is_late_or_worrying(families):
    section = part(families, "worries")
    # 2.1.1a is late, 1.1.1c is Red.
    assert texts(section) == [
        "One is late. One is without progress or with major concerns. "
        "1 commitment has not been rated."
    ]
    assert bullets(section) == [
        "Area 1: 1 without progress or with major concerns",
        "Area 2: 1 late",
    ]


def test_what_families_asked_for_is_written_by_a_person_and_asked_for(told):
    built = build(make_report(told))
    assert built.families
    assert texts(part(built.families, "you-said")) == ["Nothing has been written here yet."]
    assert "families:you-said" in built.places
    assert "words:families:you-said" in {one.key for one in built.missing}


def test_what_an_organisation_approves_holds_the_page_for_families(told):
    report = make_report(told)
    before = build(report).substance
    report.texts.create(
        place="families:you-said", original="", text="We answer.", by=told.users["officer"]
    )
    assert build(report).substance != before


def test_nothing_kept_back_is_in_it(families):
    for secret in ("working-note-secret", "restricted-note-secret", "restricted-evidence-secret"):
        assert secret not in families.text


def pages(document):
    with pikepdf.open(io.BytesIO(render(document, "pdf"))) as pdf:
        return len(pdf.pages)


def test_it_is_one_page(families):
    assert pages(families) == 1


def test_a_plan_of_many_areas_with_long_titles_and_words_is_one_page_too():
    """As long as the sample's: five areas of two lines, three new promises, words of ten lines."""
    long = "The waiting times for an assessment, and weaknesses in the support for children who "
    long += "wait for one"
    sentence = "The plan makes 71 promises. 13 are done and part of everyday work. 35 are on track."
    sections: tuple[tuple[str, list[Block]], ...] = (
        ("purpose", [Paragraph(text=long * 3), Bullets(items=(long,) * 5)]),
        (
            "done",
            [
                Paragraph(text=sentence),
                Paragraph(text="Done since 30 September 2022:"),
                Bullets(items=(long,) * 3),
                Paragraph(text="\n".join(["Families say whom to ask."] * 3)),
            ],
        ),
        ("worries", [Paragraph(text=sentence), Bullets(items=(sentence,) * 5)]),
        ("you-said", [Paragraph(text="\n".join([sentence] * 4))]),
        ("have-a-say", [Paragraph(text=sentence)]),
    )
    document = make_document(
        content="families",
        is_draft=True,
        audiences=("families",),
        title="How the plan is going, October to December 2022",
        sections=tuple(
            Section(key=key, title="What is late or worries us", blocks=tuple(blocks))
            for key, blocks in sections
        ),
    )
    assert pages(document) == 1


def test_it_has_no_list_of_contents_and_no_numbers_to_refer_by(families):
    page = render(families, "html").decode()
    assert "Contents" not in page
    assert 'class="kept-number"' not in page

"""The half-yearly report to councillors, of the plan worked by hand in report_builders.py."""

from datetime import date

import pytest

from actions.models import AreaOfficer, GlossaryTerm, Theme
from reports.contents import abbreviations
from reports.contents.abbreviations import Glossary, spelt_out
from reports.contents.building import build
from reports.drafts import drafting
from reports.rendering.document import (
    Bullets,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Section,
    Table,
)
from tests.factories import at
from tests.reports.report_builders import make_report, part, rows, texts


@pytest.fixture
def told(told):
    Theme.objects.create(
        plan=told.plan,
        area=told.area,
        code="1.2",
        ref="1.2",
        position=2,
        title="Shorter waits",
        i_statement="I am seen in time.",
        voice=["parent_carers", "children_and_young_people"],
    )
    return told


@pytest.fixture
def built(told):
    return build(make_report(told, "scrutiny"))


def facts(section):
    return [
        (one.label, one.value)
        for block in section.blocks
        if isinstance(block, Facts)
        for one in block.items
    ]


def bullets(section):
    return [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]


def test_it_has_the_parts_of_a_committee_report_in_their_order(built):
    assert [section.key for section in built.document.sections] == [
        "recommendations",
        "summary",
        "area:1",
        "area:2",
        "implications",
        "next",
        "co-production",
        "appendix:1",
        "appendix:2",
        "appendix:3",
        "papers",
        "contacts",
        "circulation",
        "words",
        "approval",
    ]


def test_what_only_a_person_can_write_is_asked_for(built):
    assert texts(part(built, "recommendations")) == ["Not written yet."]
    implied = part(built, "implications")
    assert [block.text for block in implied.blocks if block.kind == "heading"] == [
        "Financial implications",
        "Environmental implications",
        "Equality implications",
    ]
    assert texts(implied) == ["Not written yet."] * 3
    asked = {one.key for one in built.missing}
    assert asked >= {
        f"words:scrutiny:{key}"
        for key in ("recommendations", "financial", "environmental", "equality", "contacts")
    }


def test_written_words_stand_in_their_place(told):
    report = make_report(told, "scrutiny")
    drafting.word(
        report=report,
        place="scrutiny:financial",
        text="No more money is asked for.",
        seen=drafting.digest_of(""),
        by=told.users["officer"],
    )
    built = build(report)
    assert texts(part(built, "implications"))[0] == "No more money is asked for."
    assert "words:scrutiny:financial" not in {one.key for one in built.missing}


def test_the_summary_says_what_each_colour_means(built):
    said = dict(facts(part(built, "summary")))
    assert said["Blue"] == "Completed and embedded"
    assert said["Not yet rated"] == "Nobody has rated it yet"


def test_an_area_begins_with_what_families_should_be_able_to_say(built):
    section = part(built, "area:1")
    assert section.area == "Area 1"
    quotes = [block.text for block in section.blocks if getattr(block, "style", "") == "quote"]
    assert quotes == ["“I am seen in time.”"]
    voice = "In the words of parent carers and children and young people. Shorter waits (1.2)"
    assert voice in texts(section)
    assert "Families wait too long." in texts(section)


def test_an_area_says_how_its_commitments_stand(built):
    # 1.1.1a Amber, 1.1.1b Blue, 1.1.1c Red; none of them overdue, because c has moved.
    assert "Of 3 commitments: 1 Blue, 1 Amber and 1 Red." in texts(part(built, "area:1"))
    # 2.1.1a nobody rated; it was due in August. 2.1.1b is withdrawn.
    assert "Of 1 commitment: 1 not yet rated. 1 is overdue." in texts(part(built, "area:2"))


def test_an_area_names_what_is_late_or_worrying(built):
    (worry,) = [one for one in bullets(part(built, "area:1")) if one.startswith("1.1.1c")]
    assert worry.endswith(": Red. Due in February 2023, first agreed for October 2022.")
    (late,) = [one for one in bullets(part(built, "area:2")) if one.startswith("2.1.1a")]
    assert late.endswith(": Not yet rated. Overdue, due in August 2022.")


def test_the_officers_judgement_is_in_words(built):
    assert facts(part(built, "area:1")) == [
        ("Senior responsible officer", "Sam Officer"),
        (
            "The SRO rating of the area",
            "Red (no progress, major concerns), 10 December 2022",
        ),
    ]


def test_every_commitment_stands_in_the_first_appendix(built):
    assert [(row[0], row[2], row[3], row[4]) for row in rows(built, "Commitments")] == [
        ("1.1.1a", "Amber", "December 2022", "December 2022"),
        ("1.1.1b", "Blue", "November 2022", "November 2022"),
        ("1.1.1c", "Red", "October 2022", "February 2023"),
        ("2.1.1a", "Not yet rated", "August 2022", "August 2022"),
    ]


def test_contacts_are_officers_by_their_part(told):
    AreaOfficer.objects.filter(area=told.other_area).delete()
    built = build(make_report(told, "scrutiny"))
    assert facts(part(built, "contacts")) == [
        ("Senior responsible officer, area 1", "Sam Officer, Director, The county council"),
        ("Senior responsible officer, area 2", "Nobody named"),
    ]


def test_the_circulation_is_the_audience(built):
    assert bullets(part(built, "circulation")) == ["The board"]


def test_the_series_decides_the_half_year(told):
    report = make_report(told, "scrutiny")
    assert build(report).document.period_ends == report.ends_on
    assert report.starts_on <= date(2022, 12, 31) <= report.ends_on


# --- Plain words ------------------------------------------------------------------------------


def words(**meanings):
    return Glossary({term: tuple(found.split("|")) for term, found in meanings.items()})


def spelt(glossary, *texts, key="a"):
    section = Section(key=key, title="A", blocks=tuple(Paragraph(text=text) for text in texts))
    (found,) = spelt_out((section,), glossary)
    return [block.text for block in found.blocks]


def test_an_abbreviation_has_its_meaning_where_it_is_first_used():
    glossary = words(CCN="Community Children's Nursing")
    assert spelt(glossary, "CCN and CCN.", "More CCN") == [
        "CCN (Community Children's Nursing) and CCN.",
        "More CCN",
    ]


def test_each_section_is_read_by_itself():
    glossary = words(AP="Alternative Provision")
    both = tuple(
        Section(key=key, title="A", blocks=(Paragraph(text="In AP"),)) for key in ("a", "b")
    )
    assert [one.blocks[0].text for one in spelt_out(both, glossary)] == [
        "In AP (Alternative Provision)"
    ] * 2


def test_a_term_with_two_meanings_is_not_guessed_and_is_listed_with_both():
    glossary = words(EET="Education Entitlement Team|Education Employment Team")
    assert spelt(glossary, "The EET met.") == ["The EET met."]
    (table,) = abbreviations.list_of(glossary).blocks
    assert [cell.text for cell in table.rows[0]] == [
        "EET",
        "Education Entitlement Team, or Education Employment Team",
    ]


def test_terms_that_differ_by_case_alone_are_not_guessed():
    glossary = words(CIN="Child in Need", CiN="Communication and Interaction Needs")
    assert spelt(glossary, "CIN and CiN") == ["CIN and CiN"]
    assert glossary.used == {"CIN", "CiN"}


def test_a_plural_is_of_its_term_unless_it_is_a_term_itself():
    glossary = words(EHCP="education, health and care plan", CETRs="care reviews")
    assert spelt(glossary, "Two EHCPs, three CETRs") == [
        "Two EHCPs (education, health and care plan), three CETRs (care reviews)"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Child in Need (CIN) plans",
        "1.1.1a and 2.3.4b",
        "MacDonald and e-mail",
        "the CINEMA",
        "A and I",
    ],
)
def test_what_needs_no_meaning_gets_none(text):
    assert spelt(words(CIN="Child in Need"), text) == [text]


def test_somebodys_own_words_stay_as_they_are():
    glossary = words(AP="Alternative Provision")
    quote = Paragraph(text="AP helps me.", style="quote")
    forum = Section(key="co-production", title="A", blocks=(Paragraph(text="AP helps us."),))
    own = Section(key="a", title="A", blocks=(quote,))
    assert [one.blocks[0].text for one in spelt_out((own, forum), glossary)] == [
        "AP helps me.",
        "AP helps us.",
    ]
    assert glossary.used == {"AP"}


def test_lists_facts_and_cells_are_spelt_out_too():
    glossary = words(AP="Alternative Provision", BSL="British Sign Language", EP="psychologist")
    table = Table(
        name="T", caption="C", columns=(Column(title="AP"),), rows=((Cell(text="In AP"),),)
    )
    facts = Facts(items=(Fact(label="BSL", value="In BSL"),))
    section = Section(key="a", title="A", blocks=(Bullets(items=("An EP",)), facts, table))
    (found,) = spelt_out((section,), glossary)
    assert found.blocks[0].items == ("An EP (psychologist)",)
    assert found.blocks[1].items[0].value == "In BSL (British Sign Language)"
    assert found.blocks[2].rows[0][0].text == "In AP (Alternative Provision)"


def test_what_heads_something_is_left_alone_and_listed():
    glossary = words(AP="Alternative Provision", KPI="measure", BSL="signs", EP="psychologist")
    table = Table(name="T", caption="AP", columns=(Column(title="KPI"),), rows=(), notes=("EP",))
    section = Section(key="a", title="A", blocks=(Heading(level=2, text="BSL"), table))
    assert spelt_out((section,), glossary) == (section,)
    assert glossary.used == {"AP", "KPI", "BSL", "EP"}


def test_an_abbreviation_without_a_meaning_is_told_of():
    glossary = words(AP="Alternative Provision")
    spelt(glossary, "AP, QXZ and RISE")
    (table,) = abbreviations.list_of(glossary).blocks
    assert table.notes == ("The plan’s glossary does not say what these mean: QXZ and RISE.",)


def test_the_plans_glossary_is_read_and_stands_before_what_is_common(told):
    for position, (term, meaning, withdrawn_at) in enumerate(
        (
            ("SEND", "needs and disabilities", None),
            ("QXZ", "a thing", None),
            ("OLD", "gone", at("2022-02-01")),
        )
    ):
        GlossaryTerm.objects.create(
            plan=told.plan,
            position=position,
            abbreviation=term,
            meaning=meaning,
            withdrawn_at=withdrawn_at,
        )
    told.finding.text = "QXZ and SEND and DfE and OLD."
    told.finding.save()
    built = build(make_report(told, "scrutiny"))
    assert (
        "QXZ (a thing) and SEND (needs and disabilities) and DfE (Department for Education) and "
        "OLD."
    ) in texts(part(built, "area:1"))
    assert ["QXZ", "a thing"] in rows(built, "Words")

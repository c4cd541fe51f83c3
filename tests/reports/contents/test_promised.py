"""What the quarterly report says of an area beside its rows, and whom it names as contacts."""

import pytest

from actions.models import AccountableOfficer, Action, Area, AreaOfficer, PlanContact
from actions.models.base import date_columns
from actions.rules.dates import PlanDate
from kpis.models import HeadlineKpi
from reports.contents.building import build
from tests.factories import area_numbered, referenced
from tests.reports.report_builders import make_report, part, rows, texts


@pytest.fixture
def promised(told):
    """Area 3 with a headline KPI, its impact and an action with everything an action may carry.

    All of it is new: what is changed now was otherwise on the day that the report shows.
    """
    area = Area.objects.create(
        plan=told.plan,
        **area_numbered(3),
        title="First visits",
        impact="Families wait weeks, not years.",
    )
    AreaOfficer.objects.create(area=area, person=told.sro)
    action = Action.objects.create(
        plan=told.plan,
        area=area,
        **referenced("3.1"),
        position=1,
        title="Visit sooner",
        responsible_group=told.board,
        impact="A first visit within a term.",
        quotation="We waited a year.",
        quotation_by="A parent",
        **date_columns(PlanDate.parse("2021-05"), "quotation_"),
    )
    for position, person in enumerate((told.sro, told.lead)):
        AccountableOfficer.objects.create(action=action, person=person, position=position)
    HeadlineKpi.objects.create(area=area, kpi=told.wait)
    return told


def bullets(section):
    return [item for block in section.blocks if block.kind == "bullets" for item in block.items]


def facts(section):
    return {
        fact.label: fact.value
        for block in section.blocks
        if block.kind == "facts"
        for fact in block.items
    }


def test_an_area_says_what_is_promised_to_families_and_who_is_accountable(promised):
    built = build(make_report(promised))
    section = part(built, "area:3")

    assert "What the plan promises: Families wait weeks, not years." in texts(section)
    assert "3.1 Visit sooner: A first visit within a term." in bullets(section)
    assert "3.1 “We waited a year.” (A parent, May 2021)" in bullets(section)
    # An officer who answers for an area by name, anybody else by office.
    assert rows(built, "Area 3 accountability") == [
        [
            "3.1",
            "Visit sooner",
            "Sam Officer; Service manager, The health board",
            "The board",
        ]
    ]
    assert facts(section)["Headline KPI"].startswith(f"K1 {promised.wait.title}: ")


def test_an_area_that_carries_nothing_says_nothing_of_it(told):
    built = build(make_report(told))

    for key in ("area:1", "area:2"):
        section = part(built, key)
        assert "Headline KPI" not in facts(section)
        assert not [text for text in texts(section) if text.startswith("What the plan")]
    assert not [table for table in built.document.tables() if "accountability" in table.name]
    assert "contacts" not in {section.key for section in built.document.sections}


def test_contacts_are_named_by_role_without_address_or_number(told):
    for position, (name, role, job_title, organisation) in enumerate(
        (
            ("Dee Dove", "dfe_adviser", "", "DfE"),
            ("Nat Nunn", "nhse_adviser", "Regional lead", "NHS England"),
            ("Dan Dell", "dfe_adviser", "", ""),
        )
    ):
        PlanContact.objects.create(
            plan=told.plan,
            position=position,
            name=name,
            role=role,
            job_title=job_title,
            organisation=organisation,
            email=f"{position}@example.org",
            phone="01234 567890",
        )
    built = build(make_report(told))
    said = facts(part(built, "contacts"))

    assert said["DfE adviser"] == "Dee Dove (DfE) and Dan Dell"
    assert said["NHS England adviser"] == "Nat Nunn (Regional lead, NHS England)"
    assert "@example.org" not in built.document.text
    assert "01234" not in built.document.text

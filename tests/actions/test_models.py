"""Each named constraint, broken once."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from actions.models import (
    Action,
    Area,
    AreaOfficer,
    Body,
    Commitment,
    CommitmentLead,
    Confirmation,
    FundingAmount,
    FundingLine,
    GlossaryTerm,
    Inspection,
    KeyDate,
    Membership,
    Organisation,
    Person,
    Plan,
    ProgressUpdate,
    Resource,
    ResponsibleOrganisation,
    Theme,
)
from actions.models.base import date_columns
from actions.rules.dates import PlanDate
from tests.factories import make_finding, make_plan


@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        (
            "organisation_code_once",
            lambda w: Organisation.objects.create(
                local_area=w.plan.local_area, code="CC", name="Another"
            ),
        ),
        (
            "person_name_once",
            lambda w: Person.objects.create(
                local_area=w.plan.local_area, name=w.people["lead"].name
            ),
        ),
        (
            "person_user_once",
            lambda w: Person.objects.create(
                local_area=w.plan.local_area, name="Twice", user=w.users["lead"]
            ),
        ),
        (
            "body_name_once",
            lambda w: [
                Body.objects.create(plan=w.plan, position=n, name="Board", kind="board")
                for n in (1, 2)
            ],
        ),
        (
            "membership_once",
            lambda w: Membership.objects.create(user=w.users["lead"], plan=w.plan, role="lead"),
        ),
        (
            "membership_area_is_the_sros",
            lambda w: Membership.objects.create(user=w.users["lead"], plan=w.plan, role="sro"),
        ),
        (
            "membership_area_is_the_sros",
            lambda w: Membership.objects.create(
                user=w.users["outsider"], plan=w.plan, role="chair", area=w.area
            ),
        ),
        (
            "membership_ends_after_it_starts",
            lambda w: Membership.objects.create(
                user=w.users["outsider"],
                plan=w.plan,
                role="chair",
                starts_on=date(2022, 5, 2),
                ends_on=date(2022, 5, 1),
            ),
        ),
        (
            "inspection_code_once",
            lambda w: [
                Inspection.objects.create(
                    local_area=w.plan.local_area, code="2021", position=n, title="Inspection"
                )
                for n in (1, 2)
            ],
        ),
        (
            "inspection_ends_after_it_starts",
            lambda w: Inspection.objects.create(
                local_area=w.plan.local_area,
                code="2021",
                position=1,
                title="Inspection",
                visited_from=date(2021, 7, 16),
                visited_to=date(2021, 7, 12),
            ),
        ),
        ("plan_agreed_when_not_draft", lambda w: make_plan(agreed_on=None)),
        ("plan_closed_on_when_closed", lambda w: make_plan(state=Plan.State.CLOSED)),
        ("plan_closed_on_when_closed", lambda w: make_plan(closed_on=date(2023, 7, 1))),
        ("plan_ends_after_it_starts", lambda w: make_plan(ends_on=date(2021, 6, 1))),
        ("plan_starts_is_month_or_day", lambda w: make_plan(starts_on=date(2022, 1, 2))),
        ("plan_ends_is_month_or_day", lambda w: make_plan(ends_on=date(2023, 6, 30))),
        (
            "responsible_organisation_once",
            lambda w: [
                ResponsibleOrganisation.objects.create(
                    plan=w.plan, organisation=w.council, position=n
                )
                for n in (1, 2)
            ],
        ),
        (
            "finding_code_once",
            lambda w: [make_finding(w.plan, code="w1") for _ in range(2)],
        ),
        (
            "area_code_once",
            lambda w: Area.objects.create(plan=w.plan, code="1", position=9, title="Again"),
        ),
        (
            "area_officer_one_at_a_time",
            lambda w: AreaOfficer.objects.create(area=w.area, person=w.people["lead"]),
        ),
        (
            "theme_code_once",
            lambda w: Theme.objects.create(
                plan=w.plan, area=w.other_area, code="1.1", position=1, title="Again"
            ),
        ),
        (
            "action_code_once",
            lambda w: Action.objects.create(
                plan=w.plan,
                area=w.area,
                theme=w.action.theme,
                code="1.1.1",
                position=1,
                title="Again",
            ),
        ),
        (
            "commitment_code_once",
            lambda w: Commitment.objects.create(
                plan=w.plan,
                action=w.other_action,
                code="1.1.1a",
                position=1,
                evidence="Again",
                added_at=w.commitment.added_at,
            ),
        ),
        (
            "commitment_evidence_once",
            lambda w: Commitment.objects.filter(pk=w.second.pk).update(evidence=""),
        ),
        (
            "commitment_evidence_once",
            lambda w: Commitment.objects.filter(pk=w.second.pk).update(
                same_evidence_as=w.commitment
            ),
        ),
        (
            "commitment_measures_once",
            lambda w: Commitment.objects.filter(pk=w.second.pk).update(
                measures=["Families say so"], same_measures_as=w.commitment
            ),
        ),
        (
            "commitment_lead_once",
            lambda w: CommitmentLead.objects.create(
                commitment=w.commitment, person=w.people["lead"], position=9
            ),
        ),
        (
            "resource_amount_not_negative",
            lambda w: Resource.objects.create(
                action=w.action, position=1, text="Money back", amount=-1
            ),
        ),
        (
            "key_date_is_a_whole_span",
            lambda w: KeyDate.objects.create(
                commitment=w.commitment,
                kind="interim",
                first_day=date(2022, 5, 2),
                last_day=date(2022, 5, 31),
                precision="month",
                position=1,
                source="test",
            ),
        ),
        (
            "key_date_move_has_reason",
            lambda w: KeyDate.objects.create(
                commitment=w.commitment,
                kind="completion",
                **date_columns(PlanDate.parse("2023-05")),
                position=1,
                replaces=w.commitment.key_dates.get(),
                source="test",
            ),
        ),
        (
            "confirmation_return_has_reason",
            lambda w: Confirmation.objects.create(
                update=ProgressUpdate.objects.create(
                    commitment=w.commitment, brag="blue", progress="Done", by=w.users["lead"]
                ),
                commitment=w.commitment,
                is_confirmed=False,
                by=w.users["sro"],
            ),
        ),
        (
            "funding_amount_once",
            lambda w: [
                FundingAmount.objects.create(line=line, year="2021/22", amount=1)
                for line in [FundingLine.objects.create(plan=w.plan, position=1, title="Training")]
                for _ in range(2)
            ],
        ),
        (
            "glossary_term_once",
            lambda w: [
                GlossaryTerm.objects.create(
                    plan=w.plan, position=n, abbreviation="EET", meaning="Education Employment Team"
                )
                for n in (1, 2)
            ],
        ),
    ],
)
def test_a_constraint_refuses_what_breaks_it(world, constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(world)


def test_an_abbreviation_may_have_two_meanings_and_two_may_differ_by_case(world):
    for position, (abbreviation, meaning) in enumerate(
        [
            ("EET", "Education Entitlement Team"),
            ("EET", "Education Employment Team"),
            ("CIN", "Child in Need"),
            ("CiN", "Communication and Interaction Needs"),
        ]
    ):
        GlossaryTerm.objects.create(
            plan=world.plan, position=position, abbreviation=abbreviation, meaning=meaning
        )
    assert world.plan.glossary.count() == 4


def test_a_lead_who_left_may_lead_again(world):
    row = world.commitment.leads.get(person=world.people["lead"])
    row.ends_on = date(2022, 5, 31)
    row.save(update_fields=["ends_on"])
    CommitmentLead.objects.create(
        commitment=world.commitment,
        person=world.people["lead"],
        position=2,
        starts_on=date(2022, 9, 1),
    )


def test_a_plan_is_named_shortly_beside_its_local_area():
    plan = Plan(kind=Plan.Kind.WSOA, starts_on=date(2022, 1, 1), ends_on=date(2023, 6, 1))
    assert plan.short_name == "Written Statement of Action, 2022–23"
    assert plan.period == "January 2022 to June 2023"


def test_an_action_stands_in_the_area_of_its_theme(world):
    theme = world.action.theme
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.create(
            plan=world.plan, area=world.other_area, theme=theme, code="9", position=9, title="x"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=world.action.pk).update(area=world.other_area)

    theme.area = world.other_area
    theme.save()
    world.action.refresh_from_db()
    assert world.action.area == world.other_area

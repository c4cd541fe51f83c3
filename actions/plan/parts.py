"""The parts of a plan that an officer edits: what each is, what it stands in, what it holds."""

from typing import Any

from actions.models import (
    AccountableOfficer,
    Action,
    ActionLead,
    Area,
    Body,
    BodyMember,
    Commitment,
    CommitmentLead,
    Finding,
    KeyDate,
    Membership,
    Notice,
    Organisation,
    Person,
    Plan,
    PlanContact,
    Resource,
    ResponsibleOrganisation,
    Signatory,
    Theme,
)
from actions.pages.formatting import listed, pounds, short_day
from actions.plan import editing_forms as forms
from actions.plan.colour_key import ColourKeyForm, ColourKeyPart
from actions.plan.editing import (
    REFERENCE_HOME,
    ActionPart,
    AreaPart,
    CommitmentPart,
    DatePart,
    FactsPart,
    FindingPart,
    LevelNamesPart,
    MembershipPart,
    Part,
    ReferencedPart,
    SroPart,
    WholeActionPart,
    register,
)


def _title(row: Any) -> str:
    return str(row.title)


def _name(row: Any) -> str:
    return str(row.name)


def _person(row: Any) -> str:
    return str(row.person)


def _date(row: KeyDate) -> str:
    return f"{row.get_kind_display()}, {row.when}"


def _resource(row: Resource) -> str:
    return pounds(row.amount)


def _members(row: BodyMember) -> str:
    people = [person.name for person in row.people.all()]
    organisations = [organisation.name for organisation in row.organisations.all()]
    return ", ".join([listed(people), *organisations] if people else organisations)


def _who(row: Person) -> str:
    organisation = row.organisation.name if row.organisation else ""
    account = "" if row.user_id else "no account"
    return ", ".join(text for text in (row.job_title, organisation, account) if text)


def _contact(row: PlanContact) -> str:
    return ", ".join(filter(None, (row.job_title or row.get_role_display(), row.organisation)))


def _sro(row: Any) -> str:
    return row.sro_name or "Nobody yet"


def _member(row: Membership) -> str:
    return f"{row.user}, {row}"


def _days(row: Membership) -> str:
    starts = f"from {short_day(row.starts_on)}" if row.starts_on else ""
    ends = f"to {short_day(row.ends_on)}" if row.ends_on else ""
    sees = "may see small numbers" if row.sees_small_numbers else ""
    return ", ".join(text for text in (" ".join(filter(None, (starts, ends))), sees) if text)


# What is agreed: edited while the plan is a draft.
TO_AGREE = (
    FactsPart(
        kind="facts",
        noun="the plan’s own facts",
        model=Plan,
        form=forms.FactsForm,
        holder="pk",
        months={"starts": "starts_", "ends": "ends_"},
        title=_title,
    ),
    LevelNamesPart(
        kind="level-names",
        noun="the names of its levels",
        model=Plan,
        form=forms.LevelNamesForm,
        holder="pk",
        title=_title,
    ),
    ColourKeyPart(
        kind="colour-key",
        noun="the colour key",
        model=Plan,
        form=ColourKeyForm,
        holder="pk",
        title=_title,
        margin="includes/colour_key.html",
    ),
    Part(
        kind="responsible",
        noun="responsible organisation",
        model=ResponsibleOrganisation,
        form=forms.ResponsibleForm,
        clashes={"responsible_organisation_once": ("organisation", "It stands here already")},
        related=("organisation",),
        title=lambda row: str(row.organisation),
    ),
    Part(
        kind="signatory",
        noun="signatory",
        model=Signatory,
        form=forms.SignatoryForm,
        title=_name,
        note=lambda row: str(row.office),
    ),
    FindingPart(
        kind="finding",
        is_agreed=False,
        home=REFERENCE_HOME,
        noun="finding",
        model=Finding,
        form=forms.FindingForm,
        title=forms.named,
    ),
    Part(
        kind="notice",
        noun="notice of DfE",
        plural="notices of DfE",
        model=Notice,
        form=forms.NoticeForm,
        note=lambda row: f"from {short_day(row.issued_on)}",
    ),
    AreaPart(
        kind="area",
        noun="{area}",
        plural="{areas}",
        model=Area,
        form=forms.AreaForm,
        children=("theme", "area-action"),
        placed={"findings": "answers"},
        goes_with=("officers", "answers"),
        title=forms.named,
    ),
    ReferencedPart(
        kind="theme",
        noun="{theme}",
        plural="{themes}",
        model=Theme,
        form=forms.ThemeForm,
        holder="area",
        holder_kind="area",
        children=("action",),
        related=("area",),
        title=forms.named,
    ),
    ActionPart(
        kind="action",
        noun="{action}",
        plural="{actions}",
        model=Action,
        form=forms.ActionForm,
        holder="theme",
        holder_kind="theme",
        children=("commitment", "whole-action", "action-lead", "accountable", "resource"),
        dates={"quotation_date": "quotation_"},
        links=("works_with",),
        placed={"findings": "answers"},
        goes_with=("leads", "accountable", "resources", "answers"),
        related=("theme__area",),
        title=forms.named,
    ),
    ActionPart(
        kind="area-action",
        noun="{action}",
        plural="{actions}",
        model=Action,
        form=forms.ActionForm,
        holder="area",
        holder_kind="area",
        children=("commitment", "whole-action", "action-lead", "accountable", "resource"),
        dates={"quotation_date": "quotation_"},
        links=("works_with",),
        placed={"findings": "answers"},
        goes_with=("leads", "accountable", "resources", "answers"),
        related=("area",),
        title=forms.named,
    ),
    Part(
        kind="action-lead",
        noun="lead of the {action}",
        plural="leads of the {action}",
        model=ActionLead,
        form=forms.PersonChosenForm,
        holder="action",
        holder_kind="action",
        of_plan="action__plan",
        clashes={"action_lead_once": ("person", "They lead it already")},
        related=("person",),
        title=_person,
    ),
    Part(
        kind="accountable",
        noun="accountable officer",
        model=AccountableOfficer,
        form=forms.PersonChosenForm,
        holder="action",
        holder_kind="action",
        of_plan="action__plan",
        clashes={"accountable_officer_once": ("person", "They are accountable for it already")},
        related=("person__organisation",),
        title=_person,
        note=lambda row: str(row.person.organisation or ""),
    ),
    Part(
        kind="resource",
        noun="resource",
        model=Resource,
        form=forms.ResourceForm,
        holder="action",
        holder_kind="action",
        of_plan="action__plan",
        title=lambda row: str(row.text),
        note=_resource,
    ),
    CommitmentPart(
        kind="commitment",
        noun="{commitment}",
        plural="{commitments}",
        model=Commitment,
        form=forms.CommitmentForm,
        holder="action",
        holder_kind="action",
        children=("date", "lead"),
        placed={"findings": "answers"},
        goes_with=("leads", "resources", "answers"),
        title=forms.named,
    ),
    WholeActionPart(
        kind="whole-action",
        noun="{commitment} of the whole {action}",
        model=Commitment,
        form=forms.WholeActionForm,
        holder="action",
        holder_kind="action",
        children=("date", "lead"),
        goes_with=("leads", "resources", "answers"),
        title=forms.named,
    ),
    Part(
        kind="lead",
        noun="lead",
        model=CommitmentLead,
        form=forms.PersonChosenForm,
        holder="commitment",
        holder_kind="commitment",
        of_plan="commitment__plan",
        clashes={"commitment_lead_once": ("person", "They lead it already")},
        related=("person",),
        title=_person,
    ),
    DatePart(
        kind="date",
        noun="key date",
        model=KeyDate,
        form=forms.KeyDateForm,
        holder="commitment",
        holder_kind="commitment",
        of_plan="commitment__plan",
        dates={"when": ""},
        related=("commitment__plan",),
        title=_date,
        note=lambda row: str(row.note),
    ),
)

# Who is who, and may do what: edited until the plan is closed.
PEOPLE = (
    MembershipPart(
        kind="membership",
        noun="membership",
        model=Membership,
        form=forms.MembershipForm,
        is_agreed=False,
        clashes={
            "membership_once": ("role", "They have this part already: change the days it lasts")
        },
        removing="It ends with yesterday; what has not begun yet is taken back.",
        title=_member,
        note=_days,
    ),
    SroPart(
        kind="sro",
        noun="senior responsible officer",
        model=Area,
        form=forms.SroForm,
        is_agreed=False,
        title=forms.named,
        note=_sro,
    ),
    Part(
        kind="person",
        noun="person",
        model=Person,
        form=forms.PersonForm,
        holder="local_area",
        of_plan="local_area",
        is_agreed=False,
        can_move=False,
        clashes={
            "person_name_once": ("name", "Somebody of this name is here already"),
            "person_user_once": ("user", "This is somebody else’s account"),
        },
        related=("organisation", "user"),
        title=_name,
        note=_who,
    ),
    Part(
        kind="organisation",
        noun="organisation",
        model=Organisation,
        form=forms.OrganisationForm,
        holder="local_area",
        of_plan="local_area",
        is_agreed=False,
        can_move=False,
        clashes={"organisation_code_once": ("code", "Another organisation has this short form")},
        title=_name,
        note=lambda row: str(row.code),
    ),
    Part(
        kind="body",
        noun="body",
        model=Body,
        form=forms.BodyForm,
        children=("body-member",),
        goes_with=("members",),
        is_agreed=False,
        clashes={"body_name_once": ("name", "Another body has this name")},
        related=("area",),
        title=_name,
        note=lambda row: str(row.get_kind_display()),
    ),
    Part(
        kind="body-member",
        noun="member",
        model=BodyMember,
        form=forms.BodyMemberForm,
        holder="body",
        holder_kind="body",
        of_plan="body__plan",
        links=("people", "organisations"),
        is_agreed=False,
        related=("people", "organisations"),
        title=lambda row: str(row.role),
        note=_members,
    ),
    Part(
        kind="contact",
        noun="contact",
        model=PlanContact,
        form=forms.ContactForm,
        is_agreed=False,
        clashes={
            "plan_contact_once": (
                "name",
                "This person has this role already: change that contact, or put it back",
            )
        },
        title=_name,
        note=_contact,
    ),
)

register(*TO_AGREE, *PEOPLE)

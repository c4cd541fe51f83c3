"""Those who lead a commitment, as the dashboard names them."""

from collections.abc import Mapping

from actions.models import Person
from actions.pages.commitment_rows import person_text
from actions.rules.state import CommitmentState

NO_LEAD = "No lead named"


def leads_of(state: CommitmentState, people: Mapping[int, Person]) -> str:
    """`Name, Organisation; Name, Organisation`"""
    return "; ".join(person_text(people[lead.person]) for lead in state.leads) or NO_LEAD

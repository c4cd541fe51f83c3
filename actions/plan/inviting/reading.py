"""A pasted list of people, read into rows. Nothing is refused here: a form says what is wrong.

1. Each line is somebody: an address, and around it a name, a role and an area, in any order,
   between semicolons, commas or tabs: `p.fairbourne@example.org; Priya Fairbourne; lead`.
2. `Priya Fairbourne <p.fairbourne@example.org>` is how mail programs write both. A line with
   several addresses, as Outlook copies them, is several people.
3. A name that is not given is made of the address: `jude.merriden@` is Jude Merriden.
4. Who has no role given is a lead.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_BREAKS = re.compile(r"[;,\t]")
_NAMED = re.compile(r"^(?P<name>.*?)\s*<(?P<address>[^<>]*)>\s*$")


@dataclass(frozen=True, slots=True)
class Entry:
    email: str
    name: str
    role: str
    area: str


def read(
    text: str, roles: Mapping[str, str], areas: Mapping[str, str], otherwise: str
) -> list[Entry]:
    """The people of a list; roles and areas are what is typed, in lower case, and what it means."""
    return [
        _entry(fields, roles, areas, otherwise)
        for line in text.splitlines()
        for fields in _people(line)
    ]


def _people(line: str) -> list[list[str]]:
    """The fields of each person of a line."""
    fields = [" ".join(field.split()).strip("\"'") for field in _BREAKS.split(line)]
    fields = [field for field in fields if field]
    if sum("@" in field for field in fields) <= 1:
        return [fields] if fields else []
    # As Outlook copies them. A name before a comma belongs to the address that follows it.
    people: list[list[str]] = []
    before: list[str] = []
    for field in fields:
        before.append(field)
        if "@" in field:
            people.append(before)
            before = []
    if before:
        people[-1] += before
    return people


def _entry(
    fields: list[str], roles: Mapping[str, str], areas: Mapping[str, str], otherwise: str
) -> Entry:
    email = name = role = area = ""
    for field in fields:
        named = _NAMED.match(field)
        word = field.casefold()
        if "@" in field and not email:
            email = named["address"].strip() if named else field
            first = named["name"].strip("\"' ") if named else ""
            # `Rookhope, Farid <…>`: the surname came before the comma.
            name = f"{first} {name}".strip()
        elif word in roles and not role:
            role = roles[word]
        elif word in areas and not area:
            area = areas[word]
        else:
            name = name or field
    if not email:
        # Nothing looks like an address: the first of the line is what should have been one.
        email, name = fields[0], "" if name == fields[0] else name
    return Entry(email, name or _from_address(email), role or otherwise, area)


def _from_address(email: str) -> str:
    words = re.split(r"[._]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word)

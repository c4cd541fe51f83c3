"""The sample plan: Warwickshire's, with nobody and no place of the real one, moved in time.

Every person is replaced one to one by an invented one, wherever the name stands. Dates move by
whole months, so that on the day of the first set-up the plan is in its fourteenth month.
"""

import calendar
import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from actions.rules.dates import PlanDate
from wsoa.demo import measures
from wsoa.planfile.format.schema import PlanFile

SLUG = "sample-plan"
SHORT_TITLES = Path(__file__).parent / "texts" / "short_titles.yaml"
LOCAL_AREA = "Sampleshire"
MONTH_OF_TODAY = 14

_FIRST = """
    Amara Bilal Carys Dev Esme Farid Greta Hamza Isla Jomo Kezia Lewin Mira Nadia
    Owen Priya Quentin Rosa Sadiq Tamsin Uma Viktor Wanda Xanthe Yusuf Zadie
"""
_LAST = """
    Ashdown Barleigh Castlemere Dunmoor Elderfield Fairbourne Greenhalge Hollinby
    Inglewick Jessamy Kestrelow Larkham Merriden Northcombe Oakhanger Pellworth
    Quillfeather Rookhope Silverdene Thistlewood Underhay Vellacombe Winterslow
    Yarrowby Zennorton
"""

# Named in the plan's texts, though in no list of people.
_ALSO_NAMED = ("Zara Bowden", "Kim Garland")

# Longest first where one holds another.
_PLACES = {
    "Brimsham Green School, South Gloucestershire": "a school of another county",
    # Its commissioners are of the real plan's time; the sample's are of today.
    "Coventry and Warwickshire Clinical Commissioning Group": (
        "NHS Sampleshire Integrated Care Board"
    ),
    "Governing Body, CWCCG": "Board, SSICB",
    "the Governing Body": "the board of the ICB",
    "CCG Governing Body": "ICB Board",
    "CCG SMT": "ICB Senior Management Team",
    "Clinical Commissioning Group": "Integrated Care Board",
    "NHS Coventry and Warwickshire": "NHS Sampleshire",
    "Coventry and Warwickshire": "Sampleshire",
    "Warwickshire": "Sampleshire",
    "Coventry": "Exampleton",
    "Rugby": "Exampleton",
    "CWCCG": "SSICB",
    "CCG": "ICB",
    "CWPT": "SSPT",
    "SWFT": "SSFT",
    "WPCV": "SSPCV",
    "WCC": "SSCC",
    "WYJS": "SSYJS",
    "WinCKs": "SSinCKs",
}
_MONTHS = list(calendar.month_name)[1:]
_DATE = re.compile(r"^(19|20)\d\d-\d\d(-\d\d)?$")
_MONTH_IN_TEXT = re.compile(rf"\b({'|'.join(_MONTHS)}) (20\d\d)\b")
_YEAR_IN_TEXT = re.compile(r"\b20\d\d/\d\d\b")
# What a real plan's inspectors said of years that the sample has not had.
_OF_ANOTHER_TIME = re.compile(r"COVID|pandemic|lockdown")
_PLACE = re.compile("|".join(rf"\b{re.escape(place)}" for place in _PLACES))


def sample_of(real: PlanFile, today: date) -> PlanFile:
    """The sample plan for a first set-up on this day."""
    starts = PlanDate.parse(real.plan.starts)
    shift = starts.months_until(PlanDate.month_of(today)) - (MONTH_OF_TODAY - 1)
    years = _financial_year(starts.plus_months(shift)) - _financial_year(starts)
    names = invented_names(
        [*(person.name for person in real.people), *_ALSO_NAMED, *_inspectors_of(real)]
    )
    for named in real.people:
        names |= dict.fromkeys(named.also_printed_as, names[named.name])
    person = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names))

    def renamed(text: str) -> str:
        text = person.sub(lambda match: names[match[0]], text)
        text = _YEAR_IN_TEXT.sub(lambda match: _years_later(match[0], years), text)
        text = _MONTH_IN_TEXT.sub(lambda match: _shifted_in_text(match, shift), text)
        return _PLACE.sub(lambda match: _PLACES[match[0]], text)

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: moved(part) for key, part in value.items()}
        if isinstance(value, list):
            return [moved(part) for part in value]
        if not isinstance(value, str):
            return value
        if _DATE.match(value):
            return _shifted(value, shift)
        return renamed(value)

    content = moved(real.model_dump())
    content["plan"] |= {
        "slug": SLUG,
        "local_area": LOCAL_AREA,
        "title": "Sample Written Statement of Action",
        "purpose": "Shows how a plan is kept here: what the local area promised after its "
        "inspection, how each promise stands, and who said so.",
        # There is no published document of it that would say more.
        "is_restated": False,
        "note": "A sample made from a published plan: every person, place and progress in it is "
        "invented, and its dates are moved.",
    }
    for entry in content["people"]:
        entry["also_printed_as"] = []
    # Notes tell how the real papers print a thing, and who else signed them.
    for part in ("people", "organisations", "bodies", "inspections", "areas", "funding"):
        for entry in content[part]:
            entry["note"] = None
    short = _short_titles()
    for area in content["areas"]:
        area["headline_kpi"] = short["headline_kpis"].get(str(area["ref"]))
        for theme in area["themes"]:
            for action in theme["actions"]:
                for commitment in action["commitments"]:
                    commitment["note"] = None
                    commitment["short_title"] = short["commitments"].get(commitment["ref"])
    # What outside bodies said of the real plan they did not say of this one.
    content["plan"]["judgements"] = []
    for finding in content["findings"]:
        finding["judgements"] = []
    content["findings"] = [
        finding
        for finding in content["findings"]
        if finding["kind"] != "strength" or not _OF_ANOTHER_TIME.search(finding["text"])
    ]
    # Words that name years, which dates moved by months cannot follow.
    for inspection in content["inspections"]:
        inspection["reinspection_expected"] = None
    content["funding"] = [line for line in content["funding"] if not line["period"]]
    measures.settle(content)
    return PlanFile.model_validate(content)


def _short_titles() -> Any:
    return yaml.load(SHORT_TITLES.read_text(), Loader=yaml.CSafeLoader)


def _inspectors_of(real: PlanFile) -> list[str]:
    """Their names alone: each is printed with an office, `Name, HMI, Lead Inspector`."""
    printed = [inspector for inspection in real.inspections for inspector in inspection.inspectors]
    return list(dict.fromkeys(inspector.partition(",")[0] for inspector in printed))


def invented_names(real: list[str]) -> dict[str, str]:
    """One invented name for each real one; the same list gives the same names."""
    first, last = _FIRST.split(), _LAST.split()
    return {
        name: f"{first[index % len(first)]} {last[index * 7 % len(last)]}"
        for index, name in enumerate(real)
    }


def _shifted(text: str, months: int) -> str:
    return PlanDate.parse(text).plus_months(months).iso


def _shifted_in_text(match: re.Match[str], months: int) -> str:
    when = PlanDate.parse(f"{match[2]}-{_MONTHS.index(match[1]) + 1:02}")
    return f"{when.plus_months(months).first_day:%B %Y}"


def _years_later(financial_year: str, years: int) -> str:
    first = int(financial_year[:4]) + years
    return f"{first}/{(first + 1) % 100:02}"


def _financial_year(when: PlanDate) -> int:
    """The year in which the financial year of a month begins."""
    return when.first_day.year - (when.first_day.month < 4)

"""A small plan file with a bit of everything, and ways to say it otherwise."""

from django.apps import apps

from wsoa.planfile.format.reading import read
from wsoa.planfile.format.schema import PlanFile

SMALL = """\
format: "wsoa-plan/2"

plan:
  slug: "small-2022"
  local_area: "Smallshire"
  kind: "written_statement_of_action"
  title: "Smallshire Written Statement of Action"
  starts: "2022-01"
  ends: "2023-06"
  agreed_on: "2021-12-24"
  inspection: "2021-07"
  responsible: ["SCC", "CCG"]
  signatories:
    - {name: "Ann Able", office: "Director"}
  priorities: ["Better outcomes", "Clear decisions"]

organisations:
  - {code: "SCC", name: "Smallshire County Council"}
  - {code: "CCG", name: "Smallshire Clinical Commissioning Group"}

people:
  - {name: "Ann Able", job_title: "Director", organisation: "SCC"}
  - {name: "Ben Bold", organisation: "CCG"}
  - {name: "Cat Calm", also_printed_as: ["Kat Calm"]}

bodies:
  - name: "Steering Group"
    kind: "steering_group"
    members:
      - {role: "Directors", people: ["Ben Bold", "Ann Able"], organisations: ["CCG", "SCC"]}
      - {role: "Officer", people: ["Cat Calm"]}
  - {name: "Area 1 Working Group", kind: "working_group", area: "1"}

inspections:
  - {code: "2021-07", title: "Inspection", visited_from: "2021-07-12", visited_to: "2021-07-16"}

findings:
  - key: "w1"
    inspection: "2021-07"
    kind: "significant_weakness"
    number: "1"
    text: "Waits are too long."
  - key: "w2"
    inspection: "2021-07"
    kind: "significant_weakness"
    number: "2"
    text: "Nobody asks families."
    judgements:
      - {inspection: "2021-07", judged_on: "2021-09-14", verdict: "not_sufficient", summary: "No."}

areas:
  - number: "1"
    title: "Waits"
    answers: ["w1"]
    senior_responsible_officer: "Ann Able"
    outcomes: ["Families wait less."]
    themes:
      - ref: "1.1"
        title: "Shorter waits"
        voice: ["parent_carers"]
        actions:
          - ref: "1.1.1"
            title: "Assess sooner"
            leads: ["Ben Bold"]
            resources:
              - {text: "Existing resources"}
              - {text: "New staff", amount: 250000}
            works_with: ["2"]
            commitments:
              - ref: "1.1.1a"
                evidence: "The backlog is cleared"
                measures: ["Feedback of families"]
                key_dates:
                  - {date: "2022-09", kind: "interim"}
                  - {date: "2022-12", kind: "completion", note: "As printed."}
              - ref: "1.1.1b"
                same_evidence_as: "1.1.1a"
                leads: ["Cat Calm", "Ben Bold"]
                resources:
                  - {text: "A room"}
              - ref: "1.1.1c"
                title: "Survey"
                evidence: "A survey is done"
                same_measures_as: "1.1.1a"
                key_dates:
                  - {date: "2022-03", kind: "baseline"}
  - number: "2"
    title: "Families"
    themes:
      - ref: "2.1"
        title: "Asked"
        actions:
          - ref: "2.1.1"
            title: "Ask"
            commitments:
              - {ref: "2.1.1a", evidence: "Families are asked"}

kpis:
  - code: "wait"
    title: "Longest wait"
    unit: "weeks"
    direction: "lower"
    kind: "quantity"
    data_owner: "Ben Bold"
    baseline: 52.9
    baseline_date: "2021-12"
    targets:
      - {date: "2022-12", value: 26, operator: "at_most", kind: "trajectory"}
      - {date: "2023-06", value: 13, operator: "at_most"}
    commitments: ["1.1.1a", "1.1.1c"]

report_series:
  - code: "monthly"
    title: "KPIs"
    rhythm: "monthly"
    content: "kpis"
    audiences: ["Steering Group"]

funding:
  - title: "Staff"
    amounts:
      - {year: "2021/22", amount: 100.50}
      - {year: "2022/23"}

engagement:
  - {date: "2021-09-07", meeting: "First meeting", description: "Views were given."}
  - {date: "2021-11-15", week: true, meeting: "Forum", description: "The draft was read."}

glossary:
  - {abbreviation: "EET", meaning: "Education, employment and training"}
  - {abbreviation: "EET", meaning: "Early explanation team"}
"""


_FINDING = '  - key: "{}"\n    inspection: "2021-07"\n    kind: "significant_weakness"\n    number:'
# What makes of it a file of the first version.
FIRST_VERSION = (
    ('format: "wsoa-plan/2"', 'format: "wsoa-plan/1"'),
    ("findings:\n" + _FINDING.format("w1"), "weaknesses:\n  - number:"),
    (_FINDING.format("w2"), "  - number:"),
    ('    answers: ["w1"]\n', '    weakness: "1"\n'),
)


def edited(*changes: tuple[str, str], text: str = SMALL) -> str:
    """The text with each of these said otherwise. What is replaced must stand there once."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def small(*changes: tuple[str, str]) -> PlanFile:
    return read(edited(*changes).encode()).file


def line_of(words: str, text: str = SMALL) -> int:
    """The line on which the words stand first."""
    return text[: text.index(words)].count("\n") + 1


def rows() -> dict[str, int]:
    """How many rows every table has, those of the history among them."""
    return {
        model._meta.db_table: model._default_manager.count()
        for model in apps.get_models(include_auto_created=True)
    }

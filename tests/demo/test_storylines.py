"""The sample's texts: each commitment has words of its own, and no two of its facts disagree."""

import calendar
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import holidays
import pytest
from django.apps import apps
from django.utils import timezone

from actions.models import (
    Area,
    AreaJudgement,
    AreaOfficer,
    Commitment,
    KeyDate,
    Membership,
    Person,
    Plan,
    ProgressUpdate,
    Risk,
    RiskClosing,
)
from actions.models.base import Record
from actions.records.history import load_history
from actions.rules.dates import LONDON
from actions.rules.state import state_at
from actions.rules.status import Rating
from kpis.models import Kpi, Measurement
from wsoa.demo import loading
from wsoa.demo.known_figures import PLACE
from wsoa.demo.sample import SLUG
from wsoa.demo.storylines import TEXTS, storylines
from wsoa.demo.working_days import WorkingDays
from wsoa.oversight.models import ChangeRequest

# Nobody has rated it, and a member of the steering group asks why.
NEVER_RATED = "5.1.1b"
LAST_MONTH = 13


# --- As written -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published():
    return loading._published("warwickshire-2022")


@pytest.fixture(scope="module")
def entries():
    return [entry for line in storylines().values() for entry in line.entries if entry.rating]


def test_every_commitment_but_one_has_a_storyline(published):
    refs = {row.ref for row in published.commitments}
    assert len(refs) == 71
    assert set(storylines()) == refs - {NEVER_RATED}


def test_texts_are_many_and_hardly_one_is_said_twice(entries):
    texts = Counter(entry.text for entry in entries if entry.text)
    assert len(texts) >= 700
    assert max(texts.values()) == 1
    sentences = Counter(
        sentence for text in texts for sentence in re.split(r"(?<=[.?!]) ", text) if sentence
    )
    assert not [text for text, times in sentences.items() if times > 2 and "{" not in text]
    # A real lead says "no change" now and then.
    assert 3 <= sum(entry.no_change for entry in entries) <= 20


def test_texts_name_no_season_or_feast_for_the_sample_is_set_up_in_any_month():
    text = "\n".join(path.read_text() for path in TEXTS.glob("*.yaml"))
    seasons = r"\b(spring|summer|autumn|winter|Christmas|Easter|half[- ]term|Ramadan)\b"
    assert not re.findall(seasons, text, re.IGNORECASE)
    # But for the count that begins each April.
    months = "|".join([*calendar.month_name[1:], "20\\d\\d"]).replace("May|", "")
    assert not re.findall(rf"\b({months})\b", text.replace("since April", ""))


def test_what_colours_ask_for_is_told(entries):
    for entry in entries:
        if entry.rating in (Rating.AMBER, Rating.RED):
            assert entry.risk, entry
            assert entry.mitigation, entry
        if entry.rating is Rating.RED:
            assert entry.help, entry
            assert entry.forecast, entry
            assert not entry.met, entry


def test_a_text_that_holds_on_names_the_month_that_it_named_at_first():
    told = {entry.month: entry for entry in storylines()["1.2.5c"].entries}
    # "Notice periods keep the roles empty until {month+1}", said in the eleventh month.
    assert "until {month@11}" in told[10].risk
    held = {entry.month: entry for entry in storylines()["2.1.1b"].entries}
    assert held[9].mitigation == held[8].mitigation
    assert "opens in {month@9}" in held[9].mitigation


def test_nobody_of_the_published_plans_is_named_in_the_texts(published):
    text = "\n".join(path.read_text() for path in TEXTS.glob("*.yaml"))
    for plan in (published, loading._published("worcestershire-2018")):
        for person in plan.people:
            assert person.name not in text
    assert not re.search(r"Warwick|Coventry|Worcester|Rugby|CCG|\b(Mr|Mrs|Ms|Dr|Cllr)\b", text)


def test_officers_write_on_working_days_alone():
    days = WorkingDays(2024, date(2026, 11, 30))
    # A Saturday; Good Friday; a bank holiday in May; Christmas Eve; the days after; New Year's Day.
    for day in (
        date(2026, 11, 28),
        date(2026, 4, 3),
        date(2026, 5, 4),
        date(2025, 12, 24),
        date(2025, 12, 29),
        date(2026, 1, 1),
    ):
        assert not days.is_worked(day), day
    assert days.is_worked(date(2026, 1, 2))
    assert days.on_or_after(date(2025, 12, 24)) == date(2026, 1, 2)
    assert days.on_or_before(date(2026, 1, 1)) == date(2025, 12, 23)
    # December 2025: 13 and 14 are a weekend, from 24 nobody works.
    told = {days.for_update(date(2025, 12, 1), str(number)).day for number in range(300)}
    assert told == {15, 16, 17, 18, 19, 22, 23}
    # November 2026 is the month of today: the last six working days up to the 25th.
    told = {days.for_update(date(2026, 11, 1), str(number)).day for number in range(300)}
    assert told == {18, 19, 20, 23, 24, 25}
    # Of a month that has just begun there is what was said up to yesterday, if anything.
    assert WorkingDays(2024, date(2026, 12, 1)).for_update(date(2026, 12, 1), "1") is None
    assert WorkingDays(2024, date(2026, 12, 4)).for_update(date(2026, 12, 1), "1").day <= 3


# --- As loaded --------------------------------------------------------------------------------


@pytest.fixture
def plan(as_loaded):
    return Plan.objects.get(slug=SLUG)


def month_of(plan, moment):
    day = moment.astimezone(LONDON).date()
    return (day.year - plan.starts_on.year) * 12 + day.month - plan.starts_on.month


def states_on(plan, day):
    return state_at(load_history([plan], day), day)[plan.pk].commitments


def last_days(plan, today):
    """The last day of each month of the plan that has one, and yesterday."""
    starts = plan.starts
    ends = [starts.plus_months(number).last_day for number in range(LAST_MONTH)]
    return [*ends, today - timedelta(days=1)]


def test_the_loaded_sample_holds_together(plan):
    today = timezone.localdate()
    every_place_is_filled()
    figures_in_texts_are_those_that_were_known(plan)
    nobody_wrote_on_a_holiday(plan, today)
    what_is_red_is_not_met(plan)
    colours_move(plan, today)
    every_area_is_rated_by_its_officer(plan)
    one_lead_never_signs_in(plan)


def every_place_is_filled():
    for model, fields in (
        (ProgressUpdate, ("progress", "help_needed", "changed_for_families", "grey_reason")),
        (Risk, ("text", "mitigation")),
        (RiskClosing, ("reason",)),
        (KeyDate, ("reason",)),
        (ChangeRequest, ("reason",)),
    ):
        for row in model.objects.values_list(*fields):
            assert not re.search(r"[{}]", "".join(row)), row


def figures_in_texts_are_those_that_were_known(plan):
    # Worked by hand: the eighth month's wait was 219 until two months later it was put right.
    updates = ProgressUpdate.objects.filter(commitment__ref="1.1.1a").order_by("effective_at")
    told = {month_of(plan, update.effective_at): update.progress for update in updates}
    assert "The longest wait stands at 240 weeks." in told[1]
    assert told[9].startswith("219 weeks at the end of ")
    assert "The longest wait went up, to 222 weeks" in told[10]
    assert "wait was 224 weeks, not 219" in told[11]
    assert "fell to 218 weeks" in told[12]
    # Every other: a figure of the newest period that had been told by then.
    cited = 0
    for ref, line in storylines().items():
        written = {entry.month: entry.text for entry in line.entries}
        for update in ProgressUpdate.objects.filter(commitment__ref=ref, corrected_by=None):
            text = written[month_of(plan, update.effective_at)]
            for place in PLACE.findall(text):
                code, _, form = place.partition(":")
                if code.startswith("month") or code == "1.1.1-1":
                    continue
                known = newest_known(plan, code, update.effective_at)
                assert as_cited(known, form) in update.progress, (ref, place, update.progress)
                cited += 1
    assert cited >= 60


def newest_known(plan, code, moment):
    rows = Measurement.objects.filter(kpi__plan=plan, kpi__code=code, effective_at__lte=moment)
    rows = rows.filter(status__in=("final", "provisional"))
    if Kpi.objects.get(plan=plan, code=code).needs_second_person:
        rows = rows.filter(second_look__is_confirmed=True)
    return rows.order_by("ends_on", "effective_at").last()


def as_cited(row, form):
    if form == "of":
        return f"{row.numerator:.0f} of {row.denominator:.0f}"
    if form == "month":
        return f"{row.ends_on:%B}"
    value = row.value if row.numerator is None else 100 * row.numerator / row.denominator
    tenths = Decimal(abs(value) if form == "size" else value).quantize(
        Decimal("0.1"), ROUND_HALF_UP
    )
    figure = f"{tenths}".removesuffix(".0")
    return figure + "%" * (row.kpi.unit == "%" and form != "size")


def nobody_wrote_on_a_holiday(plan, today):
    free = holidays.country_holidays(
        "GB", subdiv="ENG", years=range(plan.starts_on.year - 2, today.year + 1)
    )
    wrong = defaultdict(list)
    for model in apps.get_models():
        if not issubclass(model, Record) or model._meta.abstract:
            continue
        for moment in model._default_manager.filter(source__startswith="sample").values_list(
            "effective_at", flat=True
        ):
            day = moment.astimezone(LONDON).date()
            # What belongs to no earlier day was recorded as the sample was set up.
            if day < today and (
                day.weekday() > 4 or day in free or (day.month, day.day) > (12, 23)
            ):
                wrong[model.__name__].append(day)
    assert not wrong


def what_is_red_is_not_met(plan):
    seen = 0
    for update in ProgressUpdate.objects.filter(brag="red").select_related("commitment"):
        day = update.effective_at.astimezone(LONDON).date()
        state = next(one for one in states_on(plan, day) if one.ref == update.commitment.ref)
        assert state.delivered_on is None, state.ref
        passed = [row for row in state.dates if row.now.last_day < day and row.kind != "start"]
        newest = max(passed, key=lambda row: row.now.last_day, default=None)
        assert newest is None or newest.met_on is None or newest.kind == "baseline", state.ref
        seen += 1
    assert seen >= 20


def colours_move(plan, today):
    order = [Rating.BLUE, Rating.GREEN, Rating.AMBER, Rating.RED]
    better, worse, reds = [], [], []
    before: dict[str, Rating | None] = {}
    for day in last_days(plan, today):
        now = {state.ref: state.rating for state in states_on(plan, day)}
        both = [
            (order.index(earlier), order.index(rating))
            for ref, rating in now.items()
            if rating in order and (earlier := before.get(ref)) in order and earlier
        ]
        better.append(sum(new < old for old, new in both))
        worse.append(sum(new > old for old, new in both))
        reds.append(sum(rating is Rating.RED for rating in now.values()))
        before = now
    moved = [up + down > 0 for up, down in zip(better, worse, strict=True)]
    assert sum(moved) >= 10
    assert sum(1 for up, down in zip(better, worse, strict=True) if up and down) >= 8
    assert max(reds) <= 6
    assert sum(red > 0 for red in reds) >= 10


def every_area_is_rated_by_its_officer(plan):
    for area in Area.objects.filter(plan=plan):
        officer = AreaOfficer.objects.get(area=area).person.user_id
        rated = AreaJudgement.objects.filter(area=area).order_by("effective_at")
        assert rated.count() >= 4, area.code
        assert set(rated.values_list("by", flat=True)) == {officer}
        # No area is called Green over a commitment that is Red.
        states = state_at(load_history([plan], timezone.localdate()), timezone.localdate())
        of_area = [state for state in states[plan.pk].commitments if state.area == area.pk]
        if any(state.rating is Rating.RED for state in of_area):
            assert rated.last().brag in ("amber", "red"), area.code


def one_lead_never_signs_in(plan):
    lead = Person.objects.get(
        leads__commitment__plan=plan, leads__commitment__ref=loading.WITHOUT_ACCOUNT
    )
    assert lead.user is None
    updates = ProgressUpdate.objects.filter(on_behalf_of=lead)
    assert updates.count() >= 15
    assert set(updates.values_list("by__email", flat=True)) == {"officer@sample.example"}
    assert {update.source for update in updates} == {
        "sample, e-mail from the lead",
        "sample, telephone call with the lead",
        "sample, paper form",
    }
    assert Membership.objects.filter(plan=plan, deputy_for__isnull=False).exists()
    unrated = Commitment.objects.get(plan=plan, ref=NEVER_RATED)
    assert not unrated.updates.exists()

"""What the sample's leads say, month by month. The same commitment and day give the same story.

Months count from the plan's first, which is 0. Stories are told in the tracker's own terms and are
recorded through the same verbs as anybody's: nothing here can make what a person could not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zlib import crc32

from actions.rules.status import Rating

BLUE, GREEN, AMBER, RED, GREY = (
    Rating.BLUE,
    Rating.GREEN,
    Rating.AMBER,
    Rating.RED,
    Rating.GREY,
)


@dataclass(frozen=True, slots=True)
class Update:
    """One update, in one month of the plan."""

    month: int
    rating: Rating
    text: str
    risk: str = ""
    help_needed: str = ""
    families: str = ""
    starts: int | None = None
    grey_reason: str = ""
    requested: int | None = None
    request_reason: str = ""
    answer: str = ""  # "confirm", "return" or nothing, for a Blue
    corrects: str = ""  # what was wrong, for an update that is corrected at once


@dataclass(frozen=True, slots=True)
class Moved:
    """A decided move of the completion date."""

    month: int
    to: int
    reason: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The completion date marked delivered."""

    month: int


@dataclass(frozen=True, slots=True)
class Met:
    """The `which`-th other key date marked met, in this month."""

    month: int
    which: int


Event = Update | Moved | Delivered | Met

_GREEN = (
    "The group met twice and agreed the next steps. Nothing stands in the way.",
    "A first version is with partners for comment. Replies are due in two weeks.",
    "Parent carers looked at the draft and asked for plainer words. It is being rewritten.",
    "Two of the three teams have started. The third follows next month, as planned.",
    "The work keeps to its dates. Early feedback is good, though few have answered so far.",
    "The last pieces are with the people who sign them off.",
)
_AMBER = (
    "Work goes on, but one of the two posts that carry it is empty.",
    "Fewer people came than we counted on. A second round is being set up.",
    "The figures came late from two services, so the picture is not complete.",
    "Partners agree on the aim and not yet on who pays after the first year.",
)
_RISKS = (
    "The post is not filled before the summer, and the date slips.",
    "Too few families answer for the result to mean anything.",
    "One service does not send its figures in time.",
    "The money for the second year is not agreed.",
)
_RED = (
    "Nothing could start: the supplier stepped back and the work has to be tendered again.",
    "The group has not met for two months. Nobody has been free to chair it.",
)
_ISSUES = (
    "There is no supplier, and a new tender takes three months.",
    "There is no chair, so nothing can be agreed.",
)
_HELP = (
    "The steering group is asked to agree a shorter tender with the procurement team.",
    "The steering group is asked to name a chair before its next meeting.",
)
_DONE = "Everything promised is in place and has been in use since last month."
_BLUE = "It has run for three months without extra support and is part of the usual work now."
_FAMILIES = (
    "Families say they know whom to ask, and get an answer within the week.",
    "Parent carers in the focus group noticed the change without being told of it.",
)
RETURNED = "The evidence shows that it was set up. It does not show yet that families use it."


def story(ref: str, completion: int | None, others: list[int], now: int) -> list[Event]:
    """A commitment's year. `completion` and `others` are the months of its dates at first."""
    written = STORIES.get(ref)
    if written is not None:
        return [event for event in written if event.month <= now]
    events = list(_generic(ref, completion, others, now))
    return sorted((event for event in events if event.month <= now), key=lambda event: event.month)


def _generic(ref: str, completion: int | None, others: list[int], now: int) -> Iterator[Event]:
    """A year that fits the dates, varied by the ref."""
    pick = crc32(ref.encode())
    yield from (
        Met(max(month, 0) + (pick >> which) % 2, which)
        for which, month in enumerate(others)
        if month < now - 1 and (pick >> (which + 3)) % 8
    )
    if completion is None:
        yield from _steady(pick, 0, now, AMBER if pick % 3 == 0 else GREEN)
        return
    due = max(completion, 1)
    if due > now - 2:
        first_point = min([due, *(month for month in others if month >= 0)])
        if first_point > now + 1:  # its time has not come
            yield from _grey(pick, first_point)
        elif first_point > 6:
            yield from _grey(pick, 5)
            yield from _steady(pick, 5, now, GREEN)
        else:
            yield from _steady(pick, 0, now, AMBER if pick % 4 == 0 else GREEN)
        return
    kind = pick % 10
    yield from _steady(pick, 0, due, GREEN)
    if kind < 3:  # done, and confirmed; said again each spring and autumn
        yield Delivered(due)
        yield Update(due + 1, BLUE, _BLUE, families=_FAMILIES[pick % 2], answer="confirm")
        for month in range(due + 6, now + 1, 5):
            yield Update(
                month,
                BLUE,
                "It still runs as it did when it was confirmed.",
                families=_FAMILIES[(pick + 1) % 2],
            )
    elif kind < 5:  # delivered, not yet embedded
        yield Delivered(due)
        yield from _steady(pick, due + 1, now, GREEN, _DONE)
    elif kind < 8:  # moved to the end of the plan, then on its way
        yield Moved(due, 15 + pick % 3, "The second survey has to wait for the school term.")
        yield from _steady(pick, due + 1, now, AMBER if kind == 7 else GREEN)
    elif kind == 8 and pick % 3:  # late although Green
        yield from _steady(pick, due + 1, now, GREEN)
    else:  # late, Amber, then Red
        yield from _steady(pick, due + 1, now - 2, AMBER)
        yield from _steady(pick, now - 1, now, RED)


def _grey(pick: int, starts: int) -> Iterator[Update]:
    """Grey, said at the start and again half-way."""
    yield Update(0, GREY, "Work has not begun; it follows the survey.", starts=starts)
    if starts > 8:
        yield Update(6 + pick % 3, GREY, "Its time has not come.", starts=starts)


def _steady(pick: int, first: int, last: int, rating: Rating, text: str = "") -> Iterator[Update]:
    """The same colour month after month; now and then nobody writes."""
    for month in range(max(first, 0), last + 1):
        turn = pick + month * 5
        if (turn >> 2) % 7 == 0 and month > first:
            continue
        if rating is AMBER:
            yield Update(month, AMBER, _AMBER[turn % 4], risk=_RISKS[pick % 4])
        elif rating is RED:
            yield Update(
                month, RED, _RED[pick % 2], risk=_ISSUES[pick % 2], help_needed=_HELP[pick % 2]
            )
        else:
            yield Update(month, rating, text or _GREEN[turn % 6])


def _greens(first: int, last: int, *texts: str) -> list[Event]:
    return [
        Update(month, GREEN, texts[(month - first) % len(texts)])
        for month in range(first, last + 1)
    ]


# The sample lead's own commitments, and one of each state that people should be able to find.
STORIES: dict[str, list[Event]] = {
    "1.2.1a": [
        *_greens(
            1,
            3,
            "The pages of the portal are agreed with parent carers and the clinic.",
            "Half of the texts are written. Families are testing the search.",
        ),
        Update(
            4,
            AMBER,
            "Two services have not sent their texts.",
            risk="The portal opens without two of its five services.",
        ),
        Update(
            5,
            AMBER,
            "One of the two has sent its texts.",
            risk="The portal opens without two of its five services.",
        ),
        *_greens(
            6,
            10,
            "All texts are in. The portal was shown at two parent carer evenings.",
            "The portal opened to a first group of forty families.",
        ),
        Moved(10, 14, "The campaign goes out with the school newsletter, which comes in February."),
        *_greens(11, 12, "The portal is open to everybody. The campaign is printed."),
    ],
    "1.2.1b": [
        *_greens(
            0,
            3,
            "The hall is booked and the speakers have agreed.",
            "Places are gone; a waiting list is open.",
        ),
        Delivered(4),
        Update(4, GREEN, "The conference took place. 312 families came."),
        *_greens(5, 8, "The talks are online and have been watched 900 times."),
        Update(
            9,
            BLUE,
            "The conference is held each year now and has its own budget.",
            families="Families who came told us what they still miss; two of the wishes are met.",
            answer="confirm",
        ),
        Update(
            12,
            BLUE,
            "The date of the next conference is public.",
            families="Families help to choose the talks.",
        ),
        Update(
            13,
            BLUE,
            "The second conference has its speakers.",
            families="Families help to choose the talks.",
        ),
    ],
    "1.2.2a": [
        *_greens(
            1,
            7,
            "The specification is agreed with the parent carer forum.",
            "The tender is out. Four providers have asked for the papers.",
        ),
        Moved(9, 11, "The tender had to be run twice."),
        Update(
            10,
            AMBER,
            "Bids opened later than planned.",
            risk="The start slips again if the navigator posts are not filled.",
        ),
        Update(
            11,
            AMBER,
            "The tender closed with two bids. The stronger one can start next month "
            "if the contract is signed in time. Families still ring three numbers.",
            risk="The start slips again if the navigator posts are not filled.",
        ),
        Update(
            12,
            RED,
            "The contract was signed three months late. Two of five navigator posts have "
            "no applicant, so the front door cannot open.",
            risk="There is no staff for the front door.",
            help_needed="Agree agency cover until May, from the joint commissioning board.",
            requested=16,
            request_reason="The provider's new start date is set by the contract.",
        ),
    ],
    "1.2.2b": [
        *_greens(1, 3, "The questions are agreed with the forum; twelve families tried them."),
        *_greens(
            5,
            7,
            "The first survey went to 412 families and drew 96 answers.",
            "The answers are being read with two parent carers.",
        ),
        Update(
            8,
            AMBER,
            "Too few answers came for the result to be trusted.",
            risk="The second survey draws no more answers than the first.",
        ),
        Update(
            9,
            AMBER,
            "A second survey goes out through schools.",
            risk="The second survey draws no more answers than the first.",
        ),
    ],
    "1.2.2c": [
        Update(0, GREY, "The survey of professionals follows the new pathway.", starts=4),
        *_greens(
            4,
            9,
            "The survey of professionals is written.",
            "It went to 240 professionals in health and schools.",
        ),
        Update(
            10,
            AMBER,
            "A third have answered, fewest from general practice.",
            risk="General practice is missing from the result.",
        ),
        Update(
            11,
            AMBER,
            "General practice was asked once more.",
            risk="General practice is missing from the result.",
        ),
        Update(12, GREEN, "Half of general practice has answered now."),
        Update(13, GREEN, "The answers are counted; 19% do not know of a pathway."),
    ],
    "1.2.3a": [
        *_greens(
            0,
            7,
            "The stepped approach is drafted with health and social care.",
            "Eight schools are trying the first two steps.",
        ),
        Update(8, GREEN, "It is agreed and published."),
        Delivered(8),
        *_greens(9, 11, "Half of the schools have named who leads on it."),
        Update(
            12,
            BLUE,
            "Schools use it without our help.",
            families="Parent carers say support comes before a diagnosis.",
            answer="return",
        ),
    ],
    "1.2.3b": [
        *_greens(3, 8, "Families and professionals are asked after each term."),
        *_greens(9, 12, "The second round of answers is in. They are being read with the forum."),
    ],
    "1.1.1a": [
        *_greens(0, 4, "Two more clinicians have started.", "Assessments rise by a tenth a month."),
        Update(
            5,
            AMBER,
            "Referrals rise as fast as assessments.",
            risk="The wait falls more slowly than the path agreed.",
        ),
        Update(
            6,
            AMBER,
            "The longest wait fell to 221 weeks.",
            risk="The wait falls more slowly than the path agreed.",
        ),
        Update(
            7,
            AMBER,
            "Weekend clinics are agreed.",
            risk="The wait falls more slowly than the path agreed.",
        ),
        *(
            Update(
                month,
                RED,
                "The longest wait is far above its path; weekend clinics lack staff.",
                risk="Weekend clinics run at half strength.",
                help_needed="Release two clinicians from the adult service until the summer.",
            )
            for month in (9, 10, 11, 12)
        ),
    ],
    "1.2.4a": [
        *_greens(0, 5, "Demand is mapped for both therapies."),
        Delivered(7),
        *_greens(7, 11, "The map is finished, and proposals are being written with families."),
        Update(
            12,
            BLUE,
            "The map is used in each commissioning round.",
            families="Two waiting lists were joined because of it.",
        ),
    ],
    "5.1.1b": [],
    "2.1.1d": [
        *_greens(0, 11, "The groups meet each month.", "What was learned is on one page now."),
        Update(
            12,
            GREEN,
            "Notes of all groups are online.",
            corrects="The colour was taken from the line above.",
        ),
    ],
}


def corrected(update: Update) -> Update:
    """What the correction of a corrected update says."""
    return replace(
        update,
        rating=AMBER,
        text="Notes of four of the six groups are online.",
        risk="Two groups send no notes.",
        corrects="",
    )

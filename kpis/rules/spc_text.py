"""What control charts say, in plain words: each point, and each icon. Standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IconWords:
    code: str
    name: str
    sentence: str


VARIATION = {
    words.code: words
    for words in (
        IconWords(
            "common_cause",
            "Variation: no significant change",
            "The figures vary as they usually do. Nothing shows that the measure has changed.",
        ),
        IconWords(
            "improvement_high",
            "Variation: improving, high",
            "The latest figure shows a change upwards that is unlikely to be chance, "
            "and higher is better.",
        ),
        IconWords(
            "improvement_low",
            "Variation: improving, low",
            "The latest figure shows a change downwards that is unlikely to be chance, "
            "and lower is better.",
        ),
        IconWords(
            "concern_high",
            "Variation: concern, high",
            "The latest figure shows a change upwards that is unlikely to be chance, "
            "and lower is better.",
        ),
        IconWords(
            "concern_low",
            "Variation: concern, low",
            "The latest figure shows a change downwards that is unlikely to be chance, "
            "and higher is better.",
        ),
        IconWords(
            "neutral_high",
            "Variation: significant change, high",
            "The latest figure shows a change upwards that is unlikely to be chance. "
            "For this measure neither direction is better.",
        ),
        IconWords(
            "neutral_low",
            "Variation: significant change, low",
            "The latest figure shows a change downwards that is unlikely to be chance. "
            "For this measure neither direction is better.",
        ),
    )
}

ASSURANCE = {
    words.code: words
    for words in (
        IconWords(
            "pass",
            "Assurance: will meet the target",
            "Every figure inside the limits meets the target: unless something changes, the "
            "measure will keep meeting it.",
        ),
        IconWords(
            "fail",
            "Assurance: will miss the target",
            "No figure inside the limits meets the target: unless something changes, the measure "
            "will keep missing it.",
        ),
        IconWords(
            "inconsistent",
            "Assurance: hit or miss",
            "The target lies inside the limits: by chance alone, some figures will meet it and "
            "some will not.",
        ),
    )
}


def too_few(count: int, needed: int) -> str:
    """Why neither icon is shown yet: too few points."""
    points = "1 point" if count == 1 else f"{count} points"
    return (
        f"No variation or assurance icon yet: this chart has {points} since its limits were last "
        f"set, and at least {needed} are needed to tell a change from chance."
    )


NO_ASSURANCE = {
    "no_target": "No assurance icon: no target is in force for the latest figure.",
    "neutral": "No assurance icon: for this measure neither direction is better.",
    "suppressed": ("No icons: some figures are too few to show, and limits could give them away."),
}

_KINDS = {
    "improvement": "Better",
    "concern": "Worse",
    "neutral_high": "Changed",
    "neutral_low": "Changed",
}
_SIGNALS = {
    "outside_high": "above the upper limit",
    "outside_low": "below the lower limit",
    "trend_up": "part of a rise of 7 or more in a row",
    "trend_down": "part of a fall of 7 or more in a row",
    "two_of_three_high": "2 of 3 in a row near the upper limit",
    "two_of_three_low": "2 of 3 in a row near the lower limit",
    "shift_high": "run of 7 or more above the mean",
    "shift_low": "run of 7 or more below the mean",
}


def point_text(label: str, point_type: str) -> str:
    """`Better: run of 7 or more below the mean`, for a point of a chart."""
    if label == "common_cause":
        return "Usual variation"
    return f"{_KINDS[point_type]}: {_SIGNALS[label]}"

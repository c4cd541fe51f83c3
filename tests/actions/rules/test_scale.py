"""What a plan calls its ratings."""

from actions.rules.scale import OURS, Entry, Scale
from actions.rules.status import COLOURS, Rating

NO_BLUE = Scale.of(
    [
        {"word": "Green", "means": "green", "text": "As planned"},
        {"word": "Amber/Green", "means": "green", "text": "A little late"},
        {"word": "Stuck", "means": "red"},
        {"word": "Some delay", "means": "amber"},
        {"word": "Blue", "means": "paused", "text": "Suspended"},
    ]
)


def test_without_a_key_words_and_meanings_are_ours():
    assert OURS.colours == COLOURS
    assert OURS.explained(Rating.AMBER) == "Amber: On track, some concerns"
    assert OURS.within(Rating.NOT_YET_RATED) == "not yet rated"
    assert OURS.letter(Rating.GREY) == "G"
    assert [entry.word for entry in OURS.printed][-2:] == ["Grey", "Not yet rated"]
    assert OURS.blue_lasts == "six months"


def test_the_first_word_with_a_meaning_is_the_ratings_and_another_is_a_half_step():
    assert NO_BLUE.word(Rating.GREEN) == "Green"
    assert NO_BLUE.text(Rating.GREEN) == "As planned"
    assert NO_BLUE.half_steps == (Entry("Amber/Green", "green", "A little late"),)


def test_a_word_means_what_the_key_says_and_not_its_hue():
    assert NO_BLUE.word(Rating.PAUSED) == "Blue"
    assert NO_BLUE.colours == (Rating.GREEN, Rating.AMBER, Rating.RED)
    assert not NO_BLUE.has_blue
    assert NO_BLUE.means("blue") == ("paused", None)
    assert NO_BLUE.means(" amber/green ") == ("green", NO_BLUE.half_steps[0])
    # Ours, but not a word of this key.
    assert NO_BLUE.means("Amber") is None


def test_a_key_without_a_text_explains_a_colour_by_its_word_alone():
    assert NO_BLUE.explained(Rating.RED) == "Stuck"


def test_two_words_that_begin_alike_have_two_letters_each():
    assert NO_BLUE.letter(Rating.GREEN) == "G"
    assert NO_BLUE.letter(Rating.RED) == "St"
    assert NO_BLUE.letter(Rating.AMBER) == "So"


def test_a_summary_shows_a_colour_that_the_key_lacks_only_where_something_has_it():
    nothing = dict.fromkeys(Rating, 0)
    shown = (Rating.GREEN, Rating.AMBER, Rating.RED, Rating.NOT_YET_RATED)
    assert NO_BLUE.shown(nothing) == shown
    assert NO_BLUE.shown(nothing | {Rating.GREY: 1}) == (*shown[:3], Rating.GREY, shown[3])


def test_going_well_is_said_by_the_words_that_the_key_has():
    assert OURS.in_texts()["Green_or_Amber"] == "Green or Amber"
    assert NO_BLUE.in_texts()["Green_or_Amber"] == "Green or Some delay"
    only = Scale.of([{"word": "Fine", "means": "green"}, {"word": "Stuck", "means": "red"}])
    assert only.in_texts()["Green_or_Amber"] == "Fine"


def test_a_blue_lapses_only_where_it_is_to_be_said_again():
    assert OURS.blue_lapses
    assert not Scale(OURS.entries, None).blue_lapses
    assert not NO_BLUE.blue_lapses

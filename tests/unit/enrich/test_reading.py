"""Reading: one search over a text finds what a look for each part by itself finds, for any text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.enrich import enriching, reading, sectors
from hub.enrich.finding import spaced_words
from hub.enrich.lines import holds_any
from hub.enrich.reading import Reading

assert enriching.read is reading.read  # the enrichers have named their needles
_NEEDLES = sorted({part for named in reading._REGISTERED for part in named.parts})
_KEYWORDS = sorted(
    {part.strip() for part in sectors._TABLES.parts} | {hit[2] for hits in sectors._TABLES.phrases.values() for hit in hits}
)
_ENDS = [
    ". ",
    ".\n",
    "...",
    "! ",
    "? De ",
    ";",
    "•",
    "…",
    "\n",
    "\t",
    " ",
    "\u2003",
    "/",
    "-",
    ",",
    "(",
    '"',
    ".",
    "İ",
    "ß",
    "ſ",
    "\u00ad",
    "e\u0301",
    "Σ",
]
TEXTS = st.lists(
    st.one_of(st.sampled_from(_NEEDLES), st.sampled_from(_KEYWORDS), st.sampled_from(_ENDS), st.text(max_size=3)), max_size=24
).map("".join)


def words_one_by_one(lower: str) -> set[str]:
    """Words as the rules mean them, by plain replacements."""
    for sign in ',;:!?()[]{}"*<>/|\n…•':
        lower = lower.replace(sign, " ")
    return set(lower.replace(". ", " ").rstrip(".").split())


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_every_needle_is_found_in_just_the_sentences_that_hold_it(title, text):
    read = Reading(title, text)
    for named in reading._REGISTERED:
        parts = named.parts
        assert read.sentences_with(named) == [sentence for sentence in read.sentences if holds_any(sentence, parts)]
        assert set(read.found(named)) == {part for part in parts if any(part in sentence for sentence in read.sentences)}


@settings(max_examples=60)
@given(TEXTS)
def test_spaced_words_are_the_words_of_a_text(text):
    lower = text.lower()
    spaced = spaced_words(lower)
    assert set(spaced.split(" ")) - {""} == words_one_by_one(lower)


@settings(max_examples=60)
@given(TEXTS)
def test_a_part_of_a_sector_is_found_where_a_word_is_begins_or_ends_so(text):
    words = words_one_by_one(text.lower())
    known = list(sectors._TABLES.parts)
    numbers = dict(zip(reading.word_numbers(known), known, strict=True))
    found = {numbers[number] for number in Reading("", text).words & numbers.keys()}
    for part in known:
        assert (part in found) == any(_fits(part, word) for word in words), part


def _fits(part: str, word: str) -> bool:
    bare, begins, ends = part.strip(), part.startswith(" "), part.endswith(" ")
    return word == bare if begins and ends else word.startswith(bare) if begins else word.endswith(bare)

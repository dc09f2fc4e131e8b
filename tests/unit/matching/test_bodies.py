"""Bodies: the quick way of folding and cutting a text gives what the plain way gives, for any text."""

import re
import unicodedata

import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.matching import bodies

_ODD = [
    "ß",
    "İ",
    "ſ",
    "\u00ad",
    "e\u0301",
    "\u0301",
    "\u0345",
    "ﬁ",
    "½",
    "…",
    "•",
    "’",
    "¨",
    "Ǆ",
    "ŉ",
    "ẞ",
    "K",
    "①",
    "１２",
    "٣",
    "한",
    "ᄒ",
    "ᅡ",
]
_PLAIN = [
    "Over ons\n",
    "Contact:\n",
    "VOG",
    "vog ",
    "Cover letter",
    "acquisitie",
    "2.900",
    "19:30",
    "1.000,00",
    "C++",
    "c#",
    "x3",
    "A1b",
]
_ENDS = [". ", "! ", "\n", "\r", "\t", "  ", "\u00a0", "\u2003", "-", "_", "&", "'", " de ", "Groningen ", "Assen", "straße "]
TEXTS = st.lists(st.one_of(st.sampled_from(_ODD + _PLAIN + _ENDS), st.text(max_size=4)), max_size=30).map("".join).map(str.strip)


def plain_fold(text: str) -> str:
    lower = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(char))


def plain_own(text: str) -> str:
    kept: list[str] = []
    is_own = True
    for line in text.split("\n"):
        plain = line.strip().casefold()
        if plain and len(plain) <= 40 and not plain.endswith((".", ",", ";")):
            is_own = bodies._HEADING.match(plain) is None
        parts = re.split(r"(?<=[.!?])\s+|[\n•]+", line) if is_own else []
        kept += [part for part in parts if part and not re.search("|".join(bodies._PHRASES), part.casefold())]
    own = "\n".join(kept)
    return own if len(own) * 4 >= len(text) else text


def plain_names(text: str) -> list[int]:
    pattern = r"(?<![.!?:•\n] )(?<!^)(?<!\n)\b[A-ZÀ-Þ][\w+#&'’-]+|\b[A-Za-z]+[#+]{1,2}|\b[A-Za-z]+\d[\w-]*"
    words = {plain_fold(found.strip("-'’")) for found in re.findall(pattern, text, re.MULTILINE)}
    said = {word for word in words if len(word) > 1 and word not in bodies._SAID_BY_ALL and word != "assen"}
    return sorted(xxhash.xxh32_intdigest(word.encode()) for word in said)[: bodies.MOST_MARKS]


@settings(max_examples=150)
@given(TEXTS)
def test_folding_run_by_run_is_folding_the_whole(text):
    assert bodies.fold(text) == plain_fold(text)


@settings(max_examples=150)
@given(TEXTS)
def test_words_of_a_body_are_those_of_its_own_part(text):
    words = re.findall(r"[^\W_]+", plain_fold(plain_own(text)))
    own = list(bodies._own_lines(bodies.read_lines(text)))
    assert bodies._own_words(text, own) == words


@settings(max_examples=150)
@given(TEXTS)
def test_names_line_by_line_are_those_of_the_whole(text):
    assert bodies.names_of(bodies.read_lines(text), ["Assen"]) == plain_names(text)


def test_a_line_too_long_to_be_kept_is_read_all_the_same():
    line = "je werkt met Kafka en C++ in team A12 " * 40
    assert len(line) > bodies.LONGEST_KEPT
    assert bodies.names_of(bodies.read_lines(line), ()) == plain_names(line)


def test_a_sentence_is_known_again_in_other_company_and_with_other_signs():
    listed = "Wat je doet:\n• Je verzorgt patiënten;\n• je overlegt met artsen\n"
    told = "Welkom. Je verzorgt patiënten! Je overlegt met artsen. Kom je ook?"
    assert len(marks(listed) & marks(told)) == 2


def test_a_sentence_that_a_platform_cut_off_is_no_mark():
    assert marks("Je verzorgt patiënten in de wijk. Je overlegt met …") == marks("Je verzorgt patiënten in de wijk.")


def test_an_exclamation_is_no_mark():
    assert marks("Solliciteer! Je verzorgt patiënten in de wijk.") == marks("Je verzorgt patiënten in de wijk.")


def marks(text: str) -> set[int]:
    return {mark for line in bodies.read_lines(text) for mark in line.sentences}


@pytest.mark.parametrize(
    ("text", "other", "is_one"),
    [
        ("Je begint op 3 maart in Assen.", "You start on 3 March in Assen.", True),
        ("Reageer voor 09 december.", "Apply before the 9th of December.", True),
        ("Je begint op 3 maart in Assen.", "Je begint op 3 september in Assen.", False),
        ("Je begint op 12 april in Assen.", "Je werkt 12 uren in Assen.", False),
        ("Je werkt 12 maanden in Assen.", "You work for 12 months in Assen.", True),
    ],
)
def test_a_day_and_its_month_are_one_figure_in_both_languages(text: str, other: str, is_one: bool) -> None:
    assert (bodies.figures_of(bodies.read_lines(text)) == bodies.figures_of(bodies.read_lines(other))) is is_one

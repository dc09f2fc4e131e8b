"""Every quick way of cleaning gives what the slow way gives, on texts made to be hard for it."""

import re
from html import unescape
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from hub.domain.posting import Location, Organisation
from hub.enrich import contact_patterns as patterns
from hub.enrich import language, privacy, safe_html
from hub.enrich.safe_html import sanitise, to_text
from hub.sdk.formats.addresses import _USUAL

PIECES = [
    *(
        "contact op met",
        "Contactpersoon:",
        "contactpersoon :",
        "contact person is",
        "bel",
        "APP gerust",
        "mail even naar",
        "appen",
    ),
    *(
        "ingewonnen bij",
        "t.a.v.",
        "please contact",
        "get in touch with",
        "attn.:",
        "ATTN",
        "speak to",
        "stel ze aan",
        "ſtel ze aan",
    ),
    *("Jan de Vries", "J.P. van der Berg", "drs. P. Jansen", "de heer Jansen", "Mevrouw De Boer", "Anne-Marie O'Neill", "Sanne"),
    *("İlker Yılmaz", "Étienne Dupré", "mw. K. 't Hart", "Jan  Jansen", "Gemeente Groningen", "McDonald Jansen", "sanne bakker"),
    *("06-12345678", "+31 6 12345678", "(050) 361 61 61", "jan.devries@nest.example", "j.vries [at] nest.example", "t.me/jan"),
    *("[contact via de advertentie]", "[contact via the ad]", "linkedin.com/in/jan", "Nummer: ABC-2026-1", "€ 3.000", "9712 KN"),
    *(", ", ". ", ": ", "(", ")", "\n", "  ", "\t", "\u00a0", "’", " via ", " of ", "of het", "for you", "de", "the", "İ"),
]
TAGS = [
    "<p>",
    "</p>",
    "<ul>",
    "<li>",
    "</li></ul>",
    "<br>",
    "<b>",
    " </b>",
    "<h2>",
    "</h2>",
    "<a href='https://nest.example/?<p>'>",
]
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).flatmap(
    lambda some: st.sampled_from(["", " "]).map(lambda by: by.join(some))
)
markup = st.lists(st.sampled_from([*TAGS, *PIECES, "&amp;", "&nbsp;", "x\n y"]), max_size=16).map("".join)
ADDRESS = st.from_regex(r"\Ahttps?://[a-z0-9.\-\[\]:@_]{0,20}(?::[0-9]{1,6})?[/?#!\[\]a-z%]{0,6}\Z")


@settings(max_examples=60)
@given(texts)
def test_the_looks_before_names_cost_no_name(text: str) -> None:
    if patterns.AFTER_PHRASE.search(text):
        assert patterns.PHRASE_BEFORE_NAME.search(text)
        assert patterns.NAME_BEGINS.search(text)
    if patterns.SHORT_NAME.search(text):
        assert patterns.PHRASE_BEFORE_NAME.search(text)
    if patterns.BEFORE_MARK.search(text):
        assert patterns.NAME_BEFORE_MARK.search(text)
    for stretch in patterns.NAME_STRETCH.findall(text):
        assert patterns.NAME_BEGINS.search(stretch) or not patterns.ANY_NAME.search(stretch)


@settings(max_examples=60)
@given(texts, st.sampled_from(["nl", "en"]))
def test_a_line_without_a_hint_holds_nothing_to_take_off(text: str, lang: str) -> None:
    for line in text.split("\n"):
        assert privacy.lines_with_hints(line) or privacy._redact_line.__wrapped__(line, lang) == (line, frozenset())


@settings(max_examples=60)
@given(texts)
def test_letters_that_a_phrase_or_name_begins_with_are_all_looked_for(text: str) -> None:
    """The look ahead is taken out of the pattern; it finds the same."""
    for pattern in (patterns.AFTER_PHRASE, patterns.ANY_NAME, patterns.ENDS_WITH_PHRASE):
        slow = re.compile(pattern.pattern.replace("(?=[abcgijmoprstv])", "").replace(patterns._NAME_LETTER, ""))
        assert [match.span() for match in pattern.finditer(text)] == [match.span() for match in slow.finditer(text)]


def slow_text(html: str) -> str:
    """Each tag by itself, each line by itself."""
    names = ("p", "/p", "ul", "/ul", "ol", "/ol", "h2", "/h2", "h3", "/h3", "h4", "/h4", "br", "/li")
    edges = dict.fromkeys(names, "\n") | {"li": "\n- "}
    pieces = re.split(r"<([^>]*)>", html.replace("\n", " ").replace("\t", " "))
    pieces[1::2] = [edges.get(tag, "") for tag in pieces[1::2]]
    lines = [line.strip() for line in unescape("".join(pieces)).split("\n")]
    return "\n".join(" ".join(line.split()) if "  " in line else line for line in lines if line)


@settings(max_examples=60)
@given(markup)
def test_a_text_is_cut_into_the_lines_that_its_tags_make(html: str) -> None:
    clean = sanitise(html)
    assert to_text(clean) == slow_text(clean)


@settings(max_examples=60)
@given(markup, st.integers(1, 30))
def test_pieces_too_short_to_be_a_changed_line_need_no_look(html: str, shortest: int) -> None:
    def redact(piece: str) -> str:
        return piece if len(piece) < shortest else "…"

    clean = sanitise(html)
    assert safe_html.redact_pieces(clean, redact, shortest) == safe_html.redact_pieces(clean, redact)


@settings(max_examples=60)
@given(texts)
def test_both_languages_are_counted_at_once_as_one_after_the_other(text: str) -> None:
    words = text[:1_000].lower().split()
    dutch = [word for word in words if word in language._DUTCH - language._BOTH]
    english = [word for word in words if word in language._ENGLISH - language._DUTCH - language._BOTH]
    assert language.score(text) == (len(dutch), len(english))


@settings(max_examples=60)
@given(ADDRESS)
def test_a_usual_address_is_one_that_can_be_taken_apart(address: str) -> None:
    if _USUAL.match(address):
        parts = urlsplit(address)
        assert parts.hostname
        assert parts.port is None or 0 < parts.port < 65_536


def test_a_copy_of_a_value_is_what_pydantic_makes() -> None:
    value = Organisation(name="Nest", domain="nest.example")
    ours, theirs = (
        value.model_copy(update={"name": "Egg", "kvk": "1"}),
        BaseModel.model_copy(value, update={"name": "Egg", "kvk": "1"}),
    )
    assert (ours, ours.model_fields_set, ours.to_bytes()) == (theirs, theirs.model_fields_set, theirs.to_bytes())
    assert value.name == "Nest"
    assert Location().model_copy() == Location()

"""What an advertisement calls the work beside its title: phrases where the text begins, and words of the page to apply at.

A platform gives an opening a title of its own, in its own language; the text, or the address of the employer's page, often
keeps another's. Which of the phrases names an occupation is the match model's business: only it knows words.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from hub.domain.posting import Lang
from hub.matching.counts import word_set
from hub.matching.mentions import BEGINNING

MOST_NAMES = 5
MOST_WORDS = 7
SHORTEST_NAME = 5
"""Letters of what an address calls the work."""
_WORD = r"[A-Za-zÀ-ÿ](?:[\w'’&/+-]|\.(?=\w))*"
_NAME = rf"(?P<name>{_WORD}(?: {_WORD}){{0,{MOST_WORDS - 1}}})"
_BETWEEN = re.compile(r"[-_+.]")
_BEGINS = r"(?:^|[.!?\n]\s*)"
_DUTCH_PRAISE = (
    r"(?:(?:nieuwe|ervaren|enthousiaste|gedreven|tijdelijke?|extra|betrokken|gemotiveerde|goede|zelfstandige?|fulltime|parttime|"
    r"leuke|echte|vakbekwame|flexibele|vaste|allround) )*"
)
_ENGLISH_PRAISE = r"(?:(?:new|experienced|enthusiastic|motivated|temporary|extra|good|dedicated|full-time|part-time|skilled) )*"
_PATTERNS: dict[Lang, tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]] = {
    "nl": (
        (
            (),
            re.compile(
                r"\b(?:[Zz]oek\w*|[Gg]ezocht|[Gg]evraagd|vraagt|vragen|[Ww]erft|werven|[Pp]laats|[Pp]lek|[Rr]uimte|contact met|"
                r"kennis met|maken met|neemt|nemen|helpen|[Vv]acature|[Ff]unctie|[Ff]unctietitel|[Rr]ol|nodig|vrij|versterking|"
                rf"openstaat|open)\b[^.!?\n]{{0,60}}?(?:\b(?:een|onze|[Nn]og een|twee|drie|van|voor)|:)\s{_DUTCH_PRAISE}{_NAME}"
            ),
        ),
        (("als ", "Als "), re.compile(rf"\b[Aa]ls (?:een |onze )?{_DUTCH_PRAISE}{_NAME}")),
        (
            (" jij ", " je ", " onze "),
            re.compile(rf"\b(?:[Bb]en|[Ww]ord|[Ww]il) (?:jij|je|onze) (?:een |de |die |onze |dé )?{_DUTCH_PRAISE}{_NAME}"),
        ),
        ((" gezocht",), re.compile(rf"{_BEGINS}{_NAME} gezocht\b")),
    ),
    "en": (
        (
            (),
            re.compile(
                r"\b(?:[Ss]eek\w*|[Ll]ook\w* for|[Ww]ants?|[Nn]eeds?|[Hh]iring|hires|[Rr]ecruit\w*|search of|requires?|room|meet|"
                r"space|vacancy|[Oo]pening|[Pp]osition|[Rr]ole|[Jj]ob|[Pp]ost|[Ww]anted|appoints?)\b[^.!?\n]{0,60}?"
                rf"(?:\b(?:an?|our|one more|another|two|three|of|as|for)|:)\s{_ENGLISH_PRAISE}{_NAME}"
            ),
        ),
        (("as ", "As "), re.compile(rf"\b[Aa]s (?:an? |our |the )?{_ENGLISH_PRAISE}{_NAME}")),
        (
            ("re you ", "ecome ", "Be ", "be "),
            re.compile(rf"\b(?:[Aa]re you|[Bb]ecome|[Bb]e) (?:an? |the |our ){_ENGLISH_PRAISE}{_NAME}"),
        ),
        (
            (" wanted", " needed", " required", " sought"),
            re.compile(rf"{_BEGINS}An? {_NAME} (?:is|are) (?:wanted|needed|required|sought)\b"),
        ),
    ),
}
"""What one of stands in every text that a pattern finds something in (to look for it costs little), and the pattern."""
_ARTICLES = word_set("een a an")
_ENDS: dict[Lang, frozenset[str]] = {
    "nl": word_set(
        "bij in op aan van voor om ook dan zoals met zonder per binnen tot uit naar onder over vanuit te "
        "en die dat als u ik jij je wij we wil werk werkt werken ben bent is zijn heb heeft ga gaat doe krijg sta ligt kun kan "
        "mag help kom maak ontvang houd lever draag zoek zoeken vacant gezocht m/v m/v/x v/m v/m/x"
    ),
    "en": word_set(
        "at in on for of to with from within by as per based who that where this and "
        "you we are is will can be have work wanted m/f m/f/x f/m m/f/d"
    ),
}
"""Words that are no part of an occupation's name: the phrase stops there."""

_OF_EVERY_PAGE = word_set(
    "vacature vacatures vacancy vacancies jobs career careers apply application solliciteer solliciteren sollicitatie banen "
    "opdracht opdrachten stage stages traineeship traineeships functie functies werken werkenbij index"
)


def occupations_of(text: str, language: Lang) -> list[str]:
    """Phrases that may call the work, where a text begins, in the order of the patterns, at most `MOST_NAMES`."""
    found: dict[str, None] = {}
    beginning = text[:BEGINNING]
    for marks, pattern in _PATTERNS[language]:
        if marks and not any(mark in beginning for mark in marks):
            continue
        for match in pattern.finditer(beginning):
            if name := _name(match["name"], _ENDS[language]):
                found[name] = None
    return list(found)[:MOST_NAMES]


def _name(phrase: str, ends: frozenset[str]) -> str:
    """The words before one that is no part of a name."""
    words: list[str] = []
    for word in phrase.split(" "):
        if word.casefold() in ends:
            break
        if words or word.casefold() not in _ARTICLES:
            words.append(word)
    return " ".join(words)


def occupation_in(address: str) -> str | None:
    """What the last part of an address says in words: `…/vacatures/schuldhulpverlener-877027` → `schuldhulpverlener`.

    None of what is no address.
    """
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    for part in reversed(unquote(path).split("/")):
        words = " ".join([word for word in _BETWEEN.split(part) if word.isalpha()][:MOST_WORDS])
        if len(words) >= SHORTEST_NAME and words not in _OF_EVERY_PAGE:
            return words
    return None

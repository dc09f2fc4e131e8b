"""Flags: several employers in one programme, open to starters, internal candidates first."""

from __future__ import annotations

import re
from functools import lru_cache

from hub.domain.posting import Derived, Kind, Posting
from hub.enrich.meaning import cannot_go_without, is_of_others
from hub.enrich.reading import Reading, needles

_SEVERAL = re.compile(
    r"\b(?:meerdere|verschillende|diverse|twee|drie|vier|vijf|2|3|4|5)\s+(?:\w+\s+){0,2}?(?:werkgevers|opdrachtgevers"
    r"|organisaties|gemeenten|overheden|instellingen)\b"
    r"|\b(?:multiple|several|different|various|two|three|four|2|3|4)\s+(?:\w+\s+){0,2}?(?:employers|organi[sz]ations"
    r"|public bodies|host companies|municipalities|institutions)\b"
    r"|\b(?:placements?|opdrachten|plaatsingen) (?:at|bij) (?:three|drie|different|verschillende|several|meerdere)\b"
)
_STARTER = re.compile(
    r"\bstarters?(?:sfunctie|functie)?\b|\b(?:net|pas|recent) afgestudeerd\w*|\brecent(?:ly)?[- ]graduat\w+"
    r"|\bentry[- ]level\b|\bgraduates? (?:welcome|are)"
    r"|\bno (?:prior |previous |work )?experience\b|\b(?:geen|zonder) (?:werk)?ervaring\b(?! met)|\bfirst job\b"
    r"|\beerste baan\b|\bstart(?:ing)? (?:of )?your career\b|\bstart van je (?:carrière|loopbaan)"
)
_NO_STARTER = re.compile(r"\b(?:geen|niet|no|not)\b[^.;,]{0,25}\b(?:startersfunctie|starters?|entry[- ]level|graduates?)\b")
_OTHER_STARTERS = re.compile(r"\b(?:hypothe\w*|woning\w*|motor\w*|werkzoekenden|students|studenten)\b")
_INTERNAL = re.compile(
    r"\binterne (?:kandida\w+|sollicitant\w*|medewerkers?)\b[^.;]{0,50}\b(?:voorrang|voor|eerst|voorkeur)\b"
    r"|\bvoorrang (?:voor|aan|van) interne\b"
    r"|\binternal (?:candidates?|applicants?|employees)\b[^.;]{0,60}\b(?:first|priority|precedence|preference|preferred)\b"
    r"|\b(?:priority|preference|precedence) (?:\w+ )*?(?:to|for) internal\b|\bherplaatsingskandida\w+|\bvoorrangskandida\w+"
    r"|\beerst intern\b"
)

_STARTER_NEEDLES = needles(
    *(
        "starter",
        "afgestudeerd",
        "graduat",
        "entry",
        "ervaring",
        "experience",
        "first",
        "eerste",
        "career",
        "carrière",
        "loopbaan",
    )
)
_INTERNAL_NEEDLES = needles("intern", "voorrang", "herplaatsing")


def find(posting: Posting, reading: Reading) -> list[Derived]:
    """Flags in a fixed order, each with its evidence."""
    found = [_multi_employer(posting, reading), _starter_friendly(posting, reading)]
    if match := _first(_INTERNAL, reading.sentences_with(_INTERNAL_NEEDLES)):
        found.append(_flag("internal_first", 1.0, "flags.internal_first.phrase", match.group()))
    return [flag for flag in found if flag is not None]


def _first(pattern: re.Pattern[str], sentences: list[str]) -> re.Match[str] | None:
    return next((match for sentence in sentences if (match := pattern.search(sentence))), None)


@lru_cache(maxsize=4096)
def _flag(code: str, score: float, rule: str, evidence: str) -> Derived:
    """Values cannot be altered, so postings alike may share one."""
    return Derived(code=code, score=score, rule=rule, evidence=evidence.strip()[:200])


@lru_cache(maxsize=8192)
def _starter_in(sentence: str) -> str | None:
    """The words that welcome starters, empty when it has none; None when it turns starters away."""
    if _NO_STARTER.search(sentence):
        return None
    match = _STARTER.search(sentence)
    if (
        match is None
        or _OTHER_STARTERS.search(sentence)
        or is_of_others(sentence[: match.start()])
        or cannot_go_without(sentence)
    ):
        return ""
    return match.group()


def _multi_employer(posting: Posting, reading: Reading) -> Derived | None:
    names = {organisation.name for organisation in posting.consortium}
    if len(names) >= 2:
        return _flag("multi_employer", 1.0, "flags.multi_employer.consortium", ", ".join(sorted(names)))
    if posting.traineeship is not None:
        hosts = {placement.organisation for placement in posting.traineeship.placements}
        if len(hosts) >= 2:
            return _flag("multi_employer", 1.0, "flags.multi_employer.placements", ", ".join(sorted(hosts)))
    if posting.kind is Kind.TRAINEESHIP and (match := _first(_SEVERAL, reading.sentences)):
        return _flag("multi_employer", 0.7, "flags.multi_employer.phrase", match.group())
    return None


def _starter_friendly(posting: Posting, reading: Reading) -> Derived | None:
    said = [_starter_in(sentence) for sentence in reading.sentences_with(_STARTER_NEEDLES)]
    if None in said:
        return None
    if words := next(filter(None, said), ""):
        return _flag("starter_friendly", 0.9, "flags.starter.phrase", words)
    if posting.kind is Kind.TRAINEESHIP:
        return _flag("starter_friendly", 0.8, "flags.starter.traineeship", "traineeship")
    return None

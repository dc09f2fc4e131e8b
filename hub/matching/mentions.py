"""What a text says beside the fields: that it is written for a client, by which name its author goes, for whom of what seniority.

Of clients and names only sentences that are written for no other purpose are read, and only where an advertisement begins:
further on, names are those of tools, towns and partners. Which of the names is an employer, and which level of work a word
names, is the match model's business.
"""

from __future__ import annotations

import re

BEGINNING, END = 700, 300
"""Letters of a text that are read; at the end, for a client only, where agencies say who employs."""
MOST_NAMES = 3
_WORD = r"(?:(?:Fa|St|Gebr|Stg|Dr|Ds|Mr)\.|['’]?[A-ZÀ-Ý0-9][\w'’&.+-]*[\w+]|[A-ZÀ-Ý])"
_SMALL = r"(?:de|het|een|en|van|der|den|voor|aan|in|op|of|the|and|for|for the|&|['’]?t|\+)"
_NAME = rf"(?P<name>{_WORD}(?:[ ](?:{_SMALL} ){{0,2}}{_WORD}){{0,5}}(?: [a-zà-ÿ-]{{4,24}})??)"
_EMPLOYER = (
    r"(?:werkgever|organisatie|bedrijf|familiebedrijf|instelling|zorgorganisatie|onderwijsinstelling|kennisinstelling|stichting|"
    r"gemeente|ziekenhuis|school|scholengroep|corporatie|woningcorporatie|dienstverlener|producent|fabrikant|specialist|"
    r"employer|organisation|organization|company|institution|institute|hospital|municipality|manufacturer|provider|firm)"
)
_STATED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:^|[.!?:\n]\s*)(?:Bij|At) (?:de |het |the )?{_NAME}(?=,? (?:zoeken|zijn|werk|werken|ben|bent|kun|krijg|"
        r"staat|staan|draait|geloven|maken|bouwen|word|doe|heb|hebben|gaat|ga|vind|vinden|kom|we|you|is)\b)",
        rf"\b[Ww]erken bij (?:de |het )?{_NAME}(?=[.,!?:\n]|$)",
        rf"(?:^|[.!?:\n]\s*){_NAME} (?:is|zijn|are) (?:een|an?|de|het|dé|hét|the|one of the) (?:[\w-]+ ){{0,4}}?{_EMPLOYER}\b",
        rf"(?:^|[.!?:\n]\s*){_NAME} (?:zoekt|is op zoek naar|is looking for|is hiring|seeks|is one of the hosts)\b",
        rf"(?:^|[.!?:\n]\s*)[^.!?\n]{{3,60}} (?:bij|at) (?:de |het |the )?{_NAME}[.!]?(?=\n|$|[.!] )",
    )
)
_FOR_CLIENT = tuple(
    (marks, re.compile(pattern))
    for marks, pattern in (
        (
            ("opdrachtgever", "relatie", "klant"),
            r"\b(?:voor|namens|bij|door|in opdracht van) (?:een van )?onze (?:\w+ )?(?:opdrachtgever|relatie|klant)\b|"
            r"\b(?:voor|namens) een (?:opdrachtgever|klant|relatie)\b|\bonze (?:\w+ )?opdrachtgever\b|"
            r"\bje komt (?:via|bij) [^.!?,]{3,40} in dienst\b[^.!?]{0,60}\bopdrachtgever\b",
        ),
        (("n wij",), r"\b(?:namens|voor) een [^.!?,]{3,60}? (?:zoeken|werven|zijn) wij\b|\bbemiddelen wij\b"),
        (("via ",), r"via (?<!\wvia )[^.!?,]{3,40} (?:ga|kom|start|begin) (?:jij|je) (?:aan de slag|in dienst|als)\b"),
        ((" gevraagd ",), r"\bheeft [^.!?,]{3,40} gevraagd (?:om )?een\b"),
        (("uitzendbasis",), r"\bop uitzendbasis\b"),
        (("client",), r"\bour client\b|\bfor one of our clients\b"),
        (("behalf of",), r"\bon behalf of (?:a|an) \w+"),
    )
)
"""What one of stands in every text that a pattern finds something in (to look for it costs little), and the pattern.
One that begins with letters is looked for ten times as fast as one that begins with a word's edge."""
_LEVELS = (
    *("junior", "medior", "senior", "principal", "trainee", "traineeship", "leerling", "bbl", "aankomend", "beginnend"),
    *("starter", "starters", "assistent", "assistant", "stage", "stagiair", "stagiaire", "intern", "internship", "bijbaan"),
    "side job",
)


def speaks_for_client(text: str) -> bool:
    """Whether the author recruits for another: the employer that a field names may then be the agency."""
    ends = (text if len(text) <= BEGINNING + END else f"{text[:BEGINNING]}\n{text[-END:]}").lower()
    return any(pattern.search(ends) for marks, pattern in _FOR_CLIENT if any(mark in ends for mark in marks))


def names_stated(title: str, text: str) -> list[str]:
    """Names by which the text calls its employer, in the order of the patterns, at most `MOST_NAMES`."""
    found: dict[str, None] = {}
    if ends := re.search(rf" (?:bij|at) {_NAME}$", title):
        found[ends["name"]] = None
    for pattern in _STATED:
        for match in pattern.finditer(text[:BEGINNING]):
            found[match["name"].strip(" .,")] = None
    return list(found)[:MOST_NAMES]


def levels_stated(text: str) -> list[str]:
    """Words for a level of work that the text holds, sorted, in lower case; whose level it is, they do not say."""
    lower = text.lower()
    return sorted(word for word in _LEVELS if _stands_in(lower, word))


def _stands_in(text: str, word: str) -> bool:
    """As whole words. What `re` would look for at each place of a text, `str.find` finds in a tenth of the time."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (_is_of_word(text[start - 1 : start]) or _is_of_word(text[end : end + 1])):
            return True
        start = text.find(word, start + 1)
    return False


def _is_of_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"

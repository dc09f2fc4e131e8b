"""Words of the field, Dutch and English → the canonical codes: kind, employment, contract, education.

What a source says in its own words (a title, the names of its employments and educations) is translated here once for
all connectors. Nothing is guessed from running text; that is enrichment. Unknown words give nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from hub.domain.posting import Kind

_STAFF = re.compile(
    r"(?:trainee|stage|stagiair|intern|bijbaan)\w*[- ]?(?:begeleid|co[oö]rdinat|docent|manager|recruit|supervis|programmamanager)"
    r"|(?:begeleider|co[oö]rdinator|docent|recruiter|manager|supervisor|(?:project|team)leider|team ?lead|hoofd|coach|trainer"
    r"|adviseur)\s+(?:van\s+)?(?:\w+\s+)?"
    r"(?:trainees?|traineeships?|stages?|stagiaires?|internships?|interns)\b",
    re.I,
)
"""Jobs *about* trainees and interns are vacancies."""
_GRADUATION = re.compile(
    r"\bafstudeer|\bafstuderen\b|\bgraduation (?:internship|project|assignment|thesis|research)|\bgraduate internship\b"
    r"|\b(?:master|bachelor)'?s? thesis\b|\bthesis (?:internship|project|assignment)\b|\bscriptie(?:stage|opdracht|onderzoek)",
    re.I,
)
_TRAINEESHIP = re.compile(
    r"\btrainee(?:s|ship|ships|programma|programme)?\b|\btalent(?:en)?(?:programma|program|programme)\b|\btalent programme?\b"
    r"|\bgraduate program(?:me)?\b|\bmanagement ?trainee",
    re.I,
)
_INTERNSHIP = re.compile(
    r"(?<!early[- ])(?<!late[- ])(?<!multi[- ])"
    r"\b(?:meewerk|meeloop|onderzoeks|snuffel|bpv-?|hbo-?|mbo-?|wo-?|master|bachelor)?stages?\b(?! manager| director| light)"
    r"|\bstage-?(?:plaats|plek|opdracht|vacature)|\bstagiaire?s?\b|\binternships?\b|\bwork placement\b"
    r"|\bintern\b\s*(?:$|[(,/|–—-]|at\b|for\b|\d)",
    re.I,
)
_SIDE_JOB = re.compile(
    r"\bbijbaan|\bbijbanen|\bside job|\bstudent(?:en)?baan|\bstudentenjob|\bstudent job|\bstudent assistant|\bstudent-?assistent"
    r"|\bwerkstudent|\bworking student|\b(?:vakantie|zaterdag|weekend)(?:werk|hulp|kracht|baan)|\bholiday job|\bsummer job",
    re.I,
)
_KINDS = (
    (_GRADUATION, Kind.GRADUATION_INTERNSHIP),
    (_TRAINEESHIP, Kind.TRAINEESHIP),
    (_INTERNSHIP, Kind.INTERNSHIP),
    (_SIDE_JOB, Kind.SIDE_JOB),
)
_HINT = re.compile(
    r"afstud|trainee|talent|graduat|stage|stagiair|intern|thesis|scriptie|placement"
    r"|student|bijba|job|hulp|kracht|vakantie|weekend|zaterdag",
    re.I,
)
"""Most titles carry none of these and are done with."""

_EMPLOYMENT = (
    (
        re.compile(r"full[- ]?time|voltijd|\b(?:full|vol)[\s-]*(?:/|&|or|of|en|and)[\s-]*(?:part|deeltijd)", re.I),
        "full_time",
    ),
    (re.compile(r"part[- ]?time|deeltijd", re.I), "part_time"),
    (re.compile(r"tijdelijk|temporary|bepaalde tijd|fixed[- ]term|vakantiewerk|seasonal|seizoen", re.I), "temporary"),
    (re.compile(r"freelance|zzp|contractor|interim|zelfstandig", re.I), "contractor"),
    (re.compile(r"\bstage|stagiair|internship|^intern$|afstudeer", re.I), "intern"),
    (re.compile(r"vrijwillig|volunteer", re.I), "volunteer"),
    (re.compile(r"oproep|on[- ]?call|nul[- ]?uren|zero[- ]hours?|per[_ ]diem|0-uren", re.I), "per_diem"),
    (re.compile(r"^other$|^overig", re.I), "other"),
)
_CONTRACT = (
    (
        re.compile(r"uitzicht op (?:een )?(?:vast|verleng)|with prospect|temp(?:orary)?[ -]to[ -]perm", re.I),
        "temporary_with_prospect",
    ),
    (re.compile(r"oproep|on[- ]?call|nul[- ]?uren|zero[- ]hours?|0-uren", re.I), "on_call"),
    (re.compile(r"detacher|second(?:ed|ment)", re.I), "secondment"),
    (re.compile(r"onbepaalde tijd|\bvast\b|\bvaste\b|permanent|indefinite", re.I), "permanent"),
    (re.compile(r"bepaalde tijd|tijdelijk|temporary|fixed[- ]?term|jaarcontract", re.I), "fixed_term"),
)
_MBO_LEVELS = re.compile(
    r"mbo[\s,:+/-]*(?:niveau|level|nivo)?\s*([1-4])"
    r"(?:\s*(?:,|/|-|–|en|and|of|or|tot|t/m|to)\s*(?:mbo[\s-]*)?(?:niveau\s*)?([1-4])(?!\d))?",
    re.I,
)
_EDUCATION = (
    (re.compile(r"associate|\bad-?(?:opleiding|niveau)\b|^ad$", re.I), "associate"),
    (
        re.compile(r"\bhbo\b|hogeschool|universit(?:y|ies) of applied|\bbachelor\b(?!.*universit)", re.I),
        "hbo",
    ),
    (re.compile(r"\bwo\b|universitair|universiteit|\bmaster\b|academi(?:c|sch)|universit(?:y|ies)(?! of applied)", re.I), "wo"),
    (re.compile(r"\bphd\b|promovend|gepromoveerd|doctora|\bpostdoc", re.I), "phd"),
    (re.compile(r"geen opleiding|^geen|no education|^none$|niet vereist|not required", re.I), "none"),
)
EDUCATION_ORDER = ("none", "mbo1", "mbo2", "mbo3", "mbo4", "associate", "hbo", "wo", "phd")
EQF = {"mbo1": 1, "mbo2": 2, "mbo3": 3, "mbo4": 4, "associate": 5, "hbo": 6, "wo": 6, "phd": 8}
"""Entry level of each education; `wo` starts at the bachelor (6)."""
_ANY_MBO = frozenset({"mbo1", "mbo2", "mbo3", "mbo4"})


def kind_of(title: str, names: Iterable[str] = ()) -> Kind:
    """Kind by the title's words, else by the source's own names of function or employment; a vacancy when neither says."""
    if _HINT.search(title):
        found = kind_of_words(title)
        if found is not None:
            return found
    return kind_of_names(tuple(names))


@lru_cache(maxsize=4096)
def kind_of_names(names: tuple[str, ...]) -> Kind:
    return next((kind for name in names if (kind := kind_of_words(name)) is not None), Kind.VACANCY)


@lru_cache(maxsize=4096)
def kind_of_words(text: str) -> Kind | None:
    """None when the words name no special kind, or a job about trainees and interns."""
    if _STAFF.search(text):
        return None
    return next((kind for pattern, kind in _KINDS if pattern.search(text)), None)


@lru_cache(maxsize=4096)
def employment_types(names: tuple[str, ...]) -> tuple[str, ...]:
    """`full_time`, `part_time` … in the order in which the names say them."""
    # "onbepaalde tijd" is permanent although it contains "bepaalde tijd"
    texts = [re.sub(r"onbepaalde tijd|uitzicht op \w+", "", name, flags=re.I).replace("_", " ") for name in names]
    return tuple(dict.fromkeys(code for text in texts for pattern, code in _EMPLOYMENT if pattern.search(text)))


@lru_cache(maxsize=4096)
def contract_of(names: tuple[str, ...]) -> str | None:
    """The first contract that the names say, the more special one first."""
    text = " | ".join(names).replace("_", " ")
    return next((code for pattern, code in _CONTRACT if pattern.search(text)), None)


@lru_cache(maxsize=4096)
def education_levels(names: tuple[str, ...]) -> tuple[str, ...]:
    """`mbo1` … `phd`, lowest first. "MBO" without a level is all four; "mbo 2-4" is a range."""
    found: set[str] = set()
    for name in names:
        found |= _mbo(name)
        found |= {code for pattern, code in _EDUCATION if pattern.search(name)}
    return tuple(code for code in EDUCATION_ORDER if code in found)


def eqf_of(levels: Iterable[str]) -> int | None:
    """The lowest EQF level among the educations; None where "mbo" of any level leaves it open."""
    known = {level for level in levels if level in EQF}
    if known >= _ANY_MBO:
        return None
    return min((EQF[level] for level in known), default=None)


def _mbo(name: str) -> set[str]:
    if not re.search(r"\bmbo", name, re.I):
        return set()
    found: set[str] = set()
    for match in _MBO_LEVELS.finditer(name):
        first = int(match[1])
        last = int(match[2] or first)
        found |= {f"mbo{level}" for level in range(min(first, last), max(first, last) + 1)}
    return found or set(_ANY_MBO)

"""Education levels and the lowest EQF level, from the words of the requirement.

A level counts in a title, in a short line of its own, or in a sentence that speaks of a diploma, a level or a degree:
"docent in het mbo" asks for no mbo. A PhD *position* asks for a master's degree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hub.enrich.meaning import cannot_go_without
from hub.enrich.reading import Reading, needles

EQF = {"none": 1, "mbo1": 1, "mbo2": 2, "mbo3": 3, "mbo4": 4, "associate": 5, "hbo": 6, "wo": 6, "phd": 8}
_ORDER = ("none", "mbo1", "mbo2", "mbo3", "mbo4", "associate", "hbo", "wo", "phd")

_NEEDLES = needles(
    *(
        "mbo",
        "hbo",
        "wo",
        "bachelor",
        "master",
        "phd",
        "ph.d",
        "bsc",
        "b.sc",
        "msc",
        "m.sc",
        "universit",
        "academi",
        "promo",
        "doctor",
    ),
    *(
        "associate",
        "vocational",
        "sciences",
        "hogeschool",
        "higher",
        "diploma",
        "degree",
        "opleiding",
        "graduate",
        "qualification",
    ),
    *("postdoc", "education", "niveau"),
)
_CONTEXT = re.compile(
    r"diploma|opleiding|niveau|denk|geschoold|degree|level|minimaal|minimum|at least|afgerond|afgestudeerd|completed"
    r"|education|qualification"
    r"|graduate|studie|study|studied|achtergrond|background|geslaagd|gevolgd|behaald|\bstudent\b|werk-|you have|je hebt"
    r"|je bent|heb je|titel"
)
_SHORT_LINE = 60
_MBO_LEVELS = re.compile(
    r"\b(?:mbo(?![a-z])|vocational education\b|vocational\b)[\s(:+-]*(?:(?:opleiding|diploma|degree|education)\s*)?(?:(?:werk"
    r"|denk)\S*\s*)*(?:niveau|level|nivo|niv\.?)?[\s(:-]*"
    r"([1-4](?:\s*(?:/|,|of|or|en|and|tot|to|t/m|-)\s*(?:niveau |level )?[1-4])*)(?!\s*(?:jaar|years?|uur|hours?|\d|%))"
)
_CARE_LEVEL = re.compile(
    r"\b(?:verzorgend\w*|helpende\w*|verpleegkund\w*|begeleider\w*|ig|pedagogisch medewerker|onderwijsassistent)\b[^.;]{0,20}"
    r"\b(?:niveau|niv\.?)\s*([2-6])(?:\s*(?:/|of|en|-|tot)\s*([2-6]))?(?!\d)"
)
"""Care and teaching name the level of vocational education without its name; from five on it is higher education."""
_LEVEL_MBO = re.compile(r"\b(?:niveau|level)\s*([1-4])(?:\s*(?:/|of|or|tot|-)\s*([1-4]))?\s*\(?(?:mbo|vocational)")
_MBO = re.compile(
    r"\bmbo(?![a-z])|\bsecondary vocational\b|\bintermediate vocational\b"
    r"|\bvocational (?:degree|diploma|education|qualification|level)"
)
_HBO = re.compile(
    r"\bhbo\b|\bhigher professional education\b|\bhogeschool(?:diploma|niveau|opleiding)|\bhbo-\w+"
    r"|\b(?:degree|diploma|bachelor\S*|level|graduat\w*|education) (?:\w+ ){0,4}?(?:an? )?universit(?:y"
    r"|ies) of applied sciences?\b"
    r"|\buniversity of applied sciences? (?:degree|level|diploma|education|bachelor|graduate)|\(university of applied sciences\)"
)
"""A university of applied sciences is an employer too: it counts only as where a degree comes from."""
_WO = re.compile(
    r"\bwo\b|\buniversitair(?:e)? (?:\w+ )?(?:werk|denk|opleiding|niveau|diploma|studie|achtergrond|graad|geschoold"
    r"|afgestudeerd|master|bachelor)"
    r"|\buniversity (?:degree|diploma|level|education|graduate|background|master|bachelor|qualification)|\bacademi(?:c"
    r"|sch)\w*\s*(?:\w+[ -/]*)?"
    r"(?:werk|denk|niveau|level|degree|opleiding|background|achtergrond|diploma|education|qualification)"
)
_BACHELOR = re.compile(r"\bbachelor(?!\s*(?:party))\w*|\bb\.?sc\b|\bb\.?eng\b")
_MASTER = re.compile(
    r"\bm\.?sc\b|(?<!scrum )(?<!scrum-)\bmaster'?s?(?=\s*(?:degree|diploma|opleiding|student|programme|program|thesis|level"
    r"|niveau|graad|of science|in\b|or\b|of\b|$|[.,;)/]))"
    r"|\bmaster(?:diploma|opleiding|niveau|graad|student)\w*|\b(?:wo|hbo|universitaire)[- ]master\b|\bm\.?eng\b"
    r"|\b(?:post)?graduate degree"
)
_PHD = re.compile(r"\bph\.?\s?d\b|\bdoctorate\b|\bdoctoral degree\b|\bgepromoveerd\w*|\bpostdoc\w*|\bdoctorsgraad")
_PHD_POSITION = re.compile(
    r"\bph\.?d\.?[ -](?:positi|candidate|student|research|project|program|vacanc|scholar|plaats|track|thesis|opportunit)"
    r"|\bpromovend\w*|\bpromotieplaats"
)
_ASSOCIATE = re.compile(r"\bassociate[- ]degree\b|\bad[- ](?:opleiding|diploma|niveau|degree)\b|\bad-|\bassociate degree")
_NO_DIPLOMA = re.compile(
    r"\b(?:geen|zonder)\s+(?:[\w-]+[\s-])?(?:diploma'?s?|opleiding|vooropleiding|opleidingseis\w*)\b(?:[^.;]{0,25}\b(?:nodig"
    r"|vereist|verplicht|probleem|must))?"
    r"|\b(?:diploma'?s?|opleiding|vooropleiding)[^.;,]{0,25}\b(?:niet|geen)\b[^.;,]{0,15}\b(?:nodig|vereist|verplicht"
    r"|belangrijk|must|vereiste)"
    r"|\bno (?:degree|diploma|formal (?:education|qualifications?)|qualifications?)\b(?:[^.;]{0,20}\b(?:required|needed"
    r"|necessary))?"
    r"|\b(?:degree|diploma|education)[^.;,]{0,20}\b(?:not|n't)\b[^.;,]{0,10}\b(?:required|needed|necessary)"
)
_NOT_ASKED = re.compile(
    r"\b(?:docent\w*|leraar|leraren|studenten|leerlingen|students|onderwijs|begeleid\w*|collega'?s|colleagues|lesgeven|teach\w*|lecturer|college"
    r"|school)\b"
)
_OFFERED = re.compile(
    r"\b(?:bieden|biedt|vergoeden|betalen|mogelijkheid om|kans om|te volgen|te behalen|offers?|pay for|opportunity to)\b"
)
_DEMANDED = re.compile(r"\b(?:je hebt|you have|minimaal|minimum|at least|vereist|required|vragen|beschikt|in het bezit)\b")
_PLUS = re.compile(
    r"(?:(?!\b(?:en|and|met|with)\b)[^,;.(]){0,80}\b(?:is|zijn|are) (?:een |an? )?(?:\w+ )?"
    r"(?:pré|pre|plus|pluspunt|voordeel|advantage|asset|bonus)\b"
)
_WISHED = re.compile(r"\b(?:bij voorkeur|liefst|preferably|ideally)\b[^,;.)]*")
_FIRM = re.compile(r"afgerond|diploma|denk|degree|minimaal|je hebt|niveau|bachelor|master|ph\.?d|level")


@dataclass(frozen=True, slots=True)
class Education:
    levels: tuple[str, ...]
    eqf_min: int
    evidence: str


def eqf_of(levels: list[str]) -> int | None:
    """The lowest EQF level among known codes."""
    return min((EQF[level] for level in levels if level in EQF), default=None)


def find(reading: Reading) -> Education | None:
    """What the text asks, merged over its sentences; None when it names no level."""
    title = judge(reading.title_lower, True)
    found = [title] if title else []
    for sentence in reading.sentences_with(_NEEDLES):
        result = judge(sentence[:500], len(sentence) <= _SHORT_LINE)
        if result is not None:
            found.append(result)
    if not found:
        return None
    levels = {level for result in found for level in result.levels}
    if len(levels) > 1:
        levels.discard("none")
    eqf = min(result.eqf_min for result in found if set(result.levels) & levels)
    evidence = "; ".join(dict.fromkeys(result.evidence for result in found))
    return Education(tuple(level for level in _ORDER if level in levels), eqf, evidence[:200])


@lru_cache(maxsize=1024)
def judge(sentence: str, stands_alone: bool) -> Education | None:
    """Levels in one lower-case sentence; what is wished beside what is asked does not count."""
    if (none_needed := _NO_DIPLOMA.search(sentence)) and not cannot_go_without(sentence):
        return Education(("none",), 1, none_needed.group())
    if _CONTEXT.search(sentence) is None and not stands_alone:
        return None
    if _NOT_ASKED.search(sentence) and not _FIRM.search(sentence):
        return None
    if _OFFERED.search(sentence) and not _DEMANDED.search(sentence):
        return None
    asked = _PLUS.sub("", sentence)
    return _levels(_WISHED.sub("", asked)) or _levels(asked)


def _levels(sentence: str) -> Education | None:
    found: dict[str, int] = {}
    words: list[str] = []
    _vocational(sentence, found, words)
    _higher(sentence, found, words)
    if not found:
        return None
    levels = tuple(level for level in _ORDER if level in found)
    return Education(levels, min(found.values()), ", ".join(words)[:120])


def _vocational(sentence: str, found: dict[str, int], words: list[str]) -> None:
    numbered = False
    for pattern in (_MBO_LEVELS, _LEVEL_MBO):
        for match in pattern.finditer(sentence):
            digits = [int(digit) for digit in re.findall(r"[1-4]", " ".join(filter(None, match.groups())))]
            is_range = re.search(r"[1-4]\s*(?:tot|to|t/m|-)", match.group()) is not None
            for level in range(min(digits), max(digits) + 1) if is_range else digits:
                found[f"mbo{level}"] = level
            words.append(match.group().strip())
            numbered = True
    if not numbered and (care := _CARE_LEVEL.search(sentence)):
        for digit in filter(None, care.groups()):
            level = int(digit)
            found["hbo" if level > 4 else f"mbo{level}"] = min(level, 6)
        words.append(care.group())
        numbered = True
    if not numbered and (plain := _MBO.search(sentence)):
        found["mbo4"] = 4
        words.append(plain.group())
    if associate := _ASSOCIATE.search(sentence):
        found["associate"] = 5
        words.append(associate.group())


def _higher(sentence: str, found: dict[str, int], words: list[str]) -> None:
    hbo, wo, master = _HBO.search(sentence), _WO.search(sentence), _MASTER.search(sentence)
    bachelor, phd = _BACHELOR.search(sentence), _PHD.search(sentence)
    words += [match.group() for match in (hbo, wo, bachelor, master, phd) if match]
    if position := _PHD_POSITION.search(sentence):
        found["wo"] = 7
        words.append(position.group())
        phd = None
    if hbo:
        found["hbo"] = 7 if master and not bachelor and not wo and "hbo-master" in sentence else 6
    if bachelor and not (hbo or wo):
        found["hbo"] = found["wo"] = 6
    if wo:
        found["wo"] = 7 if master and not bachelor else 6
    if master and not wo:
        found["wo"] = 7
    if phd:
        found["phd"] = 8

"""Target groups of the regional study: whom a posting is for, each with the rule and the evidence.

`city_leaver_*` are people with one to three, three to five and five to ten years of experience who come (back) to the
North: decided by the experience that is asked, else by the level word of the title, and never for secondary-school work.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hub.domain.posting import Derived, DutchRequired, Experience, Kind, Posting
from hub.enrich.meaning import is_of_others
from hub.enrich.reading import Needles, Reading, needles

_STUDENT_KINDS = {Kind.INTERNSHIP, Kind.GRADUATION_INTERNSHIP, Kind.SIDE_JOB}
_STUDENT = re.compile(
    r"\bbijba(?:an|nen)\b|\bwerkstudent\w*|\bstudentassistent\w*|\bstudent[- ]assistant\w*|\bworking student\w*"
    r"|\bstudent jobs?\b|\bstudentenba(?:an|nen)"
    r"|\bafstudeer(?:stage|opdracht|plek)\w*|\bstagiair\w*(?= (?:\w+ )?gezocht)|\bgraduation (?:project|internship)"
)
_STUDENT_EVENT = re.compile(r"\bstudent(?:en|s)?\b|\bcampus\b")
_GRADUATE = re.compile(
    r"\b(?:net|pas|recent) afgestudeerd\w*|\brecent(?:ly)?[- ]graduat\w+|\bgraduate (?:programme?|scheme|position|role)"
    r"|\byoung professionals?\b|\bjunior\b|\bstartersfunctie|\bstarters?\b|\bafgestudeerden\b|\bgraduates\b"
)
_INTERNATIONAL = re.compile(
    r"\brelocation\b|\bvisa sponsor\w*|\bhighly skilled migrants?\b|\bkennismigrant\w*|\b30\s?% ruling\b|\bexpats?\b"
    r"|\binternational (?:talent|candidates?|applicants?|students?|professionals?|newcomers)\b"
    r"|\binternationale (?:talenten|kandidaten|studenten|medewerkers)|\bnewcomers\b"
)
_SENIOR = re.compile(r"\b(?:senior|sr\.|lead|principal|hoofd|head of|directeur|director)\b")
_MEDIOR = re.compile(r"\b(?:medior|ervaren|experienced)\b")
_BANDS = (("city_leaver_1_3", 12, 36), ("city_leaver_3_5", 36, 60), ("city_leaver_5_10", 60, 120))
_WINDOW = 24
"""How many months beyond the stated minimum still fit, where no maximum is stated."""
_WORK_KINDS = {Kind.VACANCY}

_STUDENT_NEEDLES = needles("student", "bijba", "afstudeer", "stagiair", "graduation", "campus")
_GRADUATE_NEEDLES = needles("afgestudeerd", "graduat", "professional", "starter")
_INTERNATIONAL_NEEDLES = needles("relocation", "visa", "migrant", "ruling", "expat", "international", "newcomer")


def find(
    posting: Posting, reading: Reading, dutch: DutchRequired, flags: list[Derived], experience: Experience | None, eqf: int | None
) -> list[Derived]:
    """Audiences in a fixed order."""
    found = [
        _student(posting, reading),
        _graduate(posting, reading, flags, experience, eqf),
        _international(posting, reading, dutch),
    ]
    found += _city_leavers(posting, reading, experience, eqf)
    return [audience for audience in found if audience is not None]


@lru_cache(maxsize=4096)
def _audience(code: str, score: float, rule: str, evidence: str | None) -> Derived:
    """Values cannot be altered, so postings alike may share one."""
    return Derived(code=code, score=score, rule=f"audiences.{rule}", evidence=evidence[:200] if evidence else None)


def _first(pattern: re.Pattern[str], reading: Reading, looked_for: Needles) -> re.Match[str] | None:
    """The first of the words that do not speak of those whom the work is for."""
    return next(
        (
            match
            for sentence in reading.sentences_with(looked_for)
            if (match := pattern.search(sentence)) and not is_of_others(sentence[: match.start()])
        ),
        None,
    )


def _student(posting: Posting, reading: Reading) -> Derived | None:
    if posting.kind in _STUDENT_KINDS:
        return _audience("student", 1.0, "student.kind", posting.kind.value)
    if posting.must_be_enrolled:
        return _audience("student", 1.0, "student.must_be_enrolled", "must_be_enrolled")
    if match := _first(_STUDENT, reading, _STUDENT_NEEDLES):
        return _audience("student", 0.8, "student.phrase", match.group())
    if posting.kind in (Kind.EVENT, Kind.COURSE) and (match := _first(_STUDENT_EVENT, reading, _STUDENT_NEEDLES)):
        return _audience("student", 0.6, "student.event", match.group())
    return None


def _graduate(
    posting: Posting, reading: Reading, flags: list[Derived], experience: Experience | None, eqf: int | None
) -> Derived | None:
    if posting.kind in _STUDENT_KINDS or (eqf is not None and eqf < 5):
        return None
    if posting.kind is Kind.TRAINEESHIP:
        return _audience("graduate", 1.0, "graduate.traineeship", "traineeship")
    asked = experience.min_months if experience else None
    if asked is not None and asked >= 24:
        return None
    if match := _GRADUATE.search(reading.title_lower):
        return _audience("graduate", 0.9, "graduate.title", match.group())
    starter = next((flag for flag in flags if flag.code == "starter_friendly"), None)
    if starter is not None:
        return _audience("graduate", 0.8, "graduate.starter_friendly", starter.evidence)
    if asked is not None and asked <= 12 and eqf is not None:
        return _audience("graduate", 0.7, "graduate.experience", f"{asked} months")
    if posting.kind in (Kind.EVENT, Kind.COURSE) and (match := _first(_GRADUATE, reading, _GRADUATE_NEEDLES)):
        return _audience("graduate", 0.6, "graduate.event", match.group())
    return None


def _international(posting: Posting, reading: Reading, dutch: DutchRequired) -> Derived | None:
    if dutch.value == "no":
        return _audience(
            "international",
            0.7 if dutch.rule == "source.default" else 0.9,
            "international.dutch_not_required",
            dutch.evidence or dutch.rule,
        )
    if posting.sponsorship:
        return _audience("international", 0.9, "international.sponsorship", "sponsorship")
    if dutch.value == "yes":
        return None
    if match := _first(_INTERNATIONAL, reading, _INTERNATIONAL_NEEDLES):
        return _audience("international", 0.7, "international.phrase", match.group())
    return None


def _city_leavers(posting: Posting, reading: Reading, experience: Experience | None, eqf: int | None) -> list[Derived]:
    if posting.kind not in _WORK_KINDS or (eqf is not None and eqf < 4):
        return []
    if experience is not None and experience.min_months is not None and (experience.min_months >= 12 or experience.max_months):
        low = experience.min_months
        high = experience.max_months if experience.max_months is not None else low + _WINDOW
        evidence = f"{low}-{experience.max_months if experience.max_months is not None else ''} months"
        return [
            _audience(code, 1.0, "city_leaver.experience", evidence) for code, start, end in _BANDS if low < end and high > start
        ]
    if match := _SENIOR.search(reading.title_lower):
        return [_audience("city_leaver_5_10", 0.6, "city_leaver.title", match.group())]
    if match := _MEDIOR.search(reading.title_lower):
        return [_audience(code, 0.6, "city_leaver.title", match.group()) for code in ("city_leaver_1_3", "city_leaver_3_5")]
    return []

"""Titles of an opening as its employer writes them; what boards add is theirs (`decorations.py`)."""

from __future__ import annotations

import random

from ops.match_report.thirdworld.opening import Opening, month_of
from ops.match_report.thirdworld.tables import LANGUAGES, NL, stable

_TRAINEESHIPS = (
    ("Traineeship {}", "Trainee {}", "{} Traineeship", "Talentprogramma {}"),
    ("Traineeship {}", "{} Trainee", "Graduate Programme {}", "{} Traineeship"),
)
_GRADUATIONS = (
    ("Afstudeerstage: {}", "Afstudeeropdracht {}", "Afstudeerstage {}"),
    ("Graduation internship: {}", "Thesis project: {}", "Graduation assignment {}"),
)
_INTERNSHIPS = (
    ("Stage {name}", "Meewerkstage {name}", "Stagiair {name}"),
    ("Internship {name}", "{capital} intern", "Internship: {name}"),
)
_SIDE_JOBS = (("Bijbaan {name}", "{capital} (bijbaan)"), ("Side job: {name}", "{capital} (student job)"))
_SHARED = (" – Talent voor het Noorden", " – Talent for the North")


def title(opening: Opening, lang: int, rng: random.Random, *, name: int | None = None, department: bool | None = None) -> str:
    """`name`: which of the occupation's names, instead of the employer's; `department`: whether it shows, likewise."""
    if opening.kind == "traineeship":
        return _traineeship(opening, lang, rng)
    if opening.kind == "graduation_internship":
        return rng.choice(_GRADUATIONS[lang]).format(opening.work.topic[lang])
    text = occupation_name(opening, lang, name)
    if opening.kind == "internship":
        form = _INTERNSHIPS[lang][stable(opening.key, LANGUAGES[lang]) % 3]
        return form.format(name=text, capital=capitalised(text))
    if opening.kind == "side_job":
        return _SIDE_JOBS[lang][stable(opening.key, LANGUAGES[lang]) % 2].format(name=text, capital=capitalised(text))
    text = f"{opening.level} {text}" if opening.level else capitalised(text)
    is_shown = opening.is_department_in_title if department is None else department
    return _with_department(opening, lang, text) if is_shown and opening.department[NL] else text


def plain_title(opening: Opening, lang: int) -> str:
    """One for running text: always the same, without a department."""
    return lowered(title(opening, lang, random.Random(opening.key), department=False))


def occupation_name(opening: Opening, lang: int, number: int | None = None) -> str:
    """The employer's own, or the one with `number`, counted round."""
    assert opening.work.occupation is not None
    names = opening.work.occupation.names[lang]
    return names[(opening.names[lang] if number is None else number) % len(names)]


def _traineeship(opening: Opening, lang: int, rng: random.Random) -> str:
    other = rng.randrange(4) if rng.random() < 0.25 else 0
    text = _TRAINEESHIPS[lang][(opening.employer.style // 4 + other) % 4].format(opening.work.topic[lang])
    if opening.consortium and rng.random() < 0.85:
        text += _SHARED[lang]
    if opening.start and rng.random() < 0.35:
        text += f" {month_of(opening.start, lang)}"
    return text


def _with_department(opening: Opening, lang: int, text: str) -> str:
    """Each employer has its own way."""
    name = opening.department[lang]
    forms = (f"{text} {name}", f"{text} – {name}" if lang == NL else f"{text}, {name}", f"{text} ({name})")
    return forms[stable(opening.employer.key, "dept", LANGUAGES[lang]) % 3]


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """The first letter small, but not of an abbreviation."""
    is_abbreviation = text[:3].isupper() or any(letter.isupper() for letter in text[1:4])
    return text if is_abbreviation else text[:1].lower() + text[1:]

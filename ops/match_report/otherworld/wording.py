"""How an opening reads: titles in the habits of a board, bodies from sentences, names as people spell them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from ops.match_report.otherworld.openings import Opening
from ops.match_report.otherworld.tables import Employer, Pair, pairs, words

FIRST_DAY = date(2026, 8, 15)
NL, EN = 0, 1
_MONTHS = (
    ("januari", "January"),
    ("februari", "February"),
    ("maart", "March"),
    ("april", "April"),
    ("mei", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("augustus", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
)
_EDUCATION = {
    "mbo2": ("mbo 2", "mbo 2"),
    "mbo3": ("mbo 3", "mbo 3"),
    "mbo4": ("mbo 4", "mbo 4"),
    "hbo": ("hbo", "bachelor's (hbo)"),
    "wo": ("wo", "master's (university)"),
}
INTERNSHIPS = (("Afstudeerstage {}", "Graduation internship {}"), ("Stage {}", "Internship {}"), ("Stagiair {}", "Intern {}"))
"""For a thesis, or not."""
_LEVEL_WORDS = {"junior": ("junior", "junior"), "medior": ("medior", "mid-level"), "senior": ("senior", "senior")}


def day(offset: int) -> date:
    return FIRST_DAY + timedelta(days=offset)


def typo(rng: random.Random, text: str) -> str:
    """Two letters swapped, or one lost, somewhere after the first."""
    at = rng.randrange(1, max(2, len(text) - 2))
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :] if rng.random() < 0.5 else text[:at] + text[at + 1 :]


def spelled(rng: random.Random, employer: Employer, lang: int) -> str:
    """The employer's name; one in five is a hard one: an abbreviation, a translation, a trade or legal name, a typo."""
    if rng.random() < 0.2:
        return typo(rng, employer.name[lang]) if rng.random() < 0.15 else rng.choice(employer.aliases)
    name = employer.name[lang]
    return (
        rng.choice((f"{name} B.V.", f"Stichting {name}", name.upper(), f"{name} ({employer.towns[0]})"))
        if rng.random() < 0.08
        else name
    )


def label(opening: Opening, lang: int, rng: random.Random | None = None) -> str:
    """The job's name; with `rng` now and then another label of the same occupation, as a board's own editors choose it."""
    if opening.occupation is None:
        title = pairs("traineeships" if opening.kind == "traineeship" else "events", "titles")
        return _fill(title[opening.title_form % len(title)][lang], opening, lang, opening.employer.name[lang])
    labels = opening.occupation.labels[lang]
    if rng is not None and rng.random() < 0.12:
        return rng.choice(labels)
    return labels[opening.title_form % len(labels)]


def title(opening: Opening, lang: int, rng: random.Random, *, plain: bool = False) -> str:
    """Level and department as the employer writes them, with what boards add: gender tag, hours, town."""
    text = label(opening, lang, rng)
    if opening.kind == "internship":
        forms = INTERNSHIPS[:1] if opening.job % 3 == 0 else INTERNSHIPS[1:]
        text = rng.choice(forms)[lang].format(text)
    if opening.level in _LEVEL_WORDS and rng.random() < 0.92:
        text = f"{_LEVEL_WORDS[opening.level][lang]} {text}"
    if opening.kind in ("vacancy", "internship") and opening.job % 5 < 2 and rng.random() < 0.85:
        name = opening.department[lang].removeprefix("the ").removeprefix("de ").removeprefix("het ").removeprefix("afdeling ")
        text += rng.choice((" - {}", " {}", ", {}", " ({})")).format(name.removesuffix(" department"))
    text = text[0].upper() + text[1:]
    if plain or opening.kind == "event":
        return text
    if rng.random() < 0.3:
        text += rng.choice(((" (m/v/x)", " (m/f/x)"), (" m/v", " (f/m/d)"), (" (v/m)", " (all genders)")))[lang]
    if rng.random() < 0.15:
        text += f" {_hours(opening)} {('uur', 'hours')[lang]}"
    if rng.random() < 0.12:
        text += rng.choice((" in {}", " - {}", " | {}")).format(opening.town)
    return text


def _fill(text: str, opening: Opening, lang: int, name: str) -> str:
    if "{" not in text:
        return text
    habit = random.Random(f"facts {opening.employer.key}")
    topic = opening.topic or ("", "")
    month = _MONTHS[int(opening.words["start_month"])]
    clock = f"{opening.start[1] // 60:02}:{opening.start[1] % 60:02}"
    filled = {
        **opening.words,
        "name": name,
        "size": habit.randrange(60, 9000, 10),
        "since": habit.randrange(1890, 2018),
        "grade": f"{habit.randrange(70, 92) / 10}".replace(".", "," if lang == NL else "."),
        "training": habit.randrange(400, 2500, 50),
        "holiday": habit.randrange(24, 42),
        "bonus": f"{habit.randrange(40, 90) / 10}".replace(".", "," if lang == NL else "."),
        "onboard": habit.randrange(2, 13),
        "phone": f"0{habit.choice((50, 58, 592, 513))} {habit.randrange(100, 999)} {habit.randrange(1000, 9999)}",
        "street": habit.choice(words("streets")),
        "number": habit.randrange(1, 240),
        "province_nl": "Noord-Nederland",
        "province_en": "the northern Netherlands",
        "department_nl": opening.department[NL],
        "department_en": opening.department[EN],
        "town": opening.town,
        "topic_nl": topic[NL],
        "topic_en": topic[EN],
        "hours": _hours(opening),
        "pay_low": opening.pay[0],
        "pay_high": opening.pay[1],
        "edu_nl": _EDUCATION[opening.occupation.education if opening.occupation else "hbo"][NL],
        "edu_en": _EDUCATION[opening.occupation.education if opening.occupation else "hbo"][EN],
        "start_nl": f"{opening.words['start_day']} {month[NL]}",
        "start_en": f"{opening.words['start_day']} {month[EN]}",
        "start": clock,
        "from": f"{(opening.start[1] - 30) // 60:02}:{(opening.start[1] - 30) % 60:02}",
        "venue": opening.words.get("venue", ""),
        "title": "",
    }
    if "{title}" in text:
        filled["title"] = label(opening, lang)
    written = text.format(**filled)
    return written[0].upper() + written[1:]


def _hours(opening: Opening) -> str:
    return str(opening.hours[0]) if opening.hours[0] == opening.hours[1] else f"{opening.hours[0]}-{opening.hours[1]}"


def sections(opening: Opening, lang: int, name: str) -> list[list[str]]:
    """About the employer, the job, the facts, the offer, how to apply: each a list of sentences."""

    def say(found: Sequence[Pair]) -> list[str]:
        return [_fill(sentence[lang], opening, lang, name) for sentence in found]

    habit = random.Random(f"about {opening.employer.key}")
    about = habit.sample(pairs("employer", "about"), 3)
    offer, apply = habit.sample(pairs("employer", "offer"), 2), habit.sample(pairs("employer", "apply"), 2)
    if opening.kind == "event":
        bodies = pairs("events", "bodies")
        return [say(bodies[:2]), say(bodies[2:5]), say(bodies[5:])]
    job = [pairs("opening", "intro")[opening.intro], *pairs("level", opening.level)]
    sector = opening.occupation.sector if opening.occupation else opening.employer.sectors[0]
    tasks = pairs("sector", sector, "tasks")
    job += [tasks[index % len(tasks)] for index in opening.tasks]
    facts = [pairs("opening", "facts")[index] for index in opening.facts]
    if len(opening.hosts) > 1:
        names = ", ".join(host.name[lang] for host in opening.hosts)
        facts.append((f"De deelnemende werkgevers zijn {names}.", f"The participating employers are {names}."))
    return [say(about), say(job), say(facts), say(offer), say(apply)]

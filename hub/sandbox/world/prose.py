"""Texts of openings: 2–4 KB of HTML with an employer's own boilerplate, tasks, requirements and terms.

The same opening in another language or on another platform shares its facts (hours, pay, reference, tasks), so that a
reader could tell; wording and order differ, as they do between real boards.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from random import Random
from typing import Literal

from hub.sandbox.world.employers import Employer
from hub.sandbox.world.tasks import TASKS

Lang = Literal["nl", "en"]
Dutch = Literal["required", "preferred", "not_required", "unsaid"]

EDUCATION = {
    "nl": {
        "mbo2": "mbo niveau 2",
        "mbo3": "mbo niveau 3",
        "mbo4": "mbo niveau 4",
        "hbo": "hbo",
        "wo": "wo",
        "phd": "gepromoveerd",
    },
    "en": {
        "mbo2": "MBO level 2",
        "mbo3": "MBO level 3",
        "mbo4": "MBO level 4",
        "hbo": "bachelor (HBO)",
        "wo": "master (WO)",
        "phd": "PhD",
    },
}
LANGUAGE: dict[tuple[Lang, Dutch], tuple[str, ...]] = {
    ("nl", "required"): (
        "Uitstekende beheersing van de Nederlandse taal in woord en geschrift.",
        "Je beheerst de Nederlandse taal minimaal op niveau B2.",
        "Goede kennis van het Nederlands is een vereiste.",
    ),
    ("nl", "preferred"): (
        "Kennis van het Nederlands is een pré, geen voorwaarde.",
        "Nederlands spreken is mooi meegenomen; leren mag hier ook.",
    ),
    ("nl", "not_required"): (
        "Nederlands is niet vereist; goede kennis van het Engels volstaat.",
        "De voertaal is Engels, Nederlands is niet nodig.",
    ),
    ("nl", "unsaid"): ("Je werkt nauwkeurig en houdt het overzicht.",),
    ("en", "required"): ("Fluent Dutch, spoken and written, is required.", "You have a good command of the Dutch language (B2)."),
    ("en", "preferred"): ("Dutch is an advantage, not a must.", "Knowledge of Dutch is a plus; we offer a course."),
    ("en", "not_required"): (
        "Dutch isn’t required: our working language is English.",
        "You do not need to speak Dutch for this position.",
    ),
    ("en", "unsaid"): ("You work accurately and keep an overview.",),
}
ABOUT = {
    "health": (
        "Bij {name} werken {staff} mensen aan de zorg van morgen, van het spreekuur tot de operatiekamer. We zijn een lerende organisatie: onderzoek, opleiding en patiëntenzorg versterken elkaar. In de regio werken we nauw samen met huisartsen, verpleeghuizen en andere ziekenhuizen.",
        "At {name}, {staff} people work on the health care of tomorrow, from the consulting room to the operating theatre. We are a learning organisation in which research, training and patient care strengthen each other. We work closely with general practitioners, nursing homes and other hospitals in the region.",
    ),
    "public": (
        "{name} werkt met {staff} collega’s aan een leefbare, veilige en bereikbare regio. Wat je hier doet, zie je terug op straat, in de wijk en in het landschap. We geven elkaar ruimte en houden de lijnen kort.",
        "{name} works with {staff} colleagues on a liveable, safe and accessible region. What you do here shows in the street, the neighbourhood and the landscape. We give each other room and keep lines short.",
    ),
    "water": (
        "Schoon en voldoende water en droge voeten: daar staan de {staff} medewerkers van {name} voor. Het klimaat verandert en het water dus ook. Van dijkversterking tot biodiversiteit, bij ons werk je aan wat blijft.",
        "Clean water, enough of it, and dry feet: that is what the {staff} people of {name} stand for. The climate changes, and so does the water. From dikes to biodiversity, with us you work on what lasts.",
    ),
    "education": (
        "{name} is met {staff} medewerkers een van de grote onderwijsinstellingen van het Noorden. Studenten uit meer dan honderd landen leren hier van en met elkaar. Openheid, nieuwsgierigheid en betrokkenheid bij de regio horen bij ons.",
        "With {staff} staff, {name} is one of the large educational institutions of the North. Students from over a hundred countries learn here from and with each other. Openness, curiosity and commitment to the region are part of us.",
    ),
    "energy": (
        "De energietransitie gebeurt hier. Met {staff} vakmensen bouwt {name} aan netten, waterstof en wind op zee. Techniek, veiligheid en samenwerking gaan bij ons hand in hand.",
        "The energy transition happens here. With {staff} professionals, {name} builds grids, hydrogen and offshore wind. Technology, safety and cooperation go hand in hand.",
    ),
    "logistics": (
        "{name} houdt het Noorden in beweging. Onze {staff} collega’s verbinden haven, spoor, weg en water. We zijn nuchter, praktisch en trots op wat we vervoeren.",
        "{name} keeps the North moving. Our {staff} colleagues connect port, rail, road and water. We are down to earth, practical and proud of what we carry.",
    ),
    "it": (
        "{name} maakt software voor zorg, overheid en energie. Ons team van {staff} mensen komt uit vijftien landen en werkt in kleine groepen. We houden van simpele oplossingen en van taart op vrijdag.",
        "{name} makes software for health care, government and energy. Our team of {staff} people comes from fifteen countries and works in small groups. We like simple solutions, and cake on Fridays.",
    ),
    "agri": (
        "{name} werkt samen met duizenden telers en veehouders in Noord-Nederland. Met {staff} medewerkers maken we van aardappel, biet en melk voeding voor de hele wereld. Duurzaamheid is bij ons dagelijks werk.",
        "{name} works with thousands of growers and farmers in the northern Netherlands. With {staff} employees we turn potato, beet and milk into food for the world. Sustainability is our daily work.",
    ),
    "engineering": (
        "{name} ontwerpt en maakt wat er nog niet is: machines, meetinstrumenten, bruggen. De {staff} collega’s delen hun liefde voor het vak. In onze werkplaats leren jong en oud van elkaar.",
        "{name} designs and makes what does not exist yet: machines, measuring instruments, bridges. Its {staff} people share a love of their trade. In our workshop young and old learn from each other.",
    ),
    "finance": (
        "{name} helpt mensen en ondernemers in het Noorden aan financiële rust. Met {staff} collega’s combineren we degelijkheid met vernieuwing. Integriteit is geen poster aan de muur maar hoe we werken.",
        "{name} helps people and entrepreneurs in the North to financial peace of mind. With {staff} colleagues we combine soundness with renewal. Integrity is not a poster on the wall but how we work.",
    ),
}
INTRO: dict[Lang, tuple[str, ...]] = {
    "nl": (
        "Wil jij als {title} werken aan iets dat er in {place} toe doet?",
        "Voor onze locatie in {place} zoeken wij een {title} die zin heeft om aan te pakken.",
        "{employer} groeit en zoekt daarom een {title} ({place}).",
        "Zoek jij een baan als {title} waarin je blijft leren? Lees dan verder.",
    ),
    "en": (
        "Would you like to work as a {title} on something that matters in {place}?",
        "For our location in {place} we are looking for a {title} who likes to get things done.",
        "{employer} is growing and is looking for a {title} ({place}).",
        "Are you looking for a job as a {title} in which you keep learning? Read on.",
    ),
}
SKILLS: tuple[tuple[str, str], ...] = (
    ("Je bent communicatief sterk en werkt graag samen.", "You communicate well and like working together."),
    ("Je bent zelfstandig, oplossingsgericht en flexibel.", "You are independent, practical and flexible."),
    ("Je hebt rijbewijs B.", "You hold a driving licence (B)."),
    (
        "Je bent bereid een verklaring omtrent het gedrag (VOG) te overleggen.",
        "You are willing to hand in a certificate of conduct (VOG).",
    ),
    ("Je kunt goed omgaan met deadlines en wisselende prioriteiten.", "You deal well with deadlines and changing priorities."),
    ("Je bent nieuwsgierig en vraagt door.", "You are curious and keep asking."),
)
BENEFITS: tuple[tuple[str, str], ...] = (
    ("Een individueel keuzebudget van 17,05% bovenop je salaris.", "A personal choice budget of 17.05% on top of your salary."),
    ("Pensioenopbouw bij ABP of een vergelijkbaar fonds.", "Pension with ABP or a similar fund."),
    ("Hybride werken: deels thuis, deels op kantoor.", "Hybrid work: partly at home, partly at the office."),
    ("Een reiskostenvergoeding en een fietsplan.", "Travel allowance and a bicycle scheme."),
    ("Ruimte voor opleiding en een persoonlijke coach.", "Room for training and a personal coach."),
    ("25 vakantiedagen bij een volledige werkweek.", "25 days of leave when working full-time."),
    ("Een jaarcontract met uitzicht op een vast dienstverband.", "A one-year contract with prospect of a permanent position."),
)
REGION: tuple[tuple[str, str], ...] = (
    (
        "Werken in het Noorden betekent korte afstanden, betaalbaar wonen en veel ruimte. Vanuit {place} ben je zo in het bos, op het wad of in de stad. Kom je van verder, dan helpen we je graag met huisvesting, een school voor je kinderen en een baan voor je partner.",
        "Working in the North means short distances, affordable housing and plenty of space. From {place} you are soon in the woods, on the Wadden coast or in town. If you come from further away, we gladly help with housing, a school for your children and a job for your partner.",
    ),
    (
        "Wij geloven dat verschillen tussen mensen ons werk beter maken. Daarom letten we op talent en niet op afkomst, leeftijd of beperking. Heb je iets nodig om goed te kunnen solliciteren of werken, dan regelen we dat samen.",
        "We believe that differences between people make our work better. That is why we look at talent and not at origin, age or disability. If you need something to be able to apply or work well, we arrange it together.",
    ),
    (
        "Je komt in een team van betrokken collega’s die elkaar helpen en die na het werk ook weleens samen de kroeg of het water opgaan. In je eerste weken loop je met verschillende mensen mee en krijg je een vaste collega die je wegwijs maakt.",
        "You join a team of committed colleagues who help each other and who now and then go to the pub or out on the water together. In your first weeks you shadow several people and a buddy shows you around.",
    ),
)
PROCEDURE = (
    "De procedure bestaat uit twee gesprekken. In het eerste maken we kennis en vertellen we over het werk; in het tweede ontmoet je je nieuwe collega’s en bespreken we de arbeidsvoorwaarden. Een referentiecheck kan deel uitmaken van de procedure. We reageren binnen tien werkdagen op je bericht.",
    "The procedure consists of two interviews. In the first we get to know each other and tell you about the work; in the second you meet your new colleagues and we discuss terms. A reference check may be part of the procedure. We answer your message within ten working days.",
)
HEADS: dict[Lang, tuple[str, str, str, str, str]] = {
    "nl": ("Wat ga je doen?", "Wat vragen we?", "Wat bieden we?", "Over ons", "Solliciteren"),
    "en": ("What will you do?", "What we ask", "What we offer", "About us", "How to apply"),
}


@dataclass(slots=True)
class Facts:
    """What is true of an opening, whichever platform tells it."""

    employer: Employer
    family: str
    tasks: tuple[int, ...]
    skills: tuple[int, ...]
    benefits: tuple[int, ...]
    education: tuple[str, ...]
    experience_years: int
    hours: tuple[int, int]
    pay: tuple[int, int] | None
    dutch: Dutch
    contact: tuple[str, str, str] | None
    place: str
    reference: str | None = None
    extra: tuple[str, str] | None = None
    """One more paragraph in both languages: what makes it a traineeship, an internship, a look-alike."""


def _items(lines: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(line, quote=False)}</li>" for line in lines) + "</ul>"


def _pay(facts: Facts, lang: Lang) -> str:
    if facts.pay is None:
        return "Een marktconform salaris." if lang == "nl" else "A competitive salary."
    low, high = facts.pay
    if lang == "nl":
        return f"Een salaris van € {low:,} tot € {high:,} bruto per maand op basis van 36 uur.".replace(",", ".")
    return f"A gross salary of € {low:,} to € {high:,} a month based on 36 hours."


def requirements(facts: Facts, lang: Lang) -> list[str]:
    side = 0 if lang == "nl" else 1
    level = "/".join(EDUCATION[lang][code] for code in facts.education)
    lines = [f"Je hebt {level} werk- en denkniveau." if lang == "nl" else f"You hold a degree at {level} level."]
    if facts.experience_years:
        years = facts.experience_years
        lines.append(
            f"Je hebt minimaal {years} jaar relevante werkervaring."
            if lang == "nl"
            else f"At least {years} years of relevant experience."
        )
    options = LANGUAGE[lang, facts.dutch]
    lines.append(options[sum(facts.tasks) % len(options)])
    return lines + [SKILLS[index][side] for index in facts.skills]


def describe(facts: Facts, title: str, lang: Lang, rng: Random, *, with_requirements: bool = True) -> str:
    """The advertisement's HTML. `rng` decides wording only."""
    side = 0 if lang == "nl" else 1
    name = facts.employer.nl if lang == "nl" else facts.employer.en
    heads = HEADS[lang]
    intro = rng.choice(INTRO[lang]).format(title=title, place=facts.place, employer=name)
    tasks = [TASKS[facts.family][index][side] for index in facts.tasks]
    low, high = facts.hours
    hours = f"{low}–{high}" if low != high else f"{low}"
    offer = [_pay(facts, lang), f"Een werkweek van {hours} uur." if lang == "nl" else f"A working week of {hours} hours."]
    offer += [BENEFITS[index][side] for index in facts.benefits]
    parts = [f"<p><strong>{html.escape(intro, quote=False)}</strong></p>"]
    if facts.extra:
        parts.append(f"<p>{html.escape(facts.extra[side], quote=False)}</p>")
    parts.append(f"<h3>{heads[0]}</h3>{_items(tasks)}")
    if with_requirements:
        parts.append(f"<h3>{heads[1]}</h3>{_items(requirements(facts, lang))}")
    parts.append(f"<h3>{heads[2]}</h3>{_items(offer)}")
    about = ABOUT[facts.employer.sector][side].format(name=name, staff=facts.employer.staff)
    parts.append(f"<h3>{heads[3]}</h3><p>{html.escape(about, quote=False)}</p>")
    parts += [f"<p>{html.escape(text[side].format(place=facts.place), quote=False)}</p>" for text in rng.sample(REGION, 2)]
    parts.append(f"<h3>{heads[4]}</h3><p>{html.escape(PROCEDURE[side], quote=False)}</p>")
    parts.append(f"<p>{html.escape(_closing(facts, lang), quote=False)}</p>")
    return "\n".join(parts)


def _closing(facts: Facts, lang: Lang) -> str:
    lines = []
    if facts.contact:
        name, mail, phone = facts.contact
        lines.append(
            f"Vragen? Neem contact op met {name} via {phone} of {mail}."
            if lang == "nl"
            else f"Questions? Contact {name} at {phone} or {mail}."
        )
    if facts.reference:
        label = "Vacaturenummer" if lang == "nl" else "Reference number"
        lines.append(f"{label}: {facts.reference}.")
    lines.append(
        "Acquisitie naar aanleiding van deze vacature wordt niet op prijs gesteld."
        if lang == "nl"
        else "We do not appreciate acquisition in response to this vacancy."
    )
    return " ".join(lines)

"""Builds openings and their listings: who hires whom, on which platforms, in which words.

An opening is drawn once as facts; each platform then tells it in its own title, language, spelling and links. How
certainly its listings can be linked is decided here and recorded, so that the truth needs no guess.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from hub.sandbox.world import drawing
from hub.sandbox.world.employers import BY_KEY, EMPLOYERS, Employer
from hub.sandbox.world.listing import Listing, Opening, Source
from hub.sandbox.world.occupations import BY_SECTOR, DEPARTMENTS, LEVELS, OTHER_DEPARTMENTS, Occupation
from hub.sandbox.world.places import OUTSIDE, PLACES, Place
from hub.sandbox.world.prose import Dutch, Facts, Lang, describe
from hub.sandbox.world.tasks import TASKS

FIRST_NUMBER: dict[Source, int] = {"noorderlink": 41_000, "miitn": 1_200, "traineelink": 3_000, "vonk": 880_000}
PREFIX: dict[tuple[Source, str], str] = {("miitn", "event"): "event-", ("miitn", "listing"): "listing-"}
EXTRA: dict[str, tuple[str, str]] = {
    "traineeship": (
        "Dit is een traineeship van twee jaar voor pas afgestudeerden: je doet {placements} en volgt elke vrijdag training met je groep. Start: {start}. Je reageert vóór {deadline}.",
        "This is a two-year traineeship for recent graduates: you do {placements} and train with your cohort every Friday. Start: {start}. Apply before {deadline}.",
    ),
    "internship": (
        "Dit is een meewerkstage van vijf maanden voor studenten die ingeschreven staan bij een opleiding. Stagevergoeding: € 450 per maand.",
        "This is a five-month internship for students enrolled in a degree programme. Allowance: € 450 a month.",
    ),
    "graduation_internship": (
        "Dit is een afstudeerstage (30 EC): je werkt aan je scriptie met een vraag uit onze praktijk en krijgt een eigen begeleider.",
        "This is a graduation internship (30 ECTS): you write your thesis on a question from our practice and have your own supervisor.",
    ),
    "side_job": (
        "Een bijbaan voor studenten naast de studie: 8 tot 16 uur per week, ook in de avond en in het weekend.",
        "A side job for students next to their studies: 8 to 16 hours a week, also in evenings and weekends.",
    ),
}
KIND_TITLE: dict[str, dict[str, str]] = {
    "vacancy": {"nl": "{title}", "en": "{title}"},
    "traineeship": {"nl": "Traineeship {title}", "en": "{title} Traineeship"},
    "internship": {"nl": "Stage {title}", "en": "Internship {title}"},
    "graduation_internship": {"nl": "Afstudeerstage {title}", "en": "Graduation Internship {title}"},
    "side_job": {"nl": "Bijbaan {title}", "en": "Student Job {title}"},
}
DUTCH: tuple[Dutch, ...] = ("required", "required", "unsaid", "preferred", "not_required")


Role = tuple[Occupation, tuple[str, str] | None]
"""What is hired, and the level or department that its title names, in Dutch and English."""


class Builder:
    def __init__(self, rng: Random, base: date) -> None:
        self.rng = rng
        self.base = base
        self._numbers: dict[Source, int] = dict(FIRST_NUMBER)
        self._openings = 0
        self._taken: dict[tuple[str, ...], int] = {}

    # --- openings -------------------------------------------------------------------------------------------------
    def opening(
        self,
        kind: str,
        sources: tuple[Source, ...],
        posted: datetime,
        *,
        employer: Employer | None = None,
        mode: str | None = None,
        role: Role | None = None,
        facts: Facts | None = None,
    ) -> Opening:
        """One opening on `sources`. `mode` is how its listings link: `url`, `reference`, `home` or `none`.

        `role` and `facts` say what is drawn otherwise: a look-alike shares them with another opening.
        """
        rng = self.rng
        employer = employer or rng.choice(EMPLOYERS)
        occupation, qualifier = role or self._role(employer)
        facts = facts or self._facts(employer, occupation, kind, sources)
        mode = mode or rng.choices(("url", "reference", "home", "none"), (46, 18, 20, 16))[0]
        opening = self.new_opening(kind)
        opening.role = (occupation.key, qualifier)
        number = 10_000 + self._openings * 7
        facts.reference = (
            f"{employer.key.upper()[:4]}-{posted.year}-{number}" if mode == "reference" or rng.random() < 0.2 else None
        )
        if mode != "reference" and len(sources) > 1:
            facts.reference = None
        titles = {lang: self._title(kind, occupation, qualifier, lang) for lang in ("nl", "en")}
        url = drawing.job_url(employer, drawing.slugify(titles["nl"]), number, rng)
        expires = drawing.closing_day(self.base, rng) if rng.random() < 0.85 else None
        for source in sources:
            later = posted + timedelta(hours=rng.randint(0, 40))
            listing = self.listing(opening, source, facts, titles, min(later, max(posted, drawing.at(self.base, -3_600))))
            listing.expires = expires
            listing.department = qualifier[0] if qualifier else None
            self._address(listing, mode, url, number)
            self._join(listing, mode, len(sources) > 1)
            opening.listings.append(listing)
        return opening

    def listing(self, opening: Opening, source: Source, facts: Facts, titles: dict[str, str], posted: datetime) -> Listing:
        """`source`'s entry for an opening, with no way to apply yet."""
        rng = self.rng
        lang = self._language(source)
        employer = facts.employer
        spelling = rng.choice(employer.official if facts.reference else employer.spellings(lang))
        title = drawing.decorate_title(titles[lang], source, lang, facts.hours, employer, rng)
        number = self.next_number(source)
        listing = Listing(
            source=source,
            number=number,
            native_id=self._native(source, number),
            opening=opening.id,
            kind=opening.kind,
            lang=lang,
            title=title,
            slug=self._slug(source, titles[lang], number),
            html=describe(facts, titles[lang], lang, rng, with_requirements=source != "vonk"),
            employer=employer,
            employer_name=spelling,
            posted=posted,
            modified=posted,
            facts=facts,
            place=self._place(facts, source),
            workplace=rng.choices(("onsite", "hybrid", "remote"), (62, 32, 6))[0],
            reference=facts.reference,
        )
        if source == "vonk" and rng.random() < 0.6:
            other: Lang = "en" if lang == "nl" else "nl"
            listing.translation = (titles[other], describe(facts, titles[other], other, rng, with_requirements=False))
        if opening.kind == "traineeship" and source in ("vonk", "traineelink"):
            listing.consortium = self._consortium(employer)
        return listing

    def new_opening(self, kind: str) -> Opening:
        self._openings += 1
        return Opening(f"o-{self._openings:06d}", kind)

    def next_number(self, source: Source) -> int:
        self._numbers[source] += self.rng.randint(1, 4)
        return self._numbers[source]

    # --- parts ----------------------------------------------------------------------------------------------------
    def _role(self, employer: Employer) -> tuple[Occupation, tuple[str, str] | None]:
        """Each employer hires for a title once; a second time it says a level or a department."""
        occupation = self.rng.choice(BY_SECTOR[employer.sector])
        count = self._taken.get((employer.key, occupation.key), 0)
        self._taken[employer.key, occupation.key] = count + 1
        if count == 0:
            return occupation, None
        names = (*LEVELS, *DEPARTMENTS.get(occupation.family, OTHER_DEPARTMENTS))
        nl, en = names[(count - 1) % len(names)]
        round_ = (count - 1) // len(names)
        return occupation, (nl, en) if round_ == 0 else (f"{nl} {round_ + 1}", f"{en} {round_ + 1}")

    def _title(self, kind: str, occupation: Occupation, qualifier: tuple[str, str] | None, lang: Lang) -> str:
        title = occupation.title(lang)
        if qualifier is not None:
            word = qualifier[0 if lang == "nl" else 1]
            title = (
                f"{word} {title[0].lower() + title[1:] if lang == 'nl' else title}" if qualifier in LEVELS else f"{title} {word}"
            )
        return KIND_TITLE[kind][lang].format(title=title)

    def _facts(self, employer: Employer, occupation: Occupation, kind: str, sources: tuple[Source, ...]) -> Facts:
        rng = self.rng
        low = rng.choice((16, 24, 28, 32, 36)) if kind in ("vacancy", "traineeship") else 8 if kind == "side_job" else 32
        high = 16 if kind == "side_job" else max(low, rng.choice((32, 36, 36, 40)))
        pay = (occupation.pay_min + 10 * rng.randint(-12, 12), occupation.pay_max + 10 * rng.randint(-12, 12))
        dutch: Dutch = rng.choice(DUTCH)
        if "miitn" in sources:
            dutch = rng.choice(("not_required", "not_required", "preferred", "unsaid"))
        place = employer.place if rng.random() < 0.8 else rng.choice(tuple(PLACES))
        if place in OUTSIDE and rng.random() < 0.5:
            place = employer.place
        return Facts(
            employer=employer,
            family=occupation.family,
            tasks=tuple(sorted(rng.sample(range(len(TASKS[occupation.family])), 4))),
            skills=tuple(sorted(rng.sample(range(6), 3))),
            benefits=tuple(sorted(rng.sample(range(7), 4))),
            education=occupation.education if kind != "traineeship" else ("hbo", "wo"),
            experience_years=rng.choice((0, 0, 1, 2, 3, 5)) if kind == "vacancy" else 0,
            hours=(low, high),
            pay=pay if rng.random() < 0.8 else None,
            dutch=dutch,
            contact=drawing.person(employer, rng) if rng.random() < 0.6 else None,
            place=place,
            extra=self._extra(kind),
        )

    def _extra(self, kind: str) -> tuple[str, str] | None:
        if kind not in EXTRA:
            return None
        start = self.base + timedelta(days=self.rng.randint(100, 200))
        deadline = self.base + timedelta(days=self.rng.randint(95, 99))
        values = {"start": start.isoformat(), "deadline": deadline.isoformat()}
        nl, en = EXTRA[kind]
        return nl.format(placements="drie opdrachten van acht maanden", **values), en.format(
            placements="three placements of eight months", **values
        )

    def _language(self, source: Source) -> Lang:
        share = {"noorderlink": 0.06, "miitn": 1.0, "traineelink": 0.2, "vonk": 0.3}[source]
        return "en" if self.rng.random() < share else "nl"

    def _place(self, facts: Facts, source: Source) -> Place | None:
        if source in ("noorderlink", "miitn") and facts.place == facts.employer.place and self.rng.random() < 0.1:
            return None
        return PLACES[facts.place]

    def _consortium(self, employer: Employer) -> tuple[Employer, ...]:
        if self.rng.random() < 0.4:
            return ()
        public = [
            BY_KEY[key]
            for key in ("gemgroningen", "provgroningen", "noorderzijlvest", "duo", "umcg", "rdw", "gemassen", "hunzeenaas")
        ]
        return tuple(self.rng.sample([other for other in public if other != employer], 2))

    def _native(self, source: Source, number: int) -> str:
        return {"miitn": f"listing-{number}", "traineelink": f"TL-{number}"}.get(source, str(number))

    def _slug(self, source: Source, title: str, number: int) -> str:
        return (
            f"{drawing.slugify(title)}-{number}" if source != "miitn" or self.rng.random() < 0.7 else f"{drawing.slugify(title)}"
        )

    def _address(self, listing: Listing, mode: str, url: str, number: int) -> None:
        """How to apply. Only mode `url` gives an address that names the job on several platforms."""
        rng, employer, source = self.rng, listing.employer, listing.source
        if mode == "url":
            listing.apply_url = drawing.with_tracking(url, source, number, rng)
        elif mode == "home":
            listing.apply_url = drawing.with_tracking(employer.careers_home, source, number, rng)
        elif source == "miitn" or (source == "noorderlink" and rng.random() < 0.5):
            listing.apply_email = f"sollicitatie@{employer.domain}"

    def _join(self, listing: Listing, mode: str, is_shared: bool) -> None:
        if is_shared and mode in ("url", "reference"):
            listing.link = "url" if mode == "url" else "reference"
            listing.certain = f"{listing.opening}/a"
        else:
            listing.certain = f"{listing.opening}/{listing.native_id}"

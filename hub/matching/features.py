"""Features: what matching reads of a posting and a ghost keeps. Made once, in enrich; plain values without judgement.

Which employer a name means or what a title is about is not said here: that is the match model's business, so a new
model can judge ghosts too, whose texts are gone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

from hub.domain.features import Features, Sketch
from hub.domain.posting import EnrichedPosting, Lang, Location, RichText, Salary
from hub.matching.addresses import authority, job_key, job_ref, page_key
from hub.matching.addresses.hosts import is_shared, registrable
from hub.matching.bodies import Line, figures_of, fold, names_of, read_lines, sketch_of
from hub.matching.counts import DEADLINE, HOURS, Fact, deadline_of, hours_of, start_on
from hub.matching.mentions import levels_stated, names_stated, speaks_for_client
from hub.matching.occupations import occupation_in, occupations_of
from hub.matching.units import units_of

RULES = "features-15"
"""Version of the rules of this file, `bodies`, `counts`, `mentions`, `occupations`, `slots` and `units`: after a
change of them `hub replay enrich` makes the features anew."""

_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
SHORTEST_REFERENCE, MOST_HINTS = 4, 4
DAY_MS, MINUTE_MS = 86_400_000, 60_000
# Units of pay a month: 36 hours a week are what northern employers state scales for.
PER_MONTH = {"hour": 156.0, "day": 21.67, "week": 4.333, "month": 1.0, "year": 1 / 12}
Text = tuple[Lang, str]


def features_of(posting: EnrichedPosting) -> Features:
    """Pure; equal postings have equal features in every process."""
    own = posting.provenance.url or posting.canonical_url
    own_key = page_key(own) if own else None
    organisation, event, venue = posting.organisation, posting.event, posting.event.venue if posting.event else None
    stated = [posting.apply.url if posting.apply else None, posting.canonical_url, event.registration_url if event else None]
    job_keys = {key for address in stated if address and (key := job_key(address)) and key != own_key}
    is_online = event is not None and event.attendance_mode == "online"
    located = _located(posting)
    known = [one.name for one in (organisation, posting.intermediary, *posting.consortium) if one]
    known += [name for place in located for name in (place.place, place.municipality_name) if name]
    texts = _texts(posting)
    is_for_client = any(speaks_for_client(text) for _, text in texts)
    bodies, lines, units = _bodies(posting, texts, known)
    found = sorted({fact for line in lines for fact in line.facts})
    point = next((place for place in located if place.lat is not None and place.lng is not None), None)
    return Features(
        model=RULES,
        job_keys=sorted(job_keys),
        page_keys=[own_key] if own_key else [],
        reference=_reference(posting.reference_number),
        employer=organisation.name if organisation else None,
        employer_domain=_domain(posting),
        kvk=organisation.kvk if organisation else None,
        is_for_client=organisation is not None and is_for_client,
        employer_hints=_hints(posting, texts if organisation is None or is_for_client else []),
        intermediary=posting.intermediary.name if posting.intermediary else None,
        consortium=sorted({partner.name for partner in posting.consortium}),
        title_nl=posting.title.nl.text if posting.title.nl else None,
        title_en=posting.title.en.text if posting.title.en else None,
        levels=sorted({word for _, text in texts for word in levels_stated(text)}),
        language=posting.ad_language,
        municipalities=sorted({name for place in located if (name := _municipality(place))}),
        places=sorted({fold(name) for place in located for name in (place.place, place.municipality_name) if name}),
        lat=round(point.lat, 3) if point and point.lat is not None else None,
        lng=round(point.lng, 3) if point and point.lng is not None else None,
        is_remote=is_online or posting.workplace == "remote",
        posted=_day(posting.date_posted),
        closes=_closes(posting, found),
        hours=_hours(posting, found),
        pay=_pay(posting.salary),
        contract=posting.contract,
        education=sorted(set(posting.education_levels)),
        bodies=bodies,
        figures=figures_of(lines),
        names=names_of(lines, known),
        units=units,
        occupations=_occupations(posting, texts),
        facts=_facts(posting, found),
        starts=_minute(event.start) if event else None,
        ends=_minute(event.end) if event and event.end else None,
        previous_starts=sorted(map(_minute, event.previous_starts)) if event else [],
        is_all_day=event.all_day if event else False,
        venue=fold(venue.name) if venue and venue.name else None,
        series=event.series.uid if event and event.series else None,
        occurrence=event.series.recurrence_id if event and event.series else None,
    )


def _facts(posting: EnrichedPosting, found: list[Fact]) -> dict[str, list[int]]:
    """Facts by kind, without those that have a field; of experience the text says what enrich read there."""
    facts: dict[str, list[int]] = {}
    for kind, value in found:
        if kind not in (DEADLINE, HOURS):
            facts.setdefault(kind, []).append(value)
    if posting.experience is not None and posting.experience.min_months:
        facts["experience"] = [posting.experience.min_months]
    if (course := posting.traineeship) is not None:
        if (day := course.cohort_start) is not None:
            facts.setdefault("start", []).append(start_on(day))
        if course.duration_months:
            facts.setdefault("months", []).append(course.duration_months)
    return facts


def _closes(posting: EnrichedPosting, found: list[Fact]) -> int | None:
    """The day that the text names: many a platform puts its own term into the field."""
    said = deadline_of(found, _day(posting.date_posted) or posting.first_seen // DAY_MS)
    return said if said is not None else _day(posting.valid_through)


def _hours(posting: EnrichedPosting, found: list[Fact]) -> list[float]:
    """As the text states them: many a platform has but a few ranges to choose from."""
    if said := hours_of(found):
        return said
    stated = posting.hours
    return [stated.min or stated.max or 0, stated.max or stated.min or 0] if stated else []


def _located(posting: EnrichedPosting) -> list[Location]:
    """Where an event is held, not where its organiser is; for all else, and without a venue, the places stated."""
    venue = posting.event.venue if posting.event else None
    return [venue.location] if venue is not None and venue.location is not None else posting.locations


def _bodies(
    posting: EnrichedPosting, texts: list[Text], known: list[str]
) -> tuple[dict[Lang, Sketch], list[Line], dict[Lang, list[str]]]:
    """A sketch by language, the lines of both, and by language the units named; `known` names are none."""
    bodies: dict[Lang, Sketch] = {}
    lines: list[Line] = []
    units: dict[Lang, list[str]] = {}
    said = [*known, *(title.text for title in (posting.title.nl, posting.title.en) if title)]
    for language, text in texts:
        own = read_lines(text)
        lines += own
        if (sketch := sketch_of(text, own, said)) is not None:
            bodies[language] = sketch
        if named := units_of(text, known):
            units[language] = named
    return bodies, lines, units


def _occupations(posting: EnrichedPosting, texts: list[Text]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {language: occupations_of(text, language) for language, text in texts}
    if posting.apply and posting.apply.url and (said := occupation_in(posting.apply.url)):
        found[""] = [said]
    return {language: names for language, names in found.items() if names}


def _texts(posting: EnrichedPosting) -> list[Text]:
    stated: tuple[tuple[Lang, RichText | None], ...] = (("nl", posting.description.nl), ("en", posting.description.en))
    return [(language, _plain(text.text)) for language, text in stated if text and text.text]


def _plain(text: str) -> str:
    """Who asks the engine alone may not have cleaned its texts as the hub does."""
    return unescape(text).replace("\N{NO-BREAK SPACE}", " ") if "&" in text else text


def _hints(posting: EnrichedPosting, texts: list[Text]) -> list[str]:
    """See `Features.employer_hints`: what the source says of its own pages, and an applicant system's host, is no hint; of
    names those in `texts`."""
    hints = []
    if posting.apply and posting.apply.url:
        ref, host = job_ref(posting.apply.url), registrable(posting.apply.url)
        pages = (posting.provenance.url, posting.canonical_url)
        if ref is not None and len(ref.tenant) > 2 and not ref.tenant.isdigit():
            hints.append(ref.tenant.replace("-", " "))
        elif host is not None and not is_shared(host) and host not in {registrable(page) for page in pages if page}:
            hints.append(host)
    titles = {"nl": posting.title.nl, "en": posting.title.en}
    for language, text in texts:
        title = titles[language]
        hints += names_stated(title.text if title else "", text)
    return list(dict.fromkeys(hints))[:MOST_HINTS]


def _reference(stated: str | None) -> str | None:
    """Too short a number, or one without a digit, names nothing."""
    number = _NOT_ALNUM.sub("", stated.casefold()) if stated else ""
    return number if len(number) >= SHORTEST_REFERENCE and any(c.isdigit() for c in number) else None


def _domain(posting: EnrichedPosting) -> str | None:
    """The employer's domain as the source states it, else that of its own site or mailbox."""
    organisation = posting.organisation
    if organisation is not None and organisation.domain:
        return organisation.domain.casefold().removeprefix("www.")
    if organisation is not None and organisation.url:
        return authority(organisation.url)
    mail = posting.apply.email if posting.apply else None
    return mail.rpartition("@")[2].casefold() or None if mail else None


def _municipality(place: Location) -> str | None:
    """The municipality, or the place's name where it lies elsewhere; nothing of a region or of words that name no place."""
    if place.municipality or place.place is None or place.precision in (None, "region", "unknown"):
        return place.municipality
    return fold(place.place)


def _pay(salary: Salary | None) -> list[int]:
    if salary is None or salary.period not in PER_MONTH or (salary.min is None and salary.max is None):
        return []
    low, high = salary.min if salary.min is not None else salary.max, salary.max if salary.max is not None else salary.min
    factor = PER_MONTH[salary.period]
    return [round((low or 0) * factor), round((high or 0) * factor)]


def _day(moment: datetime | None) -> int | None:
    return int(moment.timestamp() * 1000 // DAY_MS) if moment else None


def _minute(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000 // MINUTE_MS)

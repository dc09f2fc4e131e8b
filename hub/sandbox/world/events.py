"""Events of the region: career days, meet-ups and trainings on MiitN, on Traineelink's pages and in its calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.sandbox.world import drawing
from hub.sandbox.world.builder import Builder
from hub.sandbox.world.employers import EMPLOYERS
from hub.sandbox.world.listing import EventFacts, Listing, Opening, Source
from hub.sandbox.world.places import PLACES
from hub.sandbox.world.prose import Lang

ZONE = ZoneInfo("Europe/Amsterdam")
NAMES: tuple[tuple[str, str], ...] = (
    ("Banenmarkt Noord", "Northern Career Fair"),
    ("Meet-up Trainees", "Trainee Meet-up"),
    ("Inhousedag {employer}", "In-house Day {employer}"),
    ("Workshop Solliciteren in Nederland", "Workshop Applying for Jobs in the Netherlands"),
    ("Speeddate met werkgevers", "Speed Dating with Employers"),
    ("Masterclass Energietransitie", "Masterclass Energy Transition"),
    ("Netwerkborrel Internationals", "International Networking Drinks"),
    ("Bedrijfsbezoek {employer}", "Company Visit {employer}"),
    ("Open avond talentprogramma", "Open Evening Talent Programme"),
    ("Hackathon Schoon Water", "Hackathon Clean Water"),
)
VENUES = ("Forum", "Academiegebouw", "House of Connections", "Provinciehuis", "De Nieuwe Kolk", "Station 3.0", "WTC Expo")
TEXT: dict[Lang, str] = {
    "nl": "<p>Ontmoet werkgevers, trainees en studenten tijdens <strong>{name}</strong> in {place}. Je hoort hoe het is om in het Noorden te werken, stelt je vragen en bouwt aan je netwerk.</p><p>Programma: inloop met koffie, welkom door {employer}, drie rondes met werkgevers, daarna een borrel. Deelname na aanmelding; er is plaats voor {capacity} mensen.</p><p>{employer} organiseert deze bijeenkomst samen met partners uit de regio. De zaal is rolstoeltoegankelijk.</p>",
    "en": "<p>Meet employers, trainees and students at <strong>{name}</strong> in {place}. Hear what it is like to work in the North, ask your questions and build your network.</p><p>Programme: coffee on arrival, welcome by {employer}, three rounds with employers, drinks afterwards. Registration required; there is room for {capacity} people.</p><p>{employer} organises this event together with partners in the region. The venue is wheelchair accessible.</p>",
}


def build_event(
    builder: Builder, sources: tuple[Source, ...], posted: datetime, *, is_calendar: bool = False, past: bool = False
) -> Opening:
    """One event on `sources`; on Traineelink a page, or with `is_calendar` an entry of its calendar."""
    rng = builder.rng
    employer = rng.choice(EMPLOYERS)
    opening = builder.new_opening("event")
    names = rng.choice(NAMES)
    opening.role = (names[0], None)
    facts = _facts(builder, builder.base, past)
    place = PLACES[rng.choice((employer.place, "Groningen", "Leeuwarden", "Assen", "Emmen"))]
    for source in sources:
        lang: Lang = "en" if source == "miitn" else "nl"
        name = names[0 if lang == "nl" else 1].format(employer=employer.short)
        number = builder.next_number(source)
        host = employer.nl if lang == "nl" else employer.en
        listing = Listing(
            source=source,
            number=number,
            native_id=f"event-{number}" if source == "miitn" else f"TL-{number}",
            opening=opening.id,
            kind="event",
            lang=lang,
            title=name,
            slug=f"{drawing.slugify(name)}-{number}",
            html=TEXT[lang].format(name=name, place=place.name, employer=host, capacity=facts.capacity),
            employer=employer,
            employer_name=host,
            posted=posted,
            modified=posted,
            place=place,
            state="expired" if past else "live",
            event=_copy(facts),
        )
        if is_calendar and source == "traineelink" and listing.event is not None:
            listing.event.uid = f"evt-{number}@traineelink.example"
            listing.native_id = f"ical-{listing.event.uid}"
        listing.certain = f"{opening.id}/{listing.native_id}"
        opening.listings.append(listing)
    return opening


def build_series(builder: Builder, posted: datetime) -> list[Opening]:
    """A weekly calendar entry of six, and a replacement of its third occurrence that is moved or cancelled."""
    opening = build_event(builder, ("traineelink",), posted, is_calendar=True)
    master = opening.listings[0]
    event = master.event
    if event is None:
        raise ValueError("an event listing without event facts")
    event.rrule = "FREQ=WEEKLY;COUNT=6"
    event.all_day = False
    event.start = event.start.replace(hour=16, minute=0)
    event.end = event.start + timedelta(hours=2)
    other = builder.new_opening("event")
    other.role = opening.role
    third = _local_shift(event.start, days=14)
    moved = _copy(event)
    moved.rrule = None
    moved.recurrence_id = third.strftime("%Y%m%dT%H%M%SZ")
    moved.start, moved.end = third + timedelta(hours=1), third + timedelta(hours=3)
    moved.sequence = 1
    if builder.rng.random() < 0.5:
        moved.status = "cancelled"
    replacement = Listing(
        source="traineelink",
        number=builder.next_number("traineelink"),
        native_id=f"ical-{moved.uid}/{moved.recurrence_id}",
        opening=other.id,
        kind="event",
        lang="nl",
        title=f"{master.title} (gewijzigd)",
        slug=f"{master.slug}-gewijzigd",
        html=master.html,
        employer=master.employer,
        employer_name=master.employer_name,
        posted=posted,
        modified=posted,
        place=master.place,
        event=moved,
        certain=f"{other.id}/moved",
    )
    other.listings.append(replacement)
    return [opening, other]


def _local_shift(moment: datetime, *, days: int) -> datetime:
    """The same wall-clock time in Amsterdam, `days` later."""
    local = moment.astimezone(ZONE)
    return (local.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=ZONE).astimezone(moment.tzinfo)


def _facts(builder: Builder, base: date, past: bool) -> EventFacts:
    rng = builder.rng
    day = base - timedelta(days=rng.randint(3, 120)) if past else base + timedelta(days=rng.randint(5, 150))
    all_day = rng.random() < 0.12
    start = drawing.at(day, 0 if all_day else rng.choice((8, 9, 13, 15, 16, 17)) * 3600 + rng.choice((0, 1800)))
    if all_day:
        start = (start.replace(tzinfo=ZONE)).astimezone(start.tzinfo)
        end = _local_shift(start, days=rng.choice((1, 2))) - timedelta(seconds=1)
    else:
        end = start + timedelta(hours=rng.choice((2, 3, 4)))
    return EventFacts(
        start=start,
        end=end,
        venue=rng.choice(VENUES),
        all_day=all_day,
        online_url="https://meet.example/noord" if rng.random() < 0.15 else None,
        cost=rng.choice(("", "", "0", "5", "5 – 10", "12,50")),
        capacity=rng.choice((30, 60, 120, 250)),
    )


def _copy(event: EventFacts) -> EventFacts:
    return EventFacts(**{name: getattr(event, name) for name in EventFacts.__slots__})

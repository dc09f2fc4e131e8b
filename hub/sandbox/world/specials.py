"""The traps of the region: look-alikes, reposts, echoes, states a platform hides, and records that must be parked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hub.domain.keys import opportunity_id
from hub.sandbox.world import drawing
from hub.sandbox.world.builder import Builder
from hub.sandbox.world.employers import BY_KEY
from hub.sandbox.world.events import build_event
from hub.sandbox.world.listing import Listing, Opening, Source, State

HUGE = 300 * 1024


def build_specials(builder: Builder) -> list[Opening]:
    openings: list[Opening] = []
    for _ in range(4):
        openings += look_alikes(builder)
        openings += reposts(builder)
        openings += shared_form(builder)
    openings += echoes(builder)
    openings += hidden_states(builder)
    openings += slug_traps(builder)
    openings += odd_events(builder)
    openings += odd_texts(builder)
    openings += invalid_records(builder)
    return openings


def _posted(builder: Builder) -> Any:
    return drawing.past_moment(builder.base, builder.rng)


def look_alikes(builder: Builder) -> list[Opening]:
    """Same employer, same title, same platform; other department, reference and address: two openings."""
    first = builder.opening("vacancy", ("noorderlink", "miitn"), _posted(builder), mode="url")
    second = builder.opening("vacancy", ("noorderlink",), _posted(builder), employer=first.listings[0].employer, mode="url")
    twin, model = second.listings[0], first.listings[0]
    twin.title, twin.place, twin.facts = model.title, model.place, model.facts
    twin.html = model.html.replace("</h3>", " (afdeling Ondersteuning)</h3>", 1)
    twin.department = "Ondersteuning"
    return [first, second]


def reposts(builder: Builder) -> list[Opening]:
    """One opening that its board lists anew after the first entry expired: the lives do not overlap."""
    opening = builder.opening("vacancy", ("noorderlink",), _posted(builder), mode="url")
    fresh = opening.listings[0]
    old = Listing(**{name: getattr(fresh, name) for name in Listing.__slots__})
    old.number = builder.next_number("noorderlink")
    old.native_id = str(old.number)
    old.slug = f"{fresh.slug}-eerder"
    old.posted = old.modified = fresh.posted - timedelta(days=70)
    old.state = "expired"
    old.expires = builder.base - timedelta(days=builder.rng.randint(1, 9))
    old.patch, old.certain = {}, f"{opening.id}/{old.native_id}"
    opening.listings.append(old)
    return [opening]


def shared_form(builder: Builder) -> list[Opening]:
    """Two live openings of one board that apply through one form: an equal address that names no single job."""
    employer = builder.rng.choice([BY_KEY[key] for key in ("treant", "gememmen", "melkweide", "hanze", "rdw")])
    pair = [builder.opening("vacancy", ("noorderlink",), _posted(builder), employer=employer, mode="none") for _ in range(2)]
    for opening in pair:
        opening.listings[0].apply_url = f"https://werkenbij.{employer.domain}/formulier/open-sollicitatie-2026"
        opening.listings[0].apply_email = None
    return pair


def echoes(builder: Builder) -> list[Opening]:
    """Records that re-export: two name an opportunity id of the hub, two point at another platform's page."""
    openings = []
    for source, how in (("noorderlink", "id"), ("miitn", "id"), ("traineelink", "page"), ("vonk", "page")):
        origin: Source = "vonk" if source == "noorderlink" else "noorderlink"
        opening = builder.opening("vacancy", (origin,), _posted(builder), mode="none")
        original = opening.listings[0]
        draft = builder.opening("vacancy", (_source(source),), _posted(builder), employer=original.employer, mode="none")
        echo = draft.listings[0]
        echo.opening, echo.facts, echo.place = opening.id, original.facts, original.place
        echo.title, echo.html, echo.apply_email = original.title, original.html, None
        echo.link, echo.reference = "echo", original.reference
        echo.certain = original.certain
        if how == "id":
            echo.apply_url = f"https://hub.example/v1/opportunities/{opportunity_id(original.key)}"
        else:
            echo.canonical = f"{{{{noorderlink}}}}/vacature/{original.slug}"
            echo.apply_url = echo.canonical
        opening.listings.append(echo)
        openings.append(opening)
    return openings


def _source(name: str) -> Source:
    sources: dict[str, Source] = {"noorderlink": "noorderlink", "miitn": "miitn", "traineelink": "traineelink", "vonk": "vonk"}
    return sources[name]


def hidden_states(builder: Builder) -> list[Opening]:
    """At least one entry in every state that a platform shows in its own way."""
    rows: list[tuple[Source, State, int]] = [
        ("noorderlink", "expired", 12),
        ("miitn", "filled", 4),
        ("miitn", "overdue", 3),
        ("miitn", "expired", 4),
        ("miitn", "draft", 1),
        ("miitn", "pending", 1),
        ("miitn", "future", 1),
        ("miitn", "private", 1),
        ("miitn", "trash", 3),
        ("miitn", "gone", 2),
        ("miitn", "password", 1),
        ("traineelink", "expired", 3),
        ("traineelink", "noindex", 2),
        ("traineelink", "gone", 3),
    ]
    openings = []
    for source, state, count in rows:
        for _ in range(count):
            kind = "traineeship" if source == "traineelink" else "vacancy"
            opening = builder.opening(kind, (source,), _posted(builder))
            listing = opening.listings[0]
            listing.state = state
            if state in ("expired", "overdue"):
                listing.expires = builder.base - timedelta(days=builder.rng.randint(2, 20))
            openings.append(opening)
    return openings


def slug_traps(builder: Builder) -> list[Opening]:
    """WordPress guesses by the start of a slug: the withdrawn one's page leads to another opening. And a renamed one."""
    withdrawn, guessed, renamed = (builder.opening("vacancy", ("miitn",), _posted(builder), mode="url") for _ in range(3))
    withdrawn.listings[0].slug, withdrawn.listings[0].state = "data-engineer-open-sea", "trash"
    guessed.listings[0].slug = "data-engineer-open-sea-medior"
    renamed.listings[0].previous_slugs = (f"{renamed.listings[0].slug}-old-name",)
    return [withdrawn, guessed, renamed]


def odd_events(builder: Builder) -> list[Opening]:
    """Cancelled, postponed, moved, running for days, and so far ahead that a default window hides it."""
    openings = []
    kinds: tuple[tuple[Source, bool], ...] = (("miitn", False), ("traineelink", False), ("traineelink", True))
    for status in ("cancelled", "postponed", "rescheduled", "moved_online", "cancelled"):
        for source, is_calendar in kinds:
            opening = build_event(builder, (source,), _posted(builder), is_calendar=is_calendar)
            for listing in opening.listings:
                set_event_status(listing, status)
            openings.append(opening)
    running = build_event(builder, ("miitn",), _posted(builder))
    event = running.listings[0].event
    if event is not None:
        event.all_day = False
        event.start, event.end = drawing.at(builder.base, -86_400 * 2 + 32_400), drawing.at(builder.base, 86_400 * 3)
    far = build_event(builder, ("miitn",), _posted(builder))
    event = far.listings[0].event
    if event is not None:
        event.start, event.end = event.start + timedelta(days=1095), event.end + timedelta(days=1095)
    return [*openings, running, far]


def set_event_status(listing: Listing, status: str) -> None:
    event = listing.event
    if event is None:
        return
    event.sequence += 1
    if status == "cancelled":
        event.status, event.status_reason = (
            "cancelled",
            "De spreker is verhinderd." if listing.lang == "nl" else "The speaker is unavailable.",
        )
    elif status == "postponed":
        event.status, event.status_reason = "postponed", ""
    elif status == "rescheduled":
        event.status, event.previous_start = "rescheduled", event.start
        event.start, event.end = event.start + timedelta(days=7), event.end + timedelta(days=7)
    elif status == "moved_online":
        event.status, event.online_url = "moved_online", "https://meet.example/noord"


def odd_texts(builder: Builder) -> list[Opening]:
    """Markup, scripts, emoji and shouting where a title should be; all of them valid openings."""
    openings = []
    titles = (
        "Data Engineer <script>alert(1)</script>",
        "R&D <b>Engineer</b> “Health & Tech”",
        "Monteur ⚡ per direct!!!",
        "Analist <junior> O'Neill-team",
    )
    for source in ("noorderlink", "miitn", "vonk"):
        for title in titles:
            opening = builder.opening("vacancy", (_source(source),), _posted(builder), mode="none")
            listing = opening.listings[0]
            listing.title = title
            listing.html += (
                '<p onclick="steal()">Kom langs!</p><script>alert("x")</script><iframe src="https://video.example/1"></iframe>'
            )
            openings.append(opening)
    return openings


def invalid_records(builder: Builder) -> list[Opening]:
    """Records that cannot be used: each is parked and its neighbours go on."""
    cases: list[tuple[Source, str, Callable[[Listing], None]]] = [
        ("noorderlink", "missing_id", lambda item: setattr(item, "drop", ("id",))),
        ("noorderlink", "wrong_type", lambda item: item.patch.update(title=["Beleidsadviseur", {"nl": 1}])),
        ("noorderlink", "impossible_date", lambda item: item.patch.update(expire_at="2026-02-31T25:00:00+01:00")),
        ("noorderlink", "too_large", _grow),
        ("miitn", "too_large", _grow),
        ("traineelink", "missing_field", lambda item: setattr(item, "drop", ("title",))),
        ("traineelink", "impossible_date", lambda item: item.patch.update(datePosted="2026-13-45")),
        ("traineelink", "syntax", lambda item: setattr(item, "title", 'Traineeship " onbekend')),
        ("vonk", "missing_id", lambda item: setattr(item, "drop", ("id",))),
        ("vonk", "wrong_type", lambda item: item.patch.update(title={"nl": 42})),
        ("vonk", "impossible_date", lambda item: item.patch.update(published_at="2026-13-45 99:00:00 UTC")),
        ("vonk", "too_large", _grow),
    ]
    openings = []
    for source, reason, spoil in cases:
        kind = "traineeship" if source in ("traineelink", "vonk") else "vacancy"
        opening = builder.opening(kind, (source,), _posted(builder), mode="none")
        listing = opening.listings[0]
        listing.expires = drawing.closing_day(builder.base, builder.rng)
        spoil(listing)
        listing.invalid = reason
        openings.append(opening)
    for reason, drop in (("missing_id", ("UID",)), ("impossible_date", ("DTSTART",))):
        opening = build_event(builder, ("traineelink",), _posted(builder), is_calendar=True)
        opening.listings[0].invalid = reason
        opening.listings[0].drop = drop
        openings.append(opening)
    return openings


def _grow(listing: Listing) -> None:
    line = "<p>Deze tekst is veel te lang voor een vacature en herhaalt zich tot in het oneindige.</p>"
    listing.html += line * (HUGE // len(line) + 1)

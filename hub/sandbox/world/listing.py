"""What the world holds: openings, and their listings on the platforms.

A listing is one platform's entry for an opening in that platform's words; its state says what the platform shows. All
times are UTC and derive from the world's base date and its own clock, never from the machine's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from hub.sandbox.world.employers import Employer
from hub.sandbox.world.places import Place
from hub.sandbox.world.prose import Facts, Lang

Source = Literal["noorderlink", "miitn", "traineelink", "vonk"]
SOURCES: tuple[Source, ...] = ("noorderlink", "miitn", "traineelink", "vonk")
State = Literal[
    "live",
    "password",  # miitn: text hidden, still listed
    "expired",  # its date has passed and the platform knows
    "overdue",  # its date has passed and the platform has not noticed
    "filled",
    "noindex",  # traineelink: page there, closed for search engines
    "draft",
    "pending",
    "private",
    "future",
    "trash",
    "gone",
]
LIVE: frozenset[State] = frozenset(("live", "password"))
Link = Literal["url", "reference", "echo", "none"]


@dataclass(slots=True)
class EventFacts:
    """Start and end are UTC; `zone` is what the platform shows."""

    start: datetime
    end: datetime
    venue: str
    all_day: bool = False
    status: Literal["scheduled", "cancelled", "postponed", "rescheduled", "moved_online"] = "scheduled"
    status_reason: str = ""
    previous_start: datetime | None = None
    online_url: str | None = None
    cost: str = ""
    capacity: int | None = None
    uid: str = ""
    recurrence_id: str | None = None
    """UTC basic form (`20261201T180000Z`): this listing replaces one occurrence of `uid`."""
    rrule: str | None = None
    sequence: int = 0


@dataclass(slots=True)
class Listing:
    source: Source
    number: int
    native_id: str
    opening: str
    kind: str
    lang: Lang
    title: str
    slug: str
    html: str
    employer: Employer
    employer_name: str
    posted: datetime
    modified: datetime
    facts: Facts | None = None
    place: Place | None = None
    workplace: Literal["onsite", "hybrid", "remote"] = "onsite"
    apply_url: str | None = None
    """May hold `{{platform}}`, which stands for that platform's address."""
    apply_email: str | None = None
    reference: str | None = None
    expires: date | None = None
    state: State = "live"
    link: Link = "none"
    certain: str = ""
    """Listings of equal `certain` are joined by certain links (job address, reference, echo) and by nothing less."""
    event: EventFacts | None = None
    consortium: tuple[Employer, ...] = ()
    department: str | None = None
    canonical: str | None = None
    """The owner's page where the platform says so; may hold `{{platform}}`."""
    translation: tuple[str, str] | None = None
    """Title and HTML in the other language."""
    invalid: str | None = None
    """Why the hub must park this record."""
    patch: dict[str, Any] = field(default_factory=dict)
    """Fields of the rendered record that are replaced, to spoil it."""
    drop: tuple[str, ...] = ()
    previous_slugs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.source}:{self.native_id}"

    @property
    def path(self) -> str:
        """Traineelink's own path of the page; its native id where the page states no identifier."""
        return f"/{'events' if self.event else 'traineeships'}/{self.slug}"

    @property
    def is_live(self) -> bool:
        """By state alone: dates are judged by `lives_on`."""
        return self.state in LIVE and self.invalid is None

    def lives_on(self, today: date | None) -> bool:
        """Also by its dates, where a day is given: a world that goes on for weeks sees its openings close."""
        if today is None or not self.is_live:
            return self.is_live
        is_open = self.expires is None or self.expires >= today
        return is_open and (self.event is None or self.event.end.date() >= today)


@dataclass(slots=True)
class Opening:
    id: str
    kind: str
    listings: list[Listing] = field(default_factory=list)
    role: tuple[str, tuple[str, str] | None] = ("", None)
    """Key of the occupation (of an event: its name) and the level or department in its title."""

    @property
    def is_live(self) -> bool:
        """An echo alone keeps nothing open."""
        return self.lives_on(None)

    def lives_on(self, today: date | None) -> bool:
        return any(listing.lives_on(today) and listing.link != "echo" for listing in self.listings)


@dataclass(frozen=True, slots=True)
class Change:
    """What life did to one listing; pushes are made of these."""

    op: Literal["created", "updated", "deleted"]
    listing: Listing

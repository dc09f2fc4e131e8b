"""Features: what matching reads of a posting, made once by `hub.matching.features` and carried in its enriched record."""

from __future__ import annotations

from pydantic import Field

from hub.domain.model import Lang, Model


class Sketch(Model):
    """What of a body's wording is kept: enough to estimate how much of it stands in another body, not to read it."""

    minhash: str
    """Base64 of 128 bytes, the low byte of each of 128 MinHash values (Li and König, "b-Bit Minwise Hashing", 2010)."""
    shingles: int = Field(ge=0)
    """How many distinct three-word shingles the body has."""
    sentences: list[int] = []
    """Hashes of its sentences: a copy of a few of them is told exactly, where a sketch of a few shingles is a guess."""
    slots: list[int] = []
    """What its sentences are filled in with, by `hub.matching.slots`."""
    vocabulary: list[int] = []
    """Least hashes of its words that few advertisements use."""


class Features(Model):
    """What matching reads and a ghost keeps: plain values, no judgement, so that a new match model can judge them anew.

    Days are days since 1970-01-01 (UTC), minutes likewise, pay is in euros a month.
    """

    model: str
    """Version of the rules that made them (`hub.matching.features`); no match model plays a part."""
    job_keys: list[str] = []
    """Stated addresses or ATS ids that name one job."""
    page_keys: list[str] = []
    """The posting's own page, in the same form: others may state it."""
    reference: str | None = None
    """The employer's number of the vacancy, letters and digits only."""
    employer: str | None = None
    employer_domain: str | None = None
    kvk: str | None = None
    is_for_client: bool = False
    """The text says that its author recruits for another: the employer named may be the agency."""
    employer_hints: list[str] = []
    """The host that applications go to or the tenant there, in lower case; without an employer, or where the text speaks for a
    client, also names in the text."""
    intermediary: str | None = None
    consortium: list[str] = []
    title_nl: str | None = None
    title_en: str | None = None
    levels: list[str] = []
    """Words for a level of work that stand in the text."""
    language: str | None = None
    municipalities: list[str] = []
    """CBS codes; a place elsewhere by its folded name."""
    places: list[str] = []
    lat: float | None = None
    lng: float | None = None
    is_remote: bool = False
    posted: int | None = None
    closes: int | None = None
    hours: list[float] = []
    """Fewest and most a week."""
    pay: list[int] = []
    """Least and most."""
    contract: str | None = None
    education: list[str] = []
    bodies: dict[Lang, Sketch] = {}
    figures: list[int] = []
    """Hashes of the body's numbers, which a translation leaves as they are."""
    names: list[int] = []
    """Hashes of the names, codes and tools in the body, likewise."""
    units: dict[Lang, list[str]] = {}
    """Departments, teams and sites that the body names, as written; sites with `@` in front."""
    occupations: dict[str, list[str]] = {}
    """Phrases by which the text calls the work, by its language; under `""` what the address to apply at says."""
    facts: dict[str, list[int]] = {}
    """Kind → values that the body states of the opening: people of the team, months of experience, the day of the start."""
    starts: int | None = None
    """Minute at which an event starts."""
    ends: int | None = None
    previous_starts: list[int] = []
    is_all_day: bool = False
    venue: str | None = None
    series: str | None = None
    occurrence: str | None = None

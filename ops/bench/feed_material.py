"""Feed records as unify writes them, in any number and always the same: some 4.5 KB each, with facets as varied as life's,
and texts that a compressor takes to two fifths, as it takes those of postings.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import orjson

from hub.domain.keys import opportunity_id
from hub.feed.entry import LogRecord
from hub.feed.log import BATCH_RECORDS

BATCH = BATCH_RECORDS
WORDS_A_TEXT = 260
SECTORS = ("energy", "it_digital", "life_sciences_health", "public_sector", "engineering_industry", "other")
AUDIENCES = ("student", "graduate", "international", "city_leaver_1_3", "city_leaver_3_5", "city_leaver_5_10")
SOURCES = ("noorderlink", "miitn", "traineelink", "vonk")
PLACES = (("Groningen", "GM0014"), ("Assen", "GM0106"), ("Leeuwarden", "GM0080"), ("Emmen", "GM0114"))


@cache
def _words() -> tuple[list[str], list[float]]:
    """Words of a made-up language, few of them frequent, as words are (Zipf's law): the words, and how often they come."""
    chance = random.Random(7)
    syllables = [first + vowel + last for first in "bdghklmnprstvwz" for vowel in "aeiou" for last in ("", "n", "r", "s", "k")]
    words = ["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 4)))) for _ in range(4_000)]
    return words, [1 / rank for rank in range(1, len(words) + 1)]


def ids_of(count: int) -> list[str]:
    return [opportunity_id(f"noorderlink:{number}") for number in range(count)]


def feed_records(count: int, version: int = 1) -> Iterator[list[LogRecord]]:
    """Batches of records at offsets from 0 on; another `version` is another text of the same opportunities."""
    for start in range(0, count, BATCH):
        yield [_record(number, version) for number in range(start, min(count, start + BATCH))]


def _record(number: int, version: int) -> LogRecord:
    chance = random.Random(number * 1_000 + version)
    key = f"noorderlink:{number}"
    place, municipality = PLACES[number % len(PLACES)]
    source = SOURCES[number % len(SOURCES)]
    text = " ".join(chance.choices(*_words(), k=WORDS_A_TEXT)) + "."
    tree = {
        "id": opportunity_id(key),
        "kind": chance.choice(("vacancy",) * 8 + ("traineeship", "event")),
        "state": "live",
        "version": f"{number:024x}{version:08x}",
        "first_published": f"2026-{1 + number % 11:02d}-{1 + number % 28:02d}T{number % 24:02d}:{number % 60:02d}:00.000Z",
        "last_changed": "2026-11-21T08:00:00.000Z",
        "content": {
            "title": {"nl": {"text": f"Projectleider {number}", "origin": "source"}},
            "description": {"nl": {"html": f"<p>{text}</p>", "text": text, "origin": "source"}},
            "organisation": {"name": f"Werkgever {number % 900}"},
            "locations": [{"place": place, "municipality": municipality, "precision": "place"}],
            "canonical_url": f"https://employer.example/{number}",
        },
        "sources": [{"source_key": key, "source": source, "url": f"https://{source}.example/{number}", "first_seen": ""}],
        "field_origins": {"title.nl": key, "description.nl": key, "organisation": key, "locations": key},
        "facets": {
            "sectors": sorted(chance.sample(SECTORS, 2)),
            "municipalities": [municipality],
            "regions": ["labour_market:groningen", "noord_nederland:1", "province:PV20"],
            "audiences": sorted(chance.sample(AUDIENCES, 2)),
            "dutch_required": chance.choice(("yes", "no", "unknown")),
            "education": ["hbo", "wo"],
            "languages": ["nl"],
            "sources": [source],
        },
        "redirects": [],
        "model": "bench",
    }
    return LogRecord(number, str(tree["id"]), orjson.dumps(tree))

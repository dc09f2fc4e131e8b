"""Each partner's planted persons through its own connector, cleaning and enrichers: the whole-hub proof's small sister.

`tests/integration/test_personal_data.py` searches a running hub; here a leak is told with its place within a second.
"""

from __future__ import annotations

import orjson
import pytest
from fakes.canaries import Persons, found_in
from fakes.planted_partners import planted
from fakes.schema_site import BASE as SCHEMA_BASE
from fakes.wordpress_site import BASE as WORDPRESS_BASE

from hub.enrich import clean, enrich, to_ghost
from hub.errors import RecordRejectedError
from hub.matching import features_of
from hub.sdk import RawRecord, load_connectors
from hub.sdk.testing import map_record, run_source, source_of

BASES = {
    "noorderlink": "https://www.noorderlink.example",
    "miitn": WORDPRESS_BASE,
    "traineelink": SCHEMA_BASE,
    "vonk": "https://vonk.example",
}


async def told_by(source, persons):
    """(raw bytes, bytes of everything later) of what the source serves; records that must be parked are left out."""
    connector, raw, later = load_connectors()[source], b"", b""
    for event in await run_source(source_of(connector, planted(persons)[source], BASES[source])):
        if not isinstance(event, RawRecord):
            continue
        try:
            mapped = map_record(connector, event)
        except RecordRejectedError:
            continue
        raw += orjson.dumps(event.parts)
        enriched = enrich(clean(mapped, contacts=connector.manifest.contacts))
        enriched = enriched.model_copy(update={"features": features_of(enriched)})
        later += enriched.to_bytes() + to_ghost(enriched).to_bytes()
    return raw, later


@pytest.mark.parametrize("source", sorted(BASES))
async def test_who_is_named_by_a_partner_is_named_by_nothing_later(source):
    persons = Persons(2026)
    raw, later = await told_by(source, persons)
    planted_here = {one.place for one in persons.all if one.place.startswith(f"{source}.") and "parked" not in one.place}
    assert {person.place for person, _ in found_in(raw, persons.all)} == planted_here
    assert sorted((person.place, what) for person, what in found_in(later, persons.all)) == []

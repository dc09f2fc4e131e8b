"""Municipality → the regions it belongs to, by scheme. Membership is data with validity, and this room has no clock:
a row counts when it is still valid, that is, when it has no end."""

from __future__ import annotations

from functools import lru_cache

from hub.domain.posting import Location, RegionCode
from hub.enrich.gazetteer import MUNICIPALITIES, NORTH, province_code
from hub.enrich.reference import load_toml


def _load() -> dict[str, list[tuple[str, str]]]:
    members: dict[str, list[tuple[str, str]]] = {code: [] for code in MUNICIPALITIES}
    for region in load_toml("regions.toml")["region"]:
        if "valid_to" not in region:
            for code in region["municipalities"]:
                members[code].append((region["scheme"], region["code"]))
    return members


_MEMBERS = _load()


def regions_of(locations: list[Location]) -> list[RegionCode]:
    """Distinct regions of all locations, sorted by scheme and code."""
    keys = frozenset((location.municipality, location.province) for location in locations)
    return list(_regions(keys)) if keys else []


@lru_cache(maxsize=4096)
def _regions(keys: frozenset[tuple[str | None, str | None]]) -> tuple[RegionCode, ...]:
    found: set[tuple[str, str]] = set()
    for municipality, province_name in keys:
        entry = MUNICIPALITIES.get(municipality or "")
        province = entry.province if entry else province_code(province_name)
        if province is not None:
            found.add(("province", province))
        if province in NORTH:
            found.add(("noord_nederland", "noord_nederland"))
        found.update(_MEMBERS.get(municipality or "", ()))
    return tuple(RegionCode(scheme=scheme, code=code) for scheme, code in sorted(found))

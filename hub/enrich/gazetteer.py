"""The gazetteer: northern places with their municipality, places elsewhere with their province, postcodes, names.

Tables only, read once at import; `places` decides between namesakes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from hub.enrich.reference import load_rows, load_toml

PROVINCES = {
    **{
        "PV20": "Groningen",
        "PV21": "Fryslân",
        "PV22": "Drenthe",
        "PV23": "Overijssel",
        "PV24": "Flevoland",
        "PV25": "Gelderland",
    },
    **{
        "PV26": "Utrecht",
        "PV27": "Noord-Holland",
        "PV28": "Zuid-Holland",
        "PV29": "Zeeland",
        "PV30": "Noord-Brabant",
        "PV31": "Limburg",
    },
}
NORTH = frozenset({"PV20", "PV21", "PV22"})


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    municipality: str | None
    province: str
    lat: float | None
    lng: float | None
    weak: bool = False
    population: int = 0


@dataclass(frozen=True, slots=True)
class Municipality:
    code: str
    name: str
    province: str
    lat: float | None
    lng: float | None


def fold(name: str) -> str:
    """Lower case without accents, apostrophes, dots and hyphens: `Sint-Annaparochie` = `st annaparochie`."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    plain = re.sub(r"['`.]", "", re.sub(r"[-_/]", " ", plain))
    return re.sub(r"^st ", "sint ", " ".join(plain.split()))


def _load() -> tuple[dict[str, Municipality], dict[str, list[Place]], list[Place]]:
    crosswalk = load_toml("crosswalk.toml")
    by_name: dict[str, list[Place]] = defaultdict(list)
    located: list[Place] = []
    centres: dict[str, tuple[float, float]] = {}
    for row in load_rows("places_north.csv"):
        lat, lng = (float(row["lat"]), float(row["lng"])) if row["lat"] else (None, None)
        province = crosswalk[row["municipality"]]["province"]
        place = Place(row["name"], row["municipality"], province, lat, lng, row["weak"] == "weak", int(row["population"]))
        if lat is not None and lng is not None:
            located.append(place)
            centres.setdefault(row["municipality"], (lat, lng))
        for name in {fold(name) for name in (row["name"], *row["spellings"].split("|")) if name}:
            by_name[name].append(place)
    for row in load_rows("places_elsewhere.csv"):
        place = Place(row["name"], None, row["province"], float(row["lat"]), float(row["lng"]), False, int(row["population"]))
        located.append(place)
        by_name[fold(row["name"])].append(place)
    municipalities = {
        code: Municipality(code, entry["name"], entry["province"], *centres.get(code, (None, None)))
        for code, entry in crosswalk.items()
    }
    return municipalities, dict(by_name), located


MUNICIPALITIES, PLACES_BY_NAME, LOCATED_PLACES = _load()

OTHER_NAMES = {
    "den haag": "the hague",
    "s gravenhage": "the hague",
    "sgravenhage": "the hague",
    "den bosch": "s hertogenbosch",
    "shertogenbosch": "s hertogenbosch",
    "flushing": "vlissingen",
}
MUNICIPALITIES_BY_NAME = {fold(entry.name): entry.code for entry in MUNICIPALITIES.values()} | {
    fold(former): code for code, entry in load_toml("crosswalk.toml").items() for former in entry.get("former", ())
}
MUNICIPALITIES_BY_NAME |= {
    **{
        "sudwest fryslan": "GM1900",
        "southwest friesland": "GM1900",
        "noordoost friesland": "GM1970",
        "tytsjerksteradeel": "GM0737",
    },
    **{"tietjerksteradeel": "GM0737", "dantumadeel": "GM1891", "midden drenthe": "GM1731", "middle groningen": "GM1952"},
    **{"zuidwest friesland": "GM1900", "het hogelaand": "GM1966", "swf": "GM1900", "winsum": "GM1966"},
}
PROVINCES_BY_NAME = {fold(name): code for code, name in PROVINCES.items()} | {
    **{
        "friesland": "PV21",
        "frisia": "PV21",
        "frl": "PV21",
        "fr": "PV21",
        "gr": "PV20",
        "gn": "PV20",
        "grn": "PV20",
        "dr": "PV22",
    },
    **{"north holland": "PV27", "south holland": "PV28", "north brabant": "PV30", "brabant": "PV30", "nb": "PV30", "zh": "PV28"},
    **{"nh": "PV27", "ov": "PV23", "gld": "PV25", "provincie utrecht": "PV26", "zealand": "PV29", "flevo": "PV24"},
    **{code.lower(): code for code in PROVINCES},
    **{"nl gr": "PV20", "nl fr": "PV21", "nl dr": "PV22"},
}
_POSTCODE = re.compile(r"\b([1-9]\d{3})\s?(?:[A-Za-z]{2})?\b")
FULL_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\b")
PROVINCE_WORD = re.compile(r"^(?:de )?(?:provincie|province of|province|prov)\s+|\s+(?:province|provincie)$")


def _postcode_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code, ranges in load_toml("postcodes.toml").items():
        for part in ranges:
            first, _, last = part.partition("-")
            for number in range(int(first), int(last or first) + 1):
                table[number] = code
    return table


_BY_POSTCODE = _postcode_table()
_PROVINCE_RANGES = (
    *(
        (1300, 1379, "PV24"),
        (1000, 1299, "PV27"),
        (1430, 2158, "PV27"),
        (2170, 3380, "PV28"),
        (3400, 3464, "PV26"),
        (3500, 3769, "PV26"),
    ),
    *(
        (3770, 3794, "PV25"),
        (3800, 3836, "PV26"),
        (3840, 3888, "PV25"),
        (3890, 3899, "PV24"),
        (4000, 4119, "PV25"),
        (4300, 4599, "PV29"),
    ),
    *(
        (4600, 4670, "PV30"),
        (4700, 5299, "PV30"),
        (5340, 5765, "PV30"),
        (5800, 5999, "PV31"),
        (6040, 6499, "PV31"),
        (6500, 6583, "PV25"),
    ),
    *(
        (6600, 7399, "PV25"),
        (7400, 7438, "PV23"),
        (7440, 7699, "PV23"),
        (7740, 7766, "PV22"),
        (7800, 7949, "PV22"),
        (7956, 7999, "PV22"),
    ),
    *(
        (8000, 8049, "PV23"),
        (8200, 8259, "PV24"),
        (8260, 8299, "PV23"),
        (8380, 8387, "PV22"),
        (8388, 9299, "PV21"),
        (9300, 9349, "PV22"),
    ),
    *(
        (9350, 9399, "PV20"),
        (9400, 9478, "PV22"),
        (9480, 9499, "PV22"),
        (9500, 9509, "PV20"),
        (9510, 9539, "PV22"),
        (9540, 9569, "PV20"),
    ),
    *(
        (9570, 9579, "PV22"),
        (9580, 9653, "PV20"),
        (9654, 9659, "PV22"),
        (9660, 9759, "PV20"),
        (9760, 9769, "PV22"),
        (9770, 9849, "PV20"),
    ),
    *((9850, 9859, "PV21"), (9860, 9869, "PV20"), (9870, 9879, "PV21"), (9880, 9999, "PV20")),
)


def municipality_of_postcode(postcode: str | None) -> str | None:
    """CBS code where the whole four-digit area lies in one northern municipality."""
    match = _POSTCODE.search(postcode) if postcode else None
    return _BY_POSTCODE.get(int(match.group(1))) if match else None


def province_of_postcode(postcode: str | None) -> str | None:
    match = _POSTCODE.search(postcode) if postcode else None
    if match is None:
        return None
    number = int(match.group(1))
    return next((code for first, last, code in _PROVINCE_RANGES if first <= number <= last), None)


def province_code(name: str | None) -> str | None:
    """`Friesland`, `Fryslân`, `PV21` → `PV21`."""
    if not name:
        return None
    folded = fold(name)
    return PROVINCES_BY_NAME.get(folded) or PROVINCES_BY_NAME.get(PROVINCE_WORD.sub("", folded).strip())

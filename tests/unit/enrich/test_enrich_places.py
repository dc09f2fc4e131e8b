"""Places, postcodes, coordinates and regions."""

import pytest

from hub.domain.posting import Location, Posting
from hub.enrich import enrich
from hub.enrich.gazetteer import MUNICIPALITIES, municipality_of_postcode, province_code
from hub.enrich.reference import load_rows, load_toml

PLACES = [
    ("Groningen", "GM0014"),
    ("groningen, netherlands", "GM0014"),
    ("City of Groningen", "GM0014"),
    ("Grunn", "GM0014"),
    ("Haren", "GM0014"),
    ("Ten Boer", "GM0014"),
    ("9712 AB Groningen", "GM0014"),
    ("Groningen e.o.", "GM0014"),
    ("Groningen en Assen", "GM0014"),
    ("Assen / Groningen", "GM0106"),
    ("Stadskanaal", "GM0037"),
    ("Veendam", "GM0047"),
    ("Nieuwe-Pekela", "GM0765"),
    ("Winschoten", "GM1895"),
    ("Bad Nieuweschans", "GM1895"),
    ("Ter Apel", "GM1950"),
    ("Hoogezand-Sappemeer", "GM1952"),
    ("Slochteren", "GM1952"),
    ("Winsum", "GM1966"),
    ("Bedum", "GM1966"),
    ("Eemshaven", "GM1966"),
    ("Het Hogeland", "GM1966"),
    ("Den Ham", "GM1969"),
    ("Leek", "GM1969"),
    ("Delfzijl", "GM1979"),
    ("Appingedam", "GM1979"),
    ("’t Zandt", "GM1979"),
    ("Loppersum", "GM1979"),
    ("Coevorden", "GM0109"),
    ("Emmen", "GM0114"),
    ("Hoogeveen", "GM0118"),
    ("Meppel", "GM0119"),
    ("Tweede Exloërmond", "GM1681"),
    ("2e Exloermond", "GM1681"),
    ("Zuidwolde, Drenthe", "GM1690"),
    ("Zuidwolde", "GM1690"),
    ("Zuidwolde (Gn)", "GM1966"),
    ("Stad", "GM0014"),
    ("Groningen Hoogkerk", "GM0014"),
    ("Emmen Noord", "GM0114"),
    ("Roden", "GM1699"),
    ("Paterswolde", "GM1730"),
    ("Hooghalen", "GM1731"),
    ("Ljouwert", "GM0080"),
    ("Leeuwarden (Friesland)", "GM0080"),
    ("Grou", "GM0080"),
    ("It Hearrenfean", "GM0074"),
    ("Snits", "GM1900"),
    ("De Jouwer", "GM1940"),
    ("Frjentsjer", "GM1949"),
    ("St. Annaparochie", "GM1949"),
    ("Sint-Annaparochie", "GM1949"),
    ("Winsum (Fr)", "GM1949"),
    ("Bergum", "GM0737"),
    ("Damwoude", "GM1891"),
    ("Dokkum", "GM1970"),
    ("Nes, Ameland", "GM0060"),
    ("Gemeente Súdwest-Fryslân", "GM1900"),
    ("Noardeast-Fryslân", "GM1970"),
    ("Schiermonnikoog", "GM0088"),
]
ELSEWHERE = [
    ("Amsterdam", "Noord-Holland"),
    ("Zwolle", "Overijssel"),
    ("Den Haag", "Zuid-Holland"),
    ("The Hague", "Zuid-Holland"),
    ("'s-Hertogenbosch", "Noord-Brabant"),
    ("’s-Hertogenbosch", "Noord-Brabant"),
    ("Den Bosch", "Noord-Brabant"),
    ("Buren", "Gelderland"),
    ("Utrecht", "Utrecht"),
]


def located(**fields: object) -> Location:
    return enrich(Posting(locations=[Location(**fields)])).locations[0]


@pytest.mark.parametrize(("place", "municipality"), PLACES)
def test_a_northern_place_has_its_municipality(place: str, municipality: str) -> None:
    found = located(place=place)
    assert found.municipality == municipality
    assert found.municipality_name == MUNICIPALITIES[municipality].name
    assert found.place == place
    assert (found.lat is None, found.precision is None) == (False, False)


@pytest.mark.parametrize(("place", "province"), ELSEWHERE)
def test_a_place_outside_the_north_is_valid_and_has_a_province_only(place: str, province: str) -> None:
    found = located(place=place)
    assert (found.municipality, found.province) == (None, province)


@pytest.mark.parametrize("code", sorted(MUNICIPALITIES))
def test_every_municipality_is_found_by_its_name_and_by_each_of_its_places(code: str) -> None:
    assert located(place=f"Gemeente {MUNICIPALITIES[code].name}").municipality == code
    rows = [row for row in load_rows("places_north.csv") if row["municipality"] == code and row["weak"] != "weak"]
    assert rows
    by_postcode = {postcode for postcode, found in _postcodes().items() if found == code}
    assert by_postcode


@pytest.mark.parametrize("code", sorted(MUNICIPALITIES))
def test_a_stated_municipality_code_is_enough(code: str) -> None:
    assert located(municipality=code).province == located(place=MUNICIPALITIES[code].name, province=province_of(code)).province


@pytest.mark.parametrize(
    ("former", "code"),
    [(former, code) for code, entry in load_toml("crosswalk.toml").items() for former in entry.get("former", ())],
)
def test_a_merged_municipality_is_understood(former: str, code: str) -> None:
    assert located(municipality_name=former).municipality == code


def test_all_northern_places_of_the_table_are_there() -> None:
    assert len(MUNICIPALITIES) == 40
    assert sum(row["lat"] != "" for row in load_rows("places_north.csv")) >= 396


@pytest.mark.parametrize(
    ("fields", "municipality"),
    [
        ({"place": "Winsum", "province": "Friesland"}, "GM1949"),
        ({"place": "Winsum", "postcode": "9951 AB"}, "GM1966"),
        ({"place": "Oudega", "lat": 53.125, "lng": 6.0}, "GM0090"),
        ({"place": "Zuidwolde", "province": "Drenthe"}, "GM1690"),
        ({"place": "Buren", "province": "Fryslân"}, "GM0060"),
        ({"place": "Den Ham", "province": "Overijssel"}, None),
        ({"postcode": "9403AB"}, "GM0106"),
        ({"lat": 53.1, "lng": 6.1}, "GM0090"),
        ({"place": "Nergenshuizen", "postcode": "9711 LM"}, "GM0014"),
    ],
)
def test_namesakes_and_missing_names_are_told_apart_by_what_else_is_stated(
    fields: dict[str, object], municipality: str | None
) -> None:
    assert located(**fields).municipality == municipality


@pytest.mark.parametrize("country", ["Nederland", "the Netherlands", "NLD", "nl", None])
def test_the_country_of_a_place_that_was_found_has_its_code(country: str | None) -> None:
    assert located(place="Assen", country=country).country == "NL"


def test_a_place_abroad_is_left_alone() -> None:
    assert located(place="Emmen", country="CH").municipality is None


@pytest.mark.parametrize("place", ["Remote", "Noord-Nederland", "Nergenshuizen", ""])
def test_a_place_that_is_none_is_left_alone(place: str) -> None:
    assert located(place=place).municipality is None


def test_a_municipality_that_contradicts_its_place_is_replaced_and_noted() -> None:
    found = enrich(Posting(locations=[Location(place="Delfzijl", municipality="GM0014")]))
    assert found.locations[0].municipality == "GM1979"
    assert "source said GM0014" in found.field_origins["locations.0.municipality"]


def test_stated_coordinates_and_street_stay() -> None:
    found = located(place="Groningen", street="Grote Markt 1", lat=53.2193, lng=6.5681)
    assert (found.lat, found.lng, found.precision, found.street) == (53.2193, 6.5681, "address", "Grote Markt 1")


@pytest.mark.parametrize(
    ("place", "regions"),
    [
        (
            "Groningen",
            ["labour_market:groningen", "nij_begun:nij_begun", "noord_nederland:noord_nederland", "province:PV20"],
        ),
        ("Assen", ["labour_market:groningen", "nij_begun:nij_begun", "noord_nederland:noord_nederland", "province:PV22"]),
        ("Emmen", ["labour_market:drenthe", "noord_nederland:noord_nederland", "province:PV22"]),
        ("Sneek", ["labour_market:friesland", "noord_nederland:noord_nederland", "province:PV21"]),
        ("Amsterdam", ["province:PV27"]),
        ("provincie Drenthe", ["noord_nederland:noord_nederland", "province:PV22"]),
    ],
)
def test_regions_follow_the_municipality(place: str, regions: list[str]) -> None:
    found = enrich(Posting(locations=[Location(place=place)])).regions
    assert [f"{region.scheme}:{region.code}" for region in found] == regions


@pytest.mark.parametrize(
    ("name", "code"), [("Friesland", "PV21"), ("Fryslân", "PV21"), ("Province of Groningen", "PV20"), ("Marble", None)]
)
def test_a_province_has_one_code_under_all_its_names(name: str, code: str | None) -> None:
    assert province_code(name) == code


def province_of(code: str) -> str:
    return MUNICIPALITIES[code].province


def _postcodes() -> dict[str, str | None]:
    return {str(number): municipality_of_postcode(f"{number} AB") for number in range(7700, 10_000)}

"""What the types share: texts in a language, organisations, places, and leaving out what is not there.

Records are read through `hub.feed.reading`: a part that is missing or of another kind (an operator may have set it) reads
as empty, and nothing raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hub.domain.posting import Lang
from hub.feed.reading import Part, html_of, is_web, part_of, parts_of, text_language, title_language, word_of

HOME_COUNTRY = "NL"
"""The country of a place with a CBS municipality, and of a remote job that names none: all sources serve the Dutch market."""
HOME_NAMES = frozenset({"nederland", "netherlands", "the netherlands", "holland", "nld"})


def filled(node: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty; false and nought stay."""
    return {name: value for name, value in node.items() if value is not None and value != "" and value != [] and value != {}}


def one_or_all(values: Iterable[Any]) -> Any:
    """A list of one is the one, and of none nothing."""
    found = list(values)
    return found[0] if len(found) == 1 else found or None


def number_of(parent: Part, name: str) -> float | int | None:
    found = parent.get(name)
    return found if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def words_of(parent: Part, name: str) -> list[str]:
    found = parent.get(name)
    return [word for word in found if isinstance(word, str)] if isinstance(found, list) else []


def address_of(parent: Part, name: str) -> str | None:
    """A web address that a reader may be sent to."""
    found = parent.get(name)
    return found if isinstance(found, str) and is_web(found) else None


def told_in(content: Part, language: Lang) -> Lang | None:
    """The language of the description, which is most of the text; else of the title."""
    return (text_language(content, language) if html_of(content, language) else None) or title_language(content, language)


def identifier_of(opportunity: Part) -> dict[str, Any]:
    return {"@type": "PropertyValue", "propertyID": "opportunity", "value": opportunity["id"]}


def organisation_of(content: Part) -> dict[str, Any] | None:
    """The employer or organiser, else the agency: an Organization by name, page, logo and KvK number."""
    found = next((one for name in ("organisation", "intermediary") if word_of(one := part_of(content, name), "name")), None)
    if found is None:
        return None
    domain, kvk = word_of(found, "domain"), word_of(found, "kvk")
    return filled(
        {
            "@type": "Organization",
            "name": word_of(found, "name"),
            "sameAs": address_of(found, "url") or (f"https://{domain}" if domain else None),
            "logo": address_of(found, "logo_url"),
            "identifier": {"@type": "PropertyValue", "propertyID": "KvK", "value": kvk} if kvk else None,
        }
    )


def country_of(location: Part) -> str | None:
    """ISO 3166-1 where it can be told: a Dutch municipality is in the Netherlands, whatever its source calls them."""
    stated = word_of(location, "country")
    is_home = word_of(location, "municipality") or stated.lower() in HOME_NAMES
    return HOME_COUNTRY if is_home else stated or None


def place_of(location: Part, name: str | None = None) -> dict[str, Any] | None:
    """A Place with a PostalAddress. Coordinates only of an address: those of a town are its middle, not the place."""
    address = filled(
        {
            "@type": "PostalAddress",
            "streetAddress": word_of(location, "street"),
            "postalCode": word_of(location, "postcode"),
            "addressLocality": word_of(location, "place"),
            "addressRegion": word_of(location, "province"),
            "addressCountry": country_of(location),
        }
    )
    geo = None
    latitude, longitude = number_of(location, "lat"), number_of(location, "lng")
    if word_of(location, "precision") in ("address", "postcode") and latitude is not None and longitude is not None:
        geo = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    place = filled({"@type": "Place", "name": name, "address": address if len(address) > 1 else None, "geo": geo})
    return place if len(place) > 1 else None


def places_of(content: Part) -> list[dict[str, Any]]:
    return [place for location in parts_of(content, "locations") if (place := place_of(location))]

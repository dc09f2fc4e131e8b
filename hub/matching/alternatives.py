"""What other sources state where the golden record shows one value, so that a reader sees where they disagree.

A field is named by its path in the content (`title.nl.text`), as in an operator's words. A value is told when it states a
fact that neither the shown value nor a more trusted alternative states: less of the same is no disagreement. Of the facts
only the normal form counts, so another spelling is none either. A function of the members' values alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from hub.domain.opportunity import Alternative
from hub.matching.addresses import page_key
from hub.matching.titles.vocabulary import fold

MOST = 5
WORD = re.compile(r"\w+")

Facts = frozenset[Any]
Part = tuple[str, Mapping[str, Any]]
"""Source key, and what that source contributes."""


def alternatives_of(parts: Sequence[Part], content: Mapping[str, Any]) -> dict[str, list[Alternative]]:
    """Path → other values, at most `MOST` a path, in the order of `parts`; paths without any are left out."""
    found: dict[str, list[Alternative]] = {}
    for path, read in FIELDS.items():
        top = path.partition(".")[0]
        shown = content.get(top)
        others = [(key, part) for key, part in parts if (value := part.get(top)) is not None and value != shown]
        if others and (rows := _differing(others, content, path, read)):
            found[path] = rows
    return found


def _differing(parts: Sequence[Part], content: Mapping[str, Any], path: str, read: Callable[[Any], Facts]) -> list[Alternative]:
    names = path.split(".")
    told = [read(_at(content, names))]
    rows: list[Alternative] = []
    for key, part in parts:
        value = _at(part, names)
        facts = read(value)
        if not any(facts <= known for known in told) and len(rows) < MOST:
            told.append(facts)
            rows.append(Alternative(value=value, source_key=key))
    return rows


def _at(tree: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The value at `path`. A text that was derived is no source's word: None."""
    node: Any = tree
    for name in path:
        if not isinstance(node, Mapping) or node.get("origin") == "derived":
            return None
        node = node.get(name)
    return node


# --- normal forms: value → the facts that it states; none of None --------------------------------------------------------


def words(value: Any) -> Facts:
    return _words(value) if isinstance(value, str) else frozenset()


@lru_cache(maxsize=4_096)
def _words(text: str) -> Facts:
    plain = " ".join(WORD.findall(fold(text)))
    return frozenset({plain}) if plain else frozenset()


def places(locations: Any) -> Facts:
    """Municipalities, or places where no municipality is known; a country or a province names no place."""
    rows = [row for row in locations if isinstance(row, Mapping)] if isinstance(locations, list) else []
    return frozenset(str(place) for row in rows if (place := row.get("municipality") or " ".join(words(row.get("place")))))


def amounts(salary: Any) -> Facts:
    """Ends and period where there is an end, else the scale, else the words. A period that was guessed is no fact."""
    if not isinstance(salary, Mapping):
        return frozenset()
    ends = [(name, salary[name]) for name in ("min", "max") if salary.get(name) is not None]
    if ends:
        period = None if salary.get("period_is_guess") else salary.get("period")
        about = (("period", period), ("currency", salary.get("currency")))
        return frozenset([*ends, *((name, value) for name, value in about if value)])
    scale = frozenset((name, fact) for name in ("cao", "scale") for fact in words(salary.get(name)))
    return scale or words(salary.get("as_stated"))


def ends(hours: Any) -> Facts:
    if not isinstance(hours, Mapping):
        return frozenset()
    return frozenset((name, hours[name]) for name in ("min", "max") if hours.get(name) is not None)


def codes(values: Any) -> Facts:
    return frozenset(map(str, values)) if isinstance(values, list) else frozenset()


def day(value: Any) -> Facts:
    return frozenset({value[:10]}) if isinstance(value, str) and value else frozenset()


def moment(value: Any) -> Facts:
    """Texts with different offsets may state one moment."""
    try:
        return frozenset({datetime.fromisoformat(value)})
    except (TypeError, ValueError):
        return words(value)


def address(value: Any) -> Facts:
    return frozenset({page_key(value) or value}) if isinstance(value, str) and value else frozenset()


FIELDS: dict[str, Callable[[Any], Facts]] = {
    "title.nl.text": words,
    "title.en.text": words,
    "organisation.name": words,
    "locations": places,
    "salary": amounts,
    "hours": ends,
    "education_levels": codes,
    "contract": words,
    "valid_through": day,
    "apply.url": address,
    "event.start": moment,
    "event.venue.name": words,
}
"""The fields of which a reader gains by knowing another value."""

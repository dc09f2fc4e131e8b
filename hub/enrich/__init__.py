"""What the hub makes of a posting: cleaning at canonicalise, derived values at enrich. Pure; reads only its own tables.

Reading order: cleaning (safe_html, plain_html, lines, privacy, contact_patterns, contact_names, persons, spots, language,
echo), enriching (reading, reference, gazetteer, meaning, places, regions, dutch (dutch_phrases), education, salary, terms,
reference_number, flags, audiences, sectors, skills, expiry), ghost.

Each name is imported when it is first asked for: who wants one table does not load the cleaning.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.enrich.cleaning import clean
    from hub.enrich.enriching import enrich
    from hub.enrich.ghost import to_bare, to_ghost
    from hub.enrich.reference import MODEL

__all__ = ["MODEL", "clean", "enrich", "to_bare", "to_ghost"]

_HOMES = {
    "MODEL": "reference",
    "clean": "cleaning",
    "enrich": "enriching",
    "to_bare": "ghost",
    "to_ghost": "ghost",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

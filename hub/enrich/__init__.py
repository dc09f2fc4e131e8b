"""What the hub makes of a posting: cleaning at canonicalise, derived values at enrich. Pure; reads only its own tables.

Reading order: cleaning (safe_html, plain_html, lines, privacy, contact_patterns, spots, language, echo), enriching
(reading, reference, gazetteer, places, regions, dutch, education, salary, terms, reference_number, flags, audiences,
sectors, expiry), ghost.
"""

from hub.enrich.cleaning import clean
from hub.enrich.enriching import enrich
from hub.enrich.ghost import to_bare, to_ghost
from hub.enrich.reference import MODEL

__all__ = ["MODEL", "clean", "enrich", "to_bare", "to_ghost"]

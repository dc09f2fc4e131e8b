"""Bodies as evidence: three-word shingles in a MinHash sketch, and the tokens that a translation leaves as they are.

Platforms truncate and rearrange, so *containment* of the smaller body in the larger one is estimated, not Jaccard
similarity (Broder, "On the resemblance and containment of documents", 1997). What every advertisement of an employer
says (about us, how to apply, acquisition, diversity) is left out first, as far as its headings and phrases tell.
"""

from __future__ import annotations

import base64
import re
import unicodedata

import xxhash
from rapidfuzz.distance import Hamming
from rensa import RMinHash

from hub.domain.posting import Sketch

PERMUTATIONS = 128
SEED = 20_261_101
BANDS, BAND_ROWS = 4, 4
SHINGLE_WORDS = 3
FEWEST_SHINGLES = 12
"""A body of fewer words says too little to count for or against."""
MOST_ANCHORS = 24
_COMMON = 40

_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|[\n•]+")
_HEADING = re.compile(
    r"^(?:over ons|over (?:de|het|jouw|je|onze) (?:organisatie|bedrijf|werkgever|afdeling)"
    r"|wie (?:zijn|we) .{0,20}|onze organisatie"
    r"|dit zijn wij|wij zijn .{0,40}|solliciteren|solliciteer.{0,20}|interesse.{0,30}|procedure|sollicitatieprocedure"
    r"|meer weten.{0,20}|contact|vragen.{0,20}"
    r"|about us|about the (?:company|organi[sz]ation|employer)|who (?:we are|are we)|our organi[sz]ation|how to apply|apply"
    r"|interested.{0,20}|(?:application )?procedure|more information|questions.{0,20})[:?!.]*$"
)
_PHRASE = re.compile(
    r"acquisitie|acquisition|wervingsbureau|recruitment agenc|referentie(?:check|onderzoek)|reference check"
    r"|verklaring omtrent|vog\b|certificate of conduct|ongeacht (?:je|jouw|hun)? ?(?:achtergrond|afkomst)"
    r"|diversiteit|diversity|equal opportunit|inclusie(?:f|ve)\b|regardless of|privacy|cookies|functie-?eisen voldoen"
    r"|interne kandidaten|internal candidates|assessment (?:kan|maakt|may)|solliciteer (?:nu|direct)|apply now|upload je cv"
    r"|motivatiebrief|cover letter|keuzebudget|reiskosten|travel allowance|vakantiedagen|days of leave|pensioen|pension\b"
)
_ANCHOR = re.compile(r"\b(?:\d[\d.,]*\d|[A-Z][A-Z0-9&+/-]{2,}|[A-Za-z]+[0-9][\w.-]*|[A-Za-z]*[a-z][A-Z]\w*|[A-Za-z]+[#+]{1,2})")
_PLAIN_NUMBERS = frozenset(str(number) for number in (*range(51), 100, 1000, *range(2015, 2036)))


def fold(text: str) -> str:
    """NFKC, lower case, accents off."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def sketch_of(text: str) -> Sketch | None:
    """None when the text has fewer than `FEWEST_SHINGLES` shingles."""
    words = _WORD.findall(fold(own_part(text)))
    shingles = {" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)}
    if len(shingles) < FEWEST_SHINGLES:
        return None
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(sorted(shingles))
    low = bytes(value & 0xFF for value in minhash.digest())
    return Sketch(minhash=base64.b64encode(low).decode(), shingles=len(shingles))


def own_part(text: str) -> str:
    """The body without what an employer's other advertisements say too; the whole body if little would be left."""
    kept: list[str] = []
    is_own = True
    for line in text.split("\n"):
        plain = line.strip().casefold()
        if plain and len(plain) <= _COMMON and not plain.endswith((".", ",", ";")):
            is_own = _HEADING.match(plain) is None
        if not is_own:
            continue
        kept += [part for part in _SENTENCE.split(line) if part and not _PHRASE.search(part.casefold())]
    own = "\n".join(kept)
    return own if len(own) * 4 >= len(text) else text


def anchors_of(text: str) -> list[int]:
    """32-bit hashes of at most 24 numbers, codes and names of tools; the smallest, so that equal sets keep equal ones."""
    found = {token.strip(".,-/").casefold().replace(".", "").replace(",", "") for token in _ANCHOR.findall(text)}
    hashed = sorted(xxhash.xxh32_intdigest(token.encode()) for token in found if len(token) > 1 and token not in _PLAIN_NUMBERS)
    return hashed[:MOST_ANCHORS]


def unpack(sketch: str) -> bytes:
    """Raises ValueError for what is no sketch."""
    low = base64.b64decode(sketch, validate=True)
    if len(low) != PERMUTATIONS:
        raise ValueError(f"a sketch has {PERMUTATIONS} bytes, not {len(low)}")
    return low


def containment(a: bytes, size_a: int, b: bytes, size_b: int) -> int:
    """Per mille of the smaller body's shingles that stand in the larger one, estimated; symmetrical.

    Equal bytes of unrelated values (1 of 256) are taken off before Jaccard becomes containment.
    """
    equal = Hamming.similarity(a, b)
    jaccard = max(0, equal * 256 - PERMUTATIONS) * 1000 // (255 * PERMUTATIONS)
    return min(1000, 1000 * jaccard * (size_a + size_b) // ((1000 + jaccard) * min(size_a, size_b)))


def bands(low: bytes) -> list[bytes]:
    """Parts of a sketch that two alike bodies are likely to share (locality-sensitive hashing)."""
    return [low[band * BAND_ROWS : (band + 1) * BAND_ROWS] for band in range(BANDS)]

"""Bodies as evidence: three-word shingles in a MinHash sketch, and the tokens that a translation leaves as they are.

Platforms truncate and rearrange, so *containment* of the smaller body in the larger one is estimated, not Jaccard
similarity (Broder, "On the resemblance and containment of documents", 1997). What every advertisement of an employer
says (about us, how to apply, acquisition, diversity) is left out first, as far as its headings and phrases tell.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable

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
MOST_MARKS = 32
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
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"(?<![.!?:•\n] )(?<!^)(?<!\n)\b[A-ZÀ-Þ][\w+#&'’-]+|\b[A-Za-z]+[#+]{1,2}|\b[A-Za-z]+\d[\w-]*", re.M)
"""A word with a capital that opens no sentence, or a code."""
_SAID_BY_ALL = frozenset(
    """
    de het een wij we je jij jouw ons onze the our you your and als in op met voor at for with mbo hbo wo cv cao vog abp bv nv
    nederland netherlands dutch nederlands nederlandse english engels engelse noord north northern noorden groningen friesland
    fryslan drenthe januari februari maart april mei juni juli augustus september oktober november december january february
    march may june july august october maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday
    thursday friday saturday sunday
    """.split()  # noqa: SIM905 -- a table of words reads better as one
)


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


def figures_of(text: str) -> list[int]:
    """Hashes of the body's numbers: `2.900`, `2900`, `2,900` are one, so are `19.30` and `19:30`; single digits say nothing."""
    found = {figure.replace(".", "").replace(",", "").replace(":", "") for figure in _FIGURE.findall(text)}
    found = {figure.removesuffix("00") if figure.endswith("00") and len(figure) > 5 else figure for figure in found}
    return _hashed({figure for figure in found if len(figure) > 1})


def names_of(text: str, known: Iterable[str]) -> list[int]:
    """Hashes of names, codes and tools; `known` (employer and places) stand in every advertisement and are left out."""
    common = {word for name in known for word in _WORD.findall(fold(name))}
    words = {fold(found.strip("-'’")) for found in _NAME.findall(text)}
    return _hashed({word for word in words if len(word) > 1 and word not in _SAID_BY_ALL and word not in common})


def _hashed(marks: set[str]) -> list[int]:
    """The smallest, so that of two texts with many the same ones are kept."""
    return sorted(xxhash.xxh32_intdigest(mark.encode()) for mark in marks)[:MOST_MARKS]


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

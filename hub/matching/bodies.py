"""Bodies as evidence: three-word shingles in a MinHash sketch, and the tokens that a translation leaves as they are.

Platforms truncate and rearrange, so *containment* of the smaller body in the larger one is estimated, not Jaccard
similarity (Broder, "On the resemblance and containment of documents", 1997). What every advertisement of an employer
says (about us, how to apply, acquisition, diversity) is left out first, as far as its headings and phrases tell.
"""

from __future__ import annotations

import base64
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import xxhash
from rapidfuzz.distance import Hamming
from rensa import RMinHash

from hub.domain.features import Sketch
from hub.matching.counts import Fact, facts_in
from hub.matching.marks import BYTES_A_MARK, in_common, marks_of
from hub.matching.number_words import in_figures
from hub.matching.slots import COMMON_WORDS, Slot, marks_beside, slots_in
from hub.matching.titles.decoration import MONTHS

PERMUTATIONS = 128
SEED = 20_261_101
BANDS, BAND_ROWS = 4, 4
FEWEST_SHINGLES = 12
"""A body of fewer words says too little to count for or against."""
MOST_MARKS = 32
MOST_SENTENCES = 64
MOST_SLOTS = 32
MOST_WORDS = 32
SHORTEST_WORD = 5
"""Letters of a word that few advertisements use."""
FEWEST_WORDS = 3
"""A sentence of fewer words is one of many."""
FEWEST_SENTENCES = 2
LONG_BODY = 60
"""Shingles from which a sketch tells how much of a body stands in another; a few sentences stand in many advertisements."""
LONGEST_KEPT = 1_000
_COMMON = 40

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_BETWEEN_WORDS = bytes(ord(char.lower()) if (char := chr(code)).isalnum() else 32 for code in range(128)) + bytes(range(128, 256))
"""ASCII letters made small, other signs of ASCII made spaces, bytes of other characters left as they are."""
_SENTENCE = re.compile(r"[\s•](?:(?<=[.!?]\s)\s*|(?<=•)•*)")
"""White space behind a full stop, or bullets; a pattern that begins with a set of signs is tried at those signs alone."""
_HEADING = re.compile(
    r"^(?:over ons|over (?:de|het|jouw|je|onze) (?:organisatie|bedrijf|werkgever|afdeling)"
    r"|wie (?:zijn|we) .{0,20}|onze organisatie"
    r"|dit zijn wij|wij zijn .{0,40}|solliciteren|solliciteer.{0,20}|interesse.{0,30}|procedure|sollicitatieprocedure"
    r"|meer weten.{0,20}|contact|vragen.{0,20}"
    r"|about us|about the (?:company|organi[sz]ation|employer)|who (?:we are|are we)|our organi[sz]ation|how to apply|apply"
    r"|interested.{0,20}|(?:application )?procedure|more information|questions.{0,20})[:?!.]*$"
)
_PHRASES = (
    *("acquisitie", "acquisition", "wervingsbureau", "recruitment agenc", r"referentie(?:check|onderzoek)", "reference check"),
    *("verklaring omtrent", r"vog\b", "certificate of conduct", r"ongeacht (?:je|jouw|hun)? ?(?:achtergrond|afkomst)"),
    *("diversiteit", "diversity", "equal opportunit", r"inclusie(?:f|ve)\b", "regardless of", "privacy", "cookies"),
    *(r"functie-?eisen voldoen", "interne kandidaten", "internal candidates", r"assessment (?:kan|maakt|may)"),
    *(r"solliciteer (?:nu|direct)", "apply now", "upload je cv", "motivatiebrief", "cover letter", "keuzebudget"),
    *("reiskosten", "travel allowance", "vakantiedagen", "days of leave", "pensioen", r"pension\b"),
)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern, alternatives grouped by their first letter: `re` tries each alternative at each place of a text."""
    groups: dict[str, list[str]] = {}
    for phrase in phrases:
        groups.setdefault(phrase[0], []).append(phrase[1:])
    return re.compile("|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in groups.items()))


_PHRASE = _any_of(_PHRASES)
_FIGURE = re.compile(rf"(\d+(?:[.,:]\d+)*)(?:(?:e|ste|de|st|nd|rd|th)?(?: of)? ({'|'.join(MONTHS)})\b)?")
"""A number, and the month whose day it is."""
_NAME = re.compile(r"\b(?:(?<![.!?:•\n] )(?<!\n)[A-ZÀ-Þ][\w+#&'’-]+|[A-Za-z]++(?:[#+]{1,2}|\d[\w-]*))")
"""A word with a capital that opens no sentence and no line, or a code."""
_SAID_BY_ALL = frozenset(
    """
    de het een wij we je jij jouw ons onze the our you your and als in op met voor at for with mbo hbo wo cv cao vog abp bv nv
    nederland netherlands dutch nederlands nederlandse english engels engelse noord north northern noorden groningen friesland
    fryslan drenthe januari februari maart april mei juni juli augustus september oktober november december january february
    march may june july august october maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday
    thursday friday saturday sunday
    """.split()  # noqa: SIM905 -- a table of words reads better as one
)

_OFTEN_USED = COMMON_WORDS.union(MONTHS)


def fold(text: str) -> str:
    """NFKC, lower case, accents off."""
    if not text.isascii():
        text = _FOREIGN.sub(_folded_run, text)
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")  # of bytes: only ASCII's letters


def _words(text: str) -> list[str]:
    """Runs of letters and digits of the folded text."""
    if not text.isascii():
        text = _FOREIGN.sub(_spaced_run, text)
    return text.encode().translate(_BETWEEN_WORDS).decode().split()


def _folded_run(run: re.Match[str]) -> str:
    return _folded(run.group())


def _spaced_run(run: re.Match[str]) -> str:
    return "".join(char if char.isalnum() else " " for char in _folded(run.group()))


@lru_cache(maxsize=4096)
def _folded(run: str) -> str:
    """A run of characters beyond ASCII by itself: where it begins with an accent of the letter before it, the two would be
    composed, made small, and taken apart again, and the accent dropped."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", run).casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


class Line(NamedTuple):
    """What one line of a body gives."""

    is_own: bool | None
    """Whether it heads what is the advertisement's own; None: it is no heading."""
    own: str
    """Its folded words, parted by spaces, without the sentences that every advertisement has."""
    own_length: int
    """Of those sentences as they stand, with a sign for each end; 0 where none is left."""
    sentences: tuple[int, ...]
    """Hashes of those that are whole."""
    slots: tuple[Slot, ...]
    """What is filled into these."""
    figures: dict[str, int]
    names: dict[str, int]
    """Mark → hash."""
    facts: tuple[Fact, ...]


class Body(NamedTuple):
    """What an entry keeps of a body: its sketch, how many shingles that was made of; its sentences, slots and own words as packed
    marks."""

    language: str
    sketch: bytes
    shingles: int
    sentences: bytes
    slots: bytes = b""
    vocabulary: bytes = b""


def read_lines(text: str) -> list[Line]:
    """Advertisements repeat their lines, hence the cache; a long one is not worth its room there."""
    return [_kept_line(line) if len(line) <= LONGEST_KEPT else _read_line(line) for line in text.split("\n")]


def _read_line(line: str) -> Line:
    """A line, and the names in it as if another line stood before it."""
    plain = line.strip().casefold()
    is_heading = plain and len(plain) <= _COMMON and not plain.endswith((".", ",", ";"))
    parts = [part for part in _SENTENCE.split(line) if part and not _PHRASE.search(part.casefold())]
    own = [" ".join(_words(part)) for part in parts]
    whole = [words for part, words in zip(parts, own, strict=True) if _is_whole(part, words)]
    names = {fold(found.strip("-'’")) for found in _NAME.findall(f"\n{line}")}
    counted = in_figures(plain)
    figures = _FIGURE.findall(counted)
    return Line(
        _HEADING.match(plain) is None if is_heading else None,
        " ".join(own),
        sum(map(len, parts)) + len(parts),
        tuple(xxhash.xxh32_intdigest(words.encode()) for words in whole),
        tuple(slot for words in whole for slot in slots_in(words.split())),
        _hashed(_plain_figure(*found) for found in figures),
        _hashed(name for name in names if name not in _SAID_BY_ALL),
        facts_in(counted) if figures else (),
    )


def _is_whole(sentence: str, words: str) -> bool:
    """Not cut off by a platform, and more than an exclamation."""
    return words.count(" ") >= FEWEST_WORDS - 1 and not sentence.rstrip().endswith(("…", "..."))


_kept_line = lru_cache(maxsize=2048)(_read_line)


def _plain_figure(figure: str, month: str) -> str:
    """`2.900`, `2900`, `2,900` are one, so are `19.30` and `19:30`, and `3 maart` and `3rd of March` are a day, not a three."""
    if month:
        return f"{MONTHS[month]}/{figure.lstrip('0')}"
    plain = figure.replace(".", "").replace(",", "").replace(":", "")
    return plain.removesuffix("00") if plain.endswith("00") and len(plain) > 5 else plain


def _hashed(marks: Iterable[str]) -> dict[str, int]:
    """A single letter or digit says nothing."""
    return {mark: mark_of(mark) for mark in marks if len(mark) > 1}


def mark_of(folded: str) -> int:
    """What is kept of a number or a name."""
    return xxhash.xxh32_intdigest(folded.encode())


def sketch_of(text: str, lines: Iterable[Line], known: Iterable[str] = ()) -> Sketch | None:
    """`lines` are those of `text`. `known`: names and titles, which are compared by themselves and tell no slot.

    None when it has fewer than `FEWEST_SHINGLES` shingles.
    """
    own = list(_own_lines(lines))
    words = _own_words(text, own)
    shingles = set(map(" ".join, zip(words, words[1:], words[2:], strict=False)))
    if len(shingles) < FEWEST_SHINGLES:
        return None
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(list(shingles))
    low = struct.pack(f"<{PERMUTATIONS}I", *minhash.digest())[::4]
    sentences = {mark for line in own for mark in line.sentences}
    said = frozenset(word for name in known for word in _words(name))
    slots = {mark for line in own for mark in marks_beside(line.slots, said)}
    return Sketch(
        minhash=base64.b64encode(low).decode(),
        shingles=len(shingles),
        sentences=sorted(sentences)[:MOST_SENTENCES],
        slots=sorted(slots)[:MOST_SLOTS],
        vocabulary=sorted(_vocabulary(words, said))[:MOST_WORDS],
    )


def _vocabulary(words: Iterable[str], known: frozenset[str]) -> set[int]:
    """Hashes of the words that are not every advertisement's: the least of them are a fair sample of all (Broder 1997), of both
    bodies the same one."""
    return {mark_of(word) for word in set(words) - _OFTEN_USED - known if len(word) >= SHORTEST_WORD and word.isalpha()}


def _own_words(text: str, own: list[Line]) -> list[str]:
    """Words of the body's own lines; of the whole body if little would be left."""
    length = sum(line.own_length for line in own)
    return " ".join([line.own for line in own]).split() if (length - 1) * 4 >= len(text) else _words(text)


def _own_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """Without what an employer's other advertisements say too, as far as headings and phrases tell."""
    is_own = True
    for line in lines:
        if line.is_own is not None:
            is_own = line.is_own
        if is_own and line.own_length:
            yield line


def figures_of(lines: Iterable[Line]) -> list[int]:
    """Hashes of the body's numbers."""
    figures: dict[str, int] = {}
    for line in lines:
        figures |= line.figures
    return sorted(figures.values())[:MOST_MARKS]


def names_of(lines: Iterable[Line], known: Iterable[str]) -> list[int]:
    """Hashes of names, codes and tools; `known` (employer and places) stand in every advertisement and are left out."""
    names: dict[str, int] = {}
    for line in lines:
        names |= line.names
    for name in known:
        for word in _words(name):
            names.pop(word, None)
    return sorted(names.values())[:MOST_MARKS]


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
    jaccard = _JACCARD[Hamming.similarity(a, b)]
    return min(1000, 1000 * jaccard * (size_a + size_b) // ((1000 + jaccard) * min(size_a, size_b)))


def common_share(a: Body, b: Body) -> int:
    """Per mille of the shorter body that stands in the other: of its sentences where some do, else of its shingles.

    A few sentences in a long text are a small part of its sketch, and what the sketch says of them is mostly chance.
    """
    share = containment(a.sketch, a.shingles, b.sketch, b.shingles)
    fewer = min(len(a.sentences), len(b.sentences)) // BYTES_A_MARK
    if fewer < FEWEST_SENTENCES or not (common := in_common(a.sentences, b.sentences)):
        return share
    exact = 1000 * common // fewer
    return exact if min(a.shingles, b.shingles) < LONG_BODY else max(share, exact)


def vocabulary_in_common(a: Body, b: Body) -> tuple[int, int]:
    """How many of the rarer words both bodies have, and of how many: those of the shorter list, as far as both lists go."""
    if not a.vocabulary or not b.vocabulary:
        return 0, 0
    first, second = marks_of(a.vocabulary), marks_of(b.vocabulary)
    common = len(first & second)
    ends = [max(marks) for marks in (first, second) if len(marks) == MOST_WORDS]
    if ends:
        end = min(ends)
        first, second = frozenset(mark for mark in first if mark <= end), frozenset(mark for mark in second if mark <= end)
    return common, min(len(first), len(second))


_JACCARD = [max(0, equal * 256 - PERMUTATIONS) * 1000 // (255 * PERMUTATIONS) for equal in range(PERMUTATIONS + 1)]
"""Equal bytes → Jaccard per mille."""


def bands(low: bytes) -> list[bytes]:
    """Parts of a sketch that two alike bodies are likely to share (locality-sensitive hashing)."""
    return [low[band * BAND_ROWS : (band + 1) * BAND_ROWS] for band in range(BANDS)]

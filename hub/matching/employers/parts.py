"""What can be read off the elements of a name: its key, its face, its initials, the acronyms that it states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from hub.matching.addresses.hosts import registrable
from hub.matching.employers.form import Face
from hub.matching.employers.meaning import SHORTEST_RARE
from hub.matching.employers.words import Element, Words, fold, tokens_of

CONTENT = frozenset({"free", "org", "trade", "word", "place", "region"})
PREPOSITIONS = frozenset({"van", "von"})
SAINTS = frozenset({"sint", "st", "saint"})
NAMING = frozenset({"free", "word", "region"})
BEGINNING, LONG_BEGINNING = 6, 9
SHORTEST_BESIDE = 2
"""Letters that stand for the rest of a name whose kind of organisation is written out: `GGD DN`."""
COMMON_BEGINNINGS = (
    "noord",
    "oost",
    "zuid",
    "west",
    "gronin",
    "fries",
    "drent",
    "nederl",
    "water",
    "eems",
    "wadden",
    "openba",
    "christ",
    "nieuw",
    "nation",
    "regio",
    "algeme",
    "samen",
    "centr",
)
_ACRONYM = re.compile(r"(?<![\w.])(?:[A-Z]\.?){2,7}(?![\w])")
_MIXED = re.compile(r"^[A-Z][A-Za-z]{1,6}$")
_KIND_FIRST = re.compile(r"^(gemeente|provincie|waterschap|stichting|zorggroep|ziekenhuis|hogeschool|scholengroep)(\w{4,})$")
_WERKEN_BIJ = re.compile(
    r"^(?:(?:komwerkenbij|werkenbij|werkenvoor|werkenop|werkbij|vacatures|careers?|jobs)-?)+|(?:-?(?:jobs|careers?|vacatures))$"
)


def concept_key(elements: tuple[Element, ...]) -> str:
    """Sorted concepts of both languages; the legal words where nothing else is left."""
    concepts = {element.concept for element in elements if element.kind in CONTENT}
    return " ".join(sorted(concepts or {element.surface for element in elements if element.kind == "legal"}))


def exact_key(elements: tuple[Element, ...]) -> str:
    """Every word as written, abbreviations written out."""
    return " ".join(element.surface for element in elements)


def plain_key(elements: tuple[Element, ...]) -> str:
    """Sorted words as written, without legal forms and connecting words."""
    return " ".join(sorted({element.surface for element in elements if element.kind in CONTENT}))


def face_of(elements: tuple[Element, ...], words: Words) -> Face:
    def concepts(*kinds: str) -> frozenset[str]:
        return _shared(frozenset(element.concept for element in elements if element.kind in kinds))

    tokens, types, what = concepts("free"), concepts("org"), concepts("trade", "word")
    places, regions = concepts("place"), concepts("region")
    meaning = words.meanings
    return Face(
        tokens=tokens,
        types=types,
        families=_shared(words.families_of(types)),
        words=what,
        places=places,
        regions=regions,
        area=_shared(regions.union(*(words.regions.get(place, frozenset()) for place in places))),
        solid="".join(element.surface for element in elements if element.kind in CONTENT).replace(" ", ""),
        full="".join(element.surface for element in elements).replace(" ", ""),
        core="".join(element.concept for element in elements if element.kind == "free"),
        meaning=_shared(frozenset(_meanings(elements, NAMING, words))),
        everything=_shared(frozenset(_meanings(elements, CONTENT, words))),
        rare=_shared(
            frozenset(
                element.surface
                for element in elements
                if element.kind == "free" and len(element.surface) >= SHORTEST_RARE and not meaning.of(element.surface)
            )
        ),
        trades=concepts("trade"),
        name="".join(element.surface for element in elements if element.kind in NAMING).replace(" ", ""),
        is_vague=not tokens and not (types and (places or regions or what)) and len(what) < 2,
    )


@lru_cache(maxsize=1 << 13)
def _shared(concepts: frozenset[str]) -> frozenset[str]:
    """The same set, kept once: names are of few kinds and towns, and an empty set weighs as much as one of four."""
    return concepts


def _meanings(elements: tuple[Element, ...], kinds: frozenset[str], words: Words) -> Iterator[str]:
    for element in elements:
        if element.kind in kinds:
            yield from words.meanings.of(element.surface) or (element.concept,)


def words_to_meet(elements: tuple[Element, ...], words: Words) -> list[str]:
    """What two spellings of a proper name have in common, the most telling first: rare words, else the meaning of it all."""
    free = [element.surface for element in elements if element.kind == "free" and len(element.surface) >= 3]
    rare = [surface for surface in free if not words.meanings.of(surface)]
    named = sorted(set(_meanings(elements, NAMING, words)))
    if rare or len(named) + len(free) < 2:
        return rare
    single = {concept for surface in free for concept in words.meanings.of(surface)}
    longest = sorted(single, key=lambda concept: (-len(concept), concept))[:1]
    everything = sorted(set(_meanings(elements, CONTENT, words)))
    others = ["+".join(["", *everything])] if everything != named else []
    return ["+".join(["", *named]), *(f"+{concept}" for concept in longest), *others]


def without_places(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    """Without towns; regions stay, they tell organisations apart."""
    return tuple(element for element in elements if element.kind != "place")


def until_unit(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    """What stands before "afdeling", "faculteit", "locatie"; everything where that opens the name or is not there."""
    at = next((i for i, element in enumerate(elements) if element.kind == "unit"), 0)
    return elements[:at] if at else elements


def initials_of(whole: str, elements: tuple[Element, ...], words: Words) -> list[str]:
    """Initials of three or more words or parts of compounds, as the two languages form acronyms: likeliest first. Last of two
    words beside a kind of organisation, which tell one only where that is told too."""
    parts = [(element.kind, _initials(element, words)) for element in elements]
    content = "".join(letters for kind, letters in parts if kind in CONTENT)
    local = "".join(letters for kind, letters in parts if kind in CONTENT - {"place", "region"})
    written = "".join(token[0] for token in tokens_of(whole) if not _is_stop(token, words))
    legal = "".join(letters for i, (kind, letters) in enumerate(parts) if kind in CONTENT or (kind == "legal" and not i))
    lesser = "".join(letters for kind, letters in parts if kind in CONTENT or kind == "stop")
    person = "".join(element.surface[0] for element in elements if element.kind in ("free", "stop"))
    person = person if any(element.surface in PREPOSITIONS for element in elements[:-2]) else ""
    saint = "".join(token[0] for token in tokens_of(whole) if token.rstrip(".") in SAINTS or not _is_stop(token, words))
    other = _initials_of_other_language(elements, words)
    every = "".join(token[0] for token in tokens_of(whole))
    beside = "".join(letters for kind, letters in parts if kind in CONTENT - {"org"})
    is_beside = len(beside) == SHORTEST_BESIDE and any(element.kind == "org" for element in elements)
    split = "".join(_initials(element, words, at_joints=True) for element in elements if element.kind not in ("legal", "stop"))
    found = dict.fromkeys((person, content, other, saint, written, local, legal, lesser, every, split))
    return [letters for letters in found if 3 <= len(letters) <= 7] + ([beside] if is_beside else [])


def _is_stop(token: str, words: Words) -> bool:
    return words.phrases.get((token.rstrip("."),), ("",))[0] == "stop"


def _initials_of_other_language(elements: tuple[Element, ...], words: Words) -> str:
    """Initials as the Dutch name has them, where a kind of organisation is one compound: `Hunzeland Safety Region` is the VRH."""
    kinds = [element for element in elements if element.kind == "org"]
    if len(kinds) != 1 or kinds[0].surface in words.initials or kinds[0].concept not in words.initials_of_kind:
        return ""
    return words.initials_of_kind[kinds[0].concept] + "".join(
        _initials(element, words) for element in elements if element.kind in CONTENT - {"org"}
    )


def _initials(element: Element, words: Words, *, at_joints: bool = False) -> str:
    if element.surface in words.initials:
        return words.initials[element.surface]
    spelled = element.surface.split()
    keep = [word for word in spelled if words.phrases.get((word,), ("",))[0] != "stop"] if len(spelled) > 1 else spelled
    parts = [part for word in keep for part in words.meanings.parts(word)] if at_joints and element.kind == "free" else keep
    return "".join(part[0] for part in parts)


def stated_acronyms_of(whole: str, elements: tuple[Element, ...], hints: tuple[str, ...]) -> frozenset[str]:
    """The one distinctive word if it is an upper-case acronym, and those of `hints` that the letters of the name bear out."""
    found = set()
    content = [element for element in elements if element.kind in CONTENT - {"place", "region", "org"}]
    shouted = {_closed(written) for written in _ACRONYM.findall(whole)}
    if len(content) == 1 and content[0].kind == "free" and content[0].surface in shouted:
        found.add(content[0].surface)
    letters = "".join(tokens_of(whole)).replace(".", "")
    starts = {element.surface[0] for element in elements}
    for hint in hints:
        closed = _closed(hint)
        is_acronym = bool(_ACRONYM.fullmatch(hint.strip())) or (bool(_MIXED.match(hint)) and sum(c.isupper() for c in hint) >= 2)
        if is_acronym and closed and closed[0] in starts and closed != letters and _spelled_in(closed, letters):
            found.add(closed)
    return frozenset(found)


def _closed(written: str) -> str:
    return "".join(c for c in fold(written) if c.isalnum())


def _spelled_in(acronym: str, letters: str) -> bool:
    rest = iter(letters)
    return all(letter in rest for letter in acronym)


def slips_of(token: str) -> list[str]:
    """What most typing errors leave as it is in a word: first letter with the distinct consonants."""
    token = token.replace("ij", "y")
    consonants = sorted({c for c in token[1:] if c.isalpha() and c not in "aeiouyh"})
    return [f"s:{token[0]}{''.join(consonants)}"] if len(token) >= 6 and len(consonants) >= 3 else []


def beginning_of(name: str) -> str:
    """The first letters of a proper name without its spaces, by which `Borg Zicht`, `Borgzihct` and `Borgzicht` meet."""
    name = name.replace("ij", "y")
    length = LONG_BEGINNING if name.startswith(COMMON_BEGINNINGS) else BEGINNING
    return name[:length] if len(name) >= length else ""


def worded(host: str) -> str:
    """The words of a host that stands for a name: `gemeentehunzedal.nl` → `gemeente hunzedal`."""
    label = (registrable(host) or host).partition(".")[0]
    bare = _WERKEN_BIJ.sub("", label).strip("-")
    return _KIND_FIRST.sub(r"\1 \2", bare if len(bare) >= 2 else label).replace("-", " ")


def label_of(domain: str) -> tuple[str, str]:
    """The domain's own word, and the domain with "werkenbij" taken off that word: `werkenbijumcg.nl` → `umcg`, `umcg.nl`."""
    label, _, rest = domain.partition(".")
    bare = _WERKEN_BIJ.sub("", label).strip("-")
    label = bare if len(bare) >= 2 else label
    return label.replace("-", ""), f"{label}.{rest}"

"""Tells the words of a title that say at which level somebody works from those that are part of an occupation's name.

A level word is taken off unless a label of several words has claimed it ("head nurse"); words that nothing but a level can mean
(junior, traineeship) are taken off even then. What is taken off may lay another one bare, so it is done until nothing changes.
"""

from __future__ import annotations

from hub.matching.titles.lexicon import Lexicon

_WORK = ("role/", "occupation/", "isco/")
_UNCLAIMED = frozenset(("junior", "medior", "senior", "lead", "apprentice", "trainee", "side_job", "volunteer"))
_NAMED_TOO = frozenset(("head", "assistant"))
"""Levels that an occupation of several words names as well: `head nurse`, `assistent-accountant`."""
_PROVIDER = "role/provider"
_AMBIGUOUS = frozenset(("advanced", "starter", "starters", "student", "students"))
_DUTCH_UNIT_WORDS = frozenset(("afdeling", "afdelingen", "afd", "vakgroep", "sectie"))
_UNIT_WORDS = frozenset(("team", "teams", "unit", "department", "dept", "division", "section", "cluster"))
_TAIL_LEVELS = frozenset(("intern", "graduation", "trainee"))
_GUIDED = _TAIL_LEVELS | {"volunteer"}
"""Levels of people whom somebody else may coordinate, coach or recruit."""
_LED = frozenset(("team", "teams", "project", "programme", "program", "shift", "group", "squad"))
"""Words before `lead` that make it a role: a project lead leads a project, a lead engineer is an experienced one."""
_FRONT_LEVELS = frozenset(("junior", "medior", "senior", "head", "assistant", "lead", "deputy"))
_GUIDES = frozenset(
    (
        "role/coordinator",
        "role/supervisor",
        "role/coach",
        "role/mentor",
        "role/manager",
        "role/recruiter",
        "role/lecturer",
        "occupation/teacher",
    )
)


def levels_of(words: list[str], lang: str, lexicon: Lexicon) -> tuple[frozenset[str], list[str]]:
    """Level codes that the words name, and the words without them: what is taken off may lay another level word bare."""
    found, rest = _levels_once(words, lang, lexicon)
    while len(rest) < len(words):
        words = rest
        more, rest = _levels_once(words, lang, lexicon)
        found |= more
    return frozenset(found), rest


def _levels_once(words: list[str], lang: str, lexicon: Lexicon) -> tuple[set[str], list[str]]:
    found: set[str] = set()
    drop: set[int] = set()
    for start, end, concepts in lexicon.spans(words, lang, "level/"):
        found.update(_code(concept) for concept in concepts)
        drop.update(range(start, end))
    claimed = _claimed(words, lang, lexicon)
    for place, word in enumerate(words):
        if place in drop:
            continue
        codes = _word_levels(words, place, lang, lexicon)
        if word in _DUTCH_UNIT_WORDS:
            drop.add(place)
        if place in claimed and (not codes & _UNCLAIMED or word in _AMBIGUOUS):
            found.update(codes & _NAMED_TOO)
            continue
        if word in _UNIT_WORDS:
            drop.add(place)
        found.update(codes)
        if "apprentice" in codes or (codes and _is_level_only(word, lang, lexicon)):
            drop.add(place)
        elif not codes:
            found.update(_compound_levels(word, lang, lexicon))
    return found, [word for place, word in enumerate(words) if place not in drop]


def _code(concept: str) -> str:
    return concept.removeprefix("level/").replace("-", "_")


def _claimed(words: list[str], lang: str, lexicon: Lexicon) -> set[int]:
    """Places of words that a label of several words has claimed."""
    pieces = list(lexicon.pieces(words, lang))
    flat = [atom for _, _, atoms in pieces for atom in atoms]
    owners = [range(start, end) for start, end, atoms in pieces for _ in atoms]
    spans = [{place for at in match.places for place in owners[at]} for match in lexicon.labels_in(flat, lang)]
    spans += [set(range(start, end)) for start, end, _ in pieces]
    return {place for span in spans if len(span) > 1 for place in span}


def _word_levels(words: list[str], place: int, lang: str, lexicon: Lexicon) -> set[str]:
    form = lexicon.listed(words[place], lang)
    codes = {_code(concept) for concept in lexicon.concepts(form or "", lang) if concept.startswith("level/")}
    if not codes:
        return codes
    following = _concepts_of(words[place + 1 : place + 2], lang, lexicon)
    guides = following | (_concepts_of(words[max(place - 1, 0) : place], lang, lexicon) if words[place].endswith("s") else set())
    if codes & _GUIDED and _GUIDES.intersection(guides):
        return set()
    if "lead" in codes and place and words[place - 1] in _LED:
        return set()
    if "assistant" in codes and not any(c.startswith(_WORK) for c in _concepts_of(words[place + 1 :], lang, lexicon)):
        return set()
    return codes


def _concepts_of(words: list[str], lang: str, lexicon: Lexicon) -> set[str]:
    return {concept for word in words for concept in lexicon.concepts(lexicon.listed(word, lang) or "", lang)}


def _is_level_only(word: str, lang: str, lexicon: Lexicon) -> bool:
    """Whether taking the word off loses nothing: `assistent` before a role is a level, though it is a role as well."""
    return not any(
        concept.startswith(("occupation/", "domain/", "language/"))
        for concept in lexicon.concepts(lexicon.listed(word, lang) or "", lang)
    )


def _compound_levels(word: str, lang: str, lexicon: Lexicon) -> set[str]:
    """`marketingstage` is an internship, `junioradviseur` a junior; `stagebegeleider` and `hulpverlener` are neither."""
    parts = lexicon.atoms(word, lang)
    if len(parts) < 2 or _PROVIDER in lexicon.concepts(parts[1], lang):
        return set()
    front = {_code(concept) for concept in lexicon.concepts(parts[0], lang) if concept.startswith("level/")} & _FRONT_LEVELS
    tail = {_code(concept) for concept in lexicon.concepts(parts[-1], lang) if concept.startswith("level/")} & _TAIL_LEVELS
    return front | tail

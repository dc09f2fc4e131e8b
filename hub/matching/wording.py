"""Levels of texts: how much of two bodies is one text, which numbers, names and facts they share, which units
and occupations they name.

Symmetrical in the two postings, as in `hub.matching.levels`; bodies are compared within one language, all else across.
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.matching.bodies import LONG_BODY, Body, common_share, vocabulary_in_common
from hub.matching.entry import Entry, Units
from hub.matching.facts import compare_facts
from hub.matching.levels import Levels
from hub.matching.marks import BYTES_A_MARK, in_common
from hub.matching.slots import refilled
from hub.matching.titles import TitleForm, compare_units, compare_wordings

Scale = tuple[tuple[str, int, int], ...]
FIGURES: Scale = (("all", 5, 95), ("few_all", 2, 95), ("most", 2, 75), ("half", 1, 50), ("few", 1, 0), ("none", 0, 0))
ONLY_FIGURE = 1, (("only", 1, 0), ("only_none", 0, 0))
"""Where one of the two has a single number."""
NAMES: Scale = (("all", 3, 90), ("most", 2, 60), ("some", 1, 0), ("none", 0, 0))
"""Level, least number of marks in common, least share of the fewer in per cent."""
FEW_NAMES = 2, (("few_all", 1, 100), ("some", 1, 0), ("few_none", 0, 0))
TRANSLATED = {
    "all": "translated_most",
    "few_all": "translated_most",
    "most": "translated_most",
    "some": "translated_some",
    "none": "translated_none",
    "few_none": "translated_few_none",
    "missing": "missing",
}
"""The same where no language is in common: who translates a text translates half of its names, and keeps the others."""
FACTS = ("missing", "one", "two", "many")
"""By how many kinds agree, where none does not."""
ONE_WORK = frozenset({"equal", "near", "concept_high"})
"""Levels of two names that say that they name one work."""
AGREEING_TITLES = ONE_WORK | {"close"}
SLOTS = ("none", "one", "several")
BODY = ((900, "whole"), (780, "most"), (650, "much"), (500, "half"), (300, "some"), (50, "little"), (0, "none"))
"""Least containment per mille of each level. A platform's copy keeps nearly all; the employer's next advertisement keeps half."""
SHORT_BODY = ((900, "short_whole"), (780, "short_most"), (500, "short_half"), (0, "short_little"))
"""The same where the shorter body has fewer than `LONG_BODY` shingles: a few sentences stand in many advertisements."""
FEW_IN_COMMON = frozenset({"half", "some", "little", "none", "short_half", "short_little"})
"""Levels of bodies that may as well be a copy retold as another text: the rarer words tell."""
VOCABULARY = ((500, "half"), (300, "third"), (150, "some"), (0, "few"))
"""Least share per mille of the rarer words."""
FEWEST_RARE_WORDS = 3
COPIED = {level: f"copied_{level}" for _, level in (*BODY, *SHORT_BODY)}
"""The same where no name says that both are of one employer, whose next advertisement would be alike too: who has a text in
common then has it from the other."""


def add_wording(first: Entry, second: Entry, levels: Levels) -> None:
    """Body by containment within one language; figures and names whatever the language."""
    levels["body"] = body(first, second)
    levels["vocabulary"] = vocabulary(first, second, levels["body"])
    levels["figures"] = figures(first, second)
    levels["names"] = names(first, second)
    is_event = first.family == "event"
    levels["unit"] = "none" if is_event else unit(first, second, levels["department"])
    levels["occupation"] = "none" if is_event else occupation(first, second, levels["title"])
    levels["facts"] = "missing" if is_event else facts(first, second)
    levels["slots"] = "none" if is_event else slots(first, second)


def body(first: Entry, second: Entry) -> str:
    shares = ((common_share(a, b), min(a.shingles, b.shingles)) for a, b in _in_one_language(first, second))
    share, shorter = max(shares, default=(-1, 0))
    if share < 0:
        return "missing"
    level = next(level for least, level in (BODY if shorter >= LONG_BODY else SHORT_BODY) if share >= least)
    return level if _may_have_one_author(first, second) else COPIED[level]


def vocabulary(first: Entry, second: Entry, body: str) -> str:
    """How many of the words that few advertisements use are in both texts, where these have little else in common by `body`."""
    if body.removeprefix("copied_") not in FEW_IN_COMMON:
        return "missing"
    common, of = rare_words(first, second)
    if of < FEWEST_RARE_WORDS:
        return "missing"
    return next(level for least, level in VOCABULARY if 1000 * common >= least * of)


def rare_words(first: Entry, second: Entry) -> tuple[int, int]:
    """How many of the rarer words both texts have, and of how many: in the language where that is most, if these are enough to
    tell anything."""
    found = (vocabulary_in_common(a, b) for a, b in _in_one_language(first, second))
    return max(found, key=lambda one: (one[1] >= FEWEST_RARE_WORDS, one[0] / (one[1] or 1)), default=(0, 0))


def _may_have_one_author(first: Entry, second: Entry) -> bool:
    """Some word of the employers' names, or of those who recruit for them, is in common: cheaper than comparing the names, and
    in doubt one author."""
    a, b = first.employer, second.employer
    if a is None or b is None:
        a, b = first.intermediary, second.intermediary
    if a is None or b is None:
        return False
    return a is b or bool(first.consortium or second.consortium) or any(key in b.block_keys for key in a.block_keys)


def figures(first: Entry, second: Entry) -> str:
    return _common_marks(first.figures, second.figures, FIGURES, ONLY_FIGURE)


def names(first: Entry, second: Entry) -> str:
    level = _common_marks(first.names, second.names, NAMES, FEW_NAMES)
    return level if any(_in_one_language(first, second)) else TRANSLATED[level]


def unit(first: Entry, second: Entry, department: str) -> str:
    """The site or department that the texts name, beside those of titles; titles that both name one have said it already.

    What cannot be told apart is no other: across languages a department is the same or nothing is known.
    """
    a, b = first.units, second.units
    if (a is None and b is None) or department not in ("none", "one_sided"):
        return "none"
    if a is not None and b is not None and a.sites and b.sites:
        return "other" if set(a.sites).isdisjoint(b.sites) else "same"
    said = set()
    for one, form in (("nl", first.title_nl), ("en", first.title_en)):
        for other, other_form in (("nl", second.title_nl), ("en", second.title_en)):
            found = compare_units(_departments(a, one, form), _departments(b, other, other_form), one == other)
            said.add(found)
    return "same" if "same" in said else "other" if "other" in said else "none"


def _departments(units: Units | None, language: str, form: TitleForm | None) -> tuple[str, ...]:
    """Departments that the text names in a language, else the title's."""
    named: tuple[str, ...] = getattr(units, language) if units is not None else ()
    return named or ((form.department,) if form is not None and form.department else ())


def occupation(first: Entry, second: Entry, title: str) -> str:
    """Whether what the texts, or the pages to apply at, call the work agrees where the titles, whose level is `title`, do not."""
    if title in AGREEING_TITLES or not (first.occupations or second.occupations):
        return "none"
    return "named" if names_one_work(first, second) else "other"


def names_one_work(first: Entry, second: Entry) -> bool:
    """What one posting calls the work beside its title agrees with a title of the other, or with what that calls it."""
    for one, other in ((first, second), (second, first)):
        if one.occupations:
            told = [form.wording for form in other.titles]
            if one is first:
                told += other.occupations
            for a in one.occupations:
                for b in told:
                    # What shares no meaning is no more than a slip of the pen: not worth comparing.
                    if not a.meanings.isdisjoint(b.meanings) and compare_wordings(a, b).level in ONE_WORK:
                        return True
    return False


def facts(first: Entry, second: Entry) -> str:
    """By how many kinds of facts both state, and whether they agree in each."""
    same, other = compare_facts(first.facts, second.facts)
    if other:
        return "apart" if other > 1 else "mixed" if same else "other"
    return FACTS[min(same, len(FACTS) - 1)]


def slots(first: Entry, second: Entry) -> str:
    return SLOTS[min(slots_apart(first, second), len(SLOTS) - 1)]


def slots_apart(first: Entry, second: Entry) -> int:
    """How many slots of their sentences both texts have with other fillings, in the language where these are most."""
    return max((refilled(a.slots, b.slots) for a, b in _in_one_language(first, second)), default=0)


def _common_marks(a: bytes, b: bytes, scale: Scale, few: tuple[int, Scale]) -> str:
    """Level of the marks that two bodies share, by how many and their share of the fewer; `few`: up to how many of these another
    scale tells."""
    fewer = min(len(a), len(b)) // BYTES_A_MARK
    if not fewer:
        return "missing"
    if fewer <= few[0]:
        scale = few[1]
    common = in_common(a, b)
    return next(level for level, least, percent in scale if common >= least and common * 100 >= percent * fewer)


def common_wording(first: Entry, second: Entry) -> int:
    """Per mille of the shorter body that stands in the other, the best of the languages that both have; 0 without one."""
    return max((common_share(a, b) for a, b in _in_one_language(first, second)), default=0)


def sentences_apart(first: Entry, second: Entry) -> tuple[int, int]:
    """How many sentences of the shorter body the other has not, and how many it has: of the language where most is in common."""
    found = []
    for a, b in _in_one_language(first, second):
        common = in_common(a.sentences, b.sentences)
        found.append((min(len(a.sentences), len(b.sentences)) // BYTES_A_MARK - common, common))
    return min(found, key=lambda one: one[0] - one[1], default=(0, 0))


def _in_one_language(first: Entry, second: Entry) -> Iterator[tuple[Body, Body]]:
    return ((a, b) for a in first.bodies for b in second.bodies if a.language == b.language)

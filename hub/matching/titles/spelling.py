"""Judges a title's language by its words and finds the spelling that Dutch and English cognates share.

Many words of Greek, Latin or French origin that no table lists differ between the languages by a few regular letters
(cardiologie, cardiology; chemisch, chemical), so an unknown word may still be the same concept in both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hub.matching.titles.lexicon import Lexicon

_COGNATES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ph", "f"),
        (r"th", "t"),
        (r"ck|c(?=[aoulrtk]|$)", "k"),
        (r"qu", "kw"),
        (r"x", "ks"),
        (r"isch(e|en)?$|ical$|ic$|iek$|ik$", "ik"),
        (r"logisch$|loog$|logist$|logen$", "logist"),
        (r"tie$|tion$|sie$|sion$", "tion"),
        (r"teit$|ty$", "teit"),
        (r"eur$|or$|er$", "er"),
        (r"ie$|y$", "i"),
        (r"y", "i"),
        (r"ae|ee|oe(?=s)|ea", "e"),
        (r"aa", "a"),
        (r"uu", "u"),
        (r"oo", "o"),
        (r"(.)\1", r"\1"),
        (r"[sz](?=[ae]t|er)", "s"),
    )
)
_DUTCH_LOOK = re.compile(r"ij|sch|aa|uu|heid|kundig|eur\b|voor|ing\b.*en\b|kk|oe")
_ENGLISH_LOOK = re.compile(r"th|sh|tion|ght|ough|ment\b|ness|ing\b|ck")


def judge_language(words: Sequence[str], lexicon: Lexicon) -> str:
    """ "nl" or "en": the language whose list knows more of the words alone; then the look of the spelling; Dutch on a tie."""
    dutch, english = lexicon.words_listed("nl"), lexicon.words_listed("en")
    votes = 0
    for word in words:
        if (word in dutch) != (word in english):
            votes += 2 if word in dutch else -2
        elif word not in dutch:
            form = lexicon.atoms(word, "nl")
            votes += 1 if len(form) > 1 or form[0] in dutch else 0
    if votes == 0:
        text = " ".join(words)
        votes = len(_DUTCH_LOOK.findall(text)) - len(_ENGLISH_LOOK.findall(text))
    return "en" if votes < 0 else "nl"


@lru_cache(maxsize=1 << 16)
def cognate(word: str) -> str:
    """A spelling that Dutch and English words of the same Greek, Latin or French origin share; short words stay as they are."""
    if len(word) < 5:
        return word
    for pattern, replacement in _COGNATES:
        word = pattern.sub(replacement, word)
    return word

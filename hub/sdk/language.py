"""Language of a posting's texts: what the source declares first, then the function words of Dutch and English.

Function words decide because they stand in every sentence; a loanword in a title ("Data Engineer bij de gemeente")
does not outvote them. No model, no dictionary: microseconds and no memory.
"""

from __future__ import annotations

import re

from hub.domain.posting import Lang
from hub.enrich.language import score

SAMPLE = 1_200


def declared_language(tag: str | None) -> str | None:
    """`nl-NL`, `EN`, `English`, `Nederlands` → `nl`, `en`; another language's two letters as they are; None for nothing."""
    if not tag:
        return None
    lowered = tag.strip().lower()
    if lowered.startswith(("nl", "nederlands", "dutch")):
        return "nl"
    if lowered.startswith("en"):
        return "en"
    code = re.split(r"[-_]", lowered)[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else None


def language_of(text: str, *, default: Lang) -> Lang:
    """The language that more function words of the text's beginning belong to; `default` where they say nothing."""
    dutch, english = score(text[:SAMPLE])
    if dutch == english:
        return default
    return "nl" if dutch > english else "en"

"""Employer names in one spelling: legal forms, brackets and decoration off. Aliases are the business of the model."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LEGAL = re.compile(
    r"\b(b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|stichting|coöperatie|cooperatie|u\.?a\.?|holding|nederland|ltd|gmbh|inc)\b\.?"
)
_BRACKETS = re.compile(r"\([^)]*\)")
_NOISE = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=16_384)
def employer_key(name: str) -> str:
    """`UMCG B.V. (Groningen)` → `umcg`; empty when nothing is left."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _LEGAL.sub(" ", _BRACKETS.sub(" ", text)).replace("&", " en ")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOISE.sub(" ", text).strip()

"""Addresses that name no job though they may look it: careers homes, forms for everybody, log-in pages.

The list is data of the match model (`generic_addresses.tsv`): an operator who sees one address under many postings adds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate


@dataclass(frozen=True, slots=True)
class GenericAddresses:
    """A frozen list of patterns over keys as `job_key` and `page_key` give them: host, path and query without scheme."""

    pattern: re.Pattern[str]

    @classmethod
    def read(cls, text: str) -> GenericAddresses:
        """One pattern a line, `*` for any letters; `#` starts a comment. Raises ValueError with the line's number."""
        patterns = []
        for number, line in enumerate(text.splitlines(), 1):
            pattern = line.partition("#")[0].strip().casefold()
            if not pattern:
                continue
            if "\t" in pattern or "://" in pattern or not pattern.strip("*/"):
                raise ValueError(f"generic addresses, line {number}: one pattern without scheme, not {pattern!r}")
            patterns.append(translate(pattern))
        return cls(re.compile("|".join(patterns) or r"(?!)"))

    def is_generic(self, key: str) -> bool:
        """Whether an address key names no single job."""
        return self.pattern.match(key.casefold()) is not None

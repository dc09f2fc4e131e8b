"""Templates: how many current postings share employer, title and platform.

What n postings share tells log2 n bits less of each (`template_penalty`). Ghosts share a template too, but only current
postings count; where the penalty takes a step, all who share the template must be scored anew.
"""

from __future__ import annotations

from hub.matching.entry import Entry


class Templates:
    def __init__(self) -> None:
        self._sharing: dict[int, Entry | list[Entry]] = {}
        """A template of one posting, as most are, is held without a list."""
        self._sizes: dict[int, int] = {}
        """Current postings of each template; those of one are left out."""

    def size(self, entry: Entry) -> int:
        """How many current postings share the template of `entry`, itself among them; 0 for up to one."""
        return self._sizes.get(entry.template, 0) if entry.template is not None else 0

    def count(self, entry: Entry, step: int) -> list[Entry]:
        """`entry` came (1) or went (-1); returns who must be scored anew because of it."""
        template = entry.template
        if template is None:
            return []
        held = self._sharing.get(template)
        sharing = [] if held is None else [held] if isinstance(held, Entry) else held
        sharing = [*sharing, entry] if step > 0 else [one for one in sharing if one is not entry]
        if sharing:
            self._sharing[template] = sharing if len(sharing) > 1 else sharing[0]
        else:
            del self._sharing[template]
        if not entry.is_current:
            return []
        after = sum(1 for one in sharing if one.is_current)
        before = after - step
        self._sizes.pop(template, None)
        if after > 1:
            self._sizes[template] = after
        takes_step = max(before, after) > 1 and before.bit_length() != after.bit_length()
        return sharing if takes_step else []

"""What turns a phrase round, whatever it is about: two negations, and work that is done for others. Lower-case sentences."""

from __future__ import annotations

import re

_IMPOSSIBLE = re.compile(
    r"^(?!.*\b(?:ook zonder|even without|probleem|problem|erg\b|zorgen|worry|hoef\w*))(?:"
    r".*\b(?:zonder|without)\b[^.;!?]*\b(?:kun|kan|kunnen|can|could)\b[^.;!?]*\b(?:niet|not)\b"
    r"|.*\b(?:niet|onmogelijk|not|cannot|can't|impossible)\b[^.;!?]*\b(?:zonder|without)\b)"
)
_SERVED = re.compile(
    r"\b(?:je|jij|u|you|you'll)\b (?:\w+ ){0,2}?(?:begeleid\w*|ondersteun\w*|help\w*|adviseer\w*|organiseer\w*|coach\w*"
    r"|supervis\w*|support\w*|assist\w*|advis\w*|organi[sz]e\w*|werkt? (?:samen )?met|work (?:together )?with|teach)\b"
    r"|\b(?:wij|we) (?:begeleiden|helpen|adviseren|ondersteunen|advise|collaborate with|work with)\b"
)


def cannot_go_without(sentence: str) -> bool:
    """Whether two negations make a demand: `zonder diploma kun je hier niet werken`."""
    return _IMPOSSIBLE.search(sentence) is not None


def is_of_others(before: str) -> bool:
    """Whether the words before a group say that the work is for it or with it: `je begeleidt` studenten."""
    return _SERVED.search(before) is not None

"""What partners should never write but do: items whose texts try to leave the place that they are put in."""

from __future__ import annotations

from typing import Any

from fakes.shown_feed import event, vacancy
from fakes.shown_world import hostile

from hub.domain.opportunity import Opportunity

BREAKING = "Gala\r\nATTENDEE:mailto:x@partner.example\r\nEND:VEVENT\r\nBEGIN:VEVENT ]]> </title><script>x</script>"
HOSTILE = hostile()
EVENT = 40
VACANCY = 41


def injections() -> list[Opportunity]:
    """Markup everywhere; an event and a vacancy that are whole but for their texts."""
    texts = {"nl": {"text": BREAKING, "origin": "source"}, "en": {"text": BREAKING}}
    broken_event = _with_content(event(EVENT), title=texts, canonical_url=f"https://x/{BREAKING}")
    return [HOSTILE, broken_event, _with_content(vacancy(VACANCY), title=texts)]


def _with_content(item: Opportunity, **changes: Any) -> Opportunity:
    return item.model_copy(update={"content": {**(item.content or {}), **changes}})

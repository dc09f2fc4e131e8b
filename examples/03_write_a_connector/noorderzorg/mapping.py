"""Noorderzorg's offer → Posting: the format's mapping, and the board's own two fields."""

from __future__ import annotations

from hub.domain.posting import LanguageRequirement, Posting
from hub.sdk import MappingContext
from hub.sdk.formats.recruitee import OfferPayload, offer_to_posting


def to_posting(payload: OfferPayload, context: MappingContext) -> Posting:
    posting = offer_to_posting(payload.offer, context)
    own = {field.name: field.value for field in payload.offer.custom_fields}
    changes: dict[str, object] = {}
    if isinstance(own.get("Dienstverband cao"), str) and posting.salary is not None:
        changes["salary"] = posting.salary.model_copy(update={"cao": own["Dienstverband cao"]})
    if own.get("Nederlands") == "niet nodig":
        changes["language_requirements"] = [LanguageRequirement(lang="nl", necessity="not_required")]
    return posting.model_copy(update=changes)

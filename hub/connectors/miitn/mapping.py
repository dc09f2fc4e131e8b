"""Make it in the North → Posting. The site is English unless a text itself is Dutch."""

from hub.connectors.miitn.payload import Payload
from hub.domain.posting import Posting
from hub.sdk import MappingContext
from hub.sdk.formats.wordpress import event_to_posting, listing_to_posting


def to_posting(payload: Payload, context: MappingContext) -> Posting:
    if payload.listing is not None:
        return listing_to_posting(payload, context, default_language="en")
    return event_to_posting(payload, context, default_language="en")

"""Vonk's offers are Recruitee's; programmes carry their own fields in `custom_fields`. Raw parts: `{"offer": {…}}`."""

from hub.sdk.formats.recruitee import OfferPayload as Payload

__all__ = ["Payload"]

"""Noorderzorg's offers are Recruitee's. Raw parts: `{"offer": {…}}`."""

from hub.sdk.formats.recruitee import OfferPayload as Payload

__all__ = ["Payload"]

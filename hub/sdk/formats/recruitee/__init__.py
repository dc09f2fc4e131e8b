"""Careers sites with the public Recruitee-style `GET /api/offers/`: reading, payload and mapping for any of them."""

from hub.sdk.formats.recruitee.mapping import offer_to_posting
from hub.sdk.formats.recruitee.payload import CustomField, Offer, OfferPayload
from hub.sdk.formats.recruitee.source import RecruiteeSource

__all__ = ["CustomField", "Offer", "OfferPayload", "RecruiteeSource", "offer_to_posting"]

"""Vonk is read like every Recruitee-style site; it also pushes `offer.created`, `offer.updated` and `offer.deleted`."""

from hub.sdk.formats.recruitee import RecruiteeSource


class Source(RecruiteeSource):
    """Nothing differs."""

"""Noorderzorg is read like every Recruitee-style site."""

from hub.sdk.formats.recruitee import RecruiteeSource


class Source(RecruiteeSource):
    """Nothing differs."""

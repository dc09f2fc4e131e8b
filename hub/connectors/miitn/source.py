"""Reads Make it in the North: job listings and events of its WordPress site. All of it is the format's."""

from hub.sdk.formats.wordpress import WordPressSource


class Source(WordPressSource):
    has_listings = True
    has_events = True

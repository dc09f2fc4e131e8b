"""WordPress partners: WP Job Manager listings and The Events Calendar over REST. Read `site`, `listings`, `events`, `mapping`."""

from hub.sdk.formats.wordpress.event_mapping import event_to_posting
from hub.sdk.formats.wordpress.events import Events
from hub.sdk.formats.wordpress.listing_mapping import listing_to_posting
from hub.sdk.formats.wordpress.listings import Listings
from hub.sdk.formats.wordpress.payload import WordPressPayload
from hub.sdk.formats.wordpress.site import WordPressSite
from hub.sdk.formats.wordpress.source import WordPressSource

__all__ = [
    "Events",
    "Listings",
    "WordPressPayload",
    "WordPressSite",
    "WordPressSource",
    "event_to_posting",
    "listing_to_posting",
]

"""The site's records are WordPress' own: a listing with its terms and structured data, or an event with its post."""

from hub.sdk.formats.wordpress import WordPressPayload


class Payload(WordPressPayload):
    pass

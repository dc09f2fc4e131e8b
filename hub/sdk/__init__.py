"""What a connector's author imports, and nothing else. Start with docs/connectors.md, then `record` and `source`."""

from hub.errors import RecordRejectedError, SourceError
from hub.sdk.connector import Connector, MappingContext, load_connectors
from hub.sdk.http import HttpClient, Response
from hub.sdk.manifest import Manifest
from hub.sdk.record import Complete, InboundRecord, Invalid, KnownItem, Liveness, NotModified, RawRecord, SourceEvent, Unchanged
from hub.sdk.source import Checkpoint, PullOnly, Source, SourceContext

__all__ = [
    "Checkpoint",
    "Complete",
    "Connector",
    "HttpClient",
    "InboundRecord",
    "Invalid",
    "KnownItem",
    "Liveness",
    "Manifest",
    "MappingContext",
    "NotModified",
    "PullOnly",
    "RawRecord",
    "RecordRejectedError",
    "Response",
    "Source",
    "SourceContext",
    "SourceError",
    "SourceEvent",
    "Unchanged",
    "load_connectors",
]

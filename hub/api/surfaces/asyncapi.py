"""The AsyncAPI 3.1 document: what is told without being asked, by Kafka, the stream and webhooks, from the same models.

Actions are the hub's own: it *sends* the feed and *receives* what partners push. Pure: equal models make an equal document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from hub import topics
from hub.api.surfaces import webhook_messages as webhooks
from hub.api.surfaces.items import Counts, FeedRecord, LogItem, Stub
from hub.api.surfaces.stream import STREAM
from hub.feed.sse import CONTENT_TYPE
from hub.telemetry.release import release

SCHEMAS = "#/components/schemas/{model}"
ABOUT = (
    "The feed as it changes. One log stands behind all of it: a cursor is the Kafka offset + 1, in records of the topic, in "
    "events of the stream, in webhooks and in the pages of `/openapi.json` alike. An item may come again; who keeps the last "
    "of each id holds what the hub holds, and the digest proves it."
)


class Heartbeat(BaseModel):
    """A reader that stands at `cursor` holds exactly this: `digest` of what is live, of everything or of the filter."""

    feed_id: str
    cursor: int
    digest: str
    counts: Counts


class Gone(BaseModel):
    """The feed is another one now: begin anew from the snapshot, whose address is relative to the stream's."""

    snapshot: str


PARTNERS_DOOR = {
    "protocol": "kafka-secure",
    "description": "read-only for partners, with a user of their own",
    "security": [{"$ref": "#/components/securitySchemes/scram"}],
}
OWN_DOOR = {"protocol": "kafka", "description": "the hub's own; its door for partners is closed"}
MODELS: Sequence[type[BaseModel]] = (FeedRecord, LogItem, Stub, Heartbeat, Gone, *webhooks.MODELS.values())
CLOUD_EVENT = {
    "type": "object",
    "required": ["ce_id", "ce_source", "ce_specversion", "ce_time", "ce_type", "content-type", "correlation_id"],
    "properties": {
        "ce_id": {"type": "string", "description": "the same for a repeat of the same record"},
        "ce_source": {"type": "string"},
        "ce_specversion": {"const": "1.0"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_type": {"type": "string"},
        "content-type": {"const": "application/json"},
        "correlation_id": {"type": "string", "description": "what led to this record, from the source on"},
    },
}


def document(
    *, kafka: str, http: str, sources: Sequence[str], scheme: str = "https", is_partners_door: bool = True
) -> dict[str, Any]:
    """`kafka`: host:port, of the partners' door or of the hub's own; `http`, `scheme`: host and scheme of the hub's address;
    `sources`: those that partners push to.
    """
    _, definitions = models_json_schema([(model, "validation") for model in MODELS], ref_template=SCHEMAS)
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Regional talent hub",
            "version": release(),
            "description": ABOUT,
            "license": {"name": "European Union Public Licence 1.2", "url": "https://eupl.eu/1.2/en/"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {"host": kafka, **(PARTNERS_DOOR if is_partners_door else OWN_DOOR)},
            "http": {"host": http, "protocol": scheme, "description": "the stream of events"},
            **webhooks.SERVERS,
        },
        "channels": {**_channels(sources), **webhooks.channels()},
        "operations": {
            "sendFeed": _operation("send", "feed", "Every change of every opportunity"),
            "sendStream": _operation("send", "stream", "Changes from a cursor on, the moment they are readable"),
            **{
                f"receive{source.title()}": _operation("receive", f"inbound_{source}", f"What {source} pushes, in its own format")
                for source in sources
            },
            **webhooks.operations(),
        },
        "components": {
            "schemas": dict(sorted(definitions["$defs"].items())),
            "messages": {**_messages(), **webhooks.messages(SCHEMAS)},
            "securitySchemes": {"scram": {"type": "scramSha512", "description": "a user made by `hub subscriber add --kafka`"}},
        },
    }


def _channels(sources: Sequence[str]) -> dict[str, Any]:
    channels = {
        "feed": {
            "address": topics.FEED,
            "description": "compacted: of each id the last record stays; begin at the earliest offset",
            "servers": [{"$ref": "#/servers/kafka"}],
            "messages": {"record": {"$ref": "#/components/messages/record"}},
            "bindings": {"kafka": {"topic": topics.FEED, "partitions": 1, "topicConfiguration": {"cleanup.policy": ["compact"]}}},
        },
        "stream": {
            "address": STREAM,
            "description": "Server-Sent Events; an event's id is <feed_id>.<cursor>, send it back as Last-Event-ID",
            "servers": [{"$ref": "#/servers/http"}],
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in ("opportunity", "heartbeat", "gone")},
        },
    }
    for source in sources:
        channels[f"inbound_{source}"] = {
            "address": topics.inbound(source),
            "servers": [{"$ref": "#/servers/kafka"}],
            "messages": {"payload": {"$ref": "#/components/messages/payload"}},
            "bindings": {"kafka": {"topic": topics.inbound(source), "partitions": 1}},
        }
    return channels


def _messages() -> dict[str, Any]:
    def stream_event(name: str, summary: str, payload: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "summary": summary, "contentType": CONTENT_TYPE, "payload": payload}

    def of(model: type[BaseModel]) -> dict[str, Any]:
        return {"$ref": SCHEMAS.format(model=model.__name__)}

    return {
        "record": {
            "name": "record",
            "summary": "An opportunity, live or closed",
            "headers": CLOUD_EVENT,
            "payload": of(FeedRecord),
            "bindings": {"kafka": {"key": {"type": "string", "description": "id of the opportunity"}}},
        },
        "opportunity": stream_event(
            "opportunity", "An item, or a stub for what the filter does not match", {"anyOf": [of(LogItem), of(Stub)]}
        ),
        "heartbeat": stream_event("heartbeat", "Cursor and digest, every fifteen seconds", of(Heartbeat)),
        "gone": stream_event("gone", "The last event of a feed that has become another one", of(Gone)),
        "payload": {
            "name": "payload",
            "summary": "One payload in the partner's own format; the header `hub-op` says what it is",
            "headers": {
                "type": "object",
                "properties": {
                    "content-type": {"type": "string"},
                    "hub-op": {"enum": ["upsert", "delete"], "default": "upsert"},
                    "webhook-id": {"type": "string", "description": "a repeated one has no effect"},
                },
            },
            "payload": {},
        },
    }


def _operation(action: str, channel: str, summary: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}

"""Reads a Recruitee-style careers site: all offers in one answer, without a stated total; and what it pushes.

Absence is judged by asking for the offer's page. A page may be anywhere (`careers_url` may name the employer's own
site), so what is asked is the page on this platform: `careers_url` when it stands here, else `/o/{slug}`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

import orjson

from hub.errors import RecordRejectedError, SourceError
from hub.sdk.ask import ask_all
from hub.sdk.dates import parse_datetime, unix_ms
from hub.sdk.record import (
    Complete,
    InboundRecord,
    Invalid,
    KnownItem,
    Liveness,
    NotModified,
    RawRecord,
    SourceEvent,
    to_native_id,
)
from hub.sdk.source import Checkpoint, SourceContext

TALENT_POOL = "talent_pool"
"""An offer of this kind is an open invitation, no opening: it is not an item."""

EVENT_NAMES = ("type", "event", "event_type", "action")
DELETIONS = frozenset(("deleted", "unpublished", "archived", "closed", "removed"))


class RecruiteeSource:
    """A connector's `class Source(RecruiteeSource)` needs no code of its own."""

    def __init__(self, context: SourceContext) -> None:
        self._context = context
        self._headers = {"Authorization": f"Bearer {context.credential}"} if context.credential else {}

    async def run(self, checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:
        url = self._context.base_url / "api" / "offers" / ""
        response = await self._context.http.get(url, accept="application/json", conditional=True, headers=self._headers)
        if response.not_modified:
            yield NotModified()
            return
        tree = response.json()
        offers = tree.get("offers") if isinstance(tree, dict) else None
        if not isinstance(offers, list):
            raise SourceError("syntax", f"{url} has no list of offers")
        seen = set[str]()
        for offer in offers:
            if isinstance(offer, dict) and offer.get("kind") == TALENT_POOL:
                continue
            event = self._listed(offer)
            if event.native_id is not None:
                if event.native_id in seen:
                    raise SourceError("duplicate", f"the offer {event.native_id} is listed twice")
                seen.add(event.native_id)
            yield event
        yield Complete(requests=1)

    async def ask(self, items: Sequence[KnownItem]) -> Mapping[str, Liveness]:
        return await ask_all(self._context.http, items)

    def inbound(self, record: InboundRecord) -> Iterable[SourceEvent]:
        """`{"type": "offer.updated", "timestamp": …, "data": {"offer": {…}}}`, or a bare offer with the header `hub-op`.

        The event may also stand in `event`, `event_type` or `action`, as `offer_deleted` or `deleted`, and the offer in
        `payload`: a deletion that is not understood would otherwise bring the offer back.
        """
        try:
            tree = orjson.loads(record.body)
        except orjson.JSONDecodeError as error:
            raise RecordRejectedError("syntax", f"the pushed body is not JSON: {error}") from error
        if not isinstance(tree, dict):
            raise RecordRejectedError("wrong_type", "the pushed body is not an object")
        subject, happened = _event_of(tree)
        if subject != "offer":
            return []
        offer = _offer_of(tree)
        native_id = to_native_id(offer.get("id", offer.get("offer_id")))
        if native_id is None:
            raise RecordRejectedError("missing_id", "the pushed offer has no id", field="data.offer.id")
        deletes = record.op == "delete" or happened in DELETIONS
        dates = (tree.get("timestamp"), offer.get("updated_at"))
        return [
            RawRecord(
                native_id,
                {"offer": offer},
                url=self._page(offer),
                op="delete" if deletes else "upsert",
                changed_at=_first_date(dates if deletes else dates[::-1]),
            )
        ]

    def _listed(self, offer: Any) -> RawRecord | Invalid:
        if not isinstance(offer, dict):
            return Invalid("wrong_type", orjson.dumps(offer), "a listed offer is not an object")
        native_id = to_native_id(offer.get("id"))
        if native_id is None:
            return Invalid("missing_id", orjson.dumps(offer), "an offer has no id", field="offer.id")
        return RawRecord(native_id, {"offer": offer}, url=self._page(offer), changed_at=_first_date([offer.get("updated_at")]))

    def _page(self, offer: Mapping[str, Any]) -> str | None:
        base, address, slug = self._context.base_url, offer.get("careers_url"), offer.get("slug")
        if isinstance(address, str) and address.startswith(str(base.origin()) + "/"):
            return address
        return str(base / "o" / slug.strip("/")) if isinstance(slug, str) and slug.strip("/ ") else None


def _event_of(tree: Mapping[str, Any]) -> tuple[str, str]:
    """What it is about and what happened: `offer.deleted` and a bare `deleted` are both `("offer", "deleted")`."""
    stated = next((tree[name] for name in EVENT_NAMES if isinstance(tree.get(name), str)), "")
    words = re.findall(r"[a-z]+", stated.lower())
    return (words[0] if len(words) > 1 else "offer", words[-1] if words else "")


def _offer_of(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The offer itself, in the envelope or out of it."""
    data = tree.get("data", tree.get("payload", tree))
    offer = data.get("offer", data) if isinstance(data, dict) else None
    if not isinstance(offer, dict):
        raise RecordRejectedError("wrong_type", "the pushed body has no offer", field="data.offer")
    return offer


def _first_date(values: Iterable[Any]) -> int | None:
    """Unix ms of the first that is a date."""
    for value in values:
        if not isinstance(value, str):
            continue
        try:
            moment = parse_datetime(value, "UTC")
        except (ValueError, OverflowError):
            continue
        if moment is not None:
            return unix_ms(moment)
    return None

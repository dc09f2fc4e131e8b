"""The operator's commands that unify answers: the word on a posting or on a pair, and every explanation of matching.

A word is written to its topic and takes effect when unify reads it back, like everything else that decides the feed; so it
survives restarts and rebuilds. A command waits for that, so that the next one sees it. Explanations read the live engine.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from hub import topics
from hub.broker.outbox import OutRecord
from hub.domain.keys import pair_key
from hub.domain.opportunity import Opportunity
from hub.errors import HubError
from hub.matching import Engine
from hub.streams.ledger import signature
from hub.streams.override import next_match_word, next_word
from hub.streams.shown_field import check_shown
from hub.streams.unify import Sender

Arguments = Mapping[str, Any]
MOST_REVIEWED = 1_000
TAKEN_SECONDS = 10.0
"""So long a command waits for its word to come back; then it is in the log all the same."""
LOOK_SECONDS = 0.02


class UnifyCommands:
    """`engine`: the live engine; raises HubError while there is none. `platform_hosts`: what it knows of platforms' pages."""

    def __init__(self, engine: Callable[[], Engine], outbox: Sender, platform_hosts: Mapping[str, str]) -> None:
        self._engine = engine
        self._platform_hosts = platform_hosts
        self._outbox = outbox
        self._speaking = asyncio.Lock()
        """A word says all that stands, so the next one is made when the one before it stands."""

    def by_name(self) -> dict[str, Callable[[Arguments], Awaitable[Any]]]:
        return {
            "posting.hide": self._posting_hide,
            "posting.set": self._posting_set,
            "posting.undo": self._posting_undo,
            "posting.show": self._posting_show,
            "match.link": self._match_link,
            "match.separate": self._match_separate,
            "match.undo": self._match_undo,
            "match.review": self._match_review,
            "match.why": self._match_why,
            "match.why-not": self._match_why_not,
            "match.how": self._match_how,
            "match.what-if": self._match_what_if,
            "match.large": self._match_large,
            "match.hosts": self._match_hosts,
        }

    # --- one posting ----------------------------------------------------------------------------------------------

    async def _posting_hide(self, arguments: Arguments) -> dict[str, Any]:
        return await self._override(arguments, hidden=True)

    async def _posting_set(self, arguments: Arguments) -> dict[str, Any]:
        field = str(arguments["field"])
        return await self._override(arguments, shown={field: check_shown(field, arguments["value"])})

    async def _posting_undo(self, arguments: Arguments) -> dict[str, Any]:
        return await self._override(arguments, is_undo=True)

    async def _override(self, arguments: Arguments, **change: Any) -> dict[str, Any]:
        async with self._speaking:
            engine = self._engine()
            key = self._resolve(str(arguments["posting"]))
            word = next_word(engine.override_of(key), arguments, now_ms=_now_ms(), **change)
            await self._outbox.send([OutRecord(topics.POSTING_OVERRIDE, key.encode(), word.to_bytes())])
            await self._until_taken(lambda live: live.override_of(key) == word)
        return {"posting": key, "opportunity": engine.id_of(key), "hidden": word.hidden, "fields": word.fields}

    async def _posting_show(self, arguments: Arguments) -> dict[str, Any]:
        engine = self._engine()
        key = self._resolve(str(arguments["posting"]))
        id_ = engine.id_of(key)
        said = engine.opportunity(id_) if id_ else None
        word = engine.override_of(key)
        return {
            "posting": key,
            "stated": engine.stated(key),
            "override": word.model_dump() if word else None,
            "opportunity": said.model_dump(mode="json", exclude_none=True) if said else None,
        }

    # --- two postings ---------------------------------------------------------------------------------------------

    async def _match_link(self, arguments: Arguments) -> dict[str, Any]:
        return await self._match_word(arguments, "link")

    async def _match_separate(self, arguments: Arguments) -> dict[str, Any]:
        return await self._match_word(arguments, "separate")

    async def _match_undo(self, arguments: Arguments) -> dict[str, Any]:
        return await self._match_word(arguments, None)

    async def _match_word(self, arguments: Arguments, op: Literal["link", "separate"] | None) -> dict[str, Any]:
        async with self._speaking:
            engine = self._engine()
            first, second = self._pair(arguments)
            word = next_match_word(engine.word_on(first, second), arguments, now_ms=_now_ms(), op=op)
            stands = word.op if word.op != "none" else None
            changed = _differing(engine, engine.what_if(first, second, stands))
            await self._outbox.send([OutRecord(topics.MATCH_OVERRIDE, pair_key(first, second).encode(), word.to_bytes())])
            await self._until_taken(lambda live: live.word_on(first, second) == word)
        return {"first": first, "second": second, "op": word.op, "opportunities": _outline(changed)}

    async def _match_what_if(self, arguments: Arguments) -> dict[str, Any]:
        first, second = self._pair(arguments)
        op = arguments.get("op")
        if op not in ("link", "separate", "none"):
            raise HubError("say what to try: link, separate or none")
        engine = self._engine()
        changed = _differing(engine, engine.what_if(first, second, op if op != "none" else None))
        return {"first": first, "second": second, "op": op, "opportunities": _outline(changed)}

    async def _match_why(self, arguments: Arguments) -> dict[str, Any]:
        return self._engine().explain.why(*self._pair(arguments))

    async def _match_why_not(self, arguments: Arguments) -> dict[str, Any]:
        return self._engine().explain.why_not(*self._pair(arguments))

    async def _match_how(self, arguments: Arguments) -> dict[str, Any]:
        engine = self._engine()
        key = self._resolve(str(arguments["name"]))
        id_ = engine.id_of(key)
        said = engine.opportunity(id_) if id_ else None
        return {
            **engine.explain.how(key),
            "state": said.state if said else None,
            "field_origins": said.field_origins if said else {},
            "alternatives": {
                path: [one.model_dump() for one in values] for path, values in ((said and said.alternatives) or {}).items()
            },
        }

    async def _match_review(self, arguments: Arguments) -> dict[str, Any]:
        limit = min(int(arguments.get("limit", 20)), MOST_REVIEWED)
        explain = self._engine().explain
        pairs = [{**row, "urls": [self._url(row["first"]), self._url(row["second"])]} for row in explain.review(limit)]
        return {"size": explain.review_size(), "pairs": pairs}

    async def _match_large(self, _: Arguments) -> dict[str, Any]:
        return {"large": self._engine().explain.large()}

    async def _match_hosts(self, _: Arguments) -> dict[str, Any]:
        return {"hosts": dict(self._platform_hosts)}

    def _url(self, key: str) -> str | None:
        """Where a person can look at the posting."""
        stated = self._engine().stated(key) or {}
        url = stated.get("canonical_url") or stated.get("provenance", {}).get("url")
        return str(url) if url else None

    async def _until_taken(self, is_taken: Callable[[Engine], bool]) -> None:
        until = time.monotonic() + TAKEN_SECONDS
        while time.monotonic() < until:
            try:
                if is_taken(self._engine()):
                    return
            except HubError:
                return  # a rebuild began, and reads the word
            await asyncio.sleep(LOOK_SECONDS)

    # --- names ----------------------------------------------------------------------------------------------------

    def _pair(self, arguments: Arguments) -> tuple[str, str]:
        first, second = self._resolve(str(arguments["first"])), self._resolve(str(arguments["second"]))
        if first == second:
            raise HubError(f"{first} is one posting; name two")
        return first, second

    def _resolve(self, name: str) -> str:
        """A source key as it is, an opportunity's id as the posting that owns it."""
        engine = self._engine()
        key = engine.owner_of(name) or name
        if engine.id_of(key) is None:
            raise HubError(f"no posting or opportunity is called {name}")
        return key


def _differing(engine: Engine, foretold: list[Opportunity]) -> list[Opportunity]:
    """Those that readers would see change: an engine foretells all that may."""
    return [one for one in foretold if (now := engine.opportunity(one.id)) is None or signature(now) != signature(one)]


def _outline(opportunities: list[Opportunity]) -> list[dict[str, Any]]:
    """What would look different, without content."""
    return [
        {
            "id": one.id,
            "state": one.state,
            "closed_reason": one.closed_reason,
            "merged_into": one.merged_into,
            "sources": [source.source_key for source in one.sources],
        }
        for one in opportunities
    ]


def _now_ms() -> int:
    return int(time.time() * 1000)

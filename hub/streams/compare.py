"""Two match models over what stands in the topics: what a change of model would do, before it is put to work.

Reads unify's inputs as a rebuild does, in this process; writes nothing and disturbs nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from hub.broker.log_reader import LogReader
from hub.errors import RecordRejectedError
from hub.matching import Change, Engine, MatchModel
from hub.matching.model_change import model_change
from hub.streams.inputs import INPUTS, to_change


async def compare_models(servers: str, platform_hosts: Mapping[str, str], old: MatchModel, new: MatchModel) -> dict[str, Any]:
    """The report of `model_change` over the topics as they are now."""
    changes = await read_changes(servers)
    engines = Engine(platform_hosts, old), Engine(platform_hosts, new)
    for engine in engines:
        for change in changes:
            try:
                engine.take(change)
            except RecordRejectedError:
                continue
        engine.settle()
    return model_change(*engines)


async def read_changes(servers: str) -> list[Change]:
    """All that the engine may take of the topics as they are now; what is malformed unify has parked."""
    changes: list[Change] = []
    async for records in LogReader(servers, INPUTS).read():
        for record in records:
            with suppress(RecordRejectedError):
                changes.append(to_change(record))
    return changes

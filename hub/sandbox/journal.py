"""The sandbox's memory over restarts: what was done to the world, in order, so that a killed sandbox goes on where it was.

A partner does not travel back in time when its server restarts. The first line names the world (seed, base date, size);
each later one is a step, an edit or a withdrawal. The world is a function of these lines, so replaying them rebuilds it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson

from hub.errors import ConfigError
from hub.sandbox import world
from hub.sandbox.world import World
from hub.settings import SandboxSettings

OLDEST_DAYS = 21
"""A world that began longer ago is left behind: most of its openings would have closed."""


class Journal:
    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, settings: SandboxSettings, today: date) -> World:
        """The world as the journal left it, or a new one when there is none, it is another's, or it is too old."""
        lines = self._read()
        if lines and self._is_ours(lines[0], settings, today):
            found = World.build(settings.seed, date.fromisoformat(lines[0]["base"]), settings.records)
            for line in lines[1:]:
                replay(found, line)
        else:
            found = World.build(settings.seed, today, settings.records)
            lines = [{"seed": settings.seed, "records": settings.records, "base": today.isoformat()}]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
        except OSError as error:
            raise ConfigError(
                f"the sandbox's journal {self._path} cannot be written: {error.strerror}; set HUB_STATE_DIR"
            ) from error
        return found

    def add(self, line: dict[str, Any]) -> None:
        with self._path.open("ab") as file:
            file.write(orjson.dumps(line) + b"\n")

    def _read(self) -> list[dict[str, Any]]:
        """Whole lines only: the last may be torn by a kill."""
        if not self._path.is_file():
            return []
        lines = self._path.read_bytes().split(b"\n")[:-1]
        try:
            return [orjson.loads(line) for line in lines]
        except orjson.JSONDecodeError:
            return []

    def _is_ours(self, head: dict[str, Any], settings: SandboxSettings, today: date) -> bool:
        if (head.get("seed"), head.get("records")) != (settings.seed, settings.records):
            return False
        return 0 <= (today - date.fromisoformat(head["base"])).days <= OLDEST_DAYS


def replay(found: World, line: dict[str, Any]) -> None:
    if "steps" in line:
        for _ in range(line["steps"]):
            world.advance(found)
        return
    listing = found.find(line["source"], line["native_id"])
    if listing is not None and line["op"] == "edit":
        world.edit(found, listing, line["title"])
    elif listing is not None:
        world.withdraw(found, listing)

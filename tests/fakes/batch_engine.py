"""What a fresh engine makes of the topics as they are now: `python -m fakes.batch_engine`, a process of its own.

For each line of its input it reads the inputs of unify once, in one batch into a new engine, with the settings of the environment
(`HUB_*`), and tells the live opportunities in a line of JSON: one `[id, version, [source keys]]` each. The model is read once.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from hub.app import match_model, platform_hosts
from hub.matching import Engine
from hub.sdk.connector import load_connectors
from hub.settings import load_settings
from hub.streams.compare import read_changes
from hub.supervisor.plan import sandbox_environment

TESTS = Path(__file__).parents[1]


class BatchEngine:
    """That process, from the first question on."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = {**environment, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None

    def live(self) -> set[tuple[str, str, frozenset[str]]]:
        """(id, version, source keys) of every live opportunity."""
        if self._process is None:
            with (self._folder / "batch_engine.txt").open("ab") as said:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "fakes.batch_engine"],
                    env=self._environment,
                    cwd=self._folder,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=said,
                    text=True,
                    bufsize=1,
                )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        answer = self._process.stdout.readline()
        assert answer, f"the batch engine ended; see {self._folder}/batch_engine.txt"
        return {(id_, version, frozenset(keys)) for id_, version, keys in json.loads(answer)}

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def main() -> None:
    connectors = load_connectors()
    os.environ.update(sandbox_environment(load_settings(), connectors, None))
    settings = load_settings()
    hosts, model = platform_hosts(settings, connectors), match_model(settings)
    for _ in sys.stdin:
        engine = Engine(hosts, model)
        engine.load(asyncio.run(read_changes(settings.kafka.servers)))
        live = [one for one in engine.opportunities() if one.state == "live"]
        told = [[one.id, one.version, [source.source_key for source in one.sources]] for one in live]
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""What engines of other processes say: `python -m fakes.second_process NAME` loads histories, shuffled, and tells digests.

Standard input: pickled `(logs, keys of each)`; standard output: one digest a line. The order of sets and of `hash()`
differs between processes with another PYTHONHASHSEED, so nothing that depends on it survives the comparison.
"""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from fakes.histories import History, orderless
from fakes.planted_bugs import PLANTED_ACROSS_PROCESSES
from fakes.proofs import chunks, digest, new_engine

from hub.matching import Change, PostingChange

TESTS = Path(__file__).parents[1]


def digests_of_two(histories: Sequence[History], engine: str = "") -> tuple[list[str], list[str]]:
    """The digests that two processes with different hash seeds tell of the same histories, each in an order of its own."""
    logs = [orderless(history.log) for history in histories]
    load = pickle.dumps([(log, sorted({one.key for one in log if isinstance(one, PostingChange)})) for log in logs])
    started = [_start(seed, engine) for seed in ("1", "2")]
    told = [process.communicate(load)[0].decode().split() for process in started]
    assert [process.returncode for process in started] == [0, 0]
    return told[0], told[1]


def _start(seed: str, engine: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
    command = [sys.executable, "-m", "fakes.second_process", seed, engine]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=TESTS.parent)


def _main(seed: str, name: str) -> None:
    new = PLANTED_ACROSS_PROCESSES.get(name, new_engine)
    shuffler = random.Random(int(seed))
    loads: list[tuple[list[Change], list[str]]] = pickle.load(sys.stdin.buffer)
    for log, keys in loads:
        shuffler.shuffle(log)
        engine = new()
        for batch in chunks(log, shuffler):
            engine.apply(batch)
        sys.stdout.write(digest(engine, keys) + "\n")


if __name__ == "__main__":
    _main(*sys.argv[1:])

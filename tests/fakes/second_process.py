"""What engines of other processes say: `python -m fakes.second_process SEED` loads histories, shuffled, and tells digests
of what they say and of how they explain it.

Standard input: pickled `(log, keys)` of each; standard output: JSON, engine → digests. The order of sets and of `hash()`
differs between processes with another PYTHONHASHSEED, so nothing that depends on it survives the comparison.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import orjson
from fakes.histories import History
from fakes.logs import orderless
from fakes.planted_bugs import PLANTED_ACROSS_PROCESSES
from fakes.proofs import chunks, digest, new_engine

from hub.matching import Change, Engine, PostingChange

TESTS = Path(__file__).parents[1]


def digests_of_two(histories: Sequence[History]) -> dict[str, tuple[list[str], list[str]]]:
    """Engine → the digests that two processes with different hash seeds tell of the same histories, each in an order of
    its own. Besides the real engine (`""`) those with a bug that only this comparison shows."""
    logs = [orderless(history.log) for history in histories]
    load = pickle.dumps([(log, sorted({one.key for one in log if isinstance(one, PostingChange)})) for log in logs])
    started = [_start(seed) for seed in ("1", "2")]
    outputs = [process.communicate(load)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0]
    first, second = (json.loads(output) for output in outputs)
    return {name: (first[name], second[name]) for name in first}


def _start(seed: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
    command = [sys.executable, "-m", "fakes.second_process", seed]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=TESTS.parent)


def _main(seed: str) -> None:
    loads: list[tuple[list[Change], list[str]]] = pickle.load(sys.stdin.buffer)
    engines = {"": new_engine, **PLANTED_ACROSS_PROCESSES}
    sys.stdout.write(json.dumps({name: [_told(new(), *load, seed) for load in loads] for name, new in engines.items()}))


def _told(engine: Engine, log: Sequence[Change], keys: Sequence[str], seed: str) -> str:
    shuffler = random.Random(int(seed))
    for batch in chunks(shuffler.sample(log, len(log)), shuffler):
        engine.apply(batch)
    return digest(engine, keys) + explained(engine, keys)


def explained(engine: Engine, keys: Sequence[str]) -> str:
    """Digest of every explanation that an operator could ask for."""
    explain = engine.explain
    told = [explain.why_not(first, second) for first, second in combinations(keys, 2)]
    told += [explain.how(key) for key in keys]
    return hashlib.sha256(orjson.dumps([told, explain.review(50)])).hexdigest()


if __name__ == "__main__":
    _main(*sys.argv[1:])

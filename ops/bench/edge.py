"""i: the HTTP edge beside bare aiohttp that answers the same bytes from memory, in turns on the same machine.

`hub serve` as a real process on a read model of many opportunities, without a broker: only reading is measured. Each
surface is asked for in three ways: with the tag of what the reader has (304), the same address again and again, and
addresses that nobody asked for before. Bare aiohttp has no such difference: its bytes lie ready for every address.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import orjson

from hub.broker.parent import die_with_parent
from hub.feed.projection import Projection
from hub.store.feed_files import open_feed_db
from ops.bench import bare_aiohttp
from ops.bench.feed_material import feed_records, ids_of
from ops.bench.figures import Figure, at_least, figure, ratios
from ops.bench.ground import Ground, stop, until
from ops.bench.http_load import Load, fetch, load

BASE = 1_795_000_000_000
GZIP = "Accept-Encoding: gzip\r\n"
UNLIMITED = {"HUB_HTTP__REQUESTS_PER_MINUTE": "0"}


@dataclass(frozen=True)
class Way:
    """One way of asking. `paths`: each is asked once, in their order."""

    name: str
    paths: Sequence[str]
    headers: str = GZIP


async def measure_edge(opportunities: int, *, runs: int) -> list[Figure]:
    with Ground(**UNLIMITED) as ground:
        await fill(ground.state, opportunities)
        ground.roles["serve"] = ground.spawn("serve")
        until(lambda: answers(ground.http), 60, "serve to answer")
        port = int(urlsplit(ground.http).port or 0)
        ways = await make_ways(port, opportunities)
        with tempfile.TemporaryDirectory(prefix="hub-bench-bare-") as folder:
            for path in dict.fromkeys(path for way in ways for path in way.paths):
                status, headers, body = await fetch(port, path, GZIP)
                if status != 200:
                    raise RuntimeError(f"{path} was answered {status}")
                bare_aiohttp.save(Path(folder), path, headers, body)
            # What was just fetched is kept by the edge: a fresh process has not been asked for anything.
            reference, bare_port = start_bare(Path(folder))
            try:
                figures = []
                for way in ways:
                    figures += await measure_way(ground, way, port, bare_port, runs)
                return figures
            finally:
                stop(reference)


async def measure_way(ground: Ground, way: Way, port: int, bare_port: int, runs: int) -> list[Figure]:
    hub: list[Load] = []
    bare: list[Load] = []
    for _ in range(runs):
        stop(ground.roles["serve"])
        ground.roles["serve"] = ground.spawn("serve")
        until(lambda: answers(ground.http), 60, "serve to answer")
        await load(port, ["/v1/feed/digest"] * 50)
        hub.append(await load(port, way.paths, way.headers))
        bare.append(await load(bare_port, way.paths, way.headers))
    rates = [one.per_second for one in hub]
    note = f"bare {sum(one.per_second for one in bare) / len(bare):,.0f}/s, {hub[0].octets // len(hub[0].milliseconds):,} octets"
    return [
        figure("i", way.name, "requests/s", rates, note=note),
        figure("i", f"{way.name}, of bare aiohttp", "", ratios(rates, [one.per_second for one in bare]), at_least(0.5)),
        figure("i", f"{way.name}, p99", "ms", [one.p99 for one in hub], note=f"bare {max(one.p99 for one in bare):.1f} ms"),
    ]


async def make_ways(port: int, opportunities: int) -> list[Way]:
    chance = random.Random(1)
    items = [f"/v1/opportunities/{id_}" for id_ in ids_of(opportunities)]
    chance.shuffle(items)
    starts = [chance.randrange(opportunities - 2_000) for _ in range(600)]
    pages = [f"/v1/feed/pages?after={start}&limit=200" for start in starts]
    rpde = [f"/v1/feed/rpde?afterChangeNumber={BASE + start}&limit=500" for start in starts]
    ways = []
    for name, paths, distinct in (("item", items, 4_000), ("page of 200", pages, 400), ("RPDE page of 500", rpde, 200)):
        _, headers, _ = await fetch(port, paths[-1], GZIP)
        has = f"{GZIP}If-None-Match: {headers['etag']}\r\n"
        ways += [
            Way(f"{name}: 304", [paths[-1]] * 4_000, has),
            Way(f"{name}: the same again", [paths[-1]] * 4_000),
            Way(f"{name}: never asked before", paths[: min(distinct, len(paths) - 1)]),
        ]
    return ways


async def fill(state: Path, opportunities: int) -> None:
    engine = await open_feed_db(state)
    projection = Projection(engine)
    await projection.reset("bench", "bench-e1", BASE)
    position = 0
    for records in feed_records(opportunities):
        await projection.apply(records, position, position + len(records))
        position += len(records)
    await projection.complete()
    await engine.dispose()


def answers(http: str) -> bool:
    try:
        with urlopen(f"{http}/v1/feed/digest", timeout=5) as response:
            return bool(orjson.loads(response.read())["counts"]["live"])
    except OSError:
        return False


def start_bare(folder: Path) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-m", "ops.bench.bare_aiohttp", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent())
    assert process.stdout is not None
    line = process.stdout.readline()
    if not re.fullmatch(r"\d+\n", line):
        raise RuntimeError("bare aiohttp did not start")
    return process, int(line)

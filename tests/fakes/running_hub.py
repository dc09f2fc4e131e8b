"""A whole hub as its user starts it: `hub up` with the sandbox, on a state directory and ports of its own.

Everything is judged from outside: the feed by stock kafka-python, the world by the sandbox's truth, the joins by a fresh
engine in a process of its own, the roles by their pids. A role is killed by `kill -9` on the pid that the supervisor wrote
to `run.json`.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from fakes.batch_engine import BatchEngine
from fakes.plain_readers import digest
from fakes.readiness import is_ready
from fakes.topic_reader import TopicReader, parts_of, reading, through
from kafka import KafkaConsumer

from hub.broker.probe import answers
from hub.topics import CANONICAL, ENRICHED, FEED, GROUP_CANONICALISE, GROUP_ENRICH, REJECTED, raw

SOURCES = ("noorderlink", "miitn", "traineelink", "vonk")
PORTS = 40
PATIENCE = 150
"""Seconds for what takes ten on an idle machine: a limit for machines that do much else, and no claim about speed."""
MOST_FALSE, MOST_MISSED = 0.03, 0.10
"""Shares of pairs: a bound of sanity on a small world. What matching is worth is measured in docs/matching-quality.md."""
STAGES = {
    "canonicalise": ([raw(source) for source in SOURCES], GROUP_CANONICALISE),
    "enrich": ([CANONICAL], GROUP_ENRICH),
}
COMPLETE_RUNS = re.compile(
    r'^hub_source_runs_total\{cause="[^"]*",outcome="(?:ok|unchanged|held)",source="(\w+)"\} (\S+)$', re.MULTILINE
)
VOLATILE = ("id", "first_published", "last_changed", "redirects")
"""What may differ between two runs of one world: ids follow who was seen first, and times are times."""


class RunningHub:
    """`first_port`: the first of `PORTS` free ports."""

    def __init__(self, state: Path, first_port: int, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self.state = state
        self.servers = f"127.0.0.1:{first_port}"
        self.http = f"http://127.0.0.1:{first_port + 2}"
        self.sandbox = f"http://127.0.0.1:{first_port + 20}"
        self.ops = first_port + 3
        self.environment = {
            **kept,
            "HUB_STATE_DIR": str(state),
            "HUB_KAFKA__PORT": str(first_port),
            "HUB_HTTP__PORT": str(first_port + 2),
            "HUB_OPS__PORT": str(self.ops),
            "HUB_SANDBOX__PORT": str(first_port + 20),
            **{f"HUB_CONNECTORS__{source.upper()}__EVERY_SECONDS": "2" for source in SOURCES},
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._topics = TopicReader(self.servers)
        self._batch_engine = BatchEngine(self.environment, state)

    # --- life -----------------------------------------------------------------------------------------------------

    def start(self, seconds: float = PATIENCE) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        self._topics = TopicReader(self.servers)  # the state may be another
        with (self.state / "up.txt").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub", "up"], env=self.environment, stdout=output, stderr=output, cwd=self.state
            )
        self.until(self.is_ready, seconds, "every role to be ready")

    def stop(self) -> int:
        assert self.process is not None
        self._batch_engine.end()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)

    def kill_everything(self) -> None:
        self._batch_engine.end()
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def hub(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `hub` command as the operator does."""
        return subprocess.run(
            [sys.executable, "-m", "hub", *arguments],
            env=self.environment,
            cwd=self.state,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    # --- roles ----------------------------------------------------------------------------------------------------

    def pids(self) -> dict[str, int]:
        try:
            found: dict[str, int] = json.loads((self.state / "run.json").read_text())["roles"]
        except (OSError, ValueError):
            return {}
        return found

    def pid_of(self, role: str) -> int:
        """Waits while the supervisor holds the role back after a crash."""
        self.until(lambda: role in self.pids(), PATIENCE, f"{role} to be running")
        return self.pids()[role]

    def kill(self, role: str) -> None:
        """kill -9, then wait until the supervisor has started another one."""
        pid = self.pid_of(role)
        os.kill(pid, signal.SIGKILL)
        self.until(lambda: self.pids().get(role, pid) != pid, PATIENCE, f"{role} to be started again")

    def is_ready(self) -> bool:
        return all(self.readiness(offset) for offset in (0, 1, 2, 3))

    def readiness(self, offset: int) -> bool:
        return is_ready(f"http://127.0.0.1:{self.ops + offset}/readyz")

    # --- the world ------------------------------------------------------------------------------------------------

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(
            f"{self.sandbox}/sandbox/{path}", data=data, headers={"Content-Type": "application/json"}, method=method
        )
        with urlopen(request, timeout=60) as response:
            return json.loads(response.read() or b"null")

    def truth(self) -> dict[str, Any]:
        truth: dict[str, Any] = self.control("truth")
        return truth

    def expected(self) -> set[frozenset[str]]:
        """The truth's live openings as sets of source keys."""
        return self._groups("opening")

    def _groups(self, by: str) -> set[frozenset[str]]:
        """Live postings of the truth that are no echo, grouped by opening or by what certain links alone join."""
        groups: defaultdict[str, set[str]] = defaultdict(set)
        for opening in self.truth()["openings"]:
            for posting in opening["postings"]:
                if posting["live"] and posting["link"] != "echo":
                    groups[{**opening, **posting}[by]].add(posting["source_key"])
        return {frozenset(keys) for keys in groups.values()}

    # --- the feed -------------------------------------------------------------------------------------------------

    def feed(self) -> dict[str, dict[str, Any]]:
        """id → latest record, folded from the log by an independent client."""
        return {row["id"]: row for row in self.values(FEED)}

    def values(self, topic: str) -> list[dict[str, Any]]:
        """The JSON values of a topic of one partition."""
        return self._topic_reader().values(topic)

    def live(self) -> dict[frozenset[str], dict[str, Any]]:
        """Live opportunities by the set of their source keys."""
        rows = [row for row in self.feed().values() if row["state"] == "live"]
        return {frozenset(source["source_key"] for source in row["sources"]): row for row in rows}

    def _topic_reader(self) -> TopicReader:
        self._await_broker()
        return self._topics

    def _reading(self, group: str | None) -> AbstractContextManager[KafkaConsumer]:
        self._await_broker()
        return reading(self.servers, group)

    def _await_broker(self) -> None:
        """A client that begins without one backs off for half a minute."""
        self.until(lambda: answers(self.servers), PATIENCE, "the broker to answer")

    def ends(self, topics: list[str]) -> int:
        """Records ever written to these topics."""
        return self._topic_reader().ends(topics)

    def missing_below_committed(self) -> dict[str, set[str]]:
        """Per stage the source keys whose newest version below the committed offset did not come out at the other end."""
        newest = {stage: self._newest(inputs, group) for stage, (inputs, group) in STAGES.items()}
        parked = {(row.get("source_key"), row.get("seq")) for row in self.values(REJECTED)}
        missing: dict[str, set[str]] = {}
        for stage, output in (("canonicalise", CANONICAL), ("enrich", ENRICHED)):
            out = self._newest([output], None)
            lost = {key for key, seq in newest[stage].items() if out.get(key, -1) < seq and (key, seq) not in parked}
            if lost:
                missing[stage] = lost
        return missing

    def _newest(self, topics: list[str], group: str | None) -> dict[str, int]:
        """Source key → greatest `seq` below what `group` has committed (without one: to the end)."""
        newest: dict[str, int] = {}
        with self._reading(group) as consumer:
            parts = [part for topic in topics for part in parts_of(consumer, topic)]
            ends = consumer.end_offsets(parts)
            limits = {part: (consumer.committed(part) or 0) if group else ends[part] for part in parts}
            for record in through(consumer, parts, ends):
                if record.offset < limits[record.topic, record.partition]:
                    seq = int(dict(record.headers)["seq"])
                    newest[record.key.decode()] = max(newest.get(record.key.decode(), -1), seq)
        return newest

    def until(
        self, condition: Callable[[], object], seconds: float, what: str, found: Callable[[], object] | None = None
    ) -> None:
        """`found`: tells, when it did not come about, what there was instead."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                instead = f" and found {found()}" if found else ""
                raise AssertionError(f"waited {seconds:.0f} s for {what}{instead}; see {self.state}/up.txt and logs/")
            time.sleep(0.3)

    def until_read(self, seconds: float = PATIENCE) -> None:
        """Wait until every source was read from its beginning to its end, and the stages have taken what was found.

        What is live tells nothing of an edit: a run that had begun before it may end after it, so two runs are awaited."""
        self.until(lambda: set(self._complete_runs()) >= set(SOURCES), seconds, "every source to have been read")
        before = self._complete_runs()
        self.until(lambda: self._has_run_again(before, 2), seconds, "every source to be read twice")
        self.until(lambda: not any(self._waiting(*at) for at in STAGES.values()), seconds, "the stages to take what was read")

    def _complete_runs(self) -> dict[str, int]:
        """Source → complete runs of this life of ingest."""
        try:
            with urlopen(f"http://127.0.0.1:{self.ops}/metrics", timeout=30) as response:
                found = COMPLETE_RUNS.findall(response.read().decode())
        except OSError:  # a role that was killed comes back
            return {}
        counts: defaultdict[str, int] = defaultdict(int)
        for source, count in found:
            counts[source] += int(float(count))
        return counts

    def _has_run_again(self, before: dict[str, int], times: int) -> bool:
        now = self._complete_runs()
        return all(now.get(source, 0) >= before[source] + times for source in SOURCES)

    def _waiting(self, topics: list[str], group: str) -> int:
        """Records that a stage has not committed."""
        with self._reading(group) as consumer:
            parts = [part for topic in topics for part in parts_of(consumer, topic)]
            ends = consumer.end_offsets(parts)
            return sum(ends[part] - (consumer.committed(part) or 0) for part in parts)

    def until_true(self, seconds: float = PATIENCE) -> None:
        """Wait until all that the partners tell has been read and the feed shows every live posting of the truth and no
        other, joined as a fresh engine joins them; then hold the joins against the truth."""
        self.until_read(seconds)
        wanted_keys = frozenset().union(*self.expected())
        self.until(
            lambda: self._shows() == wanted_keys,
            seconds,
            "the feed to show what is live",
            lambda: f"these to differ: {sorted(self._shows() ^ wanted_keys)[:8]}",
        )
        self.until(lambda: self._said() == self._batch_engine.live(), seconds, "the feed to equal a fresh engine's")
        live, expected = set(self.live()), self.expected()
        opportunity_of = {key: keys for keys in live for key in keys}
        torn = [sorted(group) for group in self._groups("certain") if len({opportunity_of[key] for key in group}) > 1]
        assert not torn, f"certain links do not hold: {torn[:8]}"
        found, wanted = pairs_of(live), pairs_of(expected)
        false, missed = sorted(found - wanted), sorted(wanted - found)
        assert len(false) <= MOST_FALSE * len(found), f"joined and not one opening: {false[:8]}"
        assert len(missed) <= MOST_MISSED * len(wanted), f"one opening and not joined: {missed[:8]}"

    def until_served(self, seconds: float = PATIENCE) -> None:
        """Wait until serve has read what unify wrote: it answers from a copy, a moment behind the log."""

        def is_served() -> bool:
            with urlopen(f"{self.http}/v1/feed/digest", timeout=PATIENCE) as answer:
                return bool(json.load(answer)["digest"] == digest({row["id"]: row for row in self.live().values()}))

        self.until(is_served, seconds, "serve to have read what unify wrote")

    def _shows(self) -> frozenset[str]:
        return frozenset().union(*self.live())

    def _said(self) -> set[tuple[str, str, frozenset[str]]]:
        """(id, version, source keys) of every live opportunity."""
        return {(row["id"], row["version"], keys) for keys, row in self.live().items()}


def pairs_of(clusters: Iterable[frozenset[str]]) -> set[tuple[str, str]]:
    return {pair for keys in clusters for pair in combinations(sorted(keys), 2)}


def content_of(row: dict[str, Any]) -> dict[str, Any]:
    """What two runs of one world must agree on, whatever was killed.

    `owner_withdrew` is left out: a posting that lived for two steps only may have been seen by one run and not by the
    other, and a ghost is what that flag speaks of.
    """
    kept = {name: value for name, value in row.items() if name not in VOLATILE}
    kept["sources"] = [{k: v for k, v in source.items() if k != "first_seen"} for source in row["sources"]]
    flags = [flag for flag in row["content"].get("flags", ()) if flag["code"] != "owner_withdrew"]
    kept["content"] = {**row["content"], "flags": flags}
    if len(flags) != len(row["content"].get("flags", ())):
        del kept["version"]
    return kept

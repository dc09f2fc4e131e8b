"""One source: its runs, what is pushed, and what an operator decides on what is held.

A run goes fetch → diff → produce → conclude → checkpoint. Upserts go out while the source is still read; withdrawals
only when the whole run was complete, healthy and below the brake (R1). Validators and cursors are saved only after a
run that left nothing open, so that "not modified" always means "as a run that was fully judged saw it".
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from hub import topics
from hub.broker.outbox import OutRecord
from hub.errors import HubError, SourceError
from hub.ingest.brake import Brake, Proof, alike, choose_controls, group_questions, judge_proof
from hub.ingest.conclude import Conclusion, conclude
from hub.ingest.diff import Seen, Verdict, judge_poll
from hub.ingest.known import Item, KnownItems
from hub.ingest.log import Log
from hub.ingest.partner import Partner
from hub.ingest.reading import Parked, Reading
from hub.ingest.report import count_run, show_state
from hub.ingest.state import COUNTED, PARKED_LIMIT, Held, RunReport, SourceState
from hub.ingest.writer import Now, RawWriter
from hub.sdk.conditional import Validators
from hub.sdk.connector import Connector
from hub.sdk.http import HttpClient
from hub.sdk.http_client import HttpStats
from hub.sdk.record import KnownItem, Liveness
from hub.sdk.source import Checkpoint, SourceContext
from hub.telemetry import metrics

BATCH = 200
DETAIL_LETTERS = 500


class RunHttp(HttpClient, Protocol):
    """The HTTP client as the runtime sees it: a run begins, and is counted."""

    stats: HttpStats

    def begin(self, validators: Mapping[str, Validators] | None = None) -> None: ...

    def collected(self) -> dict[str, Validators]: ...


@dataclass
class _Run:
    """One run under way."""

    id: str
    started: int
    begun_at: int
    reading: Reading
    batch: list[Seen] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    second_look: list[Seen] = field(default_factory=list)
    """Explicitly deleted items that stand in their second run; written when it has proved healthy."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=dict)


class SourceRunner:
    """Everything that ingest does with one source. Runs are one at a time; pushes may come between."""

    def __init__(
        self,
        *,
        connector: Connector,
        context: SourceContext,
        http: RunHttp,
        log: Log,
        brake: Brake,
        now: Now,
        state: SourceState,
    ) -> None:
        self.connector = connector
        self.name = connector.name
        self.state = state
        self.known = KnownItems(self.name)
        self.writer = RawWriter(self.name, self.known, log, now)
        self.partner = Partner(connector, context)
        self.brake = brake
        self.now = now
        self.http = http
        self._log = log
        self._running = asyncio.Lock()
        self._saved: bytes | None = None

    async def load(self) -> None:
        """Fold raw. A checkpoint that speaks of items which raw has lost is not believed."""
        await self.writer.load()
        believed = sum(one.items for one in self.state.collections.values())
        if believed and not len(self.known):
            self.update(cursors={}, validators={}, collections={}, parked={})
        self._leave_the_future()
        show_state(self.state, self.known, self.now())

    def _leave_the_future(self) -> None:
        """Where the last run began later than it is now, the clock was wrong then: what a partner asked for counts from now."""
        last, until = self.state.last_run, self.state.throttled_until
        if last is not None and until is not None and (ahead := last.started_at - self.now()) > 0:
            self.update(throttled_until=until - ahead)

    @property
    def is_running(self) -> bool:
        return self._running.locked()

    # --- one run ----------------------------------------------------------------------------------------------

    async def run(self) -> RunReport:
        """One run from fetch to checkpoint. A partner's fault is reported, not raised; the log's is raised."""
        async with self._running:
            started = self.now()
            run = _Run(f"{self.name}-run-{started}", started, self.known.revision, Reading(self.connector))
            self.http.begin({url: Validators.from_json(tree) for url, tree in self.state.validators.items()})
            try:
                await self._read(run)
                run.reading.check_totals()
                conclusion = await self._judge(run)
                report = await self._apply(conclusion, run)
            except SourceError as error:
                report = self._failed(error, run)
            count_run(self.name, report, self.http.stats)
            await self.save(last_run=report)
            return report

    async def _read(self, run: _Run) -> None:
        checkpoint = Checkpoint(cursors=dict(self.state.cursors))
        try:
            async with aclosing(self.partner.events(checkpoint)) as events:
                async for event in events:
                    taken = run.reading.take(event, self.now())
                    if isinstance(taken, Seen):
                        (run.second_look if taken.native_id in self.state.returning else run.batch).append(taken)
                    elif taken is not None:
                        run.parked.append(taken)
                    if len(run.batch) + len(run.parked) >= BATCH:
                        await self._flush(run)
        except SourceError:
            await self._flush(run)  # what was read before the fault is true
            raise
        await self._flush(run)
        run.cursors = dict(checkpoint.cursors)

    async def _flush(self, run: _Run) -> None:
        judge = partial(judge_poll, begun_at=run.begun_at, returning=frozenset(self.state.returning))
        for seen, verdict in await self.writer.write(run.batch, judge, run.id):
            run.verdicts[seen.native_id] = verdict
        await self._park(run.parked, run.id)
        run.batch.clear()
        run.parked.clear()
        await asyncio.sleep(0)

    async def _judge(self, run: _Run) -> Conclusion:
        conclusion = conclude(
            reading=run.reading,
            known=self.known,
            state=self.state,
            verdicts=run.verdicts,
            begun_at=run.begun_at,
            brake=self.brake,
            by_absence=self.connector.manifest.deletion == "absence",
            now_ms=self.now(),
        )
        for asked in group_questions(conclusion.plan.ask):
            listed = self._listed(run.reading, asked[0].collection, conclusion)
            conclusion.prove(await self._ask(asked, alike(listed, asked), run.id))
        conclusion.settle(self.brake, live=self.known.live_count, closed_recently=conclusion.closed_recently)
        return conclusion

    def _listed(self, reading: Reading, collection: str, conclusion: Conclusion) -> list[Item]:
        """Items that may serve as controls: live, and listed by this run as far as it can tell."""
        if collection in reading.not_modified():
            return [item for item in self.known.live(collection) if item.native_id not in conclusion.missing]
        found = (self.known.get(native_id) for native_id, name in reading.listed.items() if name == collection)
        return [item for item in found if item is not None and item.is_live and item.native_id in reading.fetched]

    async def _ask(self, asked: Sequence[Item], listed: Sequence[Item], run: str) -> Proof:
        controls = choose_controls(listed, run)
        items = sorted([*asked, *controls], key=lambda item: item.native_id)
        known = [KnownItem(item.native_id, item.collection, item.url) for item in items]
        proof = judge_proof(asked, controls, await self.partner.ask(known) if controls else {})
        for answer, found in ((Liveness.GONE, proof.gone), (Liveness.ALIVE, proof.alive), (Liveness.UNKNOWN, proof.unknown)):
            metrics.INGEST_PROOFS.labels(self.name, answer.value).inc(len(found))
        return proof

    async def _apply(self, conclusion: Conclusion, run: _Run) -> RunReport:
        complete = run.reading.is_complete
        if complete:
            run.batch.extend(run.second_look)
            await self._flush(run)
        withdrawn = await self.writer.withdraw(conclusion.closing, run.id)
        held = conclusion.held(self.state.held, run.id, self.now(), self.known)
        changes: dict[str, Any] = {
            "failing_since": None,
            "cause": None,
            "detail": "",
            "failures": 0,
            "throttled_until": None,
            "missing": conclusion.missing,
            "returning": sorted(conclusion.returning),
            "held": held,
            "collections": {**self.state.collections, **conclusion.completed(self.now())},
            "validators": {},
        }
        if complete:
            changes["last_success_at"] = self.now()
        if complete and conclusion.is_settled and Verdict.OVERTAKEN not in run.verdicts.values():
            changes["validators"] = {url: one.to_json() for url, one in self.http.collected().items()}
        if complete and not conclusion.returning:
            changes["cursors"] = run.cursors
        self.update(**changes)
        return self._report(
            "held" if held else "partial" if not complete else "unchanged" if run.reading.is_unchanged else "ok",
            run,
            withdrawn=withdrawn,
            held=len(held.items) if held else 0,
            waiting=len(conclusion.plan.wait),
            detail=held.reason if held else "",
        )

    def _failed(self, error: SourceError, run: _Run) -> RunReport:
        detail = str(error)[:DETAIL_LETTERS]
        changes: dict[str, Any] = {"cause": error.cause, "detail": detail, "failures": self.state.failures + 1}
        if any(verdict.writes for verdict in run.verdicts.values()):
            changes["validators"] = {}  # they stand for what was known before these writes
        seconds = error.retry_after_seconds
        if error.cause == "throttled":
            seconds = seconds or self.connector.manifest.every_seconds  # none was named, or its moment has passed
        else:
            changes["failing_since"] = self.state.failing_since or run.started
        if seconds is not None:
            changes["throttled_until"] = self.now() + int(seconds * 1000)
        self.update(**changes)
        outcome = "throttled" if error.cause == "throttled" else "failed"
        return self._report(outcome, run, cause=error.cause, detail=detail)

    def _report(self, outcome: str, run: _Run, **more: Any) -> RunReport:
        counted = [verdict.value for verdict in run.verdicts.values()]
        stats, live = self.http.stats, self.known.live_by_collection()
        return RunReport(
            run=run.id,
            started_at=run.started,
            seconds=max(0, self.now() - run.started) / 1000,
            outcome=outcome,
            listed=len(run.reading.listed) + sum(live.get(name, 0) for name in run.reading.not_modified()),
            **{name: counted.count(name) for name in COUNTED},
            rejected=run.reading.rejected,
            requests=stats.requests,
            saved_requests=stats.not_modified + stats.saved_by_hash,
            bytes=stats.bytes,
            **more,
        )

    async def _park(self, parked: Sequence[Parked], run: str) -> None:
        """Park what was not parked before: an unchanged bad record is one dead letter, however often it is listed."""
        if not parked:
            return
        now = self.now()
        new = {one.hash: one for one in parked if one.hash not in self.state.parked}
        await self.writer.park(list(new.values()), now, run)
        hashes = {**self.state.parked, **dict.fromkeys((one.hash for one in parked), now)}
        latest = sorted(hashes.items(), key=lambda pair: pair[1])[-PARKED_LIMIT:]
        self.update(parked=dict(latest))

    # --- what an operator decides -----------------------------------------------------------------------------

    async def release(self) -> int:
        """Withdraw what is held and still live. Raises HubError when nothing is held."""
        held = self.require_held()
        closing = [(native_id, "release", None) for native_id in held.items]
        count = await self.writer.withdraw(closing, f"{self.name}-release-{held.since}")
        await self.save(held=None, missing={}, validators={})
        return count

    async def discard(self) -> int:
        """Forget what is held; the next run judges anew. Raises HubError when nothing is held."""
        held = self.require_held()
        await self.save(held=None, missing={}, validators={})
        return len(held.items)

    def require_held(self) -> Held:
        if self.state.held is None:
            raise HubError(f"nothing of {self.name} is held")
        return self.state.held

    # --- the checkpoint ---------------------------------------------------------------------------------------

    def update(self, **changes: Any) -> None:
        self.state = self.state.model_copy(update=changes)

    async def save(self, **changes: Any) -> None:
        """Change the checkpoint and write it, unless it is what was written last."""
        self.update(**changes)
        value = self.state.to_record()
        if value != self._saved:
            await self._log.produce([OutRecord(topics.CHECKPOINT, self.name.encode(), value)])
            self._saved = value
        show_state(self.state, self.known, self.now())

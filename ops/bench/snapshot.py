"""b: what ingest spends on a snapshot in which nothing has changed, with Kafka's log behind it.

The runners of ingest read the sandbox in a process of its own. The first run writes everything; of the measured ones
half are kept from asking conditionally, so that every item is fetched, parsed and compared, and half go as they always
do. Nothing may be written by any of them.
"""

from __future__ import annotations

from hub.broker.outbox import Outbox
from hub.ingest.log import KafkaLog
from hub.ingest.runner import SourceRunner
from hub.ingest.sources import create_runner
from hub.ingest.state import RunReport, SourceState
from hub.sdk.connector import load_connectors
from hub.settings import ConnectorSettings, Settings
from ops.bench.figures import Figure, at_most, figure
from ops.bench.ground import SANDBOX_OFFSET, SOURCES, Ground
from ops.bench.material import SPARE


async def measure_snapshot(count: int, *, runs: int) -> list[Figure]:
    with Ground(HUB_SANDBOX__RECORDS=str(int(count * SPARE))) as ground:
        ground.start_broker()
        ground.start("sandbox")
        outbox = Outbox(ground.servers, "bench-ingest")
        await outbox.start()
        try:
            return await _measure(ground, KafkaLog(ground.servers, outbox), runs)
        finally:
            await outbox.stop()


async def _measure(ground: Ground, log: KafkaLog, runs: int) -> list[Figure]:
    urls = {name: f"http://127.0.0.1:{ground.sandbox_port + SANDBOX_OFFSET[name]}" for name in SOURCES}
    settings = Settings(connectors={name: ConnectorSettings(base_url=url, enabled=True) for name, url in urls.items()})
    connectors = load_connectors()
    pairs = [create_runner(connectors[name], settings, log, SourceState(source=name)) for name in SOURCES]
    try:
        runners = [runner for runner, _ in pairs]
        for runner in runners:
            await runner.load()
        first = [await runner.run() for runner in runners]
        items = sum(runner.known.live_count for runner in runners)
        whole = [await _unchanged(runners, is_conditional=False) for _ in range(runs)]
        usual = [await _unchanged(runners, is_conditional=True) for _ in range(runs)]
    finally:
        for _, http in pairs:
            await http.close()
    written = [sum(_written(report) for report in reports) for reports in whole + usual]
    return [
        figure(
            "b",
            "first snapshot, all of it written",
            "records/s",
            [items / _seconds(first)],
            note=f"{items} items of four sources",
        ),
        figure("b", "unchanged snapshot, fetched and compared", "records/s", [items / _seconds(reports) for reports in whole]),
        figure("b", "unchanged snapshot, asked for conditionally", "records/s", [items / _seconds(reports) for reports in usual]),
        figure("b", "… records produced", "records", written, at_most(0)),
    ]


async def _unchanged(runners: list[SourceRunner], *, is_conditional: bool) -> list[RunReport]:
    reports = []
    for runner in runners:
        if not is_conditional:
            runner.update(validators={})
        reports.append(await runner.run())
    return reports


def _seconds(reports: list[RunReport]) -> float:
    failed = [report for report in reports if report.outcome not in ("ok", "unchanged")]
    if failed:
        raise RuntimeError(f"{failed[0].run} ended {failed[0].outcome}: {failed[0].cause} {failed[0].detail}")
    return sum(report.seconds for report in reports)


def _written(report: RunReport) -> int:
    return report.new + report.changed + report.returned + report.withdrawn

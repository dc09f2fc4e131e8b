"""Figures of ingest as metrics: what a run did, and how a source stands."""

from __future__ import annotations

from hub.ingest.known import KnownItems
from hub.ingest.state import COUNTED, KINDS, RunReport, SourceState
from hub.sdk.http_client import HttpStats
from hub.telemetry import metrics


def count_run(source: str, report: RunReport, stats: HttpStats) -> None:
    metrics.INGEST_RUNS.labels(source, report.outcome, report.cause or "").inc()
    metrics.INGEST_RUN_SECONDS.labels(source).observe(report.seconds)
    for verdict in COUNTED:
        metrics.INGEST_RECORDS.labels(source, verdict).inc(getattr(report, verdict))
    metrics.INGEST_CALLS.labels(source).inc(stats.requests)
    metrics.INGEST_BYTES.labels(source).inc(stats.bytes)
    metrics.INGEST_SAVED_CALLS.labels(source, "304").inc(stats.not_modified)
    metrics.INGEST_SAVED_CALLS.labels(source, "hash").inc(stats.saved_by_hash)
    metrics.INGEST_SAVED_BYTES.labels(source).inc(stats.bytes_saved)


def show_state(state: SourceState, known: KnownItems | None, now_ms: int) -> None:
    current = state.kind(now_ms)
    for kind in KINDS:
        metrics.INGEST_STATE.labels(state.source, kind).set(float(kind == current))
    for op, count in known.count_by_op().items() if known is not None else ():
        metrics.INGEST_ITEMS.labels(state.source, op).set(count)
    metrics.INGEST_HELD.labels(state.source).set(len(state.held.items) if state.held is not None else 0)
    if state.last_success_at is not None:
        metrics.INGEST_LAST_SUCCESS.labels(state.source).set(state.last_success_at / 1000)

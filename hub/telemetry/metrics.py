"""Every metric of the hub in one list: one name per fact, base units, bounded labels (docs/metrics.md is generated).

Per role the process exposes what it touched. Labels are sources, stages, reasons and states: sets that do not grow.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

LATENCY_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

# --- every role ---------------------------------------------------------------------------------------------------
READY = Gauge("hub_role_ready", "1 when the role is ready", ["role"])
BUILD = Gauge("hub_build_info", "Always 1; labels tell the version", ["version"])

# --- streams ------------------------------------------------------------------------------------------------------
STAGE_RECORDS = Counter("hub_stage_records_total", "Records read by a stage", ["stage"])
STAGE_OUTPUTS = Counter("hub_stage_outputs_total", "Records written by a stage and acknowledged", ["stage", "topic"])
STAGE_REJECTED = Counter("hub_stage_rejected_total", "Records parked by a stage", ["stage", "reason"])
STAGE_BATCH_SECONDS = Histogram(
    "hub_stage_batch_seconds", "Time from a batch's arrival to its acknowledgement", ["stage"], buckets=LATENCY_SECONDS
)
STAGE_LAG_RECORDS = Gauge("hub_stage_lag_records", "Records behind the log's end", ["stage"])
STAGE_LAG_SECONDS = Gauge("hub_stage_lag_seconds", "Age of the oldest record not yet done", ["stage"])
STAGE_COMMITS = Counter("hub_stage_commits_total", "Offset commits that the broker took", ["stage"])
STAGE_GAPS = Counter("hub_stage_gaps_total", "Gaps in a partition that compaction does not explain", ["stage"])
SEEN_TO_FEED_SECONDS = Histogram(
    "hub_seen_to_feed_seconds", "From ingest's stamp to the acknowledged feed record", buckets=LATENCY_SECONDS
)

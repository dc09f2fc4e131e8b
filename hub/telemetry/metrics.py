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
STAGE_REJECTED = Counter("hub_stage_rejected_total", "Records parked by a stage", ["stage", "source", "reason"])
STAGE_BATCH_SECONDS = Histogram(
    "hub_stage_batch_seconds", "Time from a batch's arrival to its acknowledgement", ["stage"], buckets=LATENCY_SECONDS
)
STAGE_LAG_RECORDS = Gauge("hub_stage_lag_records", "Records behind the log's end", ["stage"])
STAGE_LAG_SECONDS = Gauge("hub_stage_lag_seconds", "Age of the oldest record not yet done", ["stage"])
STAGE_COMMITS = Counter("hub_stage_commits_total", "Offset commits that the broker took", ["stage"])
STAGE_GAPS = Counter("hub_stage_gaps_total", "Gaps in offsets; one that compaction does not explain ends the role", ["topic"])
SEEN_TO_FEED_SECONDS = Histogram(
    "hub_seen_to_feed_seconds", "From ingest's stamp to the acknowledged feed record", buckets=LATENCY_SECONDS
)
UNIFY_POSTINGS = Gauge("hub_unify_postings", "Postings that the engine holds, ghosts included")
UNIFY_CLUSTERS = Gauge("hub_unify_clusters", "Clusters of postings, live or closed")
UNIFY_LIVE = Gauge("hub_unify_live_opportunities", "Opportunities that the feed shows as live")
UNIFY_TERM = Gauge("hub_unify_term", "Offset of this owner's claim")
UNIFY_REBUILD_SECONDS = Gauge("hub_unify_rebuild_seconds", "Duration of the last rebuild")
UNIFY_HELD = Gauge("hub_unify_held_opportunities", "Live opportunities that a held rebuild would close")

# --- matching, of the owner of unify ------------------------------------------------------------------------------
MATCH_MODEL = Gauge("hub_match_model_info", "Always 1; labels tell the model that judges", ["hash"])
MATCH_REVIEW = Gauge("hub_match_review_pairs", "Pairs that wait for a person: `hub match review`; counted once a minute")
MATCH_POSSIBLE = Gauge("hub_match_possible_pairs", "Pairs that are possible and never link; ghosts and decided ones included")
MATCH_DECISIONS = Counter("hub_match_decisions_total", "Pairs judged otherwise than before, without the rebuild's", ["decision"])
MATCH_MERGES = Counter("hub_match_merges_total", "Opportunities that became part of another one, without the rebuild's")
MATCH_SPLITS = Counter("hub_match_splits_total", "Opportunities that came out of another one, without the rebuild's")
MATCH_BLOCKS = Gauge("hub_match_blocks", "Blocking keys in use")
MATCH_LARGEST = Gauge("hub_match_largest_postings", "Postings in the largest block and in the largest component", ["what"])
MATCH_OVERSIZED = Gauge("hub_match_oversized", "Blocks and components beyond their bounds; compared all the same", ["what"])

# --- feed and HTTP edge -------------------------------------------------------------------------------------------
FEED_POSITION = Gauge("hub_feed_position", "Offset of the next feed record that the projection reads")
FEED_LAG_RECORDS = Gauge("hub_feed_lag_records", "Feed records behind the log's end")
FEED_LAG_SECONDS = Gauge("hub_feed_lag_seconds", "While the projection is behind: age of what it last held")
FEED_ITEMS = Gauge("hub_feed_items", "Opportunities in the read model", ["state", "kind"])
FEED_READABLE_SECONDS = Histogram(
    "hub_feed_readable_seconds", "From the feed record's time in the log to its being readable over HTTP", buckets=LATENCY_SECONDS
)
FEED_UNREADABLE = Counter("hub_feed_unreadable_total", "Feed records passed over because they are no opportunity")
FEED_REBUILDS = Counter("hub_feed_rebuilds_total", "Times the read model was dropped and read again from the log")
HTTP_REQUESTS = Counter("hub_http_requests_total", "Requests answered by the HTTP edge", ["route", "method", "status"])
HTTP_SECONDS = Histogram("hub_http_seconds", "Time to answer a request", ["route"], buckets=LATENCY_SECONDS)
HTTP_LIMITED = Counter("hub_http_limited_total", "Requests answered 429, by the limit that was reached", ["reason"])
HTTP_MALFORMED = Counter("hub_http_malformed_total", "Connections closed because what came was no HTTP request")
DISK_FREE = Gauge("hub_disk_free_bytes", "Room on the disk of the state directory")
CERTIFICATE_END = Gauge(
    "hub_kafka_certificate_end_timestamp_seconds", "When the certificate ends that partners are shown by Kafka; 0: none is"
)
STREAM_READERS = Gauge("hub_stream_readers", "Readers of the stream that are connected now")
STREAM_CUTS = Counter("hub_stream_cuts_total", "Readers of the stream that were cut because they took nothing")
DELIVERIES = Counter("hub_deliveries_total", "Webhooks sent, by what the receiver made of them", ["verdict"])
SUBSCRIPTIONS = Gauge("hub_subscriptions", "Webhook subscriptions by state (away: active, and nobody answers)", ["state"])
SUBSCRIPTIONS_STOPPED = Counter(
    "hub_subscriptions_stopped_total", "Subscriptions that were paused or disabled by what receivers did"
)
DELIVERY_LAG = Gauge(
    "hub_delivery_lag_records", "Records between the feed's end and the subscription furthest behind whose receiver answers"
)
DELIVERY_PARKED = Gauge("hub_delivery_parked", "Opportunities that receivers refused and that are tried again")
INBOUND = Counter("hub_inbound_total", "Inbound webhooks by what became of them", ["source", "outcome"])

# --- ingest -------------------------------------------------------------------------------------------------------
INGEST_LAST_SUCCESS = Gauge("hub_source_last_success_timestamp_seconds", "When the last complete run ended", ["source"])
INGEST_ITEMS = Gauge("hub_source_items", "Items that ingest knows, by state (upsert: live)", ["source", "state"])
INGEST_STATE = Gauge("hub_source_state", "1 for the state that the source is in", ["source", "state"])
INGEST_HELD = Gauge("hub_source_held_withdrawals", "Withdrawals that the brake holds", ["source"])
INGEST_RUNS = Counter("hub_source_runs_total", "Runs by outcome and cause", ["source", "outcome", "cause"])
INGEST_RUN_SECONDS = Histogram("hub_source_run_seconds", "Duration of a run", ["source"], buckets=LATENCY_SECONDS)
INGEST_RECORDS = Counter("hub_source_records_total", "Items listed or pushed, by verdict", ["source", "verdict"])
INGEST_REJECTED = Counter("hub_source_rejected_total", "Records that ingest parked", ["source", "reason"])
INGEST_CLOSINGS = Counter("hub_source_closings_total", "Withdrawals that were written, by cause", ["source", "cause"])
INGEST_CALLS = Counter("hub_source_calls_total", "Requests to the partner", ["source"])
INGEST_BYTES = Counter("hub_source_bytes_total", "Bytes received from the partner, as on the wire", ["source"])
INGEST_SAVED_CALLS = Counter("hub_source_saved_calls_total", "Answers that were not modified", ["source", "how"])
INGEST_SAVED_BYTES = Counter("hub_source_saved_bytes_total", "Bytes that 304 spared", ["source"])
INGEST_PROOFS = Counter("hub_source_proofs_total", "Items asked for singly, by what the answer proved", ["source", "answer"])
INGEST_INBOUND = Counter("hub_source_inbound_total", "Inbound records taken, by what became of them", ["source", "outcome"])
INGEST_ERASED = Counter("hub_source_erased_total", "Ghosts that were erased", ["source"])
AUDIT_DIFFERENCES = Gauge("hub_audit_differences", "Items whose state in raw and enriched differs", ["source"])
AUDIT_LAST = Gauge("hub_audit_last_timestamp_seconds", "When the audit last judged")
CLOCK_TIMESTAMP = Gauge("hub_clock_timestamp_seconds", "The last minute that ingest wrote")
CLOCK_HELD = Gauge("hub_clock_held", "1 while the clock waits after a jump")

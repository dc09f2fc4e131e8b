"""The regional talent hub: many platforms in, one feed out.

Reading order: errors, domain, topics, settings, sdk, connectors, ingest, streams, enrich, matching, feed, api, delivery,
store, broker, telemetry, sandbox, supervisor, backup, app, cli.
"""

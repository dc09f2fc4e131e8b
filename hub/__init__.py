"""The regional talent hub: many platforms in, one feed out.

Reading order: errors, domain, topics, settings, sdk, connectors, ingest, streams, enrich, matching, feed, api,
store, broker, telemetry, sandbox, supervisor, backup, app, cli.
"""

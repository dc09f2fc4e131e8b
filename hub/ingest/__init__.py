"""Ingest drives the connectors and is the only writer of raw: fetch → diff → produce → checkpoint (architecture §5)."""

"""Formats that several partners share: a connector of a known format is a manifest and a short mapping."""

"""Metrics, logs, health and the ops server of every role."""

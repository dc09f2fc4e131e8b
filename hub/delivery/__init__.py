"""Signed webhooks: each subscription is a cursor into the log, and what its receiver holds."""

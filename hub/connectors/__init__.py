"""Connector folders only: `ls` says what the hub integrates."""

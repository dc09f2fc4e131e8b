"""Readers who stay: what is written for one of them is written for all who asked for the same."""

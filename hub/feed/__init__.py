"""The feed: its projection into feed.db, what may be asked of it, and what it is rendered to."""

"""The feed over HTTP, one file a surface (architecture §7)."""

"""Alembic's environment: migrations run on the connection that the hub hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from hub.store.hub_db import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()

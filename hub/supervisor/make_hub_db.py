"""`python -m hub.supervisor.make_hub_db`: hub.db with its tables, where there is none yet.

A process of its own, while the broker starts: a role that makes its tables itself keeps Alembic in memory until its end.
"""

from __future__ import annotations

import asyncio
import sys

from hub.errors import ConfigError, HubError
from hub.settings import load_settings
from hub.store.hub_db import hub_db_of
from hub.telemetry.contact import EXIT_CONFIG, EXIT_FAILED, EXIT_OK


def main() -> int:
    """The exit code; the reason of a failure goes to standard error."""
    try:
        asyncio.run(_make())
    except (HubError, OSError) as error:
        print(error, file=sys.stderr)
        return EXIT_CONFIG if isinstance(error, ConfigError) else EXIT_FAILED
    return EXIT_OK


async def _make() -> None:
    async with hub_db_of(load_settings()):
        pass


if __name__ == "__main__":
    sys.exit(main())

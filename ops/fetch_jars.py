"""Bring Kafka's jars for the embedded broker, or see that they are there (part of `make setup`)."""

from __future__ import annotations

import sys
import time

from hub.broker import jars
from hub.errors import ConfigError


def main() -> int:
    start = time.monotonic()
    if not jars.faults(jars.cache_dir()):
        return 0
    print(f"Kafka {jars.VERSION}: fetching {len(jars.expected_sums())} jars by Maven into {jars.cache_dir()}", flush=True)
    try:
        jars.fetch()
    except ConfigError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 2
    print(f"Kafka {jars.VERSION}: fetched and checked in {time.monotonic() - start:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m hub.supervisor.apply_topics SERVERS SOURCE…`: the catalogue applied, and how many changes it took.

A process of its own for a second: Kafka's admin client would stay in the supervisor's memory until its end.
"""

from __future__ import annotations

import sys

from hub.broker.admin import apply_topics
from hub.errors import HubError
from hub.topics import catalogue


def main(servers: str, *sources: str) -> int:
    """0 and the number of changes on standard output, or 1 and the reason on standard error."""
    try:
        changes = apply_topics(servers, catalogue(sources))
    except (HubError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(len(changes))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

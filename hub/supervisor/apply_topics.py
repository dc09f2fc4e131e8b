"""`python -m hub.supervisor.apply_topics SERVERS SOURCE…`: the catalogue applied, and how many changes it took.

A process of its own for a second: Kafka's admin client would stay in the supervisor's memory until its end.
"""

from __future__ import annotations

import sys

from hub.broker.admin import apply_topics, check_topics
from hub.broker.requirement import refuse_loss
from hub.errors import ConfigError, HubError
from hub.telemetry.contact import EXIT_CONFIG, EXIT_FAILED, EXIT_OK
from hub.topics import catalogue


def main(servers: str, *sources: str) -> int:
    """The exit code; the number of changes goes to standard output, the reason of a failure to standard error."""
    try:
        changes = apply_topics(servers, catalogue(sources))
        refuse_loss(check_topics(servers, catalogue(sources)))
    except (HubError, OSError) as error:
        print(error, file=sys.stderr)
        return EXIT_CONFIG if isinstance(error, ConfigError) else EXIT_FAILED
    print(len(changes))
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

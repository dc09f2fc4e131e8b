"""Exit 0 when the role on this ops port is ready: the healthcheck of the containers. `ready.py PORT`."""

from __future__ import annotations

import sys
from http.client import HTTPConnection, HTTPException


def main() -> int:
    try:
        connection = HTTPConnection("localhost", int(sys.argv[1]), timeout=4)
        connection.request("GET", "/readyz")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())

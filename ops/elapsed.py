"""Run a command and say what it is and how long it took: `elapsed.py LABEL COMMAND…`. Its output and code pass through."""

from __future__ import annotations

import subprocess
import sys
import time


def main() -> int:
    label, command = sys.argv[1], sys.argv[2:]
    print(f"--- {label}", flush=True)
    start = time.monotonic()
    try:
        code = subprocess.call(command)
    except KeyboardInterrupt:
        code = 130
    print(f"--- {label}: {'done' if code == 0 else f'FAILED ({code})'} in {time.monotonic() - start:.1f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())

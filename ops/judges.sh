#!/usr/bin/env bash
# `make judges`: the programs of others in JavaScript that judge what the hub serves. Only tests run them; repeatable, and
# the second time it only looks. What cannot be installed stays away, and the tests say what they miss.
set -euo pipefail
cd "$(dirname "$0")/../tests/judges"

STAMP=node_modules/.judges-stamp
if ! command -v npm >/dev/null; then
    echo "judges: npm is missing, so tests that need a judge in JavaScript are skipped (they fail in CI); install: apt-get install nodejs npm" >&2
    exit 0
fi
wanted=$(cat package.json package-lock.json | sha256sum | cut -d' ' -f1)
if [ "$(cat "$STAMP" 2>/dev/null)" != "$wanted" ]; then
    echo "installing the judges in JavaScript with npm $(npm --version 2>/dev/null)"
    # No package may run a script of its own on this machine.
    if npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; then
        echo "$wanted" >"$STAMP"
    else
        echo "judges: npm could not install them; is its registry reachable?" >&2
    fi
fi

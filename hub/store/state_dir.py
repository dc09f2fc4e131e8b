"""What lies where in a state directory, and which of it can be thrown away.

Everything that is not named here as disposable belongs into a backup: a file that a later version adds is kept
without anybody thinking of it.
"""

from __future__ import annotations

import fnmatch
import re
import shutil
from pathlib import Path

from hub.errors import ConfigError

HUB_LOCK = "hub.lock"
HUB_DB = "hub.db"
KAFKA = "kafka"
UNFINISHED = "restore.unfinished"
"""A mark: a restore is moving what it brought into its place, or was ended midway."""
LAST_BACKUP = "backup.last"
"""Says when the last backup of this state directory was whole: RFC 3339, then where it was written, on a line of its own."""
COMFORTABLE_FREE_BYTES = 2 * 2**30
"""With less free, somebody should make room: on a full disk Kafka and the databases stand still."""
FULL_BYTES = 2**20
"""With less free, whatever fails to be written fails for that."""
SCRATCH = "restore.partial"
ASIDE = "before-restore-"
"""Prefix of the folders into which a restore moves what was there before."""

_DISPOSABLE = (
    "*.lock",
    "*.partial",
    "*.tmp",
    "hub.db-*",
    "feed.*",
    "run.json",
    UNFINISHED,
    LAST_BACKUP,
    "snapshot/*",
    "logs/*",
    "locks/*",
    "faust/*",
    f"{SCRATCH}/*",
    f"{ASIDE}*",
    f"{KAFKA}/.*",
    f"{KAFKA}/kafka.log*",
    f"{KAFKA}/server.properties",
    f"{KAFKA}/log/.lock",
    f"{KAFKA}/log/*.deleted",
)
"""Shell patterns of paths below the state directory. Kafka removes what it has named `.deleted` a minute later."""
_DISPOSABLE_PATH = re.compile("|".join(map(fnmatch.translate, _DISPOSABLE)))


def kafka_dir(state_dir: Path) -> Path:
    return state_dir / KAFKA


def free_bytes(directory: Path) -> int:
    """Room on the disk of a directory that is there. Raises OSError."""
    return shutil.disk_usage(directory).free


def is_full(directory: Path) -> bool:
    """Raises OSError."""
    return free_bytes(directory) <= FULL_BYTES


def is_disposable(name: str) -> bool:
    """`name`: a path below the state directory, with `/`."""
    return _DISPOSABLE_PATH.match(name) is not None


def refuse_unfinished_restore(state_dir: Path) -> None:
    """Raises ConfigError where a restore was ended midway: what stands there is neither the old state nor the new."""
    if (state_dir / UNFINISHED).exists():
        raise ConfigError(
            f"a restore into {state_dir} was ended before its end; give `hub restore --force` with the same file again, "
            "what was there before lies in its folders before-restore-…"
        )

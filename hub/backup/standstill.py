"""The moment of which a backup speaks: all files are opened while nothing writes to Kafka's log.

A running broker is frozen by its role for the milliseconds that this takes; a stopped one is kept from starting by its
own lock. Either way the files are what a kill at that moment would have left behind, and Kafka starts from that.
"""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hub.backup.collecting import Collection
from hub.errors import ConfigError, HubError
from hub.settings import Settings
from hub.store.lock import FileLock
from hub.store.state_dir import HUB_LOCK, kafka_dir
from hub.telemetry.contact import user_name
from hub.telemetry.open_files import allow_many_open_files
from hub.telemetry.ops_client import RoleAwayError, call_role

ATTEMPTS = 5
PAUSE_SECONDS = 3.0


class KafkaLock:
    """Kafka's own lock on its log directory: whoever holds it keeps a broker from starting there."""

    def __init__(self, state_dir: Path) -> None:
        self._path = kafka_dir(state_dir) / "log" / ".lock"
        self._file: BinaryIO | None = None

    def try_acquire(self) -> bool:
        """True when no broker runs there (or none ever did)."""
        if not self._path.parent.is_dir():
            return True
        self._file = self._path.open("a+b")
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


@contextlib.contextmanager
def opened_at_one_moment(settings: Settings, collection: Collection) -> Iterator[bool]:
    """Fills `collection`; True when the hub was running. A hub that was stopped cannot start until this is left."""
    allow_many_open_files()
    state_dir = settings.state_dir
    if settings.kafka.bootstrap_servers is not None:
        collection.open_all(state_dir, with_kafka=False, is_live=False)
        yield True
        return
    hub_lock, kafka_lock = FileLock(state_dir / HUB_LOCK), KafkaLock(state_dir)
    try:
        if kafka_lock.try_acquire() and hub_lock.try_acquire():
            collection.open_all(state_dir, with_kafka=True, is_live=False)
            yield False
            return
    finally:
        hub_lock.release()
        kafka_lock.release()
    _open_while_frozen(settings, collection)
    yield True


def _open_while_frozen(settings: Settings, collection: Collection) -> None:
    """Several attempts: the broker may be starting, or a busy machine needs longer than the broker may stand still."""
    problem: HubError | None = None
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        try:
            if _try_open_while_frozen(settings, collection):
                return
            problem = HubError(
                "the files could not be opened within the moment that Kafka may stand still; stop the hub for the backup"
            )
        except RoleAwayError as error:
            problem = ConfigError(
                f"a hub uses {settings.state_dir}, but its broker does not answer: {error} Give the backup that hub's settings"
            )
        except HubError as error:
            problem = error
        collection.close()
    assert problem is not None
    raise problem


def _try_open_while_frozen(settings: Settings, collection: Collection) -> bool:
    who, why = user_name(), "backup"
    number = call_role(settings, "broker", "kafka.freeze", {}, who=who, why=why)["number"]
    try:
        collection.open_all(settings.state_dir, with_kafka=True, is_live=True)
    finally:
        held: bool = call_role(settings, "broker", "kafka.thaw", {"number": number}, who=who, why=why)["held"]
    return held

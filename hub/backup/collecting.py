"""Opens every file that belongs into a backup, so that its bytes can be read later, whatever happens to its name.

An open file outlives being renamed and removed (Kafka's cleaner and retention do both), and Kafka's logs only grow at
their end. So of what was open and this long at one moment, the same bytes can be read minutes afterwards. Indexes are
the exception: Kafka writes those of a partition's last segment in place and shortens them when it begins the next. They
are left out, and Kafka makes them anew from the log, as after a crash.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.errors import HubError
from hub.store.state_dir import HUB_DB, KAFKA, is_disposable

_SEGMENT = re.compile(r"([0-9]{20})\.log")
_INDEX = re.compile(r"([0-9]{20})\.(index|timeindex)(\.\w+)?")


@dataclass
class OpenFile:
    """`name`: path below the state directory; `size`: bytes that belong to the moment at which it was opened."""

    name: str
    handle: int
    size: int

    @property
    def is_index(self) -> bool:
        return _INDEX.fullmatch(self.name.rpartition("/")[2]) is not None

    def has_changed_size(self) -> bool:
        return os.fstat(self.handle).st_size != self.size


class Collection:
    """Open files, in the order of their names. Close it when they are read."""

    def __init__(self) -> None:
        self.files: list[OpenFile] = []

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files)

    def close(self) -> None:
        for file in self.files:
            os.close(file.handle)
        self.files.clear()

    def open_all(self, state_dir: Path, *, with_kafka: bool, is_live: bool) -> None:
        """Everything but hub.db, which SQLite itself must copy. `is_live`: Kafka goes on afterwards.

        Raises HubError for a file that cannot be opened, also when it is one more than this process may have open.
        """
        # Text and no Path: the broker may be standing still, and there may be thousands.
        for name in _files_below(str(state_dir.absolute()), "", with_kafka=with_kafka, is_live=is_live):
            try:
                handle = os.open(f"{state_dir}/{name}", os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                if name.startswith(f"{KAFKA}/"):
                    raise  # it stands still, so that nothing may vanish there
                continue
            except OSError as error:
                raise HubError(
                    f"{state_dir}/{name} cannot be opened: {error.strerror}; run the backup as the hub's user"
                ) from error
            self.files.append(OpenFile(name, handle, os.fstat(handle).st_size))


def _files_below(state_dir: str, folder: str, *, with_kafka: bool, is_live: bool) -> Iterator[str]:
    """Paths of plain files below the state directory, through links too. `folder`: empty, or with a `/` at its end."""
    with os.scandir(f"{state_dir}/{folder}") as found:
        entries = sorted(found, key=lambda entry: entry.name)
    last = max((segment[1] for entry in entries if (segment := _SEGMENT.fullmatch(entry.name))), default="")
    for entry in entries:
        name = f"{folder}{entry.name}"
        if name == HUB_DB or (not with_kafka and name == KAFKA) or is_disposable(name):
            continue
        if entry.is_dir():
            if not is_disposable(f"{name}/x"):
                yield from _files_below(state_dir, f"{name}/", with_kafka=with_kafka, is_live=is_live)
        elif entry.is_file() and not (is_live and (index := _INDEX.fullmatch(entry.name)) is not None and index[1] >= last):
            yield name

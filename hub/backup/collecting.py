"""Opens every file that belongs into a backup, so that its bytes can be read later, whatever happens to its name.

An open file outlives being renamed and removed (Kafka's cleaner and retention do both), and Kafka's logs only grow at
their end. So of what was open and this long at one moment, the same bytes can be read minutes afterwards. Indexes are
the exception: Kafka writes those of a partition's last segment in place and shortens them when it begins the next. They
are left out, and Kafka makes them anew from the log, as after a crash.
"""

from __future__ import annotations

import os
import re
import resource
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

        Raises HubError when there are more files than this process may open.
        """
        for path in _files_of(state_dir, with_kafka=with_kafka, is_live=is_live):
            name = path.relative_to(state_dir).as_posix()
            try:
                handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                if name.startswith(f"{KAFKA}/"):
                    raise  # it stands still, so that nothing may vanish there
                continue
            except OSError as error:
                raise HubError(f"{path} cannot be opened: {error.strerror}; run the backup as the hub's user") from error
            self.files.append(OpenFile(name, handle, os.fstat(handle).st_size))


def allow_many_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _files_of(state_dir: Path, *, with_kafka: bool, is_live: bool) -> Iterator[Path]:
    for folder, folders, names in os.walk(state_dir, followlinks=True):
        below = Path(folder).relative_to(state_dir)
        folders[:] = sorted(one for one in folders if _belongs(below / one, with_kafka=with_kafka, is_folder=True))
        last = max((found[1] for name in names if (found := _SEGMENT.fullmatch(name))), default="")
        for name in sorted(names):
            index = _INDEX.fullmatch(name)
            is_written = is_live and index is not None and index[1] >= last
            path = Path(folder) / name
            if not is_written and path.is_file() and _belongs(below / name, with_kafka=with_kafka, is_folder=False):
                yield path


def _belongs(below: Path, *, with_kafka: bool, is_folder: bool) -> bool:
    name = below.as_posix()
    if name == HUB_DB or (not with_kafka and below.parts[0] == KAFKA):
        return False
    # A folder is passed by when whatever lay in it would be.
    return not is_disposable(name) and not (is_folder and is_disposable(f"{name}/x"))

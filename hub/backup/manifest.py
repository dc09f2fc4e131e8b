"""What a backup says of itself: its first member, before anything of it is believed, and the list of files that ends it.

`VERSION` is raised when an older hub could not read the file any more.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal, TypeVar

import orjson
from pydantic import ValidationError

from hub.domain.model import Model
from hub.errors import HubError

VERSION = 1
HEAD = "backup.json"
MANIFEST = "manifest.json"
STATE = "state/"
"""Begins the names of all other members; what follows is the path below the state directory."""
DAMAGED = "the backup is damaged or cut short: `hub backup --verify` each of the others and take the newest that is whole"
_LONGEST_NAME = 1024
_PLAIN = re.compile(r"[^\x00-\x1f\x7f\\\ud800-\udfff]+")

Kind = TypeVar("Kind", bound=Model)


class BackupError(HubError):
    """A file that is no backup, is damaged, or is another version's. The message says what to do."""


class Head(Model):
    """`bytes`, `files`: of the state, before compression; an upper bound, since indexes that can be made anew may be left out."""

    version: int
    created_at: str
    release: str
    kafka: str | None = None
    """Version of the embedded Kafka whose data are in it; None when the log is a cluster's elsewhere."""
    cluster_id: str | None = None
    taken: Literal["running", "stopped"]
    bytes: int
    files: int
    not_included: list[str]
    """Sentences on what a machine needs besides."""


class FileSum(Model):
    name: str
    size: int
    sha256: str


class Manifest(Model):
    head: Head
    files: list[FileSum]


def read_head(data: bytes) -> Head:
    """Raises BackupError; a newer version's head may look like anything but its `version`."""
    try:
        tree = orjson.loads(data)
        version = tree["version"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise BackupError("this is no backup of a hub; name another file") from error
    if isinstance(version, int) and version > VERSION:
        release = tree.get("release", "a newer release")
        raise BackupError(
            f"this backup is of version {version}, written by release {release}, this hub reads {VERSION}: install that release"
        )
    return _read(Head, data)


def read_manifest(data: bytes) -> Manifest:
    return _read(Manifest, data)


def is_safe(path: str) -> bool:
    """A path below the state directory that a backup may hold: nothing that leads out of it, nothing that is not text."""
    pure = PurePosixPath(path)
    is_plain = _PLAIN.fullmatch(path) is not None and len(path) <= _LONGEST_NAME and str(pure) == path
    return is_plain and not pure.is_absolute() and ".." not in pure.parts and path != "."


def checked_name(name: str) -> str:
    """The path below the state directory of a member. Raises BackupError for whatever could lead out of it."""
    path = name.removeprefix(STATE)
    if not name.startswith(STATE) or not is_safe(path):
        raise BackupError(f"the backup holds {name[:80]!r}, as no backup does: it was tampered with or damaged; take another one")
    return path


def _read(kind: type[Kind], data: bytes) -> Kind:
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        raise BackupError(DAMAGED) from error

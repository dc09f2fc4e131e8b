"""Bytes that a table keeps packed: feed records take a third of their room, and the disk is what a projection waits for.

Values are packed and unpacked in the process that asks, so SQL sees them as they lie on the disk: compare nothing with them.
"""

from __future__ import annotations

import threading

import zstandard
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

LEVEL = 1


class _Packer(threading.local):
    """A compressor may not be used by two threads at once."""

    def __init__(self) -> None:
        self.pack = zstandard.ZstdCompressor(level=LEVEL).compress
        self.unpack = zstandard.ZstdDecompressor().decompress


_PACKER = _Packer()


def pack(value: bytes) -> bytes:
    return _PACKER.pack(value)


def unpack(value: bytes) -> bytes:
    """Raises zstandard.ZstdError for what `pack` did not make."""
    return _PACKER.unpack(value)


class Packed(TypeDecorator[bytes]):
    """A column of packed bytes; who asks through SQLAlchemy Core gives and gets them as they are."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else pack(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else unpack(value)

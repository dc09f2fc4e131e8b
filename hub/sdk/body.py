"""A body that is read in pieces and never grows beyond its limit, compressed or not.

The limit counts decompressed bytes and is checked after every 256 KiB of output, so a gzip bomb stops after the limit
and not in memory. A compressed stream that ends too early is a truncated answer, which HTTP libraries let pass.
"""

from __future__ import annotations

import zlib

from hub.errors import SourceError

PIECE = 256 * 1024
GZIP_OR_ZLIB, RAW_DEFLATE = 47, -15
ENCODINGS = ("gzip", "x-gzip", "deflate")
NOT_ENCODED = ("identity", "none", "utf-8")
"""The last two are what servers write by mistake where they mean no coding, or the charset."""
ACCEPT_ENCODING = "gzip, deflate"


class BodyReader:
    """`feed` every chunk from the wire, then `finish`. Both raise SourceError (`too_large`, `syntax`)."""

    def __init__(self, url: str, encoding: str, max_bytes: int) -> None:
        self._url = url
        self._max_bytes = max_bytes
        self._pieces: list[bytes] = []
        self._size = 0
        encoding = encoding.strip().lower()
        if encoding not in ("", *NOT_ENCODED, *ENCODINGS):
            raise SourceError("content_type", f"{url} answers with the content encoding {encoding}, which was not asked for")
        self._may_be_raw = encoding == "deflate"
        self._inflater = zlib.decompressobj(GZIP_OR_ZLIB) if encoding in ENCODINGS else None
        self._started = False

    def feed(self, chunk: bytes) -> None:
        if self._inflater is None:
            self._add(chunk)
            return
        try:
            self._inflate(chunk)
        except zlib.error as error:
            raise SourceError("syntax", f"{self._url} is not validly compressed: {error}") from error

    def finish(self) -> bytes:
        if self._inflater is not None and self._started and not self._inflater.eof:
            raise SourceError("syntax", f"{self._url} ends in the middle of its compressed body")
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def _inflate(self, chunk: bytes) -> None:
        assert self._inflater is not None
        if not self._started and chunk:
            self._started = True
            if self._may_be_raw and chunk[0] & 0x0F != 8:
                self._inflater = zlib.decompressobj(RAW_DEFLATE)
        while chunk:
            if self._inflater.eof:
                if not chunk.strip(b"\0"):
                    return  # padding after the last member
                self._inflater = zlib.decompressobj(GZIP_OR_ZLIB)
            self._add(self._inflater.decompress(chunk, PIECE))
            chunk = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail

    def _add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._max_bytes:
            raise SourceError("too_large", f"{self._url} is larger than {self._max_bytes} bytes")
        if piece:
            self._pieces.append(piece)

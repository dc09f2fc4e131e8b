"""Faults on request: what real partners do on bad days, served by any platform until its count is used up.

A fault holds for the platform's main listing, or with `path` for every address that contains it. Faults of the
transport (status, time-out, compression, charset) are made here, around the handler; faults of the content (empty,
half, doubled, wrong total) are asked for by the handler through `shape`, since only it knows what a list is.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TypeVar

from aiohttp import web

KINDS = (
    "http_500",
    "timeout",
    "throttle_seconds",
    "throttle_date",
    "truncated_json",
    "html_200",
    "empty_list",
    "half_list",
    "wrong_total",
    "duplicate_page",
    "gzip_bomb",
    "wrong_charset",
    "redirect_loop",
)
CONTENT = frozenset(("empty_list", "half_list", "wrong_total", "duplicate_page"))
THROTTLE_SECONDS = 2
HANG_SECONDS = 600
SURPLUS_ROWS, SURPLUS_BYTES = 7, 4_096
"""What a wrong total, or a wrong length, claims beyond what is there."""
BOMB_BYTES = 256 * 2**20
LOOP = "/sandbox-loop/"
FAULT = web.RequestKey("fault", str)
SHAPED = web.RequestKey("shaped", bool)
Item = TypeVar("Item")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Fault:
    source: str
    kind: str
    left: int | None
    path: str | None


class FaultDesk:
    """Which faults stand, and how often each was served."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.served: Counter[tuple[str, str]] = Counter()
        self.stopping = asyncio.Event()

    def add(self, source: str, kind: str, count: int | None = None, path: str | None = None) -> None:
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind}; known: {', '.join(KINDS)}")
        self._faults.append(Fault(source, kind, count, path))

    def clear(self, source: str | None = None) -> None:
        self._faults = [fault for fault in self._faults if source is not None and fault.source != source]

    @property
    def standing(self) -> list[dict[str, object]]:
        return [{"source": fault.source, "fault": fault.kind, "left": fault.left, "path": fault.path} for fault in self._faults]

    def find(self, source: str, address: str, *, is_main: bool) -> Fault | None:
        holds = (f for f in self._faults if f.source == source and (f.path in address if f.path else is_main))
        return next(holds, None)

    def use(self, fault: Fault) -> None:
        """Count one serving; a fault with nothing left stands no more."""
        self.served[fault.source, fault.kind] += 1
        if fault.left is not None:
            fault.left -= 1
            if fault.left <= 0 and fault in self._faults:
                self._faults.remove(fault)


def shape(request: web.Request, rows: list[Item], *, has_total: bool = True) -> tuple[list[Item], int]:
    """The rows and the total that a list handler shows, under the fault that stands for this request."""
    kind = request.get(FAULT)
    request[SHAPED] = kind in ("empty_list", "half_list") or (kind == "wrong_total" and has_total)
    if kind == "empty_list":
        return [], 0
    if kind == "half_list":
        half = rows[: len(rows) // 2]
        return half, len(half)
    return rows, len(rows) + (SURPLUS_ROWS if kind == "wrong_total" else 0)


def window(request: web.Request, rows: list[Item], page: int, size: int) -> list[Item]:
    """The rows of one page; under `duplicate_page` those of the page before, and a single page shows its rows twice."""
    if request.get(FAULT) == "duplicate_page":
        if len(rows) <= size:
            return doubled(request, rows)
        request[SHAPED] = page > 1
        page = max(1, page - 1)
    return rows[(page - 1) * size : page * size]


def doubled(request: web.Request, rows: list[Item]) -> list[Item]:
    """For lists without pages, `duplicate_page` shows every row twice."""
    if request.get(FAULT) != "duplicate_page":
        return rows
    request[SHAPED] = True
    return rows + rows


async def serve(desk: FaultDesk, request: web.Request, fault: Fault, handler: Handler) -> web.StreamResponse:
    kind = fault.kind
    request[FAULT] = kind
    if kind in CONTENT:
        return await _serve_shaped(desk, request, fault, handler)
    desk.use(fault)
    if kind == "timeout":
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HANG_SECONDS):
                await desk.stopping.wait()
        return web.Response(status=504, text="Gateway Time-out")
    if kind in _PLAIN:
        return _PLAIN[kind]()
    if kind == "gzip_bomb":
        return await _bomb(request)
    return _spoilt(kind, await handler(request))


async def _serve_shaped(desk: FaultDesk, request: web.Request, fault: Fault, handler: Handler) -> web.StreamResponse:
    """The handler's answer, in which `shape`, `window` or `doubled` has put the fault, if that was possible there."""
    if fault.kind == "duplicate_page":
        response = await handler(request)
        if request.get(SHAPED):  # the first of several pages cannot show it: not served yet
            desk.use(fault)
        return response
    desk.use(fault)
    response = await handler(request)
    return await _wrong_length(request, response) if fault.kind == "wrong_total" and not request.get(SHAPED) else response


def _spoilt(kind: str, response: web.StreamResponse) -> web.Response:
    body = _body_of(response)
    body = body[: len(body) * 3 // 5] if kind == "truncated_json" else _transcode(body)
    headers = {name: value for name, value in response.headers.items() if name not in ("Content-Length", "ETag", "Last-Modified")}
    return web.Response(status=response.status, body=body, headers=headers)


def _body_of(response: web.StreamResponse) -> bytes:
    return response.body if isinstance(response, web.Response) and isinstance(response.body, bytes) else b""


def _error() -> web.Response:
    return web.Response(status=500, text="<h1>Internal Server Error</h1>", content_type="text/html")


def _throttle_seconds() -> web.Response:
    return web.json_response({"error": "too many requests"}, status=429, headers={"Retry-After": str(THROTTLE_SECONDS)})


def _throttle_date() -> web.Response:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=THROTTLE_SECONDS + 1)
    return web.json_response(
        {"error": "too many requests"}, status=429, headers={"Retry-After": format_datetime(until, usegmt=True)}
    )


def _page() -> web.Response:
    text = "<!DOCTYPE html><html><head><title>Onderhoud</title></head><body><h1>We zijn zo terug</h1></body></html>"
    return web.Response(text=text, content_type="text/html")


def _loop() -> web.Response:
    return web.Response(status=302, headers={"Location": f"{LOOP}1"})


_PLAIN: dict[str, Callable[[], web.Response]] = {
    "http_500": _error,
    "throttle_seconds": _throttle_seconds,
    "throttle_date": _throttle_date,
    "html_200": _page,
    "redirect_loop": _loop,
}


async def loop(request: web.Request) -> web.Response:
    """Each address of the loop sends on to the next, for ever."""
    step = int(request.match_info["step"]) % 3 + 1
    return web.Response(status=302, headers={"Location": f"{LOOP}{step}"})


def _transcode(body: bytes) -> bytes:
    """The body in Windows-1252 under a header that says UTF-8, with at least one byte that UTF-8 refuses."""
    text = re.sub(r"\\u00([89a-f][0-9a-f])", lambda found: chr(int(found[1], 16)), body.decode("utf-8", "replace"))
    spoilt = text.encode("cp1252", "replace")
    try:
        spoilt.decode("utf-8")
    except UnicodeDecodeError:
        return spoilt
    middle = max(spoilt.find(b'":"') + 3, spoilt.find(b">") + 1, spoilt.find(b":") + 1)
    return spoilt[:middle] + b"\xe9" + spoilt[middle:]


async def _wrong_length(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """For answers that state no total: the stated length is more than what comes."""
    body = _body_of(response)
    liar = web.StreamResponse(
        status=response.status, headers={"Content-Type": response.headers.get("Content-Type", "text/plain")}
    )
    liar.content_length = len(body) + SURPLUS_BYTES
    liar.force_close()
    await liar.prepare(request)
    await liar.write(body)
    if request.transport is not None:
        request.transport.close()
    return liar


async def _bomb(request: web.Request) -> web.StreamResponse:
    """256 MiB of spaces in 256 KiB of gzip, sent as it is made."""
    response = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8", "Content-Encoding": "gzip"})
    await response.prepare(request)
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    await response.write(packer.compress(b'{"items":['))
    block = b" " * 2**20
    try:
        for _ in range(BOMB_BYTES // len(block)):
            await response.write(packer.compress(block))
            await asyncio.sleep(0)
        await response.write(packer.flush())
        await response.write_eof()
    except (ConnectionError, RuntimeError):
        response.force_close()
    return response

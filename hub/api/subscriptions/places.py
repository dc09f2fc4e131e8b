"""Judges where a subscription is to go when it is made: by the address's form, and by every address its name leads to now.

It is no promise for later, so the guard judges again at every dial; here a person is told at once what is wrong.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from hub.delivery.guard import ForbiddenAddressError, Guard

SECONDS = 5.0
THREADS = 4

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port → addresses. Raises OSError when the name is not known, TimeoutError when nobody says in time."""


class Resolver:
    """Use it as a context. It has threads of its own: names that nobody answers for hold up other questions of this kind
    alone.
    """

    def __enter__(self) -> Resolver:
        self._threads = ThreadPoolExecutor(THREADS, "resolve")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        def ask() -> list[str]:
            return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]

        async with asyncio.timeout(SECONDS):
            return await asyncio.get_running_loop().run_in_executor(self._threads, ask)


async def judge_place(guard: Guard, resolve: Resolve, text: str) -> None:
    """Raises ForbiddenAddressError; the message tells what would do, and never which addresses were found."""
    url = guard.check_url(text)
    host, port = url.host or "", url.port or 443
    try:
        found = await resolve(host, port)
    except TimeoutError as error:
        raise ForbiddenAddressError(f"nobody said within {SECONDS:g} s where {host} is: try again later") from error
    except (OSError, UnicodeError) as error:
        raise ForbiddenAddressError(f"the name {host} is not known") from error
    if not found:
        raise ForbiddenAddressError(f"the name {host} is not known")
    for address in found:
        guard.check_address(address, port)

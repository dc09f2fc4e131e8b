"""What links begin with while no public address is set: what the reader called us, if that is a name of ours.

A Host header is the reader's to choose. Taken as it comes, it would put a stranger's name into links that a cache hands to
others. Address literals, localhost and the names in `http.hosts` are taken; for any other name links begin with the
address at which the connection arrived. A believed proxy's `X-Forwarded-Host` and `-Proto` are taken as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aiohttp import web

from hub.api.access.clients import Clients
from hub.settings import HttpSettings

LONGEST_HOST = 262
HOST = re.compile(r"([A-Za-z0-9.\-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(:\d{1,5})?")
ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}|\[.*\]")


class Origins:
    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._clients = Clients(settings.trusted_proxies, ())
        self._own_names = {"localhost", settings.host.lower(), *(name.strip().lower() for name in settings.hosts)}
        self._is_ours = lru_cache(1_024)(self._judge)

    def of(self, request: web.Request) -> str:
        """Such as `https://hub.example`, without a slash at its end."""
        if self._settings.public_url:
            return self._settings.base_url
        scheme, host = request.scheme, request.host
        if self._clients.peer_of(request.remote).is_proxy:
            scheme = _last(request.headers.get("X-Forwarded-Proto"), scheme)
            host = _last(request.headers.get("X-Forwarded-Host"), host)
            if scheme in ("http", "https") and _is_host(host):
                return f"{scheme}://{host}"
        if len(host) <= LONGEST_HOST and self._is_ours(host):
            return f"{request.scheme}://{host}"
        return self._arrived_at(request)

    def _judge(self, host: str) -> bool:
        found = HOST.fullmatch(host)
        if found is None or not _is_host(host):
            return False
        return ADDRESS.fullmatch(found[1]) is not None or found[1].lower() in self._own_names

    def _arrived_at(self, request: web.Request) -> str:
        name = request.transport.get_extra_info("sockname") if request.transport is not None else None
        if not isinstance(name, tuple):
            return self._settings.base_url
        host, port = name[:2]
        return f"{request.scheme}://[{host}]:{port}" if ":" in host else f"{request.scheme}://{host}:{port}"


def _is_host(text: str) -> bool:
    found = HOST.fullmatch(text)
    return found is not None and (found[2] is None or int(found[2][1:]) < 65_536)


def _last(text: str | None, otherwise: str) -> str:
    """What the nearest proxy said, where several did."""
    return otherwise if text is None else text.rpartition(",")[2].strip()

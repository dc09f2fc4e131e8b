"""How WordPress writes text: curled quotes and entities in titles, `\\/` and `\\uXXXX` in JSON, dates without offset."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

ZONE = ZoneInfo("Europe/Amsterdam")


def texturize(text: str) -> str:
    """A title as `title.rendered`: entities mixed, quotes curled, raw tags left standing."""
    parts = re.split(r"(<[^>]*>)", text)
    return "".join(part if part.startswith("<") else _texturize(part) for part in parts)


def _texturize(text: str) -> str:
    text = text.replace("&", "&#038;")
    text = re.sub(r"(?<=\w)'(?=\w)", "&#8217;", text)
    text = re.sub(r"\"([^\"]*)\"", r"&#8220;\1&#8221;", text)
    text = re.sub(r"'([^']*)'", r"&#8216;\1&#8217;", text)
    return text.replace(" - ", " &#8211; ").replace("“", "&#8220;").replace("”", "&#8221;")


def content(text: str) -> str:
    """Body HTML as `content.rendered`."""
    return text.replace("’", "&#8217;").replace("€ ", "&euro;&nbsp;") + "\n"


def number_blocks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every fifth post is laid out in blocks, which WordPress numbers in the order in which one request renders them: the
    same post reads otherwise beside other posts, though nobody edited it."""
    for nth, row in enumerate((row for row in rows if row["id"] % 5 == 0), 1):
        place, key = (row["content"], "rendered") if "content" in row else (row, "description")
        if place[key]:
            place[key] = f'<div class="is-layout-flow wp-container-{nth} wp-block-group">{place[key]}</div>'
    return rows


def local(moment: datetime, separator: str = "T") -> str:
    return moment.astimezone(ZONE).strftime(f"%Y-%m-%d{separator}%H:%M:%S")


def utc(moment: datetime, separator: str = "T") -> str:
    return moment.strftime(f"%Y-%m-%d{separator}%H:%M:%S")


def plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def dump(value: Any) -> str:
    """JSON as PHP writes it."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")


def answer(value: Any, *, status: int = 200, headers: dict[str, str] | None = None, home: str = "") -> web.Response:
    """A REST answer: never an ETag, Last-Modified or Cache-Control."""
    own = {
        "Content-Type": "application/json; charset=UTF-8",
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Expose-Headers": "X-WP-Total, X-WP-TotalPages, Link",
        "Link": f'<{home}/wp-json/>; rel="https://api.w.org/"',
        "Allow": "GET",
    }
    return web.Response(body=dump(value).encode(), status=status, headers={**own, **(headers or {})})


class RestError(Exception):
    """An error as WordPress words it: `{"code", "message", "data": {"status"}}`."""

    def __init__(self, status: int, code: str, message: str, **data: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "data": {"status": status, **data}}


def invalid(name: str, why: str) -> RestError:
    return RestError(400, "rest_invalid_param", f"Invalid parameter(s): {name}", params={name: why}, details={})

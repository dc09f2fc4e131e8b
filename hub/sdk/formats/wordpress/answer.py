"""A REST answer as a site really gives it: JSON, its error object, or both amid the warnings that PHP prints.

A site that shows PHP's warnings prints them before or after the JSON. Where its output is not buffered they also take
the status, the totals and the content type with them, since headers can no longer be sent: an error then comes as 200,
and its body alone says what it is. So whole messages in PHP's own two forms are taken out, and nothing else: whatever
is left must be JSON from end to end, which a page, a broken message or JSON that breaks off is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from hub.errors import SourceError
from hub.sdk.http import Response

_MESSAGE = re.compile(
    r"<br />\n<b>(?:Warning|Notice|Deprecated|Strict Standards)</b>:  [^\n]{0,5000} on line <b>\d+</b><br />\n"
    r"|\n(?:Warning|Notice|Deprecated|Strict Standards): [^\n]{0,5000} on line \d+\n"
)
"""Both forms hold line ends, which WordPress' JSON has none of: text in the JSON never looks like one."""
_BOMS_AND_SPACE = "\ufeff \t\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """A REST answer: parsed body, and `code` when it is WordPress' error object."""

    status: int
    value: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str | None:
        code = self.value.get("code") if isinstance(self.value, dict) else None
        return code if isinstance(code, str) else None


def answer_of(response: Response) -> Answer:
    """Raises SourceError (`content_type`, `charset`, `syntax`) where 200 is not JSON; an error need not be JSON."""
    value = _with_numeric_ids(read_json(response))
    return Answer(_stated_status(response.status, value), value, response.headers)


def read_json(response: Response) -> Any:
    """The body as JSON; of an error only if it is JSON, since a proxy's error page has no code. Raises SourceError."""
    try:
        return response.json()
    except SourceError as error:
        value = _json_amid_messages(response) if error.cause in ("syntax", "content_type") else None
        if value is None and response.status == 200:
            raise
        return value


def rows_of(value: Any, where: str) -> list[dict[str, Any]]:
    """A collection's answer as a list of objects. Raises SourceError(`syntax`)."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise SourceError("syntax", f"{where} did not answer a list of objects")
    return value


def is_protected(post: Mapping[str, Any]) -> bool:
    """Whether a password stands before a post's text."""
    content = post.get("content")
    return isinstance(content, dict) and bool(content.get("protected"))


def number_of(value: Any) -> Any:
    """An id as the number that it is: caches and plugins in between give `"23"` for `23`. Anything else as it came."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def header_number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isdigit() else None


def _with_numeric_ids(value: Any) -> Any:
    """An item, a list of items, or an object with a list of `events`, whose ids are numbers."""
    if isinstance(value, list):
        return [_with_numeric_ids(row) if isinstance(row, dict) else row for row in value]
    if not isinstance(value, dict):
        return value
    held = {"id": number_of(value["id"])} if "id" in value else {}
    if isinstance(value.get("events"), list):
        held["events"] = _with_numeric_ids(value["events"])
    return {**value, **held}


def _json_amid_messages(response: Response) -> Any:
    """A list or an object; None where there is none."""
    try:
        text = _MESSAGE.sub("", response.body.decode()).strip(_BOMS_AND_SPACE)
        value = orjson.loads(text)
    except (UnicodeDecodeError, orjson.JSONDecodeError):
        return None
    return value if isinstance(value, list | dict) else None


def _stated_status(status: int, value: Any) -> int:
    """The status that an error object names, where the answer could no longer carry it."""
    data = value.get("data") if isinstance(value, dict) and isinstance(value.get("code"), str) else None
    stated = data.get("status") if isinstance(data, dict) else None
    return stated if status == 200 and isinstance(stated, int) and stated >= 400 else status

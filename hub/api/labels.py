"""The seam between the formats and the pages' words: the pages know what codes are called, and set `app[LABELS]`.

While nothing is set, a code is called by itself.
"""

from __future__ import annotations

from functools import partial
from typing import Protocol

from aiohttp import web

from hub.domain.posting import Lang
from hub.feed.naming import Label, code_itself


class Labels(Protocol):
    def __call__(self, language: Lang, field: str, code: str) -> str:
        """What people call a code of a filter field."""
        ...


LABELS = web.AppKey("labels", Labels)


def labels_in(app: web.Application, language: Lang) -> Label:
    return partial(app[LABELS], language) if LABELS in app else code_itself

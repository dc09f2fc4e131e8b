"""A page from its template: one Jinja environment a language, and the headers that pages carry.

Everything that came from outside is escaped by Jinja; a description is sanitised once more before it is shown as HTML.
The policy allows files of the hub's own origin and nothing inline, so a mistake in escaping still runs no script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from hub.api.answers import answer
from hub.api.negotiation import choose_language
from hub.api.site.speech import NAMES, SPEECH
from hub.api.site.static_files import ADDRESSES
from hub.domain.posting import Lang
from hub.feed.reading import LANGUAGES

PAGE_SECONDS = 5
_SHARED = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
POLICY = f"{_SHARED}script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'"
EMBED_POLICY = f"{_SHARED}form-action 'none'; frame-ancestors *"
"""Of the one page that stands in other sites: it runs nothing."""


@dataclass(frozen=True)
class Here:
    """Where a page stands. `path`: below the language; `query`: what leads back to it."""

    language: Lang
    path: str
    query: tuple[tuple[str, str], ...] = ()
    section: str = ""

    def to(self, path: str, query: Mapping[str, object] | None = None) -> str:
        """The address of another page in this language."""
        return address(self.language, path, query)

    def in_language(self, language: Lang) -> str:
        """This page, with its filters, in another language."""
        return address(language, self.path, dict(self.query))


def address(language: Lang, path: str, query: Mapping[str, object] | None = None) -> str:
    return f"/{language}{path}?{urlencode(query, safe=',:')}" if query else f"/{language}{path}"


def _environment(language: Lang) -> Environment:
    speech = SPEECH[language]
    made = Environment(
        loader=PackageLoader("hub.api.site"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(speech.translations, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(speech=speech, static=ADDRESSES, languages=LANGUAGES, language_names=NAMES)
    made.filters.update(number=speech.number, day=speech.day, short_day=speech.short_day, moment=speech.moment)
    return made


_ENVIRONMENTS = {language: _environment(language) for language in LANGUAGES}


def render(template: str, here: Here, **values: Any) -> bytes:
    return _ENVIRONMENTS[here.language].get_template(template).render(here=here, **values).encode()


def page_headers(here: Here, policy: str = POLICY) -> dict[str, str]:
    return {"Content-Security-Policy": policy, "Content-Language": here.language}


def to_response(
    request: web.Request, body: bytes, here: Here, *, policy: str = POLICY, max_age: int = PAGE_SECONDS
) -> web.Response:
    return answer(request, body, max_age=max_age, content_type="text/html", headers=page_headers(here, policy))


def language_of(request: web.Request) -> Lang:
    """By the address, else by what the reader's browser prefers."""
    first = request.path.split("/", 2)[1]
    for language in LANGUAGES:
        if first == language:
            return language
    return choose_language(None, request.headers.get("Accept-Language", ""))

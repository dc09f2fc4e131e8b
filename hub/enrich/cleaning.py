"""A mapped posting → the same posting fit to be shown: safe HTML, plain lines, no personal contact data, echo hints.

Called by canonicalise on every posting. The walk visits every string of the value, so that a new field is clean
without a word here; parts that do not change are kept as they are, hence a clean posting costs little. Cleaning twice
gives what cleaning once gave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any, Literal

from hub.domain.model import Model
from hub.domain.posting import Apply, Description, Posting, RichText, Text, Title
from hub.enrich import echo, language, persons, privacy, safe_html
from hub.enrich.lines import clean_line, holds_any

Contacts = Literal["drop", "republish"]

_CLEANED_APART = frozenset(
    {"title", "description", "apply", "contact", "echo", "provenance", "field_origins", "kind", "status", "source", "source_key"}
)
"""Fields of a posting that the walk leaves to others, or that are the hub's own."""
_CODES = frozenset({"uid", "recurrence_id", "origin", "precision", "attendance_mode", "method", "period", "republish", "source"})
_NEVER_PERSONAL = frozenset(
    {
        *("kvk", "reference_number", "postcode", "scale", "currency", "lang", "level", "code", "scheme"),
        *("ad_language", "timezone", "country", "lat", "lng"),
    }
)
_Role = Literal["code", "address", "figure", "line"]
_LANGS: tuple[Literal["nl", "en"], ...] = ("nl", "en")
_MAX_LINE = 2_000


@dataclass
class _Walk:
    """What one cleaning knows: whether contacts go, the language of placeholders, names and ids found so far."""

    drop: bool
    lang: str = "nl"
    names: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    organisations: str = ""

    def line(self, value: str, *, lang: str | None = None, personal: bool = True) -> str:
        if not self.drop or not personal:
            value = clean_line(value)
        else:
            value, names = _plain_line(value, lang or self.lang)
            if names:
                self.names |= names
            if self.names and holds_any(value, self.names):
                value = privacy.redact(value, lang or self.lang, self.known_names(), self.names)
        self.note(value)
        return value if len(value) <= _MAX_LINE else value[:_MAX_LINE].rstrip()

    def known_names(self) -> list[str]:
        if not self.names:
            return []
        return sorted((name for name in self.names if name not in self.organisations), key=lambda name: (-len(name), name))

    def note(self, value: str) -> None:
        if "opp-" in value:
            self.ids.update(echo.find_ids(value))


@lru_cache(maxsize=4096)
def _plain_line(value: str, lang: str) -> tuple[str, frozenset[str]]:
    """A line without contact data, and the names that stood in it. Employers, places and codes repeat."""
    names: set[str] = set()
    return privacy.redact(clean_line(value), lang, (), names), frozenset(names)


def clean(posting: Posting, *, contacts: Contacts) -> Posting:
    """`posting` sanitised; the ids, stamps and provenance untouched. Never raises on a validated posting."""
    walk = _Walk(drop=contacts == "drop")
    if walk.drop:
        posting, walk.names = persons.without_persons(posting)
    walk.organisations = " | ".join(
        organisation.name for organisation in (posting.organisation, posting.intermediary, *posting.consortium) if organisation
    )
    if walk.drop and posting.contact is not None and posting.contact.name and " " in posting.contact.name.strip():
        walk.names.add(clean_line(posting.contact.name))
    changed: dict[str, Any] = {}
    _clean_texts(posting, walk, changed)
    for name, value in posting.__dict__.items():
        if value and name not in _CLEANED_APART:
            cleaned = _clean_value(name, value, walk)
            if cleaned is not value:
                changed[name] = None if cleaned == "" else cleaned
    _clean_apply(posting, walk, changed)
    hints = echo.to_hints(
        posting.echo,
        changed.get("canonical_url", posting.canonical_url),
        changed.get("alternate_urls", posting.alternate_urls),
        walk.ids,
    )
    if hints != posting.echo:
        changed["echo"] = hints
    return posting.model_copy(update=changed) if changed else posting


def _clean_texts(posting: Posting, walk: _Walk, changed: dict[str, Any]) -> None:
    rich: dict[str, RichText | None] = {}
    for lang in _LANGS:
        value = getattr(posting.description, lang)
        if value is not None and walk.drop:
            walk.names.update(persons.names_in_links(value.html))
        rich[lang] = _sanitised(value, mailto=not walk.drop) if value else None
    titles: dict[str, Text | None] = {lang: getattr(posting.title, lang) for lang in _LANGS}
    moved = _to_own_slots(rich, titles)
    found = posting.ad_language or _ad_language(rich, titles)
    if moved is not None and posting.ad_language != moved:
        found = moved
        changed["field_origins"] = {**posting.field_origins, "ad_language": "cleaning.language.moved"}
    if found != posting.ad_language:
        changed["ad_language"] = found
    walk.lang = "en" if found == "en" else "nl"
    _redact_texts(rich, titles, walk)
    if titles["nl"] is not posting.title.nl or titles["en"] is not posting.title.en:
        changed["title"] = Title(**titles)
    if rich["nl"] is not posting.description.nl or rich["en"] is not posting.description.en:
        changed["description"] = Description(**rich)


def _redact_texts(rich: dict[str, RichText | None], titles: dict[str, Text | None], walk: _Walk) -> None:
    """Descriptions first, and again where a name stands that was found later: it goes from every text, the titles too."""
    if walk.drop:
        for lang in _LANGS:
            if (value := rich[lang]) is not None:
                rich[lang] = _redacted(value, lang, walk)
        for lang in _LANGS:
            if (value := rich[lang]) is not None and holds_any(value.text, walk.known_names()):
                rich[lang] = _redacted(value, lang, walk)
    for value in rich.values():
        walk.note(value.html if value else "")
    for lang in _LANGS:
        if (title := titles[lang]) is not None:
            line = walk.line(title.text, lang=lang)
            titles[lang] = title if line == title.text else Text(text=line, origin=title.origin) if line else None


def _sanitised(value: RichText, *, mailto: bool) -> RichText | None:
    html = safe_html.sanitise(value.html or value.text, mailto=mailto)
    text = safe_html.to_text(html)
    return _rich(value, html, text)


def _rich(value: RichText, html: str, text: str) -> RichText | None:
    if not text:
        return None
    if html == value.html and text == value.text:
        return value
    if len(html) > safe_html.MAX_LENGTH:
        text = text[: safe_html.MAX_LENGTH // 6].rstrip()
        html = safe_html.from_text(text)
    return value.model_copy(update={"html": html, "text": text})


def _redacted(value: RichText, lang: str, walk: _Walk) -> RichText | None:
    """Contact data off the text; the HTML follows line by line, and by its own pieces where tags split a line."""
    text = privacy.redact(value.text, lang, walk.known_names(), walk.names)
    if text == value.text:
        if "<a " not in value.html:
            return value
        html = safe_html.clean_links(value.html, privacy.clean_url)
        return value if html == value.html else _rich(value, html, text)
    before, after = value.text.split("\n"), text.split("\n")
    if len(before) == len(after):
        lines = _Lines(before, after)
        html = safe_html.redact_pieces(safe_html.clean_links(value.html, privacy.clean_url), lines.redacted, lines.shortest)
        if lines.count == 0:
            return _rich(value, html, text)
    return _redacted_by_pieces(value, text, lang, walk.known_names())


class _Lines:
    """Lines that redaction changed; `count` is how many of them no piece of the HTML has been yet."""

    def __init__(self, before: list[str], after: list[str]) -> None:
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        self._by_line = {old.removeprefix("- "): new.removeprefix("- ") for old, new in changed}
        self.shortest = min(map(len, self._by_line))
        self.count = len(changed)

    def redacted(self, piece: str) -> str:
        """The redacted line of a piece that is a whole line; entities and spaces as in plain text, which is never longer."""
        plain = unescape(piece) if "&" in piece else piece
        line = self._by_line.get(safe_html.one_space(plain.replace("\n", " ")))
        if line is None:
            return piece
        self.count -= 1
        return safe_html.from_text(line)


def _redacted_by_pieces(value: RichText, text: str, lang: str, names: list[str]) -> RichText | None:
    def redact(piece: str) -> str:
        if privacy.has_address(piece, piece.lower()) or holds_any(piece, names):
            return privacy.redact(piece, lang, names)
        return piece

    html = safe_html.redact_pieces(safe_html.clean_links(value.html, privacy.clean_url), redact)
    plain = safe_html.to_text(html)
    if plain != text and privacy.redact(plain, lang, names) != plain:
        html = safe_html.redact_pieces(safe_html.without_inline_tags(html), redact)
        plain = safe_html.to_text(html)
        if privacy.redact(plain, lang, names) != plain:
            html = safe_html.from_text(text)
            plain = safe_html.to_text(html)
    return _rich(value, html, plain)


def _to_own_slots(rich: dict[str, RichText | None], titles: dict[str, Text | None]) -> str | None:
    """A text that stands alone and clearly in the other language's slot is moved, its title with it."""
    for lang, other in (("nl", "en"), ("en", "nl")):
        value = rich[lang]
        if value is not None and rich[other] is None and language.detect_clearly(value.text) == other:
            rich[lang], rich[other] = None, value
            if titles[other] is None:
                titles[lang], titles[other] = None, titles[lang]
            return other
    return None


def _ad_language(rich: dict[str, RichText | None], titles: dict[str, Text | None]) -> str | None:
    for lang in _LANGS:
        value = rich[lang]
        if value is not None and value.origin == "source":
            return language.detect(value.text) or (lang if rich["en" if lang == "nl" else "nl"] is None else None)
    for lang in _LANGS:
        title = titles[lang]
        if title is not None and title.origin == "source":
            return language.detect(title.text)
    return None


def _clean_apply(posting: Posting, walk: _Walk, changed: dict[str, Any]) -> None:
    if walk.drop and posting.contact is not None:
        changed["contact"] = None
    apply = posting.apply
    if apply is None:
        return
    url = _clean_url(apply.url, walk) if apply.url else None
    email = (clean_line(apply.email) or None) if apply.email else None
    if walk.drop and email and not privacy.is_role_mailbox(email):
        email = None
    if (url, email) == (apply.url, apply.email):
        return
    method = apply.method
    if method == "email" and email is None:
        method = "url" if url else None
    changed["apply"] = Apply.model_construct(method=method, url=url, email=email, deadline=apply.deadline)


def _clean_url(url: str, walk: _Walk) -> str | None:
    cleaned = privacy.clean_url(url) if walk.drop else privacy.without_userinfo(url)
    if cleaned:
        walk.note(cleaned)
    return cleaned


@lru_cache(maxsize=1024)
def _role(name: str) -> _Role:
    """What a text is by the name of its field."""
    if name in _CODES:
        return "code"
    if name == "url" or name.endswith("_url"):
        return "address"
    return "figure" if name in _NEVER_PERSONAL else "line"


def _clean_value(name: str, value: Any, walk: _Walk) -> Any:
    """The cleaned value, or the very same object when nothing had to change."""
    kind = type(value)
    if kind is str:
        role = _role(name)
        if role == "code":
            return value
        cleaned = _clean_url(value, walk) if role == "address" else walk.line(value, personal=role == "line")
        return value if cleaned == value else cleaned
    if kind is list:
        items = [_clean_value(name, item, walk) for item in value]
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return [item for item in items if item not in (None, "")]
    if Model in kind.__mro__:  # `isinstance`, which pydantic answers in Python
        return _clean_model(value, walk)
    return value


def _clean_model(value: Model, walk: _Walk) -> Model | None:
    changed: dict[str, Any] = {}
    for name, part in value.__dict__.items():
        if part:
            cleaned = _clean_value(name, part, walk)
            if cleaned is not part:
                changed[name] = cleaned
    if not changed:
        return value
    for name, part in changed.items():
        if part == "" and not type(value).model_fields[name].is_required():
            changed[name] = None
    if any(part is None and type(value).model_fields[name].is_required() for name, part in changed.items()):
        return None
    return value.model_copy(update=changed)

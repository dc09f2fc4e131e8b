"""JSON-LD out of HTML as sites really write it: several scripts, `@graph`, lists, nested nodes, and JSON that is not JSON.

The loader tries in order of cost: orjson, the standard library with control characters allowed, then the text without
comments, CDATA marks and trailing commas, several values in a row, and the text without entities, which a script has
none of. What still does not load is a RecordRejectedError, never another exception. Items that a page states in
microdata alone are read too.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser

from hub.errors import RecordRejectedError
from hub.sdk.formats.schema_org.microdata import microdata_of
from hub.sdk.formats.schema_org.values import bare_term

MAX_DEPTH = 40
MAX_NODES = 5_000
MAX_REFERENCES = 3
SCRIPTS = 'script[type^="application/ld+json" i]'
_STRING = r'"(?>(?:[^"\\]|\\.)*)(?:"|\\?\Z)'
_COMMENTS = re.compile(_STRING + r"|/\*(?>(?:[^*]|\*(?!/))*)(?:\*/|\Z)|//[^\n\r]*", re.S)
_COMMAS = re.compile(_STRING + r"|,(?=\s*[}\]])", re.S)
_LENIENT = json.JSONDecoder(strict=False)
_BETWEEN = re.compile(r"[\s,;]*")
_WRAPPING = re.compile(r"<!\[CDATA\[|\]\]>|<!--|-->")
_NOINDEX = re.compile(r"\b(?:noindex|none)\b", re.I)
_NOT_FOUND = re.compile(
    r"\W*(?:(?:error|fout)\W*)?404\s*(?:[^\w\s]|\Z|(?:error|fout|page|pagina|not|niet)\b)"
    r"|\W*(?:(?:de|deze|the|this|oeps|oops|sorry)\W+)*(?:opgevraagde |requested )?"
    r"(?:pagina|page|vacature|vacancy|traineeship|job|event|evenement)\s+"
    r"(?:(?:kon|kan|is|werd|could|was|can|cannot|be)\s+)*(?:niet (?:worden )?gevonden|niet te vinden|bestaat niet"
    r"|not (?:be )?found|(?:does not|doesn.t) exist|no longer exists)(?:\s+(?:meer|anymore|any more))?\s*(?:[^\w\s]|\Z)",
    re.I,
)
"""How a title or heading begins that says: there is nothing here."""

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTML page says in JSON-LD. `rejected`: blocks that cannot be read, with the reason."""

    nodes: list[Node] = field(default_factory=list)
    rejected: list[tuple[str, RecordRejectedError]] = field(default_factory=list)
    canonical_url: str | None = None
    language: str | None = None
    alternates: frozenset[str] = frozenset()
    """Addresses that the page names as its translations (`hreflang`)."""
    is_noindex: bool = False
    is_truncated: bool = False
    is_not_found: bool = False
    """A page that says so by its title or heading, whatever its status: what stands on it are suggestions."""


def nodes_of_page(body: bytes | str) -> Page:
    """All typed nodes of all JSON-LD scripts of a page, in document order."""
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    tree = LexborHTMLParser(text)
    values: list[Any] = []
    rejected: list[tuple[str, RecordRejectedError]] = []
    for script in tree.css(SCRIPTS):
        source = script.text(deep=True)
        try:
            values.append(load_json(source))
        except RecordRejectedError as error:
            rejected.append((source, error))
    nodes = nodes_of(values)
    if "itemtype" in text:
        stated = {name for node in nodes for name in types_of(node)}
        nodes += [node for node in nodes_of(microdata_of(tree)) if stated.isdisjoint(types_of(node))]
    canonical = tree.css_first('link[rel="canonical" i]')
    root = tree.css_first("html")
    return Page(
        nodes=nodes,
        rejected=rejected,
        canonical_url=canonical.attributes.get("href") if canonical else None,
        language=root.attributes.get("lang") if root else None,
        alternates=frozenset(link.attributes.get("href") or "" for link in tree.css('link[rel="alternate" i][hreflang]')),
        is_noindex=any(
            _NOINDEX.search(meta.attributes.get("content") or "")
            for meta in tree.css('meta[name="robots" i], meta[name="googlebot" i]')
        ),
        is_truncated="</html>" not in text[-4_000:].lower(),
        is_not_found=any(_NOT_FOUND.match(head.text(strip=True)) for name in ("title", "h1") if (head := tree.css_first(name))),
    )


def load_json(text: str) -> Any:
    """Tolerant JSON. Raises RecordRejectedError(`syntax`) and nothing else."""
    text = text.strip().strip("\ufeff\u200b")
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        pass
    for candidate in (text, _WRAPPING.sub(" ", text), html.unescape(text) if "&quot;" in text else ""):
        for repaired in (candidate, _without_extras(candidate)):
            try:
                return _values(repaired.strip().rstrip(";"))
            except (ValueError, RecursionError):
                continue
    raise RecordRejectedError("syntax", f"not JSON, even read leniently; it begins with {text.strip()[:60]!r}", field="jsonld")


def _values(text: str) -> Any:
    """One JSON value, or a list of the objects that stand in a row. Raises ValueError."""
    value, end = _LENIENT.raw_decode(text)
    found: list[Any] = [value]
    while end < len(text):
        end = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]  # matches nothing, too
        value, end = _LENIENT.raw_decode(text, end)
        found.append(value)
    if len(found) > 1 and not all(isinstance(one, dict | list) for one in found):
        raise ValueError("values in a row that are no objects")
    return found if len(found) > 1 else found[0]


def nodes_of(value: Any) -> list[Node]:
    """The typed nodes of a JSON-LD value: itself, its `@graph`, its list members, and items of an ItemList.

    A property that only points to another node (`{"@id": "#employer"}`) gets that node in its place.
    """
    found = list(islice(_walk(value, 0), MAX_NODES))
    named = {node["@id"]: node for node in found if isinstance(node.get("@id"), str)}
    return [_resolve(node, named, 0) for node in found] if named else found


def types_of(node: Mapping[str, Any]) -> list[str]:
    """The bare names of `@type`, which may be a text, a list, or whole addresses."""
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return [bare_term(name) for name in names if isinstance(name, str)]


def is_of_type(node: Mapping[str, Any], name: str) -> bool:
    return name in types_of(node)


def is_event(node: Mapping[str, Any]) -> bool:
    """Event or one of its subtypes (`BusinessEvent`, `EducationEvent`, `Festival`, `Hackathon`, …)."""
    return any(name.endswith("Event") or name in ("Festival", "Hackathon", "CourseInstance") for name in types_of(node))


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for member in value:
            yield from _walk(member, depth + 1)
    elif isinstance(value, dict):
        if types_of(value):
            yield value
        for key in ("@graph", "itemListElement", "item", "mainEntity", "hasPart"):
            if isinstance(value.get(key), dict | list):
                yield from _walk(value[key], depth + 1)


def _resolve(value: Any, named: Mapping[str, Node], depth: int) -> Any:
    """References replaced, three levels deep: an event's place's address, and no further, so that circles end."""
    if isinstance(value, list):
        return [_resolve(member, named, depth) for member in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and isinstance(value.get("@id"), str) and value["@id"] in named:
        value = named[value["@id"]]
    return value if depth >= MAX_REFERENCES else {key: _resolve(part, named, depth + 1) for key, part in value.items()}


def _without_extras(text: str) -> str:
    """Comments and trailing commas out; what stands inside strings stays, an address with `//` too."""
    return _COMMAS.sub(_keep_strings, _COMMENTS.sub(_keep_strings, text))


def _keep_strings(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith('"') else " "

"""schema.org as microdata (HTML, section 5) → the same nodes as JSON-LD has.

Values are taken as the standard says, but for long texts, whose markup is kept: they are descriptions. `itemref` is not
followed.
"""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_DEPTH = 20
MARKUP = frozenset(("description", "responsibilities", "qualifications", "skills", "jobBenefits"))
_ATTRIBUTES = {
    "meta": "content",
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    **dict.fromkeys(("a", "area", "link"), "href"),
    "object": "data",
    **dict.fromkeys(("data", "meter"), "value"),
    "time": "datetime",
}


def microdata_of(tree: LexborHTMLParser) -> list[dict[str, Any]]:
    """The outermost typed items of a page, in document order."""
    found = tree.css("[itemscope][itemtype]")
    return [_item(element, 0) for element in found if "itemprop" not in element.attributes]


def _item(element: LexborNode, depth: int) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": (element.attributes.get("itemtype") or "").split()}
    if identity := element.attributes.get("itemid"):
        node["@id"] = identity
    if depth < MAX_DEPTH:
        _properties(element, node, depth)
    return node


def _properties(element: LexborNode, node: dict[str, Any], depth: int) -> None:
    waiting = list(element.iter())
    while waiting:
        child = waiting.pop(0)
        is_item = "itemscope" in child.attributes
        names = (child.attributes.get("itemprop") or "").split()
        if names:
            value = _item(child, depth + 1) if is_item else _value(child, names)
            for name in names:
                _add(node, name, value)
        if not is_item:
            waiting[:0] = child.iter()


def _value(element: LexborNode, names: list[str]) -> str:
    attribute = _ATTRIBUTES.get(element.tag or "")
    stated = element.attributes.get(attribute) if attribute else element.attributes.get("content")
    if stated is not None:
        return stated.strip()
    return (element.html or "") if MARKUP.intersection(names) else " ".join(element.text(deep=True).split())


def _add(node: dict[str, Any], name: str, value: Any) -> None:
    if name not in node:
        node[name] = value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]

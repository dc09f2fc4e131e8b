"""The golden record: one content out of several postings, field by field, each with its origin (matching.md §7).

Members come in order of trust; the first that states a field gives it, with the exceptions below. A source that grants
links only contributes title, employer, place, dates and address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hub.matching.addresses import authority
from hub.matching.entry import Entry

FIELDS = (
    "ad_language",
    "organisation",
    "consortium",
    "intermediary",
    "locations",
    "workplace",
    "regions",
    "language_requirements",
    "dutch_required",
    "employment_types",
    "contract",
    "hours",
    "salary",
    "positions",
    "education_levels",
    "eqf_min",
    "disciplines",
    "functions",
    "must_be_enrolled",
    "experience",
    "work_permit",
    "sponsorship",
    "traineeship",
    "internship",
    "event",
    "apply",
    "contact",
    "reference_number",
    "date_posted",
    "valid_through",
    "canonical_url",
    "alternate_urls",
    "image_url",
    "sectors",
    "audiences",
    "occupation",
    "skills",
    "flags",
)
LINK_ONLY = frozenset({"title", "organisation", "locations", "event", "date_posted", "valid_through", "canonical_url", "regions"})
UNIONS = ("sectors", "audiences", "occupation", "skills", "flags")
LANGUAGES = ("nl", "en")
DISAGREE_DAYS = 3


def golden_record(
    members: Sequence[Entry], shown: Mapping[str, Any], *, platform_hosts: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """`(content, field_origins)` of live members in order of trust; `shown` are the operator's values by dotted path."""
    parts = [(entry.key, _contribution(entry)) for entry in members]
    content: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for text in ("title", "description"):
        _texts(parts, text, content, origins)
    for field in FIELDS:
        for key, part in parts:
            if not _is_empty(part.get(field)):
                content[field] = part[field]
                origins[field] = _origin(key, part, field)
                break
    if len(parts) > 1:
        _reconcile(parts, content, origins, platform_hosts)
    for path, value in sorted(shown.items()):
        _show(content, path.split("."), value)
        origins[path.partition(".")[0]] = "operator"
    return content, dict(sorted(origins.items()))


def _contribution(entry: Entry) -> dict[str, Any]:
    part = entry.stated()
    if entry.record.republish == "link-only":
        part = {field: value for field, value in part.items() if field in LINK_ONLY}
        if (event := part.get("event")) is not None:
            part["event"] = {name: event[name] for name in ("start", "end", "status", "all_day", "timezone") if name in event}
    return part


def _texts(parts: list[tuple[str, dict[str, Any]]], field: str, content: dict[str, Any], origins: dict[str, str]) -> None:
    """Per language the text of the most trusted source, what a source wrote before what was derived."""
    chosen: dict[str, Any] = {}
    for language in LANGUAGES:
        candidates = [(part[field][language], key) for key, part in parts if part.get(field, {}).get(language)]
        candidates.sort(key=lambda pair: pair[0].get("origin", "source") != "source")
        if candidates:
            chosen[language], origins[f"{field}.{language}"] = candidates[0]
    if chosen:
        content[field] = chosen


def _reconcile(
    parts: list[tuple[str, dict[str, Any]]], content: dict[str, Any], origins: dict[str, str], platform_hosts: Mapping[str, str]
) -> None:
    """Where several sources speak, the fields for which trust alone is not the rule."""

    def take(field: str, ranked: list[tuple[Any, str, Any]]) -> None:
        if ranked:
            _, origins[field], content[field] = min(ranked, key=lambda row: row[0])

    stated = [(order, key, part) for order, (key, part) in enumerate(parts)]
    take("date_posted", [(_moment(p["date_posted"]), k, p["date_posted"]) for _, k, p in stated if p.get("date_posted")])
    take("apply", [((_on_platform(p["apply"], platform_hosts), n), k, p["apply"]) for n, k, p in stated if p.get("apply")])
    take(
        "organisation", [((bool(p.get("intermediary")), n), k, p["organisation"]) for n, k, p in stated if p.get("organisation")]
    )
    take("salary", [((_vagueness(p["salary"]), n), k, p["salary"]) for n, k, p in stated if p.get("salary")])
    take("dutch_required", [((_doubt(p.get("dutch_required")), n), k, p.get("dutch_required", {})) for n, k, p in stated])
    for field in UNIONS:
        best: dict[str, Any] = {}
        for _, part in parts:
            for value in part.get(field) or ():
                if value["code"] not in best or value["score"] > best[value["code"]]["score"]:
                    best[value["code"]] = value
        if best:
            content[field] = [best[code] for code in sorted(best)]
    others = {p["canonical_url"]: p["source"] for _, p in parts if p.get("canonical_url") and p.get("source")}
    others.pop(content.get("canonical_url", ""), None)
    if others:
        content["alternate_urls"] = [{"source": source, "url": url} for url, source in sorted(others.items())]
    closing = {str(part["valid_through"])[:10] for _, part in parts if part.get("valid_through")}
    if len(closing) > 1 and _days_apart(min(closing), max(closing)) > DISAGREE_DAYS:
        flag = {
            "code": "closing_dates_differ",
            "score": 1.0,
            "rule": "golden.valid_through",
            "evidence": " / ".join(sorted(closing)),
        }
        content["flags"] = sorted([*content.get("flags", ()), flag], key=lambda row: str(row["code"]))


def _moment(stated: str) -> datetime:
    """Texts with different offsets do not sort by time."""
    return datetime.fromisoformat(stated)


def _on_platform(apply: dict[str, Any], platform_hosts: Mapping[str, str]) -> int:
    """The employer's or its ATS's own address before a platform's, an address before none."""
    if not apply.get("url"):
        return 2
    return int((authority(apply["url"]) or "") in platform_hosts)


def _vagueness(salary: dict[str, Any]) -> int:
    return int(salary.get("min") is None) + int(salary.get("max") is None) + 2 * int(bool(salary.get("period_is_guess")))


def _doubt(dutch: dict[str, Any] | None) -> int:
    """A platform's own promise (MiitN) first, then what a text says, then not knowing."""
    if not dutch or dutch.get("value", "unknown") == "unknown":
        return 2
    return int(dutch.get("rule") != "source.default")


def _days_apart(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _origin(key: str, part: Mapping[str, Any], field: str) -> str:
    rule = next((rule for name, rule in part.get("field_origins", {}).items() if name.partition(".")[0] == field), None)
    return f"{key}#{rule}" if rule else key


def _show(node: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        child = node.get(name)
        node[name] = dict(child) if isinstance(child, dict) else {}
        node = node[name]
    node[path[-1]] = value


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or value == {} or value == ""

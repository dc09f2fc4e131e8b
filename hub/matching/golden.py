"""The golden record: one content out of several postings, field by field, each with its origin (matching.md §7).

Members come in order of trust; the first that states a field gives it, with the exceptions below. What the others state
instead is kept beside the content (`hub.matching.alternatives`). A source that grants links only contributes title, employer,
place, dates and address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from hub.domain.opportunity import Alternative
from hub.domain.posting import ISCO_08
from hub.domain.series import at_next_date
from hub.matching.addresses import authority
from hub.matching.alternatives import alternatives_of, places
from hub.matching.entry import Entry
from hub.matching.golden_fields import FIELDS

LINK_ONLY = frozenset({"title", "organisation", "locations", "event", "date_posted", "valid_through", "canonical_url", "regions"})
GRANTED_PARTS = {
    "organisation": ("name", "kvk", "domain", "url"),
    "event": ("start", "end", "status", "all_day", "timezone"),
}
"""Of a link-only source's fields that hold more than title, employer, place, dates and address."""
UNIONS = ("sectors", "audiences", "occupation", "skills", "flags")
LANGUAGES = ("nl", "en")
OCCUPATION_SCORES = (1.0, 0.5)
DISAGREE_DAYS = 3
PRECISIONS = ("address", "postcode", "place", "municipality", "region")
"""Of a location, the most specific first."""


_READ = ("title", "description", *FIELDS, "field_origins", "source")
_STATED = msgspec.json.Decoder(msgspec.defstruct("_Stated", [(field, Any, msgspec.UNSET) for field in _READ]))
"""Skips what no reader of the feed sees, most of it features: half of the time of reading all."""
_Rules = Mapping[str, Mapping[str, str]]
"""Source key → field → rule."""


class Golden(NamedTuple):
    content: dict[str, Any]
    origins: dict[str, str]
    alternatives: dict[str, list[Alternative]]


def golden_record(
    members: Sequence[Entry],
    shown: Mapping[str, Any],
    *,
    clock: int,
    platform_hosts: Mapping[str, str],
    is_closing_known: bool = True,
) -> Golden:
    """Of live members in order of trust; `shown` are the operator's values by dotted path.

    `clock` (unix ms) says which date of a recurring event is the next. `is_closing_known`: else no source's closing date is
    shown; all are alternatives then.
    """
    parts = [(entry.key, contribution_of(entry, clock)) for entry in members]
    rules = {key: _rules_of(part) for key, part in parts}
    content: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for text in ("title", "description"):
        _texts(parts, text, content, origins)
    for field in FIELDS:
        for key, part in parts:
            if not _is_empty(part.get(field)):
                content[field] = part[field]
                origins[field] = _origin(rules, key, field)
                break
    if len(parts) > 1:
        _reconcile(parts, rules, content, origins, platform_hosts)
    if not is_closing_known:
        content.pop("valid_through", None)
        origins.pop("valid_through", None)
    for path, value in sorted(shown.items()):
        _show(content, path.split("."), value)
        origins[path.partition(".")[0]] = "operator"
    alternatives = alternatives_of(parts, content) if len(parts) > 1 or not is_closing_known else {}
    # What an operator replaced was wrong, or was not to be seen: it is not told beside the new value.
    alternatives = {field: told for field, told in alternatives.items() if not any(_overlaps(field, path) for path in shown)}
    return Golden(content, dict(sorted(origins.items())), alternatives)


def contribution_of(entry: Entry, clock: int) -> dict[str, Any]:
    """What its source grants of a posting: all of it, what a link needs, or nothing."""
    if entry.record.republish == "no":
        return {}
    stated = _STATED.decode(entry.value())
    part = {field: value for field in _READ if (value := getattr(stated, field)) is not msgspec.UNSET}
    if not part.get("occupation") and (occupations := _occupations_of(entry)):
        part["occupation"] = occupations
    if entry.turns_at and part.get("event"):
        part["event"] = at_next_date(part["event"], entry.dates_over(clock))
    if entry.record.republish == "link-only":
        part = {field: value for field, value in part.items() if field in LINK_ONLY}
        for field, granted in GRANTED_PARTS.items():
            if (whole := part.get(field)) is not None:
                part[field] = {name: whole[name] for name in granted if name in whole}
    return part


def _occupations_of(entry: Entry) -> list[dict[str, Any]]:
    """ISCO-08 unit groups of the work that its titles name, best first. A course or a meeting is about work, and is none."""
    if entry.family != "job":
        return []
    groups = [group for group in entry.groups if not group.startswith("~")]
    return [
        {"code": f"{ISCO_08}{group}", "score": score, "rule": "lexicon.title"}
        for group, score in zip(groups, OCCUPATION_SCORES, strict=False)
    ]


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
    parts: list[tuple[str, dict[str, Any]]],
    rules: _Rules,
    content: dict[str, Any],
    origins: dict[str, str],
    platform_hosts: Mapping[str, str],
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
    for field, vagueness in (("salary", _vagueness), ("hours", _open_ends), ("dutch_required", _doubt)):
        rows = [((vagueness(p[field]), n), _origin(rules, k, field), p[field]) for n, k, p in stated if p.get(field)]
        take(field, rows)
    _educate(parts, rules, content, origins)
    _locate(parts, rules, content, origins)
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
    _flag_closing(parts, content)


def _flag_closing(parts: list[tuple[str, dict[str, Any]]], content: dict[str, Any]) -> None:
    closing = {str(part["valid_through"])[:10] for _, part in parts if part.get("valid_through")}
    if len(closing) > 1 and _days_apart(min(closing), max(closing)) > DISAGREE_DAYS:
        flag = {
            "code": "closing_dates_differ",
            "score": 1.0,
            "rule": "golden.valid_through",
            "evidence": " / ".join(sorted(closing)),
        }
        content["flags"] = sorted([*content.get("flags", ()), flag], key=lambda row: str(row["code"]))


def _educate(parts: list[tuple[str, dict[str, Any]]], rules: _Rules, content: dict[str, Any], origins: dict[str, str]) -> None:
    """The most specific: fewer levels of those that a more trusted source states."""
    for key, part in parts:
        levels = part.get("education_levels")
        if levels and set(levels) < set(content["education_levels"]):
            content["education_levels"] = levels
            origins["education_levels"] = _origin(rules, key, "education_levels")


def _locate(parts: list[tuple[str, dict[str, Any]]], rules: _Rules, content: dict[str, Any], origins: dict[str, str]) -> None:
    """The most specific locations that do not contradict what most sources say; the regions go with them.

    Two contradict each other when they have no place in common. Of equally many the more trusted one's places count.
    """
    first = content.get("locations")
    if all(part.get("locations") in (None, [], first) for _, part in parts):
        return  # nobody says anything else
    stated = [(places(part["locations"]), key, part) for key, part in parts if part.get("locations")]
    votes = Counter(where for where, _, _ in stated if where)
    if not votes:
        return
    most = max(votes, key=votes.__getitem__)  # the first of equals, and they come in order of trust
    fitting = [(key, part) for where, key, part in stated if not where or where & most]
    key, part = min(fitting, key=lambda row: _imprecision(row[1]["locations"]))
    for field in ("locations", "regions"):
        if part.get(field):
            content[field], origins[field] = part[field], _origin(rules, key, field)


def _imprecision(locations: Sequence[Mapping[str, Any]]) -> int:
    ranks = [PRECISIONS.index(row["precision"]) for row in locations if row.get("precision") in PRECISIONS]
    return max(ranks, default=len(PRECISIONS))


def _overlaps(field: str, path: str) -> bool:
    """One dotted path leads to the other, or through it."""
    return f"{field}.".startswith(f"{path}.") or f"{path}.".startswith(f"{field}.")


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


def _open_ends(hours: dict[str, Any]) -> int:
    return int(hours.get("min") is None) + int(hours.get("max") is None)


def _doubt(dutch: dict[str, Any]) -> int:
    """A platform's own promise (MiitN) first, then what a text says, then not knowing."""
    if dutch.get("value", "unknown") == "unknown":
        return 2
    return int(dutch.get("rule") != "source.default")


def _days_apart(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _rules_of(part: Mapping[str, Any]) -> dict[str, str]:
    """Field → the first rule that its posting notes for it or for something within it."""
    rules: dict[str, str] = {}
    for name, rule in part.get("field_origins", {}).items():
        rules.setdefault(name.partition(".")[0], rule)
    return rules


def _origin(rules: _Rules, key: str, field: str) -> str:
    rule = rules[key].get(field)
    return f"{key}#{rule}" if rule else key


def _show(node: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        child = node.get(name)
        node[name] = dict(child) if isinstance(child, dict) else {}
        node = node[name]
    node[path[-1]] = value


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or value == {} or value == ""

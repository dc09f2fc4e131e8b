"""Parameters of WordPress' collections: what is checked, with which error, and what is silently ignored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from multidict import MultiMapping

from hub.sandbox.platforms.miitn.texture import ZONE, RestError, invalid

ORDERS = ("author", "date", "id", "include", "modified", "parent", "relevance", "slug", "include_slugs", "title")
STAMP = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    page: int
    per_page: int
    offset: int | None
    orderby: str
    order: str
    search: str
    slugs: tuple[str, ...]
    include: tuple[int, ...] | None
    exclude: tuple[int, ...]
    after: datetime | None
    before: datetime | None
    modified_after: datetime | None
    modified_before: datetime | None
    terms: dict[str, tuple[int, ...]]


def read_query(given: MultiMapping[str]) -> Query:
    """Raises RestError as WordPress would; unknown names are ignored."""
    check_context(given)
    status = listed(given, "status")
    if status and status != ("publish",):
        raise invalid("status", "Status is forbidden.")
    orderby = given.get("orderby", "date")
    if orderby not in ORDERS:
        raise invalid("orderby", f"orderby is not one of {', '.join(ORDERS[:-1])}, and {ORDERS[-1]}.")
    if orderby == "relevance" and not given.get("search"):
        raise RestError(400, "rest_no_search_term_defined", "You need to define a search term to order by relevance.")
    if orderby == "include" and not listed(given, "include"):
        raise RestError(
            400, "rest_orderby_include_missing_include", "You need to define an include parameter to order by include."
        )
    order = given.get("order", "desc")
    if order not in ("asc", "desc"):
        raise invalid("order", "order is not one of asc and desc.")
    return Query(
        page=whole(given, "page", 1, low=1),
        per_page=whole(given, "per_page", 10, low=1, high=100),
        offset=whole(given, "offset", 0, low=0) if "offset" in given else None,
        orderby=orderby,
        order=order,
        search=given.get("search", "").casefold(),
        slugs=listed(given, "slug"),
        include=numbers(given, "include") or None,
        exclude=numbers(given, "exclude"),
        after=moment(given, "after"),
        before=moment(given, "before"),
        modified_after=moment(given, "modified_after"),
        modified_before=moment(given, "modified_before"),
        terms={name: numbers(given, name) for name in ("job-types", "job-categories") if listed(given, name)},
    )


def check_context(given: MultiMapping[str]) -> None:
    context = given.get("context", "view")
    if context == "edit":
        raise RestError(401, "rest_forbidden_context", "Sorry, you are not allowed to edit posts in this post type.")
    if context not in ("view", "embed"):
        raise invalid("context", "context is not one of view, embed, and edit.")


def whole(given: MultiMapping[str], name: str, default: int, *, low: int, high: int | None = None) -> int:
    raw = given.get(name)
    if raw is None:
        return default
    if not re.fullmatch(r"-?\d+", raw):
        raise invalid(name, f"{name} is not of type integer.")
    value = int(raw)
    if high is not None and not low <= value <= high:
        raise invalid(name, f"{name} must be between {low} (inclusive) and {high} (inclusive)")
    if value < low:
        raise invalid(name, f"{name} must be greater than or equal to {low}")
    return value


def listed(given: MultiMapping[str], name: str) -> tuple[str, ...]:
    """`name=1,2`, `name[]=1&name[]=2` and `name[0]=1` alike."""
    values: list[str] = []
    for key, value in given.items():
        if key == name or re.fullmatch(re.escape(name) + r"\[\d*\]", key):
            values += [part for part in re.split(r"[\s,]+", value) if part]
    return tuple(values)


def numbers(given: MultiMapping[str], name: str) -> tuple[int, ...]:
    values = listed(given, name)
    for value in values:
        if not re.fullmatch(r"-?\d+", value):
            raise invalid(name, f"{name}[0] is not of type integer.")
    return tuple(int(value) for value in values)


def moment(given: MultiMapping[str], name: str) -> datetime | None:
    """A time without offset is the site's own; a date alone or a Unix time is refused."""
    raw = given.get(name)
    if raw is None:
        return None
    text = raw.replace(" ", "+")
    if not STAMP.match(text):
        raise invalid(name, "Invalid date.")
    try:
        value = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError as error:
        raise invalid(name, "Invalid date.") from error
    return (value if value.tzinfo else value.replace(tzinfo=ZONE)).astimezone(UTC).replace(microsecond=0)

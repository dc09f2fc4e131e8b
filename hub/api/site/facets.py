"""The filter form: which values a filter offers, how many each would give, and what is chosen already.

A value's count answers "how many, if I chose this too": of its own field nothing else counts, all other fields do. Values
that nothing live has are not offered, except those that are chosen. Counts may be a few seconds old: every filter is counted
from one reading of what filters can tell apart, so that many filters cost hardly more than one.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from hub.api.queries import FilterQuery
from hub.api.site.rendering import Here
from hub.api.site.speech import SPEECH, Speech, mark
from hub.api.site.words import BY_FIELD, SCHEMES, name_alone, name_code
from hub.feed.filters import EVERYTHING, FIELDS, Filter
from hub.feed.read_model import Profile, ReadModel
from hub.feed.segments import Segment

KEPT_MS = 5_000
MOST_KEPT = 256
TITLES = {
    "kind": mark("Kind"),
    "sector": mark("Sector"),
    "audience": mark("For whom"),
    "municipality": mark("Municipality"),
    "region": mark("Region"),
    "education": mark("Education"),
    "dutch_required": mark("Dutch language"),
    "language": mark("Can be read in"),
    "source": mark("Source"),
}
"""Field → its heading, in the order of the form."""
OPEN = frozenset({"kind", "sector"})
MANY = 12
"""A longer list scrolls."""

Counts = Mapping[str, int]
"""Token → live items."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    name: str
    id: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    field: str
    title: str
    options: list[Option]
    chosen: int
    is_open: bool

    @property
    def is_long(self) -> bool:
        return len(self.options) > MANY


@dataclass(frozen=True, slots=True)
class Chosen:
    """One value of the filter, and the page without it."""

    name: str
    address: str


class FacetCounts:
    """Counts of any filter, from profiles that are read at most every `KEPT_MS`. `now_ms`: unix ms."""

    def __init__(self, read_model: ReadModel, now_ms: Callable[[], int]) -> None:
        self._read_model = read_model
        self._now_ms = now_ms
        self._lock = asyncio.Lock()
        self._read_at: int | None = None
        self._profiles: list[Profile] = []
        self._kept: OrderedDict[str, Counts] = OrderedDict()

    async def load(self, filter_: Filter) -> Counts:
        async with self._lock:  # one at a time: who asks many filters at once waits for himself
            if self._read_at is None or not 0 <= self._now_ms() - self._read_at < KEPT_MS:
                self._profiles = await self._read_model.load_profiles()
                self._read_at = self._now_ms()
                self._kept.clear()
            if (counts := self._kept.get(filter_.key)) is None:
                counts = await asyncio.to_thread(_count, self._profiles, filter_)
                self._kept[filter_.key] = counts
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return counts


def _count(profiles: Iterable[Profile], filter_: Filter) -> Counts:
    found: Counter[str] = Counter()
    for profile in profiles:
        if filter_.matches(profile.tokens, profile.sources):
            for token in profile.tokens:
                found[token] += profile.items
    return found


def total_of(counts: Counts) -> int:
    """Each item has exactly one kind."""
    return sum(items for token, items in counts.items() if token.startswith("kind:"))


async def load_facets(
    counts: FacetCounts, query: FilterQuery, segment: Segment | None, here: Here, names: Mapping[str, str]
) -> tuple[list[Facet], int]:
    """The form's fields, and how many match all of it. `names`: source → what it is called."""
    chosen = chosen_of(query)
    base = segment.filter if segment is not None else EVERYTHING
    everything = await counts.load(EVERYTHING)
    under_all = await counts.load(base & Filter.of(chosen, query.exclude_source))
    speech, found = SPEECH[here.language], []
    for field, title in TITLES.items():
        wanted = chosen.get(field, ())
        others = {name: values for name, values in chosen.items() if name != field}
        under = await counts.load(base & Filter.of(others, query.exclude_source)) if wanted else under_all
        options = list(_options(field, everything, under, frozenset(wanted), speech, names))
        found.append(Facet(field, speech.say(title), options, len(wanted), field in OPEN or bool(wanted)))
    return found, total_of(under_all)


def chosen_of(query: FilterQuery) -> dict[str, tuple[str, ...]]:
    """Field → values that are asked for, each once; fields that are not asked are left out."""
    asked = {field: tuple(dict.fromkeys(map(str, getattr(query, field)))) for field in FIELDS}
    return {field: values for field, values in asked.items() if values}


def list_chosen(query: FilterQuery, segment: Segment | None, here: Here, names: Mapping[str, str]) -> list[Chosen]:
    """Every part of the filter with the way back out of it."""
    speech, asked = SPEECH[here.language], query.asked()
    found = []
    if segment is not None:
        rest = {name: value for name, value in asked.items() if name != "segment"}
        found.append(Chosen(segment.titles[here.language], here.to("/opportunities", rest)))
    for field, values in chosen_of(query).items():
        for value in values:
            name = names.get(value, value) if field == "source" else name_alone(speech, field, value)
            found.append(Chosen(name, here.to("/opportunities", _without(asked, field, values, value))))
    for source in dict.fromkeys(query.exclude_source):
        name = speech.say("without what only %(source)s has", source=names.get(source, source))
        rest = _without(asked, "exclude_source", tuple(dict.fromkeys(query.exclude_source)), source)
        found.append(Chosen(name, here.to("/opportunities", rest)))
    return found


def _without(asked: Mapping[str, str], field: str, values: tuple[str, ...], value: str) -> dict[str, str]:
    rest = {**asked, field: ",".join(one for one in values if one != value)}
    return {name: text for name, text in rest.items() if text}


def _options(
    field: str, everything: Counts, under: Counts, wanted: frozenset[str], speech: Speech, names: Mapping[str, str]
) -> Iterator[Option]:
    prefix = f"{field}:"
    offered = {token.removeprefix(prefix) for token in everything if token.startswith(prefix)} | wanted
    named = {value: _name(speech, field, value, names) for value in offered}
    for value in sorted(offered, key=lambda value: (_rank(field, value), named[value].casefold(), value)):
        id_ = f"{field}-{value.replace(':', '-')}"
        yield Option(value, named[value], id_, under.get(prefix + value, 0), value in wanted)


def _rank(field: str, value: str) -> int:
    """Vocabularies in their own order, everything else by name."""
    if field == "region":
        scheme = value.partition(":")[0]
        return SCHEMES.index(scheme) if scheme in SCHEMES else len(SCHEMES)
    order = [*BY_FIELD.get(field, ())]
    return order.index(value) if value in order else len(order)


def _name(speech: Speech, field: str, value: str, names: Mapping[str, str]) -> str:
    return names.get(value, value) if field == "source" else name_code(speech, field, value)

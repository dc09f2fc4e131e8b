"""Explanations: why two postings are one opportunity or not, in the very levels and bits that decided it.

Nothing here is remembered from the decision: an explanation is computed from the engine's present state by the same
functions, so it cannot disagree with it, and deriving it twice gives equal bytes. Results are plain JSON values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from hub.domain.opportunity import Join
from hub.errors import HubError
from hub.matching.blocking import hash_of
from hub.matching.clustering import ECHO, LINK, MATCH, Edge
from hub.matching.comparing import Evidence, caps, compare, is_bare, template_penalty
from hub.matching.edges import Edges
from hub.matching.entry import Entry
from hub.matching.evidence_values import values_of
from hub.matching.guards import veto
from hub.matching.matcher import LARGEST_COMPONENT, Matcher

RANKS: dict[int, Literal["match", "echo", "operator"]] = {LINK: "operator", ECHO: "echo", MATCH: "match"}
REVIEWED = 50
EXAMPLES = 5


class Explainer:
    def __init__(self, matcher: Matcher, is_live: Callable[[Entry], bool], is_echo: Callable[[Entry], bool]) -> None:
        self._matcher = matcher
        self._is_live = is_live
        self._is_echo = is_echo

    # --- pairs ----------------------------------------------------------------------------------------------------

    def why(self, first: str, second: str) -> dict[str, Any]:
        """All that was weighed of a pair, and the decision. Raises HubError when a posting is unknown.

        Bits are whole milli-bits: `prior` − `template` + the sum of `evidence[].bits` + the sum of `caps` = `total`. `caps`:
        what evidence that repeats itself counts less, by group. `posterior` is the probability that goes with `total`.
        `supporter`: a third posting that is the best of both, beside which fewer bits link.
        """
        a, b = self._entry(min(first, second)), self._entry(max(first, second))
        if a is b:
            raise HubError(f"{first} is one posting; name two")
        evidence = self._evidence(a, b)
        weights = self._matcher.model.weights
        values = values_of(a, b)
        edges = self._matcher.edges()
        return {
            "first": a.key,
            "second": b.key,
            "same": self._matcher.anchor[a.key] == self._matcher.anchor[b.key],
            "decision": self._decision(a, b, evidence, edges),
            "keys": self._keys(a, b),
            "evidence": [
                {
                    "field": field,
                    "level": level,
                    "first": values[field][0] if field in values else None,
                    "second": values[field][1] if field in values else None,
                    "bits": weights.levels[field][level],
                }
                for field, level in evidence.levels.items()
            ],
            "caps": caps(evidence.levels, weights),
            "prior": weights.prior,
            "template": template_penalty(a, b, self._matcher),
            "total": evidence.total,
            "threshold": weights.link,
            "posterior": posterior(evidence.total),
            "veto": veto(a, b),
            "guard": evidence.guard,
            "supporter": edges.supporter(a.key, b.key),
            "override": self._matcher.links.word(a.key, b.key),
            "model": self._matcher.model.hash,
        }

    def why_not(self, first: str, second: str) -> dict[str, Any]:
        """As `why`, with what kept the two apart: no shared key, a veto, too few bits, a better partner or a constraint."""
        told = self.why(first, second)
        return {**told, "because": None if told["same"] else self._because(told)}

    def _because(self, told: dict[str, Any]) -> str:
        a, b = self._matcher.entries[told["first"]], self._matcher.entries[told["second"]]
        edges = self._matcher.edges()
        component = self._matcher.component([a.key], edges)
        for refusal in self._matcher.split(component, edges)[1]:
            if {refusal.edge.first, refusal.edge.second} == {a.key, b.key}:
                return f"joining them is refused: {refusal.reason}"
        if told["override"] == "separate":
            return "the operator separated them"
        if told["veto"]:
            return f"they can never be one: {told['veto']}"
        if not told["keys"]:
            return "no shared key: they were never compared"
        weights = self._matcher.model.weights
        if told["guard"] and told["total"] >= weights.sole:
            return f"the bits would do, but {told['guard']}"
        if told["total"] < weights.sole:
            alone = "" if told["total"] < weights.support else ", or a third posting that is the best of both"
            return f"{bits(told['total'])} are too few: {bits(weights.sole)} link{alone}"
        if is_bare(a, b, {row["field"]: row["level"] for row in told["evidence"]}):
            return "the bits would do, but the titles disagree, and no day, pay, text, address or reference is shared"
        are_live = self._is_live(a) and self._is_live(b)
        if told["total"] < (least := edges.least(is_live=are_live, is_sole=True)):
            return f"one is not live any more, and then {bits(least)} are asked for"
        better = [
            f"{key} has its best partner there in {found.key} ({bits(found.total)})"
            for key, other in ((a.key, b), (b.key, a))
            if (found := edges.best(key).get((other.source, self._is_live(other)))) is not None and found.key != other.key
        ]
        contested = edges.least(is_live=are_live, is_sole=False)
        return "; ".join(better) or f"where another is likely too, {bits(contested)} and a clear margin over the next best link"

    def _decision(self, a: Entry, b: Entry, evidence: Evidence, edges: Edges) -> str:
        """`operator`, `echo`, `match`: the edge that joins them. Else `separated`, `vetoed`, `unmet` (no shared key), `apart`,
        `possible`, or `outmatched`: enough bits, but not the best for both."""
        word = self._matcher.links.word(a.key, b.key)
        if word is not None:
            return "operator" if word == "link" else "separated"
        if any(key == b.key for _, key in self._matcher.certain(a)):
            return "echo"
        if veto(a, b) is not None:
            return "vetoed"
        if not self._matcher.is_candidate(a, b):
            return "unmet"
        weights = self._matcher.model.weights
        if evidence.total < weights.possible or is_bare(a, b, evidence.levels):
            return "apart"
        if evidence.guard is not None or evidence.total < weights.support:
            return "possible"
        if any(key == b.key for key, _ in edges.strong(a.key)):
            return "match"
        return "outmatched" if evidence.total >= weights.sole else "possible"

    def _evidence(self, a: Entry, b: Entry) -> Evidence:
        return compare(a, b, self._matcher, self._matcher.model.weights)

    def _keys(self, a: Entry, b: Entry) -> list[str]:
        return sorted({*self._matcher.blocks.shared(a, b), *self._matcher.links.shared(a, b)})

    def _entry(self, key: str) -> Entry:
        entry = self._matcher.entries.get(key)
        if entry is None:
            raise HubError(f"no posting is called {key}")
        return entry

    # --- opportunities --------------------------------------------------------------------------------------------

    def joins(self, members: Sequence[str]) -> list[Join]:
        """What joins the postings of one cluster, as `how` says it; in the order in which clustering takes them."""
        if len(members) < 2:
            return []
        return [
            Join(
                by=RANKS[edge.rank],
                first=edge.first,
                second=edge.second,
                bits=-edge.negative / 1000 if edge.rank == MATCH else None,
            )
            for edge in self._edges_of(members, self._matcher.edges())
        ]

    def _edges_of(self, members: Sequence[str], edges: Edges) -> list[Edge]:
        return [one for one in self._matcher.edges_within(members, edges) if one.first in members and one.second in members]

    def how(self, key: str) -> dict[str, Any]:
        """How the opportunity of posting `key` came to be: members, the joins with their bits, refused joins, anchor."""
        entry = self._entry(key)
        anchor = self._matcher.entries[self._matcher.anchor[entry.key]]
        members = self._matcher.members[anchor.key]
        edges = self._matcher.edges()
        component = self._matcher.component(members, edges)
        _, refused = self._matcher.split(component, edges)
        return {
            "id": anchor.id,
            "anchor": {"source_key": anchor.key, "first_seen": anchor.first_seen},
            "members": [
                {
                    "source_key": one.key,
                    "id": one.id,
                    "status": one.status.value,
                    "live": self._is_live(one),
                    "echo": self._is_echo(one),
                }
                for one in (self._matcher.entries[name] for name in members)
            ],
            "joins": [
                {"by": RANKS[edge.rank], "first": edge.first, "second": edge.second, "total": -edge.negative}
                for edge in self._edges_of(members, edges)
            ],
            "refused": [
                {
                    "by": RANKS[one.edge.rank],
                    "first": one.edge.first,
                    "second": one.edge.second,
                    "total": -one.edge.negative,
                    "reason": one.reason,
                }
                for one in refused
                if one.edge.first in members or one.edge.second in members
            ],
            "redirects": sorted(self._matcher.entries[name].id for name in members if name != anchor.key),
            "model": self._matcher.model.hash,
        }

    def review(self, limit: int = REVIEWED) -> list[dict[str, Any]]:
        """Pairs that matching leaves to a person, the most likely first: live, in two opportunities, and without a word."""
        rows: list[tuple[int, str, str]] = []
        for key, entry in self._matcher.entries.items():
            if self._is_live(entry):
                rows += [
                    (-total, key, other) for other, total in self._doubtful(entry) if key < other and self._is_open(key, other)
                ]
        return [
            {
                "first": first,
                "second": second,
                "total": -negative,
                "posterior": posterior(-negative),
                "titles": [_title(self._matcher.entries[first]), _title(self._matcher.entries[second])],
                "employers": [_employer(self._matcher.entries[first]), _employer(self._matcher.entries[second])],
                "ids": [self._id(first), self._id(second)],
            }
            for negative, first, second in sorted(rows)[:limit]
        ]

    def review_size(self) -> int:
        """How many pairs `review` would list without a limit."""
        return sum(
            key < other and self._is_open(key, other)
            for key, entry in self._matcher.entries.items()
            if self._is_live(entry)
            for other, _ in self._doubtful(entry)
        )

    def _doubtful(self, entry: Entry) -> Iterator[tuple[str, int]]:
        """`(partner, total)` of pairs that matching does not join by itself, or only by a third posting's word."""
        yield from (entry.possible or {}).items()
        sole = self._matcher.model.weights.sole
        yield from ((other, total) for other, total in (entry.pairs or {}).items() if total < sole)

    def large(self) -> list[dict[str, Any]]:
        """Blocks and components beyond their bounds, the largest first: what the key says, and postings from all over it."""
        rows: list[dict[str, Any]] = []
        for key, size in self._matcher.blocks.oversized.items():
            name, entries = self._matcher.blocks.block(key)
            keys = [entry.key for entry in entries]
            rows.append({"what": "block", "hash": f"{key:016x}", "size": size, "key": name, "examples": _spread(keys)})
        edges = self._matcher.edges()
        for anchor, size in self._matcher.component_sizes.items():
            if size > LARGEST_COMPONENT:
                keys = sorted(self._matcher.component([anchor], edges))
                row = {"what": "component", "hash": f"{hash_of(anchor):016x}", "size": size, "key": anchor}
                rows.append({**row, "examples": _spread(keys)})
        return sorted(rows, key=lambda row: (-row["size"], row["what"], row["key"]))

    def _is_open(self, key: str, other: str) -> bool:
        return (
            self._matcher.anchor[key] != self._matcher.anchor[other]
            and self._is_live(self._matcher.entries[other])
            and self._matcher.links.word(key, other) is None
        )

    def _id(self, key: str) -> str:
        return self._matcher.entries[self._matcher.anchor[key]].id


def posterior(total: int) -> float:
    """Probability of `total` milli-bits of log2 odds, to four places."""
    return round(1 / (1 + 2 ** (-total / 1000)), 4)


def bits(milli: int) -> str:
    return f"{milli / 1000:+.1f} bits"


def _spread(keys: list[str]) -> list[str]:
    """Some of `keys`, first and last among them, from all over the list."""
    return list(dict.fromkeys(keys[(len(keys) - 1) * number // (EXAMPLES - 1)] for number in range(EXAMPLES)))


def _title(entry: Entry) -> str | None:
    return next((form.text for form in entry.titles), None)


def _employer(entry: Entry) -> str | None:
    return entry.employer.text if entry.employer is not None else None

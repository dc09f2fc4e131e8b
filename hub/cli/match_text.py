"""What `hub match` prints for a person: explanations, pairs, changes. Pure text from the commands' JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

DECISIONS = {
    "match": "the evidence joins them",
    "operator": "the operator linked them",
    "echo": "one repeats the other",
    "separated": "the operator separated them",
    "vetoed": "they can never be one",
    "unmet": "they were never compared",
    "apart": "too little speaks for it",
    "possible": "it may be one opening, and a person decides",
    "outmatched": "the evidence would do, and another partner is better",
}
DONE = {"link": "linked", "separate": "separated", "none": "no word stands on them"}
JOINED_BY = {"match": "by evidence", "operator": "by the operator", "echo": "as an echo"}
SILENT_LEVELS = ("none", "missing")


def explanation(told: Mapping[str, Any]) -> Iterator[str]:
    """Of `match.why` and `match.why-not`."""
    yield f"{told['first']} and {told['second']}: {'one opportunity' if told['same'] else 'two opportunities'}"
    joins = told["decision"] in JOINED_BY
    between = "" if joins == told["same"] else "joined through others; " if told["same"] else "not joined after all; "
    yield f"  {between}between the two: {DECISIONS[told['decision']]}"
    if told.get("because"):
        yield f"  {told['because']}"
    yield f"  {bits(told['prior'])}  before anything is compared"
    if told["template"]:
        yield f"  {bits(-told['template'])}  the employer uses this title more than once"
    for row in told["evidence"]:
        if row["bits"] or row["level"] not in SILENT_LEVELS:
            level = row["level"].replace("_", " ")
            yield f"  {bits(row['bits'])}  {row['field']}: {level}  ({value(row['first'])} / {value(row['second'])})"
    for group, taken in told["caps"].items():
        yield f"  {bits(taken)}  cap on {group}: what repeats itself counts once"
    sure = f"{told['posterior']:.1%}"
    yield f"  {bits(told['total'])}  together: {sure} likely; from {bits(told['threshold']).strip()} they are joined"
    if told["supporter"]:
        yield f"  beside them: {told['supporter']}, the best of both, and then fewer bits do"
    for name in ("veto", "guard", "override"):
        if told[name]:
            yield f"  {name}: {told[name]}"
    yield f"  compared by: {', '.join(told['keys']) or 'no shared key'}"


def history(told: Mapping[str, Any], name: str) -> Iterator[str]:
    """Of `match.how`, asked for `name`."""
    if name.startswith("opp-") and name != told["id"]:
        yield f"{name} is now {told['id']}"
    yield f"{told['id']} ({told['state']}), anchored in {told['anchor']['source_key']}, model {told['model']}"
    for one in told["members"]:
        marks = ["live" if one["live"] else one["status"] if one["status"] != "active" else "not shown"]
        marks += ["echo"] if one["echo"] else []
        redirect = "" if one["id"] == told["id"] else f"  ({one['id']} leads here)"
        yield f"  {one['source_key']}  {', '.join(marks)}{redirect}"
    for join in told["joins"]:
        yield f"  joined {JOINED_BY[join['by']]}: {join['first']} and {join['second']}{_bits_of_match(join)}"
    for one in told["refused"]:
        yield f"  not joined: {one['first']} and {one['second']}{_bits_of_match(one)}: {one['reason']}"
    fields: dict[str, list[str]] = {}
    for field, origin in told["field_origins"].items():
        fields.setdefault(origin.partition("#")[0], []).append(field)
    for origin, names in sorted(fields.items()):
        yield f"  from {origin}: {', '.join(names)}"
    for path, rows in told.get("alternatives", {}).items():
        for row in rows:
            yield f"  {path} otherwise in {row['source_key']}: {value(row['value'])}"


def reviewed(pair: Mapping[str, Any]) -> Iterator[str]:
    """Of a row of `match.review`."""
    for number, key in enumerate((pair["first"], pair["second"])):
        title, employer, url = pair["titles"][number], pair["employers"][number], pair["urls"][number]
        lead = f"{pair['posterior']:7.1%}" if number == 0 else " " * 7
        yield f"{lead}  {key}: {title or 'no title'} — {employer or 'no employer'}"
        if url:
            yield f"           {url}"


def large(row: Mapping[str, Any]) -> Iterator[str]:
    """Of a row of `match.large`."""
    yield f"{row['what']} {row['key']}: {row['size']} postings ({row['hash']})"
    yield f"  among them {', '.join(row['examples'])}"


def word(result: Mapping[str, Any], *, is_dry: bool) -> Iterator[str]:
    """Of the commands that give a word, and of `match.what-if`."""
    verb = "would change" if is_dry else "change"
    changed = [one for one in result["opportunities"] if one["state"] == "live" or one["merged_into"]]
    said = f"if {DONE[result['op']]}" if is_dry else DONE[result["op"]]
    end = f"; these opportunities {verb}:" if changed else f"; nothing that is shown {verb}{'' if is_dry else 's'}"
    yield f"{result['first']} and {result['second']}: {said}{end}"
    for one in changed:
        if one["merged_into"]:
            yield f"  {one['id']}  closed, leads to {one['merged_into']}"
        else:
            yield f"  {one['id']}  live: {', '.join(one['sources'])}"


def change(report: Mapping[str, Any]) -> Iterator[str]:
    """Of the comparison of two models."""
    counts = report["counts"]
    yield (
        f"{report['old']} → {report['new']}: {counts['live_before']} live opportunities become {counts['live_after']}; "
        f"{counts['merged']} merges, {counts['split']} splits, {counts['moved']} otherwise, "
        f"{counts['content_changed']} with other content"
    )
    for name, title in (("merged", "would merge"), ("split", "would split")):
        for row in report[name]:
            parts = " + ".join(", ".join(part) for part in row["parts"])
            pair = f"{row['pair'][0]} and {row['pair'][1]}"
            old, new = ("bits_apart", "bits_together") if name == "merged" else ("bits_together", "bits_apart")
            yield f"  {title}: {parts}"
            yield f"    {pair}: {bits(row[old]).strip()} before, {bits(row[new]).strip()} after"
    for row in report["moved"]:
        yield f"  would be one: {', '.join(row['postings'])}"


def bits(milli: int) -> str:
    return f"{milli / 1000:+6.1f} bits"


def value(told: Any) -> str:
    if told in (None, [], ""):
        return "—"
    if isinstance(told, list):
        return " | ".join(map(value, told))
    if isinstance(told, dict):
        return ", ".join(f"{name} {value(one)}" for name, one in told.items())
    return f"{told:g}" if isinstance(told, float) else str(told)


def _bits_of_match(join: Mapping[str, Any]) -> str:
    return f" ({bits(join['total']).strip()})" if join["by"] == "match" else ""

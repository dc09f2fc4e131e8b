"""Whether Dutch is required: phrases in both languages with negation, each clause judged for itself.

Order of trust: the source's own language field, then what the text says outright, then weaker hints (a plus, English
suffices), then the platform's own promise. Never the ad's language. Unknown is not no; two outright phrases that
contradict each other are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from hub.domain.posting import DutchRequired, LanguageRequirement, Posting
from hub.enrich.dutch_phrases import (
    ANSWERED_NO,
    ASKED,
    CLAUSE,
    EITHER,
    ENGLISH_OPTIONAL,
    ENGLISH_REQUIRED,
    ENGLISH_SUFFICES,
    INVITED,
    LEVEL,
    MASTERED,
    NOT,
    OF_SOMETHING_ELSE,
    OTHERS,
    PERFECT,
    PREFERRED,
    REFUSED,
    TEACHES,
    YES,
)
from hub.enrich.meaning import cannot_go_without
from hub.enrich.reading import Reading, needles

Necessity = Literal["required", "preferred", "not_required"]

_NEEDLES = needles("nederlands", "dutch", "engels", "english", "tweetalig")
_ENGLISH_NEEDLES = needles("english", "engels")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one clause says of Dutch: outright no, a weaker no, or yes."""

    kind: Literal["not_required", "preferred", "english_suffices", "required"]
    evidence: str
    level: str | None = None


def judge(posting: Posting, reading: Reading, default: str) -> tuple[DutchRequired, list[LanguageRequirement]]:
    """The verdict, and language requirements for a posting whose source states none."""
    stated = next((item for item in posting.language_requirements if item.lang.lower().startswith("nl")), None)
    findings = _findings(reading)
    requirements = list(posting.language_requirements) or _requirements(findings, reading)
    if stated is not None:
        return DutchRequired(
            value="yes" if stated.necessity == "required" else "no",
            rule="dutch.language_requirements",
            evidence=f"nl {stated.level or ''} {stated.necessity}".replace("  ", " "),
        ), requirements
    return _verdict(findings, default), requirements


def _verdict(findings: list[Finding], default: str) -> DutchRequired:
    by_kind = {finding.kind: finding.evidence for finding in reversed(findings)}
    no, yes = by_kind.get("not_required"), by_kind.get("required")
    if no and yes:
        return DutchRequired(value="unknown", rule="dutch.contradiction", evidence=f"{no} | {yes}"[:400])
    if no:
        return DutchRequired(value="no", rule="dutch.not_required", evidence=no)
    if yes:
        return DutchRequired(value="yes", rule="dutch.required", evidence=yes)
    for kind in ("preferred", "english_suffices"):
        if kind in by_kind:
            return DutchRequired(value="no", rule=f"dutch.{kind}", evidence=by_kind[kind])
    if default == "yes" or default == "no":
        return DutchRequired(value="yes" if default == "yes" else "no", rule="source.default", evidence=None)
    return DutchRequired()


def _findings(reading: Reading) -> list[Finding]:
    found: list[Finding] = []
    for sentence in reading.sentences_with(_NEEDLES):
        findings = judge_sentence(sentence[:600])
        if ASKED.match(sentence) and any(finding.kind == "not_required" for finding in findings):
            following = dict(pairwise(reading.sentences)).get(sentence, "")
            if ANSWERED_NO.match(following):
                findings = (Finding("required", f"{sentence.strip()} {following.strip()}"[:200]),)
        found += findings
    return found


@lru_cache(maxsize=8192)
def judge_sentence(sentence: str) -> tuple[Finding, ...]:
    """Findings of one lower-case sentence, clause by clause (ads repeat their sentences, hence the cache)."""
    found = [finding for clause in CLAUSE.split(sentence) if (finding := _judge_clause(clause)) is not None]
    if REFUSED.search(sentence) and any(finding.kind == "not_required" for finding in found):
        return (Finding("required", sentence.strip()[:200]),)
    return tuple(found)


def _judge_clause(clause: str) -> Finding | None:
    if "nederlands" in clause or "dutch" in clause:
        if either := EITHER.search(clause):
            is_asked = MASTERED.search(clause) and not OF_SOMETHING_ELSE.search(clause)
            return Finding("not_required", either.group().strip()) if is_asked else None
        if match := _first(NOT, clause):
            return _negated(clause, match)
        if match := _first(PREFERRED, clause):
            return Finding("preferred", match.group().strip())
        for match in filter(None, (pattern.search(clause) for pattern in YES)):
            if not TEACHES.search(clause[: match.end() + 20]):
                level = LEVEL.search(clause)
                return Finding("required", match.group().strip(), level.group(1).upper() if level else None)
    match = _first(ENGLISH_SUFFICES, clause)
    return Finding("english_suffices", match.group().strip()) if match else None


def _first(patterns: Iterable[re.Pattern[str]], clause: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.search(clause) for pattern in patterns)), None)


def _negated(clause: str, match: re.Match[str]) -> Finding | None:
    """What a negation beside Dutch says: that it is not required, that nothing goes without it, or nothing of the applicant."""
    if cannot_go_without(clause):
        return Finding("required", clause.strip()[:200])
    if PERFECT.search(clause):
        return None
    if OTHERS.search(clause[: match.end()]) and not (INVITED.search(clause) or REFUSED.search(clause)):
        return None
    return Finding("not_required", match.group().strip())


def _requirements(findings: list[Finding], reading: Reading) -> list[LanguageRequirement]:
    found: list[LanguageRequirement] = []
    dutch = next((finding for finding in findings if finding.kind in ("required", "not_required", "preferred")), None)
    contradicted = {"required", "not_required"} <= {finding.kind for finding in findings}
    if dutch is not None and not contradicted:
        necessity: Necessity = dutch.kind  # type: ignore[assignment]  # english_suffices is left out above
        found.append(LanguageRequirement(lang="nl", level=dutch.level, necessity=necessity))
    if any(needs_english(sentence[:600]) for sentence in reading.sentences_with(_ENGLISH_NEEDLES)):
        found.append(LanguageRequirement(lang="en", necessity="required"))
    return found


@lru_cache(maxsize=8192)
def needs_english(sentence: str) -> bool:
    """Whether one lower-case sentence asks for English."""
    return ENGLISH_REQUIRED.search(sentence) is not None and ENGLISH_OPTIONAL.search(sentence) is None

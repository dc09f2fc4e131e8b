"""Whether Dutch is required: phrases in both languages with negation, each clause judged for itself.

Order of trust: the source's own language field, then what the text says outright, then weaker hints (a plus, English
suffices), then the platform's own promise. Never the ad's language. Unknown is not no; two outright phrases that
contradict each other are unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from hub.domain.posting import DutchRequired, LanguageRequirement, Posting
from hub.enrich.reading import Reading, needles

Necessity = Literal["required", "preferred", "not_required"]

_NEEDLES = needles("nederlands", "dutch", "engels", "english", "tweetalig")
_ENGLISH_NEEDLES = needles("english", "engels")
_CLAUSE = re.compile(
    r"[,;:]?\s+(?:maar|but|however|echter|though|whereas|terwijl|although|hoewel|daarnaast|daarentegen)\b[,]?\s*"
)
_NL = r"(?:nederlands(?!e\b)(?:talig)?\w{0,2}|nederlandse taal\w*|nederlandse taalvaardigheid|nederlandse)"
_NEAR = r"(?:(?!\bengels|\benglish|\bduits|\bgerman|\bvereist\b|\brequired\b|\bverplicht\b)[^.;!?]){0,50}?"
_NEED_NL = (
    r"(?:vereis\w*|verplicht\w*|nodig|noodzaak|noodzakelijk\w*|must|eis\b|voorwaarde|required|belangrijk|hoeft"
    r"|per se|een probleem)"
)
_NEED_EN = (
    r"(?:require\w*|requirement|necessary|needed|mandatory|a must\b|must\b|essential|prerequisite|compulsory|obligatory"
    r"|need\b|expected"
    r"|a problem|important|necessity|condition)"
)
_AFTER_DUTCH = (
    r"(?=\s*(?:$|[.,;:!?()\[\]/&+-]|language|and\b|or\b|is\b|are\b|at\b|in\b|on\b|both|skills?|proficien|speak|level|as\b"
    r"|well\b|to\b|fluent"
    r"|from\b|with\b(?: clients| customers| patients| colleagues)|orally|writ|[abc][12]\b|\(|a\b|knowledge|would|will"
    r"|required|preferred|native"
    r"|comprehension|fluency|communication|for\b|very|sufficient|than\b))"
)

_NOT = (
    re.compile(rf"{_NL}{_NEAR}\b(?:niet|geen|niks)\b[^.;!?,]{{0,28}}?{_NEED_NL}"),
    re.compile(rf"{_NL}(?: spreken| beheersen| kunnen)? (?:hoeft|hoef je) (?:\w+ )?niet"),
    re.compile(
        rf"\b(?:geen|zonder)\b (?:\w+ ){{0,2}}?(?:kennis (?:van )?(?:het |de )?|beheersing (?:van )?(?:het |de )?)?"
        rf"{_NL}(?! (?:bedrijf|markt|organisatie|paspoort|nationaliteit|identiteit|rijbewijs|werkgever))"
    ),
    re.compile(rf"\b(?:hoef\w*|niet nodig|niet vereist|niet verplicht|niet noodzakelijk|niet per se)\b{_NEAR}{_NL}"),
    re.compile(r"\bniet[- ]nederlands(?:talig|sprekend)"),
    re.compile(rf"\bdutch\b{_NEAR}(?:\bnot\b|n't\b|\bno\b|\bnever\b)[^.;!?,]{{0,28}}?{_NEED_EN}"),
    re.compile(
        r"\bno (?:knowledge of |command of |need (?:for|to speak|to know|of) |prior |requirement (?:for"
        r"|to speak) )*(?:the )?dutch\b"
        r"(?! (?:citizenship|nationality|passport|driving|company))"
    ),
    re.compile(
        r"(?:\bnot\b|n't\b|\bneedn't\b|\bwithout\b|\bno need\b)(?:(?!\bonly\b|\benglish)[^.;!?,]){0,40}?"
        r"(?:speak\w*|know\w*|need\w*|master\w*|fluen\w+|proficien\w+|require\w*|command of|any|speaking)[^.;!?,]{0,18}?\bdutch\b"
        r"(?! (?:law|market|citizen|national))"
    ),
    re.compile(r"\bwithout (?:any |speaking |knowing |knowledge of )*dutch\b"),
    re.compile(r"\bnon[- ]dutch(?:[- ]speak\w+)?\b"),
    re.compile(r"\bdutch(?: language)?(?: skills| proficiency)?(?: is| are)?:? (?:optional|unnecessary|not? needed)"),
    re.compile(r"\bdutch(?: language)?(?: skills)?\s*[:?-]\s*(?:no\b|not\b|none)"),
    re.compile(rf"{_NL}\s*[:?-]\s*(?:nee\b|niet\b|geen\b)"),
    re.compile(
        r"\b(?:nederlands\w*(?: taal)?)\s*(?:/|en/of|of)\s*(?:het |de )?engels|\bengels\w*(?: taal)?\s*(?:/|en/of"
        r"|of)\s*(?:het |de )?nederlands"
    ),
    re.compile(r"\bdutch\s*(?:/|and/or|or)\s*english\b|\benglish\s*(?:/|and/or|or)\s*dutch\b"),
)
_PREFERRED = (
    re.compile(
        rf"{_NL}{_NEAR}\b(?:pré|pre|plus|pluspunt|pluspunten|voordeel|mooi meegenomen|wenselijk|gewenst|welkom|voorkeur|bonus)\b"
    ),
    re.compile(rf"\b(?:bij voorkeur|liefst|voorkeur\w*|pré:?|pluspunt:?)\b[^.;!?]{{0,30}}?{_NL}"),
    re.compile(
        r"\bdutch\b(?:(?!\benglish|\brequired\b|\bmust\b)[^.;!?]){0,45}?\b(?:a plus|plus\b|an asset|asset\b|advantage\w*"
        r"|bonus|nice to have|nice-to-have"
        r"|preferred|preferable|optional|beneficial|desirable|desired|helpful|appreciated|pre\b|pré|welcome|merit)"
    ),
    re.compile(r"\b(?:preferabl[ey]|ideally|nice to have:?|bonus:?|a plus:?|preference for|pluses?:?)\b[^.;!?]{0,30}?\bdutch\b"),
    re.compile(
        r"\b(?:willing\w*|eager\w*|motivat\w+|prepared|ready|open|want|keen|happy|commit\w+|intend\w*"
        r"|wish\w*)\b[^.;!?]{0,30}\b(?:learn\w*|study\w*)[^.;!?]{0,25}\bdutch\b"
    ),
    re.compile(
        rf"\b(?:bereid\w*|gemotiveerd|wil\w*|graag|openstaan|open staan)\b[^.;!?]{{0,30}}?{_NL}[^.;!?]{{0,15}}\b(?:te )?leren\b"
    ),
    re.compile(rf"\b(?:bereid\w*|gemotiveerd|wil)\b[^.;!?]{{0,15}}?\b(?:te )?leren\b[^.;!?]{{0,10}}{_NL}"),
)
_ENGLISH_SUFFICES = (
    re.compile(r"\bengels\w*(?: taal)?[^.;!?,]{0,25}?\b(?:volstaat|voldoende|genoeg|is prima|is oké|is ok)\b"),
    re.compile(r"\benglish[^.;!?,]{0,20}?\b(?:suffices|is sufficient|is enough|will do|only)\b|\bonly english\b"),
    re.compile(r"\b(?:voertaal|werktaal)\b[^.;!?]{0,40}?\bis\b(?: het)? engels|\bengels\w* (?:als|is de) (?:voertaal|werktaal)"),
    re.compile(
        r"\b(?:working|office|company|main|team|corporate|business) language[^.;!?]{0,30}?\bis\b(?: \w+)? english"
        r"|\benglish (?:is|as) (?:the|our) [a-z ]{0,15}language"
    ),
)
_YES = (
    re.compile(
        r"\b(?:beheers\w*|kennis|vaardig\w*|spreek\w*|spreken|sprekend\w*|schrijf\w*|schrijven|machtig|communic\w*"
        r"|vloeiend\w*|uitstekend\w*|goede?|perfect"
        r"|prima|taalvaardig\w*|taalniveau|niveau|voertaal|werktaal|formuleer\w*|uitdruk\w*|verstaanbaar|begrijp\w*|lezen"
        r"|leest|voldoende|minimaal"
        r"|mondeling\w*|schriftelijk\w*|taaleis|talen|je|uitmuntend\w*|sterk\w*|redelijk\w*)\b[^.;!?]{0,45}?"
        r"\b(?:nederlands(?=\s*(?:$|[.,;:()/&+-]|en\b|in\b|op\b|is\b|als\b|spre|schrij|belangrijk|beheers|[abc][12]\b"
        r"|vloeiend|zowel|goed|machtig|te\b|nodig"
        r"|vereist|niveau|kunt|kan\b|voor\b|met\b|minimaal|noodzakelijk|daarnaast|verplicht|voldoende))"
        r"|nederlandse (?:en (?:de )?engelse )?taal(?! en cultuur|kunde| aan)|nederlandse (?:taalvaardigheid|spraak))"
    ),
    re.compile(
        r"\bnederlandse (?:en (?:de )?engelse )?taal\b[^.;!?]{0,30}\b(?:woord|geschrift|machtig|beheers\w*|vereist"
        r"|verplicht|noodzakelijk|niveau|nodig|must)"
    ),
    re.compile(
        r"\bnederlands(?:e taal)?\b[^.;!?,]{0,25}?\b(?:is|zijn) (?:een )?(?:\w+ )?(?:vereist\w*|verplicht|noodzakelijk"
        r"|nodig|must|eis|voorwaarde|belangrijk|essentieel)"
    ),
    re.compile(
        r"\bnederlands\b\s*(?:in woord|[:(-]\s*(?:vloeiend|moedertaal|goed|uitstekend|[abc][12]|ja\b|vereist|verplicht)"
        r"|\(?(?:minimaal )?(?:niveau )?[abc][12]\b|op (?:minimaal )?[abc][12])"
    ),
    re.compile(r"\bnederlandstalig\w*\b(?! (?:bedrijf|klant|markt))|\bnederlandssprekend\w*|\bnederlands sprekend\w*"),
    re.compile(
        rf"\b(?:fluen\w+|proficien\w+|command|knowledge|speak\w*|native|excellent|good|strong|written|verbal|spoken|oral"
        rf"|master\w*|communicat\w*|bilingual"
        rf"|language requirement\w*|level|minimum|conversational|languages?|write|read|understand\w*|[abc][12]|advanced"
        rf"|basic|working|professional)\b"
        rf"[^.;!?]{{0,45}}?\bdutch\b{_AFTER_DUTCH}"
    ),
    re.compile(
        rf"\bdutch\b(?: language)?(?: skills| proficiency| fluency)?[^.;!?,]{{0,25}}?\b(?:is|are"
        rf"|as)\b (?:an? )?(?:\w+ )?{_NEED_EN}"
    ),
    re.compile(
        r"\bdutch(?: language)?[ -](?:skills|proficiency|fluency|speaker|speaking|native|required|\(?(?:[abc][12]|native"
        r"|fluent|required))"
    ),
    re.compile(
        r"\b[abc][12](?:[- ]level)?(?: or higher)?(?: in| of)? dutch\b|\bdutch\s*[:(]\s*(?:[abc][12]|native|fluent|yes|required)"
    ),
)
_REFUSED = re.compile(
    r"\b(?:helaas|unfortunately|cannot|can't|can not|kunnen wij|kunnen we|niet in behandeling|not be considered"
    r"|not eligible|afgewezen|rejected|regret)\b"
)
_TEACHES = re.compile(
    r"\b(?:docent\w*|leraar|lerares|leerkracht|teacher|lecturer|lessen?|cursus\w*|courses?|classes|lessons|training"
    r"|taalles\w*|leren|learn)\b"
)
_LEVEL = re.compile(r"\b([abc][12])\b")
_ENGLISH_REQUIRED = re.compile(
    r"\b(?:beheers\w*|kennis|vloeiend\w*|uitstekend\w*|goede?|spreek\w*|communiceer\w*)\b[^.;!?]{0,40}?\bengels(?:e taal)?\b"
    r"|\b(?:fluen\w+|proficien\w+|command|excellent|good|strong|speak\w*)\b[^.;!?]{0,40}?\benglish\b"
)
_ENGLISH_OPTIONAL = re.compile(
    r"\b(?:english|engels\w*)\b[^.;!?]{0,30}\b(?:plus|pré|pre|asset|advantage|not|niet|geen|optional|volstaat|voldoende"
    r"|of nederlands|or dutch)\b|\b(?:dutch|nederlands) (?:or|of|/)"
)


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
        found += judge_sentence(sentence[:600])
    return found


@lru_cache(maxsize=8192)
def judge_sentence(sentence: str) -> tuple[Finding, ...]:
    """Findings of one lower-case sentence, clause by clause (ads repeat their sentences, hence the cache)."""
    found = [finding for clause in _CLAUSE.split(sentence) if (finding := _judge_clause(clause)) is not None]
    if _REFUSED.search(sentence) and any(finding.kind == "not_required" for finding in found):
        return (Finding("required", sentence.strip()[:200]),)
    return tuple(found)


def _judge_clause(clause: str) -> Finding | None:
    has_dutch = "nederlands" in clause or "dutch" in clause
    if has_dutch:
        for pattern in _NOT:
            if match := pattern.search(clause):
                return Finding("not_required", match.group().strip())
        for pattern in _PREFERRED:
            if match := pattern.search(clause):
                return Finding("preferred", match.group().strip())
        for pattern in _YES:
            if (match := pattern.search(clause)) and not _TEACHES.search(clause[: match.end() + 20]):
                level = _LEVEL.search(clause)
                return Finding("required", match.group().strip(), level.group(1).upper() if level else None)
    for pattern in _ENGLISH_SUFFICES:
        if match := pattern.search(clause):
            return Finding("english_suffices", match.group().strip())
    return None


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
    return _ENGLISH_REQUIRED.search(sentence) is not None and _ENGLISH_OPTIONAL.search(sentence) is None

"""Personal contact data in free text: found by shape, replaced by a neutral placeholder in the ad's language.

What goes: e-mail addresses (also `name [at] host`), Dutch and international telephone numbers, WhatsApp and LinkedIn
profile addresses, and the names that stand beside them or after a contact phrase. What stays: amounts, years,
postcodes, reference and KvK numbers, since a number must be grouped and dialled like a telephone number to go. The
placeholder matches none of the patterns, so a repeat changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import phonenumbers

from hub.enrich.lines import holds_any

PLACEHOLDER = {"nl": "[contact via de advertentie]", "en": "[contact via the ad]"}

_ROLE_WORDS = (
    "jobs|job|hr|hrm|hrteam|vacature|vacatures|vacancies|vacancy|werkenbij|werken|werk|recruitment|recruiting|recruiter"
    "|recruiters"
    "|sollicitatie|sollicitaties|solliciteren|solliciteer|apply|application|applications|career|careers|info|personeel"
    "|personeelszaken|pz|p-o|po|peno|stage|stages|stagebureau|internship|internships|traineeship|traineeships|trainee|trainees"
    "|talent|people|contact|office|secretariaat|administratie|events|event|evenementen|aanmelden|aanmelding|inschrijven"
    "|hello|hallo"
)
_ROLE_MAILBOX = re.compile(rf"(?:{_ROLE_WORDS})(?:[._-]?(?:{_ROLE_WORDS}|nl|groningen|noord|team|desk))*@", re.IGNORECASE)

_AT = r"(?:\s?@\s?|\s?[\[({]\s?(?:at|apenstaartje)\s?[\])}]\s?)"
_EMAIL = (
    rf"(?<![\w.!#$%&'*+/=?^`|~-])(?:mailto:)?[\w.!#$%&'*+/=?^`|~-]*\w{_AT}[\w-]+(?:(?:\."
    rf"|\s?[\[({{]\s?(?:dot|punt)\s?[\])}}]\s?)[\w-]+)+"
)
_PROFILE_HOST = (
    r"(?:[a-z]{2,3}\.)?linkedin\.com/(?:in|pub)/|(?:www\.)?wa\.me/|api\.whatsapp\.com/|(?:chat\.)?whatsapp\.com/|t\.me/"
)
_PROFILE = rf"(?:https?://)?(?:{_PROFILE_HOST})[^\s<>\"')\]]+"
_GAP = r"[ \u00a0.\-‐‑–/()]{0,3}"
_PHONE = (
    rf"(?<![\d+€$A-Z_])(?<!\d[.,-])(?<![A-Z]-)\(?0(?:6(?:{_GAP}\d){{8}}|(?:[1-57]\d|8[4578])(?:{_GAP}\d){{7}})(?!\d)"
    rf"|(?<![\d+])\(?(?:\+|00)[ ]?31\)?{_GAP}(?:0\)?{_GAP})?[1-9](?:{_GAP}\d){{8}}(?!\d)"
    rf"|(?<![\d+])\(?(?:\+|00)[ ]?(?:\(?[1-9]\d{{0,2}}\)?)(?:{_GAP}\d){{7,12}}(?!\d)"
    r"|(?<![\w+.,€-])316\d{8}(?!\w)"
)
_EMAIL_RE = re.compile(_EMAIL)
_PROFILE_RE = re.compile(_PROFILE, re.IGNORECASE)
_PHONE_RE = re.compile(_PHONE)
_URL_RE = re.compile(r"https?://[^\s<>\"]+|\bwww\.[^\s<>\"]+")
_DIGITS_HINT = re.compile(rf"[0+3](?:{_GAP}\d){{8}}")
_AT_HINTS = ("[at", "(at", "{at", "[ at", "( at", "{ at", "apenstaartje")
_PROFILE_HINTS = ("linkedin", "wa.me", "whatsapp", "t.me/")
_WORD_HINTS = ("@", *_AT_HINTS, *_PROFILE_HINTS, "[contact via")
_PHRASE_HINTS = (
    *("contact", "opnemen met", "bel ", "bellen", "app ", "appen", "mail", "inlichtingen", "informatie bij", "terecht bij"),
    *(
        "verkrijgbaar bij",
        "t.a.v",
        "ter attentie",
        "get in touch",
        "reach out",
        "attn",
        "speak ",
        "vragen aan",
        "stel ",
        "motivatie aan",
    ),
)
_NOT_A_PHONE = re.compile(
    r"(?:referentie\w*|ref|reference|kenmerk|vacature-?n(?:umme)?r|kvk(?:-?nummer)?|dossier\w*|job[ -]?id|isbn|btw\w*|iban)"
    r"[ .:#]{0,3}(?:n(?:umme)?r[ .:]{0,2}|number[ :]{0,2}|code[ :]{0,2})?$",
    re.IGNORECASE,
)

_MARK = r"\[contact via (?:de advertentie|the ad)\]"
_TITLE = r"(?:(?:[Dd]e [Hh]eer|[Mm]evrouw|[Dd]hr|[Mm]evr|[Mm]w|[Dd]rs|[Dd]r|[Pp]rof|[Ii]r|[Ii]ng|[Mm]r|[Mm]rs|[Mm]s)\.?\s+)"
_PARTICLE = r"(?:van|de|der|den|ten|ter|te|het|'t|von|la|el|du|op|in)"
_WORD = r"[A-ZÀ-ÖØ-Þ](?:(?:['’][A-Z]|c[A-Z])?[a-zß-öø-ÿ'’]+(?:-[A-ZÀ-Þ][a-zß-öø-ÿ'’]+)*|\.(?:[A-Z]\.)*)"
_NAME = rf"{_TITLE}*{_WORD}(?:\s+{_PARTICLE}(?=\s)){{0,3}}(?:\s+(?:{_PARTICLE}\s+){{0,3}}{_WORD}){{1,3}}"
_TITLED = rf"{_TITLE}{_TITLE}*(?:{_PARTICLE}\s+){{0,3}}{_WORD}(?:\s+(?:{_PARTICLE}\s+){{0,3}}{_WORD}){{0,3}}"
_ROLE = r"(?:\s*[,(]\s*[^.\n\[\](),]{2,60}\)?)"
_BRIDGE = (
    r"(?:[\s,:;(|–-]|\b(?:via|op|at|on|by|of|or|tel|telefoon|telefoonnummer|telephone|phone|mobiel|mobile|email|e-mail|mail"
    r"|bereikbaar"
    r"|te bereiken|per|nummer|number|is|T|M|E|het|the|and|en|whatsapp|app|call|bel|through|linkedin)\b\.?){0,24}"
)
_CONTACT_PHRASE = (
    r"(?:contact op(?:nemen)?(?:\s+(?:dan|gerust|vrijblijvend))*\s+met|opnemen met|contactpersoon(?:\s+is)?\s*:?"
    r"|contact person(?:\s+is)?\s*:?"
    r"|(?:bel|app|mail|bellen|mailen|appen)(?:\s+(?:dan|gerust|even))*(?:\s+(?:met|naar))?|inlichtingen bij|informatie bij"
    r"|terecht bij"
    r"|ingewonnen bij|verkrijgbaar bij|t\.a\.v\.|ter attentie van|(?:please\s+)?contact|get in touch with|reach out to"
    r"|attn\.?:?|speak (?:to|with)"
    r"|stel (?:je vragen|ze) aan|vragen aan|je motivatie aan|contact with)"
)
_AFTER_PHRASE = re.compile(rf"(?i:\b{_CONTACT_PHRASE})\s+(?P<name>{_NAME}|{_TITLED})(?P<role>{_ROLE})?")
_BEFORE_MARK = re.compile(rf"(?P<name>{_TITLED}|{_NAME})(?P<role>{_ROLE}?)(?i:{_BRIDGE})(?={_MARK})")
_SHORT_NAME = re.compile(rf"(?i:\b{_CONTACT_PHRASE})\s+(?P<name>{_TITLE}*{_WORD})(?P<role>{_ROLE}?)(?i:{_BRIDGE})(?={_MARK})")
_HINTS = (*_WORD_HINTS, *_PHRASE_HINTS)
_SHORT_LINE = 60
_ENDS_WITH_PHRASE = re.compile(rf"(?i:\b{_CONTACT_PHRASE})\s*:?\s*$")
_TWO_WORDS = re.compile(rf"{_WORD}\s+(?:{_PARTICLE}\s+){{0,3}}[A-ZÀ-ÖØ-Þ]")
_TITLE_HINTS = tuple(
    f"{title}{end}"
    for title in ("mevrouw", "heer", "dhr", "mevr", "mw", "drs", "dr", "ir", "ing", "mr", "mrs", "ms", "prof")
    for end in (" ", ". ")
)
_IBAN = re.compile(r"\b[A-Z]{2}\d\d ?[A-Z]{4} ?$")
_ANY_NAME = re.compile(_NAME)
_NOT_A_PERSON = re.compile(
    r"\b(?:gemeente|provincie|universiteit|universitair|university|stichting|afdeling|hr|human|recruitment|recruiter|team"
    r"|werken|municipality"
    r"|department|hogeschool|ziekenhuis|hospital|waterschap|bureau|centrum|center|centre|college|groep|group|resources"
    r"|noord|north|nederland"
    r"|netherlands|makeit|vacature|vacancy|meer|more|for|voor|heb|have|do|wil|solliciteren|apply|questions|vragen|the|onze"
    r"|our|personeelszaken"
    r"|service|desk|servicedesk|school|academie|academy|hub|campus|bv|nv|inlichtingen|informatie|information|contact|bel"
    r"|mail|neem|please"
    r"|office|manager|adviseur|acquisitie|solliciteer|ben|are|you|je|jij|wij|we|via|stuur|send)\b",
    re.IGNORECASE,
)
_REPEATED_MARK = re.compile(rf"({_MARK})(?:[\s,;:/|–-]|\b(?:of|or|en|and|via|op|tel|T|E|M|mail|e-mail|bel|per|at)\b\.?)*{_MARK}")
_USERINFO = re.compile(r"^(https?://)[^/?#\\]*@", re.IGNORECASE)
_EMAIL_IN_URL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


def is_role_mailbox(email: str) -> bool:
    """`jobs@…`, `werkenbij@…`: a desk, not a person."""
    return _ROLE_MAILBOX.match(email.strip()) is not None


def redact(text: str, lang: str, names: Iterable[str] = (), names_found: set[str] | None = None) -> str:
    """`text` without contact data. `names` go wherever they stand; found ones are added to `names_found`."""
    mark = PLACEHOLDER[lang]
    for name in names:
        if name in text:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", mark, text)
    lower = text.lower()
    at = _flagged(text, lower)
    if not at:
        return text
    found: set[str] = set() if names_found is None else names_found
    lines = text.split("\n")
    for index in at:
        lines[index], line_names = _redact_line(lines[index], lang)
        found.update(line_names)
    if len(lines) > 1:
        lines = _across_lines(lines, at, mark, found)
    return "\n".join(lines)


def _flagged(text: str, lower: str) -> list[int]:
    """Which lines hold a hint of contact data, in order."""
    positions: list[int] = []
    for hint in _HINTS:
        position = lower.find(hint)
        while position >= 0:
            positions.append(position)
            end = lower.find("\n", position)
            position = lower.find(hint, end) if end >= 0 else -1
    positions += [match.start() for match in _DIGITS_HINT.finditer(text)]
    if not positions:
        return []
    if len(lower) != len(text):  # a letter that grows in lower case moves what follows
        return list(range(text.count("\n") + 1))
    flagged: list[int] = []
    line = last = 0
    for position in sorted(positions):
        line += text.count("\n", last, position)
        last = position
        if not flagged or flagged[-1] != line:
            flagged.append(line)
    return flagged


def has_address(text: str, lower: str) -> bool:
    """Whether something that looks like an address, a number or a placeholder stands in `text`."""
    return holds_any(lower, _WORD_HINTS) or _DIGITS_HINT.search(text) is not None


@lru_cache(maxsize=16_384)
def _redact_line(line: str, lang: str) -> tuple[str, frozenset[str]]:
    """One line, until nothing more is found: taking one thing off can complete another. Employers repeat these lines."""
    found: set[str] = set()
    mark = PLACEHOLDER[lang]
    previous = None
    while line != previous and has_address(line, line.lower()):
        previous = line
        line = _without_address(line, mark, found)
    previous = None
    while line != previous and may_name(line):
        previous = line
        line = _without_names(line, mark, found)
    return line, frozenset(found)


def may_name(text: str) -> bool:
    """Whether a person may be named in `text`: beside a placeholder, by a title, or by two capitalised words."""
    return "[contact via" in text or _TWO_WORDS.search(text) is not None or holds_any(text.lower(), _TITLE_HINTS)


def _across_lines(lines: list[str], flagged: list[int], mark: str, found: set[str]) -> list[str]:
    """A name on a short line of its own above its number, or below the words that announce it."""
    for index in sorted({*flagged, *(index + 1 for index in flagged)}):
        if not 0 < index < len(lines) or len(lines[index - 1]) > _SHORT_LINE:
            continue
        before, line = lines[index - 1], lines[index]
        if 0 <= line.find("[contact via") <= _SHORT_LINE // 2 or _ENDS_WITH_PHRASE.search(before):
            start = max(0, index - 2)
            block = "\n".join(lines[start : index + 1])
            redacted = _without_names(block, mark, found)
            if redacted != block:
                lines = [*lines[:start], *redacted.split("\n"), *lines[index + 1 :]]
                return _across_lines(lines, list(range(len(lines))), mark, found)
    return lines


def _without_names(text: str, mark: str, found: set[str]) -> str:
    windows = _windows(text.lower())
    if not windows:
        return text

    def person(match: re.Match[str]) -> str:
        name = match.group("name")
        if _NOT_A_PERSON.search(name):
            return match.group()
        found.add(" ".join(name.split()))
        offset = match.start()
        start, end = match.start("name") - offset, match.end("role" if match.group("role") else "name") - offset
        whole = match.group()
        return f"{whole[:start]}{mark}{whole[end:]}"

    pieces: list[str] = []
    position = 0
    for start, end in windows:
        window = text[start:end]
        window = _AFTER_PHRASE.sub(person, window)
        if "[contact via" in window:
            window = _BEFORE_MARK.sub(person, window)
            window = _SHORT_NAME.sub(person, window)
        pieces += (text[position:start], _REPEATED_MARK.sub(r"\1", window))
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _windows(lower: str) -> list[tuple[int, int]]:
    """Where a name may stand: before a placeholder and after a contact phrase, merged where they meet."""
    spans: list[tuple[int, int]] = []
    for hint in _PHRASE_HINTS:
        at = lower.find(hint)
        while at >= 0:
            spans.append((max(0, at - 24), at + 120))
            at = lower.find(hint, at + 1)
    at = lower.find("[contact via")
    while at >= 0:
        spans.append((max(0, at - 120), at + 36))
        at = lower.find("[contact via", at + 1)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without_address(line: str, mark: str, found: set[str]) -> str:
    lower = line.lower()
    if "@" in lower or holds_any(lower, _AT_HINTS):
        mailboxes: set[str] = set()

        def mailbox(match: re.Match[str]) -> str:
            mailboxes.add(re.sub(r"[^a-z]", "", match.group().partition("@")[0].lower()))
            return mark

        line = _EMAIL_RE.sub(mailbox, line)
        if mailboxes:
            line = _ANY_NAME.sub(lambda match: _owner(match, mailboxes, mark, found), line)
    if holds_any(lower, _PROFILE_HINTS):
        line = _PROFILE_RE.sub(mark, line)
    if _DIGITS_HINT.search(line):
        addresses = [(match.start(), match.end()) for match in _URL_RE.finditer(line)]
        line = _PHONE_RE.sub(lambda match: _phone(match, addresses, mark), line)
    return line


def _phone(match: re.Match[str], addresses: list[tuple[int, int]], mark: str) -> str:
    inside = any(start < match.start() < end for start, end in addresses)
    return match.group() if inside or not is_phone(match.group()) or _is_reference(match) else mark


def _owner(match: re.Match[str], mailboxes: set[str], mark: str, found: set[str]) -> str:
    """A name that is written out in a mailbox of the same text: `Jan de Vries` and jan.devries@, j.de.vries@, jvries@."""
    words = [re.sub(r"[^a-z]", "", word.lower()) for word in match.group().split()]
    first, rest = words[0], words[1:]
    spellings = {first + "".join(rest), first[:1] + "".join(rest), first + rest[-1], first[:1] + rest[-1]}
    if spellings.isdisjoint(mailboxes):
        return match.group()
    found.add(match.group())
    return mark


def _is_reference(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 30) : match.start()]
    return _IBAN.search(before) is not None or (match.group().isdigit() and _NOT_A_PHONE.search(before) is not None)


@lru_cache(maxsize=8192)
def is_phone(candidate: str) -> bool:
    """Ten digits with a Dutch area code, or an international number that could be dialled."""
    digits = re.sub(r"\D", "", candidate)
    international = candidate.lstrip("( ").startswith(("+", "00"))
    if not international:
        return len(digits) == 10 or (len(digits) == 11 and digits.startswith("316"))
    digits = digits.removeprefix("00").replace("310", "31", 1) if "(0)" in candidate else digits.removeprefix("00")
    if digits.startswith("31"):
        return 10 <= len(digits) <= 12
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits}")))
    except phonenumbers.NumberParseException:
        return False


def clean_url(url: str) -> str | None:
    """`url` without userinfo and without parameters that hold an e-mail address; None when it *is* contact data."""
    if holds_any(url.lower(), _PROFILE_HINTS) and _PROFILE_RE.search(url):
        return None
    if "@" in url or "%40" in url:
        url = without_userinfo(url)
        head, mark, query = url.partition("?")
        if _EMAIL_IN_URL.search(query):
            kept = [part for part in query.split("&") if not _EMAIL_IN_URL.search(part)]
            url = head + (mark + "&".join(kept) if kept else "")
        if _EMAIL_IN_URL.search(url):
            return None
    return url


def without_userinfo(url: str) -> str:
    return _USERINFO.sub(r"\1", url) if "@" in url else url

"""What contact data looks like in Dutch and English ads: patterns and the cheap looks that come before them."""

from __future__ import annotations

import re

PLACEHOLDER = {"nl": "[contact via de advertentie]", "en": "[contact via the ad]"}

_ROLE_WORDS = (
    "jobs|job|hr|hrm|hrteam|vacature|vacatures|vacancies|vacancy|werkenbij|werken|werk|recruitment|recruiting|recruiter"
    "|recruiters"
    "|sollicitatie|sollicitaties|solliciteren|solliciteer|apply|application|applications|career|careers|info|personeel"
    "|personeelszaken|pz|p-o|po|peno|stage|stages|stagebureau|internship|internships|traineeship|traineeships|trainee|trainees"
    "|talent|people|contact|office|secretariaat|administratie|events|event|evenementen|aanmelden|aanmelding|inschrijven"
    "|hello|hallo"
)
ROLE_MAILBOX = re.compile(rf"(?:{_ROLE_WORDS})(?:[._-]?(?:{_ROLE_WORDS}|nl|groningen|noord|team|desk))*@", re.IGNORECASE)

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
EMAIL = re.compile(_EMAIL)
PROFILE = re.compile(_PROFILE, re.IGNORECASE)
PHONE = re.compile(_PHONE)
URL = re.compile(r"https?://[^\s<>\"]+|\bwww\.[^\s<>\"]+")
DIGITS_HINT = re.compile(rf"[0+3](?:{_GAP}\d){{8}}")
AT_HINTS = ("[at", "(at", "{at", "[ at", "( at", "{ at", "apenstaartje")
PROFILE_HINTS = ("linkedin", "wa.me", "whatsapp", "t.me/")
ADDRESS_HINTS = ("@", *AT_HINTS, *PROFILE_HINTS)
PHRASE_HINTS = (
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
NOT_A_PHONE = re.compile(
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
_POST = (
    r"(?:(?:onze|mijn|jouw|je|de|our|my|your|the)\s+)?(?:(?:corporate|hr|it|campus|senior|hiring)[ -])?"
    r"(?:recruiter|recruitmentadviseur|teamleider|teamlead|team leader|team lead|manager|teammanager|leidinggevende"
    r"|afdelingshoofd|hoofd|co[oö]rdinator|adviseur|advisor|consultant|directeur|director|projectleider|collega|colleague|supervisor|begeleider"
    r"|stagebegeleider)"
)
"""What somebody is, between the phrase and the name: `onze recruiter Sanne Visser`."""
_CONTACT_PHRASE = (
    r"(?=[abcgijmoprstv])"
    r"(?:contact op(?:nemen)?(?:\s+(?:dan|gerust|vrijblijvend))*\s+met|opnemen met|contactpersoon(?:\s+is)?\s*:?"
    r"|contact person(?:\s+is)?\s*:?"
    r"|(?:bel|app|mail|bellen|mailen|appen)(?:\s+(?:dan|gerust|even))*(?:\s+(?:met|naar))?|inlichtingen bij|informatie bij"
    r"|(?<!komt )(?<!kom )(?<!kom je )terecht bij"
    r"|ingewonnen bij|verkrijgbaar bij|t\.a\.v\.|ter attentie van|(?:please\s+)?(?<!you )contact|get in touch with|reach out to"
    r"|attn\.?:?|speak (?:to|with)"
    r"|stel (?:je vragen|ze|je) aan|vragen aan|je motivatie aan|(?:get in|make|seek) contact with)"
    r"(?:\s+" + _POST + r")?"
)
"""Begins with the letters that a phrase may begin with, since a word that does not is then done with at once. So do names."""
_NAME_LETTER = r"(?=[A-ZÀ-ÖØ-ÞdDmMpPiI])"
AFTER_PHRASE = re.compile(rf"(?i:\b{_CONTACT_PHRASE})\s+(?P<name>{_NAME}|{_TITLED})(?P<role>{_ROLE})?")
BEFORE_MARK = re.compile(rf"{_NAME_LETTER}(?P<name>{_TITLED}|{_NAME})(?P<role>{_ROLE}?)(?i:{_BRIDGE})(?={_MARK})")
SHORT_NAME = re.compile(rf"(?i:\b{_CONTACT_PHRASE})\s+(?P<name>{_TITLE}*{_WORD})(?P<role>{_ROLE}?)(?i:{_BRIDGE})(?={_MARK})")
HINTS = (*ADDRESS_HINTS, *PHRASE_HINTS)
"""What stands in every line that holds contact data, unless it is a bare number. The placeholder has its `contact`, too."""
SHORT_LINE = 60
ENDS_WITH_PHRASE = re.compile(rf"(?i:\b{_CONTACT_PHRASE})\s*:?\s*$")
TWO_WORDS = re.compile(rf"{_WORD}\s+(?:{_PARTICLE}\s+){{0,3}}[A-ZÀ-ÖØ-Þ]")
TITLE_HINTS = tuple(
    f"{title}{end}"
    for title in ("mevrouw", "heer", "dhr", "mevr", "mw", "drs", "dr", "ir", "ing", "mr", "mrs", "ms", "prof")
    for end in (" ", ". ")
)
IBAN = re.compile(r"\b[A-Z]{2}\d\d ?[A-Z]{4} ?$")
ANY_NAME = re.compile(_NAME_LETTER + _NAME)
NAME_STRETCH = re.compile(r"[^\d,;:?!()\[\]|/@\"]+")
"""Text without a character that cannot stand inside a name."""
NOT_A_PERSON = re.compile(
    r"\b(?:gemeente|provincie|universiteit|universitair|university|stichting|afdeling|hr|human|recruitment|recruiter|team"
    r"|werken|municipality"
    r"|department|hogeschool|ziekenhuis|hospital|waterschap|bureau|centrum|center|centre|college|groep|group|resources"
    r"|(?<!van )noord|north|nederland"
    r"|netherlands|makeit|vacature|vacancy|(?<!der )meer|more|for|voor|heb|have|do|wil|solliciteren|apply|questions|vragen|the"
    r"|onze|our|personeelszaken"
    r"|service|desk|servicedesk|school|academie|academy|hub|campus|bv|nv|inlichtingen|informatie|information|contact|bel"
    r"|mail|neem|please"
    r"|zorg|care|intensive|revalidatie|rehabilitation|polikliniek|kliniek|clinic|balie|receptie|reception|studentzaken|planning"
    r"|finance|marketing|sales|support|operations|faculteit|faculty|instituut|institute"
    r"|office|manager|adviseur|acquisitie|solliciteer|ben|are|you|je|jij|wij|we|via|stuur|send)\b",
    re.IGNORECASE,
)
_CAPITAL = r"\s(?=[A-ZÀ-ÖØ-Þ])(?:(?<=[^\W\d_]\s)|(?<=[:\s'’]\s)|(?<=[A-ZÀ-ÖØ-Þvnrwsfg]\.\s))[A-ZÀ-ÖØ-Þ]"
"""A capital letter after a space that no sentence ends before: every name that the patterns above find has one, be it
after its first word, an initial, a title (`dr. `), a particle or the contact phrase."""
_PHRASE_END = (
    r"(?i:met|son|oon|bel|app|ail|len|pen|ven|dan|ust|aar|bij|\.v\.|van|act|ith|aan|ttn|tn\."
    r"|ter|der|ger|nde|ofd|tor|eur|sor|ega|gue|ead|ant)"
)
NAME_BEGINS = re.compile(_CAPITAL)
PHRASE_BEFORE_NAME = re.compile(rf"\s{_NAME_LETTER}(?:(?<={_PHRASE_END}\s)|(?<=(?i:is|to)\s)|(?<=(?i:[ns.\s]):\s)|(?<=\s\s))")
"""The last letters of a contact phrase, then what a name or a title begins with: the look before `AFTER_PHRASE`."""
NAME_BEFORE_MARK = re.compile(rf"{_CAPITAL}[^?!,(\[]*+(?:[,(][^\[]*+)?(?={_MARK})")
"""Such a capital and a placeholder with nothing between them that parts them: the look before the patterns that end at one."""
REPEATED_MARK = re.compile(rf"({_MARK})(?:[\s,;:/|–-]|\b(?:of|or|en|and|via|op|tel|T|E|M|mail|e-mail|bel|per|at)\b\.?)*{_MARK}")
USERINFO = re.compile(r"^(https?://)[^/?#\\]*@", re.IGNORECASE)
EMAIL_IN_URL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)

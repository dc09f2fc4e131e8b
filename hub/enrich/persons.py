"""Persons who are named without a phrase that says so: as the text of a link to their mailbox, and as an organiser.

Calendars and event plugins have one place for who organises, and people write themselves there. A name alone tells nobody
apart from a firm; its own mailbox does: `Jan de Vries` with j.devries@.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from hub.domain.posting import Contact, Organisation, Posting
from hub.enrich.contact_patterns import ANY_NAME, NOT_A_PERSON, PROFILE_HINTS
from hub.enrich.lines import clean_line, holds_any

_PERSONAL_LINKS = ("mailto:", "tel:", *PROFILE_HINTS)
_LINK = re.compile(
    r"""<a\b[^<>]*?\bhref\s*=\s*["']?([^"'\s<>]++)[^<>]*+>((?:[^<]|<(?!/?a\b))*+)(?:</a\s*>|(?=<a\b))""", re.IGNORECASE
)
"""Up to its end or the next link: no place is looked at twice, however many are open."""
_TAG = re.compile(r"<[^>]*>")
_LETTERS = re.compile(r"[^a-z]")


def names_in_links(html: str) -> Iterator[str]:
    """Texts of links to a mailbox, a number or a profile that read as a person's name."""
    if not holds_any(html, ("<a", "<A")) or not holds_any(html.lower(), _PERSONAL_LINKS):
        return
    for match in _LINK.finditer(html):
        text = clean_line(_TAG.sub(" ", unescape(match[2])))
        if holds_any(unescape(match[1]).lower(), _PERSONAL_LINKS) and ANY_NAME.fullmatch(text) and not NOT_A_PERSON.search(text):
            yield text


def is_person(organisation: Organisation, contact: Contact) -> bool:
    """The one to be contacted stands in the organisation's place: under the same name, or as the mailbox spells it."""
    name = clean_line(organisation.name)
    if contact.name is not None and clean_line(contact.name).lower() == name.lower():
        return " " in name
    mailbox = _LETTERS.sub("", (contact.email or "").partition("@")[0].lower())
    return bool(mailbox) and " " in name and mailbox in spellings(name)


def spellings(name: str) -> set[str]:
    """How mailboxes write a name, letters only: `jandevries`, `jdevries`, `janvries`, `jvries`."""
    words = [_LETTERS.sub("", word.lower()) for word in name.split()]
    first, rest = words[0], words[1:]
    if not first or not rest or not rest[-1]:
        return set()
    return {first + "".join(rest), first[:1] + "".join(rest), first + rest[-1], first[:1] + rest[-1]}


def without_persons(posting: Posting) -> tuple[Posting, set[str]]:
    """The posting without organisations that are its contact person, and those persons' names."""
    contact = posting.contact
    if contact is None:
        return posting, set()
    stated = [one for one in (posting.organisation, posting.intermediary, *posting.consortium) if one is not None]
    persons = {one.name for one in stated if is_person(one, contact)}
    if not persons:
        return posting, set()
    changed = {
        "organisation": _kept(posting.organisation, persons),
        "intermediary": _kept(posting.intermediary, persons),
        "consortium": [one for one in posting.consortium if one.name not in persons],
    }
    return posting.model_copy(update=changed), {clean_line(name) for name in persons}


def _kept(organisation: Organisation | None, persons: set[str]) -> Organisation | None:
    return None if organisation is None or organisation.name in persons else organisation

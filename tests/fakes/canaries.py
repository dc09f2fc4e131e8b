"""Invented persons that stand nowhere else, and the search for them in any bytes, in whatever form they were written."""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from random import Random
from urllib.parse import quote, unquote

CONSONANTS, VOWELS = "bdfgjklmnprstvw", "aeiou"
_JSON_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


@dataclass(frozen=True, slots=True)
class Person:
    """`place`: where it was planted, such as `vonk.description`."""

    place: str
    name: str
    email: str
    phone: str

    @property
    def last(self) -> str:
        return self.name.split()[-1]

    @property
    def sentence(self) -> str:
        return f"Neem contact op met {self.name} via {self.phone} of {self.email}."

    @property
    def english(self) -> str:
        return f"Questions? Contact {self.name} at {self.phone} or {self.email}."

    def spellings(self) -> Iterator[tuple[str, str]]:
        """(what, lower-case text) of each form in which it could be read."""
        yield "name", self.last.lower()
        yield "email", self.email
        digits = re.sub(r"\D", "", self.phone)
        national = digits[2:]
        yield from (("phone", text) for text in {digits, self.phone, f"06 {national}", f"+316{national}", f"+31 6 {national}"})

    def encodings(self) -> Iterator[tuple[str, bytes]]:
        """The same behind an encoding that leaves no text: base64 and base32 at every alignment, hexadecimal."""
        for what, text in (("name", self.name), ("email", self.email), ("phone", self.phone)):
            raw = text.encode()
            yield f"{what} in hexadecimal", raw.hex().encode()
            for shift in range(3):
                yield f"{what} in base64", base64.b64encode(b"\0" * shift + raw)[4 : len(raw) // 3 * 4]
            for shift in range(5):
                yield f"{what} in base32", base64.b32encode(b"\0" * shift + raw)[8 : len(raw) // 5 * 8].lower()


class Persons:
    """Each place gets one of its own."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.all: list[Person] = []

    def at(self, place: str) -> Person:
        known = next((one for one in self.all if one.place == place), None)
        if known is not None:
            return known
        first, last = self._word(2), self._word(4)
        host = f"{self._word(3).lower()}.example"
        phone = "06-" + "".join(self._random.choice("123456789") for _ in range(8))
        person = Person(place, f"{first} {last}", f"{first[0].lower()}.{last.lower()}@{host}", phone)
        self.all.append(person)
        return person

    def _word(self, syllables: int) -> str:
        letters = "".join(self._random.choice(CONSONANTS) + self._random.choice(VOWELS) for _ in range(syllables))
        return f"{letters}{self._random.choice(CONSONANTS)}".capitalize()


def found_in(data: bytes, persons: Iterable[Person]) -> Iterator[tuple[Person, str]]:
    """(person, what of it) for everything of a person that stands in `data`, plain, escaped or encoded."""
    lower = _once_each(data.lower())
    texts = _readings(lower.decode("utf-8", "replace"))
    for person in persons:
        for what, spelling in person.spellings():
            if any(_holds(text, spelling) for text in texts):
                yield person, what
        for what, encoded in person.encodings():
            if encoded.lower() in lower:
                yield person, what


def _once_each(data: bytes) -> bytes:
    """Every line once: pages repeat most of what they say. Folded lines are made whole before."""
    unfolded = re.sub(rb"\r?\n[ \t]", b"", data)
    return b"\n".join(dict.fromkeys((data + b"\n" + unfolded).split(b"\n")))


def _readings(text: str) -> list[str]:
    """The text as it stands, and with HTML's, the address's, JSON's, iCalendar's and quoted-printable's escapes resolved."""
    found = [text, unescape(text), unquote(text), _JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)]
    found += [unescape(unquote(text)), text.replace("\\", ""), re.sub(r"=([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), text)]
    return list(dict.fromkeys(one.lower() for one in found))


def _holds(text: str, spelling: str) -> bool:
    at = text.find(spelling)
    while at >= 0:
        around = text[max(0, at - 1) : at] + text[at + len(spelling) : at + len(spelling) + 1]
        if not (spelling[-1].isdigit() and any(map(str.isdigit, around))):  # a longer number is another one
            return True
        at = text.find(spelling, at + 1)
    return False


def escaped_forms(text: str) -> dict[str, bytes]:
    """How a leak could look: for the judge's own test."""
    return {
        "plain": text.encode(),
        "capitals": text.upper().encode(),
        "html": "".join(f"&#{ord(letter)};" for letter in text).encode(),
        "hexadecimal entities": "".join(f"&#x{ord(letter):x};" for letter in text).encode(),
        "address": "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
        "quoted address": quote(text, safe="").encode(),
        "json": "".join(f"\\u{ord(letter):04x}" for letter in text).encode(),
        "folded": b"\r\n ".join(text.encode()[start : start + 5] for start in range(0, len(text), 5)),
        "base64": base64.b64encode(f"x{text}y".encode()),
        "base32": base64.b32encode(f"xyz{text}y".encode()),
        "hexadecimal": text.encode().hex().encode(),
    }


def rows_of(path: Path) -> bytes:
    """Every value of every table of an SQLite file, as another reader gets it; its pages may break a text apart."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        values = [value for table in tables for row in connection.execute(f'SELECT * FROM "{table}"') for value in row]
    finally:
        connection.close()
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)

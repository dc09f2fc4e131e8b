"""What a text counts and dates: how large the team is, whom it serves, on which day work starts, until when to apply.

A number says little by itself: six may be people, weeks or a scale. With the noun that it counts it is a fact, which a
translation and another author leave as it is and which the next opening of the same employer seldom shares. What every
advertisement of an employer says (its staff, its founding, days of leave) is none. What stands around a number is looked
up word by word, because a pattern with every noun in it would cost ten times as much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from hub.matching.titles.decoration import MONTHS

Fact = tuple[str, int]
"""Kind and value. Of a day `month * 32 + day`, day 0 for a whole month, and of a deadline `year * 512` more where a year is
said; of hours a week `fewest * 64 + most`."""
DEADLINE, HOURS = "deadline", "hours"
"""Facts that have a field of their own."""
COUNTED: Mapping[str, str] = {
    "cared": "patiënten patienten cliënten clienten bewoners patients clients residents",
    "customers": "klanten opdrachtgevers customers clients",
    "pupils": "leerlingen studenten kinderen cursisten pupils students children",
    "families": "gezinnen huishoudens families households",
    "users": "gebruikers werkplekken users",
    "guests": "gasten bezoekers guests visitors",
    "groups": "groepen klassen groups classes",
    "cases": "aanvragen dossiers zaken applications files cases",
    "questions": "vragen meldingen tickets queries questions calls",
    "orders": "orders bestellingen zendingen shipments",
    "machines": "installaties machines systemen installations systems",
    "vehicles": "voertuigen vrachtwagens bussen vehicles trucks lorries buses",
    "lines": "lijnen productielijnen lines",
    "homes": "woningen huizen homes houses dwellings",
    "rooms": "kamers rooms",
    "beds": "bedden beds",
    "animals": "koeien melkkoeien dieren varkens kippen cows animals pigs chickens",
    "land": "hectare hectaren hectares",
    "sites": "locaties vestigingen filialen winkels locations sites branches stores shops",
    "towns": "gemeenten municipalities",
    "partners": "partners leveranciers suppliers",
    "projects": "projecten werken projects works",
    "volunteers": "vrijwilligers volunteers",
    "places": "vacatures plekken plaatsen vacancies positions",
    "tests": "analyses monsters samples",
    "power": "megawatt megawatts mw",
    "weight": "ton tonnes tons",
}
"""Kind → what is counted, in both languages."""
MOST_TEAM = 150
"""What counts more people is an employer."""
MOST_DAYS = 31
LATE = 30
"""Days after a deadline within which an advertisement may still be posted anew."""
LONGEST = 366
EPOCH = date(1970, 1, 1)
AROUND = 80
"""Letters before and behind a number that are looked at, as far as its sentence goes."""


def word_set(table: str) -> frozenset[str]:
    return frozenset(table.split())


_NOUNS = {
    noun: tuple(kind for kind, nouns in COUNTED.items() if noun in nouns.split()) for noun in " ".join(COUNTED.values()).split()
}
_COLLEAGUES = word_set(
    "collega's collega’s teamgenoten teamleden vakmensen vakgenoten professionals colleagues co-workers coworkers teammates"
)
_PEOPLE = word_set("mensen personen medewerkers people persons employees")
_TEAMS = word_set("team ploeg groep club")
_TEAM = re.compile(r"team|\b(?:afdeling|department|ploeg)\b[^.;:]{0,40}(?:bestaat uit|telt|consists of|has) $")
_CROWD = frozenset(("en", "'en", "’en", "ën"))
_ALL_OF = frozenset(("zijn", "z'n", "z’n"))
"""`Met z'n vieren`, in figures."""
_OTHERS = frozenset(("other", "andere", "overige"))
_LEADS = word_set("leiding leidinggeven leidt stuurt aansturen aansturing lead leads leading manage managing supervise")
_SCALES = word_set("schaal salarisschaal functieschaal loonschaal fwg functiegroep scale")
_EACH = ("elke", "iedere", "every", "per", " de")
_SPANS = word_set("weken weeks dagen days maanden months")
_SHIFTS = word_set("dagen days diensten shifts")
_HOUR_WORDS = word_set("uur uren hours hour hrs")
_LABELLED_HOURS = re.compile(
    r"\b(?:uren|hours)(?: (?:per|a) week)?: ?(\d{1,2})(?: ?(?:-|–|tot|t/m|to) ?(\d{1,2}))?(?![\d.,:])(?: (?:per|a) week)?"
)
"""`Uren: 24-32 per week`: the number stands behind its noun."""
_NO_COUNT = word_set("jaar years year euro cent cents a and en vakantiedagen bruto gross")
_SHARES = word_set("procent percent per")
_WORKED = word_set("werk werktijd tijd work time")
_FLOORS = word_set("verdieping floor")
_BESIDE = word_set("naast beside besides alongside")
_WITHIN = frozenset("abcdefghijklmnopqrstuvwxyz.,-/+€$#_")
"""In front of a number: it is part of a word, a price or a code."""
_INTERVIEW = re.compile(r"gesprek|kennismaking|interview|selecti")
_APPLY = re.compile(r"reag|reactie|sollicit|apply|applic|respon|motivati|vacature|vacancy|brief|letter|\bcv\b")
_BY = re.compile(r"\b(?:v[oó][oó]r|tot|t/m|uiterlijk|before|until|by|than|till)\b")
_CLOSES = re.compile(r"sluit|closing|closes|deadline")
_STARTS = re.compile(r"\b(?:start\w*|begin\w*|per|vanaf|ingang|ingaande|as of|from|commenc\w*)\b:?(?: [^\W\d]+){0,3} ?:? ?$")
_START_DATE = re.compile(r"\b(?:start(?:datum|ing date| date)|ingangsdatum|aanvangsdatum)\b")
_AT_HOME = re.compile(r"thuis|home|remote|beschikbaar|available|kantoor|office")
"""Days a week of something else than work."""
_LASTS = re.compile(r"duur|last|duration|trainee|stage\b|intern|afstud|graduat|programm|traject|contract")
"""Words before the months that an opening lasts, beside those after which there is a bicycle."""
_ENDS = ".,;:!?)"
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_SUFFIX = re.compile(r"(?:['’]?en|ën|e|ste|de|st|nd|rd|th)?(?![\w%])")
_RANGE = re.compile(r"(\d{1,2}) ?(?:-|–|tot|t/m|à|to|of|or) ?$")
_STARTING_MONTH = re.compile(
    rf"\bstart\w*:?(?: [^\W\d]+:?){{0,3}}? ({'|'.join(sorted(MONTHS, key=len, reverse=True))})\b(?! \d\d?\b)"
)
_YEAR = re.compile(r",? (20\d\d)\b")


def facts_in(line: str) -> tuple[Fact, ...]:
    """Facts of a line in lower case, each once."""
    found: set[Fact] = set()
    for match in _NUMBER.finditer(line):
        start, end = match.span()
        if start and line[start - 1] in _WITHIN:
            continue
        suffix = ""
        if line[end : end + 1].strip():
            written = _SUFFIX.match(line, end)
            if written is None:
                continue
            suffix, end = written[0], written.end()
        place, reader = _reader_of(line, end)
        if reader is None:
            place, reader = 0, _by_label
        found.update(reader(_Number(line, start, end, match[0], suffix, place)))
    if "start" in line and (month := _STARTING_MONTH.search(line)):
        found.add(("start", int(MONTHS[month[1]][1:]) * 32))
    if ("uren" in line or "hours" in line) and (hours := _LABELLED_HOURS.search(line)) and "week" in hours[0]:
        found.add((HOURS, int(hours[1]) * 64 + int(hours[2] or hours[1])))
    return tuple(sorted(found))


class _Number(NamedTuple):
    """A number in a line, from `start` to `end` (behind its suffix); `place` is how many words further its noun stands."""

    line: str
    start: int
    end: int
    written: str
    suffix: str
    place: int

    def value(self) -> int:
        """The last of a range; `1200` of `1.200` and `1,200`; 0 of what is no whole number, or a large one."""
        first, _, last = self.written.rpartition("-")
        written = last if len(first) < 3 else self.written
        if written.isdigit():
            return int(written) if len(written) < 5 else 0
        head, _, tail = written.replace(",", ".").partition(".")
        return int(head + tail) if len(tail) == 3 and tail.isdigit() and head.isdigit() and len(head) < 4 else 0

    def before(self) -> str:
        """What stands before it in its sentence."""
        text = self.line[max(0, self.start - AROUND) : self.start]
        for end in (". ", "! ", "? ", "; "):
            text = text.rpartition(end)[2]
        return text

    def behind(self) -> list[str]:
        """The next words of the sentence, without the signs behind them."""
        words: list[str] = []
        for word in self.line[self.end : self.end + AROUND].split(None, 8)[:8]:
            bare = word.rstrip(_ENDS)
            words.append(bare)
            if bare != word and word[-1] != ")":
                break
        return words


_Reader = Callable[[_Number], Iterable[Fact]]


def _reader_of(line: str, end: int) -> tuple[int, _Reader | None]:
    """The first of the next three words that says what a number counts, and what reads it."""
    for place, word in enumerate(line[end : end + AROUND].split(None, 3)[:3]):
        reader = _READERS.get(word)
        if reader is None and word[-1] in _ENDS:
            return place, _READERS.get(word.rstrip(_ENDS))
        if reader is not None:
            return place, reader
    return 0, None


def _by_label(number: _Number) -> Iterator[Fact]:
    """What has no noun may have a word in front: `schaal 10`, `team van 6`, `met z'n 22en`, `December 12`."""
    previous = number.line[max(0, number.start - 24) : number.start].split()
    last = previous[-1] if previous else ""
    if number.suffix in _CROWD:
        if last in _ALL_OF and (value := number.value()):
            yield "team", value
    elif last in _SCALES:
        yield from _counting(("scale",))(number)
    elif last in _FLOORS:
        yield from _counting(("floor",))(number)
    elif last in ("de", "the"):
        if previous[-2:-1] and previous[-2] in _BESIDE and 0 < (value := number.value()) <= MOST_TEAM:
            yield "team", value + 1
    elif last in ("van", "of"):
        if not _TEAMS.isdisjoint(previous) and 0 < (value := number.value()) <= MOST_TEAM:
            yield "team", value
    elif last in MONTHS:
        before = number.before()
        yield from _on_day(number, MONTHS[last], before[: before.rfind(last)])


def _nothing(_: _Number) -> Iterable[Fact]:
    return ()


def _counting(kinds: tuple[str, ...]) -> _Reader:
    def read(number: _Number) -> Iterable[Fact]:
        value = number.value()
        return [(kind, value) for kind in kinds] if value else ()

    return read


def _hours(number: _Number) -> Iterator[Fact]:
    if number.place or not any("week" in word for word in number.behind()[:5]):
        return
    most = number.value()
    first = number.written.rpartition("-")[0]
    fewest = first if first.isdigit() else found[1] if (found := _RANGE.search(number.before())) else most
    yield HOURS, int(fewest) * 64 + most


def _span(number: _Number) -> Iterator[Fact]:
    """A rhythm (`every 3 weeks`, `4 days a week`) or a duration."""
    words, value = number.behind(), number.value()
    if number.place or not value:
        return
    if words[0] in _SPANS and number.before().rstrip().endswith(_EACH):
        yield "cycle", value
    elif words[0] in _SHIFTS and "week" in words[2:4] and not _AT_HOME.search(f"{number.before()} {' '.join(words)}"):
        yield "days", value
    elif words[0] in ("maanden", "months") and _LASTS.search(number.before()):
        yield "months", value


def _share(number: _Number) -> Iterator[Fact]:
    """`24 procent van het werk`: what part of the work is done so or there. Other shares are of pay and pensions."""
    words, value = number.behind(), number.value()
    if not number.place and value and (words[0] != "per" or words[1:2] == ["cent"]) and not _WORKED.isdisjoint(words[1:5]):
        yield "share", value


def _people(number: _Number) -> Iterator[Fact]:
    words, value = number.behind(), number.value()
    if not 0 < value <= MOST_TEAM:
        return
    before, adjectives = number.before(), words[: number.place]
    if not _LEADS.isdisjoint(before.split()[-6:]):
        yield "led", value
    elif "nieuwe" in adjectives or "new" in adjectives:
        yield "newcomers", value
    elif words[number.place] in _COLLEAGUES or "team" in words or _TEAM.search(before):
        yield "team", value + (not _OTHERS.isdisjoint(adjectives))


def _month(number: _Number) -> Iterable[Fact]:
    words = number.behind()
    if number.place > 1 or (number.place and words[0] not in ("of", "de")):
        return ()
    return _on_day(number, MONTHS[words[number.place]], number.before())


def _on_day(number: _Number, month: str, before: str) -> Iterator[Fact]:
    """What the day of a month is the day of, by the words before it."""
    if not 0 < (day := number.value()) <= MOST_DAYS:
        return
    value = int(month[1:]) * 32 + day
    if _INTERVIEW.search(before):
        yield "interview", value
    elif _CLOSES.search(before) or (_BY.search(before) and _APPLY.search(before)):
        year = _YEAR.search(number.line, number.end, number.end + 24)
        yield DEADLINE, value + (int(year[1]) * 512 if year else 0)
    elif _STARTS.search(before) or _START_DATE.search(before):
        yield "start", value


_READERS: Mapping[str, _Reader] = {
    **{noun: _counting(kinds) for noun, kinds in _NOUNS.items()},
    **dict.fromkeys(_COLLEAGUES | _PEOPLE, _people),
    **dict.fromkeys(MONTHS, _month),
    **dict.fromkeys(_SPANS | _SHIFTS, _span),
    **dict.fromkeys(_HOUR_WORDS, _hours),
    **dict.fromkeys(_SHARES, _share),
    **dict.fromkeys(_FLOORS, _counting(("floor",))),
    **dict.fromkeys(_NO_COUNT, _nothing),
}
"""Word behind a number → what reads it."""


def start_on(stated: date) -> int:
    """The value of a `start` that a field states. It has to name a day: the first stands for the month."""
    return stated.month * 32 + (stated.day if stated.day > 1 else 0)


def deadline_of(facts: Iterable[Fact], posted: int) -> int | None:
    """The day by which the text asks to apply, as a day number; without a year the next such day. None where it lies before
    `posted`, as in a text of an earlier year, or far behind."""
    earliest = EPOCH + timedelta(days=posted - LATE)
    for kind, value in facts:
        if kind == DEADLINE:
            year, month, day = value // 512, value % 512 // 32, value % 32
            for one in (year,) if year else (earliest.year, earliest.year + 1):
                found = _day(one, month, day)
                if found is not None and earliest <= found <= earliest + timedelta(days=LONGEST):
                    return (found - EPOCH).days
    return None


def _day(year: int, month: int, day: int) -> date | None:
    """None of a day that the month does not have."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def hours_of(facts: Iterable[Fact]) -> list[float]:
    """Fewest and most hours a week where the text states one range; nothing where it states several or none."""
    said = {value for kind, value in facts if kind == HOURS}
    if len(said) != 1:
        return []
    fewest, most = divmod(said.pop(), 64)
    return [fewest, most] if 2 <= fewest <= most <= 60 else []

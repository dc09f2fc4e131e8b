"""Four boards of the other world and their habits: which openings they show, in which language, and what they leave out.

- `northstar` speaks English only, knows no reference numbers and seldom a closing date;
- `werkvelden` is Dutch, cuts texts, adds tracking to addresses, and lets agencies post for others;
- `kaartenbak` is a list: a title, a few sentences, and at times no employer, place or date;
- `loopbaanhuis` shows full texts in one language or both, with the employer's own reference and address.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hub.domain.posting import (
    Apply,
    Description,
    Event,
    Hours,
    Kind,
    Location,
    Organisation,
    Posting,
    Provenance,
    RichText,
    Salary,
    Status,
    Text,
    Title,
    Venue,
)
from ops.match_report.otherworld.openings import TODAY, Opening
from ops.match_report.otherworld.tables import Employer, pairs, texts
from ops.match_report.otherworld.wording import EN, NL, day, sections, spelled, title, typo

_ZONE = ZoneInfo("Europe/Amsterdam")
_LANG = ("nl", "en")
DAY_MS = 86_400_000
_AGENCIES: list[str] = texts()["agencies"]["names"]


@dataclass(frozen=True, slots=True)
class Board:
    source: str
    rank: int
    share: float
    """Of the openings that it shows."""
    languages: tuple[tuple[int, ...], ...]
    job_address: float
    reference: float
    closing: float
    employer: float
    place: float
    terms: float
    """Chance of hours, pay and education as fields."""
    agency: float
    cut: tuple[int, int] | None
    short: bool = False


BOARDS = (
    Board("northstar", 5, 0.42, ((EN,),), 0.45, 0.05, 0.35, 0.99, 0.97, 0.3, 0.01, (1200, 2600)),
    Board("werkvelden", 4, 0.58, ((NL,),) * 9 + ((EN,),), 0.4, 0.35, 0.8, 0.98, 0.98, 0.8, 0.05, (500, 1100)),
    Board("kaartenbak", 5, 0.45, ((NL,),), 0.25, 0.02, 0.6, 0.93, 0.93, 0.25, 0.02, None, True),
    Board("loopbaanhuis", 3, 0.55, ((NL,),) * 5 + ((EN,),) + ((NL, EN),) * 4, 0.55, 0.6, 0.85, 0.99, 0.98, 0.9, 0.0, None),
)
HOSTS = {f"{board.source}.example": board.source for board in BOARDS}


@dataclass(frozen=True, slots=True)
class Shown:
    """One posting of one board, with what was done to it."""

    opening: Opening
    posting: Posting
    traits: frozenset[str]
    languages: frozenset[str]


def listings(opening: Opening, seed: int) -> Iterator[Shown]:
    """What the four boards make of an opening; every opening is shown by one at least."""
    rng = random.Random(f"boards {seed} {opening.key}")
    chosen = [board for board in BOARDS if rng.random() < board.share] or [rng.choice(BOARDS)]
    for board in chosen:
        listing = _Listing(opening, board, _chance(opening, board, seed), seed)
        draw = rng.random()
        if draw < 0.05 and opening.kind != "event":
            first = replace(opening, posted=opening.posted - opening.days_open - rng.randrange(1, 12))
            # Who puts an opening up again mostly copies it.
            copied = _chance(opening, board, seed) if rng.random() < 0.75 else rng
            yield _Listing(first, board, copied, seed, copy=1).shown(Status.WITHDRAWN, "repost")
            yield listing.shown(listing.status(), "repost")
        else:
            yield listing.shown(Status.WITHDRAWN if draw > 0.95 else listing.status())


def _chance(opening: Opening, board: Board, seed: int) -> random.Random:
    return random.Random(f"listing {seed} {opening.key} {board.source}")


class _Listing:
    def __init__(self, opening: Opening, board: Board, rng: random.Random, seed: int, *, copy: int = 0) -> None:
        self.true = opening
        self.board = board
        self.rng = rng
        self.seed = seed
        self.traits: set[str] = set()
        self.languages = rng.choice(board.languages)
        self.native = str(random.Random(f"number {seed} {board.source} {opening.key} {copy}").randrange(10**7, 10**9))
        self.opening = self._changed(opening)

    def _changed(self, opening: Opening) -> Opening:
        """Some boards show an opening as it has become since: more hours, a later closing date, another start."""
        if self.rng.random() >= 0.06:
            return opening
        self.traits.add("changed")
        if opening.kind == "event":
            shift = self.rng.choice((0, 0, 1, 7))
            return replace(opening, start=(opening.start[0] + shift, opening.start[1] + (60 if shift == 0 else 0)))
        if self.rng.random() < 0.5:
            return replace(opening, days_open=opening.days_open + self.rng.choice((7, 14, 21)))
        low = max(8, opening.hours[0] - 8)
        return replace(opening, hours=(low, opening.hours[1]), days_open=opening.days_open + self.rng.choice((0, 7)))

    def status(self) -> Status:
        """What has closed is mostly gone; a list that nobody tends still shows it."""
        is_over = self.opening.kind != "event" and self.opening.posted + self.opening.days_open < TODAY
        return Status.WITHDRAWN if is_over and self.rng.random() < 0.85 else Status.ACTIVE

    def shown(self, status: Status, *traits: str) -> Shown:
        self.traits.update(traits)
        if status is Status.WITHDRAWN:
            self.traits.add("ghost")
        return Shown(self.true, self._posting(status), frozenset(self.traits), frozenset(_LANG[lang] for lang in self.languages))

    def _posting(self, status: Status) -> Posting:
        rng, opening, board = self.rng, self.opening, self.board
        employer = rng.choice(opening.hosts) if len(opening.hosts) > 1 else opening.employer
        names = {lang: self._spelled(employer, lang) for lang in self.languages}
        shown = names[self.languages[0]]
        organisation, intermediary = self._who(employer, shown)
        if intermediary is not None or (organisation is not None and organisation.name in _AGENCIES):
            names = {lang: self._disguised(lang) if rng.random() < 0.6 else names[lang] for lang in self.languages}
        posted = min(opening.posted + rng.choice((0, 0, 1, 1, 2, 3, 5, 9)), TODAY)
        seen = int(datetime.combine(day(posted), time(8, 0), UTC).timestamp() * 1000) + rng.randrange(0, 30_000_000)
        values: dict[str, Any] = self._terms() if opening.kind != "event" else {"event": self._event()}
        return Posting(
            kind=self._kind(),
            status=status,
            title=Title(**{_LANG[lang]: Text(text=self._title(lang)) for lang in self.languages}),
            description=Description(**{_LANG[lang]: RichText(**self._body(lang, names[lang])) for lang in self.languages}),
            organisation=organisation,
            intermediary=intermediary,
            consortium=self._consortium(),
            locations=self._place(),
            date_posted=_moment(day(posted)) if rng.random() < 0.85 else None,
            valid_through=self._closing(posted),
            reference_number=opening.reference if rng.random() < board.reference else None,
            apply=self._apply(employer),
            source=board.source,
            source_key=f"{board.source}:{self.native}",
            seq=seen if status is Status.ACTIVE else seen + self._stay(posted) * DAY_MS,
            first_seen=seen,
            provenance=Provenance(
                url=f"https://{board.source}.example/{'jobs' if board.source == 'northstar' else 'vacature'}/{self.native}",
                rank=board.rank,
                fetched_at=seen,
            ),
            **values,
        )

    def _stay(self, posted: int) -> int:
        """Days until a listing is withdrawn: when its time is over, or earlier when somebody was found."""
        left = max(1, self.true.posted + self.true.days_open - posted)
        is_over = self.true.posted + self.true.days_open < TODAY
        return left if is_over else self.rng.randrange(0, max(1, TODAY - posted)) + 1

    def _kind(self) -> Kind:
        kind = Kind(self.true.kind)
        if kind is Kind.TRAINEESHIP and self.rng.random() < 0.25:
            return Kind.VACANCY  # boards that know no other word
        return kind

    def _title(self, lang: int) -> str:
        text = title(self.opening, lang, self.rng, plain=self.board.short)
        if self.true.kind == "traineeship" and self.true.round and self.rng.random() < 0.6:
            text += f" {day(self.true.posted):%Y}"
        return typo(self.rng, text) if self.rng.random() < 0.015 else text

    def _who(self, employer: Employer, shown: str) -> tuple[Organisation | None, Organisation | None]:
        rng, board = self.rng, self.board
        if self.true.kind not in ("event", "traineeship") and rng.random() < board.agency:
            self.traits.add("intermediary")
            agency = Organisation(name=rng.choice(_AGENCIES))
            draw = rng.random()
            if draw < 0.4:
                return None, agency
            return (agency, None) if draw < 0.7 else (Organisation(name=shown), agency)
        if rng.random() >= board.employer:
            self.traits.add("missing_employer")
            return None, None
        domain = employer.domain if rng.random() < 0.15 else None
        return Organisation(name=shown, domain=domain, url=f"https://www.{domain}/" if domain else None), None

    def _spelled(self, employer: Employer, lang: int) -> str:
        """An employer has an account: a board spells its name in one way, but for some entries by hand."""
        habit = random.Random(f"account {self.seed} {self.board.source} {employer.key} {lang}")
        return spelled(habit if self.rng.random() < 0.8 else self.rng, employer, lang)

    def _disguised(self, lang: int) -> str:
        return self.rng.choice(pairs("agencies", "disguise"))[lang].format(town=self.true.town)

    def _consortium(self) -> list[Organisation]:
        if len(self.true.hosts) < 2:
            return []
        self.traits.add("multi_employer")
        if self.board.source != "loopbaanhuis":
            return []
        return [Organisation(name=host.name[self.languages[0]]) for host in self.true.hosts]

    def _place(self) -> list[Location]:
        if self.rng.random() >= self.board.place:
            self.traits.add("missing_place")
            return []
        town = self.opening.town
        towns = [town] if len(self.true.hosts) == 1 else [host.towns[0] for host in self.true.hosts]
        return [Location(place=name, country="NL") for name in dict.fromkeys(towns)]

    def _closing(self, posted: int) -> datetime | None:
        opening = self.opening
        if opening.kind == "event" or self.rng.random() >= self.board.closing:
            return None
        closes = opening.posted + opening.days_open + self.rng.choice((0, 0, 0, 0, 0, 0, 0, 0, -1, 1))
        return _moment(day(max(closes, posted + 1)))

    def _apply(self, employer: Employer) -> Apply | None:
        """The job's own address, the careers home page that all openings share, or the board's own form."""
        opening, draw = self.opening, self.rng.random()
        job, slug = opening.job, "-".join(title(opening, NL, random.Random(opening.key), plain=True).lower().split()[:4])
        domain = (opening.hosts[0] if len(opening.hosts) > 1 else employer).domain
        slug = "".join(c for c in slug if c.isascii() and (c.isalnum() or c == "-")).strip("-")
        if draw < self.board.job_address:
            tenant = domain.split(".")[0]
            systems = (
                f"https://werkenbij.{domain}/vacatures/{slug}-{job}",
                f"https://{tenant}.recruitee.com/o/{slug}-{job}",
                f"https://www.{domain}/vacature/{job}/{slug}",
            )
            address = systems[sum(map(ord, domain)) % len(systems)]
        elif draw < self.board.job_address + 0.3:
            address = f"https://www.{domain}/werken-bij"
        else:
            return None
        if self.board.source == "werkvelden":
            address += f"?utm_source=werkvelden&utm_campaign={self.rng.randrange(1000)}"
        return Apply(method="url", url=address)

    def _terms(self) -> dict[str, Any]:
        opening, rng = self.opening, self.rng
        values: dict[str, Any] = {}
        if rng.random() < self.board.terms:
            values["hours"] = Hours(min=opening.hours[0], max=opening.hours[1])
        if rng.random() < self.board.terms * 0.6:
            values["salary"] = Salary(min=opening.pay[0], max=opening.pay[1], currency="EUR", period="month")
        if opening.occupation is not None and rng.random() < self.board.terms * 0.8:
            values["education_levels"] = [opening.occupation.education]
        return values

    def _event(self) -> Event:
        opening, rng = self.opening, self.rng
        self.traits.add("event")
        start = datetime.combine(day(opening.start[0]), time(*divmod(opening.start[1], 60)), _ZONE)
        cancelled = rng.random() < 0.05
        venue = Venue(name=opening.words["venue"]) if rng.random() < 0.7 else None
        return Event(
            start=start,
            end=start + timedelta(hours=2) if rng.random() < 0.6 else None,
            status="cancelled" if cancelled else "scheduled",
            venue=venue,
        )

    def _body(self, lang: int, name: str) -> dict[str, str]:
        rng, board = self.rng, self.board
        blocks = sections(self.opening, lang, name)
        if board.short:
            spoken = [sentence for block in blocks[1:3] for sentence in block]
            text = " ".join(spoken[: rng.choice((2, 3, 3, 4))])
            return {"html": f"<p>{text}</p>", "text": text}
        if rng.random() < 0.4:
            rng.shuffle(blocks)
        paragraphs = [" ".join(sentence for sentence in block if rng.random() > 0.08) for block in blocks]
        text = "\n".join(paragraph for paragraph in paragraphs if paragraph)
        if board.cut is not None and rng.random() < 0.6:
            text = text[: rng.randrange(*board.cut)].rsplit(" ", 1)[0] + " …"
        if board.source in texts()["boards"]:
            text += "\n" + pairs("boards", board.source)[0][lang]
        return {"html": "".join(f"<p>{line}</p>" for line in text.split("\n")), "text": text}


def _moment(when: date) -> datetime:
    return datetime.combine(when, time(0, 0), UTC)

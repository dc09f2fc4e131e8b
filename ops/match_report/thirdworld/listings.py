"""Listings of an opening: what each board that shows it makes of it, as the hub's own postings.

Chance is asked in one fixed order for an opening's listings, board after board; `_Listing` asks when it is made, then
in the order of `shown`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hub.domain.keys import source_key
from hub.domain.posting import (
    Description,
    Hours,
    Internship,
    Kind,
    Organisation,
    Posting,
    Provenance,
    RichText,
    Salary,
    Status,
    Text,
    Title,
    Traineeship,
)
from hub.sdk.vocabulary import kind_of
from ops.match_report.thirdworld.addresses import apply_of
from ops.match_report.thirdworld.advertisement import Telling, advertisement, to_html
from ops.match_report.thirdworld.boards import (
    AGENCY,
    CAMPUS,
    GATHERED,
    JOBS,
    NORTH,
    START,
    Board,
    boards_of,
    language_of,
    place_of,
    shown_name,
    where_of,
)
from ops.match_report.thirdworld.decorations import Headed, decorated
from ops.match_report.thirdworld.opening import TODAY, Opening
from ops.match_report.thirdworld.reposts import put_up_again
from ops.match_report.thirdworld.retelling import Told, retold
from ops.match_report.thirdworld.shown import Shown, end_of, native_of, unix_ms
from ops.match_report.thirdworld.tables import EN, LANGUAGES, NL, stable, texts
from ops.match_report.thirdworld.titles import lowered, title

_LAGS = (0, 0, 1, 1, 2, 3, 4, 6, 9, 14)
_ENGLISH_LAGS = (-1, 0, 1, 2, 3, 5, 7, 10, 16)
"""Days after the employer that a board posts."""


def listings(opening: Opening, seed: int) -> list[Shown]:
    """What the boards make of an opening; one listing at least."""
    rng = random.Random(f"third:{seed}:{opening.key}")
    found = [_Listing(opening, board, seed, rng).shown() for board in boards_of(opening, rng)]
    if opening.kind == "vacancy" and opening.closes < TODAY - timedelta(days=4) and rng.random() < 0.2:
        at = rng.randrange(len(found))
        if found[at].posting.source != NORTH.source and found[at].posting.date_posted:
            found[at], again = put_up_again(found[at], seed, rng)
            found.append(again)
    return found


@dataclass(frozen=True, slots=True)
class _Days:
    posted: date
    valid: date | None
    left: date
    """When a withdrawn listing was last there."""
    is_gone: bool


class _Listing:
    """One board's listing in the making."""

    def __init__(self, opening: Opening, board: Board, seed: int, rng: random.Random) -> None:
        self.opening = opening
        self.board = board
        self.seed = seed
        self.rng = rng
        self.lang = language_of(opening, board)
        self.traits: set[str] = set()
        self.native = native_of(board.source, opening, seed)
        self.page = f"https://{board.host}/{('vacature', 'jobs')[self.lang]}/{self.native}"
        shares = (board.hours, board.pay, board.closing, board.reference)
        hours, pay, closing, reference = (rng.random() < share for share in shares)
        self.name = shown_name(opening, board, self.lang, rng, seed)
        self.agency, self.is_hidden = self._agency()
        employer = None if self.is_hidden else opening.employer.names[self.lang][0]
        has_closing = stable(opening.key, "open-ended") % 100 >= 28  # the others wait for whoever fits
        self.telling = Telling(hours, pay, closing and has_closing, reference, employer)
        self.closes = self._closes()

    def shown(self) -> Shown:
        lang = self.lang
        titles, bodies = self._texts()
        days = self._days()
        organisation, intermediary = self._who()
        posting = Posting(
            title=Title(**{LANGUAGES[key]: Text(text=text) for key, text in titles.items()}),
            description=Description(**{LANGUAGES[key]: RichText(html=body) for key, body in bodies.items()}),
            ad_language=LANGUAGES[lang],
            organisation=organisation,
            intermediary=intermediary,
            **self._place(),
            **self._addresses(),
            **self._terms(),
            **self._kind(titles[lang]),
            **self._filed(),
            **self._dated(days),
            provenance=Provenance(url=self.page, fetched_at=unix_ms(days.posted), rank=self.board.rank),
        )
        return Shown(self.opening, posting, frozenset(self.traits), frozenset(LANGUAGES[key] for key in titles))

    def _agency(self) -> tuple[str | None, bool]:
        """Whose advertisement it is, if not the employer's, and whether it hides the employer."""
        rng, board = self.rng, self.board
        if board is AGENCY:
            return board.agency, rng.random() < 0.6
        if board is GATHERED and rng.random() < 0.03:
            return rng.choice(texts("boards")["drieprovincies"]["agencies"]), rng.random() < 0.5
        return None, False

    def _closes(self) -> date:
        """The closing day as the listing has it: on other boards than the employers' own one in sixteen has a later one."""
        if self.rng.random() >= 0.06 or self.board is JOBS:
            return self.opening.closes
        self.traits.add("changed")
        return self.opening.closes + timedelta(days=self.rng.choice((7, 14)))

    def _texts(self) -> tuple[dict[int, str], dict[int, str]]:
        """Titles and bodies by language."""
        rng, board, opening, lang = self.rng, self.board, self.opening, self.lang
        view = replace(opening, closes=self.closes)
        blocks = advertisement(view, lang, self.telling)
        number = None
        if opening.work.occupation is not None and rng.random() < board.other_name:
            number = rng.randrange(3)
        department = None
        if board not in (JOBS, GATHERED):
            department = opening.is_department_in_title and rng.random() < 0.75
        plain = title(opening, lang, rng, name=number, department=department)
        slots = {
            "employer": self.name,
            "title": lowered(plain),
            "town": where_of(opening.town).municipality,
            "kind": texts("boards")["disguise"].get(opening.employer.sector, "een bedrijf"),
        }
        body = retold(rng, board, Told(blocks, lang, slots, self.agency, self.is_hidden))
        head = decorated(rng, board, Headed(opening, lang, plain, self.name, self.telling.hours))
        titles, bodies = {lang: head}, {lang: body}
        if board is CAMPUS and rng.random() < 0.12:
            second = NL if lang == EN else EN
            telling = replace(self.telling, employer=opening.employer.names[second][0])
            titles[second] = title(opening, second, rng, department=False)
            bodies[second] = to_html(advertisement(view, second, telling)[:3])
        return titles, bodies

    def _days(self) -> _Days:
        rng, board, closes, is_told = self.rng, self.board, self.closes, self.telling.closing
        lag = 0 if board is JOBS else rng.choice(_ENGLISH_LAGS if board is NORTH else _LAGS)
        posted = min(self.opening.posted + timedelta(days=lag), TODAY)
        ends = closes if is_told or rng.random() < 0.6 else closes + timedelta(days=rng.randint(0, 12))
        valid = closes if is_told else None
        if not is_told and board in (GATHERED, AGENCY) and rng.random() < 0.2:  # a day of the board's own
            valid = posted + timedelta(days=rng.choice((30, 60)))
        is_gone = rng.random() < (0.88 if ends < TODAY else 0.03)
        seen = min(ends + timedelta(days=rng.choice((0, 0, 1, 3))), TODAY - timedelta(days=rng.randint(0, 3)))
        if is_gone:
            self.traits.add("ghost")
        return _Days(posted, valid, max(posted, seen), is_gone)

    def _who(self) -> tuple[Organisation | None, Organisation | None]:
        """Employer and agency."""
        rng, board, name = self.rng, self.board, self.name
        domain = self.opening.employer.domain if rng.random() < board.domain else None
        organisation: Organisation | None = Organisation(name=name, domain=domain) if domain else Organisation(name=name)
        intermediary = None
        if self.agency is not None:
            self.traits.add("intermediary")
            agency = Organisation(name=self.agency)
            if self.is_hidden:
                organisation, intermediary = (None, agency) if rng.random() < 0.5 else (agency, None)
            elif rng.random() < 0.25:
                organisation = Organisation(name=f"{name} via {self.agency}")
            else:
                intermediary = agency
        elif rng.random() < board.nameless:
            organisation = None
        if organisation is None:
            self.traits.add("missing_employer")
        return organisation, intermediary

    def _place(self) -> dict[str, Any]:
        place = place_of(self.opening, self.board, self.rng)
        if place is None:
            self.traits.add("missing_place")
        hosts = self.opening.consortium
        if hosts:
            self.traits.add("multi_employer")
        is_listed = bool(hosts) and self.rng.random() < 0.7
        return {
            "locations": [place] if place else [],
            "consortium": [Organisation(name=host.names[self.lang][0]) for host in hosts] if is_listed else [],
        }

    def _addresses(self) -> dict[str, Any]:
        """The gatherer at times takes the whole listing of the employers' own board."""
        rng, opening, board = self.rng, self.opening, self.board
        applying = apply_of(opening, board, self.lang, self.native, self.page, rng)
        canonical = self.page
        if board is GATHERED and rng.random() < 0.035 and self.agency is None:
            canonical = f"https://{JOBS.host}/vacature/{native_of(JOBS.source, opening, self.seed)}"
            self.traits.add("echo")
        key = source_key(board.source, self.native)
        return {"apply": applying, "canonical_url": canonical, "source": board.source, "source_key": key}

    def _terms(self) -> dict[str, Any]:
        """Hours, pay and reference as fields."""
        rng, opening, board, telling = self.rng, self.opening, self.board, self.telling
        low, high = opening.hours
        hours = None
        if telling.hours:
            hours = Hours(min=high if rng.random() < 0.06 else low, max=high)
            if board in (START, CAMPUS) and rng.random() < 0.2:
                hours = None
        salary = None
        if opening.pay and telling.pay and rng.random() < 0.7:
            salary = Salary(min=opening.pay[0], max=opening.pay[1], currency="EUR", period="month")
        reference = opening.reference if telling.reference and rng.random() < board.reference_field else None
        if board is GATHERED and rng.random() < 0.04:
            reference = f"DP{self.native[:6]}"  # a number of its own
        return {"hours": hours, "salary": salary, "reference_number": reference}

    def _kind(self, title: str) -> dict[str, Any]:
        """Boards for starters and students know the kind, others have only the title's words."""
        rng, opening, board = self.rng, self.opening, self.board
        kind = Kind(opening.kind) if board in (START, CAMPUS) else kind_of(title, ())
        trainee = intern = None
        if opening.kind == "traineeship":
            trainee = Traineeship(
                duration_months=opening.duration if rng.random() < 0.6 else None,
                cohort_start=opening.start if rng.random() < 0.5 else None,
                intake_deadline=self.closes if self.telling.closing and rng.random() < 0.3 else None,
            )
        if opening.is_internship and board is CAMPUS:
            intern = Internship(start=opening.start if rng.random() < 0.5 else None)
        return {"kind": kind, "traineeship": trainee, "internship": intern}

    def _filed(self) -> dict[str, Any]:
        """Contract, education and field of work, as the board files them."""
        rng, opening = self.rng, self.opening
        contract = opening.contract if rng.random() < 0.35 else None
        education = list(opening.education) if rng.random() < self.board.education else []
        fields = texts("groups")["functions"].get(opening.work.group)
        is_filed = fields is not None and rng.random() < 0.5
        return {
            "contract": contract,
            "education_levels": education,
            "functions": [fields[self.lang]] if fields and is_filed else [],
        }

    def _dated(self, days: _Days) -> dict[str, Any]:
        return {
            "status": Status.WITHDRAWN if days.is_gone else Status.ACTIVE,
            "date_posted": datetime.combine(days.posted, time(8), UTC) if self.rng.random() < 0.97 else None,
            "valid_through": end_of(days.valid) if days.valid else None,
            "seq": unix_ms(days.left if days.is_gone else days.posted),
            "first_seen": unix_ms(days.posted),
        }

"""What an opening of the third world is: what an employer looks for, and what its own advertisement says of it.

Both are settled before any board has said a word, so that boards differ in what they show and never in what is true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ops.match_report.thirdworld.tables import Employer, Occupation, Pair

TODAY = date(2026, 11, 20)
"""The day on which the world is looked at; nothing was posted later."""
_MONTHS = (
    ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"),
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Work:
    """An occupation, or the topic of a traineeship or of a graduation project."""

    occupation: Occupation | None
    group: str
    topic: Pair = ("", "")


@dataclass(frozen=True, slots=True)
class Detail:
    """A sentence that only this opening has."""

    text: Pair
    form: int
    """Its row in texts.toml."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the employer's own advertisement says: numbers of sentences, counted round where a bank has fewer."""

    hook: int = 0
    offer: tuple[int, ...] = ()
    procedure: int = 0
    tasks: tuple[int, ...] = ()
    requirements: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    team: tuple[int, ...] = ()
    details: tuple[Detail, ...] = ()
    months: int = 0
    """Of one assignment of a traineeship, or of an internship."""
    years: int = 0
    """A trainee's degree may be so old."""
    pay: int = 0
    """Euros a month of a trainee or an intern."""


@dataclass(frozen=True, slots=True)
class Opening:
    key: str
    kind: str
    """`vacancy`, `side_job`, `internship`, `graduation_internship`, `traineeship`."""
    employer: Employer
    work: Work
    town: str
    level: str = ""
    """`Junior`, `Medior`, `Senior` or none."""
    department: Pair = ("", "")
    is_department_in_title: bool = False
    hours: tuple[int, int] = (36, 36)
    pay: tuple[int, int] | None = None
    contract: str | None = None
    reference: str | None = None
    job: str = ""
    """Its number in the employer's own recruitment system."""
    posted: date = TODAY
    closes: date = TODAY
    names: tuple[int, int] = (0, 0)
    """Which of the occupation's names its title has, in Dutch and in English."""
    said: Said = Said()
    consortium: tuple[Employer, ...] = ()
    """The employers of a shared traineeship."""
    start: date | None = None
    duration: int | None = None
    """Months."""
    education: tuple[str, ...] = ()

    @property
    def is_internship(self) -> bool:
        return "internship" in self.kind

    @property
    def profession(self) -> str:
        """The true occupation; openings of one employer that share it are look-alikes."""
        if self.work.occupation is None:
            return f"{self.kind.partition('_')[0]}: {self.work.topic[1]}"
        return self.work.occupation.key if self.kind == "vacancy" else f"{self.kind}: {self.work.occupation.key}"


def dated(day: date, lang: int) -> str:
    """`20 november 2026`."""
    return f"{day.day} {_MONTHS[lang][day.month - 1]} {day.year}"


def month_of(day: date, lang: int) -> str:
    """`november 2026`."""
    return f"{_MONTHS[lang][day.month - 1]} {day.year}"

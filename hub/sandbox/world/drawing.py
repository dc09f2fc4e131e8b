"""Chance with rules: draws titles, slugs, addresses, people and dates for the builder.

Everything comes from one `random.Random`, and nothing iterates over a set, so that a seed gives one world on every
machine and under every PYTHONHASHSEED.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from random import Random

from hub.sandbox.world.employers import Employer
from hub.sandbox.world.prose import Lang

FIRST = ("Fenna", "Jelle", "Wietske", "Sjoerd", "Aukje", "Harm", "Geertje", "Meindert", "Ytsje", "Roelof", "Tjitske", "Berend")
LAST = ("Voorbeeld", "Testema", "Proefstra", "Fictiema", "Verzonnen", "Schijnga", "Nepstra", "Denkbeeld")
TRACKING = (
    "?utm_source={source}&utm_medium=jobboard",
    "?utm_campaign=noord&utm_source={source}",
    "#solliciteer",
    "?gclid=Cj0{number}",
    "",
    "",
)


def slugify(text: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"<[^>]*>", "", ascii_text).lower()).strip("-")[:70] or "item"


def decorate_title(title: str, source: str, lang: Lang, hours: tuple[int, int], employer: Employer, rng: Random) -> str:
    """A platform's habit of writing titles."""
    low, high = hours
    if source == "miitn":
        return rng.choice((title, title, f"{title} (f/m/x)", f"{title} – {employer.short}", f"{title} ({low}-{high} hours)"))
    if source == "noorderlink":
        return rng.choice(
            (title, title, f"{title} m/v/x", f"{title} ({low}-{high} uur)", f"{title} | {employer.short}", title.upper())
        )
    if source == "vonk":
        return rng.choice((title, f"{title} ({employer.short})"))
    return rng.choice((title, f"{title} bij {employer.short}" if lang == "nl" else f"{title} at {employer.short}"))


def job_url(employer: Employer, slug: str, number: int, rng: Random) -> str:
    """An address that names one job: at a hosted ATS, or on the employer's own careers site."""
    if employer.ats == "hosted":
        return rng.choice(
            (
                f"https://{employer.key}.recruitee.com/o/{slug}-{number}",
                f"https://jobs.smartrecruiters.com/{employer.key}/7439998{number:08d}",
                f"https://boards.greenhouse.io/{employer.key}/jobs/4{number:06d}",
                f"https://apply.workable.com/{employer.key}/j/{number:010X}/",
            )
        )
    return rng.choice(
        (
            f"https://werkenbij.{employer.domain}/vacatures/{number}-{slug}",
            f"https://werkenbij.{employer.domain}/vacature?id={number}",
            f"https://www.{employer.domain}/vacatures/{slug}-{number}",
        )
    )


def with_tracking(url: str, source: str, number: int, rng: Random) -> str:
    """The same address as a board links it: tracking parameters, a fragment, capitals in the host."""
    suffix = rng.choice(TRACKING).format(source=source, number=number)
    if suffix.startswith("?") and "?" in url:
        suffix = "&" + suffix[1:]
    if rng.random() < 0.15:
        scheme, _, rest = url.partition("://")
        host, _, path = rest.partition("/")
        url = f"{scheme}://{host.upper()}/{path}"
    return url + suffix


def person(employer: Employer, rng: Random) -> tuple[str, str, str]:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    phone = rng.choice(("06-12345678", "050-1234567"))
    return f"{first} {last}", f"{first[0].lower()}.{last.lower()}@{employer.domain}", phone


def at(day: date, seconds: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)


def past_moment(base: date, rng: Random, within_days: int = 60) -> datetime:
    """A moment in office hours before the base date."""
    return at(base - timedelta(days=rng.randint(1, within_days)), rng.randint(7 * 3600, 17 * 3600))


def closing_day(base: date, rng: Random, within_days: int = 90) -> date:
    """Never within three days of the base date, so that midnight changes nothing."""
    return base + timedelta(days=rng.randint(3, within_days))

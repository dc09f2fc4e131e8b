"""Small employers, made on the way: a trade, a family's or a terp's name, and names as boards come to spell them."""

from __future__ import annotations

import random
import re
from functools import lru_cache

from ops.match_report.thirdworld.tables import EN, NL, Employer, employers, pairs, texts

_ELSEWHERE = ("Emmeloord", "Zoetermeer", "Zwolle")
"""Towns of employers that lie outside the region."""


@lru_cache(maxsize=1)
def towns() -> tuple[str, ...]:
    return tuple(sorted({town for employer in employers() for town in employer.towns if town not in _ELSEWHERE}))


def small_employer(rng: random.Random, number: int) -> Employer:
    small = texts("small")
    trade = rng.choice(small["trades"])
    form: list[str] = trade["names"][rng.randrange(len(trade["names"]))]
    family, second, terp = rng.choice(small["families"]), rng.choice(small["families"]), rng.choice(small["terps"])
    town, staff, year = rng.choice(towns()), rng.randint(8, 140), rng.randint(1921, 2021)
    name, english = (text.format(family=family, second=second, terp=terp) for text in form)
    about = rng.sample(pairs("small", "about"), 2)
    is_family = "{family}" in form[NL]
    names = [name, f"{name} B.V.", *([f"{name} {town}"] if rng.random() < 0.25 else [])]
    if is_family and rng.random() < 0.3:
        names.append(f"{rng.choice(('Gebr.', 'Fa.', 'Koninklijke'))} {family} {name.replace(family, '').strip()}".strip())
    abroad = (name, english) if rng.random() < 0.5 else (english, name) if rng.random() < 0.5 else (name,)
    hard = (f"{family} {rng.choice(('Groep', 'Holding', 'Beheer'))}",) if rng.random() < 0.3 and is_family else ()
    slots = {"name": name, "trade": trade["word"], "town": town, "staff": staff, "year": year}
    slug = re.sub(r"[^a-z]", "", name.lower())
    return Employer(
        key=f"sme-{number}-{slug}",
        sector=trade["sector"],
        weight=1,
        domain=f"{slug}.example",
        towns=(town, *([rng.choice(towns())] if rng.random() < 0.2 else [])),
        reference="",
        names=(tuple(names), abroad),
        hard_names=hard,
        about=(tuple(pair[NL].format(**slots) for pair in about), tuple(pair[EN].format(**slots) for pair in about)),
        is_small=True,
    )

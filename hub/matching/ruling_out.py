"""Ruling out: pairs that are not worth keeping, seen without naming a single level.

Of thirty pairs that blocks bring, one or two are worth keeping. What is cheap to look at is added up first, with the most
that everything after it could add, and a pair is let go as soon as that is too little. Nothing here is an estimate: only a
pair that a full comparison would not keep is ever let go, and what is not let go is compared in full.
"""

from __future__ import annotations

from collections.abc import Iterable

from hub.matching.comparing import DISAGREEING, is_worded_alike, may_be_identified
from hub.matching.entry import Entry
from hub.matching.levels import (
    CLOSING_NEAR,
    Context,
    address,
    closing_days,
    contract,
    education,
    employer,
    has_own_term,
    hours,
    lives_overlap,
    municipality,
    pay,
    published,
    said_beside,
    title_pair,
)
from hub.matching.model import Weights
from hub.matching.titles import compare_titles
from hub.matching.wording import body, facts, figures, names, names_one_work, vocabulary

TITLES_KEPT = 1 << 17
DAYS = 100
"""From so many days on no difference says anything else."""


class Doorkeeper:
    """Lets every pair in that may be worth keeping by `weights`, and few others."""

    def __init__(self, weights: Weights, context: Context) -> None:
        bits, caps = weights.levels, weights.caps
        most = {field: max(rows.values()) for field, rows in bits.items()}
        self._context = context
        self._bits = bits
        self._least = weights.possible
        self._closing = [bits["closing"][closing_days(days)] for days in range(DAYS + 1)]
        self._published = [bits["published"][published(days)] for days in range(DAYS + 1)]
        self._of_dates = most["lives"], caps["dates"]
        self._most_figures = most["figures"] + most["facts"]
        self._cap_figures, self._cap_terms, self._cap_wording = caps["figures"], caps["terms"], caps["wording"]
        self._of_titles = {level: 2 * bit + (level in DISAGREEING) for level, bit in bits["title"].items()}
        self._titles: dict[int, int] = {}
        """Numbers of two wordings → bits of their level, doubled; one more where they disagree."""
        self._base = weights.prior + most["kind"]
        self._repost = min(caps["dates"], bits["closing"]["missing"] + bits["published"]["missing"]) + most["repost"]
        self._unsaid = sum(bits[field]["none"] for field in ("level", "department", "number"))
        self._other_reference = max(bits["reference"]["different"], bits["reference"]["other_numbering"])
        self._most_unit, self._no_unit = most["unit"], bits["unit"]["none"]
        self._most_occupation, self._no_occupation = most["occupation"], bits["occupation"]["none"]
        self._programme = bits["municipality"]["programme"] - bits["municipality"]["different"]
        """What a consortium gives back of the bits of two places."""
        self._most_employer = most["employer"] + max(0, self._programme)
        self._after_place = self._most_employer + min(caps["wording"], most["body"] + most["vocabulary"] + most["names"])
        self._after_terms = self._after_place + most["municipality"] + most["reference"] + most["address"]

    def sift(self, entry: Entry, partners: Iterable[Entry]) -> list[Entry]:
        """Those of `partners` who may be worth keeping beside `entry`: all whom `judge` would keep, and few others."""
        if entry.family == "event":
            return [partner for partner in partners if partner.family == "event"]
        source, reposted = entry.source, self._base + self._repost
        # Most postings of one platform are told apart by what costs least to see.
        possible = [
            one for one in partners if one.source != source or _may_be_repost(entry, one) or may_be_identified(entry, one)
        ]
        found = []
        for partner, title in self._with_facts(entry, possible):
            if may_be_identified(entry, partner):
                found.append(partner)
            else:
                others = reposted if partner.source == source else self._base + self._dates(entry, partner)
                if self._is_enough(entry, partner, others + title):
                    found.append(partner)
        return found

    def _with_facts(self, entry: Entry, partners: Iterable[Entry]) -> list[tuple[Entry, int]]:
        """Partners with the bits of their title, without those whose title disagrees and who share no fact either."""
        found = []
        family, asks, closes, pay, has_body = entry.family, entry.asks, entry.closes, entry.pay, bool(entry.bodies)
        for partner in partners:
            if asks & partner.says:
                title = self._title(entry, partner)
                if not title & 1:
                    if partner.family == family:
                        found.append((partner, title >> 1))
                    continue
            if (
                (closes is not None and closes == partner.closes)
                or (pay and pay == partner.pay)
                or (has_body and is_worded_alike(entry, partner))
                or may_be_identified(entry, partner)
                or names_one_work(entry, partner)
            ) and partner.family == family:
                found.append((partner, self._title(entry, partner) >> 1))
        return found

    def _is_enough(self, first: Entry, second: Entry, total: int) -> bool:
        """Whether `total`, of titles and dates, and all that the other fields may add come to the review list.

        What is dear to look at comes last: marks, texts, and employers, most of whom were never compared before.
        """
        bits, least = self._bits, self._least
        ends = bits["hours"][hours(first.hours, second.hours)] + bits["pay"][pay(first.pay, second.pay)]
        total += self._terms(first, second)
        total += self._no_unit if first.units is None and second.units is None else self._most_unit
        total += self._most_occupation if first.occupations or second.occupations else self._no_occupation
        if total + self._figures(ends + self._most_figures) + self._after_terms < least:
            return False
        total += self._place(first, second)
        if total + self._figures(ends + self._most_figures) + self._after_place < least:
            return False
        total += self._figures(ends + bits["figures"][figures(first, second)] + bits["facts"][facts(first, second)])
        if total + self._after_place < least:
            return False
        total += self._wording(first, second)
        return total + self._most_employer >= least and total + self._employer(first, second) >= least

    def _dates(self, first: Entry, second: Entry) -> int:
        a, b = first.closes, second.closes
        said = self._published[min(DAYS, abs(first.published - second.published))]
        if a is None or b is None:
            said += self._bits["closing"]["missing"]
        else:
            days = abs(a - b)
            is_own = days > CLOSING_NEAR and (has_own_term(first) or has_own_term(second))
            said += self._bits["closing"]["own_term"] if is_own else self._closing[min(DAYS, days)]
        most, cap = self._of_dates
        return max(-cap, min(cap, said + most))

    def _place(self, first: Entry, second: Entry) -> int:
        """Municipality, reference and address, which name no single job here."""
        bits = self._bits
        a, b = first.municipalities, second.municipalities
        total = bits["municipality"]["same" if a is b and a else municipality(first, second)]
        if first.reference is None or second.reference is None:
            total += bits["reference"]["none"]
        else:
            total += self._other_reference  # equal ones never come here
        if first.job_keys and second.job_keys:
            return total + bits["address"][address(first, second, self._context)]
        return total + bits["address"]["none"]

    def _employer(self, first: Entry, second: Entry) -> int:
        level = employer(first, second, self._context)
        said = self._bits["employer"][level]
        if level == "consortium" and municipality(first, second) == "different":
            return said + self._programme
        return said

    def _title(self, first: Entry, second: Entry) -> int:
        """Bits of the titles' level, doubled; one more where they disagree."""
        a, b = first.said_nl, second.said_nl
        if not (a and b):
            a, b = _said_in_common(first, second)
        key = a << 32 | b if a < b else b << 32 | a
        known = self._titles.get(key)
        if known is None:
            pair = title_pair(first, second)
            if pair is None:
                return self._of_titles["missing"]
            if len(self._titles) >= TITLES_KEPT:
                self._titles.clear()
            known = self._titles[key] = self._of_titles[compare_titles(*pair).level]
        return known

    def _terms(self, first: Entry, second: Entry) -> int:
        """Contract and education; level, department and numbers of the title."""
        bits, cap = self._bits, self._cap_terms
        said = bits["contract"][contract(first.contract, second.contract)]
        said += bits["education"][education(first.education, second.education)]
        said = max(-cap, min(cap, said))
        if first.is_plain and second.is_plain:
            return said + self._unsaid
        pair = title_pair(first, second)
        if pair is None:
            return said + self._unsaid
        return said + sum(bits[field][level] for field, level in said_beside(*pair, first.levels, second.levels).items())

    def _figures(self, said: int) -> int:
        return max(-self._cap_figures, min(self._cap_figures, said))

    def _wording(self, first: Entry, second: Entry) -> int:
        of_body = body(first, second)
        said = self._bits["body"][of_body] + self._bits["vocabulary"][vocabulary(first, second, of_body)]
        said += self._bits["names"][names(first, second)]
        return max(-self._cap_wording, min(self._cap_wording, said))


def _said_in_common(first: Entry, second: Entry) -> tuple[int, int]:
    """Numbers of the wordings that `title_pair` takes where not both have a Dutch title."""
    if first.said_en and second.said_en:
        return first.said_en, second.said_en
    return first.said_nl or first.said_en, second.said_nl or second.said_en


def _may_be_repost(first: Entry, second: Entry) -> bool:
    """What `is_repost` asks first and costs little."""
    if first.municipalities != second.municipalities or first.kind is not second.kind:
        return False
    if not lives_overlap(first, second):
        return True
    if first.reference is not None and first.reference == second.reference:
        return True
    return any(key in second.job_keys for key in first.job_keys)

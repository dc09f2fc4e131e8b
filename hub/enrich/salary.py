"""Pay from the text: amounts with period, hours basis, CAO and scale; the line as stated is kept.

A number is pay only on a line that speaks of pay; budgets, turnover and allowances are left alone, and "marktconform"
is no number. A period that is not stated is guessed by the amount, and said to be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain, pairwise

from hub.domain.pay import Period, guess_period, is_plausible
from hub.domain.posting import Salary
from hub.enrich.reading import Reading, needles

_HINTS = needles(
    "€",
    "euro",
    "bruto",
    "gross",
    "eur",
    "salaris",
    "salary",
    "schaal",
    "scale",
    "cao",
    "loon",
    "fwg",
    "wage",
    "marktconform",
    "verdien",
    "beloning",
    "collective",
    "vergoeding",
    "allowance",
)
_AMOUNT = (
    r"(?:€|eur\b|euros?\b)?\s*(\d{1,3}(?:[.,]\d{3})+(?:,\d{1,2})?|\d{1,6}(?:[.,]\d{1,2})?)(?:,-+|,=|\.-+"
    r"|,–)?\s*(k\b)?\s*(?:€|euros?\b|eur\b)?"
)
_RANGE = re.compile(
    rf"{_AMOUNT}(?:\s*(?:bruto|gross|per (?:maand|month|uur|hour|jaar|year)|p\.?/?m\.?))*"
    r"(?:\s*(?:in|during) (?:the|het|your|je) (?:first|eerste) (?:year|jaar))?(?:\s*\([^)€]{0,40}\))?"
    r",?\s*(?:(?:en )?oplopend\s+|(?:and )?(?:rising|increasing|growing)\s+)?"
    r"(?:-|–|(?:en )?(?:door)?groei(?:t|end) (?:naar|tot)|and grows to"
    r"|(?=max(?:imaal|imum|\.))|en(?: maximaal| max\.?)?|tot(?: en met| maximaal| max\.?)?|t/m"
    rf"|and(?: a maximum of| maximum| max\.?)?|to(?: a maximum of)?|up to|/)"
    rf"\s*(?:max(?:imaal|imum|\.)?\s*|hoogstens\s*|(?:at|of) most\s*)?{_AMOUNT}",
    re.IGNORECASE,
)
_SINGLE = re.compile(_AMOUNT, re.IGNORECASE)
_MONEY = re.compile(r"€|\beuros?\b|\beur\b|\d,-", re.IGNORECASE)
_GROSS = re.compile(r"\W*(?:bruto|gross)\b|,?-?\s*(?:per |/\s?)(?:uur|hour|maand|month)\b", re.IGNORECASE)
"""What follows an amount of pay that stands without a currency."""
_PAY = re.compile(
    r"salar|loon\b|uurloon|maandloon|verdien|beloning|bruto|gross|\bwage|\bpay\b|\bearn|schaal|\bscale\b|per (?:maand|month"
    r"|uur|hour|jaar|year|annum)"
    r"|/\s?(?:uur|hour|maand|month)\b|p/m|p\.m\.|per mnd|inschaling|\bcao\b"
    r"|\bfwg\b|compensation|remuneration|vergoeding van|allowance (?:of|is)"
    r"|uurtarief|hourly|stage-?vergoeding|internship (?:allowance|fee)",
    re.IGNORECASE,
)
_OTHER_MONEY = re.compile(
    r"reiskosten|budget|omzet|turnover|revenue|bonus|vakantiegeld|vakantietoeslag|holiday allowance|travel"
    r"|thuiswerkvergoeding|miljoen|miljard|million"
    r"|billion|\bmln\b|korting|discount|subsidie|investe|prijs|\bfonds\b|cadeau|kosten|per kilometer|/km|per km"
    r"|\btickets?\b|entree|eindejaars|boete|(?<!voor)waarde\b|\bvalue\b|premie\b|\breferral|toeslag|pensioen|\bpension|\bextra\b"
    r"|stijgt (?:\w+ ){0,3}met|verhoging|increases? by|\bhuur(?:prijs)?\b|\brent\b|collegegeld|tuition|on top of|\bevening"
    r"|\bshifts|\binternet|telefoon|\bphone\b|\bsport|\bfiets\b|\bbike\b|maaltijd|\bmeals?\b|belastingvrij|\btax[- ]free"
    r"|\b(?:met|with) (?:een |an )?(?:\w+ )?(?:inkomen|income)\b",
    re.IGNORECASE,
)
_PAY_NAME = re.compile(r"salar|loon\b|\bverdien|\bwage|\bearn|stage-?vergoeding", re.IGNORECASE)
_NAMED_BEFORE = re.compile(
    r"(?:salaris|salary|maandloon|\bpay)(?:indicatie| range)?"
    r"(?:\s|:|\b(?:bruto|gross|tussen|between|van|from|de|is|per maand)\b)*$",
    re.IGNORECASE,
)
"""What stands before two amounts of pay without a currency."""
_LEAST_NAMED, _YEARS = 1_500, range(1_990, 2_040)
_OF_INTERNS = re.compile(r"stage-?vergoeding|internship (?:allowance|compensation|fee)", re.IGNORECASE)
"""Paid by the month where nothing else is said."""
_ONE_THOUGHT = 120
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!max\.)(?<!min\.)(?<!ca\.)\s+(?=[A-ZÀ-Þ(])")
_UNIT = re.compile(
    r"(?:\s*(?:bruto|gross|netto|net|per (?:maand|mnd|month|uur|hour|jaar|year|week|dag|day)|a (?:month|year|week)))*",
    re.IGNORECASE,
)
_PART_END = re.compile(r"[,;.!?(+]|\b(?:en|and|plus)\b", re.IGNORECASE)
_INCLUDED = re.compile(r"\b(?:in|ex)cl\w*\.?\s+(?:[\d,]+\s?% )?[\w-]*$", re.IGNORECASE)
_NO_AMOUNT = re.compile(r"\s*(?:\+|%|(?:jaar|jarige\w*|years?|dagen|days)\b)", re.IGNORECASE)
"""What follows a number that is an age, a share or a count."""
_PERIODS: tuple[tuple[re.Pattern[str], Period], ...] = (
    (re.compile(r"per uur|/\s?uur|p/?\.?u\b|per hour|an hour|hourly|uurloon|uurtarief|/\s?hour|/\s?hr", re.IGNORECASE), "hour"),
    (
        re.compile(
            r"per maand|/\s?maand|p/?\.?m\.?\b|per mnd|per month|a month|monthly|maandsalaris|maandloon|bruto\s*maand"
            r"|/\s?month|maandelijks",
            re.IGNORECASE,
        ),
        "month",
    ),
    (
        re.compile(
            r"per jaar|/\s?jaar|p/?\.?j\b|per year|a year|annual|yearly|per annum|p\.a\.|jaarsalaris|op jaarbasis|/\s?year"
            r"|bruto jaar",
            re.IGNORECASE,
        ),
        "year",
    ),
    (re.compile(r"\b(?:per|a) week(?!\w)|/\s?week|weekly|weekloon", re.IGNORECASE), "week"),
    (re.compile(r"per dag\b|/\s?dag|\b(?:per|a) day\b|daily rate|dagtarief", re.IGNORECASE), "day"),
)
_COUNTED = re.compile(r"(?:\b(?:uur|uren|h(?:ou)?rs?|keer|times?|maal|weken|weeks)|d(?:ag(?:en)?|ays?))\W*$", re.IGNORECASE)
"""What is counted per week or year just before the words: `32 uur per week`, `25 vakantiedagen per jaar` are no period of pay."""
_HOURS_BASIS = re.compile(
    r"(?:bij|o\.?b\.?v\.?|op basis van|uitgaande van|gebaseerd op|based on|for|voor|obv)\s+(?:a |an "
    r"|een )?(?:full[- ]?time\s*)?(?:\w+\s+van\s+)?\(?"
    r"(\d{2}(?:[.,]\d{1,2})?)[\s-]*(?:uur|urige|hours?|hour|u\b)(?!\s*(?:per dag|vrij))|(\d{2})[- ]urige werkweek"
    r"|(\d{2})[- ]hour (?:work(?:ing)?[- ]?)?week"
    r"|\((\d{2}) (?:uur|hours)(?: per week)?\)",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\b(?:salaris|functie|loon)?(?:schaal|scale)\s*:?\s*((?:hbo|mbo|uwv|rijk|cao)?\s?[0-9]{1,2}[a-e]?(?:\.\d)?(?:\s*(?:/|-"
    r"|en|and|of|or|tot|t/m|to)\s*(?:schaal |scale )?\d{1,2}[a-e]?(?!\d|[.,]\d|\s*(?:uur|hours)))?)"
    r"(?![\d%]|[.,]\d|\s*(?:uur|euro))"
    r"|\bfwg\s*:?\s*(\d{2}(?:\s*(?:/|-|of|tot)\s*\d{2})?)|\bfunctiegroep\s+(\d{1,2})",
    re.IGNORECASE,
)
_CAO_NAME = re.compile(
    r"\b[Cc](?:ao|AO)[ -](?:(?:van|voor) (?:de |het )?)?([A-Z][\w&-]*(?:(?: en| voor de| voor het| voor| van de"
    r"| van)? [A-Z][\w&-]*){0,4}"
    r"|(?:gemeenten|rijk|ziekenhuizen|onderwijs|metaal\w*|bouw|provincies|waterschappen|retail|energie))"
    r"|\b[Cc]ollective (?:[Ll]abou?r |[Bb]argaining )?[Aa]greement,? (?:of|for|at) (?:the )?([A-Z][\w-]*(?: (?:of|for"
    r"|and)?\s?[A-Z][\w-]*){0,4})"
)


def find(stated: Salary | None, reading: Reading) -> tuple[Salary | None, tuple[str, ...]]:
    """`stated` with what the text adds, and the names of the fields that came from it."""
    lines = [_sentences(line) for line in reading.lines_with(_HINTS)]
    if not lines:
        return stated, ()
    values = {name: value for name, value in stated.__dict__.items() if value is not None} if stated else {}
    before = dict(values)
    if "min" not in values and "max" not in values:
        stated_amounts = [found for line in lines for found in _amounts_of(line)]
        if stated_amounts:
            best = min(stated_amounts, key=lambda found: not ("min" in found and "max" in found and found["min"] != found["max"]))
            values = best | {key: value for key, value in values.items() if key not in ("currency", "period")}
    elif values.get("period_is_guess") and (period := _period_of(values, lines)) is not None:
        del before["period"], values["period_is_guess"]
        values["period"] = period
    for sentence in chain.from_iterable(lines):
        for name, value in _terms_of(sentence):
            values.setdefault(name, value)
    added = tuple(key for key in values if key not in before and key != "period_is_guess")
    return (Salary(**values), added) if added else (stated, ())


def _period_of(stated: Mapping[str, object], lines: Iterable[list[str]]) -> object:
    """Of which period the text says the stated amounts are; None where it says neither or but seems to."""
    for found in chain.from_iterable(map(_amounts_of, lines)):
        is_same = all(found.get(end) == stated[end] for end in ("min", "max") if stated.get(end) is not None)
        if is_same and found.get("period") and not found.get("period_is_guess"):
            return found["period"]
    return None


def _sentences(line: str) -> list[str]:
    """A short line is one thought; in a long one a budget per year stands beside the pay per month."""
    return [line] if len(line) <= _ONE_THOUGHT else _SENTENCE_END.split(line)


def _amounts_of(sentences: list[str]) -> list[dict[str, object]]:
    """Pay that the sentences of one line state; where none does alone, two that follow each other."""
    alone = [found for one in sentences if (found := amounts(one[:600])) is not None]
    return alone or [found for pair in pairwise(sentences) if (found := amounts(" ".join(pair)[:600])) is not None][:1]


@lru_cache(maxsize=2048)
def _terms_of(line: str) -> tuple[tuple[str, object], ...]:
    """Scale, CAO and hours basis that one line names, and the line itself."""
    found: list[tuple[str, object]] = []
    if scale := _SCALE.search(line):
        found.append(("scale", next(filter(None, scale.groups())).strip()))
    if cao := _CAO_NAME.search(line):
        found.append(("cao", next(filter(None, cao.groups())).strip()))
    basis = _HOURS_BASIS.search(line)
    if basis and _PAY.search(line):
        hours = float(next(filter(None, basis.groups())).replace(",", "."))
        found += [("hours_basis", hours)] if 20 <= hours <= 48 else []
    return (*found, ("as_stated", _stated(line))) if found else ()


def _stated(line: str) -> str:
    return line.strip().removeprefix("- ")[:300]


@lru_cache(maxsize=1024)
def amounts(line: str) -> dict[str, object] | None:
    """Range or single amount of one line, with currency and period; None when it states no pay in numbers."""
    if not (_PAY.search(line) and (_MONEY.search(line) or _PAY_NAME.search(line) or _GROSS.search(line) or _periods(line))):
        return None
    for match in _RANGE.finditer(line):
        low, high = _number(match.group(1), match.group(2) or match.group(4)), _number(match.group(3), match.group(4))
        if (
            low <= high
            and not _NO_AMOUNT.match(line, match.end())
            and (_is_pay(line, match) or _is_named(line, match, low, high))
            and (found := _with_period(line, match, low, high))
        ):
            return found
    for match in _SINGLE.finditer(line):
        amount = _number(match.group(1), match.group(2))
        if (_MONEY.search(match.group()) or _GROSS.match(line, match.end())) and _is_pay(line, match):
            before = line[max(0, match.start() - 28) : match.start()].lower()
            capped = re.search(r"max|\btot(?: \w+){0,2} ?$|up to|hoogste", before) is not None
            floored = re.search(r"\bmin|\b(?:vanaf|from)\b(?! \d)|at least|start", before) is not None
            bounds = (None, amount) if capped else (amount, None) if floored else (amount, amount)
            if found := _with_period(line, match, *bounds):
                return found
    return None


def _is_pay(line: str, match: re.Match[str]) -> bool:
    """Money that nothing beside it calls something else. A word for pay between such a word and the amount outweighs it."""
    named = [
        other.end()
        for other in _OTHER_MONEY.finditer(line, max(0, match.start() - 32), match.start())
        if not _INCLUDED.search(line, max(0, other.start() - 20), other.start())
    ]
    if named and not _PAY_NAME.search(line, named[-1], match.start()):
        return False
    unit = _UNIT.match(line, match.end())
    start = unit.end() if unit else match.end()
    if _OTHER_MONEY.search(_PART_END.split(line[start : start + 14])[0]):
        return False
    is_money = _MONEY.search(line[max(0, match.start() - 3) : match.end() + 8]) or _GROSS.match(line, match.end())
    return is_money is not None


def _is_named(line: str, match: re.Match[str], low: float, high: float) -> bool:
    """`Bruto salaris tussen 2400 en 3200`: pay by its name alone, and no years."""
    if low < _LEAST_NAMED or (low in _YEARS and high in _YEARS):
        return False
    return _NAMED_BEFORE.search(line, 0, match.start()) is not None


def _number(text: str, thousand: str | None) -> float:
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:,\d{1,2})?", text):
        whole, _, cents = text.rpartition(",") if re.search(r",\d{1,2}$", text) else (text, "", "")
        value = float(re.sub(r"[.,]", "", whole or text) + (f".{cents}" if cents else ""))
    else:
        value = float(text.replace(",", "."))
    return value * 1000 if thousand else value


def _periods(line: str, start: int = 0, end: int = 0) -> list[Period]:
    """Periods that the line names, those nearest to `start` to `end` first."""
    found = [
        (max(said.start() - end, start - said.end(), 0), period)
        for pattern, period in _PERIODS
        for said in pattern.finditer(line)
        if not _COUNTED.search(line, max(0, said.start() - 20), said.start())
    ]
    return [period for _, period in sorted(found, key=lambda one: one[0])]


def _with_period(line: str, match: re.Match[str], low: float | None, high: float | None) -> dict[str, object] | None:
    amount = high if high is not None else low
    if amount is None:
        return None
    stated = _periods(line, *match.span())
    period = next((period for period in stated if is_plausible(period, amount)), None)
    guess = period is None
    if period is None:
        period = guess_period(amount)
    of_interns = guess and not stated and 100 <= amount <= 1_200 and _OF_INTERNS.search(line) is not None
    if of_interns:
        period = "month"
    if (
        not is_plausible(period, amount)
        or (low is not None and not is_plausible(period, low))
        or (guess and not of_interns and (stated or 100 <= amount < 400))
    ):
        return None
    values: dict[str, object] = {"currency": "EUR", "period": period, "period_is_guess": guess, "as_stated": _stated(line)}
    if low is not None:
        values["min"] = low
    if high is not None:
        values["max"] = high
    return values

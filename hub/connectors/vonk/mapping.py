"""Vonk's offer → Posting: the format's mapping, and what makes a programme of several employers.

The hosting employer is the organisation and Vonk the intermediary. A programme states its placements as custom fields
("Plaatsing 1": organisation, months), and its length and training day beside them; what stands only in the text
("3 plaatsingen van 8 maanden") is used where the fields are silent, and marked in `field_origins`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hub.domain.posting import Kind, Organisation, Placement, Posting, Traineeship
from hub.sdk import MappingContext
from hub.sdk.dates import to_date
from hub.sdk.formats.recruitee import CustomField, Offer, OfferPayload, offer_to_posting
from hub.sdk.html import to_line, to_text
from hub.sdk.money import parse_amount

VONK = Organisation(name="Vonk", domain="vonktraineeship.nl", url="https://www.vonktraineeship.nl")
"""Named by its domain: another school group is called Vonk too."""

_PLACEMENT = re.compile(r"^(?:plaatsing|placement|werkplek|opdracht)\s*\d*$", re.I)
_DURATION = re.compile(r"^(?:duur|looptijd|duration|length)", re.I)
_START = re.compile(r"^(?:start|begin|cohort)", re.I)
_DEADLINE = re.compile(r"deadline|sluitingsdatum|aanmelden tot", re.I)
_TRAINING = re.compile(r"training|opleidingsdag|lesdag", re.I)
_GUARANTEE = re.compile(r"baangarantie|job guarantee|vast contract na", re.I)
_EMPLOYERS = re.compile(r"^(?:werkgevers|employers|partners|organisaties)$", re.I)
_EMPLOYER_KEYS = ("organisation", "organization", "employer", "company_name", "name")
_NUMBERS = {"een": 1, "one": 1, "twee": 2, "two": 2, "drie": 3, "three": 3, "vier": 4, "four": 4}
_NUMBER = rf"(\d{{1,2}}|{'|'.join(_NUMBERS)})"
_IN_TEXT = (
    (re.compile(rf"{_NUMBER}\s+(?:plaatsingen|opdrachten|placements)\s+van\s+{_NUMBER}\s+maanden", re.I), 1),
    (re.compile(rf"{_NUMBER}\s+placements\s+of\s+{_NUMBER}\s+months", re.I), 1),
    (re.compile(rf"traineeship\s+(?:van|of|duurt|lasts)\s+{_NUMBER}\s+(?:maanden|months)", re.I), 1),
    (re.compile(rf"traineeship\s+(?:van|of|duurt|lasts)\s+{_NUMBER}\s+(?:jaar|years)", re.I), 12),
    (re.compile(rf"{_NUMBER}[- ]?(?:jarige?|year)\s+(?:\w+\s+)?(?:trainee|programm)", re.I), 12),
)


def to_posting(payload: OfferPayload, context: MappingContext) -> Posting:
    offer = payload.offer
    posting = offer_to_posting(offer, context)
    changes: dict[str, Any] = {}
    if posting.organisation is None or posting.organisation.name.lower() == "vonk":
        changes["organisation"] = VONK
    else:
        changes["intermediary"] = VONK
    if posting.kind is Kind.TRAINEESHIP:
        origins = dict(posting.field_origins)
        traineeship = _traineeship(offer, posting, origins)
        changes |= {"traineeship": traineeship, "consortium": _consortium(offer, traineeship), "field_origins": origins}
    return posting.model_copy(update=changes)


def _traineeship(offer: Offer, posting: Posting, origins: dict[str, str]) -> Traineeship:
    fields = offer.custom_fields
    placements = _placements(offer)
    months = _months(_value(fields, _DURATION))
    if months is None and placements and all(one.months for one in placements):
        months = sum(one.months or 0 for one in placements)
        origins["traineeship.duration_months"] = "vonk.duration.sum_of_placements"
    if months is None:
        months = _months_in_text(posting)
        if months is not None:
            origins["traineeship.duration_months"] = "vonk.duration.text"
    start, deadline = _text(_value(fields, _START)), _text(_value(fields, _DEADLINE))
    stated = to_date(deadline, field="offer.custom_fields")
    return Traineeship(
        duration_months=months,
        cohort_start=to_date(start, field="offer.custom_fields"),
        intake_deadline=stated or (posting.traineeship.intake_deadline if posting.traineeship else None),
        placements=placements,
        training_days=_text(_value(fields, _TRAINING)),
        job_guarantee=_truth(_value(fields, _GUARANTEE)),
    )


def _placements(offer: Offer) -> list[Placement]:
    stated: list[Any] = [
        {"name": one.employer, "months": one.months or one.duration_months, "role": one.role} for one in offer.placements
    ]
    stated += [field.value for field in offer.custom_fields if field.name and _PLACEMENT.match(field.name.strip())]
    return [found for value in stated if (found := _placement(value)) is not None]


def _placement(value: Any) -> Placement | None:
    """`{"organisation": …, "months": 8}`, or the organisation's name alone."""
    if isinstance(value, str):
        value = {"organisation": value}
    if not isinstance(value, Mapping):
        return None
    name = next((value[key] for key in _EMPLOYER_KEYS if value.get(key)), None)
    if not isinstance(name, str) or not (name := to_line(name)):
        return None
    role = value.get("role")
    return Placement(
        organisation=name, months=_months(value.get("months")), role=to_line(role) or None if isinstance(role, str) else None
    )


def _consortium(offer: Offer, traineeship: Traineeship) -> list[Organisation]:
    """Every employer that takes part, once, the lead among them; none for a programme of one employer."""
    names = [one.organisation for one in traineeship.placements]
    listed = _value(offer.custom_fields, _EMPLOYERS)
    if isinstance(listed, list):
        names += [to_line(name) for name in listed if isinstance(name, str)]
    elif isinstance(listed, str):
        names += [to_line(name) for name in re.split(r"[,;\n]", listed)]
    names = list(dict.fromkeys(name for name in names if name))
    return [Organisation(name=name) for name in names] if len(names) > 1 else []


def _value(fields: Iterable[CustomField], name: re.Pattern[str]) -> Any:
    return next((field.value for field in fields if field.name and name.search(field.name.strip())), None)


def _text(value: Any) -> str | None:
    return to_line(str(value)) or None if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _months(value: Any) -> int | None:
    """`24`, `"24 maanden"`, `"2 jaar"`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    amount = parse_amount(str(value))
    if amount is None or not 0 < amount <= 120:
        return None
    return round(amount * 12) if isinstance(value, str) and re.search(r"ja(?:ar|ren)|year", value, re.I) else round(amount)


def _months_in_text(posting: Posting) -> int | None:
    bodies = (posting.description.nl, posting.description.en)
    text = " ".join(to_text(body.html) for body in bodies if body is not None)
    for pattern, factor in _IN_TEXT:
        match = pattern.search(text)
        if match is not None:
            counts = [int(word) if word.isdigit() else _NUMBERS[word.lower()] for word in match.groups()]
            product = factor
            for count in counts:
                product *= count
            return product
    return None


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    word = value.strip().lower()
    return True if word in ("ja", "yes", "true") else False if word in ("nee", "no", "false") else None

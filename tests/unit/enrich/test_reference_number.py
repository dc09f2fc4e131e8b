"""A reference number is read where a label says that it is one."""

from __future__ import annotations

import pytest

from hub.enrich.reading import Reading
from hub.enrich.reference_number import find


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Vacaturenummer: WZAG-2026-10154.", "WZAG-2026-10154"),
        ("Reference number: MEDI-2026-10707.", "MEDI-2026-10707"),
        ("Solliciteer o.v.v. referentie 2026/0815", "2026/0815"),
        ("Ref. nr. A4711", "A4711"),
        ("Job ID 88123", "88123"),
        ("kenmerk HR.2026.7", "HR.2026.7"),
        ("Schrijf ons onder vermelding van MK-2610.", "MK-2610"),
        ("Please quote LAB-44/B when you apply.", "LAB-44/B"),
        ("Je reageert op vacature met code HVN-C7.", "HVN-C7"),
        ("Vacancy TX-26-31", "TX-26-31"),
        ("Requisitie WTR-0911", "WTR-0911"),
        ("Opdrachtnummer 30418", "30418"),
        ("Boekingsnummer: KIJKDAG-3", "KIJKDAG-3"),
        ("Vermeld in je sollicitatie het nummer 2026/7330.", "2026/7330"),
        ("Please mention number 2026/5818 in your application.", "2026/5818"),
        ("Solliciteer onder vermelding van 2026/7330", "2026/7330"),
        ("Mail us quoting 2026-17 in the subject line.", "2026-17"),
        ("Vermeld het aantal van 2026 uren.", None),
        ("Please mention your phone number 0612345678.", None),
        ("Vermeld je nummer 0612345678.", None),
        ("Je haalt code 95 en rijbewijs C.", None),
        ("Ons telefoonnummer is 0591-123456.", None),
        ("Bel nummer 06-12345678.", None),
        ("The vacancy is open until 2026-11-30.", None),
        ("We werken met de code COVID en de cao.", None),
        ("A reference check may be part of the procedure in 2026.", None),
        ("Een referentiecheck kan deel uitmaken van de procedure.", None),
        ("We vragen twee referenties.", None),
        ("Vacaturenummer: 12", None),
        ("U heeft kenmerkende eigenschappen", None),
    ],
)
def test_labelled_numbers_only(text: str, number: str | None) -> None:
    assert find(Reading("Verpleegkundige", text)) == number

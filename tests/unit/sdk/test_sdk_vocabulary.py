"""Words of the field in both languages become the canonical codes."""

from __future__ import annotations

import pytest

from hub.domain.posting import Kind
from hub.sdk import vocabulary


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Verpleegkundige IC", Kind.VACANCY),
        ("Trainee waterbeheer", Kind.TRAINEESHIP),
        ("Traineeship De Toekomst van Groningen", Kind.TRAINEESHIP),
        ("Afstudeerstage data science", Kind.GRADUATION_INTERNSHIP),
        ("Afstudeeropdracht: waterstof", Kind.GRADUATION_INTERNSHIP),
        ("Graduation internship hydrogen", Kind.GRADUATION_INTERNSHIP),
        ("Meewerkstage communicatie", Kind.INTERNSHIP),
        ("Stage marketing", Kind.INTERNSHIP),
        ("HBO-stage HR", Kind.INTERNSHIP),
        ("Marketing Intern", Kind.INTERNSHIP),
        ("Intern accountmanager", Kind.VACANCY),
        ("Stagecoördinator zorg", Kind.VACANCY),
        ("Coördinator traineeships", Kind.VACANCY),
        ("Teamleider trainees", Kind.VACANCY),
        ("Stage manager theatre", Kind.VACANCY),
        ("Engineer at an early-stage company", Kind.VACANCY),
        ("Internationaal jurist", Kind.VACANCY),
        ("Bijbaan klantenservice", Kind.SIDE_JOB),
        ("Working student IT", Kind.SIDE_JOB),
        ("Vakantiekracht zorg", Kind.SIDE_JOB),
    ],
)
def test_title_tells_the_kind(title: str, kind: Kind) -> None:
    assert vocabulary.kind_of(title) == kind


def test_function_tells_the_kind_where_the_title_does_not() -> None:
    assert vocabulary.kind_of("Data engineer", ["ICT", "Stage"]) == Kind.INTERNSHIP


@pytest.mark.parametrize(
    ("names", "levels", "eqf"),
    [
        (("HBO", "WO"), ("hbo", "wo"), 6),
        (("MBO niveau 3-4",), ("mbo3", "mbo4"), 3),
        (("mbo 4",), ("mbo4",), 4),
        (("MBO",), ("mbo1", "mbo2", "mbo3", "mbo4"), None),
        (("Associate degree",), ("associate",), 5),
        (("PhD",), ("phd",), 8),
        (("Rijbewijs",), (), None),
    ],
)
def test_education_is_read_with_its_level(names: tuple[str, ...], levels: tuple[str, ...], eqf: int | None) -> None:
    found = vocabulary.education_levels(names)
    assert (found, vocabulary.eqf_of(found)) == (levels, eqf)


@pytest.mark.parametrize("name", ["full-or-part-time", "full- en parttime", "Full/part time", "vol- of deeltijd"])
def test_full_or_part_time_is_both(name: str) -> None:
    assert vocabulary.employment_types((name,)) == ("full_time", "part_time")


def test_permanent_is_not_temporary() -> None:
    names = ("Fulltime", "Onbepaalde tijd")
    assert vocabulary.employment_types(names) == ("full_time",)
    assert vocabulary.contract_of(names) == "permanent"


def test_prospect_of_a_permanent_contract_is_its_own_contract() -> None:
    assert vocabulary.contract_of(("Tijdelijk met uitzicht op vast",)) == "temporary_with_prospect"

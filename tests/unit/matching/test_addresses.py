"""Addresses: which name one job, of which system and tenant, and when two of them name two jobs."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.matching.addresses import JobRef, compare_addresses, job_key, job_ref, page_key, ref_of_key
from hub.matching.addresses.generic import GenericAddresses
from hub.matching.addresses.hosts import is_shared, registrable

GENERIC = GenericAddresses.read(files("hub.matching").joinpath("reference/generic_addresses.tsv").read_text("utf-8"))
UUID = "0b9f1c2e-1111-4222-8333-0123456789ab"

SYSTEM_ADDRESSES = [
    ("https://acme.recruitee.com/o/docent-wiskunde?source=indeed", "recruitee/acme/docent-wiskunde"),
    ("https://acme.recruitee.com/l/en/o/docent-wiskunde/c/new", "recruitee/acme/docent-wiskunde"),
    ("https://boards.greenhouse.io/acme/jobs/4001234", "greenhouse/acme/4001234"),
    ("https://job-boards.eu.greenhouse.io/acme/jobs/4001234#app", "greenhouse/acme/4001234"),
    ("https://boards.greenhouse.io/embed/job_app?for=acme&token=4001234", "greenhouse/acme/4001234"),
    (f"https://jobs.lever.co/acme/{UUID}/apply", f"lever/acme/{UUID}"),
    ("https://acme.homerun.co/docent", "homerun/acme/docent"),
    ("https://acme.wd3.myworkdayjobs.com/nl-NL/Careers/job/Assen/Docent_R-0012", "workday/acme/r-0012"),
    ("https://jobs.smartrecruiters.com/Acme/743999912345-docent-wiskunde", "smartrecruiters/acme/743999912345"),
    ("https://acme.jobs.personio.de/job/123456?language=nl", "personio/acme/123456"),
    ("https://apply.workable.com/acme/j/0A1B2C3D4E/", "workable/acme/0a1b2c3d4e"),
    ("https://acme.teamtailor.com/nl/jobs/2345678-docent", "teamtailor/acme/2345678"),
    ("https://acme.teamtailor.com/jobs/2345678-teacher", "teamtailor/acme/2345678"),
    (f"https://jobs.ashbyhq.com/acme/{UUID}", f"ashby/acme/{UUID}"),
    ("https://12345.afasinsite.nl/vacatures/docent-4711", "afas/12345/docent-4711"),
    ("https://acme.hr-connect.nl/vacature/4711/docent", "hr-connect/acme/4711"),
    ("https://acme.ubeeo.nl/vacature/4711-docent", "ubeeo/acme/4711"),
    ("https://acme.career.emply.com/ad/docent-wiskunde/ab12cd/nl", "emply/acme/ab12cd"),
    ("https://acme.easycruit.com/vacancy/3456789/112233?iso=nl", "easycruit/acme/3456789"),
    ("https://career5.successfactors.eu/career?company=ACMEprod&career_job_req_id=4711", "successfactors/acmeprod/4711"),
    ("https://career5.successfactors.eu/sfcareer/jobreqcareer?jobId=4711&company=ACMEprod", "successfactors/acmeprod/4711"),
    ("https://careers-acme.icims.com/jobs/4711/docent/job", "icims/acme/4711"),
    ("https://jobs.jobvite.com/acme/job/oAbCdEf", "jobvite/acme/oabcdef"),
    ("https://acme.breezy.hr/p/0123456789ab-docent", "breezy/acme/0123456789ab"),
    ("https://acme.bamboohr.com/careers/47", "bamboohr/acme/47"),
    ("https://acme.bamboohr.com/jobs/view.php?id=47", "bamboohr/acme/47"),
    ("https://join.com/companies/acme/1234567-docent", "join/acme/1234567"),
    ("https://acme.softgarden.io/job/1234567/docent?l=nl", "softgarden/acme/1234567"),
    ("https://acme.talent-soft.com/job/job-docent_471.aspx", "talentsoft/acme/471"),
    ("https://acme.connexys.nl/vacature/docent/4711", "connexys/acme/4711"),
    ("https://acme.carerix.net/vacature/4711/docent", "carerix/acme/4711"),
    ("https://acme.otys.nl/vacature/docent-4711", "otys/acme/4711"),
    ("https://acme.recruitnowcockpit.nl/vacatures/4711/docent", "recruit-now/acme/4711"),
    ("https://acme.jobtoolz.com/nl/docent-wiskunde", "jobtoolz/acme/docent-wiskunde"),
    ("https://acme.taleo.net/careersection/2/jobdetail.ftl?job=47110001", "taleo/acme/47110001"),
    ("https://acme.fa.em2.oraclecloud.com/hcmUI/CandidateExperience/nl/sites/CX_1/job/4711", "oracle/acme/4711"),
    ("https://acme.csod.com/ux/ats/careersite/4/home/requisition/4711?c=acme", "cornerstone/acme/4711"),
    ("https://acme.varbi.com/en/what:job/jobID:4711/", "varbi/acme/4711"),
    ("https://acme.zohorecruit.eu/jobs/Careers/12345678/Docent", "zoho/acme/12345678"),
    ("https://recruitingapp-1234.umantis.com/Vacancies/4711/Description/1", "umantis/1234/4711"),
    ("https://emp.jobylon.com/jobs/4711-acme-docent/", "jobylon//4711"),
]
NO_JOB = [
    "https://acme.example/",
    "https://acme.example/vacatures",
    "https://acme.example/vacatures/open-sollicitatie",
    "https://acme.example/en/vacancies/open-application-2024",
    "https://acme.recruitee.com/",
    "https://join.com/companies/acme",
    "mailto:hr@acme.example",
    "geen adres",
]
GENERIC_KEYS = [
    "acme.example/vacatures",
    "acme.example/nl/werken-bij",
    "acme.example/vacatures/open-sollicitatie",
    "recruitee/acme/open-sollicitatie",
    "acme.example/careers",
    "acme.example/login",
    "acme.example/apply",
    "forms.gle/abcdef",
]
SPECIFIC_KEYS = [
    "acme.example/vacatures/docent-wiskunde",
    "acme.example/vacatures/4711",
    "recruitee/acme/docent",
    "acme.example/vacature?id=4711",
    "acme.example/vacatures/medewerker-login-en-account-beheer",
]
JOB = st.sampled_from(
    [key for _, key in SYSTEM_ADDRESSES] + ["acme.example/vacatures/a-4711", "acme.example/en/b-4711", "x.nl/v/1"]
)
KEYS = st.lists(JOB, max_size=3).map(tuple)


@pytest.mark.parametrize(("address", "key"), SYSTEM_ADDRESSES)
def test_a_systems_address_names_tenant_and_job(address: str, key: str) -> None:
    assert job_key(address) == key
    assert ref_of_key(key) == job_ref(address)
    assert "/".join(job_ref(address) or ()) == key


@pytest.mark.parametrize("address", NO_JOB)
def test_a_page_for_everybody_names_no_job(address: str) -> None:
    assert job_key(address) is None
    assert job_ref(address) is None


def test_of_other_sites_the_host_is_the_system() -> None:
    assert job_ref("https://www.acme.example/vacatures/docent-4711/?utm_source=x") == JobRef(
        "acme.example", "", "vacatures/docent-4711"
    )


def test_an_open_application_is_still_a_page() -> None:
    assert page_key("https://acme.example/vacatures/open-sollicitatie") == "acme.example/vacatures/open-sollicitatie"


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        ("recruitee/acme/a", "recruitee/acme/a", "equal"),
        ("recruitee/acme/a", "recruitee/acme/b", "other_job"),
        ("recruitee/acme/a", "recruitee/other/b", "none"),
        ("recruitee/acme/a", "homerun/acme/b", "other_list"),
        ("jobylon//1", "jobylon//2", "none"),
        ("acme.example/vacatures/docent-4711", "acme.example/vacatures/docent-4712", "other_job"),
        ("acme.example/vacatures/docent-4711", "acme.example/en/vacancies/teacher-4711", "equal"),
        ("acme.example/vacatures/docent-wiskunde", "acme.example/vacatures/docent-engels", "other_job"),
        ("acme.example/vacatures/docent-wiskunde", "acme.example/en/vacancies/maths-teacher", "none"),
        ("acme.example/vacatures/docent-2026", "acme.example/en/teacher-2026", "none"),
        ("acme.example/vacature?id=4711", "acme.example/vacature?id=4712", "other_job"),
        ("jobs.acme.example?jobId=4711", "jobs.acme.example?jobId=4712", "other_job"),
        ("jobs.acme.example?jobId=4711", "jobs.acme.example/en?jobId=4711", "equal"),
        ("acme.example/vacature?id=4711", "acme.example/vacatures/4712-docent", "other_list"),
        ("acme.example/vacatures/docent-4711", "werkenbij.acme.example/vacatures/docent-4712", "other_list"),
        ("acme.example/vacatures/docent-4711", "werkenbij.acme.example/vacatures/docent-4711", "none"),
        ("acme.example/vacatures/docent-4711", "other.example/vacatures/docent-4712", "none"),
        ("linkedin.com/jobs/view/4711001", "linkedin.com/jobs/view/4711002", "none"),
        ("acme.example/vacatures/docent-4711", "recruitee/acme/docent", "none"),
    ],
)
def test_two_keys_name_one_job_two_jobs_or_prove_nothing(first: str, second: str, level: str) -> None:
    assert compare_addresses((first,), (second,)) == level
    assert compare_addresses((second,), (first,)) == level


def test_one_equal_key_outweighs_another_job() -> None:
    assert compare_addresses(("recruitee/acme/a", "recruitee/acme/b"), ("recruitee/acme/b",)) == "equal"


def test_a_platforms_own_addresses_prove_no_other_job() -> None:
    keys = ("board.example/vacatures/a-4711",), ("board.example/vacatures/b-4712",)
    assert compare_addresses(*keys, frozenset({"board.example"})) == "none"
    assert compare_addresses(*keys) == "other_job"


@given(KEYS, KEYS)
def test_comparing_addresses_is_symmetrical(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    assert compare_addresses(first, second) == compare_addresses(second, first)


@given(KEYS, KEYS)
def test_the_order_of_keys_says_nothing(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    assert compare_addresses(first[::-1], second) == compare_addresses(first, second)


@pytest.mark.parametrize("key", GENERIC_KEYS)
def test_the_generic_list_knows_pages_for_everybody(key: str) -> None:
    assert GENERIC.is_generic(key)


@pytest.mark.parametrize("key", SPECIFIC_KEYS)
def test_the_generic_list_lets_jobs_through(key: str) -> None:
    assert not GENERIC.is_generic(key)


def test_a_malformed_generic_line_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        GenericAddresses.read("*/vacatures\nhttps://acme.example/vacatures\n")


def test_an_empty_generic_list_matches_nothing() -> None:
    assert not GenericAddresses.read("# nothing\n").is_generic("acme.example/vacatures")


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://werkenbij.umcg.nl/x", "umcg.nl"),
        ("hr@mail.umcg.nl", "umcg.nl"),
        ("WWW.UMCG.NL", "umcg.nl"),
        ("jobs.acme.co.uk", "acme.co.uk"),
        ("localhost:8080", None),
        ("127.0.0.1", None),
        ("", None),
    ],
)
def test_the_registrable_domain(address: str, domain: str | None) -> None:
    assert registrable(address) == domain


def test_boards_systems_and_mail_serve_many_employers() -> None:
    assert [is_shared(domain) for domain in ("indeed.com", "recruitee.com", "gmail.com", "umcg.nl")] == [True, True, True, False]

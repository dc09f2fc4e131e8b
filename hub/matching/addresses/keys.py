"""Addresses as evidence: which ones name exactly one job, in a form that two spellings of one address share.

Scheme, `www.`, fragment, trailing slash and tracking parameters carry no meaning; known applicant tracking systems are
reduced to (system, tenant, job id). A careers home page names no job and yields no key.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from hub.matching.addresses.applicant_systems import PATTERNS, SYSTEMS
from hub.matching.addresses.hosts import ATS_HOSTS, is_shared, registrable

TRACKING = re.compile(
    r"^(utm_\w+|gclid|fbclid|msclkid|mc_cid|mc_eid|ref|referrer|referer|source|src|bron|via|lang|locale|hl|campaign|trk|gh_src|"
    r"_ga|_gl|share|s_cid|cid|jobsource|rx_\w+|li_\w+)$",
    re.I,
)
_JOB_SEGMENT = re.compile(
    r"^(vacatures?|vacancy|vacancies|jobs?|baan|banen|o|positions?|openings?|opdracht|traineeships?|stages?|internships?|"
    r"functie|careers?|werkenbij|werken-bij|event|events|agenda|programma)$"
)
_JOB_PARAMETER = re.compile(r"^(job|vacancy|vacature|position|req|requisition|posting|offer)?_?-?(id|nr|number|code|ref)$", re.I)
_APPLY_TAIL = re.compile(r"/(apply|solliciteer|solliciteren|sollicitatie|c/new|aanmelden|application|form)$")
OPEN_APPLICATION = re.compile(
    r"(^|[/-])(open-(sollicitatie|applications?)|spontane?-sollicitatie|(spontaneous|unsolicited|speculative|general)-applications?)"
    r"([/-]|$)",
    re.I,
)
"""A form for everybody, whatever number stands in its address."""
_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|(?<![0-9a-z])[a-z]{0,3}\d{4,}(?![0-9a-z])", re.I)
_YEAR = re.compile(r"^(19|20)\d\d$")
_ID_IN_SLUG = re.compile(r"\d{3,}|[0-9a-f]{8}-[0-9a-f]{4}-")


class JobRef(NamedTuple):
    """A job as an address names it. Of other sites than applicant systems: the host, no tenant, path and query."""

    system: str
    tenant: str
    job: str


@lru_cache(maxsize=1024)
def job_key(address: str) -> str | None:
    """Key of the one job that `address` names, or None when it names none (home page, search, form for everybody)."""
    split = _split(address)
    if split is None:
        return None
    host, path, query = split
    if registrable(host) in ATS_HOSTS and (key := _system_key(f"{host}{path}?{urlencode(query)}" if query else host + path)):
        return key
    if OPEN_APPLICATION.search(path):
        return None
    path = _APPLY_TAIL.sub("", path)
    named = [(name, value) for name, value in query if _JOB_PARAMETER.match(name) and any(c.isdigit() for c in value)]
    if named:
        return f"{host}{path}?{urlencode(sorted(named))}"
    return f"{host}{path}" if _names_one_job(path) else None


@lru_cache(maxsize=1024)
def page_key(address: str) -> str | None:
    """Key of a page as a page: what somebody else states when they point at it."""
    split = _split(address)
    if split is None:
        return None
    host, path, query = split
    return job_key(address) or (f"{host}{path}" + (f"?{urlencode(sorted(query))}" if query else "") if path else None)


@lru_cache(maxsize=4_096)
def authority(address: str) -> str | None:
    """Host and port of an address, without `www.`."""
    split = _split(address)
    return split[0] if split else None


@lru_cache(maxsize=256)
def _split(address: str) -> tuple[str, str, list[tuple[str, str]]] | None:
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = parts.hostname.removeprefix("www.")
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    query = [(name, value) for name, value in parse_qsl(parts.query) if not TRACKING.match(name)]
    return host, re.sub(r"/{2,}", "/", parts.path).rstrip("/"), query


def _system_key(address: str) -> str | None:
    for pattern, system in PATTERNS:
        found = pattern.match(address)
        if found:
            return f"{system}/{found['tenant']}/{found['job']}".lower()
    return None


def _names_one_job(path: str) -> bool:
    segments = [segment.lower() for segment in path.split("/") if segment]
    if not segments:
        return False
    last = segments[-1]
    if _ID_IN_SLUG.search(last) or (len(segments) > 1 and _ID_IN_SLUG.search(segments[-2])):
        return True
    return any(_JOB_SEGMENT.match(segment) for segment in segments[:-1]) and not _JOB_SEGMENT.match(last) and "-" in last


def job_ref(address: str) -> JobRef | None:
    """The job that `address` names, its tenant apart; None where `job_key` is None."""
    key = job_key(address)
    return ref_of_key(key) if key else None


@lru_cache(maxsize=65_536)
def ref_of_key(key: str) -> JobRef:
    """A key of `job_key` taken apart."""
    system, _, rest = key.partition("/")
    if system in SYSTEMS and "/" in rest:
        tenant, _, job = rest.partition("/")
        return JobRef(system, tenant, job)
    host, mark, query = system.partition("?")  # a home page that shows what it is asked for
    return JobRef(host, "", f"?{query}/{rest}" if mark else rest)


def compare_addresses(first: tuple[str, ...], second: tuple[str, ...], platforms: frozenset[str] = frozenset()) -> str:
    """Of two postings' job keys: `equal`, `other_job`, `other_list` or `none`; symmetrical.

    `other_job` needs one tenant of one system, or one host that is neither a board nor in `platforms`, and two jobs there.
    On such a host one id behind two paths (a page in two languages) is one job. `other_list`: two ids in two lists of one
    employer, who may number a job twice: paths of other shape, two hosts of its domain, two applicant systems.
    """
    if any(key in second for key in first):
        return "equal"
    levels = {_compare_refs(ref_of_key(a), ref_of_key(b), platforms) for a in first for b in second}
    return next((level for level in ("equal", "other_job", "other_list") if level in levels), "none")


def _compare_refs(a: JobRef, b: JobRef, platforms: frozenset[str]) -> str:
    if a.tenant or b.tenant:
        if a.tenant != b.tenant:
            return "none"
        return "other_job" if a.system == b.system else "other_list"
    domain = registrable(a.system)
    if a.system in SYSTEMS or domain is None or domain != registrable(b.system) or is_shared(domain):
        return "none"
    if not platforms.isdisjoint((a.system, b.system, domain)):
        return "none"
    ids_a, ids_b = ids_in(a.job), ids_in(b.job)
    if a.system != b.system:
        return "other_list" if ids_a and ids_b and not ids_a & ids_b else "none"
    if ids_a & ids_b:
        return "equal"
    if _list_of(a.job) == _list_of(b.job) and bool(ids_a) == bool(ids_b):
        return "other_job"
    return "other_list" if ids_a and ids_b else "none"


def ids_in(path: str) -> frozenset[str]:
    """Numbers and UUIDs in the end of a path that can be a job's id: four digits or more and no year."""
    tail = "/".join(path.split("/")[-2:])
    return frozenset(found for found in _IDS.findall(tail) if not _YEAR.match(found))


def _list_of(path: str) -> tuple[str, int]:
    """The page above a job and the depth below it: `vacatures/docent-wiskunde` → `vacatures`, 2."""
    return path.partition("?")[0].partition("/")[0] if "/" in path else path.partition("?")[0], path.count("/")

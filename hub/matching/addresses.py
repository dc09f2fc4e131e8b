"""Addresses as evidence: which ones name exactly one job, in a form that two spellings of one address share.

Scheme, `www.`, fragment, trailing slash and tracking parameters carry no meaning; known applicant tracking systems are
reduced to (system, tenant, job id). A careers home page names no job and yields no key.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

TRACKING = re.compile(
    r"^(utm_\w+|gclid|fbclid|msclkid|mc_cid|mc_eid|ref|referrer|referer|source|src|bron|via|lang|locale|hl|campaign|trk|gh_src|"
    r"_ga|_gl|share|s_cid|cid|jobsource|rx_\w+|li_\w+)$",
    re.I,
)
_ATS = (
    (re.compile(r"^(?P<tenant>[\w-]+)\.recruitee\.com/o/(?P<job>[\w-]+)"), "recruitee"),
    (re.compile(r"^(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/(?P<tenant>[\w-]+)/jobs/(?P<job>\d+)"), "greenhouse"),
    (re.compile(r"^jobs(?:\.eu)?\.lever\.co/(?P<tenant>[\w-]+)/(?P<job>[0-9a-f-]{36})"), "lever"),
    (re.compile(r"^(?P<tenant>[\w-]+)\.homerun\.co/(?P<job>[\w-]+)"), "homerun"),
    (re.compile(r"^(?P<tenant>[\w-]+)(?:\.wd\d+)?\.myworkdayjobs\.com/.*_(?P<job>[A-Z]+-?\d+)", re.I), "workday"),
    (re.compile(r"^jobs\.smartrecruiters\.com/(?P<tenant>[\w-]+)/(?P<job>\d+)"), "smartrecruiters"),
    (re.compile(r"^(?P<tenant>[\w-]+)\.jobs\.personio\.(?:com|de|nl)/job/(?P<job>\d+)"), "personio"),
    (re.compile(r"^apply\.workable\.com/(?P<tenant>[\w-]+)/j/(?P<job>[0-9A-F]+)", re.I), "workable"),
    (re.compile(r"^(?P<tenant>[\w-]+)\.teamtailor\.com/jobs/(?P<job>\d+)"), "teamtailor"),
    (re.compile(r"^jobs\.ashbyhq\.com/(?P<tenant>[\w-]+)/(?P<job>[0-9a-f-]{36})"), "ashby"),
)
_JOB_SEGMENT = re.compile(
    r"^(vacatures?|vacancy|vacancies|jobs?|baan|banen|o|positions?|openings?|opdracht|traineeships?|stages?|internships?|"
    r"functie|careers?|werkenbij|werken-bij|event|events|agenda|programma)$"
)
_JOB_PARAMETER = re.compile(r"^(job|vacancy|vacature|position|req|requisition|posting|offer)?_?-?(id|nr|number|code|ref)$", re.I)
_APPLY_TAIL = re.compile(r"/(apply|solliciteer|solliciteren|sollicitatie|c/new|aanmelden|application|form)$")
_ID_IN_SLUG = re.compile(r"\d{3,}|[0-9a-f]{8}-[0-9a-f]{4}-")


@lru_cache(maxsize=65_536)
def job_key(address: str) -> str | None:
    """Key of the one job that `address` names, or None when it names none (home page, search, form for everybody)."""
    split = _split(address)
    if split is None:
        return None
    host, path, query = split
    for pattern, system in _ATS:
        found = pattern.match(host + path)
        if found:
            return f"{system}/{found['tenant']}/{found['job']}".lower()
    path = _APPLY_TAIL.sub("", path)
    named = [(name, value) for name, value in query if _JOB_PARAMETER.match(name) and any(c.isdigit() for c in value)]
    if named:
        return f"{host}{path}?{urlencode(sorted(named))}"
    return f"{host}{path}" if _names_one_job(path) else None


@lru_cache(maxsize=65_536)
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


@lru_cache(maxsize=4_096)
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


def _names_one_job(path: str) -> bool:
    segments = [segment.lower() for segment in path.split("/") if segment]
    if not segments:
        return False
    last = segments[-1]
    if _ID_IN_SLUG.search(last) or (len(segments) > 1 and _ID_IN_SLUG.search(segments[-2])):
        return True
    return any(_JOB_SEGMENT.match(segment) for segment in segments[:-1]) and not _JOB_SEGMENT.match(last) and "-" in last


def compare_addresses(first: tuple[str, ...], second: tuple[str, ...]) -> str:
    """Of job keys: `equal`, `other_job` (one tenant, two jobs) or `none`."""
    if any(key in second for key in first):
        return "equal"
    tenants = {key.rpartition("/")[0] for key in first if key.count("/") >= 2 and "." not in key.partition("/")[0]}
    return "other_job" if any(key.rpartition("/")[0] in tenants for key in second) else "none"

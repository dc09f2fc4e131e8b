"""Applicant tracking systems: how their addresses name a tenant and a job.

A pattern is matched against host, path and query without scheme, `www.` and tracking parameters. Where a system puts a title
behind the id, only the id is taken: titles change, ids do not.
"""

from __future__ import annotations

import re

_UUID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
_SUB = r"^(?P<tenant>[\w-]+)\."
_PAGE = r"/(?:[a-z]{2}(?:[-_][a-z]{2})?/)?"
"""A path with or without a language in front."""

_PATTERNS = (
    ("recruitee", _SUB + r"recruitee\.com/(?:l/[a-z]{2}/)?o/(?P<job>[\w-]+)"),
    ("greenhouse", r"^(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/(?P<tenant>[\w-]+)/jobs/(?P<job>\d+)"),
    ("greenhouse", r"^boards(?:\.eu)?\.greenhouse\.io/embed/job_app(?=.*[?&]for=(?P<tenant>[\w-]+))(?=.*[?&]token=(?P<job>\d+))"),
    ("lever", r"^jobs(?:\.eu)?\.lever\.co/(?P<tenant>[\w-]+)/(?P<job>[0-9a-f-]{36})"),
    ("homerun", _SUB + r"homerun\.(?:co|team)/(?P<job>[\w-]+)"),
    ("workday", r"^(?P<tenant>[\w-]+)(?:\.wd\d+)?\.myworkdayjobs\.com/.*_(?P<job>[A-Z]+-?\d+)"),
    ("smartrecruiters", r"^(?:jobs|careers)\.smartrecruiters\.com/(?P<tenant>[\w-]+)/(?P<job>\d{6,})"),
    ("personio", _SUB + r"jobs\.personio\.(?:com|de|nl)/job/(?P<job>\d+)"),
    ("workable", r"^apply\.workable\.com/(?P<tenant>[\w-]+)/j/(?P<job>[0-9A-F]+)"),
    ("workable", _SUB + r"workable\.com/j(?:obs)?/(?P<job>[0-9A-F]{6,})"),
    ("teamtailor", r"^(?P<tenant>[\w-]+)(?:\.(?:na|eu))?\.teamtailor\.com" + _PAGE + r"jobs/(?P<job>\d+)"),
    ("ashby", r"^jobs\.ashbyhq\.com/(?P<tenant>[\w.%-]+)/(?P<job>[0-9a-f-]{36})"),
    (
        "afas",
        _SUB
        + r"afas(?:online|insite|outsite)?\.(?:nl|online|com)/(?:.*/)?(?P<job>[\w-]*\d{3,}[\w-]*|(?<=/vacature/)[\w-]+)(?:/|$)",
    ),
    ("hr-connect", _SUB + r"hr-connect\.(?:nl|com)/.*?(?P<job>\d{3,})"),
    ("ubeeo", r"^(?P<tenant>[\w-]+)(?:\.[\w-]+)?\.ubeeo\.(?:nl|com)/.*?(?P<job>\d{3,}|" + _UUID + ")"),
    (
        "emply",
        r"^(?P<tenant>[\w-]+)(?:\.career)?\.emply\.(?:com|net)"
        + _PAGE
        + r"(?:ad|vacancy|apply)/(?:[\w-]+/)?(?P<job>[a-z0-9]{5,})(?:/|$)",
    ),
    ("easycruit", _SUB + r"easycruit\.com/(?:.*/)?vacancy/(?:[a-z-]+/)*(?P<job>\d+)"),
    (
        "successfactors",
        r"^[\w.-]*(?:successfactors|sapsf)\.(?:eu|com)/(?=.*[?&]company=(?P<tenant>[\w-]+))(?=.*[?&](?:career_job_req_id|jobid|jobreqid)=(?P<job>\d+))",
    ),
    ("icims", r"^(?:[a-z]+-)?(?P<tenant>[\w-]+)\.icims\.com/jobs/(?P<job>\d+)"),
    ("jobvite", r"^jobs\.jobvite\.com/(?:careers/)?(?P<tenant>[\w-]+)/job/(?P<job>\w+)"),
    ("breezy", _SUB + r"breezy\.hr/p/(?P<job>[0-9a-f]{8,})"),
    ("bamboohr", _SUB + r"bamboohr\.com/(?:careers|jobs)/(?P<job>\d+)"),
    ("bamboohr", _SUB + r"bamboohr\.com/jobs/[\w.]+\?(?:.*&)?id=(?P<job>\d+)"),
    ("join", r"^join\.com/companies/(?P<tenant>[\w-]+)/(?P<job>\d+)"),
    ("softgarden", _SUB + r"softgarden\.(?:io|de)/(?:.*/)?(?:job|vacancies|vacatures)/(?P<job>\d+)"),
    ("talentsoft", _SUB + r"(?:talent-?soft|cegid)\.com/.*?(?P<job>\d{2,})(?:\.aspx|[/?]|$)"),
    ("connexys", _SUB + r"connexys\.(?:nl|com)/.*?(?P<job>\d{3,}|a0[a-z0-9]{10,})"),
    ("carerix", _SUB + r"carerix\.(?:net|com|io)/.*?(?P<job>\d{2,})(?:\D|$)"),
    ("otys", _SUB + r"otys\.(?:nl|com)/(?:.*\D)?(?P<job>\d{3,})"),
    ("recruit-now", _SUB + r"recruit-?now(?:cockpit)?\.nl/(?:.*\D)?(?P<job>\d{2,})"),
    ("jobylon", r"^(?P<tenant>)emp\.jobylon\.com/jobs/(?P<job>\d+)"),
    ("jobtoolz", _SUB + r"jobtoolz\.com" + _PAGE + r"(?P<job>[\w-]*-[\w-]+)"),
    ("taleo", _SUB + r"taleo\.net/careersection/.*[?&]job=(?P<job>\w+)"),
    ("oracle", r"^(?P<tenant>[\w-]+)\.fa\.[\w.]*oraclecloud\.com/.*/job/(?P<job>\d+)"),
    ("cornerstone", _SUB + r"csod\.com/.*(?:requisition/|[?&]id=)(?P<job>\d+)"),
    ("varbi", _SUB + r"varbi\.com/.*jobid:(?P<job>\d+)"),
    ("peoplexs", _SUB + r"(?:peoplexs|youforce)\.(?:com|nl|biz)/.*[?&](?:vacature|vacancy)_?id=(?P<job>\d+)"),
    ("rippling", r"^ats\.rippling\.com" + _PAGE + r"(?P<tenant>[\w-]+)/jobs/(?P<job>" + _UUID + ")"),
    ("comeet", r"^comeet\.com/jobs/(?P<tenant>[\w-]+)/[\w.]+/[\w-]+/(?P<job>[0-9a-f]{2,}\.[0-9a-f]{2,})"),
    ("zoho", _SUB + r"zohorecruit\.(?:eu|com|in)/(?:jobs|recruit)/(?:\w+/)?(?P<job>\d{6,})"),
    ("jazzhr", _SUB + r"applytojob\.com/apply/(?:jobs/details/)?(?P<job>[A-Za-z0-9]{6,})"),
    ("onlyfy", _SUB + r"onlyfy\.jobs" + _PAGE + r"job/(?:show/)?(?P<job>[a-z0-9]{4,})"),
    ("umantis", r"^recruitingapp-(?P<tenant>\d+)(?:\.[a-z]{2})?\.umantis\.com/Vacancies/(?P<job>\d+)"),
    ("freshteam", _SUB + r"freshteam\.com/jobs/(?P<job>[\w-]+)"),
    ("hirehive", _SUB + r"hirehive\.com/jobs?/(?P<job>[\w]*\d+)"),
    ("pinpoint", _SUB + r"pinpointhq\.com" + _PAGE + r"(?:postings|jobs)/(?P<job>" + _UUID + ")"),
    ("jobteaser", r"^(?P<tenant>)jobteaser\.com" + _PAGE + r"job-offers/(?P<job>" + _UUID + ")"),
)
PATTERNS = tuple((re.compile(pattern, re.I), system) for system, pattern in _PATTERNS)
SYSTEMS = frozenset(system for system, _ in _PATTERNS)

"""What codes are called on a page. A code without a name here is shown as it stands, so that nothing is hidden."""

from __future__ import annotations

from hub.api.site.speech import Speech, mark
from hub.enrich.gazetteer import MUNICIPALITIES, PROVINCES

KINDS = {
    "vacancy": mark("Vacancy"),
    "traineeship": mark("Traineeship"),
    "internship": mark("Internship"),
    "graduation_internship": mark("Graduation internship"),
    "side_job": mark("Side job"),
    "course": mark("Course"),
    "event": mark("Event"),
}
SECTORS = {
    "life_sciences_health": mark("Life sciences and health"),
    "it_digital": mark("IT and digital"),
    "energy": mark("Energy"),
    "public_sector": mark("Public sector"),
    "engineering_industry": mark("Engineering and industry"),
    "agri_food": mark("Agriculture and food"),
    "finance_business": mark("Finance and business"),
    "education_research": mark("Education and research"),
    "logistics_mobility": mark("Logistics and mobility"),
    "other": mark("Other sectors"),
}
AUDIENCES = {
    "student": mark("Students"),
    "graduate": mark("Starters"),
    "international": mark("Internationals"),
    "city_leaver_1_3": mark("1 to 3 years of experience"),
    "city_leaver_3_5": mark("3 to 5 years of experience"),
    "city_leaver_5_10": mark("5 to 10 years of experience"),
}
EDUCATION = {
    "mbo1": mark("MBO level 1"),
    "mbo2": mark("MBO level 2"),
    "mbo3": mark("MBO level 3"),
    "mbo4": mark("MBO level 4"),
    "associate": mark("Associate degree"),
    "hbo": mark("HBO (university of applied sciences)"),
    "wo": mark("WO (research university)"),
    "phd": mark("PhD"),
    "none": mark("No diploma needed"),
}
DUTCH = {"no": mark("Dutch is not required"), "yes": mark("Dutch is required"), "unknown": mark("Not stated")}
TONGUES = {"nl": mark("Dutch"), "en": mark("English")}
REGIONS = {
    "noord_nederland:noord_nederland": mark("Northern Netherlands"),
    "nij_begun:nij_begun": mark("Nij Begun area"),
    "labour_market:groningen": mark("Labour market region Groningen (with northern Drenthe)"),
    "labour_market:friesland": mark("Labour market region Fryslân"),
    "labour_market:drenthe": mark("Labour market region Drenthe"),
    "labour_market:zwolle": mark("Labour market region Zwolle"),
}
REGION_CODES = (*REGIONS, *(f"province:{code}" for code in PROVINCES))
SCHEMES = ("noord_nederland", "province", "labour_market", "nij_begun")
WORKPLACES = {"onsite": mark("On site"), "hybrid": mark("Partly at home"), "remote": mark("At home")}
ATTENDANCE = {"onsite": mark("On site"), "online": mark("Online"), "mixed": mark("On site and online")}
EMPLOYMENT = {
    "full_time": mark("Full-time"),
    "part_time": mark("Part-time"),
    "temporary": mark("Temporary"),
    "contractor": mark("Freelance"),
    "intern": mark("Intern"),
    "volunteer": mark("Volunteer"),
    "per_diem": mark("By the day"),
}
CONTRACTS = {
    "permanent": mark("Permanent contract"),
    "fixed_term": mark("Fixed-term contract"),
    "temporary_with_prospect": mark("Temporary, with prospect of a permanent contract"),
    "secondment": mark("Secondment"),
    "on_call": mark("On call"),
}
EVENT_STATES = {
    "cancelled": mark("Cancelled"),
    "postponed": mark("Postponed"),
    "rescheduled": mark("Moved to another date"),
    "moved_online": mark("Moved online"),
}
PERIODS = {
    "hour": mark("%(amount)s an hour"),
    "day": mark("%(amount)s a day"),
    "week": mark("%(amount)s a week"),
    "month": mark("%(amount)s a month"),
    "year": mark("%(amount)s a year"),
}
REASONS = {
    "withdrawn": mark("The organisation does not offer it any more."),
    "expired": mark("Its closing date, or its day, has passed."),
    "filled": mark("It has been filled."),
    "merged": mark("It goes on as part of another entry."),
    "hidden": mark("It has been taken down here."),
    "erased": mark("It was withdrawn a while ago."),
}
FLAGS = {
    "stale": mark("It has stood unchanged for long: look at the organisation's page whether it is still open."),
    "owner_withdrew": mark("A source nearer to the organisation has withdrawn it: look at the organisation's page first."),
    "closing_dates_differ": mark("The sources state different closing dates."),
    "internal_first": mark("Internal candidates go first."),
    "multi_employer": mark("You work for several employers in one programme."),
}

BY_FIELD = {
    "kind": KINDS,
    "sector": SECTORS,
    "audience": AUDIENCES,
    "education": EDUCATION,
    "dutch_required": DUTCH,
    "language": TONGUES,
    "region": REGIONS,
}


def name_code(speech: Speech, field: str, code: str) -> str:
    """What a filter's value is called; sources are named by their manifests, not here."""
    if field == "municipality":
        return MUNICIPALITIES[code].name if code in MUNICIPALITIES else code
    if field == "region" and code.startswith("province:"):
        return PROVINCES.get(code.removeprefix("province:"), code)
    names = BY_FIELD.get(field, {})
    return speech.say(names[code]) if code in names else code


def name_alone(speech: Speech, field: str, code: str) -> str:
    """As `name_code`, where no heading says of what it is told."""
    return speech.say("Dutch: not stated") if (field, code) == ("dutch_required", "unknown") else name_code(speech, field, code)

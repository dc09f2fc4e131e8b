"""What codes are called on a page. A code without a name here is shown as it stands, so that nothing is hidden."""

from __future__ import annotations

from hub.api.site.speech import N_, Speech
from hub.enrich.gazetteer import MUNICIPALITIES, PROVINCES

KINDS = {
    "vacancy": N_("Vacancy"),
    "traineeship": N_("Traineeship"),
    "internship": N_("Internship"),
    "graduation_internship": N_("Graduation internship"),
    "side_job": N_("Side job"),
    "course": N_("Course"),
    "event": N_("Event"),
}
SECTORS = {
    "life_sciences_health": N_("Life sciences and health"),
    "it_digital": N_("IT and digital"),
    "energy": N_("Energy"),
    "public_sector": N_("Public sector"),
    "engineering_industry": N_("Engineering and industry"),
    "agri_food": N_("Agriculture and food"),
    "finance_business": N_("Finance and business"),
    "education_research": N_("Education and research"),
    "logistics_mobility": N_("Logistics and mobility"),
    "other": N_("Other sectors"),
}
AUDIENCES = {
    "student": N_("Students"),
    "graduate": N_("Starters"),
    "international": N_("Internationals"),
    "city_leaver_1_3": N_("1 to 3 years of experience"),
    "city_leaver_3_5": N_("3 to 5 years of experience"),
    "city_leaver_5_10": N_("5 to 10 years of experience"),
}
EDUCATION = {
    "mbo1": N_("MBO level 1"),
    "mbo2": N_("MBO level 2"),
    "mbo3": N_("MBO level 3"),
    "mbo4": N_("MBO level 4"),
    "associate": N_("Associate degree"),
    "hbo": N_("HBO (university of applied sciences)"),
    "wo": N_("WO (research university)"),
    "phd": N_("PhD"),
    "none": N_("No diploma needed"),
}
DUTCH = {"no": N_("Dutch is not required"), "yes": N_("Dutch is required"), "unknown": N_("Not stated")}
TONGUES = {"nl": N_("Dutch"), "en": N_("English")}
REGIONS = {
    "noord_nederland:noord_nederland": N_("Northern Netherlands"),
    "nij_begun:nij_begun": N_("Nij Begun area"),
    "labour_market:groningen": N_("Labour market region Groningen (with northern Drenthe)"),
    "labour_market:friesland": N_("Labour market region Fryslân"),
    "labour_market:drenthe": N_("Labour market region Drenthe"),
    "labour_market:zwolle": N_("Labour market region Zwolle"),
}
SCHEMES = ("noord_nederland", "province", "labour_market", "nij_begun")
WORKPLACES = {"onsite": N_("On site"), "hybrid": N_("Partly at home"), "remote": N_("At home")}
ATTENDANCE = {"onsite": N_("On site"), "online": N_("Online"), "mixed": N_("On site and online")}
EMPLOYMENT = {
    "full_time": N_("Full-time"),
    "part_time": N_("Part-time"),
    "temporary": N_("Temporary"),
    "contractor": N_("Freelance"),
    "intern": N_("Intern"),
    "volunteer": N_("Volunteer"),
    "per_diem": N_("By the day"),
}
CONTRACTS = {
    "permanent": N_("Permanent contract"),
    "fixed_term": N_("Fixed-term contract"),
    "temporary_with_prospect": N_("Temporary, with prospect of a permanent contract"),
    "secondment": N_("Secondment"),
    "on_call": N_("On call"),
}
EVENT_STATES = {
    "cancelled": N_("Cancelled"),
    "postponed": N_("Postponed"),
    "rescheduled": N_("Moved to another date"),
    "moved_online": N_("Moved online"),
}
PERIODS = {
    "hour": N_("%(amount)s an hour"),
    "day": N_("%(amount)s a day"),
    "week": N_("%(amount)s a week"),
    "month": N_("%(amount)s a month"),
    "year": N_("%(amount)s a year"),
}
REASONS = {
    "withdrawn": N_("The organisation does not offer it any more."),
    "expired": N_("Its closing date, or its day, has passed."),
    "filled": N_("It has been filled."),
    "merged": N_("It goes on as part of another entry."),
    "hidden": N_("It has been taken down here."),
    "erased": N_("It was withdrawn a while ago."),
}
FLAGS = {
    "stale": N_("It has stood unchanged for long: look at the organisation's page whether it is still open."),
    "owner_withdrew": N_("A source nearer to the organisation has withdrawn it: look at the organisation's page first."),
    "closing_dates_differ": N_("The sources state different closing dates."),
    "internal_first": N_("Internal candidates go first."),
    "multi_employer": N_("You work for several employers in one programme."),
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

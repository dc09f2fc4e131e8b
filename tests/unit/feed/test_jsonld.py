"""What JSON-LD says of an opportunity and what it leaves unsaid; that no text breaks out of it; that nothing raises."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import orjson
import pytest
from fakes.jsonld_items import EVENT, PLACE, START, document_of, item_of
from fakes.schema_org import SCHEMA, expanded
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.posting import Apply, Description, Event, Experience, Kind, Location, Organisation, Salary, Text, Title
from hub.feed.jsonld import missing_of, to_document, to_json_ld, to_script

LINK_ONLY = {"republish": "link-only", "attribution": "Vonk, vonk.example"}


# --- jobs -------------------------------------------------------------------------------------------------------------


def test_pay_whose_period_was_guessed_is_not_told():
    guessed = Salary(min=2_800, max=3_600, currency="EUR", period="month", period_is_guess=True)
    assert "baseSalary" not in document_of(salary=guessed)


@pytest.mark.parametrize("unknown", ["period", "currency"])
def test_pay_without_its_unit_is_not_told(unknown):
    stated = {"min": 2_800, "max": 3_600, "currency": "EUR", "period": "month"}
    assert "baseSalary" not in document_of(salary=Salary(**{**stated, unknown: None}))


def test_pay_is_told_with_its_unit():
    assert document_of(salary=Salary(min=15, currency="EUR", period="hour"))["baseSalary"] == {
        "@type": "MonetaryAmount",
        "currency": "EUR",
        "value": {"@type": "QuantitativeValue", "minValue": 15.0, "unitText": "HOUR"},
    }


def test_a_date_that_nobody_stated_is_not_made_up():
    assert "datePosted" not in document_of(date_posted=None)


def test_a_remote_job_says_from_where_one_may_apply():
    document = document_of(workplace="remote", locations=[PLACE, Location(place="Leer", country="DE")])
    assert document["jobLocationType"] == "TELECOMMUTE"
    assert [country["name"] for country in document["applicantLocationRequirements"]] == ["DE", "NL"]


def test_a_hybrid_job_has_a_place():
    assert "jobLocationType" not in document_of(workplace="hybrid")


def test_coordinates_of_a_town_are_not_those_of_the_job():
    town = PLACE.model_copy(update={"precision": "place"})
    assert ("geo" in document_of()["jobLocation"], "geo" in document_of(locations=[town])["jobLocation"]) == (True, False)


@pytest.mark.parametrize(("method", "direct"), [("url", True), ("form", True), ("email", False)])
def test_applying_directly_is_applying_from_the_page(method, direct):
    apply = Apply(method=method, url="https://zorgnoord.example/1", email="jobs@zorgnoord.example")
    assert document_of(apply=apply)["directApply"] is direct


def test_who_asks_for_nothing_says_so_in_googles_words():
    document = document_of(education_levels=["none"], experience=Experience(min_months=0))
    assert (document["educationRequirements"], document["experienceRequirements"]) == ("no requirements",) * 2


def test_the_occupation_is_told_as_a_code_of_iscos_list():
    record = item_of()
    record["content"]["occupation"] = [{"code": "isco08:2221", "score": 1.0, "rule": "lexicon.title"}]
    assert to_document(record)["occupationalCategory"] == {
        "@type": "CategoryCode",
        "codeValue": "2221",
        "inCodeSet": "http://data.europa.eu/esco/concept-scheme/isco",
    }


def test_skills_are_told_in_their_sources_words():
    record = item_of()
    record["content"]["skills"] = [{"code": "power_bi", "rule": "skills.stated", "evidence": "Power BI"}]
    assert to_document(record)["skills"] == "Power BI"


def test_an_internship_is_one_whatever_its_hours():
    assert document_of(Kind.INTERNSHIP, employment_types=["full_time"])["employmentType"] == ["FULL_TIME", "INTERN"]


def test_an_agency_hires_for_an_employer_that_it_does_not_name():
    agency = Organisation(name="Bureau Noord")
    assert document_of(organisation=None, intermediary=agency)["hiringOrganization"]["name"] == "Bureau Noord"
    assert document_of(intermediary=agency)["hiringOrganization"]["name"] == "Zorg Noord"


def test_readers_are_sent_to_the_owners_page():
    assert document_of()["url"] == "https://zorgnoord.example/vacatures/1"


def test_each_source_is_credited():
    assert document_of(attribution="Vonk, vonk.example")["subjectOf"] == [
        {"@type": "WebPage", "url": "https://zorgnoord.example/vacatures/1", "creditText": "Vonk, vonk.example"}
    ]


@pytest.mark.parametrize("kind", list(Kind))
def test_no_person_is_named(kind):
    text = json.dumps(document_of(kind, event=EVENT)).lower()
    assert [
        word for word in ("canarie", "12345678@", "0612345678", "06 1234", "contactpoint", "applicationcontact") if word in text
    ] == []


# --- languages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "title"), [("nl", "Verpleegkundige"), ("en", "Nurse")])
def test_texts_come_in_the_language_that_was_asked(language, title):
    document = document_of(language=language)
    assert (document["title"], document["inLanguage"]) == (title, language)


def test_the_language_that_is_told_is_the_texts_own():
    only_english = {"title": Title(en=Text(text="Nurse")), "description": Description()}
    assert document_of(language="nl", **only_english)["inLanguage"] == "en"


# --- events -----------------------------------------------------------------------------------------------------------


def event_of(**changes):
    return document_of(Kind.EVENT, event=EVENT.model_copy(update=changes))


def test_a_time_has_the_offset_of_the_events_place():
    summer = datetime(2027, 6, 1, 17, tzinfo=UTC)
    assert event_of()["startDate"] == "2027-03-04T19:30:00+01:00"
    assert event_of(start=summer, end=None)["startDate"] == "2027-06-01T19:00:00+02:00"


@pytest.mark.parametrize("end", [datetime(2027, 3, 5, 23, tzinfo=UTC), datetime(2027, 3, 5, 22, 59, 59, tzinfo=UTC)])
def test_an_all_day_event_has_dates_and_ends_on_its_last_day(end):
    document = event_of(all_day=True, start=datetime(2027, 3, 3, 23, tzinfo=UTC), end=end)
    assert (document["startDate"], document["endDate"]) == ("2027-03-04", "2027-03-05")


def test_a_cancelled_event_stays_an_event():
    assert event_of(status="cancelled")["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_moved_event_tells_when_it_was_to_be():
    document = event_of(status="rescheduled", previous_starts=[START - timedelta(days=7)])
    assert document["previousStartDate"] == "2027-02-25T19:30:00+01:00"


def test_what_has_moved_online_has_its_venue_no_more():
    assert event_of(status="moved_online")["location"] == {"@type": "VirtualLocation", "url": "https://meet.example/1"}


def test_a_mixed_event_is_at_both():
    assert [place["@type"] for place in event_of()["location"]] == ["Place", "VirtualLocation"]


def test_a_course_with_dates_has_an_instance():
    document = document_of(Kind.COURSE, event=EVENT)
    instance = document["hasCourseInstance"]
    assert (instance["@type"], instance["courseMode"], instance["startDate"]) == (
        "CourseInstance",
        "blended",
        "2027-03-04T19:30:00+01:00",
    )
    assert [offer["category"] for offer in document["offers"]] == ["Free", "Paid"]


# --- rights -----------------------------------------------------------------------------------------------------------


def test_of_a_link_only_source_nothing_but_what_it_grants():
    assert set(document_of(**LINK_ONLY)) == {
        *("@context", "@type", "@id", "title", "inLanguage", "identifier", "datePosted", "validThrough"),
        *("hiringOrganization", "jobLocation", "url", "subjectOf"),
    }


# --- embedding --------------------------------------------------------------------------------------------------------


class Scripts(HTMLParser):
    """Texts of script elements, as a browser ends them; and how many tags there are beside."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False
        self.tags = 0

    def handle_starttag(self, tag, attrs):
        self.tags += 1
        self.inside = tag == "script"

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.found.append(data)


def embedded(item):
    parser = Scripts()
    parser.feed(f'<script type="application/ld+json">{to_script(orjson.dumps(item))}</script>')
    parser.close()
    return parser


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>--><b>",
    "line\u2028separator\u2029end",
    '"quoted" \\ back\\u003c',
    "Ünïcode 🚀 \U0001f469\u200d\U0001f680 \u202egnp.exe",
    "&lt;script&gt; &amp;",
    "{{ 7 * 7 }} ${x} <%= y %>",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_comes_back_from_the_page_as_it_was(title):
    item = item_of()
    item["content"]["title"]["nl"]["text"] = title
    parser = embedded(item)
    assert parser.tags == 1
    assert json.loads("".join(parser.found)) == to_document(item)
    (told,) = expanded(json.loads(to_json_ld(orjson.dumps(item))))[SCHEMA + "title"]
    assert told["@value"] == " ".join(title.split())


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_no_text_ends_the_element(text):
    item = item_of_text(text)
    script = to_script(orjson.dumps(item)) or ""
    assert not set("<>&\u2028\u2029") & set(script)
    assert json.loads(script) == to_document(item)


ITEM = item_of()


def item_of_text(text):
    content = {**ITEM["content"], "organisation": {"name": f"x{text}"}, "description": {"nl": {"html": f"x{text}", "text": text}}}
    return {**ITEM, "content": content}


def test_what_google_would_refuse_is_not_embedded():
    item = item_of(description=Description())
    assert missing_of(to_document(item)) == ["description"]
    assert to_script(orjson.dumps(item)) is None
    assert orjson.loads(to_json_ld(orjson.dumps(item)))["@type"] == "JobPosting"


NAMES = st.sampled_from(
    [
        *("title", "nl", "text", "html", "description", "organisation", "name", "url", "locations", "place", "salary", "min"),
        *("event", "start", "end", "timezone", "previous_starts", "prices", "amount", "venue", "location", "apply", "method"),
        *("education_levels", "experience", "min_months", "employment_types", "workplace", "positions", "eqf_min", "period"),
    ]
)
WORDS = st.sampled_from(
    ["", "x", "nl", "remote", "month", "url", "2027-03-04", "2027-03-04T10:00:00Z", "Europe/Amsterdam", "hbo"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9**9) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=16,
)


@settings(max_examples=60)
@given(st.sampled_from(list(Kind)), st.dictionaries(NAMES, ANYTHING, max_size=8))
def test_whatever_an_operator_has_set_something_is_told(kind, content):
    document = to_document({"id": "opp-x", "kind": kind.value, "content": content, "sources": []})
    assert json.loads(json.dumps(document))["@id"] == "urn:hub:opportunity:opp-x"
    assert isinstance(missing_of(document), list)


def test_an_event_without_an_end_has_none():
    assert "endDate" not in document_of(Kind.EVENT, event=Event(start=START))

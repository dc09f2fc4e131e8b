"""What an opportunity shows of several postings, field by field, and what it keeps of the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import orjson
import pytest
from fakes.postings import BASE, change, posting

from hub.domain.opportunity import Opportunity
from hub.domain.posting import (
    DutchRequired,
    Event,
    Hours,
    Kind,
    Location,
    Organisation,
    RegionCode,
    Salary,
    Series,
    Status,
    Text,
    Title,
    Venue,
)
from hub.domain.records import MatchOverride, PostingOverride
from hub.domain.series import turns_at
from hub.matching import Change, ClockChange, Engine, MatchChange, OverrideChange, PostingChange

LATER = BASE + 60_000
EMPLOYERS = "https://werkenbij.ziekenhuis.example/vacatures/verpleegkundige-4711"
PLATFORMS = "https://a.example/vacature/1"


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 12, number, hour, tzinfo=UTC)


def place(name: str, code: str | None, precision: Any = "place", **fields: Any) -> Location:
    return Location(place=name, municipality=code, precision=precision, **fields)


GRONINGEN, EMMEN = place("Groningen", "GM0014"), place("Emmen", "GM0114")
STREET = place("Groningen", "GM0014", "address", street="Herestraat 1")
SALARY = Salary(min=3000, max=4000, period="month")


def titled(key: str, title: Title, **fields: Any) -> PostingChange:
    return PostingChange(key, posting(key, **fields).model_copy(update={"title": title}).to_bytes())


def shown(*changes: Change) -> Opportunity:
    """The one live opportunity of postings that the operator linked, however alike they are."""
    keys = [one.key for one in changes if isinstance(one, PostingChange)]
    links = [MatchChange(keys[0], key, MatchOverride(op="link", who="o", when=BASE)) for key in keys[1:]]
    engine = Engine({"a.example": "a"})
    engine.apply([*changes, *links])
    (opportunity,) = [one for one in engine.opportunities() if one.state == "live"]
    return opportunity


def content(*changes: Change) -> dict[str, Any]:
    return shown(*changes).content or {}


def others(opportunity: Opportunity, path: str) -> list[tuple[Any, str]]:
    return [(one.value, one.source_key) for one in (opportunity.alternatives or {}).get(path, [])]


# --- which value is shown ------------------------------------------------------------------------------------------------


def test_the_most_trusted_source_gives_a_field_and_the_record_says_so() -> None:
    opportunity = shown(change("a:1", rank=5, positions=1), change("b:1", rank=0, positions=2))
    assert ((opportunity.content or {})["positions"], opportunity.field_origins["positions"]) == (2, "b:1")


def test_what_the_most_trusted_source_leaves_open_the_next_one_gives() -> None:
    opportunity = shown(change("a:1", rank=0), change("b:1", positions=2))
    assert ((opportunity.content or {})["positions"], opportunity.field_origins["positions"]) == (2, "b:1")


def test_each_language_has_the_title_of_the_most_trusted_source_that_has_it() -> None:
    opportunity = shown(change("a:1", rank=0, title="Kok"), titled("b:1", Title(nl=Text(text="Chef"), en=Text(text="Cook"))))
    titles = (opportunity.content or {})["title"]
    assert (titles["nl"]["text"], titles["en"]["text"]) == ("Kok", "Cook")
    assert (opportunity.field_origins["title.nl"], opportunity.field_origins["title.en"]) == ("a:1", "b:1")


def test_a_title_that_a_source_wrote_comes_before_one_that_was_derived() -> None:
    derived = titled("a:1", Title(nl=Text(text="Zorgmedewerker", origin="derived")), rank=0)
    assert content(derived, change("b:1", title="Kok"))["title"]["nl"]["text"] == "Kok"


def test_the_employer_is_named_by_whoever_is_no_intermediary() -> None:
    agency = change("a:1", rank=0, employer="Uitzendbureau Vlot", intermediary=Organisation(name="Uitzendbureau Vlot"))
    assert content(agency, change("b:1"))["organisation"]["name"] == "Ziekenhuis Noord"


def test_the_address_to_apply_at_is_the_employers_before_a_platforms() -> None:
    assert content(change("a:1", rank=0, apply_url=PLATFORMS), change("b:1", apply_url=EMPLOYERS))["apply"]["url"] == EMPLOYERS


def test_the_day_of_publication_is_the_earliest() -> None:
    found = content(change("a:1", rank=0, date_posted=day(9)), change("b:1", date_posted=day(2)))
    assert found["date_posted"] == "2026-12-02T12:00:00Z"


def test_the_closing_date_is_the_most_trusted_sources() -> None:
    found = content(change("a:1", rank=5, valid_through=day(2)), change("b:1", rank=0, valid_through=day(4)))
    assert found["valid_through"] == "2026-12-04T12:00:00Z"


def test_closing_dates_more_than_three_days_apart_are_flagged() -> None:
    near = content(change("a:1", valid_through=day(2)), change("b:1", valid_through=day(5)))
    far = content(change("a:1", valid_through=day(2)), change("b:1", valid_through=day(6)))
    assert "flags" not in near
    assert [(flag["code"], flag["evidence"]) for flag in far["flags"]] == [("closing_dates_differ", "2026-12-02 / 2026-12-06")]


def test_a_platforms_own_promise_on_dutch_comes_before_what_a_text_says() -> None:
    said = DutchRequired(value="yes", rule="dutch.required", evidence="Je spreekt Nederlands")
    promised = DutchRequired(value="no", rule="source.default")
    found = content(change("a:1", rank=0, dutch_required=said), change("b:1", dutch_required=promised))
    assert found["dutch_required"]["value"] == "no"


def test_what_a_text_says_of_dutch_comes_before_not_knowing() -> None:
    said = DutchRequired(value="yes", rule="dutch.required", evidence="Je spreekt Nederlands")
    assert content(change("a:1", rank=0), change("b:1", dutch_required=said))["dutch_required"]["value"] == "yes"


@pytest.mark.parametrize(
    ("field", "vague", "specific"),
    [
        ("salary", Salary(min=3000, period="month"), SALARY),
        ("salary", Salary(min=30, max=40, period="month", period_is_guess=True), SALARY),
        ("hours", Hours(max=40), Hours(min=32, max=36)),
        ("education_levels", ["hbo", "wo"], ["wo"]),
    ],
)
def test_the_more_specific_value_is_shown(field: str, vague: Any, specific: Any) -> None:
    opportunity = shown(change("a:1", rank=0, **{field: vague}), change("b:1", **{field: specific}))
    stated = orjson.loads(posting("b:1", **{field: specific}).to_bytes())
    assert ((opportunity.content or {})[field], opportunity.field_origins[field]) == (stated[field], "b:1")


def test_of_equally_specific_values_the_most_trusted_sources_is_shown() -> None:
    found = content(change("a:1", hours=Hours(min=36, max=36)), change("b:1", rank=0, hours=Hours(min=32, max=40)))
    assert found["hours"] == {"min": 32.0, "max": 40.0}


def test_other_levels_of_education_do_not_replace_the_most_trusted_sources() -> None:
    assert content(change("a:1", rank=0, education_levels=["hbo", "wo"]), change("b:1", education_levels=["mbo4"]))[
        "education_levels"
    ] == ["hbo", "wo"]


# --- place ---------------------------------------------------------------------------------------------------------------


def test_the_most_specific_place_is_shown() -> None:
    found = content(change("a:1", rank=0, locations=[GRONINGEN]), change("b:1", locations=[STREET]))
    assert found["locations"][0]["street"] == "Herestraat 1"


def test_a_place_that_contradicts_the_majority_is_not_shown_however_specific_and_trusted() -> None:
    odd = place("Emmen", "GM0114", "address", street="Marktplein 2")
    found = content(
        change("a:1", rank=0, locations=[odd]), change("b:1", locations=[GRONINGEN]), change("c:1", locations=[GRONINGEN])
    )
    assert [row["municipality"] for row in found["locations"]] == ["GM0014"]


def test_without_a_majority_the_most_trusted_sources_place_counts() -> None:
    found = content(change("a:1", locations=[STREET]), change("b:1", rank=0, locations=[EMMEN]))
    assert [row["municipality"] for row in found["locations"]] == ["GM0114"]


def test_a_province_contradicts_no_place_and_is_less_specific_than_one() -> None:
    province = Location(province="Groningen", precision="region")
    assert content(change("a:1", rank=0, locations=[province]), change("b:1", locations=[GRONINGEN]))["locations"][0]["place"]


def test_regions_are_of_the_places_that_are_shown() -> None:
    north, drenthe = RegionCode(scheme="corop", code="CR03"), RegionCode(scheme="corop", code="CR08")
    found = shown(
        change("a:1", rank=0, locations=[EMMEN], regions=[drenthe]),
        change("b:1", locations=[GRONINGEN], regions=[north]),
        change("c:1", locations=[GRONINGEN], regions=[north]),
    )
    assert (found.facets.municipalities, found.facets.regions) == (["GM0014"], ["corop:CR03"])


# --- the owner withdrew --------------------------------------------------------------------------------------------------


def withdrawn_by_the_owner() -> Opportunity:
    owner = change("b:1", rank=0, status=Status.WITHDRAWN, seq=LATER, valid_through=day(2))
    return shown(change("a:1", valid_through=day(9)), owner)


def test_what_its_owner_withdrew_stays_live_and_is_flagged() -> None:
    opportunity = withdrawn_by_the_owner()
    assert [one.source_key for one in opportunity.sources] == ["a:1"]
    assert [(one["code"], one["evidence"]) for one in (opportunity.content or {})["flags"]] == [("owner_withdrew", "b:1")]


def test_the_closing_date_of_what_its_owner_withdrew_is_unknown_and_the_platforms_is_kept() -> None:
    opportunity = withdrawn_by_the_owner()
    assert "valid_through" not in (opportunity.content or {})
    assert "valid_through" not in opportunity.field_origins
    assert others(opportunity, "valid_through") == [("2026-12-09T12:00:00Z", "a:1")]


def test_a_platform_that_withdraws_what_its_owner_lists_changes_nothing_of_it() -> None:
    platform = change("a:1", rank=5, status=Status.WITHDRAWN, seq=LATER)
    found = content(platform, change("b:1", rank=0, valid_through=day(2)))
    assert ("flags" in found, found["valid_through"]) == (False, "2026-12-02T12:00:00Z")


def test_an_owner_that_must_not_be_shown_withdraws_without_a_flag() -> None:
    owner = change("b:1", rank=0, status=Status.WITHDRAWN, seq=LATER, republish="no")
    found = content(change("a:1", valid_through=day(9)), owner)
    assert ("flags" in found, found["valid_through"]) == (False, "2026-12-09T12:00:00Z")


# --- what else the sources state -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "one", "other", "kept"),
    [
        ("title.nl.text", {"title": "Kok"}, {"title": "Chef-kok"}, "Chef-kok"),
        ("organisation.name", {}, {"employer": "Waterschap Veen"}, "Waterschap Veen"),
        ("hours", {"hours": Hours(min=32, max=32)}, {"hours": Hours(min=40, max=40)}, {"min": 40.0, "max": 40.0}),
        ("education_levels", {"education_levels": ["hbo"]}, {"education_levels": ["wo"]}, ["wo"]),
        ("contract", {"contract": "permanent"}, {"contract": "fixed_term"}, "fixed_term"),
        ("valid_through", {"valid_through": day(2)}, {"valid_through": day(3)}, "2026-12-03T12:00:00Z"),
        ("apply.url", {"apply_url": EMPLOYERS}, {"apply_url": PLATFORMS}, PLATFORMS),
    ],
)
def test_what_another_source_states_is_kept_beside_it(path: str, one: Any, other: Any, kept: Any) -> None:
    assert others(shown(change("a:1", rank=0, **one), change("b:1", **other)), path) == [(kept, "b:1")]


def test_another_place_and_another_salary_are_kept_whole() -> None:
    less = Salary(min=2800, max=3500, period="month", cao="Ziekenhuizen")
    opportunity = shown(
        change("a:1", rank=0, locations=[GRONINGEN], salary=SALARY), change("b:1", locations=[EMMEN], salary=less)
    )
    (place_kept, _), (salary_kept, _) = *others(opportunity, "locations"), *others(opportunity, "salary")
    assert (place_kept[0]["municipality"], salary_kept["cao"]) == ("GM0114", "Ziekenhuizen")


def test_another_start_and_venue_of_an_event_are_kept() -> None:
    def event(key: str, hour: int, venue: str, rank: int) -> PostingChange:
        return change(key, kind="event", rank=rank, event=Event(start=day(4, hour), venue=Venue(name=venue)))

    opportunity = shown(event("a:1", 17, "Forum", 0), event("b:1", 18, "Oosterpoort", 5))
    assert others(opportunity, "event.start") == [("2026-12-04T18:00:00Z", "b:1")]
    assert others(opportunity, "event.venue.name") == [("Oosterpoort", "b:1")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "Kok (m/v)"}, {"title": "KOK  m/v"}),
        ({"employer": "Café Noord"}, {"employer": "cafe noord"}),
        ({"salary": SALARY}, {"salary": Salary(min=3000, as_stated="vanaf € 3.000")}),
        ({"locations": [STREET]}, {"locations": [GRONINGEN]}),
        ({"hours": Hours(min=32, max=36)}, {"hours": Hours(max=36)}),
        ({"valid_through": day(2, 9)}, {"valid_through": day(2, 22)}),
        ({"apply_url": EMPLOYERS}, {"apply_url": EMPLOYERS + "/?utm_source=b"}),
        ({"date_posted": day(2)}, {"date_posted": day(9)}),
    ],
)
def test_another_spelling_and_less_of_the_same_are_no_disagreement(one: Any, other: Any) -> None:
    assert shown(change("a:1", rank=0, **one), change("b:1", **other)).alternatives is None


def test_one_moment_told_in_two_time_zones_is_no_disagreement() -> None:
    there = day(4).astimezone(timezone(timedelta(hours=1)))
    events = [change(key, kind="event", event=Event(start=start)) for key, start in (("a:1", day(4)), ("b:1", there))]
    assert shown(*events).alternatives is None


def test_one_source_has_no_alternatives_and_its_record_does_not_mention_them() -> None:
    assert b"alternatives" not in shown(change("a:1", salary=SALARY)).to_bytes()


def test_what_two_others_state_alike_is_kept_once_from_the_more_trusted() -> None:
    opportunity = shown(
        change("a:1", rank=0, contract="permanent"),
        change("b:1", rank=4, contract="fixed_term"),
        change("c:1", rank=2, contract="fixed_term"),
    )
    assert others(opportunity, "contract") == [("fixed_term", "c:1")]


def test_five_alternatives_of_a_field_are_kept_at_most_of_the_most_trusted() -> None:
    changes = [change(f"{source}:1", rank=rank, employer=f"Werkgever {source}") for rank, source in enumerate("abcdefgh")]
    assert [key for _, key in others(shown(*changes), "organisation.name")] == ["b:1", "c:1", "d:1", "e:1", "f:1"]


def test_a_derived_title_is_no_sources_word() -> None:
    derived = titled("b:1", Title(nl=Text(text="Zorgmedewerker", origin="derived")))
    assert others(shown(change("a:1", rank=0), derived), "title.nl.text") == []


@pytest.mark.parametrize(
    ("kind", "title", "codes"),
    [
        ("vacancy", "Senior Software Engineer (m/v/x)", ["isco08:2512"]),
        ("traineeship", "Beleidsadviseur energietransitie", ["isco08:2143", "isco08:2422"]),
        ("vacancy", "Open sollicitatie", []),
        ("course", "Opleiding tot verpleegkundige", []),
        ("event", "Meet a software engineer", []),
    ],
)
def test_the_work_that_a_title_names_has_its_occupation_group(kind: Any, title: str, codes: list[str]) -> None:
    opportunity = shown(change("a:1", kind=kind, title=title))
    assert sorted(row["code"] for row in opportunity.content.get("occupation", ())) == codes


def test_each_sources_word_for_the_work_counts_and_the_likeliest_group_most() -> None:
    opportunity = shown(
        change("a:1", title="Teamleider verpleegkundigen"), change("b:1", title="Office supervisor", republish="yes")
    )
    scores = {row["code"]: row["score"] for row in opportunity.content["occupation"]}
    assert scores == {"isco08:2221": 1.0, "isco08:3341": 1.0}


def test_a_source_that_grants_links_only_adds_what_it_grants_and_no_more() -> None:
    granted = change("b:1", republish="link-only", title="Chef-kok", salary=Salary(min=1, max=2), hours=Hours(min=1, max=2))
    opportunity = shown(change("a:1", rank=0, salary=SALARY, hours=Hours(min=32, max=36)), granted)
    assert set(opportunity.alternatives or {}) == {"title.nl.text"}


def test_a_source_that_must_not_be_shown_adds_nothing_and_is_not_named() -> None:
    silent = change("b:1", republish="no", title="Chef-kok", salary=Salary(min=1, max=2))
    opportunity = shown(change("a:1", salary=SALARY), silent)
    assert (opportunity.alternatives, opportunity.joins) == (None, None)
    assert b"b:1" not in opportunity.to_bytes()


def test_a_link_only_employer_is_who_it_is_and_no_more() -> None:
    employer = Organisation(
        name="Forum", domain="forum.example", description="Wij zijn het Forum", logo_url="https://f.example/l"
    )
    opportunity = shown(change("b:1", republish="link-only", organisation=employer))
    assert opportunity.content is not None
    assert opportunity.content["organisation"] == {"name": "Forum", "domain": "forum.example"}


@pytest.mark.parametrize("silent", ["a", "b"])
def test_a_closed_record_tells_no_facets_of_a_source_that_must_not_be_shown(silent: str) -> None:
    stated = {"a": {"locations": [GRONINGEN]}, "b": {"locations": [EMMEN]}}
    grants = {source: {**fields, "republish": "no" if source == silent else "yes"} for source, fields in stated.items()}
    changes = [change(f"{source}:1", **fields) for source, fields in grants.items()]
    gone = [change(f"{source}:1", **fields, status=Status.WITHDRAWN, seq=LATER) for source, fields in grants.items()]
    engine = Engine()
    engine.apply([*changes, MatchChange("a:1", "b:1", MatchOverride(op="link", who="o", when=BASE))])
    engine.apply(gone)
    told = next(one for one in engine.opportunities() if one.state == "closed" and one.redirects).facets
    assert (told.sources, told.municipalities) == ((["b"], ["GM0114"]) if silent == "a" else (["a"], ["GM0014"]))


def test_what_the_operator_replaced_is_not_told_beside_it() -> None:
    word = OverrideChange("a:1", PostingOverride(who="o", when=BASE, fields={"title.nl.text": "Arts"}))
    opportunity = shown(
        change("a:1", title="Kok", apply_url=EMPLOYERS), change("b:1", title="Chef-kok", apply_url=EMPLOYERS), word
    )
    assert (opportunity.content or {})["title"]["nl"]["text"] == "Arts"
    assert others(opportunity, "title.nl.text") == []


@pytest.mark.parametrize("value", ["nonsense", 7, [1], {"x": 1}, None])
@pytest.mark.parametrize("path", ["apply.url", "event.start", "salary", "valid_through"])
def test_no_value_of_an_operator_breaks_the_comparison(path: str, value: Any) -> None:
    stated = change("a:1", kind="event", event=Event(start=day(4)), salary=SALARY, valid_through=day(3), apply_url=EMPLOYERS)
    other = change("b:1", kind="event", event=Event(start=day(4)), title="Andere titel", apply_url=EMPLOYERS)
    opportunity = shown(stated, other, OverrideChange("a:1", PostingOverride(who="o", when=BASE, fields={path: value})))
    assert others(opportunity, path) == []
    assert others(opportunity, "title.nl.text") != []


# --- the record as a whole -----------------------------------------------------------------------------------------------


def test_an_alternative_that_comes_and_goes_changes_the_version_and_restores_it() -> None:
    engine = Engine()
    engine.apply([change("a:1", rank=0, apply_url=EMPLOYERS, contract="permanent"), change("b:1", apply_url=EMPLOYERS)])
    versions = [next(engine.opportunities()).version]
    for step, contract in enumerate(["fixed_term", None], 1):
        engine.apply([change("b:1", apply_url=EMPLOYERS, contract=contract, seq=BASE + step)])
        versions.append(next(engine.opportunities()).version)
    assert (versions[0] == versions[2], versions[0] == versions[1]) == (True, False)


def test_the_record_is_a_function_of_its_postings_in_any_order() -> None:
    changes = [
        change("a:1", locations=[GRONINGEN], salary=SALARY, contract="permanent", education_levels=["hbo", "wo"]),
        change("b:1", locations=[EMMEN], salary=Salary(min=2500, max=2600, period="month"), education_levels=["wo"]),
        change("c:1", locations=[STREET], contract="fixed_term", hours=Hours(min=8, max=16), employer="Waterschap Veen"),
    ]
    links = [MatchChange("a:1", key, MatchOverride(op="link", who="o", when=BASE)) for key in ("b:1", "c:1")]
    told = set()
    for order in permutations(changes):
        engine = Engine()
        engine.apply([*links, *order])
        told.add(next(engine.opportunities()).to_bytes())
    assert len(told) == 1


def test_the_record_says_why_its_postings_are_one() -> None:
    engine = Engine()
    engine.apply(
        [change("a:1", apply_url=EMPLOYERS), change("b:1", apply_url=EMPLOYERS), change("c:1", title="Kok", employer="X")]
    )
    engine.apply([MatchChange("b:1", "c:1", MatchOverride(op="link", who="o", when=BASE))])
    (opportunity,) = engine.opportunities()
    told = [(one.by, one.first, one.second) for one in opportunity.joins or []]
    assert told == [("operator", "b:1", "c:1"), ("match", "a:1", "b:1")]
    by_operator, by_match = opportunity.joins or []
    assert by_operator.bits is None
    assert by_match.bits == engine.explain.why("a:1", "b:1")["total"] / 1000


def test_a_hidden_posting_is_not_named_among_the_joins() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=EMPLOYERS), change("b:1", apply_url=EMPLOYERS)])
    engine.apply([OverrideChange("b:1", PostingOverride(who="o", when=BASE, hidden=True))])
    (opportunity,) = engine.opportunities()
    assert (opportunity.state, opportunity.joins) == ("live", None)


def weekly(key: str = "a:1", **fields: Any) -> PostingChange:
    """On three Tuesdays, from before summer time ends until after."""
    dates = [datetime(2026, 10, number, 17, tzinfo=UTC) for number in (13, 20)] + [datetime(2026, 10, 27, 18, tzinfo=UTC)]
    event = Event(
        start=dates[0],
        end=dates[0] + timedelta(hours=2),
        timezone="Europe/Amsterdam",
        series=Series(uid="x", ends="never", dates=dates[1:]),
    )
    return change(key, kind=Kind.EVENT, event=event, turns_at=turns_at(event), **fields)


def when(opportunity: Opportunity) -> tuple[str, str, list[str]]:
    event = (opportunity.content or {})["event"]
    return event["start"], event["end"], event.get("series", {}).get("dates")


def at(*moment: int) -> ClockChange:
    return ClockChange(int(datetime(*moment, tzinfo=UTC).timestamp() * 1000))  # type: ignore[arg-type,misc]


def test_an_event_that_recurs_is_shown_at_its_next_date_with_those_that_follow() -> None:
    engine = Engine()
    (first,) = engine.apply([weekly()])
    assert when(first) == (
        "2026-10-13T17:00:00Z",
        "2026-10-13T19:00:00Z",
        ["2026-10-20T17:00:00Z", "2026-10-27T18:00:00Z"],
    )
    assert engine.apply([at(2026, 10, 13, 18, 59)]) == []
    (second,) = engine.apply([at(2026, 10, 13, 19)])
    assert when(second)[0::2] == ("2026-10-20T17:00:00Z", ["2026-10-27T18:00:00Z"])
    assert (second.last_changed, second.version != first.version) == ("2026-10-13T19:00:00.000Z", True)
    (last,) = engine.apply([at(2026, 10, 25, 12)])
    assert when(last) == ("2026-10-27T18:00:00Z", "2026-10-27T21:00:00+01:00", [])
    assert engine.apply([at(2026, 12, 1)]) == []


def test_the_next_date_is_the_same_however_the_clock_came_there() -> None:
    late, slow = Engine(), Engine()
    late.apply([at(2026, 10, 25, 12)])
    (at_once,) = late.apply([weekly()])
    slow.apply([weekly()])
    slow.apply([at(2026, 10, 14)])
    (step_by_step,) = slow.apply([at(2026, 10, 25, 12)])
    assert (at_once.version, at_once.last_changed) == (step_by_step.version, step_by_step.last_changed)


def test_a_source_that_grants_links_shows_the_next_date_and_an_operator_has_the_last_word() -> None:
    word = PostingOverride(who="o", when=BASE, fields={"event.start": "2026-11-03T18:00:00Z"})
    linked, told = Engine(), Engine()
    linked.apply([weekly(republish="link-only")])
    told.apply([weekly(), OverrideChange("a:1", word)])
    (shown_by_link,) = linked.apply([at(2026, 10, 14)])
    told.apply([at(2026, 10, 14)])
    assert when(shown_by_link)[0] == "2026-10-20T17:00:00Z"
    assert [when(one)[0] for one in told.opportunities()] == ["2026-11-03T18:00:00Z"]

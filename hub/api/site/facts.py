"""What is known of one opportunity, fact by fact, in the order in which a reader asks. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.api.site import values
from hub.api.site.rows import closing_of, moment_of
from hub.api.site.speech import Speech, mark
from hub.api.site.words import ATTENDANCE, DUTCH, EMPLOYMENT, EVENT_STATES, FLAGS, TONGUES, WORKPLACES
from hub.feed import reading
from hub.feed.reading import Part


@dataclass(frozen=True, slots=True)
class Fact:
    """`lines`: one, or several of one kind; `link`: where the first line leads."""

    name: str
    lines: tuple[str, ...]
    link: str | None = None


def list_facts(tree: Part, speech: Speech) -> list[Fact]:
    """Those that somebody states."""
    content = reading.content_of(tree)
    stated = [*_event(content, speech), *_work(content, speech), *_programme(content, speech), *_dates(tree, content, speech)]
    return [fact for fact in stated if any(fact.lines)]


def list_notes(content: Part, speech: Speech) -> list[str]:
    """What a reader should know before anything else."""
    event = reading.event_of(content)
    state = EVENT_STATES.get(reading.word_of(event, "status"))
    found = []
    if state is not None:
        found.append(": ".join(filter(None, [speech.say(state), reading.word_of(event, "status_reason")])))
        stated = event.get("previous_starts")
        before = [moment_of(start) for start in stated] if isinstance(stated, list) else []
        if days := [speech.weekday(moment) for moment in before if moment is not None]:
            found.append(speech.say("It was to be on %(days)s.", days=speech.join(days)))
    return [*found, *(speech.say(FLAGS[code]) for code in reading.codes_of(content, "flags") if code in FLAGS)]


def _event(content: Part, speech: Speech) -> Iterator[Fact]:
    event = reading.event_of(content)
    if not event:
        return
    venue = reading.part_of(event, "venue")
    yield _fact(speech, mark("When"), values.say_event_time(speech, event))
    yield _fact(speech, mark("Again on"), values.say_dates(speech, event))
    where = ", ".join(filter(None, [reading.name_of(venue), values.say_places(speech, [venue.get("location")])]))
    yield _fact(speech, mark("Where"), where, link=venue.get("url"))
    yield _fact(speech, mark("Form"), _code(speech, ATTENDANCE, event.get("attendance_mode")))
    yield _fact(speech, mark("Costs"), values.say_prices(speech, event))
    yield _fact(speech, mark("Room for"), _people(speech, event.get("capacity")))
    yield _fact(speech, mark("Register by"), values.say_day(speech, event.get("registration_deadline")))
    yield _fact(speech, mark("Registration"), *_address(event.get("registration_url")))
    yield _fact(speech, mark("Take part online"), *_address(event.get("online_url")))


def _work(content: Part, speech: Speech) -> Iterator[Fact]:
    employer, agency = reading.part_of(content, "organisation"), reading.part_of(content, "intermediary")
    yield _fact(speech, mark("Organisation"), reading.name_of(employer), link=employer.get("url"))
    yield _fact(speech, mark("Through"), reading.name_of(agency), link=agency.get("url"))
    partners = [reading.name_of(one) for one in reading.parts_of(content, "consortium")]
    yield _fact(speech, mark("Together with"), speech.join(list(dict.fromkeys(filter(None, partners)))))
    if not reading.word_of(reading.part_of(reading.event_of(content), "venue"), "name"):
        yield _fact(speech, mark("Place"), values.say_places(speech, content.get("locations")))
    yield _fact(speech, mark("Workplace"), _code(speech, WORKPLACES, content.get("workplace")))
    yield _fact(speech, mark("Hours"), values.say_hours(speech, reading.part_of(content, "hours")))
    yield _fact(speech, mark("Pay"), values.say_pay(speech, reading.part_of(content, "salary")))
    yield _fact(speech, mark("Contract"), values.say_contract(speech, content.get("contract")))
    yield _fact(speech, mark("Employment"), values.say_codes(speech, content.get("employment_types"), EMPLOYMENT))
    yield _fact(speech, mark("Education"), values.say_education(speech, content.get("education_levels")))
    yield _fact(speech, mark("Experience"), values.say_experience(speech, reading.part_of(content, "experience")))
    dutch = reading.word_of(reading.part_of(content, "dutch_required"), "value")
    yield _fact(speech, mark("Dutch language"), speech.say(DUTCH[dutch]) if dutch in ("yes", "no") else "")
    if content.get("must_be_enrolled"):
        yield _fact(speech, mark("For"), speech.say("who is enrolled in a study"))
    yield _fact(speech, mark("Positions"), _people(speech, content.get("positions")))
    yield _fact(speech, mark("Reference number"), reading.word_of(content, "reference_number"))


def _programme(content: Part, speech: Speech) -> Iterator[Fact]:
    trainee, intern = reading.part_of(content, "traineeship"), reading.part_of(content, "internship")
    yield _fact(speech, mark("Duration"), values.say_months(speech, trainee.get("duration_months")))
    yield _fact(speech, mark("The group starts"), values.say_day(speech, trainee.get("cohort_start")))
    placements = [_placement(speech, one) for one in reading.parts_of(trainee, "placements")]
    yield Fact(speech.say("Placements"), tuple(filter(None, placements)))
    yield _fact(speech, mark("Training"), reading.word_of(trainee, "training_days"))
    if trainee.get("job_guarantee"):
        yield _fact(speech, mark("Afterwards"), speech.say("a job is guaranteed"))
    start, end = (values.say_day(speech, intern.get(name)) for name in ("start", "end"))
    yield _fact(speech, mark("Period"), " – ".join(filter(None, [start, end])))
    if (weekly := values.number_of(intern.get("hours_per_week"))) is not None:
        yield _fact(speech, mark("Hours of the internship"), values.say_hours(speech, {"min": weekly, "max": weekly}))
    if (ects := values.number_of(intern.get("ects"))) is not None:
        yield _fact(speech, mark("Credits"), speech.say("%(number)s ECTS", number=speech.number(ects)))
    yield _fact(speech, mark("Allowance"), values.say_pay(speech, reading.part_of(intern, "allowance")))
    yield _fact(speech, mark("Supervision"), reading.word_of(intern, "supervision"))


def _dates(tree: Part, content: Part, speech: Speech) -> Iterator[Fact]:
    closing = closing_of(content)
    yield _fact(speech, mark("Closing date"), speech.day(closing) if closing is not None else "")
    yield _fact(speech, mark("Posted on"), values.say_day(speech, content.get("date_posted")))
    yield _fact(speech, mark("Here since"), values.say_day(speech, tree.get("first_published")))
    yield _fact(speech, mark("Last change"), values.say_day(speech, tree.get("last_changed")))
    tongue = reading.word_of(content, "ad_language")
    yield _fact(speech, mark("Language of the text"), _code(speech, TONGUES, tongue))


def _fact(speech: Speech, name: str, line: str, link: object = None) -> Fact:
    return Fact(speech.say(name), (line,) if line else (), str(link) if line and reading.is_web(link) else None)


def _code(speech: Speech, names: dict[str, str], code: Any) -> str:
    return speech.say(names[code]) if isinstance(code, str) and code in names else str(code or "")


def _people(speech: Speech, number: Any) -> str:
    found = values.number_of(number)
    return speech.number(found) if found is not None else ""


def _address(url: Any) -> tuple[str, str | None]:
    return (url, url) if reading.is_web(url) else ("", None)


def _placement(speech: Speech, row: Part) -> str:
    return ", ".join(
        filter(
            None,
            [reading.word_of(row, "organisation"), reading.word_of(row, "role"), values.say_months(speech, row.get("months"))],
        )
    )

"""Four partners that tell of persons wherever their formats have room for it, each person planted in one place."""

from __future__ import annotations

from typing import Any

import orjson
from fakes.canaries import Persons
from fakes.schema_site import SchemaSite, calendar, entry, html, job, markup
from fakes.wordpress_site import WordPress, event, job_posting, listing, post

from hub.sdk.testing import Canned, FakeHttp

GONE = 904
"""Id of the Noorderlink item that is withdrawn on the way."""
LIST = "/api/backend/vacancies/1.2/vacancies/filter"


class PlantedNoorderlink(FakeHttp):
    def __init__(self, persons: Persons) -> None:
        super().__init__()
        at = lambda place: persons.at(f"noorderlink.{place}")  # noqa: E731
        whole = at("contact_field")
        self.items: list[dict[str, Any]] = [
            _item(
                901,
                text=f"<p>Wij zoeken een kok.</p><p>{at('text').sentence}</p>",
                text_blocks=[
                    {"text": f"Vragen? Bel {at('text_block').name}: {at('text_block').phone} ({at('text_block').email})"}
                ],
                title=f"Kok in het ziekenhuis (bel {at('title').phone}, mail {at('title').email})",
                apply_method="email",
                apply=at("apply_email").email,
                functions=[{"name": f"Zorg, vragen aan {at('function').email}"}],
                contact={"name": whole.name, "email": whole.email, "phone": whole.phone},
            ),
            _item(
                902,
                organisation={"title": f"Zorg Noord ({at('organisation').email})", "city": "Groningen"},
                locality=f"Groningen {at('locality').phone}",
                apply_method="url",
                apply=f"https://werkenbij.example/2?contact={at('apply_address').email}",
                text=f"<p>Mail <a href='mailto:{at('mailto').email}'>{at('mailto').name}</a>, teamleider.</p>"
                f"<p>Volg <a href='https://linkedin.com/in/{at('profile').last}'>{at('profile').name}</a> op LinkedIn.</p>"
                f"<p>Je leidinggevende is <a href='mailto:{at('linked').email}'>{at('linked').name}</a>.</p>"
                f"<p>T.a.v. mevrouw {at('to_the_attention').name}<br>{at('to_the_attention').email}</p>",
            ),
            _item(903, title=None, text=f"<p>{at('parked').sentence}</p>"),
            _item(GONE, text=f"<p>Wij zoeken een monteur.</p><p>{at('withdrawn').sentence}</p>"),
            *(_item(number, text="<p>Wij zoeken iemand met plezier in techniek.</p>") for number in range(905, 915)),
        ]

    def _find(self, url: Any) -> Canned:
        if url.path != LIST:
            return super()._find(url)
        return Canned.json({"total_items": len(self.items), "items": self.items})


def _item(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "slug": f"vacature-{number}",
        "title": f"Medewerker techniek {number}",
        "text": "<p>Wij zoeken iemand.</p>",
        "organisation": {"title": "Zorg Noord", "city": "Groningen"},
        "locality": "Groningen",
        "go_live_at": "2026-11-01T09:00:00+01:00",
        "expire_at": "2099-01-01T00:00:00+01:00",
        "apply_method": "url",
        "apply": f"https://werkenbij.example/{number}",
        **fields,
    }


class PlantedWordPress(WordPress):
    def __init__(self, persons: Persons) -> None:
        super().__init__()
        at = lambda place: persons.at(f"miitn.{place}")  # noqa: E731
        first = listing(
            12,
            f"Data Engineer, ask {at('title').email}",
            _application=at("application").email,
            _company_tagline=f"Call {at('tagline').phone}",
            _company_name=f"Noorderzon ({at('company').email})",
            _job_salary=f"4200 - 5600, ask {at('salary').email}",
        )
        first["content"]["rendered"] = f"<p>You will work with data.</p><p>{at('content').english}</p>"
        second = listing(14, "Sea Engineer")
        node = job_posting(first, applicationContact=_contact(at("structured_contact")))
        node["description"] = f"<p>{at('structured_text').english}</p>"
        self.listings = {12: first, 14: second}
        self.nodes = {12: node, 14: job_posting(second, title="Sea Engineer")}
        organizer, person = at("organizer"), at("organizer_person")
        self.events = {
            31: event(
                31,
                description=f"<p>Come and meet us.</p><p>{at('event_text').english}</p>",
                organizer=[{"id": 78, "organizer": "Make it", "email": organizer.email, "phone": organizer.phone}],
                venue={"id": 77, "venue": f"Forum, {at('venue').phone}", "city": "Groningen", "country": "Netherlands"},
                cost=f"€ 5, {at('cost').email}",
                cost_details={"currency_symbol": "€", "values": ["5"]},
            ),
            32: event(32, organizer=[{"id": 79, "organizer": person.name, "email": person.email, "phone": person.phone}]),
        }
        self.posts = {31: post(31, "canceled", f"Bel {at('reason').name} op {at('reason').phone}"), 32: post(32)}


def _contact(person: Any) -> dict[str, str]:
    return {"@type": "ContactPoint", "name": person.name, "email": person.email, "telephone": person.phone}


class PlantedSchemaSite(SchemaSite):
    def __init__(self, persons: Persons) -> None:
        super().__init__()
        at = lambda place: persons.at(f"traineelink.{place}")  # noqa: E731
        named = at("application_contact")
        first = job(
            1,
            applicationContact=_contact(named),
            description=f"<p>Bij ons werk je samen met {named.name} aan dijken.</p><p>{at('description').sentence}</p>",
            qualifications=f"Vragen aan {at('qualifications').email}",
        )
        organisation = {
            "@type": "Organization",
            "name": "Waterschap Noordkust",
            "contactPoint": _contact(at("organisation_contact")),
        }
        second = job(2, hiringOrganization=organisation, responsibilities=f"Bel {at('responsibilities').phone}")
        meeting = {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": f"Open dag, aanmelden via {at('event_name').email}",
            "startDate": "2099-12-05T10:00:00+01:00",
            "location": {"@type": "Place", "name": f"Forum ({at('place').phone})", "address": {"addressLocality": "Groningen"}},
            "organizer": {"@type": "Person", **{k: v for k, v in _contact(at("organizer_person")).items() if k != "@type"}},
            "performer": {"@type": "Person", "name": at("performer").name},
            "contactPoint": _contact(at("event_contact")),
            "description": at("event_text").sentence,
            "offers": {"@type": "Offer", "price": "5", "priceCurrency": "EUR", "description": at("offer").email},
        }
        organizer, attendee = at("calendar_organizer"), at("attendee")
        entries = (
            entry(
                "evt-1@traineelink.example",
                ORGANIZER=f";CN={organizer.name}:mailto:{organizer.email}",
                ATTENDEE=f";CN={attendee.name}:mailto:{attendee.email}",
                CONTACT=f":{at('calendar_contact').name}\\, {at('calendar_contact').phone}\\, {at('calendar_contact').email}",
                DESCRIPTION=f":Wij praten met trainees. {at('calendar_text').sentence}",
                LOCATION=f":Forum\\, {at('calendar_place').phone}",
                DTSTART=";TZID=Europe/Amsterdam:20981210T190000",
                DTEND=";TZID=Europe/Amsterdam:20981210T213000",
            ),
            entry(
                "evt-2@traineelink.example",
                SUMMARY=f":Borrel\\, mail {at('summary').email}",
                STATUS=":CANCELLED",
                COMMENT=f":{at('comment').sentence}",
                DTSTART=";TZID=Europe/Amsterdam:20981211T190000",
                DTEND=";TZID=Europe/Amsterdam:20981211T213000",
            ),
        )
        self.answers = {
            **self.answers,
            "/agenda.ics": calendar(*entries),
            "/traineeships/job-1": html(markup(first)),
            "/traineeships/job-2": html(markup(second)),
            "/events/open-dag": html(markup([meeting])),
        }


class PlantedRecruitee(FakeHttp):
    def __init__(self, persons: Persons) -> None:
        super().__init__()
        at = lambda place: persons.at(f"vonk.{place}")  # noqa: E731
        recruiter = at("recruiter")
        offers = [
            offer(
                1,
                title=f"Trainee bestuurskunde (app {at('title').phone})",
                description=f"<p>Je leert het vak.</p><p>{at('description').sentence}</p>",
                requirements=f"<ul><li>hbo</li><li>Vragen? {at('requirements').email}</li></ul>",
                translations={"en": {"title": "Trainee policy", "description": f"<p>{at('translation').english}</p>"}},
                mailbox_email=at("mailbox").email,
                recruiter={"name": recruiter.name, "email": recruiter.email, "phone": recruiter.phone},
                department=f"HR, {at('department').email}",
                tags=["overheid", at("tag").email],
                custom_fields=[{"name": "Contactpersoon", "value": f"{at('custom_field').name}, {at('custom_field').phone}"}],
                careers_apply_url=f"https://vonk.example/o/1?mail={at('apply_address').email}",
                company_name=f"Provincie ({at('company').phone})",
            ),
            offer(2, street=f"Plein 1, bel {at('street').phone}", locations=[{"city": "Assen", "name": at("location").email}]),
        ]
        self.answers = {"/api/offers/": Canned.json({"offers": offers})}


def offer(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": 7_000 + number,
        "slug": f"trainee-{number}",
        "title": f"Trainee {number}",
        "status": "published",
        "description": "<p>Je leert het vak.</p>",
        "requirements": "",
        "city": "Assen",
        "careers_url": f"https://vonk.example/o/{number}",
        "published_at": "2026-11-01 09:00:00 UTC",
        "updated_at": "2026-11-02 09:00:00 UTC",
        **fields,
    }


def pushes(persons: Persons) -> list[tuple[str, bytes]]:
    """(webhook id, body): an offer that says more than the list, and one that must be parked."""
    pushed, broken = persons.at("vonk.pushed"), persons.at("vonk.pushed_and_parked")
    good = offer(3, title="Trainee water", description=f"<p>Je leert het vak.</p><p>{pushed.sentence}</p>")
    bad = offer(4, title="", description=f"<p>{broken.sentence}</p>")
    return [
        (f"msg-{number}", orjson.dumps({"type": "offer.created", "data": {"offer": one}}))
        for number, one in enumerate((good, bad), 1)
    ]


def planted(persons: Persons) -> dict[str, FakeHttp]:
    return {
        "noorderlink": PlantedNoorderlink(persons),
        "miitn": PlantedWordPress(persons),
        "traineelink": PlantedSchemaSite(persons),
        "vonk": PlantedRecruitee(persons),
    }

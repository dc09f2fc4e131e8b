"""Cleaning: safe HTML, plain lines, no contact data, echo hints."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.domain.posting import (
    AlternateUrl,
    Apply,
    Contact,
    Description,
    Event,
    Organisation,
    Posting,
    RichText,
    Series,
    Text,
    Title,
)
from hub.enrich import clean
from hub.enrich.lines import clean_line
from hub.enrich.privacy import clean_url, is_role_mailbox, redact
from hub.enrich.safe_html import sanitise, to_text

NL = "[contact via de advertentie]"
EN = "[contact via the ad]"


def described(html: str, **fields: Any) -> Posting:
    return clean(Posting(description=Description(nl=RichText(html=html)), **fields), contacts="drop")


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("<p>Hello <b>you</b></p>", "<p>Hello <b>you</b></p>"),
        ("<div>one</div><div>two</div>", "one<br>two"),
        ("<h1>Title</h1><p>x</p>", "<h2>Title</h2><p>x</p>"),
        ("<script>alert(1)</script><p>x</p>", "<p>x</p>"),
        ("<style>p{}</style>x<iframe src='https://e.example'>inner</iframe>", "x"),
        ("<p onclick='x()'>x</p><img src=x onerror=alert(1)>", "<p>x</p>"),
        ("<a href='javascript:alert(1)'>x</a>", "x"),
        ("<a href='/relative'>x</a>", "x"),
        (
            "<a href='https://e.example/?a=1&b=2' target=_blank>x</a>",
            '<a href="https://e.example/?a=1&amp;b=2" rel="nofollow">x</a>',
        ),
        ("<a href='mailto:a@b.example'>Mail</a>", "Mail"),
        ("&lt;p&gt;twice &amp;amp; escaped&lt;/p&gt;", "<p>twice &amp; escaped</p>"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;x", "x"),
        ("plain\nlines", "plain<br>lines"),
        ("a &lt; b and <junior>", "a &lt; b and"),
        ("<ul><li>one<li>two</ul>", "<ul><li>one</li><li>two</li></ul>"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<p></p><p>x</p><p>&nbsp;</p>", "<p>x</p>"),
        ("CafÃ© in FryslÃ¢n", "Café in Fryslân"),
    ],
)
def test_html_is_reduced_to_a_small_safe_set(raw: str, safe: str) -> None:
    assert sanitise(raw) == safe
    assert sanitise(safe) == safe


def test_text_keeps_a_line_per_paragraph_break_and_item() -> None:
    assert to_text(sanitise("<p>One  &amp;\n two</p><ul><li>a</li><li>b</li></ul>x<br>y")) == "One & two\n- a\n- b\nx\ny"


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("<script>alert(1)</script>Nurse", "Nurse"),
        ("Nurse<script>alert(1)", "Nursealert(1)"),
        ("<b>Senior</b> nurse<img src=x onerror=alert(1)>", "Senior nurse"),
        ("Developer <junior>", "Developer <junior>"),
        ("Developer &lt;junior&gt;", "Developer <junior>"),
        ("C++ Developer <embedded>", "C++ Developer <embedded>"),
        ("R&amp;D &amp;amp; sales", "R&D & sales"),
        ("&lt;b&gt;x&lt;/b&gt;", "x"),
        ("  two \t  spaces\n here ", "two spaces here"),
        ("zero\u200bwidth\x00 and \u202ebidi", "zerowidth and bidi"),
        ("Cafe\u0301", "Café"),
        ("FryslÃ¢n", "Fryslân"),
        ("salary < 3000 & > 2000", "salary < 3000 & > 2000"),
    ],
)
def test_a_line_is_plain_text(raw: str, line: str) -> None:
    assert clean_line(raw) == line
    assert clean_line(line) == line


PERSONAL = [
    ("Mail jan.devries@umcg.example.", "jan.devries"),
    ("Mail jan [at] umcg [dot] example", "[at]"),
    ("Bel 06-12345678", "12345678"),
    ("Bel 06 12 34 56 78", "12 34"),
    ("Bel 06.12.34.56.78.", "12.34"),
    ("Bel 0612345678 voor meer", "0612345678"),
    ("Bel (050) 361 23 45", "361"),
    ("T: 058 – 212 34 56", "212"),
    ("Tel. 0592-123456 of 0592 123457", "12345"),
    ("06-12345678/050-3612345", "3612345"),
    ("+31 (0)6 12 34 56 78", "12 34"),
    ("+31612345678 / 0031612345679", "1234567"),
    ("+49 171 1234567", "171"),
    ("whatsapp https://wa.me/31612345678", "wa.me"),
    ("https://www.linkedin.com/in/jan-de-vries-123/", "linkedin"),
    ("Neem contact op met Jan de Vries, teamleider, via 06-12345678.", "Vries"),
    ("Vragen? Bel Kees op 06 12345678", "Kees"),
    ("Contact: Maria Jansen (recruiter) 050-3612345", "Jansen"),
    ("Contactpersoon: mevrouw A. Bakker", "Bakker"),
    ("For more information please contact Dr. Sarah O'Neil at +31612345678", "Neil"),
    ("Jan de Vries vertelt graag meer: jan.devries@umcg.example", "Vries"),
    ("Neem contact op met Eva van der Meer", "Meer"),
    ("Heb je vragen? Neem contact op met onze recruiter Sanne Visser.", "Visser"),
    ("For more information, please reach out to our recruiter Tom Bos", "Bos"),
    ("Vragen stel je aan Bram de Groot", "Groot"),
    ("Get in contact with Maria van Noord", "Maria"),
    ("Contactpersoon:\nJan de Vries\n06-12345678", "Vries"),
    ("Jan de Vries\n050-3612345", "Vries"),
]
KEPT = [
    "salaris € 2.911 - € 4.332 per maand",
    "tussen 2026-2027 en 01-02-2027 09:00-17:00",
    "9712 AB Groningen",
    "KvK 01234567, btw NL001234567B01",
    "referentie 0612345678",
    "vacaturenummer: 0501234567",
    "IBAN NL91 ABNA 0417 1643 00",
    "budget 2026 2027 2028 3000 4000",
    "https://x.example/vacature/0612345678",
    "Neem contact op met Gemeente Groningen",
    "Neem contact op met de Rabobank Noord Groningen",
    "Werken bij Ziekenhuis Noord in Assen",
    "You contact Shell Energy Europe for quotes",
    "You are in contact with Gasunie Transport Services",
    "Volg ons op https://www.linkedin.com/company/umcg",
]


@pytest.mark.parametrize(("text", "gone"), PERSONAL)
def test_contact_data_goes_from_text_and_html(text: str, gone: str) -> None:
    found = described(f"<p>{text}</p>".replace("\n", "<br>")).description.nl
    assert found is not None
    assert gone not in found.text
    assert gone not in found.html
    assert NL in found.text


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_and_names_stay(text: str) -> None:
    assert redact(text, "nl") == text


@pytest.mark.parametrize(
    "text",
    [
        "Je komt terecht bij Geriatrische Stroke Unit Oost.",
        "Bel Intensive Care voor een afspraak.",
        "Vragen aan Klinische Zorg Noord?",
    ],
)
def test_a_department_after_a_contact_phrase_stays(text: str) -> None:
    assert redact(text, "nl") == text


def test_contact_data_that_tags_split_goes_too() -> None:
    found = described("<p>Mail <b>jan</b>.de<i>vries@umcg</i>.example of 06-<b>1234</b>5678</p>").description.nl
    assert found is not None
    assert "vries" not in found.html
    assert "5678" not in found.html


def test_a_name_found_once_goes_everywhere_and_the_employer_stays() -> None:
    found = described(
        "<p>Jan de Vries is je teamleider.</p><p>Bel Jan de Vries op 06-12345678</p>",
        title=Title(nl=Text(text="Werken met Jan de Vries")),
        organisation=Organisation(name="Bakkerij Jansen", description="Vraag Jan de Vries. Mail info@b.example"),
    )
    assert "Vries" not in found.to_bytes().decode()
    assert found.organisation is not None
    assert found.organisation.name == "Bakkerij Jansen"


def test_the_name_of_the_contact_field_goes_from_the_text() -> None:
    found = described("<p>Piet Puk begeleidt je.</p>", contact=Contact(name="Piet Puk", email="p@p.example"))
    assert found.contact is None
    assert "Puk" not in found.to_bytes().decode()


def test_the_placeholder_speaks_the_ads_language() -> None:
    english = "<p>You will work with the team and we are looking for a nurse. Mail a.b@c.example</p>"
    found = clean(Posting(description=Description(en=RichText(html=english))), contacts="drop").description.en
    assert found is not None
    assert EN in found.text


def test_contact_data_stays_where_the_manifest_allows_it() -> None:
    posting = Posting(
        description=Description(nl=RichText(html="<p>Bel 06-12345678 of <a href='mailto:a.b@c.example'>mail</a></p>")),
        contact=Contact(name="A B"),
        apply=Apply(method="email", email="a.b@c.example"),
    )
    found = clean(posting, contacts="republish")
    assert found.description.nl is not None
    assert "06-12345678" in found.description.nl.text
    assert 'href="mailto:a.b@c.example"' in found.description.nl.html
    assert (found.contact, found.apply) == (posting.contact, posting.apply)


@pytest.mark.parametrize(
    ("email", "is_role"),
    [
        ("jobs@x.example", True),
        ("hr@x.example", True),
        ("werkenbij@x.example", True),
        ("vacatures-groningen@x.example", True),
        ("recruitment.team@x.example", True),
        ("j.devries@x.example", False),
        ("jan@x.example", False),
        ("hrjansen@x.example", False),
    ],
)
def test_only_a_role_mailbox_stays_to_apply_at(email: str, is_role: bool) -> None:
    assert is_role_mailbox(email) is is_role
    found = clean(Posting(apply=Apply(method="email", email=email, url="https://x.example/apply")), contacts="drop").apply
    assert found is not None
    assert (found.email, found.method) == ((email, "email") if is_role else (None, "url"))


@pytest.mark.parametrize(
    ("url", "clean_form"),
    [
        ("https://x.example/a?b=1", "https://x.example/a?b=1"),
        ("https://user:secret@x.example/a", "https://x.example/a"),
        ("https://x.example/apply?to=j.vries@x.example&job=1", "https://x.example/apply?job=1"),
        ("https://x.example/apply?to=j.vries%40x.example", "https://x.example/apply"),
        ("https://social.example/@umcg", "https://social.example/@umcg"),
        ("https://www.linkedin.com/in/jan/", None),
        ("https://wa.me/31612345678", None),
    ],
)
def test_addresses_carry_no_personal_data(url: str, clean_form: str | None) -> None:
    assert clean_url(url) == clean_form


def test_every_string_is_cleaned_wherever_it_stands() -> None:
    event = Event(
        start=datetime(2027, 6, 1, 9, tzinfo=UTC),
        status_reason="Bel 06-12345678 &amp; hoor",
        series=Series(uid="123@miitn.example"),
    )
    found = clean(Posting(event=event, functions=["<b>Zorg</b>", " ", "R&amp;D"], reference_number="0612345678"), contacts="drop")
    assert found.event is not None
    assert found.event.status_reason == f"Bel {NL} & hoor"
    assert found.event.series == Series(uid="123@miitn.example")
    assert found.functions == ["Zorg", "R&D"]
    assert found.reference_number == "0612345678"


def test_the_language_of_the_ad_is_found_and_an_english_text_leaves_the_dutch_slot() -> None:
    text = "<p>You are a nurse and you will work with our team in the hospital. We offer you the pay and the time to grow.</p>"
    found = clean(Posting(title=Title(nl=Text(text="Nurse")), description=Description(nl=RichText(html=text))), contacts="drop")
    assert found.ad_language == "en"
    assert found.description.nl is None
    assert found.description.en is not None
    assert (found.title.nl, found.title.en) == (None, Text(text="Nurse"))
    assert found.field_origins["ad_language"] == "cleaning.language.moved"


def test_a_dutch_text_stays_in_its_slot() -> None:
    found = described("<p>Je bent een verpleegkundige en je werkt met ons team in het ziekenhuis.</p>")
    assert (found.ad_language, found.description.en) == ("nl", None)


def test_echo_hints_name_our_ids_and_the_addresses() -> None:
    found = described(
        "<p>See <a href='https://hub.example/v1/opportunities/opp-abcdefghijklmn23'>the hub</a></p>",
        title=Title(nl=Text(text="Nurse opp-zzzzzzzzzzzzzzzz")),
        canonical_url="https://x.example/1",
        alternate_urls=[AlternateUrl(source="y", url="https://y.example/2")],
    )
    assert found.echo is not None
    assert found.echo.opportunity_ids == ["opp-abcdefghijklmn23", "opp-zzzzzzzzzzzzzzzz"]
    assert found.echo.urls == ["https://x.example/1", "https://y.example/2"]


def test_a_clean_posting_without_addresses_is_the_same_object() -> None:
    posting = Posting(title=Title(nl=Text(text="Nurse")), source="s", source_key="s:1")
    assert clean(posting, contacts="drop") is posting

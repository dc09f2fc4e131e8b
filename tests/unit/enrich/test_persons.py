"""Persons in an organisation's place and as the text of a link: taken off, and firms of the same shape are not."""

from __future__ import annotations

import pytest

from hub.domain.posting import Contact, Description, Organisation, Posting, RichText, Text, Title
from hub.enrich import clean
from hub.enrich.persons import is_person, names_in_links


def cleaned(**fields):
    return clean(Posting(title=Title(nl=Text(text="Open dag")), **fields), contacts="drop")


@pytest.mark.parametrize(
    "email", ["jan.de.vries@forum.example", "j.devries@forum.example", "jvries@forum.example", "jan.vries@x.example"]
)
def test_an_organiser_whose_mailbox_spells_the_name_is_a_person(email):
    assert cleaned(organisation=Organisation(name="Jan de Vries"), contact=Contact(email=email)).organisation is None


def test_an_organiser_of_the_contacts_name_is_a_person():
    assert cleaned(organisation=Organisation(name="Jan de Vries"), contact=Contact(name="Jan de Vries")).organisation is None


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Forum Groningen", "info@forum.example"),
        ("Jansen & Zonen", "hr@jansen.example"),
        ("Forum", "forum@forum.example"),
        ("Van der Meer Advies", "info@vandermeer.example"),
    ],
)
def test_an_organisation_stays(name, email):
    found = cleaned(organisation=Organisation(name=name), contact=Contact(email=email)).organisation
    assert found is not None
    assert found.name == name


def test_the_organisers_name_goes_from_the_text_too():
    posting = cleaned(
        organisation=Organisation(name="Jan de Vries"),
        contact=Contact(email="j.devries@forum.example"),
        description=Description(nl=RichText(html="<p>Jan de Vries vertelt over zijn werk bij ons in de haven.</p>")),
    )
    assert "Vries" not in posting.to_bytes().decode()


def test_a_person_among_several_organisers_is_taken_off_alone():
    posting = cleaned(
        organisation=Organisation(name="Forum Groningen"),
        consortium=[Organisation(name="Jan de Vries"), Organisation(name="Hanzehogeschool")],
        contact=Contact(email="j.devries@forum.example"),
    )
    assert [one.name for one in posting.consortium] == ["Hanzehogeschool"]


def test_a_republished_contact_keeps_its_place():
    posting = Posting(organisation=Organisation(name="Jan de Vries"), contact=Contact(email="j.devries@forum.example"))
    kept = clean(posting, contacts="republish")
    assert kept.organisation is not None


@pytest.mark.parametrize(
    "html",
    [
        '<p>Je leidinggevende is <a href="mailto:j.devries@x.example">Jan de Vries</a>.</p>',
        "<p>Volg <a class=x href='https://www.linkedin.com/in/jdv'><b>Jan</b> de Vries</a>!</p>",
        "<p>Praat met <a href=tel:0612345678>Jan de Vries</a> over het werk.</p>",
    ],
)
def test_the_text_of_a_link_to_a_person_is_a_name(html):
    assert list(names_in_links(html)) == ["Jan de Vries"]
    assert "Vries" not in cleaned(description=Description(nl=RichText(html=html))).to_bytes().decode()


@pytest.mark.parametrize(
    "html",
    [
        '<a href="mailto:hr@x.example">Mail ons</a>',
        '<a href="mailto:hr@x.example">Afdeling Werving Noord</a>',
        '<a href="https://x.example/team">Jan de Vries</a>',
        '<a href="mailto:hr@x.example"></a>',
    ],
)
def test_other_links_name_nobody(html):
    assert list(names_in_links(html)) == []


def test_a_name_of_one_word_is_nobody():
    assert not is_person(Organisation(name="Noorderlink"), Contact(name="Noorderlink", email="noorderlink@x.example"))

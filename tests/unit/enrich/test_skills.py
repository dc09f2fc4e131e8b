"""A source's skills under codes that other sources' spellings share."""

from __future__ import annotations

import pytest

from hub.domain.posting import Posting
from hub.enrich import clean, enrich
from hub.enrich.skills import code_of


@pytest.mark.parametrize(
    ("term", "code"),
    [("Microsoft  Excel", "microsoft_excel"), ("C++", "c++"), ("C#", "c#"), ("Node.js", "node.js"), ("Power-BI.", "power_bi")],
)
def test_a_code_is_the_term_without_case_and_spaces(term, code):
    assert code_of(term) == code


def test_each_skill_has_its_rule_and_the_words_that_it_was_read_from():
    found = enrich(Posting(skills_asked=["Power BI", "power-bi", "Vergunningverlening"])).skills
    assert [(one.code, one.rule, one.evidence) for one in found] == [
        ("power_bi", "skills.stated", "Power BI"),
        ("vergunningverlening", "skills.stated", "Vergunningverlening"),
    ]


def test_contact_data_among_skills_becomes_no_code():
    posting = Posting(skills_asked=["Excel", "bel 06-12345678", "j.jansen@example.org"])
    assert [one.code for one in enrich(clean(posting, contacts="drop")).skills] == ["excel"]

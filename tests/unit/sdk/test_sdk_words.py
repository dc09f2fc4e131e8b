"""Skills as sources list them: terms are kept, sentences are not."""

from __future__ import annotations

import pytest

from hub.sdk.formats.schema_org.values import as_listed
from hub.sdk.formats.words import skills_of


@pytest.mark.parametrize(
    ("stated", "skills"),
    [
        (["Python", {"@type": "DefinedTerm", "name": "SQL"}, "Python"], ["Python", "SQL"]),
        ("Python, SQL; C++", ["Python", "SQL", "C++"]),
        ("<ul><li>Projectmatig werken</li><li>Analyseren</li></ul>", ["Projectmatig werken", "Analyseren"]),
        ("- Excel<br>- Power BI", ["Excel", "Power BI"]),
        ("Je bent communicatief sterk, flexibel en hebt ervaring met Excel.", []),
        ("Rijbewijs B. Ervaring met GIS.", []),
        (None, []),
    ],
)
def test_terms_are_kept_and_sentences_are_not(stated, skills):
    assert skills_of(as_listed(stated)) == skills

import pytest

from hub.matching.titles.lexicon import Lexicon
from hub.matching.titles.vocabulary import fold, words_of

TERMS = """\
# comment

role\tadviseur; consulent\tadviser; consultant
role\tmonteur\ttechnician; mechanic
role\tontwikkelaar\tdeveloper
role\tleerkracht\tteacher
role\tkracht\tworker
domain\tleer\tleather
occupation\tarts\tdoctor; physician
domain\tduurzaamheid; duurzaam\tsustainability; sustainable
domain\tsoftware\tsoftware
domain\tsociale zekerheid\tsocial security
domain\tback-end\tback-end
level\tbijbaan\tside job; student job
noise\tper direct; de; wij zoeken\tthe; of; we are looking for
department\tspoedeisende hulp; seh\temergency department
"""
OCCUPATIONS = [
    "2512\tsoftwareontwikkelaar\tsoftware developer; programmer\n",
    "2211\thuisarts\tgeneral practitioner\n2132\tadviseur\tadviser land\n2422\tadviseur\tadviser land\n",
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.read(TERMS, OCCUPATIONS)


@pytest.mark.parametrize(
    ("terms", "line"),
    [
        ("role\tadviseur", "line 1: 2 columns"),
        ("# x\n\nrolle\tadviseur\tadviser", "line 3: unknown class 'rolle'"),
        ("role\t; \tadviser", "line 1: no label in Dutch"),
        ("role\tadviseur\t", "line 1: no label in English"),
    ],
)
def test_a_bad_row_of_terms_names_its_line(terms: str, line: str) -> None:
    with pytest.raises(ValueError, match=line):
        Lexicon.read(terms, [])


@pytest.mark.parametrize(("occupations", "line"), [("251\ta\tb", "line 1: '251' is no ISCO"), ("2512\ta", "line 1: 2 columns")])
def test_a_bad_row_of_occupations_names_its_line(occupations: str, line: str) -> None:
    with pytest.raises(ValueError, match=line):
        Lexicon.read("", [occupations])


def test_words_of_both_languages_share_a_concept(lexicon: Lexicon) -> None:
    assert lexicon.concepts("duurzaamheid", "nl") == lexicon.concepts("sustainable", "en") == ("domain/sustainability",)


def test_the_own_language_comes_first_the_other_still_counts(lexicon: Lexicon) -> None:
    assert lexicon.concepts("developer", "nl") == ("role/developer",)


def test_an_inflected_word_is_found_under_its_listed_form(lexicon: Lexicon) -> None:
    assert lexicon.listed("duurzame", "nl") == "duurzaam"
    assert lexicon.listed("mechanics", "en") == "mechanic"
    assert lexicon.listed("kwispelaar", "nl") is None


def test_a_compound_and_its_open_spelling_have_the_same_atoms(lexicon: Lexicon) -> None:
    for spelling in ("Softwareontwikkelaar", "software-ontwikkelaar", "software ontwikkelaar"):
        assert lexicon.atoms_of(words_of(fold(spelling)), "nl") == ["software", "ontwikkelaar"]


def test_a_hyphenated_entry_stands_for_its_open_and_closed_form(lexicon: Lexicon) -> None:
    assert lexicon.atoms_of(["back", "end"], "en") == lexicon.atoms_of(["backend"], "en") == ["backend"]


def test_labels_are_found_whatever_the_order_of_their_words(lexicon: Lexicon) -> None:
    (match,) = lexicon.labels_in(["ontwikkelaar", "duurzaam", "software"], "nl")
    assert match == ((0, 2), ("isco/software-developer",))


def test_a_label_of_several_words_that_is_no_occupation_is_found(lexicon: Lexicon) -> None:
    (match,) = lexicon.labels_in(["adviseur", "sociale", "zekerheid"], "nl")[1:]
    assert match.concepts == ("domain/social-security",)


def test_one_label_of_two_groups_makes_two_concepts_whatever_the_order_of_files() -> None:
    rows = ["2132\tadviseur\tadviser land\n", "2422\tadviseur\tadviser land\n"]
    for order in (rows, rows[::-1]):
        lexicon = Lexicon.read("", order)
        assert lexicon.concepts("adviseur", "nl") == ("isco/adviser-land-2132", "isco/adviser-land-2422")
        assert lexicon.group("isco/adviser-land-2132") == "2132"


def test_the_table_of_terms_weighs_a_word_before_that_of_occupations(lexicon: Lexicon) -> None:
    assert lexicon.weight("adviseur", "nl") == 3
    assert lexicon.weight("huisarts", "nl") == 6
    assert lexicon.weight("kwispelaar", "nl") == 4


def test_phrases_of_a_class_are_found_in_a_row(lexicon: Lexicon) -> None:
    assert list(lexicon.spans(["monteur", "per", "direct"], "nl", "noise/")) == [(1, 3, ("noise/the",))]
    assert list(lexicon.spans(["arts", "spoedeisende", "hulp"], "nl", "department/")) == [
        (1, 3, ("department/emergency-department",))
    ]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Coördinator&nbsp;<b>Zorg</b>", "coordinator zorg"),
        ("C++/C#-developer (.NET)", "cplusplus csharp developer dotnet"),
        ("Foto's & video’s", "fotos videos"),
        ("R&D Engineer", "rnd engineer"),
        ("P&amp;O-adviseur", "pno adviseur"),
        ("Food & beverage", "food beverage"),
    ],
)
def test_folding_keeps_words_and_named_signs(text: str, folded: str) -> None:
    assert " ".join(words_of(fold(text))) == folded


def test_a_word_that_falls_into_listed_ones_by_chance_stays_whole(lexicon: Lexicon) -> None:
    assert lexicon.atoms("leerkracht", "nl") == ("leerkracht",)

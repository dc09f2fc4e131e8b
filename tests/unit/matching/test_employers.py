"""Employers: spellings of one employer agree, employers of one town or one name do not, the table says what it cannot take."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.matching.employers import LEVELS, EmployerForm, EmployerTable, compare_employers

REFERENCE = files("hub.matching").joinpath("reference")
ALIASES, TERMS, AGENTS = (
    REFERENCE.joinpath(name).read_text("utf-8") for name in ("employers.tsv", "employer_terms.tsv", "intermediaries.tsv")
)
TABLE = EmployerTable.read(ALIASES, TERMS, AGENTS)
RULES = EmployerTable.read("", TERMS, AGENTS)
AGREEING = {"same", "acronym", "domain", "fuzzy", "part", "translated"}
LINES = Path(__file__).with_name("employer_pairs.tsv").read_text("utf-8").splitlines()
PAIRS = [line.split("\t") for line in LINES if line and not line.startswith("#")]
NAMES = sorted({name for _, *names in PAIRS for name in names})
LETTERS = st.text(st.sampled_from("aebBcdé&.-() UMCGzorg'"), max_size=20)
ANY_NAME = st.one_of(st.sampled_from(NAMES), LETTERS, st.builds("{} {}".format, st.sampled_from(NAMES), LETTERS))
DOMAINS = st.sampled_from([None, "umcg.nl", "werkenbij.treant.nl", "indeed.com", "randstad.nl", "meerkant.example"])


def level(a: str | None, b: str | None) -> str:
    return compare_employers(TABLE.form(a), TABLE.form(b))


def form(name: str | None, domain: str | None = None, kvk: str | None = None) -> EmployerForm:
    found = TABLE.form(name, domain, kvk)
    assert found is not None
    return found


@pytest.mark.parametrize(("expected", "a", "b"), [pair for pair in PAIRS if pair[0] != "agree"])
def test_two_names_have_the_level_that_was_agreed(expected: str, a: str, b: str) -> None:
    assert level(a, b) == expected


@pytest.mark.parametrize(("a", "b"), [pair[1:] for pair in PAIRS if pair[0] == "agree"])
def test_two_spellings_of_one_employer_agree(a: str, b: str) -> None:
    assert level(a, b) in AGREEING


def test_most_spellings_that_agree_meet_in_a_block() -> None:
    """An acronym of another language's name does not: it meets by title and place, or by day."""
    agreeing = [(a, b) for expected, a, b in PAIRS if expected in AGREEING | {"agree"}]
    acronyms = {pair for pair in agreeing if level(*pair) == "acronym"}
    apart = {pair for pair in agreeing if not set(form(pair[0]).block_keys) & set(form(pair[1]).block_keys)}
    assert len(apart - acronyms) <= len(agreeing) // 60
    assert len(apart & acronyms) <= len(acronyms) // 2


@pytest.mark.parametrize("table", [TABLE, RULES], ids=["with aliases", "rules alone"])
def test_towns_and_kinds_of_organisation_keep_employers_of_one_town_apart(table: EmployerTable) -> None:
    kinds = ["Gemeente", "Provincie", "GGD", "Rijksuniversiteit", "Veiligheidsregio", "Omgevingsdienst", "Waterbedrijf", "Museum"]
    forms = [table.form(f"{kind} Groningen") for kind in kinds]
    assert {compare_employers(a, b) for a, b in combinations(forms, 2)} == {"different"}


@pytest.mark.parametrize("table", [TABLE, RULES], ids=["with aliases", "rules alone"])
def test_one_kind_of_organisation_in_two_towns_is_two_employers(table: EmployerTable) -> None:
    for kind in ("Ziekenhuis", "Gemeente", "Bibliotheek", "Hotel", "Woningstichting"):
        assert compare_employers(table.form(f"{kind} Assen"), table.form(f"{kind} Emmen")) == "different"


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("Gemeente Winsum", "Municipality of Winsum"),
        ("Waterbedrijf Groningen", "Groningen Water Company"),
        ("Hogeschool Wierdeland", "Wierdeland University of Applied Sciences"),
        ("Woningcorporatie Eelderhof", "Eelderhof Housing Association"),
        ("Havenbedrijf Lauwersmond", "Port of Lauwersmond"),
        ("Veiligheidsregio Eemsland", "Eemsland Safety Region"),
        ("Machinefabriek Tjarkema", "Tjarkema Machine Works"),
        ("Noordelijke Zuivelcoöperatie U.A.", "Northern Dairy Cooperative"),
    ],
)
def test_the_rules_translate_without_the_table(dutch: str, english: str) -> None:
    assert compare_employers(RULES.form(dutch), RULES.form(english)) == "translated"


@given(ANY_NAME, DOMAINS, ANY_NAME, DOMAINS)
def test_comparison_is_symmetrical_and_has_a_known_level(a: str, at: str | None, b: str, bt: str | None) -> None:
    one, other = TABLE.form(a, at), TABLE.form(b, bt)
    assert compare_employers(one, other) == compare_employers(other, one)
    assert compare_employers(one, other) in LEVELS


@given(ANY_NAME)
def test_a_name_is_itself_or_nobody_or_an_agency(name: str) -> None:
    assert level(name, name) in ("same", "intermediary", "missing")


@given(st.sampled_from(NAMES))
def test_spaces_and_legal_forms_do_not_matter_to_the_key(name: str) -> None:
    keys = {
        found.key
        for spelled in (name, f"  {name} ", name + " B.V.", name + ", N.V.")
        if (found := TABLE.form(spelled)) is not None
    }
    assert len(keys) <= 1


@given(ANY_NAME, DOMAINS)
def test_block_keys_are_few_sorted_and_distinct(name: str, domain: str | None) -> None:
    found = TABLE.form(name, domain)
    keys = found.block_keys if found else ()
    assert len(keys) <= 6
    assert list(keys) == sorted(set(keys))


@given(st.permutations(NAMES[:40]))
def test_forms_do_not_depend_on_the_order_of_questions(names: list[str]) -> None:
    fresh = EmployerTable(TABLE.directory)
    assert {name: fresh.form(name) for name in names} == {name: TABLE.form(name) for name in names}


@pytest.mark.parametrize("name", [None, "", "  ", "Onbekend", "n.v.t.", "Confidential", "Onze opdrachtgever", "(-)"])
def test_nobody_is_no_employer(name: str | None) -> None:
    assert TABLE.form(name) is None


def test_without_a_name_the_domain_or_the_number_speaks() -> None:
    assert form(None, "werkenbij.umcg.nl").key == "umcg"
    assert form("Onbekend", "meerkant.example").domain == "meerkant.example"
    assert form(None, None, "01234567").kvk == "01234567"


@pytest.mark.parametrize("domain", ["indeed.com", "acme.recruitee.com", "hr@gmail.com", "randstad.nl", "localhost"])
def test_boards_systems_mail_and_agencies_are_no_employers_domain(domain: str) -> None:
    assert form("Meerkant", domain).domain is None


def test_an_equal_domain_with_a_like_name_is_one_employer() -> None:
    a, b = form("Meerkant", "meerkant.example"), form("Zorggroep Meerkant", "www.meerkant.example")
    assert compare_employers(a, b) == "same"


def test_an_equal_domain_under_another_name_is_the_domains_word() -> None:
    a, b = form("Huize Avondrood", "meerkant.example"), form("Zorggroep Meerkant", "werkenbij.meerkant.example")
    assert compare_employers(a, b) == "domain"


def test_a_domain_that_bears_the_others_name_speaks_for_it() -> None:
    assert compare_employers(form("Huize Avondrood", "werkenbijmeerkant.example"), form("Meerkant")) == "domain"


def test_an_equal_kvk_number_is_one_employer() -> None:
    assert compare_employers(form("Meerkant", None, "1234567"), form("Huize Avondrood", None, "01234567")) == "same"


@pytest.mark.parametrize(
    ("name", "acronym"),
    [
        ("Universitair Medisch Centrum Groningen", "umcg"),
        ("Noordelijke Transport Combinatie", "ntc"),
        ("Rijksuniversiteit Eemsland", "rue"),
        ("Medisch Centrum Wierdeland (MCW)", "mcw"),
        ("M.C.W.", "mcw"),
        ("Stichting Openbaar Onderwijs Wolden", "soow"),
    ],
)
def test_acronyms_are_read_off_a_name(name: str, acronym: str) -> None:
    found = RULES.form(name)
    assert found is not None
    assert acronym in found.acronyms


def test_a_bracket_that_the_name_does_not_bear_out_is_no_acronym() -> None:
    assert form("Medisch Centrum Wierdeland (HR)").stated_acronyms == frozenset()


def test_an_acronym_of_another_name_is_not_the_known_bearer_of_it() -> None:
    assert form("Eemsland Bouw Groep (EBG)").key != form("EBG").key


@pytest.mark.parametrize(
    "name",
    [
        "Randstad",
        "Randstad Groningen",
        "Uitzendbureau De Brug",
        "Noorder Detachering B.V.",
        "Search & Selection Noord",
        "Acme Payroll",
    ],
)
def test_agencies_are_marked(name: str) -> None:
    assert form(name).is_intermediary


@pytest.mark.parametrize(
    "name", ["Gemeente Assen", "UMCG Recruitment", "Content Marketing Meerkant", "Unique Meerkant Solutions"]
)
def test_employers_are_no_agencies(name: str) -> None:
    assert not form(name).is_intermediary


@pytest.mark.parametrize(
    "name",
    [
        "Gemeente Assen via Randstad",
        "Gemeente Assen (via Randstad)",
        "Randstad namens Gemeente Assen",
        "Randstad t.b.v. Gemeente Assen",
        "Randstad | Gemeente Assen",
        "YER on behalf of Municipality of Assen",
    ],
)
def test_behind_an_agency_the_client_is_the_employer(name: str) -> None:
    assert form(name).key == "gemeente-assen"
    assert not form(name).is_intermediary


def test_an_agency_without_a_named_client_stays_an_agency() -> None:
    assert form("Randstad namens onze opdrachtgever").is_intermediary


def test_a_later_row_adds_spellings_to_an_employer() -> None:
    table = EmployerTable.read(ALIASES + "\numcg\tHet Grote Ziekenhuis van Stad\tumcg.example\n", TERMS, AGENTS)
    assert [table.form(name).key for name in ("Het Grote Ziekenhuis van Stad", "UMCG")] == ["umcg", "umcg"]  # type: ignore[union-attr]
    assert table.form("Poli", "umcg.example").key == "umcg"  # type: ignore[union-attr]


def test_one_name_under_two_ids_is_refused_with_the_line_to_mend() -> None:
    with pytest.raises(ValueError, match=r"aliases, line 2: 'A Meer' is already a name of a \(line 1\)"):
        EmployerTable.read("a\tA Meer\nb\tA Meer\n", TERMS, AGENTS)


@pytest.mark.parametrize(
    ("aliases", "terms", "agents", "message"),
    [
        ("# fine\nonly-an-id\n", "", "", "aliases, line 2"),
        ("a\tA Meer\ta.example\tmore\n", "", "", "aliases, line 1"),
        ("a\tA Meer\ta.example\nb\tB Meer\ta.example\n", "", "", "aliases, line 2: the domain"),
        ("", "animal\tcat\tpoes\n", "", "terms, line 1: unknown kind 'animal'"),
        ("", "org\tbank\tbank\norg\tcouch\tbank\n", "", "terms, line 2: 'bank' is already"),
        ("", "", "agency\tRandstad\n", "intermediaries, line 1: unknown kind 'agency'"),
    ],
)
def test_a_malformed_line_is_named(aliases: str, terms: str, agents: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        EmployerTable.read(aliases, terms, agents)


def test_the_table_knows_the_region() -> None:
    ids = {line.split("\t")[0] for line in ALIASES.splitlines() if line and not line.startswith("#")}
    agencies = [line for line in AGENTS.splitlines() if line.startswith("name")]
    assert len(ids) >= 450
    assert len(agencies) >= 150
    assert {form(name).key for name in ("UMCG", "Gasunie", "Provinsje Fryslân")} == {"umcg", "gasunie", "provincie-fryslan"}


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("Waddenkust", "Wadden Coast"),
        ("Museum Zand en Veen", "Sand and Peat Museum"),
        ("Noordelijke Waarborg Verzekeringen", "Northern Guarantee Insurance"),
        ("Veiligheidsregio Noordkaap", "North Cape Safety Region"),
    ],
)
def test_proper_names_of_ordinary_words_are_translated_and_meet(dutch: str, english: str) -> None:
    one, other = RULES.form(dutch), RULES.form(english)
    assert one is not None
    assert other is not None
    assert compare_employers(one, other) == "translated"
    assert set(one.block_keys) & set(other.block_keys)


def test_a_name_that_a_board_cut_is_part_of_the_whole_name() -> None:
    assert level("Stichting Noorderpla…", "Stichting Noorderplantage") == "part"


def test_one_wrong_letter_finds_a_known_employer_only_in_a_word_that_is_no_word() -> None:
    assert form("Provincie rfyslan").key == "provincie-fryslan"
    assert form("Noorderhoog").origin == "rule"


def test_a_word_of_a_name_means_one_thing() -> None:
    with pytest.raises(ValueError, match="terms, line 2: 'zon' is already sun"):
        EmployerTable.read("", "name\tsun\tzon\nname\tmoon\tzon\n", "")


def test_the_vocabulary_of_proper_names_is_wide() -> None:
    rows = [line.split("\t") for line in TERMS.splitlines() if line.startswith("name\t")]
    assert len(rows) >= 1_000

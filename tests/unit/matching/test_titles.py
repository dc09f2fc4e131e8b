from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.matching.titles import (
    TitleForm,
    compare_departments,
    compare_levels,
    compare_numbers,
    compare_titles,
    concept_similarity,
    judge_language,
    read_title,
    sign_of,
    told_by_both,
)
from hub.matching.titles.lexicon import Lexicon

REFERENCE = files("hub.matching") / "reference"
OCCUPATIONS = sorted(entry.name for entry in REFERENCE.iterdir() if entry.name.startswith("occupations_"))
LEXICON = Lexicon.read(
    (REFERENCE / "terms.tsv").read_text("utf-8"), [(REFERENCE / name).read_text("utf-8") for name in OCCUPATIONS]
)


def read(text: str, language: str | None = None, employer: str = "", places: tuple[str, ...] = ()) -> TitleForm:
    return read_title(text, language, LEXICON, employer=employer, places=places)


def level(a: str, b: str, languages: str = "nl nl") -> str:
    one, other = languages.split()
    return compare_titles(read(a, one), read(b, other)).level


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("Beleidsadviseur Duurzaamheid (m/v/x)", "beleidsadviseur duurzaamheid"),
        ("Verpleegkundige m/v", "verpleegkundige"),
        ("Projectleider (v/m/x) | 32-40 uur", "projectleider"),
        ("Projectleider 32–40 uur per week", "projectleider"),
        ("Accountant, 0,8 - 1,0 fte", "accountant"),
        ("Kok 24 tot 38 uur", "kok"),
        ("Software Engineer, 32-40 hours a week", "software engineer"),
        ("Fulltime chauffeur CE, per direct", "chauffeur ce"),
        ("🚀 Wij zoeken een enthousiaste monteur!", "monteur"),
        ("Gezocht: nieuwe collega's als planner", "planner"),
        ("Lasser €3.200 - €4.000 bruto per maand", "lasser"),
        ("<b>Jurist</b> &amp; adviseur", "jurist adviseur"),
        ("Medewerk(st)er receptie", "medewerker receptie"),
        ("Senior adviseur water", "adviseur water"),
        ("Groen- en grondmedewerker", "groen grondmedewerker"),
        ("Traineeship", "traineeship"),
        ("Stage", "stage"),
        ("Open dag 12 maart 2027", "open dag"),
        ("Verpleegkundige gezocht in een groeiend bedrijf!", "verpleegkundige"),
        ("Monteur - versterk ons team!", "monteur"),
        ("Kok | 4-daagse werkweek, leuke collega's", "kok"),
        ("Lasser (ervaring niet nodig, wij leiden je op)", "lasser"),
        ("Jouw nieuwe baan als planner met doorgroeimogelijkheden", "planner"),
        ("Begeleider gesloten jeugdzorg", "begeleider gesloten jeugdzorg"),
        ("De het een", "de het een"),
        ("", ""),
        ("2027", "2027"),
    ],
)
def test_the_core_is_what_remains_without_decoration(text: str, core: str) -> None:
    assert read(text, "nl").core == core


@pytest.mark.parametrize(
    ("text", "language", "core"),
    [
        ("Universitair docent, faculteit Wiskunde en Natuurwetenschappen", "nl", "universitair docent"),
        ("Adviseur afdeling Kwispel in Assen", "nl", "adviseur"),
        ("Policy officer at the Innovation department", "en", "policy officer"),
        ("Software architect, Platform team", "en", "software architect"),
        ("Verpleegkundige afdeling cardiologie", "nl", "verpleegkundige cardiologie"),
        ("Hoofd afdeling HR", "nl", "hoofd hr"),
        ("Team leader care", "en", "team leader care"),
    ],
)
def test_a_unit_named_after_the_work_is_no_part_of_the_core(text: str, language: str, core: str) -> None:
    assert read(text, language).core == core


@pytest.mark.parametrize(
    ("text", "employer", "places", "core"),
    [
        ("Adviseur bij Gemeente Waterdam", "Gemeente Waterdam", ("Waterdam",), "adviseur"),
        ("Waterdam | Kok", "", ("Waterdam",), "kok"),
        ("Kok regio Waterdam", "", ("Waterdam",), "kok"),
        ("Monteur - Vliet & Zonen", "Vliet & Zonen B.V.", (), "monteur"),
        ("Waterdam", "Waterdam", ("Waterdam",), "waterdam"),
        ("Kok in Nieuw-Waterdam", "", ("Nieuw-Waterdam", "Waterdam"), "kok"),
    ],
)
def test_the_employer_and_the_place_are_taken_off(text: str, employer: str, places: tuple[str, ...], core: str) -> None:
    assert read(text, "nl", employer, places).core == core


@pytest.mark.parametrize(
    ("text", "language", "levels"),
    [
        ("Junior adviseur", "nl", {"junior"}),
        ("Medior/senior developer", "nl", {"medior", "senior"}),
        ("Lead developer", "en", {"lead"}),
        ("Stage marketing", "nl", {"intern"}),
        ("Marketingstage", "nl", {"intern"}),
        ("Stagebegeleider", "nl", set()),
        ("Internship coordinator", "en", set()),
        ("Marketing internship", "en", {"intern"}),
        ("Afstudeerstage bodemkunde", "nl", {"graduation"}),
        ("Graduation internship soil science", "en", {"graduation"}),
        ("Traineeship energie", "nl", {"trainee"}),
        ("Bijbaan in de horeca", "nl", {"side_job"}),
        ("Student job in hospitality", "en", {"side_job"}),
        ("Assistent-accountant", "nl", {"assistant"}),
        ("Hoofd inkoop", "nl", {"head"}),
        ("Head of procurement", "en", {"head"}),
        ("Leerling-monteur", "nl", {"apprentice"}),
        ("Juniorprojectleider", "nl", {"junior"}),
        ("Vrijwilliger museum", "nl", {"volunteer"}),
        ("Volunteer firefighter", "en", {"volunteer"}),
        ("Volunteer coordinator", "en", set()),
        ("Bijbaan magazijnmedewerker", "nl", {"side_job"}),
        ("Student adviser", "en", set()),
        ("Development Team Lead", "en", set()),
        ("Project lead", "en", set()),
        ("Assistant site manager", "en", {"assistant"}),
        ("Executive assistant", "en", set()),
        ("Hulpverlener", "nl", set()),
        ("Hulpmonteur", "nl", {"assistant"}),
        ("Managementtraineeship", "nl", {"trainee"}),
    ],
)
def test_level_words_have_codes(text: str, language: str, levels: set[str]) -> None:
    assert read(text, language).levels == levels


@pytest.mark.parametrize(
    ("text", "language", "department"),
    [
        ("Verpleegkundige cardiologie", "nl", "department/cardiology"),
        ("Nurse, Cardiology", "en", "department/cardiology"),
        ("Verpleegkundige Spoedeisende Hulp", "nl", "department/emergency-department"),
        ("Nurse emergency department", "en", "department/emergency-department"),
        ("Adviseur afdeling Kwispel", "nl", "word/kwispel"),
        ("Adviseur (marketing)", "nl", "domain/marketing"),
        ("Adviseur (zo'n kwispelaar)", "nl", None),
        ("Adviseur", "nl", None),
        ("Team leader care", "en", None),
        ("Policy officer Innovation department", "en", "domain/innovation"),
        ("Head of department", "en", None),
        ("Wijkverpleegkundige team Noord", "nl", "district/north"),
        ("Adviseur (klantenservice)", "nl", "domain/customer-service"),
        ("Adviser (customer service)", "en", "domain/customer-service"),
        ("Zuivelbereider, kaas", "nl", "domain/cheese|domain/dairy"),
        ("Adviseur, water en milieu, Assen", "nl", None),
        ("Laborant | Genetica 24-32 uur", "nl", "department/genetics"),
        ("Tester (ot)", "nl", "domain/operational-technology"),
    ],
)
def test_the_department_is_named_by_concept(text: str, language: str, department: str | None) -> None:
    assert read(text, language).department == department


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Traineeship 2027", {"2027"}),
        ("Operator II", {"2"}),
        ("Monteur (00123)", {"123"}),
        ("Traineeship september 2027", {"m09", "2027"}),
        ("Adviseur schaal 11", {"11"}),
        ("Kok 32 uur", set()),
        ("Verpleegkundige G4", {"g4"}),
        ("Bewaker 24/7", set()),
        ("Docent 2e graads", {"2"}),
        ("Operator C voeding", {"c"}),
    ],
)
def test_numbers_are_kept_apart(text: str, numbers: set[str]) -> None:
    assert read(text, "nl").numbers == numbers


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Beleidsadviseur duurzaamheid", "nl"),
        ("Policy adviser sustainability", "en"),
        ("Medewerker klantenservice", "nl"),
        ("Nurse", "en"),
        ("Kwispelkundige", "nl"),
        ("Thwaiting technician", "en"),
    ],
)
def test_the_language_is_judged_from_the_words(text: str, language: str) -> None:
    assert judge_language(text.lower().split(), LEXICON) == language
    assert read(text).language == language


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Beleidsadviseur duurzaamheid", "Beleidsadviseur Duurzaamheid (m/v)", "equal"),
        ("Beleidsadviseur duurzaamheid", "Adviseur beleid duurzaamheid", "equal"),
        ("Back-end developer", "Backend developer", "equal"),
        ("Softwareontwikkelaar", "Software ontwikkelaar", "equal"),
        ("Onderhoudsmonteur", "Onderhouds monteur", "equal"),
        ("Verpleegkundigen", "Verpleegkundige", "equal"),
        ("Beleidsadviseur duurzaamheid", "Beleidsadvisuer duurzaamheid", "near"),
        ("Verpleegkundige", "Verpleegkundige dialyse", "close"),
        ("Softwareontwikkelaar", "Software developer", "concept_high"),
        ("Adviseur inkoop", "Inkoopadviseur", "equal"),
        ("Kwaliteitsinspectrice", "Kwaliteitsinspecteur", "equal"),
        ("Onderhoudsmonteuse", "Onderhoudsmonteur", "equal"),
        ("Operator C voeding", "Operator voeding", "equal"),
        ("Facilitairm anager", "Facilitair manager", "near"),
        ("Schoonmaker", "Softwareontwikkelaar", "different"),
    ],
)
def test_titles_of_one_language_compare_by_words(a: str, b: str, expected: str) -> None:
    assert level(a, b) == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Verpleegkundige cardiologie", "Verpleegkundige oncologie"),
        ("Docent wiskunde", "Docent natuurkunde"),
        ("Adviseur water", "Adviseur energie"),
        ("Monteur elektrotechniek", "Monteur werktuigbouw"),
        ("Jurist omgevingsrecht", "Jurist arbeidsrecht"),
        ("Communicatieadviseur", "Financieel adviseur"),
        ("Projectleider bouw", "Projectleider ICT"),
        ("Marketing manager", "HR manager"),
        ("Verpleegkundige", "Arts"),
        ("Informatieavond zorg", "Informatieavond techniek"),
    ],
)
def test_look_alikes_are_neither_equal_nor_near_nor_close(a: str, b: str) -> None:
    assert level(a, b) in {"weak", "different"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Verpleegkundige cardiologie", "Oncology nurse"),
        ("Docent wiskunde", "Physics teacher"),
        ("Adviseur water", "Energy consultant"),
        ("Schoonmaker", "Software developer"),
        ("Jurist", "Baker"),
        ("Open dag", "Career fair"),
    ],
)
def test_look_alikes_across_languages_are_not_high(a: str, b: str) -> None:
    assert level(a, b, "nl en") in {"concept_middle", "concept_low", "concept_none"}


@pytest.mark.parametrize(
    ("a", "b", "levels", "departments", "numbers"),
    [
        ("Senior adviseur", "Senior consultant", "same", "none", "none"),
        ("Hoofd inkoop", "Purchasing manager", "none", "none", "none"),
        ("Hoofd inkoop", "Head of purchasing", "same", "none", "none"),
        ("Hoofd inkoop", "Purchaser", "one_sided", "none", "none"),
        ("Senior adviseur", "Consultant", "one_sided", "none", "none"),
        ("Junior adviseur", "Senior consultant", "other", "none", "none"),
        ("Medior/senior adviseur", "Senior consultant", "one_sided", "none", "none"),
        ("Verpleegkundige cardiologie", "Cardiology nurse", "none", "same", "none"),
        ("Verpleegkundige cardiologie", "Oncology nurse", "none", "other", "none"),
        ("Verpleegkundige cardiologie", "Nurse", "none", "one_sided", "none"),
        ("Adviseur (duurzaamheid)", "Sustainability adviser", "none", "same", "none"),
        ("Secretaresse polikliniek cardiologie", "Secretary outpatient clinic neurology", "none", "other", "none"),
        ("Secretaresse polikliniek cardiologie", "Secretary cardiology", "none", "same", "none"),
        ("Adviseur afdeling Kwispel", "Adviser finance department", "none", "one_sided", "none"),
        ("Vergunningverlener team Wonen", "Licensing officer - Housing team", "none", "same", "none"),
        ("Vergunningverlener team Wonen", "Licensing officer - Traffic team", "none", "other", "none"),
        ("Beleidsmedewerker afdeling Vernieuwing", "Policy officer Innovation department", "none", "same", "none"),
        ("Adviseur (Frans)", "Adviser (German)", "none", "other", "none"),
        ("Adviseur (Frans)", "Adviser (finance)", "none", "one_sided", "none"),
        ("Verpleegkundige team Noord", "Nurse night shift", "none", "one_sided", "none"),
        ("Analist klinische chemie", "Biomedical scientist (home care)", "none", "one_sided", "none"),
        ("Monteur (facilitair bedrijf en inkoop)", "Fitter (facilities services)", "none", "same", "none"),
        ("Adviseur (onderzoek en klanten)", "Adviser (customer finance)", "none", "one_sided", "none"),
        ("Traineeship 2027", "Traineeship 2028", "same", "none", "other"),
        ("Traineeship 2027", "Traineeship", "same", "none", "one_sided"),
        ("Traineeship september 2027", "Traineeship March 2027", "same", "none", "one_sided"),
        ("Traineeship 2027", "Traineeship 2027", "same", "none", "same"),
    ],
)
def test_levels_departments_and_numbers_compare_apart(a: str, b: str, levels: str, departments: str, numbers: str) -> None:
    one, other = read(a, "nl"), read(b, "en")
    assert (compare_levels(one, other), compare_departments(one, other), compare_numbers(one, other)) == (
        levels,
        departments,
        numbers,
    )
    assert (compare_levels(other, one), compare_departments(other, one), compare_numbers(other, one)) == (
        levels,
        departments,
        numbers,
    )


@pytest.mark.parametrize(
    ("a", "b", "languages", "expected"),
    [
        ("Cateringmedewerker", "Medewerker bedrijfsrestaurant (Facilitair bedrijf)", "nl nl", "concept_high"),
        ("Buschauffeur", "Chauffeur bus - Financiën", "nl nl", "equal"),
        ("Verpleegkundige (Cardiologie)", "Cardiologieverpleegkundige", "nl nl", "equal"),
        ("Boekhouder", "Bookkeeper, Finance", "nl en", "concept_high"),
    ],
)
def test_a_unit_that_one_title_sets_apart_does_not_part_their_work(a: str, b: str, languages: str, expected: str) -> None:
    assert level(a, b, languages) == expected


def test_a_programme_s_title_keeps_its_name_beside_an_employer_of_that_name() -> None:
    own, other = read("Traineeship Wadkracht 2027", "nl", "Wadkracht"), read("Traineeship Wadkracht", "nl", "Gemeente Meppel")
    plain = read("Traineeship", "nl", "Wadkracht")
    assert compare_titles(own, other).level == compare_titles(own, plain).level == "equal"
    assert compare_titles(other, plain).level == "different"


@pytest.mark.parametrize(
    ("title", "employer", "department"),
    [
        ("Medewerker backoffice (Secretariaat)", "", "department/back-office+domain/secretariat"),
        ("Projectondersteuner - N.V. Nederlandse Wadgas", "Wadgas", None),
        ("Projectondersteuner - Communicatie Wadgas", "Wadgas", "domain/communication"),
    ],
)
def test_a_unit_set_apart_is_no_other_spelling_of_the_employer(title: str, employer: str, department: str | None) -> None:
    assert read(title, "nl", employer).department == department


def test_what_one_of_two_titles_of_a_posting_names_is_told_of_both() -> None:
    dutch, english = told_by_both(read("Systeembeheerder", "nl"), read("Sysadmin - Cardiology, junior", "en"))
    assert (dutch.levels, dutch.department) == (english.levels, english.department) == ({"junior"}, "department/cardiology")
    assert told_by_both(dutch, english) == (dutch, english)


def test_a_title_outside_the_occupations_shares_a_group_across_languages() -> None:
    assert set(read("Kwispelaar duurzaamheid", "nl").groups) & set(read("Sustainability wagger", "en").groups)


@pytest.mark.parametrize(
    ("a", "b"),
    [("Vakantiewerk", "Holiday job"), ("Traineeship", "Graduate programme"), ("Leerling-monteur", "Apprentice technician")],
)
def test_titles_of_levels_meet_across_languages(a: str, b: str) -> None:
    assert level(a, b, "nl en") == "concept_high"
    assert compare_levels(read(a, "nl"), read(b, "en")) == "same"


def test_at_most_three_groups_the_occupation_first() -> None:
    groups = read("Verpleegkundige cardiologie en oncologie en dialyse", "nl").groups
    assert len(groups) == 3
    assert groups[0].isdigit()


WORDS = [
    *(
        "Senior",
        "Verpleegkundige",
        "cardiologie",
        "Nurse",
        "adviseur",
        "(m/v)",
        "32 uur",
        "-",
        "|",
        "/en",
        "developer",
        "Back-end",
        "software",
    ),
    *(
        "duurzaamheid",
        "stage",
        "2027",
        "afdeling",
        "team",
        "Noord",
        "medewerker",
        "klantenservice",
        "sustainability",
        "policy",
        "adviser",
    ),
    *(
        "per direct",
        "hoofd",
        "assistant",
        "manager",
        "zorg",
        "III",
        "€ 3.000",
        "side",
        "job",
        "head",
        "teacher",
        "bijbaan",
        "student",
    ),
]
TITLES = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
UNITS = {"afdeling", "team"}
WITHOUT_UNITS = st.lists(st.sampled_from([word for word in WORDS if word not in UNITS]), max_size=8).map(" ".join)
"""Where a unit's name ends is told by signs, which the core has no more."""


@given(WITHOUT_UNITS | st.text(max_size=40), st.sampled_from(["nl", "en", None]))
def test_reading_the_core_again_gives_the_core(text: str, language: str | None) -> None:
    first = read(text, language)
    again = read(first.core, first.language)
    assert again.core == first.core


@given(TITLES, TITLES, st.sampled_from(["nl nl", "nl en", "en en"]))
def test_comparing_is_symmetrical(a: str, b: str, languages: str) -> None:
    one, other = languages.split()
    first, second = read(a, one), read(b, other)
    assert compare_titles(first, second) == compare_titles(second, first)
    assert compare_departments(first, second) == compare_departments(second, first)


@given(TITLES | st.text(max_size=40), st.sampled_from(["nl", "en", None]))
def test_a_title_equals_itself_and_outputs_are_sorted(text: str, language: str | None) -> None:
    form = read(text, language)
    assert compare_titles(form, read(text, language)) == ("equal", 100)
    assert list(form.tokens) == sorted(set(form.tokens))
    assert list(form.concepts) == sorted(form.concepts)


PAIRS = [
    line.split("\t")
    for line in (Path(__file__).parent / "title_pairs.tsv").read_text("utf-8").splitlines()
    if line[:1] not in ("", "#")
]


def test_most_pairs_of_occupations_meet_across_languages() -> None:
    """At least 92 % of the pairs are equal or high, 95 % share a group: what the lexicon is for."""
    levels = [level(dutch, english, "nl en") for dutch, english in PAIRS]
    grouped = [bool(set(read(dutch, "nl").groups) & set(read(english, "en").groups)) for dutch, english in PAIRS]
    assert sum(found in {"equal", "near", "concept_high"} for found in levels) >= 0.92 * len(PAIRS)
    assert sum(grouped) >= 0.95 * len(PAIRS)


def test_the_right_english_title_ranks_first() -> None:
    """For at least 90 % of every third Dutch title, no English title of the list is more alike than its own."""
    english = [read(text, "en") for _, text in PAIRS]
    dutch = [read(text, "nl") for text, _ in PAIRS[::3]]
    ranked = [[concept_similarity(title, other) for other in english] for title in dutch]
    first = [max(scores) == scores[3 * at] > 0 for at, scores in enumerate(ranked)]
    assert sum(first) >= 0.9 * len(first)


def test_titles_that_surely_disagree_do_and_they_are_most_of_those_that_do() -> None:
    forms = [read(text, language) for pair in PAIRS[::8] for text, language in zip(pair, ("nl", "en"), strict=True)]
    pairs = list(combinations(forms, 2))
    disagreeing = {pair for pair in pairs if compare_titles(*pair).level in {"different", "weak", "concept_none"}}
    sure = {(first, second) for first, second in pairs if not sign_of(first).asks & sign_of(second).says}
    assert sure == {(first, second) for first, second in pairs if not sign_of(second).asks & sign_of(first).says}
    assert sure <= disagreeing
    assert len(sure) > len(disagreeing) / 2

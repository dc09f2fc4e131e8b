import pytest

from hub.matching.titles.compounds import dutch_stems, english_stems, glued_spans, split_compound

KNOWN = frozenset(
    (
        "onderhoud",
        "monteur",
        "beleid",
        "adviseur",
        "ziekenhuis",
        "apotheker",
        "kwaliteit",
        "medewerker",
        "water",
        "bouw",
        "bouwkundige",
    )
) | frozenset(
    ("software", "ontwikkelaar", "school", "kind", "opvang", "jeugd", "zorg", "weg", "energie", "duurzaam", "brief", "brug")
)


def part_of(piece: str) -> str | None:
    return piece if piece in KNOWN else next((stem for stem in dutch_stems(piece) if stem in KNOWN), None)


def split(word: str) -> tuple[str, ...]:
    return split_compound(word, part_of, {"monteur", "medewerker"}.__contains__)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("onderhoudsmonteur", ("onderhoud", "monteur")),
        ("beleidsadviseur", ("beleid", "adviseur")),
        ("beleidsadviseurs", ("beleid", "adviseur")),
        ("ziekenhuisapotheker", ("ziekenhuis", "apotheker")),
        ("kwaliteitsmedewerkster", ("kwaliteit", "medewerker")),
        ("waterbouwkundige", ("water", "bouwkundige")),
        ("softwareontwikkelaar", ("software", "ontwikkelaar")),
        ("kinderopvang", ("kind", "opvang")),
        ("jeugdzorgmedewerker", ("jeugd", "zorg", "medewerker")),
    ],
)
def test_a_compound_falls_into_its_known_parts(word: str, parts: tuple[str, ...]) -> None:
    assert split(word) == parts


def test_an_unknown_front_is_kept_before_a_known_head() -> None:
    assert split("kwispelmonteur") == ("kwispel", "monteur")


def test_a_linking_s_of_an_unknown_front_goes() -> None:
    assert split("grommelsmonteur") == ("grommel", "monteur")


@pytest.mark.parametrize("word", ["kwispel", "ab", "x" * 80, "a4monteur", "bouwkwispel"])
def test_a_word_that_does_not_split_stays_whole(word: str) -> None:
    assert split(word) == (word,)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("scholen", "school"),
        ("duurzame", "duurzaam"),
        ("brieven", "brief"),
        ("veiligheden", "veiligheid"),
        ("bruggen", "brug"),
        ("werkster", "werker"),
        ("vergunningverleenster", "vergunningverlener"),
        ("beheerster", "beheerder"),
        ("schrijfster", "schrijver"),
        ("makelaarster", "makelaar"),
        ("kwaliteitsinspectrice", "kwaliteitsinspecteur"),
        ("monteuse", "monteur"),
        ("technica", "technicus"),
        ("lerares", "leraar"),
        ("onderwijzeres", "onderwijzer"),
        ("voogdes", "voogd"),
        ("tegelzetster", "tegelzetter"),
        ("herstelster", "hersteller"),
        ("curatrice", "curator"),
        ("medewerksters", "medewerker"),
    ],
)
def test_dutch_stems_hold_the_listed_form(word: str, stem: str) -> None:
    assert stem in list(dutch_stems(word))


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("facilities", "facility"),
        ("coaches", "coach"),
        ("nurses", "nurse"),
        ("craftsmen", "craftsman"),
        ("waitress", "waiter"),
        ("manageress", "manager"),
        ("stewardess", "steward"),
        ("forewoman", "foreman"),
    ],
)
def test_english_stems_hold_the_listed_form(word: str, stem: str) -> None:
    assert stem in list(english_stems(word))


def test_open_forms_are_glued_three_words_before_two() -> None:
    closed = {"backend", "fullstackdeveloper", "fullstack"}
    words = ["senior", "back", "end", "full", "stack", "developer"]
    assert glued_spans(words, closed.__contains__) == [(0, 1), (1, 3), (3, 6)]
